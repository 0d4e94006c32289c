"""How much each sign weighs: logistic regression by benchmarks/claims.py --fit, and where its cuts stand."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over signs by name; signs that it does not name weigh nothing."""

    intercept: float
    of: Mapping[str, float]

    def probability(self, signs: Mapping[str, float]) -> float:
        """That a claim with these signs is carried."""
        odds = self.intercept + sum(weight * signs[name] for name, weight in self.of.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


WORDS = Weights(
    -3.85,
    {
        "met": 2.43,
        "together": 1.57,
        "missing": -1.34,
        "small": 3.1,
        "self": -2.47,
        "asks": -2.9,
        "address": -1.11,
        "contrary": -2.0,
        "stronger": -0.5,
        "swapped": -2.0,
        "counted": -2.0,
        "apart": -2.0,
    },
)
READING = Weights(
    -2.39,
    {
        "met": 1.45,
        "together": 0.55,
        "missing": -1.6,
        "small": 2.26,
        "self": -2.48,
        "asks": -2.92,
        "address": -0.96,
        "contrary": -2.0,
        "stronger": -0.5,
        "swapped": -2.0,
        "counted": -2.0,
        "apart": -2.0,
        "reading": 0.15,
    },
)
CUT = 0.5
# Between these the words leave it open, and the cross-encoder reads too.
READ_FROM = 0.1
READ_TO = 0.9
