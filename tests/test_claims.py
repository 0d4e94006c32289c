"""A claim counts only where its references carry it: numbers, names, dates, denials, voices; then what words say."""

import json
import re
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from roros_assistant.passages import split
from roros_assistant.rerank import load_reranker
from roros_assistant.types import Corpus, Destination
from roros_assistant.verify import SHOWN_FROM, Checker, Verdict, reference_text
from roros_assistant.verify.numbers import quantities
from roros_assistant.verify.voice import read_reference

TRAIN = "The easiest way to get to Ardal is by train, taking 2.5 hours from the nearest city of Stavern."
MILL = "The old mill was built in 1742 by Jon Aas and has not ground corn since 1960."
PARKS = "We have two national parks and more than 500 members took part in courses last March."
MINE = "The mine no longer works, but a museum tells its history."


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_reranker(), Destination("Lillevik", ("Vika",), "the village"))


@pytest.mark.parametrize(
    ("claim", "reference"),
    [
        ("The train takes 2.5 hours from Stavern.", TRAIN),
        ("The train takes two and a half hours from Stavern.", TRAIN),
        ("The train takes 2½ hours from Stavern.", TRAIN),
        ("By train it takes 150 minutes from the nearest city, Stavern [1].", TRAIN),
        ("Jon Aas built the old mill in 1742.", MILL),
        ("The old mill was built by Jon Aas.", MILL),
        ("The mill has not ground corn since 1960.", MILL),
        ("The mill hasn't ground corn since 1960.", MILL),
        ("There are 2 national parks.", PARKS),
        ("More than 500 members took part in courses.", PARKS),
        ("The mine doesn't work any longer.", MINE),
        ("A museum tells the mine's history.", MINE),
    ],
)
def test_what_a_reference_says_in_other_words_is_supported(checker: Checker, claim: str, reference: str) -> None:
    verdict = checker.check(claim, [reference])
    assert (verdict.supported, verdict.reasons) == (True, ())


@pytest.mark.parametrize(
    ("claim", "reference", "reason"),
    [
        ("The train takes 3.5 hours from Stavern.", TRAIN, "the number 3.5 hours is not in the source"),
        ("The train takes three hours from Stavern.", TRAIN, "the number three hours is not in the source"),
        ("The train takes 2.5 days from Stavern.", TRAIN, "the number 2.5 days is not in the source"),
        ("The train takes 2.5 minutes from Stavern.", TRAIN, "the number 2.5 minutes is not in the source"),
        ("The train takes 2 to 2.5 hours from Stavern.", TRAIN, "the number 2 is not in the source"),
        ("The train takes 2.5 hours and costs 200 kr.", TRAIN, "the number 200 kr is not in the source"),
        ("The old mill was built in 1724 by Jon Aas.", MILL, "the number 1724 is not in the source"),
        ("The old mill was built in the 1960s.", MILL, "the number 1960s is not in the source"),
        ("Less than 500 members took part in courses.", PARKS, "the number 500 is not in the source"),
        ("More than 500 members took part last April.", PARKS, "the date April is not in the source"),
        ("More than 500 members took part on 5 March.", PARKS, "the date 5 March is not in the source"),
        ("The train takes 2.5 hours from Bergen.", TRAIN, "the name Bergen is not in the source"),
        ("Oslo is the nearest city.", TRAIN, "the name Oslo is not in the source"),
        ("The old mill was built by Jon Berg.", MILL, "the name Berg is not in the source"),
        ("The old mill was not built by Jon Aas.", MILL, "denies what the source says, or says what it denies: built"),
        ("The mill has ground corn since 1960.", MILL, "denies what the source says, or says what it denies: ground"),
        ("The mine works.", MINE, "denies what the source says, or says what it denies: works"),
        ("The mine still works.", MINE, "denies what the source says, or says what it denies: works"),
        ("The mine has no museum.", MINE, "denies what the source says, or says what it denies: museum"),
        ("A museum never tells its history.", MINE, "denies what the source says, or says what it denies: tells"),
        ("You get to Ardal without a train.", TRAIN, "denies what the source says, or says what it denies: without"),
        ("The train isn't the easiest way.", TRAIN, "denies what the source says, or says what it denies: isn't"),
        (
            "The hardest way to get to Ardal is by train.",
            "The easy way to Ardal is by train.",
            "the source says the contrary: hardest",
        ),
        ("The new mill was built by Jon Aas.", MILL, "the source says the contrary: new"),
        ("The mill was called “the grinder”.", MILL, "not the source’s words: “the grinder”"),
        ("There are 500 national parks.", PARKS, "the source says it of something else: 500"),
        ("Two members took part in courses.", PARKS, "the source says it of something else: Two"),
        ("Sure, here you go!", MILL, "not said: Sure, go"),
        ("The mill has a restaurant.", MILL, "not said: restaurant"),
    ],
)
def test_what_no_reference_says_is_not_supported_and_a_person_is_told_why(
    checker: Checker, claim: str, reference: str, reason: str
) -> None:
    verdict = checker.check(claim, [reference])
    assert not verdict.supported
    assert reason in verdict.reasons


