"""A text's words without endings, marks and case, and without those that every text has."""

import logging
import re
from functools import cache, lru_cache
from pathlib import Path

from bm25s.stopwords import STOPWORDS_EN_PLUS  # type: ignore[import-untyped]
from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

from roros_assistant.passages import fold

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it turns its own debugging on

# Written by benchmarks/train_subjects.py.
COMMON_WORDS = Path(__file__).parent / "models" / "common_words.txt"
# Whole words, single digits too ("5 km"); the letter left of an apostrophe ("town's") says nothing.
_WORD = re.compile(r"\w\w+|\d")
_STOP_WORDS = frozenset(fold(word) for word in STOPWORDS_EN_PLUS)

_PEOPLE = re.compile(r"(?:ians?|ans?|ish|ese)$")
_LEAST_SHARED = 4  # letters that a place and its people begin with
_LAST_LETTERS = 2  # of a place, that its people's name leaves out


def stems(text: str) -> list[str]:
    """The stems of a text's words in their order, without those that every text has."""
    return [stem(word) for word in content_words(text)]


def content_words(text: str) -> list[str]:
    """A text's words in their order, in small letters without marks, without those that every text has."""
    return [word for word in _WORD.findall(fold(text.casefold())) if word not in _STOP_WORDS]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a word without its endings."""
    stemmed: str = EnglishStemmer().stemWord(word)  # one a word: it is not safe to share
    return stemmed


@cache
def common_words() -> frozenset[str]:
    """Words of English that travellers use in small letters."""
    return frozenset(COMMON_WORDS.read_text(encoding="utf-8").split())


def of_one_place(one: str, other: str) -> bool:
    """Whether a place and its people or language are named: all but its last letters is theirs too.

    >>> of_one_place("norwegian", "norway"), of_one_place("italy", "italian"), of_one_place("norway", "nordic")
    (True, True, False)
    """
    people = max(one, other, key=lambda name: bool(_PEOPLE.search(name)))
    place = other if people is one else one
    shared = place[: max(_LEAST_SHARED, len(place) - _LAST_LETTERS)]
    return len(shared) >= _LEAST_SHARED and people.startswith(shared) and bool(_PEOPLE.search(people))
