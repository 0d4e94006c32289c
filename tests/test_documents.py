"""A corpus folder is read whole, or refused with the file, the line and the reason."""

from pathlib import Path

import pytest

from roros_assistant.documents import default_corpus_folder, fingerprint, read_corpus
from roros_assistant.errors import CorpusInvalid
from roros_assistant.types import Kind

PAGE = "---\ntitle: A page\nkind: article\n---\nSome words.\n"


def corpus_folder(folder: Path, **files: str) -> Path:
    """Write files; a name's double underscores are its dots: page__comments__yaml."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


class TestTheShippedCorpus:
    corpus = read_corpus(default_corpus_folder())

    def test_its_documents_stand_in_reading_order_each_reply_after_its_parent(self) -> None:
        article = "travelsewhere-roros"
        comments = ["c1", "c2", "c3", "c4", "c4-reply", "c5", "c6", "c7", "c8"]
        assert [document.id for document in self.corpus.documents] == [
            "tourism-award-2015",
            article,
            *(f"{article}#{comment}" for comment in comments),
        ]

    def test_the_authors_reply_speaks_with_the_articles_voice(self) -> None:
        reply = self.corpus.by_id["travelsewhere-roros#c4-reply"]
        assert (reply.kind, reply.voice, reply.reply_to) == (Kind.COMMENT, Kind.ARTICLE, "travelsewhere-roros#c4")

    def test_only_the_first_commenter_says_to_have_been_there(self) -> None:
        assert [page.id for page in self.corpus.documents if page.visited] == ["travelsewhere-roros#c1"]

    def test_every_document_says_what_time_it_speaks_of_or_leaves_it_unknown(self) -> None:
        as_of = {document.id: document.as_of for document in self.corpus.documents if document.kind is not Kind.COMMENT}
        assert as_of == {
            "tourism-award-2015": "award of 2015",
            "travelsewhere-roros": "trip planned in 2014, made in a late March",
        }

    def test_no_text_holds_what_the_page_only_wrapped_around_it(self) -> None:
        words = "\n".join(document.text for document in self.corpus.documents)
        leftovers = ["\u00a0", "9 Comment", " says:", "Comments are closed", "affiliate", "Pin it", "itinerary basket"]
        assert [leftover for leftover in leftovers if leftover in words] == []

    def test_the_destination_is_described_by_data(self) -> None:
        destination = self.corpus.destination
        assert (destination.names, destination.stand_in) == (("Røros", "Roros", "Bergstaden"), "the town")
        assert destination.official_site == "https://www.roros.no/en/"
        assert dict(destination.emergency) == {"medical": "113", "police": "112", "fire": "110"}
        assert "best season to visit" in destination.examples


@pytest.mark.parametrize(
    ("files", "line", "reason"),
    [
        pytest.param({"page__md": "Some words.\n"}, 1, "starts with YAML front matter", id="no front matter"),
        pytest.param({"page__md": "---\ntitle: A\n"}, 1, "no closing line", id="front matter left open"),
        pytest.param({"page__md": "---\ntitle: [\n---\nWords.\n"}, 2, "bad YAML", id="bad YAML"),
        pytest.param({"page__md": "---\n- a\n---\nWords.\n"}, 2, "expected fields", id="a list, not fields"),
        pytest.param({"page__md": "---\nkind: article\n---\nWords.\n"}, 2, "'title' is missing", id="no title"),
        pytest.param({"page__md": "---\ntitle: A\nkind: rumour\n---\nWords.\n"}, 3, "unknown kind", id="unknown kind"),
        pytest.param({"page__md": "---\ntitle: A\ncolour: red\n---\nWords.\n"}, 3, "'colour'", id="unknown field"),
        pytest.param({"page__md": "---\ntitle: A\ntitle: B\n---\nWords.\n"}, 3, "stands twice", id="field twice"),
        pytest.param({"page__md": "---\ntitle: A\nkind: article\n---\n\n \n"}, 5, "text is empty", id="empty text"),
        pytest.param(
            {"page__md": "---\ntitle: A\nkind: article\n---\n# Only\n"}, 5, "text is empty", id="only headings"
        ),
        pytest.param(
            {"page__md": "---\ntitle: A\nkind: article\nurl: javascript:alert(1)\n---\nWords.\n"},
            4,
            "web address",
            id="an address that would run",
        ),
        pytest.param({"page__comments__yaml": "- {id: a, text: Hm}\n"}, None, "no .md file", id="comments of no page"),
        pytest.param({}, None, "no sources", id="empty folder"),
        pytest.param({"page__md": PAGE, "page__comments__yaml": "id: a\n"}, 1, "a list", id="comments not a list"),
        pytest.param({"page__md": PAGE, "page__comments__yaml": "- text: Hm\n"}, 1, "'id'", id="comment without id"),
        pytest.param(
            {"page__md": PAGE, "page__comments__yaml": "- id: a\n  text: ''\n"}, 2, "empty", id="empty comment"
        ),
        pytest.param(
            {"page__md": PAGE, "page__comments__yaml": "- {id: a, text: Hm}\n- {id: a, text: Oh}\n"},
            2,
            "duplicate id",
            id="duplicate id",
        ),
        pytest.param(
            {"page__md": PAGE, "page__comments__yaml": "- id: a\n  text: Hm\n  reply_to: b\n"},
            3,
            "answers nobody",
            id="reply to nobody",
        ),
        pytest.param(
            {
                "page__md": PAGE,
                "page__comments__yaml": "- {id: a, text: Hm, reply_to: b}\n- {id: b, text: Oh, reply_to: a}",
            },
            1,
            "answers itself",
            id="replies in a circle",
        ),
        pytest.param(
            {"page__md": PAGE, "page__comments__yaml": "- {id: a, text: Hm, role: mayor}\n"},
            1,
            "role",
            id="unknown role",
        ),
        pytest.param(
            {"page__md": PAGE, "page__comments__yaml": "- {id: a, text: Hm, visited: perhaps}\n"},
            1,
            "true or false",
            id="visited perhaps",
        ),
        pytest.param({"page__md": PAGE, "corpus__yaml": "nmae: Røros\n"}, 1, "'nmae'", id="misspelt corpus field"),
    ],
)
def test_a_malformed_corpus_is_refused_with_file_line_and_reason(
    tmp_path: Path, files: dict[str, str], line: int | None, reason: str
) -> None:
    with pytest.raises(CorpusInvalid) as refused:
        read_corpus(corpus_folder(tmp_path, **files))
    assert refused.value.line == line
    assert refused.value.file.is_relative_to(tmp_path)
    assert reason in str(refused.value)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(PAGE.encode() + "Røros".encode("latin-1"))
    with pytest.raises(CorpusInvalid, match=r"page\.md, line 6: not UTF-8"):
        read_corpus(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match="no such folder"):
        read_corpus(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("Words.", "Words.", id="as it is"),
        pytest.param("\n\n  Words.  \n\n", "  Words.  ", id="outer blank lines go, spaces stay"),
        pytest.param("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree.", id="every newline becomes one"),
        pytest.param("Cafe\u0301 ☕ Røros", "Cafe\u0301 ☕ Røros", id="letters stay as written"),
        pytest.param("---\nA rule above.", "---\nA rule above.", id="a rule in the text is text"),
    ],
)
def test_the_text_is_the_body_without_outer_blank_lines(tmp_path: Path, body: str, text: str) -> None:
    (tmp_path / "page.md").write_bytes(f"---\ntitle: A\nkind: official\n---\n{body}".encode())
    assert read_corpus(tmp_path).documents[0].text == text


def test_numbers_and_dates_in_front_matter_stay_as_they_were_written(tmp_path: Path) -> None:
    page = "---\ntitle: 1644\nkind: article\npublished: 2014-03\nauthor: null\n---\nWords.\n"
    document = read_corpus(corpus_folder(tmp_path, page__md=page)).documents[0]
    assert (document.title, document.published, document.author) == ("1644", "2014-03", None)


def test_a_comment_carries_its_articles_title_address_and_language(tmp_path: Path) -> None:
    page = "---\ntitle: A page\nkind: article\nurl: https://example.org/a\nlanguage: nb\n---\nOrd.\n"
    folder = corpus_folder(tmp_path, page__md=page, page__comments__yaml="- {id: a, text: Hei}\n")
    comment = read_corpus(folder).by_id["page#a"]
    assert (comment.title, comment.url, comment.language, comment.article_id) == (
        "A page",
        "https://example.org/a",
        "nb",
        "page",
    )


def test_the_fingerprint_changes_with_every_word_and_with_nothing_else(tmp_path: Path) -> None:
    first = fingerprint(read_corpus(corpus_folder(tmp_path, page__md=PAGE)))
    assert fingerprint(read_corpus(tmp_path)) == first
    assert fingerprint(read_corpus(corpus_folder(tmp_path, page__md=PAGE.replace("words", "Words")))) != first
    assert fingerprint(read_corpus(corpus_folder(tmp_path, page__md=PAGE, corpus__yaml="name: Røros\n"))) != first


def test_what_cannot_be_read_is_one_named_fault(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(CorpusInvalid, match=r"folder\.md: cannot be read"):
        read_corpus(tmp_path)


def test_two_files_of_one_id_are_a_fault(tmp_path: Path) -> None:
    page = "---\ntitle: A\nkind: article\n---\nSome words.\n"
    (tmp_path / "a.md").write_text(page, encoding="utf-8")
    (tmp_path / "a.comments.yaml").write_text("- {id: b, text: Nice.}\n", encoding="utf-8")
    (tmp_path / "a#b.md").write_text(page, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="another file gives the id 'a#b'"):
        read_corpus(tmp_path)
