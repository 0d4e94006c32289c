"""Answer -> Markdown, plain text and JSON, and back; knows nothing of pages or terminals."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roros_assistant.types import Answer, Balance, Citation, Claim, Hit, Kind, Passage, Short, Stance, Status
from roros_assistant.voices import BADGES, CAN_ANSWER, HEADINGS, STANCES, attribution, balance_sentence
from roros_assistant.words import written_by

NEAREST = "The nearest the sources come"
_RETRIEVED = 20  # hits in the JSON
# What CommonMark, its common extensions or a chat widget's LaTeX read as markup inside a line; every line that shows
# source text begins with our own words, so signs that mean something at a line's beginning alone stay readable.
_MARKUP = re.compile(r"[\\`*_{}\[\]|~$^@]|:(?=//)|(?<=www)\.")


@dataclass(frozen=True, slots=True)
class Section:
    """Claims under one heading; a section without one holds what answers best."""

    heading: str
    claims: tuple[Claim, ...]
    opening: str = ""  # the assistant's own sentence before them


def sections(answer: Answer) -> list[Section]:
    """The best quote alone, then the rest grouped by voice, in the order of the voices' first words.

    One reader's quotes follow on one another; where readers are counted, all their quotes stand under the count. What a
    chat model wrote is one section.
    """
    if answer.is_prose:
        return [Section("", answer.claims, balance_sentence(answer.balance) if answer.balance else "")]
    leads = answer.claims[:1]
    if leads and answer.balance and _voice(leads[0], answer) is Kind.COMMENT:
        leads = ()
    groups: dict[Kind, list[Claim]] = {}
    for claim in answer.claims[len(leads) :]:
        groups.setdefault(_voice(claim, answer), []).append(claim)
    if Kind.COMMENT in groups:
        readers = list(dict.fromkeys(claim.passages[0].document_id for claim in groups[Kind.COMMENT]))
        groups[Kind.COMMENT].sort(key=lambda claim: readers.index(claim.passages[0].document_id))
    counted = {Kind.COMMENT: balance_sentence(answer.balance)} if answer.balance else {}
    return [
        *(Section("", (lead,)) for lead in leads),
        *(Section(HEADINGS[voice], tuple(claims), counted.get(voice, "")) for voice, claims in groups.items()),
    ]


def is_repeated(claim: Claim, answer: Answer) -> bool:
    """Whether a written sentence repeats its quote: "our work" is the source's then, and stands in quotation marks."""
    return any(claim.text.rstrip(".!?;") in cited.quote for cited in answer.cited(claim.citations))


def as_markdown(answer: Answer) -> str:
    """The answer with [1] markers; the words of sources are escaped, so that they stay words."""
    return _layout(answer, escape_markdown, bold="**{}**", heading="**{}**")


def as_text(answer: Answer) -> str:
    """The answer for a terminal or a clipboard, its sources numbered below."""
    body = _layout(answer, str, bold="{}", heading="{}:")
    if answer.is_prose:
        body += f"\n\n{written_by(answer.writer, len(answer.left_out))}"
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
        "about": answer.about,
        "short": _short_json(answer.short) if answer.short else None,
        "balance": _balance_json(answer.balance) if answer.balance else None,
        "claims": [
            {
                "text": claim.text,
                "citations": list(claim.citations),
                "support": claim.support,
                "stance": claim.stance and str(claim.stance),
            }
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
        "left_out": list(answer.left_out),
        "seconds": round(answer.seconds, 3),
    }


