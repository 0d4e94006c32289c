"""What speaks for a passage as the answer to a question: its words, and words that mean much the same."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from roros_assistant.asked import extremes, has_kind, kind_asked
from roros_assistant.passages import fold, model_text
from roros_assistant.stems import content_words, stem
from roros_assistant.types import Corpus, Evidence, Passage

_TOKEN = re.compile(r"\w+")
_CAPITAL = re.compile(r"(?<=[^\W_][ ,(“\"'’])(?:[^\W\d_a-z])\w+")
_NUMBERS = re.compile(r"\d+")
Vectors = NDArray[np.float32]
WordVectors = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class _Words:
    """The content words of a text: their stems, and their rows among the vectors of all words."""

    stems: frozenset[str]
    rows: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a question and, in their order, of the passages found for it, before the reader reads them."""

    question: str  # as it was put; its words tell the kind of thing that is asked for
    asked: str  # the same with names neutral, as the models read it
    cosines: Sequence[float]  # similarity to the question, in [-1, 1]
    rivals: int = 1  # passages that were searched
    breadth: float = 0.0  # how surely the question is a broad one
    aspects: Sequence[float] = ()  # the probabilities that they belong to what it is about; none where it is not broad
    surroundings: Sequence[float] = ()  # the means of these over the sentences around each; likewise


class Weigher:
    """Compares questions with the passages of one corpus; safe to share between threads."""

    def __init__(
        self, passages: Sequence[Passage], corpus: Corpus, word_vectors: WordVectors, own_words: frozenset[str]
    ) -> None:
        """Learn the words of the corpus; ``own_words`` are stems that tell nothing apart."""
        self._passages = passages
        self._corpus = corpus
        self._word_vectors = word_vectors
        self._own_words = own_words
        self._row = {passage.id: row for row, passage in enumerate(passages)}
        texts = [self._content(model_text(passage, corpus)) for passage in passages]
        titles = {document.title: self._content(document.title) for document in corpus.documents}
        known = {word: row for row, word in enumerate(sorted(set(chain(*texts, *titles.values()))))}
        self._vectors = word_vectors(list(known))
        self._texts = [_words(text, known) for text in texts]
        self._titles = {title: _words(text, known) for title, text in titles.items()}
        self._seen_in = Counter(word for text in self._texts for word in text.stems)

    def weigh(self, found: Found, passages: Sequence[Passage]) -> list[Evidence]:
        """The evidence of each passage found, the reader's word still to come."""
        question, asked = found.question, found.asked
        words = list(dict.fromkeys(self._content(asked)))
        rarity = np.array([self._rarity(stem(word)) for word in words])
        vectors = self._word_vectors(words)
        kind = kind_asked(question)
        marks = _names_and_numbers(asked)
        weighed: list[Evidence] = []
        unasked = [0.0] * len(passages)
        broad = (found.aspects or unasked, found.surroundings or unasked)
        for passage, cosine, aspect, surroundings in zip(passages, found.cosines, *broad, strict=True):
            here = self._met(words, vectors, [self._texts[self._row[passage.id]]])
            around = self._met(words, vectors, self._around(passage))
            text = self._context(passage)
            weighed.append(
                Evidence(
                    similarity=cosine,
                    coverage=_share(here, rarity),
                    context=_share(around, rarity),
                    lacks_kind=not has_kind(kind, passage.text, question),
                    tells=kind is not None and kind.tells and has_kind(kind, passage.text, question),
                    breadth=found.breadth,
                    rivals=found.rivals,
                    aspect=aspect,
                    surroundings=surroundings,
                    extremes=extremes(question, text),
                    unmet=len(marks - set(_TOKEN.findall(fold(text.casefold())))),
                )
            )
        return weighed

    def count_words(self, asked: str) -> int:
        """How many words of its own a question has."""
        return len(set(self._content(asked)))

    def _met(self, words: Sequence[str], vectors: Vectors, texts: Sequence[_Words]) -> NDArray[np.float64]:
        """How nearly each word stands in any of the texts: 1 for the word itself, else the best cosine, in [0, 1]."""
        met = np.zeros(len(words))
        for text in texts:
            if len(text.rows) and len(words):
                met = np.maximum(met, (vectors @ self._vectors[text.rows].T).max(axis=1))
            met = np.maximum(met, [float(stem(word) in text.stems) for word in words])
        return np.clip(met, 0.0, 1.0)

    def _around(self, passage: Passage) -> list[_Words]:
        """A passage with the sentences beside it, and the title that it stands under."""
        title = self._titles[self._corpus.by_id[passage.document_id].title]
        return [*(self._texts[self._row[each.id]] for each in self.window(passage, 1)), title]

    def with_neighbours(self, passage: Passage) -> str:
        """A passage with the sentences beside it, in their order."""
        return " ".join(each.text for each in self.window(passage, 1))

    def window(self, passage: Passage, reach: int) -> list[Passage]:
        """A passage with at most so many sentences of its document before it and after it, in their order."""
        row = self._row[passage.id]
        near = self._passages[max(0, row - reach) : row + reach + 1]
        return [each for each in near if each.document_id == passage.document_id]

    def _context(self, passage: Passage) -> str:
        """A passage with the sentences beside it, its title and, of a comment, its writer."""
        document = self._corpus.by_id[passage.document_id]
        return " ".join([document.title, document.author or "", self.with_neighbours(passage)])

    def _content(self, text: str) -> list[str]:
        return [word for word in content_words(text) if stem(word) not in self._own_words]

    def _rarity(self, word: str) -> float:
        """BM25's inverse document frequency of a stem, with sentences as documents."""
        n, count = len(self._passages), self._seen_in[word]
        return math.log(1 + (n - count + 0.5) / (count + 0.5))


def _names_and_numbers(question: str) -> frozenset[str]:
    """The names, by their capitals inside a sentence, and the numbers of a question, folded.

    >>> sorted(_names_and_numbers("When did Look to Norway start, in 2015?"))
    ['2015', 'look', 'norway']
    """
    inner = _CAPITAL.findall(question)
    return frozenset(fold(word.casefold()) for word in [*inner, *_NUMBERS.findall(question)])


def _words(text: Sequence[str], known: Mapping[str, int]) -> _Words:
    return _Words(frozenset(map(stem, text)), np.array(sorted({known[word] for word in text}), dtype=np.intp))


def _share(met: NDArray[np.float64], rarity: NDArray[np.float64]) -> float:
    whole = float(rarity.sum())
    return float((met * rarity).sum()) / whole if whole else 0.0
