"""hits -> claims quoted from passages, with no chat model; or none, where nothing answers."""

import operator
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, zip_longest

from roros_assistant.asked import KindAsked
from roros_assistant.decide import CUT, log_odds, probability
from roros_assistant.opinions import stance, weigh
from roros_assistant.types import Balance, Claim, Corpus, Hit, Kind, Passage, Stance, Status

# Log-odds that a further quote belongs to the answer, fitted by benchmarks/calibrate.py: an intercept, and weights for
# the signs of `belonging`. To a broad answer belongs what answers. From a fit before the last: of 127 golden questions
# .945 have a right quote among the first three of 1.9 with these, .937 of 1.75 from .15, .2 and .12 below, .913 of 1.6
# from there with the weights of the last fit.
_INTERCEPT = -1.21
_WEIGHTS = (1.26, -0.39, 2.44, -0.4, -0.85)
# Each voice's first quote passes this probability, its others the stricter one: what one voice alone says is heard.
_FIRST_OF_VOICE = 0.12
_FURTHER = 0.15
# ... but a sentence that holds the kind of thing asked for (a time, a number) is heard sooner.
_HOLDS_KIND = 0.1
# To a broad answer: the same for the signs of `belonging_broad`. With weights from other questions .57 of what belongs
# to 30 broad golden ones is shown, and .65 of what is shown belongs (of single sentences); .58 and .64 from .15, .56
# and .66 from .2, .47 and .69 from .3. To 73 about other destinations .54 and .55; .57 and .50, .50 and .57, .42 and
# .66 from these.
_INTERCEPT_BROAD = -1.92
_WEIGHTS_BROAD = (0.51, 1.83, 4.46)
_FURTHER_BROAD = 0.175
# An answer fits a phone screen: with the lead at most 6 quotes, at most 2 further ones of a voice.
_MOST_FURTHER = 5
_MOST_OF_VOICE = 2
_MOST_FURTHER_BROAD = 9
_MOST_READERS = 7
_NEAREST = 2
# Log-odds of an answer below which what holds the kind of thing asked for says nothing to the question: of 360 such
# sentences .62 are below, with one of the 51 that answer; from -3 .73, with four.
_NONSENSE = -4.0
_LIKELIER = 0.0  # log-odds below which quotes answer less likely than not: they are shown as coming near
# Two quotes that share this much of their words say the same.
_SAME_WORDS = 0.7

Similarities = Callable[[Passage, Sequence[Passage]], list[float]]


class Opinion(Enum):
    """Whether a question asks what people think."""

    NONE = "none"
    OF_PART = "of part"  # of the food, of the view
    OF_ALL = "of all"  # of the place as a whole


@dataclass(frozen=True, slots=True)
class Question:
    """What composing needs to know of a question."""

    kind: KindAsked | None = None  # the kind of thing that it asks for
    words: int = 1  # how many words of its own it has
    unknown_names: tuple[str, ...] = ()  # names in it that no source mentions
    opinion: Opinion = Opinion.NONE
    heard: frozenset[str] = frozenset()  # comments of whom it asks what they say, whatever that is about


@dataclass(frozen=True, slots=True)
class Draft:
    """Claims not yet numbered, or the nearest passages where nothing answers."""

    status: Status
    claims: tuple[Claim, ...] = ()
    nearest: tuple[Passage, ...] = ()
    balance: Balance | None = None  # where the question asks for opinions
    lacks_kind: bool = False  # the best quote does not hold the kind of thing asked for


def compose(hits: Sequence[Hit], corpus: Corpus, similarities: Similarities, question: Question) -> Draft:
    """Quote what answers best, whole, then what else each voice says; or nothing, where nothing answers.

    Args:
        hits: ranked, best first, with their evidence.
        corpus: where the hits' passages stand.
        similarities: cosines of one passage with others.
        question: what is known of the question.
    """
    if not hits:
        return Draft(Status.NOT_IN_SOURCES)
    if said := _words_of(hits, question.heard, corpus):
        return Draft(Status.ANSWERED, said)
    odds = log_odds(hits, question.words, unknown_name=bool(question.unknown_names))
    readers = _readers(hits, corpus, similarities, question)
    if odds < CUT and not (question.opinion is Opinion.OF_ALL and readers and not question.unknown_names):
        return Draft(Status.NOT_IN_SOURCES, nearest=_nearest(hits))
    lead = _claim([hits[0].passage], probability(odds), corpus)
    further = [_claim(passages, support, corpus) for passages, support in _further(hits, corpus, similarities)]
    lacks_kind = hits[0].evidence is not None and hits[0].evidence.lacks_kind
    if question.opinion is Opinion.NONE:
        doubtful = lacks_kind or odds < _LIKELIER
        return Draft(Status.PARTIAL if doubtful else Status.ANSWERED, (lead, *further), lacks_kind=lacks_kind)
    claims = _with_readers([lead, *further], readers, corpus, probability(odds))
    return Draft(Status.ANSWERED if readers else Status.PARTIAL, claims, balance=_balance(readers, corpus))


