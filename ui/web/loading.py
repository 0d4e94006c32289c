"""The assistant, loaded while the page is already there."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roros_assistant.dialogue import prepare
from roros_assistant.errors import RorosError
from roros_assistant.types import Progress

if TYPE_CHECKING:
    from roros_assistant.assistant import Assistant

log = logging.getLogger(__name__)

_LOADING = "The models are loading"
_PATIENCE = 5  # seconds; a question takes less than one


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where the loading stands, and what to tell a visitor of it."""

    phase: str  # "loading", "ready" or "failed"
    message: str = ""


class Loader:
    """Opens the assistant once, in a thread of its own; whoever needs it sooner waits or looks."""

    def __init__(self, open_assistant: "Callable[[Progress], Assistant]") -> None:
        self._open = open_assistant
        self._done = threading.Event()
        self._readiness = Readiness("loading", _LOADING)
        self._assistant: Assistant | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._load, name="loading", daemon=True)

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

    def close(self) -> None:
        """Close the assistant, if it came to be."""
        self._closing.set()
        if self._assistant is not None:
            self._thread.join(_PATIENCE)  # it may be asking a question
            self._assistant.close()

    def _load(self) -> None:
        try:
            self._assistant = self._open(self._progress)
            self._readiness = Readiness("ready")
        except RorosError as error:
            self._readiness = Readiness("failed", str(error))
        except Exception:
            log.exception("loading failed")
            self._readiness = Readiness("failed", "The assistant could not start. The server’s log says why.")
        finally:
            self._done.set()
        prepare()  # 2 s that only a question in another language needs: nobody waits for them
        if self._assistant is not None:
            self._assistant.check_suggestions(self._closing)

    def _progress(self, what: str, done: int, total: int) -> None:
        self._readiness = Readiness("loading", f"{_LOADING} ({what}: {done} of {total})")
