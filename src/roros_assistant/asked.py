"""What kind of thing a question asks for, and whether a text has it; grammar of English, nothing of any destination."""

import re
from dataclasses import dataclass

from roros_assistant.quantities import CLOCK, DAY, FREE, LASTING, LENGTH, MONEY, MONTH, NUMBER, SEASON, SPAN


@dataclass(frozen=True, slots=True)
class KindAsked:
    """One kind of thing: how a question asks for it, and what it looks like in a text."""

    name: str  # as it stands in "the sources do not give ..."
    question: re.Pattern[str]
    evidence: re.Pattern[str]
    decides: bool  # a text without it is no answer: a price asked for is not met by a sentence about the train
    tells: bool  # a text with it says something of its own to the question: a time; "we" says little to "who"


def _kind(name: str, question: str, evidence: str, *, decides: bool = True, tells: bool = True) -> KindAsked:
    return KindAsked(name, re.compile(question, re.IGNORECASE), re.compile(evidence, re.IGNORECASE), decides, tells)


# The first kind whose question fits is taken: the narrow ones stand before the wide ones.
_KINDS = (
    _kind(
        "a price",
        r"\bhow much(?= (?:is|are|was|were|do|does|did|can|could|will|would|should|for|to|money|an?|the|they|it|we|i|you|"
        r"one)\b|\W*$)|\b(?:price|cost|fare|fee|admission)s?\b|\bentrance(?= (?:fee|charge|ticket|to)|(?<!the entrance)\W*$)"
        r"|\bhow (?:expensive|cheap|pricey)\b|^\W*(?:and |but |so )?(?:is|are|was|were) .*\b(?:expensive|cheap|pricey|costly)\b|\bis it free\b(?! of)|\bfree (?:entry|entrance|admission)\b",
        rf"{MONEY}|{FREE}|\b(?:expensive|cheap|affordable|pricey|inexpensive|costs?)\b",
    ),
    _kind(
        "a time of day",
        r"\b(?:what|which) time (?:does|do|is|are|will|can|should|did)\b|\bat what time\b|\bopening (?:hours|times?)\b"
        r"|\b(?:business|visiting) hours\b|\btimetables?\b|\b(?:departure|arrival|closing|check-?(?:in|out)) times?\b"
        r"|\bhow (?:late|early)\b(?!.*\b(?:book|reserve)d?\b)",
        CLOCK,
    ),
    _kind(
        "how to make contact",
        r"\b(?:tele)?phone(?= numbers?\b| of\b|\W*$)(?<!my phone)(?<!your phone)|\bfax\b|\be-?mail\b"
        r"|\b(?:street |postal )?address\b|\bcontact details\b|\bweb ?site\b",
        r"\+?\d[\d ()-]{6,}\d|\S+@\S+\.\w|https?://|\bwww\.|\b\d{1,4} \w+ (?:street|road|avenue|lane|square)\b"
        r"|\b\w+(?:gata|gate|veien|vegen|vei|straße|strasse) \d",
    ),
    _kind(
        "a distance",
        r"\bhow (?:far|near|close)\b(?! (?:in advance|ahead|back)\b)|\bdistance\b|\bwalking distance\b",
        rf"\b{NUMBER}[ -]?(?:{LENGTH}|blocks?)\b|{LASTING}"
        r"|\bnext to\b|\bnearby\b|\bclose to\b|\bwithin walking\b|\baround the corner\b",
    ),
    _kind(
        "a measure",
        r"\bhow (?:tall|high|deep|wide|heavy|steep|cold|warm|hot)\b|\b(?:height|depth|width|altitude|elevation)\b"
        r"|\btemperatures?\b",
        rf"\b{NUMBER}[ -]?(?:{LENGTH}|kg|tons?|%|°|degrees)(?!\w)|\d ?°|\b(?:minus|plus|below|above|around) (?:{NUMBER}|zero)\b",
    ),
    _kind(
        "how long it is",
        r"\bhow long (?:is|are|was|were)\b",
        rf"{LASTING}|\b{NUMBER}[ -]?{LENGTH}\b|\bovernight\b|\bthrough \w+\b|\ball (?:day|year)\b",
    ),
    _kind(
        "how long it takes",
        rf"\bhow long (?:does|do|will|would|did|to|should|can)\b|\bhow many {SPAN}\b|\bduration\b"
        r"|\b(?:travel|journey|train|bus|driv\w+|flight|walking|ride) times?\b|\bhow quick(?:ly)?\b|\bhow fast\b",
        rf"{LASTING}|\bovernight\b|\bthrough \w+\b|\ball (?:day|year)\b",
    ),
    _kind(
        "how often",
        r"\bhow (?:often|frequent(?:ly)?|regular(?:ly)?)\b|\bfrequency\b|\bhow many (?:times|trains|buses|flights|ferries|boats"
        r"|departures|tours) (?:a|per|each|every) \w+",
        rf"\b(?:daily|hourly|weekly|monthly|yearly|annual(?:ly)?|every|each|once|twice|regular(?:ly)?|often|rarely|seldom"
        rf"|sometimes|always|never|year-?round)\b|\b(?:a|per) (?:day|week|month|year|hour)\b|\b{NUMBER} times\b",
    ),
    _kind("a number", r"\bhow many\b|\bnumber of\b|\bpopulation\b", rf"\b{NUMBER}\b|\d"),
    _kind(
        "a year or a date",
        r"\b(?:what|which) (?:year|date|century)\b|\bwhen (?:was|were|did|has|have)\b|\bsince when\b|\bhow old\b"
        r"|\b(?:founding|opening|building) (?:year|date)\b|\bdates? (?:of|for)\b",
        rf"\b1\d{{3}}|\b20\d\d|\byear \d{{3}}\b|\b{NUMBER} {SPAN} (?:ago|old)\b|\b{MONTH}\b|\b\d\d?(?:st|nd|rd|th) century\b"
        r"|\b(?:yesterday|today|last (?:year|month|week|summer|winter|spring|autumn))\b",
        decides=False,
    ),
    _kind(
        "who it is",
        r"^\W*(?:and |but |so )?who(?:'s|’s|se)?\b",
        r"(?<=[a-z,;:] )(?-i:[A-ZÆØÅ])\w+|\b(?:I|we|our|my)\b",
        decides=False,
        tells=False,
    ),
    _kind(
        "a name",
        r"\bnames? of\b|(?<!why )\b(?:is|are|was|were|it|they) (?:\w+ ){0,4}(?:called|named)\b|\bwhat(?:'s|’s| is| are) .+(?:'s|’s|s’) names?\b"
        r"|\b(?:what|which) (?:company|companies|firm|operator|organi[sz]ation|agency|architect|artist)\b",
        r"\b(?:called|named|known as|nicknamed)\b|(?<=[a-z,;:] )(?-i:[A-ZÆØÅ])\w+",
        decides=False,
        tells=False,
    ),
    _kind(
        "a season",
        r"\b(?:what|which) time of (?:the )?year\b|\b(?:best|right|good|ideal|worst) (?:time|season|month)s?\b"
        r"|\b(?:what|which) (?:months?|seasons?)\b|\bseasons? (?:to|for)\b|\b(?:summer|winter|spring|autumn) or\b"
        r"|\bwhen (?:to|should|shall|would|could|can|do|is it best) (?:i |we |you |one |people |to )*"
        r"(?:best |recommend |suggest )?(?:go|visit|come|travel|plan)\b",
        rf"\b(?:{MONTH}|{SEASON})\b",
        decides=False,
    ),
    _kind(
        "when",
        r"^\W*(?:and |but |so |or )?when\b|\bwhen(?:'s|’s| (?:is|are|was|were|will|do|does|did|can|could|should))\b|\b(?:what|which) days?\b",
        rf"\b(?:{MONTH}|{SEASON}|{DAY}|weekends?)\b|\b1\d{{3}}\b|\b20\d\d\b|\bwhen\b|\byears? ago\b|{CLOCK}",
    ),
)

