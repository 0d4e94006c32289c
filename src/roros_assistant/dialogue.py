"""history + question -> what is asked, standing alone: its language, whether it is small talk, what it refers to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from roros_assistant.types import Turn


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the rest of the way reads it."""

    standalone: str  # what a person reads as the question
    query: str  # what retrieval reads; may hold more of the history
    language: str = "en"
    talk: str | None = None  # greeting, thanks, farewell, about: no question to the sources


_SMALL_TALK = {
    "greeting": r"(?:hi+|hello+|hey+|hei|hallo|good (?:morning|afternoon|evening|day)|greetings|howdy)(?: (?:there|all|again))?",
    "thanks": (
        r"(?:ok(?:ay)?|great|perfect|cool|nice|lovely|super)?,? ?(?:many )?(?:thanks?|thank you|thx|ty|cheers|takk)"
        r"(?: you)?(?: (?:so much|very much|a lot|a bunch|for (?:your|the) help|for that|again))?"
        r"|(?:ok(?:ay)?|great|perfect|cool|got it|awesome|wonderful)"
    ),
    "pleasantry": (
        r"(?:very |really |so |super |most )*(?:helpful|useful|kind|nice|good|great|lovely|interesting)(?: of you)?"
        r"|(?:great|good|nice|perfect|awesome|excellent|well) (?:answer|job|work|one|stuff|bot|done|to know)"
        r"|i (?:really )?(?:love|like|hate) (?:you|this|it)"
        r"|(?:that|this|it|you)(?:'s| is| was| were| has been| have been)?(?: been)? (?:all|very |really |so |super |most )*"
        r"(?:helpful|great|perfect|nice|useful|lovely|good|kind|wonderful|awesome|everything)|that is all|(?:have|enjoy) (?:a|the|your) \w+(?: day)?"
        r"|how are you(?: doing)?(?: today)?|nice to meet you|please|no problem|never mind"
    ),
    "farewell": r"(?:good ?bye|bye(?:[ -]bye)?|see you(?: (?:later|soon))?|so long|farewell|good night|cya)(?: (?:then|now))?",
    "about": (
        r"(?:(?:please )?tell me )?what (?:you can|can you) (?:do|help(?: me)?(?: with)?)|(?:who|what) (?:are|r) (?:you|u)|am i (?:talking|speaking|chatting|writing) (?:to|with) [\w ]+|are you (?:an? )?(?:real |human|robot|bot|ai|person|machine|program|chatbot|chatgpt)"
        r"(?: (?:person|being|bot))?(?: or (?:an? )?\w+)?|(?:what|which) (?:can|do) you (?:do|know|answer)(?: for me)?|how do you work"
        r"|(?:what|which)(?: things| questions)? can i ask(?: you)?|can you help(?: me)?|help(?: me)?"
        r"|where (?:do|does) (?:your|the) (?:answers?|information|data|knowledge) come from"
        r"|(?:what|which) (?:are|is) your sources?|how do you know(?: (?:that|this|all this))?|what(?:'s| is) your name"
        r"|who (?:made|built|created|wrote|programmed) you|what is this(?: (?:site|page|chat|bot|assistant))?|can i trust you"
        r"|are (?:your|the|these) answers? (?:correct|reliable|true|made up)|do you (?:make (?:things|stuff|this) up|speak \w+)"
    ),
}
_TALK = {topic: re.compile(rf"(?:{pattern})", re.IGNORECASE) for topic, pattern in _SMALL_TALK.items()}
_INTERJECTION = re.compile(r"^(?:(?:oh|ok|okay|well|alright|right|so|and|great|now)\b\s*)+(?=\S)", re.IGNORECASE)
_OPENING = re.compile(rf"^(?:{_SMALL_TALK['greeting']}|{_SMALL_TALK['thanks']})\s*[,.!…:)-]+\s+(?=\S)", re.IGNORECASE)
# A question that cannot stand alone: it says "they" or "it" of something named before ("is it possible" names nothing),
# or adds a word or two to what was asked ("and in winter?"), or has no word of its own ("how long?").
_POINTS_BACK = re.compile(
    r"\b(?:they|them|their|theirs|he|she|him|his|hers?|its|itself|the other one|the same)\b"
    r"|\bit\b(?! (?:is |be )?(?:possible|worth|safe|true|easy|hard|better|best|allowed|necessary|ok|okay|free)\b)"
    r"|\b(?:this|that|these|those)\b(?! \w{3})"
    r"|^(?:and|or|but|what about|how about)\b\W*(?:[\w’'-]+\W*){1,4}$"
    r"|^(?:why|how|where|when|who|which|what|really)(?: (?:so|one|ones|not|long|far|much|many|often|exactly|else))*\W*$",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be) it (?=(?:\w+ ){1,2}to\b)|\bit(?:'s|’s| is) (?=(?:\w+ ){1,2}to\b)", re.IGNORECASE
)
# Languages that a visitor of a European town may write in; fewer candidates decide short texts better.
_LANGUAGES = "en nn no de sv da fi fr es it nl pl pt cs tr ja zh ru uk ko ar el he".split()
# Words of English grammar that are no words of those languages. One in six tells: language identification by letters
# alone calls 5.9 % of SQuAD's 2,805 questions foreign, behind this rule 0.2 %.
_ENGLISH = frozenset(
    "the what when where which who whose how why whats wheres hows whens does did are were been being there their they them "
    "this that these those its it's you your yours and with from have had would could should can cannot can't "
    "my our we any some about near don't doesn't isn't than get tell please i'm much many more most will won't may might "
    "find there's where's what's if".split()
)
_SHARED = frozenset("is of a do i to be an as has on".split())  # English too, but not alone: half a word each
_ENGLISH_SHARE = 1 / 6
_UNKNOWN_SHARE = 0.4  # with fewer words that the sources do not have, a question is in the sources' language
_CERTAIN = 0.8  # probability that it is not English
_FEWEST_WORDS = 3  # fewer (names, "hostel", a typo) tell no language, unless a letter is not English
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]")


