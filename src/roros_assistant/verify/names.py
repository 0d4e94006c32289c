"""Names and dates of a claim that no source mentions: by their capitals, months and weekdays by themselves."""

import re
from collections.abc import Callable, Iterable, Iterator

from roros_assistant.passages import fold
from roros_assistant.stems import common_words, of_one_place
from roros_assistant.verify.reading import Sentence, Word

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHORT_DAYS = dict(
    pair.split("/")
    for pair in "mon/monday tue/tuesday tues/tuesday wed/wednesday thu/thursday thurs/thursday fri/friday sat/saturday "
    "sun/sunday".split()
)
_ABBREVIATED = {month[:3]: month for month in _MONTHS} | {"sept": "september"}
# "may" and "march" are a month only where something says so.
_AMBIGUOUS = ("may", "march", "mar", "sun", "sat", "mon", "wed", "dec", "jan")
_DATED = re.compile(
    r"(?:\b(?:in|of|by|since|until|till|from|to|through|late|early|mid|on|every|next|last|and|or)[ -]"
    r"|\d(?:st|nd|rd|th)?(?: of)? |,\s)$",
    re.IGNORECASE,
)
_BEFORE = 12  # characters before a word that tell how it is used
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({'|'.join([*_MONTHS, *_ABBREVIATED])})\b"
    rf"|\b({'|'.join([*_MONTHS, *_ABBREVIATED])})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b\d{4}-(\d\d)(?:-(\d\d))?\b")
_COMMON_ENDINGS = re.compile(r"(?:ing|tion|ment|ness|ity|ers|ors|ance|ence|ism|ship|ies|ful|ous|able|ly|ed)$")
_FINITE = frozenset("is was has had lies lay sits stands offers became becomes hosts holds gets runs".split())
CALENDAR = frozenset([*_MONTHS, *_DAYS])


def dates(text: str) -> frozenset[str]:
    """The months, weekdays and days of months that a text names.

    >>> sorted(dates("It was December 26th, a Friday"))
    ['26 december', 'december', 'friday']
    """
    found: set[str] = set()
    for match in re.finditer(r"[^\W\d_]+", text):
        day = _calendar_word(text, match)
        if day:
            found.add(day)
    for match in _DAY_MONTH.finditer(text):
        number, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        month = _ABBREVIATED.get(month.lower(), month.lower())
        found |= {month, f"{int(number)} {month}"}
    for match in _ISO.finditer(text):
        if 1 <= int(match[1]) <= 12:
            month = _MONTHS[int(match[1]) - 1]
            found |= {month, f"{int(match[2])} {month}"} if match[2] else {month}
    return frozenset(found)


def _calendar_word(text: str, match: re.Match[str]) -> str:
    low = match.group().lower()
    word = low.removesuffix("s") if low.removesuffix("s") in _DAYS else low
    full = word if word in CALENDAR else {**_ABBREVIATED, **_SHORT_DAYS}.get(word, "")
    if not full:
        return ""
    if word not in _AMBIGUOUS:
        return full if len(word) > 4 or match.group()[0].isupper() or word in CALENDAR else ""
    # The verbs "may" and "march" have no capital inside a sentence, and nothing that dates before them.
    dated = _DATED.search(text[max(0, match.start() - _BEFORE) : match.start()]) and (
        match.group()[0].isupper() or word == "march"
    )
    return full if dated else ""


def unsaid_dates(claim: str, sources: str) -> list[str]:
    """The dates of a claim that stand in no source."""
    said = dates(sources)
    return sorted(dates(claim) - said)


def names(sentences: Iterable[Sentence], is_known: Callable[[str], bool]) -> Iterator[Word]:
    """The words of a claim that are names.

    A capital inside a sentence tells a name. At its beginning it tells one where the word is no word of English that
    ``is_known`` in small letters.
    """
    for sentence in sentences:
        capital = [word for word in sentence.words if word.text[:1].isupper()]
        long = [word for word in sentence.words if len(word.text) > 3]
        if len(long) > 3 and all(word.text[:1].isupper() for word in long):
            continue  # a heading in title case, or in capitals, tells nothing
        first = sentence.words[0] if sentence.words else None
        for word in capital:
            low = word.text.lower()
            if word.small or low in CALENDAR or len(word.text) < 2 or low.partition("'")[0] in ("i", "it"):
                continue
            if (word is not first and not _after_opening(sentence.text, word.start)) or not is_known(low):
                yield word


def _after_opening(text: str, start: int) -> bool:
    """Whether a word follows what opens a sentence inside a sentence: a colon, a quotation mark."""
    return bool(re.search(r"[:\"“(]\s*$", text[max(0, start - _BEFORE) : start]))


def looks_common(sentence: Sentence, word: Word) -> bool:
    """Whether a word at a sentence's beginning that nobody knows is built or used like a common one."""
    low = word.text.lower()
    if low in common_words() or _COMMON_ENDINGS.search(low):
        return True
    following = [each.text.lower() for each in sentence.words if each.start > word.start][:1]
    plural = low.endswith("s") and not low.endswith("ss")
    return plural or not following or following[0] not in _FINITE


def is_named(name: Word, said: frozenset[str]) -> bool:
    """Whether sources name it, ``said`` being their words' keys: itself, its people or its language."""
    if name.key in said:
        return True
    plain = fold(name.text.lower()).removesuffix("'s")
    if plain in said or ("'" in plain and plain.partition("'")[0] in said):
        return True
    return any(of_one_place(plain, other) for other in said)
