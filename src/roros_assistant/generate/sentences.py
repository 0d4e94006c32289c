"""A reply as it comes -> its sentences, each whole, in plain text, with the numbers of the passages that it cites."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from roros_assistant.generate.markers import Marker, Markers, without_round_markers

_MOST_SENTENCES = 8  # two to six are asked for; a model that runs on is stopped
_LONGEST_REPLY = 6_000  # characters: ten times six sentences
_LONGEST_SENTENCE = 800  # as long as the longest passage; a longer run without an end is left out
_TAIL = 24  # characters before a full stop that tell whether it ends a sentence

_BETWEEN_MARKERS = ",;"
_TERMINATORS = ".!?…。！？"
_CLOSERS = "\"'”’»)]}』」"
_NO_BEGINNING = f"{_TERMINATORS}”’»)}}』」,;:|> "  # what is left of the sentence before
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'‘/])(?:[A-HJ-Za-z]|[A-Za-z](?:\.[A-Za-z])+(?<![ap]\.m)|Mr|Mrs|Ms|Dr|Prof|St|Mt|Nos?|vs|approx|ca|cf|Jan|Feb|Mar"
    r"|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Jr|Sr|Ave|Blvd|Fig|Vol|pp?|nr|tlf|incl|min|max|est)\.$"
)
_LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]$")
_LIST_MARK = re.compile(r"^\s*(?:[-–—+>|]+\s+|•\s*|\(?\d{1,2}[.)]\s+)+")
_LABEL = re.compile(r"^(?:(?:final|short)\s+)?(?:answer|response|assistant|a)\s*:\s*", re.IGNORECASE)
_OVER = re.compile(r"^(?:sources?|references?|citations?|passages?|questions?|user|q)\s*:", re.IGNORECASE)
_NAMED_PASSAGE = re.compile(r"^(?:source|passage|document)\s+#?(\d{1,2})\s*[:.)–-]\s+", re.IGNORECASE)
_HELPLESS = re.compile(r"\b(?:according to|(?:stated|mentioned|noted|described|written) in)\s*$", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)|\((?:https?://|#|/)[^()\s]*\)")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_UNDERSCORES = re.compile(r"(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_WHOLLY_QUOTED = re.compile(r"^[\"“]([^\"“”]+)[\"”]$")
_EMPTY_BRACKETS = re.compile(r"\(\s*[,;]*\s*\)")
_BEFORE_POINT = re.compile(r"\s+(?=[,.;:!?)])")
_DOUBLED = re.compile(r"[,.;:]\s+(?=[,.;:])")
_THINKING, _THOUGHT = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a model in plain text, without markers, and the numbers of the passages that it cites."""

    text: str
    numbers: tuple[int, ...] = ()


class _At(Enum):
    """Where the reading stands."""

    INSIDE = auto()
    TERMINATOR = auto()  # right after a full stop and what closes with it
    GAP = auto()  # in the white space after it: a marker may still belong to the sentence
    BREAK = auto()  # after a line that ended without a full stop


