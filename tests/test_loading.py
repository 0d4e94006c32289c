"""The page's assistant, loaded and let go of: nobody works with a model that is being closed."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import cast

import pytest

from roros_assistant.assistant import Assistant
from roros_assistant.types import Progress
from roros_assistant.ui.web.loading import Loader


class Closable:
    """Stands in for an assistant whose models are slow to let go."""

    def __init__(self) -> None:
        self.closed = Event()
        self.checking = Event()

    def check_suggestions(self, stop: Event) -> None:
        self.checking.set()
        stop.wait(20)

    def close(self) -> None:
        self.closed.set()


@pytest.fixture
def opened() -> tuple[Loader, Closable]:
    closable = Closable()
    loader = Loader(lambda _: cast(Assistant, closable))
    loader.start()
    assert loader.wait(20)
    assert closable.checking.wait(20)
    return loader, closable


def test_it_closes_once_who_works_with_it_has_heard_and_gone(opened: tuple[Loader, Closable]) -> None:
    loader, closable = opened
    stop, inside = Event(), Event()

    def work() -> bool:
        with loader.at_work(stop) as is_open:
            inside.set()
            assert stop.wait(20)
            time.sleep(0.1)
            assert not closable.closed.is_set()
            return bool(is_open)

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        assert inside.wait(20)
        assert loader.close()
        assert working.result()
    assert closable.closed.is_set()


def test_after_it_nobody_begins(opened: tuple[Loader, Closable]) -> None:
    loader, _ = opened
    assert loader.close()
    with loader.at_work(Event()) as is_open:
        assert not is_open


def _never(progress: Progress) -> Assistant:
    time.sleep(30)
    raise AssertionError


def _step_by_step(progress: Progress) -> Assistant:
    for step in range(1_000):
        progress("embedding", step, 1_000)
        time.sleep(0.03)
    raise AssertionError


@pytest.mark.parametrize(("loading", "ends"), [(_never, False), (_step_by_step, True)])
def test_nobody_waits_for_a_loading_that_is_wanted_no_more(loading: Callable[..., Assistant], ends: bool) -> None:
    loader = Loader(loading)
    loader.start()
    started = time.monotonic()
    assert loader.close() is ends
    assert time.monotonic() - started < 3


def test_what_was_never_begun_is_closed_at_once() -> None:
    assert Loader(_never).close()
