"""A turn without what only leads up to it, and a bare noun as the question that it stands for."""

import re

from roros_assistant.dialogue.carry import content
from roros_assistant.dialogue.grammar import AUXILIARIES, DETERMINERS, PREPOSITIONS
from roros_assistant.dialogue.phrases import is_plural, is_verb, phrases, tokens, words_of

_LEAD = re.compile(
    r"^(?:(?:so|ok|okay|oh|wow|well|and|but|also|great|cool|thanks|thank you|yes|no|aha|hmm|right|sure"
    r"|by the (?:way|away)|btw|lol|haha|actually|anyway|then|now|excuse me|sorry|alright|again"
    r"|interesting)\b[\s,.!…-]*)+",
    re.IGNORECASE,
)
_OTHER_TOPIC = re.compile(
    r"^(?:(?:new|another|different|other) (?:topic|question|subject|thing)|(?:one|a) (?:last|more|other|different"
    r"|quick) (?:thing|question)"
    r"|something else|(?:let's |let us )?chang(?:e|ing) (?:of |the )?(?:subject|topic)[\w ]*|on another (?:note"
    r"|topic))\s*[,:.;!?-]+\s*",
    re.IGNORECASE,
)
_SPEAKING_OF = re.compile(r"^(?:speaking|talking) (?:of|about) ([^,?]+),\s*", re.IGNORECASE)


def bare(turn: str) -> str:
    """A turn without what only leads up to it; a name is never dropped."""
    kept = _LEAD.sub("", turn) or turn
    about = _SPEAKING_OF.match(kept)
    if about and content(about[1]) <= content(kept[about.end() :]):
        kept = kept[about.end() :]
    return kept


def without_old_topic(turn: str) -> str | None:
    """What is asked behind an announced change of topic; None where none is announced.

    >>> without_old_topic("New topic: is there a bakery?")
    'Is there a bakery?'
    """
    return capital(_OTHER_TOPIC.sub("", turn)) if _OTHER_TOPIC.search(turn) else None


def is_fragment(turn: str) -> bool:
    """Whether a turn has no verb and no question word."""
    return not any(word in _SENTENCE or is_verb(word) for word in words_of(turn))


def as_question(turn: str) -> str:
    """A turn without a verb of its own as the question that it stands for: "prices?" asks what the prices are."""
    words = [token.lower for token in tokens(turn) if token.text[0].isalnum()]
    if not words or len(words) > 5 or any(word in _SENTENCE for word in words) or words[0] in PREPOSITIONS:
        return capital(turn)
    name = turn.strip().rstrip("?.! ")
    is_name = sum(token.text[0].isupper() for token in tokens(name)) > 1 or name[:2].isupper()
    first = name if is_name else name[:1].lower() + name[1:]
    if words[0] in ("any", "other", "others"):
        return f"Are there {first}?"
    if words[0] in _REQUESTS or any(is_verb(word) for word in words[1:-1]):
        return capital(turn)
    if len(words) > 1 and (is_verb(words[0]) or words[1] in ("a", "an", "the", "my")):
        return f"How do I {first}?" if words[0][-1] != "s" else capital(turn)
    gerund = words[0].endswith("ing") and not (len(words) == 2 and is_plural(words[1]))  # "opening hours" is a thing
    if gerund or words[0] == "some":
        return f"What about {first}?"
    found = phrases(name)
    verb = "are" if is_plural(found[0].head if found else words[-1]) else "is"
    article = "" if words[0] in DETERMINERS or is_name else "the "
    return f"What {verb} {article}{first}?"


_REQUESTS = frozenset("explain name tell give list summarize describe show compare clarify define help".split())
_SENTENCE = AUXILIARIES | frozenset("what how who when why where which if not i you no so from".split())


def capital(text: str) -> str:
    """A text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
