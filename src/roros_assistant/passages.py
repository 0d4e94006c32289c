"""Document -> Passages: one sentence each, with exact offsets; knows nothing of models."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from roros_assistant.types import Corpus, Destination, Document, Kind, Passage

# A reranker's cost grows with tokens and a quote should fit a phone: a run of text without a sentence end is cut
# at a space before this many characters (about 200 tokens).
_LONGEST = 800
# A shorter line without a full stop is a line of its own (a list, a menu); a longer one is wrapped prose.
_WRAPPED = 60

_LIST_MARK = re.compile(r"[-*•–]\s+|\d{1,2}[.)]\s+")
_END = re.compile(
    r"""[.!?…]+["'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*|[\U0001F300-\U0001FAFF☀-➿]+\s(?=[A-ZÆØÅ])|(?<=\S)\s*(?=\n)"""
)
_ABBREVIATION = re.compile(
    r"""(?:^|[\s(“"'])(?:[A-Za-z]|[A-Za-z]\.[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Mt|No|Nos|vs|etc|approx|ca|cf|Jan|Feb|Mar|Apr|Jun|Jul"""
    r"""|Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Co|Jr|Sr|Ave|Blvd|Fig|Vol|pp|kl|bl\.a|f\.eks|nr|tlf)\.$"""
)
_WORD = re.compile(r"\w")
_NORDIC = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ß": "ss"})
_SWEDISH = str.maketrans("øæØÆ", "öäÖÄ")
_NOT_PROSE = re.compile(r"#\w+|https?://\S+")


def split(document: Document) -> list[Passage]:
    """Cut a document into sentences; headings become the context of what follows them.

    Returns:
        Passages in text order that never overlap; together they hold every word outside headings, hashtags and links.
    """
    passages: list[Passage] = []
    heading = document.title
    for start, end in _paragraphs(document.text):
        block = document.text[start:end]
        if block.startswith("#") and document.text[start - 1 : start] in ("", "\n"):  # not "- #1 is the church"
            heading = block.lstrip("#").strip() or heading
            continue
        for first, last in _sentences(block):
            quote = block[first:last]
            if _WORD.search(_NOT_PROSE.sub("", quote)):
                passages.append(Passage(document.id, start + first, start + last, quote, heading))
    return passages


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of headings, list items and paragraphs; lines of wrapped prose stay together."""
    start = position = 0
    open_block = False
    for line in text.split("\n"):
        end = position + len(line)
        bare = line.strip()
        alone = not bare or line.startswith("#")
        if open_block and (alone or _LIST_MARK.match(line.lstrip())):
            yield start, position - 1
            open_block = False
        if line.startswith("#"):
            yield position, end
        elif bare:
            if not open_block:
                start = position + _list_mark_length(line)
                open_block = True
            if len(bare) < _WRAPPED or bare[-1] in ".!?…;:":
                yield start, end
                open_block = False
        position = end + 1
    if open_block:
        yield start, len(text)


def _list_mark_length(line: str) -> int:
    indent = len(line) - len(line.lstrip())
    mark = _LIST_MARK.match(line, indent)
    return mark.end() if mark else indent


def _sentences(block: str) -> Iterator[tuple[int, int]]:
    """Spans of sentences; signs without a word (a smiley) stay with the sentence before them."""
    spans: list[tuple[int, int]] = []
    for start, end in _cut(block):
        start, end = _trim(block, start, end)
        if start == end:
            continue
        if spans and not _WORD.search(block[start:end]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    for start, end in spans:
        yield from _bounded(block, start, end)


def _cut(block: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(block):
        if match.group() and not _is_abbreviation(block, start, match.end()) and not match.group().isspace():
            yield start, match.end()
            start = match.end()
    yield start, len(block)


def _is_abbreviation(block: str, start: int, end: int) -> bool:
    """A full stop inside a name or before a small letter ends no sentence."""
    if block[end - 1] != ".":
        return False
    following = block[end:].lstrip()[:1]
    return bool(_ABBREVIATION.search(block[start:end])) or following.islower()


def _trim(block: str, start: int, end: int) -> tuple[int, int]:
    while start < end and block[start].isspace():
        start += 1
    while end > start and block[end - 1].isspace():
        end -= 1
    return start, end


def _bounded(block: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        space = block.rfind(" ", start, start + _LONGEST)
        cut = space if space > start else start + _LONGEST
        yield _trim(block, start, cut)
        start, _ = _trim(block, cut, end)
    yield start, end


def neutral(text: str, destination: Destination) -> str:
    """Put the destination's stand-in where its name stands: the name is in every question and tells nothing apart.

    >>> neutral("Is RØROS worth it?", Destination(name="Røros", stand_in="the town"))
    'Is the town worth it?'
    """
    if not destination.names:
        return text
    return _names(destination.names).sub(destination.stand_in, text)


def model_text(passage: Passage, corpus: Corpus) -> str:
    """What the models read of a passage: its heading and words, the name neutral, and of a comment who says them."""
    document = corpus.by_id[passage.document_id]
    headed = passage.text if passage.heading == document.title else f"{passage.heading}: {passage.text}"
    text = neutral(headed, corpus.destination)
    if document.kind is not Kind.COMMENT:
        return text
    role = "the author" if document.by_article_author else "a visitor" if document.visited else "a reader"
    return f"{document.author}, {role}: {text}" if document.author else f"{role}: {text}"


@lru_cache(maxsize=8)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names as a whole word, whatever its case, ø typed as o or ö too."""
    spellings = {*names, *(fold(name) for name in names), *(name.translate(_SWEDISH) for name in names)}
    longest_first = sorted(spellings, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def fold(text: str) -> str:
    """Letters without their marks, as a foreign keyboard types them.

    >>> fold("Røros, Holtålen")
    'Roros, Holtalen'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_NORDIC))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
