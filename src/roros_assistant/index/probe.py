"""Is this Chroma folder sound? Runs as a process of its own: a broken one can hang or crash whoever opens it.

Imports nothing of ours, so that it starts fast and from wherever it lies.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

import chromadb
from chromadb.api.client import Client
from chromadb.config import Settings

COLLECTION = "passages"
# An approximate search may miss a vector now and then; a folder without its vectors misses nearly all.
_ENOUGH = 0.75
# Cosine distance; a vector is stored in single precision.
_SAME = 1e-3
_NEIGHBOURS = 10


def open_client(folder: Path) -> Client:
    """Open or create a Chroma folder that tells nobody and reads no settings from the folder we happen to stand in."""
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    return cast(Client, chromadb.PersistentClient(path=str(folder), settings=settings))


def find_fault(folder: Path, texts: list[str], vectors: dict[str, list[float]]) -> str | None:
    """Compare a store with the texts it should hold, row by row, and with some of the vectors (row -> vector)."""
    client = open_client(folder)
    try:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        rows = collection.get(include=[])["ids"]
        if sorted(rows) != sorted(map(str, range(len(texts)))):
            return f"it has {len(rows)} rows, not {len(texts)}, or others"
        if not vectors:
            return None
        stored = collection.get(ids=list(vectors), include=["documents"])
        held = dict(zip(stored["ids"], stored["documents"] or [], strict=True))
        if held != {row: texts[int(row)] for row in vectors}:
            return "its rows hold other texts"
        found = sum(_finds_itself(collection, row, vector) for row, vector in vectors.items())
        return None if found >= _ENOUGH * len(vectors) else f"only {found} of {len(vectors)} vectors find themselves"
    finally:
        client.close()


def _finds_itself(collection: Any, row: str, vector: list[float]) -> bool:  # noqa: ANN401
    result = collection.query(query_embeddings=[vector], n_results=_NEIGHBOURS, include=["distances"])
    nearest = dict(zip(result["ids"][0], result["distances"][0], strict=True))
    # More twins of this vector than we asked for: any of them will do.
    return bool(nearest.get(row, min(nearest.values(), default=1.0)) < _SAME)


if __name__ == "__main__":
    expected = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    sys.exit(find_fault(Path(sys.argv[1]), [row["text"] for row in expected["passages"]], expected["vectors"]))
