"""Sources -> HTML: cards, and whole documents with the cited words marked in their place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from roros_assistant.types import Answer, Citation, Corpus, Document, Kind
from roros_assistant.voices import BADGES, attribution

from .markup import counted, dated, language, link_to, listed, name, shown, stressed


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a document to be marked, with the number of its citation."""

    document_id: str
    start: int  # code points
    end: int
    number: int
    key: tuple[int, int] | None = None  # of it, the few words that answer; offsets in the document


def cards_html(answer: Answer, turn: str, corpus: Corpus) -> str:
    """Each citation as a card; without citations, the nearest quotes."""
    cards = "".join(_card(citation, answer, turn, corpus) for citation in answer.citations or answer.nearest)
    return f'<ol class="cards" role="list">{cards}</ol>' if cards else ""


def key_in(citation: Citation, answer: Answer) -> tuple[int, int] | None:
    """Where a quote holds the short answer, from the quote's first character on."""
    short = answer.short
    if short is None or short.citation != citation.number:
        return None
    return short.start - citation.start, short.end - citation.start


def _card(citation: Citation, answer: Answer, turn: str, corpus: Corpus) -> str:
    document = corpus.by_id.get(citation.document_id)
    code = language(document.language if document else "")
    return (
        f'<li id="{turn}-source-{citation.number}"><button type="button" class="card" data-number="{citation.number}">'
        f'<span class="meta">{_badge(citation.voice)}<span class="who">{name(attribution(citation))}</span>'
        f'<span class="number" aria-label="Source {citation.number}">{citation.number}</span></span>'
        f'<span class="title"{code}>{name(citation.title)}</span>'
        f'<q{code} dir="auto">{stressed(citation.quote, key_in(citation, answer))}</q>'
        f'<span class="date">{dated(citation.published, citation.as_of)}</span></button></li>'
    )


def library_html(corpus: Corpus) -> str:
    """Everything the assistant has read, to be opened."""
    rows = []
    for document in _pages(corpus):
        comments = sum(other.article_id == document.id for other in corpus.documents) - 1
        below = f'<span class="below">with {counted(comments, "reader’s comment", "readers’ comments")}</span>'
        rows.append(
            f'<li><button type="button" class="card" data-document="{shown(document.id)}">'
            f'<span class="meta">{_badge(document.voice)}{_author(document)}</span>'
            f'<span class="title"{language(document.language)}>{name(document.title)}</span>'
            f'<span class="date">{dated(document.published, document.as_of)}</span>'
            f"{below if comments else ''}</button></li>"
        )
    return f'<ul class="cards" role="list">{"".join(rows)}</ul>'


def holdings(corpus: Corpus) -> str:
    """How much the assistant has read.

    It stands under the page's name, where a visitor asks what the answers rest on.
    """
    pages = sum(document.kind is not Kind.COMMENT for document in corpus.documents)
    comments = len(corpus.documents) - pages
    return listed(
        part
        for part in (counted(pages, "page"), counted(comments, "reader’s comment", "readers’ comments"))
        if not part.startswith("0 ")
    )


def document_html(corpus: Corpus, document_id: str, marks: Sequence[Mark], chosen: int | None) -> str:
    """The page that a document stands on, whole: its text, then its comments as a thread.

    Args:
        corpus: where the texts come from.
        document_id: a page, or one of the comments under it.
        marks: the spans cited in the answer; those of other pages are passed over.
        chosen: the number of the mark that the reader came for.

    Raises:
        KeyError: no such document.
    """
    page = corpus.by_id[corpus.by_id[document_id].article_id]
    focus = next((mark for mark in marks if mark.number == chosen), None)
    # The chosen mark first: where two spans share words, the reader sees the one that was asked for.
    ordered = ([focus] if focus else []) + [mark for mark in marks if mark is not focus]
    comments = [other for other in corpus.documents if other.article_id == page.id and other is not page]
    thread = f'<h3 class="thread-head">{counted(len(comments), "comment")}</h3>' if comments else ""
    quoted = corpus.by_id[focus.document_id].text[focus.start : focus.end] if focus else ""
    return (
        f'<header class="document-head"><p class="meta">{_badge(page.voice)}{_author(page)}</p>'
        f'<h2 tabindex="-1"{language(page.language)}>{name(page.title)}</h2>'
        f'<p class="date">{dated(page.published, page.as_of)}</p>{_original(page, quoted)}</header>'
        f'<div class="document-body" tabindex="0" role="region" aria-label="Text">'
        f'<div class="text"{language(page.language)}>{_text(page, ordered, chosen)}</div>'
        f"{thread}{_thread(comments, None, ordered, chosen)}{_licence(page)}</div>"
    )


