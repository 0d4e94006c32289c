"""An answer without a chat model: whole sentences, few, of every voice, and none where the sources do not say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.asked import kind_asked
from roros_assistant.compose import Draft, compose
from roros_assistant.passages import split
from roros_assistant.types import Corpus, Destination, Document, Evidence, Hit, Kind, Passage, Status
from roros_assistant.verify import is_verbatim

ARTICLE = """The mill stands by the river. It grinds rye in winter.  Bread is sold there on Sundays.

A ferry crosses the lake. # 7 sails at noon.

Cabins can be rented from May."""
CORPUS = Corpus(
    Destination(),
    (
        Document("mill", Kind.ARTICLE, "The mill", ARTICLE),
        Document("mill#1", Kind.COMMENT, "The mill", "We swam below the dam. The mill stands by the old river!"),
        Document("mill#2", Kind.COMMENT, "The mill", "Our children loved the geese.\n\nBring boots in April."),
        Document("board", Kind.OFFICIAL, "The board", "Concerts are held in July. Skis are lent for free.\n\nAsk us."),
    ),
)
PASSAGES = {passage.text: passage for document in CORPUS.documents for passage in split(document)}
MILL, RYE, BREAD, FERRY, SAILS, CABINS, SWAM, OLD, GEESE, BOOTS, CONCERTS, SKIS, ASK = PASSAGES
PRICE, SEASON = kind_asked("How much is a ticket?"), kind_asked("What is the best season?")


def hit(quote: str, score: float = 4.0, reading: float = 5.0, *, lacks_kind: bool = False) -> Hit:
    return Hit(PASSAGES[quote], score, Evidence(reading, 0.6, 1.0, lacks_kind))


def ranked(*quotes: str) -> list[Hit]:
    """Hits that all belong to the answer, best first."""
    return [hit(quote, 5 - place / 10) for place, quote in enumerate(quotes)]


def alike(passage: Passage, others: object) -> list[float]:
    """The same similarity for all: what is chosen hangs on the scores alone."""
    return [0.6] * len(list(others))  # type: ignore[call-overload] # a sequence


def quotes(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def written(hits: list[Hit]) -> Draft:
    return compose(hits, CORPUS, alike, kind=None, unknown_names=())
