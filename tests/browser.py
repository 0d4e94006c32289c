"""The page as a visitor meets it: a server in a process of its own, and a real browser that tells what went wrong."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page, sync_playwright

from roros_assistant.assistant import Assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Corpus, Progress
from roros_assistant.ui.web import build_app
from roros_assistant.ui.web.loading import Loader

_ROROS = [sys.executable, "-c", "from roros_assistant.ui.cli import main; main()"]
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_QUIET += ["--disable-sync", "--no-first-run"]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 90_000  # ms: the models may still be loading, on a slow machine that runs other tests besides


# Every visible text with its colour on the nearest painted ground; WCAG asks for 4.5, or 3 where text is large.
CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const channels = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const layer = channels(getComputedStyle(at).backgroundColor);
            if (layer[3] > 0) layers.unshift(layer);
            if (layer[3] === 255) break;
        }
        return layers.reduce((under, [r, g, b, a]) => [r, g, b].map((v, i) => v * (a / 255) + under[i] * (1 - a / 255)),
            [255, 255, 255]);
    };
    const faint = [];
    for (const element of document.querySelectorAll(".shell *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!own || !element.checkVisibility() || element.closest(".unseen, .skip")) continue;
        const style = getComputedStyle(element);
        const [one, two] = [light(channels(style.color)), light(ground(element))];
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        const large = parseFloat(style.fontSize) >= 24;
        if (ratio < (large ? 3 : 4.5)) faint.push([ratio, element.className, element.textContent.slice(0, 40)]);
    }
    return faint;
}"""


class Server:
    """The command `roros web`, running."""

    def __init__(self, data: Path, *words: str, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [*_ROROS, "web", "--port", str(self.port), "--data", str(data), *words]
        self._environment = {**os.environ, **settings}
        self.start()

    def start(self) -> None:
        """Run it, until its page is there."""
        self._log = (self.data / "server.log").open("ab")
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
        )
        wait_for(self.url)

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(20)
        finally:
            self._process.kill()
            self._log.close()

    def log(self) -> str:
        """What it has printed."""
        return (self.data / "server.log").read_text(encoding="utf-8")


class Door:
    """The page in this process, with an assistant of the test's own."""

    def __init__(
        self, corpus: Corpus, data: Path, open_assistant: Callable[[Progress], Assistant], **flags: object
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._loader = Loader(open_assistant)
        app = build_app(corpus, self._loader, load_settings(data=data, **flags))
        config = uvicorn.Config(app, port=self.port, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_for(self.url)
        self._loader.start()

    def close(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(10)
        self._loader.close()


class Visitor:
    """A person at a browser, with the words that the tests use of what a person does."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.url = url
        self.trouble: list[str] = []  # what no visit may bring: dialogs, errors, words to other hosts
        self.page.on("dialog", self._refuse)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("console", self._hear)
        self.page.on("request", lambda request: self._see(request.url))

    def _refuse(self, dialog: Dialog) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.trouble.append(f"console: {message.text}")

    def _see(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:")):
            self.trouble.append(f"request to {urlsplit(address).netloc or address[:60]}")

    def open(self) -> "Visitor":
        """Go to the page, until it has drawn itself."""
        self.page.goto(self.url)
        self.page.get_by_role("textbox").wait_for()
        self.page.wait_for_function("document.querySelector('[data-title]').textContent !== ''")
        return self

    def ready(self) -> "Visitor":
        """Go to the page, until the models are there too."""
        self.open()
        self.page.locator("[data-banner]").wait_for(state="hidden")
        return self

    def type(self, question: str) -> None:
        """Ask without waiting."""
        self.page.get_by_role("textbox").fill(question)
        self.page.keyboard.press("Enter")

    def ask(self, question: str) -> Locator:
        """Ask, and wait for the whole answer; the turn."""
        self.type(question)
        return self.answered()

    def answered(self) -> Locator:
        """The latest turn, once it is whole."""
        self.page.locator(".turn:last-child:not([aria-busy]) [data-tools]:not([hidden])").wait_for()
        return self.page.locator(f"#{self.page.locator('.turn').last.get_attribute('id')}")

    def turns(self) -> list[str]:
        """The questions that stand in the page."""
        return self.page.locator("[data-asked]").all_text_contents()


NewVisitor = Callable[..., Visitor]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    """Until somebody answers there."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=seconds).close()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def _chromium() -> str:
    """The browser of this machine; installed when we may, else the test run says how."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False)
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], check=False)
        found = shutil.which("chromium")
    if found is None:
        pytest.fail("No Chromium for the tests of the page. Install it with: sudo apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = _chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One page with the real models and sources for all tests."""
    running = Server(tmp_path_factory.mktemp("page"))
    yield running
    running.stop()


@pytest.fixture
def new_visitor(chromium: Browser, server: Server) -> Iterator[NewVisitor]:
    """Visitors with browsers of their own; a visit must leave no trouble behind."""
    with contextlib.ExitStack() as visits:
        visitors = []

        def arrive(url: str = server.url, **screen: object) -> Visitor:
            context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **screen})  # type: ignore[arg-type]
            visits.callback(context.close)
            visitors.append(Visitor(context, url))
            return visitors[-1]

        yield arrive
        trouble = [words for visitor in visitors for words in visitor.trouble]
    assert trouble == []


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """One visitor, the models ready."""
    return new_visitor().ready()
