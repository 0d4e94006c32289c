"""draft + a chat model -> sentences, each checked against the passages that it cites before anybody sees it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from roros_assistant.cite import citation, cite
from roros_assistant.compose import Draft
from roros_assistant.errors import WritingFault
from roros_assistant.generate import Sentence
from roros_assistant.types import Answer, Citation, Claim, Corpus, Hit, Passage, Short, Turn
from roros_assistant.verify import SHOWN_FROM, Checker, Verdict, reference_text

if TYPE_CHECKING:
    from roros_assistant.generate.writer import Writer

# A model that sees one quote repeats it; with what lies nearest beside it, there is something to write about.
_LEAST_PASSAGES = 4
_MOST_PASSAGES = 10
_WITHOUT_REASON = "the sources do not carry it"


@dataclass(frozen=True, slots=True)
class _Written:
    """What of an answer has been written and found carried, so far."""

    claims: tuple[Claim, ...] = ()
    left_out: tuple[str, ...] = ()  # why, one for each sentence that no passage carries
    trouble: str = ""  # what ended the writing early, in a sentence for the reader

    def answers(self, draft: Draft) -> bool:
        """Whether a sentence rests on a quote that answers: else the point is lost."""
        quoted = {passage for claim in draft.claims for passage in claim.passages}
        return any(quoted.intersection(claim.passages) for claim in self.claims)


class Prose:
    """Has answers written by one chat model from one corpus; safe to share between threads."""

    def __init__(self, writer: "Writer", checker: Checker, corpus: Corpus) -> None:
        self.writer = writer
        self._checker = checker
        self._corpus = corpus

    def write(
        self,
        quoted: Answer,
        draft: Draft,
        question: str,
        history: Sequence[Turn],
        *,
        until: float,
        stop: Event | None = None,
    ) -> Iterator[Answer]:
        """The answer as it is written, a checked sentence more each time; the one by quotes where the point is lost.

        Args:
            quoted: the answer by quotes, with what was found.
            draft: its claims, at least one.
            question: stands alone.
            history: the conversation before it.
            until: ``time.monotonic()`` when it must be over.
            stop: ends the model's work when it is set.
        """
        written = _Written()
        for written in self._written(draft, quoted, question, history, until, stop):
            if written.claims:
                yield self._in_prose(quoted, written)
        if not written.answers(draft):
            yield replace(quoted, left_out=written.left_out, notice=written.trouble)

    def _written(
        self, draft: Draft, quoted: Answer, question: str, history: Sequence[Turn], until: float, stop: Event | None
    ) -> Iterator[_Written]:
        passages = _passages(draft, quoted.retrieved)
        cited = [citation(passage, number, self._corpus) for number, passage in enumerate(passages, start=1)]
        written = _Written()
        seconds = max(0.0, until - time.monotonic())
        # Closed whatever happens: the model's work ends with the reader's interest.
        with closing(self.writer.write(question, history, cited, stop=stop, seconds=seconds)) as sentences:
            try:
                for sentence in sentences:
                    written = self._with(written, sentence, passages)
                    yield written
            except WritingFault as fault:
                yield replace(written, trouble=str(fault))

    def _in_prose(self, quoted: Answer, written: _Written) -> Answer:
        claims, citations = cite(written.claims, self._corpus)
        return replace(
            quoted,
            claims=claims,
            citations=citations,
            short=quoted.short and _moved(quoted.short, quoted.citations, citations),
            notice=written.trouble,
            left_out=written.left_out,
            writer=self.writer.name,
        )

    def _with(self, written: _Written, sentence: Sentence, passages: Sequence[Passage]) -> _Written:
        """What has been written with one sentence more, if the passages carry it and it says something new."""
        if any(claim.text == sentence.text for claim in written.claims):
            return written
        carrying, verdict = self._carried(sentence, passages)
        if not carrying:
            reason = "; ".join(verdict.reasons) or _WITHOUT_REASON
            return replace(written, left_out=(*written.left_out, reason))
        claim = Claim(sentence.text, tuple(carrying), verdict.score)
        return replace(written, claims=(*written.claims, claim))

    def _carried(self, sentence: Sentence, passages: Sequence[Passage]) -> tuple[list[Passage], Verdict]:
        """The passages that carry a sentence: those that it cites, or, where they do not, the fewest that do."""
        said = [passages[number - 1] for number in sentence.numbers]
        verdict = self._check(sentence.text, said)
        if verdict.score >= SHOWN_FROM:
            return said, verdict
        references = [reference_text(one, self._corpus) for one in passages]
        places = self._checker.carriers(sentence.text, references, least=SHOWN_FROM)
        if not places:
            return [], verdict if said else self._check(sentence.text, passages)
        found = [passages[place] for place in places]
        return found, self._check(sentence.text, found)

    def _check(self, claim: str, passages: Sequence[Passage]) -> Verdict:
        return self._checker.check(claim, [reference_text(passage, self._corpus) for passage in passages])


def _passages(draft: Draft, hits: Sequence[Hit]) -> list[Passage]:
    """What the model may speak of: the quotes, and beside few of them what was found next."""
    quoted = list(dict.fromkeys(passage for claim in draft.claims for passage in claim.passages))[:_MOST_PASSAGES]
    beside = [hit.passage for hit in hits if not any(_within(hit.passage, quote) for quote in quoted)]
    return [*quoted, *beside[: max(0, _LEAST_PASSAGES - len(quoted))]]


def _moved(short: Short, before: Sequence[Citation], after: Sequence[Citation]) -> Short | None:
    """A short answer under the number that its quote has now, if that is cited still."""
    [quote] = [cited for cited in before if cited.number == short.citation]
    places = {(cited.document_id, cited.start): cited.number for cited in after}
    number = places.get((quote.document_id, quote.start))
    return None if number is None else replace(short, citation=number)


def _within(passage: Passage, quote: Passage) -> bool:
    return passage.document_id == quote.document_id and quote.start <= passage.start and passage.end <= quote.end
