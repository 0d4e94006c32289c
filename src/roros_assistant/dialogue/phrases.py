"""A turn -> the things it speaks of: noun phrases found by the small words and verbs around them, without a tagger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from roros_assistant.dialogue.grammar import (
    ADVERBS,
    ASKING,
    AUXILIARIES,
    DEGREES,
    DETERMINERS,
    FORMS_OF_BE,
    HELPERS,
    MANNER,
    PAST,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
    QUALITIES,
    SMALL,
    SUBJECTS,
    VERBS,
)

_TOKEN = re.compile(
    r"[$€£]?\d[\d.,]*\d\w*|[$€£]?[^\W_](?:[\w&$%+@/.-]*[^\W_])?(?:['’](?:s|t|m|re|ve|ll|d)\b|['’](?=\s))?|[^\w\s]"
)
_WORD = re.compile(r"\w")
ADJECTIVES = Path(__file__).parents[1] / "models" / "adjectives.txt"  # written by benchmarks/word_classes.py


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: ``turn[start:end]`` is it without its determiner and preposition."""

    text: str
    start: int  # code points
    end: int
    determiner: str = ""  # lower case
    preposition: str = ""
    is_name: bool = False  # a word of it is written with a capital that no beginning of a sentence explains
    position: int = 0  # 0 for the first phrase of its turn

    @property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case."""
        return words_of(self.text)

    @property
    def head(self) -> str:
        """The word that says what it is: the last before any "of"."""
        before, *_ = re.split(r" (?:of|in|on|for|to|from|with|by|at) ", self.text.lower())
        return words_of(before)[-1] if words_of(before) else ""

    @property
    def is_plural(self) -> bool:
        """Whether "they" would take it up."""
        return is_plural(self.head) or " and " in self.text


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign with its place in the text."""

    text: str
    start: int
    end: int
    opens: bool  # first word of its sentence

    @property
    def lower(self) -> str:
        """In lower case, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without a possessive ending.

    >>> words_of("The Patriots' coach")
    ('the', 'patriots', 'coach')
    """
    return tuple(re.sub(r"['’]s?$", "", token.text.lower()) for token in tokens(text) if _WORD.search(token.text))


def is_plural(word: str) -> bool:
    """Whether a noun looks like more than one of its kind."""
    return word in ("people", "children", "men", "women") or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    )


def is_person(word: str) -> bool:
    """Whether "he" or "she" would take a noun up.

    >>> is_person("owner"), is_person("tower")
    (True, False)
    """
    return word in PERSONS or any(word == f"{verb}{end}" for verb in _doers(word) for end in ("er", "r", "or"))


