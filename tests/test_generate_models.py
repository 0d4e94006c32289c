"""settings -> a chat model: which library, which key, whose server; and the pip line where a library is missing."""

import os
import sys
from importlib.metadata import metadata

import pytest
from faults import KEY, PASSAGES, says, serving

from roros_assistant.errors import ModelUnavailable, SettingInvalid
from roros_assistant.generate import open_writer
from roros_assistant.settings import load_settings

LIBRARIES = {
    "openai": ("openai:gpt-5-mini", "openai"),
    "anthropic": ("anthropic:claude-sonnet-5", "langchain_anthropic"),
    "google": ("google:gemini-3-flash", "langchain_google_genai"),
    "mistral": ("mistral:mistral-small-latest", "langchain_mistralai"),
    "ollama": ("ollama:qwen3:4b", "langchain_ollama"),
    "gguf": ("gguf:model.gguf", "xllamacpp"),
}


@pytest.fixture(autouse=True)
def no_keys_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.endswith(("_API_KEY", "_BASE_URL", "_API_BASE"))]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("extra", LIBRARIES)
def test_a_missing_library_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, extra: str) -> None:
    model, library = LIBRARIES[extra]
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    with pytest.raises(ModelUnavailable) as missing:
        open_writer(load_settings(chat_model=model, chat_api_key=KEY))
    assert str(missing.value).endswith(f'Install it with: pip install "roros-assistant[{extra}]"')


def test_every_extra_in_such_a_line_exists() -> None:
    assert set(metadata("roros-assistant").get_all("Provides-Extra") or []) == set(LIBRARIES)


@pytest.mark.parametrize(
    ("model", "variables"),
    [
        ("openai:gpt-5-mini", "ROROS_CHAT_API_KEY or OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-5", "ROROS_CHAT_API_KEY or ANTHROPIC_API_KEY"),
        ("google:gemini-3-flash", "ROROS_CHAT_API_KEY or GOOGLE_API_KEY or GEMINI_API_KEY"),
        ("mistral:mistral-small-latest", "ROROS_CHAT_API_KEY or MISTRAL_API_KEY"),
    ],
)
def test_a_missing_key_is_told_with_the_variables_that_may_hold_it(model: str, variables: str) -> None:
    with pytest.raises(SettingInvalid, match=f"needs a key. Put it into {variables}$"):
        open_writer(load_settings(chat_model=model))


@pytest.mark.parametrize(
    ("ours", "openais", "sent"),
    [
        (KEY, None, f"Bearer {KEY}"),
        (KEY, "sk-of-openai", f"Bearer {KEY}"),
        (None, "sk-of-openai", "Bearer none"),
        (None, None, "Bearer none"),
    ],
)
def test_to_a_server_of_ones_own_only_the_key_for_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, ours: str | None, openais: str | None, sent: str
) -> None:
    if openais:
        monkeypatch.setenv("OPENAI_API_KEY", openais)
    with serving(says("It is old [1].")) as server:
        writer = open_writer(load_settings(chat_model="openai:m", chat_base_url=server.address, chat_api_key=ours))
        assert writer is not None
        list(writer.write("Is it old?", (), PASSAGES))
        writer.close()
    assert server.received[0].headers["authorization"] == sent
    assert server.received[0].body["model"] == "m"


@pytest.mark.parametrize(
    ("base_url", "where"),
    [
        (None, "api.openai.com"),
        ("https://llm.example.org:8443/v1", "llm.example.org"),
        ("http://localhost:8000/v1", "this machine"),
        ("http://127.0.0.1:8000", "this machine"),
        ("http://192.168.1.5:8000/v1", "192.168.1.5"),
    ],
)
def test_it_tells_who_gets_questions_and_passages(base_url: str | None, where: str) -> None:
    writer = open_writer(load_settings(chat_model="openai:m", chat_base_url=base_url, chat_api_key=KEY))
    assert writer is not None
    assert (writer.name, writer.where) == ("openai:m", where)
    writer.close()


def test_it_tells_who_gets_questions_where_the_providers_own_variable_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example.org/v1")
    writer = open_writer(load_settings(chat_model="openai:m"))
    assert writer is not None
    assert writer.where == "gateway.example.org"
    writer.close()
