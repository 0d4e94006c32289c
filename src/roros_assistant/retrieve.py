"""question -> ranked hits: meaning and wording find candidates, the cross-encoder reads them, one score decides."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from langchain_core.embeddings import Embeddings

from roros_assistant.asked import has_kind, kind_asked
from roros_assistant.index import Index
from roros_assistant.index.wording import stems
from roros_assistant.passages import model_text, neutral
from roros_assistant.places import Linker
from roros_assistant.rerank import Reranker
from roros_assistant.types import Evidence, Hit, Passage, Turn

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
# What the models read for the name of a place that the conversation is about: its passages have it all or never.
_THIS_PLACE = "this place"
# A question about a place with as many words of its own says what it asks ("do they serve alcohol", not "how much?").
_OWN_WORDS = 2
# Of the candidates read, so many come from the places talked of for one from anywhere.
_HERE_FOR_ELSEWHERE = 4
# Log-odds that a passage about another place loses, where the conversation is surely about one. Of 60 questions about
# hotels and restaurants whose reviews all speak of the same things the right place came first for .60 with 2 of it, .82
# with 3, .95 with 4 and all with 6. What answers well stays before what has nothing to do with the question.
_ELSEWHERE = 6.0
# A sentence that asks answers nothing; of the 5 best on those questions .73 belong with this, .71 without.
_ASKS = -1.5


class Retriever:
    """Everything that finding needs, opened once; safe to share between threads."""

    def __init__(self, index: Index, embedder: Embeddings, reranker: Reranker) -> None:
        self.index = index
        self._embedder = embedder
        self._reranker = reranker
        self._destination = index.corpus.destination
        self._own_words = frozenset(stems(self._destination.stand_in))
        self._seen_in = Counter(word for passage in index.passages for word in self._content(passage))
        self._linker = Linker(index.corpus, reranker.is_word)

    def retrieve(self, question: str, history: Sequence[Turn] = ()) -> list[Hit]:
        """Return the passages that best answer ``question``, best first; a question without a word matches nothing.

        Passages about the places that the conversation is about come before others that answer as well.
        """
        if not _HAS_WORD.search(question):
            return []
        links = self._linker.link(question, history)
        asked = neutral(question, self._destination)
        if links:
            asked = self._linker.neutral(asked, _THIS_PLACE)
        kind = kind_asked(question)
        vector = self._embedder.embed_query(asked)
        candidates = self._candidates(asked, vector, links, lambda passage: has_kind(kind, passage.text, question))
        readings = self._read(asked, candidates)
        similarity = self.index.cosines(vector, candidates[: len(readings)])
        words = frozenset(stems(asked)) - self._own_words - frozenset(stems(_THIS_PLACE) if links else ())
        hits = []
        for passage, reading, cosine in zip(candidates, readings, similarity, strict=False):
            evidence = Evidence(
                reading, cosine, self._coverage(words, passage), not has_kind(kind, passage.text, question)
            )
            elsewhere = max(links.values(), default=0.0) - links.get(self._page(passage), 0.0)
            score = _log_odds(evidence) + _ASKS * passage.text.endswith("?") - _ELSEWHERE * elsewhere
            hits.append(Hit(passage, score, evidence))
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))  # id: ties are stable

    def stands_by_its_place(self, question: str, history: Sequence[Turn]) -> bool:
        """Whether a question needs no more than the place that the conversation names: the rest it says itself."""
        is_of_a_place = 1.0 in self._linker.link(question, history).values()
        return is_of_a_place and len(set(stems(question))) >= _OWN_WORDS

    def similarities(self, passage: Passage, others: Sequence[Passage]) -> list[float]:
        """Cosine of a passage with each of ``others``."""
        vector = self._embedder.embed_query(neutral(passage.text, self._destination))
        return self.index.cosines(vector, others)

    def _candidates(
        self, asked: str, vector: Sequence[float], links: Mapping[str, float], fits: Callable[[Passage], bool]
    ) -> list[Passage]:
        """What is worth reading, best first, mostly of the linked pages."""
        near = [passage for passage, _ in self.index.nearest(vector, _FOUND)]
        anywhere = _fuse([near, [passage for passage, _ in self.index.matching(asked, _FOUND)]], fits)
        if not links:
            return anywhere
        near = [passage for passage, _ in self.index.nearest_on(links, vector, _FOUND)]
        here = _fuse([near, [passage for passage, _ in self.index.matching(asked, _FOUND, links)]], fits)
        return _mix(here, [passage for passage in anywhere if self._page(passage) not in links])

    def _read(self, asked: str, candidates: Sequence[Passage]) -> list[float]:
        """The cross-encoder's logits of the candidates that fit into the budget."""
        texts = [model_text(passage, self.index.corpus) for passage in candidates]
        # A traveller's bare "hotels" means here; said so, questions about elsewhere stand out too: area under the
        # curve of answerable against unanswerable golden questions .89 with these words, .86 without.
        stand_in = self._destination.stand_in
        placed = asked if stand_in in asked else f"{asked.rstrip(' ?.!')} in {stand_in}"
        return self._reranker.score(placed, texts, budget=READING_BUDGET)

    def _page(self, passage: Passage) -> str:
        return self.index.corpus.by_id[passage.document_id].article_id

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


def _log_odds(evidence: Evidence) -> float:
    return (
        _INTERCEPT
        + _READING * evidence.reading
        + _SIMILARITY * evidence.similarity
        + _COVERAGE * evidence.coverage
        + _LACKS_KIND * evidence.lacks_kind
    )


def _mix(here: Sequence[Passage], elsewhere: Sequence[Passage]) -> list[Passage]:
    """Both in their order, one from elsewhere behind each few from here."""
    mixed: list[Passage] = []
    rest = iter(elsewhere)
    for start in range(0, len(here), _HERE_FOR_ELSEWHERE):
        mixed += here[start : start + _HERE_FOR_ELSEWHERE]
        mixed += islice(rest, 1)
    return [*mixed, *rest]


def _stands_in(word: str, there: frozenset[str]) -> float:
    """1 for a word that is there, 0.5 for one that begins with one there ("campsite", "camp") or the other way."""
    if word in there:
        return 1.0
    starts = (min(word, other, key=len) for other in there if word.startswith(other) or other.startswith(word))
    return 0.5 if any(len(start) >= _SHORTEST_START for start in starts) else 0.0


def _fuse(rankings: Sequence[Sequence[Passage]], fits: Callable[[Passage], bool]) -> list[Passage]:
    """One list of the rankings' passages, best first; those that hold the kind of thing asked for stand higher."""
    score: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking):
            score[passage] = score.get(passage, 0.0) + 1 / (_RANK_DAMPING + rank)
    for passage in score:
        if fits(passage):
            score[passage] += 1 / (_RANK_DAMPING + _KIND_PLACE)
    return sorted(score, key=lambda passage: (-score[passage], passage.id))
