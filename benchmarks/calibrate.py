"""Fit the few weights of retrieve.py, decide.py and compose.py, and show what they do on questions that fitted nothing.

    python benchmarks/calibrate.py [--shared-data DIR] [--sample N] [--work DIR] [--plot docs/calibration.svg]

Fits on the golden questions, on those about destinations that the reader has not seen and, with --shared-data, on a
sample of SQuAD's. Prints the constants to copy, and what constants fitted on one half do on the other. What the reader
says is kept in DIR, so that a second run is faster. Refit after a change of models (in a new DIR), of what they read,
or of the questions. scikit-learn comes with sentence-transformers.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from calibration_plot import draw
from cases import Case, read_all
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from roros_assistant import decide, retrieve
from roros_assistant.assistant import Assistant
from roros_assistant.compose import belonging, belonging_broad, is_broad
from roros_assistant.types import Hit

GOLDEN = Path(__file__).parents[1] / "tests" / "golden.jsonl"
# Inverse strengths of regularisation, on standardised columns: a dozen weights on some hundred questions.
HITS_STRENGTH = 0.3
DECISION_STRENGTH = 0.1
# Shares of the weight. SQuAD's unanswerable questions, near misses all, tell what denials and extremes weigh, and its
# size what the number of passages weighs.
SHARES = {"golden": 0.375, "destinations": 0.375, "squad": 0.25}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, default=GOLDEN)
    parser.add_argument("--shared-data", type=Path, default=None)
    parser.add_argument("--sample", type=int, default=600, help="SQuAD questions (default: 600)")
    parser.add_argument(
        "--work", type=Path, default=None, help="folder for indexes and readings, kept for the next run"
    )
    parser.add_argument("--plot", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases, assistant = read_all(options, options.work or Path(folder))
        calibrate(cases, assistant, options.plot)


@dataclass(frozen=True)
class Fitted:
    """Intercepts and weights, as they stand in the package."""

    hits: tuple[Any, float]
    decision: tuple[Any, float]

    def score(self, cases: Sequence[Case]) -> list[Case]:
        """The cases with their hits scored and ordered anew."""
        return [scored(case, *self.hits) for case in cases]

    def odds(self, case: Case) -> float:
        weights, intercept = self.decision
        return float(np.dot(weights, signs(case)) + intercept - decide._UNKNOWN_NAME * case.unknown_name)


def calibrate(cases: Sequence[Case], assistant: Assistant, plot: Path | None) -> None:
    """Print the constants fitted on all cases, and what those fitted on one half do on the other."""
    whole = fit_all(cases)
    named = dict(zip(retrieve.SIGNS, whole.hits[0].round(2).tolist(), strict=True))
    print(f"retrieve.py: {whole.hits[1]:.2f} {named}")
    print(f"             promise {fit_promise(cases)[0].round(1).tolist()}")
    print(f"decide.py:   {whole.decision[1]:.2f} {whole.decision[0].round(2).tolist()}")
    for broad in (False, True):
        further, further_intercept = fit_further(whole.score(cases), assistant, broad=broad)
        print(f"compose.py:  {further_intercept:.2f} {further.round(2).tolist()}{' for broad questions' * broad}")
    held: list[tuple[Case, float]] = []
    places: list[int] = []
    for part in (0, 1):
        others = [case for case in cases if half(case, cases) != part]
        fitted = fit_all(others)
        places += places_by_promise([case for case in cases if half(case, cases) == part], fit_promise(others)[0])
        held += [
            (case, fitted.odds(case)) for case in fitted.score([each for each in cases if half(each, cases) == part])
        ]
    among = {count: round(float(np.mean(np.array(places) < count)), 3) for count in (12, 16, 20, 24)}
    print(f"a right sentence among the first so many by what they promise: {among} (n={len(places)})")
    for corpus in SHARES:
        report(corpus, [(case, odds) for case, odds in held if case.corpus == corpus])
    if plot:
        draw([(odds, case.answerable) for case, odds in held if case.corpus == "golden"], plot)


def fit_all(cases: Sequence[Case]) -> Fitted:
    hits = fit_hits(cases)
    return Fitted(hits, fit_decision([scored(case, *hits) for case in cases]))


def half(case: Case, cases: Sequence[Case]) -> int:
    """Which half a case belongs to: the golden questions' own, every second destination and article."""
    if case.corpus == "golden":
        return int(case.group == "test")
    return sorted({each.group for each in cases if each.corpus == case.corpus}).index(case.group) % 2


def scored(case: Case, weights: Any, intercept: float) -> Case:
    """The case with its hits scored and ordered anew."""
    hits = [Hit(hit.passage, float(np.dot(weights, row(hit)) + intercept), hit.evidence) for hit in case.hits]
    return replace(case, hits=tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))))