def _words_of(hits: Sequence[Hit], heard: frozenset[str], corpus: Corpus) -> tuple[Claim, ...]:
    """The best of what some readers say, in reading order; who says it is known, not likely."""
    said = [hit.passage for hit in hits if hit.passage.document_id in heard][:_MOST_READERS]
    order = {document.id: place for place, document in enumerate(corpus.documents)}
    said.sort(key=lambda passage: (order[passage.document_id], passage.start))
    return tuple(_claim(group, 1.0, corpus) for group, _ in _adjoining([(passage, 1.0) for passage in said], corpus))


def is_broad(hits: Sequence[Hit]) -> bool:
    """Whether these are hits of a question that many sentences answer."""
    return bool(hits) and hits[0].evidence is not None and hits[0].evidence.breadth > 0


def belonging(hits: Sequence[Hit], near_lead: Sequence[float]) -> list[tuple[float, ...]]:
    """What tells whether a hit belongs beside the lead, a row for each hit after the first.

    Returns:
        Shape ``(len(hits) - 1, 5)``: its score, the lead's, its similarity to the lead, the fourth hit's score (many
        good hits: a wide question), and whether it holds the kind of thing asked for.
    """
    fourth = hits[min(3, len(hits) - 1)].score
    return [
        (hit.score, hits[0].score, near, fourth, float(_tells(hit)))
        for hit, near in zip(hits[1:], near_lead, strict=True)
    ]


def belonging_broad(hits: Sequence[Hit]) -> list[tuple[float, ...]]:
    """What tells whether a hit belongs to a broad answer, a row for each hit after the first.

    Returns:
        Shape ``(len(hits) - 1, 3)``: its score, the probability that it belongs to what is asked about, and the mean
        of that over the sentences around it.
    """
    return [(hit.score, hit.evidence.aspect, hit.evidence.surroundings) for hit in hits[1:] if hit.evidence]


def _belongs(hits: Sequence[Hit], similarities: Similarities) -> list[float]:
    """Log-odds, for each hit after the first, that it belongs beside it."""
    rows = belonging(hits, similarities(hits[0].passage, [hit.passage for hit in hits[1:]]))
    return [_INTERCEPT + sum(map(operator.mul, _WEIGHTS, row)) for row in rows]


def _belongs_broad(hits: Sequence[Hit]) -> list[float]:
    """The same for a broad question."""
    return [_INTERCEPT_BROAD + sum(map(operator.mul, _WEIGHTS_BROAD, row)) for row in belonging_broad(hits)]


def _further(hits: Sequence[Hit], corpus: Corpus, similarities: Similarities) -> list[tuple[list[Passage], float]]:
    """Groups of adjoining passages beside the lead, with their probability, best first."""
    broad = is_broad(hits)
    odds = _belongs_broad(hits) if broad else _belongs(hits, similarities)
    ranked = sorted(zip(odds, hits[1:], strict=True), key=lambda pair: (-pair[0], pair[1].passage.id))
    chosen: list[tuple[Passage, float]] = []
    heard: Counter[Kind] = Counter()
    shown = [hits[0].passage]
    for value, hit in ranked:
        support = probability(value)
        voice = corpus.by_id[hit.passage.document_id].voice
        if len(shown) > (_MOST_FURTHER_BROAD if broad else _MOST_FURTHER):
            break
        if broad:
            belongs = support >= _FURTHER_BROAD
        else:
            belongs = support >= _cut(_tells(hit), heard[voice] > 0) and heard[voice] < _MOST_OF_VOICE
        if belongs and not any(_same(hit.passage, other) for other in shown):
            chosen.append((hit.passage, support))
            heard[voice] += 1
            shown.append(hit.passage)
    if broad:  # what belongs is told by more than what answers, but what answers best is read first
        places = {hit.passage: place for place, hit in enumerate(hits)}
        chosen.sort(key=lambda each: places[each[0]])
    return _adjoining(chosen, corpus)


