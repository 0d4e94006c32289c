"""Every passage is exactly a span of its document, and together they leave no word of it out."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.passages import fold, neutral, split
from roros_assistant.types import Destination, Document, Kind

CORPUS = read_corpus(default_corpus_folder())
# What the splitter decides on (ends, abbreviations, list marks, headings), and letters of every sort around it.
SIGNS = "\n\n\n .!?…:;,-*•()\"'”’»#😛🙂☕。！？\t\r\v\u2028"
MARKS = [". ", ".\n", "\n\n", "# Heading\n", "- item", "1. one", "#tag", "https://a.b/c?d=e."]
WORDS = ["St. Olav", "Mr. Berg", "e.g. x", "kl. 12.30", "12.5 km", "Røros", "a", "ÆØÅ", "e\u0301", "東京。"]
PIECES = st.sampled_from([*SIGNS, *MARKS, *WORDS])
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8), st.text("ab .", max_size=1200)), max_size=30).map("".join)


def document(text: str) -> Document:
    return Document(id="page", kind=Kind.ARTICLE, title="A page", text=text)


def quotes(text: str) -> list[str]:
    return [passage.text for passage in split(document(text))]


def words_outside_headings(text: str) -> list[str]:
    """Words that a reader would miss: not headings, list numbers, hashtags or bare links."""
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    return re.findall(r"[^\W\d_]+", re.sub(r"#\w+|https?://\S+", " ", body))


@pytest.fixture(scope="module", params=[document.id for document in CORPUS.documents])
def shipped(request: pytest.FixtureRequest) -> Document:
    return CORPUS.by_id[request.param]


@given(TEXTS.map(lambda text: text.strip("\n")).filter(lambda text: bool(text.strip())))
def test_of_any_text_every_passage_is_a_span_in_order_without_overlap_and_no_word_is_lost(text: str) -> None:
    passages = split(document(text))
    assert [text[passage.start : passage.end] for passage in passages] == [passage.text for passage in passages]
    assert all(first.end <= second.start for first, second in pairwise(passages))
    left = list(text)
    for passage in passages:
        left[passage.start : passage.end] = " " * len(passage.text)
    assert words_outside_headings("".join(left)) == []


@given(TEXTS.map(lambda text: text.strip("\n")).filter(lambda text: bool(text.strip())))
def test_no_passage_has_space_around_it_is_a_heading_or_is_longer_than_a_quote_may_be(text: str) -> None:
    for passage in split(document(text)):
        assert passage.text == passage.text.strip()
        assert len(passage.text) <= 800


def test_the_shipped_documents_are_covered_by_their_passages(shipped: Document) -> None:
    passages = split(shipped)
    assert [shipped.text[passage.start : passage.end] for passage in passages] == [item.text for item in passages]
    told = " ".join(passage.text for passage in passages)
    assert set(words_outside_headings(shipped.text)) <= set(words_outside_headings(told))


def test_every_shipped_passage_has_an_id_of_its_own() -> None:
    ids = [passage.id for page in CORPUS.documents for passage in split(page)]
    assert len(ids) == len(set(ids)) > 80


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two.", ["One.", "Two."], id="two sentences"),
        pytest.param("Really? Yes! Well…  So.", ["Really?", "Yes!", "Well…", "So."], id="every end"),
        pytest.param("No end", ["No end"], id="no end"),
        pytest.param("He said “Go.” And went.", ["He said “Go.”", "And went."], id="quotation mark after the stop"),
        pytest.param("Open (all day.) Free.", ["Open (all day.)", "Free."], id="bracket after the stop"),
        pytest.param("See St. Olav. Then go.", ["See St. Olav.", "Then go."], id="Saint"),
        pytest.param("Meet Mr. Berg at 12.30. Fine.", ["Meet Mr. Berg at 12.30.", "Fine."], id="Mister and a time"),
        pytest.param("Food, e.g. fish. Good.", ["Food, e.g. fish.", "Good."], id="for example"),
        pytest.param("It is 3.5 km. Walk.", ["It is 3.5 km.", "Walk."], id="a decimal"),
        pytest.param("Visit roros.no for more. Bye.", ["Visit roros.no for more.", "Bye."], id="a site's name"),
        pytest.param("Lovely! 🙂 Come.", ["Lovely! 🙂", "Come."], id="a smiley stays with its sentence"),
        pytest.param("東京。大阪！", ["東京。", "大阪！"], id="full-width ends"),
        pytest.param("- one\n- two", ["one", "two"], id="list items without their marks"),
        pytest.param("1. one\n2) two", ["one", "two"], id="numbered items"),
        pytest.param("Open daily\nClosed in May", ["Open daily", "Closed in May"], id="short lines stand alone"),
        pytest.param(
            "A line of prose that somebody wrapped at some sixty-odd columns or so\nends here. Next.",
            ["A line of prose that somebody wrapped at some sixty-odd columns or so\nends here.", "Next."],
            id="wrapped prose stays together",
        ),
        pytest.param("One\n\nTwo", ["One", "Two"], id="paragraphs"),
        pytest.param("# Winter\nCold.", ["Cold."], id="a heading is no quote"),
        pytest.param("- #1 is the church", ["#1 is the church"], id="a number sign inside a line is no heading"),
        pytest.param("Nice. #postcard", ["Nice."], id="a hashtag alone is no quote"),
        pytest.param("very interesting #postcard", ["very interesting #postcard"], id="a hashtag inside one stays"),
        pytest.param("… !!! 🙂", [], id="signs alone are no quote"),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_a_passage_knows_the_nearest_heading_above_it_else_the_title() -> None:
    passages = split(document("Before.\n# Winter\nCold.\n## Trains\nSlow.\n#\nStill."))
    assert [(passage.text, passage.heading) for passage in passages] == [
        ("Before.", "A page"),
        ("Cold.", "Winter"),
        ("Slow.", "Trains"),
        ("Still.", "Trains"),
    ]


@pytest.mark.parametrize(
    "text", [pytest.param("word " * 1000, id="no sentence end"), pytest.param("x" * 5000, id="no space either")]
)
def test_a_run_without_an_end_is_cut_at_a_length_that_fits_a_phone(text: str) -> None:
    pieces = quotes(text)
    assert max(map(len, pieces)) <= 800
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is Røros worth it?", "Is the town worth it?"),
        ("RØROS, roros and Bergstaden.", "the town, the town and the town."),
        ("Rørosing is no name", "Rørosing is no name"),
        ("", ""),
    ],
)
def test_the_destinations_own_name_is_replaced_by_its_stand_in(text: str, expected: str) -> None:
    destination = Destination(name="Røros", aliases=("Bergstaden",), stand_in="the town")
    assert neutral(text, destination) == expected


def test_without_a_name_nothing_is_replaced() -> None:
    assert neutral("Is Røros worth it?", Destination()) == "Is Røros worth it?"


@pytest.mark.parametrize(("typed", "plain"), [("Røros", "Roros"), ("Holtålen", "Holtalen"), ("Ærø", "Aero")])
def test_nordic_letters_fold_to_what_a_foreign_keyboard_types(typed: str, plain: str) -> None:
    assert fold(typed) == plain
