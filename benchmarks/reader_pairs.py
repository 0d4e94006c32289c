"""What the reader is trained on: questions of SQuAD 1.1 with texts that answer them, and with texts that only seem to.

What does not answer is of three sorts: another part of the paragraph, what shares the most words with the question in
the whole article, and the text itself under a question with one thing changed (a name, a number, a word for its
contrary, a denial), as in "Know What You Don't Know" (Rajpurkar, Jia, Liang 2018).
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

SEED = 7
_SENTENCES = (1, 2, 3, 3)  # lengths of a text, one is drawn for each paragraph
_LONGEST = 700  # characters of a text
_SAME_PARAGRAPH = 0.5  # of the texts that do not answer, where the paragraph has one
_CHANGED = 0.45  # of the questions get a changed one beside them
_DENIED = 0.35  # of those that could be denied
_NEAREST = 3  # texts that share the most words, of which one is drawn
_END = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=[A-Z\"“(0-9])")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|Mr|Mrs|St|vs|etc|No|Jr|Sr|e\.g|i\.e|c)\.$")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_WORD = re.compile(r"\b[a-z]+\b")
_DENIABLE = re.compile(r"\b(?:is|are|was|were|has|have|had|can|could|will|would)\b")
# Fewer than verify/antonyms.py has, and words as they are written: these are put into questions.
_CONTRARY = dict(
    pair
    for words in (
        "first/last largest/smallest highest/lowest oldest/newest best/worst most/least more/fewer before/after "
        "increase/decrease north/south east/west northern/southern eastern/western early/late earliest/latest "
        "longest/shortest high/low large/small male/female men/women old/new began/ended start/end started/ended "
        "born/died won/lost above/below inside/outside major/minor public/private former/current allowed/forbidden "
        "common/rare same/different built/destroyed begin/finish always/never"
    ).split()
    for pair in (words.split("/"), words.split("/")[::-1])
)
_STOP = frozenset(
    "the a an of in on at to and or is are was were did do does what which who whom whose when where how why by for "
    "with from as it its that this these those be been has have had there their his her he she they many much".split()
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a text; where in it the answer stands, if it does."""

    question: str
    text: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Text:
    """Some sentences that follow each other in one paragraph."""

    words: str
    paragraph: int
    start: int  # within the paragraph
    end: int

    @cached_property
    def keys(self) -> frozenset[str]:
        """What its content words begin with."""
        return _keys(self.words)


@dataclass(frozen=True)
class Article:
    """Its texts, and what can be put in the place of something else."""

    texts: Sequence[Text]
    names: Sequence[str]
    numbers: Sequence[str]
    seen_in: Counter[str]

    def alike(self, question: str, text: Text) -> float:
        """How much of a question's words a text has, the rarer the heavier."""
        shared = _keys(question) & text.keys
        return sum(math.log(1 + len(self.texts) / self.seen_in[word]) for word in shared)


def read(file: Path, questions: int) -> list[Pair]:
    """Pairs of so many questions of ``train-v1.1.json``, in no order."""
    draw = random.Random(SEED)
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    every = [
        (number, paragraph, asked)
        for number, content in enumerate(articles)
        for paragraph, held in enumerate(content["paragraphs"])
        for asked in range(len(held["qas"]))
    ]
    chosen: dict[int, list[tuple[int, int]]] = {}
    for number, paragraph, asked in draw.sample(every, questions):
        chosen.setdefault(number, []).append((paragraph, asked))
    pairs: list[Pair] = []
    for number, places in chosen.items():
        paragraphs = articles[number]["paragraphs"]
        article = _article([held["context"] for held in paragraphs], draw)
        for paragraph, asked in places:
            pairs += _pairs(article, paragraph, paragraphs[paragraph]["qas"][asked], draw)
    draw.shuffle(pairs)
    return pairs


def _article(paragraphs: Sequence[str], draw: random.Random) -> Article:
    texts = [text for number, words in enumerate(paragraphs) for text in _texts(number, words, draw)]
    whole = " ".join(paragraphs)
    seen_in = Counter(word for text in texts for word in text.keys)
    names, numbers = (sorted({match.group() for match in kind.finditer(whole)}) for kind in (_NAME, _NUMBER))
    return Article(texts, names, numbers, seen_in)


def _texts(paragraph: int, words: str, draw: random.Random) -> list[Text]:
    """All runs of so many sentences."""
    breaks = [end for end in _END.finditer(words) if not _ABBREVIATION.search(words[: end.start()])]
    starts = [0, *(each.end() for each in breaks)]
    ends = [*(each.start() for each in breaks), len(words)]
    length = min(draw.choice(_SENTENCES), len(starts))
    spans = [(start, min(end, start + _LONGEST)) for start, end in zip(starts, ends[length - 1 :], strict=False)]
    return [Text(words[start:end], paragraph, start, end) for start, end in spans]


def _pairs(article: Article, paragraph: int, asked: dict[str, Any], draw: random.Random) -> list[Pair]:
    question, answer = asked["question"].strip(), asked["answers"][0]["text"]
    start = asked["answers"][0]["answer_start"]
    end = start + len(answer)
    here = [text for text in article.texts if text.paragraph == paragraph]
    holding = [text for text in here if text.start <= start and end <= text.end]
    if not holding:
        return []
    text = draw.choice(holding)
    pairs = [Pair(question, text.words, (start - text.start, end - text.start))]
    others = [other for other in article.texts if answer.lower() not in other.words.lower()]
    beside = [other for other in others if other.paragraph == paragraph]
    if beside and draw.random() < _SAME_PARAGRAPH:
        pairs.append(Pair(question, max(beside, key=lambda other: article.alike(question, other)).words))
    elif others:
        nearest = sorted(others, key=lambda other: article.alike(question, other), reverse=True)[:_NEAREST]
        pairs.append(Pair(question, draw.choice(nearest).words))
    if draw.random() < _CHANGED and (other := _changed(question, text, article, draw)):
        pairs.append(Pair(other, text.words))
    return pairs


def _changed(question: str, text: Text, article: Article, draw: random.Random) -> str | None:
    """A question that the text no longer answers, though it nearly does."""
    places = [match for kind in (_NAME, _NUMBER) for match in kind.finditer(question) if match.group() in text.words]
    places += [match for match in _WORD.finditer(question) if match.group() in _CONTRARY]
    deniable = _DENIABLE.search(question)
    if deniable and draw.random() < _DENIED:
        places.append(deniable)
    if not places:
        return None
    place = draw.choice(places)
    word = place.group()
    if _DENIABLE.fullmatch(word):
        instead = [f"{word} not"]
    elif word in _CONTRARY:
        instead = [_CONTRARY[word]]
    else:
        like = article.numbers if _NUMBER.fullmatch(word) else article.names
        instead = [other for other in like if _like(other, word) and other not in text.words and other not in question]
    return question[: place.start()] + draw.choice(instead) + question[place.end() :] if instead else None


def _like(one: str, other: str) -> bool:
    """Whether two numbers have as many digits, or two names as many words."""
    return len(one) == len(other) if one[0].isdigit() else len(one.split()) == len(other.split())


def _keys(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _STOP)
