"""The page's server: up before the models, closed to what the page does not need, plain about what fails."""

import contextlib
import http.client
import json
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Door, NewVisitor, Server
from playwright.sync_api import expect

from roros_assistant.assistant import Assistant
from roros_assistant.errors import ModelUnavailable
from roros_assistant.types import Corpus, Progress
from roros_assistant.ui.web.feedback import Feedback
from roros_assistant.ui.web.markup import link_to
from roros_assistant.ui.web.shield import POLICY
from roros_assistant.ui.web.sources import Mark, document_html

SEASON = "best season to visit"


class Gate(Door):
    """A page whose models never come, or fail when the test says so."""

    def __init__(self, corpus: Corpus, data: Path) -> None:
        self.failing = threading.Event()
        super().__init__(corpus, data, self._open)

    def _open(self, progress: Progress) -> Assistant:
        progress("embedding", 3, 83)
        self.failing.wait()
        raise ModelUnavailable("The reranker’s file <b>model.onnx</b> has changed. Install it again.")

    def close(self) -> None:
        self.failing.set()
        super().close()


@pytest.fixture
def gate(roros_corpus: Corpus, tmp_path: Path) -> Iterator[Gate]:
    with contextlib.closing(Gate(roros_corpus, tmp_path)) as gate:
        yield gate


