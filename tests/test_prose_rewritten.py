"""Questions that a chat model writes anew: follow-ups, and questions in another language."""

import pytest
from faults import Speaking, says

from roros_assistant.assistant import Assistant
from roros_assistant.types import Status, Turn
from roros_assistant.words import FRAMED, NOT_UNDERSTOOD

TRAIN = "how long does the train take?"
RIGHT = "The train from Trondheim takes 2.5 hours [1]."
HISTORY = [Turn("user", TRAIN), Turn("assistant", "“taking 2.5 hours from the nearest city of Trondheim” [1]")]


def test_a_follow_up_is_rewritten_by_the_model_and_the_page_shows_how(speaking: Speaking) -> None:
    one, server = speaking(says("Where does the train to the town start?"), says(RIGHT))
    answer = one.ask("where does it start?", HISTORY)
    assert answer.standalone_question == answer.about == "Where does the train to the town start?"
    assert len(server.received) == 2


def test_a_rewrite_that_makes_a_name_up_is_not_used(assistant: Assistant, speaking: Speaking) -> None:
    one, _ = speaking(says("Where does the train to Bergen start?"), says(RIGHT))
    asked = "where does it start?"
    assert one.ask(asked, HISTORY).standalone_question == assistant.ask(asked, HISTORY).standalone_question


def test_a_question_of_its_own_is_not_rewritten(speaking: Speaking) -> None:
    one, server = speaking(says("It was founded in 1644 [1]."))
    assert one.ask("When was Røros founded?", HISTORY).standalone_question == "When was Røros founded?"
    assert len(server.received) == 1


def test_who_says_that_is_told_without_the_model(speaking: Speaking) -> None:
    one, server = speaking(says(RIGHT))
    answer = one.ask("who says that?", HISTORY)
    assert "is said by" in answer.notice
    assert server.received == []


def test_a_question_in_another_language_gets_quotes_with_words_of_that_language_around_them(
    assistant: Assistant, speaking: Speaking
) -> None:
    one, server = speaking(says("How long does the train from Trondheim take?"))
    asked = "Wie lange dauert die Fahrt mit dem Zug von Trondheim?"
    answer = one.ask(asked)
    assert (answer.question, answer.about, answer.language) == (
        asked,
        "How long does the train from Trondheim take?",
        "de",
    )
    assert (answer.status, answer.writer) == (Status.ANSWERED, "quotes")
    assert answer.notice == "Die Quellen sind auf Englisch; hier sind ihre eigenen Worte."
    assert "2.5 hours" in answer.claims[0].text
    assert len(server.received) == 1
    assert assistant.ask(asked).status is Status.NOT_UNDERSTOOD


@pytest.mark.parametrize("translated", ["Was kostet ein Zimmer?", "How much is a room for 3?", "no question", ""])
def test_what_is_no_translation_is_not_used(translated: str, speaking: Speaking) -> None:
    answer = speaking(says(translated))[0].ask("Was kostet ein Zimmer für 2 Personen in der Stadt?")
    assert (answer.status, answer.language) == (Status.NOT_UNDERSTOOD, "de")


def test_in_every_language_that_is_known_there_are_words_for_quotes_too() -> None:
    assert FRAMED.keys() == NOT_UNDERSTOOD.keys() - {"en"}
