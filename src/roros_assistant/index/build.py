"""Brings the index up to date with a corpus: nothing to do, or a new folder that takes over when it is whole."""

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from roros_assistant.documents import fingerprint
from roros_assistant.embed import Embedder
from roros_assistant.errors import IndexMismatch
from roros_assistant.index.folder import (
    VECTORS,
    Built,
    discard,
    find_built,
    new_folder,
    publish,
    sole_writer,
    sweep,
)
from roros_assistant.index.store import write_store
from roros_assistant.index.vectors import KeptEmbeddings, Vectors
from roros_assistant.index.wording import write_wording
from roros_assistant.passages import model_text, split
from roros_assistant.types import Corpus, Passage, Progress

STORE = "chroma"
WORDING = "bm25"
PASSAGES = "passages.json"
# Raise it when what is written changes; the libraries that wrote it count too, for they read only what they wrote.
_FORMAT = 1
_WRITERS = ("bm25s", "chromadb", "snowballstemmer")
# Passages whose vectors a probe looks for.
_SAMPLE = 16


@dataclass(frozen=True, slots=True)
class IndexState:
    """What bringing the index up to date came to."""

    folder: Path
    passages: int
    embedded: int  # texts embedded now
    reused: int  # passages whose vector was known


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is made from: passages in order, what the models read of each, and a fingerprint of all."""

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    fingerprint: str


def read_source(corpus: Corpus, embedder: Embedder) -> Source:
    """Split the corpus; the same words, model and software give the same fingerprint."""
    passages = tuple(passage for document in corpus.documents for passage in split(document))
    texts = tuple(model_text(passage, corpus) for passage in passages)
    spans = [(passage.id, passage.heading) for passage in passages]
    writers = [(name, version(name)) for name in _WRITERS]
    whole = json.dumps([_FORMAT, writers, embedder.identity, fingerprint(corpus), spans, texts])
    return Source(passages, texts, hashlib.sha256(whole.encode()).hexdigest())


def sync(
    corpus: Corpus, embedder: Embedder, data: Path, *, rebuild: bool = False, progress: Progress | None = None
) -> IndexState:
    """Bring the index in ``data`` up to date; only texts that were never embedded are embedded.

    With ``rebuild`` everything is embedded anew, by whatever model is set.

    Raises:
        IndexMismatch: the index was built with another embedding model.
        IndexBusy: another process is writing and does not finish.
        IndexUnusable: the folder cannot be written.
        ModelUnavailable: something must be embedded, and the model cannot be loaded.
    """
    data = data.absolute()
    report = progress or silent
    source = read_source(corpus, embedder)
    with sole_writer(data, report):
        return bring_up_to_date(source, embedder, data, rebuild=rebuild, progress=report)


def bring_up_to_date(
    source: Source, embedder: Embedder, data: Path, *, rebuild: bool, progress: Progress
) -> IndexState:
    """Do the work of ``sync``; the caller is the sole writer."""
    built = find_built(data)
    if built is not None and built.embedder != embedder.identity and not rebuild:
        raise IndexMismatch(data, built.embedder, embedder.identity)
    sweep(data, built)
    count = len(source.passages)
    if built is not None and not rebuild and built.fingerprint == source.fingerprint and built.is_whole():
        return IndexState(built.folder, count, embedded=0, reused=count)
    embeddings = KeptEmbeddings(embedder, Vectors(data / VECTORS))
    embeddings.fill(source.texts, progress, anew=rebuild)
    built = _build(source, embedder, embeddings, data, built, progress)
    sweep(data, built)
    embeddings.thin(source.texts)
    return IndexState(built.folder, count, embeddings.embedded, max(count - embeddings.embedded, 0))


def _build(
    source: Source, embedder: Embedder, embeddings: KeptEmbeddings, data: Path, old: Built | None, progress: Progress
) -> Built:
    folder = new_folder(data, source.fingerprint, old)
    try:
        write_store(folder / STORE, source.passages, source.texts, embeddings, progress)
        write_wording(folder / WORDING, source.texts)
        _write_passages(folder / PASSAGES, source, embeddings)
        return publish(
            data,
            folder,
            fingerprint=source.fingerprint,
            embedder=embedder.identity,
            passages=len(source.passages),
        )
    except BaseException:  # Ctrl-C too; after a kill the next writer sweeps
        discard(folder)
        raise


def _write_passages(file: Path, source: Source, embeddings: KeptEmbeddings) -> None:
    """Write what each row is, and some of the vectors, so that the store can be checked without a model."""
    count = len(source.passages)
    rows = sorted({step * count // _SAMPLE for step in range(_SAMPLE)}) if count else []
    vectors = embeddings.embed_documents([source.texts[row] for row in rows])
    content = {
        "passages": [
            {"document": passage.document_id, "start": passage.start, "end": passage.end, "text": text}
            for passage, text in zip(source.passages, source.texts, strict=True)
        ],
        "vectors": dict(zip(map(str, rows), vectors, strict=True)),
    }
    file.write_text(json.dumps(content), encoding="utf-8")


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody of progress."""
