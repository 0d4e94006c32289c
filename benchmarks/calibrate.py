"""Fit the few weights of retrieve.py, decide.py and compose.py, and show what they do on questions that fitted nothing.

    python benchmarks/calibrate.py [--shared-data DIR] [--sample N] [--work DIR] [--plot docs/calibration.svg]

Fits on the golden questions and, with --shared-data, on a sample of SQuAD's. Prints the constants to
copy, and what constants fitted on one half do on the other. The cross-encoder's readings are kept in DIR,
so that a second run takes a minute. Refit after a change of models, of what they read, or of the golden questions.
scikit-learn comes with sentence-transformers.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import squad
from calibration_plot import draw
from rerankers import KeptReadings
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from roros_assistant import decide, retrieve
from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.compose import belonging, belonging_broad, is_broad
from roros_assistant.passages import neutral
from roros_assistant.settings import load_settings
from roros_assistant.types import Hit

GOLDEN = Path(__file__).parents[1] / "tests" / "golden.jsonl"
# Inverse strengths of regularisation, on standardised columns: a dozen weights on some hundred questions.
HITS_STRENGTH = 0.3
DECISION_STRENGTH = 0.1
# SQuAD's share of the weight: its unanswerable questions, near misses all, tell what denials and extremes weigh, and
# its size what the number of passages weighs.
SQUAD_SHARE = 0.25
SEED = 1


@dataclass(frozen=True)
class Case:
    """A question with what retrieval made of it."""

    question: str
    group: str  # which half of the golden questions, or which article
    answerable: bool
    fragments: tuple[str, ...]  # a hit that holds one of them is right
    document: str | None  # in this document, where the fragments alone are too common
    hits: tuple[Hit, ...]
    words: int
    unknown_name: bool
    broad: bool = False
    everything: tuple[Hit, ...] = ()  # every passage of the corpus, for what is fitted on single passages

    def is_right(self, hit: Hit) -> bool:
        here = self.document in (None, hit.passage.document_id)
        return here and any(fragment in hit.passage.text for fragment in self.fragments)


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


def read_all(options: argparse.Namespace, work: Path) -> tuple[list[Case], Assistant]:
    """The golden questions and, where there are data, SQuAD's, each through retrieval."""
    roros = keep_readings(open_assistant(load_settings(data=work / "roros")), options.work, "roros")
    golden = [json.loads(line) for line in options.golden.read_text(encoding="utf-8").splitlines()]
    usual = [item for item in golden if usable(item)]
    with everything_read():
        cases = [golden_case(roros, item) for item in watched(usual, "every passage")]
    everything = {case.question: case.hits for case in cases}
    cases = [
        replace(case, everything=everything[case.question])
        for case in (golden_case(roros, item) for item in watched(usual, "golden"))
    ]
    if options.shared_data:
        articles, questions = squad.read(options.shared_data / "squad2-dev-first8" / "dev.json")
        squad.write_corpus(articles, work / "articles")
        settings = load_settings(corpus=work / "articles", data=work / "squad")
        encyclopedia = keep_readings(open_assistant(settings), options.work, "squad")
        sample = squad.stratified(questions, options.sample, SEED)
        cases += [squad_case(encyclopedia, question) for question in watched(sample, "squad")]
        encyclopedia.close()
    return cases, roros


def everything_read() -> AbstractContextManager[Any]:
    """Let retrieval read every passage: what it would leave out shows weights what no answer looks like."""
    efforts = ("READING_BUDGET", "READING_BUDGET_BROAD", "_CLOSELY", "_CLOSELY_BROAD")
    everything: dict[str, Any] = {"_FOUND": 10_000, **dict.fromkeys(efforts, 10**9)}
    patched: AbstractContextManager[Any] = patch.multiple(retrieve, **everything)
    return patched


def keep_readings(assistant: Assistant, folder: Path | None, name: str) -> Assistant:
    file = folder / f"{name}.pickle" if folder else None
    assistant.retriever._reranker = KeptReadings(assistant.retriever._reranker, file)
    return assistant


def watched(items: Sequence[Any], what: str) -> Any:
    for number, item in enumerate(items, start=1):
        yield item
        if number % 50 == 0 or number == len(items):
            print(f"{what}: {number} of {len(items)}", file=sys.stderr)


def usable(item: dict[str, Any]) -> bool:
    if item["kind"] in ("language", "talk", "followup"):
        return False
    return bool(item.get("quotes")) or item["status"] == ["not_in_sources"]


def golden_case(assistant: Assistant, item: dict[str, Any]) -> Case:
    fragments = (*item.get("quotes", ()), *item.get("belongs", ()))
    return read(assistant, item["question"], item["split"], fragments, None, broad=item["kind"] == "broad")


def squad_case(assistant: Assistant, question: squad.Question) -> Case:
    document, _ = question.paragraph
    return read(assistant, question.words, document, question.answers, document)


