"""The benchmark's sums, on values made by hand and on two small articles."""

import json
import sys
from pathlib import Path

import pytest
from golden import answerable, load_golden

from roros_assistant.types import Answer, Citation, Claim, Kind, Passage, Status

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from measures import Section, change, interval, value_of
from misspell import misspell
from quality import moved, parse, table
from squad import Asked, Question, curve, measure, metrics, overlap, stratified

QUESTIONS = [item["question"] for item in answerable(load_golden())]
RESULTS = {"squad": Section({"AvNA": {"q1": 1.0, "q2": 0.0}}, {"q1": "Who?"}, "a note")}


class TestMeasures:
    def test_seconds_have_a_median_and_everything_else_a_mean(self) -> None:
        values = {"a": 0.0, "b": 0.0, "c": 3.0}
        assert value_of("share", values) == 1.0
        assert value_of("median seconds", values) == 0.0

    def test_the_interval_is_that_of_a_share(self) -> None:
        low, high = interval("share", {str(number): float(number % 2) for number in range(400)})
        assert low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.01)
        assert high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.01)

    def test_a_change_pairs_the_items_that_both_runs_have(self) -> None:
        before = {"a": 0.0, "b": 1.0, "c": 1.0, "gone": 0.0}
        step = change("share", before, {"a": 1.0, "b": 0.0, "c": 1.0, "new": 1.0})
        assert step is not None
        assert (step.n, step.before, step.after, step.risen, step.fallen) == (3, 2 / 3, 2 / 3, ("a",), ("b",))
        assert step.low < 0 < step.high

    def test_the_same_change_everywhere_is_sure_however_far_the_items_differ(self) -> None:
        before = {str(number): float(number) for number in range(50)}
        step = change("share", before, {item: value + 1 for item, value in before.items()})
        assert step is not None
        assert (step.low, step.high) == pytest.approx((1.0, 1.0))

    def test_runs_with_no_common_item_have_no_change(self) -> None:
        assert change("share", {"a": 1.0}, {"b": 1.0}) is None


