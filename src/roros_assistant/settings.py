"""The few settings, read once from ROROS_* environment variables; a misspelt one stops the start."""

import difflib
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from roros_assistant.errors import SettingInvalid

_PREFIX = "ROROS_"
# The services that a chat model may come from, by LangChain's names, and what people call two of them.
CHAT_PROVIDERS = ("openai", "anthropic", "google_genai", "mistralai", "ollama")
LOCAL_FILE = "gguf"
_ALSO_CALLED = {"google": "google_genai", "mistral": "mistralai"}
# Where the providers' own libraries look for another address than the provider's.
_ADDRESSES = {
    "openai": ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
    "anthropic": ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
    "google_genai": ("GOOGLE_GEMINI_BASE_URL",),
    "mistralai": ("MISTRAL_BASE_URL",),
    "ollama": ("OLLAMA_HOST",),
}
# Seconds. Somebody who waits for half a minute has gone; a 3B model on two cores reads its prompt in 10 to 20.
_PATIENCE = 30.0


class Settings(BaseSettings):
    """Defaults answer offline from packages alone; a flag of the command wins over a setting."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    corpus: Path | None = Field(None, description="folder of sources; default: the one in the package")
    data: Path = Field(
        platformdirs.user_data_path("roros-assistant"), description="folder for the index and the visitors' verdicts"
    )
    host: str = Field("127.0.0.1", description="address the page listens on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(7860, description="port the page listens on")
    embedding_model: str | None = Field(
        None, description="a sentence-transformers model, by hub name or folder; default: the one in the package"
    )
    reranker_model: str | None = Field(
        None,
        description="a cross-encoder, by hub name or folder, to choose what is read; default: all that is found",
    )

    chat_model: str | None = Field(
        None,
        description="PROVIDER:MODEL (openai, anthropic, google, mistral, ollama) or gguf:PATH; default: none, quotes",
    )
    chat_base_url: str | None = Field(
        None, description="the chat model's server, where it is not the provider's own: any OpenAI-compatible one"
    )
    chat_api_key: SecretStr | None = Field(
        None, description="the server's key; without a base URL the provider's own variable works too"
    )
    chat_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(
        _PATIENCE, description="seconds that the chat model has for one whole answer"
    )

    @field_validator("chat_model")
    @classmethod
    def _provider_and_model(cls, name: str | None) -> str | None:
        """Spell the provider as LangChain does, and a path from the home folder out."""
        if name is None:
            return None
        provider, _, model = name.partition(":")
        provider = _ALSO_CALLED.get(provider.strip().lower(), provider.strip().lower())
        if provider not in (*CHAT_PROVIDERS, LOCAL_FILE) or not model.strip():
            raise ValueError(
                "it is PROVIDER:MODEL, such as openai:gpt-5-mini or ollama:qwen3:4b, with a provider of "
                f"{', '.join(CHAT_PROVIDERS)}; or gguf:PATH for a file on this machine"
            )
        model = model.strip()
        return f"{provider}:{Path(model).expanduser() if provider == LOCAL_FILE else model}"

    @field_validator("chat_base_url")
    @classmethod
    def _address(cls, address: str | None, others: ValidationInfo) -> str | None:
        """Take only an address that questions can be sent to, and only together with a model."""
        if address is None:
            return None
        try:
            parts = urlsplit(address.strip())
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError("it is a web address, such as http://localhost:8000/v1")
        if parts.username or parts.password or parts.query:
            raise ValueError("a key does not belong into an address: put it into ROROS_CHAT_API_KEY")
        model = others.data.get("chat_model", "")  # absent where it was refused itself
        if model is None or model.startswith(f"{LOCAL_FILE}:"):
            raise ValueError("it needs a model on that server: set ROROS_CHAT_MODEL to openai:MODEL, say")
        return address.strip().rstrip("/")

    @property
    def chat_name(self) -> str | None:
        """The chat model as a visitor may know it: of a local file, its name alone."""
        provider, _, model = (self.chat_model or "").partition(":")
        return (Path(model).name if provider == LOCAL_FILE else model) or None

    @property
    def chat_receiver(self) -> str | None:
        """Who gets questions and passages; None where nobody does, a model on this machine neither."""
        provider = (self.chat_model or LOCAL_FILE).partition(":")[0]
        told = (os.environ.get(name) for name in _ADDRESSES.get(provider, ()))
        address = self.chat_base_url or next(filter(None, told), "localhost" if provider == "ollama" else "")
        if provider == LOCAL_FILE:
            return None
        host = urlsplit(address if "//" in address else f"//{address}").hostname or f"{provider}’s server"
        return None if host in ("localhost", "127.0.0.1", "::1", "0.0.0.0") else host  # noqa: S104 - nothing listens

    @field_validator("corpus", "data")
    @classmethod
    def _at_home(cls, folder: Path | None) -> Path | None:
        """Read ``~`` as a shell would: environment files pass it on as it is."""
        return None if folder is None else folder.expanduser()


def load_settings(**flags: object) -> Settings:
    """Read the environment; ``flags`` that are not None win.

    Raises:
        SettingInvalid: an unknown ROROS_* name, or a value of the wrong kind.
    """
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in os.environ:
        if name.upper().startswith(_PREFIX) and name not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingInvalid(f"{name} is not a setting.{hint} Known: {', '.join(sorted(known))}")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        shown = f"--{name.replace('_', '-')}" if flags.get(name) is not None else f"{_PREFIX}{name.upper()}"
        # What was typed as a key or an address may hold a secret: it is not repeated.
        got = "" if name in ("chat_api_key", "chat_base_url") else f" (got {fault['input']!r})"
        raise SettingInvalid(f"{shown}: {fault['msg'].removeprefix('Value error, ')}{got}") from None
