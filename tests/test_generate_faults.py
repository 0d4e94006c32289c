"""Whatever a chat model's server does, the writer ends in time, with one error that tells what happened."""

import logging
import re
import socket
import threading
import time
import traceback

import pytest
from faults import (
    KEY,
    PASSAGES,
    Behaviour,
    NewWriter,
    Reply,
    breaks_after,
    never_answers,
    never_ends,
    refuses,
    says,
    sends,
    stalls_after,
)

from roros_assistant.errors import WritingFault
from roros_assistant.generate import Reason, Sentence, open_writer
from roros_assistant.generate.faults import SENTENCES, Trouble, trouble_of
from roros_assistant.generate.writer import Writer
from roros_assistant.settings import load_settings

TRAIN = Sentence("The train takes 2.5 hours.", (1,))
MINE = Sentence("The mine closed in 1977.", (2,))
REPLY = "The train takes 2.5 hours [1]. The mine closed in 1977 [2]."
ANSWERS = says(REPLY)
TIMEOUT = 2.0  # seconds


def write(writer: Writer, said: list[Sentence], stop: threading.Event | None = None) -> WritingFault | None:
    """Put what is written into ``said``; the fault that ended it."""
    try:
        said.extend(writer.write("How long does it take?", (), PASSAGES, stop=stop))
    except WritingFault as fault:
        return fault
    return None


@pytest.mark.parametrize(
    ("behaviour", "reason", "said", "questions"),
    [
        pytest.param(refuses(401), Reason.KEY_REFUSED, [], 1, id="wrong key"),
        pytest.param(refuses(403), Reason.KEY_REFUSED, [], 1, id="forbidden"),
        pytest.param(refuses(400, "API key not valid"), Reason.KEY_REFUSED, [], 1, id="wrong key, said another way"),
        pytest.param(refuses(404), Reason.MODEL_UNKNOWN, [], 1, id="no such model"),
        pytest.param(refuses(400, "no"), Reason.REFUSED, [], 1, id="bad request"),
        pytest.param(refuses(429, Retry_After="60"), Reason.RATE_LIMITED, [], 1, id="rate limit for a minute"),
        pytest.param(
            refuses(429, Retry_After="Thu, 01 Jan 2099 00:00:00 GMT"), Reason.RATE_LIMITED, [], 1, id="until a date"
        ),
        pytest.param(refuses(429, "insufficient_quota"), Reason.RATE_LIMITED, [], 1, id="no money left"),
        pytest.param(refuses(500), Reason.SERVER_FAILED, [], 2, id="error 500"),
        pytest.param(refuses(400, "context_length_exceeded"), Reason.TOO_LONG, [], 2, id="too long even when halved"),
        pytest.param(breaks_after(REPLY[:40]), Reason.BROKEN_OFF, [TRAIN], 1, id="broken off"),
        pytest.param(breaks_after(REPLY[:40], chunked=False), Reason.BROKEN_OFF, [TRAIN], 1, id="ended without an end"),
        pytest.param(breaks_after("The tr"), Reason.BROKEN_OFF, [], 2, id="broken off before a sentence"),
        pytest.param(stalls_after(REPLY[:40]), Reason.TOO_LATE, [TRAIN], 1, id="stalls"),
        pytest.param(never_answers, Reason.TOO_LATE, [], 1, id="silent"),
        pytest.param(never_ends("the long way ", pause=0.05), Reason.TOO_LATE, [], 1, id="slow without an end"),
        pytest.param(never_ends("the long way "), Reason.GARBAGE, [], 1, id="without an end"),
        pytest.param(sends(b"<html>404</html>", "text/html"), Reason.GARBAGE, [], 1, id="a web page"),
        pytest.param(sends(b"data: {not json\n\n"), Reason.GARBAGE, [], 1, id="broken JSON"),
        pytest.param(sends(bytes(range(256)) * 40), Reason.GARBAGE, [], 1, id="noise"),
        pytest.param(says(""), Reason.EMPTY, [], 1, id="nothing said"),
        pytest.param(says("", ending="content_filter"), Reason.REFUSED, [], 1, id="held back"),
        pytest.param(says("Toget tar to timer og det er fint."), Reason.LANGUAGE, [], 1, id="another language"),
        pytest.param(says("火车需要两个半小时。"), Reason.LANGUAGE, [], 1, id="another script"),
    ],
)
def test_a_fault_is_one_error_in_time_and_what_was_said_before_stays(
    new_writer: NewWriter, behaviour: Behaviour, reason: Reason, said: list[Sentence], questions: int
) -> None:
    writer, server = new_writer(behaviour, timeout=TIMEOUT)
    heard: list[Sentence] = []
    started = time.monotonic()
    fault = write(writer, heard)
    assert time.monotonic() - started < TIMEOUT + 0.5
    assert fault is not None
    assert (fault.reason, str(fault), heard) == (reason, SENTENCES[reason], said)
    assert len(server.received) == questions


def test_every_reason_has_one_sentence_for_people() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(re.fullmatch(r"The [^.]+\.", sentence) for sentence in SENTENCES.values())


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    writer = open_writer(load_settings(chat_model="openai:m", chat_base_url=address, chat_timeout=20))
    assert writer is not None
    started = time.monotonic()
    fault = write(writer, [])
    writer.close()
    assert fault is not None
    assert fault.reason == Reason.UNREACHABLE
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("behaviour", "least"),
    [
        (refuses(429), 0.5),
        (refuses(429, Retry_After="1"), 1.0),
        (refuses(503, Retry_After="1"), 1.0),
        (refuses(500), 0.5),
        (breaks_after(""), 0.5),
    ],
    ids=["rate limit", "rate limit for a second", "unavailable for a second", "error 500", "broken off"],
)
def test_what_may_pass_is_tried_again_after_a_while(new_writer: NewWriter, behaviour: Behaviour, least: float) -> None:
    writer, server = new_writer(behaviour, ANSWERS)
    heard: list[Sentence] = []
    started = time.monotonic()
    assert write(writer, heard) is None
    assert time.monotonic() - started >= least
    assert (heard, len(server.received)) == ([TRAIN, MINE], 2)


