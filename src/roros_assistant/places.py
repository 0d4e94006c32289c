"""Which pages a conversation is about: names of pages found in its turns, the one named last held until another is."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from roros_assistant.passages import fold
from roros_assistant.types import Corpus, Document, Turn

_TOKEN = re.compile(
    r"\b(?P<same>bed ?(?:&|and|n) ?breakfast|b ?(?:&|and|n) ?b|bnb)\b|[^\W_]+(?:['’][^\W_]+)*['’]?|&", re.IGNORECASE
)
_BED = "bandb"
_SAME = {"&": "and", "st": "saint"}  # written apart further than any slip of the pen
_SENTENCE_END = re.compile(r"[.!?:\n]")
_LONGEST_NAME = 12  # words; of a longer title the first ones
# The share of a name's weight that a part of it must hold to be read as the name, and to be surely meant as it.
_LEAST_SHARE = 0.3
_SURE_SHARE = 0.55
_RARE = 0.5  # of the rarity of what one page alone has: "belfry", not "cambridge"
# Pages that one short name may mean ("Pizza Hut" for its branches); what more of them have is a word of the language.
_MOST_MEANT = 4
_CAPITAL_FOR_SMALL = 2  # a name is oftener written with a capital than this for each time without
_PLAIN_WEIGHT = 0.5  # of a word of the language, against a name
_LOOSE = 0.1  # weight of a word that nearly every page has
_PHRASE = 3  # words of a phrase whose rarity is counted; longer ones are rare
_RARE_PHRASE = 1.6  # nats: on one page in five; among fewer pages rarity says nothing
# Letters from which on one edit, and two, are a slip of the pen.
_ONE_EDIT, _TWO_EDITS = 5, 9
_ONE_EDIT_OF_KNOWN = 7  # of several words that sources have, but not side by side: "cafe uno"
_SEVERAL = re.compile(r"\b(?:both|n?either|each|(?:the|these|those) two|which (?:one|of)|the other|versus|vs)\b", re.I)
_UNSURE_WEIGHT = 0.5
_SLIP_SHARE = 0.9  # what is written right counts before what may be a slip


class Case(Enum):
    """How a word begins."""

    SMALL = "small"
    OPENING = "opening"  # with the capital that opens a sentence
    CAPITAL = "capital"  # with one inside a sentence, as a name


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it is compared, and where it stands."""

    key: str
    start: int
    end: int
    case: Case


@dataclass(frozen=True, slots=True)
class Mention:
    """Pages that words of a text name, several where the name is theirs alike, and where it stands."""

    pages: frozenset[str]
    start: int
    end: int
    sure: bool  # not a part of a name that may as well be another ("Milton" of "Alpha-Milton")
    plain: bool  # words of the language: the page is named for its subject ("Tourism Award")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A page that a part of its name means, and how much of the name's weight it holds."""

    page: str
    share: float
    sure: bool
    plain: bool  # words of the language, which only a capital makes a name
    whole: bool


