"""Verdicts on answers, one JSON line each: which answer, and helpful or not; never a word of what was said."""

import json
from pathlib import Path

from filelock import FileLock

# About 50,000 verdicts: enough to learn from, too little to fill a disk from outside.
_LARGEST = 5_000_000  # bytes


class Feedback:
    """The file of verdicts; the last line for an answer counts."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = FileLock(f"{file}.lock")

    def keep(self, answer_id: str, verdict: str | None) -> bool:
        """Add a verdict, or with None take it back; False when the file is full."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"answer": answer_id, "verdict": verdict}) + "\n"
        with self._lock, self._file.open("a", encoding="utf-8") as lines:
            if lines.tell() + len(line) > _LARGEST:
                return False
            lines.write(line)
        return True
