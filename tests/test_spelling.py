"""Misspelt words are read as the sources' own; everything else stays as it was typed."""

import pytest

from roros_assistant.rerank import load_reranker
from roros_assistant.spelling import Speller

TEXTS = ["The museum and the church of Røros stand in Flanderborg.", "Try dog-sledding, shops and restaurants."]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(TEXTS, load_reranker().is_word)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is ther a musuem", "is there a museum"),
        ("were is the chruch", "were is the church"),
        ("whats flandeborg", "what flanderborg"),
        ("dogsledding", "dog sledding"),
        ("resturants andshops", "restaurants and shops"),
        ("roros", "roros"),
        ("Is the library open?", "Is the library open?"),
        ("xyzzyq", "xyzzyq"),
        ("26 th", "26 th"),
    ],
)
def test_only_what_is_no_word_is_changed(typed: str, read: str, speller: Speller) -> None:
    assert speller.correct(typed) == read


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Is the train from Oslo direct?", ["Oslo"]),
        ("How do I get from Oslo airport to the centre?", ["Oslo"]),
        ("Oslo airport", []),  # a capital at the beginning tells nothing
        ("Is Flanderborg in Roros?", []),
        ("Is it open on Boxing Day in December?", []),
        ("What Is The Best Hotel In Town?", []),
        ("I like it. Sunny weather?", []),
    ],
)
def test_a_name_that_no_source_has_is_noticed(question: str, names: list[str], speller: Speller) -> None:
    assert speller.unknown_names(question) == names


def test_where_a_traveller_comes_from_is_not_asked_about(speller: Speller) -> None:
    assert speller.unknown_names("We are coming from Germany, is the museum open?") == []
