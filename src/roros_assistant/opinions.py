"""Questions of opinion: whether a question is one, how a reader's words speak to it, how many speak which way."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

from roros_assistant.stems import stems
from roros_assistant.types import Balance, Destination, Document, Stance

_PEOPLE = (
    r"(?:people|visitors?|readers?|guests?|travell?ers?|tourists?|commenters?|commentators?|reviewers?|customers?|diners?|"
    r"others|anyone|anybody|someone|somebody|everyone|everybody|they|folks|families|couples|the (?:comments?|reviews?))"
)
_ASKS = re.compile(
    rf"\b{_PEOPLE}\b.{{0,40}}?\b(?:say|said|think|thought|feel|felt|like|love|enjoy|recommend|find|found|complain|describe"
    rf"|write|mention|prefer|hate|dislike|rate|happy|unhappy|pleased|satisfied|disappointed|impressed|fond)\w*\b"
    rf"|\bopinions?\b|\breviews?\b|\bcomments? (?:say|on|about)\b|\bimpressions?\b|\bcomplaints?\b|\bfeedback\b"
    rf"|\bworth (?:it|a (?:visit|trip|stop|detour)|the (?:trip|visit|money|detour|journey|price)|\w+ing)\b"
    rf"|\bworthwhile\b"
    rf"|\b(?:would|do|did|can) (?:you|anyone|anybody|{_PEOPLE}) recommend\b|\bany good\W*$|\bany regrets?\b",
    re.IGNORECASE,
)
# Words that ask for an opinion and name no subject: with these alone, the place itself is the subject.
_OPINION_WORDS = frozenset(
    stems(
        "people visitors readers guests travellers travelers tourists commenters commentators reviewers customers "
        "diners others anyone anybody someone somebody everyone everybody folks comments reviews say said thought "
        "think feel felt like love enjoy recommend find found describe words write mention opinions impressions "
        "general overall worth worthwhile visit trip going go went there place positive negative good bad nice "
        "experiences views feedback really actually honest tell summary been time"
    )
)
# A wish, a plan, hearsay; "would love to come back" is the word of somebody who has been.
_HOPE = re.compile(
    r"(?:\b(?:would|could)|['’]d) (?:\w+ ){0,2}(?:love|like|want|enjoy) to\b(?! (?:\w+ ){0,3}(?:again|back|return))"
    r"|\b(?:want|wanted|hope|hoping|plan|planning|wish|dying|keen|wait|looking forward) to"
    r" (?:visit|go|see|come|try|explore|be)"
    r"|\b(?:bucket|wish|to-?do) ?-?list\b|\bI(?:['’]ve| have)? (?:always )?heard\b|\b(?:can|could) (?:\w+ )?imagine\b"
    r"|\bwhen (?:I|we) (?:\w+ )?(?:go|visit|get)\b|\b(?:some|one) ?day\b|\bhopefully\b|\bmust be\b",
    re.IGNORECASE,
)
# VADER's compound score in [-1, 1]; its authors take 0.05 as neutral's edge for tweets. On this kind of text weak words
# ("sadly missed", "no wonder") pass that, so a sentence must be a little surer.
_SURE = 0.2


def asks_opinion(question: str) -> bool:
    """Whether a question asks what people think.

    >>> asks_opinion("Do people like the food?"), asks_opinion("Is it worth it?"), asks_opinion("When was it founded?")
    (True, True, False)
    """
    return _ASKS.search(question) is not None


def names_subject(question: str, destination: Destination) -> bool:
    """Whether a question of opinion is about something less than the place as a whole."""
    own = {stem for name in (*destination.names, destination.stand_in) for stem in stems(name)}
    return not set(stems(question)) <= _OPINION_WORDS | own


@lru_cache(maxsize=10_000)
def stance(text: str) -> Stance | None:
    """How a sentence speaks; None where it takes no side.

    >>> stance("I really liked it."), stance("Sadly everything was closed."), stance("Would love to see it in summer!")
    (<Stance.FOR: 'for'>, <Stance.AGAINST: 'against'>, <Stance.HOPE: 'hope'>)
    """
    if _HOPE.search(text):
        return Stance.HOPE
    score = _analyzer().polarity_scores(text)["compound"]
    return Stance.FOR if score >= _SURE else Stance.AGAINST if score <= -_SURE else None


def weigh(said: Mapping[str, Iterable[Stance | None]], documents: Collection[Document]) -> Balance:
    """Count the writers of comments, each once, by all that they say; ``said`` gives the stances by document id."""
    writers = {document.id: document.author or document.id for document in documents}
    visitors = {writers[document.id] for document in documents if document.visited and document.id in said}
    stances: dict[str, set[Stance]] = {}
    for document_id, taken in said.items():
        stances.setdefault(writers[document_id], set()).update(one for one in taken if one is not None)
    counts = Counter(whole for taken in stances.values() if (whole := _whole(taken)) is not None)
    return Balance(len(stances), len(visitors), tuple((one, counts[one]) for one in Stance if counts[one]))


def _whole(taken: Collection[Stance]) -> Stance | None:
    """What one person's sentences come to: who has found something is not counted as hoping."""
    found = set(taken) - {Stance.HOPE}
    if len(found) > 1:
        return Stance.MIXED
    return next(iter(found or taken), None)


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
