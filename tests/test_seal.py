"""What a browser kept of a chat model's answer: known again as it was checked, and not otherwise."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from roros_assistant.ui.web.seal import Seal

STORED: dict[str, Any] = {
    "writer": "openai:m",
    "claims": [{"text": "The mill opens at nine.", "citations": [1], "support": 1.0}],
    "citations": [{"number": 1, "document": "mill", "start": 0, "end": 9, "quote": "Open at 9."}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "page.key"


def test_a_mark_fits_after_a_browser_and_a_restart(file: Path) -> None:
    sealed = STORED | {"seal": Seal(file).mark(STORED)}
    sealed["claims"] = [{"text": "The mill opens at nine.", "citations": [1], "support": 1}]  # as JavaScript writes 1.0
    assert Seal(file).fits(json.loads(json.dumps(sealed)))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["page.key"]


@pytest.mark.parametrize(
    "change",
    [
        {"claims": [{"text": "The mill never opens.", "citations": [1]}]},
        {"citations": [{**STORED["citations"][0], "quote": "Shut."}]},
        {"writer": "openai:n"},
        {"seal": "0" * 64},
        {"seal": None},
        {"seal": "ø"},
    ],
)
def test_it_does_not_fit_what_was_changed(change: dict[str, Any], file: Path) -> None:
    seal = Seal(file)
    assert not seal.fits(STORED | {"seal": seal.mark(STORED)} | change)


def test_another_servers_mark_does_not_fit(file: Path, tmp_path: Path) -> None:
    sealed = STORED | {"seal": Seal(tmp_path / "other.key").mark(STORED)}
    assert not Seal(file).fits(sealed)


def test_servers_that_start_at_once_share_one_key(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        marks = set(pool.map(lambda _: Seal(file).mark(STORED), range(16)))
    assert len(marks) == 1


def test_without_a_place_for_the_key_marks_fit_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    seal = Seal(tmp_path / "file" / "page.key")
    assert seal.fits(STORED | {"seal": seal.mark(STORED)})
