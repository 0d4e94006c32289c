"""Text -> HTML that shows exactly that text: every word from outside passes through here."""

import html
import re
from collections.abc import Iterable
from urllib.parse import quote as percent_encode

# A short quote is named whole in a link to it; of a longer one its first and last words.
_WHOLE = 120  # characters
_EDGE = 5  # words
# A null would vanish from HTML and half a surrogate pair from UTF-8; everything else is shown as it stands.
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def shown(text: str) -> str:
    """Escape ``text`` for an element or a quoted attribute.

    >>> shown('<img src="x">')
    '&lt;img src=&quot;x&quot;&gt;'
    """
    return html.escape(_UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)


def stressed(text: str, words: tuple[int, int] | None) -> str:
    """Escape ``text``, the span of its few words that answer set apart.

    >>> stressed("It takes 2 hours & more", (9, 16))
    'It takes <b class="key">2 hours</b> &amp; more'
    """
    start, end = words or (0, 0)
    if not 0 <= start < end <= len(text):
        return shown(text)
    return f'{shown(text[:start])}<b class="key">{shown(text[start:end])}</b>{shown(text[end:])}'


def name(text: str) -> str:
    """A name or a title, kept from turning the direction of the line that it stands in."""
    return f"<bdi>{shown(text)}</bdi>"


def dated(published: str | None, as_of: str | None) -> str:
    """When a text was written and the time it speaks of, as far as they are known."""
    return " · ".join(name(part) for part in (published, as_of) if part) or "no date"


def language(code: str) -> str:
    """A ``lang`` attribute, or nothing where the code is none."""
    return f' lang="{code}"' if _LANGUAGE.fullmatch(code) else ""


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "comment"), counted(2, "comment")
    ('1 comment', '2 comments')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(parts: Iterable[str]) -> str:
    """Join as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def link_to(url: str | None, quote: str = "") -> str | None:
    """The address of a web page, and of the quoted words in it; None for anything else than http and https."""
    if not url or not re.match(r"https?://", url, re.IGNORECASE):
        return None
    if not quote:
        return url
    words = quote.split()
    ends = [quote] if len(quote) <= _WHOLE else [" ".join(words[:_EDGE]), " ".join(words[-_EDGE:])]
    # A hyphen is syntax in a text fragment, so it is encoded too.
    fragment = ",".join(percent_encode(end, safe="").replace("-", "%2D") for end in ends)
    return f"{url}{'' if '#' in url else '#'}:~:text={fragment}"
