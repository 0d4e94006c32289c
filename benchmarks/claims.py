"""How well claims are checked against their references: ours beside plain word overlap, cross-validated.

    python benchmarks/claims.py [--shared-data DIR] [--fit] [--wrong]

Reads claims.jsonl beside this file (our own, over the sources of the package) and, with --shared-data, BEGIN's
development set (begin-dev; supported means fully attributable). In each of five folds the weights and the cuts of both
are chosen on the other four. Prints balanced accuracy with the paired bootstrap's 95 % interval of the difference, both
accuracies of each kind of our own claims, calibration and the time of a check. --fit prints the constants of
verify/weights.py, fitted on everything; --wrong lists our own claims that are judged wrongly.
"""

import argparse
import csv
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_EN_PLUS  # type: ignore[import-untyped]
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.rerank import load_reranker
from roros_assistant.stems import stem
from roros_assistant.verify.checker import Checker, Weighed
from roros_assistant.verify.reading import without_markers
from roros_assistant.verify.voice import read_reference
from roros_assistant.verify.weights import READ_FROM, READ_TO

OWN = Path(__file__).with_name("claims.jsonl")
STRENGTH = 0.3  # inverse strength of regularisation, on standardised columns
OWN_WEIGHT = 2.0  # our own claims are what travellers get, and half as many as BEGIN's
FOLDS, SEED, RESAMPLED = 5, 0, 2_000
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
# Plain word overlap has no one definition: stop words none, few or many, words or stems. The best is chosen in each
# training fold, as ours is.
OVERLAPS = [
    (stop, stems)
    for stop in (frozenset(), frozenset(STOPWORDS_EN), frozenset(STOPWORDS_EN_PLUS))
    for stems in (False, True)
]


@dataclass(frozen=True)
class Case:
    """A claim with its references, and whether a reader calls it supported."""

    group: str  # "wow", "cmu" or "own"
    kind: str
    claim: str
    references: tuple[str, ...]
    supported: bool


@dataclass(frozen=True)
class Table:
    """What the checker sees of every case; settled and stopped ones are not weighed."""

    names: list[str]
    signs: Floats  # shape (cases, names), the cross-encoder's reading last
    stopped: Flags
    settled: Floats  # 1 supported, -1 not, 0 to be weighed

    def weighed(self) -> Flags:
        return np.asarray((self.settled == 0) & ~self.stopped)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared-data", type=Path, default=None)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    cases = read_own() + (read_begin(options.shared_data / "begin-dev") if options.shared_data else [])
    checker = Checker(load_reranker(), read_corpus(default_corpus_folder()).destination)
    table = weigh(cases, checker)
    supported = np.array([case.supported for case in cases])
    chances, ours, theirs = cross_validate(cases, table, supported)
    report(cases, supported, ours, theirs, chances)
    report_time(cases, checker)
    if options.wrong:
        for case, right in zip(cases, ours == supported, strict=True):
            if case.group == "own" and not right:
                print(f"wrong: {case.kind}, supported {case.supported}: {case.claim}")
    if options.fit:
        print_fitted(cases, table, supported)


def read_own() -> list[Case]:
    items = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    return [Case("own", item["kind"], item["claim"], tuple(item["references"]), item["supported"]) for item in items]


def read_begin(folder: Path) -> list[Case]:
    cases = []
    for group in ("wow", "cmu"):
        with (folder / f"begin_dev_{group}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            cases += [
                Case(group, group, row["response"], (row["knowledge"],), row["begin_label"] == "Fully attributable")
                for row in rows
            ]
    return cases


def weigh(cases: Sequence[Case], checker: Checker) -> Table:
    found = [checker.weigh(case.claim, [read_reference(text) for text in case.references]) for case in cases]
    names = [*next(each.signs for each in found if each.signs), "reading"]
    rows = [row(each, names, checker) for each in watched(found)]
    settled = [0.0 if each.settled is None else 1.0 if each.settled.supported else -1.0 for each in found]
    return Table(names, np.array(rows), np.array([bool(each.stops) for each in found]), np.array(settled))


def watched(items: Sequence[Any]) -> Any:
    for number, item in enumerate(items, start=1):
        yield item
        if number % 200 == 0 or number == len(items):
            print(f"{number} of {len(items)} read", file=sys.stderr)


def row(weighed: Weighed, names: Sequence[str], checker: Checker) -> list[float]:
    if weighed.signs is None or weighed.aligned is None:
        return [0.0] * len(names)
    return [*weighed.signs.values(), checker.reading(weighed.aligned)]


@dataclass(frozen=True)
class Fitted:
    """An intercept and weights over the columns as they are."""

    intercept: float
    weights: Floats

    def chances(self, signs: Floats) -> Floats:
        odds = self.intercept + signs[:, : len(self.weights)] @ self.weights
        return np.asarray(1 / (1 + np.exp(-odds)))


