"""What a terminal shows: an answer, wrapped text that cannot steer it, and the progress of long work."""

import json
import os
import re
import shutil
import sys
import textwrap
import time
from io import TextIOWrapper
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from roros_assistant.doctor import Check
    from roros_assistant.types import Answer

_WIDEST = 100  # columns: longer lines are hard to read
_EVERY = 5.0  # seconds between two lines of progress where no terminal can show a bar
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_MARK = re.compile(r"- |\[\d+\] ")


def spoken(answer: "Answer") -> str:
    """An answer as a person at a terminal reads it: first what it is about, last what could be asked next."""
    from roros_assistant.present import as_text
    from roros_assistant.types import Status

    about = [f"About: {answer.about}"] if answer.about else []
    asked = [f"- {question}" for question in answer.suggestions]
    # Without an answer, the next questions are part of what is said.
    following = ["\n".join(["Ask next:", "", *asked])] if asked and answer.status is Status.ANSWERED else []
    return _embolden(wrap("\n\n".join([*about, as_text(answer), *following])), answer)


def _embolden(text: str, answer: "Answer") -> str:
    if answer.short is None or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    words, mark = wrap(answer.short.text.strip()), f" [{answer.short.citation}]"
    return text.replace(f"{words}{mark}", f"\x1b[1m{words}\x1b[0m{mark}", 1)


def wrap(text: str, indent: int = 0) -> str:
    """Wrap each line to the terminal, list items and numbered sources with a hanging indent.

    Control characters, which could move the cursor or hide words, become spaces. Where the output is no terminal,
    lines stay whole, for other programs.

    Args:
        text: any number of lines.
        indent: columns before what a line goes on with, for lines that have no mark of their own.
    """
    text = _CONTROL.sub(" ", text)
    if not sys.stdout.isatty():
        return text
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return "\n".join(_wrap_line(line, width, indent) for line in text.split("\n"))


def _wrap_line(line: str, width: int, indent: int) -> str:
    mark = _MARK.match(line)
    hanging = " " * (mark.end() if mark else indent)
    return textwrap.fill(line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


class ShownProgress:
    """Shows long work on standard error: bars in a terminal, elsewhere a line every few seconds.

    Work that is done before the first line is due shows nothing.
    """

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._last = time.monotonic()

    def __enter__(self) -> "ShownProgress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of how far the work is."""
        if sys.stderr.isatty():
            self._draw(what, done, total)
        elif time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    def _draw(self, what: str, done: int, total: int) -> None:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bars = Progress(console=Console(stderr=True), transient=True)
            self._bars.start()
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)


def print_checks(checks: "list[Check]") -> None:
    """Each check on a line, and under a fault what repairs it."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        print(wrap(f"{check.severity:<7}  {check.name:<{width}}  {check.message}", indent=width + 11))
        if check.remedy:
            print(wrap(f"{'':<{width + 9}}  -> {check.remedy}", indent=width + 14))


def print_json(record: dict[str, Any]) -> None:
    """One line, at once, in UTF-8 whatever the locale: another program reads it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    print(json.dumps(record, ensure_ascii=False), flush=True)
