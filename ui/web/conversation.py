"""What the page asks of the server: an answer as it is made, stored answers shown again, a document, a verdict.

The conversation itself lives in the visitor's browser; nothing of it is kept here.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from roros_assistant.errors import RorosError
from roros_assistant.present import as_json, as_text
from roros_assistant.types import MAX_QUESTION, Answer, Corpus, Turn

from .answers import announcement, answer_html
from .feedback import Feedback
from .kept import recheck
from .loading import Loader
from .seal import Seal
from .sources import Mark, cards_html, document_html

log = logging.getLogger(__name__)

_TURNS_KEPT = 50  # in a browser
_EVERY = 0.05  # seconds between two states of an answer: faster floods the browser
_LOOK = 0.4  # seconds between two looks at the loading

TurnId = Annotated[str, Field(pattern=r"^q[0-9a-f]{16}$")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exchange(_Request):
    """An earlier question of the conversation, with what was answered."""

    question: Annotated[str, Field(max_length=MAX_QUESTION)]
    answer: Annotated[str, Field(max_length=4_000)]


class Question(_Request):
    """A question with the end of the conversation before it."""

    turn: TurnId
    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    history: Annotated[tuple[Exchange, ...], Field(max_length=6)] = ()

    @field_validator("question")
    @classmethod
    def _has_words(cls, question: str) -> str:
        if not question.strip():
            raise ValueError("the question is empty")
        return question


class Stopping(_Request):
    """A question that nobody waits for any more."""

    turn: TurnId


class StoredTurn(_Request):
    """A turn as the browser kept it."""

    turn: TurnId
    answer: dict[str, Any]


class Span(_Request):
    """A citation, as far as it is needed to mark it."""

    document: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    number: int
    key: tuple[int, int] | None = None  # of it, the few words that answer


class Opening(_Request):
    """A document to be shown, with the spans to be marked in it."""

    document: str
    marks: Annotated[tuple[Span, ...], Field(max_length=60)] = ()
    chosen: int | None = None


class Verdict(_Request):
    """What a visitor thinks of an answer; None takes it back."""

    turn: TurnId
    verdict: Literal["like", "dislike"] | None


class Conversation:
    """Answers the page's requests; holds no words of any visitor."""

    def __init__(self, corpus: Corpus, loader: Loader, feedback: Feedback, seal: Seal) -> None:
        self._corpus = corpus
        self._loader = loader
        self._feedback = feedback
        self._seal = seal
        self._stopped = _Recent(1_000)
        self._running: dict[str, threading.Event] = {}
        self._languages = {document.id: document.language for document in corpus.documents}

    def ask(self, data: object) -> Iterator[dict[str, Any]]:
        """Answer a question, state by state; waits for the models if it must, and says so."""
        try:
            asked = Question.model_validate(data)
        except ValidationError:
            turn = data.get("turn") if isinstance(data, dict) else None
            limit = f"A question has 1 to {MAX_QUESTION} characters; this one could not be read."
            yield {"turn": turn if isinstance(turn, str) else "", "failed": limit, "done": True}
            return
        yield from self._loading(asked.turn)
        assistant = self._loader.assistant
        if asked.turn in self._stopped:
            yield {"turn": asked.turn, "done": True}
            return
        if assistant is None:
            yield {"turn": asked.turn, "failed": self._loader.readiness.message, "done": True}
            return
        try:
            with self._stopping(asked.turn) as stop:
                answers = assistant.stream(asked.question, _history(asked.history), stop=stop)
                yield from self._states(asked.turn, self._steps(answers, stop))
        except RorosError as error:
            yield {"turn": asked.turn, "failed": str(error), "done": True}
        except Exception:
            log.exception("an answer failed")
            failed = "Something went wrong while answering. The server’s log says what; asking again may help."
            yield {"turn": asked.turn, "failed": failed, "done": True}

    @contextlib.contextmanager
    def _stopping(self, turn: str) -> Iterator[threading.Event]:
        """What ends the answer of a turn while it is being made, a chat model's work too."""
        self._running[turn] = threading.Event()
        if turn in self._stopped:
            self._running[turn].set()
        try:
            yield self._running[turn]
        finally:
            del self._running[turn]

    def _loading(self, turn: str) -> Iterator[dict[str, Any]]:
        looks = 0
        while not self._loader.wait(_LOOK) and turn not in self._stopped:
            looks += 1  # two states alike would be one to the browser, and silence looks like a lost server
            words = f"{self._loader.readiness.message}. Your question is next."
            yield {"turn": turn, "waiting": words, "looks": looks, "done": False}

    def _steps(self, answers: Iterator[Answer], stop: threading.Event) -> Iterator[Answer]:
        """The answers, each made while the assistant cannot be closed; none once it is being closed."""
        while True:
            with self._loader.at_work(stop) as is_open:
                answer = next(answers, None) if is_open else None
            if answer is None:
                return
            yield answer

    def _states(self, turn: str, answers: Iterator[Answer]) -> Iterator[dict[str, Any]]:
        latest: Answer | None = None
        shown_at = 0.0
        for latest in answers:
            if turn in self._stopped:
                break
            if time.monotonic() - shown_at >= _EVERY:
                shown_at = time.monotonic()
                yield self._shown(turn, latest, done=False)
        if latest is not None:
            yield self._shown(turn, latest, done=True)

    def _shown(self, turn: str, answer: Answer, *, done: bool, removed: int = 0) -> dict[str, Any]:
        stored = as_json(answer, turn)
        stored["retrieved"] = []  # the page shows none of it, and a browser's storage is small
        stored["seal"] = self._seal.mark(stored)
        return {
            "turn": turn,
            "done": done,
            "answer": answer_html(
                answer,
                turn,
                destination=self._corpus.destination,
                languages=self._languages,
                removed=removed,
            ),
            "cards": cards_html(answer, turn, self._corpus),
            "count": len(answer.citations or answer.nearest),
            "about": answer.about,
            "next": list(answer.suggestions),
            "says": announcement(answer),
            "text": as_text(answer),
            "stored": stored,
        }

    def stop(self, data: object) -> dict[str, bool]:
        """End an answer that is being made."""
        try:
            turn = Stopping.model_validate(data).turn
        except ValidationError:
            return {"stopped": False}
        self._stopped.add(turn)
        if turn in self._running:
            self._running[turn].set()
        return {"stopped": True}

    def restore(self, data: object) -> list[dict[str, Any]]:
        """Show stored turns again, each quote checked against the sources as they are now.

        A turn that cannot be read is left out, and so are written sentences that are not those checked here.
        """
        restored = []
        for item in data[-_TURNS_KEPT:] if isinstance(data, list) else []:
            try:
                stored = StoredTurn.model_validate(item)
                answer, removed = recheck(stored.answer, self._corpus, sealed=self._seal.fits(stored.answer))
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
            restored.append(self._shown(stored.turn, answer, done=True, removed=removed))
        return restored

    def open_document(self, data: object) -> dict[str, Any]:
        """The whole page that a document stands on, the cited words marked."""
        try:
            opening = Opening.model_validate(data)
            marks = [Mark(span.document, span.start, span.end, span.number, span.key) for span in opening.marks]
            return {"document": document_html(self._corpus, opening.document, marks, opening.chosen)}
        except (KeyError, ValidationError):
            return {"failed": "This source is not there any more."}

    def keep_verdict(self, data: object) -> dict[str, Any]:
        """Note whether an answer helped."""
        try:
            verdict = Verdict.model_validate(data)
        except ValidationError:
            return {"kept": False}
        return {"kept": self._feedback.keep(verdict.turn, verdict.verdict)}

    def readiness(self, _: object = None) -> dict[str, str]:
        """Where the loading stands."""
        return {"phase": self._loader.readiness.phase, "message": self._loader.readiness.message}


class _Recent:
    """The names added last; older ones are forgotten."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._names: dict[str, None] = {}
        self._lock = threading.Lock()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        with self._lock:
            self._names[name] = None
            while len(self._names) > self._count:
                del self._names[next(iter(self._names))]


def _history(exchanges: Sequence[Exchange]) -> list[Turn]:
    return [
        turn for exchange in exchanges for turn in (Turn("user", exchange.question), Turn("assistant", exchange.answer))
    ]
