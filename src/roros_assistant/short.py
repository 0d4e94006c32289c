"""A question that asks for a few words -> those words inside its best quote: "2.5 hours", "1644", "around 200"."""

import re
from dataclasses import dataclass

from roros_assistant.asked import KindAsked, counted_thing
from roros_assistant.quantities import DAY, LASTING, LENGTH, MONEY, MONTH, NUMBER, NUMBERS, PAST, SPAN

_ABOUT = (
    r"(?:(?:around|about|approximately|roughly|nearly|almost|over|under|more than|less than|up to|at least|some) )?"
)
_YEAR = r"\b1\d{3}s?\b|\b20\d\d\b"
_DATE = r"(?:\d{1,2}(?:st|nd|rd|th)?)"

# How the thing asked for stands in a sentence. A season is no short answer: sources weigh one against another.
_FORMS = {
    "a price": rf"{_ABOUT}{MONEY}|\bfree of charge\b",
    "a time of day": r"\b\d{1,2}[:.]\d\d(?: ?(?:to|until|till|[–-]) ?\d{1,2}[:.]\d\d)?(?: ?[ap]\.?m\b\.?)?"
    rf"|\b\d{{1,2}} ?(?:[ap]\.?m\b\.?|o.?clock\b)|\b(?:noon|midnight|24/7)\b|{PAST}",
    "a distance": rf"\b{_ABOUT}{NUMBERS}[ -]?(?:{LENGTH}|blocks?)\b|{_ABOUT}{LASTING}",
    "a measure": rf"\b{_ABOUT}{NUMBERS}[ -]?(?:{LENGTH}|kg|tons?|%|°C?|degrees)(?!\w)",
    "how long it is": rf"{_ABOUT}{LASTING}|\b{_ABOUT}{NUMBERS}[ -]?{LENGTH}\b",
    "how long it takes": rf"{_ABOUT}{LASTING}",
    "a number": rf"\b{_ABOUT}{NUMBERS}\b",
    "a year or a date": rf"\b(?:{_DATE} )?{MONTH}\b(?: {_DATE}\b)?(?:,? \d{{4}}\b)?|{_YEAR}|\b{NUMBER} {SPAN} ago\b"
    r"|\b\d\d?(?:st|nd|rd|th) century\b",
    "when": rf"\b(?:(?:late|early|mid)[ -])?(?:{_DATE} )?{MONTH}\b(?: {_DATE}\b)?(?:,? \d{{4}}\b)?|{_YEAR}"
    rf"|\b{NUMBER} {SPAN} ago\b|\b{DAY}\b",
}
_PATTERNS = {kind: re.compile(form, re.IGNORECASE) for kind, form in _FORMS.items()}
# "Is it 2 hours?" wants a yes or a no, which quotes do not say; so do "was", "does" and the like.
YES_NO = re.compile(
    r"^\W*(?:and |but |so |or )?(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_STEM = 4  # letters that a word of the question and one of the sentence share at their beginning, to be near it


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in a text, in code points."""

    start: int
    end: int


def find_short(question: str, kind: KindAsked | None, quote: str) -> Span | None:
    """Where in ``quote`` the few words stand that ``question`` asks for, if it asks for a few words.

    >>> from roros_assistant.asked import kind_asked
    >>> question, quote = "How long is the train ride?", "It takes 2.5 hours."
    >>> span = find_short(question, kind_asked(question), quote)
    >>> quote[span.start : span.end]
    '2.5 hours'
    """
    if kind is None or kind.name not in _PATTERNS or YES_NO.search(question):
        return None
    brought = {word.casefold() for word in _WORD.findall(question)}
    found = [
        match
        for match in _PATTERNS[kind.name].finditer(quote)
        if not brought.issuperset(word.casefold() for word in _WORD.findall(match.group()))
    ]
    thing = counted_thing(question) if kind.name == "a number" else None
    if thing is not None:
        found = [match for match in found if thing.match(quote, match.end())]
    if not found:
        return None
    nearest = min(found, key=lambda match: (_distance(match, brought, quote), match.start()))
    return Span(nearest.start(), nearest.end())


def _distance(match: re.Match[str], brought: set[str], quote: str) -> float:
    """Characters from a find to the nearest word that the question has too; far where there is none."""
    starts = {word[:_STEM] for word in brought if len(word) >= _STEM}
    near = [
        min(abs(word.end() - match.start()), abs(word.start() - match.end()))
        for word in _WORD.finditer(quote)
        if word.group().casefold()[:_STEM] in starts and not match.start() <= word.start() < match.end()
    ]
    return min(near, default=len(quote))
