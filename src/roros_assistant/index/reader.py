"""Opens the index for questions: a private copy, probed before use, repaired when it is unsound."""

import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

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


class Index:
    """The passages of a corpus, found by meaning and by wording; many threads may ask at once."""

    def __init__(self, corpus: Corpus, passages: tuple[Passage, ...], state: IndexState, copy: "_Copy") -> None:
        self.corpus = corpus
        self.passages = passages
        self.state = state
        self._wording = copy.wording
        self._store = Store(copy.folder / STORE)
        self._finish = weakref.finalize(self, _close, self._store, copy)  # at the end of the program too

    def nearest(self, vector: Sequence[float], limit: int) -> list[tuple[Passage, float]]:
        """The passages closest in meaning with their cosines in [-1, 1], best first."""
        found = self._store.nearest(vector, min(limit, len(self.passages)))
        return [(self.passages[row], cosine) for row, cosine in found]

    def matching(self, question: str, limit: int) -> list[tuple[Passage, float]]:
        """The passages that share words with a question with their BM25 scores, best first; often fewer than limit."""
        return [(self.passages[row], score) for row, score in self._wording.matching(question, limit)]

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


def _close(store: Store, copy: _Copy) -> None:
    store.close()
    copy.remove()
