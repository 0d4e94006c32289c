"""Speed and weight of the whole way of a question, as a traveller and an owner meet them.

    python benchmarks/speed.py

Prints n, threads, tokens, median and 95th percentile. Needs Chromium for the page's first answer.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import Server, Visitor
from golden import answerable, load_golden, unanswerable
from playwright.sync_api import sync_playwright
from rerankers import CountingReranker

from roros_assistant.assistant import open_assistant
from roros_assistant.rerank import load_reranker
from roros_assistant.retrieve import Retriever
from roros_assistant.settings import load_settings

ROROS = [sys.executable, "-c", "from roros_assistant.ui.cli import main; main()"]
WARM_UP = 5


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        command("first roros index", "index", data)
        command("second roros index", "index", data)
        answers(data)
        page(data)


def command(name: str, verb: str, data: Path) -> None:
    started = time.perf_counter()
    done = subprocess.run([*ROROS, verb, "--data", str(data)], capture_output=True, text=True, check=True)
    print(f"{name}: {time.perf_counter() - started:.2f} s in all; {done.stdout.strip().splitlines()[-1]}")


def answers(data: Path) -> None:
    """Time every golden question once, warm, one after the other."""
    started = time.perf_counter()
    assistant = open_assistant(load_settings(data=data))
    print(f"models and index loaded: {time.perf_counter() - started:.2f} s, imports included")
    golden = [*answerable(load_golden()), *unanswerable(load_golden())]
    for item in golden[:WARM_UP]:
        assistant.ask(item["question"])
    seconds = [assistant.ask(item["question"]).seconds for item in golden]
    show("answer, seconds", seconds, digits=3)
    counting = CountingReranker(load_reranker())
    retriever = Retriever(assistant.index, assistant.embedder, counting)
    for item in golden:
        retriever.retrieve(item["question"])
    show("reranker tokens a question", counting.tokens, digits=0)
    print(f"   most {max(counting.tokens)}")
    assistant.close()


def page(data: Path) -> None:
    """A second start of the page: when it is there, when it has answered, what it weighs."""
    Server(data).stop()
    started = time.perf_counter()
    server = Server(data)
    print(f"page reachable: {time.perf_counter() - started:.2f} s after the process started, second start")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            visitor = Visitor(browser.new_context(), server.url).open()
            visitor.ask("best season to visit")
            print(f"first answer in the browser: {time.perf_counter() - started:.2f} s after the process started")
            browser.close()
        print(f"memory of the server: {resident(server.port):.0f} MB resident, after one answer")
    finally:
        server.stop()


def resident(port: int) -> float:
    """Megabytes of the process that listens on a port."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}").close()
    owner = next(
        link.pid for link in psutil.net_connections("tcp") if link.laddr and link.laddr.port == port and link.pid
    )
    return float(psutil.Process(owner).memory_info().rss) / 1e6


def show(what: str, values: Sequence[float], *, digits: int) -> None:
    ordered = sorted(values)
    late = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{what}: n={len(values)} median {statistics.median(values):.{digits}f} p95 {late:.{digits}f}")


if __name__ == "__main__":
    main()
