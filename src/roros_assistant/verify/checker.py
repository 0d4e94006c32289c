"""claim + references -> Verdict: gates that nothing may break, then what the words say, then the cross-encoder."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from roros_assistant.rerank import Reranker
from roros_assistant.types import Destination
from roros_assistant.verify import names, signs
from roros_assistant.verify.numbers import unsaid
from roros_assistant.verify.reading import key, plain, sentences, without_markers
from roros_assistant.verify.signs import Aligned, align
from roros_assistant.verify.voice import Reference, read_reference, wrong_voice
from roros_assistant.verify.weights import CUT, READ_FROM, READ_TO, READING, WORDS

# The most that a claim gets which a gate stops: what a source does not say is not made likely by other words.
_STOPPED = 0.02
_WORD_FOR_WORD = 0.99
_BUDGET = 300  # tokens that the cross-encoder reads of a claim and its best sentences
_TOGETHER = 4  # references that are tried in twos and threes
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_SHOWN = 3  # missing words that a reason names


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether references carry a claim."""

    supported: bool
    score: float  # the probability that they do, in [0, 1]
    reasons: tuple[str, ...] = ()  # why not, in words for a person; none where it is supported


class Checker:
    """Decides whether references together carry a claim; safe to share between threads."""

    def __init__(self, reranker: Reranker, destination: Destination | None = None) -> None:
        """Take the cross-encoder for what words leave open; the destination's names count as said in every source."""
        self._reranker = reranker
        own = (*destination.names, destination.stand_in) if destination else ()
        self._own = frozenset(key(word) for name in own for word in re.findall(r"\w+", name))

    def check(self, claim: str, references: Sequence[str]) -> Verdict:
        """Decide whether the references together say what the claim says."""
        return self._decide(claim, [read_reference(text) for text in references])

    def carriers(self, claim: str, references: Sequence[str]) -> tuple[int, ...]:
        """The places of the fewest references, three at most, that together carry the claim; none where none do."""
        read = [read_reference(text) for text in references]
        bare = without_markers(claim)
        shares = [self._share(bare, reference) for reference in read]
        order = sorted(range(len(read)), key=lambda place: (-shares[place], place))
        for count in (1, 2, 3):
            among = order if count == 1 else order[:_TOGETHER]
            verdicts = [
                (self._decide(claim, [read[place] for place in chosen]), chosen)
                for chosen in combinations(among, count)
                if shares[chosen[0]] > 0
            ]
            carrying = [(verdict.score, chosen) for verdict, chosen in verdicts if verdict.supported]
            if carrying:
                return tuple(sorted(max(carrying, key=lambda each: each[0])[1]))
        return ()

    def _share(self, claim: str, reference: Reference) -> float:
        """The share of a claim's words and numbers that one reference has."""
        aligned = align(tuple(sentences(claim)), [reference], self._own)
        said = [number for sentence in aligned.sources for number in sentence.numbers]
        met = sum(aligned.met) + sum(any(map(number.agrees, said)) for number in aligned.numbers)
        return met / max(len(aligned.met) + len(aligned.numbers), 1)

    def _decide(self, claim: str, references: Sequence[Reference]) -> Verdict:
        bare = without_markers(claim)
        read = tuple(sentences(bare))
        if not any(sentence.content or sentence.numbers for sentence in read):
            return Verdict(False, 0.0, ("nothing is claimed",))
        if not any(reference.words.strip() for reference in references):
            return Verdict(False, 0.0, ("no source is given",))
        if any(_stands_whole(bare, reference.words) for reference in references):
            return Verdict(True, _WORD_FOR_WORD)
        aligned = align(read, references, self._own)
        stops = tuple(self._stops(bare, aligned, references))
        values = signs.signs(aligned)
        chance = WORDS.probability(values)
        if not stops and READ_FROM <= chance < READ_TO:
            (reading,) = self._reranker.score(aligned.text, [aligned.best_text], budget=_BUDGET)
            chance = READING.probability({**values, "reading": reading})
        if stops:
            return Verdict(False, min(chance, _STOPPED), stops)
        return Verdict(True, chance) if chance >= CUT else Verdict(False, chance, tuple(_weaknesses(aligned, values)))

    def _stops(self, claim: str, aligned: Aligned, references: Sequence[Reference]) -> Iterator[str]:
        """What alone makes a claim unsupported, whatever else speaks for it."""
        whole = plain("\n".join(f"{reference.head}\n{reference.words}" for reference in references))
        said = [number for sentence in sentences(whole) for number in sentence.numbers]
        for number in unsaid(aligned.numbers, said):
            yield f"the number {_written(aligned, number.start, number.end, number)} is not in the source"
        for date in names.unsaid_dates(aligned.text, whole):
            yield f"the date {date.title()} is not in the source"
        for name in self._unsaid_names(aligned, whole):
            yield f"the name {name} is not in the source"
        for word in signs.contradictions(aligned):
            yield f"denies what the source says, or says what it denies: {word}"
        for words in _misquoted(claim, whole):
            yield f"not the source’s words: “{words}”"
        speaker = wrong_voice(claim, references)
        if speaker:
            yield f"another voice than the source’s: {speaker}"

    def _unsaid_names(self, aligned: Aligned, whole: str) -> list[str]:
        said = frozenset(key(word) for word in re.findall(r"[^\W\d_]+", whole)) | self._own
        low = frozenset(word.lower() for word in re.findall(r"\b[^\W\d_]+", whole) if word.islower())
        found = []
        for sentence in aligned.claim:
            for name in names.names([sentence], lambda word: word in low):
                opens = name.start == sentence.words[0].start
                if names.is_named(name, said) or (opens and names.looks_common(sentence, name)):
                    continue
                found.append(name.text)
        return list(dict.fromkeys(found))


