"""Misspelt question words -> words of the sources or of the language; no list of known mistakes, only what is likely.

A word that nobody knows is read as the likeliest of its neighbours: how easily the fingers slip that way, how common
the neighbour is, whether the sources have it, and whether it meets the question's other words there.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from roros_assistant.passages import fold
from roros_assistant.slips import slip_cost
from roros_assistant.stems import of_one_place

_WORD = re.compile(r"[^\W\d_]+")
# Where a traveller comes from is no place that is asked about.
_HOME = re.compile(
    r"(?i)\b(?:I|we)(?:(?:['’]m|['’]re| am| are| come)(?: \w+ing)?| (?:live|study|work)(?: \w+){0,5}?)"
    r" (?:from|in) [A-Z]\w+"
)
_PLACE = re.compile(r"\b(?:in|from|near)\s+([^\W\d_]+)(?:[^\S\n]+([^\W\d_]+))?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;]\s|\n|[“\"(]")
_CALENDAR = frozenset(
    "january february march april may june july august september october november december spring summer autumn winter "
    "monday tuesday wednesday thursday friday saturday sunday christmas easter boxing new year eve day english".split()
)
_CONTRACTED = ("s", "t", "re", "ve", "ll", "d", "m")  # right of an apostrophe
_ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "ly", "y", "ness", "less")
_PREFIXES = ("un", "in", "im", "re", "non", "dis", "mis", "pre", "over")
_COMPOUNDING = ("after", "back", "down", "out", "over", "under", "up")  # "downside" is one word
_CAPITAL_WITHIN = re.compile(r"\b([^\W\d_][^\W\d_A-ZÆØÅ]+)([A-ZÆØÅ][^\W\d_A-ZÆØÅ]*)\b")  # "didVlad"

# Costs are nats: a word's place in the order of frequency tells its probability (Zipf), a slip its own.
_FLAT = 200  # the commonest words are alike: no question is likelier for holding "the"
_RAREST = 20_000  # the place of a word that only the sources have
_UNRANKED = 3_000  # ... and of every word of the language, where the order is not known
_IN_SOURCES = 3.0  # less for what the sources talk of: travellers ask about that
_MEETS = 0.7  # less for each other word of the question that shares a sentence with it, at most three
_INFLECTED = 1.5  # that a word with an ending of English is none after all
_JOINED = 1.5  # a space left out
# A word that is none of these may be one all the same: a name, a brand. The longer, the less by chance is a neighbour.
_UNKNOWN, _UNKNOWN_LETTER = 4.0, 1.35
_SHORTEST = 3
_TWO_EDITS = 8  # letters: with two edits in shorter words every other word of English has a neighbour
_RARE = 4_000  # words of the language from here on may be names
_COMMON = 300  # words of the language that are no slips for anything
_SHORT_PARTS = {2: 150, 3: 3_000}  # letters of a part of joined words: how common it must be


class Speller:
    """Knows the words of the sources and of the language; a word that nobody knows is read as the likeliest of them."""

    def __init__(
        self,
        texts: Iterable[str],
        is_word: Callable[[str], bool],
        rank: Callable[[str], int | None] | None = None,
    ) -> None:
        """Learn the words of ``texts``.

        ``is_word`` tells words of the language; ``rank`` gives their place in the order of frequency, 0 the commonest,
        and None for no word: with it the likelier of two words is known.
        """
        self._rank = rank or (lambda word: _UNRANKED if is_word(word) else None)
        self._counts: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._names: set[str] = set()  # written with a capital somewhere
        self._sentences: dict[str, set[int]] = {}
        self._spelt: dict[str, str] = {}
        for number, sentence in enumerate(part for text in texts for part in _SENTENCE_END.split(text)):
            self._learn(number, _WORD.findall(sentence))
        for first, second in self._pairs:
            if min(len(first), len(second)) >= _SHORTEST and not (self._is_common(first) or self._is_common(second)):
                self._spelt.setdefault(first + second, f"{self._spelt[first]} {self._spelt[second]}")
        self._by_length: dict[int, list[str]] = {}
        for word in self._spelt:
            self._by_length.setdefault(len(word), []).append(word)

    def correct(self, text: str) -> str:
        """Replace what is no word by the likeliest one; everything else stays as typed."""
        text = self._apart(text)
        matches = list(_WORD.finditer(text))
        words = [fold(match.group().lower()) for match in matches]
        names = _capital_within(matches)
        parts, end = [], 0
        for index, match in enumerate(matches):
            if text[max(match.start() - 1, 0) : match.start()] in ("'", "’"):
                read = self._contracted(match.group())
            else:
                read = self._read(match.group(), words, index, is_name=index in names)
            parts += [text[end : match.start()], read]
            end = match.end()
        return "".join([*parts, text[end:]])

    def unknown_names(self, question: str) -> list[str]:
        """Names in a question that no source has, a place elsewhere most often: ``["Oslo"]``.

        A capital inside a sentence tells a name, not in title case; so does a rare word behind "in", "from" or "near".
        """
        asked = _HOME.sub("", question)
        capital = _capital_within(list(_WORD.finditer(asked))).values()
        names = [word for word in capital if len(word) > _SHORTEST or not word.isupper()]  # "OK", "TV"
        names += [match[1] for match in _PLACE.finditer(asked) if self._is_name_there(match)]
        plain = {word: fold(word.lower()) for word in names if word.lower() not in _CALENDAR}
        return [word for word, name in plain.items() if not self._is_spoken_of(name)]

    def _is_spoken_of(self, name: str) -> bool:
        return bool(self._counts[name]) or any(of_one_place(name, other) for other in self._names)  # Swedish, Sweden

    def _is_name_there(self, match: re.Match[str]) -> bool:
        word, after = (fold(part.lower()) for part in match.groups(default=""))
        rank = self._rank(word)
        rare = rank >= _RARE if rank is not None else not any(map(self._is_known, _stems(word)))
        thing = word.endswith("ing")  # "interested in hiking"
        return rare and not thing and len(word) > _SHORTEST and (not after or self._is_common(after))

    def _learn(self, number: int, words: Sequence[str]) -> None:
        folded = [fold(word.lower()) for word in words]
        for word, plain in zip(words, folded, strict=True):
            self._spelt.setdefault(plain, word.lower())
            self._sentences.setdefault(plain, set()).add(number)
            if word[0].isupper():
                self._names.add(plain)
        self._counts.update(folded)
        self._pairs.update(pairwise(folded))

    def _before_capital(self, match: re.Match[str]) -> str:
        """Words run together at a capital, where both are known; "OpenShift" is a name."""
        first, second = (fold(part.lower()) for part in match.groups())
        apart = self._is_known(first) and (self._counts[second] or second == "i")
        return " ".join(match.groups()) if apart else match.group()

    def _apart(self, text: str) -> str:
        """Put a space where a capital or a number shows that one is missing: "didVlad", "on the26th"."""
        text = _CAPITAL_WITHIN.sub(self._before_capital, text)
        return re.sub(
            r"(?<![^\W_])([^\W\d_]{2,})(?=\d)",
            lambda match: f"{match[1]} " if self._is_common(match[1].lower()) else match[1],
            text,
        )

    def _read(self, typed: str, words: Sequence[str], index: int, *, is_name: bool) -> str:
        """What a word was meant to be, with a capital if it was typed with one."""
        word = words[index]
        if self._counts[word]:
            return _as_typed(self._spelt[word], typed)  # "roros": with its marks it is told from other words
        if len(word) < _SHORTEST or self._is_known(word) or not (typed[2:].islower() or typed.isupper()):
            return typed  # "OpenShift" is somebody's name
        if word in self._spelt:  # "dogsledding" where the sources write two words
            return _as_typed(self._spelt[word], typed)
        readings = dict(self._splits(word))
        forms = self._forms(word)
        for meant in self._candidates(word, is_name=is_name).difference(_stems(word)):
            if not forms or (meant in forms and self._counts[meant]):
                readings[self._spelt.get(meant, meant)] = slip_cost(word, meant) + self._cost(meant, words, index)
        cost, best = min(((cost, reading) for reading, cost in readings.items()), default=(math.inf, typed))
        return typed if cost >= self._cost_as_typed(word) else _as_typed(best, typed)

    def _cost_as_typed(self, word: str) -> float:
        """How unlikely it is that a word that nobody knows was meant as it stands."""
        stems = [stem for stem in _stems(word) if self._is_known(stem)]
        if stems:
            return min(self._prior(stem) for stem in stems) - _INFLECTED
        return _UNKNOWN + _UNKNOWN_LETTER * len(word)

    def _forms(self, word: str) -> set[str]:
        """Known words that are forms of a word that is not: "dined" and "dining" of "dine"."""
        if word.endswith("e"):
            forms = {f"{word}d", f"{word}s", f"{word}r", f"{word[:-1]}ing"}
        else:
            forms = set() if self._is_known(f"{word}e") else {f"{word}s", f"{word}ed", f"{word}ing"}
        return {form for form in forms if len(word) > _SHORTEST and self._is_known(form)}

    def _contracted(self, typed: str) -> str:
        """The letters right of an apostrophe; a word run together with them is told apart: "I'mlooking"."""
        for ending in _CONTRACTED:
            rest = typed.lower().removeprefix(ending)
            if rest != typed.lower() and len(rest) >= _SHORTEST and self._stands_alone(fold(rest)):
                return f"{typed[: len(ending)]} {typed[len(ending) :]}"
        return typed

    def _candidates(self, word: str, *, is_name: bool) -> set[str]:
        """Words that a slip or two may have made ``word`` of; for a name only the sources' names."""
        one_edit = set(_one_edit(word))
        near = {meant for meant in one_edit if meant in self._spelt}
        if len(word) >= _TWO_EDITS:
            for length in range(len(word) - 2, len(word) + 3):
                alike = self._by_length.get(length, [])
                near |= {
                    meant for meant, *_ in process.extract(word, alike, scorer=OSA.distance, score_cutoff=2, limit=None)
                }
        if is_name:
            return near & self._names
        return near | {meant for meant in one_edit if self._rank(meant) is not None}

    def _splits(self, word: str) -> Iterator[tuple[str, float]]:
        """Two words run together, with the cost of reading them so."""
        for cut in range(1, len(word)):
            first, second = word[:cut], word[cut:]
            if first not in _COMPOUNDING and self._stands_alone(first) and self._stands_alone(second):
                pair = f"{self._spelt.get(first, first)} {self._spelt.get(second, second)}"
                yield pair, _JOINED + self._prior(first, flat=20) + self._prior(second, flat=20)

    def _stands_alone(self, part: str) -> bool:
        if len(part) < _SHORTEST - 1:
            return part in ("a", "i")
        rank = None if part in _CONTRACTED else self._rank(part)
        common = rank is not None and rank < _SHORT_PARTS.get(len(part), math.inf)
        return common or (len(part) >= _SHORTEST and self._counts[part] > 0)

    def _cost(self, meant: str, words: Sequence[str], index: int) -> float:
        """How unlikely a word is in this place of this question."""
        cost = self._prior(meant)
        if self._is_common(meant):
            return cost
        for pair, beside in _pairs_with(meant, words, index):
            if self._pairs[pair]:  # as likely as the sources write it there
                cost = min(cost, math.log((self._counts[beside] + 2) / self._pairs[pair]))
        there = self._sentences.get(meant, set())
        meets = sum(
            1
            for other in {*words} - {words[index]}
            if not self._is_common(other) and not there.isdisjoint(self._sentences.get(other, ()))
        )
        return cost - _MEETS * min(meets, 3)

    def _prior(self, word: str, flat: int = _FLAT) -> float:
        rank = self._rank(word)
        cost = _zipf(_RAREST if rank is None else min(rank, _RAREST), flat)
        return cost - _IN_SOURCES if word in self._spelt and not self._is_common(word) else cost

    def _is_known(self, word: str) -> bool:
        return self._counts[word] > 0 or self._rank(word) is not None

    def _is_common(self, word: str) -> bool:
        rank = self._rank(word)
        return rank is not None and rank < _COMMON


