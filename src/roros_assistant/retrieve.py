"""question -> ranked hits: meaning and wording find candidates, a reader tells which of them hold an answer."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from statistics import fmean

import numpy as np

from roros_assistant.asked import has_kind, kind_asked
from roros_assistant.aspects import Aspects, Meant
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.evidence import Found, Weigher
from roros_assistant.index import Index
from roros_assistant.opinions import asks_opinion
from roros_assistant.passages import model_text, neutral
from roros_assistant.places import Linker
from roros_assistant.rerank import Reranker
from roros_assistant.speakers import Speakers
from roros_assistant.stems import stems
from roros_assistant.types import Evidence, Hit, Kind, Passage, Turn

# Found by meaning and by wording alike; the most promising of these are read.
_FOUND = 80
# Ranks are fused, not scores: a cosine and a BM25 score share no scale. 10 rather than the published 60: of 120 golden
# questions a right sentence is among the first 16 of the fused list for .958 against .933, all else alike.
_RANK_DAMPING = 10
# Holding the kind of thing asked for counts as much as standing at this place in one of the two lists.
_KIND_PLACE = 5
# Tokens read for a question, for what readers say or think, and for a broad question.
READING_BUDGET = 800  # 19 passages in the median
READING_BUDGET_VOICES = 1_300
READING_BUDGET_BROAD = 2_000
# What promises an answer before anything is read: log-odds by what `promises` gives.
# With weights from other questions a right sentence is among the first 12 for .959 of 317, 20 for .984, 24 for .991;
# with 24 read instead of some 40 neither what stands among the first three nor what was refused at the cut changed
# (1,347 questions).
_PROMISE = (8.0, 4.0, 2.3, 1.5)
# Log-odds that a passage answers, fitted by benchmarks/calibrate.py: an intercept, and a weight for each sign.
SIGNS = ("answers", "similarity", "coverage", "context", "tells", "on_subject")
_INTERCEPT = -3.93
_WEIGHTS = (0.68, 3.92, 1.24, 1.97, 1.82, 4.43)

# Passages that most likely belong to what a broad question is about.
_LIKELY = 40
# A sentence belongs to a subject the sooner, the more do the two before it and the two after it.
_AROUND = 2
# Pages whose comments are all looked at.
_FEW_PAGES = 8

_HAS_WORD = re.compile(r"\w")
# What the models read for the name of a place that the conversation is about: its passages have it all or never.
_THIS_PLACE = "this place"
# A question about a place with as many words of its own says what it asks ("do they serve alcohol", not "how much?").
_OWN_WORDS = 2
# Of the candidates read, so many come from the places talked of for one from anywhere.
_HERE_FOR_ELSEWHERE = 4
# Log-odds that a passage about another place loses, where the conversation is surely about one. Of 60 questions about
# hotels and restaurants whose reviews all speak of the same things the right place came first for .60 with 2 of it, .82
# with 3, .95 with 4; now that the reader reads all, for .95 of 200 with 6, for all of 100 with 8. What answers well
# stays before what has nothing to do with the question.
_ELSEWHERE = 8.0
# The same for what others say, where a question names a reader; less, for what they say of her may be asked for too: as
# much as puts the right place first for .95 above.
_ANOTHER_VOICE = 4.0
# What a sentence loses that asks, for it answers nothing; of the 5 best on those questions .73 belong with this, .71
# without.
_ASKS = 1.5

_Weighed = tuple[Passage, Evidence]


class Retriever:
    """Everything that finding needs, opened once; safe to share between threads."""

    def __init__(self, index: Index, embedder: Embedder, reranker: Reranker) -> None:
        self.index = index
        self._embedder = embedder
        self._reranker = reranker
        self._destination = index.corpus.destination
        own_words = frozenset(stems(self._destination.stand_in))
        self._weigher = Weigher(index.passages, index.corpus, embedder.word_vectors, own_words)
        # What belongs to a subject has been learnt on vectors of the packaged model.
        self._aspects = Aspects.learnt()
        self._own_vectors = None if embedder.is_packaged else load_embedder()
        names = "|".join(map(re.escape, self._destination.names)) or "(?!)"
        self._longer_name = re.compile(rf"(?<=\w )[A-ZÆØÅ]\w+ (?:\w\w )?(?:{names})\b|\b(?:{names}) [A-ZÆØÅ]\w+")
        self._linker = Linker(index.corpus, reranker.is_word)
        self.speakers = Speakers(index.corpus, reranker.is_word)

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
        vector = self._embedder.embed_query(asked)
        meant = self._subject(question) if not links else Meant()
        named = self.speakers.named(question)
        said = [passage for passage in self.index.passages if named and passage.document_id in named]
        wanted = [self._likely(meant), self._voiced(vector, links) if asks_opinion(question) else [], said]
        fits = partial(has_kind, kind_asked(question), question=question)
        candidates = self._candidates(asked, vector, links, wanted, lambda passage: fits(passage.text))
        aspects, surroundings = self._belonging(meant, candidates)
        found = Found(
            question=question,
            asked=asked.replace(_THIS_PLACE, "") if links else asked,
            cosines=self.index.cosines(vector, candidates),
            rivals=self.index.count(links),
            breadth=meant.breadth,
            aspects=aspects,
            surroundings=surroundings,
        )
        weighed = list(zip(candidates, self._weigher.weigh(found, candidates), strict=True))
        if meant.breadth or any(wanted):
            budget = READING_BUDGET_BROAD if meant.breadth else READING_BUDGET_VOICES
        else:
            budget = READING_BUDGET
            weighed.sort(key=lambda pair: (-_promise(pair[1]), pair[0].id))
        hits = [
            Hit(passage, _log_odds(evidence) - self._beside(passage, links, named), evidence)
            for passage, evidence in self._read(asked, self._mostly_of(links, weighed), budget)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.passage.id))  # id: ties are stable
        return [*(self._with_neighbours_read(asked, lead) for lead in hits[:1]), *hits[1:]]

    def count_words(self, question: str) -> int:
        """How many words of its own a question has, the destination's name apart."""
        return self._weigher.count_words(neutral(question, self._destination))

    def stands_by_its_place(self, question: str, history: Sequence[Turn]) -> bool:
        """Whether a question needs no more than the place that the conversation names: the rest it says itself."""
        is_of_a_place = 1.0 in self._linker.link(question, history).values()
        return is_of_a_place and len(set(stems(question))) >= _OWN_WORDS

    def similarities(self, passage: Passage, others: Sequence[Passage]) -> list[float]:
        """Cosine of a passage with each of ``others``."""
        vector = self._embedder.embed_query(neutral(passage.text, self._destination))
        return self.index.cosines(vector, others)

    def _subject(self, question: str) -> Meant:
        """What a broad question is about; with "it" for the place, whose name alone would make it about the place.

        A name that only holds the place's ("Visit Røros AS") is the name of something else, and stays.
        """
        longer = self._longer_name.search(question)
        asked = question if longer else neutral(question, self._destination).replace(self._destination.stand_in, "it")
        return self._aspects.of((self._own_vectors or self._embedder).embed_query(asked))

    def _likely(self, meant: Meant) -> list[Passage]:
        """What belongs most likely to a broad question, whatever its words, the likeliest first."""
        if not meant.shares or self._own_vectors:
            return []
        return [passage for passage, _ in self.index.nearest(self._aspects.towards(meant), _LIKELY)]

    def _belonging(self, meant: Meant, passages: Sequence[Passage]) -> tuple[list[float], list[float]]:
        """The probabilities that passages belong to a broad question, and their means around each; none for others."""
        if not meant.shares:
            return [], []
        windows = [self._weigher.window(passage, _AROUND) for passage in passages]
        if self._own_vectors is None:
            known: Sequence[Passage] = list(dict.fromkeys(chain.from_iterable(windows)))
            vectors = self.index.vectors(known)
        else:  # embedded here and now, so no more of them than must be
            known = passages
            texts = [model_text(passage, self.index.corpus) for passage in passages]
            vectors = np.asarray(self._own_vectors.embed_documents(texts), np.float32)
        likely = dict(zip(known, self._aspects.belonging(meant, vectors), strict=True))
        means = [fmean(likely[other] for other in window if other in likely) for window in windows]
        return [likely[passage] for passage in passages], means

    def _voiced(self, vector: Sequence[float], links: Mapping[str, float]) -> list[Passage]:
        """What readers say of the linked places, or of all, nearest first: opinions are theirs to tell."""
        pages = links or dict.fromkeys(document.article_id for document in self.index.corpus.documents)
        if len(pages) > _FEW_PAGES:
            near = [passage for passage, _ in self.index.nearest(vector, _FOUND)]
        else:
            near = [passage for passage, _ in self.index.nearest_on(pages, vector, len(self.index.passages))]
        voices = self.index.corpus.by_id
        return [passage for passage in near if voices[passage.document_id].voice is Kind.COMMENT][:_FOUND]

    def _candidates(
        self,
        asked: str,
        vector: Sequence[float],
        links: Mapping[str, float],
        wanted: Sequence[Sequence[Passage]],
        fits: Callable[[Passage], bool],
    ) -> list[Passage]:
        """What is worth a look, best first."""
        near = [passage for passage, _ in self.index.nearest(vector, _FOUND)]
        rankings = [near, [passage for passage, _ in self.index.matching(asked, _FOUND)], *wanted]
        if links:
            rankings.append([passage for passage, _ in self.index.nearest_on(links, vector, _FOUND)])
            rankings.append([passage for passage, _ in self.index.matching(asked, _FOUND, links)])
        return _fuse(rankings, fits)

    def _mostly_of(self, links: Mapping[str, float], weighed: list[_Weighed]) -> list[_Weighed]:
        """The same in its order, but one from elsewhere behind each few of the linked pages."""
        here, elsewhere = (
            [pair for pair in weighed if (self._page(pair[0]) in links) is linked] for linked in (True, False)
        )
        mixed: list[_Weighed] = []
        rest = iter(elsewhere)
        for start in range(0, len(here), _HERE_FOR_ELSEWHERE):
            mixed += here[start : start + _HERE_FOR_ELSEWHERE]
            mixed += islice(rest, 1)
        return [*mixed, *rest]

    def _read(self, asked: str, weighed: Sequence[_Weighed], budget: int) -> list[_Weighed]:
        """The leading ones, as many as fit into the budget, with what the reader says of them."""
        texts = [neutral(passage.text, self._destination) for passage, _ in weighed]
        answers = self._reranker.answers(asked, texts[: self._reranker.count_fitting(asked, texts, budget)])
        return [
            (passage, replace(evidence, answers=said, answers_around=said))
            for (passage, evidence), said in zip(weighed, answers, strict=False)
        ]

    def _with_neighbours_read(self, asked: str, hit: Hit) -> Hit:
        """A hit with what the reader says of it and the sentences beside it."""
        around = neutral(self._weigher.with_neighbours(hit.passage), self._destination)
        (whole,) = self._reranker.answers(asked, [around])
        return replace(hit, evidence=hit.evidence and replace(hit.evidence, answers_around=whole))

    def _beside(self, passage: Passage, links: Mapping[str, float], named: frozenset[str]) -> float:
        """Log-odds that a passage loses by being of another place or another reader than is asked about, or asking."""
        elsewhere = max(links.values(), default=0.0) - links.get(self._page(passage), 0.0)
        another_voice = bool(named) and passage.document_id not in named
        return _ELSEWHERE * elsewhere + _ANOTHER_VOICE * another_voice + _ASKS * passage.text.endswith("?")

    def _page(self, passage: Passage) -> str:
        return self.index.corpus.by_id[passage.document_id].article_id


def signs(evidence: Evidence) -> tuple[float, ...]:
    """What tells whether a passage answers, in the order of ``SIGNS``."""
    return tuple(float(getattr(evidence, sign)) for sign in SIGNS)


def promises(evidence: Evidence) -> tuple[float, ...]:
    """The signs known before anything is read, of a question that is not broad."""
    return signs(evidence)[1:-1]


def _promise(evidence: Evidence) -> float:
    return float(sum(map(operator.mul, _PROMISE, promises(evidence))))


def _log_odds(evidence: Evidence) -> float:
    return float(_INTERCEPT + sum(map(operator.mul, _WEIGHTS, signs(evidence))))


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
