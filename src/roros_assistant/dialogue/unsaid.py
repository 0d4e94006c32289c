"""Whether a turn leaves something of its conversation unsaid: what its form and its meaning speak for, as one number.

"Can I go inside?" and "is there a pharmacy?" have the same form; that only one of them needs the question before is
learnt from turns of other conversations (benchmarks/followups.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from roros_assistant.dialogue.carry import of_turn
from roros_assistant.dialogue.fragments import bare
from roros_assistant.dialogue.grammar import SMALL
from roros_assistant.dialogue.phrases import words_of

Vector = NDArray[np.float32]

WEIGHTS = Path(__file__).parents[1] / "models" / "unsaid.npz"
_KEPT_VECTORS = 256  # of the last turns and questions; eight of each are looked back on in a conversation


class Unsaid:
    """Tells how likely a turn needs its conversation; safe to share between threads."""

    def __init__(self, embed: Callable[[str], Sequence[float]]) -> None:
        """Take what turns a text into a vector: the packaged embedding model, whose vectors the weights know."""
        self._vector = lru_cache(_KEPT_VECTORS)(lambda text: np.asarray(embed(text), np.float32))

    def log_odds(self, turn: str, earlier: Sequence[str]) -> float:
        """Above 0 where the turn more likely needs the questions before it, oldest first, than not."""
        if not earlier:
            return -np.inf
        meaning, before = self._vector(bare(turn)), self._vector(earlier[-1])
        return learnt().log_odds(signs(turn, earlier), meaning, float(meaning @ before))


@dataclass(frozen=True, slots=True)
class Learnt:
    """One regression."""

    signs: dict[str, float]  # weights by name
    vector: Vector
    likeness: float  # weight of the likeness to the question before
    intercept: float

    def log_odds(self, form: dict[str, float], meaning: Vector, likeness: float) -> float:
        """Of what a turn shows, its vector of length 1 and its cosine similarity to the question before."""
        by_form = sum(self.signs.get(name, 0.0) * value for name, value in form.items())
        return by_form + float(self.vector @ meaning) + self.likeness * likeness + self.intercept


@cache
def learnt() -> Learnt:
    """As the package has it."""
    with np.load(WEIGHTS) as held:
        by_name = dict(zip(held["names"].tolist(), held["signs"].tolist(), strict=True))
        return Learnt(by_name, held["vector"], float(held["likeness"]), float(held["intercept"]))


def signs(turn: str, earlier: Sequence[str]) -> dict[str, float]:
    """What the form of a turn shows: its small words, how it begins and ends, how long it is, what it repeats."""
    asked = bare(turn)
    words = words_of(asked)
    found = dict(of_turn(asked, tuple(earlier)))
    found |= {f"has {word}": 1.0 for word in words if word in SMALL}
    if words:
        found |= {f"begins {words[0]}": 1.0, f"ends {words[-1]}": 1.0}
    lead = words_of(turn[: len(turn) - len(asked)]) if turn.endswith(asked) else ()
    found |= {f"led by {word}": 1.0 for word in lead}
    return found | {"words": float(len(words))}
