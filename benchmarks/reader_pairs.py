"""What the reader is trained on: questions with texts that answer them, and with texts that only seem to.

The questions are those of SQuAD 1.1, a part of them as travellers would type them (`asked_otherwise`), and those that
hotels and restaurants answer on their pages, in the knowledge of DSTC11 track 5. What does not answer one of SQuAD's is
another part of the paragraph, or what shares the most words with the question in the whole article, or the text itself
under a question with one thing changed (a name, a number, a word for its contrary, a denial), as in "Know What You
Don't Know" (Rajpurkar, Jia, Liang 2018). And travellers' questions about other destinations, with what was written to
answer them and to seem to (`of_destinations`).
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from destinations import Asked, Place

SEED = 8
_SENTENCES = (1, 2, 3, 3)  # lengths of a text, one is drawn for each paragraph
_LONGEST = 700  # characters of a text
_SAME_PARAGRAPH = 0.5  # of the texts that do not answer, where the paragraph has one
_CHANGED = 0.45  # of the questions get a changed one beside them
_DENIED = 0.35  # of those that could be denied
_OTHERWISE = 0.5  # of the questions are asked in another form
_ABOUT_ANSWER = 0.15  # of those ask whether there is what SQuAD gives as the answer
_WHOLE_REST = 0.6  # of those with "what" or "who" keep all that follows it, the others their rarer words
_PLAIN = 0.3  # of those are typed in small letters, without a question mark
_BY_THE_PLACE = 0.7  # of what does not answer a guest is another answer of the place, the rest stands in reviews
_NEAREST = 3  # texts that share the most words, of which one is drawn
_MOST_ANSWERS = 8  # of a destination's question, a broad one's above all
_FOUND_BESIDE = 3  # sentences of a destination that are found first and do not answer
_ANYWHERE = 4  # of the others of a destination, beside a broad question
_WITH_NEIGHBOURS = 0.3  # of a destination's sentences are read with the one before and the one after
_YES_OR_NO = re.compile(r"^(?:yes|no)\b[,.!]? *", re.IGNORECASE)
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
_VERB = r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)"
_WHEN = re.compile(rf"(?:when|where|why|how) (?={_VERB}\b)", re.IGNORECASE)
_WHAT = re.compile(rf"(?:what|who|which|when|where|why|how)(?: {_VERB}\b)?(?: the\b)? ", re.IGNORECASE)
_THING = re.compile(r"(?!(?:in|at|on|by|to|for|with|of|from|more|less)\b)[a-z]{3,}(?: [a-z]+){0,2}")
_THERE = ("Is there any {}?", "Are there any {}?", "Do they have {}?", "Anything about {}?", "{}", "{}?", "any {}?")
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
    things: Sequence[str]  # answers that are common nouns
    seen_in: Counter[str]

    def alike(self, question: str, text: Text) -> float:
        """How much of a question's words a text has, the rarer the heavier."""
        shared = _keys(question) & text.keys
        return sum(math.log(1 + len(self.texts) / self.seen_in[word]) for word in shared)


def read(squad: Path, questions: int, knowledge: Path, seed: int = SEED) -> list[Pair]:
    """Pairs of so many questions of ``train-v1.1.json`` and of all in ``knowledge.json``, in no order."""
    draw = random.Random(seed)
    pairs = [*_of_squad(squad, questions, draw), *_of_places(knowledge, draw)]
    draw.shuffle(pairs)
    return pairs


def of_destinations(
    places: Sequence[Place], found: Sequence[Sequence[Sequence[int]]], draw: random.Random
) -> list[Pair]:
    """Pairs of all questions about these places, in no order.

    Args:
        places: destinations with their questions.
        found: for each place and each of its questions, its sentences, the best found first.
        draw: what decides by chance.
    """
    pairs = [
        pair
        for place, rankings in zip(places, found, strict=True)
        for asked, ranking in zip(place.questions, rankings, strict=True)
        for pair in _of_destination(place, asked, ranking, draw)
    ]
    draw.shuffle(pairs)
    return pairs


