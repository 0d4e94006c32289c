"""The data folder: a lock, the kept vectors, ``index-*`` folders, and ``current``, one line that names the whole one.

Everything hangs on ``current``: it holds a folder's name and the hash of its manifest, which holds the hash of every
file. It is replaced in one step after all is on the disk, so a killed writer leaves the old index or none.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from chromadb.errors import ChromaError
from filelock import FileLock, Timeout

from roros_assistant.errors import IndexBusy, IndexUnusable
from roros_assistant.types import Progress

VECTORS = "vectors.sqlite"
_CURRENT = "current"
_MANIFEST = "manifest.json"
_LOCK = "lock"
_INDEX = "index-"
_READER = "reader-"
_LINE = re.compile(r"(index-[0-9a-f]+(?:-again)?) ([0-9a-f]{64})\n?")
# Seconds: what a first build of tens of thousands of passages takes on a slow machine.
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Built:
    """What the manifest of an index says."""

    folder: Path
    fingerprint: str  # of everything that the index was made from
    embedder: str  # identity of the embedding model
    passages: int
    files: tuple[tuple[str, str], ...]  # (path inside the folder, sha256)

    def is_whole(self) -> bool:
        """Whether every file is there as it was written."""
        return all(_hash(self.folder / file) == digest for file, digest in self.files)


@contextmanager
def sole_writer(data: Path, progress: Progress) -> Iterator[None]:
    """Hold the data folder's lock, which ends with the process, however that ends.

    Raises:
        IndexBusy: another process holds it for too long.
        IndexUnusable: the folder cannot be made or written.
    """
    with explained(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / _LOCK)
        started = time.monotonic()
        while True:
            try:
                lock.acquire(timeout=1)
                break
            except Timeout:
                waited = time.monotonic() - started
                if waited >= _PATIENCE:
                    raise IndexBusy(data, _PATIENCE) from None
                progress("waiting for another process", int(waited), int(_PATIENCE))
        try:
            yield
        finally:
            lock.release()


@contextmanager
def explained(data: Path) -> Iterator[None]:
    """Turn what the disk and the libraries say of it into one line with a remedy."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever was told of the progress has left
    except (OSError, NotImplementedError, sqlite3.Error, ChromaError) as error:
        raise IndexUnusable(data, str(error)) from error


def find_built(data: Path) -> Built | None:
    """The index that ``current`` names, if its manifest is there as it was written."""
    try:
        line = _LINE.fullmatch((data / _CURRENT).read_text(encoding="utf-8"))
        if line is None:
            return None
        manifest = (data / line[1] / _MANIFEST).read_bytes()
    except (OSError, UnicodeDecodeError):
        return None
    if hashlib.sha256(manifest).hexdigest() != line[2]:
        return None
    try:
        fields = json.loads(manifest)
        return Built(data / line[1], **{**fields, "files": tuple(map(tuple, fields["files"]))})
    except (TypeError, KeyError):
        return None  # whole, but written by another version of this program


def new_folder(data: Path, fingerprint: str, current: Built | None) -> Path:
    """Make the folder of a new index; one with the same content keeps its place until the new one is whole."""
    folder = data / f"{_INDEX}{fingerprint[:16]}"
    if current is not None and current.folder == folder:
        folder = folder.with_name(folder.name + "-again")
    folder.mkdir()
    return folder


def publish(data: Path, folder: Path, *, fingerprint: str, embedder: str, passages: int) -> Built:
    """Make a finished folder the current index, in one step, once everything in it is on the disk."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = tuple((name, _hash(folder / name) or "") for name in names)
    built = Built(folder, fingerprint, embedder, passages, files)
    fields = asdict(built)
    del fields["folder"]
    manifest = json.dumps(fields, indent=1).encode()
    for path in [*folder.rglob("*"), folder]:
        _flush(path)
    _write(folder / _MANIFEST, manifest)
    _write(data / _CURRENT, f"{folder.name} {hashlib.sha256(manifest).hexdigest()}\n".encode())
    return built


def withdraw(data: Path, folder: Path) -> None:
    """Stop naming this index, unless another has taken its place."""
    built = find_built(data)
    if built is not None and built.folder == folder:
        (data / _CURRENT).unlink(missing_ok=True)


def sweep(data: Path, current: Built | None) -> None:
    """Remove what killed writers and killed readers left, and indexes that are no longer current."""
    for folder in data.glob(f"{_INDEX}*"):
        if current is None or folder != current.folder:
            discard(folder)
    for folder in data.glob(f"{_READER}*"):
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue  # its reader lives
        lock.release()
        discard(folder)


def reader_folder(data: Path) -> tuple[Path, FileLock]:
    """Make a folder that is its reader's own while the lock is held; call it as the sole writer."""
    folder = Path(tempfile.mkdtemp(prefix=_READER, dir=data))
    lock = FileLock(folder / _LOCK, thread_local=False)  # whichever thread closes the reader lets go of it
    lock.acquire(timeout=0)
    return folder, lock


def discard(path: Path) -> None:
    """Remove a folder, or whatever stands in its place."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _hash(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _write(file: Path, content: bytes) -> None:
    """Replace a file in one step: after a kill or a power cut it is the old one or the new one."""
    fresh = file.with_name(file.name + ".new")
    fresh.write_bytes(content)
    _flush(fresh)
    os.replace(fresh, file)
    _flush(file.parent)


def _flush(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
