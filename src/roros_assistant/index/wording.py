"""Passages found by the words they share with a question: BM25 over stems, saved beside the vectors."""

from collections.abc import Sequence
from pathlib import Path

import bm25s  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from roros_assistant.stems import stems


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
