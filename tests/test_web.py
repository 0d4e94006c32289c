"""The page in a real browser: what a visitor sees, chooses, keeps and takes away."""

import json
import re

import pytest
from browser import CONTRAST, NewVisitor, Server, Visitor
from playwright.sync_api import Locator, expect

from roros_assistant.assistant import Assistant
from roros_assistant.types import Corpus

SEASON = "best season to visit"
MUSEUM = "What can I see at the Smelthytta Museum?"
UNANSWERED = "How much is a train ticket?"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def inside(inner: Locator, outer: Locator) -> bool:
    """Whether a reader sees the beginning of ``inner`` without scrolling."""
    box, frame = inner.bounding_box(), outer.bounding_box()
    assert box
    assert frame
    return frame["y"] <= box["y"] <= frame["y"] + frame["height"] - 10


def test_the_page_names_its_destination_and_offers_questions(visitor: Visitor, roros_corpus: Corpus) -> None:
    expect(visitor.page).to_have_title("Røros Assistant")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Røros Assistant")
    assert visitor.page.locator(".example").all_text_contents() == list(roros_corpus.destination.examples)


def test_an_example_question_is_answered_in_words_of_the_sources(visitor: Visitor, roros_corpus: Corpus) -> None:
    visitor.page.get_by_role("button", name=MUSEUM).click()
    quotes = visitor.answered().locator(".answer q").all_text_contents()
    assert quotes
    assert all(any(quote in document.text for document in roros_corpus.documents) for quote in quotes)


def test_every_claim_carries_a_link_to_its_card(visitor: Visitor) -> None:
    turn = visitor.ask(SEASON)
    assert turn.locator(".answer q").count() == turn.locator(".answer a.mark").count() > 1
    for link in turn.locator("a.mark").all():
        target = link.get_attribute("href") or ""
        assert visitor.page.locator(f"li{target} .card").count() == 1


