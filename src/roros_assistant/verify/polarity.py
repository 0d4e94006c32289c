"""What a claim denies, turns round, makes stronger or counts otherwise than its sources."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from roros_assistant.verify.alignment import Aligned
from roros_assistant.verify.antonyms import turned_round
from roros_assistant.verify.numbers import Quantity
from roros_assistant.verify.reading import Sentence, denials

# What denies without a word of denial: "a former mining town" is none now.
_AS_GOOD_AS_DENIED = re.compile(
    r"\b(?:former(?:ly)?|used to|few|little|closed|shut|instead of|rather than|barely|rarely|seldom|deserted|missed"
    r"|ended|over|limited|scarce|in(?:complete|correct|valid|active)|im(?:possible|practical)|absent|absence)\b",
    re.IGNORECASE,
)
_NEAR_DENIAL = 2  # words of its own behind a denial: what is denied, not what else stands in the clause
_STRONG = re.compile(
    r"\b(?:only|all|every|everyone|everything|everywhere|always|never|exactly|must|entirely|completely|totally|none|nobody|"
    r"definitely|certainly|guaranteed|(?<!at )(?:most|least)|best|worst|first|last|each|whole|sole|solely|fully|any"
    r"|(?!forest|harvest|interest|request|guest|honest|chest|quest|suggest|modest)\w{3,}est)\b",
    re.IGNORECASE,
)
_COUNTED = 4  # words of its own behind a number: what it counts is among them
_FIRST_YEAR, _LAST_YEAR = 1000, 2100  # a number between is a year more often than it counts


def contradictions(aligned: Aligned) -> list[str]:
    """Words that the claim denies and the sources do not, or the other way round."""
    found = chain.from_iterable(_contradicting(sentence, aligned.about(sentence)) for sentence in aligned.claim)
    return list(dict.fromkeys(found))


def _contradicting(sentence: Sentence, sources: Sequence[Sentence]) -> Iterator[str]:
    """The words that one sentence of a claim and those that speak of the same do not deny alike."""
    said: dict[str, list[int]] = {}
    for word in chain.from_iterable(source.content for source in sources):
        said.setdefault(word.key, []).append(word.denied)
    sources_deny = any(source.denies or _AS_GOOD_AS_DENIED.search(source.text) for source in sources)
    denied_there = {key for key, ranks in said.items() if all(0 < rank <= _NEAR_DENIAL for rank in ranks)}
    denied_here = [word for word in sentence.content if 0 < word.denied <= _NEAR_DENIAL]
    cues = denials(sentence.text)
    if cues and not any(turned_round(word.key) & said.keys() for word in denied_here):
        if not sources_deny:
            yield cues[0].group()
        yield from (word.text for word in denied_here if word.key in said and not any(said[word.key]))
    turned = any(turned_round(word.key) & denied_there for word in sentence.content)
    if not turned and not _AS_GOOD_AS_DENIED.search(sentence.text):
        yield from (word.text for word in sentence.content if not word.denied and word.key in denied_there)


def contraries(aligned: Aligned) -> list[str]:
    """Words of the claim, in no source, whose contrary stands in its best sentences."""
    said = {word.key: word.denied for sentence in aligned.best for word in sentence.words}
    found = []
    for word in chain.from_iterable(sentence.words for sentence in aligned.claim):
        against = turned_round(word.key) & said.keys()
        if word.key not in aligned.keys and against and not word.denied and not any(said[key] for key in against):
            found.append(word.text)
    return found


def strengthened(aligned: Aligned) -> list[str]:
    """Words that make a claim stronger than its sources: "only", "all", "always"."""
    whole = " ".join(sentence.text for sentence in aligned.sources)
    said = {match.group().lower() for match in _STRONG.finditer(whole)}
    found = (match.group() for match in _STRONG.finditer(aligned.text))
    return [word for word in dict.fromkeys(found) if word.lower() not in said]


def miscounted(aligned: Aligned) -> list[str]:
    """Numbers of the claim that the sources say of something else than it does."""
    counts = [
        (number, _behind(sentence, number, _COUNTED)) for sentence in aligned.sources for number in sentence.numbers
    ]
    found = []
    for sentence in aligned.claim:
        for number in sentence.numbers:
            thing = _behind(sentence, number, 1)
            here = [things for other, things in counts if number.agrees(other)]
            elsewhere = any(thing & things for other, things in counts if not number.agrees(other))
            counted = not number.kind and not _FIRST_YEAR <= number.value <= _LAST_YEAR
            if not thing or any(thing & things for things in here):
                continue
            if (here and counted and not number.weak) or (elsewhere and (here or number.weak)):
                found.append(sentence.text[number.start : number.end])
    return found


def _behind(sentence: Sentence, number: Quantity, count: int) -> frozenset[str]:
    """The next words of its own behind a number, up to the next one: what it counts is among them."""
    end = min((other.start for other in sentence.numbers if other.start >= number.end), default=len(sentence.text))
    return frozenset([word.key for word in sentence.content if number.end <= word.start < end][:count])
