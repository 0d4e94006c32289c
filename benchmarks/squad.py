"""Encyclopedia articles with questions that they answer and questions that they only seem to (SQuAD 2.0).

Every question is asked of all articles at once, a document each, with no conversation before it.
"""

import json
import random
import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measures import Section

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Progress, Status

_PARAGRAPHS = (1, 5)  # how many of the ranked list's paragraphs are looked at
_POINTS = (0.2, 0.4, 0.6, 0.8, 1.0)  # of the curve: the share of all questions that gets an answer
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Article:
    """One document of the corpus: a paragraph a block."""

    name: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in which paragraph the answer stands, and its accepted wordings: none where nothing answers."""

    id: str
    words: str
    paragraph: tuple[str, int]  # document id, place among its paragraphs
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what came back."""

    question: Question
    answer: Answer
    ranked: tuple[tuple[str, int], ...]  # the paragraphs of the ranked list, each once

    @property
    def answerable(self) -> bool:
        """Whether the articles hold an answer."""
        return bool(self.question.answers)

    @property
    def answered(self) -> bool:
        """Whether an answer is claimed."""
        return self.answer.status in (Status.ANSWERED, Status.PARTIAL)

    @property
    def right(self) -> bool:
        """Whether an accepted wording stands in what is shown as the answer."""
        reply = _plain(" ".join(claim.text for claim in self.answer.claims))
        return any(_plain(accepted) in reply for accepted in self.question.answers)

    @property
    def confidence(self) -> tuple[bool, float]:
        """What is answered before what is refused, then by how well the best sentence answers."""
        if self.answered:
            return True, self.answer.claims[0].support or 0.0
        return False, max((hit.score for hit in self.answer.retrieved), default=-np.inf)


def measure(data: Path, sample: int, seed: int, work: Path, progress: Progress) -> Section:
    """Ask a sample of the questions, answerable and not in the proportion of the whole."""
    articles, questions = read(data / "dev.json")
    corpus = work / "corpus"
    write_corpus(articles, corpus)
    assistant = open_assistant(load_settings(corpus=corpus, data=work / "index"), progress=progress)
    try:
        asked = []
        for question in stratified(questions, sample, seed):
            asked.append(ask(assistant, question))
            progress("squad", len(asked), min(sample, len(questions)))
    finally:
        assistant.close()
    return Section(metrics(asked), {each.question.id: each.question.words for each in asked}, curve(asked))


def read(file: Path) -> tuple[list[Article], list[Question]]:
    """The articles and every question about them."""
    articles, questions = [], []
    for topic in json.loads(file.read_text(encoding="utf-8"))["data"]:
        name = re.sub(r"\W+", "-", topic["title"]).lower()
        paragraphs = tuple(" ".join(block["context"].split()) for block in topic["paragraphs"])
        articles.append(Article(name, topic["title"].replace("_", " "), paragraphs))
        for place, block in enumerate(topic["paragraphs"]):
            for item in block["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in item["answers"]))
                accepted = () if item["is_impossible"] else answers
                questions.append(Question(item["id"], item["question"].strip(), (name, place), accepted))
    return articles, questions


def write_corpus(articles: Sequence[Article], folder: Path) -> None:
    """Write a folder of sources, an article a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles:
        front = f"---\ntitle: {json.dumps(article.title)}\nkind: article\n---\n"
        (folder / f"{article.name}.md").write_text(front + "\n\n".join(article.paragraphs) + "\n", encoding="utf-8")


def stratified(questions: Sequence[Question], sample: int, seed: int) -> list[Question]:
    """A seeded sample with the whole's share of answerable questions, in the order of the file."""
    share = min(1.0, sample / len(questions))
    chosen: set[str] = set()
    for answerable in (True, False):
        group = [question.id for question in questions if bool(question.answers) == answerable]
        random.Random(seed).shuffle(group)  # then the first ones: a smaller sample is a part of a larger one
        chosen.update(group[: round(share * len(group))])
    return [question for question in questions if question.id in chosen]


def ask(assistant: Assistant, question: Question) -> Asked:
    """Ask one question, as a traveller would."""
    answer = assistant.ask(question.words)
    places = (
        (passage.document_id, assistant.corpus.by_id[passage.document_id].text.count("\n\n", 0, passage.start))
        for passage in (hit.passage for hit in answer.retrieved)
    )
    return Asked(question, answer, tuple(dict.fromkeys(places)))


def metrics(asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Values by metric and question."""
    table: dict[str, dict[str, float]] = {}
    for each in asked:
        for metric, value in _values(each):
            table.setdefault(metric, {})[each.question.id] = float(value)
    return dict(sorted(table.items()))


def _values(each: Asked) -> Iterator[tuple[str, float]]:
    for k in _PARAGRAPHS:
        found = each.question.paragraph in each.ranked[:k]
        if each.answerable:
            yield f"paragraph recall@{k}", found
        yield f"paragraph recall@{k}, unanswerable ones too", found
    if each.answerable:
        yield "answerable: answer in the reply", each.right
        yield "answerable: refused", each.answer.status is Status.NOT_IN_SOURCES
        if each.answer.short is not None:
            yield "short answer, where given: F1", overlap(each.answer.short.text, each.question.answers)
        yield "answerable: short answer given", each.answer.short is not None
    else:
        yield "unanswerable: refused", each.answer.status is Status.NOT_IN_SOURCES
        yield "unanswerable: wrong answers", each.answered
    yield "AvNA", each.answerable == each.answered
    yield "median seconds", each.answer.seconds


def curve(asked: Sequence[Asked]) -> str:
    """A table: the surest questions answered, more and more of them, and what that costs."""
    ranked = sorted(asked, key=lambda each: each.confidence, reverse=True)
    answerable = sum(each.answerable for each in asked) or 1
    unanswerable = len(asked) - sum(each.answerable for each in asked) or 1
    now = sum(each.answered for each in asked)
    lines = ["squad: the surest answered, by the first claim's support, then by the best score of what is refused"]
    lines += [f"{'answered':>10} {'of answerable':>14} {'wrong on unanswerable':>22} {'AvNA':>6}"]
    for count in sorted({*(round(point * len(asked)) for point in _POINTS), now}):
        known = sum(each.answerable for each in ranked[:count])
        wrong = count - known
        agreed = (known + unanswerable - wrong) / len(asked)
        mark = "  <- as it answers" if count == now else ""
        shares = f"{count / len(asked):>10.1%} {known / answerable:>14.1%} {wrong / unanswerable:>22.1%}"
        lines.append(f"{shares} {agreed:>6.3f}{mark}")
    return "\n".join(lines)


def overlap(text: str, accepted: Sequence[str]) -> float:
    """The best F1 of words with an accepted wording, as SQuAD counts: no case, no signs, no "a" and "the"."""
    said = Counter(_bare(text))
    best = 0.0
    for wording in accepted:
        meant = Counter(_bare(wording))
        common = (said & meant).total()
        best = max(best, 2 * common / (said.total() + meant.total()) if common else float(said == meant))
    return best


def _bare(text: str) -> list[str]:
    kept = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return _ARTICLE.sub(" ", kept).split()


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
