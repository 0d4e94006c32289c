"""The wiring: settings -> an Assistant, question -> Answer, step by step along the way of a question."""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from roros_assistant import words
from roros_assistant.askable import candidates
from roros_assistant.asked import kind_asked
from roros_assistant.cite import citation, cite
from roros_assistant.compose import Draft, Opinion, Question, compose
from roros_assistant.dialogue import Models, Understood, understand
from roros_assistant.documents import corpus_folder, read_corpus
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.generate import open_writer
from roros_assistant.index import Index, open_index
from roros_assistant.opinions import asks_opinion, names_subject
from roros_assistant.passages import neutral
from roros_assistant.prose import Prose
from roros_assistant.question import check_question, whole_characters
from roros_assistant.rerank import Reranker, load_reranker
from roros_assistant.retrieve import Retriever
from roros_assistant.settings import Settings
from roros_assistant.short import find_short
from roros_assistant.spelling import Speller
from roros_assistant.suggest import Suggester
from roros_assistant.types import Answer, Citation, Corpus, Hit, Progress, Short, Status, Turn
from roros_assistant.verify import Checker, is_verbatim
from roros_assistant.voices import without_sources

if TYPE_CHECKING:
    from roros_assistant.generate.writer import Writer

log = logging.getLogger(__name__)

# Of the time that it takes to find out which questions the sources answer, the pauses are this many times the work.
_IDLE = 9.0


