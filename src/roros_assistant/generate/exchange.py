"""Messages -> a chat model -> sentences, tried again where that helps; knows of no thread."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, replace
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk

from roros_assistant.generate.faults import Reason, fault, pause_before, trouble_of
from roros_assistant.generate.language import is_english
from roros_assistant.generate.prompt import Messages, Prompt, as_passages, as_question, as_words, messages
from roros_assistant.generate.sentences import Sentence, Sentences, Thoughts
from roros_assistant.types import Citation, Turn

log = logging.getLogger(__name__)

_LEAST_TIME = 1.0  # seconds: an attempt that has less than this left would not answer
_LONGEST_LINE = 600  # characters of a reply that should be one line
# What providers call the sign that a reply has ended, and what they say there where it was cut or held back.
_ENDINGS = ("finish_reason", "stop_reason", "done_reason", "status")
_CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "incomplete"})
_HELD_BACK = frozenset({"content_filter", "safety", "refusal", "prohibited_content", "recitation", "blocklist"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is to be made of."""

    question: str
    history: tuple[Turn, ...]
    passages: tuple[Citation, ...]

    def shorter(self) -> "Asked":
        """The better half of the passages, and no conversation: the question stands alone."""
        return replace(self, history=(), passages=self.passages[: (len(self.passages) + 1) // 2])

    def messages(self, prompt: Prompt) -> Messages:
        """What is sent."""
        told = {"passages": as_passages(self.passages), "words": as_words(self.passages)}
        fields = {"question": as_question(self.question)} | told
        return messages(prompt, self.history, **fields)


async def answer(
    model: BaseChatModel, prompt: Prompt, asked: Asked, put: Callable[[Sentence], None], *, until: float
) -> None:
    """Hand over sentences as they become whole; a fault before the first is met by another attempt where that helps.

    Args:
        model: is asked.
        prompt: the instructions.
        asked: what the answer is about.
        put: takes each sentence.
        until: time.monotonic() when it is all over.

    Raises:
        WritingFault: there is no answer, or it ends here.
    """
    said: list[Sentence] = []

    def say(sentence: Sentence) -> None:
        said.append(sentence)
        put(sentence)

    shortened = False
    attempt = 1
    while True:
        try:
            return await _once(model, asked.messages(prompt), [passage.number for passage in asked.passages], say)
        except Exception as error:  # every library has its own
            trouble = trouble_of(error)
        log.info("no answer: %s status=%s attempt=%d sentences=%d", trouble.reason, trouble.status, attempt, len(said))
        if trouble.reason is Reason.TOO_LONG and not (said or shortened):
            asked, shortened = asked.shorter(), True
            continue
        pause = None if said else pause_before(attempt, trouble)
        if pause is None or time.monotonic() + pause + _LEAST_TIME > until:
            raise fault(trouble.reason) from None
        await asyncio.sleep(pause)
        attempt += 1


async def one_line(model: BaseChatModel, sent: Messages) -> str:
    """A reply that should be a line, as it came; no more of it than a line can be."""
    thoughts = Thoughts()
    reply = ""
    async with _asked(model, sent, "rewrite") as chunks:
        async for chunk in chunks:
            reply += thoughts.without(str(chunk.text))
            if len(reply) > _LONGEST_LINE or "\n" in reply.strip():
                break
    return reply[:_LONGEST_LINE]


async def _once(model: BaseChatModel, sent: Messages, numbers: Sequence[int], say: Callable[[Sentence], None]) -> None:
    """One attempt."""
    reading = Sentences(numbers)
    ending, anything, spoke = None, False, False
    async with _asked(model, sent, "answer") as chunks:
        async for chunk in chunks:
            ending = _ending(chunk) or ending
            anything = anything or bool(chunk.content)
            for sentence in reading.feed(str(chunk.text)):
                spoke = True
                say(_in_english(sentence))
            if reading.done and spoke:
                return
            if reading.done:
                raise fault(Reason.GARBAGE)
    if ending is None:
        raise fault(Reason.BROKEN_OFF if anything else Reason.GARBAGE)
    for sentence in reading.finish(whole=ending not in _CUT):
        spoke = True
        say(_in_english(sentence))
    if not spoke:
        raise fault(Reason.REFUSED if ending in _HELD_BACK else Reason.EMPTY)


def _asked(
    model: BaseChatModel, sent: Messages, name: str
) -> AbstractAsyncContextManager[AsyncGenerator[AIMessageChunk]]:
    """The reply as it comes; left early, its connection is closed. Whoever traces finds it under its name."""
    chunks = cast("AsyncGenerator[AIMessageChunk]", model.astream(sent, config={"run_name": name}))
    return aclosing(_while_wanted(chunks))


async def _while_wanted(chunks: AsyncGenerator[AIMessageChunk]) -> AsyncGenerator[AIMessageChunk]:
    """The chunks until the task is cancelled.

    A library may lose the cancellation, as ``asyncio.wait_for`` of Python 3.11 does if a chunk comes at that moment
    (one stop of ten, with langchain-openai 1.7); the task still knows of it.
    """
    task = asyncio.current_task()
    async with aclosing(chunks):
        async for chunk in chunks:
            if task is not None and task.cancelling():
                raise asyncio.CancelledError
            yield chunk


def _in_english(sentence: Sentence) -> Sentence:
    if not is_english(sentence.text):
        raise fault(Reason.LANGUAGE)
    return sentence


def _ending(chunk: AIMessageChunk) -> str | None:
    """How the reply ended, if this is its end."""
    told = (chunk.response_metadata.get(name) for name in _ENDINGS)
    return next((str(ending).lower() for ending in told if ending), None)
