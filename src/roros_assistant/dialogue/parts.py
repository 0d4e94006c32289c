"""A turn -> its parts, and what each does: greet, thank, complain, ask about the assistant, tell, ask.

Where a part ends and what it does is learnt from turns of other conversations (benchmarks/parts.py): from small words
and punctuation around each gap, from the words of each part and its meaning.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roros_assistant.dialogue.grammar import AUXILIARIES, DETERMINERS, JOINING, PREPOSITIONS, QUESTION_WORDS

WEIGHTS = Path(__file__).parents[1] / "models" / "parts.npz"
ASKS = ("question", "statement")  # what may be looked up; all else is said to the assistant
# Log-odds that a part ends in a gap, above which it does: of 450 turns kept apart .733 are cut as a person cut them,
# .729 with 0 and .702 with .5; of 2,844 single questions .998 are left whole, .998 and .999.
_ENDS = -0.5
_TELLS = 0.7  # of the probability that a part is to be looked up: a question lost is worse than a statement searched
_KEPT_TURNS = 512
_SPEAKERS = frozenset(
    "i we you they he she it there im i'm we're it's that's that this you're ive i've we've id i'd".split()
)
_LEFT = 30  # words before a gap that are looked at
_AFTER = re.compile(r"[^\w'’)\"”]*$")

Embed = Callable[[str], Sequence[float]]
Signs = dict[str, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a turn, and what they do."""

    text: str
    does: str  # one of the labels of benchmarks/parts.jsonl

    @property
    def asks(self) -> bool:
        """Whether it is to be looked up in the sources."""
        return self.does in ASKS


class PartModel:
    """Cuts turns into parts; safe to share between threads."""

    def __init__(self, embed: Embed) -> None:
        """Take what turns a text into a vector: the packaged embedding model, whose vectors the weights know."""
        self._embed = embed
        self.parts = lru_cache(_KEPT_TURNS)(self._parts)

    def _parts(self, turn: str, *, answered: bool) -> tuple[Part, ...]:
        """The parts of a turn, one at least; ``answered`` tells whether an answer stands before it."""
        texts = cut(turn)
        return tuple(Part(text, self._does(text, answered=answered, alone=len(texts) == 1)) for text in texts)

    def _does(self, text: str, *, answered: bool, alone: bool) -> str:
        meaning = np.asarray(self._embed(text), np.float32)
        chances = learnt().chances(part_signs(text, answered=answered, alone=alone), meaning)
        asking = sum(chances[label] for label in ASKS)
        if asking >= 1 / 2:
            return "statement" if chances["statement"] > _TELLS * asking else "question"
        return max(chances.keys() - set(ASKS), key=lambda label: chances[label])


def cut(turn: str) -> list[str]:
    """The texts of a turn's parts, which joined by spaces are the turn.

    >>> cut("Thanks! and how do I get there?")
    ['Thanks!', 'and how do I get there?']
    """
    words = turn.split()
    parts, start = [], 0
    for place, signs in enumerate(gap_signs(words)):
        if learnt().ends(signs) > _ENDS:
            parts.append(" ".join(words[start : place + 1]))
            start = place + 1
    return [*parts, " ".join(words[start:])]


def gap_signs(words: Sequence[str]) -> Iterator[Signs]:
    """What tells of each gap between two words whether a part ends in it."""
    plain = [_plain(word) for word in words]
    kinds = ["start", *map(_kind, plain), "end", "end"]
    for place in range(len(words) - 1):
        mark = _AFTER.search(words[place])[0][:1]  # type: ignore[index]  # it matches the empty end
        named = [*_beside(plain, kinds, place, mark), *_around(kinds, place)]
        named += [f"left {word}" for word in set(plain[max(0, place - _LEFT) : place + 1])]
        if words[place + 1][:1].isupper():
            named += ["capital", f"mark {mark} capital"]
        yield dict.fromkeys(named, 1.0) | {"from start": log1p(place), "to end": log1p(len(words) - 2 - place)}