class Assistant:
    """Answers questions from one corpus; safe to share between threads."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        reranker: Reranker,
        writer: "Writer | None" = None,
        *,
        patience: float = 30.0,
    ) -> None:
        """Take what answering needs; with a ``writer``, an answer is to be written within ``patience`` seconds."""
        self.index = index
        self._patience = patience
        checker = Checker(reranker, index.corpus.destination)
        self.prose = Prose(writer, checker, reranker, index.corpus) if writer else None
        self.embedder = embedder
        self.retriever = Retriever(index, embedder, reranker)
        destination = index.corpus.destination
        askable = candidates(index.corpus, index.passages, reranker.is_word)
        self._suggester = Suggester(askable, embedder, destination)
        self._suggester.warm()
        # Titles and authors are what sources say of themselves: their words are known too.
        texts = [" ".join([one.text, one.title, one.author or ""]) for one in index.corpus.documents]
        texts.append(" ".join([*destination.names, destination.stand_in]))
        self.speller = Speller(texts, reranker.is_word, reranker.rank)
        self._understand = partial(
            understand,
            known_words=frozenset(re.findall(r"[^\W\d_]+", " ".join(texts).lower())),
            # What tells small talk and follow-ups was learnt on the packaged model's vectors.
            models=Models((embedder if embedder.is_packaged else load_embedder()).embed_query),
            destination=destination,
        )

    @property
    def corpus(self) -> Corpus:
        """The sources that are answered from."""
        return self.index.corpus

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer from the corpus, or say that it does not say.

        Raises:
            InputInvalid: the question is empty or too long.
        """
        *_, whole = self.stream(question, history)
        return whole

    def stream(self, question: str, history: Sequence[Turn] = (), *, stop: Event | None = None) -> Iterator[Answer]:
        """The answer as it is made: each one holds a claim more than the one before, the last is whole.

        Where a chat model writes and no sentence of its is carried, the quotes answer. ``stop``, when it is set, ends
        the model's work; what is there by then is the answer.

        Raises:
            InputInvalid: the question is empty or too long.
        """
        return self._stream(question, history, self.prose, stop)

    def _stream(
        self, question: str, history: Sequence[Turn], prose: Prose | None, stop: Event | None = None
    ) -> Iterator[Answer]:
        started = time.perf_counter()
        until = time.monotonic() + self._patience
        question = check_question(question)
        history = [Turn(turn.role, whole_characters(turn.content)) for turn in history]
        understood = self._understand(question, history)
        if understood.talk is not None or understood.language != "en":
            translated = self._translated(question, understood, prose, stop) if understood.talk is None else None
            yield replace(translated or self._reply(question, understood), seconds=time.perf_counter() - started)
            return
        if understood.last_answer is not None:
            yield replace(self._of_last_answer(question, understood), seconds=time.perf_counter() - started)
            return
        told = [replace(turn, content=without_sources(turn.content)) for turn in history]
        if prose is not None and understood.standalone != question:
            understood = _rewritten(understood, prose.writer.rewrite(question, told, stop=stop))
        is_whole = self.retriever.stands_by_its_place(question, told)
        query = self.speller.correct(question if is_whole else understood.query)
        hits = self.retriever.retrieve(query, told)
        asked = self._read(query)
        draft = compose(hits, self.corpus, self.retriever.similarities, asked)
        quoted = self._answer(question, understood, draft, hits)
        answer = quoted = replace(quoted, short=_short(query, asked, quoted))
        if prose is not None and quoted.claims:
            for answer in prose.write(quoted, query, told, until=until, stop=stop):
                yield answer
        else:
            yield from _growing(quoted)
        yield self._whole(answer, asked, draft, history, started)

    def _whole(self, answer: Answer, asked: Question, draft: Draft, history: Sequence[Turn], started: float) -> Answer:
        """An answer with what is said around it, and what can be asked next."""
        notice = words.notice(
            draft.status,
            self.corpus.destination,
            lacks=asked.kind.name if asked.kind and draft.lacks_kind else None,
            unheard=draft.balance is not None and draft.balance.speaking == 0,
            unknown=asked.unknown_names,
        )
        quotes = [cited.quote for cited in answer.citations]
        suggestions = self._suggester.suggest(answer.question, history, quotes)
        elapsed = time.perf_counter() - started
        # Counts and times only: what a traveller asks is theirs.
        log.info("%s hits=%d claims=%d seconds=%.2f", answer.status, len(answer.retrieved), len(answer.claims), elapsed)
        notice = " ".join(filter(None, (answer.notice, notice)))
        return replace(answer, notice=notice, suggestions=suggestions, seconds=elapsed)

    def _translated(
        self, question: str, understood: Understood, prose: Prose | None, stop: Event | None
    ) -> Answer | None:
        """Quotes for a question in another language, as a chat model puts it into English; None where it does not."""
        if prose is None or understood.language not in words.FRAMED:
            return None
        english = prose.writer.translate(question, stop=stop)
        answer = self._by_quotes(english) if english else None
        if answer is None or answer.status in (Status.NOT_UNDERSTOOD, Status.TALK):
            return None
        framing = words.framed(understood.language, answer.status)
        return replace(answer, question=question, about=english, notice=framing, language=understood.language)

    def _by_quotes(self, question: str) -> Answer:
        """The answer without a chat model, whether there is one or not."""
        *_, whole = self._stream(question, (), None)
        return whole

    def check_suggestions(self, stop: Event) -> None:
        """Find out, in idle moments, which questions the sources answer, until all are known or ``stop`` is set."""
        self._suggester.check(self._by_quotes, rest=_IDLE, stop=stop)

    def verify_citation(self, shown: Citation) -> bool:
        """Whether a quote, from an older conversation perhaps, still stands in its place word for word."""
        return is_verbatim(shown, self.corpus)

    def close(self) -> None:
        """Let go of the index's private copy, and of the chat model."""
        if self.prose is not None:
            self.prose.writer.close()
        self.index.close()

    def _read(self, query: str) -> Question:
        """What the words of a question tell."""
        kind = kind_asked(query)
        opinion = Opinion.NONE
        if asks_opinion(query) and (kind is None or not kind.decides):
            opinion = Opinion.OF_PART if names_subject(query, self.corpus.destination) else Opinion.OF_ALL
        unknown = self.speller.unknown_names(neutral(query, self.corpus.destination))
        words_asked, heard = self.retriever.count_words(query), self.retriever.speakers.asked_for(query)
        return Question(kind, words_asked, tuple(unknown), opinion, heard)

    def _answer(self, question: str, understood: Understood, draft: Draft, hits: Sequence[Hit]) -> Answer:
        claims, citations = cite([claim for claim in draft.claims if is_verbatim(claim, self.corpus)], self.corpus)
        return Answer(
            question=question,
            standalone_question=understood.standalone,
            status=draft.status,
            claims=claims,
            citations=citations,
            nearest=tuple(citation(passage, n, self.corpus) for n, passage in enumerate(draft.nearest, start=1)),
            about=understood.about,
            balance=draft.balance,
            retrieved=tuple(hits),
        )

    def _of_last_answer(self, question: str, understood: Understood) -> Answer:
        """A reply to "who says that?": the best quote of the last answer again, and what is known of its source."""
        last = self._by_quotes(understood.query)
        if not last.claims:
            reply = self._reply(question, replace(understood, talk="nothing quoted"))
            return replace(reply, about=understood.about)
        cited = last.cited(last.claims[0].citations)
        notice = words.of_source(understood.last_answer or "", cited[0])
        return replace(
            last,
            question=question,
            standalone_question=understood.standalone,
            status=Status.ANSWERED,
            claims=last.claims[:1],
            citations=cited,
            about=understood.about,
            short=None,
            balance=None,
            notice=notice,
        )

    def _reply(self, question: str, understood: Understood) -> Answer:
        """What needs no source: small talk, and questions in a language that the models do not read."""
        if understood.talk is not None:
            writer = self.prose.writer.name if self.prose else None
            status, notice, language = Status.TALK, words.talk(understood.talk, self.corpus, writer), "en"
        else:
            status = Status.NOT_UNDERSTOOD
            notice, language = words.not_understood(understood.language)
        return Answer(
            question=question,
            standalone_question=understood.standalone,
            status=status,
            notice=notice,
            language=language,
            suggestions=self._suggester.suggest("", ()),
        )


