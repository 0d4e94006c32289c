"""A traveller's typing: seeded errors as thumbs make them, about one a question and two in a long one."""

import random
import re

from roros_assistant.passages import fold

_LONG = 9  # words
_WORD = re.compile(r"[^\W\d_]{4,}")
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {letter: (line, column) for line, row in enumerate(_ROWS) for column, letter in enumerate(row)}
_NEIGHBOURS = {
    letter: [other for other, (row, place) in _KEYS.items() if 0 < abs(row - line) + abs(place - column) < 2]
    for letter, (line, column) in _KEYS.items()
}


def misspell(question: str, seed: int) -> str:
    """The question with its errors; the same seed makes the same ones.

    A word is hit the sooner the longer it is, words of two or three letters only where there are no others.
    """
    chance = random.Random(f"{seed} {question}")
    words = [*_WORD.finditer(question)] or [*_ANY_WORD.finditer(question)]
    spans = [word.span() for word in words]
    wanted = 2 if len(question.split()) >= _LONG else 1
    chosen: set[tuple[int, int]] = set()
    while spans and len(chosen) < min(wanted, len(spans)):
        chosen.update(chance.choices(spans, [end - start for start, end in spans]))
    for start, end in sorted(chosen, reverse=True):  # from the end: earlier spans stay true
        question = _hit(question, start, end, chance)
    return question


def _hit(question: str, start: int, end: int, chance: random.Random) -> str:
    """One error in the word at a span, or in the gap after it."""
    word, rest = question[start:end], question[end:]
    variants = [(wrong, rest) for wrong in (*_letter_errors(word, chance), fold(word)) if wrong != word]
    if rest[:1] == " " and rest[1:2].isalpha():
        variants.append((word, rest[1:]))
    return question[:start] + "".join(chance.choice(variants) if variants else (word, rest))


def _letter_errors(word: str, chance: random.Random) -> list[str]:
    """Two letters swapped, one dropped, one doubled, one replaced by a key beside it."""
    swapped, place = chance.randrange(len(word) - 1), chance.randrange(len(word))
    letter = word[place]
    beside = chance.choice(_NEIGHBOURS.get(letter.lower(), [letter]))
    return [
        word[:swapped] + word[swapped + 1] + word[swapped] + word[swapped + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + (beside.upper() if letter.isupper() else beside) + word[place + 1 :],
    ]
