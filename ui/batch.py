"""A file of questions, one JSON object a line -> one answer a line; a bad line is told its fault and the rest go on."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from roros_assistant.errors import InputInvalid
from roros_assistant.present import as_json
from roros_assistant.question import check_question, whole_characters
from roros_assistant.settings import Settings
from roros_assistant.types import Answer, Turn

from .terminal import ShownProgress

Ask = Callable[[str, Sequence[Turn]], Answer]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: a question, or what is wrong with it."""

    id: str | int | None
    question: str = ""
    history: tuple[Turn, ...] = ()
    fault: str = ""


@contextlib.contextmanager
def open_lines(name: str, what: str = "questions") -> Iterator[BinaryIO]:
    """Open a file of questions or the like; ``-`` is standard input.

    Raises:
        InputInvalid: the file cannot be read.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below; a fault while answering is not a fault of the file
    except OSError as error:
        raise InputInvalid(
            f"{name} cannot be read: {error.strerror}. Name a file of {what}, or - for standard input"
        ) from None
    with file:
        yield file


def answer_file(name: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """Answer a file of questions, one assistant for all of them.

    Raises:
        InputInvalid: the file cannot be read.
    """
    with open_lines(name) as lines:
        from roros_assistant.assistant import open_assistant

        with ShownProgress() as progress:
            assistant = open_assistant(settings, progress=progress)
        try:
            yield from answer_lines(lines, assistant.ask)
        finally:
            assistant.close()


def answer_lines(lines: Iterable[bytes], ask: Ask) -> Iterator[dict[str, Any]]:
    """Answer line by line, in order, as the lines come; blank lines are no questions."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        line = read_line(raw, number)
        if line.fault:
            yield {"id": line.id, "error": line.fault}
        else:
            yield {**as_json(ask(line.question, line.history)), "id": line.id}


def read_line(raw: bytes, number: int) -> Line:
    """Read one line; fields that we do not know are the writer's own business."""
    id, fields, fault = read_fields(raw, number, expected='{"question": "..."}')
    if fault:
        return Line(id, fault=fault)
    try:
        return Line(id, check_question(fields.get("question")), _history(fields.get("history")))
    except InputInvalid as error:
        return Line(id, fault=f"line {number}: {error}")


def read_fields(raw: bytes, number: int, *, expected: str) -> tuple[str | int | None, dict[str, Any], str]:
    """The id and the fields of a line that is a JSON object, or what is wrong with it, said with an example."""
    try:
        fields = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, {}, f"line {number}: not UTF-8"
    except (ValueError, RecursionError) as error:
        return None, {}, f"line {number}: not a JSON object ({error})"
    if not isinstance(fields, dict):
        return None, {}, f"line {number}: not a JSON object; expected {expected}"
    id = fields.get("id")
    if not isinstance(id, str | int | None) or isinstance(id, bool):
        return None, {}, f"line {number}: the id is a string or a number"
    return id, fields, ""


def _history(turns: object) -> tuple[Turn, ...]:
    if turns is None:
        return ()
    if not isinstance(turns, list):
        raise InputInvalid("the history is a list of turns")
    return tuple(map(_turn, turns))


def _turn(turn: object) -> Turn:
    fields = turn if isinstance(turn, dict) else {}
    role, content = fields.get("role"), fields.get("content")
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise InputInvalid('a turn of the history is {"role": "user" or "assistant", "content": "..."}')
    return Turn(role, whole_characters(content))
