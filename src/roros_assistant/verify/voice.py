"""Who speaks in a reference: a head that a person and the checker can read, and claims about who says what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from roros_assistant.passages import fold
from roros_assistant.types import Corpus, Kind, Passage

_OPENINGS = {Kind.ARTICLE: "Article", Kind.COMMENT: "Comment", Kind.OFFICIAL: "Official page"}
_HEAD = re.compile(rf"\A(?P<kind>{'|'.join(_OPENINGS.values())})(?P<rest>\b[^\n]{{0,400}}):\n(?=.*\w)", re.DOTALL)
_TELLS = (
    r"(?:says?|said|states?|stated|tells?|told|reports?|reported|notes?|noted|mentions?|mentioned|recommends?|recommended|"
    r"suggests?|suggested|writes?|wrote|describes?|described|thinks?|thought|believes?|believed|claims?|claimed|calls?|"
    r"called|agrees?|agreed|advises?|advised|warns?|warned|complains?|complained|commented|hopes?|hoped|imagine[sd])"
)
_SAYS = (
    rf"(?:{_TELLS}|finds?|found|feels?|felt|likes?|liked|loves?|loved|enjoys?|enjoyed|praises?|praised|considers?|"
    r"considered|remembers?|remembered)"
)
_WHO = {
    "visitor": r"(?:visitors?|tourists?|travell?ers?|guests?)",
    "reader": r"(?:readers?|commenters?|commentators?|comments?|people in the comments)",
    "article": r"(?:the )?(?:authors?|articles?|bloggers?|blogs?|writers?|blog posts?)",
    "official": r"(?:(?:destination )?organi[sz]ations?|official (?:page|site|website|source)s?"
    r"|tourist (?:office|board|information office))",
    "local": r"(?:locals|residents|inhabitants|local people|experts?|critics?|historians?)",
}
_SAID_BY = {
    who: re.compile(
        rf"\b{words}(?: \w+ed| in town| to \w+| who \w+ed| here)? (?:also |often |all |both )?{_SAYS}\b"
        r"|\b(?:according to|say|says|said|told by|recommended by) "
        rf"(?:the |a |an |one |many |some |most |several |all )?{words}\b"
        rf"|\b{words}['’]s? (?:opinions?|views?|words)\b",
        re.IGNORECASE,
    )
    for who, words in _WHO.items()
}
_NAMED = re.compile(
    rf"\b(?P<name>[A-ZÆØÅ]\w+)(?:,[^,]{{1,30}},)? (?:also )?{_TELLS}\b|\b[Aa]ccording to (?P<other>[A-ZÆØÅ]\w+)"
)
_NAMES_OF_KIND = {
    "article": ("author", "article", "blog", "blogger", "writer"),
    "comment": ("comment", "commenter", "reader"),
    "official": ("organisation", "organization", "official"),
}
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference's words, and what its head tells of who says them."""

    words: str
    head: str = ""  # "" where the reference is bare text
    kind: str = ""  # "article", "comment", "official", or "" where no head tells


def reference_text(passage: Passage, corpus: Corpus) -> str:
    """A passage as a model and the checker read it: who says it, where and when, then its words.

    The head is one line that ends in a colon: "Comment by Sarah, a reader, under The quaint town:".
    """
    document = corpus.by_id[passage.document_id]
    opening = _OPENINGS[document.voice]
    who = f" by {document.author}" if document.author else ""
    where = f" “{document.title}”"
    if document.kind is Kind.COMMENT:
        role = "the article’s author" if document.by_article_author else "a visitor" if document.visited else "a reader"
        who = f"{who}, {role}" if who else f" by {role}"
        where = f" under “{document.title}”"
    when = ", ".join(part for part in (document.published, document.as_of) if part)
    heading = "" if passage.heading in ("", document.title) else f", {passage.heading}"
    head = " ".join(f"{opening}{where}{who}{heading}{f' ({when})' if when else ''}".split())
    return f"{head}:\n{passage.text}"


def read_reference(text: str) -> Reference:
    """Take a reference apart into its head, if it has one, and its words."""
    match = _HEAD.match(text)
    if match is None:
        return Reference(text)
    kind = next(kind for kind, opening in _OPENINGS.items() if opening == match["kind"])
    return Reference(text[match.end() :], text[: match.end()].rstrip(":\n"), str(kind))


def attributions(claim: str) -> Spans:
    """Where a claim tells who says something: that is checked against heads, not against words."""
    found = [match.span() for pattern in _SAID_BY.values() for match in pattern.finditer(claim)]
    return found + [match.span() for match in _NAMED.finditer(claim)]


def speakers(references: Sequence[Reference]) -> frozenset[str]:
    """The words that name who speaks in these references, as far as heads tell: "author" of an article."""
    return frozenset(word for reference in references for word in _NAMES_OF_KIND.get(reference.kind, ()))


def wrong_voice(claim: str, references: Sequence[Reference]) -> str:
    """Who a claim says speaks, where the references' heads tell of other voices only; else nothing."""
    headed = [reference for reference in references if reference.head]
    if not headed:
        return ""
    words = " ".join(reference.words for reference in references)
    for who, pattern in _SAID_BY.items():
        match = pattern.search(claim)
        if match and not pattern.search(words) and not any(_speaks(who, reference) for reference in headed):
            return match.group()
    for match in _NAMED.finditer(claim):
        name = fold((match["name"] or match["other"]).lower())
        heads = fold(" ".join(reference.head for reference in headed).lower())
        if (
            name not in heads
            and any(name not in fold(reference.words.lower()) for reference in headed)
            and name not in fold(words.lower())
        ):
            return match.group()
    return ""


def _speaks(who: str, reference: Reference) -> bool:
    """Whether a reference has this voice; only who says so is called a visitor."""
    if who == "visitor":
        return reference.kind == Kind.COMMENT and "a visitor" in reference.head
    if who == "reader":
        return reference.kind == Kind.COMMENT
    return who == reference.kind