@pytest.mark.parametrize("claim", ["Jon Aas was built by the mill.", "The corn has not ground the mill since 1960."])
def test_who_does_what_to_whom_is_compared(checker: Checker, claim: str) -> None:
    assert checker.check(claim, [MILL]).supported is False


HONOURED = (
    "Ardal has been declared the county’s Culture Town for three years, and is often called its local food capital."
)


def test_words_that_have_changed_places_are_said_of_something_else(checker: Checker) -> None:
    assert checker.check("Ardal has been declared the county's Culture Town for three years.", [HONOURED]).supported
    swapped = (
        "Ardal has been declared the county's local food capital for three years, and is often called its culture."
    )
    verdict = checker.check(swapped, [HONOURED])
    assert not verdict.supported
    assert "the source says it of something else: local food capital" in verdict.reasons


def test_what_is_said_the_other_way_round_is_supported(checker: Checker) -> None:
    assert checker.check("Trondheim is the nearest city.", ["The nearest city is Trondheim."]).supported


def test_what_is_said_of_one_thing_is_not_said_of_another(checker: Checker) -> None:
    references = ["The church stands on a hill.", "The museum was founded in 1980 and shows old tools."]
    assert checker.carriers("The museum was founded in 1980.", references, least=SHOWN_FROM) == (1,)
    assert checker.carriers("The church was founded in 1980.", references, least=SHOWN_FROM) == ()


def test_the_names_of_the_destination_need_not_be_repeated(checker: Checker) -> None:
    assert checker.check("Lillevik has two national parks.", [PARKS]).supported
    assert checker.check("Vika has two national parks.", [PARKS]).supported
    assert not checker.check("Storvik has two national parks.", [PARKS]).supported


@pytest.mark.parametrize("claim", ["", "  ", "…", "[1]", "It is.", "And so on [2]."])
def test_a_claim_without_content_is_supported_by_nothing(checker: Checker, claim: str) -> None:
    assert checker.check(claim, [MILL]) == Verdict(False, 0.0, ("nothing is claimed",))


@pytest.mark.parametrize("references", [[], [""], [" ", "\n"]])
def test_without_references_nothing_is_supported(checker: Checker, references: Sequence[str]) -> None:
    assert checker.check(MILL, references) == Verdict(False, 0.0, ("no source is given",))
    assert checker.carriers(MILL, references) == ()


def test_the_fewest_references_that_carry_a_claim_are_found(checker: Checker) -> None:
    references = [MINE, TRAIN, MILL, PARKS]
    assert checker.carriers("Jon Aas built the old mill in 1742.", references) == (2,)
    assert checker.carriers(f"{MINE} {PARKS}", references) == (0, 3)
    assert checker.carriers("Jon Aas built the old mill in 1743.", references) == ()
    assert checker.carriers("Horses are for hire at the harbour.", references) == ()


def test_carriers_can_be_asked_to_be_surer(checker: Checker) -> None:
    claim = "By train it takes 150 minutes from the nearest city, Stavern."
    score = checker.check(claim, [TRAIN]).score
    assert checker.carriers(claim, [TRAIN], least=score) == (0,)
    assert checker.carriers(claim, [TRAIN], least=score + 0.001) == ()


@pytest.fixture(scope="module")
def heads(roros_corpus: Corpus) -> dict[str, str]:
    """A passage of each voice, as the checker reads it, by its first words."""
    passages = [passage for document in roros_corpus.documents for passage in split(document)]
    return {passage.text[:12]: reference_text(passage, roros_corpus) for passage in passages}


def test_a_reference_tells_who_says_it_in_one_line_above_its_words(heads: dict[str, str]) -> None:
    assert heads["Quaint is th"] == (
        "Comment under “The Quaint Mining Town of Røros, Norway” by Sarah, a reader:\n"
        "Quaint is the perfect way to describe it!"
    )
    assert [read_reference(heads[words]).kind for words in ("Quaint is th", "If you want ", "We have two ")] == [
        "comment",
        "article",
        "official",
    ]


@pytest.mark.parametrize("words", ["Note: closed.", "Article 5\nof the law", "Comment: fine", "A\nB"])
def test_bare_text_has_no_head(words: str) -> None:
    assert read_reference(words).head == ""


