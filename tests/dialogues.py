"""Dialogues about the sources, and what makes the assistant's turns in them right; used by tests and benchmarks."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roros_assistant.assistant import Assistant
from roros_assistant.present import as_text
from roros_assistant.types import Answer, Turn

Dialogue = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One turn of a dialogue, how it was answered, and whether a fair reader accepts that."""

    question: str
    answer: Answer
    right: bool


def load_dialogues(name: str = "dialogues") -> list[Dialogue]:
    """Every dialogue, in the order of the file; those of "dialogues_other" are other writers', and fitted nothing."""
    lines = Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def play(assistant: Assistant, dialogue: Dialogue) -> list[Verdict]:
    """Ask the turns of a dialogue in their order, each with the assistant's own answers so far as history."""
    history: list[Turn] = []
    verdicts = []
    for turn in dialogue["turns"]:
        answer = assistant.ask(turn["user"], history)
        verdicts.append(Verdict(turn["user"], answer, is_right(answer, turn)))
        history += [Turn("user", turn["user"]), Turn("assistant", as_text(answer))]
    return verdicts


def is_right(answer: Answer, turn: dict[str, Any]) -> bool:
    """Whether the status is allowed and, where quotes are named, one is in the first three citations of an answer."""
    if answer.status not in turn["status"]:
        return False
    if turn.get("about", answer.about) != answer.about:
        return False
    quotes: Iterable[str] = turn.get("quotes", ())
    shown = [citation.quote for citation in answer.citations[:3]]
    return not quotes or not shown or any(quote in text for quote in quotes for text in shown)
