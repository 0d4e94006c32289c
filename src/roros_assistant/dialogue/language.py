"""question -> the language it is surely written in; the only user of the language identifier."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from roros_assistant.stems import common_words

# Languages that a visitor of a European town may write in; fewer candidates decide short texts better.
_LANGUAGES = "en nn no de sv da fi fr es it nl pl pt cs tr ja zh ru uk ko ar el he".split()
# Words of English grammar that are no words of those languages. One in six tells: language identification by letters
# alone calls 5.9 % of SQuAD's 2,805 questions foreign, behind this rule 0.2 %.
_ENGLISH = frozenset(
    "the what when where which who whose how why whats wheres hows whens does did are were been being there their "
    "they them "
    "this that these those its it's you your yours and with from have had would could should can cannot can't "
    "my our we any some about near don't doesn't isn't than get tell please i'm much many more most will won't may "
    "might "
    "find there's where's what's if".split()
)
_SHARED = frozenset("is of a do i to be an as has on".split())  # English too, but not alone: half a word each
_ENGLISH_SHARE = 1 / 6
# A bare noun has no grammar; it is English where half of it is common English words and no letter is foreign. Of 10,080
# questions about other destinations 31 are called foreign instead of 65 ("gluten free bakery"), of 94 questions and
# bare nouns in 12 other languages 65 instead of 66 ("station service ouverte dimanche").
_COMMON_SHARE = 1 / 2
_LOANED = 3  # letters: words so short ("met", "pas") are words of other languages too
_UNKNOWN_SHARE = 0.4  # with fewer words that the sources do not have, a question is in the sources' language
_CERTAIN = 0.8  # probability that it is not English
_FEWEST_WORDS = 3  # fewer (names, "hostel", a typo) tell no language, unless a letter is not English
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]")


def language_of(question: str, known_words: frozenset[str]) -> str:
    """The language that a question is surely written in, else ``"en"``.

    >>> language_of("Hvor kan jeg overnatte?", frozenset())
    'da'
    >>> language_of("hostel", frozenset())
    'en'
    """
    spoken = re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", question.lower())
    english = sum(word.replace("’", "'") in _ENGLISH for word in spoken) + sum(word in _SHARED for word in spoken) / 2
    if english >= len(spoken) * _ENGLISH_SHARE or _is_common_english(spoken):
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


def _is_common_english(spoken: Sequence[str]) -> bool:
    common = [word for word in spoken if len(word) > _LOANED and {word, word.removesuffix("s")} & common_words()]
    return all(map(str.isascii, spoken)) and len(common) >= len(spoken) * _COMMON_SHARE


def prepare() -> None:
    """Load the language identifier now (2 s) rather than with the first question that needs it."""
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
