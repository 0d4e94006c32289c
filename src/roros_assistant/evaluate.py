"""A user's own questions with what is expected of the answers -> how often the assistant does as expected."""

import difflib
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from roros_assistant.assistant import Assistant
from roros_assistant.types import Answer, Citation, Corpus, Progress, Status, Turn

_FIRST = 3  # citations among which a right one has to be: what a reader sees without scrolling
_TYPED = str.maketrans("‘’“”", "''\"\"")  # quotation marks as a keyboard has them


class Verdict(StrEnum):
    """What became of a question."""

    RIGHT = "right"  # a right citation is among the first three, or it is refused as it should be
    WRONG_CITATION = "wrong_citation"
    WRONGLY_REFUSED = "wrongly_refused"
    WRONGLY_ANSWERED = "wrongly_answered"


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the document or the words that a right citation has; with neither it must be refused."""

    id: str | int
    question: str
    history: tuple[Turn, ...] = ()
    document: str | None = None
    quote: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether an answer is expected."""
        return self.document is not None or self.quote is not None

    def accepts(self, citation: Citation) -> bool:
        """Whether a citation is one that was meant; spaces, case and the shape of quotation marks do not count."""
        from_it = self.document is None or citation.document_id == self.document
        return from_it and (self.quote is None or _plain(self.quote) in _plain(citation.quote))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's answer and what is to be said of it."""

    item: Item
    answer: Answer
    verdict: Verdict
    quotes: int  # shown, the nearest of a refusal too
    verbatim: int  # of them, those that stand word for word where they say


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """In [0, 1]; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes, in the order of the questions, and their sums."""

    outcomes: tuple[Outcome, ...]

    @property
    def as_expected(self) -> Count:
        """Questions answered rightly or rightly refused."""
        return Count(self._with(Verdict.RIGHT), len(self.outcomes))

    @property
    def right_in_three(self) -> Count:
        """Answerable questions with a right citation among the first three."""
        return Count(sum(each.item.answerable and each.verdict is Verdict.RIGHT for each in self.outcomes), self._known)

    @property
    def wrongly_refused(self) -> Count:
        """Answerable questions that are refused."""
        return Count(self._with(Verdict.WRONGLY_REFUSED), self._known)

    @property
    def rightly_refused(self) -> Count:
        """Of the questions that must be refused, those that are."""
        unknown = len(self.outcomes) - self._known
        return Count(unknown - self._with(Verdict.WRONGLY_ANSWERED), unknown)

    @property
    def verbatim(self) -> Count:
        """Quotes that stand word for word where they say."""
        return Count(sum(each.verbatim for each in self.outcomes), sum(each.quotes for each in self.outcomes))

    @property
    def median_seconds(self) -> float:
        """From a question to its whole answer."""
        return statistics.median(each.answer.seconds for each in self.outcomes) if self.outcomes else 0.0

    @property
    def _known(self) -> int:
        return sum(each.item.answerable for each in self.outcomes)

    def _with(self, verdict: Verdict) -> int:
        return sum(each.verdict is verdict for each in self.outcomes)


def evaluate(items: Sequence[Item], assistant: Assistant, progress: Progress | None = None) -> Evaluation:
    """Ask every question, each in its own conversation, and judge the answers."""
    outcomes = []
    for item in items:
        answer = assistant.ask(item.question, item.history)
        shown = (*answer.citations, *answer.nearest)
        verbatim = sum(map(assistant.verify_citation, shown))
        outcomes.append(Outcome(item, answer, judge(item, answer), len(shown), verbatim))
        if progress is not None:
            progress("evaluating", len(outcomes), len(items))
    return Evaluation(tuple(outcomes))


def judge(item: Item, answer: Answer) -> Verdict:
    """Compare an answer with what is expected of it; refused means that the sources are said not to say."""
    refused = answer.status is Status.NOT_IN_SOURCES
    if not item.answerable:
        return Verdict.RIGHT if refused else Verdict.WRONGLY_ANSWERED
    if any(map(item.accepts, answer.citations[:_FIRST])):
        return Verdict.RIGHT
    return Verdict.WRONGLY_REFUSED if refused else Verdict.WRONG_CITATION


def fault(item: Item, corpus: Corpus) -> str:
    """Why no answer could ever be right, empty where one could: sources change, questions about them stay."""
    if item.document is not None and item.document not in corpus.by_id:
        near = difflib.get_close_matches(item.document, corpus.by_id, n=1, cutoff=0.0)
        return f"the sources have no document {item.document!r}; the nearest is {near[0]!r}"
    documents = corpus.documents if item.document is None else (corpus.by_id[item.document],)
    if item.quote is not None and not any(_plain(item.quote) in _plain(document.text) for document in documents):
        return "the quote stands in no source" if item.document is None else f"the quote is not in {item.document!r}"
    return ""


def _plain(text: str) -> str:
    return " ".join(text.translate(_TYPED).split()).casefold()
