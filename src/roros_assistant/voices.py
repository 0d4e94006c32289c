"""Who speaks in an answer, as a person would say it: whose view a quote is, and how many readers are for or against."""

import re

from roros_assistant.types import Balance, Citation, Kind, Stance

HEADINGS = {
    Kind.ARTICLE: "The article",
    Kind.COMMENT: "Readers’ comments",
    Kind.OFFICIAL: "The destination organisation",
}
BADGES = {Kind.ARTICLE: "Article", Kind.COMMENT: "Comment", Kind.OFFICIAL: "Official"}
# How a reader speaks to a question of opinion, to be read after a name or a number: "two for it".
STANCES = {
    Stance.FOR: "for it",
    Stance.AGAINST: "against it",
    Stance.MIXED: "with mixed feelings",
    Stance.HOPE: "from hope or hearsay",
}
CAN_ANSWER = "Questions the sources can answer"
# What an answer says that nobody in the conversation did: words of the sources, lines that tell where these stand, and
# questions that could be asked.
_SOURCED = re.compile(
    rf"“[^”]*”|^\[\d+\] .*$|\((?:{'|'.join(BADGES.values())}), .*\)$|^\W*{CAN_ANSWER}.*\n(?:\n- .*)+",
    re.MULTILINE,
)
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def attribution(citation: Citation) -> str:
    """Who speaks, as a person would say it; only who says so is called a visitor."""
    if citation.voice is not Kind.COMMENT:
        return citation.author or BADGES[citation.voice]
    role = "a visitor" if citation.visited else "a reader"
    return f"{citation.author}, {role}" if citation.author else role.capitalize()


def without_sources(answer: str) -> str:
    r"""What an answer says besides quoting: a title that a source happens to name is not what a conversation is about.

    >>> without_sources("Vlad, a reader: “Such a town!” [1]\n\n[1] Comment, The mill, Vlad, a reader")
    'Vlad, a reader:  [1]\n\n'
    """
    return _SOURCED.sub("", answer)


def balance_sentence(balance: Balance) -> str:
    """How many readers speak to a question of opinion and how, in the assistant's own words.

    >>> balance_sentence(Balance(3, 1, ((Stance.FOR, 2), (Stance.HOPE, 1))))
    'Three readers speak to this, one of whom has been there: two for it, one from hope or hearsay.'
    >>> balance_sentence(Balance(1, 1, ((Stance.AGAINST, 1),)))
    'One voice speaks to this, that of a visitor: against it.'
    """
    if balance.speaking == 0:
        return "No reader speaks to this."
    if balance.speaking == 1:
        who = "a visitor" if balance.visitors else "a reader who tells of no visit"
        said = f"One voice speaks to this, that of {who}"
    else:
        said = f"{_in_words(balance.speaking).capitalize()} readers speak to this, {_visiting(balance)}"
    if not balance.stances:
        return f"{said}."
    if len(balance.stances) == 1 and balance.stances[0][1] == balance.speaking:
        everyone = {1: "", 2: "both "}.get(balance.speaking, "all ")
        return f"{said}: {everyone}{STANCES[balance.stances[0][0]]}."
    counts = [f"{_in_words(count)} {STANCES[stance]}" for stance, count in balance.stances]
    aside = balance.speaking - sum(count for _, count in balance.stances)
    return f"{said}: {', '.join([*counts, f'{_in_words(aside)} without taking sides'] if aside > 0 else counts)}."


def _visiting(balance: Balance) -> str:
    """How many of several readers have been there, as a clause."""
    several = balance.speaking > 2
    if balance.visitors == 0:
        return f"{'none' if several else 'neither'} of whom tells of a visit"
    if balance.visitors == 1:
        return "one of whom has been there"
    everyone = "all" if several else "both"
    return (
        f"{everyone if balance.visitors == balance.speaking else _in_words(balance.visitors)} of whom have been there"
    )


def _in_words(count: int) -> str:
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"
