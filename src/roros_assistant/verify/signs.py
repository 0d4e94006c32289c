"""What tells whether references carry a claim, as numbers by name; weights.py says how much each weighs."""

import math
import re

from roros_assistant.verify import polarity, roles
from roros_assistant.verify.alignment import Aligned
from roros_assistant.verify.numbers import unsaid

_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|me|my|mine|myself)\b", re.IGNORECASE)


def signs(aligned: Aligned, own: frozenset[str] = frozenset()) -> dict[str, float]:
    """The signs of a claim beside its references; ``own`` are keys of words that tell nothing apart here."""
    said = [number for sentence in aligned.sources for number in sentence.numbers]
    numbers_missing = sum(1 for _ in unsaid(aligned.numbers, said))
    numbers_apart = sum(clause.numbers_lacking for clause in aligned.clauses)
    missing = aligned.met.count(False) + numbers_missing
    apart = sum(clause.met.count(False) for clause in aligned.clauses) + numbers_apart
    count = max(len(aligned.words) + len(aligned.numbers), 1)
    text, best = aligned.text, aligned.best_text
    return {
        "met": 1 - missing / count,  # words and numbers that any source has
        "missing": math.log1p(missing),
        "scattered": math.log1p(max(0, apart - missing)),  # in the sources, but not together
        "apart": float(len(roles.names_apart(aligned)) + max(0, numbers_apart - numbers_missing)),
        "subject": float(len(roles.other_subjects(aligned, own))),
        "small": small_met(aligned),
        "stronger": float(len(polarity.strengthened(aligned))),
        "self": float(bool(_FIRST_PERSON.search(text)) and not _FIRST_PERSON.search(best)),
        "asks": float("?" in text),
    }


def small_met(aligned: Aligned) -> float:
    """The share of the claim's small words that its best sentences have."""
    said = {word.key for sentence in aligned.best for word in sentence.words}
    small = [word.key for sentence in aligned.claim for word in sentence.words if word.small]
    return sum(word in said for word in small) / max(len(small), 1)
