"""question -> ranked hits: meaning and wording find candidates, the cross-encoder reads them, one score decides."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from langchain_core.embeddings import Embeddings

from roros_assistant.asked import KindAsked, has_kind, kind_asked
from roros_assistant.index import Index
from roros_assistant.index.wording import stems
from roros_assistant.passages import model_text, neutral
from roros_assistant.rerank import Reranker
from roros_assistant.types import Evidence, Hit, Passage

# Found by meaning and by wording alike; of these the budget decides how many are read.
_FOUND = 80
# Ranks are fused, not scores: a cosine and a BM25 score share no scale. 10 rather than the published 60: of 120 golden
# questions a right sentence is among the first 16 of the fused list for .958 against .933, all else alike.
_RANK_DAMPING = 10
# Holding the kind of thing asked for counts as much as standing at this place in one of the two lists.
_KIND_PLACE = 5
# Tokens, 35 pairs in the median: 0.30 s on one thread. 1,900 take 0.41 s and put a right sentence first no more often.
READING_BUDGET = 1_300
# Log-odds that a passage answers: logistic regression by benchmarks/calibrate.py, when 1,900 tokens were read. Fitted
# anew on 1,300 they come out within a third of this, and put a right sentence among the first three no more often.
_INTERCEPT = -2.73
_READING = 0.20
_SIMILARITY = 3.07
_COVERAGE = 2.43
_LACKS_KIND = -1.80

_HAS_WORD = re.compile(r"\w")
_SHORTEST_START = 4  # letters: "camp", "view"; shorter ones begin too many words


class Retriever:
    """Everything that finding needs, opened once; safe to share between threads."""

    def __init__(self, index: Index, embedder: Embeddings, reranker: Reranker) -> None:
        self.index = index
        self._embedder = embedder
        self._reranker = reranker
        self._destination = index.corpus.destination
        self._own_words = frozenset(stems(self._destination.stand_in))
        self._seen_in = Counter(word for passage in index.passages for word in self._content(passage))

    def retrieve(self, question: str) -> list[Hit]:
        """Return the passages that best answer ``question``, best first; a question without a word matches nothing."""
        if not _HAS_WORD.search(question):
            return []
        asked = neutral(question, self._destination)
        kind = kind_asked(question)
        vector = self._embedder.embed_query(asked)
        similarity = dict(self.index.nearest(vector, _FOUND))
        by_wording = [passage for passage, _ in self.index.matching(asked, _FOUND)]
        candidates = _fuse([list(similarity), by_wording], question, kind)
        readings = self._read(asked, candidates)
        words = frozenset(stems(asked)) - self._own_words
        hits = [
            self._hit(passage, reading, similarity.get(passage, 0.0), self._coverage(words, passage), kind, question)
            for passage, reading in zip(candidates, readings, strict=False)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))  # id: ties are stable

    def similarities(self, passage: Passage, others: Sequence[Passage]) -> list[float]:
        """Cosine of a passage with each of ``others``."""
        vector = self._embedder.embed_query(neutral(passage.text, self._destination))
        near = dict(self.index.nearest(vector, _FOUND))
        return [near.get(other, 0.0) for other in others]

    def _read(self, asked: str, candidates: Sequence[Passage]) -> list[float]:
        """The cross-encoder's logits of the candidates that fit into the budget."""
        texts = [model_text(passage, self.index.corpus) for passage in candidates]
        # A traveller's bare "hotels" means here; said so, questions about elsewhere stand out too: area under the
        # curve of answerable against unanswerable golden questions .89 with these words, .86 without.
        stand_in = self._destination.stand_in
        placed = asked if stand_in in asked else f"{asked.rstrip(' ?.!')} in {stand_in}"
        return self._reranker.score(placed, texts, budget=READING_BUDGET)

    def _hit(
        self,
        passage: Passage,
        reading: float,
        similarity: float,
        coverage: float,
        kind: KindAsked | None,
        question: str,
    ) -> Hit:
        lacks_kind = not has_kind(kind, passage.text, question)
        score = (
            _INTERCEPT + _READING * reading + _SIMILARITY * similarity + _COVERAGE * coverage + _LACKS_KIND * lacks_kind
        )
        return Hit(passage, score, Evidence(reading, similarity, coverage, lacks_kind))

    def _content(self, passage: Passage) -> frozenset[str]:
        """The stems of what the models read of a passage, without the destination's name."""
        return frozenset(stems(model_text(passage, self.index.corpus))) - self._own_words

    def _coverage(self, words: frozenset[str], passage: Passage) -> float:
        weights = {word: self._rarity(word) for word in words}
        whole = sum(weights.values())
        there = self._content(passage)
        return sum(weight * _stands_in(word, there) for word, weight in weights.items()) / whole if whole else 0.0

    def _rarity(self, word: str) -> float:
        """BM25's inverse document frequency, with sentences as documents."""
        n, count = len(self.index.passages), self._seen_in[word]
        return math.log(1 + (n - count + 0.5) / (count + 0.5))


def _stands_in(word: str, there: frozenset[str]) -> float:
    """1 for a word that is there, 0.5 for one that begins with one there ("campsite", "camp") or the other way."""
    if word in there:
        return 1.0
    starts = (min(word, other, key=len) for other in there if word.startswith(other) or other.startswith(word))
    return 0.5 if any(len(start) >= _SHORTEST_START for start in starts) else 0.0


def _fuse(rankings: Sequence[Sequence[Passage]], question: str, kind: KindAsked | None) -> list[Passage]:
    """One list of the rankings' passages, best first."""
    score: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking):
            score[passage] = score.get(passage, 0.0) + 1 / (_RANK_DAMPING + rank)
    if kind is not None:
        for passage in score:
            if has_kind(kind, passage.text, question):
                score[passage] += 1 / (_RANK_DAMPING + _KIND_PLACE)
    return sorted(score, key=lambda passage: (-score[passage], passage.id))
