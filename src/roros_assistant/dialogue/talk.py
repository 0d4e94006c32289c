"""What a turn comes to: small talk, a question about the last answer or the assistant, or what is to be looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

from roros_assistant.dialogue.parts import Part

OF_LAST_ANSWER = ("author", "place", "date")
# The one that is answered where a turn holds several: "lovely, thank you. are you a real person by the way?"
_WEIGHTIEST = (*OF_LAST_ANSWER, "sources", "about", "complaint", "farewell", "thanks", "greeting", "pleasantry")


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn taken apart."""

    asked: str  # what is to be looked up; the whole turn where nothing is
    told: str = ""  # what the traveller told before it, of themselves or the trip
    talk: str | None = None  # what is said to the assistant, where nothing is to be looked up
    last_answer: str | None = None  # or what is asked of its last answer: its author, place or date
    closed: bool = False  # thanks came before it: then it goes on only where it says so


def heard(parts: Sequence[Part], *, answered: bool) -> Heard:
    """What the parts of a turn come to; with no answer before it, what asks of one asks of the sources in general."""
    asking = [part for part in parts if part.asks]
    said = [part.does for part in parts if not part.asks]
    asks = any(part.does == "question" for part in asking)
    topic = min(said, key=_WEIGHTIEST.index, default=None)
    whole = " ".join(part.text for part in parts)
    if topic and not asks and (not asking or topic != "greeting"):
        if topic in OF_LAST_ANSWER:
            return Heard(whole, last_answer=topic) if answered else Heard(whole, talk="sources")
        return Heard(whole, talk=topic)
    if not asks:
        return Heard(" ".join(part.text for part in asking))
    first = next(place for place, part in enumerate(asking) if part.does == "question")
    told, asked = asking[:first], asking[first:]
    closed = "thanks" in [part.does for part in parts[: parts.index(asked[0])]]
    return Heard(" ".join(part.text for part in asked), " ".join(part.text for part in told), closed=closed)