class Linker:
    """Knows the names of a corpus's pages; where there is one page alone, there is nothing to tell apart."""

    def __init__(self, corpus: Corpus, is_word: Callable[[str], bool]) -> None:
        """Learn the titles and aliases; ``is_word`` tells words of the language."""
        pages = [document for document in corpus.documents if document.id == document.article_id]
        names = {page.id: [_keys(name)[:_LONGEST_NAME] for name in (page.title, *page.aliases)] for page in pages}
        parts = [part for each in names.values() for keys in each for _, part in _parts(keys)] if len(pages) > 1 else []
        self._pages = len(pages)
        self._is_word = is_word
        self._own = frozenset(key for name in corpus.destination.names for key in _keys(name))
        self._longest = max(map(len, parts), default=0)
        self._families, self._cases = _count(corpus.documents, {"".join(part) for part in parts})
        self._meanings = self._learn(names) if parts else {}
        self._alike: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)  # by first letter, letters, words
        for part in parts:
            if (text := "".join(part)) in self._meanings:
                self._alike[text[0], len(text), len(part)].add(text)

    def link(self, question: str, history: Sequence[Turn] = ()) -> Mapping[str, float]:
        """Weights in (0, 1] of the pages that a question is about, by document id; none where no page is named.

        The names in the question count, else those in the latest turn that has any, whoever wrote it; a question about
        several ("which one is better?") takes the turn before that too, where one page alone was named.
        """
        turns = [self.mentions(turn) for turn in (question, *(turn.content for turn in reversed(history)))]
        said = {page for turn in turns for each in turn if each.sure and len(each.pages) == 1 for page in each.pages}
        sure = [pages for turn in turns if (pages := _meant(turn, said))]
        if not sure:
            unsure = next((turn for turn in turns if turn), [])
            return dict.fromkeys(sorted(page for each in unsure for page in each.pages), _UNSURE_WEIGHT)
        linked: set[str] = set()
        for pages in sure:
            linked |= pages
            if len(linked) > 1 or not _SEVERAL.search(question):
                break
        return dict.fromkeys(sorted(linked), 1.0)

    def mentions(self, text: str) -> list[Mention]:
        """The names in a text, in their order; where readings overlap, the one that holds most of a name counts."""
        words = list(_words(text))
        read = [
            (-share, start - end, start, mention)
            for start in range(len(words))
            for end in range(start + 1, min(start + self._longest, len(words)) + 1)
            for share, mention in self._read(words, start, end)
        ]
        kept: list[Mention] = []
        for *_, mention in sorted(read, key=lambda reading: reading[:3]):
            if all(mention.end <= other.start or mention.start >= other.end for other in kept):
                kept.append(mention)
        return sorted(kept, key=lambda mention: mention.start)

    def neutral(self, text: str, stand_in: str) -> str:
        """Put a stand-in where a place's name stands: all that its page says is of it, so it tells nothing apart.

        A name of plain words stays: it is what the question asks about.
        """
        for mention in reversed([mention for mention in self.mentions(text) if mention.sure and not mention.plain]):
            before = re.sub(r"\b(?:the|an?)\s+$", "", text[: mention.start], flags=re.IGNORECASE)
            text = f"{before}{stand_in}{text[mention.end :]}"
        return text

    def _read(self, words: Sequence[Word], start: int, end: int) -> Iterator[tuple[float, Mention]]:
        """The mention that these words are, if they are one, with the share of a name that they hold."""
        window = words[start:end]
        part = "".join(word.key for word in window)
        meant = part if part in self._meanings else self._slip(window, part)
        case = window[0].case
        # "Warkworth" of "Warkworth Street" is a word of another name.
        inside = end - start == 1 and end < len(words) and words[end].case is case is Case.CAPITAL
        named = [
            each
            for each in self._meanings.get(meant, ())
            if not (each.plain and case is Case.SMALL) and not (inside and not each.whole)
        ]
        if named:
            sure = [each for each in named if each.sure and not (each.plain and case is Case.OPENING)]
            pages = frozenset(each.page for each in sure or named)
            plain = any(each.plain for each in sure or named)
            share = max(each.share for each in sure or named) * (1.0 if meant == part else _SLIP_SHARE)
            yield share, Mention(pages, window[0].start, window[-1].end, bool(sure), plain)

    def _slip(self, words: Sequence[Word], part: str) -> str:
        """The name, or the part of one, that was meant by as many words, where these are no words of the sources."""
        known = all(word.key in self._families for word in words)
        if len(part) < (_ONE_EDIT_OF_KNOWN if known else _ONE_EDIT) or (known and len(words) == 1):
            return part
        edits = 2 if len(part) >= _TWO_EDITS and not known else 1
        alike = [
            other
            for length in range(len(part) - edits, len(part) + edits + 1)
            for other in self._alike.get((part[0], length, len(words)), ())
            if not known or any(meaning.whole for meaning in self._meanings[other])
        ]
        near = process.extractOne(part, alike, scorer=OSA.distance, score_cutoff=edits)
        return near[0] if near is not None else part

    def _learn(self, names: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[_Meaning]]:
        """Every part of a name that means its page, and what it means."""
        meanings: defaultdict[str, dict[str, _Meaning]] = defaultdict(dict)
        inner: set[str] = set()  # parts that stand inside or at the end of a name
        held: defaultdict[str, set[str]] = defaultdict(set)
        for page, each in names.items():
            for keys in each:
                for start, part in _parts(keys):
                    text = "".join(part)
                    held[text].add(page)
                    if any(map(self._weight, keys[:start])):
                        inner.add(text)
                    meaning = self._meaning(page, part, keys)
                    known = meanings[text].get(page)
                    if meaning is not None and (known is None or known.share < meaning.share):
                        meanings[text][page] = meaning
        # Names that begin alike are branches of one house ("Pizza Hut"), names that end alike are of one sort.
        shared = {text for text, pages in held.items() if len(pages) > (1 if text in inner else _MOST_MEANT)}
        best = {text: _best(by_page.values(), shared=text in shared) for text, by_page in meanings.items()}
        return {text: each for text, each in best.items() if each}

    def _meaning(self, page: str, part: Sequence[str], name: Sequence[str]) -> _Meaning | None:
        """What a part of a name means, or None where it says too little of it."""
        total = sum(map(self._weight, name))
        share = sum(map(self._weight, part)) / total if total else float(len(part) == len(name))
        telling = [word for word in part if self._weight(word) > _LOOSE]
        if share < _LEAST_SHARE or not set(part) - self._own:
            return None
        seen = max(self._families["".join(part)], 1)
        rare = seen <= _MOST_MEANT and math.log(self._pages / seen) >= _RARE_PHRASE
        plain = all(map(self._is_plain, telling)) and not (rare and len(part) > 1)
        if len(part) == len(name) > 1:
            return _Meaning(page, 1.0, sure=True, plain=plain, whole=True) if telling else None
        if len(telling) == 1:
            (word,) = telling
            sure = share >= _SURE_SHARE and (not plain or len(name) == 1)
            named = len(word) > 2 and not word.isdigit() and self._weight(word) >= _RARE
            return _Meaning(page, share, sure, plain, whole=len(name) == 1) if named else None
        # "and", "of", which every page has, tie the words of a name and neither begin nor end a part that means it.
        loose = any(self._weight(word) <= _LOOSE for word in (part[0], part[-1]) if word not in (name[0], name[-1]))
        named = bool(telling) and not loose and (rare or share >= _SURE_SHARE)
        return _Meaning(page, share, sure=True, plain=plain, whole=False) if named else None

    def _is_plain(self, word: str) -> bool:
        """Whether a word is often written small; of a word that no text has the language decides."""
        small, capital = self._cases[word, Case.SMALL], self._cases[word, Case.CAPITAL]
        if not small + capital:
            return word == _BED or word.isdigit() or self._is_word(word)
        return capital <= _CAPITAL_FOR_SMALL * small

    def _weight(self, word: str) -> float:
        """1 for a name that one page alone has, in its title or its texts, 0 for a word that all have."""
        if word in self._own:
            return 0.0
        rarity = math.log(self._pages / max(self._families[word], 1)) / math.log(self._pages)
        return rarity * (_PLAIN_WEIGHT if self._is_plain(word) else 1.0)


