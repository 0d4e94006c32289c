"""Is everything there that an answer needs? Checks, each with the command that repairs what it finds."""

import errno
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from roros_assistant.documents import corpus_folder, read_corpus
from roros_assistant.errors import RorosError, WritingFault
from roros_assistant.passages import split
from roros_assistant.settings import Settings, load_settings

_DISTRIBUTION = "roros-assistant"
_OLDEST_PYTHON = (3, 11)
# Two models, torch and Chroma take 0.9 GB; below this the system starts to swap or to kill.
_MEMORY = 1_200_000_000  # bytes
_DISK = 200_000_000  # bytes: an index is built beside the old one

# What a chat model's server does that keeps it from answering at all, and what repairs it; of others it is asked again.
_REMEDIES = {
    "unreachable": "start the server, or correct ROROS_CHAT_BASE_URL",
    "key_refused": "put the right key into ROROS_CHAT_API_KEY",
    "model_unknown": "name a model that the server has in ROROS_CHAT_MODEL",
    "too_late": "raise ROROS_CHAT_TIMEOUT, or choose a smaller model",
}
_NO_ANSWER = frozenset({*_REMEDIES, "rate_limited", "server_failed", "refused", "garbage"})


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"  # it works, perhaps not as well as it could
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it is, and what repairs it."""

    name: str
    severity: Severity
    message: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.severity is not Severity.OK and not self.remedy:
            raise ValueError(f"the fault of {self.name} needs a remedy")


def examine(**flags: object) -> list[Check]:
    """Make every check; ``flags`` are a command's, they win over the settings. Nothing is built or loaded."""
    checks = [_python(), _packages()]
    try:
        settings = load_settings(**flags)
    except RorosError as error:
        return [*checks, _fault("settings", error, "correct or unset it, then run: roros doctor")]
    checks.append(Check("settings", Severity.OK, _listed(settings)))
    broken: set[str] = set()
    for name, look in _LOOKS.items():
        if name == "index" and broken & {"embedding model", "corpus"}:
            continue  # it would only be told again
        try:
            checks += look(settings)
        except RorosError as error:
            broken.add(name)
            checks.append(_fault(name, error, "correct it, then run: roros doctor"))
    return checks


def _fault(name: str, error: RorosError, remedy: str) -> Check:
    """An error's first sentence says what happened, the next what repairs it."""
    happened, _, repair = str(error).partition(". ")
    return Check(name, Severity.FAULT, happened, repair or remedy)


def _listed(settings: Settings) -> str:
    absent = {name: "(none)" if name.startswith("chat_") else "(packaged)" for name in Settings.model_fields}
    return ", ".join(
        f"{name}={absent[name] if value is None else value}" for name, value in settings.model_dump().items()
    )


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Check(
            "python", Severity.FAULT, f"{version} is too old", "install Python 3.11 or newer, then: make install"
        )
    return Check("python", Severity.OK, version)


def _packages() -> Check:
    """Compare what is installed with what this package asks for."""
    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(line) for line in metadata.requires(_DISTRIBUTION) or []]
    except metadata.PackageNotFoundError:
        return Check("packages", Severity.FAULT, f"{_DISTRIBUTION} is not installed", "pip install .")
    asked = [requirement for requirement in requirements if not requirement.marker or requirement.marker.evaluate()]
    wrong: dict[str, str] = {}
    for requirement in asked:
        installed = _installed(requirement.name)
        if installed is None or not requirement.specifier.contains(installed, prereleases=True):
            wrong[f"{requirement.name}{requirement.specifier}"] = f"{requirement.name} {installed or 'is missing'}"
    if wrong:
        remedy = "pip install " + " ".join(f'"{requirement}"' for requirement in wrong)
        return Check("packages", Severity.FAULT, ", ".join(wrong.values()), remedy)
    return Check("packages", Severity.OK, f"{len(asked)} as required")


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _embedding_model(settings: Settings) -> Iterator[Check]:
    from roros_assistant.embed import load_embedder

    embedder = load_embedder(settings.embedding_model)
    embedder.check()
    yield _model("embedding model", settings.embedding_model, embedder.identity)


def _reranker(settings: Settings) -> Iterator[Check]:
    from roros_assistant import rerank

    files = rerank.model_files()  # with a reranker set by name too: the reader stands on the packaged one
    rerank.check_files(files)
    yield _model("reranker", settings.reranker_model, f"{len(files)} files")


def _model(name: str, chosen: str | None, packaged: str) -> Check:
    if chosen is None:
        return Check(name, Severity.OK, f"{packaged}, hashes as published")
    if Path(chosen).expanduser().is_dir():
        return Check(name, Severity.OK, f"the folder {chosen}, its content not checked")
    return Check(
        name, Severity.WARNING, f"{chosen} comes from the hub", "with no network: name a folder with the model instead"
    )