def test_while_the_models_load_the_page_is_there_and_takes_questions(gate: Gate, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(gate.url).open()
    expect(visitor.page.locator("[data-banner]")).to_have_text(
        "The models are loading (embedding: 3 of 83)… You can ask already."
    )
    visitor.type(SEASON)
    expect(visitor.page.locator(".status")).to_have_text(
        "The models are loading (embedding: 3 of 83). Your question is next."
    )


def test_stop_ends_the_waiting_and_retry_asks_again(gate: Gate, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(gate.url).open()
    visitor.type(SEASON)
    expect(visitor.page.locator(".status")).to_contain_text("Your question is next.")
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.page.locator(".status")).to_have_text("Stopped.")
    expect(visitor.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    visitor.page.get_by_role("button", name="Retry").click()
    expect(visitor.page.locator(".status")).to_contain_text("Your question is next.")


def test_models_that_cannot_be_loaded_are_told_plainly(gate: Gate, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(gate.url).open()
    visitor.type(SEASON)
    expect(visitor.page.locator(".status")).to_contain_text("Your question is next.")
    gate.failing.set()
    fault = "The reranker’s file <b>model.onnx</b> has changed. Install it again."
    expect(visitor.page.locator(".status.is-failed")).to_have_text(fault)
    expect(visitor.page.locator("[data-banner].is-failed")).to_have_text(fault)


def test_a_question_beyond_the_queue_is_told_to_come_back(gate: Gate, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(gate.url).open()
    answers = [join(gate) for _ in range(41)]
    assert answers.count(503) == 1
    visitor.type(SEASON)
    expect(visitor.page.locator(".status.is-failed")).to_contain_text("busy")
    assert any("503" in words for words in visitor.trouble)
    visitor.trouble.clear()


def join(gate: Gate) -> int:
    """Ask as another visitor's browser would; the status code."""
    config = json.loads(call(gate.port, "GET", "/config")[2])
    asking = config["dependencies"][0]
    event = {"turn": f"q{secrets.token_hex(8)}", "question": SEASON}
    question = {"data": [], "event_data": event, "fn_index": asking["id"], "session_hash": secrets.token_hex(6)}
    body = json.dumps({**question, "trigger_id": asking["targets"][0][0]})
    return call(gate.port, "POST", "/gradio_api/queue/join", body, JSON)[0]


JSON = {"Content-Type": "application/json"}


def call(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read().decode(errors="replace")


@pytest.mark.parametrize("path", ["/", "/config", "/page/page.css", "/gradio_api/upload"])
def test_every_reply_carries_the_policy(server: Server, path: str) -> None:
    _, headers, _ = call(server.port, "GET", path)
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_names_no_other_host_than_its_own_and_the_official_site(server: Server) -> None:
    _, _, html = call(server.port, "GET", "/")
    hosts = set(re.findall(r"https?://([\w.-]+)", html))
    assert hosts <= {"127.0.0.1", "www.roros.no"}


def test_a_foreign_name_for_this_machine_is_refused(server: Server) -> None:
    assert call(server.port, "GET", "/", headers={"Host": "attacker.example"})[0] == 421
    assert call(server.port, "GET", "/", headers={"Host": f"localhost:{server.port}"})[0] == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1:1/"),
        ("GET", "/page/..%2fpage.py"),
        ("GET", "/assets/../page.py"),
        ("GET", "/monitoring"),
        ("GET", "/gradio_api/info"),
        ("GET", "/docs"),
        ("POST", "/gradio_api/vibe-edit"),
        ("PUT", "/"),
        ("OPTIONS", "/gradio_api/queue/join"),
    ],
)
def test_what_the_page_does_not_need_is_not_there(server: Server, method: str, path: str) -> None:
    assert call(server.port, method, path, "{}" if method == "POST" else None, JSON)[0] == 404


def test_another_sites_script_cannot_ask(server: Server) -> None:
    foreign = {**JSON, "Origin": "https://attacker.example"}
    assert call(server.port, "POST", "/gradio_api/queue/join", "{}", foreign)[0] == 403
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert call(server.port, "POST", "/gradio_api/component_server", "a=b", form)[0] == 415


def test_a_body_without_end_is_refused(server: Server) -> None:
    assert call(server.port, "POST", "/gradio_api/queue/join", " " * 2_000_001, JSON)[0] == 413


def test_a_taken_port_is_told_with_its_remedy(server: Server) -> None:
    words = "from roros_assistant.ui.cli import main; main()"
    command = [sys.executable, "-c", words, "web", "--port", str(server.port), "--data", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 7
    assert f"roros web --port {server.port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_is_up_before_the_models(tmp_path: Path) -> None:
    for attempt in ("first", "second", "third"):  # what runs beside may hold the machine for some seconds
        started = time.monotonic()
        server = Server(tmp_path)
        seconds = time.monotonic() - started
        if seconds < 10 or attempt == "third":
            break
        server.stop()
    try:
        assert "torch" not in server.log()
        assert seconds < 10  # 3 on a machine that does nothing else
        started = time.monotonic()
    finally:
        code = server.stop()
    assert code == 0
    assert time.monotonic() - started < 5  # nobody waits for models that nobody wants any more
    assert server.log().splitlines()[1:] == ["", "Goodbye."]


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.1, 0.5, 0.9])
def test_ctrl_c_while_somebody_is_answered_ends_quietly(after: float, tmp_path: Path, new_visitor: NewVisitor) -> None:
    server = Server(tmp_path)
    try:
        visitor = new_visitor(server.url).ready()
        visitor.ask("How long does the train take?")
        visitor.type("What is there to do?")  # read for two seconds
        time.sleep(after)
    finally:
        code = server.stop()
    visitor.trouble.clear()  # the page has lost its server
    assert code == 0
    assert server.log().splitlines()[1:] == ["", "Goodbye."]


def test_a_quoted_passage_is_linked_in_the_original(roros_corpus: Corpus) -> None:
    page = roros_corpus.by_id["tourism-award-2015"]
    quote = "This is a coveted award, and we are proud to be nominated by Innovation Norway."
    start = page.text.index(quote)
    html = document_html(roros_corpus, page.id, [Mark(page.id, start, start + len(quote), 1)], 1)
    assert f'href="{page.url}#:~:text=This%20is%20a%20coveted%20award%2C%20and%20we%20are' in html
    assert f'data-number="1" tabindex="-1">{quote}</mark>' in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert link_to(url) is None


def test_a_text_fragment_encodes_what_is_syntax_and_names_the_ends_of_a_long_quote() -> None:
    assert link_to("https://x.example/a", "dog-sledding, & more") == (
        "https://x.example/a#:~:text=dog%2Dsledding%2C%20%26%20more"
    )
    long = " ".join(f"w{number}" for number in range(60))
    assert link_to("https://x.example/a#top", long) == (
        "https://x.example/a#top:~:text=w0%20w1%20w2%20w3%20w4,w55%20w56%20w57%20w58%20w59"
    )


def test_a_verdict_file_that_is_full_takes_no_more(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    file.write_text("x" * 5_000_000)
    assert not Feedback(file).keep("q0", "like")
    assert file.stat().st_size == 5_000_000
