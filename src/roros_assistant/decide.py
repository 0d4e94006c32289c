"""hits -> whether the sources answer at all, as calibrated log-odds: one score alone is not enough."""

import math
import operator
from collections.abc import Sequence
from statistics import fmean

from roros_assistant.asked import KindAsked
from roros_assistant.types import Hit

# Logistic regression by benchmarks/calibrate.py, weights for the signs in their order.
_INTERCEPT = 5.30
_WEIGHTS = (0.04, 0.21, 0.07, 0.11, -1.89, -0.62, 0.86, -0.48, 0.32, -1.59, -1.62, -0.41, -0.76, 2.67, -0.88)
# A name that no source mentions takes this much, more than any answer has: what is said of here is no answer about
# elsewhere.
_UNKNOWN_NAME = 9.0
_BEST = 3
# A question about a subject less surely ("is there a cinema") is no broad one to be answered whatever is read: where
# 7 % of the answerable golden questions are refused, .742 of the others are with this, .692 if every breadth counts.
_SURELY_BROAD = 0.5
# Log-odds of an answer below which a question is refused, among few passages and among many. With weights fitted on
# other questions the first refuses .750 of 120 unanswerable golden questions and .082 of 207 answerable ones; on SQuAD
# .535 of 490 and .295 of 410, where 0.0 would refuse .608 and .351, 0.25 .690 and .444 (benchmarks/calibrate.py).
_CUTS = (-0.25, 0.12)
# Passages searched: the two sizes that the weight was fitted on; beyond them nothing was measured.
_FEW = 83
_MANY = 1_604


def log_odds(hits: Sequence[Hit], kind: KindAsked | None, words: int, *, unknown_name: bool) -> float:
    """That the best of these hits answers the question.

    Args:
        hits: ranked, best first, with their evidence; at least one.
        kind: the kind of thing that the question asks for.
        words: how many words of its own the question has.
        unknown_name: whether it names something that no source mentions.
    """
    odds = _INTERCEPT + sum(map(operator.mul, _WEIGHTS, signs(hits, kind, words)))
    return float(odds - _UNKNOWN_NAME * unknown_name)


def refused_below(hits: Sequence[Hit]) -> float:
    """The log-odds below which a question is refused: the more passages were searched, the more it takes."""
    lead = hits[0].evidence
    many = math.log(min(max(lead.rivals if lead else _FEW, _FEW), _MANY) / _FEW) / math.log(_MANY / _FEW)
    return _CUTS[0] + many * (_CUTS[1] - _CUTS[0])


def signs(hits: Sequence[Hit], kind: KindAsked | None, words: int) -> tuple[float, ...]:
    """What tells whether a question is answered.

    Returns:
        The lead's score, the mean of the three best scores, the mean of the three highest readings and the highest one;
        whether the lead lacks the kind of thing asked for, and whether that alone decides; the logarithm of the
        question's words; how nearly the lead meets the word that it meets least, alone and with its neighbours; what
        one word lacks at most; what the question denies, singles out or names that the lead and its neighbours do not;
        how broad the question is, if it surely is; and the logarithm of the number of passages searched: among many,
        one is likelier to look right by chance.
    """
    lead = hits[0].evidence
    if lead is None:
        raise ValueError("a hit read back from JSON has no evidence to decide by")
    readings = sorted((hit.evidence.reading for hit in hits if hit.evidence), reverse=True)
    return (
        hits[0].score,
        fmean(hit.score for hit in hits[:_BEST]),
        fmean(readings[:_BEST]),
        readings[0],
        float(lead.lacks_kind),
        float(lead.lacks_kind and kind is not None and kind.decides),
        math.log1p(words),
        lead.least,
        lead.context_least,
        lead.missing,
        float(lead.contrary),
        float(lead.extremes),
        float(lead.unmet),
        lead.breadth * (lead.breadth >= _SURELY_BROAD),
        math.log(min(max(lead.rivals, _FEW), _MANY)),
    )


def probability(odds: float) -> float:
    """Of log-odds."""
    return 1 / (1 + math.exp(-odds))
