"""Questions to ask next: the destination's own examples, those nearest to what was asked first."""

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from langchain_core.embeddings import Embeddings

from roros_assistant.types import Turn

_COUNT = 3


class Suggester:
    """Ranks example questions, which the corpus answers, by their nearness to a question."""

    def __init__(self, examples: Sequence[str], embedder: Embeddings) -> None:
        self._examples = tuple(examples)
        self._embedder = embedder

    def suggest(self, question: str, history: Sequence[Turn]) -> tuple[str, ...]:
        """At most three examples that have not been asked yet; for a blank question the first ones."""
        asked = {_plain(turn.content) for turn in history if turn.role == "user"} | {_plain(question)}
        open_ones = [index for index, example in enumerate(self._examples) if _plain(example) not in asked]
        if question.strip() and len(open_ones) > _COUNT:
            nearness = self._vectors @ np.asarray(self._embedder.embed_query(question))
            open_ones.sort(key=lambda index: -nearness[index])
        return tuple(self._examples[index] for index in open_ones[:_COUNT])

    @cached_property
    def _vectors(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Shape ``(len(examples), dimensions)``, rows of length 1."""
        return np.asarray(self._embedder.embed_documents(list(self._examples)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
