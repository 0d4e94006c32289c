"""Broad questions, with the real model: what they are about, and what would answer them."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from roros_assistant.aspects import SUBJECTS, Aspects
from roros_assistant.embed import Embedder
from roros_assistant.types import Corpus


@pytest.fixture(scope="module")
def aspects(embedder: Embedder) -> Aspects:
    return Aspects(embedder.embed_documents)


def assert_holds(likely: NDArray[np.float64], said: list[list[float]]) -> None:
    assert (np.asarray(said) @ likely.T).max(axis=1) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is there to do?", "things to do"),
        ("best season to visit", "season"),
        ("What are the downsides?", "against"),
        ("things for kids", "families"),
        ("Where can I take good pictures?", "photographs"),
        ("How sustainable is it?", "sustainability"),
    ],
)
def test_a_broad_question_is_about_its_subject(
    question: str, subject: str, aspects: Aspects, embedder: Embedder
) -> None:
    meant = aspects.of(embedder.embed_query(question))
    assert 0 < meant.breadth <= 1
    assert_holds(meant.likely, embedder.embed_documents(list(SUBJECTS[subject].said)))
    assert len(meant.likely) < sum(map(len, meant.others))
    assert len(meant.likely) + sum(map(len, meant.others)) == sum(len(one.said) for one in SUBJECTS.values())


@pytest.mark.parametrize(
    "question",
    ["How long does the train take?", "How much is a ticket?", "Who designed the church?", "What is slag?"],
)
def test_a_narrow_question_is_about_none(question: str, aspects: Aspects, embedder: Embedder) -> None:
    meant = aspects.of(embedder.embed_query(question))
    assert meant.breadth == 0.0
    assert (len(meant.likely), meant.others) == (0, ())


@pytest.mark.parametrize("name", SUBJECTS)
def test_each_subjects_own_ways_to_ask_find_it(name: str, aspects: Aspects, embedder: Embedder) -> None:
    said = embedder.embed_documents(list(SUBJECTS[name].said))
    for asked in SUBJECTS[name].asked:
        meant = aspects.of(embedder.embed_query(asked))
        assert meant.breadth == pytest.approx(1.0, abs=1e-3)
        assert_holds(meant.likely, said)


def test_no_subject_names_a_place() -> None:
    """The likely sentences are for every destination: a capital stands only where a sentence begins, or a feast's."""
    words = [word for subject in SUBJECTS.values() for text in subject.said for word in re.findall(r"\w+", text)[1:]]
    assert {word for word in words if word[0].isupper()} <= {"Christmas", "I"}


def test_no_likely_sentence_repeats_the_sources_that_come_with_the_package(roros_corpus: Corpus) -> None:
    sources = {run for document in roros_corpus.documents for run in runs_of_words(document.text)}
    written = [sentence for subject in SUBJECTS.values() for sentence in (*subject.said, *subject.asked)]
    assert [sentence for sentence in written if sources & set(runs_of_words(sentence))] == []


def runs_of_words(text: str) -> list[tuple[str, ...]]:
    """Every three words that follow each other."""
    words = re.findall(r"[^\W_]+", text.lower())
    return list(zip(words, words[1:], words[2:], strict=False))