def _stands_whole(claim: str, words: str) -> bool:
    """Whether a claim is one or more whole sentences of a text, word for word."""
    wanted = _spaced(claim).rstrip(".!?… ")
    if not wanted:
        return False
    return bool(re.search(rf"(?:^|[.!?…:;][\"”’')\]]*\s){re.escape(wanted)}(?=[.!?…;\"”]|$)(?![.,]\d)", _spaced(words)))


def _spaced(text: str) -> str:
    return " ".join(plain(text).split())


def _misquoted(claim: str, whole: str) -> Iterator[str]:
    """Words between quotation marks that are in no reference; an ellipsis may leave some out."""
    there = _comparable(whole)
    for quoted in _QUOTED.findall(plain(claim)):
        parts = (_comparable(part).strip(" .,;:!?") for part in re.split(r"\.\.\.|…|\[[^\]]*\]", quoted))
        if any(part and part not in there for part in parts):
            yield quoted.strip()


def _comparable(text: str) -> str:
    return " ".join(re.sub(r"[“”\"]", "", plain(text)).casefold().replace("&", "and").split())


def _written(aligned: Aligned, start: int, end: int, number: object) -> str:
    """How the claim writes a number."""
    holder = next(sentence for sentence in aligned.claim if number in sentence.numbers)
    return holder.text[start:end].rstrip(".")


def _weaknesses(aligned: Aligned, values: dict[str, float]) -> Iterator[str]:
    """Why a claim that no gate stops is not supported, the gravest first."""
    missing = [word.text for word, met in zip(aligned.words, aligned.met, strict=True) if not met]
    if missing:
        yield f"not said: {', '.join(dict.fromkeys(missing[:_SHOWN]))}"
    for word in signs.contraries(aligned):
        yield f"the contrary is said of: {word}"
    for word in signs.strengthened(aligned):
        yield f"stronger than the source: {word}"
    for number in signs.miscounted(aligned):
        yield f"said of something else: {number}"
    if values["self"]:
        yield "speaks of itself"
    if values["asks"]:
        yield "asks instead of saying"
    for name in signs.names_apart(aligned):
        yield f"said of another than: {name}"
    if values["swapped"] and not missing:
        yield "said the other way round"
    if not missing and not values["swapped"]:
        yield "not said together in one place"
