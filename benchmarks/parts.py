"""Fit what cuts turns into parts and tells what each does (src/roros_assistant/dialogue/parts.py).

    python benchmarks/parts.py DIR

Learns from benchmarks/parts.jsonl: travellers' turns about places all over the world, written and cut for this by
writers who saw no code, those of one writer kept apart; and from questions of destinations.jsonl and followups.jsonl,
which are one part each, as are people's single questions about other things in MTRAG (DIR holds its pairs.jsonl),
learnt from by halves, each measured with the other. Prints what it does with what was kept apart and writes parts.npz.
Takes ten minutes. scikit-learn comes with sentence-transformers.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import destinations
import followups
import numpy as np
import rewrites
from measures import Section
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from roros_assistant.dialogue.parts import WEIGHTS, Part, PartModel, Signs, cut, gap_signs, learnt, part_signs
from roros_assistant.dialogue.talk import heard
from roros_assistant.embed import Embedder, load_embedder

FILE = Path(__file__).with_suffix(".jsonl")
SEED = 1
QUESTIONS = 2_500  # of other destinations, that a question is known for one; as many are kept apart
RAREST = 3  # turns or parts that a sign must be in: a word of fewer tells of itself
GAP_STRENGTH, PART_STRENGTH = 1.0, 0.5  # inverse, of regularisation
OF_VECTOR = 3.0  # vectors of length 1 beside signs that are 0 or 1
LEAST = 0.02  # weights below say nothing
_SEVERAL = re.compile(r"[.!?,]\s")

Item = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewrites", type=Path, metavar="DIR", help="folder of MTRAG's pairs.jsonl")
    people = rewrites.read(parser.parse_args().rewrites)
    embedder = load_embedder()
    conversations = sorted({one.conversation for one in people})
    halves = [[one for one in people if conversations.index(one.conversation) % 2 == half] for half in (0, 1)]
    told: list[bool] = []
    for half, other in (halves, halves[::-1]):
        fit(read("fit"), half, embedder)
        model = PartModel(embedder.embed_query)
        for one in other:
            answered = len(one.turns) > 1
            told.append(looked_up(model.parts(one.last, answered=answered), answered=answered))
    print(f"  people's turns looked up, of either half     {np.mean(told):.3f}  n={len(told)}")
    fit(read("fit"), people, embedder)
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size:,} bytes")
    for metric, values in measured(embedder).items():
        print(f"  {metric:<40} {sum(values.values()) / len(values):.3f}  n={len(values)}")


def measure(sample: int | None, seed: int) -> Section:
    """What is done with turns kept apart."""
    values = measured(load_embedder())
    drawn = {name: drawn_from(each, sample, seed) for name, each in values.items()}
    return Section(drawn)


def drawn_from(values: Mapping[str, float], sample: int | None, seed: int) -> dict[str, float]:
    items = random.Random(seed).sample(sorted(values), min(sample or len(values), len(values)))
    return {item: values[item] for item in items}


def measured(embedder: Embedder) -> dict[str, dict[str, float]]:
    """1 for each turn kept apart that is taken as its writer meant it, by metric."""
    model = PartModel(embedder.embed_query)
    values: dict[str, dict[str, float]] = {}
    for item in read("test"):
        turn, answered = item["turn"], not item["first"]
        wants = looked_up([Part(text, does) for text, does in item["parts"]], answered=answered)
        told = float(looked_up(model.parts(turn, answered=answered), answered=answered) == wants)
        name = ("questions" if wants else "small talk") + (" in other languages" if "language" in item else "")
        values.setdefault(f"{name} told", {})[turn] = told
        if "language" not in item:
            texts = [text for text, _ in item["parts"]]
            values.setdefault("cut as a person cut it", {})[turn] = float(texts == cut(turn))
    for question in whole_questions("test"):
        heard = model.parts(question, answered=True)
        values.setdefault("single questions told", {})[question] = float(any(part.asks for part in heard))
        values.setdefault("single questions left whole", {})[question] = float(len(heard) == 1)
    return values


def looked_up(parts: Sequence[Part], *, answered: bool) -> bool:
    """Whether something of a turn is to be looked up in the sources."""
    this = heard(parts, answered=answered)
    return this.talk is None and this.last_answer is None


def read(split: str) -> list[Item]:
    items = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return [item for item in items if item["split"] == split]


def whole_questions(split: str) -> list[str]:
    """Questions of one part, of other destinations and of conversations."""
    asked = [each.words for place in destinations.load() for each in place.questions if each.form != "broad"]
    random.Random(SEED).shuffle(asked)
    single = [question for question in asked if not _SEVERAL.search(question)]
    chosen = single[:QUESTIONS] if split == "fit" else single[QUESTIONS : 2 * QUESTIONS]
    return chosen + [item["turn"] for item in followups.read(split) if not _SEVERAL.search(item["turn"])]


def fit(items: Sequence[Item], people: Sequence[rewrites.Rewrite], embedder: Embedder) -> None:
    """Learn both regressions and write them."""
    draw = random.Random(SEED)
    questions = whole_questions("fit") + [one.last for one in people if not _SEVERAL.search(one.last)]
    gaps = [gap for item in items for gap in _gaps([text for text, _ in item["parts"]])]
    gaps += [gap for question in questions for gap in _gaps([question])]
    parts: list[tuple[str, str, Signs]] = []
    for item in items:
        answered, alone = not item["first"] or draw.random() < 1 / 2, len(item["parts"]) == 1
        parts += [(text, does, part_signs(text, answered=answered, alone=alone)) for text, does in item["parts"]]
    for question in questions:
        parts.append((question, "question", part_signs(question, answered=draw.random() < 1 / 2, alone=True)))
    np.savez_compressed(WEIGHTS, allow_pickle=False, **_fit_gaps(gaps), **_fit_parts(parts, embedder))
    learnt.cache_clear()


def _gaps(texts: Sequence[str]) -> Iterable[tuple[Signs, bool]]:
    words = " ".join(texts).split()
    ends = set(np.cumsum([len(text.split()) for text in texts]) - 1)
    return [(signs, place in ends) for place, signs in enumerate(gap_signs(words))]


def _fit_gaps(gaps: Sequence[tuple[Signs, bool]]) -> dict[str, NDArray[Any]]:
    columns = DictVectorizer()
    table = columns.fit_transform(_often([signs for signs, _ in gaps]))
    model = LogisticRegression(C=GAP_STRENGTH, max_iter=3_000).fit(table, [ends for _, ends in gaps])
    kept = np.abs(model.coef_[0]) >= LEAST
    return {
        "gaps": columns.get_feature_names_out()[kept].astype(str),
        "gap_weights": model.coef_[0][kept].astype(np.float16),
        "gap_intercept": model.intercept_[0],
    }


def _fit_parts(parts: Sequence[tuple[str, str, Signs]], embedder: Embedder) -> dict[str, NDArray[Any]]:
    columns = DictVectorizer()
    table = columns.fit_transform(_often([signs for *_, signs in parts]))
    vectors = np.array([embedder.embed_query(text) for text, *_ in parts])
    whole = hstack([table, csr_matrix(OF_VECTOR * vectors)], format="csr")
    model = LogisticRegression(C=PART_STRENGTH, max_iter=1_000).fit(whole, [does for _, does, _ in parts])
    weights, vector = model.coef_[:, : table.shape[1]].T, OF_VECTOR * model.coef_[:, table.shape[1] :].T
    kept = np.abs(weights).max(axis=1) >= LEAST
    return {
        "labels": model.classes_.astype(str),
        "signs": columns.get_feature_names_out()[kept].astype(str),
        "weights": weights[kept].astype(np.float16),
        "vector": vector.astype(np.float16),
        "intercepts": model.intercept_.astype(np.float32),
    }


def _often(rows: Sequence[Signs]) -> list[Signs]:
    """The rows without the signs of few."""
    counts = Counter(name for row in rows for name in row)
    return [{name: value for name, value in row.items() if counts[name] >= RAREST} for row in rows]


if __name__ == "__main__":
    main()
