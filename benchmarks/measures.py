"""Measured values, one an item, and what can be said of them: the mean, its interval, what moved between two runs."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

RESAMPLES = 1_000

Values = Mapping[str, float]
"""By item; a share holds 0s and 1s."""


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the benchmark measured."""

    metrics: Mapping[str, Values]
    questions: Mapping[str, str] = field(default_factory=dict)  # by item, to read what moved
    note: str = ""  # printed under the table


def middle(metric: str, values: np.ndarray) -> np.ndarray:
    """The mean along the last axis; of seconds, the median: one slow answer says little."""
    result: np.ndarray = (np.median if metric.endswith("seconds") else np.mean)(values, axis=-1)
    return result


def value_of(metric: str, values: Values) -> float:
    """The one number that stands for all items."""
    return float(middle(metric, np.array([*values.values()], dtype=float)))


def interval(metric: str, values: Values) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval over items."""
    drawn = _resampled(metric, np.array([*values.values()], dtype=float))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric moved between two runs, over the items that both have."""

    n: int
    before: float
    after: float
    low: float  # of the 95 % interval of the mean difference, item by item
    high: float
    risen: tuple[str, ...]  # items
    fallen: tuple[str, ...]


def change(metric: str, before: Values, after: Values) -> Change | None:
    """Compare item by item; None where the runs share no item."""
    items = [item for item in after if item in before]
    if not items:
        return None
    old, new = (np.array([values[item] for item in items], dtype=float) for values in (before, after))
    drawn = _resampled(metric, np.stack([old, new]))
    low, high = np.quantile(drawn[1] - drawn[0], [0.025, 0.975])
    return Change(
        n=len(items),
        before=float(middle(metric, old)),
        after=float(middle(metric, new)),
        low=float(low),
        high=float(high),
        risen=tuple(item for item, was, now in zip(items, old, new, strict=True) if now > was),
        fallen=tuple(item for item, was, now in zip(items, old, new, strict=True) if now < was),
    )


def _resampled(metric: str, values: np.ndarray) -> np.ndarray:
    """The middle of each resample of the items.

    Args:
        metric: its name; the same metric is always resampled alike.
        values: shape ``(n,)``, or ``(runs, n)`` whose items are drawn together.

    Returns:
        Shape ``(RESAMPLES,)`` or ``(runs, RESAMPLES)``.
    """
    n = values.shape[-1]
    drawn = np.random.default_rng(zlib.crc32(metric.encode())).integers(0, n, (RESAMPLES, n))
    return middle(metric, values[..., drawn])
