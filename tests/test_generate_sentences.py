"""A reply in pieces of any size becomes whole sentences in plain text, with the numbers of the passages they cite."""

import re
import time
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.generate import Sentence
from roros_assistant.generate.sentences import Sentences


def read(pieces: Iterable[str], passages: int = 3, *, whole: bool = True) -> list[Sentence]:
    reading = Sentences(range(1, passages + 1))
    said = [sentence for piece in pieces for sentence in reading.feed(piece)]
    return said + reading.finish(whole=whole)


def pairs(reply: str, passages: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.numbers) for sentence in read(reply, passages)]


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("[1], [2]", (1, 2)),
        ("(1)", (1,)),
        ("(1, 3)", (1, 3)),
        ("【1】", (1,)),
        ("【2†L4-L9】", (2,)),
        ("[Source 1]", (1,)),
        ("(Source 1)", (1,)),
        ("[Passages 1 and 2]", (1, 2)),
        ("[1-3]", (1, 2, 3)),
        ("[1–2]", (1, 2)),
        ("[^2]", (2,)),
        ("\\[2\\]", (2,)),
        ("**[2]**", (2,)),
        ("[2](https://example.org/a)", (2,)),
        ("[3: comment by a reader]", (3,)),
        ("[2][2][1]", (2, 1)),
        ("[4]", ()),
        ("[0]", ()),
        ("[1977]", ()),
        ("[]", ()),
        ("[n]", ()),
        ("[source]", ()),
        ("[1.]", (1,)),
        ("[7, 2]", (2,)),
    ],
)
@pytest.mark.parametrize("form", ["The mine is old {}.", "The mine is old.{}", "The mine is old. {}"])
def test_a_marker_of_any_form_gives_its_passages_and_is_not_shown(form: str, marker: str, numbers: tuple[int]) -> None:
    reply = form.format(marker) + " It closed long ago [3]."
    assert pairs(reply) == [("The mine is old.", numbers), ("It closed long ago.", (3,))]


@pytest.mark.parametrize(
    "text",
    [
        "The mine closed (1977) after the war.",
        "A reader calls it “a gem” (twice).",
        "It takes 2.5 hours from St. Olav’s church, e.g. by train.",
        "Dr. Hansen and J. Berg run it.",
        "It is open from 10 a.m. to 4 p.m. every day.",
        "Room No. 5 costs approx. 900 kr a night.",
        "See www.example.org for more.",
        "Is it really so cold?",
        "It falls to -20 °C … and lower!",
        "“We loved it!” said a visitor.",
    ],
)
def test_what_looks_like_an_end_or_a_marker_and_is_none_stays(text: str) -> None:
    assert pairs(f"{text} It is old [2].") == [(text, ()), ("It is old.", (2,))]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Answer: The mine is old [1].", [("The mine is old.", (1,))]),
        ("**Final answer:** The mine is old [1].", [("The mine is old.", (1,))]),
        ("- The church [1]\n- The mine [2]\n", [("The church", (1,)), ("The mine", (2,))]),
        (
            "1. The church is old [1].\n2) The mine is deep [2].",
            [("The church is old.", (1,)), ("The mine is deep.", (2,))],
        ),
        ("* The *old* church [1]\n* The `mine` [2]", [("The old church", (1,)), ("The mine", (2,))]),
        ("Two sights:\n\n• The old church [1]", [("The old church", (1,))]),
        ("# Sights of it\n\nThe __old__ church stands [1].", [("The old church stands.", (1,))]),
        ("[1] The mine is old. [2] The church too.", [("The mine is old.", (1,)), ("The church too.", (2,))]),
        ("Source 2: The mine is old.", [("The mine is old.", (2,))]),
        ('"The mine is old."', [("The mine is old.", ())]),
        ("According to [1], the mine is old.", [("According to the sources, the mine is old.", (1,))]),
        ("The mine is old [1].\n\nSources:\n[1] The town, 2014", [("The mine is old.", (1,))]),
        ("The mine is old [1].\nQuestion: And the church? It is new.", [("The mine is old.", (1,))]),
        ("The mine is old\nand deep [1].", [("The mine is old and deep.", (1,))]),
        ("The mine is old.\nit is deep.", [("The mine is old.", ()), ("it is deep.", ())]),
        ("See [the page](https://example.org) of it [1].", [("See the page of it.", (1,))]),
        ('<passage number="1">The mine is old.</passage>', [("The mine is old.", ())]),
        ("<think>Hm [1]. What now?</think>\nThe mine is old [2].", [("The mine is old.", (2,))]),
        ("The mine is old [1", [("The mine is old", ())]),
        ("The mine is old (2", [("The mine is old", ())]),
        ("The mine [[1]2] is ((1)2) old.", [("The mine 2 is old.", (1,))]),
        ("The mine is old [1]. The mine is old [1]. And deep it is.", [("The mine is old.", (1,))]),
        ("[1][2]", []),
        ("...", []),
        ("", []),
    ],
)
def test_a_reply_becomes_plain_sentences(reply: str, said: list[tuple[str, tuple[int, ...]]]) -> None:
    assert pairs(reply) == said


