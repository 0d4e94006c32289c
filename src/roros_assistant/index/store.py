"""Passages found by meaning: Chroma through LangChain, told to keep to its folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from roros_assistant.index.probe import COLLECTION, open_client
from roros_assistant.types import Passage, Progress

Vectors = NDArray[np.float32]

_BATCH = 1_000  # rows; Chroma takes 5,461 at most
# The search is approximate; with these it finds nearly all of the true nearest 50 among 10,000 passages.
_CONFIGURATION: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400}}


def write_store(
    folder: Path, passages: Sequence[Passage], texts: Sequence[str], embeddings: Embeddings, progress: Progress
) -> None:
    """Write the texts with their vectors, by row number, into a new folder."""
    client = open_client(folder)
    try:
        store = Chroma(COLLECTION, embeddings, client=client, collection_configuration=_CONFIGURATION)
        for start in range(0, len(texts), _BATCH):
            progress("storing", start, len(texts))
            rows = range(start, min(start + _BATCH, len(texts)))
            store.add_texts(
                [texts[row] for row in rows],
                metadatas=[_origin(passages[row]) for row in rows],
                ids=[str(row) for row in rows],
            )
        progress("storing", len(texts), len(texts))
    finally:
        client.close()


class Store:
    """An open Chroma folder; it is written to even by reading, so it must be nobody else's."""

    def __init__(self, folder: Path) -> None:
        self._client = open_client(folder)
        self._store = Chroma(COLLECTION, client=self._client, create_collection_if_not_exists=False)

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[int, float]]:
        """Rows and their cosines in [-1, 1], best first, ties in row order; a vector without a direction has none."""
        length = float(np.linalg.norm(vector))
        if limit < 1 or not np.isfinite(length) or length == 0:
            return []  # Chroma would answer with arbitrary rows
        found = self._store.similarity_search_by_vector_with_relevance_scores(list(vector), k=limit)
        rows = [(int(document.id or 0), 1.0 - distance) for document, distance in found]
        return sorted(rows, key=lambda row: (-row[1], row[0]))

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The stored vectors of some rows, in their order: shape ``(len(rows), dimensions)``, of length 1."""
        if not rows:
            return np.zeros((0, 0), np.float32)
        found = self._store.get(ids=[str(row) for row in rows], include=["embeddings"])
        by_row = dict(zip(map(int, found["ids"]), found["embeddings"], strict=True))
        return np.asarray([by_row[row] for row in rows], np.float32)

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()


def _origin(passage: Passage) -> dict[str, Any]:
    return {"document": passage.document_id, "start": passage.start, "end": passage.end}
