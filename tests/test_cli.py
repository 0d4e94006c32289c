"""The command: what it prints where, what it exits with, and that nothing else reaches its output."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.embed import load_embedder
from roros_assistant.index import sync
from roros_assistant.types import MAX_QUESTION
from roros_assistant.ui import cli

ROROS = [sys.executable, "-c", "from roros_assistant.ui.cli import main; main()"]
COMMANDS = ["ask", "index", "web", "doctor", "evaluate"]


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Roros = Callable[..., Done]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index is built: long work tells of itself on standard error, which tests want empty."""
    folder = tmp_path_factory.mktemp("data")
    sync(read_corpus(default_corpus_folder()), load_embedder(), folder)
    return folder


@pytest.fixture
def roros(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path) -> Roros:
    """Run a command in this process, where the models are loaded once, on a data folder of the tests' own."""
    for name in [name for name in os.environ if name.upper().startswith("ROROS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROROS_DATA", str(data))

    def run(*words: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["roros", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int | None)
        return Done(code or 0, out, err)

    return run


def environment(data: Path) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("ROROS_")}
    return outside | {"ROROS_DATA": str(data)}


class TestHelp:
    @pytest.mark.parametrize("words", [[], ["--help"]])
    def test_it_lists_every_command(self, roros: Roros, words: list[str]) -> None:
        done = roros(*words)
        assert (done.code, done.err) == (0, "")
        listed = done.out.split("Commands:\n")[1].split("\n\n")[0]
        assert [line.split()[0] for line in listed.splitlines()] == [*COMMANDS, "verify"]  # which needs no index

    @pytest.mark.parametrize("command", COMMANDS)
    def test_each_command_explains_itself_and_takes_the_two_folders(self, roros: Roros, command: str) -> None:
        done = roros(command, "--help")
        assert done.code == 0
        assert {"--corpus DIR", "--data DIR"} <= {line[2:14].strip() for line in done.out.splitlines()}

    def test_it_answers_at_once(self, data: Path) -> None:
        """The best of five: another program may hold the processor, an import of torch cannot hide in the best."""
        seconds = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([*ROROS, "--help"], check=True, capture_output=True, env=environment(data))
            seconds.append(time.perf_counter() - started)
        assert min(seconds) < 0.6

    def test_the_version_is_the_packages_own(self, roros: Roros) -> None:
        assert roros("--version") == (0, "roros 0.1.0\n", "")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(
            ["ask", "--josn", "x"], 2, "No such option: --josn (Possible options: --json, --jsonl)", id="option"
        ),
        pytest.param(["bogus"], 2, "No such command 'bogus'. See: roros --help", id="command"),
        pytest.param(["ask"], 2, "no question. Ask one like this: roros ask", id="no question"),
        pytest.param(["ask", " "], 2, "the question is empty", id="empty question"),
        pytest.param(["ask", "--json", ""], 2, "the question is empty", id="empty question for a program"),
        pytest.param(["ask", "x" * (MAX_QUESTION + 1)], 2, "the question has 2,001 characters", id="endless question"),
        pytest.param(["ask", "--jsonl", "a", "b"], 2, "a question or a file of questions, not both", id="both"),
        pytest.param(["ask", "--jsonl", "nowhere"], 2, "nowhere cannot be read: No such file", id="no such file"),
        pytest.param(["ask", "--jsonl", "/"], 2, "/ cannot be read: Is a directory", id="a folder"),
        pytest.param(["ask", "--data"], 2, "Option '--data' requires an argument", id="option without its value"),
        pytest.param(["web", "--port", "many"], 2, "Invalid value for '--port'", id="no number"),
        pytest.param(["web", "--port", "70000"], 2, "--port: Input should be less than or equal to 65535", id="port"),
        pytest.param(["ask", "x", "--corpus", "/nowhere"], 3, "/nowhere: no such folder", id="no such corpus"),
        pytest.param(["index", "--corpus", "/nowhere"], 3, "/nowhere: no such folder", id="no such corpus to index"),
    ],
)
def test_what_a_person_can_repair_is_one_line_on_standard_error(
    roros: Roros, words: list[str], code: int, message: str
) -> None:
    done = roros(*words)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"roros: {message}")
    assert done.err.count("\n") == 1


