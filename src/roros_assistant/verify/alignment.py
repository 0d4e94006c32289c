"""claim + references -> the claim beside what says most of it: the best sentences, and for each clause its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile

from roros_assistant.verify.numbers import Quantity
from roros_assistant.verify.reading import Sentence, Word, key, sentences
from roros_assistant.verify.voice import Reference, Spans, attributions, speakers

_ALIGNED = 3  # sentences that one claim may join
_LEAST = 2  # words and numbers that a clause has of its own
_JOINT = re.compile(r"[,;:()–—]|\b(?:and|but|which|while|with|where|because|as|so|who)\b")
_VERBS = frozenset(
    "is are was were be isn't aren't wasn't weren't has have had hasn't haven't hadn't can could can't cannot couldn't "
    "may might will would won't wouldn't shall should must does do did doesn't don't didn't".split()
)
# A clause that begins with one of these does not name at its beginning what it speaks of.
_NO_SUBJECT = _VERBS | frozenset(
    "i you he she it they we this that these those there here one who which in on at from by for with of to under over "
    "near after before during since until like about between through into".split()
)
_EQUATES = re.compile(
    r"\b(?:is|are|was|were|be|been)\b (?:\w+ly )?(?:an?|the|one|called|known|named|when|where|his|her|its|their)\b",
    re.I,
)
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\b(?: \w+ly)? \w+(?:ed|en|t|d)\b.{0,40}?\bby\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a claim that says one thing, beside the one sentence that says most of it."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[Quantity, ...]
    subject: tuple[Word, ...]  # what it speaks of: its words before the verb, as far as that can be told
    source: Sentence | None = None
    met: tuple[bool, ...] = ()  # of each word, whether that sentence has it
    numbers_lacking: int = 0  # that the sentence does not have

    @property
    def equates(self) -> bool:
        """Whether it says "X is the Y", which may as well be said as "the Y is X"."""
        return bool(_EQUATES.search(self.text))

    @property
    def passive(self) -> bool:
        """Whether it says "X is done by Y"."""
        return bool(PASSIVE.search(self.text))

    @property
    def active(self) -> bool:
        """Whether its subject does something, with a verb of its own behind it."""
        behind = self.said_of_it[:1]
        between = self.text if self.subject and behind else ""
        return bool(between) and not re.search(r"\b(?:is|are|was|were|be|been|has|have|had)\b", between, re.IGNORECASE)

    @property
    def said_of_it(self) -> tuple[Word, ...]:
        """Its words besides its subject."""
        return tuple(word for word in self.words if word not in self.subject)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim beside the sentences of its references that meet it best."""

    claim: tuple[Sentence, ...]
    words: tuple[Word, ...]  # of the claim, that say something
    sources: tuple[Sentence, ...]  # all
    best: tuple[Sentence, ...]  # at most three, in order of what they add
    met: tuple[bool, ...]  # of each word, whether any source has it
    clauses: tuple[Clause, ...]
    keys: frozenset[str]  # of all words of the sources
    beside: Mapping[Sentence, frozenset[str]]  # the keys of the reference that a sentence stands in

    @property
    def numbers(self) -> tuple[Quantity, ...]:
        """The claim's numbers."""
        return tuple(chain.from_iterable(sentence.numbers for sentence in self.claim))

    @property
    def text(self) -> str:
        """The claim, read."""
        return " ".join(sentence.text for sentence in self.claim)

    @property
    def best_text(self) -> str:
        """The best sentences in the order of the sources."""
        chosen = set(self.best)
        return " ".join(dict.fromkeys(sentence.text for sentence in self.sources if sentence in chosen))

    def about(self, sentence: Sentence) -> list[Sentence]:
        """The sources' sentences that speak of the same as one of the claim: what shares most or half of its words."""
        wanted = {word.key for word in sentence.content}
        near = dict.fromkeys([*(clause.source for clause in self.clauses if clause.source), *self.best])
        shared = {each: len(wanted & {word.key for word in each.content}) for each in near}
        first = max(near, key=shared.__getitem__, default=None)
        return [each for each in near if each is first or 2 * shared[each] >= len(wanted)]


