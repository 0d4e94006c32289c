"""The sources -> questions that they may answer: what they name, what their headings promise, what travellers ask."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from roros_assistant.types import Corpus, Destination, Document, Kind, Passage

_MOST_OF_A_SORT = 40  # a corpus of many hotels names more than anyone is shown
_MOST_THINGS = 12
_MOST_VOICES = 6
_TELLING = 60  # characters: a shorter comment is no view worth asking for

_NAME_WORD = r"[A-ZÆØÅÄÖ][\w’'-]*\w"
_NAME = rf"{_NAME_WORD}(?:(?: of| to)? (?:{_NAME_WORD}|\d{{4}}))*"
# A sentence that names a thing tells what it is: "is called X", "known as X", "is X, a street"; "(X)" and "X is" may
# name a person too.
_NAMED_THING = (
    re.compile(rf"\b(?:called|known as|named|nicknamed) [’‘“\"']?({_NAME})"),
    re.compile(rf"\b(?:is|are|was) ({_NAME}), (?:a|an|the|what|which|where|one)\b"),
)
_NAMED = (
    *_NAMED_THING,
    re.compile(rf"\(({_NAME})\)"),
    re.compile(rf"(?:^|[.!?] )({_NAME}) (?:is|are|was|were|consists|lies|offers|houses|has)\b"),
)
_EXPLAINED = re.compile(rf"({_NAME}) (?:is|was|are) (?:a|an|one|the)\b")
_WITH_ARTICLE = re.compile(rf"\b[Tt]he ({_NAME})(?![\w’'-]| \w)|\b[Tt]he ({_NAME_WORD}(?: (?:{_NAME_WORD}|\d{{4}}))+)")
_THING = re.compile(
    r"\b[Tt]he ([a-z]{4,})(?=[.,;:!?]| (?:\d|(?:is|was|are|were|has|had|can|will|of|in|at|near|with|and)\b))"
)
_OPENING = re.compile(r"^(?:The|A|An|This|That|These|Those|It|There|We|Our|You|In|At|As) ")

_ASKS = re.compile(r"(?:what|when|where|who|which|why|how|is|are|can|do|does)\b", re.IGNORECASE)

# What most travellers want to know of a place; asked of the sources before anyone is shown it.
_TRAVELLERS_ASK = (
    "What is there to see?",
    "When is the best time to visit?",
    "How do I get there?",
    "Where can I stay?",
    "What is there to do in winter?",
    "What is the food like?",
    "What do visitors say about {place}?",
    "Is {place} worth a visit?",
    "What is {place} known for?",
    "What can I do with children?",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that the sources may answer."""

    question: str
    subject: str | None = None  # the name or thing that it asks about, as the sources write it
    lead: str | None = None  # the sentence that answers it, where known
    trusted: bool = False  # may be shown before it was asked of the sources


def candidates(corpus: Corpus, passages: Sequence[Passage], is_word: Callable[[str], bool]) -> list[Candidate]:
    """Questions for this corpus, the most promising first, each once.

    ``is_word`` tells the words of the language: a name strange to it is a local one, which a traveller may not know.
    """
    place = corpus.destination.name or corpus.destination.stand_in
    sorts: tuple[Iterable[Candidate], ...] = (
        (Candidate(example, trusted=True) for example in corpus.destination.examples),
        _names(corpus, passages, is_word),
        (Candidate(question.format(place=place)) for question in _TRAVELLERS_ASK),
        _headings(corpus, passages),
        _things(passages),
        _voices(corpus),
    )
    every = [candidate for sort in sorts for candidate in list(sort)[:_MOST_OF_A_SORT]]
    once: dict[str, Candidate] = {}
    for candidate in every:
        known = once.setdefault(candidate.question.casefold(), candidate)
        if known.lead is None:  # an example may be what the sources explain: it keeps its place
            once[candidate.question.casefold()] = replace(known, subject=candidate.subject, lead=candidate.lead)
    return list(once.values())


