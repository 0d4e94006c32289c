"""The calibration as a picture, drawn without a plotting library."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from roros_assistant import decide

BINS = 8


def draw(told: Sequence[tuple[float, bool]], file: Path) -> None:
    """The calibration as a picture: of what is said to be answered with some probability, how much is."""
    probabilities = np.array([decide.probability(odds) for odds, _ in told])
    answered = np.array([answerable for _, answerable in told])
    bins = np.clip((probabilities * BINS).astype(int), 0, BINS - 1)
    points = [
        (probabilities[bins == number].mean(), answered[bins == number].mean(), int((bins == number).sum()))
        for number in range(BINS)
        if (bins == number).any()
    ]
    circles = "".join(
        f'<circle cx="{40 + 320 * said:.1f}" cy="{340 - 320 * true:.1f}" r="{2 + count**0.5:.1f}"/>'
        f'<text x="{40 + 320 * said:.1f}" y="{330 - 320 * true - count**0.5:.1f}">{count}</text>'
        for said, true, count in points
    )
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 380" font-family="sans-serif" font-size="11">'
        '<rect width="380" height="380" fill="#fff"/>'
        '<path d="M40 340V20M40 340H360M40 340L360 20" stroke="#888" fill="none"/>'
        f'<g fill="#8a3b12" text-anchor="middle">{circles}</g>'
        '<text x="200" y="368" text-anchor="middle">probability said that the sources answer</text>'
        '<text transform="rotate(-90 14 180)" x="14" y="180" text-anchor="middle">share that they answer</text>'
        "</svg>\n",
        encoding="utf-8",
    )
