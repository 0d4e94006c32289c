"""Words of English that turn each other round; a source that says one does not say the other."""

from itertools import permutations

from roros_assistant.verify.reading import key

_PAIRS = """
open/closed open/shut cheap/expensive inexpensive/expensive affordable/expensive small/large small/big little/big
tiny/huge near/far nearest/farthest close/far best/worst good/bad better/worse old/new old/modern ancient/modern
early/late earlier/later quiet/busy quiet/loud quiet/lively deserted/crowded empty/crowded empty/full always/never
before/after north/south east/west northern/southern eastern/western increase/decrease rise/fall more/less more/fewer
most/least first/last high/low highest/lowest easy/hard easy/difficult safe/dangerous allowed/forbidden
attractive/ugly beautiful/ugly hot/cold warm/cold warm/cool wet/dry long/short tall/short strong/weak rich/poor
fast/slow quick/slow light/dark public/private inside/outside indoors/outdoors above/below over/under up/down
left/right top/bottom top/foot begin/end start/end begin/stop start/stop arrive/leave arrival/departure win/lose
success/failure succeed/fail profit/loss surplus/deficit positive/negative remember/forget accept/reject
include/exclude lead/follow teach/learn buy/sell male/female man/woman men/women mother/father brother/sister
husband/wife king/queen summer/winter spring/autumn morning/evening day/night urban/rural
natural/artificial natural/manmade wild/tame major/minor maximum/minimum many/few often/rarely often/seldom
rare/common love/hate like/dislike agree/disagree simple/complex simple/complicated clean/dirty soft/hard wide/narrow
deep/shallow young/old active/inactive legal/illegal possible/impossible famous/unknown permanent/temporary
temporary/lasting local/foreign domestic/foreign coast/inland same/different together/alone
together/separately compete/cooperate separate/joint former/current former/present founded/abolished
built/demolished preserve/destroy preserved/destroyed protect/destroy promote/discourage helped/hindered
strengthen/weaken strengthened/weakened friend/enemy interesting/boring remarkable/ordinary minimise/maximise
adverse/beneficial sustainable/unsustainable
"""


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _PAIRS.split():
        for first, second in permutations(map(_degrees, pair.split("/"))):
            for word in first - second:
                table.setdefault(word, set()).update(second - first)
    return {word: frozenset(others) for word, others in table.items()}


def _degrees(word: str) -> frozenset[str]:
    """The keys of a word and of the superlatives that it may have: "hardest", "easiest", "largest", "biggest"."""
    ends = (word.removesuffix("e") + "est", word.removesuffix("y") + "iest", word + word[-1] + "est")
    return frozenset(map(key, [word, *ends]))


ANTONYMS = _table()
_PREFIXES = ("un", "dis", "non")
_SHORTEST = 4  # letters that are left of a word without its prefix


def turned_round(word: str) -> frozenset[str]:
    """The keys of words that say the contrary of a key: its antonyms, and itself without "un-" or with it.

    >>> "expens" in turned_round(key("cheap")), "attract" in turned_round(key("unattractive"))
    (True, True)
    >>> sorted(turned_round(key("hardest")) & {"easi", "easiest", "hard"})
    ['easi', 'easiest']
    """
    bare = {
        word.removeprefix(each) for each in _PREFIXES if word.startswith(each) and len(word) >= len(each) + _SHORTEST
    }
    prefixed = {each + word for each in _PREFIXES} if len(word) >= _SHORTEST else set()
    return ANTONYMS.get(word, frozenset()) | bare | prefixed
