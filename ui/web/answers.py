"""Answer -> HTML: the words of sources stand in quotes with numbered links, the assistant's own words around them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import groupby, pairwise

from roros_assistant.present import NEAREST, Section, is_repeated, sections
from roros_assistant.types import Answer, Citation, Claim, Destination, Kind, Short, Stance, Status
from roros_assistant.voices import BADGES, STANCES, attribution
from roros_assistant.words import written_by

from .markup import counted, dated, language, link_to, listed, name, shown, stressed
from .sources import key_in

# Of one voice, so many paragraphs stand open, and beyond them at least so many are folded.
_OPEN, _FOLDED = 3, 2
_SURE = 0.9  # of a written sentence: one that is less sure is shown as such
_LONG = 40  # characters of a short answer that no longer fit a line at its full size

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
    if answer.short:
        parts.append(quotes.short(answer.short))
    if answer.is_prose:
        parts += [quotes.prose(section) for section in sections(answer)]
    else:
        parts += [quotes.section(section) for section in sections(answer)]
    if answer.left_out and not answer.is_prose:
        parts.append(_left_out(answer, turn))
    if answer.nearest:
        parts.append(quotes.nearest())
    if answer.status is Status.NOT_IN_SOURCES:
        parts.append(_elsewhere(destination, answer.notice))
    return "".join(parts)


def summary(answer: Answer) -> str:
    """What became of the question and whose voices answer, in one line."""
    words = _STATUS[answer.status]
    if answer.claims:
        return f"{words} {_voices(answer.citations)}"
    # Only a stored answer comes to this, when its sources have changed since.
    gone = answer.status in (Status.ANSWERED, Status.PARTIAL)
    return "No longer in the sources" if gone else words


def announcement(answer: Answer) -> str:
    """What a screen reader says when an answer is whole; all else is there to be read."""
    about = f"About {answer.about}. " if answer.about else ""
    short = f"{answer.short.text.strip()}. " if answer.short else ""
    return f"{about}{short}{summary(answer)}"


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

    def short(self, short: Short) -> str:
        [citation] = self._answer.cited([short.citation])
        code = language(self._languages.get(citation.document_id, ""))
        size = " is-long" if len(short.text) > _LONG else ""
        words = f'<b{code} dir="auto">{shown(short.text)}</b>'
        return f'<p class="short{size}">{words}{self._link(citation, f"{self._turn}-short")}</p>'

    def section(self, section: Section) -> str:
        if not section.heading:
            return "".join(self._lead(claim) for claim in section.claims)
        voice = self._answer.cited(section.claims[0].citations)[0].voice
        heading = f'<h3><i aria-hidden="true"></i>{shown(section.heading)}</h3>'
        opening = f'<p class="balance">{shown(section.opening)}</p>' if section.opening else ""
        said = [list(claims) for _, claims in groupby(section.claims, self._said_by)]
        return f'<section class="voice is-{voice}">{heading}{opening}{self._folded(said, voice)}</section>'

    def prose(self, section: Section) -> str:
        """What a chat model wrote, each sentence with the numbers of the quotes that carry it."""
        opening = f'<p class="balance">{shown(section.opening)}</p>' if section.opening else ""
        said = " ".join(map(self._sentence, section.claims))
        return f'{opening}<p class="told">{said}</p>{_left_out(self._answer, self._turn)}'

    def _sentence(self, claim: Claim) -> str:
        """One sentence; where its quotes say it in other words, a quiet line under it asks to look there."""
        support = claim.support or 0.0
        says = f"Checked against its source: {support:.0%} sure"
        quiet = " is-reworded" if support < _SURE else ""
        links = "".join(self._link(citation) for citation in self._answer.cited(claim.citations))
        words = f"<q>{shown(claim.text)}</q>" if is_repeated(claim, self._answer) else shown(claim.text)
        return f'<span class="said{quiet}" title="{says}">{words}</span>{links}'

    def _said_by(self, claim: Claim) -> object:
        """What claims share that stand in one paragraph: whose they are, if a reader's."""
        first = self._answer.cited(claim.citations)[0]
        return first.document_id if first.voice is Kind.COMMENT else claim

    def _folded(self, said: Sequence[Sequence[Claim]], voice: Kind) -> str:
        """The first paragraphs of a voice, and of each view in it; the others a step away."""
        ahead = _ahead([{claim.stance for claim in claims} for claims in said])
        rest = [claims for place, claims in enumerate(said) if place not in ahead]
        if len(rest) < _FOLDED:
            return "".join(map(self._paragraph, said))
        control = f'<summary id="{self._turn}-fold-{voice}"><span class="when-closed">'
        control += f"{counted(sum(map(len, rest)), 'more quote')}</span>"
        control += '<span class="when-open">Fewer quotes</span></summary>'
        body = "".join(self._paragraph(claims) for place, claims in enumerate(said) if place in ahead)
        folded = "".join(map(self._paragraph, rest))
        return f'{body}<details class="more" id="{self._turn}-more-{voice}">{control}{folded}</details>'

    def _paragraph(self, claims: Sequence[Claim]) -> str:
        parts = [f"{self._speaker(claims[0])}{self._claim(claims[0])}"]
        for earlier, claim in pairwise(claims):
            turned = claim.stance if claim.stance is not earlier.stance else None
            view = f'<span class="speaker">{_stance(turned)}:</span> ' if turned else ""
            parts.append(f"{view}{self._claim(claim)}")
        return f"<p>{' '.join(parts)}</p>"

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
        if first.kind is not Kind.COMMENT:
            return ""
        stance = f", {_stance(claim.stance)}" if first.voice is Kind.COMMENT and claim.stance else ""
        return f'<span class="speaker">{name(attribution(first))}{stance}:</span> '

    def _claim(self, claim: Claim) -> str:
        cited = self._answer.cited(claim.citations)
        verbatim = len(cited) == 1 and cited[0].quote == claim.text
        words = self._quote(cited[0]) if verbatim else shown(claim.text)
        return words + "".join(self._link(citation) for citation in cited)

    def _quote(self, citation: Citation) -> str:
        code = self._languages.get(citation.document_id, "")
        words = stressed(citation.quote, key_in(citation, self._answer))
        return f'<q{language(code)} dir="auto">{words}</q>'

    def _link(self, citation: Citation, own: str = "") -> str:
        says = shown(f"Source {citation.number}: {BADGES[citation.voice]}, {attribution(citation)}")
        target = f"{self._turn}-source-{citation.number}"
        own = own or f"{self._turn}-mark-{citation.number}"
        return (
            f'\N{WORD JOINER}<a class="mark" id="{own}" href="#{target}"'
            f' data-number="{citation.number}" aria-label="{says}" title="{says}">{citation.number}</a>'
        )


