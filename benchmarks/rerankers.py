"""The real cross-encoder, watched: its tokens counted, or its readings kept between runs."""

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from roros_assistant.rerank import Reranker, model_files

_SAVED_EVERY = 25  # questions; what a stopped run loses at most


class Watched:
    """Hands everything on to the real reranker."""

    def __init__(self, real: Reranker) -> None:
        self._real = real
        self._tokenizer = Tokenizer.from_file(str(next(file for file in model_files() if file.suffix == ".json")))
        self._tokenizer.no_padding()

    def lengths(self, question: str, texts: Sequence[str]) -> list[int]:
        """The tokens of each pair."""
        return [len(pair.ids) for pair in self._tokenizer.encode_batch([(question, text) for text in texts])]

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        return self._real.answers(question, texts)

    def is_word(self, word: str) -> bool:
        return self._real.is_word(word)

    def rank(self, word: str) -> int | None:
        return self._real.rank(word)

    def warm(self) -> None:
        self._real.warm()


class CountingReranker(Watched):
    """Counts the tokens of each question."""

    def __init__(self, real: Reranker) -> None:
        super().__init__(real)
        self.tokens: list[int] = []

    def score(self, question: str, texts: Sequence[str], *, budget: int) -> list[float]:
        scores = self._real.score(question, texts, budget=budget)
        self.tokens.append(sum(self.lengths(question, texts[: len(scores)])))
        return scores


class KeptReadings(Watched):
    """Reads each pair once; ``file`` keeps the readings, one file for each corpus."""

    def __init__(self, real: Reranker, file: Path | None) -> None:
        super().__init__(real)
        self._file = file
        self._unsaved = 0
        self._kept: dict[tuple[str, str], float] = pickle.loads(file.read_bytes()) if file and file.is_file() else {}

    def score(self, question: str, texts: Sequence[str], *, budget: int) -> list[float]:
        spent = np.cumsum(self.lengths(question, texts))
        fitting = max(1, int(np.searchsorted(spent, budget, side="right"))) if texts else 0
        new = [text for text in texts[:fitting] if (question, text) not in self._kept]
        readings = self._real.score(question, new, budget=10**9) if new else []
        self._kept.update({(question, text): reading for text, reading in zip(new, readings, strict=True)})
        if self._file and new:
            self._unsaved += 1
            if self._unsaved % _SAVED_EVERY == 0:
                self._file.write_bytes(pickle.dumps(self._kept))
        return [self._kept[question, text] for text in texts[:fitting]]