def _of_destination(place: Place, asked: Asked, ranking: Sequence[int], draw: random.Random) -> Iterator[Pair]:
    """What answers, then what was written to seem so and what is found first besides."""
    question = place.read(asked.words)
    answers = draw.sample(sorted(asked.answers), min(_MOST_ANSWERS, len(asked.answers)))
    others = [sentence for sentence in ranking if sentence not in asked.answers | asked.near]
    broad = asked.form == "broad"
    anywhere = draw.sample(others[_FOUND_BESIDE:], _ANYWHERE) if broad else []
    for sentence in [*answers, *sorted(asked.near), *others[:_FOUND_BESIDE], *anywhere]:
        whole = draw.random() < _WITH_NEIGHBOURS and not broad
        window = place.window(sentence, int(whole))
        if sentence not in asked.answers and asked.answers & set(window):
            window = place.window(sentence, 0)
        text = place.read(" ".join(place.sentences[each] for each in window))
        yield Pair(question, text, (0, len(text)) if sentence in asked.answers else None)


def _of_places(file: Path, draw: random.Random) -> Iterator[Pair]:
    """What a place answers to its guests' questions, and what else is said of it, by the place and by guests."""
    for places in json.loads(file.read_text(encoding="utf-8")).values():
        for place in places.values():
            said = [sentence for review in place["reviews"].values() for sentence in review["sentences"].values()]
            for faq in place["faqs"].values():
                question, answer = faq["question"].strip(), _YES_OR_NO.sub("", faq["answer"].strip())
                answer = answer[:1].upper() + answer[1:]
                yield Pair(question, answer, (0, len(answer)))
                others = [other["answer"] for other in place["faqs"].values() if other is not faq]
                beside = others if draw.random() < _BY_THE_PLACE else said or others
                yield Pair(question, _YES_OR_NO.sub("", draw.choice(beside)))


def _of_squad(file: Path, questions: int, draw: random.Random) -> list[Pair]:
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
        answers = [each["answers"][0]["text"] for held in paragraphs for each in held["qas"]]
        article = _article([held["context"] for held in paragraphs], answers, draw)
        for paragraph, asked in places:
            pairs += _pairs(article, paragraph, paragraphs[paragraph]["qas"][asked], draw)
    return pairs


def _article(paragraphs: Sequence[str], answers: Sequence[str], draw: random.Random) -> Article:
    texts = [text for number, words in enumerate(paragraphs) for text in _texts(number, words, draw)]
    whole = " ".join(paragraphs)
    seen_in = Counter(word for text in texts for word in text.keys)
    names, numbers = (sorted({match.group() for match in kind.finditer(whole)}) for kind in (_NAME, _NUMBER))
    things = sorted({answer for answer in answers if _THING.fullmatch(answer)})
    return Article(texts, names, numbers, things, seen_in)


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
    span = (start - text.start, end - text.start)
    if draw.random() < _OTHERWISE:
        if draw.random() < _ABOUT_ANSWER and _THING.fullmatch(answer):
            return list(_is_there(answer, text, span, article, draw))
        question = asked_otherwise(question, draw)
    pairs = [Pair(question, text.words, span)]
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


def asked_otherwise(question: str, draw: random.Random) -> str:
    """The question as one that wants yes or no, or only the thing asked about, as people type them.

    >>> asked_otherwise("When did the church burn down?", random.Random(2))
    'Did the church burn down?'
    """
    if opening := _WHEN.match(question):
        question = question[opening.end() :]
    elif (opening := _WHAT.match(question)) and draw.random() < _WHOLE_REST:
        question = question[opening.end() :].rstrip("?")
    else:
        question = " ".join(word for word in question.rstrip("?").split() if word.lower() not in _STOP)
    question = question[:1].upper() + question[1:]
    return question.rstrip("?").lower() if draw.random() < _PLAIN else question


def _is_there(thing: str, text: Text, span: tuple[int, int], article: Article, draw: random.Random) -> Iterator[Pair]:
    """Whether there is such a thing: a text that has it, asked for it and for another of the article."""
    form = draw.choice(_THERE)
    yield Pair(form.format(thing), text.words, span)
    others = [other for other in article.things if not _keys(other) & text.keys]
    if others:
        yield Pair(form.format(draw.choice(others)), text.words)


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
