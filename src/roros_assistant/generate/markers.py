"""A reply as it comes -> its characters and its citation markers, apart; half a marker is never let through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A marker is shorter ("[Source 1, 2 and 3: article, travelsewhere]"); what is longer in brackets is text.
_LONGEST = 80
_CLOSING = {"[": "]", "(": ")", "【": "】"}
_WORD = r"(?:sources?|passages?|citations?|references?|refs?|documents?|docs?|numbers?|nos?|see|cf)"
# Nothing but numbers, what joins them, and words for what is cited; or a number with an explanation after it.
_NUMBERS_ALONE = re.compile(rf"(?:\d|[\s,;:&.#^/–—-]|\b(?:{_WORD}|and|to|n|x)\b)*", re.IGNORECASE)
_NUMBER_EXPLAINED = re.compile(rf"\s*(?:{_WORD}\s*)?#?(\d+)\s*[,:;|†].*", re.IGNORECASE)
# Round brackets hold many a number that cites nothing: a year, a count.
_ROUND = re.compile(rf"\(\s*(?P<word>{_WORD}\s*#?)?\d{{1,2}}(?:\s*(?:,|;|&|and|–|-)\s*\d{{1,2}})*\s*\)", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})")
_BEGUN = re.compile(rf"[\[(【]\s*\^?\s*(?:{_WORD}\W*)?[\d\s,;&–—-]*", re.IGNORECASE)
# Emphasis and code are signs of markup anywhere; a backslash escapes them; the rest is never seen.
_UNSEEN = re.compile(r"[*`\\\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Marker:
    """The passages that a marker points at, whether they exist or not; none where it is malformed."""

    numbers: tuple[int, ...]


class Markers:
    """Takes a reply in pieces of any size; what it gives does not depend on where they were cut."""

    def __init__(self, known: frozenset[int]) -> None:
        self._known = known
        self._held = ""  # an opened bracket and what followed it, as long as it may be a marker
        self._at_line_start = True

    def feed(self, text: str) -> Iterator[str | Marker]:
        """Single characters and whole markers, in order."""
        for character in text:
            if character == "*" and self._at_line_start and not self._held:
                character = "•"  # an item of a list, or the beginning of emphasis
            elif _UNSEEN.match(character):
                continue
            self._at_line_start = character == "\n" or (self._at_line_start and character.isspace())
            yield from self._take(character)

    def finish(self) -> Iterator[str | Marker]:
        """What was held back, unless it is the beginning of a marker."""
        held, self._held = self._held, ""
        if not _BEGUN.fullmatch(held):
            yield from held

    def _take(self, character: str) -> Iterator[str | Marker]:
        if not self._held:
            if character in _CLOSING:
                self._held = character
            else:
                yield character
        elif character == _CLOSING[self._held[0]]:
            whole, self._held = self._held + character, ""
            marker = read_marker(whole, self._known)
            yield from whole if marker is None else (marker,)
        elif character in _CLOSING or character == "\n" or len(self._held) == _LONGEST:
            yield from self._held
            self._held = ""
            yield from self._take(character)
        else:
            self._held += character


def read_marker(bracketed: str, known: frozenset[int]) -> Marker | None:
    """The marker that a bracket is, or None where it is text.

    >>> read_marker("[Sources 1, 3-5]", frozenset({1, 2, 3}))
    Marker(numbers=(1, 3, 4, 5))
    >>> read_marker("(1977)", frozenset({1, 2, 3})), read_marker("[sic]", frozenset({1}))
    (None, None)
    """
    inside = bracketed[1:-1]
    if bracketed[0] == "(":
        round_one = _ROUND.fullmatch(bracketed)
        numbers = _numbers(inside)
        if round_one is None or not (round_one["word"] or known.issuperset(numbers)):
            return None
        return Marker(numbers)
    if _NUMBERS_ALONE.fullmatch(inside):
        return Marker(_numbers(inside))
    explained = _NUMBER_EXPLAINED.fullmatch(inside)
    return Marker((int(explained[1]),)) if explained else None


def without_round_markers(text: str, known: frozenset[int]) -> str:
    """Take out round markers that stood around other markers.

    >>> without_round_markers("The church ((2)) is old (1780)", frozenset({1, 2}))
    'The church () is old (1780)'
    """
    while (bare := _ROUND.sub(lambda found: found[0] if read_marker(found[0], known) is None else "", text)) != text:
        text = bare
    return text


def _numbers(inside: str) -> tuple[int, ...]:
    """The numbers named, ranges spelt out.

    >>> _numbers("1, 4–6")
    (1, 4, 5, 6)
    """
    spelt = _RANGE.sub(lambda span: " ".join(map(str, range(int(span[1]), int(span[2]) + 1))), inside)
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d{1,9}", spelt)))
