"""Whatever is killed, cut short or deleted: the next start has the old index or none, and repairs it unasked."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.embed import Embedder
from roros_assistant.errors import IndexBusy, IndexUnusable
from roros_assistant.index import Index, folder, open_index, reader, sync
from roros_assistant.index.build import STORE, read_source
from roros_assistant.index.folder import find_built, publish
from roros_assistant.types import Corpus, Destination

# Above 1,000 rows Chroma keeps its map of rows in a file of its own, which can be lost on its own.
_PASSAGES = 1_600
_THINGS = ("church", "mine", "museum", "bakery", "hotel", "station", "river", "market", "cabin", "trail", "bridge")
_WAYS = ("opens near", "lies beyond", "is known for", "burned down with", "belongs to", "faces", "leads to")
# What runs in a process that is killed or waits: it says when it is about to write.
_WRITE = """if True:
    import sys
    from pathlib import Path
    from roros_assistant.documents import read_corpus
    from roros_assistant.embed import load_embedder
    from roros_assistant.index import sync
    corpus = read_corpus(Path(sys.argv[1]))
    embedder = load_embedder()
    print("ready", flush=True)
    state = sync(corpus, embedder, Path(sys.argv[2]))
    print(state.embedded, state.folder.name, flush=True)
"""


@dataclass(frozen=True)
class Town:
    """A generated corpus, a data folder that holds its index, and what that index answers."""

    sources: Path
    corpus: Corpus
    data: Path
    answers: list[object]


def write_sources(place: Path, passages: int) -> Corpus:
    """Write pages of a hundred different sentences each."""
    chance = random.Random(7)
    place.mkdir()
    for page in range(0, passages, 100):
        text = "\n\n".join(
            f"The {chance.choice(_THINGS)} {chance.choice(_WAYS)} {chance.choice(_THINGS)} {number}."
            for number in range(page, page + 100)
        )
        (place / f"page-{page:05}.md").write_text(f"---\ntitle: Page {page}\nkind: article\n---\n{text}\n")
    return read_corpus(place)


def answers(index: Index, embedder: Embedder) -> list[object]:
    """What an index says to a few questions, in full."""
    questions = ["the church burned down", "Where is the bakery?", "museum 7", "river bridge", "What closes early?"]
    by_meaning = [index.nearest(embedder.embed_query(question), 20) for question in questions]
    found = [[(passage, round(cosine, 4)) for passage, cosine in ranked] for ranked in by_meaning]
    return [len(index.passages), found, [index.matching(question, 20) for question in questions]]


@pytest.fixture(scope="module")
def town(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Town:
    place = tmp_path_factory.mktemp("town")
    corpus = write_sources(place / "sources", _PASSAGES)
    with open_index(corpus, embedder, place / "data") as index:
        assert index.state.embedded == len(index.passages) == _PASSAGES
        return Town(place / "sources", corpus, place / "data", answers(index, embedder))


@pytest.fixture
def data(town: Town, tmp_path: Path) -> Path:
    """A copy of the town's data folder, to be harmed."""
    return Path(shutil.copytree(town.data, tmp_path / "data"))


def only(data: Path, pattern: str) -> Path:
    [found] = data.glob(pattern)
    return found


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def scribble(file: Path) -> None:
    """Overwrite the middle third, as a bad disk would."""
    whole = bytearray(file.read_bytes())
    third = len(whole) // 3
    whole[third : 2 * third] = random.Random(3).randbytes(third)
    file.write_bytes(whole)


def trust_again(data: Path) -> None:
    """Make the manifest vouch for the files as they are now, so that only a look into the store can tell."""
    built = find_built(data)
    assert built is not None
    (built.folder / "manifest.json").unlink()
    publish(data, built.folder, fingerprint=built.fingerprint, embedder=built.embedder, passages=built.passages)


def assert_repaired(town: Town, data: Path, embedder: Embedder) -> None:
    with open_index(town.corpus, embedder, data) as index:
        assert index.state.embedded == 0
        assert answers(index, embedder) == town.answers
    built = find_built(data)
    assert built is not None
    assert built.is_whole()
    assert sync(town.corpus, embedder, data).folder == built.folder


