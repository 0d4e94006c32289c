"""hits -> claims quoted from passages, with no chat model; decides too whether the sources answer at all."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from roros_assistant.asked import KindAsked
from roros_assistant.types import Claim, Corpus, Evidence, Hit, Kind, Passage, Status

# A question whose best hit has log-odds below this is refused: 3.3 % of the golden set's 120 answerable questions and
# 86.7 % of its 60 unanswerable ones. At -1.9 it is 6.7 % and 88.3 %, at -2.25 3.3 % and 85 %.
_ANSWERS = -2.15
# A name that no source mentions takes this much from the log-odds, more than any answer has: what is said of here is no
# answer about elsewhere. None of the answerable golden questions has such a name.
_UNKNOWN_NAME = 9.0
# Log-odds that a further quote belongs to the answer, fitted likewise.
_INTERCEPT = -1.37
_SCORE = 0.66
_LEAD_SCORE = -0.33
_LEAD_SIMILARITY = 2.06
_FOURTH_SCORE = 0.17
_HAS_KIND = 2.39
# Each voice's first quote passes this probability, its others the stricter one: what one voice alone says is heard.
_FIRST_OF_VOICE = 0.15
_FURTHER = 0.2
# ... but a sentence that holds the kind of thing asked for (a time, a number) is heard sooner.
_HOLDS_KIND = 0.12
# An answer fits a phone screen: with the lead at most 6 quotes, at most 2 further ones of a voice.
_MOST_FURTHER = 5
_MOST_OF_VOICE = 2
_NEAREST = 2
_NONSENSE = -8.0  # a logit: what the cross-encoder reads as lower has nothing to do with the question
# Two quotes that share this much of their words say the same.
_SAME_WORDS = 0.7

Similarities = Callable[[Passage, Sequence[Passage]], list[float]]


@dataclass(frozen=True, slots=True)
class Draft:
    """Claims not yet numbered, or the nearest passages where nothing answers."""

    status: Status
    claims: tuple[Claim, ...] = ()
    nearest: tuple[Passage, ...] = ()


def compose(
    hits: Sequence[Hit],
    corpus: Corpus,
    similarities: Similarities,
    *,
    kind: KindAsked | None,
    unknown_names: Sequence[str],
) -> Draft:
    """Quote what answers best, whole, then what else each voice says; or nothing, where nothing answers.

    Args:
        hits: ranked, best first, with their evidence.
        corpus: where the hits' passages stand.
        similarities: cosines of one passage with others.
        kind: the kind of thing that the question asks for.
        unknown_names: names in the question that no source mentions.
    """
    if not hits:
        return Draft(Status.NOT_IN_SOURCES)
    lead = hits[0]
    lacks_kind = lead.evidence is not None and lead.evidence.lacks_kind
    odds = lead.score - (_UNKNOWN_NAME if unknown_names else 0.0)
    if odds < _ANSWERS or (lacks_kind and kind is not None and kind.decides):
        return Draft(Status.NOT_IN_SOURCES, nearest=_nearest(hits))
    further = _further(hits, corpus, similarities, kind)
    claims = [Claim(lead.passage.text, (lead.passage,), _probability(odds))]
    claims += [_claim(passages, support, corpus) for passages, support in further]
    return Draft(Status.PARTIAL if lacks_kind else Status.ANSWERED, tuple(claims))


def belonging(hits: Sequence[Hit], near_lead: Sequence[float], kind: KindAsked | None) -> list[tuple[float, ...]]:
    """What tells whether a hit belongs beside the lead, a row for each hit after the first.

    Returns:
        Shape ``(len(hits) - 1, 5)``: its score, the lead's, its similarity to the lead, the fourth hit's score (many
        good hits: a broad question), and whether it holds the kind of thing asked for.
    """
    fourth = hits[min(3, len(hits) - 1)].score
    return [
        (hit.score, hits[0].score, near, fourth, float(_tells(hit, kind)))
        for hit, near in zip(hits[1:], near_lead, strict=True)
    ]


def _further(
    hits: Sequence[Hit], corpus: Corpus, similarities: Similarities, kind: KindAsked | None
) -> list[tuple[list[Passage], float]]:
    """Groups of adjoining passages beside the lead, with their probability, grouped by voice, best voice first."""
    rows = belonging(hits, similarities(hits[0].passage, [hit.passage for hit in hits[1:]]), kind)
    weights = (_SCORE, _LEAD_SCORE, _LEAD_SIMILARITY, _FOURTH_SCORE, _HAS_KIND)
    odds = [_INTERCEPT + sum(weight * value for weight, value in zip(weights, row, strict=True)) for row in rows]
    ranked = sorted(zip(odds, hits[1:], strict=True), key=lambda pair: (-pair[0], pair[1].passage.id))
    chosen: dict[Kind, list[tuple[Passage, float]]] = {}
    shown = [hits[0].passage]
    for value, hit in ranked:
        support = _probability(value)
        voice = corpus.by_id[hit.passage.document_id].voice
        said = chosen.get(voice, [])
        cut = _FURTHER if said else _FIRST_OF_VOICE
        if _tells(hit, kind):
            cut = _HOLDS_KIND
        if support < cut or len(shown) > _MOST_FURTHER:
            continue
        if len(said) < _MOST_OF_VOICE and not any(_same(hit.passage, other) for other in shown):
            chosen.setdefault(voice, []).append((hit.passage, support))
            shown.append(hit.passage)
    return [group for said in chosen.values() for group in _adjoining(said, corpus)]


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


def _tells(hit: Hit, kind: KindAsked | None) -> bool:
    """Whether a hit holds the kind of thing asked for, and that says something to the question."""
    evidence = hit.evidence
    return kind is not None and kind.tells and evidence is not None and not evidence.lacks_kind and _is_read(evidence)


def _is_read(evidence: Evidence) -> bool:
    return evidence.reading > _NONSENSE


def _claim(passages: Sequence[Passage], support: float, corpus: Corpus) -> Claim:
    first, last = passages[0], passages[-1]
    words = corpus.by_id[first.document_id].text[first.start : last.end]
    whole = Passage(first.document_id, first.start, last.end, words, first.heading)
    return Claim(words, (whole,), support)


def _nearest(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """The passages on the same subject, as the cross-encoder reads it: what is missing in them counts no more."""
    kept: list[Passage] = []
    for hit in sorted(hits, key=lambda hit: -(hit.evidence.reading if hit.evidence else hit.score)):
        if len(kept) < _NEAREST and not any(_same(hit.passage, other) for other in kept):
            kept.append(hit.passage)
    return tuple(kept)


def _same(first: Passage, second: Passage) -> bool:
    """Whether one says little that the other does not: the share of their words that both have."""
    one, other = (set(re.findall(r"\w+", passage.text.lower())) for passage in (first, second))
    return len(one & other) >= _SAME_WORDS * len(one | other)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
