"""question + passages -> sentences by a chat model, each as soon as it is whole; every fault is one error, in time."""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from roros_assistant.errors import WritingFault
from roros_assistant.generate.exchange import Asked, answer, one_line
from roros_assistant.generate.faults import Reason, fault, trouble_of
from roros_assistant.generate.models import Opened
from roros_assistant.generate.prompt import FOLDER, Messages, as_conversation, as_question, messages, read_prompt
from roros_assistant.generate.rewrite import checked_rewrite, checked_translation
from roros_assistant.generate.sentences import Sentence
from roros_assistant.generate.stream import finish, pull
from roros_assistant.types import Citation, Turn

log = logging.getLogger(__name__)

Item = TypeVar("Item")

_REWRITING = 0.25  # share of the time given: a rewrite is one line, and an answer still has to be written
_CLOSING = 2.0  # seconds


class Writer:
    """Writes with one chat model; safe to share between threads."""

    def __init__(self, opened: Opened, timeout: float, prompts: Path = FOLDER) -> None:
        self.name = opened.name
        self.where = opened.where
        self._opened: Opened | None = opened
        self._timeout = timeout
        self._answering = read_prompt(prompts / "answer.md", ("passages", "question"))
        self._answering_again = read_prompt(prompts / "again.md", ("words", "question"))
        self._rewriting = read_prompt(prompts / "rewrite.md", ("conversation", "question"))
        self._translating = read_prompt(prompts / "translate.md", ("question",))
        # A local model that still writes when the interpreter ends would end it with a crash.
        atexit.register(self.close)

    def __repr__(self) -> str:
        """Tell neither keys nor prompts."""
        return f"Writer({self.name!r}, {self.where!r})"

    def write(
        self,
        question: str,
        history: Sequence[Turn],
        passages: Sequence[Citation],
        *,
        again: bool = False,
        stop: threading.Event | None = None,
        seconds: float | None = None,
    ) -> Generator[Sentence, None, None]:
        """The model's answer, sentence by sentence; ``stop`` or closing the iterator ends the model's work.

        Args:
            question: stands alone.
            history: the conversation before it.
            passages: what may be said; sentences cite them by their numbers.
            again: ask more simply, for nothing of a first answer could be shown.
            stop: ends the answer when it is set.
            seconds: for the whole answer; the setting's unless given.

        Raises:
            WritingFault: there is no answer, or it ends here.
        """
        model, prompt = self._model(), self._answering_again if again else self._answering
        asked = Asked(question, tuple(history), tuple(passages))
        given = self._timeout if seconds is None else seconds
        started = time.monotonic()

        async def produce(put: Callable[[Sentence], None]) -> None:
            await answer(model, prompt, asked, put, until=started + given)

        yield from self._in_time(produce, given, stop)
        log.info("answered passages=%d seconds=%.2f", len(passages), time.monotonic() - started)

    def rewrite(
        self,
        question: str,
        history: Sequence[Turn],
        *,
        stop: threading.Event | None = None,
        seconds: float | None = None,
    ) -> str | None:
        """The question as it stands without its conversation, or None where the model is of no help in time."""
        fields = {"conversation": as_conversation(history), "question": as_question(question)}
        reply = self._line(messages(self._rewriting, (), **fields), stop, seconds)
        return None if reply is None else checked_rewrite(reply, question, history)

    def translate(
        self, question: str, *, stop: threading.Event | None = None, seconds: float | None = None
    ) -> str | None:
        """A question of another language in English, or None where the model is of no help in time."""
        reply = self._line(messages(self._translating, (), question=as_question(question)), stop, seconds)
        return None if reply is None else checked_translation(reply, question)

    def _line(self, sent: Messages, stop: threading.Event | None, seconds: float | None) -> str | None:
        """A reply of one line, as it came."""

        async def produce(put: Callable[[str], None]) -> None:
            put(await one_line(self._model(), sent))

        try:
            return "".join(self._in_time(produce, _REWRITING * self._timeout if seconds is None else seconds, stop))
        except WritingFault as trouble:
            log.info("not rewritten: %s", trouble.reason)
            return None

    def close(self) -> None:
        """End the local model and let go of the connections; what is being written ends with a fault."""
        opened, self._opened = self._opened, None
        atexit.unregister(self.close)
        if opened is None:
            return
        if opened.closing is not None:
            finish(opened.closing(), _CLOSING)
        if opened.server is not None:
            opened.server.close()

    def _model(self) -> Any:  # noqa: ANN401
        if self._opened is None:
            raise fault(Reason.CLOSED)
        return self._opened.model

    def _in_time(
        self,
        produce: Callable[[Callable[[Item], None]], Coroutine[Any, Any, None]],
        seconds: float,
        stop: threading.Event | None,
    ) -> Iterator[Item]:
        """What is produced; whatever goes wrong is a WritingFault that carries nothing of the server's words."""
        try:
            yield from pull(produce, seconds, stop)
        except Exception as error:  # every library has its own
            reason = Reason.CLOSED if self._opened is None else trouble_of(error).reason
            log.warning("writing ended: %s", reason)
            raise fault(reason) from None
