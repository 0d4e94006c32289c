"""An answer as Markdown, as text and as JSON: who says what, in words that stay words."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from roros_assistant.cite import citation, cite
from roros_assistant.passages import split
from roros_assistant.present import (
    Section,
    as_json,
    as_markdown,
    as_text,
    escape_markdown,
    from_json,
    sections,
)
from roros_assistant.types import (
    Answer,
    Balance,
    Claim,
    Corpus,
    Destination,
    Document,
    Hit,
    Kind,
    Short,
    Stance,
    Status,
)

CORPUS = Corpus(
    Destination(),
    (
        Document(
            "mill",
            Kind.ARTICLE,
            "The mill",
            "It grinds *rye*. Bread <b>costs</b> 5 kr.",
            author="Anna Berg",
            url="https://mill.example/",
            published="2015-04-02",
            as_of="spring 2014",
        ),
        Document("mill#1", Kind.COMMENT, "The mill", "Lovely geese.", author="Sarah", visited=True),
        Document("mill#2", Kind.COMMENT, "The mill", "Oats too.", author="Anna Berg", by_article_author=True),
        Document("board", Kind.OFFICIAL, "The board", "Concerts are in July."),
    ),
)
RYE, COST, GEESE, OATS, CONCERTS = [passage for document in CORPUS.documents for passage in split(document)]
CLAIMS, CITATIONS = cite(
    [Claim(item.text, (item,), support) for item, support in [(RYE, 0.9), (GEESE, 0.8), (OATS, 0.7), (CONCERTS, 0.6)]],
    CORPUS,
)
ANSWERED = Answer(
    question="what grain?",
    standalone_question="What grain?",
    status=Status.ANSWERED,
    claims=CLAIMS,
    citations=CITATIONS,
    retrieved=(Hit(replace(RYE, heading=""), 2.125), Hit(replace(COST, heading=""), -1.0)),
    seconds=0.125,
)
SHORT = replace(ANSWERED, short=Short("*rye*", 1, 10, 15))
OPINIONS = cite(
    [
        Claim("Lovely geese.", (GEESE,), 0.8, stance=Stance.FOR),
        Claim("It grinds *rye*.", (RYE,), 0.7),
        Claim("Oats too.", (OATS,), 0.6),
    ],
    CORPUS,
)
ASKED_OPINIONS = Answer(
    question="do people like it?",
    standalone_question="Do people like the mill?",
    status=Status.ANSWERED,
    claims=OPINIONS[0],
    citations=OPINIONS[1],
    suggestions=("What grain?",),
    about="the mill",
    balance=Balance(1, 1, ((Stance.FOR, 1),)),
)
REFUSED = Answer(
    question="How old is it?",
    standalone_question="How old is it?",
    status=Status.NOT_IN_SOURCES,
    nearest=(citation(COST, 1, CORPUS),),
    suggestions=("What is *rye*?",),
    notice="The sources do not say.",
)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = [
    "**",
    "__",
    "~~",
    "`",
    "[a](b)",
    "![a](b)",
    "<b>",
    "&amp;",
    "&#42;",
    "\\",
    "\\*",
    "https://a.b",
    "<https://a.b>",
]
LINES = ["\n---\n", "\n# ", "\n- ", "\n\n", "  \n", "\n|a|b|\n|-|-|\n", "\n[a]: b\n", "www.a.b", "a@b.no", "$x$"]
# NUL is no character of a source: CommonMark puts a replacement character in its place.
LETTERS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
WORDS = st.lists(st.sampled_from([*MARKUP, *LINES]) | LETTERS).map("".join)


def test_the_best_quote_stands_first_and_the_others_under_the_voice_that_speaks() -> None:
    rye, geese, oats, concerts = CLAIMS
    assert sections(ANSWERED) == [
        Section("", (rye,)),
        Section("Readers’ comments", (geese,)),
        Section("The article", (oats,)),  # its author replies
        Section("The destination organisation", (concerts,)),
    ]


def test_where_readers_are_counted_all_their_quotes_stand_under_the_count() -> None:
    geese, rye, oats = ASKED_OPINIONS.claims
    counted = "One voice speaks to this, that of a visitor: for it."
    assert sections(ASKED_OPINIONS) == [
        Section("Readers’ comments", (geese,), counted),
        Section("The article", (rye, oats)),
    ]
    article_first = replace(ASKED_OPINIONS, claims=(rye, geese))
    assert sections(article_first) == [Section("", (rye,)), Section("Readers’ comments", (geese,), counted)]


def test_one_readers_quotes_follow_on_one_another_and_are_not_taken_for_two_readers() -> None:
    texts = {"mill": "It grinds.", "mill#1": "Fine geese. Closed, though.", "mill#2": "Good bread."}
    kinds = [Kind.ARTICLE, Kind.COMMENT, Kind.COMMENT]
    corpus = Corpus(
        Destination(),
        tuple(Document(id, kind, "The mill", text) for (id, text), kind in zip(texts.items(), kinds, strict=True)),
    )
    grinds, geese, closed, bread = [passage for document in corpus.documents for passage in split(document)]
    claims, citations = cite([Claim(item.text, (item,)) for item in (grinds, geese, bread, closed)], corpus)
    answer = Answer("?", "?", Status.ANSWERED, claims, citations)
    assert as_text(answer).split("\n\n")[2] == (
        "- A reader: “Fine geese.” [2]\n- The same reader: “Closed, though.” [4]\n- A reader: “Good bread.” [3]"
    )


def test_an_answer_without_claims_has_no_sections() -> None:
    assert sections(REFUSED) == []


def test_as_text_an_answer_has_its_sources_below() -> None:
    assert as_text(ANSWERED) == (
        "“It grinds *rye*.” [1]\n\n"
        "Readers’ comments:\n\n- Sarah, a visitor: “Lovely geese.” [2]\n\n"
        "The article:\n\n- “Oats too.” [3]\n\n"
        "The destination organisation:\n\n- “Concerts are in July.” [4]\n\n"
        "[1] Article, The mill, Anna Berg, 2015-04-02, spring 2014, https://mill.example/\n"
        "[2] Comment, The mill, Sarah, a visitor\n"
        "[3] Article, The mill, Anna Berg\n"
        "[4] Official, The board, Official"
    )


def test_the_short_answer_stands_first_with_its_number() -> None:
    assert as_text(SHORT).startswith("*rye* [1]\n\n“It grinds *rye*.” [1]\n\n")
    assert as_markdown(SHORT).startswith("**\\*rye\\*** [1]\n\n“It grinds \\*rye\\*.” [1]\n\n")


def test_opinions_are_counted_before_they_are_quoted_and_next_questions_are_no_part_of_an_answer() -> None:
    assert as_markdown(ASKED_OPINIONS) == (
        "**Readers’ comments**\n\n"
        "One voice speaks to this, that of a visitor: for it.\n\n"
        "- Sarah, a visitor, for it: “Lovely geese.” [1]\n\n"
        "**The article**\n\n- “It grinds \\*rye\\*.” [2]\n- “Oats too.” [3]"
    )


def test_as_text_a_refusal_says_so_first_and_then_what_comes_near() -> None:
    assert as_text(REFUSED) == (
        "The sources do not say.\n\n"
        "The nearest the sources come:\n\n"
        "- “Bread <b>costs</b> 5 kr.” "
        "(Article, The mill, Anna Berg, 2015-04-02, spring 2014, https://mill.example/)\n\n"
        "Questions the sources can answer:\n\n- What is *rye*?"
    )


def test_as_markdown_the_words_of_sources_and_of_questions_are_escaped() -> None:
    assert as_markdown(ANSWERED) == (
        "“It grinds \\*rye\\*.” [1]\n\n"
        "**Readers’ comments**\n\n- Sarah, a visitor: “Lovely geese.” [2]\n\n"
        "**The article**\n\n- “Oats too.” [3]\n\n"
        "**The destination organisation**\n\n- “Concerts are in July.” [4]"
    )
    assert as_markdown(REFUSED) == (
        "The sources do not say.\n\n"
        "**The nearest the sources come**\n\n"
        "- “Bread &lt;b&gt;costs&lt;/b&gt; 5 kr.” "
        "(Article, The mill, Anna Berg, 2015-04-02, spring 2014, https\\://mill.example/)\n\n"
        "**Questions the sources can answer**\n\n- What is \\*rye\\*?"
    )


@given(WORDS)
def test_of_any_words_a_markdown_reader_shows_exactly_these_words_and_no_element(words: str) -> None:
    paragraph = PARSER.parse(f"A reader: “{escape_markdown(words)}”")
    assert [token.type for token in paragraph] == ["paragraph_open", "inline", "paragraph_close"]
    inside = paragraph[1].children or []
    assert {token.type for token in inside} <= {"text"}
    assert "".join(token.content for token in inside) == "A reader: " + " ".join(f"“{words}”".split())


def cited(number: int, document: str, start: int, end: int, quote: str, **more: Any) -> dict[str, Any]:
    """A citation as the interface promises it, of what is not told in ``more`` nothing known."""
    unknown = {"author": None, "published": None, "as_of": None, "url": None, "visited": False}
    place = {"number": number, "document": document, "start": start, "end": end, "quote": quote}
    return {**unknown, **place, **more}


ANNA = {"title": "The mill", "author": "Anna Berg", "voice": "article"}
PAGE = {**ANNA, "kind": "article", "published": "2015-04-02", "as_of": "spring 2014", "url": "https://mill.example/"}
SARAH = {"title": "The mill", "author": "Sarah", "kind": "comment", "voice": "comment", "visited": True}
BOARD = {"title": "The board", "kind": "official", "voice": "official"}


def test_as_json_an_answer_has_the_fields_that_programs_rely_on() -> None:
    assert as_json(ANSWERED, id="q1") == {
        "id": "q1",
        "question": "what grain?",
        "standalone_question": "What grain?",
        "status": "answered",
        "answer": as_markdown(ANSWERED),
        "notice": "",
        "language": "en",
        "about": None,
        "short": None,
        "balance": None,
        "claims": [
            {"text": "It grinds *rye*.", "citations": [1], "support": 0.9, "stance": None},
            {"text": "Lovely geese.", "citations": [2], "support": 0.8, "stance": None},
            {"text": "Oats too.", "citations": [3], "support": 0.7, "stance": None},
            {"text": "Concerts are in July.", "citations": [4], "support": 0.6, "stance": None},
        ],
        "citations": [
            cited(1, "mill", 0, 16, "It grinds *rye*.", **PAGE),
            cited(2, "mill#1", 0, 13, "Lovely geese.", **SARAH),
            cited(3, "mill#2", 0, 9, "Oats too.", kind="comment", **ANNA),
            cited(4, "board", 0, 21, "Concerts are in July.", **BOARD),
        ],
        "nearest": [],
        "suggestions": [],
        "retrieved": [
            {"document": "mill", "start": 0, "end": 16, "text": "It grinds *rye*.", "score": 2.125},
            {"document": "mill", "start": 17, "end": 41, "text": "Bread <b>costs</b> 5 kr.", "score": -1.0},
        ],
        "writer": "quotes",
        "left_out": [],
        "seconds": 0.125,
    }


def test_as_json_a_refusal_has_its_nearest_quotes_in_the_form_of_citations() -> None:
    shown = as_json(REFUSED)
    names = ("id", "status", "claims", "citations", "nearest", "suggestions", "notice")
    assert {name: shown[name] for name in names} == {
        "id": None,
        "status": "not_in_sources",
        "claims": [],
        "citations": [],
        "nearest": [cited(1, "mill", 17, 41, "Bread <b>costs</b> 5 kr.", **PAGE)],
        "suggestions": ["What is *rye*?"],
        "notice": "The sources do not say.",
    }


def test_as_json_at_most_twenty_hits_are_told() -> None:
    many = replace(ANSWERED, retrieved=ANSWERED.retrieved * 15)
    assert as_json(many)["retrieved"] == as_json(ANSWERED)["retrieved"] * 10


def test_as_json_a_short_answer_what_it_is_about_and_opinions_are_told() -> None:
    assert as_json(SHORT)["short"] == {"text": "*rye*", "citation": 1, "start": 10, "end": 15}
    shown = as_json(ASKED_OPINIONS)
    assert shown["about"] == "the mill"
    assert shown["balance"] == {"speaking": 1, "visitors": 1, "stances": {"for": 1}}
    assert [claim["stance"] for claim in shown["claims"]] == ["for", None, None]


@pytest.mark.parametrize(
    "answer", [ANSWERED, REFUSED, SHORT, ASKED_OPINIONS], ids=["answered", "refused", "short", "opinions"]
)
def test_an_answer_comes_back_from_its_json_as_it_was(answer: Answer) -> None:
    assert from_json(json.loads(json.dumps(as_json(answer, id="q1")))) == answer


def test_an_answer_that_an_earlier_version_wrote_is_read() -> None:
    old = as_json(ANSWERED)
    for name in ("about", "short", "balance"):
        del old[name]
    for claim in old["claims"]:
        del claim["stance"]
    assert from_json(old) == ANSWERED


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"status": "sure"}, ValueError, id="a status that is none"),
        pytest.param({"citations": []}, KeyError, id="a claim without its citation"),
        pytest.param({"claims": [{"text": "x", "citations": [], "support": None}]}, ValueError, id="a bare claim"),
        pytest.param({"claims": None}, TypeError, id="no list"),
        pytest.param(
            {"short": {"text": "oats", "citation": 1, "start": 10, "end": 14}}, ValueError, id="short words of its own"
        ),
        pytest.param({"balance": {"speaking": 1, "visitors": 0, "stances": {"rich": 1}}}, ValueError, id="no stance"),
    ],
)
def test_what_is_no_answer_is_not_read_as_one(change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        from_json({**as_json(ANSWERED), **change})
