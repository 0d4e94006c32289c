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
Asked = list[tuple[Golden, Answer]]
# The promises: 85 % right, 73 % refused, at most 8 % refused wrongly. The 230 questions of before were held at 90, 85
# and 8; the 151 that joined them are harder, half of the unanswerable ones near misses. int8 scores differ a little
# between processors, so one question of each hundred may fall on the other side.
TOLERANCE = 0.01


@pytest.fixture(scope="module")
def asked(assistant: Assistant) -> Asked:
    """Every question with its answer, two at a time: an answer takes one thread, and travellers share an assistant."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(
            zip(GOLDEN, pool.map(lambda item: assistant.ask(item["question"], _history(item)), GOLDEN), strict=True)
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


def test_a_right_citation_is_among_the_first_three(asked: Asked) -> None:
    assert _share(asked, answerable(GOLDEN), right_in_three) >= 0.85 - TOLERANCE


def test_what_the_sources_do_not_say_is_refused(asked: Asked) -> None:
    assert _share(asked, unanswerable(GOLDEN), lambda answer, _: refused(answer)) >= 0.73 - TOLERANCE


def test_what_the_sources_say_is_seldom_refused(asked: Asked) -> None:
    assert _share(asked, answerable(GOLDEN), lambda answer, _: refused(answer)) <= 0.08 + TOLERANCE


@pytest.mark.parametrize("status", ["not_understood", "talk"])
def test_other_languages_and_small_talk_are_told_apart(status: str, asked: Asked) -> None:
    meant = [item["id"] for item in GOLDEN if item["status"] == [status]]
    wrong = [item["question"] for item, answer in asked if (item["id"] in meant) != (answer.status == status)]
    assert len(wrong) <= 2  # of all the golden questions


SEASON = [item for item in GOLDEN if item["kind"] == "broad" and item["id"].startswith("broad-season")]


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
