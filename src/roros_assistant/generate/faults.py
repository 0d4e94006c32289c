"""What can go wrong with a chat model -> a reason for programs, a sentence for people; nothing of what a server said.

Providers raise errors of their own libraries, none of which is imported here: what they share is looked at, the HTTP
status, the names of their classes and the words that tell of a prompt that is too long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from roros_assistant.errors import WritingFault


class Reason(StrEnum):
    """Why there is no answer, or no whole one."""

    UNREACHABLE = "unreachable"
    KEY_REFUSED = "key_refused"
    RATE_LIMITED = "rate_limited"
    SERVER_FAILED = "server_failed"
    MODEL_UNKNOWN = "model_unknown"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"
    TOO_LATE = "too_late"
    GARBAGE = "garbage"
    EMPTY = "empty"
    LANGUAGE = "language"
    TOO_LONG = "too_long"
    CLOSED = "closed"


SENTENCES = {
    Reason.UNREACHABLE: "The chat model’s server cannot be reached.",
    Reason.KEY_REFUSED: "The chat model’s server did not accept the key.",
    Reason.RATE_LIMITED: "The chat model’s server takes no more questions at the moment.",
    Reason.SERVER_FAILED: "The chat model’s server failed.",
    Reason.MODEL_UNKNOWN: "The chat model’s server does not have the model that is set.",
    Reason.REFUSED: "The chat model’s server refused the question.",
    Reason.BROKEN_OFF: "The chat model’s answer broke off.",
    Reason.TOO_LATE: "The chat model did not finish its answer in time.",
    Reason.GARBAGE: "The chat model’s server sent something that is no answer.",
    Reason.EMPTY: "The chat model said nothing.",
    Reason.LANGUAGE: "The chat model did not answer in English.",
    Reason.TOO_LONG: "The question and its sources are too long for the chat model.",
    Reason.CLOSED: "The chat model has been closed.",
}

_OF_STATUS = {
    401: Reason.KEY_REFUSED,
    403: Reason.KEY_REFUSED,
    404: Reason.MODEL_UNKNOWN,
    408: Reason.SERVER_FAILED,
    413: Reason.TOO_LONG,
    429: Reason.RATE_LIMITED,
}
# How OpenAI, llama.cpp, vLLM, Anthropic, Google and Mistral say it; a rate limit "of 30,000 tokens" is none of these.
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|context_length_exceeded|exceed_context|prompt is too long|input is too long"
    r"|too many (?:input )?tokens|input token count|maximum (?:number of|allowed) tokens|too large for model",
    re.IGNORECASE,
)
_NO_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota", re.IGNORECASE)
_UNREACHABLE = re.compile(r"Connect|DNS|NameResolution|gaierror|PoolTimeout", re.IGNORECASE)
_BROKEN = re.compile(
    r"RemoteProtocol|ReadError|ClosedResource|IncompleteRead|Disconnected|PayloadError|ConnectionReset"
)
_SECONDS = re.compile(r"\d+(?:\.\d+)?")
_RETRIED = frozenset({Reason.RATE_LIMITED, Reason.SERVER_FAILED, Reason.BROKEN_OFF, Reason.UNREACHABLE})
# Seconds before the second and the third attempt; a server that is told to be dead is asked once more and at once.
_PAUSES = (0.5, 1.5)
_PAUSE_UNREACHABLE = 0.2


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error of a provider's library means."""

    reason: Reason
    status: int | None = None  # HTTP
    retry_after: float | None = None  # seconds that the server asks for
    hopeless: bool = False  # the same again would fail the same way


def fault(reason: Reason) -> WritingFault:
    """The one error that a writer raises."""
    return WritingFault(reason, SENTENCES[reason])


def trouble_of(error: BaseException) -> Trouble:
    """Read an error of whichever library by what such errors have in common."""
    if isinstance(error, WritingFault):
        return Trouble(Reason(error.reason))
    if isinstance(error, TimeoutError):
        return Trouble(Reason.TOO_LATE)
    chain = list(_chain(error))
    words = " ".join(str(link)[:2_000] for link in chain)
    names = " ".join(kind.__name__ for link in chain for kind in type(link).__mro__)
    if _BROKEN.search(names):  # first: one library gives its own errors of reading a status
        return Trouble(Reason.BROKEN_OFF)
    status = next((code for code in map(_status, chain) if code is not None), None)
    if status is not None:
        retry_after = next((value for value in map(_retry_after, chain) if value is not None), None)
        return Trouble(_reason_of(status, words), status, retry_after, bool(_NO_QUOTA.search(words)))
    if _TOO_LONG.search(words):
        return Trouble(Reason.TOO_LONG)
    if isinstance(chain[-1], OSError) or _UNREACHABLE.search(names):
        return Trouble(Reason.UNREACHABLE)
    return Trouble(Reason.GARBAGE)


def pause_before(attempt: int, trouble: Trouble) -> float | None:
    """Seconds to wait before the next attempt, or None where another makes no sense.

    >>> pause_before(1, Trouble(Reason.SERVER_FAILED, 500)), pause_before(1, Trouble(Reason.KEY_REFUSED, 401))
    (0.5, None)
    >>> pause_before(1, Trouble(Reason.RATE_LIMITED, 429, retry_after=7.0))
    7.0
    """
    if trouble.hopeless or trouble.reason not in _RETRIED or attempt > len(_PAUSES):
        return None
    if trouble.reason is Reason.UNREACHABLE:
        return _PAUSE_UNREACHABLE if attempt == 1 else None
    return _PAUSES[attempt - 1] if trouble.retry_after is None else trouble.retry_after


def _reason_of(status: int, words: str) -> Reason:
    if status != 429 and status < 500 and _TOO_LONG.search(words):
        return Reason.TOO_LONG
    if status >= 500:
        return Reason.SERVER_FAILED
    if status == 400 and re.search(r"api[ _]key", words, re.IGNORECASE):
        return Reason.KEY_REFUSED  # Google's way to say it
    return _OF_STATUS.get(status, Reason.REFUSED)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _status(error: BaseException) -> int | None:
    holders = (error, getattr(error, "response", None))
    for code in (getattr(holder, name, None) for holder in holders for name in ("status_code", "code", "status")):
        if isinstance(code, int) and 400 <= code <= 599:
            return code
    return None


def _retry_after(error: BaseException) -> float | None:
    """What the server's Retry-After header says, in seconds from now."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    try:
        return max(0.0, _seconds(headers["retry-after"]))
    except (TypeError, KeyError, ValueError):
        return None


def _seconds(given: str) -> float:
    """Either form that the header may have: seconds, or a date (RFC 9110, 10.2.3)."""
    if _SECONDS.fullmatch(given):
        return float(given)
    return (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds()
