"""Vectors kept by content hash, so that no text is embedded twice; what cannot be trusted is made anew."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from roros_assistant.embed import Embedder
from roros_assistant.index.folder import discard
from roros_assistant.types import Progress

Vector = NDArray[np.float32]
Result = TypeVar("Result")

_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum BLOB NOT NULL)"
# Faults of the file, which is then of no use; a full or a read-only disk is the machine's fault.
_RUINED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_QUESTION_MARKS = 500  # SQLite takes at least 999 in one statement
# Texts embedded between two writes: what a killed build loses at most.
_STEP = 64
# Vectors of texts and models no longer used stay, so that going back costs nothing, up to this many times the used.
_HOARD = 4
_HOARD_AT_LEAST = 20_000


class Vectors:
    """A table key -> vector in one file, each row with a checksum: damage loses vectors, never alters one."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The vectors that are kept and whole."""
        return self._do(lambda table: dict(_read(table, keys)))

    def keep(self, vectors: Mapping[bytes, Vector]) -> None:
        """Write all or, when killed, none."""
        rows = [(key, vector.tobytes(), _checksum(key, vector.tobytes())) for key, vector in vectors.items()]
        self._do(lambda table: table.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows))

    def thin(self, used: Iterable[bytes]) -> None:
        """Forget what is not used, once that is the greater part by far."""
        wanted = [(key,) for key in used]

        def forget(table: sqlite3.Connection) -> None:
            (total,) = table.execute("SELECT count(*) FROM vectors").fetchone()
            if total <= max(_HOARD * len(wanted), _HOARD_AT_LEAST):
                return
            table.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY)")
            table.executemany("INSERT OR IGNORE INTO used VALUES (?)", wanted)
            table.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM used)")

        self._do(forget)

    def _do(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run one transaction; a ruined file is discarded and made anew."""
        try:
            return self._transact(action)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _RUINED:
                raise
        discard(self._file)
        discard(self._file.with_name(self._file.name + "-journal"))
        return self._transact(action)

    def _transact(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        with closing(sqlite3.connect(self._file)) as table, table:
            table.execute(_TABLE)
            return action(table)


class KeptEmbeddings(Embeddings):
    """An embedder that looks among the kept vectors first; ``embedded`` counts the texts it had to embed."""

    def __init__(self, embedder: Embedder, vectors: Vectors) -> None:
        self._embedder = embedder
        self._vectors = vectors
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each text."""
        keys = self._keys(texts)
        found = self._vectors.find(list(dict.fromkeys(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        found.update(self._embed(missing))
        return [found[key].tolist() for key in keys]

    def embed_query(self, text: str) -> list[float]:
        """Embed a question; questions are never kept."""
        return self._embedder.embed_query(text)

    def fill(self, texts: Sequence[str], progress: Progress, *, anew: bool = False) -> None:
        """Embed the texts that are not kept yet, or all of them anew, and keep them a step at a time."""
        wanted = dict(zip(self._keys(texts), texts, strict=True))
        if not anew:
            for some in _parts(list(wanted), _QUESTION_MARKS):
                for key in self._vectors.find(some):
                    del wanted[key]
        done = 0
        for some in _parts(list(wanted), _STEP):
            progress("embedding", done, len(wanted))
            done += len(self._embed({key: wanted[key] for key in some}))
        if wanted:
            progress("embedding", done, len(wanted))

    def thin(self, texts: Sequence[str]) -> None:
        """Keep what these texts use, and of the rest no more than a hoard."""
        self._vectors.thin(self._keys(texts))

    def _embed(self, texts: Mapping[bytes, str]) -> dict[bytes, Vector]:
        if not texts:
            return {}
        made = self._embedder.embed_documents(list(texts.values()))
        vectors = {key: np.asarray(vector, np.float32) for key, vector in zip(texts, made, strict=True)}
        self._vectors.keep(vectors)
        self.embedded += len(vectors)
        return vectors

    def _keys(self, texts: Sequence[str]) -> list[bytes]:
        model = self._embedder.identity
        return [hashlib.sha256(f"{model}\0{text}".encode()).digest() for text in texts]


def _read(table: sqlite3.Connection, keys: Sequence[bytes]) -> Iterator[tuple[bytes, Vector]]:
    for some in _parts(keys, _QUESTION_MARKS):
        marks = ",".join("?" * len(some))
        query = f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})"  # noqa: S608  # only question marks
        for key, vector, checksum in table.execute(query, some):
            with suppress(TypeError, ValueError):  # a damaged row may hold anything
                if checksum == _checksum(key, vector):
                    yield key, np.frombuffer(vector, np.float32)


def _checksum(key: bytes, vector: bytes) -> bytes:
    return hashlib.sha256(key + vector).digest()[:8]


def _parts(items: Sequence[Result], size: int) -> Iterator[Sequence[Result]]:
    return (items[start : start + size] for start in range(0, len(items), size))