class Sentences:
    """Takes a reply in pieces of any size; each character is looked at once, so what it gives depends on no piece."""

    _at: _At
    _text: str  # of the sentence so far
    _numbers: tuple[int, ...]
    _marked: bool  # the last thing read was a marker
    _new_line: bool  # a line has ended since the sentence did
    _too_long: bool
    _at_line_start: bool  # the sentence is the first of its line

    def __init__(self, numbers: Iterable[int]) -> None:
        self._known = frozenset(numbers)
        self._markers = Markers(self._known)
        self._thoughts = Thoughts()
        self._read = 0
        self._found: list[Sentence] = []
        self._said: set[str] = set()
        self._first = True
        self._leading = False  # on this line the markers stand before their sentences
        self.done = False  # all that may be said has been said
        self._begin(at_line_start=True)

    def feed(self, text: str) -> list[Sentence]:
        """The sentences that are whole now."""
        spoken = self._thoughts.without(text)[: max(0, _LONGEST_REPLY - self._read)]
        self._read += len(spoken)
        for token in self._markers.feed(spoken):
            self._take(token)
        self.done = self.done or self._read >= _LONGEST_REPLY
        return self._give()

    def finish(self, *, whole: bool = True) -> list[Sentence]:
        """What is left at the end; of a reply that was cut off only what surely is a sentence."""
        if self.done:
            return []
        for token in self._markers.finish():
            self._take(token)
        ended = self._at in (_At.TERMINATOR, _At.GAP)
        if whole or (ended and not re.search(r"\d\.$", self._text)):
            self._end(at_line_start=True)
        return self._give()

    def _give(self) -> list[Sentence]:
        found, self._found = self._found, []
        return found

    def _take(self, read: str | Marker) -> None:
        if self.done:
            return
        if isinstance(read, Marker):
            self._mark(read)
        elif self._at is _At.INSIDE:
            self._inside(read)
        elif self._marked and read in _BETWEEN_MARKERS:
            pass
        elif self._at is _At.TERMINATOR:
            self._after_terminator(read)
        else:
            self._between(read)

    def _mark(self, marker: Marker) -> None:
        if self._at in (_At.GAP, _At.BREAK) and (self._leading or self._new_line):
            self._end(at_line_start=self._new_line)
        if self._text.strip():
            self._numbers += marker.numbers
            if self._at is _At.INSIDE and _HELPLESS.search(self._text[-_TAIL:]):
                self._text += "the sources"
        elif self._at_line_start or self._leading:
            self._leading = True
            self._numbers += marker.numbers
        self._marked = True

    def _inside(self, character: str) -> None:
        if character == "\n":
            if self._text.strip():
                self._at, self._new_line = _At.BREAK, True
            else:
                self._begin(at_line_start=True)
        elif character in _TERMINATORS and self._text.strip():
            self._text += character
            if self._marked and self._is_balanced():
                self._end(at_line_start=False)
            else:
                self._at = _At.TERMINATOR
                self._marked = False
        else:
            self._marked = self._marked and character.isspace()
            self._add(character)

    def _after_terminator(self, character: str) -> None:
        if character.isspace():
            self._at, self._new_line = _At.GAP, character == "\n"
        elif self._marked:
            self._end(at_line_start=False)
            self._take(character)
        else:
            self._add(character)
            if character not in _TERMINATORS + _CLOSERS:
                self._at = _At.INSIDE

    def _between(self, character: str) -> None:
        if character.isspace():
            self._new_line = self._new_line or character == "\n"
        elif self._goes_on(character):
            self._at = _At.INSIDE
            self._add(" ")
            self._take(character)
        else:
            self._end(at_line_start=self._new_line)
            self._take(character)

    def _add(self, character: str) -> None:
        self._text += character
        if len(self._text) > _LONGEST_SENTENCE:
            self._too_long = True
            self._text = self._text[-_TAIL:]

    def _goes_on(self, following: str) -> bool:
        """Whether the sentence goes on after white space: it follows an abbreviation, or a line was only wrapped."""
        if self._at is _At.BREAK:
            return following.islower()
        if self._marked or self._new_line:
            return False
        is_list_number = self._at_line_start and _LIST_NUMBER.fullmatch(self._text)
        return bool(is_list_number or following.islower() or _ABBREVIATION.search(self._text[-_TAIL:]))

    def _is_balanced(self) -> bool:
        text = self._text
        return text.count('"') % 2 == 0 and text.count("“") <= text.count("”") and text.count("(") <= text.count(")")

    def _begin(self, *, at_line_start: bool) -> None:
        self._at = _At.INSIDE
        self._text = ""
        self._numbers = ()
        self._marked = False
        self._new_line = False
        self._too_long = False
        self._at_line_start = at_line_start
        self._leading = self._leading and not at_line_start

    def _end(self, *, at_line_start: bool) -> None:
        text, numbers = plain(self._text, self._known, at_line_start=self._at_line_start, first=self._first)
        if self._at_line_start and not self._first and _OVER.match(text):
            self.done = True
        elif text in self._said:
            self.done = True  # a model that has lost the thread says one thing for ever
        elif not self._too_long and is_said(text):
            self._said.add(text)
            cited = dict.fromkeys(number for number in (*numbers, *self._numbers) if number in self._known)
            self._found.append(Sentence(text, tuple(cited)))
            self.done = len(self._said) == _MOST_SENTENCES
        self._first = self._first and not text
        self._begin(at_line_start=at_line_start)


def plain(text: str, known: frozenset[int], *, at_line_start: bool, first: bool) -> tuple[str, tuple[int, ...]]:
    """A sentence without markup, and the passages that it names before it begins.

    >>> plain("- _Source 2:_ The mine , which closed .", frozenset({2}), at_line_start=True, first=False)
    ('The mine, which closed.', (2,))
    """
    text = _LINK.sub(r"\1", _TAG.sub("", text))
    text = _UNDERSCORES.sub("", text)
    numbers: tuple[int, ...] = ()
    if at_line_start:
        text = "" if text.lstrip().startswith("#") else _LIST_MARK.sub("", text).strip()
        text = _LABEL.sub("", text) if first else text
        if named := _NAMED_PASSAGE.match(text):
            text, numbers = text[named.end() :], (int(named[1]),)
    text = without_round_markers(text.translate(_SQUARE), known)
    text = _BEFORE_POINT.sub("", _DOUBLED.sub("", _EMPTY_BRACKETS.sub("", " ".join(text.split()))))
    return _WHOLLY_QUOTED.sub(r"\1", text.lstrip(_NO_BEGINNING).strip()), numbers


def is_said(text: str) -> bool:
    """Whether something is said: a heading ("Sights:") or a stray sign says nothing.

    >>> is_said("The mine closed in 1977."), is_said("Sights:"), is_said("1.")
    (True, False, False)
    """
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (len(words) >= 2 or any(not word.isascii() for word in words)) and not text.endswith(":")


class Thoughts:
    """Leaves out what a reasoning model thinks aloud before it speaks."""

    def __init__(self) -> None:
        self._begun = ""  # what may be the beginning of <think>
        self._end = ""  # what may be the end of </think>
        self._thinks: bool | None = None  # None: not known yet

    def without(self, text: str) -> str:
        """What is spoken."""
        if self._thinks is None:
            self._begun = (self._begun + text).lstrip()
            if len(self._begun) < len(_THINKING) and _THINKING.startswith(self._begun):
                return ""
            self._thinks = self._begun.startswith(_THINKING)
            text, self._begun = self._begun, ""
        if self._thinks is False:
            return text
        thought, found, spoken = (self._end + text).partition(_THOUGHT)
        if not found:
            self._end = thought[-len(_THOUGHT) :]
            return ""
        self._thinks = False
        return spoken


_SQUARE = str.maketrans("", "", "[]【】")
