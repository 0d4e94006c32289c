"""Whatever is cut short, deleted or scribbled over is found out at the next start and made again, unasked."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from towns import Town, assert_answers, assert_repaired, copy_of

from roros_assistant.embed import Embedder
from roros_assistant.errors import IndexUnusable
from roros_assistant.index import open_index, reader, sync
from roros_assistant.index.build import STORE
from roros_assistant.index.folder import find_built, publish

slow = pytest.mark.slow


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


@pytest.mark.parametrize("harm", [truncate, Path.unlink], ids=["truncated", "deleted"])
@pytest.mark.parametrize(
    "pattern",
    [
        "current",
        "index-*/manifest.json",
        "index-*/passages.json",
        "index-*/bm25/data.csc.index.npy",
        "index-*/bm25/vocab.index.json",
        "vectors.sqlite",
    ],
)
def test_a_harmed_file_of_ours_is_made_again(
    embedder: Embedder, village: Town, tmp_path: Path, pattern: str, harm: Callable[[Path], None]
) -> None:
    data = copy_of(village, tmp_path)
    harm(only(data, pattern))
    assert_repaired(village, data, embedder)


@pytest.mark.parametrize("harm", [truncate, Path.unlink], ids=["truncated", "deleted"])
@pytest.mark.parametrize("pattern", ["index-*/chroma/chroma.sqlite3", "index-*/chroma/*/data_level0.bin"])
def test_a_harmed_file_of_the_store_is_made_again(
    embedder: Embedder, town: Town, tmp_path: Path, pattern: str, harm: Callable[[Path], None]
) -> None:
    data = copy_of(town, tmp_path)
    harm(only(data, pattern))
    assert_repaired(town, data, embedder)


@pytest.mark.parametrize("line", [b"", b"\xff\xfe\n", b"index-0123456789abcdef\n", b"../../etc " + b"0" * 64 + b"\n"])
def test_a_wrong_line_in_current_names_no_index(village: Town, tmp_path: Path, line: bytes) -> None:
    data = copy_of(village, tmp_path)
    (data / "current").write_bytes(line)
    assert find_built(data) is None


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda store: shutil.rmtree(only(store, "*-*")), id="the vectors' folder is gone"),
        pytest.param(lambda store: scribble(only(store, "*/index_metadata.pickle")), id="its map of rows is noise"),
        pytest.param(lambda store: scribble(store / "chroma.sqlite3"), id="its database is noise"),
        pytest.param(lambda store: scribble(only(store, "*/data_level0.bin")), id="its vectors are noise", marks=slow),
        pytest.param(lambda store: truncate(store / "chroma.sqlite3"), id="its database is cut", marks=slow),
    ],
)
def test_a_store_that_looks_whole_but_is_not_is_found_out_and_made_again(
    town: Town, embedder: Embedder, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    data = copy_of(town, tmp_path)
    harm(only(data, "index-*") / STORE)
    trust_again(data)
    assert_repaired(town, data, embedder)


def test_a_store_that_never_answers_is_named_not_waited_for(
    village: Town, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = copy_of(village, tmp_path)
    monkeypatch.setattr(reader, "_PROBE_PATIENCE", 0.01)
    with pytest.raises(IndexUnusable, match=r"no answer within .*pip install"):
        open_index(village.corpus, embedder, data)
    assert list(data.glob("reader-*")) == []


@pytest.mark.parametrize("harm", [truncate, scribble, Path.unlink], ids=["truncated", "scribbled over", "deleted"])
def test_harmed_vectors_are_embedded_again_and_never_believed(
    village: Town, embedder: Embedder, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """The index is lost too, so that the kept vectors are all there is."""
    data = copy_of(village, tmp_path)
    (data / "current").unlink()
    harm(data / "vectors.sqlite")
    with open_index(village.corpus, embedder, data) as index:
        assert index.state.embedded > 0
        assert_answers(index, embedder, village)


def test_a_vector_changed_in_its_file_is_embedded_again(village: Town, embedder: Embedder, tmp_path: Path) -> None:
    data = copy_of(village, tmp_path)
    with closing(sqlite3.connect(data / "vectors.sqlite")) as table, table:
        table.execute("UPDATE vectors SET vector = zeroblob(1536) WHERE rowid = 5")
        table.execute("UPDATE vectors SET vector = 'words' WHERE rowid = 6")
    (data / "current").unlink()
    assert sync(village.corpus, embedder, data).embedded == 2
