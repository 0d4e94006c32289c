"""Fit the few weights of retrieve.py and compose.py on the golden questions' tuning half, and check them on the other.

    python benchmarks/calibrate.py [--golden FILE] [--data DIR]

Prints the constants to copy, then what they do on both halves. Refit after a change of models, of what they read, or of
the golden questions. scikit-learn comes with sentence-transformers.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from roros_assistant.asked import KindAsked, kind_asked
from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.compose import belonging
from roros_assistant.passages import neutral
from roros_assistant.settings import load_settings
from roros_assistant.types import Hit

GOLDEN = Path(__file__).parents[1] / "tests" / "golden.jsonl"
REGULARISATION = 0.3  # inverse strength, on standardised columns: some 100 questions carry four weights
REFUSED = 0.05  # of the tuning half's answerable questions


@dataclass(frozen=True)
class Case:
    """A golden question with what retrieval made of it."""

    golden: dict[str, Any]
    hits: list[Hit]
    kind: KindAsked | None
    unknown_name: bool

    @property
    def answerable(self) -> bool:
        return bool(self.golden.get("quotes"))

    def is_right(self, hit: Hit) -> bool:
        quotes = [*self.golden.get("quotes", []), *self.golden.get("belongs", [])]
        return any(quote in hit.passage.text for quote in quotes)

    @property
    def decided(self) -> bool:
        """Whether the kind of thing asked for refuses it, whatever the score."""
        evidence = self.hits[0].evidence
        return self.kind is not None and self.kind.decides and evidence is not None and evidence.lacks_kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, default=GOLDEN)
    parser.add_argument("--data", type=Path, default=None)
    options = parser.parse_args()
    assistant = open_assistant(load_settings(data=options.data))
    golden = [json.loads(line) for line in options.golden.read_text(encoding="utf-8").splitlines()]
    cases = [read(assistant, item) for item in golden if usable(item)]
    tune = [case for case in cases if case.golden["split"] == "tune"]

    weights, intercept = fit_hits(tune)
    print("retrieve.py:", dict(zip(("reading", "similarity", "coverage", "lacks_kind"), weights.round(2), strict=True)))
    print("            intercept", round(intercept, 2))
    for case in cases:
        order_by(case, weights, intercept)
    penalty = fit_unknown_name(tune)
    cut = cut_at([odds(case, penalty) for case in tune if case.answerable], REFUSED)
    print(f"compose.py: _ANSWERS {cut:.2f}  _UNKNOWN_NAME {penalty:.2f}")
    rest, rest_intercept = fit_further(tune, assistant)
    print("            further", rest.round(2), "intercept", round(rest_intercept, 2))
    for name in ("tune", "test"):
        report(name, [case for case in cases if case.golden["split"] == name], penalty, cut)


def usable(item: dict[str, Any]) -> bool:
    if item.get("known_gap") or item["kind"] in ("language", "talk"):
        return False
    return bool(item.get("quotes")) or item["kind"] == "unanswerable" or bool(item.get("strict"))


def read(assistant: Assistant, item: dict[str, Any]) -> Case:
    query = assistant.speller.correct(item["question"])
    hits = assistant.retriever.retrieve(query)
    names = assistant.speller.unknown_names(neutral(query, assistant.corpus.destination))
    return Case(item, hits, kind_asked(query), bool(names))


def columns(hit: Hit) -> list[float]:
    assert hit.evidence is not None
    return [hit.evidence.reading, hit.evidence.similarity, hit.evidence.coverage, float(hit.evidence.lacks_kind)]


def fit(rows: list[Any], right: list[bool]) -> tuple[Any, float]:
    """Logistic regression on standardised columns, its weights given for the columns as they are."""
    table = np.asarray(rows)
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    model = LogisticRegression(C=REGULARISATION, max_iter=2000).fit((table - mean) / spread, right)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ mean)


def fit_hits(cases: list[Case]) -> tuple[Any, float]:
    pairs = [(columns(hit), case.is_right(hit)) for case in cases for hit in case.hits]
    return fit([row for row, _ in pairs], [right for _, right in pairs])


def order_by(case: Case, weights: Any, intercept: float) -> None:
    """Score and order the case's hits anew, in place."""
    scored = [Hit(hit.passage, float(np.dot(weights, columns(hit)) + intercept), hit.evidence) for hit in case.hits]
    case.hits[:] = sorted(scored, key=lambda hit: (-hit.score, hit.passage.id))


def odds(case: Case, penalty: float) -> float:
    return -99.0 if case.decided else case.hits[0].score - penalty * case.unknown_name


def fit_unknown_name(cases: list[Case]) -> float:
    rows = [[case.hits[0].score, float(case.unknown_name)] for case in cases if not case.decided]
    weights, _ = fit(rows, [case.answerable for case in cases if not case.decided])
    return float(-weights[1] / weights[0])


def cut_at(values: list[float], share: float) -> float:
    return float(np.quantile(values, share))


def fit_further(cases: list[Case], assistant: Assistant) -> tuple[Any, float]:
    rows: list[Any] = []
    right: list[bool] = []
    for case in cases:
        if case.answerable:
            rows += belonging(case.hits, near_lead(case, assistant), case.kind)
            right += [case.is_right(hit) for hit in case.hits[1:]]
    return fit(rows, right)


def near_lead(case: Case, assistant: Assistant) -> list[float]:
    retriever = assistant.retriever
    return retriever.similarities(case.hits[0].passage, [hit.passage for hit in case.hits[1:]])


def report(name: str, cases: list[Case], penalty: float, cut: float) -> None:
    answerable = [case for case in cases if case.answerable]
    others = [case for case in cases if not case.answerable]
    told = [case.answerable for case in cases]
    alone = roc_auc_score(told, [max(columns(hit)[0] for hit in case.hits) for case in cases])
    whole = roc_auc_score(told, [odds(case, penalty) for case in cases])
    print(f"{name}: area under the curve, cross-encoder alone {alone:.3f}, all evidence {whole:.3f}")
    first = np.mean([case.is_right(case.hits[0]) for case in answerable])
    three = np.mean([any(case.is_right(hit) for hit in case.hits[:3]) for case in answerable])
    refused = np.mean([odds(case, penalty) < cut for case in others])
    lost = np.mean([odds(case, penalty) < cut for case in answerable])
    print(f"{name}: n={len(answerable)}+{len(others)} right first {first:.3f}, in three {three:.3f}; "
          f"unanswerable refused {refused:.3f}, answerable refused {lost:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
