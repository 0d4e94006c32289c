"""Broad questions: which subjects one is about, and which passages belong to them.

A broad question ("what is there to do?") is answered by many sentences that share no word with it. What belongs to each
subject has been learnt from sentences about other destinations, as they stand in travel blogs, in readers' comments and
on official pages (benchmarks/train_subjects.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
# The probability from which a question counts as broad: of the golden questions all broad ones reach it and 16 % of the
# others ("restaurants", "national parks"), though few of these surely. That it is broad alone, without the log-odds of
# its subject, tells 30 % of the others as broad with all that are (area under the curve .940 instead of .960).
_BROAD = 0.4
# Each subject is a little likely for any question, and there are nineteen: with plain probabilities "what is there to
# do" is to .18 about things to do, with their squares to .42. Average precision of what belongs, among all sentences of
# the sources: .599 with 1, .614 with 2, .611 with 3, .604 with the odds instead (n=30).
_SHARPNESS = 2

WEIGHTS = Path(__file__).parent / "models" / "subjects.npz"
# Every subject that a visitor to any place may ask for in general words, in the order of the weights' rows.
SUBJECTS = (
    "things to do",
    "season",
    "winter",
    "the place",
    "history",
    "buildings",
    "atmosphere",
    "quiet",
    "against",
    "food",
    "nature",
    "culture",
    "families",
    "photographs",
    "getting there",
    "staying",
    "opinions",
    "sustainability",
    "organisation",
)


@dataclass(frozen=True, slots=True)
class Linear:
    """Logistic regressions on vectors of the packaged embedding model."""

    weights: Vectors  # (outcomes, dimensions)
    intercepts: Vectors  # (outcomes,)

    def probabilities(self, vectors: Vectors) -> Vectors:
        """Of each outcome for each vector, shape ``(vectors, outcomes)``."""
        return _probability(self.log_odds(vectors))

    def log_odds(self, vectors: Vectors) -> Vectors:
        """The same as log-odds."""
        return np.asarray(vectors @ self.weights.T + self.intercepts, np.float32)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question is about, if it is a broad one."""

    breadth: float = 0.0  # how surely it is a broad one, in [0, 1]
    shares: tuple[float, ...] = ()  # of each subject, in the order of SUBJECTS; they add up to 1


@dataclass(frozen=True, slots=True)
class Aspects:
    """Tells what a broad question is about and what belongs to that, by vectors of the packaged embedding model."""

    broad: Linear
    asked: Linear
    said: Linear

    @classmethod
    @cache
    def learnt(cls) -> Self:
        """As the package has it."""
        with np.load(WEIGHTS) as held:
            linear = [Linear(held[name], held[f"{name}_intercepts"]) for name in ("broad", "asked", "said")]
        return cls(*linear)

    def of(self, question: Sequence[float]) -> Meant:
        """What a question, by its vector, is about."""
        vector = np.asarray([question], np.float32)
        odds = self.asked.log_odds(vector)[0]
        probability = float(_probability(self.broad.log_odds(vector)[0, 0] + odds.max()))
        if probability <= _BROAD:
            return Meant()
        likely = _probability(odds) ** _SHARPNESS
        return Meant((probability - _BROAD) / (1 - _BROAD), tuple((likely / likely.sum()).tolist()))

    def belonging(self, meant: Meant, passages: Vectors) -> list[float]:
        """The probability that each passage, by its vector, belongs to the subjects of a broad question."""
        likely: list[float] = (self.said.probabilities(passages) @ np.asarray(meant.shares, np.float32)).tolist()
        return likely

    def towards(self, meant: Meant) -> list[float]:
        """A vector of length 1: the nearer a passage's vector lies to it, the likelier the passage belongs."""
        direction = np.asarray(meant.shares, np.float32) @ self.said.weights
        vector: list[float] = (direction / np.linalg.norm(direction)).tolist()
        return vector


def _probability(odds: Vectors) -> Vectors:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
