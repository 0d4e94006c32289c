"""A terminal gets lines that fit it and bars for long work; other programs get whole lines and few words."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from roros_assistant.ui import terminal
from roros_assistant.ui.terminal import ShownProgress, wrap

ROROS = [sys.executable, "-c", "from roros_assistant.ui.cli import main; main()"]
LONG = "- “" + "word " * 30 + "”"


def environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ROROS_")} | variables


def run_in_terminal(code: str, *, columns: int = 60) -> list[str]:
    """Run Python code whose output and errors are a terminal; the lines it shows."""
    ours, theirs = pty.openpty()
    env = environment(COLUMNS=str(columns), TERM="xterm", NO_COLOR="")
    process = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = read_to_end(ours).decode()
    assert process.wait() == 0, shown
    return shown.splitlines()


def read_to_end(screen: int) -> bytes:
    """Everything that was written to a terminal until its last writer closed it."""
    whole = b""
    while True:
        try:
            part = os.read(screen, 4096)
        except OSError:  # how Linux says that a terminal has no writer left
            part = b""
        if not part:
            os.close(screen)
            return whole
        whole += part


def test_in_a_terminal_lines_are_wrapped_and_hang_under_their_mark() -> None:
    lines = run_in_terminal(f"from roros_assistant.ui.terminal import wrap; print(wrap({LONG!r}))")
    assert len(lines) == 3
    assert max(map(len, lines)) <= 60
    assert [line[:2] for line in lines] == ["- ", "  ", "  "]


ANSWER = """
from roros_assistant.types import *
from roros_assistant.ui.terminal import spoken
text = "The train takes 2.5 hours."
quote = Citation(1, "a", Kind.ARTICLE, Kind.ARTICLE, "A", None, None, None, None, False, 0, 26, text)
claim = Claim(text, (Passage("a", 0, 26, text),), citations=(1,))
short = Short("2.5 hours", 1, 16, 25)
made = Answer("How long?", "How long?", Status.ANSWERED, (claim,), (quote,), suggestions=("Where to stay?",),
              about="the train", short=short)
print(spoken(made))
"""


def test_a_terminal_shows_what_it_is_about_the_short_answer_in_bold_and_what_to_ask_next() -> None:
    assert run_in_terminal(ANSWER) == [
        "About: the train",
        "",
        "\x1b[1m2.5 hours\x1b[0m [1]",
        "",
        "“The train takes 2.5 hours.” [1]",
        "",
        "[1] Article, A, Article",
        "",
        "Ask next:",
        "",
        "- Where to stay?",
    ]


def test_elsewhere_an_answer_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    exec(ANSWER, {})
    assert capsys.readouterr().out.startswith("About: the train\n\n2.5 hours [1]\n\n“")


def test_elsewhere_lines_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert wrap(LONG) == LONG


def test_characters_that_could_steer_the_terminal_are_spaces() -> None:
    assert wrap("one\x1b[2Jtwo\r\x9b3\x07\nthree") == "one [2Jtwo  3 \nthree"


def test_the_doctors_lines_fit_a_narrow_terminal(tmp_path: Path) -> None:
    code = f"import sys; sys.argv = ['roros', 'doctor', '--data', {str(tmp_path)!r}]\n"
    code += "from roros_assistant.ui.cli import main\ntry: main()\nexcept SystemExit: pass"
    lines = run_in_terminal(code)
    (settings,) = [row for row, line in enumerate(lines) if line.startswith("ok       settings  ")]
    assert max(len(line) for line in lines if "/" not in line) <= 60
    assert lines[settings + 1].startswith(" " * len("ok       embedding model  "))


def test_a_terminal_that_lacks_a_letter_gets_the_rest(tmp_path: Path) -> None:
    words = ["doctor", "--corpus", str(tmp_path / "Røros ☃")]
    done = subprocess.run([*ROROS, *words], env=environment(PYTHONIOENCODING="latin-1"), capture_output=True)
    assert "Røros ?: no such folder".encode("latin-1") in done.stdout
    assert done.stderr == b""


def test_in_a_terminal_long_work_is_a_bar_that_goes_when_it_is_done() -> None:
    code = """
from roros_assistant.ui.terminal import ShownProgress
with ShownProgress() as progress:
    for done in range(4):
        progress("embedding", done, 3)
print("the answer")
"""
    lines = run_in_terminal(code)
    assert any("embedding" in line and "100%" in line for line in lines)
    assert lines[-1].endswith("the answer")


def test_elsewhere_short_work_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with ShownProgress() as progress:
        progress("embedding", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_elsewhere_long_work_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "_EVERY", 0.0)
    with ShownProgress() as progress:
        progress("embedding", 1, 2)
    assert capsys.readouterr() == ("", "embedding: 1 of 2\n")
