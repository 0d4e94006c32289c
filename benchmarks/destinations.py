"""Other destinations, written for training and fitting: what is said of each, and what travellers ask.

`destinations.jsonl` holds one a line, as a blog, its readers and a tourist office would have it. Their writers had seen
neither the sources that come with the package nor any golden question, and the facts in them are of no account. Each
question has the sentences that answer it (none, where it asks for what is not said), and those that only seem to.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import yaml

from roros_assistant.passages import neutral
from roros_assistant.types import Destination

FILE = Path(__file__).parent / "destinations.jsonl"
# What stands for a name before a model reads it differs between corpora, so it does here.
_STAND_INS = ("the town", "the place", "the village")
_PARAGRAPH = 4  # sentences
# Those of the reader's lessons, those to fit weights on, and the others, which show what both do.
LESSONS = (slice(64), slice(112, 161))
FITTING = slice(64, 78)
APART = (slice(78, 112), slice(161, None))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the places among all sentences of what answers it and of what only seems to."""

    words: str
    form: str  # full, short, yesno, colloquial, broad
    answers: frozenset[int]
    near: frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """One text: an article, a comment under it or an official page."""

    kind: str
    title: str
    author: str | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """One destination."""

    destination: Destination
    texts: tuple[Told, ...]
    questions: tuple[Asked, ...]

    @classmethod
    def of(cls, number: int, held: dict[str, Any]) -> Self:
        """The ``number``-th line of the file, whose sentences are counted from 1."""
        texts = (
            Told(each["kind"], each.get("title", ""), each.get("author"), tuple(each["sentences"]))
            for each in held["documents"]
        )
        questions = (
            Asked(
                each["question"],
                each["form"],
                frozenset(place - 1 for place in each["answers"]),
                frozenset(place - 1 for place in each.get("near", ())),
            )
            for each in held["questions"]
        )
        stand_in = _STAND_INS[number % len(_STAND_INS)]
        return cls(Destination(name=held["place"], stand_in=stand_in), tuple(texts), tuple(questions))

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """All sentences of all texts."""
        return tuple(sentence for text in self.texts for sentence in text.sentences)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each text starts among the sentences, and the end of the last."""
        return tuple(accumulate((len(text.sentences) for text in self.texts), initial=0))

    def window(self, place: int, reach: int) -> range:
        """A sentence with so many of its text before and after it."""
        start = max(each for each in self.starts if each <= place)
        end = min(each for each in self.starts if each > place)
        return range(max(start, place - reach), min(end, place + reach + 1))

    def read(self, text: str) -> str:
        """What a model reads for a text: the name of the place is left out."""
        return neutral(text, self.destination)


def load(file: Path = FILE) -> list[Place]:
    """All destinations."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Place.of(number, json.loads(line)) for number, line in enumerate(lines)]


def write_corpus(place: Place, folder: Path) -> None:
    """The destination as a folder of sources; comments stand under the first article."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {"name": place.destination.name, "stand_in": place.destination.stand_in}
    (folder / "corpus.yaml").write_text(yaml.safe_dump(named, allow_unicode=True), encoding="utf-8")
    for number, text in enumerate(place.texts):
        if text.kind != "comment":
            (folder / f"{number}.md").write_text(_page(text), encoding="utf-8")
    first = next(number for number, text in enumerate(place.texts) if text.kind == "article")
    comments = [
        {"id": str(number), "author": text.author or f"reader {number}", "text": " ".join(text.sentences)}
        for number, text in enumerate(place.texts)
        if text.kind == "comment"
    ]
    (folder / f"{first}.comments.yaml").write_text(yaml.safe_dump(comments, allow_unicode=True), encoding="utf-8")


def _page(text: Told) -> str:
    front = {"title": text.title, "kind": text.kind} | ({"author": text.author} if text.author else {})
    paragraphs = (text.sentences[start : start + _PARAGRAPH] for start in range(0, len(text.sentences), _PARAGRAPH))
    body = "\n\n".join(map(" ".join, paragraphs))
    return f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{body}\n"


def passages_of(place: Place, passages: Sequence[str]) -> dict[int, list[str]]:
    """Which passages, as the package cuts them, stand in each sentence."""
    return {
        number: [passage for passage in passages if passage in sentence or sentence in passage]
        for number, sentence in enumerate(place.sentences)
    }
