"""Sources and questions that attack the page: every word is shown as a word, and nothing else happens."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser import NewVisitor, Server, Visitor
from playwright.sync_api import expect

from roros_assistant.documents import read_corpus
from roros_assistant.types import Corpus

QUESTION = "best season to visit"
# Everything an element of the page itself may be; a hostile word must not become any other.
OURS = (
    "a article aside bdi b button dd details dialog div dl dt footer form h1 h2 h3 h4 h5 h6 header i img li main mark"
)
OURS += " nav ol p path q section small span summary svg template textarea ul"


class Sink:
    """Counts who calls: a page that was tricked would."""

    def __init__(self) -> None:
        sink = self
        self.hits: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sink.hits.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()


def attacks(sink: str) -> list[str]:
    """What a hostile author would write."""
    return [
        f"<script>fetch('{sink}/script')</script>",
        f"<img src=x onerror=\"fetch('{sink}/onerror')\">",
        f"<img src='{sink}/img'>",
        f"<style>@import '{sink}/style'; body {{ display: none }}</style>",
        f"<iframe src='{sink}/frame' srcdoc='<script>alert(1)</script>'></iframe>",
        "<svg onload=alert(1)><a href='javascript:alert(2)'>click</a></svg>",
        f"![picture]({sink}/markdown) [link](javascript:alert(3))",
        "&lt;script&gt;alert(4)&lt;/script&gt; &#60;b&#62;",
        "${alert(5)} {{constructor.constructor('alert(6)')()}} `${alert(7)}` @children <%= 1 %>",
        "</textarea></template></script><script>alert(8)</script><!--",
        "\"><input autofocus onfocus=alert(9)> ' onmouseover='alert(10)'",
        f"<form action='{sink}/form'><button data-ask data-new autofocus>free</button></form>",
        f"<base href='{sink}/'><meta http-equiv=refresh content='0;url={sink}/meta'>",
        f"<link rel=stylesheet href={sink}/css>",
        "$$\\href{javascript:alert(11)}{x}$$ \\(x^2\\)",
        "\u202eesrever\u202c \u2066isolate \u200b zero",
    ]


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def folder(sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in which every text, name and title attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    bad = attacks(sink.url)
    quoted = [json.dumps(words) for words in bad]  # JSON strings are YAML strings
    front = f"title: {quoted[2]}\nkind: article\nauthor: {quoted[1]}\nas_of: {quoted[10]}\nlicence: {quoted[0]}\n"
    front += f"url: {sink.url}/original?a=<b>\n".replace("<b>", "%3Cb%3E")
    lines = [f"The best season to visit is summer {words} because the days are long." for words in bad]
    text = "\n\n".join([f"# Heading {bad[0]}", *lines])
    (folder / "page.md").write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")
    comments = [
        {
            "id": f"c{number}",
            "author": words,
            "published": bad[3],
            "text": f"I would visit in winter, {words} it is calm.",
        }
        for number, words in enumerate(bad)
    ]
    comments.append(
        {"id": "reply", "reply_to": "c0", "role": "author", "author": bad[5], "text": f"Thank you {bad[1]}"}
    )
    (folder / "page.comments.yaml").write_text(json.dumps(comments), encoding="utf-8")
    about = {"name": bad[1], "stand_in": "the place", "contact": bad[0], "examples": [QUESTION, *bad[:9]]}
    about["emergency"] = {bad[2]: bad[1]}  # type: ignore[assignment]
    (folder / "corpus.yaml").write_text(json.dumps(about), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("page"), "--corpus", str(folder))
    yield server
    server.stop()


@pytest.fixture
def victim(hostile: Server, new_visitor: NewVisitor, sink: Sink) -> Iterator[Visitor]:
    """A visitor of the hostile page; afterwards nothing foreign may stand in it and nobody may have been called."""
    visitor = new_visitor(hostile.url).ready()
    yield visitor
    names = visitor.page.evaluate("[...new Set([...document.querySelectorAll('.shell *')].map(e => e.localName))]")
    assert set(names) <= set(OURS.split())
    attributes = "[...document.querySelectorAll('*')].flatMap(element => element.getAttributeNames())"
    assert [name for name in visitor.page.evaluate(attributes) if name.startswith("on")] == []
    links = visitor.page.evaluate("[...document.querySelectorAll('a')].map(link => link.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert visitor.page.locator("body").is_visible()
    assert sink.hits == []


def test_a_hostile_corpus_is_answered_from_in_its_own_words(victim: Visitor, folder: Path) -> None:
    corpus = read_corpus(folder)
    turn = victim.ask(QUESTION)
    quotes = turn.locator(".answer q").all_text_contents()
    assert any("<" in quote for quote in quotes)
    assert all(any(quote in document.text for document in corpus.documents) for quote in quotes)


def test_the_whole_hostile_document_is_shown_character_for_character(victim: Visitor, folder: Path) -> None:
    corpus: Corpus = read_corpus(folder)
    victim.ask(QUESTION).locator("a.mark").first.click()
    victim.page.locator("mark.chosen").wait_for()
    shown = victim.page.locator(".document-body > .text > *").all_text_contents()
    paragraphs = corpus.by_id["page"].text.split("\n\n")
    assert shown == [paragraph.lstrip("# ") for paragraph in paragraphs]
    comments = victim.page.locator(".comment > .text p").all_text_contents()
    assert comments == [document.text for document in corpus.documents if document.id != "page"]
    expect(victim.page.locator(".document-head h2")).to_have_text(corpus.by_id["page"].title)


def test_a_hostile_question_is_shown_as_words_now_and_after_a_reload(victim: Visitor, sink: Sink) -> None:
    questions = attacks(sink.url)[:9]
    for question in questions:
        victim.ask(f"{question} best season?")
    expect(victim.page.locator("[data-asked]")).to_have_text([f"{question} best season?" for question in questions])
    victim.open()
    expect(victim.page.locator("[data-asked]")).to_have_text([f"{question} best season?" for question in questions])


def test_hostile_words_in_the_browsers_memory_stay_words(victim: Visitor, sink: Sink) -> None:
    turn = victim.ask(QUESTION)
    turn.get_by_role("button", name="Helpful", exact=True).click()
    victim.page.evaluate(
        """(bad) => {
            const key = Object.keys(localStorage).find((name) => name.startsWith("travel-assistant"));
            const turns = JSON.parse(localStorage.getItem(key));
            turns[0].answer.notice = bad;
            turns[0].answer.language = bad;
            turns[0].answer.suggestions = [bad];
            turns[0].answer.about = bad;
            turns[0].answer.short = { text: bad, citation: 1, start: 0, end: bad.length };
            turns[0].answer.citations[0].title = bad;
            turns[0].verdict = bad;
            turns.push({ id: bad, question: bad, answer: turns[0].answer }, { id: "q0", answer: null }, null, bad);
            localStorage.setItem(key, JSON.stringify(turns));
        }""",
        attacks(sink.url)[1],
    )
    victim.open()
    assert victim.answered().locator(".notice").first.text_content() == attacks(sink.url)[1]
    assert victim.answered().locator(".topic bdi").text_content() == attacks(sink.url)[1]
    assert victim.answered().locator(".short").count() == 0
    assert victim.turns() == [QUESTION]


def test_about_and_examples_show_hostile_names_as_words(victim: Visitor, sink: Sink) -> None:
    assert victim.page.title() == f"{attacks(sink.url)[1]} Assistant"
    assert victim.page.locator(".example").nth(1).text_content() == attacks(sink.url)[0]
    victim.page.get_by_role("button", name="About").first.click()
    expect(victim.page.locator("[data-about-words]")).to_contain_text("<script>")
