"""Whom of the sources' readers a question names, and whether it asks for no more than what they say."""

import re
from collections import defaultdict
from collections.abc import Callable

from roros_assistant.opinions import names_subject
from roros_assistant.passages import fold
from roros_assistant.types import Corpus, Kind

_LEAST = 3  # letters of a name; shorter ones are initials
_SAYS = r"(?:say|says|said|think|thinks|thought|write|writes|wrote|means?|meant|likes?|liked|feels?|felt)"
_ASKS_WORDS = re.compile(rf"\b(?:{_SAYS}|opinions?|views?|comments?|words?|impressions?)\b", re.IGNORECASE)


class Speakers:
    """Knows the names under which a corpus's comments stand."""

    def __init__(self, corpus: Corpus, is_word: Callable[[str], bool]) -> None:
        """Learn the names; one that ``is_word`` knows is told by its capital or by how it stands ("does will say")."""
        self._destination = corpus.destination
        self._said: defaultdict[str, set[str]] = defaultdict(set)
        for document in corpus.documents:
            name = " ".join((document.author or "").split())
            if document.voice is Kind.COMMENT and len(name) >= _LEAST:
                self._said[name].add(document.id)
        self._names = {name: _pattern(name, is_word(name.lower())) for name in self._said}

    def named(self, question: str) -> frozenset[str]:
        """Ids of the comments of every reader whom a question names."""
        return frozenset(id for name in self._found(question) for id in self._said[name])

    def asked_for(self, question: str) -> frozenset[str]:
        """The same, where a question asks what they say and nothing in particular: "What does Ruth think?".

        One that asks about the reader ("Where does Ruth live?", "Who is Ruth?") is a question like any other.
        """
        rest = question
        for name in self._found(question):
            rest = self._names[name].sub(" ", rest)
        if not _ASKS_WORDS.search(question) or names_subject(rest, self._destination):
            return frozenset()
        return self.named(question)

    def _found(self, question: str) -> list[str]:
        return [name for name, pattern in self._names.items() if pattern.search(question)]


def _pattern(name: str, is_word: bool) -> re.Pattern[str]:
    """A name as a whole word, with ø as o and in any case; a word of the language only where it is meant as a name."""
    spelt = f"(?:{'|'.join(dict.fromkeys((re.escape(name), re.escape(fold(name)))))})"
    if not is_word:
        return re.compile(rf"(?<!\w){spelt}(?!\w)", re.IGNORECASE)
    capital = rf"(?<=[\w,] ){spelt}(?!\w)"
    spoken = rf"\b(?:does|did|has) {spelt}(?!\w)|(?<!\w){spelt} {_SAYS}\b"
    return re.compile(rf"{capital}|(?i:{spoken})")