class TestReport:
    def test_a_missed_promise_is_called_so(self) -> None:
        _, row, note = table(RESULTS)
        assert row.split() == "squad AvNA 0.500 2 0.000 to 1.000 >= 0.64 MISSED".split()
        assert note == "\na note"

    def test_what_moved_is_shown_with_its_question(self) -> None:
        before = {"squad": {"metrics": {"AvNA": {"q1": 0.0, "q2": 0.0}}}}
        _, row, *details = moved(before, RESULTS)
        assert row.split()[:5] == ["squad", "AvNA", "0.000", "0.500", "2"]
        assert details == ["\nsquad, AvNA, risen: 1", "  q1  Who?"]

    def test_a_section_that_needs_data_asks_for_its_folder(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            parse(["squad"])
        assert "--shared-data DIR" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            parse(["squad", "--shared-data", "nowhere"])
        assert "nowhere/squad2-dev-first8, which is no folder" in capsys.readouterr().err
        assert parse([]).sections == ["roros", "broad", "typing", "dialogues", "elsewhere", "followups", "parts"]


class TestMisspelling:
    def test_a_seed_makes_the_same_errors_and_another_seed_others(self) -> None:
        first, again, other = ([misspell(words, seed) for words in QUESTIONS] for seed in (0, 0, 1))
        assert first == again
        assert first != other

    @pytest.mark.parametrize("seed", range(5))
    def test_every_question_gets_an_error_and_no_more_than_two(self, seed: int) -> None:
        for words in QUESTIONS:
            wrong = misspell(words, seed)
            assert wrong != words
            assert abs(len(wrong) - len(words)) <= 2
            spoilt = set(words.split()) - set(wrong.split())
            assert 1 <= len(spoilt) <= (4 if len(words.split()) >= 9 else 2)  # run together, an error takes two words

    def test_every_kind_of_error_is_made(self) -> None:
        wrong = {misspell("Bålerås vei", seed) for seed in range(300)}
        dropped, doubled, swapped, beside = "Båleås vei", "Båålerås vei", "Båelrås vei", "Nålerås vei"
        assert {"Baleras vei", "Båleråsvei", dropped, doubled, swapped, beside} <= wrong

    def test_what_has_no_word_stays_as_it_is(self) -> None:
        assert misspell("? 5", 0) == "? 5"


def claimed(quote: str, support: float) -> Answer:
    passage = Passage("a", 0, len(quote), quote)
    citation = Citation(1, "a", Kind.ARTICLE, Kind.ARTICLE, "A", None, None, None, None, False, 0, len(quote), quote)
    return Answer("Who?", "Who?", Status.ANSWERED, (Claim(quote, (passage,), support, (1,)),), (citation,))


def asked(id: str, answers: tuple[str, ...], given: Answer, *ranked: int) -> Asked:
    return Asked(Question(id, "Who?", ("a", 1), answers), given, tuple(("a", place) for place in ranked))


class TestSquad:
    KNOWN = asked("known", ("The  Tram",), claimed("it is the tram.", 0.9), 1)
    LATE = asked("late", ("x",), claimed("y", 0.4), 0, 2, 1)
    UNKNOWN = asked("unknown", (), claimed("y", 0.6), 0, 2, 3, 4, 5, 1)
    REFUSED = asked("refused", (), Answer("Who?", "Who?", Status.NOT_IN_SOURCES), 1)
    ALL = (KNOWN, LATE, UNKNOWN, REFUSED)

    def test_the_metrics_are_of_the_questions_they_speak_of(self) -> None:
        measured = metrics(self.ALL)
        del measured["median seconds"]
        assert measured == {
            "paragraph recall@1": {"known": 1, "late": 0},
            "paragraph recall@5": {"known": 1, "late": 1},
            "paragraph recall@1, unanswerable ones too": {"known": 1, "late": 0, "unknown": 0, "refused": 1},
            "paragraph recall@5, unanswerable ones too": {"known": 1, "late": 1, "unknown": 0, "refused": 1},
            "answerable: answer in the reply": {"known": 1, "late": 0},
            "answerable: refused": {"known": 0, "late": 0},
            "answerable: short answer given": {"known": 0, "late": 0},
            "unanswerable: refused": {"unknown": 0, "refused": 1},
            "unanswerable: wrong answers": {"unknown": 1, "refused": 0},
            "AvNA": {"known": 1, "late": 1, "unknown": 0, "refused": 1},
        }

    def test_the_curve_answers_the_surest_first(self) -> None:
        rows = [line.split()[:4] for line in curve(self.ALL).splitlines()[2:]]
        assert rows == [
            ["25.0%", "50.0%", "0.0%", "0.750"],
            ["50.0%", "50.0%", "50.0%", "0.500"],
            ["75.0%", "100.0%", "50.0%", "0.750"],
            ["100.0%", "100.0%", "100.0%", "0.500"],
        ]

    @pytest.mark.parametrize(
        ("text", "accepted", "expected"),
        [
            ("the tram", ["A Tram!"], 1.0),
            ("a red tram", ["tram"], 2 / 3),
            ("bus", ["tram", "bus"], 1.0),
            ("x", ["y"], 0),
        ],
    )
    def test_a_short_answer_is_compared_word_by_word(self, text: str, accepted: list[str], expected: float) -> None:
        assert overlap(text, accepted) == pytest.approx(expected)

    def test_a_smaller_sample_is_part_of_a_larger_one_and_keeps_the_shares(self) -> None:
        questions = [Question(str(n), "?", ("a", 0), ("x",) if n % 4 else ()) for n in range(400)]
        small, large = stratified(questions, 40, 1), stratified(questions, 200, 1)
        assert set(small) < set(large)
        assert sum(not question.answers for question in small) == 10
        assert stratified(questions, 40, 1) == small != stratified(questions, 40, 2)

    def test_articles_are_asked_as_a_corpus(self, tmp_path: Path) -> None:
        """The tram is in the second paragraph of the second article; nothing is said of a king."""
        tram = {"id": "tram", "question": "What colour is the tram of Lindvik?", "is_impossible": False}
        tram["answers"] = [{"text": "bright green"}]
        king = {"id": "king", "question": "Who taught the king to ski?", "is_impossible": True, "answers": []}
        king["plausible_answers"] = [{"text": "red"}]
        paragraphs = [
            {"context": "Lindvik lies by a fjord.", "qas": []},
            {"context": "Its old tram\nis bright green. It runs in summer.", "qas": [tram]},
        ]
        articles = [
            {"title": "The_ferry", "paragraphs": [{"context": "The ferry is red.", "qas": [king]}]},
            {"title": "Lindvik: a town", "paragraphs": paragraphs},
        ]
        (tmp_path / "dev.json").write_text(json.dumps({"data": articles}), encoding="utf-8")
        told: list[tuple[str, int, int]] = []
        section = measure(tmp_path, 2, 0, tmp_path / "work", lambda *step: told.append(step))
        assert section.metrics["paragraph recall@1"] == {"tram": 1.0}
        assert section.metrics["unanswerable: wrong answers"].keys() == {"king"}
        assert section.metrics["AvNA"].keys() == {"tram", "king"}
        assert section.questions["tram"] == "What colour is the tram of Lindvik?"
        assert told[-1] == ("squad", 2, 2)