def test_ids_are_unique_after_two_questions(visitor: Visitor) -> None:
    visitor.ask(SEASON)
    visitor.ask(MUSEUM)
    ids = visitor.page.evaluate("[...document.querySelectorAll('.shell [id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_a_card_tells_voice_author_title_date_and_quote(visitor: Visitor, roros_corpus: Corpus) -> None:
    visitor.ask(SEASON)
    card = visitor.page.locator(".card").first
    article = roros_corpus.by_id["travelsewhere-roros"]
    for words in ("Article", article.author, article.title, article.as_of):
        expect(card).to_contain_text(words or "")
    assert (card.locator("q").text_content() or "") in article.text


def test_a_mark_opens_the_whole_source_with_the_cited_words_in_view(visitor: Visitor, roros_corpus: Corpus) -> None:
    turn = visitor.ask(SEASON)
    quote = turn.locator(".lead q").text_content() or ""
    turn.locator(".lead a.mark").click()
    chosen = visitor.page.locator("mark.chosen")
    expect(chosen).to_have_text(quote)
    assert inside(chosen, visitor.page.locator(".document-body"))
    shown = visitor.page.locator(".document-body > .text p").all_text_contents()
    assert "\n\n".join(shown) == roros_corpus.by_id["travelsewhere-roros"].text


def test_a_card_opens_its_source_and_back_leads_to_the_cards(visitor: Visitor) -> None:
    visitor.ask(SEASON)
    card = visitor.page.locator(".card").nth(1)
    quote = card.locator("q").text_content() or ""
    card.click()
    expect(visitor.page.locator("mark.chosen")).to_have_text(quote)
    visitor.page.get_by_role("button", name="All").click()
    expect(card).to_be_focused()


def test_comments_are_a_thread_with_the_reply_under_its_parent(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="The Quaint Mining Town of Røros").click()
    reply = visitor.page.locator(".comment .comment")
    expect(reply).to_contain_text("David")
    expect(reply).to_contain_text("the article’s author, in reply")
    expect(visitor.page.locator(".comment:has(.comment)")).to_contain_text("bucket list for ages")
    assert visitor.page.locator(".comment").count() == 9


def test_what_the_sources_do_not_say_is_said_with_the_nearest_quotes_and_other_questions(visitor: Visitor) -> None:
    turn = visitor.ask(UNANSWERED)
    expect(turn.locator(".status")).to_have_text("Not in the sources")
    expect(turn.locator(".is-nearest")).to_contain_text("The nearest the sources come")
    expect(turn).to_contain_text("113")
    assert turn.get_by_role("link", name="www.roros.no/en").get_attribute("href") == "https://www.roros.no/en/"
    suggested = turn.locator(".chip").first.text_content()
    turn.locator(".chip").first.click()
    visitor.answered()
    assert visitor.turns() == [UNANSWERED, suggested]


def test_copy_gives_plain_text_with_numbered_sources(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = visitor.ask(SEASON)
    quote = turn.locator(".lead q").text_content() or ""
    turn.get_by_role("button", name="Copy").click()
    expect(visitor.page.locator("[data-toast]")).to_have_text("Copied, with its sources.")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert f"“{quote}” [1]" in copied
    assert re.search(r"^\[1\] Article, The Quaint Mining Town of Røros, Norway", copied, re.MULTILINE)
    assert "<" not in copied


def test_a_verdict_is_kept_as_number_and_verdict_alone(visitor: Visitor, server: Server) -> None:
    turn = visitor.ask(SEASON)
    helpful = turn.get_by_role("button", name="Helpful", exact=True)
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(visitor.page.locator("[data-announcer]")).to_have_text("Thank you.")
    helpful.click()
    expect(visitor.page.locator("[data-announcer]")).to_have_text("Taken back.")
    lines = (server.data / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-2:]
    answer = turn.get_attribute("id")
    assert [json.loads(line) for line in lines] == [
        {"answer": answer, "verdict": "like"},
        {"answer": answer, "verdict": None},
    ]


def test_retry_answers_again_in_the_same_place_under_a_new_name(visitor: Visitor) -> None:
    turn = visitor.ask(SEASON)
    before, words = turn.get_attribute("id"), turn.locator(".answer").text_content()
    turn.get_by_role("button", name="Retry").click()
    expect(visitor.page.locator(f"#{before}")).to_have_count(0)
    again = visitor.answered()
    assert again.locator(".answer").text_content() == words
    assert visitor.turns() == [SEASON]
    assert again.locator("a.mark").first.get_attribute("href") == f"#{again.get_attribute('id')}-source-1"


def test_a_new_chat_clears_the_page_and_can_be_undone(visitor: Visitor) -> None:
    visitor.ask(SEASON)
    visitor.page.get_by_role("button", name="New chat").click()
    assert visitor.turns() == []
    expect(visitor.page.locator(".welcome")).to_be_visible()
    visitor.page.get_by_role("button", name="Undo").click()
    expect(visitor.page.locator("[data-asked]")).to_have_text([SEASON])
    visitor.page.get_by_role("button", name="New chat").click()
    visitor.open()
    assert visitor.turns() == []


def test_a_reload_keeps_questions_answers_and_verdicts(visitor: Visitor) -> None:
    visitor.ask(UNANSWERED)
    turn = visitor.ask(SEASON)
    turn.get_by_role("button", name="Not helpful").click()
    words = turn.locator(".answer").text_content()
    visitor.open()
    expect(visitor.page.locator("[data-asked]")).to_have_text([UNANSWERED, SEASON])
    turn = visitor.answered()
    assert turn.locator(".answer").text_content() == words
    expect(turn.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    turn.locator("a.mark").last.click()
    expect(visitor.page.locator("mark.chosen")).to_be_visible()


def test_the_browser_keeps_no_html(visitor: Visitor) -> None:
    visitor.ask(SEASON)
    kept = visitor.page.evaluate("Object.values(localStorage).join()")
    assert SEASON in kept
    assert not re.search(r"<\w", kept)


def test_a_kept_quote_that_no_longer_stands_in_its_source_is_removed_with_a_note(visitor: Visitor) -> None:
    visitor.ask(SEASON)
    visitor.page.evaluate("""() => {
        const key = Object.keys(localStorage).find((name) => name.startsWith("travel-assistant"));
        const turns = JSON.parse(localStorage.getItem(key));
        turns[0].answer.citations[0].quote = "Everything here is free of charge.";
        turns[0].answer.claims[0].text = "Everything here is free of charge.";
        localStorage.setItem(key, JSON.stringify(turns));
    }""")
    visitor.open()
    turn = visitor.answered()
    expect(turn.locator(".is-removed")).to_contain_text("1 quote was removed")
    expect(turn).not_to_contain_text("free of charge")


def test_the_keyboard_alone_asks_opens_and_comes_back(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type(SEASON)
    page.keyboard.press("Enter")
    link = visitor.answered().locator("a.mark").first
    for _ in range(30):
        if link.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("mark.chosen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(page.locator("[data-document]")).to_be_hidden()


def test_a_screen_reader_hears_a_short_line_and_finds_landmarks(visitor: Visitor) -> None:
    turn = visitor.ask(SEASON)
    said = visitor.page.locator("[data-announcer]")
    expect(said).to_have_text(turn.locator(".status").text_content() or "")
    expect(said).to_have_attribute("aria-live", "polite")
    for landmark in ("banner", "main", "complementary", "form"):
        expect(visitor.page.get_by_role(landmark)).to_have_count(1)
    assert turn.locator(".lead q").get_attribute("lang") == "en"
    assert (turn.locator("a.mark").first.get_attribute("aria-label") or "").startswith("Source 1: Article")


def test_on_a_phone_a_mark_opens_its_source_as_a_sheet_over_the_chat(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(**PHONE).ready()
    turn = visitor.ask(SEASON)
    sheet = visitor.page.locator("[data-pane]")
    expect(sheet).to_be_hidden()
    turn.locator("a.mark").first.tap()
    chosen = visitor.page.locator("mark.chosen")
    expect(chosen).to_be_focused()
    assert inside(chosen, visitor.page.locator(".document-body"))
    expect(sheet).to_have_attribute("aria-modal", "true")
    assert visitor.page.locator(".chat").evaluate("chat => chat.inert")
    visitor.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(turn.locator("a.mark").first).to_be_focused()
    assert not visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(new_visitor: NewVisitor, scheme: str) -> None:
    visitor = new_visitor(color_scheme=scheme).ready()
    visitor.ask(UNANSWERED)
    visitor.page.locator(".answer a.mark").first.click()
    visitor.page.locator("mark.chosen").wait_for()
    faint = visitor.page.evaluate(CONTRAST)
    assert faint == []


def test_two_people_at_once_see_their_own_words_alone(new_visitor: NewVisitor, assistant: Assistant) -> None:
    one, other = new_visitor().ready(), new_visitor().ready()
    one.type(SEASON)
    other.type(MUSEUM)
    first, second = one.answered(), other.answered()
    assert one.turns() == [SEASON]
    assert other.turns() == [MUSEUM]
    for question, shown in ((SEASON, first), (MUSEUM, second)):
        alone = [claim.text for claim in assistant.ask(question).claims]
        assert sorted(shown.locator("q").all_text_contents()) == sorted(alone)
    assert MUSEUM not in one.page.evaluate("Object.values(localStorage).join()")


def test_a_restart_of_the_server_keeps_the_conversation_and_the_open_page(visitor: Visitor, server: Server) -> None:
    visitor.ask(SEASON)
    assert server.stop() == 0
    assert "Traceback" not in server.log()
    server.start()
    # The models are loading again: the page says so, takes the question, and answers it when it can.
    visitor.type(MUSEUM)
    expect(visitor.page.locator(".turn").last.locator(".status")).to_contain_text("Your question is next.")
    turn = visitor.answered()
    assert turn.locator(".lead q").count() == 1
    visitor.trouble[:] = [
        words for words in visitor.trouble if "ERR_CONNECTION" not in words and "ERR_INCOMPLETE" not in words
    ]
    visitor.ready()
    expect(visitor.page.locator("[data-asked]")).to_have_text([SEASON, MUSEUM])
