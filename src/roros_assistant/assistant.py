"""The wiring: settings -> an Assistant, question -> Answer, step by step along the way of a question."""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from roros_assistant import words
from roros_assistant.asked import kind_asked
from roros_assistant.cite import citation, cite
from roros_assistant.compose import Draft, compose
from roros_assistant.dialogue import Understood, understand
from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.index import Index, open_index
from roros_assistant.passages import neutral
from roros_assistant.question import check_question, whole_characters
from roros_assistant.rerank import Reranker, load_reranker
from roros_assistant.retrieve import Retriever
from roros_assistant.settings import Settings
from roros_assistant.spelling import Speller
from roros_assistant.suggest import Suggester
from roros_assistant.types import Answer, Citation, Corpus, Hit, Progress, Status, Turn
from roros_assistant.verify import is_verbatim

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from one corpus; safe to share between threads."""

    def __init__(self, index: Index, embedder: Embedder, reranker: Reranker) -> None:
        self.index = index
        self.embedder = embedder
        self.retriever = Retriever(index, embedder, reranker)
        self._suggester = Suggester(index.corpus.destination.examples, embedder)
        documents = index.corpus.documents
        # Titles and authors are what sources say of themselves: their words are known too.
        texts = [" ".join([document.text, document.title, document.author or ""]) for document in documents]
        names = " ".join([*index.corpus.destination.names, index.corpus.destination.stand_in])
        self.speller = Speller([*texts, names], reranker.is_word)
        self._known_words = frozenset(re.findall(r"[^\W\d_]+", " ".join([*texts, names]).lower()))

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

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        """The answer as it is made: each one holds a claim more than the one before, the last is whole.

        Raises:
            InputInvalid: the question is empty or too long.
        """
        started = time.perf_counter()
        question = check_question(question)
        history = [Turn(turn.role, whole_characters(turn.content)) for turn in history]
        understood = understand(question, history, self._known_words)
        if understood.talk is not None or understood.language != "en":
            yield self._reply(question, understood)
            return
        is_whole = self.retriever.stands_by_its_place(question, history)
        query = self.speller.correct(question if is_whole else understood.query)
        hits = self.retriever.retrieve(query, history)
        unknown = self.speller.unknown_names(neutral(query, self.corpus.destination))
        kind = kind_asked(query)
        draft = compose(hits, self.corpus, self.retriever.similarities, kind=kind, unknown_names=unknown)
        answer = self._answer(question, understood, draft, hits)
        notice = words.notice(draft.status, self.corpus.destination, kind.name if kind else None, unknown)
        suggestions = () if draft.status is Status.ANSWERED else self._suggester.suggest(question, history)
        yield from _growing(answer)
        elapsed = time.perf_counter() - started
        # Counts and times only: what a traveller asks is theirs.
        log.info("%s hits=%d claims=%d seconds=%.2f", draft.status, len(hits), len(answer.claims), elapsed)
        yield replace(answer, notice=notice, suggestions=suggestions, seconds=elapsed)

    def verify_citation(self, shown: Citation) -> bool:
        """Whether a quote, from an older conversation perhaps, still stands in its place word for word."""
        return is_verbatim(shown, self.corpus)

    def close(self) -> None:
        """Let go of the index's private copy."""
        self.index.close()

    def _answer(self, question: str, understood: Understood, draft: Draft, hits: Sequence[Hit]) -> Answer:
        claims, citations = cite([claim for claim in draft.claims if is_verbatim(claim, self.corpus)], self.corpus)
        return Answer(
            question=question,
            standalone_question=understood.standalone,
            status=draft.status,
            claims=claims,
            citations=citations,
            nearest=tuple(citation(passage, n, self.corpus) for n, passage in enumerate(draft.nearest, start=1)),
            retrieved=tuple(hits),
        )

    def _reply(self, question: str, understood: Understood) -> Answer:
        """What needs no source: small talk, and questions in a language that the models do not read."""
        if understood.talk is not None:
            status, notice, language = Status.TALK, words.talk(understood.talk, self.corpus), "en"
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
    corpus = read_corpus(corpus_folder(settings))
    embedder = load_embedder(settings.embedding_model)
    reranker = load_reranker(settings.reranker_model)
    with ThreadPoolExecutor(max_workers=2) as pool:
        warming = [pool.submit(embedder.warm), pool.submit(reranker.warm)]
        index = open_index(corpus, embedder, settings.data, rebuild=rebuild, progress=progress)
        try:
            for loading in warming:
                loading.result()
        except BaseException:
            index.close()
            raise
    return Assistant(index, embedder, reranker)


def corpus_folder(settings: Settings) -> Path:
    """The folder of sources that a setting names, or the package's own."""
    return settings.corpus if settings.corpus is not None else default_corpus_folder()


def _growing(answer: Answer) -> Iterator[Answer]:
    """The answer with one claim, with two, and so on, short of the last."""
    for count in range(1, len(answer.claims)):
        claims = answer.claims[:count]
        numbers = {number for claim in claims for number in claim.citations}
        yield replace(answer, claims=claims, citations=answer.cited(numbers))