def _beside(plain: Sequence[str], kinds: Sequence[str], place: int, mark: str) -> Iterator[str]:
    """The words beside a gap and the mark in it, by name and by kind."""
    before, behind = plain[place], plain[place + 1]
    earlier, kind, next_kind, later = kinds[place : place + 4]
    yield from (f"before {before}", f"behind {behind}", f"around {before} {behind}")
    yield from (f"mark {mark}", f"mark {mark} before {before}", f"mark {mark} behind {behind}")
    yield f"two before {plain[place - 1]} {before}" if place else f"first {before}"
    yield f"two behind {behind} {plain[place + 2]}" if place + 2 < len(plain) else f"last {behind}"
    yield from (f"kind {kind}", f"next {next_kind}", f"kinds {kind} {next_kind}")
    yield from (f"next {next_kind} {later}", f"kinds {kind} {next_kind} {later}")
    yield f"kinds {earlier} {kind} {next_kind}"
    yield f"mark {mark} next {next_kind} {later}"
    yield f"after {min(place + 1, 4)} next {next_kind} {later}"


def _around(kinds: Sequence[str], place: int) -> Iterator[str]:
    """Whether something has been asked before a gap, and is behind it."""
    left, right = kinds[1 : place + 2], kinds[place + 2 : -2]
    next_kind, later = kinds[place + 2], kinds[place + 3]
    if "asking" in left:
        yield from ("asked before", f"asked before, next {next_kind}")
    else:
        yield f"not asked before, next {next_kind} {later}"
    if "asking" in right:
        yield "asks behind"
    if "auxiliary" in left:
        yield from ("verb before", f"verb before, next {next_kind}")


def part_signs(text: str, *, answered: bool, alone: bool) -> Signs:
    """What the words of a part tell of what it does."""
    words = [word for word in map(_plain, text.split()) if word]
    named = [f"has {word}" for word in words] + [f"has {one} {two}" for one, two in pairwise(words)]
    named.append(f"kinds {' '.join(map(_kind, words[:3]))}")
    if words:
        named += [f"begins {words[0]}", f"begins {' '.join(words[:2])}", f"ends {words[-1]}"]
    told = {"asks": "?" in text, "alone": alone, "answered": answered, "short": len(words) < 4}
    return (
        dict.fromkeys(named, 1.0) | {name: float(value) for name, value in told.items()} | {"words": log1p(len(words))}
    )


def _plain(word: str) -> str:
    return re.sub(r"[^\w']", "", word.lower().replace("’", "'"))


@cache
def _kinds() -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    asking = QUESTION_WORDS | {f"{word}{end}" for word in ("what", "where", "how", "who") for end in ("s", "'s")}
    for kind, words in (
        ("asking", asking),
        ("speaker", _SPEAKERS),
        ("auxiliary", AUXILIARIES),
        ("determiner", DETERMINERS),
        ("preposition", PREPOSITIONS),
        ("joining", JOINING),
    ):
        kinds |= {word: kind for word in words if word not in kinds}
    return kinds


def _kind(word: str) -> str:
    return "number" if word.isdigit() else _kinds().get(word, "word")


@dataclass(frozen=True, slots=True)
class Learnt:
    """Two regressions: where parts end, and what a part does."""

    gap: dict[str, float]  # weights by sign
    gap_intercept: float
    labels: tuple[str, ...]
    rows: dict[str, int]  # of a sign among the weights
    weights: NDArray[np.float32]  # (signs, labels)
    vector: NDArray[np.float32]  # (dimensions, labels)
    intercepts: NDArray[np.float32]  # (labels,)

    def ends(self, signs: Signs) -> float:
        """Log-odds that a part ends in a gap."""
        return self.gap_intercept + sum(self.gap.get(name, 0.0) * value for name, value in signs.items())

    def chances(self, signs: Signs, meaning: NDArray[np.float32]) -> dict[str, float]:
        """How likely a part does each thing; ``meaning`` is its vector of length 1."""
        odds = self.intercepts + meaning @ self.vector
        for name, value in signs.items():
            if name in self.rows:
                odds = odds + value * self.weights[self.rows[name]]
        chances = np.exp(odds - odds.max())
        return dict(zip(self.labels, (chances / chances.sum()).tolist(), strict=True))


@cache
def learnt() -> Learnt:
    """As the package has it."""
    with np.load(WEIGHTS) as held:
        return from_arrays(held)


def from_arrays(held: Mapping[str, Any]) -> Learnt:
    """What was learnt, of the arrays in which it is kept."""
    return Learnt(
        dict(zip(held["gaps"].tolist(), held["gap_weights"].astype(float).tolist(), strict=True)),
        float(held["gap_intercept"]),
        tuple(held["labels"].tolist()),
        {name: row for row, name in enumerate(held["signs"].tolist())},
        held["weights"].astype(np.float32),
        held["vector"].astype(np.float32),
        held["intercepts"].astype(np.float32),
    )
