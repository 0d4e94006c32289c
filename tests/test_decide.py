"""Whether the sources answer at all: what speaks for it raises the odds, what speaks against it lowers them."""

from dataclasses import replace
from typing import Any

import pytest

from roros_assistant.asked import KindAsked, kind_asked
from roros_assistant.decide import log_odds, probability, refused_below, signs
from roros_assistant.types import Evidence, Hit, Passage

PRICE = kind_asked("How much is a ticket?")
SEASON = kind_asked("Which season is best?")
HALF = Evidence(
    reading=0.0,
    similarity=0.5,
    coverage=0.5,
    context=0.5,
    least=0.5,
    context_least=0.5,
    missing=0.5,
    lacks_kind=False,
    tells=False,
    contrary=False,
    extremes=0,
    breadth=0.0,
    aspect=0.0,
    nearer=0.0,
    rivals=83,
    unmet=0,
)


def hit(evidence: Evidence = HALF, score: float = 0.0, place: int = 0) -> Hit:
    text = "The ferry takes two hours."
    return Hit(Passage("page", 100 * place, 100 * place + len(text), text), score, evidence)


def odds(evidence: Evidence = HALF, score: float = 0.0) -> float:
    return log_odds([hit(evidence, score), hit(place=1), hit(place=2)], None, 3, unknown_name=False)


def test_the_better_a_lead_is_read_and_meets_the_question_the_higher_the_odds() -> None:
    well = replace(HALF, reading=6.0, similarity=0.8, coverage=1.0, least=1.0, context_least=1.0, missing=0.0)
    badly = replace(HALF, reading=-9.0, similarity=0.1, coverage=0.1, least=0.0, context_least=0.0, missing=1.0)
    assert odds(well, 4.0) > odds() > odds(badly, -5.0)


def test_a_question_that_many_sentences_answer_needs_no_one_sentence_that_meets_it_whole() -> None:
    assert odds(replace(HALF, breadth=0.7)) > odds()


@pytest.mark.parametrize(
    "against",
    [{"contrary": True}, {"extremes": 1}, {"unmet": 1}],
    ids=lambda against: next(iter(against)),
)
def test_what_speaks_against_the_lead_lowers_the_odds(against: dict[str, Any]) -> None:
    assert odds(replace(HALF, **against)) < odds()


def test_more_that_the_question_names_and_the_lead_does_not_lowers_them_further() -> None:
    assert odds(replace(HALF, unmet=2)) < odds(replace(HALF, unmet=1))


@pytest.mark.parametrize("kind", [PRICE, SEASON], ids=["price", "season"])
def test_a_lead_without_the_kind_of_thing_asked_for_lowers_the_odds(kind: KindAsked) -> None:
    there, lacking = (
        log_odds([hit(replace(HALF, lacks_kind=lacks))], kind, 3, unknown_name=False) for lacks in (False, True)
    )
    assert lacking < there


def test_a_price_that_is_not_there_lowers_them_more_than_a_season_that_is_not_there() -> None:
    lacking = [hit(replace(HALF, lacks_kind=True))]
    price, season = (log_odds(lacking, kind, 3, unknown_name=False) for kind in (PRICE, SEASON))
    assert price < season


def test_a_name_that_no_source_mentions_refuses_the_best_of_leads() -> None:
    best = replace(HALF, reading=8.0, least=1.0, context_least=1.0, missing=0.0)
    hits = [hit(best, 5.0, place) for place in range(3)]
    known, unknown = (probability(log_odds(hits, None, 3, unknown_name=named)) for named in (False, True))
    assert unknown < 0.5 < known


def test_the_lead_alone_is_weighed_where_there_is_no_other() -> None:
    assert signs([hit(score=2.0)], None, 3)[:3] == (2.0, 2.0, 0.0)


def test_the_three_best_count_and_no_more() -> None:
    hits = [hit(score=3.0 - place, place=place) for place in range(3)]
    worse = [*hits, hit(replace(HALF, reading=-9.0), -9.0, 3)]
    assert signs(worse, None, 3) == signs(hits, None, 3)
    assert signs(hits, None, 3) != signs(hits[:2], None, 3)


def test_the_highest_readings_count_wherever_they_stand() -> None:
    others = [hit(place=place) for place in range(1, 5)]
    high = hit(replace(HALF, reading=6.0), -1.0, 5)
    assert signs([hit(), *others, high], None, 3)[2] == pytest.approx(2.0)


def test_among_more_passages_it_takes_more_to_answer() -> None:
    few, more, many, most = (refused_below([hit(replace(HALF, rivals=count))]) for count in (10, 300, 2_000, 20_000))
    assert few < more < many == most
    assert few == refused_below([hit()])


def test_a_hit_without_evidence_decides_nothing() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        signs([Hit(hit().passage, 1.0)], None, 3)


def test_odds_are_turned_into_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert probability(2.0) == pytest.approx(1 - probability(-2.0))
    assert 0 < probability(-30.0) < probability(30.0) < 1
