"""Corpora with their index, real and generated, for tests of what happens to an index; and processes that write one."""

import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.embed import Embedder
from roros_assistant.index import Index, open_index, sync
from roros_assistant.index.folder import find_built
from roros_assistant.types import Corpus, Passage

# Above 1,000 rows Chroma keeps its map of rows in a file of its own, which can be lost on its own.
_PASSAGES = 1_600
_THINGS = ("church", "mine", "museum", "bakery", "hotel", "station", "river", "market", "cabin", "trail", "bridge")
_WAYS = ("opens near", "lies beyond", "is known for", "burned down with", "belongs to", "faces", "leads to")
_QUESTIONS = ("the church burned down", "Where is the bakery?", "museum 7", "river bridge", "What closes early?")
# It says when it is about to write, and then what it wrote and whom it called.
_WRITE = """if True:
    import sys
    calls = []
    outside = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}
    sys.addaudithook(lambda event, args: calls.append(args) if event in outside else None)
    from pathlib import Path
    from roros_assistant.documents import read_corpus
    from roros_assistant.embed import load_embedder
    from roros_assistant.index import sync
    corpus = read_corpus(Path(sys.argv[1]))
    embedder = load_embedder()
    print("ready", flush=True)
    state = sync(corpus, embedder, Path(sys.argv[2]))
    print(state.embedded, state.folder.name, calls, flush=True)
"""


@dataclass(frozen=True)
class Answers:
    """What an index says to a few questions, twenty passages each."""

    passages: int
    by_meaning: list[set[Passage]]
    cosines: list[float]
    by_wording: list[list[tuple[Passage, float]]]


@dataclass(frozen=True)
class Town:
    """A corpus, a data folder that holds its index, and what that index answers."""

    sources: Path
    corpus: Corpus
    data: Path
    answers: Answers


def write_sources(place: Path, passages: int) -> None:
    """Write pages of a hundred different sentences each."""
    chance = random.Random(7)
    place.mkdir()
    for page in range(0, passages, 100):
        text = "\n\n".join(
            f"The {chance.choice(_THINGS)} {chance.choice(_WAYS)} {chance.choice(_THINGS)} {number}."
            for number in range(page, page + 100)
        )
        (place / f"page-{page:05}.md").write_text(f"---\ntitle: Page {page}\nkind: article\n---\n{text}\n")


def ask(index: Index, embedder: Embedder) -> Answers:
    found = [index.nearest(embedder.embed_query(question), 20) for question in _QUESTIONS]
    return Answers(
        len(index.passages),
        [{passage for passage, _ in ranked} for ranked in found],
        [cosine for ranked in found for _, cosine in ranked],
        [index.matching(question, 20) for question in _QUESTIONS],
    )


def assert_answers(index: Index, embedder: Embedder, town: Town) -> None:
    """The index says what the town's index said; a text embedded again may differ in the last digits."""
    said = ask(index, embedder)
    assert (said.passages, said.by_meaning, said.by_wording) == (
        town.answers.passages,
        town.answers.by_meaning,
        town.answers.by_wording,
    )
    assert said.cosines == pytest.approx(town.answers.cosines, abs=1e-4)


def assert_repaired(town: Town, data: Path, embedder: Embedder) -> None:
    """The next start answers as before and embeds nothing; the one after it finds nothing to do."""
    with open_index(town.corpus, embedder, data) as index:
        assert index.state.embedded == 0
        assert_answers(index, embedder, town)
    built = find_built(data)
    assert built is not None
    assert built.is_whole()
    assert sync(town.corpus, embedder, data).folder == built.folder


def copy_of(town: Town, place: Path) -> Path:
    """Copy the data folder, to be harmed."""
    return Path(shutil.copytree(town.data, place / "data"))


def start_writing(sources: Path, data: Path) -> "subprocess.Popen[str]":
    """Start a process that is about to write when this returns."""
    process = subprocess.Popen([sys.executable, "-c", _WRITE, sources, data], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _indexed(sources: Path, data: Path, embedder: Embedder) -> Town:
    corpus = read_corpus(sources)
    with open_index(corpus, embedder, data) as index:
        return Town(sources, corpus, data, ask(index, embedder))


@pytest.fixture(scope="session")
def town(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Generated pages, many enough that Chroma keeps all its files."""
    place = tmp_path_factory.mktemp("town")
    write_sources(place / "sources", _PASSAGES)
    return _indexed(place / "sources", place / "data", embedder)


@pytest.fixture(scope="session")
def village(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The real sources: few, so quickly repaired."""
    return _indexed(default_corpus_folder(), tmp_path_factory.mktemp("village"), embedder)
