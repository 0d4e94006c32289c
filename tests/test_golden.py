"""What travellers get: the golden questions through the whole pipeline, on the real models."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from golden import Golden, answerable, load_golden, refused, right_in_three, unanswerable

from roros_assistant.assistant import Assistant
from roros_assistant.compose import is_broad
from roros_assistant.present import as_json, from_json
from roros_assistant.types import Answer, Kind, Status, Turn

GOLDEN = load_golden()
SEASON = [item for item in GOLDEN if item["kind"] == "broad" and item["id"].startswith("broad-season")]
# Every second question, for the quick tests; the slow one asks all.
HALF = [item for item in GOLDEN if item["split"] == "test"]
Asked = list[tuple[Golden, Answer]]
# Of that half .873 of 110 are right, .850 of 60 rightly refused, .055 of 110 wrongly.
HALF_RIGHT, HALF_REFUSED, HALF_LOST = 0.86, 0.83, 0.07
# int8 scores differ a little between processors, so one question of each hundred may fall on the other side.
TOLERANCE = 0.01


@pytest.fixture(scope="module")
def asked(assistant: Assistant) -> Asked:
    return ask_all(assistant, [*HALF, *(item for item in SEASON if item not in HALF)])


def ask_all(assistant: Assistant, golden: list[Golden]) -> Asked:
    """Every question with its answer, two at a time: travellers share an assistant."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(
            zip(golden, pool.map(lambda item: assistant.ask(item["question"], _history(item)), golden), strict=True)
        )


def _history(item: Golden) -> list[Turn]:
    return [Turn(turn["role"], turn["content"]) for turn in item.get("history", [])]


def _share(asked: Asked, which: list[Golden], holds: Callable[[Answer, Golden], bool]) -> float:
    wanted = {item["id"] for item in which}
    verdicts = [holds(answer, item) for item, answer in asked if item["id"] in wanted]
    return sum(verdicts) / len(verdicts)


def test_every_quote_of_every_answer_is_verbatim(asked: Asked, assistant: Assistant) -> None:
    for _, answer in asked:
        for citation in (*answer.citations, *answer.nearest):
            text = assistant.corpus.by_id[citation.document_id].text
            assert text[citation.start : citation.end] == citation.quote


def rates(asked: Asked) -> tuple[float, float, float]:
    """Right citations among the first three, unanswerable questions refused, answerable ones refused."""
    return (
        _share(asked, answerable(GOLDEN), right_in_three),
        _share(asked, unanswerable(GOLDEN), lambda answer, _: refused(answer)),
        _share(asked, answerable(GOLDEN), lambda answer, _: refused(answer)),
    )


def test_of_every_second_question_as_many_are_answered_right_as_were(asked: Asked) -> None:
    right, rightly, wrongly = rates(asked)
    assert right >= HALF_RIGHT - TOLERANCE
    assert rightly >= HALF_REFUSED - TOLERANCE
    assert wrongly <= HALF_LOST + TOLERANCE


@pytest.mark.slow
def test_of_all_questions_the_promised_share_is_right(assistant: Assistant) -> None:
    """88 % right, 85 % refused, at most 6 % refused wrongly.

    The 230 questions of before were held at 90, 85 and 8; the 151 that joined them are harder, half of the unanswerable
    ones near misses.
    """
    right, rightly, wrongly = rates(ask_all(assistant, GOLDEN))
    assert right >= 0.88 - TOLERANCE
    assert rightly >= 0.85 - TOLERANCE
    assert wrongly <= 0.06 + TOLERANCE


@pytest.mark.parametrize("status", ["not_understood", "talk"])
def test_other_languages_and_small_talk_are_told_apart(status: str, asked: Asked) -> None:
    meant = [item["id"] for item, _ in asked if item["status"] == [status]]
    wrong = [item["question"] for item, answer in asked if (item["id"] in meant) != (answer.status == status)]
    assert len(wrong) <= 1


@pytest.mark.parametrize("item", SEASON, ids=lambda item: item["id"])
def test_the_best_season_is_told_by_the_article_and_by_readers(item: Golden, asked: Asked) -> None:
    answer = next(answer for other, answer in asked if other["id"] == item["id"])
    belonging = [citation for citation in answer.citations if any(quote in citation.quote for quote in item["belongs"])]
    assert {Kind.ARTICLE, Kind.COMMENT} <= {citation.voice for citation in belonging}


def test_an_answer_fits_a_phone_screen(asked: Asked) -> None:
    quotes = {True: [0], False: [0]}
    for _, answer in asked:
        is_wide = is_broad(answer.retrieved) or answer.balance is not None
        quotes[is_wide].append(len(answer.citations))
    assert max(quotes[False]) <= 6
    assert max(quotes[True]) <= 10  # all that matters of every voice, every side of what readers say


def test_no_refusal_leaves_a_traveller_alone(asked: Asked) -> None:
    for _, answer in asked:
        if answer.status is Status.NOT_IN_SOURCES:
            assert answer.claims == ()
            assert answer.nearest
            assert 2 <= len(answer.suggestions) <= 3
            assert "https://www.roros.no/en/" in answer.notice


def test_every_example_question_is_answered(assistant: Assistant) -> None:
    examples = assistant.corpus.destination.examples
    assert {assistant.ask(example).status for example in examples} == {Status.ANSWERED}


def test_an_answer_survives_its_json(asked: Asked) -> None:
    for _, answer in asked:
        written = as_json(answer)
        assert as_json(from_json(written)) == written


def test_an_answer_grows_claim_by_claim(assistant: Assistant) -> None:
    stages = list(assistant.stream("best season to visit"))
    assert [len(stage.claims) for stage in stages] == [*range(1, len(stages[-1].claims)), len(stages[-1].claims)]
    assert all(stage.claims == stages[-1].claims[: len(stage.claims)] for stage in stages)
