"""history + question -> what is asked, standing alone: its language, whether it is small talk, what it refers to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from roros_assistant.dialogue.carry import content
from roros_assistant.dialogue.facets import is_time
from roros_assistant.dialogue.followup import Resolved, resolve
from roros_assistant.dialogue.fragments import bare, without_old_topic
from roros_assistant.dialogue.language import language_of
from roros_assistant.dialogue.parts import Embed, PartModel
from roros_assistant.dialogue.phrases import phrases
from roros_assistant.dialogue.shorthand import spelled_out
from roros_assistant.dialogue.talk import Heard, heard
from roros_assistant.dialogue.unsaid import Unsaid
from roros_assistant.types import Destination, Turn

_DEEPEST = 8  # questions that are looked back on; a topic that held through them is in their resolved words
_PLACE_WORDS = frozenset("town city village place area region here there".split())
# These mean something that was said; "it" may be the destination.
_POINTS = re.compile(r"\b(?:this|that|these|those|they|them|their|he|him|his|she|hers?)\b", re.IGNORECASE)
_LEANS = re.compile(rf"{_POINTS.pattern}|\b(?:it|then)\b", re.IGNORECASE)
# Log-odds that a question needs what its traveller told before it, above which it is read with that: of 56 such turns
# 50 are answered right, 47 with all that was told and 45 with nothing of it.
_IN_ONE_BREATH = -0.5
_NAMED = re.compile(r"(?<=[\w,;] )[A-ZÆØÅ]\w+")
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


class Models:
    """What is learnt of conversations; safe to share between threads."""

    def __init__(self, embed: Embed) -> None:
        """Take what turns a text into a vector: the packaged embedding model, whose vectors the weights know."""
        self._parts = PartModel(embed)
        self.unsaid = Unsaid(embed)

    def heard(self, turn: str, *, answered: bool) -> Heard:
        """A turn taken apart; ``answered`` tells whether an answer stands before it.

        What is told before a question is part of it only where the question leans on that: "I'm a photographer. Where
        is the best view?" asks nothing of photographers, "We hate crowds. Would this suit us?" does of crowds.
        """
        if without_old_topic(bare(turn)) is not None:
            return Heard(turn)
        this = heard(self._parts.parts(turn, answered=answered), answered=answered)
        if this.told and (_LEANS.search(this.asked) or self.unsaid.log_odds(this.asked, [this.told]) > _IN_ONE_BREATH):
            return replace(this, asked=f"{this.told} {this.asked}", told="")
        return this


def understand(
    question: str,
    history: Sequence[Turn],
    known_words: frozenset[str],
    *,
    models: Models,
    destination: Destination | None = None,
) -> Understood:
    """Read a question in its conversation.

    ``known_words`` are the words of the sources in lower case: names among them tell no language. The destination's
    own name is what every question is about, and is never carried over.
    """
    earlier = _exchanges(history, models)
    this = models.heard(question.strip(), answered=bool(earlier))
    if this.talk is not None:
        return Understood(question.strip(), question.strip(), talk=this.talk)
    asked = spelled_out(this.asked, known_words)
    language = language_of(asked, known_words)
    if language != "en":
        return Understood(asked, asked, language)
    neutral = neutral_words(destination)
    before = _standing_alone(earlier, neutral, models.unsaid)
    if this.last_answer is not None:
        again = _searched(earlier[-1].asked, before[-1], before[:-1], neutral)
        return Understood(asked, again, about=before[-1].text.rstrip("?.! "), last_answer=this.last_answer)
    answer = earlier[-1].answer if earlier else ""
    texts = [one.text for one in before]
    resolved = resolve(asked, texts, unsaid=models.unsaid, neutral=neutral, answer=answer, closed=this.closed)
    query = _searched(asked, resolved, before, neutral)
    added = resolved.added if query == resolved.text else before[-1].text.rstrip("?.! ")
    standalone = f"{this.told} {resolved.shown or resolved.text}".strip()
    if any(name not in standalone for name in _NAMED.findall(question)):
        standalone = question.strip()  # what was cut off names something
    return Understood(standalone, query, about=added)


def _searched(asked: str, resolved: Resolved, before: Sequence[Resolved], neutral: frozenset[str]) -> str:
    """What retrieval reads: the question filled in, or behind the one before where no phrase of that fills it."""
    if not resolved.leans or not before:
        return resolved.text
    things = [p for p in phrases(before[-1].text) if not content(p.text) <= neutral and not is_time(p.words)]
    if resolved.text.startswith("What about") or not (things or _POINTS.search(asked)):
        return resolved.text  # another thing to do; or all before was about the destination, as every question is
    return f"{before[-1].text} {asked}"


@dataclass(frozen=True, slots=True)
class _Exchange:
    asked: str
    closed: bool  # thanks came before it
    answer: str = ""  # its first quote


def _exchanges(history: Sequence[Turn], models: Models) -> list[_Exchange]:
    """The questions to the sources so far, oldest first."""
    found: list[_Exchange] = []
    for turn in history:
        if turn.role == "assistant":
            if found and not found[-1].answer:
                quote = _QUOTED.search(turn.content)
                found[-1] = replace(found[-1], answer=quote[1] if quote else turn.content)
            continue
        this = models.heard(turn.content.strip(), answered=bool(found))
        if this.talk is None and this.last_answer is None:
            found.append(_Exchange(this.asked, this.closed))
    return found[-_DEEPEST:]


def _standing_alone(exchanges: Sequence[_Exchange], neutral: frozenset[str], unsaid: Unsaid) -> list[Resolved]:
    """Each question with what it left unsaid filled in from those before it."""
    done: list[Resolved] = []
    answer = ""
    for one in exchanges:
        earlier = [each.text for each in done]
        done.append(resolve(one.asked, earlier, unsaid=unsaid, neutral=neutral, answer=answer, closed=one.closed))
        answer = one.answer
    return done


def neutral_words(destination: Destination | None) -> frozenset[str]:
    """The stems of words that name the destination itself."""
    if destination is None:
        return frozenset()
    return content(" ".join([*destination.names, destination.stand_in])) | _PLACE_WORDS
