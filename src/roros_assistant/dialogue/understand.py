"""history + question -> what is asked, standing alone: its language, whether it is small talk, what it refers to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from roros_assistant.dialogue.carry import content
from roros_assistant.dialogue.facets import facet, is_time
from roros_assistant.dialogue.followup import Resolved, resolve
from roros_assistant.dialogue.fragments import bare, without_old_topic
from roros_assistant.dialogue.language import language_of
from roros_assistant.dialogue.phrases import phrases
from roros_assistant.dialogue.talk import asked_of_last_answer, small_talk, without_opening
from roros_assistant.types import Destination, Turn

_DEEPEST = 8  # questions that are looked back on; a topic that held through them is in their resolved words
_PLACE_WORDS = frozenset("town city village place area region here there".split())
# What still points back when nothing could be filled in: the question before it helps to find what is meant.
_POINTS_BACK = re.compile(
    r"\b(?:they|them|their|theirs|he|she|him|his|hers?|its|itself|the other one|the same|else)\b"
    r"|\bit\b(?! (?:is |be )?(?:possible|worth|safe|true|easy|hard|better|best|allowed|necessary|ok|okay|free)\b)"
    r"|\b(?:this|that|these|those)\b(?! \w{3})|\b(?:does|did|would|can) (?:this|that)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be) it (?=(?:\w+ ){1,2}to\b)|\bit(?:'s|’s| is) (?=(?:\w+ ){1,2}to\b)", re.IGNORECASE
)
_QUOTED = re.compile(r"“(.+?)”", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the rest of the way reads it."""

    standalone: str  # what a person reads as the question
    query: str  # what retrieval reads; may hold more of the history
    language: str = "en"
    talk: str | None = None  # greeting, thanks, farewell, about: no question to the sources
    about: str | None = None  # what the conversation added, in words: "the train from Trondheim"
    last_answer: str | None = None  # what is asked of the answer to ``query``: its "author", "place" or "date"


def understand(
    question: str, history: Sequence[Turn], known_words: frozenset[str], *, destination: Destination | None = None
) -> Understood:
    """Read a question in its conversation.

    ``known_words`` are the words of the sources in lower case: names among them tell no language. The destination's
    own name is what every question is about, and is never carried over.
    """
    asked = without_opening(question)
    earlier = _exchanges(history)
    of_last = asked_of_last_answer(asked) if earlier else None
    topic = small_talk(question) or small_talk(asked)
    if topic and of_last is None:
        return Understood(question.strip(), question.strip(), talk=topic)
    language = language_of(asked, known_words)
    if language != "en":
        return Understood(asked, asked, language)
    neutral = _neutral(destination)
    before = _standing_alone(earlier, neutral)
    if of_last is not None:
        again = _searched(earlier[-1].asked, before[-1], before[:-1], neutral)
        return Understood(asked, again, about=before[-1].text.rstrip("?.! "), last_answer=of_last)
    answer = earlier[-1].answer if earlier else ""
    closed = asked != question.strip()
    resolved = resolve(asked, [one.text for one in before], neutral=neutral, answer=answer, closed=closed)
    query = _searched(asked, resolved, before, neutral)
    added = resolved.added if query == resolved.text else before[-1].text.rstrip("?.! ")
    return Understood(resolved.text, query, about=added)


def _searched(asked: str, resolved: Resolved, before: Sequence[Resolved], neutral: frozenset[str]) -> str:
    """What retrieval reads: the question filled in, or behind the one before where it points back at nothing named."""
    if resolved.added is None and before and _points_back(asked, before[-1].text, neutral):
        return f"{before[-1].text} {asked}"
    return resolved.text


def _points_back(asked: str, before: str, neutral: frozenset[str]) -> bool:
    """Whether a turn means something of the question before it; with nothing named there, "it" is the destination."""
    if without_old_topic(bare(asked)) is not None:
        return False
    found = _POINTS_BACK.search(_EXPLETIVE.sub("", asked))
    if found is None:
        return facet(asked) is not None
    things = [p for p in phrases(before) if not content(p.text) <= neutral and not is_time(p.words)]
    return bool(things) or found.group().lower() not in ("it", "its")


@dataclass(frozen=True, slots=True)
class _Exchange:
    asked: str
    closed: bool  # thanks came before it
    answer: str = ""  # its first quote


def _exchanges(history: Sequence[Turn]) -> list[_Exchange]:
    """The questions to the sources so far, oldest first."""
    found: list[_Exchange] = []
    for turn in history:
        if turn.role == "assistant":
            if found and not found[-1].answer:
                quote = _QUOTED.search(turn.content)
                found[-1] = replace(found[-1], answer=quote[1] if quote else turn.content)
            continue
        asked = without_opening(turn.content)
        of_last = asked_of_last_answer(asked) if found else None
        if of_last is None and not small_talk(turn.content) and not small_talk(asked):
            found.append(_Exchange(asked, closed=asked != turn.content.strip()))
    return found[-_DEEPEST:]


def _standing_alone(exchanges: Sequence[_Exchange], neutral: frozenset[str]) -> list[Resolved]:
    """Each question with what it left unsaid filled in from those before it."""
    done: list[Resolved] = []
    answer = ""
    for one in exchanges:
        earlier = [each.text for each in done]
        done.append(resolve(one.asked, earlier, neutral=neutral, answer=answer, closed=one.closed))
        answer = one.answer
    return done


def _neutral(destination: Destination | None) -> frozenset[str]:
    if destination is None:
        return frozenset()
    return content(" ".join([*destination.names, destination.stand_in])) | _PLACE_WORDS
