"""Text -> the quantities in it: digits and number words, with what they measure, so that "2½ hours" is 150 minutes."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from roros_assistant.verify.units import FRACTIONS, SCALES, UNITS, WORDS

_MORE = re.compile(r"(?:\b(?:more than|over|above|at least|upwards of|exceeds?|exceeding)|>)\s*$", re.IGNORECASE)
_LESS = re.compile(r"(?:\b(?:less than|fewer than|under|below|at most|up to|no more than|almost|nearly)|<)\s*$", re.I)
_TOKEN = re.compile(
    r"(?P<iso>\b\d{4}-\d\d(?:-\d\d)?\b)"
    r"|(?P<clock>\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d|\.\d)(?:\s?[ap]\.?m\b\.?)?(?![%\d])|\b\d{1,2}\s?(?:[ap]m\b|[ap]\.m\.|o['’]clock\b))"
    r"|(?P<number>(?:(?<!\S)[-−])?(?<![\w.,])\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?(?!\d)"
    r"|(?:(?<!\S)[-−])?(?<![^\W\d_])\d+(?:[.,]\d+)?)"
    r"(?P<ordinal>(?:st|nd|rd|th)\b|['’]?s\b)?"
    r"|(?P<fraction>[½¼¾⅓⅔])"
    r"|(?P<word>[^\W\d_]+\.?|[%°€$£]c?\b|[%°€$£])",
    re.IGNORECASE,
)
_NO_QUALITY = frozenset("a an the of or and to in per for times each every this that at on".split())
_WITHIN_RANGE = re.compile(r"\s*(?:-|–|—|to|and|or|/)\s*", re.IGNORECASE)
_CLOSE = re.compile(r"[\s-]*(?:and\s+)?$", re.IGNORECASE)
_BEFORE = 24  # characters before a number that tell what bounds it
_CLOCK_DOTTED = re.compile(r"\d+\.\d+$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where it stands, in the base of what it measures."""

    value: float
    kind: str  # "time", "NOK", "clock" in minutes of the day, "decade", or "" for a bare number
    start: int
    end: int
    bound: int = 0  # 1 for "more than", -1 for "less than"
    weak: bool = False  # "one", "an hour": more often grammar than a number

    def agrees(self, other: "Quantity") -> bool:
        """Whether the other, of a source, says this number: the same value, of the same kind where it has one."""
        same = math.isclose(self.value, other.value, rel_tol=1e-6, abs_tol=1e-9)
        return same and self.kind in ("", other.kind) and self.bound * other.bound >= 0


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    what: str
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in their order.

    >>> [(quantity.value, quantity.kind) for quantity in quantities("two and a half hours, over 200 shops")]
    [(9000.0, 'time'), (200.0, '')]
    """
    pieces = [
        _Piece(match.group(), match.lastgroup or "", match.start(), match.end()) for match in _TOKEN.finditer(text)
    ]
    found: list[Quantity] = []
    place = 0
    while place < len(pieces):
        read, place = _read(text, pieces, place)
        found += read
    return _summed(text, _with_range_units(text, found))


def _read(text: str, pieces: Sequence[_Piece], place: int) -> tuple[list[Quantity], int]:
    """The quantities that begin at a piece, and the piece that follows them."""
    piece = pieces[place]
    if piece.what == "iso":
        return [Quantity(float(part), "", piece.start, piece.end) for part in piece.text.split("-")], place + 1
    if piece.what == "clock" and not _measures(text, pieces, place):
        return [Quantity(_minutes(piece.text), "clock", piece.start, piece.end)], place + 1
    value, after, weak = _value(text, pieces, place)
    if value is None:
        return [], place + 1
    last = pieces[after - 1]
    if last.what == "ordinal" and last.text.lower().endswith("s") and not last.text.lower().endswith("ths"):
        return [Quantity(value, "decade", piece.start, last.end)], after
    kind, size, after, end = _unit(text, pieces, place, after)
    if kind == "months" and size == 1200.0 and last.text.lower().rstrip(".").endswith("th"):
        return [Quantity(100.0 * (value - 1), "decade", piece.start, end)], after  # "19th century" is the 1800s
    before = text[max(0, piece.start - _BEFORE) : piece.start].rstrip("€$£ ")
    if re.search(r"\bminus$", before, re.IGNORECASE):
        value = -value
    bound = 1 if _MORE.search(before) else -1 if _LESS.search(before) else 0
    if weak and value == 1.0 and kind and last.text.lower() == "one":
        weak = False
    return [Quantity(value * size, kind, piece.start, end, bound, weak)], after


def _measures(text: str, pieces: Sequence[_Piece], place: int) -> bool:
    """Whether "2.50" is no time of day but a decimal, by the unit beside it."""
    piece = pieces[place]
    if not _CLOCK_DOTTED.match(piece.text):
        return False
    beside = [pieces[near].text.lower().rstrip(".") for near in (place - 1, place + 1) if 0 <= near < len(pieces)]
    return any(word in UNITS for word in beside) or not re.search(
        r"\b(?:at|from|until|till|to)\s*$", text[: piece.start]
    )


def _value(text: str, pieces: Sequence[_Piece], place: int) -> tuple[float | None, int, bool]:
    """The number that begins at a piece, the piece after it, and whether it is more often grammar."""
    piece = pieces[place]
    word = piece.text.lower()
    if piece.what in ("number", "ordinal", "clock"):
        value = _digits(piece.text)
        after = place + 1
        if piece.what == "ordinal":
            return value, after, False
    elif piece.what == "fraction":
        return FRACTIONS[piece.text], place + 1, False
    elif word in WORDS:
        value, after = _spelled(text, pieces, place)
    elif word in ("a", "an", "half") and place + 1 < len(pieces):
        return _article(pieces, place)
    else:
        return None, place + 1, False
    value, after = _scaled(pieces, value, after)
    value, after = _with_half(text, pieces, value, after)
    return value, after, word == "one" and after == place + 1


def _article(pieces: Sequence[_Piece], place: int) -> tuple[float | None, int, bool]:
    """Read "half an hour", "a dozen", "an hour and a half", "a hundred"."""
    word, following = pieces[place].text.lower(), pieces[place + 1].text.lower()
    if word == "half":
        article = following in ("a", "an")
        if following in UNITS or (article and place + 2 < len(pieces) and pieces[place + 2].text.lower() in UNITS):
            return 0.5, place + 1 + article, False
        return None, place + 1, False
    if following in SCALES or following == "dozen":
        value, after = _scaled(pieces, 12.0 if following == "dozen" else 1.0, place + 1 + (following == "dozen"))
        return value, after, False
    if following in UNITS and len(following) > 2:
        half = [piece.text.lower() for piece in pieces[place + 2 : place + 5]] == ["and", "a", "half"]
        return 1.5 if half else 1.0, place + 1, not half
    return None, place + 1, False


def _digits(text: str) -> float:
    """Read digits, thousands set apart by commas, decimals by a full stop or a comma."""
    bare = re.sub(r"(?:st|nd|rd|th|['’]?s)$", "", text, flags=re.IGNORECASE).replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?", bare):
        bare = re.sub(r"[, \u00a0\u202f]", "", bare)
    return float(bare.replace(",", "."))


def _spelled(text: str, pieces: Sequence[_Piece], place: int) -> tuple[float, int]:
    """Read "twenty-six", "nineteen", "two"."""
    value = WORDS[pieces[place].text.lower()]
    after = place + 1
    if 20 <= value < 100 and after < len(pieces):
        follower = pieces[after]
        unit = {**WORDS, "first": 1.0, "second": 2.0}.get(follower.text.lower(), 0.0)
        if 0 < unit < 10 and re.fullmatch(r"[\s-]?", text[pieces[place].end : follower.start]):
            return value + unit, after + 1
    return value, after


def _scaled(pieces: Sequence[_Piece], value: float, after: int) -> tuple[float, int]:
    """Read "two hundred", "1.5 million", "two thousand five hundred and six"."""
    while after < len(pieces) and pieces[after].text.lower() in SCALES:
        value *= SCALES[pieces[after].text.lower()]
        after += 1
        rest = after + (after < len(pieces) and pieces[after].text.lower() == "and")
        if rest < len(pieces) and pieces[rest].text.lower() in WORDS and value >= 100:
            smaller = WORDS[pieces[rest].text.lower()]
            rest += 1
            if 20 <= smaller < 100 and rest < len(pieces) and 0 < WORDS.get(pieces[rest].text.lower(), 0.0) < 10:
                smaller += WORDS[pieces[rest].text.lower()]
                rest += 1
            if rest < len(pieces) and pieces[rest].text.lower() == "hundred":
                smaller, rest = smaller * 100, rest + 1
            value, after = value + smaller, rest
    return value, after


def _with_half(text: str, pieces: Sequence[_Piece], value: float, after: int) -> tuple[float, int]:
    """Read "two and a half", "2 ½", "2½"."""
    following = [piece.text.lower() for piece in pieces[after : after + 3]]
    if following[:1] and following[0] in FRACTIONS and not text[pieces[after - 1].end : pieces[after].start].strip():
        return value + FRACTIONS[following[0]], after + 1
    if following == ["and", "a", "half"]:
        return value + 0.5, after + 3
    return value, after


def _unit(text: str, pieces: Sequence[_Piece], place: int, after: int) -> tuple[str, float, int, int]:
    """What a number measures, from the word behind it or the sign before it."""
    end = pieces[after - 1].end
    if after < len(pieces):
        unit = pieces[after].text.lower().rstrip(".")
        glued = re.fullmatch(r"[\s-]*", text[end : pieces[after].start])
        if unit in UNITS and glued and (len(unit) > 1 or unit in "hm%°€$£"):
            kind, size = UNITS[unit]
            after, end = after + 1, pieces[after].end
            return kind, size, after, end
        further = [piece.text.lower() for piece in pieces[after : after + 2]]
        if (  # "three consecutive years"
            len(further) == 2
            and len(further[1]) > 2
            and further[1] in UNITS
            and further[0] not in _NO_QUALITY
            and re.fullmatch(r"[ -]\w+ ", text[end : pieces[after + 1].start])
        ):
            kind, size = UNITS[further[1]]
            return kind, size, after + 2, pieces[after + 1].end
        if unit == "per" and pieces[after + 1 : after + 2] and pieces[after + 1].text.lower() == "cent":
            return "percent", 1.0, after + 2, pieces[after + 1].end
    if place:
        sign = pieces[place - 1].text.lower().rstrip(".")
        kind, size = UNITS.get(sign, ("", 1.0))
        if len(kind) == 3 and kind.isupper() and not text[pieces[place - 1].end : pieces[place].start].strip(" ."):
            return kind, size, after, end
    return "", 1.0, after, end


def _minutes(text: str) -> float:
    """Minutes since midnight.

    >>> _minutes("5 pm"), _minutes("17:00")
    (1020.0, 1020.0)
    """
    hours, minutes = ([int(part) for part in re.findall(r"\d+", text)] + [0])[:2]
    afternoon = re.search(r"p\.?m", text, re.IGNORECASE)
    morning = re.search(r"a\.?m", text, re.IGNORECASE)
    if afternoon and hours < 12:
        hours += 12
    if morning and hours == 12:
        hours = 0
    return 60.0 * hours + minutes


def _with_range_units(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """In "14-20 %" and "between two and three hours" both numbers have the unit of the second."""
    read = list(found)
    for place in range(len(read) - 2, -1, -1):
        first, second = read[place], read[place + 1]
        if first.kind or not second.kind or second.kind in ("clock", "decade") or first.weak:
            continue
        if _WITHIN_RANGE.fullmatch(text[first.end : second.start]):
            unit = re.findall(r"[^\W\d_]+|[%°€$£]", text[second.start : second.end])
            size = next((UNITS[word.lower()][1] for word in reversed(unit) if word.lower() in UNITS), 1.0)
            read[place] = replace(first, value=first.value * size, kind=second.kind)
    return read


def _summed(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Read "2 hours 30 minutes" and "an hour and a half" as one quantity."""
    summed: list[Quantity] = []
    for quantity in found:
        before = summed[-1] if summed else None
        if (
            before is not None
            and before.kind == quantity.kind == "time"
            and before.value > quantity.value
            and _CLOSE.fullmatch(text[before.end : quantity.start])
        ):
            summed[-1] = replace(before, value=before.value + quantity.value, end=quantity.end, weak=False)
        else:
            summed.append(quantity)
    return summed


def unsaid(claimed: Sequence[Quantity], said: Sequence[Quantity]) -> Iterator[Quantity]:
    """The quantities of a claim that no source says."""
    return (quantity for quantity in claimed if not quantity.weak and not any(map(quantity.agrees, said)))
