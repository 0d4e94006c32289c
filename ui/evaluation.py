"""A file of questions with expected documents or quotes, one JSON object a line; and what came of them, to be read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from roros_assistant.assistant import open_assistant
from roros_assistant.documents import corpus_folder, read_corpus
from roros_assistant.errors import InputInvalid
from roros_assistant.evaluate import Count, Evaluation, Item, Outcome, Verdict, evaluate, fault
from roros_assistant.settings import Settings
from roros_assistant.types import Corpus

from .batch import open_lines, read_line
from .terminal import ShownProgress

_MEANING = {
    Verdict.WRONG_CITATION: "answered, no right citation among the first three",
    Verdict.WRONGLY_REFUSED: "refused, and the sources say",
    Verdict.WRONGLY_ANSWERED: "answered, and must be refused",
}


def evaluate_file(name: str, settings: Settings) -> Evaluation:
    """Read the whole file, then ask: a fault in its last line is told before the first answer.

    Raises:
        InputInvalid: the file cannot be read, or one of its lines.
    """
    with open_lines(name) as lines:
        items = read_items(lines, read_corpus(corpus_folder(settings.corpus)))
    with ShownProgress() as progress:
        assistant = open_assistant(settings, progress=progress)
        try:
            return evaluate(items, assistant, progress)
        finally:
            assistant.close()


def read_items(lines: Iterable[bytes], corpus: Corpus) -> list[Item]:
    """Read every line before any question is asked; blank lines are none.

    Raises:
        InputInvalid: a line is no question, or expects what the sources do not hold; or there is no line.
    """
    items = [_read_item(raw, number, corpus) for number, raw in enumerate(lines, 1) if raw.strip()]
    if not items:
        raise InputInvalid('the file holds no question; a line is {"question": "...", "quote": "..."}')
    return items


def _read_item(raw: bytes, number: int, corpus: Corpus) -> Item:
    line = read_line(raw, number)
    if line.fault:
        raise InputInvalid(line.fault)
    fields = json.loads(raw.decode("utf-8-sig"))
    id = f"line {number}" if line.id is None else line.id
    expected = {name: _expected(fields, name, number) for name in ("document", "quote")}
    item = Item(id, line.question, line.history, expected["document"], expected["quote"])
    if problem := fault(item, corpus):
        raise InputInvalid(f"line {number}: {problem}")
    return item


def _expected(fields: Mapping[str, Any], name: str, number: int) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InputInvalid(f"line {number}: the {name} is words, or null where nothing answers")
    return value


def as_text(evaluation: Evaluation) -> Iterator[str]:
    """A line a measure, then every question that did not turn out as expected."""
    for name, count in _counts(evaluation).items():
        share = "-" if count.share is None else f"{count.share:.1%}"
        yield f"{name:<36} {share:>6}  {count.count} of {count.of}"
    yield f"{'median seconds':<36} {evaluation.median_seconds:>6.2f}"
    failing = [each for each in evaluation.outcomes if each.verdict is not Verdict.RIGHT]
    if failing:
        yield "\nNot as expected:"
    for each in failing:
        yield f"- {each.item.id}: {each.item.question}"
        yield f"  {_MEANING[each.verdict]}{_instead(each)}"


def _counts(evaluation: Evaluation) -> dict[str, Count]:
    return {
        "right citation in the first three": evaluation.right_in_three,
        "wrongly refused": evaluation.wrongly_refused,
        "rightly refused": evaluation.rightly_refused,
        "quotes word for word in their source": evaluation.verbatim,
        "as expected": evaluation.as_expected,
    }


def _instead(outcome: Outcome) -> str:
    """The first quote shown: what a person wants to see first of a wrong answer."""
    shown = outcome.answer.citations or outcome.answer.nearest
    return f": “{shown[0].quote}” ({shown[0].document_id})" if shown else f" ({outcome.answer.status})"


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same for programs, with every question."""
    counts = {
        name.replace(" ", "_"): {"share": count.share, "count": count.count, "of": count.of}
        for name, count in _counts(evaluation).items()
    }
    return {**counts, "median_seconds": evaluation.median_seconds, "items": [*map(_item, evaluation.outcomes)]}


def _item(outcome: Outcome) -> dict[str, Any]:
    item, answer = outcome.item, outcome.answer
    return {
        "id": item.id,
        "question": item.question,
        "document": item.document,
        "quote": item.quote,
        "verdict": outcome.verdict,
        "status": answer.status,
        "citations": [{"document": each.document_id, "quote": each.quote} for each in answer.citations],
        "seconds": answer.seconds,
    }
