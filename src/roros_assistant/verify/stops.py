"""What alone makes a claim unsupported, whatever else speaks for it, in words for a person; and what weakens one."""

import re
from collections.abc import Iterator, Mapping, Sequence

from roros_assistant.verify import names, polarity, roles
from roros_assistant.verify.alignment import Aligned
from roros_assistant.verify.numbers import Quantity, unsaid
from roros_assistant.verify.reading import key, plain, sentences
from roros_assistant.verify.voice import Reference, wrong_voice

_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]*\]")
_SHOWN = 3  # missing words that a reason names


def stops(claim: str, aligned: Aligned, references: Sequence[Reference], own: frozenset[str]) -> Iterator[str]:
    """Why a claim cannot be supported: numbers, dates, names, denials, quotes and voices that no reference has."""
    whole = plain("\n".join(f"{reference.head}\n{reference.words}" for reference in references))
    said = [number for sentence in sentences(whole) for number in sentence.numbers]
    for number in unsaid(aligned.numbers, said):
        yield f"the number {_written(aligned, number)} is not in the source"
    for date in names.unsaid_dates(aligned.text, whole):
        yield f"the date {date.title()} is not in the source"
    for name in _unsaid_names(aligned, whole, own):
        yield f"the name {name} is not in the source"
    for word in polarity.contradictions(aligned):
        yield f"denies what the source says, or says what it denies: {word}"
    for word in polarity.contraries(aligned):
        yield f"the source says the contrary: {word}"
    for words in _misquoted(claim, whole):
        yield f"not the source’s words: “{words}”"
    speaker = wrong_voice(claim, references)
    if speaker:
        yield f"another voice than the source’s: {speaker}"
    for words in dict.fromkeys(
        [
            *polarity.miscounted(aligned),
            *roles.turned(aligned, own),
            *roles.names_moved(aligned),
            *roles.replaced(aligned),
            *roles.exchanged(aligned),
        ]
    ):
        yield f"the source says it of something else: {words}"


def weaknesses(aligned: Aligned, signs: Mapping[str, float], own: frozenset[str]) -> Iterator[str]:
    """Why a claim that nothing stops is not supported, the gravest first."""
    missing = [word.text for word, met in zip(aligned.words, aligned.met, strict=True) if not met]
    if missing:
        yield f"not said: {', '.join(list(dict.fromkeys(missing))[:_SHOWN])}"
    for words in dict.fromkeys([*roles.names_apart(aligned), *roles.other_subjects(aligned, own)]):
        yield f"said of something else than {words}"
    for word in polarity.strengthened(aligned):
        yield f"stronger than the source: {word}"
    if signs["self"]:
        yield "speaks of itself"
    if signs["asks"]:
        yield "asks instead of saying"
    if not missing:
        yield "not said in one place"


def _unsaid_names(aligned: Aligned, whole: str, own: frozenset[str]) -> list[str]:
    words = re.findall(r"[^\W\d_]+", whole)
    said = frozenset(map(key, words)) | own
    small = frozenset(word for word in words if word.islower())
    found: list[str] = []
    for sentence in aligned.claim:
        for name in names.names([sentence], small.__contains__):
            opens = name.start == sentence.words[0].start
            if not names.is_named(name, said) and not (opens and names.looks_common(sentence, name)):
                found.append(name.text)
    return list(dict.fromkeys(found))


def _misquoted(claim: str, whole: str) -> Iterator[str]:
    """Words between quotation marks that are in no reference; an ellipsis may leave some out."""
    there = _comparable(whole)
    for quoted in _QUOTED.findall(plain(claim)):
        parts = (_comparable(part).strip(" .,;:!?") for part in _LEFT_OUT.split(quoted))
        if any(part and part not in there for part in parts):
            yield quoted.strip()


def _comparable(text: str) -> str:
    return " ".join(re.sub(r"[“”\"]", "", plain(text)).casefold().replace("&", "and").split())


def _written(aligned: Aligned, number: Quantity) -> str:
    """How the claim writes a number."""
    holder = next(sentence for sentence in aligned.claim if number in sentence.numbers)
    return holder.text[number.start : number.end].rstrip(".")
