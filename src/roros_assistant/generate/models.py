"""settings -> a chat model, its name and where it lives; the only user of chat models' libraries."""

import logging
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from ipaddress import ip_address
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel

from roros_assistant.errors import ModelUnavailable, SettingInvalid
from roros_assistant.generate.local import LocalServer, start_server
from roros_assistant.settings import LOCAL_FILE, Settings

log = logging.getLogger(__name__)

HERE = "this machine"
_NO_KEY = "none"  # clients insist on a key, servers at home do not


@dataclass(frozen=True, slots=True)
class _Provider:
    """What differs between the services."""

    extra: str  # of this package
    variables: tuple[str, ...]  # of the environment, where its own key is looked for
    address: str  # path of attributes from the LangChain model to where it sends questions
    options: dict[str, Any] = field(default_factory=dict)  # retries are ours: theirs know nothing of the time given


_PROVIDERS = {
    "openai": _Provider("openai", ("OPENAI_API_KEY",), "root_async_client.base_url", {"max_retries": 0}),
    "anthropic": _Provider("anthropic", ("ANTHROPIC_API_KEY",), "_async_client.base_url", {"max_retries": 0}),
    "google_genai": _Provider(
        "google", ("GOOGLE_API_KEY", "GEMINI_API_KEY"), "client._api_client._http_options.base_url", {"max_retries": 1}
    ),
    "mistralai": _Provider("mistral", ("MISTRAL_API_KEY",), "async_client.base_url", {"max_retries": 1}),
    # Ollama cuts a longer prompt in silence; its own default is half of what passages and a conversation need.
    "ollama": _Provider("ollama", (), "_async_client._client.base_url", {"num_ctx": 8_192}),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A chat model, ready to be asked."""

    model: BaseChatModel = field(repr=False)
    name: str
    where: str  # the host that gets questions and passages, or "this machine"
    closing: Callable[[], Coroutine[Any, Any, None]] | None = field(default=None, repr=False)
    server: LocalServer | None = None


def open_model(name: str, settings: Settings) -> Opened:
    """Make the chat model with this name, as the settings spell it. Nothing is sent anywhere yet.

    Raises:
        ModelUnavailable: its library is not installed, or its file cannot be loaded.
        SettingInvalid: a key is missing.
    """
    provider, _, model = name.partition(":")
    if provider == LOCAL_FILE:
        return _open_file(Path(model))
    known = _PROVIDERS[provider]
    try:
        options = known.options | _connection(provider, known, settings)
        made, closing = _make(provider, model, options)
    except ImportError:
        raise _missing(known.extra, name) from None
    address = str(attrgetter(known.address)(made))
    return Opened(made, name, _where(address), closing)


def _open_file(file: Path) -> Opened:
    try:
        import langchain_openai  # noqa: F401 - before seconds are spent on loading the model

        server = start_server(file)
        options = {"base_url": f"{server.address}/v1", "api_key": server.key, "max_retries": 0}
        made, closing = _make("openai", file.name, options, direct=True)
    except ImportError:
        raise _missing(LOCAL_FILE, f"{LOCAL_FILE}:{file}") from None
    return Opened(made, f"{LOCAL_FILE}:{file.name}", HERE, closing, server)


def _make(
    provider: str, model: str, options: dict[str, Any], *, direct: bool = False
) -> tuple[BaseChatModel, Callable[[], Coroutine[Any, Any, None]] | None]:
    """A LangChain chat model, and what closes its connections where they are its own.

    Args:
        provider: LangChain's name of it.
        model: the provider's name of the model.
        options: of the model's class.
        direct: through no proxy that the environment names.
    """
    from langchain.chat_models import init_chat_model

    closing = None
    if provider == "openai":
        import openai

        client = openai.DefaultAsyncHttpxClient(timeout=None, trust_env=not direct)
        options, closing = options | {"http_async_client": client}, client.aclose
        if "base_url" in options:  # what calls itself compatible has chat completions; few have what came after
            options["use_responses_api"] = False
    return init_chat_model(model, model_provider=provider, **options), closing


def _connection(provider: str, known: _Provider, settings: Settings) -> dict[str, Any]:
    """Address and key. A provider's own key goes to its own address only, never to one set for us."""
    given = settings.chat_api_key.get_secret_value() if settings.chat_api_key else ""
    if not given and settings.chat_base_url is None and known.variables:
        given = next((os.environ[name] for name in known.variables if os.environ.get(name)), "")
        if not given:
            names = " or ".join(("ROROS_CHAT_API_KEY", *known.variables))
            raise SettingInvalid(f"{settings.chat_model} needs a key. Put it into {names}")
    options: dict[str, Any] = {} if settings.chat_base_url is None else {"base_url": settings.chat_base_url}
    if provider == "ollama":
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        return options | {"client_kwargs": {"headers": headers}}
    return options | {"api_key": given or _NO_KEY}


def _missing(extra: str, model: str) -> ModelUnavailable:
    return ModelUnavailable(
        f'{model} needs a library that is not installed. Install it with: pip install "roros-assistant[{extra}]"'
    )


def _where(address: str) -> str:
    """The host of an address, or "this machine".

    >>> _where("https://api.openai.com/v1/"), _where("http://[::1]:8080"), _where("http://localhost:11434")
    ('api.openai.com', 'this machine', 'this machine')
    """
    host = urlsplit(address).hostname or address
    try:
        return HERE if ip_address(host).is_loopback else host
    except ValueError:
        return HERE if host == "localhost" or host.endswith(".localhost") else host
