"""An answer without a chat model: whole sentences, few, of every voice, and none where the sources do not say."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant import compose as composing
from roros_assistant.asked import KindAsked, kind_asked
from roros_assistant.compose import Draft, Opinion, Question, compose
from roros_assistant.passages import split
from roros_assistant.types import Balance, Corpus, Destination, Document, Evidence, Hit, Kind, Passage, Stance, Status
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
PRICE = kind_asked("How much is a ticket?")
SEASON = kind_asked("Which season is best?")
# What speaks for a sentence that meets every word of the question.
MEETS_ALL = Evidence(
    answers=5.0,
    answers_around=5.0,
    similarity=0.6,
    coverage=1.0,
    context=1.0,
    lacks_kind=False,
    tells=False,
    extremes=0,
    breadth=0.0,
    aspect=0.0,
    surroundings=0.0,
    rivals=83,
    unmet=0,
)


@pytest.fixture(autouse=True, scope="module")
def plain_odds() -> Iterator[None]:
    """Odds that are the score itself: the weights are fitted anew now and then, what is made of the odds stays."""

    def score(hits: Sequence[Hit], words: int, *, unknown_name: bool) -> float:
        return hits[0].score - 20 * unknown_name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "log_odds", score)
        patch.setattr(composing, "_INTERCEPT", 0.0)
        patch.setattr(composing, "_WEIGHTS", (1.0, 0.0, 0.0, 0.0, 0.0))
        yield


def hit(
    quote: str,
    score: float,
    answers: float = 5.0,
    *,
    lacks_kind: bool = False,
    tells: bool = False,
    breadth: float = 0.0,
) -> Hit:
    evidence = replace(MEETS_ALL, answers=answers, lacks_kind=lacks_kind, tells=tells, breadth=breadth)
    return Hit(PASSAGES[quote], score, evidence)


def ranked(*quotes: str, breadth: float = 0.0) -> list[Hit]:
    """Hits that all belong to the answer, best first."""
    return [hit(quote, 5 - place / 10, breadth=breadth) for place, quote in enumerate(quotes)]


def all_alike(passage: Passage, others: Sequence[Passage]) -> list[float]:
    """One similarity for all, so that the scores alone decide."""
    return [0.6] * len(others)


def written(
    hits: Sequence[Hit],
    kind: KindAsked | None = None,
    unknown_names: tuple[str, ...] = (),
    opinion: Opinion = Opinion.NONE,
) -> Draft:
    return compose(hits, CORPUS, all_alike, Question(kind, words=3, unknown_names=unknown_names, opinion=opinion))


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
        pytest.param([MILL, GEESE, RYE, BOOTS], [MILL, GEESE, RYE, BOOTS], id="best first, whoever says it"),
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


def test_a_refusal_gives_the_two_nearest_that_differ_in_words_and_meaning_and_claims_nothing() -> None:
    near = {FERRY: 0.1, MILL: 0.4, OLD_MILL: 0.5, GEESE: 0.3}
    hits = [
        Hit(
            PASSAGES[quote], -5.0 - place / 10, replace(MEETS_ALL, answers=-5.0, answers_around=-5.0, similarity=cosine)
        )
        for place, (quote, cosine) in enumerate(near.items())
    ]
    assert written(hits) == refusal(OLD_MILL, GEESE)


def test_where_nothing_is_found_nothing_is_near() -> None:
    assert written([]) == refusal()


@pytest.mark.parametrize("kind", [PRICE, SEASON], ids=["price", "season"])
def test_a_lead_without_the_kind_of_thing_asked_for_answers_in_part(kind: KindAsked) -> None:
    with_it, without = (written([hit(MILL, 5.0, lacks_kind=lacks)], kind) for lacks in (False, True))
    assert (with_it.status, quotes(with_it)) == (Status.ANSWERED, [MILL])
    assert (without.status, quotes(without)) == (Status.PARTIAL, [MILL])


def test_a_name_that_no_source_mentions_is_refused_however_well_the_rest_fits() -> None:
    assert written(ranked(MILL, FERRY, GEESE), unknown_names=("Atlantis",)) == refusal(MILL, FERRY)


def test_a_broad_answer_is_longer_and_hears_a_voice_out() -> None:
    narrow, broad = written(ranked(*PASSAGES)), written(ranked(*PASSAGES, breadth=0.6))
    held = [quote for quote in PASSAGES if any(quote in claim for claim in quotes(broad))]
    assert quotes(broad)[0] == quotes(narrow)[0] == MILL
    assert 6 < len(held) <= 10
    voices = Counter(CORPUS.by_id[PASSAGES[quote].document_id].voice for quote in held)
    assert set(voices) == {Kind.ARTICLE, Kind.COMMENT, Kind.OFFICIAL}
    assert max(voices.values()) > 3


def test_what_belongs_to_its_subject_belongs_to_a_broad_answer_however_it_scores() -> None:
    likely = Hit(PASSAGES[CONCERTS], -5.0, replace(MEETS_ALL, breadth=0.6, aspect=0.9, surroundings=0.5))
    assert quotes(written([hit(MILL, 5.0, breadth=0.6), likely])) == [MILL, CONCERTS]
    assert quotes(written([hit(MILL, 5.0, breadth=0.6), hit(CONCERTS, -5.0, breadth=0.6)])) == [MILL]


def test_a_sentence_among_others_of_its_subject_belongs_sooner() -> None:
    alone, among = (
        Hit(PASSAGES[CONCERTS], -2.0, replace(MEETS_ALL, breadth=0.6, aspect=0.2, surroundings=share))
        for share in (0.0, 0.4)
    )
    lead = hit(MILL, 5.0, breadth=0.6)
    assert quotes(written([lead, alone])) == [MILL]
    assert quotes(written([lead, among])) == [MILL, CONCERTS]


def test_a_sentence_that_holds_the_kind_of_thing_asked_for_is_heard_sooner() -> None:
    def heard(*, tells: bool) -> float:
        """The least score with which a second quote is shown."""
        values = [value / 50 for value in range(-200, 100)]
        drafts = [written([hit(MILL, 5.0), hit(FERRY, value, tells=tells)], SEASON) for value in values]
        return next(value for value, draft in zip(values, drafts, strict=True) if len(draft.claims) > 1)

    assert heard(tells=True) < heard(tells=False)


OPINIONS = Corpus(
    Destination(),
    (
        Document("inn", Kind.ARTICLE, "The inn", "The inn is lovely and friendly."),
        Document("inn#1", Kind.COMMENT, "The inn", "The rooms were awful. The beds were dirty.", visited=True),
        Document("inn#2", Kind.COMMENT, "The inn", "We loved the breakfast.", author="Ann", visited=True),
        Document("inn#3", Kind.COMMENT, "The inn", "A wonderful garden!", author="Ann"),
        Document("inn#4", Kind.COMMENT, "The inn", "Would love to stay there."),
        Document("inn#5", Kind.COMMENT, "The inn", "It has nine rooms."),
        Document("inn#6", Kind.COMMENT, "The inn", "Thanks, we love our guests!", by_article_author=True),
    ),
)


def asked_for_opinions(opinion: Opinion, corpus: Corpus = OPINIONS, score: float = 5.0) -> Draft:
    passages = [passage for document in corpus.documents for passage in split(document)]
    hits = [
        Hit(passage, score - place / 10, replace(MEETS_ALL, answers=score)) for place, passage in enumerate(passages)
    ]
    return compose(hits, corpus, all_alike, Question(words=3, opinion=opinion))


def test_readers_are_counted_once_with_their_stance_and_the_articles_author_is_none_of_them() -> None:
    draft = asked_for_opinions(Opinion.OF_ALL)
    assert draft.status is Status.ANSWERED
    assert draft.balance == Balance(
        speaking=3, visitors=2, stances=((Stance.FOR, 1), (Stance.AGAINST, 1), (Stance.HOPE, 1))
    )


def test_of_readers_every_side_is_quoted_before_the_same_side_again_and_other_voices_apart() -> None:
    draft = asked_for_opinions(Opinion.OF_ALL)
    readers = [claim for claim in draft.claims if claim.stance is not None]
    assert [claim.stance for claim in readers[:3]] == [Stance.AGAINST, Stance.FOR, Stance.HOPE]
    assert {claim.text for claim in readers} >= {"The rooms were awful.", "We loved the breakfast."}
    assert "It has nine rooms." not in quotes(draft)
    assert all(
        (OPINIONS.by_id[claim.passages[0].document_id].voice is Kind.COMMENT) == (claim.stance is not None)
        for claim in draft.claims
    )


def test_what_answers_less_likely_than_not_is_shown_as_coming_near() -> None:
    drafts = [written([hit(MILL, score / 4)]) for score in range(-40, 40)]
    statuses = [draft.status for draft in drafts]
    order = [Status.NOT_IN_SOURCES, Status.PARTIAL, Status.ANSWERED]
    assert statuses == sorted(statuses, key=order.index)
    assert set(statuses) == set(order)
    for draft in drafts:
        if draft.claims:
            assert (draft.status is Status.ANSWERED) == ((draft.claims[0].support or 0) >= 0.5)


def test_of_the_whole_place_readers_are_heard_however_little_they_share_with_the_question() -> None:
    heard = asked_for_opinions(Opinion.OF_ALL, score=-9.0)
    assert heard.status is Status.ANSWERED
    assert heard.balance is not None
    assert heard.balance.speaking == 3
    assert asked_for_opinions(Opinion.OF_PART, score=-9.0).status is Status.NOT_IN_SOURCES


def test_where_no_reader_speaks_the_rest_is_an_answer_in_part() -> None:
    silent = replace(OPINIONS, documents=OPINIONS.documents[:1])
    draft = asked_for_opinions(Opinion.OF_PART, silent)
    assert (draft.status, draft.balance) == (Status.PARTIAL, Balance(0, 0, ()))
    assert quotes(draft) == ["The inn is lovely and friendly."]


def test_nobody_is_counted_where_no_opinion_is_asked_for() -> None:
    draft = asked_for_opinions(Opinion.NONE)
    assert draft.balance is None
    assert {claim.stance for claim in draft.claims} == {None}