def test_where_all_is_too_long_the_better_half_of_the_passages_is_sent(new_writer: NewWriter) -> None:
    writer, server = new_writer(refuses(400, "context_length_exceeded"), ANSWERS)
    heard: list[Sentence] = []
    assert write(writer, heard) is None
    assert heard == [TRAIN, MINE]
    sent = [[passage.number for passage in PASSAGES if passage.quote in asked.text] for asked in server.received]
    assert sent == [[1, 2, 3], [1, 2]]


def test_a_sentence_comes_as_soon_as_the_model_has_said_it(new_writer: NewWriter) -> None:
    writer, _ = new_writer(stalls_after("The train takes 2.5 hours [1]."))
    started = time.monotonic()
    writing = writer.write("How long does it take?", (), PASSAGES)
    assert next(writing) == TRAIN
    assert time.monotonic() - started < 1
    writing.close()


@pytest.mark.parametrize(
    "behaviour", [stalls_after(REPLY[:40]), never_ends("It is old [1]. And the long way ", pause=0.01)]
)
def test_stop_ends_the_models_work(new_writer: NewWriter, behaviour: Behaviour) -> None:
    writer, server = new_writer(behaviour, timeout=30)
    stop = threading.Event()
    heard: list[Sentence] = []
    for sentence in writer.write("How long does it take?", (), PASSAGES, stop=stop):
        heard.append(sentence)
        stop.set()
        stopped = time.monotonic()
    assert time.monotonic() - stopped < 0.2
    assert server.wait_until_left() < 2
    assert len(heard) == 1


def test_stop_while_nothing_comes_gives_control_back_within_a_tenth_of_a_second(new_writer: NewWriter) -> None:
    writer, server = new_writer(never_answers, timeout=30)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    heard: list[Sentence] = []
    assert write(writer, heard, stop=stop) is None
    assert heard == []
    assert 0.3 <= time.monotonic() - started < 0.5
    assert server.wait_until_left() < 2


def test_no_stop_is_lost_however_fast_the_model_writes(new_writer: NewWriter) -> None:
    """A cancellation is easily lost in a library at the moment when a piece of the reply comes."""
    stop = threading.Event()

    def endless(to: Reply) -> None:
        threading.Timer(0.003 * len(server.received), stop.set).start()
        never_ends("word ")(to)

    writer, server = new_writer(endless, timeout=30)
    for stopped in range(40):
        stop.clear()
        assert write(writer, [], stop=stop) is None
        assert server.wait_until_left(question=stopped) < 1.5  # left alone, it goes on for more than two seconds


def test_closing_ends_the_models_work(new_writer: NewWriter) -> None:
    writer, server = new_writer(never_ends("It is old [1]. And the long way ", pause=0.01), timeout=30)
    writing = writer.write("How long does it take?", (), PASSAGES)
    next(writing)
    writing.close()
    assert server.wait_until_left() < 2


def test_a_reply_that_has_said_enough_is_left(new_writer: NewWriter) -> None:
    many = "".join(f"The mine has {number} shafts [2]. " for number in range(40))
    writer, server = new_writer(stalls_after(many), timeout=30)
    heard: list[Sentence] = []
    assert write(writer, heard) is None
    assert len(heard) == 8
    assert server.wait_until_left() < 2


def test_no_secret_is_in_errors_logs_or_what_is_printed(
    new_writer: NewWriter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    writer, server = new_writer(refuses(401), ANSWERS)
    fault = write(writer, [])
    assert fault is not None
    assert write(writer, []) is None
    assert server.received[1].headers["authorization"] == f"Bearer {KEY}"
    told = [str(fault), repr(fault), repr(writer), caplog.text, "".join(traceback.format_exception(fault))]
    assert not any(KEY in words or "secret words" in words for words in told)
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("roros_assistant"))
    assert "How long" not in logged
    assert "2.5 hours" not in logged


def test_a_closed_writer_says_so(new_writer: NewWriter) -> None:
    writer, _ = new_writer(ANSWERS)
    writer.close()
    writer.close()
    fault = write(writer, [])
    assert fault is not None
    assert fault.reason == Reason.CLOSED
    assert writer.rewrite("and then?", ()) is None


def test_closing_while_somebody_waits_ends_their_wait(new_writer: NewWriter) -> None:
    writer, _ = new_writer(stalls_after(REPLY[:40]), timeout=20)
    faults: list[WritingFault | None] = []
    waiting = threading.Thread(target=lambda: faults.append(write(writer, [])))
    waiting.start()
    time.sleep(0.3)
    writer.close()
    waiting.join(3)
    assert [fault and fault.reason for fault in faults] == [Reason.CLOSED]


class TransferEncodingPayloadError(Exception):
    """As aiohttp has it: an error of reading with a number that is no answer of the server."""

    code = 400


def test_an_error_of_reading_is_no_answer_of_the_server_whatever_number_it_has() -> None:
    assert trouble_of(TransferEncodingPayloadError()) == Trouble(Reason.BROKEN_OFF)