# Words that single one thing out, or turn a statement round: what a source says without them answers no question with them.
_EXTREMES = re.compile(
    r"\b(?:least|fewest|lowest|smallest|worst|last|only|first|most|highest|largest|ever|always|all|every|opposite|instead|rather"
    r"|fail(?:s|ed)?|refus\w+|den(?:y|ied)|lack\w*|bann?\w*|before|after|un\w{4,}|in(?:effective|efficient|complete|correct|valid)\w*"
    r"|dis\w{5,}|non-?\w+|illegal|impossible)\b",
    re.IGNORECASE,
)

# What is counted, with up to two words before it: "old wooden houses".
_COUNTED = re.compile(
    r"\b(?:how many|number of) ((?:[a-z]+ ){0,2}?[a-z]+)(?=\W*$|[,;]| (?:is|are|was|were|do|does|did|can|could|may|will|would"
    r"|ha[sdv]e?|in|on|at|of|to|by|live|there|the|a|i|we|you|they|it|from|for|with)\b)|\b(?:how many|number of) ([a-z]+)"
    r"|\bpopulation\b",
    re.IGNORECASE,
)
# How many live there: under whatever name, not those who came, saw or took part.
_LIVING = re.compile(
    r"\bpopulation\b|\b(?:how many|number of) (?:inhabitants|residents)\b"
    r"|\bhow many (?:people|folks?|souls|persons) (?:\w+ ){0,2}(?:live|stay|reside|left)\b",
    re.IGNORECASE,
)
_INHABITANTS = (
    r"\b(?:inhabitants?|residents?|citizens|souls|villagers|of us\b|live|(?:people|persons)\b(?! (?:who|that|from|can|could"
    r"|ha[sdv]e?|were(?! living)|came|come|took|take|visit\w*|attend\w*|participat\w*|work\w*|died|left)\b))"
)
_POPULATION = re.compile(rf"\bpopulation\b[^.;\d]{{0,20}}\b{NUMBER}\b", re.IGNORECASE)
_MORE_OF_THEM = frozenset(("other", "different", "more"))
_NAME_GOES_ON = re.compile(r" [A-ZÆØÅ]")
_PLURAL = re.compile(r"(?:ies|s|y)$", re.IGNORECASE)
_NOUN_WITHIN = 40  # characters between a number and what it counts: "200 trade-, catering- and tourism businesses"