def _as_typed(read: str, typed: str) -> str:
    """A reading in the case of what was typed; the typed itself where only the case differs."""
    if read == typed.lower():
        return typed
    if typed.isupper():
        return read.upper()
    return read[0].upper() + read[1:] if typed[0].isupper() else read


def _pairs_with(meant: str, words: Sequence[str], index: int) -> Iterator[tuple[tuple[str, str], str]]:
    """A word with the one before and the one after its place, and that one."""
    if index:
        yield (words[index - 1], meant), words[index - 1]
    if index + 1 < len(words):
        yield (meant, words[index + 1]), words[index + 1]


def _capital_within(matches: Sequence[re.Match[str]]) -> dict[int, str]:
    """Words with a capital that do not begin a sentence, by place; none in title case."""
    inner = {
        index: match.group()
        for index, (before, match) in enumerate(pairwise(matches), start=1)
        if len(match.group()) > 1 and not _SENTENCE_END.search(match.string[before.end() : match.start()])
    }
    capital = {index: word for index, word in inner.items() if word[0].isupper()}
    return {} if len(capital) * 2 > len(inner) + 1 else capital


def _stems(word: str) -> set[str]:
    """What a word may be a form of: "shopping" of "shopp", "shop" and "shoppe", "unsustainable" of "sustainable"."""
    stems = {word.removeprefix(prefix) for prefix in _PREFIXES}
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or (ending[0] == "s" and stem[-1:] == "s"):
            continue
        stems.add(stem)
        if ending[0] in "ei":
            stems |= {stem + "e", stem[:-1]} if stem[-1:] == stem[-2:-1] else {stem + "e"}
    return {stem for stem in stems if stem != word and len(stem) > _SHORTEST}


def _one_edit(word: str) -> Iterator[str]:
    """Every string one slip away: a letter less, more, other, or two swapped."""
    for place in range(len(word) + 1):
        start, end = word[:place], word[place:]
        if end:
            yield start + end[1:]
            yield from (start + letter + end[1:] for letter in ascii_lowercase if letter != end[0])
        if len(end) > 1:
            yield start + end[1] + end[0] + end[2:]
        yield from (start + letter + end for letter in ascii_lowercase)


def _zipf(rank: int, flat: int = _FLAT) -> float:
    return math.log(rank + flat)