def _doers(word: str) -> list[str]:
    """The verbs that a word on "-er" or "-or" may come from."""
    stems = [word[:-2], word[:-1]]
    return [stem for stem in stems if stem in VERBS] if word.endswith(("er", "or")) else []


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Words and signs of a text, in their order."""
    found: list[Token] = []
    opens = True
    for match in _TOKEN.finditer(text):
        word = match.group()
        found.append(Token(word, match.start(), match.end(), opens))
        if _WORD.search(word):
            opens = False
        elif word in ".!?:":
            opens = True
    return tuple(found)


def is_verb(word: str) -> bool:
    """Whether a word in lower case can be a form of a common verb, "-ing" aside, which mostly names a thing."""
    if word in VERBS or word in PAST:
        return True
    stems = [word[:-1], word[:-2]] if word.endswith(("s", "d")) else []
    stems += [word[:-3]] if word.endswith("ed") else []  # stopped
    stems += [word[:-3] + "y"] if word.endswith(("ies", "ied")) else []
    return any(stem in VERBS for stem in stems)


@cache
def adjectives() -> frozenset[str]:
    """Words in lower case that tell how a thing is and never name one."""
    return frozenset(ADJECTIVES.read_text(encoding="utf-8").split())


@lru_cache(maxsize=4096)
def phrases(text: str) -> tuple[Phrase, ...]:
    """The noun phrases of a turn, in their order; a phrase with "of" is followed by what stands behind the "of".

    >>> [phrase.text for phrase in phrases("How long is the train from Trondheim to the old mill?")]
    ['train', 'Trondheim', 'old mill']
    """
    found: list[Phrase] = []
    run: list[Token] = []
    marks = tokens(text)
    for index, token in enumerate(marks):
        if run and _continues(run, marks, index):
            run.append(token)
        elif run:
            _close(found, run, marks, text)
            run = [token] if _belongs(marks, index) else []
        elif _belongs(marks, index):
            run = [token]
    if run:
        _close(found, run, marks, text)
    return tuple(_with_wholes(found, text))


def _continues(run: list[Token], marks: Sequence[Token], index: int) -> bool:
    """Whether a word goes on with a phrase that has begun."""
    after = marks[index + 1] if index + 1 < len(marks) else None
    if marks[index].lower in ("and", "&"):
        # "Romeo and Juliet", "Bed & Breakfast": two capitals around the joint are one name.
        return after is not None and _is_capital(run[-1]) and _is_capital(after)
    return _belongs(marks, index)


def _is_capital(token: Token) -> bool:
    return token.text[0].isupper() and not token.opens


def _belongs(marks: Sequence[Token], index: int) -> bool:
    """Whether a word can be part of a noun phrase."""
    token, word = marks[index], marks[index].lower
    if not _WORD.search(word):
        return False
    after = marks[index + 1] if index + 1 < len(marks) else None
    before = marks[index - 1] if index else None
    if _is_capital(token) and word not in SMALL:
        return True
    if word in ("free", "friendly") and before is not None and _is_thing(before) and after is not None:
        return _belongs(marks, index + 1)  # "gluten free bakery", but not "is parking free"
    if word in ADVERBS:  # "the great wall", "the Great Wall", but not "is great"
        qualifies = before is not None and (before.lower in DETERMINERS or before.lower in PREPOSITIONS)
        return word in QUALITIES and qualifies and after is not None and _belongs(marks, index + 1)
    if word.endswith("ed") and before is not None and _is_thing(before) and _is_passive(marks, index):
        return False  # "was the town founded"
    if word.endswith("ing") and before is not None and before.lower in MANNER:
        return False  # "is it still running", but "is there more skiing"
    if word in SMALL or (len(word) > 4 and word.endswith("ly") and not word.endswith(("ily", "upply"))):
        return False
    return not is_verb(word) or _stands_as_noun(marks, index)


def _is_thing(token: Token) -> bool:
    return bool(_WORD.search(token.text)) and token.lower not in SMALL and token.lower not in ADVERBS


def _is_passive(marks: Sequence[Token], index: int) -> bool:
    return any(token.lower in (*FORMS_OF_BE, "been", "be", "has", "have", "did") for token in marks[:index])


def _stands_as_noun(marks: Sequence[Token], index: int) -> bool:
    """Whether a word that can be a verb is a thing here: "the play", "climate change?", not "how does it work?"."""
    before = [token.lower for token in marks[:index]]
    if not before or before[-1] in PRONOUNS or before[-1] in ("to", "that") or marks[index].lower in PAST:
        return False
    if before[-1] in DETERMINERS or before[-1] in PREPOSITIONS:
        return True
    after = marks[index + 1].lower if index + 1 < len(marks) else "?"
    sentence = before[next((i + 1 for i in range(len(before) - 1, -1, -1) if before[i] in ".!?"), 0) :]
    helped = any(word in HELPERS for word in sentence) and not any(map(is_verb, sentence))
    ends = not _WORD.search(after) or after in AUXILIARIES or after in PREPOSITIONS
    return ends and not helped and before[-1] not in SMALL


def _close(found: list[Phrase], run: list[Token], marks: Sequence[Token], text: str) -> None:
    """Add the phrase that these words make, with the small words before it."""
    while run and (run[-1].lower in ("and", "&") or (not _is_capital(run[-1]) and run[-1].lower in adjectives())):
        run = run[:-1]
    if not run:
        return
    first = marks.index(run[0])
    if _is_told_of_pronoun(run, marks, first):
        return
    if len(run) > 1 and _ends_in_predicate(run, marks):
        run = run[:-1]
    before = [token.lower for token in marks[max(first - 2, 0) : first]]
    determiner = before.pop() if before and (before[-1] in DETERMINERS or before[-1] in ASKING) else ""
    preposition = before[-1] if before and before[-1] in PREPOSITIONS else ""
    is_name = any(_is_capital(token) for token in run)
    if first and marks[first - 1].lower in DEGREES and len(run) == 1 and not is_name:
        return  # "so remarkable" is no thing
    start, end = run[0].start, run[-1].end
    found.append(Phrase(text[start:end], start, end, determiner, preposition, is_name, len(found)))


def _ends_in_predicate(run: Sequence[Token], marks: Sequence[Token]) -> bool:
    """Whether the last word tells how the thing is: "was the hostel busy?" must, as its verb is only "be"."""
    first, last = marks.index(run[0]), marks.index(run[-1])
    opens = max((at for at in range(first) if marks[at].opens), default=0)
    ends = last + 1 == len(marks) or marks[last + 1].text in "?.!"
    led = first - opens == (2 if marks[first - 1].lower in DETERMINERS else 1) if first else False
    return ends and led and marks[opens].lower in FORMS_OF_BE and not _is_capital(run[-1])


def _is_told_of_pronoun(run: Sequence[Token], marks: Sequence[Token], first: int) -> bool:
    """Whether a word tells how it is: "is it cold?" speaks of no cold."""
    if len(run) > 1 or first < 2 or _is_capital(run[0]):
        return False
    return marks[first - 1].lower in SUBJECTS and marks[first - 2].lower in FORMS_OF_BE


def _with_wholes(found: list[Phrase], text: str) -> list[Phrase]:
    """Join what "of" joins, and keep the parts too."""
    result: list[Phrase] = []
    whole: Phrase | None = None
    for phrase in found:
        if whole is not None and phrase.preposition == "of" and len(text[whole.end : phrase.start].split()) <= 2:
            joined = text[whole.start : phrase.end]
            whole = Phrase(
                joined,
                whole.start,
                phrase.end,
                whole.determiner,
                whole.preposition,
                whole.is_name or phrase.is_name,
                whole.position,
            )
            result[-1] = whole
            result.append(phrase)
            whole = result[-2]
            continue
        result.append(phrase)
        whole = phrase
    return result
