"""Which phrase of a conversation a new turn leaves unsaid: candidates, what speaks for each, and its probability."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from roros_assistant.dialogue.grammar import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, QUESTION_WORDS, VAGUE
from roros_assistant.dialogue.phrases import Phrase, is_verb, phrases, words_of

_DEEPEST = 6  # turns that are looked back on
_SMALL = DETERMINERS | PREPOSITIONS | AUXILIARIES | PRONOUNS | QUESTION_WORDS
_THING = re.compile(r"\b(?:it|its|itself)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:they|them|their|theirs|these|those)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_SHOWN = re.compile(r"\b(?:this|that|these|those)\b(?! \w{3})", re.IGNORECASE)
_SHOWN_THING = re.compile(r"\b(?:this|that|these|those|such|the same) \w{3}", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:and|or|but|so|what about|how about|what if)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:i|my|me|we|our)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase of the conversation and where it was said."""

    phrase: Phrase
    distance: int  # turns back: 1 is the question before
    turns: int  # how many questions speak of it
    since_first: bool  # the first question speaks of it


def stem(word: str) -> str:
    """A word without the ending of its plural.

    >>> stem("missions"), stem("bus")
    ('mission', 'bus')
    """
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems of the words of a text that are no small words."""
    return frozenset(stem(word) for word in words_of(text) if word not in _SMALL and len(word) > 1)


def candidates(turn: str, earlier: Sequence[str]) -> list[Candidate]:
    """What earlier questions, oldest first, speak of and the turn does not say, the latest first."""
    said = content(turn)
    contents = [content(question) for question in earlier]
    found: dict[tuple[str, ...], Candidate] = {}
    for distance, question in enumerate(reversed(earlier[-_DEEPEST:]), start=1):
        for phrase in phrases(question):
            new = content(phrase.text) - said
            if not new or phrase.words in found or (len(phrase.words) == 1 and phrase.head in VAGUE):
                continue
            key = content(phrase.text)
            turns = sum(key <= one for one in contents)
            found[phrase.words] = Candidate(phrase, distance, turns, key <= contents[0])
    return list(found.values())


def evidence(turn: str, candidate: Candidate, earlier: Sequence[str]) -> dict[str, float]:
    """What speaks for and against carrying a phrase over, by name; whatever is absent is 0."""
    phrase = candidate.phrase
    about_turn = _of_turn(turn, tuple(earlier))
    about_phrase = {
        "latest": float(candidate.distance == 1),
        "second": float(candidate.distance == 2),
        "turns": math.log(candidate.turns),
        "since first": float(candidate.since_first),
        "name": float(phrase.is_name),
        "the": float(phrase.determiner in ("the", "this", "that")),
        "indefinite": float(phrase.determiner in ("a", "an", "some", "any")),
        "own": float(phrase.determiner in ("my", "your", "our")),
        "bare": float(not phrase.determiner),
        "behind of": float(phrase.preposition == "of"),
        "behind preposition": float(bool(phrase.preposition)),
        "first": float(phrase.position == 0),
        "words": math.log(len(phrase.words)),
        "has of": float(" of " in phrase.text),
        "plural": float(phrase.is_plural),
        "vague": float(phrase.head in VAGUE),
        "verb-like": float(is_verb(phrase.head) or phrase.head.endswith(("ed", "ing"))),
        "digit": float(any(map(str.isdigit, phrase.text))),
    }
    overlap = content(phrase.text) & content(turn)
    crossed = {
        "thing, singular": about_turn["thing"] * (1 - about_phrase["plural"]),
        "many, plural": about_turn["many"] * about_phrase["plural"],
        "person, name": about_turn["person"] * about_phrase["name"],
        "overlap": float(bool(overlap)),
        "overlap, name": float(bool(overlap)) * about_phrase["name"],
        "overlap at head": float(stem(phrase.head) in overlap),
    }
    for one in ("thing", "many", "person", "shown", "shown thing", "short", "fragment", "named", "the thing"):
        for other in ("latest", "turns", "name", "since first"):
            crossed[f"{one} & {other}"] = about_turn[one] * about_phrase[other]
    return {name: value for name, value in (about_turn | about_phrase | crossed).items() if value}


@lru_cache(maxsize=256)
def _of_turn(turn: str, earlier: tuple[str, ...]) -> dict[str, float]:
    said, own = content(turn), phrases(turn)
    known = frozenset().union(*map(content, earlier))
    words = words_of(turn)
    return {
        "thing": float(bool(_THING.search(turn))),
        "many": float(bool(_MANY.search(turn))),
        "person": float(bool(_PERSON.search(turn))),
        "shown": float(bool(_SHOWN.search(turn))),
        "shown thing": float(bool(_SHOWN_THING.search(turn))),
        "length": math.log(1 + len(said)),
        "short": float(len(said) <= 2),
        "fragment": float(not any(word in AUXILIARIES or is_verb(word) for word in words)),
        "named": float(any(phrase.is_name for phrase in own)),
        "the thing": float(any(p.determiner == "the" and len(p.words) == 1 for p in own)),
        "what about": float(bool(_WHAT_ABOUT.search(turn))),
        "speaker": float(bool(_SPEAKER.search(turn))),
        "repeats": len(said & known) / max(len(said), 1),
        "turns before": math.log(1 + len(earlier)),
    }


def probability(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """In [0, 1]: how likely a person would say the phrase."""
    odds = weights.get("intercept", 0.0) + sum(weights.get(name, 0.0) * value for name, value in evidence.items())
    return 1 / (1 + math.exp(-odds))


# Fitted by benchmarks/rewrites.py; what is not named weighs nothing.
WEIGHTS: dict[str, float] = {
    "intercept": -1.97,
    "latest": 1.05,
    "turns before": -0.64,
    "since first": 0.57,
    "length": -0.56,
    "turns": 0.49,
    "thing & name": 0.44,
    "words": -0.44,
    "what about": -0.42,
    "has of": -0.4,
    "overlap, name": 0.39,
    "name": 0.38,
    "indefinite": 0.33,
    "fragment & turns": 0.32,
    "overlap": 0.31,
    "many, plural": 0.3,
    "vague": -0.3,
    "overlap at head": 0.29,
    "the thing & since first": 0.29,
    "person": -0.26,
    "the thing & latest": 0.26,
    "short": 0.25,
    "speaker": 0.25,
    "thing & latest": 0.24,
    "person & since first": -0.22,
    "person & latest": -0.21,
    "named": -0.2,
    "named & since first": 0.2,
    "plural": -0.2,
    "thing, singular": 0.2,
    "named & turns": 0.19,
    "named & latest": -0.18,
    "short & since first": 0.18,
    "shown & name": 0.18,
    "shown & since first": -0.16,
    "first": 0.15,
    "fragment & name": -0.15,
    "own": -0.14,
    "short & name": 0.14,
    "shown & latest": 0.14,
    "shown thing": -0.13,
    "shown thing & since first": -0.13,
    "the thing & turns": -0.13,
    "thing & since first": 0.11,
    "many & name": -0.1,
    "thing": -0.09,
    "fragment": 0.08,
    "many": 0.08,
    "shown": 0.08,
    "person & name": -0.07,
    "person, name": -0.07,
    "the": 0.07,
    "the thing & name": 0.07,
    "many & turns": 0.06,
    "short & turns": 0.06,
    "thing & turns": -0.06,
    "named & name": 0.05,
    "person & turns": -0.05,
    "repeats": -0.05,
    "shown & turns": 0.05,
    "verb-like": -0.05,
    "bare": -0.04,
    "short & latest": 0.04,
    "the thing": -0.04,
    "digit": 0.03,
    "behind preposition": -0.02,
    "shown thing & name": -0.02,
}
