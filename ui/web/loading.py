"""The assistant, loaded while the page is already there."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roros_assistant.dialogue import prepare
from roros_assistant.errors import RorosError
from roros_assistant.types import Progress

if TYPE_CHECKING:
    from roros_assistant.assistant import Assistant

log = logging.getLogger(__name__)

_LOADING = "The models are loading"
_PATIENCE = 5  # seconds; the longest step of an answer takes two
_NOT_LOADED = 0.5  # seconds for a loading that nobody wants any more: libraries take their time, and nothing is lost


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where the loading stands, and what to tell a visitor of it."""

    phase: str  # "loading", "ready" or "failed"
    message: str = ""


class _Closing(Exception):
    """Nobody waits for the assistant any more."""


class Loader:
    """Opens the assistant once, in a thread of its own; whoever needs it sooner waits or looks.

    After ``close`` nobody works with a model, or it says that somebody still does: see ``ending.leave``.
    """

    def __init__(self, open_assistant: "Callable[[Progress], Assistant]") -> None:
        self._open = open_assistant
        self._done = threading.Event()
        self._readiness = Readiness("loading", _LOADING)
        self._assistant: Assistant | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)
        self._at_work: list[threading.Event] = []
        self._left = threading.Condition()

    @property
    def readiness(self) -> Readiness:
        """Where the loading stands now."""
        return self._readiness

    @property
    def assistant(self) -> "Assistant | None":
        """The assistant, once it is ready."""
        return self._assistant

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the loading to end, well or badly, at most so long; whether it did."""
        return self._done.wait(seconds)

    @contextmanager
    def at_work(self, stop: threading.Event) -> Iterator[bool]:
        """Keep the assistant open meanwhile, if it still is; ``stop`` is set when the work is to end."""
        with self._left:
            self._at_work.append(stop)
            is_open = not self._closing.is_set()
        try:
            yield is_open
        finally:
            with self._left:
                self._at_work.remove(stop)
                self._left.notify_all()

    def close(self) -> bool:
        """Close the assistant, if it came to be, once nobody works with it; False if somebody still does."""
        with self._left:
            self._closing.set()
            for stop in self._at_work:
                stop.set()
            is_left = self._left.wait_for(lambda: not self._at_work, _PATIENCE)
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE if self._assistant is not None else _NOT_LOADED)
        if is_left and not self._thread.is_alive() and self._assistant is not None:
            self._assistant.close()
        return is_left and not self._thread.is_alive()

    def _load(self) -> None:
        try:
            self._assistant = self._open(self._progress)
            self._readiness = Readiness("ready")
        except RorosError as error:
            self._readiness = Readiness("failed", str(error))
        except _Closing:
            return
        except Exception:
            log.exception("loading failed")
            self._readiness = Readiness("failed", "The assistant could not start. The server’s log says why.")
        finally:
            self._done.set()
        if not self._closing.is_set():
            prepare()  # 2 s that only a question in another language needs: nobody waits for them
        if self._assistant is not None:
            self._assistant.check_suggestions(self._closing)

    def _progress(self, what: str, done: int, total: int) -> None:
        if self._closing.is_set():
            raise _Closing
        self._readiness = Readiness("loading", f"{_LOADING} ({what}: {done} of {total})")
