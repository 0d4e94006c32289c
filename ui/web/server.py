"""The page's server: the address is taken first, the page comes next, the models last."""

import asyncio
import inspect
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
import uvicorn
from starlette.types import ASGIApp

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.errors import PortTaken, SettingInvalid
from roros_assistant.settings import Settings
from roros_assistant.types import Corpus, Progress

from ..ending import leave
from .conversation import Conversation
from .feedback import Feedback
from .loading import Loader
from .seal import Seal
from .shield import Shield

if TYPE_CHECKING:
    from roros_assistant.assistant import Assistant

# Streams to open pages never end by themselves: on Ctrl-C they get this long.
_FAREWELL = 1  # second


def serve(settings: Settings) -> None:
    """Serve the page until Ctrl-C; print its address once it is there.

    Raises:
        PortTaken: another program listens on the port.
        CorpusInvalid: the sources cannot be read.
    """
    door = _listen(settings.host, settings.port)
    corpus = read_corpus(settings.corpus or default_corpus_folder())
    loader = Loader(lambda progress: _open(settings, progress))
    config = uvicorn.Config(
        build_app(corpus, loader, settings),
        log_level="warning",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_FAREWELL,
    )
    server = _Server(config, lambda: _welcome(settings, loader))
    try:
        server.run(sockets=[door])
    except KeyboardInterrupt:
        typer.echo("\nGoodbye.")
    finally:
        is_closed = loader.close()
    if not is_closed:
        leave(0)


def build_app(corpus: Corpus, loader: Loader, settings: Settings) -> ASGIApp:
    """The whole page as an ASGI application; beside localhost it may be called by the host of the settings."""
    with _without_stubs():
        import gradio as gr
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from .page import STATIC, ChatModel, build_blocks, theme

    feedback, seal = Feedback(settings.data / "feedback.jsonl"), Seal(settings.data / "page.key")
    conversation = Conversation(corpus, loader, feedback, seal)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/page", StaticFiles(directory=STATIC))
    gr.mount_gradio_app(
        app,
        build_blocks(corpus, conversation, ChatModel(settings.chat_name, settings.chat_receiver)),
        "/",
        footer_links=[],
        run_history=False,
        show_error=True,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        theme=theme(),
        favicon_path=str(STATIC / "icon.svg"),
    )
    # Gradio logs every refused path and every closed stream as if it were news.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return Shield(app, settings.host)


class _Server(uvicorn.Server):
    """Says when it can be reached, and ends without a word."""

    def __init__(self, config: uvicorn.Config, reachable: Callable[[], None]) -> None:
        super().__init__(config)
        self._reachable = reachable

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # The models' imports hold the interpreter; the first visitors get their page before.
        asyncio.get_running_loop().call_later(0.05, self._reachable)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # That open pages are cut off is what Ctrl-C is for; uvicorn would print an error with its stack for each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _welcome(settings: Settings, loader: Loader) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"The page is at http://{host}:{settings.port} (Ctrl-C ends it)")
    loader.start()


def _open(settings: Settings, progress: Progress) -> "Assistant":
    from roros_assistant.assistant import open_assistant

    return open_assistant(settings, progress=progress)


def _listen(host: str, port: int) -> socket.socket:
    """Take the address at once: who connects while we start is answered, and a taken port is told before all work."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise SettingInvalid(f"ROROS_HOST: {host!r} is no address of this machine; try 127.0.0.1") from None
    door = socket.socket(family[0], socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(family[4])
        door.listen(128)
    except OSError as error:
        door.close()
        raise _cannot_listen(error, host, port) from None
    return door


def _cannot_listen(error: OSError, host: str, port: int) -> Exception:
    import errno

    if error.errno == errno.EADDRINUSE:
        return PortTaken(host, port)
    if error.errno == errno.EACCES:
        return SettingInvalid(f"Port {port} is reserved for the system; choose another with: roros web --port 7860")
    return SettingInvalid(f"ROROS_HOST: cannot listen on {host!r} ({error.strerror}); try 127.0.0.1")


@contextmanager
def _without_stubs() -> Iterator[None]:
    """Keep Gradio from rewriting its type stubs while it is imported.

    It parses its own source for each of its components, which takes over a second, and writes into its
    installation. A class whose file cannot be told is passed over.
    """
    real = inspect.getfile

    def getfile(thing: Any) -> str:  # noqa: ANN401 - as the real one
        if type(thing).__name__ == "ComponentMeta":
            raise OSError
        return real(thing)

    inspect.getfile = getfile  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = real
