"""The page where a chat model writes: its sentences, who it is, what was left out, and how it is stopped."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import CONTRAST, Door, NewVisitor, Visitor
from faults import KEY, ChatServer, Reply, never_ends, refuses, says, serving
from playwright.sync_api import expect

from roros_assistant.assistant import open_assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Citation, Claim, Corpus, Destination, Kind, Passage, Status
from roros_assistant.ui.web.answers import answer_html

TRAIN = "how long does the train take?"
SLAG = "What is Slegghaugan?"
FOUNDED = "When was Røros founded?"
FAULT = "Where is the church?"
ENDLESS = "best season to visit"
INVENTED = "It was a palace of the king of Sweden"


def replies(to: Reply) -> None:
    """Answer as the question asks for it."""
    asked = to.received.text.rpartition("Question:")[2]
    if "founded" in asked:
        return says(f"The town was founded in 1644 [1]. {INVENTED} [1].")(to)
    if "Slegghaugan" in asked:
        return says(f"{INVENTED} [1].")(to)
    if "church" in asked:
        return refuses(401)(to)
    if "season" in asked:
        return never_ends("word ")(to)
    return says("The train from Trondheim takes 2.5 hours [1].")(to)


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with serving(replies) as server:
        yield server


@pytest.fixture(scope="module")
def door(model: ChatServer, roros_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    flags = {"chat_model": "openai:m", "chat_base_url": model.address, "chat_api_key": KEY, "chat_timeout": 20}
    data: Path = tmp_path_factory.mktemp("written")
    settings = load_settings(data=data, **flags)
    with contextlib.closing(Door(roros_corpus, data, lambda _: open_assistant(settings), **flags)) as door:
        yield door


@pytest.fixture
def visitor(door: Door, new_visitor: NewVisitor) -> Visitor:
    return new_visitor(door.url).ready()


def test_each_written_sentence_has_the_number_of_the_quote_that_carries_it(visitor: Visitor) -> None:
    turn = visitor.ask(TRAIN)
    expect(turn.locator(".told .said")).to_have_text(["The train from Trondheim takes 2.5 hours."])
    assert turn.locator(".answer q").count() == 0
    expect(turn.locator(".byline")).to_have_text("Written by m, each sentence checked against its source.")
    turn.locator(".told a.mark").click()
    expect(visitor.page.locator("mark.chosen")).to_contain_text("taking 2.5 hours")


def test_a_kept_sentence_is_shown_again_only_as_it_was_checked(visitor: Visitor) -> None:
    visitor.ask(TRAIN)
    visitor.open()
    expect(visitor.answered().locator(".told .said")).to_have_text(["The train from Trondheim takes 2.5 hours."])
    visitor.page.evaluate(
        """(words) => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("travel-assistant"));
            const turns = JSON.parse(localStorage.getItem(key));
            turns[0].answer.claims[0].text = words;
            localStorage.setItem(key, JSON.stringify(turns));
        }""",
        INVENTED,
    )
    visitor.open()
    expect(visitor.page.locator("[data-asked]")).to_have_text([TRAIN])
    expect(visitor.page.locator(".told .said")).to_have_count(0)
    expect(visitor.page.locator("body")).not_to_contain_text(INVENTED)


def test_the_page_says_who_writes_and_who_gets_the_questions(visitor: Visitor) -> None:
    said = "Written on this machine by m, each sentence checked. Nothing is sent to anyone else."
    expect(visitor.page.locator("[data-privacy]")).to_have_text(said)
    expect(visitor.page.locator("[data-about-words]")).to_contain_text(said)


def test_a_sentence_that_no_quote_carries_is_left_out_and_the_page_tells_why_without_repeating_it(
    visitor: Visitor,
) -> None:
    turn = visitor.ask(FOUNDED)
    expect(turn.locator(".told .said")).to_have_text(["The town was founded in 1644."])
    expect(turn.locator(".is-written li")).to_be_hidden()
    turn.locator(".is-written summary").click()
    expect(turn.locator(".is-written li")).to_contain_text("Sweden")
    assert INVENTED not in visitor.page.content()


def test_where_nothing_written_is_carried_the_quotes_answer_and_it_is_told(visitor: Visitor) -> None:
    turn = visitor.ask(SLAG)
    expect(turn.locator(".lead q")).to_contain_text("immense hills made up of slag")
    expect(turn.locator(".is-written summary")).to_contain_text("The chat model’s answer was left out: 1 sentence")
    assert INVENTED not in visitor.page.content()


def test_a_fault_of_the_models_server_is_one_sentence_above_the_quotes(visitor: Visitor) -> None:
    turn = visitor.ask(FAULT)
    expect(turn.locator(".notice")).to_have_text("The chat model’s server did not accept the key.")
    assert turn.locator(".answer q").count() > 0
    assert KEY not in visitor.page.content()


def test_stop_ends_the_models_work(visitor: Visitor, model: ChatServer) -> None:
    before = len(model.received)
    visitor.type(ENDLESS)
    until = time.monotonic() + 10
    while len(model.received) == before and time.monotonic() < until:
        visitor.page.wait_for_timeout(50)
    visitor.page.get_by_role("button", name="Stop").click()
    asked = time.monotonic()
    while model.received[-1].left_after is None and time.monotonic() < asked + 5:
        visitor.page.wait_for_timeout(50)
    assert model.received[-1].left_after is not None


def test_a_written_answer_comes_back_after_a_reload(visitor: Visitor) -> None:
    visitor.ask(TRAIN)
    visitor.ready()
    expect(visitor.page.locator(".told .said")).to_have_text(["The train from Trondheim takes 2.5 hours."])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_written_answer_can_be_read_and_fits(scheme: str, width: int, door: Door, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(door.url, color_scheme=scheme, viewport={"width": width, "height": 844}).ready()
    turn = visitor.ask(FOUNDED)
    turn.locator(".is-written summary").click()
    assert visitor.page.evaluate(CONTRAST) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_words_of_a_model_are_words() -> None:
    """What it writes is shown as text, whatever signs stand in it."""
    quote = Citation(1, "mill", Kind.ARTICLE, Kind.ARTICLE, "The mill", "Ida", None, None, None, False, 0, 4, "Rye.")
    claim = Claim("<img src=x onerror=alert(1)> & more", (Passage("mill", 0, 4, "Rye."),), 0.7, (1,))
    answer = Answer("q", "q", Status.ANSWERED, (claim,), (quote,), writer="openai:<b>m</b>", left_out=("<i>not</i>",))
    html = answer_html(answer, "q1", destination=Destination(), languages={})
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; more" in html
    assert not any(tag in html for tag in ("<img", "<b>", "<i>not"))
    assert "is-reworded" in html
    sure = replace(answer, claims=(replace(claim, support=0.95),))
    assert "is-reworded" not in answer_html(sure, "q1", destination=Destination(), languages={})
