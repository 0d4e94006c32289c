"""The parts of an answer in a real browser: a short answer, its topic, opinions, folded quotes, what to ask next."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import cast

import pytest
from browser import CONTRAST, Door, NewVisitor, Visitor
from playwright.sync_api import Locator, expect

from roros_assistant.assistant import Assistant
from roros_assistant.cite import cite
from roros_assistant.passages import split
from roros_assistant.present import as_json
from roros_assistant.types import (
    Answer,
    Balance,
    Claim,
    Corpus,
    Destination,
    Document,
    Kind,
    Short,
    Stance,
    Status,
    Turn,
)
from roros_assistant.ui.web.answers import answer_html
from roros_assistant.ui.web.kept import recheck
from roros_assistant.ui.web.sources import Mark, cards_html, document_html

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TEXT = """The mill stands by the river. A tour takes <b>2 hours</b> & more. It grinds rye. It grinds oats.
It grinds wheat. It was built in 1644. Its wheel is new. The miller sings."""
COMMENTS = [
    ("I loved the mill when I was there.", Stance.FOR, "Anna", True),
    ("Such a fine mill.", Stance.FOR, "Bo", False),
    ("A fine place.", Stance.FOR, "Cai", False),
    ("Good bread too.", Stance.FOR, "Dag", False),
    ("It was closed all week. What I saw was fine.", Stance.AGAINST, "Eli", True),
    ("I hope to go some day.", Stance.HOPE, None, False),
]
CORPUS = Corpus(
    Destination(name="Millby"),
    (
        Document("mill", Kind.ARTICLE, "The mill", TEXT, author="Ida"),
        *(
            Document(f"mill#{number}", Kind.COMMENT, "The mill", words, author=author, visited=visited)
            for number, (words, _, author, visited) in enumerate(COMMENTS)
        ),
    ),
)
SENTENCES = [Claim(passage.text, (passage,)) for passage in split(CORPUS.documents[0])]
OPINIONS = [
    Claim(passage.text, (passage,), stance=stance)
    for document, (_, stance, *_) in zip(CORPUS.documents[1:], COMMENTS, strict=True)
    for passage in split(document)
]
OPINIONS[5] = replace(OPINIONS[5], stance=Stance.MIXED)
NEXT = ("Is it worth it?", "What is there to see?")
HOURS = "<b>2 hours</b>"


def answered(question: str, claims: Sequence[Claim], short: str = "", **more: object) -> Answer:
    made, citations = cite(claims, CORPUS)
    start = TEXT.index(short)
    return Answer(
        question=question,
        standalone_question=question,
        status=Status.ANSWERED,
        claims=made,
        citations=citations,
        short=Short(short, 1, start, start + len(short)) if short else None,
        suggestions=NEXT,
        **more,  # type: ignore[arg-type]
    )


LONG = answered("How long is a tour?", [SENTENCES[1], SENTENCES[0]], HOURS, about="the <mill>")
WORTH = answered(
    "Is it worth it?",
    [*OPINIONS, SENTENCES[0]],
    balance=Balance(6, 2, ((Stance.FOR, 4), (Stance.AGAINST, 1), (Stance.HOPE, 1))),
)
BROAD = answered("What is there to see?", SENTENCES)
SCRIPT = {answer.question: answer for answer in (LONG, WORTH, BROAD)}


class Scripted:
    """Says what stands in the script: here the page is tested, not the finding."""

    def stream(self, question: str, history: Sequence[Turn], *, stop: Event) -> Iterator[Answer]:
        yield SCRIPT[question]

    def check_suggestions(self, stop: Event) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    with contextlib.closing(Door(CORPUS, folder, lambda _: cast(Assistant, Scripted()))) as door:
        yield door


@pytest.fixture
def visitor(door: Door, new_visitor: NewVisitor) -> Visitor:
    return new_visitor(door.url).ready()


def top(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box
    return box["y"]


def test_a_short_answer_stands_first_and_is_set_apart_wherever_its_quote_is_shown(visitor: Visitor) -> None:
    turn = visitor.ask(LONG.question)
    short, lead = turn.locator(".short"), turn.locator(".lead")
    expect(short.locator("b")).to_have_text(HOURS)
    assert top(turn.locator(".status")) < top(short) < top(lead)
    assert float(short.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")) > 1.5 * float(
        lead.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")
    )
    expect(lead.locator("q")).to_have_text(SENTENCES[1].text)
    expect(lead.locator("q .key")).to_have_text(HOURS)
    expect(visitor.page.locator(".card").first.locator("q .key")).to_have_text(HOURS)
    short.locator("a.mark").click()
    expect(visitor.page.locator("mark.chosen")).to_have_text(SENTENCES[1].text)
    expect(visitor.page.locator("mark .key")).to_have_text(HOURS)
    expect(turn.locator("a.mark.is-chosen")).to_have_text(["1", "1"])
    visitor.page.keyboard.press("Escape")
    expect(short.locator("a.mark")).to_be_focused()


def test_what_the_conversation_added_stands_under_the_question_and_is_announced(visitor: Visitor) -> None:
    turn = visitor.ask(LONG.question)
    expect(turn.locator(".topic")).to_have_text("About: the <mill>")
    assert top(turn.locator(".asked")) < top(turn.locator(".topic")) < top(turn.locator(".status"))
    expect(visitor.page.locator("[data-announcer]")).to_have_text(
        "About the <mill>. <b>2 hours</b>. Answered from 1 article"
    )
    visitor.open()
    expect(visitor.answered().locator(".topic")).to_be_visible()
    expect(visitor.ask(BROAD.question).locator(".topic")).to_be_hidden()


def test_opinions_are_counted_and_each_quote_says_in_words_how_its_writer_speaks(visitor: Visitor) -> None:
    turn = visitor.ask(WORTH.question)
    section = turn.locator(".voice.is-comment")
    expect(section.locator(".balance")).to_have_text(
        "Six readers speak to this, two of whom have been there: four for it, one against it, one from hope or hearsay."
    )
    assert top(section.locator(".balance")) < top(section.locator("q").first)
    # No view is out of sight, and who has two is named once: the others stand folded.
    expect(section.locator("> p .speaker")).to_have_text(
        [
            "Anna, a visitor, for it:",
            "Eli, a visitor, against it:",
            "with mixed feelings:",
            "A reader, from hope or hearsay:",
        ]
    )
    expect(turn.locator(".voice.is-article .stance")).to_have_count(0)


def test_beyond_a_few_quotes_of_a_voice_the_keyboard_unfolds_the_rest_where_it_stands(visitor: Visitor) -> None:
    turn = visitor.ask(BROAD.question)
    fold, last = turn.locator("summary"), turn.locator("q").last
    expect(fold).to_have_text("4 more quotes", use_inner_text=True)
    expect(last).to_be_hidden()
    turn.locator("a.mark:visible").last.focus()
    visitor.page.keyboard.press("Tab")
    expect(fold).to_be_focused()
    before = top(fold)
    visitor.page.keyboard.press("Enter")
    expect(last).to_have_text(SENTENCES[-1].text)
    expect(last).to_be_visible()
    assert top(fold) == before
    expect(fold).to_have_text("Fewer quotes", use_inner_text=True)
    visitor.page.keyboard.press("Space")
    expect(last).to_be_hidden()


def test_after_an_answer_the_next_questions_can_be_tapped(visitor: Visitor) -> None:
    turn = visitor.ask(LONG.question)
    expect(turn.locator(".chip")).to_have_text(list(NEXT))
    turn.get_by_role("button", name=NEXT[0]).click()
    visitor.answered()
    assert visitor.turns() == [LONG.question, NEXT[0]]


def test_a_phones_back_button_closes_the_sheet_and_no_press_is_lost(door: Door, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(door.url, **PHONE).ready()
    page, sheet = visitor.page, visitor.page.locator("[data-pane]")
    link = visitor.ask(LONG.question).locator(".lead a.mark")
    for close in (page.go_back, lambda: page.get_by_role("button", name="Close the sources").tap(), page.go_back):
        link.tap()
        expect(page.locator("mark.chosen")).to_be_visible()
        close()
        expect(sheet).to_be_hidden()
        expect(link).to_be_focused()
        page.wait_for_function("history.state?.over === undefined")
    link.tap()
    expect(sheet).to_be_visible()
    page.reload()
    page.wait_for_function("history.state?.over === undefined")
    expect(visitor.answered().locator(".short")).to_be_visible()
    page.go_back()
    assert page.url == "about:blank"  # one press leaves the page: none of its own entries is left


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_every_part_of_an_answer_stands_out_from_its_ground(
    door: Door, new_visitor: NewVisitor, scheme: str, screen: dict[str, object]
) -> None:
    visitor = new_visitor(door.url, color_scheme=scheme, **screen).ready()
    for answer in (LONG, WORTH):
        turn = visitor.ask(answer.question)
    turn.locator("summary").click()
    assert visitor.page.evaluate(CONTRAST) == []
    assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_short_answer_is_escaped_wherever_it_is_marked() -> None:
    escaped = '<b class="key">&lt;b&gt;2 hours&lt;/b&gt;</b>'
    start = TEXT.index(HOURS)
    mark = Mark("mill", start - 13, start + 20, 1, (start, start + len(HOURS)))
    shown = [
        answer_html(LONG, "q", destination=CORPUS.destination, languages={}),
        cards_html(LONG, "q", CORPUS),
        document_html(CORPUS, "mill", [mark], 1),
    ]
    assert [html.count(escaped) for html in shown] == [1, 1, 1]
    assert not any("<b>2" in html for html in shown)


def test_of_a_kept_answer_only_what_the_sources_still_carry_is_said_again() -> None:
    stored = as_json(WORTH) | {"short": {"text": "free", "citation": 1, "start": 0, "end": 4}}
    assert recheck(stored, CORPUS, sealed=True)[0].short is None
    assert recheck(stored, CORPUS, sealed=True)[0].balance == WORTH.balance
    stored["citations"][0]["quote"] = "I loathed the mill when I was there"
    answer, removed = recheck(stored, CORPUS, sealed=True)
    assert (removed, answer.balance) == (1, None)
