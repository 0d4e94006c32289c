"""Scoring a user's own questions: the verdicts, their sums, and the command."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from roros_assistant.assistant import Assistant
from roros_assistant.errors import InputInvalid
from roros_assistant.evaluate import Count, Evaluation, Item, Outcome, Verdict, evaluate, judge
from roros_assistant.types import Answer, Citation, Claim, Corpus, Kind, Passage, Status
from roros_assistant.ui import cli, evaluation


def answer(*quotes: str, status: Status = Status.ANSWERED) -> Answer:
    """An answer that quotes whole documents, named by their place: "0", "1"."""
    passages = [Passage(str(place), 0, len(quote), quote) for place, quote in enumerate(quotes)]
    claims = tuple(Claim(each.text, (each,), 0.5, (place,)) for place, each in enumerate(passages))
    return Answer("Hm?", "Hm?", status, claims, tuple(map(citation, passages)))


def citation(passage: Passage) -> Citation:
    number, kind = int(passage.document_id), Kind.ARTICLE
    return Citation(
        number, passage.document_id, kind, kind, "A", None, None, None, None, False, 0, passage.end, passage.text
    )


REFUSED = answer(status=Status.NOT_IN_SOURCES)


class TestJudge:
    @pytest.mark.parametrize(
        ("item", "given", "verdict"),
        [
            (Item(1, "Hm?", quote="a tram"), answer("No.", "There’s  a\nTRAM."), Verdict.RIGHT),
            (Item(1, "Hm?", quote="there's a tram"), answer("There’s a tram."), Verdict.RIGHT),
            (Item(1, "Hm?", document="1"), answer("No.", "Yes."), Verdict.RIGHT),
            (Item(1, "Hm?", document="0", quote="Yes"), answer("No.", "Yes."), Verdict.WRONG_CITATION),
            (Item(1, "Hm?", quote="Four"), answer("One.", "Two.", "Three.", "Four."), Verdict.WRONG_CITATION),
            (Item(1, "Hm?", quote="a tram"), REFUSED, Verdict.WRONGLY_REFUSED),
            (Item(1, "Hm?"), REFUSED, Verdict.RIGHT),
            (Item(1, "Hm?"), answer("Yes."), Verdict.WRONGLY_ANSWERED),
            (Item(1, "Hm?"), answer(status=Status.TALK), Verdict.WRONGLY_ANSWERED),
        ],
    )
    def test_an_answer_is_compared_with_what_is_expected(self, item: Item, given: Answer, verdict: Verdict) -> None:
        assert judge(item, given) is verdict

    def test_the_sums_are_of_the_questions_they_speak_of(self) -> None:
        verdicts = [
            (Item(1, "a", quote="x"), Verdict.RIGHT),
            (Item(2, "b", quote="x"), Verdict.WRONGLY_REFUSED),
            (Item(3, "c", quote="x"), Verdict.WRONG_CITATION),
            (Item(4, "d"), Verdict.RIGHT),
            (Item(5, "e"), Verdict.WRONGLY_ANSWERED),
        ]
        whole = Evaluation(tuple(Outcome(item, REFUSED, verdict, 2, 1) for item, verdict in verdicts))
        assert whole.as_expected == Count(2, 5)
        assert whole.right_in_three == Count(1, 3)
        assert whole.wrongly_refused == Count(1, 3)
        assert whole.rightly_refused == Count(1, 2)
        assert whole.verbatim == Count(5, 10)

    def test_nothing_has_no_share(self) -> None:
        assert Evaluation(()).as_expected.share is None


LINES = [
    {"id": "founding", "question": "when was the town founded?", "quote": "it was founded in 1644"},
    {"question": "What is Slegghaugan?", "document": "travelsewhere-roros"},
    {"id": 3, "question": "What is the phone number of the pharmacy?", "quote": None},
    {"id": "lost", "question": "when was the town founded?"},
]


def lines(*objects: Any) -> list[bytes]:
    return [json.dumps(each).encode() for each in objects]


def test_the_shipped_sources_are_scored_question_by_question(assistant: Assistant) -> None:
    whole = evaluate(evaluation.read_items(lines(*LINES), assistant.corpus), assistant)
    assert [(each.item.id, each.verdict) for each in whole.outcomes] == [
        ("founding", Verdict.RIGHT),
        ("line 2", Verdict.RIGHT),
        (3, Verdict.RIGHT),
        ("lost", Verdict.WRONGLY_ANSWERED),
    ]
    assert whole.verbatim.share == 1
    assert whole.verbatim.of >= 4
    assert whole.median_seconds > 0


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"quote": "x"}, "line 2: the question is missing"),
        ({"question": "Hm?", "quote": 5}, "line 2: the quote is words"),
        ({"question": "Hm?", "document": " "}, "line 2: the document is words"),
        (
            {"question": "Hm?", "document": "tourism-2015"},
            "no document 'tourism-2015'; the nearest is 'tourism-award-2015'",
        ),
        ({"question": "Hm?", "quote": "founded in 1066"}, "line 2: the quote stands in no source"),
        (
            {"question": "Hm?", "document": "tourism-award-2015", "quote": "founded in 1644"},
            "line 2: the quote is not in 'tourism-award-2015'",
        ),
    ],
)
def test_a_line_that_nothing_can_fulfil_is_named(line: dict[str, Any], fault: str, roros_corpus: Corpus) -> None:
    with pytest.raises(InputInvalid, match=fault):
        evaluation.read_items(lines(LINES[0], line), roros_corpus)


def test_a_file_without_a_question_is_a_fault(roros_corpus: Corpus) -> None:
    with pytest.raises(InputInvalid, match="holds no question"):
        evaluation.read_items([b"\n", b"  "], roros_corpus)


class Done(NamedTuple):
    """What the command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def scored(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], assistant: Assistant, tmp_path: Path
) -> Callable[..., Done]:
    """Run `roros evaluate` in this process on the shared assistant's models and index."""
    for name in [name for name in os.environ if name.upper().startswith("ROROS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(evaluation, "open_assistant", lambda settings, progress: assistant)
    monkeypatch.setattr(Assistant, "close", lambda self: None)

    def run(*words: str, stdin: list[bytes]) -> Done:
        monkeypatch.setattr(sys, "argv", ["roros", "evaluate", *words, "-", "--data", str(tmp_path)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(stdin))))
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int | None)
        told = [line for line in err.splitlines() if not line.startswith("evaluating: ")]  # on a slow machine
        return Done(left.value.code or 0, out, "\n".join(told))

    return run


