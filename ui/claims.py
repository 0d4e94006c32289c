"""A file of claims, one JSON object a line -> one verdict a line; a bad line is told its fault and the rest go on."""

from collections.abc import Iterable, Iterator
from typing import Any

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.question import whole_characters
from roros_assistant.rerank import load_reranker
from roros_assistant.settings import Settings
from roros_assistant.verify import Checker

from .batch import open_lines, read_fields

_EXPECTED = '{"claim": "...", "references": ["...", ...]}'


def check_file(name: str, settings: Settings) -> Iterator[dict[str, Any]]:
    """Check a file of claims, one model for all of them.

    Raises:
        InputInvalid: the file cannot be read.
    """
    with open_lines(name, "claims") as lines:
        destination = read_corpus(settings.corpus or default_corpus_folder()).destination
        yield from check_lines(lines, Checker(load_reranker(settings.reranker_model), destination))


def check_lines(lines: Iterable[bytes], checker: Checker) -> Iterator[dict[str, Any]]:
    """Check line by line, in order, as the lines come; blank lines are no claims."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield _check_line(raw, number, checker)


def _check_line(raw: bytes, number: int, checker: Checker) -> dict[str, Any]:
    id, fields, fault = read_fields(raw, number, expected=_EXPECTED)
    claim, references = fields.get("claim"), fields.get("references")
    if not fault and not isinstance(claim, str):
        fault = f"line {number}: the claim is missing or is not text; expected {_EXPECTED}"
    if not fault and not (isinstance(references, list) and all(isinstance(each, str) for each in references)):
        fault = f"line {number}: the references are missing or are not a list of texts; expected {_EXPECTED}"
    if fault or not isinstance(claim, str) or not isinstance(references, list):
        return {"id": id, "error": fault}
    verdict = checker.check(whole_characters(claim), [whole_characters(each) for each in references])
    return {
        "id": id,
        "supported": verdict.supported,
        "score": round(verdict.score, 4),
        "reasons": list(verdict.reasons),
    }
