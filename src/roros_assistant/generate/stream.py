"""Reading from a server without ever hanging on it.

One thread reads for everybody. Whoever waits for what it reads gets control back when the time is up, when a stop is
wished for or when they leave, whatever the server does; the task that reads is then cancelled, which closes its socket.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

Item = TypeVar("Item")

_LOOK = 0.05  # seconds between two looks at whether to stop: half of what a person feels as at once
_GRACE = 0.25  # seconds beyond the time given before the reading thread itself is taken for stuck


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


def pull(
    produce: Callable[[Callable[[Item], None]], Coroutine[Any, Any, None]],
    seconds: float,
    stop: threading.Event | None = None,
) -> Iterator[Item]:
    """What ``produce`` puts, as it puts it; nothing more once ``stop`` is set.

    Raises:
        TimeoutError: it was not through in time.
        Exception: whatever it raises.
    """
    items: queue.SimpleQueue[Item | _End] = queue.SimpleQueue()

    async def run() -> None:
        try:
            async with asyncio.timeout(seconds):
                await produce(items.put)
        except Exception as error:  # raised where it is waited for
            items.put(_End(error))
        else:
            items.put(_End(None))

    latest = time.monotonic() + seconds + _GRACE
    reading = asyncio.run_coroutine_threadsafe(run(), _loop())
    try:
        while stop is None or not stop.is_set():
            try:
                item = items.get(timeout=_LOOK)
            except queue.Empty:
                if time.monotonic() > latest:
                    raise TimeoutError from None
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        reading.cancel()


def finish(last: Coroutine[Any, Any, None], seconds: float) -> None:
    """Let the reading thread do a last thing, for a while at most."""
    done = asyncio.run_coroutine_threadsafe(asyncio.wait_for(last, seconds), _loop())
    try:
        done.result(timeout=seconds + _GRACE)
    except (TimeoutError, OSError):
        done.cancel()


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """The one loop of the process: providers' libraries share connections, and a connection belongs to its loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="reading from chat models", daemon=True).start()
    return loop