def kind_asked(question: str) -> KindAsked | None:
    """The kind of thing that a question asks for, where its words tell.

    >>> kind_asked("How long does the train take?").name
    'how long it takes'
    """
    return next((kind for kind in _KINDS if kind.question.search(question)), None)


def has_kind(kind: KindAsked | None, text: str, question: str = "") -> bool:
    """Whether a text holds a thing of that kind; where nothing special is asked, any text does.

    A number counts only before the noun that is counted, and words that the question itself brought prove nothing:
    "Winter Fair" does not say when the Winter Fair is, and neither does another event's name.

    >>> has_kind(kind_asked("How many trains are there?"), "The train takes 2.5 hours", "How many trains are there?")
    False
    """
    if kind is None:
        return True
    counted = counted_thing(question) if kind.name == "a number" else None
    if counted is not None:
        living = _LIVING.search(question) and _POPULATION.search(text)
        return bool(living or re.search(rf"\b{NUMBER}\b(?:{counted.pattern})", text, re.IGNORECASE))
    asked = {word.lower() for word in re.findall(r"\w+", question)}
    return any(
        not asked.issuperset(re.findall(r"\w+", match.group().lower())) and not _NAME_GOES_ON.match(text, match.end())
        for match in kind.evidence.finditer(text)
    )


def counted_thing(question: str) -> re.Pattern[str] | None:
    """What must stand behind a number that counts what "how many" asks for; None where nothing is counted.

    >>> bool(counted_thing("How many parks are there?").match(" national parks"))
    True
    """
    counted = _COUNTED.search(question)
    if counted is None:
        return None
    words = [word for word in (counted.group(1) or counted.group(2) or "").split() if word.lower() not in _MORE_OF_THEM]
    if _LIVING.search(question):
        noun = _INHABITANTS
    elif words:
        noun = rf"\b(?:{'|'.join(_PLURAL.sub('', word) for word in words)})"
    else:
        return None
    return re.compile(rf"[^.;]{{0,{_NOUN_WITHIN}}}{noun}", re.IGNORECASE)


def extremes(question: str, text: str) -> int:
    """How many words that single one thing out, or turn it round, a question has and a text does not.

    >>> extremes("What was the first mine?", "The mine was opened in 1644.")
    1
    """
    there = {match.group().casefold() for match in _EXTREMES.finditer(text)}
    return len({match.group().casefold() for match in _EXTREMES.finditer(question)} - there)
