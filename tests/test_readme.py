"""The README tells the truth: its commands, settings, files and picture are the ones that are there."""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from roros_assistant.settings import Settings
from roros_assistant.ui.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN_PATHS = sorted(
    {
        path
        for path in re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", README)
        if "/" in path or path.endswith((".md", ".py", ".toml", ".txt", ".yaml"))
    }
)
LINKED_PATHS = sorted({link for link in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in link})
IMAGES = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", README)


def test_the_two_commands_that_start_and_test_it_stand_within_the_first_25_lines() -> None:
    beginning = README.splitlines()[:25]
    assert {"make run", "make test"} <= {line.strip().removeprefix("$ ").split("  ")[0] for line in beginning}


def test_it_shows_every_command_and_no_other() -> None:
    shown = set(re.findall(r"^\$ roros (\w+)", README, re.MULTILINE))
    assert shown == {command.callback.__name__ for command in app.registered_commands if command.callback}


def test_it_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"\bROROS_[A-Z_]*[A-Z]\b", README))
    assert named == {f"ROROS_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", SHOWN_PATHS)
def test_a_file_that_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists() or list(ROOT.glob(f"src/roros_assistant/{path}"))


@pytest.mark.parametrize("path", LINKED_PATHS)
def test_a_file_that_it_links_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_make_target_that_it_names_is_in_the_makefile() -> None:
    code = "\n".join(re.findall(r"`[^`]+`|^\$? ?make .*$", README, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)\b", code))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named - targets == set()


@pytest.mark.parametrize("code", re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_its_examples_run_as_they_stand(code: str, tmp_path: Path) -> None:
    environment = {**os.environ, "ROROS_DATA": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stderr
    first, grown, found = ran.stdout.splitlines()
    assert first.startswith("answered [")
    assert grown.startswith("[1")
    assert "Trondheim" in found


def test_it_shows_the_page_as_it_looks() -> None:
    pictures = [(words, ROOT / path) for words, path in IMAGES if "://" not in path]
    assert pictures
    for words, path in pictures:
        assert words, "a picture says in words what it shows"
        header = path.read_bytes()[:24]
        assert header.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", header[16:24])
        assert width >= 800
        assert height >= 500
