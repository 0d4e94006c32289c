"""Who is said to speak: authors by their names, readers as readers, and as many as there are."""

from dataclasses import replace

import pytest

from roros_assistant.types import Balance, Citation, Kind, Stance
from roros_assistant.voices import attribution, balance_sentence

FOR, AGAINST, MIXED, HOPE = Stance
QUOTE = Citation(
    number=1,
    document_id="mill#1",
    kind=Kind.COMMENT,
    voice=Kind.COMMENT,
    title="The mill",
    author=None,
    published=None,
    as_of=None,
    url=None,
    visited=False,
    start=0,
    end=13,
    quote="Lovely geese.",
)


@pytest.mark.parametrize(
    ("voice", "author", "visited", "expected"),
    [
        (Kind.COMMENT, None, False, "A reader"),
        (Kind.COMMENT, "Sarah", False, "Sarah, a reader"),
        (Kind.COMMENT, None, True, "A visitor"),
        (Kind.COMMENT, "Sarah", True, "Sarah, a visitor"),
        (Kind.ARTICLE, "Anna Berg", True, "Anna Berg"),
        (Kind.ARTICLE, None, False, "Article"),
        (Kind.OFFICIAL, "The board", False, "The board"),
        (Kind.OFFICIAL, None, False, "Official"),
    ],
)
def test_a_quote_is_said_to_be_its_authors_and_only_who_says_so_is_a_visitor(
    voice: Kind, author: str | None, visited: bool, expected: str
) -> None:
    assert attribution(replace(QUOTE, voice=voice, author=author, visited=visited)) == expected


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (Balance(0, 0, ()), "No reader speaks to this."),
        (Balance(1, 1, ((FOR, 1),)), "One voice speaks to this, that of a visitor: for it."),
        (
            Balance(1, 0, ((HOPE, 1),)),
            "One voice speaks to this, that of a reader who tells of no visit: from hope or hearsay.",
        ),
        (
            Balance(2, 0, ((HOPE, 2),)),
            "Two readers speak to this, neither of whom tells of a visit: both from hope or hearsay.",
        ),
        (
            Balance(2, 2, ((FOR, 1), (AGAINST, 1))),
            "Two readers speak to this, both of whom have been there: one for it, one against it.",
        ),
        (
            Balance(3, 1, ((FOR, 2), (HOPE, 1))),
            "Three readers speak to this, one of whom has been there: two for it, one from hope or hearsay.",
        ),
        (Balance(4, 4, ((FOR, 4),)), "Four readers speak to this, all of whom have been there: all for it."),
        (
            Balance(3, 0, ((FOR, 1),)),
            "Three readers speak to this, none of whom tells of a visit: one for it, two without taking sides.",
        ),
        (Balance(5, 0, ()), "Five readers speak to this, none of whom tells of a visit."),
        (
            Balance(34, 20, ((FOR, 21), (AGAINST, 1), (MIXED, 12))),
            "34 readers speak to this, 20 of whom have been there: "
            "21 for it, one against it, twelve with mixed feelings.",
        ),
    ],
)
def test_readers_are_counted_in_one_sentence_and_only_who_says_so_has_been_there(
    balance: Balance, expected: str
) -> None:
    assert balance_sentence(balance) == expected