def fit(signs: Floats, supported: Flags, weights: Floats) -> Fitted:
    """Logistic regression on standardised columns."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit((signs - mean) / spread, supported, sample_weight=weights)
    found = model.coef_[0] / spread
    return Fitted(float(model.intercept_[0] - found @ mean), found)


def fit_both(cases: Sequence[Case], table: Table, supported: Flags, rows: NDArray[np.intp]) -> tuple[Fitted, Fitted]:
    """The model of words, and the one that reads too."""
    rows = rows[table.weighed()[rows]]
    weights = np.array([OWN_WEIGHT if cases[index].group == "own" else 1.0 for index in rows])
    words = fit(table.signs[rows, :-1], supported[rows], weights)
    return words, fit(table.signs[rows], supported[rows], weights)


def judge(table: Table, words: Fitted, reading: Fitted) -> Floats:
    """The probability of every case, as the checker has it."""
    chances = words.chances(table.signs)
    open_still = (chances >= READ_FROM) & (chances < READ_TO)
    chances = np.where(open_still, reading.chances(table.signs), chances)
    chances = np.where(table.stopped, np.minimum(chances, 0.02), chances)
    return np.where(table.settled > 0, 0.99, np.where(table.settled < 0, 0.0, chances))


def overlap(case: Case, stop: frozenset[str], *, stems: bool) -> float:
    """The share of a claim's content words that its references have."""

    def words(text: str) -> list[str]:
        kept = [
            word for word in re.findall(r"\w+", text.lower()) if word not in stop and (len(word) > 1 or word.isdigit())
        ]
        return [stem(word) for word in kept] if stems else kept

    claimed, said = words(without_markers(case.claim)), set(words(" ".join(case.references)))
    return sum(word in said for word in claimed) / max(len(claimed), 1)


def balanced(supported: Flags, judged: Flags) -> float:
    return float((judged[supported].mean() + (~judged[~supported]).mean()) / 2)


def best_cut(supported: Flags, scores: Floats) -> tuple[float, float]:
    """The cut with the best balanced accuracy, and that accuracy."""
    scored = [(balanced(supported, scores >= cut), float(cut)) for cut in np.unique(scores.round(3))]
    accuracy, cut = max(scored)
    return cut, accuracy


def cross_validate(cases: Sequence[Case], table: Table, supported: Flags) -> tuple[Floats, Flags, Flags]:
    """Each case judged by weights and cuts of the other folds: our probability, our judgement, overlap's."""
    overlaps = [np.array([overlap(case, stop, stems=stems) for case in cases]) for stop, stems in OVERLAPS]
    chances, ours, theirs = np.zeros(len(cases)), np.zeros(len(cases), bool), np.zeros(len(cases), bool)
    strata = [f"{case.group} {case.kind} {case.supported}" for case in cases]
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(strata, strata):
        judged = judge(table, *fit_both(cases, table, supported, train))
        cut, _ = best_cut(supported[train], judged[train])
        chances[test], ours[test] = judged[test], judged[test] >= cut
        scores = max(overlaps, key=lambda scores: best_cut(supported[train], scores[train])[1])
        cut, _ = best_cut(supported[train], scores[train])
        theirs[test] = scores[test] >= cut
    return chances, ours, theirs


def report(cases: Sequence[Case], supported: Flags, ours: Flags, theirs: Flags, chances: Floats) -> None:
    groups = np.array([case.group for case in cases])
    for group in [*dict.fromkeys(groups), "all"]:
        here = np.ones(len(cases), bool) if group == "all" else groups == group
        low, high = difference(supported[here], ours[here], theirs[here])
        one, other = balanced(supported[here], ours[here]), balanced(supported[here], theirs[here])
        print(f"{group:4} n={here.sum():4} balanced accuracy {one:.3f}, overlap {other:.3f}, "
              f"difference {low:+.3f} to {high:+.3f}")  # fmt: skip
    for kind in sorted({case.kind for case in cases if case.group == "own"}):
        here = np.array([case.kind == kind for case in cases])
        yes, no = here & supported, here & ~supported
        one, other = (ours == supported)[here].mean(), (theirs == supported)[here].mean()
        print(f"     {kind:10} {yes.sum():3} supported, {no.sum():3} not: {one:.3f} right, overlap {other:.3f}")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        here = (chances >= low) & (chances < high)
        if here.any():
            print(f"     said {low:.1f}-{min(high, 1):.1f}: n={here.sum():3}, supported {supported[here].mean():.2f}")


def difference(supported: Flags, ours: Flags, theirs: Flags) -> tuple[float, float]:
    """The paired bootstrap's 95 % interval of the difference of balanced accuracies."""
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLED):
        drawn = chance.integers(0, len(supported), len(supported))
        found.append(balanced(supported[drawn], ours[drawn]) - balanced(supported[drawn], theirs[drawn]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def report_time(cases: Sequence[Case], checker: Checker) -> None:
    own = [case for case in cases if case.group == "own"]
    words, whole = [], []
    for case in own:
        references = [read_reference(text) for text in case.references]
        started = time.perf_counter()
        weighed = checker.weigh(case.claim, references)
        words.append(time.perf_counter() - started)
        if weighed.aligned is not None:
            checker.reading(weighed.aligned)
            whole.append(time.perf_counter() - started)
    for what, seconds in (("words", words), ("words and cross-encoder", whole)):
        median, high = 1000 * np.percentile(seconds, [50, 95])
        print(f"time by {what}: median {median:.1f} ms, 95th percentile {high:.1f} ms, n={len(seconds)}")


def print_fitted(cases: Sequence[Case], table: Table, supported: Flags) -> None:
    words, reading = fit_both(cases, table, supported, np.arange(len(cases)))
    cut, _ = best_cut(supported, judge(table, words, reading))
    for name, fitted in (("WORDS", words), ("READING", reading)):
        weights = dict(zip(table.names, fitted.weights.round(2).tolist(), strict=False))
        print(f"{name} = Weights({fitted.intercept:.2f}, {json.dumps(weights)})")
    chances = words.chances(table.signs)[table.weighed()]
    print(f"CUT = {cut:.2f}; read {((chances >= READ_FROM) & (chances < READ_TO)).mean():.2f} of what is weighed")


if __name__ == "__main__":
    main()
