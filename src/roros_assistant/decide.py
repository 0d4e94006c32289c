"""hits -> whether the sources answer at all, as calibrated log-odds: one score alone is not enough."""

import math
import operator
from collections.abc import Sequence
from statistics import fmean

from roros_assistant.types import Hit

# Logistic regression by benchmarks/calibrate.py, weights for the signs in their order.
_INTERCEPT = 5.03
_WEIGHTS = (0.22, -1.16, 0.2, -0.37, -0.6, 2.97, -0.85, 0.29, 0.34)
# A name that no source mentions takes this much, more than any answer has: what is said of here is no answer about
# elsewhere.
_UNKNOWN_NAME = 9.0
_BEST = 3
# Log-odds of an answer below which a question is refused: of the answerable ones 5 %, no more. With weights fitted on
# other questions that refuses .892 of 120 unanswerable golden questions and .043 of 207 answerable ones, .602 of 196
# and .036 of 224 about other destinations, on SQuAD .554 of 327 and .132 of 273; a cut of -0.25 refuses .917 and .082,
# .760 and .062, .685 and .234 (benchmarks/calibrate.py).
CUT = -0.85
# Passages searched: the two sizes that the weight was fitted on; beyond them nothing was measured.
_FEW = 83
_MANY = 1_604


def log_odds(hits: Sequence[Hit], words: int, *, unknown_name: bool) -> float:
    """That the best of these hits answers the question.

    Args:
        hits: ranked, best first, with their evidence; at least one.
        words: how many words of its own the question has.
        unknown_name: whether it names something that no source mentions.
    """
    odds = _INTERCEPT + sum(map(operator.mul, _WEIGHTS, signs(hits, words)))
    return float(odds - _UNKNOWN_NAME * unknown_name)


def signs(hits: Sequence[Hit], words: int) -> tuple[float, ...]:
    """What tells whether a question is answered.

    Returns:
        The mean of the three best scores; whether the lead lacks the kind of thing asked for; the logarithm of the
        question's words; what the question singles out or names that the lead and its neighbours do not; how broad the
        question is; the logarithm of the number of passages searched: among many, one is likelier to look right by
        chance; and whether any of the three best holds an answer, as the reader reads them, and the lead with its
        neighbours.
    """
    lead = hits[0].evidence
    if lead is None:
        raise ValueError("a hit read back from JSON has no evidence to decide by")
    return (
        fmean(hit.score for hit in hits[:_BEST]),
        float(lead.lacks_kind),
        math.log1p(words),
        float(lead.extremes),
        float(lead.unmet),
        lead.breadth,
        math.log(min(max(lead.rivals, _FEW), _MANY)),
        max(hit.evidence.answers for hit in hits[:_BEST] if hit.evidence),
        lead.answers_around,
    )


def probability(odds: float) -> float:
    """Of log-odds."""
    return 1 / (1 + math.exp(-odds))
