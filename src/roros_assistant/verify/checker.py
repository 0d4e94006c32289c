"""claim + references -> Verdict: stops that nothing may break, then what the words say, then the cross-encoder."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from roros_assistant.rerank import Reranker
from roros_assistant.types import Destination
from roros_assistant.verify.alignment import Aligned, align
from roros_assistant.verify.reading import Sentence, key, plain, sentences, without_markers
from roros_assistant.verify.signs import signs
from roros_assistant.verify.stops import stops, weaknesses
from roros_assistant.verify.voice import Reference, read_reference
from roros_assistant.verify.weights import CUT, READ_FROM, READ_TO, READING, WORDS

# The most that a claim gets which a stop forbids: what no source says is not made likely by other words.
_STOPPED = 0.02
_LONGEST_CLAIM = 4_000  # characters: a claim is a sentence or a few
_WORD_FOR_WORD = 0.99
_TOGETHER = 4  # references that are tried in twos and threes
_SENTENCE_BEFORE = r"(?:^|[.!?…:;][\"”’')\]]*\s)"
_SENTENCE_BEHIND = r"(?=[.!?…;\"”]|$)(?![.,]\d)"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether references carry a claim."""

    supported: bool
    score: float  # the probability that they do, in [0, 1]
    reasons: tuple[str, ...] = ()  # why not, in words for a person; none where it is supported


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a claim and its references show before anything is decided."""

    settled: Verdict | None = None  # where nothing is left to weigh
    aligned: Aligned | None = None
    signs: Mapping[str, float] | None = None
    stops: tuple[str, ...] = ()


class Checker:
    """Decides whether references together carry a claim; safe to share between threads."""

    def __init__(self, reranker: Reranker, destination: Destination | None = None) -> None:
        """Take the cross-encoder for what words leave open; the destination's names count as said in every source."""
        self._reranker = reranker
        names = (*destination.names, destination.stand_in) if destination else ()
        self._own = frozenset(key(word) for name in names for word in re.findall(r"\w+", name))

    def check(self, claim: str, references: Sequence[str]) -> Verdict:
        """Decide whether the references together say what the claim says."""
        return self._decide(claim, [read_reference(text) for text in references])

    def carriers(self, claim: str, references: Sequence[str], *, least: float = CUT) -> tuple[int, ...]:
        """The places of the fewest references, three at most, that together carry the claim; none where none do.

        ``least`` is the probability that they must reach.
        """
        read = [read_reference(text) for text in references]
        if len(claim) > _LONGEST_CLAIM:
            return ()
        bare = tuple(sentences(without_markers(claim)))
        shares = [self._share(bare, reference) for reference in read]
        order = sorted((place for place in range(len(read)) if shares[place]), key=lambda place: -shares[place])
        for count in (1, 2, 3):
            among = order if count == 1 else order[:_TOGETHER]
            best: tuple[float, tuple[int, ...]] | None = None
            for chosen in combinations(among, count):
                verdict = self._decide(claim, [read[place] for place in chosen])
                if verdict.supported and verdict.score >= least and (best is None or verdict.score > best[0]):
                    best = (verdict.score, chosen)
            if best:
                return tuple(sorted(best[1]))
        return ()

    def weigh(self, claim: str, references: Sequence[Reference]) -> Weighed:
        """Compare a claim with its references, without deciding; a claim of whole sentences of theirs is settled."""
        if len(claim) > _LONGEST_CLAIM:
            return Weighed(Verdict(False, 0.0, ("too long for one claim",)))
        bare = without_markers(claim)
        read = tuple(sentences(bare))
        if not any(sentence.content or sentence.numbers for sentence in read):
            return Weighed(Verdict(False, 0.0, ("nothing is claimed",)))
        if not any(reference.words.strip() for reference in references):
            return Weighed(Verdict(False, 0.0, ("no source is given",)))
        if any(_stands_whole(bare, reference.words) for reference in references):
            return Weighed(Verdict(True, _WORD_FOR_WORD))
        aligned = align(read, references, self._own)
        if not aligned.words and not aligned.numbers:  # "a comment by a reader", say
            return Weighed(Verdict(False, 0.0, ("nothing is claimed",)))
        forbidden = tuple(stops(bare, aligned, references, self._own))
        return Weighed(None, aligned, signs(aligned, self._own), forbidden)

    def reading(self, aligned: Aligned) -> float:
        """The cross-encoder's logit of a claim with its best sentences."""
        (logit,) = self._reranker.score(aligned.text, [aligned.best_text])
        return logit

    def _decide(self, claim: str, references: Sequence[Reference]) -> Verdict:
        weighed = self.weigh(claim, references)
        if weighed.settled or weighed.aligned is None or weighed.signs is None:
            return weighed.settled or Verdict(False, 0.0)
        chance = WORDS.probability(weighed.signs)
        if weighed.stops:
            return Verdict(False, min(chance, _STOPPED), weighed.stops)
        if READ_FROM <= chance < READ_TO:
            chance = READING.probability({**weighed.signs, "reading": self.reading(weighed.aligned)})
        if chance >= CUT:
            return Verdict(True, chance)
        return Verdict(False, chance, tuple(weaknesses(weighed.aligned, weighed.signs, self._own)))

    def _share(self, claim: tuple[Sentence, ...], reference: Reference) -> float:
        """The share of a claim's words and numbers that one reference has."""
        aligned = align(claim, [reference], self._own)
        said = [number for sentence in aligned.sources for number in sentence.numbers]
        met = sum(aligned.met) + sum(any(map(number.agrees, said)) for number in aligned.numbers)
        return met / max(len(aligned.met) + len(aligned.numbers), 1)


def _stands_whole(claim: str, words: str) -> bool:
    """Whether a claim is one or more whole sentences of a text, word for word."""
    wanted = " ".join(plain(claim).split()).rstrip(".!?… ")
    there = " ".join(plain(words).split())
    return bool(wanted) and bool(re.search(_SENTENCE_BEFORE + re.escape(wanted) + _SENTENCE_BEHIND, there))
