"""An answer without a chat model: whole sentences, few, of every voice, and none where the sources do not say."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.asked import KindAsked, kind_asked
from roros_assistant.compose import Draft, compose
from roros_assistant.passages import split
from roros_assistant.types import Corpus, Destination, Document, Evidence, Hit, Kind, Passage, Status
from roros_assistant.verify import is_verbatim

ARTICLE = """The mill stands by the river. It grinds rye in winter.  Bread is sold there on Sundays.

A ferry crosses the lake.

Cabins can be rented from May."""
CORPUS = Corpus(
    Destination(),
    (
        Document("mill", Kind.ARTICLE, "The mill", ARTICLE),
        Document("mill#1", Kind.COMMENT, "The mill", "We swam below a dam. The mill stands by the old river!"),
        Document("mill#2", Kind.COMMENT, "The mill", "Our children loved all these geese.\n\nBring boots."),
        Document("board", Kind.OFFICIAL, "The board", "Concerts are held in July. Skis are lent for free.\n\nAsk us."),
    ),
)
PASSAGES = {passage.text: passage for document in CORPUS.documents for passage in split(document)}
MILL, RYE, BREAD, FERRY, CABINS, SWAM, OLD_MILL, GEESE, BOOTS, CONCERTS, SKIS, ASK = PASSAGES
RYE_AND_BREAD = "It grinds rye in winter.  Bread is sold there on Sundays."
PRICE = kind_asked("How much is a ticket?")  # a sentence without one is no answer
SEASON = kind_asked("Which season is best?")  # a sentence without one still says something


def hit(quote: str, score: float, reading: float = 5.0, *, lacks_kind: bool = False) -> Hit:
    return Hit(PASSAGES[quote], score, Evidence(reading, similarity=0.6, coverage=1.0, lacks_kind=lacks_kind))


def ranked(*quotes: str) -> list[Hit]:
    """Hits that all belong to the answer, best first."""
    return [hit(quote, 5 - place / 10) for place, quote in enumerate(quotes)]


def all_alike(passage: Passage, others: Sequence[Passage]) -> list[float]:
    """One similarity for all, so that the scores alone decide."""
    return [0.6] * len(others)


def written(hits: Sequence[Hit], kind: KindAsked | None = None, unknown_names: Sequence[str] = ()) -> Draft:
    return compose(hits, CORPUS, all_alike, kind=kind, unknown_names=unknown_names)


def quotes(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def refusal(*nearest: str) -> Draft:
    return Draft(Status.NOT_IN_SOURCES, nearest=tuple(PASSAGES[quote] for quote in nearest))


def test_six_quotes_at_most_and_beside_the_best_one_two_of_a_voice() -> None:
    draft = written(ranked(*PASSAGES))
    assert draft.status is Status.ANSWERED
    assert quotes(draft) == [MILL, RYE_AND_BREAD, SWAM, GEESE, CONCERTS]  # two of these sentences are one quote


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([MILL, RYE, BREAD], [MILL, RYE_AND_BREAD], id="adjoining"),
        pytest.param([MILL, BREAD, RYE], [MILL, RYE_AND_BREAD], id="adjoining, the later one better"),
        pytest.param([FERRY, CONCERTS, SKIS], [FERRY, f"{CONCERTS} {SKIS}"], id="adjoining, of another voice"),
        pytest.param([MILL, RYE], [MILL, RYE], id="the best one stands alone"),
        pytest.param([RYE, MILL, BREAD], [RYE, MILL, BREAD], id="the best one lies between"),
        pytest.param([MILL, FERRY, CABINS], [MILL, FERRY, CABINS], id="a paragraph ends between"),
        pytest.param([MILL, GEESE, RYE, BOOTS], [MILL, GEESE, BOOTS, RYE], id="grouped by voice, the best voice first"),
    ],
)
def test_adjoining_sentences_of_one_document_become_one_quote(found: list[str], expected: list[str]) -> None:
    assert quotes(written(ranked(*found))) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([MILL, OLD_MILL], [MILL]),
        ([OLD_MILL, MILL], [OLD_MILL]),
        ([FERRY, MILL, OLD_MILL], [FERRY, MILL]),
        ([FERRY, OLD_MILL, MILL, CABINS], [FERRY, OLD_MILL, CABINS]),
    ],
)
def test_what_says_the_same_is_quoted_once(found: list[str], expected: list[str]) -> None:
    assert quotes(written(ranked(*found))) == expected


def test_what_hardly_answers_is_left_out() -> None:
    assert quotes(written([hit(MILL, 4.0), hit(FERRY, -6.0), hit(CONCERTS, -7.0)])) == [MILL]


@given(st.permutations(list(PASSAGES)), st.lists(st.floats(-3, 6), min_size=len(PASSAGES), max_size=len(PASSAGES)))
def test_any_ranking_makes_an_answer_of_a_few_whole_sentences(found: list[str], scores: list[float]) -> None:
    draft = written([hit(*pair) for pair in zip(found, sorted(scores, reverse=True), strict=True)])
    spans = [passage for claim in draft.claims for passage in claim.passages]
    assert [span.text for span in spans] == quotes(draft)
    assert all(is_verbatim(claim, CORPUS) and 0 <= (claim.support or 0) <= 1 for claim in draft.claims)
    sentences = [
        [item for item in PASSAGES.values() if item.document_id == span.document_id and item.text in span.text]
        for span in spans
    ]
    assert all(
        (items[0].start, items[-1].end) == (span.start, span.end) for items, span in zip(sentences, spans, strict=True)
    )
    voices = Counter(CORPUS.by_id[item.document_id].voice for items in sentences[1:] for item in items)
    assert max(voices.values(), default=0) <= 2
    assert voices.total() <= 5
    assert quotes(draft)[:1] == ([] if draft.status is Status.NOT_IN_SOURCES else found[:1])


def test_a_refusal_gives_the_two_nearest_that_differ_as_they_are_read_and_claims_nothing() -> None:
    hits = [hit(FERRY, -5.0, -9.0), hit(MILL, -5.1, -4.0), hit(OLD_MILL, -5.2, -3.0), hit(GEESE, -5.3, -5.0)]
    assert written(hits) == refusal(OLD_MILL, GEESE)


def test_where_nothing_is_found_nothing_is_near() -> None:
    assert written([]) == refusal()


@pytest.mark.parametrize(
    ("kind", "lacks_kind", "expected"),
    [
        pytest.param(PRICE, True, Status.NOT_IN_SOURCES, id="a price, without which nothing is answered"),
        pytest.param(PRICE, False, Status.ANSWERED, id="a price, and there it is"),
        pytest.param(SEASON, True, Status.PARTIAL, id="a season, without which something is said"),
        pytest.param(SEASON, False, Status.ANSWERED, id="a season, and there it is"),
    ],
)
def test_the_kind_of_thing_asked_for_decides_where_it_must(kind: KindAsked, lacks_kind: bool, expected: Status) -> None:
    draft = written([hit(MILL, 5.0, lacks_kind=lacks_kind)], kind)
    assert (draft.status, quotes(draft)) == (expected, [] if expected is Status.NOT_IN_SOURCES else [MILL])


def test_a_name_that_no_source_mentions_is_refused_however_well_the_rest_fits() -> None:
    assert written(ranked(MILL, FERRY, GEESE), unknown_names=["Atlantis"]) == refusal(MILL, FERRY)
