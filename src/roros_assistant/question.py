"""What is taken as a question at any door: some text, not too long, in characters that a model knows."""

import unicodedata

from roros_assistant.errors import InputInvalid
from roros_assistant.types import MAX_QUESTION


def check_question(question: object) -> str:
    """The question without the space around it.

    Raises:
        InputInvalid: it is empty, too long, or no text at all.
    """
    if not isinstance(question, str):
        raise InputInvalid("the question is missing or is not a string")
    question = unicodedata.normalize("NFC", whole_characters(question)).strip()
    if not question:
        raise InputInvalid("the question is empty. Ask something, for example: roros ask 'best season to visit'")
    if len(question) > MAX_QUESTION:
        raise InputInvalid(
            f"the question has {len(question):,} characters, more than {MAX_QUESTION:,}; ask it in fewer"
        )
    return question


def whole_characters(text: str) -> str:
    """Half a surrogate pair, which JSON, a shell and a browser can carry, is no character that a model knows.

    >>> whole_characters("a" + chr(0xD800))
    'a?'
    """
    return text.encode("utf-8", "replace").decode()
