"""The assistant's own words: true to what was asked, and never about the destination."""

from dataclasses import replace

import pytest

from roros_assistant.types import Citation, Destination, Kind, Status
from roros_assistant.words import notice, of_source

ARDAL = Destination("Ardal", contact="the mill’s shop", official_site="https://ardal.example")
TURN_TO = "Try the mill’s shop or https://ardal.example."
CITED = Citation(
    number=1,
    document_id="mill",
    kind=Kind.ARTICLE,
    voice=Kind.ARTICLE,
    title="The mill",
    author="Ann Berg",
    published="2019-05-04",
    as_of="a trip in spring",
    url=None,
    visited=False,
    start=0,
    end=12,
    quote="It is a mill",
)


@pytest.mark.parametrize(
    ("status", "lacks", "unheard", "unknown", "said"),
    [
        pytest.param(Status.ANSWERED, "a price", True, ("Oslo",), "", id="nothing above a whole answer"),
        pytest.param(
            Status.PARTIAL,
            "a price",
            False,
            (),
            f"The sources speak of this, but do not give a price. {TURN_TO}",
            id="what is not there",
        ),
        pytest.param(
            Status.PARTIAL,
            None,
            False,
            (),
            f"The sources come near this, but may not answer it. {TURN_TO}",
            id="less likely than not",
        ),
        pytest.param(Status.PARTIAL, None, True, (), "No reader speaks to this.", id="no reader"),
        pytest.param(Status.NOT_IN_SOURCES, "a price", False, (), f"The sources do not say. {TURN_TO}", id="nothing"),
        pytest.param(
            Status.NOT_IN_SOURCES,
            None,
            False,
            ("Oslo", "Bergen"),
            f"The sources do not mention Oslo or Bergen. {TURN_TO}",
            id="names that no source mentions",
        ),
    ],
)
def test_above_an_answer_stands_what_it_lacks(
    status: Status, lacks: str | None, unheard: bool, unknown: tuple[str, ...], said: str
) -> None:
    assert notice(status, ARDAL, lacks=lacks, unheard=unheard, unknown=unknown) == said


def test_where_there_is_nowhere_to_turn_nobody_is_sent_there() -> None:
    said = notice(Status.NOT_IN_SOURCES, Destination(), lacks=None, unheard=False, unknown=())
    assert said == "The sources do not say."


@pytest.mark.parametrize(
    ("what", "cited", "said"),
    [
        ("author", CITED, "That is said by Ann Berg, in “The mill”."),
        ("author", replace(CITED, author=None), "That is said by a writer who gives no name, in “The mill”."),
        ("date", CITED, "The source says of its time: 2019-05-04, a trip in spring."),
        ("date", replace(CITED, published=None), "The source says of its time: a trip in spring."),
        ("date", replace(CITED, published=None, as_of=None), "The source does not tell its date."),
        ("place", CITED, "That stands in “The mill”; open the number behind the quote to see it in its place."),
    ],
)
def test_of_a_source_its_author_its_time_or_its_place_is_told(what: str, cited: Citation, said: str) -> None:
    assert of_source(what, cited) == said