@pytest.mark.parametrize(
    ("claim", "words", "supported"),
    [
        ("Sarah says that quaint is the perfect way to describe it.", "Quaint is th", True),
        ("A reader says that quaint is the perfect way to describe it.", "Quaint is th", True),
        ("A visitor says that quaint is the perfect way to describe it.", "Quaint is th", False),
        ("Vlad says that quaint is the perfect way to describe it.", "Quaint is th", False),
        ("The article says that quaint is the perfect way to describe it.", "Quaint is th", False),
        ("The author thinks that summer is the way to go.", "If you want ", True),
        ("Visitors say that summer is the way to go.", "If you want ", False),
        ("Locals say that summer is the way to go.", "If you want ", False),
        ("According to readers, there are two national parks.", "We have two ", False),
    ],
)
def test_a_voice_is_compared_with_the_head(
    checker: Checker, heads: dict[str, str], claim: str, words: str, supported: bool
) -> None:
    verdict = checker.check(claim, [heads[words]])
    assert (verdict.supported, any("voice" in reason or "name" in reason for reason in verdict.reasons)) == (
        supported,
        not supported,
    )


def test_a_head_carries_no_claim_of_its_own(checker: Checker, heads: dict[str, str]) -> None:
    assert not checker.check("It is a mining town.", [heads["Quaint is th"]]).supported


def test_a_long_text_is_checked_in_time_and_an_endless_claim_is_none(checker: Checker) -> None:
    assert checker.check(MILL, ["1 not a half. " * 5_000 + MILL]).supported
    assert checker.check("and a half " * 1_000, [MILL]) == Verdict(False, 0.0, ("too long for one claim",))


OWN = [
    json.loads(line) for line in (Path(__file__).parents[1] / "benchmarks/claims.jsonl").read_text("utf-8").splitlines()
]


def test_the_set_of_claims_is_whole() -> None:
    kinds = {kind: sum(item["kind"] == kind for item in OWN) for kind in {item["kind"] for item in OWN}}
    assert set(kinds) == {"smollm", "number", "name", "subject", "negation", "voice", "paraphrase", "verbatim"}
    assert len(OWN) >= 200
    assert kinds["smollm"] >= 80
    assert len({item["id"] for item in OWN}) == len(OWN)


@pytest.mark.parametrize("kind", ["number", "name", "negation"])
def test_most_changed_numbers_names_and_denials_of_our_own_claims_are_stopped(checker: Checker, kind: str) -> None:
    changed = [item for item in OWN if item["kind"] == kind and not item["supported"]]
    passed = [item["claim"] for item in changed if checker.check(item["claim"], item["references"]).supported]
    assert len(passed) <= 0.1 * len(changed), passed


SENTENCES = [TRAIN, MILL, PARKS, MINE, "There are 17 boats, 42 huts and one church.", "It never rains in July."]


@given(st.sampled_from(SENTENCES), st.lists(st.sampled_from(SENTENCES), max_size=4))
def test_a_sentence_of_its_references_is_supported_word_for_word(claim: str, others: list[str]) -> None:
    verdict = READING_NOTHING.check(claim, [" ".join([*others, claim])])
    assert verdict == Verdict(True, 0.99)


@given(st.sampled_from(SENTENCES), st.data())
@settings(max_examples=200)
def test_a_changed_digit_is_never_supported(sentence: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"\d", sentence)]
    assume(places)
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from(sorted(set(string.digits[1:]) - {sentence[place]})))
    changed = sentence[:place] + digit + sentence[place + 1 :]
    said = [(number.value, number.kind) for number in quantities(sentence)]
    assume(any((number.value, number.kind) not in said for number in quantities(changed)))
    assert not READING_NOTHING.check(changed, [sentence]).supported


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=3))
def test_any_text_gets_a_verdict(claim: str, references: list[str]) -> None:
    verdict = READING_NOTHING.check(claim, references)
    assert 0 <= verdict.score <= 1
    assert verdict.supported is not bool(verdict.reasons)


READING_NOTHING = Checker(load_reranker())  # loads its weights with the first pair that it reads


VIEW = "The end of winter may not have been the best time to visit, as photos of it in summer paint it more cheery."


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("The end of summer may not have been the best time to visit, as photos of it in summer show.", "summer"),
        ("The end of winter may not have been the best photos to visit.", "photos"),
    ],
)
def test_a_word_in_the_place_of_another_is_not_said_because_it_stands_elsewhere(
    claim: str, word: str, checker: Checker
) -> None:
    verdict = checker.check(claim, [VIEW])
    assert not verdict.supported
    assert f"the source says it of something else: {word}" in verdict.reasons


def test_a_part_of_the_same_sentence_is_said(checker: Checker) -> None:
    assert checker.check("The end of winter may not have been the best time to visit.", [VIEW]).supported


def test_who_speaks_is_no_claim_by_itself(checker: Checker) -> None:
    verdict = checker.check("comment by a reader", ["Comment under “The town” by Ada, a reader:\nA fine town."])
    assert (verdict.supported, verdict.reasons) == (False, ("nothing is claimed",))
