"""Text -> sentences of words with what a comparison needs: stems, what is denied, what is a name."""

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from roros_assistant.passages import fold
from roros_assistant.stems import stem
from roros_assistant.verify.numbers import Quantity, quantities

# The small words of English: two texts that share them share nothing yet.
_SMALL = frozenset(
    "the a an this that these those my your our their its his her some any another of in on at to from for with by "
    "about between into onto through during over under than as like via be am is are was were been being do does "
    "did done have has had having can could will would shall should may might must i me mine you yours we us ours "
    "he him she hers it they them theirs myself yourself itself himself herself ourselves themselves one ones who "
    "whom whose what which when where why how and or but if because so then while although though whether since "
    "also too very just even still there here well more most much many such same other else let yes no not yeah ok "
    "okay oh n't s t re ve ll d m said says say".split()
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_CITATION = re.compile(
    r"\s*[\[(](?:(?:source|passage|reference|ref|quote)s?\.?\s*)?\[?\d{1,2}"
    r"(?:\s*[,;–-]\s*\[?\d{1,2}\]?)*[\])]+",
    re.I,
)
_SOURCE_NUMBER = re.compile(r"\b(?:source|passage|reference)s?\s+(?:number\s+)?\[?\d{1,2}\b\]?", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")
_APART = re.compile(r"(?<=\w)\s+(?=(?:n't|'(?:s|re|ve|ll|d|m))\b)", re.IGNORECASE)
_BRITISH = re.compile(r"is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)")

_DENIAL = re.compile(
    r"\b(?:not(?! only\b| just\b)|never|no|nor|without|none|neither|nobody|nothing|nowhere|cannot|hardly|scarcely"
    r"|unable"
    r"|lacks?|lacking|fails? to|failed to|ceased|stopped|refuses?|refused|denies|denied|avoid|isnt|arent|wasnt|dont"
    r"|doesnt|didnt|cant|wont)\b"
    r"|\b\w+n't\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:no doubt|no wonder|why not|or not|can't wait|cannot wait|number no)\b"
    r"|^no\b(?=[,.!;:]| (?:but|i|it|they|we|he|she|there|the|this)\b)",
    re.IGNORECASE,
)
# Where what is denied ends: the next clause says something else.
_CLAUSE_END = re.compile(
    r"[,;:.!?()–—]|\b(?:but|and|because|although|though|while|which|who|since|so|however|yet|if)\b", re.IGNORECASE
)
_DENIED_WORDS = 6
_LONGEST = 1_000  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, where it stands."""

    text: str
    key: str  # what it is compared by: its stem, British and American alike
    start: int
    small: bool  # says nothing by itself
    denied: int  # its rank behind a denial of its clause, 1 for what is denied first of all; -1 before one; 0 for none


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its words and numbers."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[Quantity, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        """The words that say something by themselves."""
        return tuple(word for word in self.words if not word.small)

    @property
    def denies(self) -> bool:
        """Whether anything is denied in it."""
        return bool(denials(self.text))


def plain(text: str) -> str:
    """A text with straight apostrophes, contractions joined ("is n't") and spaces where lines were wrapped.

    >>> plain("it is n’t")
    "it isn't"
    """
    return _APART.sub("", text.replace("’", "'").replace("‘", "'").replace("`", "'"))


def without_markers(claim: str) -> str:
    """A claim without what points at sources or counts a list: "[2]" is no number.

    >>> without_markers("1. It takes 2.5 hours [2][3].")
    'It takes 2.5 hours.'
    """
    return _SOURCE_NUMBER.sub("", _CITATION.sub("", _LIST_MARK.sub("", claim))).strip()


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, read; what never ends is cut, for comparing takes the square of a length."""
    parts = (part.strip() for part in _SENTENCE.split(plain(text)))
    return [
        read(piece)
        for part in parts
        if part
        for piece in (textwrap.wrap(part, _LONGEST) if len(part) > _LONGEST else [part])
    ]


@lru_cache(maxsize=4_000)
def read(text: str) -> Sentence:
    """Read one sentence, its apostrophes plain."""
    denied = _denied(text)
    numbers = tuple(quantities(text))
    words = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        small = (
            word.lower() in _SMALL
            or word.lower().endswith("n't")
            or ("'" in word and word.lower().partition("'")[0] in _SMALL)
        )
        small = small or any(number.start <= match.start() < number.end for number in numbers)
        words.append(Word(word, key(word), match.start(), small or len(word) == 1, denied.get(match.start(), 0)))
    return Sentence(text, tuple(words), numbers)


@lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """What a word is compared by.

    >>> key("neighbours'") == key("neighbor"), key("Røros's") == key("roros")
    (True, True)
    """
    low = fold(word.lower()).removesuffix("'s").removesuffix("'")
    if len(low) > 5:
        low = _BRITISH.sub("iz", low).replace("our", "or")
    return stem(low)


def denials(text: str) -> list[re.Match[str]]:
    """The words that deny something."""
    idle = {place for match in _NO_DENIAL.finditer(text) for place in range(*match.span())}
    return [match for match in _DENIAL.finditer(text) if match.start() not in idle]


def _denied(text: str) -> dict[int, int]:
    """The offsets of words in clauses that deny: their rank behind the nearest denial, -1 before it or far behind."""
    cues = denials(text)
    if not cues:
        return {}
    covered: dict[int, int] = {}
    edges = [0, *(match.start() for match in _CLAUSE_END.finditer(text)), len(text)]
    for begin, end in pairwise(edges):
        here = [cue for cue in cues if begin <= cue.start() < end]
        rank = -1
        for match in _TOKEN.finditer(text[:end], begin) if here else ():
            if any(cue.start() <= match.start() < cue.end() for cue in here):
                rank = 0
            elif match.group().lower() not in _SMALL:
                rank += rank >= 0
                covered[match.start()] = rank if 0 < rank <= _DENIED_WORDS else -1
    return covered
