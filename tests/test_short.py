"""The few words that answer a question, found inside a quote; nothing where they are not there."""

import pytest

from roros_assistant.asked import kind_asked
from roros_assistant.short import find_short


def found(question: str, quote: str) -> str | None:
    span = find_short(question, kind_asked(question), quote)
    return quote[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("question", "quote", "short"),
    [
        ("How long does the ferry take?", "The easiest way is by ferry, taking 2.5 hours from the city.", "2.5 hours"),
        ("How long is the walk?", "The walk takes about three hours.", "about three hours"),
        ("When was the mine founded?", "A mining town, it was founded in 1644 and grew.", "1644"),
        ("When was the mill built?", "The mill was built in the 17th century.", "17th century"),
        ("How many members are there?", "It has around 200 trade, catering and tourism members.", "around 200"),
        ("How much is a ticket?", "A ticket costs € 12.50 for adults.", "€ 12.50"),
        ("How much is a ticket?", "We paid two hundred and ten pesos each.", "two hundred and ten pesos"),
        ("How long does the ferry take?", "It takes an hour and a half to the island.", "an hour and a half"),
        ("What time does it leave?", "It leaves at half past six.", "half past six"),
        ("What time does the museum open?", "The museum is open 10:00 to 16:00 in summer.", "10:00 to 16:00"),
        ("How far is the lake?", "The lake is some 3 km from the station.", "some 3 km"),
        ("How high is the hill?", "The hill is 650 metres above the sea.", "650 metres"),
        ("When is the fair?", "The fair is held in late February every year.", "late February"),
    ],
)
def test_the_words_asked_for_are_found_as_they_stand(question: str, quote: str, short: str) -> None:
    assert found(question, quote) == short


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Is the travel time three hours?", "The ferry takes 2.5 hours."),
        ("And was the founding year 1700?", "It was founded in 1644."),
        ("Does the entrance cost € 5?", "The entrance is € 12."),
        ("are there how many bridges", "There are 9 bridges."),
    ],
)
def test_a_question_for_yes_or_no_has_no_short_answer(question: str, quote: str) -> None:
    assert kind_asked(question) is not None
    assert found(question, quote) is None


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When was the mine of 1644 founded?", "The mine is of 1644."),
        ("When in February is the fair?", "The fair is in February."),
        ("How many of the 9 bridges are open?", "There are 9 bridges."),
    ],
)
def test_what_the_question_brought_is_no_answer(question: str, quote: str) -> None:
    assert kind_asked(question) is not None
    assert found(question, quote) is None


def test_beside_what_the_question_brought_the_rest_is_found() -> None:
    assert found("When was the mine of 1644 closed?", "The mine of 1644 was closed in 1977.") == "1977"


def test_a_number_counts_only_before_what_is_counted() -> None:
    quote = "In 12 rooms the museum shows 40 paintings."
    assert found("How many rooms are there?", quote) == "12"
    assert found("How many paintings are there?", quote) == "40"
    assert found("How many visitors come?", quote) is None


def test_of_several_the_one_nearest_to_the_questions_words_is_taken() -> None:
    quote = "Opened in 1888 as a school, after a fire in 1923 it was rebuilt as a museum in 1931."
    assert found("When was the fire?", quote) == "1923"
    assert found("When was the museum rebuilt?", quote) == "1931"


@pytest.mark.parametrize(
    "question", ["Where is the church?", "What is slag?", "best season to visit", "Who founded it?"]
)
def test_what_no_few_words_answer_has_none(question: str) -> None:
    assert found(question, "In 1644 summer came, and the church was founded by Hans 2 km away for € 3.") is None


def test_a_quote_without_the_thing_has_none() -> None:
    assert found("How long does the ferry take?", "The ferry leaves at 10:00 and costs € 12.") is None
