"""Answers written by a chat model on a real server: what is shown is checked, and the quotes are never far."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from faults import Behaviour, Reply, Speaking, breaks_after, never_answers, never_ends, refuses, says, sends

from roros_assistant.assistant import Assistant
from roros_assistant.present import as_json, as_markdown, as_text, from_json
from roros_assistant.types import Answer, Status

TRAIN = "how long does the train take?"
FAR = "how far is it from Trondheim?"
AWAY = "It is 2.5 hours by train from the nearest city of Trondheim"
RIGHT = "The train from Trondheim takes 2.5 hours [1]."
WRONG = "The train from Trondheim takes 3.5 hours [1]."
ELSEWHERE = "Tickets are sold by the Sunshine Company for 20 euros [1]."
GERMAN = "Mit dem Zug ist man von der nächsten Stadt aus in zweieinhalb Stunden da, und das ist am einfachsten [1]."


def everywhere(answer: Answer) -> str:
    """All that anybody gets to see of an answer."""
    return f"{as_json(answer)} {as_text(answer)} {as_markdown(answer)}"


def test_a_sentence_that_its_quote_carries_is_shown_with_it(speaking: Speaking) -> None:
    one, server = speaking(says(RIGHT))
    answer = one.ask(TRAIN)
    assert [(claim.text, claim.citations) for claim in answer.claims] == [
        ("The train from Trondheim takes 2.5 hours.", (1,))
    ]
    assert (answer.status, answer.writer, answer.left_out) == (Status.ANSWERED, "openai:m", ())
    assert "taking 2.5 hours" in answer.citations[0].quote
    assert all(map(one.verify_citation, answer.citations))
    assert 0.5 < (answer.claims[0].support or 0) <= 1
    assert answer.short is not None
    assert answer.short.text == "2.5 hours"
    assert answer.citations[0].quote in server.received[0].text


def test_prose_reads_as_prose_and_comes_back_from_json_as_it_was(speaking: Speaking) -> None:
    answer = speaking(says(f"{RIGHT} {ELSEWHERE}"))[0].ask(TRAIN)
    assert "The train from Trondheim takes 2.5 hours. [1]" in as_markdown(answer)
    assert "Written by m, each sentence checked against its source. One sentence was left out." in as_text(answer)
    back = from_json(as_json(answer))
    assert (back.claims[0].text, back.writer, back.left_out, back.is_prose) == (
        answer.claims[0].text,
        answer.writer,
        answer.left_out,
        True,
    )


def test_a_sentence_that_repeats_its_source_stands_in_quotation_marks(speaking: Speaking) -> None:
    quote = speaking(says(""))[0].ask("Are there any national parks?").claims[0].text
    answer = speaking(says(quote))[0].ask("Are there any national parks?")
    assert (answer.writer, answer.claims[0].text) == ("openai:m", quote)
    assert f"“{quote}” [1]" in as_text(answer)
    reworded = speaking(says(RIGHT))[0].ask(TRAIN)
    assert "“" not in as_text(reworded).partition("Written by")[0]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (WRONG, "3.5"),
        (ELSEWHERE, "20"),
        ("The train from Trondheim never takes 2.5 hours [1].", "denies"),
        ("The train from Bergen takes 2.5 hours [1].", "Bergen"),
    ],
)
def test_what_no_quote_carries_is_never_shown_and_the_quotes_answer(
    written: str, reason: str, speaking: Speaking
) -> None:
    one, _ = speaking(says(written))
    stages = list(one.stream(TRAIN))
    words = written.partition(" [")[0]
    assert all(words not in everywhere(answer) for answer in stages)
    assert (stages[-1].writer, stages[-1].status) == ("quotes", Status.ANSWERED)
    assert "2.5 hours" in stages[-1].claims[0].text
    assert len(stages[-1].left_out) == 1
    assert reason in stages[-1].left_out[0]


def test_where_nothing_passes_it_asks_with_one_quote_after_the_other(assistant: Assistant, speaking: Speaking) -> None:
    quoted = assistant.ask(FAR).citations
    one, server = speaking(says(WRONG), says(WRONG), says(WRONG), says(f"{AWAY} [1]."))
    answer = one.ask(FAR)
    assert [claim.text for claim in answer.claims] == [f"{AWAY}."]
    assert len(answer.left_out) == 1  # said twice
    sent = [[cited.number for cited in quoted if cited.quote in asked.text] for asked in server.received]
    assert sent == [[cited.number for cited in quoted], [1], [1], [2]]
    assert ["word for word" in asked.text for asked in server.received] == [False, False, True, True]


def test_a_carried_sentence_that_does_not_answer_makes_no_beginning(assistant: Assistant, speaking: Speaking) -> None:
    beside = assistant.ask(FAR).citations[1].quote.removesuffix(".")
    answer = speaking(says(f"{beside} [2]. {AWAY} [1]."))[0].ask(FAR)
    assert [claim.text for claim in answer.claims] == [f"{AWAY}."]
    assert answer.left_out == ("it does not answer the question",)


@pytest.mark.parametrize("nothing", ["The train.", "A train from Trondheim by travelsewhere, an article."])
def test_a_sentence_that_says_no_more_than_the_question_or_the_head_of_a_quote_is_left_out(
    nothing: str, speaking: Speaking
) -> None:
    answer = speaking(says(nothing), says(nothing), says(nothing), says(RIGHT))[0].ask("the train from Trondheim")
    assert nothing not in everywhere(answer)


def test_what_is_said_again_is_neither_shown_again_nor_counted_as_left_out(speaking: Speaking) -> None:
    answer = speaking(says(f"{RIGHT} From Trondheim the train takes 2.5 hours [1]."))[0].ask(TRAIN)
    assert [claim.text for claim in answer.claims] == ["The train from Trondheim takes 2.5 hours."]
    assert answer.left_out == ()


def test_a_sentence_that_speaks_of_one_left_out_goes_with_it(speaking: Speaking) -> None:
    answer = speaking(says(f"{ELSEWHERE} It also takes 2.5 hours from Trondheim [1]. {RIGHT}"))[0].ask(TRAIN)
    assert [claim.text for claim in answer.claims] == ["The train from Trondheim takes 2.5 hours."]
    assert "it speaks of a sentence that is left out" in answer.left_out


def test_of_two_sentences_the_one_that_is_carried_is_shown(speaking: Speaking) -> None:
    answer = speaking(says(f"{WRONG} {RIGHT}"))[0].ask(TRAIN)
    assert [claim.text for claim in answer.claims] == ["The train from Trondheim takes 2.5 hours."]
    assert len(answer.left_out) == 1


@pytest.mark.parametrize("marker", ["", " [4]", " [99]"])
def test_a_missing_or_a_wrong_number_is_replaced_by_that_of_the_quote_which_carries_it(
    marker: str, speaking: Speaking
) -> None:
    answer = speaking(says(f"The train from Trondheim takes 2.5 hours{marker}."))[0].ask(TRAIN)
    assert answer.writer == "openai:m"
    (cited,) = answer.citations
    assert "taking 2.5 hours" in cited.quote


def test_a_true_sentence_that_does_not_answer_is_no_answer(speaking: Speaking) -> None:
    """The model gets the quotes that answer, and what rests on nothing else passes."""
    one, server = speaking(says("Røros was founded in 1644 [1]."))
    answer = one.ask(TRAIN)
    assert answer.writer == "quotes"
    assert "2.5 hours" in answer.claims[0].text
    assert "1644" not in server.received[0].text


def test_what_the_sources_do_not_say_is_refused_without_asking_the_model(speaking: Speaking) -> None:
    one, server = speaking(says(RIGHT))
    answer = one.ask("Is there a casino?")
    assert (answer.status, answer.claims, answer.writer) == (Status.NOT_IN_SOURCES, (), "quotes")
    assert server.received == []


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        pytest.param(refuses(401), "did not accept the key", id="wrong key"),
        pytest.param(refuses(500), "failed", id="server failed"),
        pytest.param(never_answers, "in time", id="silent"),
        pytest.param(breaks_after("The tr"), "broke off", id="broken off"),
        pytest.param(says(""), "said nothing", id="empty"),
        pytest.param(sends(b"<html>no</html>", "text/html"), "no answer", id="garbage"),
        pytest.param(says(GERMAN), "English", id="another language"),
        pytest.param(never_ends("and so on "), "", id="never ends"),
    ],
)
def test_whatever_the_models_server_does_the_quotes_answer_in_time(
    behaviour: Behaviour, told: str, speaking: Speaking
) -> None:
    one, _ = speaking(behaviour, timeout=3.0)
    started = time.monotonic()
    answer = one.ask(TRAIN)
    assert time.monotonic() - started < 3.0 + 1.0
    assert (answer.writer, answer.status) == ("quotes", Status.ANSWERED)
    assert "2.5 hours" in answer.claims[0].text
    assert told in answer.notice
    assert "sk-very-secret" not in everywhere(answer)


def test_with_no_server_there_the_quotes_answer(speaking: Speaking) -> None:
    one, server = speaking(says(RIGHT))
    assert one.prose is not None
    one.prose.writer.close()
    answer = one.ask(TRAIN)
    assert (answer.writer, "2.5 hours" in answer.claims[0].text) == ("quotes", True)
    assert server.received == []


def test_what_was_said_before_the_answer_broke_off_stays_with_a_word_about_it(speaking: Speaking) -> None:
    answer = speaking(breaks_after(f"{RIGHT} And the"))[0].ask(TRAIN)
    assert [claim.text for claim in answer.claims] == ["The train from Trondheim takes 2.5 hours."]
    assert answer.notice == "The chat model’s answer broke off."


def test_a_sentence_is_shown_while_the_next_is_being_written(speaking: Speaking) -> None:
    shown, in_time = Event(), Event()

    def reply(to: Reply) -> None:
        to.begin()
        to.say(f"{RIGHT} It is")
        if shown.wait(20):
            in_time.set()
        to.say(" the easiest way to get there [1].", "stop")
        to.end()

    growing = speaking(reply)[0].stream(TRAIN)
    first = next(growing)
    shown.set()
    *_, whole = growing
    assert in_time.is_set()
    assert [claim.text for claim in first.claims] == ["The train from Trondheim takes 2.5 hours."]
    assert whole.claims[0] == first.claims[0]


def test_a_stop_ends_the_models_work(speaking: Speaking) -> None:
    one, server = speaking(never_ends("word "), timeout=20.0)
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(lambda: list(one.stream(TRAIN, stop=stop)))
        until = time.monotonic() + 10
        while not server.received and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()
        asked = time.monotonic()
        answer = asking.result()[-1]
    assert time.monotonic() - asked < 2
    assert server.wait_until_left() < 20
    assert answer.writer == "quotes"


def test_who_leaves_while_it_is_being_written_ends_the_models_work(speaking: Speaking) -> None:
    one, server = speaking(never_ends(f"{RIGHT} "), timeout=20.0)
    growing = one.stream(TRAIN)
    next(growing)
    growing.close()  # type: ignore[attr-defined]
    assert server.wait_until_left() < 20


def test_two_people_at_once_never_see_each_others_text(speaking: Speaking) -> None:
    def answers(to: object) -> None:
        asked = to.received.text.rpartition("Question:")[2]  # type: ignore[attr-defined]
        says("The town was founded in 1644." if "founded" in asked else RIGHT, size=3, pause=0.01)(to)  # type: ignore[arg-type]

    one, _ = speaking(answers, timeout=30.0)
    questions = ["When was Røros founded?", TRAIN] * 4
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda question: one.ask(question).claims[0].text, questions))
    assert written == ["The town was founded in 1644.", "The train from Trondheim takes 2.5 hours."] * 4


def test_asked_about_itself_it_names_the_model_and_without_one_says_that_it_writes_nothing(
    assistant: Assistant, speaking: Speaking
) -> None:
    one, _ = speaking(says(RIGHT))
    assert "openai:m" in one.ask("who are you?").notice
    assert "nothing of my own" in assistant.ask("who are you?").notice
