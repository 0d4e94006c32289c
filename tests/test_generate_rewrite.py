"""A model's rewrite of a follow-up is taken only where it is one question that keeps what was asked, and adds nothing.

The rules of the default stand behind it.
"""

import time

import pytest
from faults import Behaviour, NewWriter, never_answers, never_ends, refuses, says

from roros_assistant.generate.rewrite import checked_rewrite
from roros_assistant.types import Turn

HISTORY = [
    Turn("user", "How long does the train from Trondheim take?"),
    Turn("assistant", "“It takes 2.5 hours” [1]"),
]


@pytest.mark.parametrize(
    ("question", "reply", "rewritten"),
    [
        ("how much is it?", "How much is the train from Trondheim?", "How much is the train from Trondheim?"),
        ("how much is it?", "Question: How much is the train?", "How much is the train?"),
        ("how much is it?", '"How much is the train?"\n', "How much is the train?"),
        ("And from Oslo?", "How long does the train from Oslo take?", "How long does the train from Oslo take?"),
        ("And from Oslo?", "How long does the train from Trondheim take?", None),
        ("Oslo?", "How long does the train take?", None),
        ("and on 24 December?", "Does the train go on 24 December?", "Does the train go on 24 December?"),
        ("and on 24 December?", "Does the train go on December 23?", None),
        ("and on 24 December?", "Does the train go at Christmas?", None),
        ("how much is it?", "How much is the train from Bergen?", None),
        ("how much is it?", "How much is the train for 2 people?", None),
        ("how much is it?", "The train costs 200 kr.", None),
        ("how much is it?", "How much? Is it cheap?", None),
        ("how much is it?", "How much is it?\nIt is cheap.", None),
        ("how much is it?", " ".join(["How"] * 41) + "?", None),
        ("how much is it?", "", None),
        ("is Fjellheimen's food good?", "Is the food of Fjellheimen good?", "Is the food of Fjellheimen good?"),
    ],
)
def test_a_rewrite_is_one_question_that_keeps_names_and_numbers(
    question: str, reply: str, rewritten: str | None
) -> None:
    assert checked_rewrite(reply, question, HISTORY) == rewritten


def test_the_model_is_shown_the_conversation_and_its_question_is_taken(new_writer: NewWriter) -> None:
    writer, server = new_writer(says("<think>The train.</think>How much is the train from Trondheim?"))
    assert writer.rewrite("how much is it?", HISTORY) == "How much is the train from Trondheim?"
    told = server.received[0].body["messages"][-1]["content"]
    assert "Traveller: How long does the train from Trondheim take?\nAssistant: “It takes 2.5 hours”" in told
    assert "how much is it?" in told


@pytest.mark.parametrize(
    "behaviour", [refuses(500), never_answers, never_ends("How much "), says(""), says("No idea.")]
)
def test_a_fault_is_no_rewrite_and_costs_a_quarter_of_the_time(new_writer: NewWriter, behaviour: Behaviour) -> None:
    writer, _ = new_writer(behaviour, timeout=2.0)
    started = time.monotonic()
    assert writer.rewrite("how much is it?", HISTORY) is None
    assert time.monotonic() - started < 1.0
