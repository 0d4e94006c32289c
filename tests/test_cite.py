"""Citations are numbered as on a printed page, and each points at exactly the words that it shows."""

from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.cite import cite
from roros_assistant.passages import split
from roros_assistant.types import Citation, Claim, Corpus, Destination, Document, Kind, Passage

MILL = Document(
    "mill",
    Kind.ARTICLE,
    "The mill",
    "The mill is old. It grinds rye.",
    author="Anna Berg",
    url="https://mill.example/",
    published="2015-04-02",
    as_of="spring 2014",
)
REPLY = Document(
    "mill#1-reply", Kind.COMMENT, "The mill", "Rye, and oats.", reply_to="mill#1", visited=True, by_article_author=True
)
OLD, RYE = split(MILL)
(OATS,) = split(REPLY)

PIECES = st.sampled_from(["One. ", "Two! ", "- item\n", "# Head\n", "\n\n", "St. Olav ", "Røros? ", "e\u0301 ", "🙂 "])
TEXTS = st.lists(PIECES | st.text(max_size=12), min_size=1, max_size=12).map("".join).map(lambda text: text.strip("\n"))


@st.composite
def claims_and_corpora(draw: st.DrawFn) -> tuple[list[Claim], Corpus]:
    """Documents of any text and voice, and claims that quote any of their passages, again and again too."""
    texts = draw(st.lists(TEXTS.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
    documents = tuple(
        Document(f"page-{number}", draw(st.sampled_from(Kind)), "A page", text) for number, text in enumerate(texts)
    )
    passages = [passage for document in documents for passage in split(document)]
    quoted = st.lists(st.sampled_from(passages), min_size=1, max_size=3) if passages else st.nothing()
    groups = draw(st.lists(quoted, max_size=6)) if passages else []
    return [Claim(group[0].text, tuple(group)) for group in groups], Corpus(Destination(), documents)


def test_passages_are_numbered_in_the_order_of_their_first_use_and_keep_their_number() -> None:
    claims = [Claim("Rye.", (RYE, OATS)), Claim("Old.", (OLD,)), Claim("Rye again.", (OATS, RYE))]
    numbered, citations = cite(claims, Corpus(Destination(), (MILL, REPLY)))
    assert [claim.citations for claim in numbered] == [(1, 2), (3,), (2, 1)]
    assert [(citation.number, citation.quote) for citation in citations] == [
        (1, "It grinds rye."),
        (2, "Rye, and oats."),
        (3, "The mill is old."),
    ]


def test_a_citation_says_what_its_document_says_of_itself() -> None:
    _, citations = cite([Claim(OLD.text, (OLD,)), Claim(OATS.text, (OATS,))], Corpus(Destination(), (MILL, REPLY)))
    assert citations == (
        Citation(
            number=1,
            document_id="mill",
            kind=Kind.ARTICLE,
            voice=Kind.ARTICLE,
            title="The mill",
            author="Anna Berg",
            published="2015-04-02",
            as_of="spring 2014",
            url="https://mill.example/",
            visited=False,
            start=0,
            end=16,
            quote="The mill is old.",
        ),
        Citation(
            number=2,
            document_id="mill#1-reply",
            kind=Kind.COMMENT,
            voice=Kind.ARTICLE,  # a reply by the article's author
            title="The mill",
            author=None,
            published=None,
            as_of=None,
            url=None,
            visited=True,
            start=0,
            end=14,
            quote="Rye, and oats.",
        ),
    )


def test_nothing_claimed_is_nothing_cited() -> None:
    assert cite([], Corpus(Destination(), (MILL,))) == ((), ())


@given(claims_and_corpora())
def test_of_any_documents_every_citation_is_a_span_and_every_claim_keeps_its_own(
    drawn: tuple[list[Claim], Corpus],
) -> None:
    claims, corpus = drawn
    numbered, citations = cite(claims, corpus)
    shown = {item.number: Passage(item.document_id, item.start, item.end, item.quote) for item in citations}
    assert all(corpus.by_id[item.document_id].text[item.start : item.end] == item.quote for item in citations)
    assert list(shown) == list(range(1, len(citations) + 1))
    assert len({passage.id for passage in shown.values()}) == len(citations)
    for claim, before in zip(numbered, claims, strict=True):
        assert [shown[number].id for number in claim.citations] == [passage.id for passage in before.passages]
