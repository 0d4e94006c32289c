"""quotes + a chat model -> sentences, each checked against the quotes that it cites before anybody sees it."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING

from roros_assistant.cite import cite
from roros_assistant.errors import WritingFault
from roros_assistant.generate import Sentence
from roros_assistant.passages import neutral
from roros_assistant.rerank import Reranker
from roros_assistant.short import YES_NO
from roros_assistant.stems import stems
from roros_assistant.types import Answer, Citation, Claim, Corpus, Passage, Short, Turn
from roros_assistant.verify import SHOWN_FROM, Checker, Verdict, reference_text

if TYPE_CHECKING:
    from roros_assistant.generate.writer import Writer

_WITHOUT_REASON = "the sources do not carry it"
_LEANS = "it speaks of a sentence that is left out"
_SAYS_NOTHING = "it says nothing that the question does not"
_BESIDE_THE_POINT = "it does not answer the question"
# Sentences that go on from the one before; "it" by itself may be idle, or mean what was asked about.
_POINTS_BACK = re.compile(
    r"(?:they|this|that|these|those|he|she|their|his|her)\b|its?\b.* (?:also|too|as well)\b", re.IGNORECASE
)
# Log-odds that a first sentence may hold less of an answer than the best quote, or than even odds: what repeats the
# quote reads as well or better (2.9 to its 2.2, 3.9 to 2.7), a sentence beside the point far below (-2.0 to 0.6, -4.9
# to 2.2).
_LESS = 1.0
# The best quotes that a model gets one by one, to be repeated, where nothing passes.
_ONE_BY_ONE = 3


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be written."""

    quoted: Answer  # the answer by quotes, at least one
    question: str  # stands alone
    history: Sequence[Turn]
    until: float  # time.monotonic() when it must be over
    stop: Event | None  # ends the model's work when it is set

    @property
    def passages(self) -> list[Passage]:
        """What may be said, in the order of their numbers."""
        return list(dict.fromkeys(passage for claim in self.quoted.claims for passage in claim.passages))

    @property
    def attempts(self) -> list[tuple[tuple[Citation, ...], bool]]:
        """The quotes to write of, and whether to be asked more simply, until something passes.

        A small model mixes quotes up, and says that nothing answers where something does.
        """
        quotes = self.quoted.citations
        usually = [(quotes, False), (quotes[:1], False)] if len(quotes) > 1 else [(quotes, False)]
        return [*usually, *(((quote,), True) for quote in quotes[:_ONE_BY_ONE])]


@dataclass(frozen=True, slots=True)
class _Written:
    """What of an answer has been written and found carried, so far."""

    claims: tuple[Claim, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # sentences that no passage carries or that answer nothing, and why
    gap: bool = False  # the last sentence is not shown
    trouble: str = ""  # what ended the writing early, in a sentence for the reader

    @property
    def left_out(self) -> tuple[str, ...]:
        """Why, one for each sentence that is not shown; said twice, it counts once."""
        return tuple(dict(self.refused).values())


class Prose:
    """Has answers written by one chat model from one corpus; safe to share between threads.

    The model gets the quotes that answer and nothing else: given what lies near besides, a small one repeats that.
    """

    def __init__(self, writer: "Writer", checker: Checker, reranker: Reranker, corpus: Corpus) -> None:
        self.writer = writer
        self._checker = checker
        self._reranker = reranker
        self._corpus = corpus

    def write(
        self,
        quoted: Answer,
        question: str,
        history: Sequence[Turn],
        *,
        until: float,
        stop: Event | None = None,
    ) -> Iterator[Answer]:
        """The answer as it is written, a checked sentence more each time; the one by quotes where none is carried.

        Args:
            quoted: the answer by quotes, at least one.
            question: stands alone.
            history: the conversation before it.
            until: ``time.monotonic()`` when it must be over.
            stop: ends the model's work when it is set.
        """
        task = _Task(quoted, question, history, until, stop)
        written = _Written()
        for written in self._written(task):
            if written.claims:
                yield self._in_prose(quoted, written)
        if not written.claims:
            yield replace(quoted, left_out=written.left_out, notice=written.trouble)

    def _written(self, task: _Task) -> Iterator[_Written]:
        """What has been written, with a sentence more each time, until an attempt has brought one that passes."""
        written = _Written()
        for quotes, again in task.attempts:
            for stage in self._attempted(task, quotes, replace(written, gap=False), again=again):
                written = stage
                yield stage
            if written.claims or written.trouble or (task.stop and task.stop.is_set()):
                return

    def _attempted(
        self, task: _Task, quotes: Sequence[Citation], written: _Written, *, again: bool
    ) -> Iterator[_Written]:
        """What had been written, with a sentence more of some of the quotes each time."""
        seconds = max(0.0, task.until - time.monotonic())
        writing = self.writer.write(task.question, task.history, quotes, again=again, stop=task.stop, seconds=seconds)
        # Closed whatever happens: the model's work ends with the reader's interest.
        with closing(writing) as sentences:
            try:
                for sentence in sentences:
                    written = self._with(task, written, sentence)
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

    def _with(self, task: _Task, written: _Written, sentence: Sentence) -> _Written:
        """What has been written with one sentence more, if the passages carry it; the first must answer, too."""
        said = {stem for claim in written.claims for stem in stems(claim.text)}
        if said.issuperset(stems(sentence.text)) and said:
            return written  # said again
        carrying, verdict = self._carried(sentence, task.passages)
        reason = "; ".join(verdict.reasons) or _WITHOUT_REASON
        if carrying and written.gap and _POINTS_BACK.match(sentence.text):
            carrying, reason = [], _LEANS
        elif carrying and not _says_something(sentence.text, task.question, carrying):
            carrying, reason = [], _SAYS_NOTHING
        elif carrying and not written.claims and not self._answers(task, sentence.text):
            carrying, reason = [], _BESIDE_THE_POINT
        if not carrying:
            return replace(written, refused=(*written.refused, (sentence.text, reason)), gap=True)
        claim = Claim(sentence.text, tuple(carrying), verdict.score)
        return replace(written, claims=(*written.claims, claim), gap=False)

    def _answers(self, task: _Task, text: str) -> bool:
        """Whether a sentence answers about as well as the best quote does."""
        asked, best, said = (
            neutral(each, self._corpus.destination) for each in (task.question, task.quoted.citations[0].quote, text)
        )
        quoted, written = self._reranker.answers(asked, [best, said])
        return written >= min(quoted, 0.0) - _LESS

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


def _says_something(text: str, question: str, carrying: Sequence[Passage]) -> bool:
    """Whether a sentence has words of its passages, and of those one that the question lacks, unless that asks if so.

    "The museum." is carried by every passage about it, "comment by a reader, Tom" by the head of his.
    """
    told = {stem for passage in carrying for stem in stems(passage.text)}.intersection(stems(text))
    return bool(told if YES_NO.search(question) else told.difference(stems(question)))


def _moved(short: Short, before: Sequence[Citation], after: Sequence[Citation]) -> Short | None:
    """A short answer under the number that its quote has now, if that is cited still."""
    [quote] = [cited for cited in before if cited.number == short.citation]
    places = {(cited.document_id, cited.start): cited.number for cited in after}
    number = places.get((quote.document_id, quote.start))
    return None if number is None else replace(short, citation=number)