def read(
    assistant: Assistant,
    question: str,
    group: str,
    fragments: Sequence[str],
    document: str | None,
    *,
    broad: bool = False,
) -> Case:
    query = assistant.speller.correct(question)
    retriever = assistant.retriever
    return Case(
        question=question,
        group=group,
        answerable=bool(fragments),
        fragments=tuple(fragments),
        document=document,
        hits=tuple(retriever.retrieve(query)),
        words=retriever.count_words(query),
        unknown_name=bool(assistant.speller.unknown_names(neutral(query, assistant.corpus.destination))),
        broad=broad,
    )


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
    print(f"decide.py:   {whole.decision[1]:.2f} {whole.decision[0].round(2).tolist()}")
    for broad in (False, True):
        further, further_intercept = fit_further(whole.score(cases), assistant, broad=broad)
        print(f"compose.py:  {further_intercept:.2f} {further.round(2).tolist()}{' for broad questions' * broad}")
    held: list[tuple[Case, float]] = []
    for part in (0, 1):
        fitted = fit_all([case for case in cases if half(case, cases) != part])
        held += [
            (case, fitted.odds(case)) for case in fitted.score([each for each in cases if half(each, cases) == part])
        ]
    for corpus in ("golden", "squad"):
        report(corpus, [(case, odds) for case, odds in held if of(case) == corpus])
    if plot:
        draw([(odds, case.answerable) for case, odds in held if of(case) == "golden"], plot)


def fit_all(cases: Sequence[Case]) -> Fitted:
    hits = fit_hits(cases)
    return Fitted(hits, fit_decision([scored(case, *hits) for case in cases]))


def of(case: Case) -> str:
    return "golden" if case.group in ("tune", "test") else "squad"


def half(case: Case, cases: Sequence[Case]) -> int:
    """Which half a case belongs to: the golden questions' own, and every second article."""
    if of(case) == "golden":
        return int(case.group == "test")
    return sorted({each.group for each in cases if of(each) == "squad"}).index(case.group) % 2


def scored(case: Case, weights: Any, intercept: float) -> Case:
    """The case with its hits scored and ordered anew."""
    hits = [Hit(hit.passage, float(np.dot(weights, row(hit)) + intercept), hit.evidence) for hit in case.hits]
    return replace(case, hits=tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))))


def row(hit: Hit) -> tuple[float, ...]:
    assert hit.evidence is not None
    return retrieve.signs(hit.evidence)


def fit(rows: Sequence[Any], right: Sequence[bool], strength: float, weights: Any = None) -> tuple[Any, float]:
    """Logistic regression on standardised columns, its weights given for the columns as they are."""
    table = np.asarray(rows, dtype=float)
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((table - mean) / spread, right, sample_weight=weights)
    found = model.coef_[0] / spread
    return found, float(model.intercept_[0] - found @ mean)


def fit_hits(cases: Sequence[Case]) -> tuple[Any, float]:
    asked = [case for case in cases if case.answerable and of(case) == "golden"]
    rows = [row(hit) for case in asked for hit in case.everything]
    right = [case.is_right(hit) for case in asked for hit in case.everything]
    return fit(rows, right, HITS_STRENGTH)


def signs(case: Case) -> tuple[float, ...]:
    return decide.signs(case.hits, case.words)


def fit_decision(cases: Sequence[Case]) -> tuple[Any, float]:
    """On the golden questions and SQuAD's; names that no source mentions decide by themselves, so they fit nothing."""
    asked = [case for case in cases if not case.unknown_name and case.hits]
    golden = np.array([of(case) == "golden" for case in asked])
    weights = np.where(golden, (1 - SQUAD_SHARE) / golden.mean(), SQUAD_SHARE / max((~golden).mean(), 1e-9))
    return fit([signs(case) for case in asked], [case.answerable for case in asked], DECISION_STRENGTH, weights)


def fit_further(cases: Sequence[Case], assistant: Assistant, *, broad: bool) -> tuple[Any, float]:
    rows: list[Any] = []
    right: list[bool] = []
    for case in cases:
        if not case.answerable or of(case) != "golden":
            continue
        if broad and case.broad:
            rows += belonging_broad(case.hits)
        elif not broad and not is_broad(case.hits):
            rows += belonging(case.hits, near_lead(case, assistant))
        else:
            continue
        right += [case.is_right(hit) for hit in case.hits[1:]]
    return fit(rows, right, DECISION_STRENGTH)


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
    for cut in np.arange(-1.5, 1.6, 0.25):
        refused, lost, right = (odds[~told] < cut).mean(), (odds[told] < cut).mean(), ((odds >= cut) == told).mean()
        print(f"   cut {cut:5.2f}: unanswerable refused {refused:.3f}, answerable refused {lost:.3f}, AvNA {right:.3f}")


if __name__ == "__main__":
    main()
