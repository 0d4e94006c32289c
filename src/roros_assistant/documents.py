"""A corpus folder -> a Corpus: NAME.md, its NAME.comments.yaml, corpus.yaml; each fault with file and line."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

import yaml

from roros_assistant.errors import CorpusInvalid
from roros_assistant.types import Corpus, Destination, Document, Kind

_COMMENTS = ".comments.yaml"
_PAGE_FIELDS = {"title", "kind", "url", "author", "published", "as_of", "language", "licence", "aliases"}
_COMMENT_FIELDS = {"id", "text", "author", "published", "reply_to", "visited", "role", "as_of", "language"}
_CORPUS_FIELDS = {"name", "aliases", "stand_in", "official_site", "contact", "emergency", "examples"}
_FENCE = "---"


def corpus_folder(chosen: Path | None) -> Path:
    """The folder that was chosen, or the package's own."""
    return default_corpus_folder() if chosen is None else chosen


def default_corpus_folder() -> Path:
    """The folder of sources that the package ships."""
    return Path(str(files("roros_assistant.corpus")))


def read_corpus(folder: Path) -> Corpus:
    """Read every source of a corpus folder, in the order of the file names.

    Raises:
        CorpusInvalid: the folder or one of its files is malformed.
    """
    if not folder.is_dir():
        raise CorpusInvalid(folder, None, "no such folder; name a folder of sources with --corpus DIR")
    documents: dict[str, Document] = {}
    pages = sorted(folder.glob("*.md"))
    for file in pages:
        page = _read_page(file)
        thread = file.with_name(file.stem + _COMMENTS)
        read = {page.id: page} | (_read_comments(thread, page) if thread.exists() else {})
        if taken := read.keys() & documents.keys():
            raise CorpusInvalid(file, None, f"another file gives the id {min(taken)!r} too; rename one of them")
        documents.update(read)
    for orphan in sorted(folder.glob("*" + _COMMENTS)):
        if f"{orphan.name.removesuffix(_COMMENTS)}.md" not in {page.name for page in pages}:
            raise CorpusInvalid(orphan, None, "comments need the page they stand under: no .md file of that name")
    if not documents:
        raise CorpusInvalid(folder, None, "no sources; a source is a NAME.md file with YAML front matter")
    about = folder / "corpus.yaml"
    destination = _read_destination(about) if about.exists() else Destination()
    return Corpus(destination, tuple(documents.values()))


