"""A quote counts only where its words stand: these words, at this place, in a document that is there."""

from dataclasses import replace

import pytest

from roros_assistant.cite import citation
from roros_assistant.passages import split
from roros_assistant.types import Claim, Corpus, Destination, Document, Kind, Passage
from roros_assistant.verify import is_verbatim

PAGE = Document("mill", Kind.ARTICLE, "The mill", "The mill stands by the river. It grinds rye.\n\nIt grinds rye.")
CORPUS = Corpus(Destination(), (PAGE,))
FIRST, SECOND, AGAIN = split(PAGE)
QUOTE = citation(SECOND, 1, CORPUS)
ELSEWHERE = Passage("mill", SECOND.start + 1, SECOND.end + 1, SECOND.text)


@pytest.mark.parametrize("passage", [FIRST, SECOND, AGAIN])
def test_a_sentence_in_its_place_is_verbatim_as_a_quote_and_as_a_claim(passage: Passage) -> None:
    assert is_verbatim(citation(passage, 1, CORPUS), CORPUS)
    assert is_verbatim(Claim(passage.text, (passage,)), CORPUS)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"quote": "It grinds oat."}, id="another word"),
        pytest.param({"quote": "it grinds rye."}, id="another case"),
        pytest.param({"quote": "It grinds rye"}, id="a sign less"),
        pytest.param({"quote": ""}, id="no words"),
        pytest.param({"start": QUOTE.start + 1}, id="a later start"),
        pytest.param({"end": QUOTE.end - 1}, id="an earlier end"),
        pytest.param({"end": QUOTE.end + 1}, id="a later end"),
        pytest.param({"start": QUOTE.start + 1, "end": QUOTE.end + 1}, id="moved by one"),
        pytest.param({"start": QUOTE.start - len(PAGE.text), "end": QUOTE.end - len(PAGE.text)}, id="from the end"),
        pytest.param({"start": 5, "end": 5, "quote": ""}, id="an empty span"),
        pytest.param({"start": 500, "end": 514}, id="past the end"),
        pytest.param({"document_id": "museum"}, id="a document that is not there"),
    ],
)
def test_a_quote_that_is_changed_in_any_way_is_not(change: dict[str, str | int]) -> None:
    assert not is_verbatim(replace(QUOTE, **change), CORPUS)  # type: ignore[arg-type] # each field has its own type


@pytest.mark.parametrize(
    "passages",
    [
        pytest.param((ELSEWHERE,), id="moved by one"),
        pytest.param((Passage("museum", SECOND.start, SECOND.end, SECOND.text),), id="a document that is not there"),
        pytest.param((FIRST, ELSEWHERE), id="one of two"),
    ],
)
def test_a_claim_is_not_verbatim_if_one_of_its_passages_is_not(passages: tuple[Passage, ...]) -> None:
    assert not is_verbatim(Claim(SECOND.text, passages), CORPUS)