def _left_out(answer: Answer, turn: str) -> str:
    """Who wrote, and why sentences were left out: never their words."""
    count = len(answer.left_out)
    if not answer.is_prose:
        said = f"The chat model’s answer was left out: {counted(count, 'sentence')} that the sources do not carry."
    else:
        said = written_by(answer.writer, count)
    if not count:
        return f'<p class="byline is-written">{shown(said)}</p>'
    reasons = "".join(f"<li>{shown(reason)}</li>" for reason in answer.left_out)
    summary = f'<summary id="{turn}-why">{shown(said)} <span class="why">Why</span></summary>'
    return f'<details class="byline is-written" id="{turn}-left-out">{summary}<ul role="list">{reasons}</ul></details>'


def _ahead(views: Sequence[Set[Stance | None]]) -> set[int]:
    """The places of what is shown first: no view may be out of sight.

    >>> sorted(_ahead([{Stance.FOR}, {Stance.FOR}, {Stance.FOR}, {Stance.FOR}, {Stance.AGAINST}]))
    [0, 1, 4]
    """
    first = {next(place for place, held in enumerate(views) if view in held) for view in set().union(*views)}
    others = [place for place in range(len(views)) if place not in first]
    return {*first, *others[: max(0, _OPEN - len(first))]}


def _stance(stance: Stance) -> str:
    return f'<span class="stance is-{stance}">{STANCES[stance]}</span>'


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
        numbers = (
            f"{shown(label)}\N{NO-BREAK SPACE}<b>{shown(number)}</b>".strip() for label, number in destination.emergency
        )
        rows.append(("Emergency", " · ".join(numbers)))
    body = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in rows)
    return f'<dl class="elsewhere">{body}</dl>' if rows else ""


def _site(address: str) -> str:
    bare = address.partition("://")[2].removesuffix("/")
    return f'<a href="{shown(address)}" target="_blank" rel="noopener noreferrer">{shown(bare)}</a>'
