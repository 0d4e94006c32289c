"""The golden questions, and what makes an answer to one of them right; used by tests and benchmarks."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from roros_assistant.types import Answer, Status

Golden = dict[str, Any]


def load_golden(name: str = "golden") -> list[Golden]:
    """Every golden question, in the order of the file; those of "golden_other" are another writer's."""
    lines = Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answerable(golden: Iterable[Golden]) -> list[Golden]:
    """Questions that the sources answer, without those that need the conversation."""
    return [item for item in golden if item.get("quotes") and not item.get("known_gap")]


def unanswerable(golden: Iterable[Golden]) -> list[Golden]:
    """Questions that must be refused; near misses where a partial answer is fair are not among them."""
    return [item for item in golden if item["status"] == ["not_in_sources"]]


def refused(answer: Answer) -> bool:
    """Whether the assistant says that the sources do not say."""
    return answer.status is Status.NOT_IN_SOURCES


def right_in_three(answer: Answer, item: Golden) -> bool:
    """Whether one of the first three citations is one that a fair reader accepts."""
    return any(quote in citation.quote for quote in item["quotes"] for citation in answer.citations[:3])
