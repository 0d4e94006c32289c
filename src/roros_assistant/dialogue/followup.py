"""A turn and the questions before it -> the turn with what it leaves unsaid filled in, as plain English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from roros_assistant.dialogue.carry import WEIGHTS, Candidate, candidates, content, evidence, probability
from roros_assistant.dialogue.facets import bare_asking, change, facet, is_time
from roros_assistant.dialogue.fragments import as_question, bare, capital, is_fragment, without_old_topic
from roros_assistant.dialogue.grammar import PREPOSITIONS
from roros_assistant.dialogue.phrases import Phrase, phrases

# Probabilities above which a phrase is carried over: a pronoun must mean something and "prices?" be of something, a
# whole question need not.
_FOR_PRONOUN = 0.03
_UNSAID = 0.6
_UNSAID_BY_FRAGMENT = 0.2
_KEPT = frozenset("in at on from with during by to near via".split())


@dataclass(frozen=True, slots=True)
class Resolved:
    """A turn that stands alone, and what the conversation added to it, in words."""

    text: str
    added: str | None = None


def resolve(
    turn: str, earlier: Sequence[str], *, neutral: frozenset[str] = frozenset(), answer: str = "", closed: bool = False
) -> Resolved:
    """Fill in what a turn leaves unsaid.

    Args:
        turn: what was said.
        earlier: the questions before it, oldest first, each standing alone.
        neutral: stems of words that name the destination itself, which "it" and "there" mean without being told.
        answer: the first words of the answer to the last of them.
        closed: whether thanks came before the turn: then it goes on only where it says so.
    """
    asked = bare(turn)
    if not earlier:
        return Resolved(turn)
    alone = without_old_topic(asked)
    if alone is not None:
        return Resolved(alone)
    changed = _changed(turn, earlier)
    if changed is not None:
        return changed
    ranked = rank(asked, earlier, neutral)
    for resolved in (
        _other_one(asked, earlier),
        _there(asked, earlier[-1], answer, neutral),
        _pronoun(asked, ranked),
        _fuller(asked, ranked),
        None if closed else _appended(asked, ranked),
    ):
        if resolved is not None:
            return resolved
    alone = as_question(asked)
    return Resolved(turn if alone == capital(turn) else alone)


def _changed(turn: str, earlier: Sequence[str]) -> Resolved | None:
    """The question before with the facet that the turn changes, or with the bare "why?" that it asks of it."""
    whole = bare_asking(turn, earlier[-1])
    if whole is not None:
        return Resolved(whole, earlier[-1].rstrip("?.! "))
    named = facet(turn)
    done = change(named, earlier[-1]) if named else None
    return Resolved(done[0], done[1] or done[0].rstrip("?.! ")) if done else None


def rank(turn: str, earlier: Sequence[str], neutral: frozenset[str] = frozenset()) -> list[tuple[float, Candidate]]:
    """What the turn may leave unsaid, the likeliest first, with its probability."""
    scored = [
        (probability(evidence(turn, one, earlier), WEIGHTS), one)
        for one in candidates(turn, earlier)
        if not content(one.phrase.text) <= neutral
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].distance, pair[1].phrase.start))


_OTHER_ONE = re.compile(r"\bthe other(?: one)?\b(?! \w{3})", re.IGNORECASE)
_PLACE_THERE = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )\b(?:(?P<to>get|go|walk|drive|travel) )?there\b", re.I
)
_AND_BACK = re.compile(r"^(?:is|are|was|were|will|can) there\b|\bthere(?:'s|’s| is| are| was| were)\b", re.IGNORECASE)
_ASKS_A_PLACE = re.compile(
    r"^(?:where|(?:which|what) (?:place|street|neighbou?rhood|museum|area|part)s?)\b", re.IGNORECASE
)


def _other_one(turn: str, earlier: Sequence[str]) -> Resolved | None:
    """The turn with "the other one" named: of two that were spoken of, the one that was not last asked about."""
    if not _OTHER_ONE.search(turn):
        return None
    latest = [phrase for phrase in phrases(earlier[-1]) if phrase.is_name or phrase.determiner]
    before = [phrase for question in reversed(earlier[:-1]) for phrase in phrases(question)]
    pair = next(
        (one for one in before if latest and one.is_name == latest[-1].is_name and not _same(one, latest)), None
    )
    other = latest[-2] if len(latest) == 2 and re.search(r"\b(?:or|and|than|vs)\b", earlier[-1]) else pair
    if other is None:
        return None
    named = _with_determiner(other)
    told = facet(_OTHER_ONE.sub("", turn) + " " + named)
    changed = change(named, earlier[-1]) if told and len(latest) == 1 else None
    return Resolved(changed[0] if changed else capital(_OTHER_ONE.sub(named, turn)), named)


def _same(phrase: Phrase, others: Sequence[Phrase]) -> bool:
    return any(content(phrase.text) & content(other.text) for other in others)


def _there(turn: str, question: str, answer: str, neutral: frozenset[str]) -> Resolved | None:
    """The turn with "there" named: a place of the question before, or of its answer where it asked for a place."""
    found = _PLACE_THERE.search(turn) if not _AND_BACK.search(turn) else None
    if found is None or any(phrase.is_name for phrase in phrases(turn)):
        return None
    said = [*phrases(question), *(phrases(answer) if _ASKS_A_PLACE.match(question) else ())]
    places = [
        p
        for p in said
        if (p.is_name or p.head in _PLACES) and not content(p.text) <= neutral and p.preposition != "from"
    ]
    if not places:
        return None
    named = _with_determiner(places[0])
    there = (
        f"{found['to']} to {named}" if found["to"] else f"at {named}" if places[0].head in _PLACES else f"in {named}"
    )
    return Resolved(capital(turn[: found.start()] + there + turn[found.end() :]), named)


_PLACES = frozenset(
    "museum church station street hotel hostel restaurant cafe café lake mountain park mine smelter mill tower "
    "farm cave waterfall bridge river square shop market fair office camping campsite airport bar pub pension "
    "guesthouse castle beach harbour hill hills theatre".split()
)
_PRONOUN = re.compile(
    r"\b(?P<possessive>its|their|his|her(?= \w))\b|\b(?P<thing>it)\b|\b(?P<many>they|them|(?:these|those)(?! \w{3}))\b"
    r"|\b(?P<person>he|she|him|her)\b|\b(?P<shown>(?:(?<=does )|(?<=did )|(?<=would )|(?<=can ))(?:this|that)"
    r"|(?:this|that)(?! \w{3}))\b"
    r"|\b(?P<kind>(?:this|that|these|those|the same) (?P<noun>[a-z]{3,}))(?! [a-z]{4})\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:(?:and|but|so)\s+)?(?:what|how|who|when|why|where|which|is|are|was|were|do|does|did|can|could|will|would"
    r"|should|has|have)\b",
    re.IGNORECASE,
)
_IT_TAKES = re.compile(r"\bit (?:takes?|costs?)\b", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"\b(?:is|was|be|will) it (?=(?:\w+ ){1,2}(?:to|that|for)\b)|\bit(?:'s|’s| is| was) (?=(?:\w+ ){1,2}(?:to|that)\b)"
    r"|\bit (?=(?:rain|snow|takes?|costs?|matters?)\b)"
    r"|\bis it (?=(?:possible|worth|safe|true|cold|warm|hot|dark|ok|okay)\b)",
    re.IGNORECASE,
)


def _pronoun(turn: str, ranked: Sequence[tuple[float, Candidate]]) -> Resolved | None:
    """The turn with its first pronoun replaced, where the turn itself has not named what it means."""
    masked = _SAYS_NOTHING.sub(lambda match: "_" * len(match.group()), turn)
    found = _PRONOUN.search(masked)
    if found is None:
        return None
    if not _ASKS.match(turn) and (found["shown"] or "?" not in turn):
        return None
    if any(_names_it(phrase, found, turn) for phrase in phrases(turn)):
        return None
    fitting = [one for score, one in ranked if score >= _FOR_PRONOUN and _agrees(found, one.phrase)]
    plural = [one for one in fitting if one.phrase.is_plural] if found["many"] else []
    chosen = next(iter(plural or fitting), None)
    if chosen is None:
        return None
    named = _with_determiner(chosen.phrase)
    if found["possessive"]:
        named += "’" if named.endswith("s") else "’s"
    text = capital(turn[: found.start()] + named + turn[found.end() :])
    return Resolved(text, named)


def _names_it(phrase: Phrase, pronoun: re.Match[str], turn: str) -> bool:
    """Whether the turn itself says, before its pronoun, what the pronoun means; what is asked for is not it."""
    if phrase.end > pronoun.start() or re.search(
        r"(?:what|which|how many|how much|whose) $", turn[: phrase.start], re.I
    ):
        return False
    between = turn[phrase.end : pronoun.start()].split()
    if not between or (len(between) == 1 and between[0] in PREPOSITIONS):  # "the top of it"
        return False
    return _agrees(pronoun, phrase)


def _agrees(pronoun: re.Match[str], phrase: Phrase) -> bool:
    if pronoun["noun"]:
        return pronoun["noun"].lower().rstrip("s") in phrase.text.lower()
    if (
        pronoun["person"] or pronoun["possessive"].lower() in ("his", "her")
        if pronoun["possessive"]
        else pronoun["person"]
    ):
        return phrase.is_name or phrase.head.endswith(
            ("er", "or", "ist", "ian", "man", "woman", "king", "queen", "ent")
        )
    if pronoun["many"]:
        return phrase.is_plural or phrase.is_name
    if pronoun["thing"] and is_time(phrase.words):
        return False
    if pronoun["thing"]:
        return not phrase.is_plural or phrase.is_name
    return True


def _with_determiner(phrase: Phrase) -> str:
    if phrase.determiner in ("the", "this", "that", "which", "what", "a", "an", "some", "any") and not (
        phrase.is_plural and phrase.determiner not in ("the", "this", "that", "which", "what")
    ):
        return f"the {phrase.text}"
    return f"{phrase.determiner} {phrase.text}" if phrase.determiner in ("my", "your", "our") else phrase.text


def _fuller(turn: str, ranked: Sequence[tuple[float, Candidate]]) -> Resolved | None:
    """The turn with "the wall" written out as "the Great Wall of China", where the conversation has called it so."""
    for own in phrases(turn):
        if own.determiner not in ("the", "") or not (own.determiner or own.is_name) or " of " in own.text:
            continue
        ends = f" {own.text.lower()}"
        for _, one in ranked:
            before_of = one.phrase.text.partition(" of ")[0].lower()
            if before_of.endswith(ends) or (one.phrase.text.lower().startswith(f"{own.text.lower()} of ")):
                text = turn[: own.start] + one.phrase.text + turn[own.end :]
                return Resolved(as_question(text), one.phrase.text)
    return None


def _appended(turn: str, ranked: Sequence[tuple[float, Candidate]]) -> Resolved | None:
    """The turn with the phrase that it most likely leaves unsaid at its end."""
    ranked = [one for one in ranked if not is_time(one[1].phrase.words)] if _PRONOUN.search(turn) else ranked
    if turn[:2].isupper() and is_fragment(turn):
        return None  # a name by itself is a topic of its own
    whole = not is_fragment(turn) and not _IT_TAKES.search(turn)
    if not ranked or ranked[0][0] < (_UNSAID if whole else _UNSAID_BY_FRAGMENT):
        return None
    phrase = ranked[0][1].phrase
    named = _with_determiner(phrase)
    preposition = phrase.preposition if phrase.preposition in _KEPT else "for"
    question = as_question(turn)
    if question.startswith("What about") and not turn.lower().startswith("what about"):
        return None  # "camping?" is another thing to do, not one of the thing before
    body, end = re.match(r"(.*?)([\s?.!…]*)$", question, re.DOTALL).groups()  # type: ignore[union-attr]
    return Resolved(f"{body} {preposition} {named}{end or '?'}", named)
