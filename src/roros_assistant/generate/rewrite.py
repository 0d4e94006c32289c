"""A model's reply -> the question that stands alone, if it is one and keeps what was asked."""

import re
from collections.abc import Sequence

from roros_assistant.generate.language import is_english
from roros_assistant.types import Turn

_MOST_WORDS = 40
_SMALL = 3  # letters
_LABEL = re.compile(
    r"^(?:(?:the )?(?:last|rewritten|standalone|stand-alone)? ?question|rewrite|traveller)\b[^:?]{0,40}:\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:[.,:’'-][^\W_]+)*")
# A question begins with a capital letter, so its first word is taken for a name only where nothing else explains it.
_OPENERS = frozenset(
    "what when where which who whom whose how why is are was were do does did can could will would should shall may "
    "might has have had am and or but so if in on at for from to of by with about tell please i the a an any there "
    "then not no yes also what's where's when's how's who's".split()
)
_NEVER_NAMES = frozenset({"i", "i'm", "i'd", "i've", "i'll", "english"})


def checked_rewrite(reply: str, question: str, history: Sequence[Turn]) -> str | None:
    """The rewritten question, or None: it is none, loses a name or number of the question, or makes something up.

    >>> turns = [Turn("user", "How long does the train from Trondheim take?"), Turn("assistant", "2.5 hours")]
    >>> checked_rewrite("How much is the train from Trondheim?", "how much is it?", turns)
    'How much is the train from Trondheim?'
    >>> checked_rewrite("How much is the train from Oslo?", "how much is it?", turns)
    >>> checked_rewrite("Is the train open in winter?", "and on 24 December?", turns)
    """
    line = _one_question(reply)
    if line is None:
        return None
    told = _words(" ".join([question, *(turn.content for turn in history)]))
    kept = _words(line)
    if not _names(question) <= kept or not _names(line) <= told or _made_up(kept, told):
        return None
    return line


def checked_translation(reply: str, question: str) -> str | None:
    """The question in English, or None: it is none, or has other numbers than it had.

    >>> checked_translation("How much is a room for 2?", "Was kostet ein Zimmer für 2?")
    'How much is a room for 2?'
    >>> checked_translation("How much is a room for 3?", "Was kostet ein Zimmer für 2?")
    >>> checked_translation("Was kostet das Zimmer, und ist es frei?", "Was kostet das Zimmer, und ist es frei?")
    """
    line = _one_question(reply)
    if line is None or not is_english(line):
        return None
    return line if re.findall(r"\d+", line) == re.findall(r"\d+", question) else None


def _one_question(reply: str) -> str | None:
    line = _LABEL.sub("", reply.strip().strip("\"'“”*_` ")).strip("\"'“”*_` ")
    if "\n" in line or line.count("?") != 1 or not line.endswith("?") or len(line.split()) > _MOST_WORDS:
        return None
    return " ".join(line.split())


def _words(text: str) -> set[str]:
    return {_bare(word) for word in _WORD.findall(text)}


def _made_up(kept: set[str], told: set[str]) -> bool:
    """Whether most of its words come from nowhere; the small ones tell nothing."""
    longer = {word for word in kept if len(word) > _SMALL}
    return 2 * len(longer & told) < len(longer)


def _names(text: str) -> set[str]:
    """What must not change: numbers, and words with a capital letter that no sentence's beginning gives them."""
    found = set()
    for match in _WORD.finditer(text):
        word = match[0]
        begins = not re.search(r"[^.?!…\s\"“‘(–-]\s*$", text[: match.start()])
        named = word[0].isupper() and not (begins and word.lower().replace("’", "'") in _OPENERS)
        if any(sign.isdigit() for sign in word) or (named and word.lower().replace("’", "'") not in _NEVER_NAMES):
            found.add(_bare(word))
    return found


def _bare(word: str) -> str:
    """Without case and the ending of a possessive."""
    return re.sub(r"['’]s$", "", word.lower())
