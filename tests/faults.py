"""Chat models' servers on loopback that speak OpenAI's protocol: one that answers, and one for each way to fail."""

import contextlib
import copy
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from roros_assistant.assistant import Assistant
from roros_assistant.generate import open_writer
from roros_assistant.generate.writer import Writer
from roros_assistant.prose import Prose
from roros_assistant.rerank import load_reranker
from roros_assistant.settings import load_settings
from roros_assistant.types import Citation, Kind
from roros_assistant.verify import Checker

KEY = "sk-very-secret-4711"
_UNTIL_GIVEN_UP = 20.0  # seconds after which a server that waits for its client to leave stops waiting


@dataclass
class Received:
    """One question that arrived."""

    body: dict[str, Any]
    headers: dict[str, str]
    left_after: float | None = None  # seconds until the client closed the connection, where the server watched for it

    @property
    def text(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


class Reply:
    """The server's end of one connection."""

    def __init__(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
        self._handler = handler
        self.received = received
        self._started = time.monotonic()

    def begin(self, content_type: str = "text/event-stream", *, chunked: bool = True) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", content_type)
        if chunked:
            self._handler.send_header("Transfer-Encoding", "chunked")
        self._chunked = chunked
        self._handler.end_headers()

    def refuse(self, status: int, body: object, **headers: str) -> None:
        data = json.dumps(body).encode()
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def send(self, data: bytes) -> None:
        framed = b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data
        self._handler.wfile.write(framed)
        self._handler.wfile.flush()

    def say(self, piece: str, ending: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": ending}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.send(b"data: " + json.dumps(event).encode() + b"\n\n")

    def end(self) -> None:
        self.send(b"data: [DONE]\n\n")
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """Close the connection in the middle of what was promised."""
        self._handler.close_connection = True
        with contextlib.suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def wait_until_left(self, seconds: float = _UNTIL_GIVEN_UP) -> bool:
        """Wait for the client to close the connection; whether it did."""
        ready, _, _ = select.select([self._handler.connection], [], [], seconds)
        left = bool(ready) and not self._received_more()
        if left:
            self.left()
        return left

    def left(self) -> None:
        self.received.left_after = time.monotonic() - self._started

    def _received_more(self) -> bool:
        try:
            return bool(self._handler.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False


Behaviour = Callable[[Reply], None]


def says(text: str, *, size: int = 4, pause: float = 0.0, ending: str = "stop") -> Behaviour:
    """Answer in pieces."""

    def reply(to: Reply) -> None:
        to.begin()
        for start in range(0, len(text), size):
            to.say(text[start : start + size])
            time.sleep(pause)
        to.say("", ending)
        to.end()

    return reply


def refuses(status: int, code: str = "", **headers: str) -> Behaviour:
    """Answer with an HTTP error whose text holds what must not be shown."""
    body = {"error": {"message": f"secret words about {KEY}: {code}", "type": "error", "code": code}}
    return lambda to: to.refuse(status, body, **headers)


def breaks_after(text: str, *, chunked: bool = True) -> Behaviour:
    """Break off after some text; without chunks it looks like an end, but nothing said that it is one."""

    def reply(to: Reply) -> None:
        to.begin(chunked=chunked)
        if text:
            to.say(text)
        to.cut()

    return reply


def stalls_after(text: str) -> Behaviour:
    """Say something, then nothing more for ever."""

    def reply(to: Reply) -> None:
        to.begin()
        to.say(text)
        to.wait_until_left()

    return reply


def never_answers(to: Reply) -> None:
    """Take the question and send not even a header."""
    to.wait_until_left()


def never_ends(piece: str, *, pause: float = 0.002) -> Behaviour:
    """Go on for ever."""

    def reply(to: Reply) -> None:
        to.begin()
        try:
            while not to.wait_until_left(pause):
                to.say(piece)
        except OSError:
            to.left()

    return reply


def sends(data: bytes, content_type: str = "text/event-stream") -> Behaviour:
    """Send bytes that are no answer."""

    def reply(to: Reply) -> None:
        to.begin(content_type)
        to.send(data)
        to.end()

    return reply


@dataclass
class ChatServer:
    """Behaves as told, one behaviour a question, the last one for all that follow."""

    behaviours: Sequence[Behaviour]
    received: list[Received] = field(default_factory=list)
    address: str = ""

    def behave(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        received = Received(
            json.loads(handler.rfile.read(length)), {name.lower(): value for name, value in handler.headers.items()}
        )
        self.received.append(received)
        behaviour = self.behaviours[min(len(self.received), len(self.behaviours)) - 1]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            behaviour(Reply(handler, received))

    def wait_until_left(self, seconds: float = 3.0, question: int = 0) -> float:
        """Seconds from the first question, or another, until its client closed the connection."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.received) > question and (left_after := self.received[question].left_after) is not None:
                return left_after
            time.sleep(0.01)
        raise AssertionError("the client is still there")


@contextlib.contextmanager
def serving(*behaviours: Behaviour) -> Iterator[ChatServer]:
    """A server on a free port, until the block is left."""
    served = ChatServer(behaviours)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            served.behave(self)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


NewWriter = Callable[..., tuple[Writer, ChatServer]]


@pytest.fixture
def new_writer() -> Iterator[NewWriter]:
    """Make a server that behaves as told and a writer that asks it."""
    with contextlib.ExitStack() as stack:

        def make(*behaviours: Behaviour, timeout: float = 5.0) -> tuple[Writer, ChatServer]:
            server = stack.enter_context(serving(*behaviours))
            writer = open_writer(
                load_settings(
                    chat_model="openai:m", chat_base_url=server.address, chat_api_key=KEY, chat_timeout=timeout
                )
            )
            assert writer is not None
            stack.callback(writer.close)
            return writer, server

        yield make


Speaking = Callable[..., tuple[Assistant, ChatServer]]


@pytest.fixture
def speaking(assistant: Assistant, new_writer: NewWriter) -> Speaking:
    """Give the assistant a chat model whose server behaves as told."""
    reranker = load_reranker()
    checker = Checker(reranker, assistant.corpus.destination)

    def make(*behaviours: Behaviour, timeout: float = 5.0) -> tuple[Assistant, ChatServer]:
        writer, server = new_writer(*behaviours, timeout=timeout)
        one = copy.copy(assistant)
        one.prose = Prose(writer, checker, reranker, assistant.corpus)
        one._patience = timeout
        return one, server

    return make


def passage(number: int, quote: str = "The train takes 2.5 hours.", **known: Any) -> Citation:
    """A numbered quote as the sources would give it."""
    facts = {"title": "The town", "author": "Ada", "published": None, "as_of": "2014", "url": None, "visited": False}
    kind = known.pop("kind", Kind.ARTICLE)
    return Citation(
        number=number, document_id="town", kind=kind, voice=kind, start=0, end=len(quote), quote=quote, **facts | known
    )


PASSAGES = (passage(1), passage(2, "The mine closed in 1977."), passage(3, "The church is open at ten."))
