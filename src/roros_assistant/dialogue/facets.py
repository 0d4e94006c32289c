"""A changed facet ("and in winter?", "no, the train", "why?") set into the question before it."""

import re

from roros_assistant.dialogue.grammar import AUXILIARIES, PREPOSITIONS, PRONOUNS, QUESTION_WORDS
from roros_assistant.dialogue.phrases import Phrase, is_plural, is_verb, phrases, words_of

_CHANGES = re.compile(
    r"^(?:(?:and|but|or|so|ok|okay|then|also|no|nope|not|sorry|oh|oops|wait|actually|excuse me|well|hmm)\b[\s,.!…-]*)*"
    r"(?:(?P<told>(?:what|how) about|what of|(?:i )?(?:meant?|was asking (?:about|for)|am asking (?:about|for)|asked "
    r"(?:about|for))(?: to (?:say|ask))?"
    r"|make (?:that|it)|rather|let's say)\b[\s,:]*)?(?P<facet>.*?)(?:\s+(?:instead|then|though|rather|please|as well"
    r"|too))?[\s?.!…]*$",
    re.IGNORECASE | re.DOTALL,
)
_LED = re.compile(r"^(?:and|but|or|no|nope|not|sorry|oh|oops|wait|actually|also)\b", re.IGNORECASE)
# What can stand in for one another in a traveller's question, whatever the words around it.
_CLASSES = (
    frozenset(
        "winter summer spring autumn fall january february march april may june july august september october "
        "november december "
        "christmas easter midsummer night evening morning afternoon weekend weekends season today tomorrow monday "
        "tuesday "
        "wednesday thursday friday saturday sunday holidays".split()
    ),
    frozenset(
        "train trains bus buses car cars plane planes flight flights bike bikes boat ferry taxi taxis foot "
        "coach".split()
    ),
    frozenset("kids children child family families dog dogs pets baby babies couples seniors groups beginners".split()),
)
_SPANS = frozenset(  # a phrase that ends in one of these names a time where a season or the like is in it
    "month months week weeks day days time break eve".split()
)
_AT = frozenset("christmas easter night midsummer".split())
_ASKING = re.compile(
    r"^(?:(?:and|but|so|ok|okay)\b[\s,]*)*(?P<word>why(?: not| so)?|how come|when|where|how|who|how long|how much"
    r"|how many|how often"
    r"|how far|since when|until when|which ones?|what kind|with whom)(?: (?:is|was) (?:that|this))?(?: exactly| "
    r"then)?[\s?.!]*$",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"(?:is|are) there\b|any\b|where (?:can|do)\b|can i\b", re.IGNORECASE)
_SENTENCE = (AUXILIARIES | QUESTION_WORDS | PRONOUNS) - {"one", "ones"}


def facet(turn: str) -> str | None:
    """The new facet that a turn names, and nothing else.

    >>> facet("and in winter?"), facet("sorry, I meant the museum"), facet("is it open?")
    ('in winter', 'the museum', None)
    """
    found = _CHANGES.match(turn)
    if found is None:
        return None
    named = found["facet"].strip(" ,")
    named = re.split(r",\s*(?:but |rather )?", named)[-1] if _LED.match(turn) else named
    words = words_of(named)
    if not words or len(words) > 5 or any(word in _SENTENCE for word in words):
        return None
    led = found["told"] or _LED.match(turn)
    return named if led or words[0] in PREPOSITIONS or (len(words) == 1 and _class_of(words)) else None