@pytest.mark.parametrize("harm", [truncate, Path.unlink], ids=["truncated", "deleted"])
@pytest.mark.parametrize(
    "pattern",
    [
        "current",
        "index-*/manifest.json",
        "index-*/passages.json",
        "index-*/bm25/data.csc.index.npy",
        "index-*/bm25/vocab.index.json",
        "index-*/chroma/chroma.sqlite3",
        "index-*/chroma/*/data_level0.bin",
        "vectors.sqlite",
    ],
)
def test_a_harmed_file_is_made_again(
    town: Town, data: Path, embedder: Embedder, pattern: str, harm: Callable[[Path], None]
) -> None:
    harm(only(data, pattern))
    assert_repaired(town, data, embedder)


@pytest.mark.parametrize("line", [b"", b"\xff\xfe\n", b"index-0123456789abcdef\n", b"../../etc " + b"0" * 64 + b"\n"])
def test_a_wrong_line_in_current_names_no_index(data: Path, line: bytes) -> None:
    (data / "current").write_bytes(line)
    assert find_built(data) is None


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda store: shutil.rmtree(only(store, "*-*")), id="the vectors' folder is gone"),
        pytest.param(lambda store: scribble(only(store, "*/data_level0.bin")), id="its vectors are noise"),
        pytest.param(lambda store: scribble(only(store, "*/index_metadata.pickle")), id="its map of rows is noise"),
        pytest.param(lambda store: scribble(store / "chroma.sqlite3"), id="its database is noise"),
        pytest.param(lambda store: (store / "chroma.sqlite3").write_bytes(b""), id="its database is empty"),
    ],
)
def test_a_store_that_looks_whole_but_is_not_is_found_out_and_made_again(
    town: Town, data: Path, embedder: Embedder, harm: Callable[[Path], None]
) -> None:
    harm(only(data, "index-*") / STORE)
    trust_again(data)
    assert_repaired(town, data, embedder)


