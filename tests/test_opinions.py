"""Questions of opinion and what readers say to them: wishes apart from finds, every person counted once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roros_assistant.opinions import asks_opinion, names_subject, stance, weigh
from roros_assistant.types import Balance, Destination, Document, Kind, Stance

TOWN = Destination("Ardal", ("The Vale",), "the valley")


@pytest.mark.parametrize(
    "question",
    [
        "What do visitors say?",
        "Do people like the food?",
        "Is it worth it?",
        "is the museum worth a visit",
        "What did travellers think of the hotel?",
        "any reviews of the museum?",
        "Were guests happy with the rooms?",
        "What are the complaints?",
        "Would anyone recommend the hostel?",
    ],
)
def test_a_question_for_what_people_think_is_one_of_opinion(question: str) -> None:
    assert asks_opinion(question)


@pytest.mark.parametrize(
    "question",
    [
        "When was it founded?",
        "Where is the church?",
        "How long does the train take?",
        "What is the museum like?",
        "How many people live there?",
        "Which awards did it win?",
        "Where can I stay?",
    ],
)
def test_a_question_for_a_fact_is_none(question: str) -> None:
    assert not asks_opinion(question)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What do visitors say?", False),
        ("Is it worth it?", False),
        ("What do people think of Ardal?", False),
        ("Do travellers like the vale?", False),
        ("Did visitors enjoy the valley?", False),
        ("Do people like the food?", True),
        ("What do visitors say about the museum in Ardal?", True),
    ],
)
def test_a_part_of_the_place_is_told_from_the_whole(question: str, names: bool) -> None:
    assert names_subject(question, TOWN) is names


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("What a beautiful little place!", Stance.FOR),
        ("We really enjoyed the walk along the river.", Stance.FOR),
        ("Sadly everything was closed, what a disappointment.", Stance.AGAINST),
        ("The rooms were awful and dirty.", Stance.AGAINST),
        ("I would love to see it in summer!", Stance.HOPE),
        ("It is on my bucket list.", Stance.HOPE),
        ("Hopefully we get there some day, it looks beautiful.", Stance.HOPE),
        ("I’ve always heard that it is wonderful.", Stance.HOPE),
        ("The train leaves from platform two.", None),
        ("We went there in March.", None),
    ],
)
def test_a_sentence_takes_a_side_or_hopes_or_neither(text: str, taken: Stance | None) -> None:
    assert stance(text) == taken


def test_who_would_come_back_has_been_there_and_does_not_hope() -> None:
    assert stance("I would love to come back again, it was wonderful.") is Stance.FOR
    assert stance("I would love to come, it must be wonderful.") is Stance.HOPE


def comment(number: int, author: str | None = None, *, visited: bool = False) -> Document:
    return Document(f"page#{number}", Kind.COMMENT, "A page", "Words.", author=author, visited=visited)


@pytest.mark.parametrize(
    ("said", "documents", "balance"),
    [
        pytest.param({}, [], Balance(0, 0, ()), id="nobody"),
        pytest.param(
            {"page#1": [Stance.FOR, Stance.FOR], "page#2": [Stance.FOR]},
            [comment(1, "Ann"), comment(2, "Ann")],
            Balance(1, 0, ((Stance.FOR, 1),)),
            id="two comments by one writer",
        ),
        pytest.param(
            {"page#1": [Stance.FOR], "page#2": [Stance.AGAINST]},
            [comment(1, "Ann", visited=True), comment(2, "Ann")],
            Balance(1, 1, ((Stance.MIXED, 1),)),
            id="for in one comment, against in another",
        ),
        pytest.param(
            {"page#1": [Stance.FOR], "page#2": [Stance.AGAINST]},
            [comment(1), comment(2)],
            Balance(2, 0, ((Stance.FOR, 1), (Stance.AGAINST, 1))),
            id="nameless writers are as many as their comments",
        ),
        pytest.param(
            {"page#1": [Stance.HOPE, Stance.AGAINST], "page#2": [Stance.HOPE]},
            [comment(1, visited=True), comment(2)],
            Balance(2, 1, ((Stance.AGAINST, 1), (Stance.HOPE, 1))),
            id="who has found something is not counted as hoping",
        ),
        pytest.param(
            {"page#1": [Stance.FOR]},
            [comment(1), comment(2, visited=True)],
            Balance(1, 0, ((Stance.FOR, 1),)),
            id="a visitor who is not quoted is not counted",
        ),
        pytest.param(
            {"page#1": [None, Stance.FOR], "page#2": [None]},
            [comment(1), comment(2)],
            Balance(2, 0, ((Stance.FOR, 1),)),
            id="who takes no side speaks, and is on none",
        ),
    ],
)
def test_each_writer_is_counted_once_by_all_that_they_say(
    said: dict[str, list[Stance | None]], documents: list[Document], balance: Balance
) -> None:
    assert weigh(said, documents) == balance


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.booleans(), st.lists(st.sampled_from(Stance), min_size=1))))
def test_the_sides_are_those_of_people_who_speak_and_no_more(comments: list[tuple[str, bool, list[Stance]]]) -> None:
    documents = [comment(number, author, visited=visited) for number, (author, visited, _) in enumerate(comments)]
    balance = weigh({f"page#{number}": taken for number, (_, _, taken) in enumerate(comments)}, documents)
    assert balance.speaking == len({author for author, _, _ in comments}) == sum(n for _, n in balance.stances)
    assert balance.visitors == len({author for author, visited, _ in comments if visited})
    assert [one for one, _ in balance.stances] == [one for one in Stance if one in dict(balance.stances)]


@given(st.lists(st.sampled_from([Stance.FOR, Stance.AGAINST, Stance.MIXED]), min_size=1))
def test_a_hope_changes_nothing_of_what_somebody_has_found(taken: list[Stance]) -> None:
    hoping = weigh({"page#1": [Stance.HOPE, *taken, Stance.HOPE]}, [comment(1)])
    assert hoping == weigh({"page#1": taken}, [comment(1)])