class TestCommand:
    def test_a_person_gets_the_shares_and_what_failed(self, scored: Callable[..., Done]) -> None:
        done = scored(stdin=lines(LINES[0], LINES[3]))
        assert (done.code, done.err) == (0, "")
        shown = [line.split() for line in done.out.splitlines()]
        assert ["rightly", "refused", "0.0%", "0", "of", "1"] in shown
        assert ["as", "expected", "50.0%", "1", "of", "2"] in shown
        assert "- lost: when was the town founded?\n  answered, and must be refused: “" in done.out
        assert "- founding" not in done.out

    def test_a_program_gets_one_object_and_an_exit_code(self, scored: Callable[..., Done]) -> None:
        done = scored("--json", "--fail-under", "0.6", stdin=lines(LINES[0], LINES[3]))
        numbers = json.loads(done.out)
        assert (done.code, done.err) == (1, "")
        assert numbers["as_expected"] == {"share": 0.5, "count": 1, "of": 2}
        assert [item["verdict"] for item in numbers["items"]] == ["right", "wrongly_answered"]

    def test_a_share_that_is_reached_is_no_failure(self, scored: Callable[..., Done]) -> None:
        assert scored("--fail-under", "1", stdin=lines(LINES[0])).code == 0

    def test_a_bad_line_is_one_line_on_standard_error(self, scored: Callable[..., Done]) -> None:
        done = scored(stdin=[*lines(LINES[0]), b"what"])
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("roros: line 2: not a JSON object")
        assert "\n" not in done.err