def understand(question: str, history: Sequence[Turn], known_words: frozenset[str]) -> Understood:
    """Read a question in its conversation.

    ``known_words`` are the words of the sources in lower case: names among them tell no language.
    """
    asked = _OPENING.sub("", question.strip()) or question.strip()
    topic = small_talk(asked)
    if topic:
        return Understood(question.strip(), question.strip(), talk=topic)
    language = language_of(asked, known_words)
    earlier = [turn.content for turn in history if turn.role == "user" and not small_talk(turn.content)]
    if language == "en" and earlier and _POINTS_BACK.search(_EXPLETIVE.sub("", asked)):
        return Understood(asked, f"{earlier[-1]} {asked}")
    return Understood(asked, asked, language)


def small_talk(text: str) -> str | None:
    """Which small talk a text is, as a whole; a question behind a greeting is none.

    >>> small_talk("Thank you so much, that was helpful!")
    'thanks'
    """
    plain = re.sub(r"[:;=]-?[)(DP]", " ", text.replace("’", "'"))
    parts = [" ".join(re.sub(r"[^\w\s'-]", " ", part).split()) for part in re.split(r"[,.!?;\n]+", plain)]
    topics = [_topic(part) for part in parts if part]
    return next((topic for topic in topics if topic != "pleasantry"), topics[0]) if topics and all(topics) else None


def _topic(part: str) -> str | None:
    bare = _INTERJECTION.sub("", part)
    return next((topic for topic, pattern in _TALK.items() if pattern.fullmatch(part) or pattern.fullmatch(bare)), None)


def language_of(question: str, known_words: frozenset[str]) -> str:
    """The language that a question is surely written in, else ``"en"``.

    >>> language_of("Hvor kan jeg overnatte?", frozenset())
    'da'
    >>> language_of("hostel", frozenset())
    'en'
    """
    spoken = re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", question.lower())
    english = sum(word.replace("’", "'") in _ENGLISH for word in spoken) + sum(word in _SHARED for word in spoken) / 2
    if english >= len(spoken) * _ENGLISH_SHARE:
        return "en"
    words = [word for word in spoken if word not in known_words]
    if len(words) <= len(spoken) * _UNKNOWN_SHARE:
        return "en"
    text = " ".join(words)
    probabilities = dict(_identifier().rank(text))
    probabilities["no"] += probabilities.pop("nn")  # one written language in two forms
    best = str(max(probabilities, key=lambda language: probabilities[language]))
    if len(_OTHER_SCRIPT.findall(text)) * 2 > len(text.replace(" ", "")):
        return best
    too_short = len(words) < _FEWEST_WORDS and text.isascii()
    return "en" if too_short or 1 - probabilities["en"] < _CERTAIN else best


def prepare() -> None:
    """Load the language identifier now (2 s) rather than with the first question that needs it."""
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
