"""Next questions: from the sources, answered by them, and not asked or answered in this conversation."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from towns import write_sources

from roros_assistant.askable import Candidate, candidates
from roros_assistant.assistant import Assistant
from roros_assistant.documents import read_corpus
from roros_assistant.embed import Embedder
from roros_assistant.passages import split
from roros_assistant.rerank import load_reranker
from roros_assistant.suggest import Suggester
from roros_assistant.types import Answer, Corpus, Status, Turn

GUIDE = """---
title: A weekend in Ardal
kind: article
author: Mira
---
Ardal is a small lakeside town.

## Getting there
Buses leave from the capital every two hours.

## Where to eat
The Golden Pike is a fish restaurant on the pier.

## Walks
A path known as Skarnveien follows the shore. The lighthouse can be climbed. The lighthouse was built in 1880.
The best view is from the Korvann Tower, said Paula Berg. The United States are far.
"""
Questions = Callable[[Corpus], dict[str, Candidate]]


@pytest.fixture(scope="module")
def questions() -> Questions:
    def of(corpus: Corpus) -> dict[str, Candidate]:
        passages = [passage for document in corpus.documents for passage in split(document)]
        return {item.question: item for item in candidates(corpus, passages, load_reranker().is_word)}

    return of


@pytest.fixture(scope="module")
def ardal(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("ardal")
    (folder / "guide.md").write_text(GUIDE, encoding="utf-8")
    return read_corpus(folder)


@pytest.fixture(scope="module")
def roros_suggester(questions: Questions, roros_corpus: Corpus, embedder: Embedder) -> Suggester:
    return Suggester(questions(roros_corpus).values(), embedder, roros_corpus.destination)


def test_what_the_sources_name_and_their_headings_are_asked_for(ardal: Corpus, questions: Questions) -> None:
    asked = questions(ardal)
    wanted = {
        "What is Skarnveien?": "A path known as Skarnveien follows the shore.",
        "What is the Golden Pike?": "The Golden Pike is a fish restaurant on the pier.",
        "What is the Korvann Tower?": "The best view is from the Korvann Tower, said Paula Berg.",
        "Tell me about getting there.": None,
        "Where to eat?": None,
        "Tell me about the lighthouse.": None,
    }
    assert {question: asked[question].lead for question in wanted} == wanted
    assert not any("Paula" in question or "States" in question for question in asked)


def test_a_corpus_without_names_is_asked_for_its_things(questions: Questions, tmp_path: Path) -> None:
    write_sources(tmp_path / "sources", 300)
    asked = questions(read_corpus(tmp_path / "sources"))
    assert {"Tell me about the church.", "Tell me about the bakery."} <= asked.keys()
    assert sum(candidate.trusted for candidate in asked.values()) >= 3


def test_examples_come_first_and_stand_once(roros_corpus: Corpus, questions: Questions) -> None:
    examples = roros_corpus.destination.examples
    asked = questions(roros_corpus)
    assert tuple(asked)[: len(examples)] == examples
    assert asked["What is Flanderborg?"].lead is not None  # an example that the sources explain


def test_the_first_ones_for_a_blank_question(roros_suggester: Suggester, roros_corpus: Corpus) -> None:
    assert roros_suggester.suggest("", ()) == roros_corpus.destination.examples[:3]


def test_what_the_quotes_name_is_asked_next_and_what_they_answer_is_not(roros_suggester: Suggester) -> None:
    shown = [
        "By the traditional houses of Flanderborg, you will find immense hills made up of slag known as Slegghaugan.",
    ]
    suggested = roros_suggester.suggest("what are the hills next to the houses", (), shown)
    assert suggested[0] == "What is Flanderborg?"
    assert "What is Slegghaugan?" not in suggested
    history = [Turn("user", "the hills"), Turn("assistant", f"{shown[0]} [1]")]
    assert "What is Slegghaugan?" not in roros_suggester.suggest("and the houses?", history)


def test_neither_a_question_asked_nor_its_paraphrase_is_suggested(embedder: Embedder) -> None:
    suggester = Suggester(["What is the food like?", "Where can I stay?", "Is there a campsite?"], embedder)
    assert set(suggester.suggest("what is the local food like", ())) == {"Where can I stay?", "Is there a campsite?"}
    history = [Turn("user", "where can i stay"), Turn("assistant", "...")]
    assert suggester.suggest("what's the food like?", history) == ("Is there a campsite?",)


def test_two_that_ask_the_same_are_not_suggested_together(embedder: Embedder) -> None:
    suggester = Suggester(["What is the food like?", "What is the local food like?", "Where can I stay?"], embedder)
    assert len(suggester.suggest("restaurants", ())) == 2


def test_only_what_the_pipeline_answers_is_suggested(assistant: Assistant, embedder: Embedder) -> None:
    asked = [
        Candidate("Who won the football World Cup?", trusted=True),
        Candidate("Where is the church?"),
        Candidate("What is Oslo?", subject="Oslo", trusted=True),
    ]
    suggester = Suggester(asked, embedder)
    assert suggester.suggest("museum", ()) == ("What is Oslo?", "Who won the football World Cup?")
    suggester.check(assistant.ask, rest=0)
    assert suggester.suggest("museum", ()) == ("Where is the church?",)
    church = "At the top of the street you’ll find the town’s church, its tower rising far above the low town rooftops."
    assert suggester.suggest("the main street", (), [church]) == ()


def test_checking_stops_when_told(embedder: Embedder) -> None:
    asked: list[str] = []
    stop = Event()

    def answer(question: str) -> Answer:
        asked.append(question)
        stop.set()
        return Answer(question, question, Status.NOT_IN_SOURCES)

    suggester = Suggester(["Where is the church?", "Is there a museum?"], embedder)
    suggester.check(answer, stop=stop)
    assert asked == ["Where is the church?"]
    assert suggester.suggest("", ()) == ("Is there a museum?",)


def test_an_answer_without_the_subject_is_none(embedder: Embedder) -> None:
    suggester = Suggester([Candidate("What is Atlantis?", subject="Atlantis", trusted=True)], embedder)
    suggester.check(lambda question: Answer(question, question, Status.ANSWERED), rest=0)
    assert suggester.suggest("islands", ()) == ()
