"""What a question is, read in its conversation: its language, whether it is small talk, what it points back to."""

import pytest

from roros_assistant.dialogue import language_of, small_talk, understand
from roros_assistant.types import Turn

BEFORE = [Turn("user", "What is the old mill?"), Turn("assistant", "A museum.")]


@pytest.mark.parametrize(
    "question",
    [
        "Where is the church?",
        "Is there a bakery?",
        "Is it possible to camp?",
        "It's hard to walk in snow, is there a bus?",
        "How do I get there?",
        "Is this town safe at night?",
    ],
)
def test_a_question_that_stands_alone_is_searched_alone(question: str) -> None:
    assert understand(question, BEFORE, frozenset()).query == question


@pytest.mark.parametrize(
    "question",
    ["Where is it?", "why?", "And at Christmas?", "what else do they show?", "how long?", "What about that?"],
)
def test_a_question_that_points_back_is_searched_with_the_one_before(question: str) -> None:
    assert understand(question, BEFORE, frozenset()).query == f"What is the old mill? {question}"


def test_small_talk_between_is_no_question_before() -> None:
    history = [*BEFORE, Turn("user", "thanks!"), Turn("assistant", "You are welcome.")]
    assert understand("Where is it?", history, frozenset()).query == "What is the old mill? Where is it?"


def test_nothing_before_leaves_the_question_as_it_is() -> None:
    assert understand("Where is it?", [], frozenset()).query == "Where is it?"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hello", "greeting"),
        ("Hello, how are you?", "greeting"),
        ("Good morning :)", "greeting"),
        ("Thank you so much, that was helpful", "thanks"),
        ("thanks, very useful", "thanks"),
        ("great answer!", "pleasantry"),
        ("ok bye", "farewell"),
        ("Who are you?", "about"),
        ("Am I talking to a real person?", "about"),
        ("what can you help me with?", "about"),
        ("hello hotels", None),
        ("Hi! When is the fair?", None),
        ("ok thanks. Is there a bakery?", None),
        ("great museum?", None),
        ("can you help me find a hotel", None),
        ("nice food", None),
    ],
)
def test_small_talk_is_told_from_questions(text: str, topic: str | None) -> None:
    assert small_talk(text) == topic


@pytest.mark.parametrize(
    ("question", "languages"),
    [
        ("Hvor kan jeg overnatte?", {"da", "no"}),
        ("Når er det best å besøke byen?", {"da", "no"}),
        ("Wann ist die beste Reisezeit?", {"de"}),
        ("Vad finns det att göra på vintern?", {"sv"}),
        ("Wat is het beste seizoen?", {"nl"}),
        ("Où dormir ?", {"fr"}),
        ("¿A qué hora abre el museo?", {"es"}),
        ("Gdzie mogę spać?", {"pl"}),
        ("いつ行くのがベストですか", {"ja"}),
        ("Когда лучше приехать?", {"ru"}),
        ("Do I need a visa as an American?", {"en"}),
        ("hostel", {"en"}),
        ("Flanderborg", {"en"}),
        ("dogsleding", {"en"}),
        ("???", {"en"}),
    ],
)
def test_a_language_is_named_only_where_it_is_sure(question: str, languages: set[str]) -> None:
    assert language_of(question, frozenset()) in languages


def test_names_of_the_sources_tell_no_language() -> None:
    assert language_of("Røros kirke Kjerkgata", frozenset({"røros", "kirke", "kjerkgata"})) == "en"