def open_assistant(settings: Settings, *, rebuild: bool = False, progress: Progress | None = None) -> Assistant:
    """Bring the index up to date and load the models, side by side.

    Raises:
        CorpusInvalid, IndexMismatch, IndexBusy, IndexUnusable, ModelUnavailable: see errors.py.
    """
    corpus = read_corpus(corpus_folder(settings.corpus))
    embedder = load_embedder(settings.embedding_model)
    reranker = load_reranker(settings.reranker_model)
    pool = ThreadPoolExecutor(max_workers=2)
    try:
        warming = [pool.submit(embedder.warm), pool.submit(reranker.warm)]
        writing = pool.submit(open_writer, settings)
        index = open_index(corpus, embedder, settings.data, rebuild=rebuild, progress=progress)
        try:
            for loading in warming:
                loading.result()
            return Assistant(index, embedder, reranker, writing.result(), patience=settings.chat_timeout)
        except BaseException:
            index.close()
            raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # who gives up does not wait for a model that is loading


def _rewritten(understood: Understood, question: str | None) -> Understood:
    """What a chat model made of a follow-up, where it made something of it."""
    if question is None:
        return understood
    return replace(understood, standalone=question, query=question, about=question)


def _growing(answer: Answer) -> Iterator[Answer]:
    """The answer with one claim, with two, and so on, short of the last."""
    for count in range(1, len(answer.claims)):
        claims = answer.claims[:count]
        numbers = {number for claim in claims for number in claim.citations}
        citations = answer.cited(numbers)
        short = answer.short if answer.short and answer.short.citation in numbers else None
        yield replace(answer, claims=claims, citations=citations, short=short)


def _short(query: str, asked: Question, answer: Answer) -> Short | None:
    """The few words in the best quote that a question asks for, where it asks for a few words."""
    if asked.opinion is not Opinion.NONE or not answer.citations:
        return None
    lead = answer.citations[0]
    span = find_short(query, asked.kind, lead.quote)
    if span is None:
        return None
    return Short(lead.quote[span.start : span.end], lead.number, lead.start + span.start, lead.start + span.end)
