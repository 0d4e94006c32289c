"""Passages on disk, found by meaning (Chroma) and by wording (BM25): one writer, readers with copies of their own."""

from roros_assistant.index.build import IndexState, sync
from roros_assistant.index.reader import Index, open_index

__all__ = ["Index", "IndexState", "open_index", "sync"]
