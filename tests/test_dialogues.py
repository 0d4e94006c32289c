"""Whole conversations, played with the assistant's own answers as history."""

import pytest
from dialogues import load_dialogues, play

from roros_assistant.assistant import Assistant


@pytest.mark.parametrize("step", [2, pytest.param(1, marks=pytest.mark.slow)], ids=["every second", "all"])
def test_most_turns_of_conversations_are_answered_right(step: int, assistant: Assistant) -> None:
    verdicts = [verdict for dialogue in load_dialogues()[::step] for verdict in play(assistant, dialogue)]
    wrong = [verdict.question for verdict in verdicts if not verdict.right]
    assert len(wrong) <= 0.15 * len(verdicts), wrong


def test_every_fragment_that_a_dialogue_names_stands_in_a_source(assistant: Assistant) -> None:
    texts = [document.text for document in assistant.corpus.documents]
    dialogues = [*load_dialogues(), *load_dialogues("dialogues_other")]
    quotes = [quote for one in dialogues for turn in one["turns"] for quote in turn.get("quotes", ())]
    assert [quote for quote in quotes if not any(quote in text for text in texts)] == []
