"""A turn taken apart: where its parts end, what each does, and what the whole comes to."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.dialogue import Models, understand
from roros_assistant.dialogue.parts import Part, cut
from roros_assistant.dialogue.talk import heard
from roros_assistant.embed import load_embedder
from roros_assistant.types import MAX_QUESTION

MODELS = Models(load_embedder().embed_query)
TURNS = Path(__file__).parents[1] / "benchmarks" / "parts.jsonl"
APART = [turn for turn in map(json.loads, TURNS.read_text(encoding="utf-8").splitlines()) if turn["split"] == "test"]


def asks(turn: str, *, answered: bool) -> bool:
    """Whether something of a turn is to be looked up."""
    this = MODELS.heard(turn, answered=answered)
    return this.talk is None and this.last_answer is None


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        ("Hello love is there a church", "is there a church"),
        ("ok thanks! and how do I get there?", "and how do I get there?"),
        ("I'm a landscape photographer. Where's the best view over the town?", "Where's the best view over the town?"),
        ("Oh well. And the museum, where is that?", "And the museum, where is that?"),
        ("Is there a bakery? Thank you so much!", "Is there a bakery?"),
    ],
)
def test_what_is_said_before_a_question_is_no_part_of_it(turn: str, asked: str) -> None:
    assert MODELS.heard(turn, answered=True).asked == asked


@pytest.mark.parametrize(
    "turn",
    [
        "We hate crowds. Would this suit us?",
        "My holidays are in July, is that a good time?",
        "My kids love cows. Could we see a working farm?",
        "I have bad knees, will I manage?",
    ],
)
def test_a_question_that_leans_on_what_was_told_is_read_with_it(turn: str) -> None:
    assert MODELS.heard(turn, answered=False).asked == turn
    understood = understand(turn, [], frozenset(), models=MODELS)
    assert (understood.standalone, understood.query) == (turn, turn)


@pytest.mark.parametrize(
    ("turn", "topic"),
    [
        ("righto, cheers mate", "thanks"),
        ("OK great stuff, bye", "farewell"),
        ("Thank you sweetie", "thanks"),
        ("That was no help at all.", "complaint"),
        ("Lovely, thank you. Are you a real person, by the way?", "about"),
        ("and where do you get your information from?", "sources"),
    ],
)
def test_small_talk_has_many_forms(turn: str, topic: str) -> None:
    assert MODELS.heard(turn, answered=True).talk == topic


@pytest.mark.parametrize(
    "turn", ["lol ok ta", "ok you dont know much do you lol", "wow, that is ancient", "merci, bye"]
)
def test_chat_is_not_looked_up(turn: str) -> None:
    assert not asks(turn, answered=True)


def test_a_question_about_the_last_answer_needs_one() -> None:
    assert MODELS.heard("haha, who says that", answered=True).last_answer == "author"
    assert MODELS.heard("haha, who says that", answered=False).talk == "sources"


@pytest.mark.parametrize(
    "turn", ["parking", "old town", "nice walks", "good restaurants", "help with luggage", "when is it?"]
)
def test_what_only_sounds_like_talk_is_looked_up(turn: str) -> None:
    assert asks(turn, answered=True)


def test_the_turns_of_another_writer_are_told_apart() -> None:
    """As benchmarks/parts.py measures it: .99 of 245 questions, .91 of 205 others, .98 of 105 in other languages."""
    right: dict[str, list[bool]] = {"questions": [], "talk": [], "questions in other languages": []}
    for turn in APART:
        answered = not turn["first"]
        meant = heard([Part(text, does) for text, does in turn["parts"]], answered=answered)
        wants = meant.talk is None and meant.last_answer is None
        if "language" not in turn or wants:
            kind = ("questions" if wants else "talk") + (" in other languages" if "language" in turn else "")
            right[kind].append(asks(turn["turn"], answered=answered) == wants)
    shares = {kind: sum(each) / len(each) for kind, each in right.items()}
    assert shares["questions"] >= 0.97
    assert shares["questions in other languages"] >= 0.97
    assert shares["talk"] >= 0.9


@given(st.text(max_size=MAX_QUESTION))
def test_cutting_loses_no_word(turn: str) -> None:
    assert " ".join(cut(turn)) == " ".join(turn.split())