def _thread(comments: Sequence[Document], parent: str | None, marks: Sequence[Mark], chosen: int | None) -> str:
    items = "".join(
        f'<li class="comment"><p class="speaker">{_commenter(comment)}</p>'
        f'<div class="text"{language(comment.language)}>{_text(comment, marks, chosen)}</div>'
        f"{_thread(comments, comment.id, marks, chosen)}</li>"
        for comment in comments
        if comment.reply_to == parent
    )
    return f'<ul class="thread" role="list">{items}</ul>' if items else ""


def _commenter(comment: Document) -> str:
    if comment.by_article_author:
        who, role = comment.author or "The author", "the article’s author, in reply"
    else:
        kind = "visitor" if comment.visited else "reader"
        who, role = comment.author or f"A {kind}", kind if comment.author else ""
    said = f"{role} · " if role else ""
    return f"<b>{name(who)}</b> <span>{said}{dated(comment.published, comment.as_of)}</span>"


def _text(document: Document, marks: Sequence[Mark], chosen: int | None) -> str:
    spans = _apart(mark for mark in marks if mark.document_id == document.id)
    blocks = []
    for start, end in _blocks(document.text):
        block = document.text[start:end]
        if block.startswith("#"):
            level = min(len(block) - len(block.lstrip("#")) + 2, 6)
            blocks.append(f'<h{level} dir="auto">{shown(block.lstrip("#").strip())}</h{level}>')
        else:
            blocks.append(f'<p dir="auto">{_marked(document.text, start, end, spans, chosen)}</p>')
    return "".join(blocks)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of headings and paragraphs; a blank line or a heading ends a paragraph."""
    position = 0
    begun: int | None = None
    for line in text.split("\n"):
        end = position + len(line)
        if begun is not None and (not line.strip() or line.startswith("#")):
            yield begun, position - 1
            begun = None
        if line.startswith("#"):
            yield position, end
        elif line.strip() and begun is None:
            begun = position
        position = end + 1
    if begun is not None:
        yield begun, len(text)


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """Marks that do not overlap, in text order; an earlier one in ``marks`` wins."""
    kept: list[Mark] = []
    for mark in marks:
        if all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.start)


def _marked(text: str, start: int, end: int, marks: Iterable[Mark], chosen: int | None) -> str:
    parts = []
    position = start
    for mark in marks:
        first, last = max(mark.start, start), min(mark.end, end)
        if first < last:
            parts.append(shown(text[position:first]))
            # The number is drawn by the style sheet: the text itself stays the source's, character for character.
            role = "chosen" if mark.number == chosen else "cited"
            numbered = " ends" if last == mark.end else ""
            words = stressed(text[first:last], _within(mark.key, first, last))
            parts.append(f'<mark class="{role}{numbered}" data-number="{mark.number}" tabindex="-1">{words}</mark>')
            position = last
    parts.append(shown(text[position:end]))
    return "".join(parts)


def _within(key: tuple[int, int] | None, start: int, end: int) -> tuple[int, int] | None:
    """The part of a span that lies between two offsets, counted from the first of them."""
    return (max(key[0], start) - start, min(key[1], end) - start) if key else None


def _original(page: Document, quoted: str) -> str:
    url = link_to(page.url, quoted)
    if not url:
        return ""
    words = "Read these words on the original page" if quoted else "Read the original page"
    return f'<p><a class="original" href="{shown(url)}" target="_blank" rel="noopener noreferrer">{words}</a></p>'


def _licence(page: Document) -> str:
    return f'<p class="licence">{shown(page.licence)}</p>' if page.licence else ""


def _pages(corpus: Corpus) -> list[Document]:
    return [document for document in corpus.documents if document.article_id == document.id]


def _badge(voice: Kind) -> str:
    return f'<span class="badge is-{voice}">{BADGES[voice]}</span>'


def _author(document: Document) -> str:
    return f'<span class="who">{name(document.author)}</span>' if document.author else ""