def test_a_misspelt_setting_stops_every_command(roros: Roros, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_DTAA", "x")
    done = roros("ask", "best season to visit")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("roros: ROROS_DTAA is not a setting. Did you mean ROROS_DATA?")


class TestAsk:
    def test_a_person_gets_the_quotes_and_their_numbered_sources(self, roros: Roros) -> None:
        done = roros("ask", "best season to visit")
        assert (done.code, done.err) == (0, "")
        assert "“" in done.out
        assert "\n[1] " in done.out

    def test_words_need_no_quotation_marks(self, roros: Roros) -> None:
        assert (
            json.loads(roros("ask", "--json", "best", "season", "to", "visit").out)["question"]
            == "best season to visit"
        )

    def test_a_program_gets_one_json_object_and_nothing_else(self, roros: Roros) -> None:
        done = roros("ask", "--json", "best season to visit")
        answer = json.loads(done.out)
        assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
        assert answer["status"] == "answered"
        assert answer["citations"]
        assert "ø" in done.out

    def test_the_quotes_of_the_json_stand_where_they_say(self, roros: Roros) -> None:
        documents = read_corpus(default_corpus_folder()).by_id
        for citation in json.loads(roros("ask", "--json", "Where can I stay?").out)["citations"]:
            text = documents[citation["document"]].text
            assert text[citation["start"] : citation["end"]] == citation["quote"]

    def test_a_file_is_answered_line_by_line_in_order_and_bad_lines_are_told(
        self, roros: Roros, tmp_path: Path
    ) -> None:
        questions = tmp_path / "questions.jsonl"
        questions.write_bytes(b'{"id": "a", "question": "Where can I stay?"}\n\nwhat\n{"id": 2, "question": "hostel"}')
        done = roros("ask", "--jsonl", questions)
        first, bad, last = map(json.loads, done.out.splitlines())
        assert (done.code, done.err) == (0, "")
        assert [first["id"], bad["id"], last["id"]] == ["a", None, 2]
        assert (first["question"], last["question"]) == ("Where can I stay?", "hostel")
        assert set(bad) == {"id", "error"}
        assert bad["error"].startswith("line 3: not a JSON object")

    def test_a_minus_is_standard_input_and_history_is_heard(self, roros: Roros) -> None:
        history = [{"role": "user", "content": "best season to visit"}, {"role": "assistant", "content": "Summer."}]
        line = json.dumps({"question": "And how do I get there?", "history": history}).encode()
        done = roros("ask", "--jsonl", "-", stdin=line)
        answer = json.loads(done.out)
        assert (done.code, answer["id"], answer["question"]) == (0, None, "And how do I get there?")

    def test_half_a_character_in_a_question_breaks_nothing(self, roros: Roros) -> None:
        line = b'{"id": "\\ud83d", "question": "best season \\ud83d"}\n{"id": "b", "question": "hostel"}'
        done = roros("ask", "--jsonl", "-", stdin=line)
        answers = [json.loads(answer) for answer in done.out.splitlines()]
        assert [(answer["id"], answer["question"]) for answer in answers] == [("?", "best season ?"), ("b", "hostel")]


def test_index_tells_what_it_did_and_a_second_time_embeds_nothing(roros: Roros, tmp_path: Path) -> None:
    first = roros("index", "--data", tmp_path)
    again = roros("index", "--data", tmp_path)
    assert (first.code, again.code) == (0, 0)
    assert ", 0 embedded now" not in first.out
    assert ", 0 embedded now" in again.out


def test_a_flag_wins_over_a_setting(roros: Roros, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROROS_CORPUS", "/nowhere")
    (tmp_path / "page.md").write_text("---\ntitle: A\nkind: article\n---\nThe ferry is red.\n", encoding="utf-8")
    done = roros("ask", "--json", "What colour is the ferry?", "--corpus", tmp_path, "--data", tmp_path / "data")
    assert [citation["quote"] for citation in json.loads(done.out)["citations"]] == ["The ferry is red."]


class TestDoctor:
    def test_a_sound_machine_exits_with_zero_and_shows_a_line_a_check(
        self, roros: Roros, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ROROS_PORT", "17861")
        done = roros("doctor")
        assert (done.code, done.err) == (0, "")
        assert all(line.startswith(("ok  ", "warning  ", " ")) for line in done.out.splitlines())

    def test_a_fault_exits_with_one_and_shows_its_remedy(self, roros: Roros) -> None:
        done = roros("doctor", "--corpus", "/nowhere")
        assert done.code == 1
        assert "fault    corpus" in done.out
        assert "-> " in done.out

    def test_a_program_gets_one_json_object(self, roros: Roros) -> None:
        done = roros("doctor", "--json", "--corpus", "/nowhere")
        report = json.loads(done.out)
        assert (done.code, report["sound"]) == (1, False)
        assert {"name", "severity", "message", "remedy"} == set(report["checks"][0])


class TestAsAProcess:
    """What only a process of its own shows: pipes and signals."""

    def start(self, words: Sequence[str], data: Path, **streams: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*ROROS, *words], env=environment(data), **streams)

    def test_each_answer_comes_before_the_next_question_and_ctrl_c_ends_it_with_one_line(self, data: Path) -> None:
        pipe = subprocess.PIPE
        with self.start(["ask", "--jsonl", "-"], data, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            for id in ("a", "b"):
                process.stdin.write(json.dumps({"id": id, "question": "hostel"}).encode() + b"\n")
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["id"] == id
            process.send_signal(signal.SIGINT)
            assert (process.stdout.read(), process.stderr.read()) == (b"", b"roros: stopped\n")
        assert process.returncode == 130

    def test_a_reader_that_stops_listening_ends_it_without_a_word(self, data: Path) -> None:
        lines = b'{"question": "hostel"}\n' * 50
        pipe = subprocess.PIPE
        with self.start(["ask", "--jsonl", "-"], data, stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            process.stdin.write(lines)
            process.stdin.close()
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode != 0

    def test_ctrl_c_does_not_wait_for_models_that_load(self, tmp_path: Path) -> None:
        with self.start(["ask", "hostel"], tmp_path, stderr=subprocess.PIPE) as process:
            while not any(tmp_path.iterdir()):  # then the models load, and the sources wait to be embedded
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            stopped = time.monotonic()
            process.wait(20)
        assert time.monotonic() - stopped < 3  # 0.1; up to 10 when it waited
        assert process.returncode == 130