def _best(meanings: Iterable[_Meaning], *, shared: bool) -> list[_Meaning]:
    """What a part of a name means: the pages whose whole name it is, else all of them, unless it is widely shared."""
    known = list(meanings)
    return [each for each in known if each.share == 1.0] or ([] if shared else known)


def _meant(mentions: Sequence[Mention], said: set[str]) -> set[str]:
    """The pages of one turn's sure mentions; a short name is sure once the whole has been ``said``, and means that."""
    pages: set[str] = set()
    for mention in mentions:
        if mention.sure or (not mention.plain and mention.pages & said):
            pages |= mention.pages & said or mention.pages
    return pages


def _count(documents: Iterable[Document], parts: set[str]) -> tuple[Counter[str], Counter[tuple[str, Case]]]:
    """Pages, with their comments, that have a word or a part of a name; and how often each word is written how."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    cases: Counter[tuple[str, Case]] = Counter()
    for document in documents:
        for text in (document.title, *document.aliases, document.text):
            keys = [word.key for word in _words(text)]
            seen[document.article_id].update(keys, parts.intersection(_phrases(keys)))
        cases.update((word.key, word.case) for word in _words(document.text))
    return Counter(key for keys in seen.values() for key in keys), cases


def _phrases(keys: Sequence[str]) -> Iterator[str]:
    return ("".join(keys[start : start + width]) for width in range(2, _PHRASE + 1) for start in range(len(keys)))


def _words(text: str) -> Iterator[Word]:
    end = 0
    for match in _TOKEN.finditer(text):
        first = not end or bool(_SENTENCE_END.search(text, end, match.start()))
        case = Case.SMALL if not match.group()[0].isupper() else Case.OPENING if first else Case.CAPITAL
        yield Word(_BED if match["same"] else _key(match.group()), match.start(), match.end(), case)
        end = match.end()


def _keys(name: str) -> list[str]:
    return [word.key for word in _words(name)]


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    """A word without case, marks, apostrophes, and the ending of a possessive or a plural.

    >>> [_key(word) for word in ("Rosa's", "FINCHES", "Røros", "Finches’")]
    ['rosa', 'finche', 'roro', 'finche']
    """
    plain = re.sub(r"['’]", "", fold(word.casefold()))
    plain = _SAME.get(plain, plain)
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def _parts(keys: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Every run of neighbouring words, and where it starts."""
    for start in range(len(keys)):
        for end in range(start + 1, len(keys) + 1):
            yield start, keys[start:end]
