"""Opens the index for questions: a private copy, probed before use, repaired when it is unsound."""

import os
import shutil
import subprocess
import sys
import weakref
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from roros_assistant.embed import Embedder
from roros_assistant.errors import IndexUnusable
from roros_assistant.index import probe
from roros_assistant.index.build import PASSAGES, STORE, WORDING, IndexState, bring_up_to_date, read_source, silent
from roros_assistant.index.folder import discard, explained, reader_folder, sole_writer, withdraw
from roros_assistant.index.store import Store
from roros_assistant.index.wording import Wording
from roros_assistant.types import Corpus, Passage, Progress

# Seconds; a sound store of 10,000 passages answers in two, a broken one may never.
_PROBE_PATIENCE = 60
_NO_ROWS = np.zeros(0, np.intp)


class Index:
    """The passages of a corpus, found by meaning and by wording; many threads may ask at once."""

    def __init__(self, corpus: Corpus, passages: tuple[Passage, ...], state: IndexState, copy: "_Copy") -> None:
        self.corpus = corpus
        self.passages = passages
        self.state = state
        self._rows = {passage: row for row, passage in enumerate(passages)}
        self._pages = _rows_by_page(corpus, passages)
        self._wording = copy.wording
        self._store = Store(copy.folder / STORE)
        self._finish = weakref.finalize(self, _close, self._store, copy)  # at the end of the program too

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[Passage, float]]:
        """The passages closest in meaning with their cosines in [-1, 1], best first."""
        found = self._store.nearest(vector, min(limit, len(self.passages)))
        return [(self.passages[row], cosine) for row, cosine in found]

    def matching(self, question: str, limit: int, pages: Iterable[str] = ()) -> list[tuple[Passage, float]]:
        """The passages that share words with a question with their BM25 scores, best first; often fewer than limit.

        With ``pages``, document ids, only those of these pages and of the comments under them.
        """
        among = self._of(pages) if pages else None
        return [(self.passages[row], score) for row, score in self._wording.matching(question, limit, among)]

    def nearest_on(self, pages: Iterable[str], vector: Sequence[float], limit: int) -> list[tuple[Passage, float]]:
        """Like ``nearest``, of the passages of some pages and of the comments under them; exact."""
        passages = [self.passages[row] for row in self._of(pages)]
        ranked = zip(self.cosines(vector, passages), range(len(passages)), passages, strict=True)
        return [
            (passage, cosine) for cosine, _, passage in sorted(ranked, key=lambda each: (-each[0], each[1]))[:limit]
        ]

    def cosines(self, vector: Sequence[float], passages: Sequence[Passage]) -> list[float]:
        """The cosine of a vector of length 1 with each of some passages."""
        if not passages:
            return []
        stored = self._store.vectors([self._rows[passage] for passage in passages])
        products = stored * np.asarray(vector, np.float32)
        return [float(cosine) for cosine in products.sum(axis=1)]  # a matrix product rounds equal rows differently

    def count(self, pages: Iterable[str]) -> int:
        """How many passages some pages and the comments under them have; all passages for no pages."""
        return len(self._of(pages)) or len(self.passages)

    def vectors(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """The vectors of some passages, shape ``(passages, dimensions)``."""
        return self._store.vectors([self._rows[passage] for passage in passages])

    def _of(self, pages: Iterable[str]) -> NDArray[np.intp]:
        """Rows of some pages and of the comments under them, ascending."""
        return np.unique(np.concatenate([_NO_ROWS, *(self._pages.get(page, _NO_ROWS) for page in pages)]))

    def close(self) -> None:
        """Let go of the store and remove its copy; a second call does nothing."""
        self._finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_index(
    corpus: Corpus, embedder: Embedder, data: Path, *, rebuild: bool = False, progress: Progress | None = None
) -> Index:
    """Bring the index up to date and open it; needs the model's weights only if there is something to embed.

    Raises:
        IndexMismatch: the index was built with another embedding model.
        IndexBusy: another process is writing and does not finish.
        IndexUnusable: the folder cannot be written, or Chroma does not work on this machine.
        ModelUnavailable: something must be embedded, and the model cannot be loaded.
    """
    data = data.absolute()
    report = progress or silent
    source = read_source(corpus, embedder)
    fault = None
    for attempt in range(2):
        with sole_writer(data, report):
            state = bring_up_to_date(source, embedder, data, rebuild=rebuild and attempt == 0, progress=report)
            copy = _Copy(data, state.folder)
        try:
            fault = find_fault(copy.folder)
            if fault is None:
                with explained(data):
                    return Index(corpus, source.passages, state, copy)
        except BaseException:
            copy.remove()
            raise
        copy.remove()
        with sole_writer(data, report):
            withdraw(data, state.folder)  # made again from the kept vectors
    raise IndexUnusable(
        data, f"the vector store fails its check even when new: {fault}", "Reinstall it with: pip install chromadb"
    )


def find_fault(copy: Path) -> str | None:
    """Open the copy of an index in a process of its own, which may hang or crash for us; what is wrong with it."""
    command = [sys.executable, "-P", probe.__file__, str(copy / STORE), str(copy / PASSAGES)]
    # It finds modules where we do, but stands in its own folder: Chroma reads a .env wherever it stands.
    modules = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)
    try:
        done = subprocess.run(  # noqa: S603  # our own file
            command,
            capture_output=True,
            text=True,
            timeout=_PROBE_PATIENCE,
            cwd=copy,
            env={**os.environ, "PYTHONPATH": modules},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_PROBE_PATIENCE} s"
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"its process ended with {done.returncode}"


class _Copy:
    """A reader's own copy of a store, for Chroma writes even when it only reads; the wording is read at once."""

    def __init__(self, data: Path, folder: Path) -> None:
        with explained(data):
            self.folder, self._lock = reader_folder(data)
            try:
                shutil.copytree(folder / STORE, self.folder / STORE)
                shutil.copy(folder / PASSAGES, self.folder)
                self.wording = Wording(folder / WORDING)
            except BaseException:
                self.remove()
                raise

    def remove(self) -> None:
        """Give the copy up."""
        discard(self.folder)
        self._lock.release()


def _rows_by_page(corpus: Corpus, passages: Sequence[Passage]) -> dict[str, NDArray[np.intp]]:
    """Rows of each page with the comments under it, by the page's document id."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, passage in enumerate(passages):
        rows[corpus.by_id[passage.document_id].article_id].append(row)
    return {page: np.asarray(each, np.intp) for page, each in rows.items()}


def _close(store: Store, copy: _Copy) -> None:
    store.close()
    copy.remove()
