"""Questions with what retrieval makes of them, for calibrate.py to fit weights on."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import destinations
import squad
from rerankers import KeptReadings

from roros_assistant import retrieve
from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.passages import neutral
from roros_assistant.settings import load_settings
from roros_assistant.types import Hit

SEED = 1
EVERY = 2  # of the questions about a destination, which stand in the order of their kinds


@dataclass(frozen=True)
class Case:
    """A question with what retrieval made of it."""

    question: str
    corpus: str  # golden, destinations or squad
    group: str  # which half of the golden questions, which destination, which article
    fragments: tuple[str, ...]  # a hit that holds one of them is right
    document: str | None = None  # in this document, where the fragments alone are too common
    broad: bool = False
    hits: tuple[Hit, ...] = ()
    words: int = 0
    unknown_name: bool = False
    everything: tuple[Hit, ...] = ()  # every passage of the corpus, for what is fitted on single passages

    @property
    def answerable(self) -> bool:
        """Whether the sources answer it."""
        return bool(self.fragments)

    def is_right(self, hit: Hit) -> bool:
        here = self.document in (None, hit.passage.document_id)
        return here and any(fragment in hit.passage.text for fragment in self.fragments)


def read_all(options: argparse.Namespace, work: Path) -> tuple[list[Case], Assistant]:
    """The golden questions, those about other destinations and, where there are data, SQuAD's."""
    roros = keep_readings(open_assistant(load_settings(data=work / "roros")), options.work, "roros")
    golden = [json.loads(line) for line in options.golden.read_text(encoding="utf-8").splitlines()]
    usual = [item for item in golden if usable(item)]
    cases = read_twice(roros, watched([golden_question(item) for item in usual], "golden"))
    for place in destinations.load()[destinations.FITTING]:
        name = place.destination.name or ""
        destinations.write_corpus(place, work / "destinations" / name)
        settings = load_settings(corpus=work / "destinations" / name, data=work / "indexes" / name)
        assistant = keep_readings(open_assistant(settings), options.work, f"destination-{name}")
        cases += read_twice(assistant, watched([*destination_questions(place, assistant)][::EVERY], name))
        assistant.close()
    if options.shared_data:
        articles, questions = squad.read(options.shared_data / "squad2-dev-first8" / "dev.json")
        squad.write_corpus(articles, work / "articles")
        settings = load_settings(corpus=work / "articles", data=work / "squad")
        encyclopedia = keep_readings(open_assistant(settings), options.work, "squad")
        sample = squad.stratified(questions, options.sample, SEED)
        cases += [read(encyclopedia, squad_question(question)) for question in watched(sample, "squad")]
        encyclopedia.close()
    return cases, roros


def read_twice(assistant: Assistant, questions: Iterable[Case]) -> list[Case]:
    """Each as retrieval reads it, and with every passage read."""
    cases = []
    for question in questions:
        with everything_read():
            everything = read(assistant, question).hits
        cases.append(replace(read(assistant, question), everything=everything))
    return cases


def everything_read() -> AbstractContextManager[Any]:
    """Let retrieval read every passage: what it would leave out shows weights what no answer looks like."""
    efforts = ("READING_BUDGET", "READING_BUDGET_BROAD")
    everything: dict[str, Any] = {"_FOUND": 10_000, **dict.fromkeys(efforts, 10**9)}
    patched: AbstractContextManager[Any] = patch.multiple(retrieve, **everything)
    return patched


def keep_readings(assistant: Assistant, folder: Path | None, name: str) -> Assistant:
    file = folder / f"{name}.pickle" if folder else None
    assistant.retriever._reranker = KeptReadings(assistant.retriever._reranker, file)
    return assistant


def watched(items: Sequence[Any], what: str) -> Iterator[Any]:
    for number, item in enumerate(items, start=1):
        yield item
        if number % 50 == 0 or number == len(items):
            print(f"{what}: {number} of {len(items)}", file=sys.stderr)


def usable(item: dict[str, Any]) -> bool:
    if item["kind"] in ("language", "talk", "followup"):
        return False
    return bool(item.get("quotes")) or item["status"] == ["not_in_sources"]


def golden_question(item: dict[str, Any]) -> Case:
    fragments = (*item.get("quotes", ()), *item.get("belongs", ()))
    return Case(item["question"], "golden", item["split"], fragments, broad=item["kind"] == "broad")


def squad_question(question: squad.Question) -> Case:
    document, _ = question.paragraph
    return Case(question.words, "squad", document, question.answers, document)


def destination_questions(place: destinations.Place, assistant: Assistant) -> Iterator[Case]:
    passages = destinations.passages_of(place, [passage.text for passage in assistant.retriever.index.passages])
    for asked in place.questions:
        fragments = tuple(text for sentence in sorted(asked.answers) for text in passages[sentence])
        yield Case(asked.words, "destinations", place.destination.name or "", fragments, broad=asked.form == "broad")


def read(assistant: Assistant, question: Case) -> Case:
    """The question with what retrieval makes of it."""
    query = assistant.speller.correct(question.question)
    retriever = assistant.retriever
    return replace(
        question,
        hits=tuple(retriever.retrieve(query)),
        words=retriever.count_words(query),
        unknown_name=bool(assistant.speller.unknown_names(neutral(query, assistant.corpus.destination))),
    )
