"""Settings are few, a misspelt one stops the start, and a flag wins."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from roros_assistant.errors import SettingInvalid
from roros_assistant.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("ROROS_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_the_packages_own_corpus_and_models_on_this_machine_alone() -> None:
    settings = load_settings()
    assert (settings.corpus, settings.embedding_model, settings.reranker_model) == (None, None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.data.is_absolute()


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("ROROS_CORPUS", "town", "corpus", Path("town")),
        ("ROROS_DATA", "/tmp/d", "data", Path("/tmp/d")),
        ("ROROS_HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("ROROS_PORT", "8080", "port", 8080),
        ("ROROS_EMBEDDING_MODEL", "intfloat/e5-small-v2", "embedding_model", "intfloat/e5-small-v2"),
        ("ROROS_RERANKER_MODEL", "some/reranker", "reranker_model", "some/reranker"),
        ("ROROS_PORT", "", "port", 7860),
        ("ROROS_CHAT_MODEL", "openai:gpt-5-mini", "chat_model", "openai:gpt-5-mini"),
        ("ROROS_CHAT_MODEL", "google:gemini-3-flash", "chat_model", "google_genai:gemini-3-flash"),
        ("ROROS_CHAT_MODEL", "Mistral: mistral-small-latest", "chat_model", "mistralai:mistral-small-latest"),
        ("ROROS_CHAT_MODEL", "ollama:qwen3:4b", "chat_model", "ollama:qwen3:4b"),
        ("ROROS_CHAT_MODEL", "gguf:~/model.gguf", "chat_model", f"gguf:{Path.home()}/model.gguf"),
        ("ROROS_CHAT_API_KEY", "sk-1", "chat_api_key", SecretStr("sk-1")),
        ("ROROS_CHAT_TIMEOUT", "12.5", "chat_timeout", 12.5),
    ],
)
def test_a_variable_sets_its_setting_and_an_empty_one_is_none(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(load_settings(), field) == expected


def test_every_setting_has_a_row_above_and_a_description() -> None:
    rows = {"corpus", "data", "host", "port", "embedding_model", "reranker_model"}
    rows |= {"chat_model", "chat_base_url", "chat_api_key", "chat_timeout"}
    assert {name for name, field in Settings.model_fields.items() if field.description} == rows


def test_a_flag_wins_over_a_variable_and_a_flag_not_given_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_PORT", "8080")
    assert load_settings(port=9090).port == 9090
    assert load_settings(port=None).port == 8080


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ROROS_PROT", "80", "ROROS_PROT is not a setting. Did you mean ROROS_PORT?"),
        ("roros_prot", "80", "roros_prot is not a setting. Did you mean ROROS_PORT?"),
        ("ROROS_COLOUR_OF_THE_SKY", "blue", "ROROS_COLOUR_OF_THE_SKY is not a setting. Known: "),
        ("ROROS_PORT", "many", "ROROS_PORT: "),
        ("ROROS_PORT", "65536", "ROROS_PORT: "),
        ("ROROS_PORT", "0", "ROROS_PORT: "),
        ("ROROS_CHAT_MODEL", "gpt-5", "ROROS_CHAT_MODEL: it is PROVIDER:MODEL, such as openai:gpt-5-mini"),
        ("ROROS_CHAT_MODEL", "openai:", "ROROS_CHAT_MODEL: it is PROVIDER:MODEL"),
        ("ROROS_CHAT_MODEL", "cohere:command", "(got 'cohere:command')"),
        ("ROROS_CHAT_MODEL", "gguf:", "gguf:PATH for a file on this machine"),
        ("ROROS_CHAT_TIMEOUT", "0", "ROROS_CHAT_TIMEOUT: "),
        ("ROROS_CHAT_TIMEOUT", "inf", "ROROS_CHAT_TIMEOUT: "),
        ("ROROS_CHAT_TIMEOUT", "nan", "ROROS_CHAT_TIMEOUT: "),
        ("ROROS_CHAT_URL", "http://localhost", "ROROS_CHAT_URL is not a setting. Did you mean ROROS_CHAT_BASE_URL?"),
        ("ROROS_CHAT_BASE_URL", "http://localhost:8000/v1", "set ROROS_CHAT_MODEL to openai:MODEL, say"),
    ],
)
def test_a_misspelt_name_or_a_wrong_value_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalid) as refused:
        load_settings()
    assert message in str(refused.value)


def test_a_wrong_flag_is_named_as_the_flag() -> None:
    with pytest.raises(SettingInvalid, match=r"--port: .*\(got 70000\)"):
        load_settings(port=70000)


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 80


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_DATA", "~/somewhere")
    assert load_settings().data == Path.home() / "somewhere"


def test_a_server_of_ones_own_is_an_address_with_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_CHAT_MODEL", "openai:m")
    monkeypatch.setenv("ROROS_CHAT_BASE_URL", " http://localhost:8000/v1/ ")
    assert load_settings().chat_base_url == "http://localhost:8000/v1"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("localhost:8000", "it is a web address"),
        ("ftp://example.org", "it is a web address"),
        ("http://", "it is a web address"),
        ("http://[::1", "it is a web address"),
        ("https://user:sk-secret@example.org/v1", "put it into ROROS_CHAT_API_KEY"),
        ("https://example.org/v1?key=sk-secret", "put it into ROROS_CHAT_API_KEY"),
    ],
)
def test_a_wrong_address_is_told_without_the_secret_it_may_hold(
    monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("ROROS_CHAT_MODEL", "openai:m")
    monkeypatch.setenv("ROROS_CHAT_BASE_URL", address)
    with pytest.raises(SettingInvalid, match="ROROS_CHAT_BASE_URL") as refused:
        load_settings()
    assert words in str(refused.value)
    assert "sk-secret" not in str(refused.value)


def test_a_file_has_no_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_CHAT_MODEL", "gguf:model.gguf")
    monkeypatch.setenv("ROROS_CHAT_BASE_URL", "http://localhost:8000/v1")
    with pytest.raises(SettingInvalid, match="it needs a model on that server"):
        load_settings()


def test_a_wrong_model_is_told_rather_than_the_address_that_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROROS_CHAT_MODEL", "gpt")
    monkeypatch.setenv("ROROS_CHAT_BASE_URL", "http://localhost:8000/v1")
    with pytest.raises(SettingInvalid, match="ROROS_CHAT_MODEL"):
        load_settings()


def test_the_key_is_never_printed() -> None:
    settings = load_settings(chat_model="openai:m", chat_api_key="sk-secret")
    assert "sk-secret" not in f"{settings!r} {settings} {settings.model_dump()}"


@pytest.mark.parametrize(
    ("environment", "receiver"),
    [
        ({}, None),
        ({"ROROS_CHAT_MODEL": "gguf:/models/small.gguf"}, None),
        ({"ROROS_CHAT_MODEL": "ollama:qwen3:4b"}, None),
        ({"ROROS_CHAT_MODEL": "ollama:qwen3:4b", "OLLAMA_HOST": "gpu.example:11434"}, "gpu.example"),
        ({"ROROS_CHAT_MODEL": "openai:m", "ROROS_CHAT_BASE_URL": "http://localhost:8000/v1"}, None),
        ({"ROROS_CHAT_MODEL": "openai:m", "ROROS_CHAT_BASE_URL": "https://llm.example/v1"}, "llm.example"),
        ({"ROROS_CHAT_MODEL": "openai:m", "OPENAI_BASE_URL": "https://proxy.example/v1"}, "proxy.example"),
        ({"ROROS_CHAT_MODEL": "mistral:small"}, "mistralai’s server"),
    ],
)
def test_who_gets_the_questions_is_told_before_any_are_sent(
    environment: dict[str, str], receiver: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings().chat_receiver == receiver


def test_a_model_is_called_by_its_name_and_a_file_by_no_path() -> None:
    names = [
        load_settings(chat_model=model).chat_name for model in (None, "ollama:qwen3:4b", "gguf:/models/small.gguf")
    ]
    assert names == [None, "qwen3:4b", "small.gguf"]
