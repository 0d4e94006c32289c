"""Answers that a browser kept, checked against the sources as they are now before they are shown again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from roros_assistant.cite import citation as cited
from roros_assistant.present import from_json
from roros_assistant.types import Answer, Citation, Claim, Corpus, Passage
from roros_assistant.verify import is_verbatim


def recheck(stored: Mapping[str, Any], corpus: Corpus, *, sealed: bool) -> tuple[Answer, int]:
    """Keep of a stored answer what still stands in the sources, and count what does not.

    Whoever wrote into the browser's storage must not put words into a source's mouth: a claim is a quote of its own,
    or it stands in an answer that is ``sealed`` as it was checked. What is said of a source (its title, author, date)
    is taken from the corpus again.

    Raises:
        KeyError, TypeError, ValueError: not an answer.
    """
    standing = {key: [item for item in stored[key] if _stands(item, corpus)] for key in ("citations", "nearest")}
    quotes = {item["number"]: item["quote"] for item in standing["citations"]}
    claims = [
        claim
        for claim in stored["claims"]
        if claim["citations"]
        and quotes.keys() >= set(claim["citations"])
        and (sealed or claim["text"] in {quotes[number] for number in claim["citations"]})
    ]
    removed = max(
        sum(len(stored[key]) - len(standing[key]) for key in standing),
        len(stored["claims"]) - len(claims),
    )
    short = stored.get("short")
    kept = {
        "short": short if any(_holds(item, short) for item in standing["citations"]) else None,
        # Who was counted may have gone.
        "balance": None if removed else stored.get("balance"),
    }
    answer = from_json({**stored, **standing, **kept, "claims": claims})
    return replace(
        answer,
        citations=tuple(_again(item, corpus) for item in answer.citations),
        nearest=tuple(_again(item, corpus) for item in answer.nearest),
    ), removed


def _stands(item: Mapping[str, Any], corpus: Corpus) -> bool:
    try:
        passage = Passage(item["document"], item["start"], item["end"], item["quote"])
    except ValueError:
        return False
    return is_verbatim(Claim(passage.text, (passage,)), corpus)


def _holds(item: Mapping[str, Any], short: Mapping[str, Any] | None) -> bool:
    if not short or item["number"] != short["citation"]:
        return False
    start, end = short["start"] - item["start"], short["end"] - item["start"]
    return bool(0 <= start < end and item["quote"][start:end] == short["text"])


def _again(item: Citation, corpus: Corpus) -> Citation:
    return cited(Passage(item.document_id, item.start, item.end, item.quote), item.number, corpus)