def align(claim: tuple[Sentence, ...], references: Sequence[Reference], own: frozenset[str] = frozenset()) -> Aligned:
    """Find the sentences that meet a claim's words; ``own`` are keys of words that tell nothing apart here."""
    texts = [tuple(sentences(reference.words)) for reference in references]
    sources = tuple(chain.from_iterable(texts))
    said = [frozenset(word.key for word in sentence.words) for sentence in sources]
    keys = frozenset(chain.from_iterable(said))
    named = frozenset(word.key for reference in references for word in _names_in(reference.head))
    headed = any(reference.head for reference in references)
    own = own | frozenset(map(key, speakers(references)))
    beside: dict[Sentence, frozenset[str]] = {}
    for text in texts:
        beside |= dict.fromkeys(text, frozenset(word.key for sentence in text for word in sentence.words))
    clauses: list[Clause] = []
    words: list[Word] = []
    for sentence in claim:
        spoken = attributions(sentence.text) if headed else []
        content = [word for word in sentence.content if word.key not in own and not _within(word, spoken)]
        words += content
        clauses += (_beside_source(each, sources, said, named) for each in _clauses(sentence, content, spoken))
    return Aligned(
        claim=claim,
        words=tuple(words),
        sources=sources,
        best=tuple(sources[row] for row in _choose(words, said)),
        met=tuple(word.key in keys or _is_named(word, named) for word in words),
        clauses=tuple(clauses),
        keys=keys,
        beside=beside,
    )


def _within(word: Word, spans: Spans) -> bool:
    return any(start <= word.start < end for start, end in spans)


def _names_in(head: str) -> list[Word]:
    return [word for sentence in sentences(head) for word in sentence.content if word.text[0].isupper()] if head else []


def _is_named(word: Word, named: frozenset[str]) -> bool:
    """Whether a name stands in a head: who speaks, or what is spoken of; other words there say nothing."""
    return word.start > 0 and word.text[0].isupper() and word.key in named


def _clauses(sentence: Sentence, content: Sequence[Word], spoken: Spans) -> list[Clause]:
    """The clauses of a sentence; one with too little of its own, or names alone, belongs to what stands before it."""
    edges = [match.start() for match in _JOINT.finditer(sentence.text)]
    parts: list[Clause] = []
    for start, end in pairwise([-1, *edges, len(sentence.text)]):
        words = tuple(word for word in content if start < word.start <= end)
        numbers = tuple(each for each in sentence.numbers if start < each.start <= end and not each.weak)
        text = sentence.text[max(start, 0) : end]
        if parts and (len(words) + len(numbers) < _LEAST or all(word.text[0].isupper() for word in words)):
            last = parts[-1]
            parts[-1] = replace(last, text=last.text + text, words=last.words + words, numbers=last.numbers + numbers)
        elif words or numbers:
            here = [word for word in sentence.words if start < word.start <= end and not _within(word, spoken)]
            parts.append(Clause(text, words, numbers, _subject(here)))
    return parts


def _subject(words: Sequence[Word]) -> tuple[Word, ...]:
    """What a clause speaks of: its first words of its own, up to its verb as far as an ending tells it."""
    first = next((place for place, word in enumerate(words) if not word.small), len(words))
    if any(word.text.lower() in _NO_SUBJECT for word in words[: max(first, 1)]):
        return ()
    run = list(takewhile(lambda word: not word.small, words[first:]))
    ends = first + len(run) < len(words) and words[first + len(run)].text.lower() in _VERBS
    return tuple(run if ends else run[: _verb_among(run)])


def _verb_among(words: Sequence[Word]) -> int:
    """The place of what looks like a verb: with an ending of one, or bare behind a plural."""
    for place, (before, word) in enumerate(pairwise(words), start=1):
        if word.text.endswith("ed") or word.text.endswith("s") != before.text.endswith("s"):
            return place
    return 1


def _beside_source(
    clause: Clause, sources: Sequence[Sentence], said: Sequence[frozenset[str]], named: frozenset[str]
) -> Clause:
    """The clause with the one sentence that has most of its words and numbers."""
    best = replace(clause, met=tuple(False for _ in clause.words), numbers_lacking=len(clause.numbers))
    for sentence, keys in zip(sources, said, strict=True):
        met = tuple(word.key in keys or _is_named(word, named) for word in clause.words)
        lacking = sum(not any(map(number.agrees, sentence.numbers)) for number in clause.numbers)
        if sum(met) - lacking > sum(best.met) - best.numbers_lacking:
            best = replace(clause, source=sentence, met=met, numbers_lacking=lacking)
    return best


def _choose(words: Sequence[Word], said: Sequence[frozenset[str]]) -> list[int]:
    """Rows of the sentences that together meet most words, each adding one, best first."""
    chosen: list[int] = []
    lacking = {word.key for word in words}
    while said and len(chosen) < _ALIGNED:
        gains = [len(lacking & keys) for keys in said]
        row = max(range(len(said)), key=gains.__getitem__)
        if chosen and not gains[row]:
            break
        chosen.append(row)
        lacking -= said[row]
    return chosen