def _readers(
    hits: Sequence[Hit], corpus: Corpus, similarities: Similarities, question: Question
) -> list[tuple[Hit, Stance]]:
    """What readers say to a question of opinion and how: all that takes a side, or what of it is on the subject."""
    if question.opinion is Opinion.NONE:
        return []
    odds = [hits[0].score, *_belongs(hits, similarities)]
    said = []
    for hit, value in zip(hits, odds, strict=True):
        belongs = probability(value) >= _FIRST_OF_VOICE
        taken = stance(hit.passage.text) if corpus.by_id[hit.passage.document_id].voice is Kind.COMMENT else None
        if taken is not None and (belongs or question.opinion is Opinion.OF_ALL):
            said.append((hit, taken))
    return said


def _balance(readers: Sequence[tuple[Hit, Stance]], corpus: Corpus) -> Balance:
    said: dict[str, list[Stance]] = {}
    for hit, taken in readers:
        said.setdefault(hit.passage.document_id, []).append(taken)
    return weigh(said, [corpus.by_id[document_id] for document_id in said])


def _with_readers(
    claims: Sequence[Claim], readers: Sequence[tuple[Hit, Stance]], corpus: Corpus, support: float
) -> tuple[Claim, ...]:
    """Of each reader what speaks best, who has been there first and every side heard; then what other voices say."""
    others = [claim for claim in claims if corpus.by_id[claim.passages[0].document_id].voice is not Kind.COMMENT]
    by_writer: dict[str, list[Claim]] = {}
    for hit, taken in readers:
        claim = Claim(hit.passage.text, (hit.passage,), support, stance=taken)
        by_writer.setdefault(hit.passage.document_id, []).append(claim)
    writers = sorted(by_writer.values(), key=lambda said: not corpus.by_id[said[0].passages[0].document_id].visited)
    turns = [claim for turn in zip_longest(*writers) for claim in turn if claim is not None]
    seen: set[Stance | None] = set()
    first = [claim for claim in turns if not (claim.stance in seen or seen.add(claim.stance))]  # type: ignore[func-returns-value]
    heard = [*first, *(claim for claim in turns if claim not in first)][:_MOST_READERS]
    return (*heard, *others[:_MOST_OF_VOICE]) if heard else tuple(claims)


def _cut(tells: bool, heard: bool) -> float:
    """The probability that a further quote must reach."""
    if tells:
        return _HOLDS_KIND
    return _FURTHER if heard else _FIRST_OF_VOICE


def _adjoining(said: Sequence[tuple[Passage, float]], corpus: Corpus) -> list[tuple[list[Passage], float]]:
    """Passages that follow each other in one document become one quote; the rest stay as ranked."""
    groups: list[tuple[list[Passage], float]] = []
    for passage, support in said:
        text = corpus.by_id[passage.document_id].text
        for index, (group, value) in enumerate(groups):
            whole = sorted([*group, passage], key=lambda item: item.start)
            if passage.document_id == group[0].document_id and not any(
                text[before.end : after.start].strip(" ") for before, after in pairwise(whole)
            ):
                groups[index] = (whole, max(value, support))
                break
        else:
            groups.append(([passage], support))
    return groups


def _tells(hit: Hit) -> bool:
    """Whether a hit holds the kind of thing asked for, and that says something to the question."""
    return hit.evidence is not None and hit.evidence.tells and hit.evidence.answers > _NONSENSE


def _claim(passages: Sequence[Passage], support: float, corpus: Corpus) -> Claim:
    first, last = passages[0], passages[-1]
    words = corpus.by_id[first.document_id].text[first.start : last.end]
    whole = Passage(first.document_id, first.start, last.end, words, first.heading)
    return Claim(words, (whole,), support)


def _nearest(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """The passages on the same subject, by meaning and words: what is missing in them counts no more.

    Of 154 near misses about other destinations one of two is what their writers called near for .98; for .90 by the
    hits' scores, .67 by what the reader says.
    """
    kept: list[Passage] = []
    for hit in sorted(hits, key=_is_near, reverse=True):
        if len(kept) < _NEAREST and not any(_same(hit.passage, other) for other in kept):
            kept.append(hit.passage)
    return tuple(kept)


def _is_near(hit: Hit) -> float:
    return hit.evidence.similarity + hit.evidence.coverage if hit.evidence else hit.score


def _same(first: Passage, second: Passage) -> bool:
    """Whether one says little that the other does not: the share of their words that both have."""
    one, other = (set(re.findall(r"\w+", passage.text.lower())) for passage in (first, second))
    return len(one & other) >= _SAME_WORDS * len(one | other)
