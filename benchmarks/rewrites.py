"""Follow-ups against people's own rewrites of 777 turns (MTRAG, user turns only)."""

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from roros_assistant.dialogue import Models, understand
from roros_assistant.embed import load_embedder
from roros_assistant.types import Turn

_I = {"I", "I'm", "I’m", "I'll", "I've", "I'd"}
# Turns with a conversation before them that a reader who knows none of it understands; each stays as it is.
SELF_CONTAINED = frozenset(
    (
        "04f83f11/4 1dcbbeb3/3 1dcbbeb3/4 20c2cbd1/3 20c2cbd1/8 2b34f5e7/4 2f484ad8/5 2f484ad8/8 34ac6bed/2 "
        "3a07680a/5 3f5fa378/2 3f5fa378/3 535ebd30/5 5b2404d7/4 5b2404d7/5 5b2404d7/8 5b9edac1/2 5b9edac1/7 "
        "5c13daa9/6 61374b24/6 61374b24/7 6af5334f/9 91715ec6/4 95a08935/4 95a08935/5 95a08935/6 9c52934a/6 "
        "a3f07e9e/4 a3f07e9e/5 aea2634b/4 aea2634b/5 b2805ee4/4 d5f0e702/6 d5f0e702/8 d5f0e702/9 d7b4f863/2 "
        "d7b4f863/6 dcc0215a/4 dd6b6ffd/3 dd6b6ffd/4 dd6b6ffd/6 f05ba963/4 f05ba963/7 f0d2873b/6 f0d30863/5 "
        "f0d30863/7 f5a8ca2f/5 f5a8ca2f/8 fc3e765d/6 fdee20f7/4 "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One turn of a conversation, and how a person wrote it to stand alone."""

    id: str  # conversation/turn
    turns: tuple[str, ...]  # what the user said, the last included
    human: str

    @property
    def conversation(self) -> str:
        return self.id.partition("/")[0]

    @property
    def last(self) -> str:
        return self.turns[-1]


def measure(data: Path, sample: int, seed: int, _work: Path) -> dict[str, list[float]]:
    """Score ``understand`` on a sample of the turns."""
    rewrites = read(data)
    return measured(
        random.Random(seed).sample(rewrites, min(sample, len(rewrites))), Models(load_embedder().embed_query)
    )


def measured(rewrites: Sequence[Rewrite], models: Models) -> dict[str, list[float]]:
    standing = [
        understand(one.last, [Turn("user", turn) for turn in one.turns[:-1]], frozenset(), models=models).standalone
        for one in rewrites
    ]
    return score(rewrites, standing)


def read(data: Path) -> list[Rewrite]:
    rows = map(json.loads, (data / "pairs.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Rewrite(
            row["id"][:8] + "/" + row["id"].partition("<::>")[2],
            tuple(turn.strip() for turn in re.split(r"(?:^|\n)\|user\|: ?", row["user_turns"]) if turn.strip()),
            row["human_rewrite"].partition("|user|: ")[2].strip(),
        )
        for row in rows
    ]


def score(rewrites: Sequence[Rewrite], standing: Sequence[str]) -> dict[str, list[float]]:
    """Every metric with one value an item; names have one value a name."""
    values: dict[str, list[float]] = {f"ROUGE-1 {part}": [] for part in ("F1", "precision", "recall")}
    values |= {"names recovered": [], "names of the last turn kept": [], "first turns unchanged": []}
    values["self-contained turns unchanged"] = []
    for rewrite, text in zip(rewrites, standing, strict=True):
        precision, recall = overlap(text, rewrite.human)
        values["ROUGE-1 precision"].append(precision)
        values["ROUGE-1 recall"].append(recall)
        values["ROUGE-1 F1"].append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
        words = set(_words(text))
        values["names recovered"] += [float(set(_words(name)) <= words) for name in sorted(taken_up(rewrite))]
        kept = {word for name in names(rewrite.last) for word in _words(name)}
        kept |= {word for word in _words(rewrite.last) if any(map(str.isdigit, word))}
        values["names of the last turn kept"].append(float(kept <= words))
        if len(rewrite.turns) == 1:
            values["first turns unchanged"].append(float(text == rewrite.last))
        if rewrite.id in SELF_CONTAINED:
            values["self-contained turns unchanged"].append(float(text == rewrite.last))
    return values


def overlap(text: str, human: str) -> tuple[float, float]:
    """Unigram precision and recall."""
    ours, theirs = Counter(_words(text)), Counter(_words(human))
    shared = (ours & theirs).total()
    return shared / max(ours.total(), 1), shared / max(theirs.total(), 1)


def names(text: str) -> set[str]:
    """Capitalised words that do not begin their sentence."""
    sentences = re.split(r"(?<=[.!?])\s+|\n", text)
    later = (word for sentence in sentences for word in re.findall(r"[\w’'-]+", sentence)[1:])
    return {word for word in later if word[0].isupper() and word not in _I}


def taken_up(rewrite: Rewrite) -> set[str]:
    """Names of the rewrite that the last turn lacks and the turns before it have."""
    last, before = set(_words(rewrite.last)), set(_words(" ".join(rewrite.turns[:-1])))
    found = ((name, set(_words(name))) for name in names(rewrite.human))
    return {name for name, words in found if words and not words & last and words <= before}


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())