def _chat_model(settings: Settings) -> Iterator[Check]:
    """Ask it something of no importance: only an answer tells that address, key and name are right."""
    if settings.chat_model is None:
        yield Check("chat model", Severity.OK, "none is set: answers are quotes")
        return
    from roros_assistant.cite import citation
    from roros_assistant.generate import open_writer

    corpus = read_corpus(corpus_folder(settings.corpus))
    writer = open_writer(settings)
    if writer is None:
        return
    reader = f"{settings.chat_receiver} gets questions and passages" if settings.chat_receiver else "on this machine"
    try:
        first = citation(split(corpus.documents[0])[0], 1, corpus)
        next(writer.write("What does the source say?", (), [first]), None)
    except WritingFault as fault:
        if fault.reason in _NO_ANSWER:
            remedy = _REMEDIES.get(fault.reason, "try again later; until then answers are quotes")
            yield Check("chat model", Severity.FAULT, f"{writer.name}: {str(fault).rstrip('.')}", remedy)
            return
    finally:
        writer.close()
    yield Check("chat model", Severity.OK, f"{writer.name} answers; {reader}")


def _corpus(settings: Settings) -> Iterator[Check]:
    folder = corpus_folder(settings.corpus)
    corpus = read_corpus(folder)
    passages = sum(len(split(document)) for document in corpus.documents)
    yield Check("corpus", Severity.OK, f"{folder}: {len(corpus.documents)} documents, {passages} passages")


def _data(settings: Settings) -> Iterator[Check]:
    """The folder can be written and has room, or could be made."""
    there = next(folder for folder in (settings.data, *settings.data.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        remedy = "choose another folder with --data DIR or ROROS_DATA"
        yield Check("data folder", Severity.FAULT, f"{there} cannot be written: {error.strerror}", remedy)
        return
    free = shutil.disk_usage(there).free
    if free < _DISK:
        remedy = "make room, or choose another folder with --data DIR or ROROS_DATA"
        yield Check("data folder", Severity.WARNING, f"{there} has {free / 1e6:.0f} MB left", remedy)
    else:
        yield Check("data folder", Severity.OK, f"{settings.data}, {free / 1e9:.1f} GB free")


def _index(settings: Settings) -> Iterator[Check]:
    """Look at the index without touching it: the store is opened as a copy, for opening writes to it."""
    from roros_assistant.embed import load_embedder
    from roros_assistant.index.build import read_source
    from roros_assistant.index.folder import find_built
    from roros_assistant.index.reader import find_fault

    embedder = load_embedder(settings.embedding_model)
    source = read_source(read_corpus(corpus_folder(settings.corpus)), embedder)
    built = find_built(settings.data)
    if built is None:
        yield Check("index", Severity.OK, f"none yet in {settings.data}; the first question builds it")
    elif built.embedder != embedder.identity:
        happened = f"built with the embedding model {built.embedder}, but {embedder.identity} is set"
        yield Check("index", Severity.FAULT, happened, "roros index --rebuild")
    elif not built.is_whole():
        yield Check("index", Severity.FAULT, f"{built.folder} has missing or changed files", "roros index")
    elif built.fingerprint != source.fingerprint:
        yield Check("index", Severity.WARNING, "older than the sources; the next question renews it", "roros index")
    else:
        with tempfile.TemporaryDirectory() as scratch:
            fault = find_fault(Path(shutil.copytree(built.folder, scratch, dirs_exist_ok=True)))
        if fault:
            yield Check("index", Severity.FAULT, f"{built.folder} fails its check: {fault}", "roros index --rebuild")
        else:
            yield Check("index", Severity.OK, f"{built.folder}: {built.passages} passages, sound")


def _port(settings: Settings) -> Iterator[Check]:
    where = f"{settings.host}:{settings.port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            remedy = "choose an address of this machine and a free port: roros web --host 127.0.0.1 --port 7860"
            yield Check("port", Severity.FAULT, f"{where} cannot be listened on: {error.strerror}", remedy)
        elif _answers_as_our_page(settings):
            yield Check("port", Severity.OK, f"{where} is the page, which is running")
        else:
            remedy = f"stop the other program, or: roros web --port {settings.port % 65535 + 1}"
            yield Check("port", Severity.FAULT, f"{where} is in use", remedy)
        return
    yield Check("port", Severity.OK, f"{where} is free")


def _answers_as_our_page(settings: Settings) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(settings.host, settings.port, timeout=2)
    try:
        connection.request("GET", "/page/icon.svg")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _memory(_: Settings) -> Iterator[Check]:
    """Only where the system says how much memory is left."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) * 1024
    except (OSError, StopIteration):
        return
    if free < _MEMORY:
        remedy = f"close other programs: the page needs {_MEMORY / 1e9:.1f} GB"
        yield Check("memory", Severity.WARNING, f"{free / 1e9:.1f} GB free", remedy)
    else:
        yield Check("memory", Severity.OK, f"{free / 1e9:.1f} GB free, {os.cpu_count()} processors")


_LOOKS: dict[str, Callable[[Settings], Iterator[Check]]] = {
    "embedding model": _embedding_model,
    "reranker": _reranker,
    "corpus": _corpus,
    "chat model": _chat_model,
    "data folder": _data,
    "index": _index,
    "port": _port,
    "memory": _memory,
}
