"""What a slip of the fingers costs: one spelling read as another, letter by letter; knows nothing of words."""

from functools import cache, lru_cache

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUND_ALIKE = ("aeiouy", "ckqs", "sz", "fvw", "gj", "dt", "bp", "mn")
# Nats, the more the rarer the slip: a letter typed twice or once too few, two swapped, one left out, the next key.
_DOUBLED = 1.5
_SWAPPED = 2.0
_LEFT_OUT = 2.2
_NEXT_KEY = 3.7  # each letter has some five keys beside it
_SOUNDS_LIKE = 3.9
_ADDED_NEXT_KEY = 4.4
_ADDED = 5.0
_OTHER_LETTER = 5.0
_FIRST_LETTER = 1.3  # more: a word's beginning is typed with most care


@lru_cache(maxsize=20_000)
def slip_cost(typed: str, meant: str) -> float:
    """How unlikely it is that ``meant`` comes out as ``typed``, in nats; 0 for the same word.

    >>> slip_cost("musuem", "museum") < slip_cost("musxum", "museum")
    True
    """
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(typed) + 1)]
    for i in range(len(typed) + 1):
        for j in range(len(meant) + 1):
            if i or j:
                rows[i][j] = min(_ways(typed, meant, i, j, rows))
    return rows[-1][-1]


def _ways(typed: str, meant: str, i: int, j: int, rows: list[list[float]]) -> list[float]:
    """The cost of every way to the cell: ``typed[:i]`` read as ``meant[:j]``."""
    ways = []
    first = _FIRST_LETTER if min(i, j) <= 1 else 0.0
    if i and j:
        ways.append(
            rows[i - 1][j - 1] + (0.0 if typed[i - 1] == meant[j - 1] else first + _other(typed[i - 1], meant[j - 1]))
        )
    if i:
        ways.append(rows[i - 1][j] + _added(typed, i - 1) + (first if i == 1 else 0.0))
    if j:
        doubled = j > 1 and meant[j - 1] == meant[j - 2]
        ways.append(rows[i][j - 1] + (_DOUBLED if doubled else _LEFT_OUT) + (first if j == 1 else 0.0))
    if i > 1 and j > 1 and typed[i - 2] == meant[j - 1] and typed[i - 1] == meant[j - 2]:
        ways.append(rows[i - 2][j - 2] + _SWAPPED)
    return ways


def _other(typed: str, meant: str) -> float:
    if are_neighbours(typed, meant):
        return _NEXT_KEY
    if any(typed in group and meant in group for group in _SOUND_ALIKE):
        return _SOUNDS_LIKE
    return _OTHER_LETTER


def _added(typed: str, place: int) -> float:
    """The cost of the letter at ``place`` being one too many."""
    beside = typed[max(place - 1, 0) : place] + typed[place + 1 : place + 2]
    if typed[place] in beside:
        return _DOUBLED
    return _ADDED_NEXT_KEY if any(are_neighbours(typed[place], letter) for letter in beside) else _ADDED


@cache  # 676 pairs of letters
def are_neighbours(first: str, second: str) -> bool:
    """Whether two letters' keys touch on an English keyboard.

    >>> are_neighbours("k", "l"), are_neighbours("k", "a")
    (True, False)
    """
    places = {letter: (row, column + row / 2) for row, keys in enumerate(_ROWS) for column, letter in enumerate(keys)}
    if first not in places or second not in places:
        return False
    (row, column), (other_row, other_column) = places[first], places[second]
    return first != second and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