def _names(corpus: Corpus, passages: Sequence[Passage], is_word: Callable[[str], bool]) -> Iterator[Candidate]:
    """Names of here that a sentence explains or names with an article, the most mentioned first."""
    within = {word for passage in passages for word in re.findall(r"(?<=[\w,] )[^\W\d_][\w’'-]*\w", passage.text)}
    own = corpus.destination.names
    said: Counter[str] = Counter()
    naming: dict[str, str] = {}
    things, articles, explained = set[str](), set[str](), set[str]()
    for passage in passages:
        with_article = {name for name in _found((_WITH_ARTICLE,), passage.text) if not name.endswith(own)}
        articles |= with_article
        things |= with_article | _found(_NAMED_THING, passage.text)
        explained |= _found((_EXPLAINED,), passage.text)
        for name in sorted(with_article | _found(_NAMED, passage.text)):
            said[name] += 1
            naming.setdefault(name, passage.text)
    elsewhere = {*own, *(document.author for document in corpus.documents if document.kind is Kind.COMMENT)}
    for name, _ in said.most_common():
        if name in elsewhere or (" " not in name and (name not in within or name.lower() in within)):
            continue  # "It" and "Service" are no names
        if name in explained or _is_local(name, corpus.destination, within, is_word):
            whole = f"the {name}" if name in articles else name
            question = f"What is {whole}?" if name in things else f"Tell me about {whole}."
            yield Candidate(question, name, naming[name], trusted=True)


def _found(patterns: Iterable[re.Pattern[str]], text: str) -> set[str]:
    """Names that the patterns find, without an article or what a sentence begins with."""
    return {_bare("".join(match.groups(default=""))) for pattern in patterns for match in pattern.finditer(text)}


def _bare(name: str) -> str:
    return _OPENING.sub("", name).removesuffix("’s").removesuffix("'s").rstrip("’'")


def _is_local(name: str, destination: Destination, within: set[str], is_word: Callable[[str], bool]) -> bool:
    """Whether a name is one of here: strange to the language, with the destination's own, or ending in a plain noun."""
    parts = re.findall(r"[^\W\d_]+", name)
    own = {own.lower() for own in destination.names}
    if own.issuperset(part.lower() for part in parts):
        return False
    strange = any(len(part) > 3 and not is_word(part.lower()) for part in parts if part.lower() not in own)
    here = any(part.lower() in own for part in parts)
    return strange or (len(parts) > 1 and (here or parts[-1].lower() in within))


def _headings(corpus: Corpus, passages: Sequence[Passage]) -> Iterator[Candidate]:
    titles = {document.title for document in corpus.documents}
    for heading in dict.fromkeys(passage.heading for passage in passages if passage.heading):
        if heading in titles:
            continue
        if _ASKS.match(heading):
            yield Candidate(heading.rstrip("?") + "?")
        else:
            plain = heading if heading[1:2].isupper() else heading[0].lower() + heading[1:]
            yield Candidate(f"Tell me about {plain.rstrip('.:!')}.")


def _things(passages: Sequence[Passage]) -> Iterator[Candidate]:
    """Plain things that several sentences speak of."""
    said: Counter[str] = Counter()
    for passage in passages:
        said.update(set(_THING.findall(passage.text)))
    for thing, times in said.most_common(_MOST_THINGS):
        if times > 1:
            yield Candidate(f"Tell me about the {thing}.", thing, trusted=True)


def _voices(corpus: Corpus) -> Iterator[Candidate]:
    """Readers with a name and something to say."""
    telling = [document for document in corpus.documents if _is_telling(document)]
    for document in telling[:_MOST_VOICES]:
        yield Candidate(f"What does {document.author} say?", document.author)


def _is_telling(document: Document) -> bool:
    return document.voice is Kind.COMMENT and bool(document.author) and len(document.text) >= _TELLING