def test_a_sentence_is_given_with_the_full_stop_after_its_marker() -> None:
    reading = Sentences([1, 2])
    assert reading.feed("The mine is old [1]") == []
    assert reading.feed(".") == [Sentence("The mine is old.", (1,))]


def test_a_sentence_without_a_marker_waits_for_what_may_be_one() -> None:
    reading = Sentences([1, 2])
    assert reading.feed("The mine is old. ") == []
    assert reading.feed("[") == []
    assert reading.feed("2] ") == []
    assert reading.feed("A") == [Sentence("The mine is old.", (2,))]


def test_of_a_reply_that_was_cut_only_whole_sentences_are_given() -> None:
    assert read("The mine is old. It was clo", whole=False) == [Sentence("The mine is old.")]
    assert read("The mine is old. It costs 2.", whole=False) == [Sentence("The mine is old.")]
    assert read("The mine is old. It is deep.", whole=False) == [Sentence("The mine is old."), Sentence("It is deep.")]


FRAGMENTS = st.sampled_from(
    [
        *("The mine is old ", "It ", "1", "2.5", "å", ": ", "the sources", "St. ", "e.g. ", "a.m. ", "Answer: "),
        *("[1]", "[2, 3]", "[9]", "(1)", "(1977)", "【2】", "[Source 3]", "[a](b)", "[", "]", "(", ")"),
        *(". ", ".", "! ", "?", "。", "…", "“", "”", '"', "\n", "\n\n- ", "2. ", "**", "_", "`", "\\"),
        *("<think>", "</think>", "<passage>"),
    ]
)
REPLIES = st.one_of(st.lists(FRAGMENTS, max_size=40).map("".join), st.text(max_size=200))


@given(REPLIES, st.data())
def test_how_a_reply_is_cut_into_pieces_changes_nothing(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=10)))
    bounds = [0, *cuts, len(reply)]
    pieces = [reply[start:end] for start, end in pairwise(bounds)]
    assert read(pieces) == read([reply]) == read(reply)


@given(REPLIES, st.booleans())
def test_no_sentence_holds_a_marker_or_a_number_of_no_passage(reply: str, whole: bool) -> None:
    for sentence in read(reply, whole=whole):
        assert not re.search(r"[\[\]【】]|\(\s*(?:[Ss]ource )?[123]\s*\)", sentence.text)
        assert set(sentence.numbers) <= {1, 2, 3}
        assert len(set(sentence.numbers)) == len(sentence.numbers)
        assert sentence.text == " ".join(sentence.text.split())


@pytest.mark.parametrize("sign", ["[", "(", "a", "a ", "1", "[1", ". ", "“", "_", "<think>", "* ", "\n", "[1].", "<a "])
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_million_signs_take_no_longer_than_they_must_and_say_little(sign: str, size: int) -> None:
    reply = (sign * 1_000_000)[:1_000_000]
    started = time.process_time()
    said = read(reply if size == 1 else [reply])
    assert time.process_time() - started < 4  # 0.5 s on a quiet machine
    assert sum(len(sentence.text) for sentence in said) <= 8 * 800


def test_more_is_not_read_than_an_answer_needs() -> None:
    reading = Sentences([1])
    said = reading.feed("".join(f"The mine has {number} shafts [1]. " for number in range(100)))
    assert len(said) == 8
    assert reading.done
