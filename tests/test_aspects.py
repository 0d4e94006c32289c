"""Broad questions, with the real model: what they are about, and what belongs to that."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import load_golden

from roros_assistant.aspects import SUBJECTS, Aspects
from roros_assistant.embed import Embedder
from roros_assistant.types import Corpus

LESSONS = Path(__file__).parents[1] / "benchmarks" / "subjects"
BROAD = [
    ("What is there to do?", "things to do"),
    ("best season to visit", "season"),
    ("What are the downsides?", "against"),
    ("things for kids", "families"),
    ("Where can I take good pictures?", "photographs"),
    ("How sustainable is it?", "sustainability"),
]


@pytest.fixture(scope="module")
def aspects() -> Aspects:
    return Aspects.learnt()


def lessons(name: str) -> list[dict[str, Any]]:
    """What the weights were learnt from."""
    return [json.loads(line) for line in (LESSONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("question", "subject"), BROAD)
def test_a_broad_question_is_about_its_subject(
    question: str, subject: str, aspects: Aspects, embedder: Embedder
) -> None:
    meant = aspects.of(embedder.embed_query(question))
    assert 0 < meant.breadth <= 1
    assert sum(meant.shares) == pytest.approx(1.0, abs=1e-5)
    assert SUBJECTS[int(np.argmax(meant.shares))] == subject


@pytest.mark.parametrize(
    "question",
    ["How long does the train take?", "How much is a ticket?", "Who designed the church?", "is the castle open?"],
)
def test_a_narrow_question_is_about_none(question: str, aspects: Aspects, embedder: Embedder) -> None:
    meant = aspects.of(embedder.embed_query(question))
    assert (meant.breadth, meant.shares) == (0.0, ())


@pytest.mark.parametrize(
    ("question", "belongs", "does_not"),
    [
        ("What is there to do?", "You can climb the lighthouse for a view of the bay.", "The company has 40 members."),
        ("best season to visit", "In October half of the cafés are shut.", "The cathedral is built of red brick."),
        ("What are the downsides?", "It was horribly crowded and overpriced.", "We took the train from Milan."),
        ("Who runs tourism here?", "The board advises its members and holds courses.", "Kids love the paddling pool."),
    ],
)
def test_what_belongs_is_told_whatever_its_words(
    question: str, belongs: str, does_not: str, aspects: Aspects, embedder: Embedder
) -> None:
    meant = aspects.of(embedder.embed_query(question))
    vectors = np.asarray(embedder.embed_documents([belongs, does_not]), np.float32)
    likely, unlikely = aspects.belonging(meant, vectors)
    assert 0 <= unlikely < 0.5 * likely <= 0.5
    near, far = vectors @ aspects.towards(meant)
    assert near > far


def test_the_lessons_are_labelled_with_subjects_that_there_are() -> None:
    rows = [*lessons("sentences"), *lessons("questions")]
    assert {subject for row in rows for subject in row["subjects"]} == set(SUBJECTS)


def test_no_lesson_repeats_the_sources_that_come_with_the_package(roros_corpus: Corpus) -> None:
    """What belongs must be told of words that were never seen."""
    sources = {run for document in roros_corpus.documents for run in runs_of_words(document.text)}
    texts = [*(row["text"] for row in lessons("sentences")), *(row["question"] for row in lessons("questions"))]
    assert [text for text in texts if sources & set(runs_of_words(text))] == []
    named = [text for text in texts for name in roros_corpus.destination.names if name.lower() in text.lower()]
    assert named == []


def test_no_lesson_is_a_golden_question() -> None:
    golden = {plain(item["question"]) for item in load_golden()}
    assert [row["question"] for row in lessons("questions") if plain(row["question"]) in golden] == []


def plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def runs_of_words(text: str) -> Iterator[tuple[str, ...]]:
    """Every seven words that follow each other."""
    words = plain(text).split()
    return zip(*(words[start:] for start in range(7)), strict=False)
