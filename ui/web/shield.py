"""What stands between the network and Gradio: known hosts, known paths, small bodies, strict headers."""

import ipaddress
import re
import socket
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio compiles its components' templates in the browser: without the two exceptions it does not start.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
# What the page needs of Gradio, and no more: it also serves uploads, files, proxies, recordings and monitors.
_READ = re.compile(
    r"/(|config/?|theme\.css|favicon\.ico|robots\.txt|page/[\w.-]+|assets/[\w./-]+|static/[\w./-]+|svelte/[\w./-]+"
    r"|gradio_api/(queue/data|theme\.css|startup-events|heartbeat/\w+))"
)
_WRITE = re.compile(r"/gradio_api/(queue/join|reset|component_server)/?")
_LARGEST_BODY = 2_000_000  # bytes: fifty stored answers come to about a quarter of it
_FOREIGN_META = re.compile(rb'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*/>', re.DOTALL)
_MANIFEST = re.compile(rb'\s*<link rel="manifest"[^>]*/>')
_BASE = re.compile(rb'\s*<base href="\./" />')  # it says what holds without it, and the policy forbids it
_VIEWPORT = re.compile(rb'(<meta\s+name="viewport"\s+content=")[^"]*')
_HEAD = (
    b'<meta name="color-scheme" content="light dark">'
    b'<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">'
    b'<meta name="theme-color" content="#1d2225" media="(prefers-color-scheme: dark)">'
    b'<link rel="stylesheet" href="./page/page.css"><link rel="stylesheet" href="./page/sources.css">'
    b'<link rel="modulepreload" href="./page/page.js">'
)


class Shield:
    """Lets through what the page itself asks for."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host.strip("[]").lower()
        self._open = self._host in ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, _with_headers(send))
        # A websocket is never answered: the page has none.

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            status, words = refusal
            await PlainTextResponse(words, status)(scope, receive, send)
        elif scope["path"] == "/":
            plain = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
            page = {**scope, "query_string": b"", "headers": plain}
            await self._app(page, receive, _rewritten(send))
        else:
            await self._app(scope, _bounded(receive), send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            return 421, "This address is not served here. Open the page by the address that it was started with."
        path, method = scope["path"], scope["method"]
        if method in ("GET", "HEAD") and _READ.fullmatch(path) and ".." not in path:
            return None
        if method != "POST" or not _WRITE.fullmatch(path):
            return 404, "There is nothing here."
        return _refused_body(headers)

    def _is_ours(self, host: str) -> bool:
        """Whether the Host header names this machine; a name that was pointed here from outside does not."""
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:]+)(:\d{1,5})?", host)
        if not match:
            return False
        name = match[1].strip("[]").lower()
        if name in ("localhost", "127.0.0.1", "::1", self._host):
            return True
        return self._open and (_is_address(name) or name == socket.gethostname().lower())


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refused_body(headers: Mapping[str, str]) -> tuple[int, str] | None:
    """Other sites' scripts and forms cannot send what passes here; neither can a file be uploaded."""
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        return 403, "Another site may not ask here."
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return 415, "Only JSON is taken here."
    length = headers.get("content-length", "")
    if not length.isdigit() or int(length) > _LARGEST_BODY:
        return 413, "That is too much."
    return None


def _bounded(receive: Receive) -> Receive:
    """Stop a body that is longer than its header said."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= _LARGEST_BODY else {"type": "http.disconnect"}

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for key, value in _HEADERS.items():
                headers[key] = value
            headers.setdefault("cache-control", "no-cache")
        await send(message)

    return sending


def _rewritten(send: Send) -> Send:
    """Give the page's HTML our head, and take out what speaks of other hosts."""
    start: Message | None = None
    body = bytearray()

    async def rewriting(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        body.extend(message.get("body", b""))
        if message.get("more_body") or start is None:
            return
        html = bytes(body)
        for unwanted in (_FOREIGN_META, _MANIFEST, _BASE):
            html = unwanted.sub(b"", html)
        html = _VIEWPORT.sub(rb"\1width=device-width, initial-scale=1, interactive-widget=resizes-content", html)
        html = html.replace(b"</head>", _HEAD + b"</head>", 1)
        if html:
            MutableHeaders(scope=start)["content-length"] = str(len(html))
        await send(start)
        await send({"type": "http.response.body", "body": html})

    return rewriting
