"""Writers that meet, wait or are killed, and readers that outlive the index they read or are killed themselves."""

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from towns import Town, assert_answers, assert_repaired, copy_of, start_writing

from roros_assistant.embed import Embedder
from roros_assistant.errors import IndexBusy
from roros_assistant.index import folder, open_index, sync
from roros_assistant.index.build import read_source
from roros_assistant.index.folder import find_built
from roros_assistant.types import Destination


def test_two_writers_at_once_make_one_good_index_and_call_no_host(
    village: Town, embedder: Embedder, tmp_path: Path
) -> None:
    writers = [start_writing(village.sources, tmp_path) for _ in range(2)]
    states = sorted(writer.communicate()[0].split() for writer in writers)
    [path] = tmp_path.glob("index-*")
    with open_index(village.corpus, embedder, tmp_path) as index:
        assert states == [["0", path.name, "[]"], [str(len(index.passages)), path.name, "[]"]]
        assert index.state.embedded == 0
        assert_answers(index, embedder, village)


def test_a_writer_that_does_not_finish_is_waited_for_and_then_named(
    embedder: Embedder, village: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
            sync(village.corpus, embedder, tmp_path, progress=lambda what, done, total: told.append(what))
        other.kill()
    assert set(told) == {"waiting for another process"}
    assert sync(village.corpus, embedder, tmp_path).embedded > 0


def test_ctrl_c_in_the_middle_leaves_the_old_index_and_no_litter(
    town: Town, embedder: Embedder, tmp_path: Path
) -> None:
    data = copy_of(town, tmp_path)
    before = sorted(path.name for path in data.iterdir())

    def interrupt(what: str, done: int, total: int) -> None:
        if what == "storing" and done >= 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(replace(town.corpus, destination=Destination(name="Holmby")), embedder, data, progress=interrupt)
    assert sorted(path.name for path in data.iterdir()) == before
    assert_repaired(town, data, embedder)


def test_a_reader_answers_on_while_the_index_is_replaced(
    town: Town, village: Town, embedder: Embedder, tmp_path: Path
) -> None:
    data = copy_of(town, tmp_path)
    with open_index(town.corpus, embedder, data) as old:
        with open_index(village.corpus, embedder, data) as new:
            assert len(list(data.glob("reader-*"))) == 2
            assert_answers(new, embedder, village)
        assert_answers(old, embedder, town)
    assert list(data.glob("reader-*")) == []


@pytest.mark.parametrize(("end", "left"), [("pass", 0), ("os.kill(os.getpid(), 9)", 1)], ids=["at its end", "killed"])
def test_a_copy_is_removed_when_its_reader_ends_or_by_the_next_one(
    village: Town, embedder: Embedder, tmp_path: Path, end: str, left: int
) -> None:
    data = copy_of(village, tmp_path)
    code = f"""if True:
        import os, sys
        from pathlib import Path
        from roros_assistant.documents import read_corpus
        from roros_assistant.embed import load_embedder
        from roros_assistant.index import open_index
        index = open_index(read_corpus(Path(sys.argv[1])), load_embedder(), Path(sys.argv[2]))
        print(len(index.nearest([1.0] * 384, 5)), flush=True)
        {end}
    """
    command = [sys.executable, "-c", code, str(village.sources), str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("5\n", "")
    assert len(list(data.glob("reader-*"))) == left
    sync(village.corpus, embedder, data)
    assert list(data.glob("reader-*")) == []


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
    timed = start_writing(town.sources, Path(shutil.copytree(start, tmp_path / "timed")))
    begun = time.monotonic()
    timed.communicate()
    whole = time.monotonic() - begun
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
    assert killed >= 10  # the rest came too late


@pytest.mark.slow
def test_a_writer_killed_while_it_embeds_keeps_what_it_has_embedded(
    town: Town, embedder: Embedder, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for kills in range(1, 6):
        process = start_writing(town.sources, data)
        while size_of(data / "vectors.sqlite") < kills * 300_000:  # bytes: some 150 vectors more
            time.sleep(0.01)
        assert kill_after(process, 0)
        assert find_built(data) is None
    with open_index(town.corpus, embedder, data) as index:
        assert 0 < index.state.embedded < len(index.passages) - 500
        assert_answers(index, embedder, town)


def size_of(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
