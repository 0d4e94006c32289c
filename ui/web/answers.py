"""Answer -> HTML: the words of sources stand in quotes with numbered links, the assistant's own words around them."""

from collections.abc import Iterable, Mapping

from roros_assistant.present import NEAREST, sections
from roros_assistant.types import Answer, Citation, Claim, Destination, Kind, Status
from roros_assistant.voices import BADGES, attribution

from .markup import counted, dated, language, link_to, listed, name, shown

_STATUS = {
    Status.ANSWERED: "Answered from",
    Status.PARTIAL: "Partly answered from",
    Status.NOT_IN_SOURCES: "Not in the sources",
    Status.NOT_UNDERSTOOD: "Language not understood",
    Status.TALK: "About this assistant",
}


def answer_html(
    answer: Answer, turn: str, *, destination: Destination, languages: Mapping[str, str], removed: int = 0
) -> str:
    """One answer, whole.

    Args:
        answer: what to show.
        turn: unique in the page; the links' targets start with it.
        destination: where to turn when the sources do not say.
        languages: document id -> language, for screen readers.
        removed: how many quotes were taken out because they no longer stand in their source.
    """
    quotes = _Quotes(answer, turn, languages)
    parts = [f'<p class="status is-{answer.status}"><i aria-hidden="true"></i>{shown(summary(answer))}</p>']
    if answer.notice:
        parts += [_notice(line, answer.language, destination) for line in answer.notice.split("\n") if line.strip()]
    if removed:
        gone = counted(removed, "quote was", "quotes were")
        words = f"{gone} removed from this answer: no longer word for word in the sources."
        parts.append(f'<p class="notice is-removed">{words}</p>')
    parts += [quotes.section(section.heading, section.claims) for section in sections(answer)]
    if answer.nearest:
        parts.append(quotes.nearest())
    if answer.status is Status.NOT_IN_SOURCES:
        parts.append(_elsewhere(destination, answer.notice))
    if answer.suggestions:
        parts.append(_suggestions(answer.suggestions))
    return "".join(parts)


def summary(answer: Answer) -> str:
    """What became of the question and whose voices answer, in one line.

    It is also what a screen reader announces.
    """
    words = _STATUS[answer.status]
    if answer.claims:
        return f"{words} {_voices(answer.citations)}"
    # Only a stored answer comes to this, when its sources have changed since.
    gone = answer.status in (Status.ANSWERED, Status.PARTIAL)
    return "No longer in the sources" if gone else words


def _voices(citations: Iterable[Citation]) -> str:
    sources: dict[Kind, set[str]] = {}
    for citation in citations:
        own = citation.voice is Kind.COMMENT
        source = citation.document_id if own else citation.document_id.partition("#")[0]
        sources.setdefault(citation.voice, set()).add(source)
    names = {
        Kind.COMMENT: ("reader’s comment", "readers’ comments"),
        Kind.OFFICIAL: ("official page", "official pages"),
    }
    parts = []
    for voice, documents in sources.items():
        one, many = names.get(voice, (BADGES[voice].lower(), f"{BADGES[voice].lower()}s"))
        parts.append(counted(len(documents), one, many))
    return listed(parts)


class _Quotes:
    """The quotes of one answer, each with links to its sources."""

    def __init__(self, answer: Answer, turn: str, languages: Mapping[str, str]) -> None:
        self._answer = answer
        self._turn = turn
        self._languages = languages

    def section(self, heading: str, claims: tuple[Claim, ...]) -> str:
        if not heading:
            return "".join(self._lead(claim) for claim in claims)
        voice = self._answer.cited(claims[0].citations)[0].voice
        body = "".join(f"<p>{self._speaker(claim)}{self._claim(claim)}</p>" for claim in claims)
        return f'<section class="voice is-{voice}"><h3><i aria-hidden="true"></i>{shown(heading)}</h3>{body}</section>'

    def nearest(self) -> str:
        quotes = [f"<p>{self._quote(item)}{self._link(item)}</p>" for item in self._answer.nearest]
        return (
            f'<section class="voice is-nearest"><h3><i aria-hidden="true"></i>{NEAREST}</h3>{"".join(quotes)}</section>'
        )

    def _lead(self, claim: Claim) -> str:
        first = self._answer.cited(claim.citations)[0]
        return (
            f'<p class="lead">{self._claim(claim)}</p>'
            f'<p class="byline"><span class="badge is-{first.voice}">{BADGES[first.voice]}</span> '
            f"{name(attribution(first))} · {dated(first.published, first.as_of)}</p>"
        )

    def _speaker(self, claim: Claim) -> str:
        first = self._answer.cited(claim.citations)[0]
        return f'<span class="speaker">{name(attribution(first))}:</span> ' if first.kind is Kind.COMMENT else ""

    def _claim(self, claim: Claim) -> str:
        cited = self._answer.cited(claim.citations)
        verbatim = len(cited) == 1 and cited[0].quote == claim.text
        words = self._quote(cited[0]) if verbatim else shown(claim.text)
        return words + "".join(self._link(citation) for citation in cited)

    def _quote(self, citation: Citation) -> str:
        code = self._languages.get(citation.document_id, "")
        return f'<q{language(code)} dir="auto">{shown(citation.quote)}</q>'

    def _link(self, citation: Citation) -> str:
        says = shown(f"Source {citation.number}: {BADGES[citation.voice]}, {attribution(citation)}")
        target = f"{self._turn}-source-{citation.number}"
        return (
            f'\N{WORD JOINER}<a class="mark" id="{self._turn}-mark-{citation.number}" href="#{target}"'
            f' data-number="{citation.number}" aria-label="{says}" title="{says}">{citation.number}</a>'
        )


def _notice(line: str, code: str, destination: Destination) -> str:
    """The assistant's own words; of all addresses in them only the official site becomes a link."""
    words = shown(line)
    site = link_to(destination.official_site)
    if site:
        words = words.replace(shown(site), _site(site))
    return f'<p class="notice"{language(code)} dir="auto">{words}</p>'


def _elsewhere(destination: Destination, notice: str) -> str:
    """Where to turn, as far as the notice has not said it."""
    rows = []
    site = link_to(destination.official_site)
    if site and site not in notice:
        rows.append(("Official site", _site(site)))
    if destination.contact and destination.contact not in notice:
        rows.append(("Ask", name(destination.contact)))
    if destination.emergency:
        numbers = (f"{shown(label)} <b>{shown(number)}</b>".strip() for label, number in destination.emergency)
        rows.append(("Emergency", " · ".join(numbers)))
    body = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in rows)
    return f'<dl class="elsewhere">{body}</dl>' if rows else ""


def _site(address: str) -> str:
    bare = address.partition("://")[2].removesuffix("/")
    return f'<a href="{shown(address)}" target="_blank" rel="noopener noreferrer">{shown(bare)}</a>'


def _suggestions(questions: Iterable[str]) -> str:
    chips = "".join(f'<button type="button" class="chip" data-ask>{shown(question)}</button>' for question in questions)
    return f'<div class="next" role="group" aria-label="Questions that the sources can answer">{chips}</div>'