def change(named: str, question: str, *, corrected: bool = False) -> tuple[str, str | None] | None:
    """The question with a facet changed, and what else it speaks of; None where the facet has no place in it.

    What is ``corrected`` ("sorry, meant trondheim") takes the place of a name in small letters, too.
    """
    body, end = re.match(r"(.*?)([\s?.!…]*)$", question, re.DOTALL).groups()  # type: ignore[union-attr]
    found = [phrase for phrase in phrases(body) if " of " not in phrase.text]
    words = words_of(named)
    prepositional = words[0] in PREPOSITIONS
    old = _same_class(words, found) or _same_place(named, body, found)
    if old is None and corrected and len(words) == 1:
        old = next((phrase for phrase in reversed(found) if phrase.preposition and not phrase.determiner), None)
    kept = [phrase for phrase in found if phrase is not old and phrase.preposition != "of"]
    rest = _with_the(kept[-1]) if kept else None
    if old is None:
        if not prepositional and not _class_of(words):
            return None
        facet = named if prepositional else _with_preposition(named, words)
        return f"{body} {facet}{end or '?'}", rest
    if not prepositional and words[-1] in _AT:
        named, prepositional = f"at {named}", True
    if old.preposition == "by" and not old.determiner:
        named = re.sub(r"^(?:the|an?) ", "", named)  # "by train", not "by the train"
    start = _start(old, body, with_preposition=prepositional)
    text = body[:start] + named + body[old.end :]
    if is_plural(words[-1]) and not old.is_plural:
        text = re.sub(r"^is (?=there )", "are ", text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:] + (end or "?"), rest


def bare_asking(turn: str, question: str) -> str | None:
    """A bare "why?" or "how long?" with the question that it is asked of; None for any other turn.

    >>> bare_asking("where?", "Can I rent a bike?")
    'Where can I rent a bike?'
    """
    found = _ASKING.match(turn)
    if found is None:
        return None
    word = found["word"].lower()
    body = question.strip().rstrip("?.!… ")
    first = words_of(body)[0] if words_of(body) else ""
    if (
        first in AUXILIARIES
        and word.split()[0] in ("why", "when", "where", "how")
        and word in ("why", "why not", "when", "where", "how")
    ):
        return f"{word.split()[0].capitalize()} {body[:1].lower()}{body[1:]}?"
    return f"{body}, and {word}?"


def _with_preposition(named: str, words: tuple[str, ...]) -> str:
    """A facet as it joins a question that has no place for it: "at Christmas", "by train", "for kids"."""
    if is_time(words):
        return f"{'at' if words[-1] in _AT else 'in'} {named}"
    if _CLASSES[1].intersection(words):
        return "by " + re.sub(r"^(?:the|an?) ", "", named)
    return f"for {named}"


def is_time(words: tuple[str, ...]) -> bool:
    """Whether a phrase names a time, as "late march" and "the winter months" do: nothing that "it" would mean."""
    return words[-1] in _CLASSES[0] or (words[-1] in _SPANS and bool(_CLASSES[0].intersection(words)))


def _class_of(words: tuple[str, ...]) -> frozenset[str] | None:
    return next((one for one in _CLASSES if one.intersection(words)), None)


def _same_class(words: tuple[str, ...], found: list[Phrase]) -> Phrase | None:
    own = _class_of(words)
    return next((phrase for phrase in reversed(found) if own is not None and own.intersection(phrase.words)), None)


def _same_place(named: str, question: str, found: list[Phrase]) -> Phrase | None:
    """The phrase that a facet replaces: one behind the same preposition, a name for a name, a thing for a thing."""
    words = words_of(named)
    if words[0] in PREPOSITIONS:
        return next((phrase for phrase in reversed(found) if phrase.preposition == words[0]), None)
    own = phrases(f"the {named}" if words[0] not in ("the", "a", "an") else named)
    if not own or is_verb(words[0]) or _class_of(words):
        return None
    names = [phrase for phrase in found if phrase.is_name]
    if named[:1].isupper() and names:
        return names[-1]
    if words[0] not in ("the", "a", "an") and not (named[:1].isupper() and names) and not _OFFERS.match(question):
        return None  # "what about insurance?" is no other sort of "the filing fee"
    things = [phrase for phrase in found if phrase.determiner in ("the", "a", "an", "any")]
    return things[-1] if len(things) == 1 or (things and words[0] in ("the", "a", "an")) else None


def _start(phrase: Phrase, body: str, *, with_preposition: bool) -> int:
    """Where the phrase begins with its determiner, and with its preposition where the new one brings its own."""
    before = rf"{phrase.determiner}\s+$" if phrase.determiner else r"$"
    if with_preposition and phrase.preposition:
        before = rf"\b{phrase.preposition}\s+{before}"
    found = re.search(before, body[: phrase.start], re.IGNORECASE)
    return found.start() if found else phrase.start


def _with_the(phrase: Phrase) -> str:
    return f"the {phrase.text}" if phrase.determiner in ("the", "a", "an", "this", "that") else phrase.text