def row(hit: Hit) -> tuple[float, ...]:
    assert hit.evidence is not None
    return retrieve.signs(hit.evidence)


def promising(hit: Hit) -> tuple[float, ...]:
    assert hit.evidence is not None
    return retrieve.promises(hit.evidence)


def fit(rows: Sequence[Any], right: Sequence[bool], strength: float, weights: Any = None) -> tuple[Any, float]:
    """Logistic regression on standardised columns, its weights given for the columns as they are."""
    table = np.asarray(rows, dtype=float)
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((table - mean) / spread, right, sample_weight=weights)
    found = model.coef_[0] / spread
    return found, float(model.intercept_[0] - found @ mean)


def fit_hits(cases: Sequence[Case]) -> tuple[Any, float]:
    asked = [case for case in cases if case.answerable and case.everything]
    told = [(case, hit) for case in asked for hit in case.everything]
    shares = shared([case for case, _ in told])
    return fit([row(hit) for _, hit in told], [case.is_right(hit) for case, hit in told], HITS_STRENGTH, shares)


def fit_promise(cases: Sequence[Case]) -> tuple[Any, float]:
    """On what is known of every passage before it is read, of questions that are not broad."""
    told = [(case, hit) for case in cases if case.answerable and not case.broad for hit in case.everything]
    shares = shared([case for case, _ in told])
    return fit([promising(hit) for _, hit in told], [case.is_right(hit) for case, hit in told], HITS_STRENGTH, shares)


def places_by_promise(cases: Sequence[Case], weights: Any) -> list[int]:
    """At which place, from 0, the first right passage of each question stands by what they promise."""
    places = []
    for case in cases:
        if case.answerable and not case.broad and any(map(case.is_right, case.everything)):
            ordered = sorted(case.everything, key=lambda hit: -float(np.dot(weights, promising(hit))))
            places.append(next(place for place, hit in enumerate(ordered) if case.is_right(hit)))
    return places


def shared(cases: Sequence[Case]) -> Any:
    """A weight for each case, so that each corpus has its share of all."""
    corpora = np.array([case.corpus for case in cases])
    there = {corpus: SHARES[corpus] / (corpora == corpus).mean() for corpus in set(corpora.tolist())}
    weights = np.array([there[corpus] for corpus in corpora])
    return weights / weights.mean()


def signs(case: Case) -> tuple[float, ...]:
    return decide.signs(case.hits, case.words)


def fit_decision(cases: Sequence[Case]) -> tuple[Any, float]:
    """On all questions; names that no source mentions decide by themselves, so they fit nothing."""
    asked = [case for case in cases if not case.unknown_name and case.hits]
    rows, told = [signs(case) for case in asked], [case.answerable for case in asked]
    return fit(rows, told, DECISION_STRENGTH, shared(asked))


def fit_further(cases: Sequence[Case], assistant: Assistant, *, broad: bool) -> tuple[Any, float]:
    told: list[Case] = []
    rows: list[Any] = []
    right: list[bool] = []
    for case in cases:
        if not case.answerable:
            continue
        if broad and case.broad and is_broad(case.hits):
            found = belonging_broad(case.hits)
        elif not broad and case.corpus == "golden" and not is_broad(case.hits):
            found = belonging(case.hits, near_lead(case, assistant))
        else:
            continue
        rows += found
        told += [case] * len(found)
        right += [case.is_right(hit) for hit in case.hits[1:]]
    return fit(rows, right, DECISION_STRENGTH, shared(told))


def near_lead(case: Case, assistant: Assistant) -> list[float]:
    return assistant.retriever.similarities(case.hits[0].passage, [hit.passage for hit in case.hits[1:]])


def report(name: str, held: Sequence[tuple[Case, float]]) -> None:
    """What the decision does at a few cuts, on cases that fitted nothing."""
    if not held:
        return
    told = np.array([case.answerable for case, _ in held])
    odds = np.array([value for _, value in held])
    answerable = [case for case, _ in held if case.answerable]
    first = np.mean([case.is_right(case.hits[0]) for case in answerable])
    three = np.mean([any(case.is_right(hit) for hit in case.hits[:3]) for case in answerable])
    print(f"{name}: n={told.sum()}+{(~told).sum()} right hit first {first:.3f}, in three {three:.3f}, "
          f"area under the curve {roc_auc_score(told, odds):.3f}")  # fmt: skip
    for cut in sorted({decide.CUT, *np.arange(-1.5, 1.6, 0.25).tolist()}):
        refused, lost, right = (odds[~told] < cut).mean(), (odds[told] < cut).mean(), ((odds >= cut) == told).mean()
        print(f"   cut {cut:5.2f}: unanswerable refused {refused:.3f}, answerable refused {lost:.3f}, AvNA {right:.3f}")


if __name__ == "__main__":
    main()
