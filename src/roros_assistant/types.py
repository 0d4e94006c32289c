"""The values that travel along the way of a question: frozen, checked at birth, free of any library."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Progress = Callable[[str, int, int], None]
"""Told of long work: (what, how many done, of how many)."""

# Characters. A traveller's question is a sentence or a paragraph; both models read about 2,000 characters and cut
# the rest in silence, so a longer text would be answered by its beginning.
MAX_QUESTION = 2_000


class Kind(StrEnum):
    """What sort of text a document is."""

    ARTICLE = "article"
    COMMENT = "comment"
    OFFICIAL = "official"


class Status(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"  # claims, without the kind of thing asked for (a time, say) or less likely right than not
    NOT_IN_SOURCES = "not_in_sources"
    NOT_UNDERSTOOD = "not_understood"  # a language that the models do not read
    TALK = "talk"  # greetings, thanks, questions about the assistant


@dataclass(frozen=True, slots=True)
class Document:
    """One text with one author: an article, one comment, one official page.

    A line of ``text`` that starts with ``#`` is a heading: context, never quoted.
    """

    id: str  # file stem in the corpus; for a comment "STEM#ID"
    kind: Kind
    title: str  # for a comment, its article's
    text: str  # newlines as \n, no outer blank lines; offsets count its code points
    author: str | None = None
    url: str | None = None
    published: str | None = None  # ISO date, or as much of one as is known
    as_of: str | None = None  # what is known of the time the text speaks of
    language: str = "en"
    licence: str | None = None
    aliases: tuple[str, ...] = ()
    reply_to: str | None = None  # document id of the comment that this one answers
    visited: bool = False  # a comment that says its writer has been there
    by_article_author: bool = False

    def __post_init__(self) -> None:
        if not self.id or not self.title:
            raise ValueError("a document needs an id and a title")
        if not self.text.strip() or self.text != self.text.strip("\n"):
            raise ValueError(f"the text of {self.id} is empty or has outer blank lines")

    @property
    def voice(self) -> Kind:
        """Whose view this is: a reply by the article's author speaks with the article's voice."""
        return Kind.ARTICLE if self.by_article_author else self.kind

    @property
    def article_id(self) -> str:
        """The document that a comment stands under; for any other document its own id."""
        return self.id.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Destination:
    """What the corpus says of itself: names to neutralise, and where to turn when the sources do not say."""

    name: str | None = None
    aliases: tuple[str, ...] = ()
    stand_in: str = "the place"
    official_site: str | None = None
    contact: str | None = None
    emergency: tuple[tuple[str, str], ...] = ()  # (what for, number)
    examples: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases) if self.name else self.aliases


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents of one destination, in reading order: a page, then its comments, each reply after its parent."""

    destination: Destination
    documents: tuple[Document, ...]
    by_id: Mapping[str, Document] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {document.id: document for document in self.documents})
        if len(self.by_id) != len(self.documents):
            raise ValueError("two documents share an id")


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one document, small enough to rank and to quote.

    ``document.text[start:end] == text`` always holds: a citation points, it does not copy.
    """

    document_id: str
    start: int  # code points
    end: int
    text: str
    heading: str = ""  # nearest heading above, else the document's title: context for the models

    def __post_init__(self) -> None:
        if self.start < 0 or not self.text.strip() or self.end - self.start != len(self.text):
            raise ValueError(f"span {self.start}:{self.end} does not fit {len(self.text)} characters")

    @property
    def id(self) -> str:
        """Unique in a corpus, stable while the document is unchanged."""
        return f"{self.document_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a passage as the answer to a question."""

    similarity: float  # cosine of the embeddings, in [-1, 1]
    coverage: float  # share of the question's words that it meets, by the word or its like, the rarer the heavier
    context: float  # the same with the sentences beside it and its title
    lacks_kind: bool  # the kind of thing asked for (a price, a season) is not in it
    tells: bool  # the kind of thing asked for is in it, and says something by itself
    extremes: int  # words of the question that single one thing out ("first", "only") and stand nowhere there
    breadth: float  # how surely the question is a broad one, in [0, 1]: the same for all passages
    aspect: float  # the probability that the passage belongs to what a broad question is about, else 0
    surroundings: float  # the mean of that over the sentences around it, itself among them
    rivals: int  # passages that were searched: the same for all
    unmet: int  # names and numbers of the question that stand nowhere there
    answers: float = 0.0  # log-odds that it holds an answer, as the reader reads it, about -7 to 7; 0 where it has not
    answers_around: float = 0.0  # of the best the same with the sentences beside it, else the same

    @property
    def on_subject(self) -> float:
        """How surely the question is a broad one to which the passage belongs, in [0, 1]."""
        return self.breadth * self.aspect


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for a question: calibrated log-odds that it answers, higher is better."""

    passage: Passage
    score: float
    evidence: Evidence | None = None  # None in an answer read back from JSON


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: str  # "user" or "assistant"
    content: str

    def __post_init__(self) -> None:
        if self.role not in ("user", "assistant"):
            raise ValueError(f"a turn's role is user or assistant, not {self.role!r}")


class Stance(StrEnum):
    """What a comment says to a question of opinion."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"
    HOPE = "hope"  # a wish, a plan, hearsay: nothing that the writer has found


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, with the passages that carry it and, once cited, their numbers."""

    text: str
    passages: tuple[Passage, ...]
    support: float | None = None  # probability in [0, 1] that the passages answer (quotes) or carry it (a model)
    citations: tuple[int, ...] = ()
    stance: Stance | None = None  # only where the question asks for opinions

    def __post_init__(self) -> None:
        if not self.passages:
            raise ValueError("a claim without a passage is never shown")


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: ``document.text[start:end] == quote``."""

    number: int
    document_id: str
    kind: Kind
    voice: Kind
    title: str
    author: str | None
    published: str | None
    as_of: str | None
    url: str | None
    visited: bool
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Short:
    """The few words that answer a question, inside a quote: ``document.text[start:end] == text``."""

    text: str
    citation: int  # the number of the quote that holds it
    start: int  # offset in the document, in code points
    end: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How many people the comments hold who speak to a question of opinion; each is counted once."""

    speaking: int
    visitors: int  # of them, those who say that they have been there
    stances: tuple[tuple[Stance, int], ...]  # in Stance's order, none with 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question; every claim carries at least one citation."""

    question: str
    standalone_question: str
    status: Status
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()  # shown as such when nothing answers
    suggestions: tuple[str, ...] = ()
    about: str | None = None  # what the conversation added to the question: "the train from Trondheim"
    short: Short | None = None  # where the question asks for a few words and a quote holds them
    balance: Balance | None = None  # where the question asks for opinions
    notice: str = ""  # the assistant's own words around the quotes; plain text, may be empty
    retrieved: tuple[Hit, ...] = ()  # the ranked list before the cut
    writer: str = "quotes"  # or the chat model that wrote the claims
    left_out: tuple[str, ...] = ()  # why, one for each sentence of the chat model that no passage carries
    language: str = "en"  # of the notice
    seconds: float = 0.0

    def __post_init__(self) -> None:
        known = {citation.number for citation in self.citations}
        if any(not claim.citations or not known.issuperset(claim.citations) for claim in self.claims):
            raise ValueError("a claim without a citation is never shown")
        if self.short is not None and not any(_holds(citation, self.short) for citation in self.citations):
            raise ValueError("a short answer is a span of a quote that is shown")

    @property
    def is_prose(self) -> bool:
        """Whether a chat model wrote the claims: then they are checked sentences, and no quotes."""
        return self.writer != "quotes" and bool(self.claims)

    def cited(self, numbers: Iterable[int]) -> tuple[Citation, ...]:
        """The citations with these numbers, in their order."""
        wanted = set(numbers)
        return tuple(citation for citation in self.citations if citation.number in wanted)


def _holds(citation: Citation, short: Short) -> bool:
    first, last = short.start - citation.start, short.end - citation.start
    return citation.number == short.citation and first >= 0 and citation.quote[first:last] == short.text