def from_json(data: Mapping[str, Any]) -> Answer:
    """Read back what ``as_json`` wrote, now or in an earlier version; whoever shows it checks offsets and quotes.

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
                stance=Stance(claim["stance"]) if claim.get("stance") else None,
            )
            for claim in data["claims"]
        ),
        citations=citations,
        nearest=tuple(_citation(item) for item in data["nearest"]),
        suggestions=tuple(map(str, data["suggestions"])),
        about=str(data["about"]) if data.get("about") else None,
        short=_short(data["short"]) if data.get("short") else None,
        balance=_balance(data["balance"]) if data.get("balance") else None,
        notice=str(data["notice"]),
        retrieved=tuple(
            Hit(Passage(hit["document"], hit["start"], hit["end"], hit["text"]), hit["score"])
            for hit in data["retrieved"]
        ),
        writer=str(data["writer"]),
        left_out=tuple(map(str, data.get("left_out", ()))),
        language=str(data["language"]),
        seconds=float(data["seconds"]),
    )


def _layout(answer: Answer, escape: Callable[[str], str], *, bold: str, heading: str) -> str:
    blocks = [escape(answer.notice)] if answer.notice else []
    if answer.short:
        blocks.append(f"{bold.format(escape(answer.short.text.strip()))} [{answer.short.citation}]")
    for section in sections(answer):
        if answer.is_prose:
            blocks += [section.opening] * bool(section.opening)
            blocks.append(" ".join(_written(claim, answer, escape) for claim in section.claims))
            continue
        before = (None, *section.claims)
        quotes = [
            _quoted(claim, answer, escape, earlier) for claim, earlier in zip(section.claims, before, strict=False)
        ]
        blocks += [_list(heading, section.heading, quotes, section.opening)] if section.heading else quotes
    if answer.nearest:
        blocks.append(_list(heading, NEAREST, [_nearest_line(item, escape) for item in answer.nearest]))
    # Under an answer the next questions are the page's; where there is none, they are what can be said.
    if answer.suggestions and answer.status is not Status.ANSWERED:
        blocks.append(_list(heading, CAN_ANSWER, map(escape, answer.suggestions)))
    return "\n\n".join(blocks)


def _list(heading: str, words: str, items: Iterable[str], opening: str = "") -> str:
    before = [opening, ""] if opening else []
    return "\n".join([heading.format(words), "", *before, *(f"- {item}" for item in items)])


def _quoted(claim: Claim, answer: Answer, escape: Callable[[str], str], earlier: Claim | None) -> str:
    """A claim with who says it; who has no name and spoke in the claim before is not taken for somebody else."""
    cited = answer.cited(claim.citations)
    said = f"“{escape(claim.text)}” {_markers(cited)}"
    if cited[0].voice is not Kind.COMMENT:
        return said
    stance = f", {STANCES[claim.stance]}" if claim.stance else ""
    speaker = attribution(cited[0])
    if earlier and not cited[0].author and earlier.passages[0].document_id == cited[0].document_id:
        speaker = f"The same {speaker.removeprefix('A ')}"
    return f"{escape(speaker)}{stance}: {said}"


def _written(claim: Claim, answer: Answer, escape: Callable[[str], str]) -> str:
    """A sentence of a chat model; one that repeats its source stands in quotation marks."""
    words = f"“{escape(claim.text)}”" if is_repeated(claim, answer) else escape(claim.text)
    return f"{words} {_markers(answer.cited(claim.citations))}"


def _voice(claim: Claim, answer: Answer) -> Kind:
    return answer.cited(claim.citations)[0].voice


def _markers(citations: Iterable[Citation]) -> str:
    return "".join(f"[{citation.number}]" for citation in citations)


def _nearest_line(citation: Citation, escape: Callable[[str], str]) -> str:
    return f"“{escape(citation.quote)}” ({escape(_source_line(citation))})"


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


def _short_json(short: Short) -> dict[str, Any]:
    return {"text": short.text, "citation": short.citation, "start": short.start, "end": short.end}


def _short(data: Mapping[str, Any]) -> Short:
    return Short(str(data["text"]), int(data["citation"]), int(data["start"]), int(data["end"]))


def _balance_json(balance: Balance) -> dict[str, Any]:
    stances = {str(stance): count for stance, count in balance.stances}
    return {"speaking": balance.speaking, "visitors": balance.visitors, "stances": stances}


def _balance(data: Mapping[str, Any]) -> Balance:
    counts = {Stance(name): int(count) for name, count in data["stances"].items()}
    stances = tuple((stance, counts[stance]) for stance in Stance if counts.get(stance))
    return Balance(int(data["speaking"]), int(data["visitors"]), stances)
