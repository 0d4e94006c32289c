"""Is a sentence English? Told by the small words of grammar, which no language shares with all others."""

import re

_ENGLISH = frozenset(
    "the and of to in is it for on with as at by from that this was are be or an a not you they there which but can "
    "has have had were will their its also your if when where who so than about after before most some many "
    "more one".split()
)
# Of the languages that people write in here; a word that English has too is told by the company it keeps.
_OTHERS = frozenset(
    "og er det en et som av til på med ikke fra var har kan ved der eller jeg du vi han hun men så den de å ble blir "
    "och är att ett av för inte från som kan "
    "und der die das ist ein eine zu von mit nicht auf den dem im für sich es auch wird werden sind oder bei nach "
    "het een van en dat niet voor met zijn op aan ook te wordt bij naar deze "
    "le la les des du est et dans pour une un que qui sur avec au aux ce cette il elle pas par plus sont en "
    "el los las del y con para por una es que se su al lo como más está son "
    "il lo gli della di che è per con una non sono nel alla dei si da "
    "o os as um uma é não para com em do da na no se mais são "
    "on ja että se oli ovat mutta kun joka ei jest nie się na w z do że są jak co".split()
)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]")
_FEWEST = 2  # words of another grammar: one may be a name ("La Scala")


def is_english(sentence: str) -> bool:
    """Whether a sentence is not surely in another language.

    >>> is_english("The train from Trondheim takes 2.5 hours.")
    True
    >>> is_english("Toget fra Trondheim tar 2,5 timer og er det enkleste."), is_english("火车需要两个半小时。")
    (False, False)
    """
    letters = re.findall(r"[^\W\d_]", sentence)
    if len(_OTHER_SCRIPT.findall(sentence)) * 2 > len(letters):
        return False
    words = re.findall(r"[^\W\d_]+", sentence.lower())
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    return others < _FEWEST or english >= others
