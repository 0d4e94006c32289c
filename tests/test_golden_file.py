"""The golden questions are well formed, and every quote they accept is still in the shipped sources."""

import re
from collections import Counter
from typing import Any

import pytest
from golden import load_golden

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.types import Status, Turn

Question = dict[str, Any]

GOLDEN: list[Question] = load_golden()
ANSWERABLE_KINDS = {"fact", "opinion", "practical", "noun", "typo", "broad", "followup"}
REFUSED_KINDS = {"unanswerable", "near_miss"}
OTHER_STATUS = {"language": ["not_understood"], "talk": ["talk"]}
FIELDS = {"id", "kind", "split", "question", "status"}
OPTIONAL_FIELDS = {"history", "language", "known_gap", "strict", "quotes", "belongs"}

ANSWERABLE = [question for question in GOLDEN if question["kind"] in ANSWERABLE_KINDS]
REFUSED = [question for question in GOLDEN if question["kind"] in REFUSED_KINDS]
each_question = pytest.mark.parametrize("question", GOLDEN, ids=lambda question: question["id"])


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in read_corpus(default_corpus_folder()).documents]


def fragments(question: Question) -> list[str]:
    return [*question.get("quotes", []), *question.get("belongs", [])]


def normalised(question: Question) -> str:
    """The question with its conversation: the same words may be asked twice in two conversations."""
    turns = [*(turn["content"] for turn in question.get("history", [])), question["question"]]
    return " / ".join(turns).casefold()


@each_question
def test_a_question_has_the_known_fields_and_no_other(question: Question) -> None:
    assert question.keys() >= FIELDS
    assert question.keys() <= FIELDS | OPTIONAL_FIELDS
    assert question["kind"] in ANSWERABLE_KINDS | REFUSED_KINDS | set(OTHER_STATUS)
    assert question["split"] in {"tune", "test"}
    assert question["question"].strip()
    assert question["status"]
    assert {*question["status"], *question.get("strict", [])} <= {status.value for status in Status}


def test_every_fragment_of_another_writers_questions_stands_in_a_source(texts: list[str]) -> None:
    others = load_golden("golden_other")
    quotes = [quote for item in others for quote in item.get("quotes", ())]
    assert [quote for quote in quotes if not any(quote in text for text in texts)] == []
    assert len({item["id"] for item in others}) == len(others)
    assert {normalised(item) for item in others}.isdisjoint(map(normalised, GOLDEN))


def test_ids_and_questions_stand_once() -> None:
    assert [name for name, times in Counter(question["id"] for question in GOLDEN).items() if times > 1] == []
    assert [words for words, times in Counter(map(normalised, GOLDEN)).items() if times > 1] == []


@each_question
def test_every_fragment_names_one_sentence_of_the_sources(question: Question, texts: list[str]) -> None:
    for fragment in fragments(question):
        assert sum(text.count(fragment) for text in texts) == 1, fragment
        assert not re.search(r"[.!?]\s|\n", fragment), f"runs over a sentence's end: {fragment}"


@each_question
def test_only_answerable_questions_have_quotes(question: Question) -> None:
    assert bool(question.get("quotes")) == (question["kind"] in ANSWERABLE_KINDS)
    assert bool(question.get("belongs")) == (question["kind"] == "broad")
    assert len(fragments(question)) == len(set(question.get("quotes", []))) + len(set(question.get("belongs", [])))


@each_question
def test_the_status_fits_the_kind(question: Question) -> None:
    kind, status = question["kind"], set(question["status"])
    if kind in ANSWERABLE_KINDS:
        assert status <= {"answered", "partial"}
    elif kind in REFUSED_KINDS:
        assert "not_in_sources" in status
        assert status <= {"not_in_sources", "partial"}
        assert question.get("strict", ["not_in_sources"]) == ["not_in_sources"]
    else:
        assert question["status"] == OTHER_STATUS[kind]
    assert ("language" in question) == (kind == "language")


@each_question
def test_a_history_is_a_conversation_that_waits_for_the_next_question(question: Question) -> None:
    turns = [Turn(**turn) for turn in question.get("history", [])]
    assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
    assert bool(turns) == (question["kind"] == "followup")
    if question.get("known_gap"):
        assert turns, "a gap is known only for what needs the conversation"


def test_there_are_enough_of_each() -> None:
    assert len(ANSWERABLE) >= 60
    assert len(REFUSED) >= 20
    assert {question["kind"] for question in GOLDEN} == ANSWERABLE_KINDS | REFUSED_KINDS | set(OTHER_STATUS)


def test_both_halves_are_alike() -> None:
    kinds = Counter((question["kind"], question["split"]) for question in GOLDEN)
    for kind in {question["kind"] for question in GOLDEN}:
        assert abs(kinds[kind, "tune"] - kinds[kind, "test"]) <= 1, kind


def test_every_source_that_says_something_of_the_town_is_asked_for() -> None:
    wanted = {fragment for question in ANSWERABLE for fragment in fragments(question)}
    documents = read_corpus(default_corpus_folder()).documents
    unasked = [document.id for document in documents if not any(fragment in document.text for fragment in wanted)]
    assert unasked == []
