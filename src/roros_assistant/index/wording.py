"""Passages found by the words they share with a question: BM25 over stems, saved beside the vectors."""

import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s  # type: ignore[import-untyped]
import numpy as np
from bm25s.stopwords import STOPWORDS_EN_PLUS  # type: ignore[import-untyped]
from numpy.typing import NDArray
from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

from roros_assistant.passages import fold

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it turns its own debugging on

# Whole words, single digits too ("5 km"); the letter left of an apostrophe ("town's") says nothing.
_WORD = re.compile(r"\w\w+|\d")
_STOP_WORDS = frozenset(fold(word) for word in STOPWORDS_EN_PLUS)


def write_wording(folder: Path, texts: Sequence[str]) -> None:
    """Index the texts by row number."""
    words = [stems(text) or [""] for text in texts] or [[""]]  # BM25 needs a word, and no question has an empty one
    index = bm25s.BM25()
    index.index(words, show_progress=False)
    index.save(folder, show_progress=False)


class Wording:
    """BM25 scores of a saved index, held in memory."""

    def __init__(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, show_progress=False)

    def matching(self, question: str, limit: int, among: NDArray[np.intp] | None = None) -> list[tuple[int, float]]:
        """Rows, ``among`` some or all, that share a word with the question, with scores, best first, ties in order."""
        known = [word for word in stems(question) if word in self._index.vocab_dict]
        if not known or limit < 1:
            return []
        scores = self._index.get_scores(known)
        rows = np.flatnonzero(scores > 0) if among is None else among[scores[among] > 0]
        best = rows[np.lexsort((rows, -scores[rows]))][:limit]
        return [(int(row), float(scores[row])) for row in best]


def stems(text: str) -> list[str]:
    """The stems of a text's words in their order, without those that every text has."""
    return [stem(word) for word in content_words(text)]


def content_words(text: str) -> list[str]:
    """A text's words in their order, in small letters without marks, without those that every text has."""
    return [word for word in _WORD.findall(fold(text.casefold())) if word not in _STOP_WORDS]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a word without its endings."""
    stemmed: str = EnglishStemmer().stemWord(word)  # one a word: it is not safe to share
    return stemmed
