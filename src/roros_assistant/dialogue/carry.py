"""Which phrase of a conversation a new turn leaves unsaid: candidates, what speaks for each, and its probability."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from roros_assistant.dialogue.grammar import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, QUESTION_WORDS, VAGUE
from roros_assistant.dialogue.phrases import Phrase, is_verb, phrases, words_of

_DEEPEST = 6  # turns that are looked back on
# Prepositions that say where something is: what stands behind them is rarely what is meant by "it".
WHERE = frozenset("in at near on from to around above below by".split())
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


def evidence(turn: str, candidate: Candidate, earlier: Sequence[str], answer: str = "") -> dict[str, float]:
    """What speaks for and against a phrase, by name; whatever is absent is 0.

    Args:
        turn: what was said.
        candidate: a phrase of the conversation.
        earlier: the questions before the turn, oldest first.
        answer: the first words of the last answer.
    """
    phrase = candidate.phrase
    about_turn, about_phrase = of_turn(turn, tuple(earlier)), _of_candidate(candidate)
    overlap = content(phrase.text) & content(turn)
    crossed = {
        "in answer": float(bool(content(phrase.text) & content(answer))),
        "overlap": float(bool(overlap)),
        "overlap, name": float(bool(overlap)) * about_phrase["name"],
        "overlap at head": float(stem(phrase.head) in overlap),
        "thing, singular": about_turn["thing"] * (1 - about_phrase["plural"]),
        "many, plural": about_turn["many"] * about_phrase["plural"],
        "person, name": about_turn["person"] * about_phrase["name"],
    }
    for one in ("thing", "many", "person", "shown", "shown thing", "short", "fragment", "named", "the thing"):
        for other in ("latest", "turns", "name", "since first", "where"):
            crossed[f"{one} & {other}"] = about_turn[one] * about_phrase[other]
    return {name: value for name, value in (about_phrase | crossed).items() if value}


def _of_candidate(candidate: Candidate) -> dict[str, float]:
    phrase = candidate.phrase
    where = float(phrase.position > 0 and phrase.preposition in WHERE)
    return {
        "latest": float(candidate.distance == 1),
        "second": float(candidate.distance == 2),
        "turns": math.log(candidate.turns),
        "since first": float(candidate.since_first),
        "name": float(phrase.is_name),
        "the": float(phrase.determiner in ("the", "this", "that")),
        "indefinite": float(phrase.determiner in ("a", "an", "some", "any")),
        "own": float(phrase.determiner in ("my", "your", "our")),
        "asked for": float(phrase.determiner in ("which", "what")),
        "bare": float(not phrase.determiner),
        "behind of": float(phrase.preposition == "of"),
        "behind preposition": float(bool(phrase.preposition)),
        "where": where,
        "name of where": where * phrase.is_name,
        "first": float(phrase.position == 0),
        "words": math.log(len(phrase.words)),
        "has of": float(" of " in phrase.text),
        "plural": float(phrase.is_plural),
        "vague": float(phrase.head in VAGUE),
        "verb-like": float(is_verb(phrase.head) or phrase.head.endswith(("ed", "ing"))),
        "digit": float(any(map(str.isdigit, phrase.text))),
    }


@lru_cache(maxsize=256)
def of_turn(turn: str, earlier: tuple[str, ...]) -> dict[str, float]:
    """What a turn itself shows, beside the questions before it."""
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


def score(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """How much more than of another phrase a turn speaks of one, in log-odds."""
    return sum(weights.get(name, 0.0) * value for name, value in evidence.items())


# Fitted by benchmarks/followups.py; what is not named weighs nothing.
WEIGHTS: dict[str, float] = {
    "latest": 2.21,
    "in answer": 1.2,
    "since first": 0.9,
    "vague": -0.84,
    "first": 0.77,
    "named & latest": -0.77,
    "name": 0.76,
    "short & turns": 0.7,
    "second": 0.67,
    "named & name": -0.63,
    "many, plural": 0.61,
    "short & latest": 0.61,
    "the": 0.58,
    "asked for": 0.56,
    "own": -0.55,
    "has of": -0.52,
    "person & where": -0.43,
    "turns": 0.43,
    "person & since first": -0.38,
    "overlap": -0.36,
    "overlap, name": 0.36,
    "person & name": 0.36,
    "person, name": 0.36,
    "the thing & since first": 0.35,
    "bare": -0.34,
    "the thing & name": 0.34,
    "many & where": -0.32,
    "words": 0.31,
    "short & where": -0.29,
    "thing, singular": 0.28,
    "overlap at head": 0.24,
    "plural": -0.23,
    "shown & latest": 0.23,
    "the thing & latest": -0.21,
    "behind preposition": -0.2,
    "behind of": 0.19,
    "digit": -0.18,
    "many & since first": 0.18,
    "named & turns": -0.18,
    "shown & name": 0.18,
    "the thing & turns": -0.18,
    "fragment & latest": 0.17,
    "fragment & where": 0.17,
    "many & turns": 0.17,
    "short & since first": -0.16,
    "shown & since first": -0.15,
    "thing & turns": 0.14,
    "many & name": -0.12,
    "shown thing & name": -0.12,
    "fragment & name": -0.11,
    "thing & since first": 0.11,
    "many & latest": -0.1,
    "name of where": -0.09,
    "shown thing & turns": 0.09,
    "the thing & where": -0.09,
    "where": -0.09,
    "person & latest": -0.08,
    "shown thing & since first": -0.08,
    "fragment & since first": 0.07,
    "shown thing & latest": -0.06,
    "shown thing & where": -0.06,
    "fragment & turns": 0.05,
    "person & turns": -0.05,
    "thing & name": 0.05,
    "thing & where": 0.05,
    "indefinite": 0.04,
    "named & where": 0.04,
    "verb-like": -0.04,
    "shown & where": -0.02,
    "thing & latest": -0.02,
}
