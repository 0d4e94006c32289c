"""Misspelt question words -> words of the sources; no list of known mistakes, only the sources' own vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

from rapidfuzz.distance import OSA

from roros_assistant.passages import fold

_WORD = re.compile(r"[^\W\d_]+")
# One edit (a letter more, less, other, or two swapped) in a word of 4 letters, two from 8 on: with two edits in shorter
# words every other word of English has a neighbour.
_SHORTEST = 4
_TWO_EDITS = 8
# Where a traveller comes from is no place that is asked about.
_HOME = re.compile(
    r"\b(?:I|we)(?:['’]m|['’]re| am| are| come| live)(?: \w+ing)? (?:from|in) [A-Z]\w+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:;]\s|\n|[“\"(]")
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday christmas easter boxing new year eve day english".split()
)
# Questions are made of these, sources need not have them.
_ASKING = frozenset("what when where which who whose why how there does much many best".split())


class Speller:
    """Knows the words of the sources; a word that nobody knows is read as the nearest of them."""

    def __init__(self, texts: Iterable[str], is_word: Callable[[str], bool]) -> None:
        """Learn the words of ``texts``; ``is_word`` tells words of the language, which are never changed."""
        counts: Counter[str] = Counter()
        spelt: dict[str, str] = {}
        for text in texts:
            words = [word.lower() for word in _WORD.findall(text)]
            for word in words:
                spelt.setdefault(fold(word), word)
            for first, second in pairwise(words):
                spelt.setdefault(fold(first + second), f"{first} {second}")  # "dogsledding" for "dog-sledding"
            counts.update(fold(word) for word in words)
        spelt.update((word, word) for word in _ASKING if word not in spelt)
        self._counts = counts
        self._spelt = spelt
        self._is_word = is_word

    def correct(self, text: str) -> str:
        """Replace what is no word by the nearest word of the sources; everything else stays as typed."""
        return _WORD.sub(lambda match: self._nearest(match.group()), text)

    def unknown_names(self, question: str) -> list[str]:
        """Names in a question that no source has, a place elsewhere most often: ``["Oslo"]``.

        Only a capital inside a sentence tells a name; a question in title case tells none.
        """
        words = list(_WORD.finditer(_HOME.sub("", question)))
        inner = [
            match.group()
            for before, match in pairwise(words)
            if not _SENTENCE_END.search(match.string[before.end() : match.start()])
        ]
        capital = [word for word in inner if word[0].isupper() and len(word) > 1]
        if len(capital) * 2 > len(inner) + 1:
            return []
        return [word for word in capital if not self._counts[fold(word.lower())] and word.lower() not in _CALENDAR]

    def _nearest(self, typed: str) -> str:
        word = fold(typed.lower())
        if self._counts[word] or (self._is_word(typed.lower()) and self._is_word(word)):
            return typed
        if word in self._spelt:  # "dogsledding" where the sources write two words
            return self._spelt[word]
        for cut in range(_SHORTEST - 1, len(word) - _SHORTEST + 2):
            if self._counts[word[:cut]] and self._counts[word[cut:]]:
                return f"{word[:cut]} {word[cut:]}"
        edits = 2 if len(word) >= _TWO_EDITS else 1
        if len(word) < _SHORTEST:
            return typed
        near = [
            (distance, known not in _ASKING, -self._counts[known], known)
            for known in self._spelt
            if abs(len(known) - len(word)) <= edits
            and (distance := OSA.distance(word, known, score_cutoff=edits)) <= edits
        ]
        return self._spelt[min(near)[3]] if near else typed