def fingerprint(corpus: Corpus) -> str:
    """A hash of everything the sources say: the same words, the same fingerprint."""
    content = [asdict(document) for document in corpus.documents]
    whole = json.dumps([content, asdict(corpus.destination)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _read_page(file: Path) -> Document:
    lines = _read_text(file).split("\n")
    if lines[0].strip() != _FENCE:
        raise CorpusInvalid(file, 1, "a source starts with YAML front matter between two lines of ---")
    try:
        closing = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
    except StopIteration:
        raise CorpusInvalid(file, 1, "the front matter has no closing line of ---") from None
    fields = _Fields(file, _parse(file, "\n".join(lines[1:closing]), 2), _PAGE_FIELDS)
    text = _body("\n".join(lines[closing + 1 :]))
    if not any(re.search(r"\w", line) and not line.startswith("#") for line in text.split("\n")):
        raise CorpusInvalid(file, closing + 2, "the text is empty")
    kind = fields.text("kind", required=True)
    if kind not in (Kind.ARTICLE, Kind.OFFICIAL, Kind.COMMENT):
        fields.fail("kind", f"unknown kind {kind!r}; known: {', '.join(Kind)}")
    return Document(
        id=unicodedata.normalize("NFC", file.stem),
        kind=Kind(kind),
        title=fields.text("title", required=True) or "",
        text=text,
        author=fields.text("author"),
        url=fields.url("url"),
        published=fields.text("published"),
        as_of=fields.text("as_of"),
        language=fields.text("language") or "en",
        licence=fields.text("licence"),
        aliases=fields.texts("aliases"),
    )


def _read_comments(file: Path, page: Document) -> dict[str, Document]:
    root = _parse(file, _read_text(file), 1)
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return {}
    if not isinstance(root, yaml.SequenceNode):
        raise CorpusInvalid(file, 1, "comments are a list of {id, text}")
    comments: dict[str, Document] = {}
    lines: dict[str, int] = {}
    for node in root.value:
        fields = _Fields(file, node, _COMMENT_FIELDS)
        comment = _comment(fields, page)
        if comment.id in comments:
            fields.fail("id", f"duplicate id {comment.id!r}, first used in line {lines[comment.id]}")
        comments[comment.id] = comment
        lines[comment.id] = fields.line("reply_to")
    for comment in comments.values():
        seen = {comment.id}
        parent = comment.reply_to
        while parent is not None:
            if parent not in comments or parent in seen:
                problem = "answers itself" if parent in seen else f"answers nobody: no comment {parent!r}"
                raise CorpusInvalid(file, lines[comment.id], f"the reply {comment.id!r} {problem}")
            seen.add(parent)
            parent = comments[parent].reply_to
    return {comment.id: comment for comment in _threaded(comments, None)}


def _comment(fields: "_Fields", page: Document) -> Document:
    text = _body(fields.text("text", required=True) or "")
    if not text:
        fields.fail("text", "the text is empty")
    reply_to = fields.text("reply_to")
    role = fields.text("role")
    if role not in (None, "author"):
        fields.fail("role", f"unknown role {role!r}; known: author")
    return Document(
        id=f"{page.id}#{fields.text('id', required=True)}",
        kind=Kind.COMMENT,
        title=page.title,
        text=text,
        author=fields.text("author"),
        url=page.url,
        published=fields.text("published"),
        as_of=fields.text("as_of"),
        language=fields.text("language") or page.language,
        licence=page.licence,
        reply_to=None if reply_to is None else f"{page.id}#{reply_to}",
        visited=fields.truth("visited"),
        by_article_author=role == "author",
    )


def _threaded(comments: dict[str, Document], parent: str | None) -> Iterator[Document]:
    """Each comment followed by its replies, in file order."""
    for comment in comments.values():
        if comment.reply_to == parent:
            yield comment
            yield from _threaded(comments, comment.id)


def _read_destination(file: Path) -> Destination:
    root = _parse(file, _read_text(file), 1)
    if root is None:
        return Destination()
    fields = _Fields(file, root, _CORPUS_FIELDS)
    destination = Destination(
        name=fields.text("name"),
        aliases=fields.texts("aliases"),
        official_site=fields.url("official_site"),
        contact=", ".join(fields.texts("contact")) or None,
        emergency=fields.pairs("emergency"),
        examples=fields.texts("examples"),
    )
    stand_in = fields.text("stand_in")
    return replace(destination, stand_in=stand_in) if stand_in else destination


class _Fields:
    """One YAML mapping, read field by field, so that each fault knows its line."""

    def __init__(self, file: Path, node: yaml.Node | None, known: set[str]) -> None:
        self._file = file
        if not isinstance(node, yaml.MappingNode):
            raise CorpusInvalid(file, node.start_mark.line + 1 if node else 1, "expected fields, each as name: value")
        self._start = node.start_mark.line + 1
        self._nodes: dict[str, tuple[yaml.Node, int]] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name not in known:
                raise CorpusInvalid(file, line, f"unknown field {name!r}; known: {', '.join(sorted(known))}")
            if name in self._nodes:
                raise CorpusInvalid(file, line, f"the field {name!r} stands twice")
            self._nodes[name] = (value, line)

    def line(self, name: str) -> int:
        return self._nodes[name][1] if name in self._nodes else self._start

    def fail(self, name: str, problem: str) -> NoReturn:
        raise CorpusInvalid(self._file, self.line(name), problem)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A scalar as its words: a number or a date is kept as it was written."""
        if name not in self._nodes:
            value = None
        else:
            node = self._nodes[name][0]
            if not isinstance(node, yaml.ScalarNode):
                self.fail(name, f"{name!r} is one value, not a list or a mapping")
            value = None if node.tag.endswith(":null") else self._whole(name, node.value.strip()) or None
        if required and value is None:
            self.fail(name, f"the field {name!r} is missing or empty")
        return None if value is None else unicodedata.normalize("NFC", value) if name != "text" else value

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(value for _, value in self.pairs(name))

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A scalar, a list or a mapping of scalars, as (label, value); only a mapping has labels."""
        if name not in self._nodes:
            return ()
        node = self._nodes[name][0]
        if isinstance(node, yaml.ScalarNode):
            value = self.text(name)
            return (("", value),) if value else ()
        pairs = node.value if isinstance(node, yaml.MappingNode) else [(None, item) for item in node.value]
        if not all(isinstance(value, yaml.ScalarNode) for _, value in pairs):
            self.fail(name, f"{name!r} is a list or a mapping of single values")
        return tuple(
            (self._whole(name, key.value) if key else "", self._whole(name, value.value)) for key, value in pairs
        )

    def _whole(self, name: str, value: str) -> str:
        """A YAML escape can write half a surrogate pair, which no file and no page can hold."""
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self.fail(name, f"{name!r} holds half a surrogate pair; write the character itself")
        return value

    def truth(self, name: str) -> bool:
        value = self.text(name)
        if value not in (None, "true", "false"):
            self.fail(name, f"{name!r} is true or false, not {value!r}")
        return value == "true"

    def url(self, name: str) -> str | None:
        """Only web addresses: anything else would become a link that runs or leads nowhere."""
        value = self.text(name)
        if value is not None and not re.fullmatch(r"https?://[^\s\"'<>\\]+", value):
            self.fail(name, f"{name!r} is a web address that starts with http:// or https://, not {value!r}")
        return value


def _parse(file: Path, source: str, first_line: int) -> yaml.Node | None:
    """Compose YAML into nodes whose marks count the lines of ``file``."""
    try:
        return yaml.compose("\n" * (first_line - 1) + source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CorpusInvalid(file, mark.line + 1 if mark else first_line, f"bad YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise CorpusInvalid(file, first_line, f"bad YAML: {error}") from None
    except RecursionError:
        raise CorpusInvalid(file, first_line, "bad YAML: nested too deeply") from None


def _read_text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CorpusInvalid(file, None, f"cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorpusInvalid(file, line, "not UTF-8; save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _body(text: str) -> str:
    """The text that offsets count: line feeds alone, outer blank lines removed, every other character kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)
