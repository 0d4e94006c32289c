"""Answer -> Markdown, plain text and JSON, and back; knows nothing of pages or terminals."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roros_assistant.types import Answer, Citation, Claim, Hit, Kind, Passage, Status

HEADINGS = {
    Kind.ARTICLE: "The article",
    Kind.COMMENT: "Readers’ comments",
    Kind.OFFICIAL: "The destination organisation",
}
BADGES = {Kind.ARTICLE: "Article", Kind.COMMENT: "Comment", Kind.OFFICIAL: "Official"}
NEAREST = "The nearest the sources come"
_RETRIEVED = 20  # hits in the JSON
# What CommonMark, its common extensions or a chat widget's LaTeX read as markup inside a line; every line that shows
# source text begins with our own words, so signs that mean something at a line's beginning alone stay readable.
_MARKUP = re.compile(r"[\\`*_{}\[\]|~$^@]|:(?=//)|(?<=www)\.")


@dataclass(frozen=True, slots=True)
class Section:
    """Claims under one heading; the first section has none and holds what answers best."""

    heading: str
    claims: tuple[Claim, ...]


def sections(answer: Answer) -> list[Section]:
    """The best quote alone, then the rest grouped by voice, in the order of the voices' first words."""
    if not answer.claims:
        return []
    lead, *rest = answer.claims
    groups: dict[Kind, list[Claim]] = {}
    for claim in rest:
        groups.setdefault(answer.cited(claim.citations)[0].voice, []).append(claim)
    return [Section("", (lead,)), *(Section(HEADINGS[voice], tuple(claims)) for voice, claims in groups.items())]


def attribution(citation: Citation) -> str:
    """Who speaks, as a person would say it; only who says so is called a visitor."""
    if citation.voice is not Kind.COMMENT:
        return citation.author or BADGES[citation.voice]
    role = "a visitor" if citation.visited else "a reader"
    return f"{citation.author}, {role}" if citation.author else role.capitalize()


def as_markdown(answer: Answer) -> str:
    """The answer with [1] markers; the words of sources are escaped, so that they stay words."""
    return _layout(answer, escape_markdown, bold="**{}**")


def as_text(answer: Answer) -> str:
    """The answer for a terminal or a clipboard, its sources numbered below."""
    body = _layout(answer, str, bold="{}:")
    sources = "\n".join(f"[{citation.number}] {_source_line(citation)}" for citation in answer.citations)
    return f"{body}\n\n{sources}" if sources else body


def escape_markdown(text: str) -> str:
    r"""Make every character of ``text`` mean itself in Markdown.

    >>> escape_markdown("<b>*1*</b>")
    '&lt;b&gt;\\*1\\*&lt;/b&gt;'
    """
    html_safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\g<0>", re.sub(r"\s+", " ", html_safe))


def as_json(answer: Answer, id: str | None = None) -> dict[str, Any]:
    """The answer as the interface promises it: one JSON object."""
    return {
        "id": id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": str(answer.status),
        "answer": as_markdown(answer),
        "notice": answer.notice,
        "language": answer.language,
        "claims": [
            {"text": claim.text, "citations": list(claim.citations), "support": claim.support}
            for claim in answer.claims
        ],
        "citations": [_citation_json(citation) for citation in answer.citations],
        "nearest": [_citation_json(citation) for citation in answer.nearest],
        "suggestions": list(answer.suggestions),
        "retrieved": [
            {
                "document": hit.passage.document_id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 3),
            }
            for hit in answer.retrieved[:_RETRIEVED]
        ],
        "writer": answer.writer,
        "seconds": round(answer.seconds, 3),
    }


def from_json(data: Mapping[str, Any]) -> Answer:
    """Read back what ``as_json`` wrote; offsets and quotes are checked by whoever shows them.

    Raises:
        KeyError, TypeError, ValueError: not such an object.
    """
    citations = tuple(_citation(item) for item in data["citations"])
    by_number = {citation.number: citation for citation in citations}
    return Answer(
        question=str(data["question"]),
        standalone_question=str(data["standalone_question"]),
        status=Status(data["status"]),
        claims=tuple(
            Claim(
                text=str(claim["text"]),
                passages=tuple(_passage(by_number[number]) for number in claim["citations"]),
                support=claim["support"],
                citations=tuple(claim["citations"]),
            )
            for claim in data["claims"]
        ),
        citations=citations,
        nearest=tuple(_citation(item) for item in data["nearest"]),
        suggestions=tuple(map(str, data["suggestions"])),
        notice=str(data["notice"]),
        retrieved=tuple(
            Hit(Passage(hit["document"], hit["start"], hit["end"], hit["text"]), hit["score"])
            for hit in data["retrieved"]
        ),
        writer=str(data["writer"]),
        language=str(data["language"]),
        seconds=float(data["seconds"]),
    )


def _layout(answer: Answer, escape: Any, *, bold: str) -> str:  # noqa: ANN401 - str or a function of str
    blocks: list[str] = []
    for section in sections(answer):
        if section.heading:
            quotes = [f"- {_quoted(claim, answer, escape)}" for claim in section.claims]
            blocks.append("\n".join([bold.format(section.heading), "", *quotes]))
        else:
            blocks.append(_quoted(section.claims[0], answer, escape))
    if answer.notice:
        blocks.insert(0, escape(answer.notice))
    if answer.nearest:
        blocks.append("\n".join([bold.format(NEAREST), "", *(_nearest_line(item, escape) for item in answer.nearest)]))
    if answer.suggestions:
        asked = [f"- {escape(question)}" for question in answer.suggestions]
        blocks.append("\n".join([bold.format("Questions the sources can answer"), "", *asked]))
    return "\n\n".join(blocks)


def _quoted(claim: Claim, answer: Answer, escape: Any) -> str:  # noqa: ANN401
    cited = answer.cited(claim.citations)
    speaker = f"{escape(attribution(cited[0]))}: " if cited[0].voice is Kind.COMMENT else ""
    return f"{speaker}“{escape(claim.text)}” {_markers(cited)}"


def _markers(citations: Iterable[Citation]) -> str:
    return "".join(f"[{citation.number}]" for citation in citations)


def _nearest_line(citation: Citation, escape: Any) -> str:  # noqa: ANN401
    return f"- “{escape(citation.quote)}” ({escape(_source_line(citation))})"


def _source_line(citation: Citation) -> str:
    parts = [BADGES[citation.voice], citation.title, attribution(citation), citation.published, citation.as_of]
    return ", ".join(part for part in parts if part) + (f", {citation.url}" if citation.url else "")


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document_id,
        "kind": str(citation.kind),
        "voice": str(citation.voice),
        "title": citation.title,
        "author": citation.author,
        "published": citation.published,
        "as_of": citation.as_of,
        "url": citation.url,
        "visited": citation.visited,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _citation(data: Mapping[str, Any]) -> Citation:
    return Citation(
        number=int(data["number"]),
        document_id=str(data["document"]),
        kind=Kind(data["kind"]),
        voice=Kind(data["voice"]),
        title=str(data["title"]),
        author=data["author"],
        published=data["published"],
        as_of=data["as_of"],
        url=data["url"],
        visited=bool(data["visited"]),
        start=int(data["start"]),
        end=int(data["end"]),
        quote=str(data["quote"]),
    )


def _passage(citation: Citation) -> Passage:
    return Passage(citation.document_id, citation.start, citation.end, citation.quote, citation.title)