def test_a_store_that_never_answers_is_named_not_waited_for(
    data: Path, town: Town, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_PROBE_PATIENCE", 0.01)
    with pytest.raises(IndexUnusable, match=r"no answer within .*pip install"):
        open_index(town.corpus, embedder, data)
    assert list(data.glob("reader-*")) == []


@pytest.mark.parametrize("harm", [truncate, scribble, Path.unlink], ids=["truncated", "scribbled over", "deleted"])
def test_harmed_vectors_are_embedded_again_and_never_believed(
    embedder: Embedder, roros_corpus: Corpus, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """The index is lost too, so that the kept vectors are all there is."""
    with open_index(roros_corpus, embedder, tmp_path) as index:
        before = answers(index, embedder)
    (tmp_path / "current").unlink()
    harm(tmp_path / "vectors.sqlite")
    with open_index(roros_corpus, embedder, tmp_path) as index:
        assert index.state.embedded > 0
        assert answers(index, embedder) == before


def test_a_vector_changed_in_its_file_is_embedded_again(
    embedder: Embedder, roros_corpus: Corpus, tmp_path: Path
) -> None:
    sync(roros_corpus, embedder, tmp_path)
    with closing(sqlite3.connect(tmp_path / "vectors.sqlite")) as table, table:
        table.execute("UPDATE vectors SET vector = zeroblob(1536) WHERE rowid = 5")
        table.execute("UPDATE vectors SET vector = 'words' WHERE rowid = 6")
    (tmp_path / "current").unlink()
    assert sync(roros_corpus, embedder, tmp_path).embedded == 2


def test_two_writers_at_once_make_one_good_index(embedder: Embedder, roros_corpus: Corpus, tmp_path: Path) -> None:
    writers = [start_writing(default_corpus_folder(), tmp_path) for _ in range(2)]
    states = sorted(writer.communicate()[0].split() for writer in writers)
    [path] = tmp_path.glob("index-*")
    with open_index(roros_corpus, embedder, tmp_path) as index:
        assert states == [["0", path.name], [str(len(index.passages)), path.name]]
        assert index.state.embedded == 0
        assert len(index.nearest(embedder.embed_query("snow"), 1_000)) == len(index.passages)


def test_a_writer_that_does_not_finish_is_waited_for_and_then_named(
    embedder: Embedder, roros_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_PATIENCE", 2.0)
    told: list[str] = []
    code = "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire(); print(); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(IndexBusy, match=r"for over 2 s.* --data DIR"):
            sync(roros_corpus, embedder, tmp_path, progress=lambda what, done, total: told.append(what))
        other.kill()
    assert set(told) == {"waiting for another process"}
    assert sync(roros_corpus, embedder, tmp_path).embedded > 0


def test_ctrl_c_in_the_middle_leaves_the_old_index_and_no_litter(
    town: Town, data: Path, embedder: Embedder, tmp_path: Path
) -> None:
    before = sorted(path.name for path in data.iterdir())

    def interrupt(what: str, done: int, total: int) -> None:
        if what == "storing" and done >= 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(replace(town.corpus, destination=Destination(name="Holmby")), embedder, data, progress=interrupt)
    assert sorted(path.name for path in data.iterdir()) == before
    assert_repaired(town, data, embedder)


def test_a_reader_answers_on_while_the_index_is_replaced(
    town: Town, data: Path, embedder: Embedder, roros_corpus: Corpus
) -> None:
    with open_index(town.corpus, embedder, data) as old:
        with open_index(roros_corpus, embedder, data) as new:
            assert len(list(data.glob("reader-*"))) == 2
            assert len(new.nearest(embedder.embed_query("weather"), 1_000)) == len(new.passages)
        assert answers(old, embedder) == town.answers
    assert list(data.glob("reader-*")) == []


@pytest.mark.parametrize(("end", "left"), [("pass", 0), ("os.kill(os.getpid(), 9)", 1)], ids=["at its end", "killed"])
def test_a_reader_that_ends_calls_no_host_and_its_copy_is_removed(
    town: Town, data: Path, embedder: Embedder, end: str, left: int
) -> None:
    code = f"""if True:
        import os, sys
        calls = []
        outside = {{"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}}
        sys.addaudithook(lambda event, args: calls.append(args) if event in outside else None)
        from pathlib import Path
        from roros_assistant.documents import read_corpus
        from roros_assistant.embed import load_embedder
        from roros_assistant.index import open_index
        embedder = load_embedder()
        index = open_index(read_corpus(Path(sys.argv[1])), embedder, Path(sys.argv[2]))
        print(len(index.nearest(embedder.embed_query("snow"), 5)), calls, flush=True)
        {end}
    """
    command = [sys.executable, "-c", code, town.sources, data]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("5 []\n", "")
    assert len(list(data.glob("reader-*"))) == left
    assert_repaired(town, data, embedder)
    assert list(data.glob("reader-*")) == []


def start_writing(sources: Path, data: Path) -> "subprocess.Popen[str]":
    """Start a process that is about to write when this returns."""
    process = subprocess.Popen([sys.executable, "-c", _WRITE, sources, data], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill_after(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Kill a process at that moment; whether it was still at work."""
    time.sleep(seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("old", [True, False], ids=["with an old index", "with none"])
def test_a_writer_killed_at_any_moment_leaves_the_old_index_or_none(
    town: Town, embedder: Embedder, tmp_path: Path, old: bool
) -> None:
    """The vectors are there already, so that the kills fall into the writing of the index."""
    chance = random.Random(11 + old)
    earlier = replace(town.corpus, documents=town.corpus.documents[1:])
    start = tmp_path / "start"
    start.mkdir()
    shutil.copy(town.data / "vectors.sqlite", start)
    if old:
        sync(earlier, embedder, start)
    begun = time.monotonic()
    start_writing(town.sources, Path(shutil.copytree(start, tmp_path / "timed"))).communicate()
    whole = time.monotonic() - begun - 1  # less the imports
    fingerprints = {read_source(corpus, embedder).fingerprint for corpus in (earlier, town.corpus)}
    killed = 0
    for attempt in range(25):
        data = Path(shutil.copytree(start, tmp_path / f"data-{attempt}"))
        killed += kill_after(start_writing(town.sources, data), chance.uniform(0, whole))
        built = find_built(data)
        assert built is not None or not old
        assert built is None or (built.is_whole() and built.fingerprint in fingerprints)
        assert_repaired(town, data, embedder)
        assert sorted(path.name.partition("-")[0] for path in data.iterdir()) == [
            "current",
            "index",
            "lock",
            "vectors.sqlite",
        ]
        shutil.rmtree(data)
    assert killed >= 15


@pytest.mark.slow
def test_a_writer_killed_while_it_embeds_keeps_what_it_has_embedded(
    town: Town, embedder: Embedder, tmp_path: Path
) -> None:
    chance = random.Random(5)
    data = tmp_path / "data"
    for _ in range(5):
        assert kill_after(start_writing(town.sources, data), 8 + chance.uniform(0, 2))
        assert find_built(data) is None
    with open_index(town.corpus, embedder, data) as index:
        assert 0 < index.state.embedded < len(index.passages)
        assert answers(index, embedder) == town.answers
