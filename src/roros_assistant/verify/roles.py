"""Who does what to whom: what a claim says of another than its sources do."""

import re
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from roros_assistant.verify.alignment import PASSIVE, Aligned, Clause
from roros_assistant.verify.names import CALENDAR
from roros_assistant.verify.reading import Sentence, Word

# Behind these a sentence speaks of something else.
_NEW_SUBJECT = re.compile(r";|\b(?:but|while|whereas|however)\b")
_FEW = 2  # words that stand in for as many
_TELLS = 2  # words that are the same before and behind them
_NEAR = 4  # words of its own between a name and what is said beside it


def other_subjects(aligned: Aligned, own: frozenset[str]) -> list[str]:
    """What clauses of the claim speak of that stands in another reference than the rest of what they say."""
    found = []
    for clause in aligned.clauses:
        if clause.source is None:
            continue
        apart = _NEW_SUBJECT.search(clause.source.text)
        there = _part(clause, clause.source) if apart else aligned.beside[clause.source]
        if any(word.key in there for word in clause.said_of_it):
            found += [
                word.text
                for word in clause.subject
                if (word is clause.subject[-1] or _is_name(word, aligned))
                and word.key in aligned.keys
                and word.key not in there | own
            ]
    return found


def _part(clause: Clause, source: Sentence) -> frozenset[str]:
    """The keys of the part of a sentence, between words like "but", that has most of a clause."""
    edges = [match.start() for match in _NEW_SUBJECT.finditer(source.text)]
    wanted = {word.key for word in clause.said_of_it}
    parts = [
        frozenset(word.key for word in source.words if start < word.start <= end)
        for start, end in pairwise([-1, *edges, len(source.text)])
    ]
    return max(parts, key=lambda keys: len(wanted & keys))


def turned(aligned: Aligned, own: frozenset[str]) -> list[str]:
    """What clauses of the claim speak of that their source sentence has behind all that they say of it."""
    found = []
    for clause in aligned.clauses:
        if clause.source is None or not clause.subject or own.issuperset(word.key for word in clause.subject):
            continue
        passive = bool(PASSIVE.search(clause.source.text))
        if passive != clause.passive or not (clause.passive or clause.active):
            continue
        places = _places(clause.source.words)
        if any(word.key not in places for word in (*clause.subject, *clause.said_of_it[:1])):
            continue
        rest = [max(places[word.key]) for word in clause.said_of_it if word.key in places]
        first = min(places[word.key][0] for word in clause.subject)
        if len(rest) > (not clause.passive) and first > max(rest):
            found.append(" ".join(word.text for word in clause.subject))
    return found


def names_apart(aligned: Aligned) -> list[str]:
    """Names of the claim that stand in the sources, but not where the rest of their clause is said."""
    return [
        word.text
        for clause in aligned.clauses
        for word, met in zip(clause.words, clause.met, strict=True)
        if not met and _is_name(word, aligned)
    ]


def names_moved(aligned: Aligned) -> list[str]:
    """Names that stand beside other words than in the source sentence that has both."""
    found = []
    for clause in aligned.clauses:
        places = _places(clause.source.content) if clause.source else {}
        for index, word in enumerate(clause.words):
            if word.key not in places or not _is_name(word, aligned) or word.text.lower() in CALENDAR:
                continue
            beside = [each for each in clause.words[max(0, index - 1) : index + 2] if each is not word]
            gaps = [
                abs(here - there) for each in beside for here in places[word.key] for there in places.get(each.key, [])
            ]
            if gaps and min(gaps) > _NEAR:
                found.append(word.text)
    return found


def replaced(aligned: Aligned) -> list[str]:
    """Words that stand where the source has others, in a run that is otherwise its own, and that it has elsewhere.

    A word that the source has nowhere is lacking anyway; this one would pass for said.
    """
    found = []
    for sentence in aligned.claim:
        for source in aligned.about(sentence):
            runs = SequenceMatcher(None, _keys(sentence), _keys(source), autojunk=False).get_opcodes()
            for before, run, behind in zip([None, *runs], runs, [*runs[1:], None], strict=False):
                kind, start, end, from_, to = run
                if kind != "replace" or not (_same(before) and _same(behind)) or max(end - start, to - from_) > _FEW:
                    continue
                here = [word for word in sentence.words[start:end] if not word.small]
                there = {word.key for word in source.words[from_:to] if not word.small}
                elsewhere = {word.key for word in source.words} - there
                found += [word.text for word in here if there and word.key in elsewhere]
    return found


def exchanged(aligned: Aligned) -> list[str]:
    """Words that have changed places with others of their source: "the roofs rise above the tower".

    What says the same the other way round is left alone: "the nearest city is Ardal", "dug by miners".
    """
    found = []
    for sentence in aligned.claim:
        for source in aligned.about(sentence):
            if bool(PASSIVE.search(sentence.text)) != bool(PASSIVE.search(source.text)):
                continue
            runs = SequenceMatcher(None, _keys(sentence), _keys(source), autojunk=False).get_opcodes()
            moved = [
                (start, end, _content(sentence.words[start:end]), _content(source.words[from_:to]))
                for kind, start, end, from_, to in runs
                if kind == "replace"
            ]
            for one, other in combinations(moved, 2):
                between = _content(sentence.words[one[1] : other[0]])
                if between and one[2].keys() & other[3].keys() and other[2].keys() & one[3].keys():
                    found.append(" ".join(one[2].values()))
    return found


def _content(words: tuple[Word, ...]) -> dict[str, str]:
    """Words that say something, by their keys."""
    return {word.key: word.text for word in words if not word.small}


def _keys(sentence: Sentence) -> list[str]:
    return [word.key for word in sentence.words]


def _same(run: tuple[str, int, int, int, int] | None) -> bool:
    """Whether a run of words is the same in both, and long enough to tell."""
    return run is not None and run[0] == "equal" and run[2] - run[1] >= _TELLS


def _is_name(word: Word, aligned: Aligned) -> bool:
    """Whether a word is a name to the sources: they have it, always with a capital."""
    if not word.text[0].isupper() or word.key not in aligned.keys:
        return False
    there = [each for sentence in aligned.sources for each in sentence.words if each.key == word.key]
    return all(each.text[0].isupper() for each in there)


def _places(words: tuple[Word, ...]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word.key, []).append(place)
    return places
