"""Learn which subjects a question is about and a sentence belongs to (src/roros_assistant/aspects.py).

    python benchmarks/train_subjects.py

Writes the weights, and the words that travellers use in small letters. Learns from benchmarks/subjects: 2,100 sentences
about other destinations and 900 travellers' questions, written for this and labelled by their writers, who had seen
neither the sources that come with the package nor any golden question. The facts in them are of no account. Prints what
the weights do on the fifths that they were not fitted on. scikit-learn comes with sentence-transformers.
"""

import argparse
import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from roros_assistant.aspects import SUBJECTS, WEIGHTS
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.stems import COMMON_WORDS

FOLDER = Path(__file__).parent / "subjects"
STRENGTH = 1.0  # inverse, of regularisation: 1, 3 and 10 told .906, .903 and .894 of 1,200 sentences' other fifths
FOLDS = 5
# Comments are embedded with their writer before them (passages.model_text), so they are here.
_WRITERS = ("Anna", "Wandering Tom", "Lucy", "travelbug", "Marek")


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    embedder = load_embedder()
    sentences, questions = (read(FOLDER / f"{name}.jsonl") for name in ("sentences", "questions"))
    said = np.asarray(embedder.embed_documents(as_embedded(sentences)), np.float32)
    asked = embedded_questions(embedder, questions)
    is_broad = np.array([[bool(row["subjects"])] for row in questions])
    learnt = {
        **learn("broad", asked, is_broad),
        **learn("asked", asked, labels(questions)),
        **learn("said", said, labels(sentences)),
    }
    np.savez(WEIGHTS, allow_pickle=False, **learnt)
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size:,} bytes")
    common = common_words(sentences)
    COMMON_WORDS.write_text("\n".join(common) + "\n", encoding="utf-8")
    print(f"{COMMON_WORDS}: {len(common):,} words")


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def as_embedded(sentences: list[dict[str, Any]]) -> list[str]:
    writers = itertools.cycle(_WRITERS)
    return [
        f"{next(writers)}, a reader: {row['text']}" if row["voice"] == "comment" else row["text"] for row in sentences
    ]


def embedded_questions(embedder: Embedder, questions: list[dict[str, Any]]) -> NDArray[np.float32]:
    return np.asarray([embedder.embed_query(row["question"]) for row in questions], np.float32)


def labels(rows: list[dict[str, Any]]) -> NDArray[np.bool_]:
    return np.array([[subject in row["subjects"] for subject in SUBJECTS] for row in rows])


def common_words(sentences: list[dict[str, Any]]) -> list[str]:
    """What stands in small letters inside the sentences, more than once: the verifier takes none of it for a name."""
    inner = (re.findall(r"(?<![.!?] )\b[a-z]+\b", row["text"]) for row in sentences)
    seen = Counter(itertools.chain.from_iterable(inner))
    return sorted(word for word, count in seen.items() if count > 1)


def learn(name: str, vectors: NDArray[np.float32], told: NDArray[np.bool_]) -> dict[str, NDArray[np.float32]]:
    """A logistic regression for each column of ``told``."""
    models = [LogisticRegression(C=STRENGTH, max_iter=3_000) for _ in told.T]
    areas = []
    for model, column in zip(models, told.T, strict=True):
        apart = cross_val_predict(model, vectors, column, cv=FOLDS, method="decision_function")
        areas.append(roc_auc_score(column, apart))
        model.fit(vectors, column)
    named = zip(SUBJECTS, areas, strict=True) if len(areas) > 1 else []
    print(f"{name}: area under the curve {np.mean(areas):.3f}, n={len(vectors)}", *(f"{s} {a:.2f}" for s, a in named))
    return {
        name: np.concatenate([model.coef_ for model in models]).astype(np.float32),
        f"{name}_intercepts": np.concatenate([model.intercept_ for model in models]).astype(np.float32),
    }


if __name__ == "__main__":
    main()
