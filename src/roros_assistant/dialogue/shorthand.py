"""How travellers shorten words on a phone -> the words."""

import re
from collections.abc import Collection

# Only what is no word of English and means one thing; "r", "temp" or "info" may be names or are read as they stand.
_MEANT = {
    "xmas": "christmas",
    "u": "you",
    "ur": "your",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "smth": "something",
    "smwhere": "somewhere",
    "bday": "birthday",
    "hrs": "hours",
    "mins": "minutes",
    "tix": "tickets",
    "resto": "restaurant",
    "restos": "restaurants",
    "accom": "accommodation",
    "b4": "before",
    "wanna": "want to",
    "gonna": "going to",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "yrs": "years",
    "approx": "approximately",
    "bcs": "because",
    "thru": "through",
    "nite": "night",
    "wks": "weeks",
    "abt": "about",
    "rlly": "really",
}
_WORD = re.compile(rf"(?<![\w'’.-])(?:{'|'.join(_MEANT)})(?![\w'’.-])", re.IGNORECASE)


def spelled_out(text: str, known: Collection[str] = ()) -> str:
    """A text with shortened words written out, but those that the sources themselves use.

    >>> spelled_out("can u go at Xmas?")
    'can you go at christmas?'
    """

    def meant(found: re.Match[str]) -> str:
        word = found.group()
        return word if word.lower() in known else _MEANT[word.lower()]

    return _WORD.sub(meant, text)
