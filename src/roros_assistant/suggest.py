"""Questions to ask next: what the sources can answer and this conversation has not yet, the nearest first."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Event

import numpy as np
from langchain_core.embeddings import Embeddings

from roros_assistant.askable import Candidate
from roros_assistant.passages import neutral
from roros_assistant.types import Answer, Destination, Status, Turn

_COUNT = 3
# Cosine from which two questions ask the same, the place's name put away: of 35 questions for the shipped sources two
# pairs are above .65, and both ask the same ("What is the food like?", "What is the local food like?").
_SAME = 0.7
# What the quotes just shown name comes first: as much nearer as this cosine.
_JUST_NAMED = 0.3
_TURNS = 6  # questions of a conversation that a paraphrase is looked for in; older ones are compared by their words

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


class Suggester:
    """Ranks questions that the sources can answer by their nearness to a conversation; safe to share between threads.

    A question that is not trusted is shown once ``check`` has asked it; one that found no answer never.
    """

    def __init__(
        self, candidates: Iterable[Candidate | str], embedder: Embeddings, destination: Destination | None = None
    ) -> None:
        """Take candidates, the most promising first; a bare string is a trusted question."""
        self._candidates = [
            Candidate(candidate, trusted=True) if isinstance(candidate, str) else candidate for candidate in candidates
        ]
        self._answered: dict[str, bool] = {}
        self._embed = lru_cache(maxsize=512)(lambda text: np.asarray(embedder.embed_query(self._bare(text))))
        place = destination or Destination()
        self._place = replace(place, aliases=(*place.aliases, place.stand_in), stand_in="here")
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}

    def suggest(self, question: str, history: Sequence[Turn], shown: Sequence[str] = ()) -> tuple[str, ...]:
        """At most three questions that are neither asked nor answered yet; for a blank question the first ones.

        Args:
            question: what was just asked.
            history: the turns before it.
            shown: the quotes of the answer just given, word for word.
        """
        asked = [*(turn.content for turn in history if turn.role == "user"), question]
        said = [_plain(turn.content) for turn in history if turn.role == "assistant"] + [
            _plain(quote) for quote in shown
        ]
        words = {_plain(text) for text in asked}
        left = [
            candidate
            for candidate in self._candidates
            if self._answered.get(candidate.question, candidate.trusted)
            and _plain(candidate.question) not in words
            and not (candidate.lead and any(_plain(candidate.lead) in text for text in said))
        ]
        if not any(words):
            return tuple(candidate.question for candidate in left[:_COUNT])
        return self._nearest(left, [text for text in asked if text.strip()], shown)

    def warm(self) -> None:
        """Embed the candidates now rather than with the first question: some 5 ms each."""
        new = [item.question for item in self._candidates if item.question not in self._vectors]
        if new:
            vectors = np.asarray(self._embedder.embed_documents([self._bare(question) for question in new]))
            self._vectors.update(zip(new, vectors, strict=True))

    def check(self, answer: Callable[[str], Answer], *, rest: float = 1.0, stop: Event | None = None) -> None:
        """Ask every candidate once and keep what answers it; meant for a thread of its own, until ``stop`` is set.

        ``rest`` is how long to pause after each, as a share of the time it took: visitors come first.
        """
        stop = stop or Event()
        for place, candidate in enumerate(self._candidates):
            if stop.is_set():
                return
            started = time.monotonic()
            found = answer(candidate.question)
            answered = found.status is Status.ANSWERED and _speaks_of(candidate.subject, found)
            self._answered[candidate.question] = answered
            if answered and candidate.lead is None:
                self._candidates[place] = replace(candidate, lead=found.citations[0].quote)
            stop.wait((time.monotonic() - started) * rest)

    def _nearest(self, left: Sequence[Candidate], asked: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
        self.warm()
        now = self._embed(asked[-1])
        before = [now, *(self._embed(text) for text in asked[-_TURNS:-1])]
        quotes = " ".join(shown).casefold()
        nearness = {
            candidate.question: float(self._vectors[candidate.question] @ now)
            + _JUST_NAMED * bool(candidate.subject and candidate.subject.casefold() in quotes)
            for candidate in left
        }
        chosen: list[Candidate] = []
        for candidate in sorted(left, key=lambda candidate: -nearness[candidate.question]):
            alike = [*before, *(self._vectors[other.question] for other in chosen)]
            fresh = all(self._vectors[candidate.question] @ other < _SAME for other in alike)
            if fresh and (candidate.lead is None or candidate.lead not in {other.lead for other in chosen}):
                chosen.append(candidate)
            if len(chosen) == _COUNT:
                break
        return tuple(candidate.question for candidate in chosen)

    def _bare(self, question: str) -> str:
        """A question without the place's name, which makes all questions alike."""
        return neutral(question, self._place)


def _speaks_of(subject: str | None, answer: Answer) -> bool:
    """Whether the first quotes hold what was asked about; a comment's author is its speaker."""
    if subject is None:
        return True
    return any(subject.casefold() in f"{cited.author} {cited.quote}".casefold() for cited in answer.citations[:2])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
