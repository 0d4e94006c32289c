"""Whether the sources answer at all: what speaks for it raises the odds, what speaks against it lowers them."""

from dataclasses import replace
from typing import Any

import pytest

from roros_assistant.decide import log_odds, probability, signs
from roros_assistant.types import Evidence, Hit, Passage

HALF = Evidence(
    answers=0.0,
    answers_around=0.0,
    similarity=0.5,
    coverage=0.5,
    context=0.5,
    lacks_kind=False,
    tells=False,
    extremes=0,
    breadth=0.0,
    aspect=0.0,
    surroundings=0.0,
    rivals=83,
    unmet=0,
)


def hit(evidence: Evidence = HALF, score: float = 0.0, place: int = 0) -> Hit:
    text = "The ferry takes two hours."
    return Hit(Passage("page", 100 * place, 100 * place + len(text), text), score, evidence)


def odds(evidence: Evidence = HALF, score: float = 0.0) -> float:
    return log_odds([hit(evidence, score), hit(place=1), hit(place=2)], 3, unknown_name=False)


def test_the_better_a_lead_is_read_and_meets_the_question_the_higher_the_odds() -> None:
    well = replace(HALF, answers=4.0, answers_around=4.0)
    badly = replace(HALF, answers=-4.0, answers_around=-4.0)
    assert odds(well, 4.0) > odds() > odds(badly, -5.0)


def test_a_question_that_many_sentences_answer_needs_no_one_sentence_that_meets_it_whole() -> None:
    assert odds(replace(HALF, breadth=0.7)) > odds()


@pytest.mark.parametrize(
    "against",
    [{"lacks_kind": True}, {"extremes": 1}, {"unmet": 1}],
    ids=lambda against: next(iter(against)),
)
def test_what_speaks_against_the_lead_lowers_the_odds(against: dict[str, Any]) -> None:
    assert odds(replace(HALF, **against)) < odds()


def test_more_that_the_question_names_and_the_lead_does_not_lowers_them_further() -> None:
    assert odds(replace(HALF, unmet=2)) < odds(replace(HALF, unmet=1))


def test_a_name_that_no_source_mentions_refuses_the_best_of_leads() -> None:
    best = replace(HALF, answers=5.0, answers_around=5.0)
    hits = [hit(best, 5.0, place) for place in range(3)]
    known, unknown = (probability(log_odds(hits, 3, unknown_name=named)) for named in (False, True))
    assert unknown < 0.5 < known


def test_the_lead_alone_is_weighed_where_there_is_no_other() -> None:
    assert signs([hit(score=2.0)], 3)[0] == 2.0


def test_the_three_best_count_and_no_more() -> None:
    hits = [hit(score=3.0 - place, place=place) for place in range(3)]
    worse = [*hits, hit(replace(HALF, answers=-9.0), -9.0, 3)]
    assert signs(worse, 3) == signs(hits, 3)
    assert signs(hits, 3) != signs(hits[:2], 3)


def test_any_of_the_three_best_may_hold_the_answer() -> None:
    holding = replace(HALF, answers=4.0)
    none, second, fourth = (
        log_odds([hit(holding if place == held else HALF, place=place) for place in range(4)], 3, unknown_name=False)
        for held in (None, 1, 3)
    )
    assert second > none == fourth


def test_among_more_passages_it_takes_more_to_answer() -> None:
    few, more, many, most = (
        log_odds([hit(replace(HALF, rivals=count))], 3, unknown_name=False) for count in (10, 300, 2_000, 20_000)
    )
    assert few > more > many == most


@pytest.mark.parametrize("sign", ["answers", "answers_around"])
def test_what_the_reader_says_counts(sign: str) -> None:
    no, yes = (
        log_odds([hit(replace(HALF, **{sign: value}))], 3, unknown_name=False)  # type: ignore[arg-type]
        for value in (-4.0, 4.0)
    )
    assert yes > no + 1


def test_a_hit_without_evidence_decides_nothing() -> None:
    with pytest.raises(ValueError, match="no evidence"):
        signs([Hit(hit().passage, 1.0)], 3)


def test_odds_are_turned_into_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert probability(2.0) == pytest.approx(1 - probability(-2.0))
    assert 0 < probability(-30.0) < probability(30.0) < 1
