"""The page: a cited chat in the browser, its sources beside it."""

from .server import build_app, serve

__all__ = ["build_app", "serve"]
