"""The real reader, watched: its tokens counted, or its readings kept between runs."""

import pickle
from collections.abc import Sequence
from pathlib import Path

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

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        return self._real.score(question, texts)

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        return self._real.answers(question, texts)

    def count_fitting(self, question: str, texts: Sequence[str], budget: int) -> int:
        return self._real.count_fitting(question, texts, budget)

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

    def count_fitting(self, question: str, texts: Sequence[str], budget: int) -> int:
        fitting = self._real.count_fitting(question, texts, budget)
        self.tokens.append(sum(self.lengths(question, texts[:fitting])))
        return fitting


class KeptReadings(Watched):
    """Reads each pair once; ``file`` keeps what the reader makes of it, one file for each corpus."""

    def __init__(self, real: Reranker, file: Path | None) -> None:
        super().__init__(real)
        self._file = file
        self._unsaved = 0
        self._kept: dict[tuple[str, str], float] = pickle.loads(file.read_bytes()) if file and file.is_file() else {}

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._kept]
        if new:
            self._kept |= {
                (question, text): found for text, found in zip(new, self._real.answers(question, new), strict=True)
            }
            self._unsaved += 1
            if self._file and self._unsaved % _SAVED_EVERY == 0:
                self._file.write_bytes(pickle.dumps(self._kept))
        return [self._kept[question, text] for text in texts]
