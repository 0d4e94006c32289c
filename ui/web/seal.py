"""Marks on what a browser keeps of a chat model's answers: only sentences that were checked here are shown again."""

import contextlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_KEY_BYTES = 32
_OF_A_QUOTE = ("number", "document", "start", "end", "quote")


class Seal:
    """Marks written answers with a key that stays on the server, in a file, so that a restart knows its own marks."""

    def __init__(self, file: Path) -> None:
        self._key = _kept_key(file)

    def mark(self, stored: Mapping[str, Any]) -> str:
        """The mark of an answer's sentences with the quotes that carry them."""
        said = [stored["writer"], [[claim["text"], claim["citations"]] for claim in stored["claims"]]]
        quotes = [[cited[key] for key in _OF_A_QUOTE] for cited in stored["citations"]]
        return hmac.new(self._key, json.dumps([said, quotes]).encode(), "sha256").hexdigest()

    def fits(self, stored: Mapping[str, Any]) -> bool:
        """Whether an answer has the mark that it was given here."""
        mark = stored.get("seal")
        return isinstance(mark, str) and hmac.compare_digest(mark.encode(), self.mark(stored).encode())


def _kept_key(file: Path) -> bytes:
    """The key in a file, made and kept there the first time; where no file can be written it lasts as long as we do."""
    made = secrets.token_bytes(_KEY_BYTES)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=file.name) as beside:  # for nobody else to read
            beside.write(made)
            beside.flush()
            os.link(beside.name, file)  # of two servers that start at once, one wins, whole
    with contextlib.suppress(OSError):
        kept = file.read_bytes()
        return kept if len(kept) == _KEY_BYTES else made
    return made
