"""claim + references -> what speaks for and against: how its words are met, what is denied, strengthened or swapped."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from roros_assistant.verify.antonyms import turned_round
from roros_assistant.verify.numbers import Quantity, unsaid
from roros_assistant.verify.reading import Sentence, Word, denials, sentences
from roros_assistant.verify.voice import Reference

_ALIGNED = 3  # sentences that one claim may join
_LEAST = 2  # words and numbers that a clause has of its own
_JOINT = re.compile(r"[,;:()–—]|\b(?:and|but|which|while|with|where|because|as|so|who)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|me|my|mine|myself)\b", re.IGNORECASE)
_HEDGED_SELF = re.compile(
    r"\bi(?:'m| am)? (?:not sure|guess|think|believe|know|heard|suppose|bet|love|like|hope|agree|wonder)\b", re.I
)
_ADDRESS = re.compile(r"\b(?:have|do|did|are|would|can) you\b|\byou should\b|\byour?\b", re.IGNORECASE)
_MAYBE = re.compile(
    r"\b(?:may|might|could|perhaps|possibly|probably|seems?|seemed|likely|apparently|reportedly|heard|hope|rumou?red|imagine)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:only|all|every|everyone|everything|everywhere|always|never|exactly|must|entirely|completely|totally|none|nobody|"
    r"definitely|certainly|guaranteed|(?<!at )(?:most|least)|best|worst|first|last|\w{3,}est|each|whole|sole|solely|fully|any)\b",
    re.IGNORECASE,
)
# What denies without a word of denial: "a former mining town" is none now.
_AS_GOOD_AS_DENIED = re.compile(
    r"\b(?:former(?:ly)?|used to|few|little|closed|shut|instead of|rather than|barely|rarely|seldom|deserted|missed|ended|over"
    r"|un\w{4,}|in(?:complete|correct|valid|active)|dis\w{5,}|non-?\w+|im(?:possible|practical)|absent|absence)\b",
    re.IGNORECASE,
)
_COUNTED = 5  # words of its own behind a number: what it counts is among them
_FIRST_YEAR, _LAST_YEAR = 1000, 2100  # a number between is a year more often than it counts
_NEAR_DENIAL = 2  # words of its own behind a denial: what is denied, not what else stands in the clause
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\b(?: \w+ly)? \w+(?:ed|en|t|d)\b(?:.{0,40}?)\bby\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim beside the sentences of its references that meet it best."""

    claim: tuple[Sentence, ...]
    words: tuple[Word, ...]  # of the claim, that say something
    sources: tuple[Sentence, ...]  # all
    best: tuple[Sentence, ...]  # at most three, in order of what they add
    met: tuple[bool, ...]  # of each word, whether any source has it
    clauses: tuple["Clause", ...]
    keys: frozenset[str]  # of all words of the sources

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

    @property
    def about_it(self) -> tuple[Sentence, ...]:
        """The sentences that speak of the same: the best one, and what shares half of the claim's words."""
        wanted = {word.key for word in self.words}
        return tuple(
            sentence
            for place, sentence in enumerate(self.best)
            if place == 0 or 2 * len(wanted & {word.key for word in sentence.content}) >= len(wanted)
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a claim that says one thing, and the share of it that one sentence says."""

    words: tuple[Word, ...]
    met: tuple[bool, ...]  # of each word, whether the sentence that has most of them and of the numbers has it
    numbers_lacking: int  # that this sentence does not have


def align(claim: tuple[Sentence, ...], references: Sequence[Reference], own: frozenset[str] = frozenset()) -> Aligned:
    """Find the sentences that meet a claim's words; ``own`` are keys of words that tell nothing apart here."""
    sources = tuple(chain.from_iterable(sentences(reference.words) for reference in references))
    said = [frozenset(word.key for word in sentence.words) for sentence in sources]
    keys = frozenset(chain.from_iterable(said))
    named = frozenset(word.key for reference in references for word in _names_in(reference.head))
    clauses = [_clause(part, sources, said, named) for sentence in claim for part in _clauses(sentence, own)]
    words = tuple(chain.from_iterable(sentence_words(sentence, own) for sentence in claim))
    return Aligned(
        claim=claim,
        words=words,
        sources=sources,
        best=tuple(sources[row] for row in _choose(words, said)),
        met=tuple(word.key in keys or _is_named(word, named) for word in words),
        clauses=tuple(clauses),
        keys=keys,
    )


def _names_in(head: str) -> list[Word]:
    return [word for sentence in sentences(head) for word in sentence.content if word.text[0].isupper()] if head else []


def _is_named(word: Word, named: frozenset[str]) -> bool:
    """Whether a name stands in a head: who speaks, or what is spoken of; other words there say nothing."""
    return word.start > 0 and word.text[0].isupper() and word.key in named


def sentence_words(sentence: Sentence, own: frozenset[str]) -> list[Word]:
    """The words of a claim's sentence that its sources have to say."""
    return [word for word in sentence.content if word.key not in own]


def _clauses(sentence: Sentence, own: frozenset[str]) -> list[tuple[list[Word], list[Quantity]]]:
    """The words and numbers of each clause; a single one belongs to what stands before it."""
    edges = [match.start() for match in _JOINT.finditer(sentence.text)]
    words = sentence_words(sentence, own)
    parts: list[tuple[list[Word], list[Quantity]]] = []
    for start, end in pairwise([-1, *edges, len(sentence.text)]):
        part = [word for word in words if start < word.start <= end]
        numbers = [number for number in sentence.numbers if start < number.start <= end]
        if parts and len(part) + len(numbers) < _LEAST:
            parts[-1] = (parts[-1][0] + part, parts[-1][1] + numbers)
        elif part or numbers:
            parts.append((part, numbers))
    return parts


def _clause(
    part: tuple[list[Word], list[Quantity]],
    sources: Sequence[Sentence],
    said: Sequence[frozenset[str]],
    named: frozenset[str],
) -> Clause:
    words, numbers = part
    best = Clause(tuple(words), tuple(False for _ in words), len(numbers))
    for sentence, keys in zip(sources, said, strict=True):
        met = tuple(word.key in keys or _is_named(word, named) for word in words)
        lacking = len(numbers) - sum(any(map(number.agrees, sentence.numbers)) for number in numbers)
        if sum(met) - lacking > sum(best.met) - best.numbers_lacking:
            best = Clause(tuple(words), met, lacking)
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


def signs(aligned: Aligned) -> dict[str, float]:
    """What tells whether a claim is carried, each by its name."""
    lacking_numbers = sum(1 for _ in unsaid(aligned.numbers, [n for each in aligned.sources for n in each.numbers]))
    count = max(len(aligned.words) + len(aligned.numbers), 1)
    missing = aligned.met.count(False) + lacking_numbers
    apart = sum(clause.met.count(False) + clause.numbers_lacking for clause in aligned.clauses)
    text = aligned.text
    return {
        "met": 1 - missing / count,
        "together": 1 - apart / count,
        "missing": math.log1p(missing),
        "scattered": math.log1p(max(0, apart - missing)),
        "apart": float(len(names_apart(aligned))),
        "words": math.log1p(count),
        "pairs": pairs_met(aligned),
        "run": longest_run(aligned),
        "small": small_met(aligned),
        "self": float(bool(_FIRST_PERSON.search(text)) and not _FIRST_PERSON.search(aligned.best_text)),
        "thinks": float(bool(_HEDGED_SELF.search(text))),
        "asks": float("?" in text),
        "address": float(bool(_ADDRESS.search(text)) and not _ADDRESS.search(aligned.best_text)),
        "contrary": float(len(contraries(aligned))),
        "stronger": float(len(strengthened(aligned))),
        "maybe": float(bool(_MAYBE.search(aligned.best_text)) and not _MAYBE.search(text)),
        "swapped": swapped(aligned),
        "counted": float(len(miscounted(aligned))),
    }


def names_apart(aligned: Aligned) -> list[str]:
    """Names of the claim that stand in the sources, but not where the rest of their clause is said."""
    return [
        word.text
        for clause in aligned.clauses
        for word, met in zip(clause.words, clause.met, strict=True)
        if not met and word.key in aligned.keys and word.text[0].isupper() and _is_name_there(word, aligned)
    ]


def _is_name_there(word: Word, aligned: Aligned) -> bool:
    """Whether the sources write a word with a capital wherever they have it."""
    there = [each for sentence in aligned.sources for each in sentence.words if each.key == word.key]
    return all(each.text[0].isupper() for each in there)


def pairs_met(aligned: Aligned) -> float:
    """The share of neighbouring words of the claim that stand near each other, in this order, in a source."""
    wanted = [pair for sentence in aligned.claim for pair in pairwise(word.key for word in sentence.content)]
    if not wanted:
        return 0.0 if not aligned.words else sum(aligned.met) / len(aligned.met)
    near: set[tuple[str, str]] = set()
    for sentence in aligned.best:
        keys = [word.key for word in sentence.content]
        near |= {(keys[first], other) for first in range(len(keys)) for other in keys[first + 1 : first + 4]}
    return sum(pair in near for pair in wanted) / len(wanted)


def longest_run(aligned: Aligned) -> float:
    """The share of the claim's words, small ones too, in its longest run that stands in a source word for word."""
    words = [word.key for sentence in aligned.claim for word in sentence.words]
    longest = 0
    for sentence in aligned.best:
        said = [word.key for word in sentence.words]
        lengths = [0] * (len(said) + 1)
        for word in words:
            lengths = [0, *(lengths[place] + 1 if word == other else 0 for place, other in enumerate(said))]
            longest = max(longest, *lengths)
    return longest / max(len(words), 1)


def small_met(aligned: Aligned) -> float:
    """The share of the claim's small words that its best sentences have."""
    said = {word.key for sentence in aligned.best for word in sentence.words}
    small = [word.key for sentence in aligned.claim for word in sentence.words if word.small]
    return sum(word in said for word in small) / max(len(small), 1)


def contradictions(aligned: Aligned) -> list[str]:
    """Words that the claim denies and the sources do not, or the other way round."""
    said: dict[str, list[int]] = {}
    for word in chain.from_iterable(sentence.content for sentence in aligned.about_it):
        said.setdefault(word.key, []).append(word.denied)
    sources_deny = any(sentence.denies or _AS_GOOD_AS_DENIED.search(sentence.text) for sentence in aligned.about_it)
    denied_there = {key for key, ranks in said.items() if all(0 < rank <= _NEAR_DENIAL for rank in ranks)}
    found: list[str] = []
    for sentence in aligned.claim:
        denied_here = [word for word in sentence.content if 0 < word.denied <= _NEAR_DENIAL]
        turned = any(turned_round(word.key) & said.keys() for word in denied_here)
        cues = denials(sentence.text)
        if cues and not turned:
            found += [] if sources_deny else [cues[0].group()]
            found += [word.text for word in denied_here if word.key in said and not any(said[word.key])]
        if _AS_GOOD_AS_DENIED.search(sentence.text) or any(
            turned_round(word.key) & denied_there for word in sentence.content
        ):
            continue
        found += [word.text for word in sentence.content if not word.denied and word.key in denied_there]
    return list(dict.fromkeys(found))


def contraries(aligned: Aligned) -> list[str]:
    """Words of the claim, in no source, whose contrary stands in its best sentences."""
    said = {word.key: word.denied for sentence in aligned.best for word in sentence.words}
    found = []
    for sentence in aligned.claim:
        for word in sentence.words:
            against = turned_round(word.key) & set(said)
            if word.key not in aligned.keys and against and not word.denied and not any(said[key] for key in against):
                found.append(word.text)
    return found


def strengthened(aligned: Aligned) -> list[str]:
    """Words that make a claim stronger than its sources: "only", "all", "always"."""
    said = {
        match.group().lower() for match in _STRONG.finditer(" ".join(sentence.text for sentence in aligned.sources))
    }
    found = (match.group() for match in _STRONG.finditer(aligned.text))
    return [word for word in dict.fromkeys(found) if word.lower() not in said and word.lower() not in _NO_STRENGTH]


_NO_STRENGTH = frozenset(
    "forest harvest interest request guest west rest test nearest honest chest quest suggest modest".split()
)


def swapped(aligned: Aligned) -> float:
    """How many neighbouring words of the claim the one best sentence has in the other order, as a share."""
    if not aligned.best:
        return 0.0
    best = aligned.best[0]
    if bool(_PASSIVE.search(aligned.text)) != bool(_PASSIVE.search(best.text)):
        return 0.0
    places: dict[str, list[int]] = {}
    for place, word in enumerate(best.content):
        places.setdefault(word.key, []).append(place)
    ordered = [places[word.key] for word in aligned.words if word.key in places]
    pairs = [
        (first, second) for index, first in enumerate(ordered) for second in ordered[index + 1 :] if first is not second
    ]
    turned = sum(min(first) > max(second) for first, second in pairs)
    return turned / max(len(pairs), 1)


def miscounted(aligned: Aligned) -> list[str]:
    """Numbers of the claim that the sources say of something else than it does."""
    counts = [
        (number, _behind(sentence, number, _COUNTED)) for sentence in aligned.sources for number in sentence.numbers
    ]
    found = []
    for sentence in aligned.claim:
        for number in sentence.numbers:
            thing = _behind(sentence, number, 1)
            here = [things for other, things in counts if number.agrees(other)]
            elsewhere = any(thing & things for other, things in counts if not number.agrees(other))
            counted = not number.kind and not _FIRST_YEAR <= number.value <= _LAST_YEAR
            if not thing or any(thing & things for things in here):
                continue
            if (here and counted and not number.weak) or (elsewhere and (here or number.weak)):
                found.append(sentence.text[number.start : number.end])
    return found


def _behind(sentence: Sentence, number: Quantity, count: int) -> frozenset[str]:
    """The next words of its own behind a number: what it counts is among them."""
    return frozenset([word.key for word in sentence.content if word.start >= number.end][:count])
