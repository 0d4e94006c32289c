"""Which pages a conversation is about: a name in any spelling, the one named last, and nothing where none is named."""

import pytest
from golden import load_golden

from roros_assistant.places import Linker
from roros_assistant.rerank import load_reranker
from roros_assistant.types import Corpus, Destination, Document, Kind, Turn

PLACES = {
    "solstad": ("SOLSTAD HOTEL", "The hotel has a garden. The Solstad lies by the river, and the rooms are quiet."),
    "mill": (
        "The Old Mill Guest House",
        "A guest house in an old mill. The house is warm and the guest kitchen is small.",
    ),
    "rose": ("Rose and Crown", "A restaurant with a bar. The Rose and Crown serves fish."),
    "olav": ("Saint Olav's Chop House", "The restaurant grills meat. We loved Olav's and its bar."),
    "mane": ("Café Måne", "A small place. At Måne they bake their own bread."),
    "north": ("Pizza Hall North", "They bake pizza in a hall. The restaurant is loud."),
    "harbour": ("Pizza Hall Harbour", "They bake pizza by the boats. The restaurant is bright."),
    "nordlys": ("Nordlys Bed and Breakfast", "The rooms at Nordlys are small. The breakfast is good, the bed is soft."),
    "view": ("Fjord View Hotel", "The hotel has a view. The Fjord View was full."),
    "home": ("Home from Home", "A guest house that feels like home. We came from the station."),
    "kettle": ("The Copper Kettle", "A restaurant in the old town, with tea from a copper pot."),
}


@pytest.fixture(scope="module")
def linker() -> Linker:
    return _linker(PLACES)


def _linker(places: dict[str, tuple[str, str]], **aliases: str) -> Linker:
    documents: list[Document] = []
    for name, (title, text) in places.items():
        also = (aliases[name],) if name in aliases else ()
        documents += [
            Document(name, Kind.OFFICIAL, title, text, aliases=also),
            Document(f"{name}#1", Kind.COMMENT, title, "The staff were kind. I liked the place, the house, the hotel."),
        ]
    return Linker(Corpus(Destination("Storvik", stand_in="the town"), tuple(documents)), load_reranker().is_word)


def _turns(*texts: str) -> list[Turn]:
    """A conversation that the traveller begins."""
    return [Turn(("user", "assistant")[number % 2], text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Are the rooms of the Solstad Hotel quiet?", "solstad"),
        ("are the rooms at the SOLSTAD quiet", "solstad"),
        ("is solstad's breakfast good", "solstad"),
        ("solstadt hotel wifi", "solstad"),
        ("does the old mill have parking?", "mill"),
        ("old mill guesthouse: is it warm?", "mill"),
        ("is the Rose & Crown any good?", "rose"),
        ("St Olavs Chop House menu", "olav"),
        ("saint olav chop hose menu", "olav"),
        ("what do they bake at cafe mane", "mane"),
        ("Nordlys B&B rooms", "nordlys"),
        ("nordlys bed & breakfast rooms", "nordlys"),
        ("nordyls rooms", "nordlys"),
        ("pizza hall harbour opening hours", "harbour"),
        ("fjordview hotel parking", "view"),
        ("Is Home from Home near the station?", "home"),
        ("Did you like the Copper Kettle?", "kettle"),
    ],
)
def test_a_name_in_any_spelling_links_its_page(question: str, page: str, linker: Linker) -> None:
    assert linker.link(question) == {page: 1.0}


@pytest.mark.parametrize(
    "question",
    [
        "Which hotel has a garden?",
        "is there a guest house with a view",
        "a restaurant in the old town",
        "the house is warm",
        "where can I get pizza?",
        "the north of Storvik",
        "how far is it from the station to the harbour?",
        "a bed and a good breakfast",
        "Is there a bar?",
    ],
)
def test_words_that_titles_share_with_the_language_link_nothing(question: str, linker: Linker) -> None:
    assert not any(weight == 1.0 for weight in linker.link(question).values())


def test_a_street_with_a_places_name_is_not_the_place(linker: Linker) -> None:
    history = _turns("Where is the Copper Kettle?", "The Copper Kettle is in 4 Solstad Street.")
    assert linker.link("Is it loud there?", history) == {"kettle": 1.0}


def test_an_alias_is_a_name() -> None:
    linker = _linker(PLACES, solstad="Grand Riverside")
    assert linker.link("how big are the rooms at the grand riverside?") == {"solstad": 1.0}


def test_the_place_named_last_by_whomever_holds_until_another_is_named(linker: Linker) -> None:
    told = _turns("Is Nordlys quiet?", "Yes. So is the Fjord View Hotel.", "And the beds there?", "They are soft.")
    assert linker.link("Is breakfast included?", told) == {"view": 1.0}
    assert linker.link("And at Nordlys?", told) == {"nordlys": 1.0}
    assert linker.link("Is breakfast included?", [*told, *_turns("Thanks! Now the Copper Kettle.")]) == {"kettle": 1.0}


def test_all_places_of_one_turn_are_meant(linker: Linker) -> None:
    history = _turns("Where can I eat?", "At Café Måne or at the Rose and Crown.")
    assert set(linker.link("Which is cheaper?", history)) == {"mane", "rose"}


def test_a_question_about_both_takes_the_place_before_too(linker: Linker) -> None:
    history = _turns("Tell me about Nordlys.", "The rooms at Nordlys are small.", "And the Solstad?", "It is quiet.")
    assert set(linker.link("Do both have parking?", history)) == {"nordlys", "solstad"}
    assert set(linker.link("Does it have parking?", history)) == {"solstad"}


def test_a_short_name_means_the_branch_that_was_named_in_full(linker: Linker) -> None:
    history = _turns("Where is Pizza Hall Harbour?", "By the boats.", "And the Copper Kettle?", "In the old town.")
    assert linker.link("Is the pizza hall loud?", history) == {"harbour": 1.0}
    assert set(linker.link("Is the pizza hall loud?")) == {"harbour", "north"}


def test_where_there_is_one_page_there_is_nothing_to_link() -> None:
    linker = _linker({"solstad": PLACES["solstad"]})
    assert linker.link("Is the Solstad Hotel quiet?") == {}


def test_a_name_is_neutral_where_it_stands(linker: Linker) -> None:
    assert linker.neutral("Does the Solstad Hotel have a view?", "this place") == "Does this place have a view?"
    assert linker.neutral("Does the hotel have a view?", "this place") == "Does the hotel have a view?"


def test_words_of_a_page_title_link_no_other_question(roros_corpus: Corpus) -> None:
    linker = Linker(roros_corpus, load_reranker().is_word)
    asked = {item["question"]: linker.link(item["question"]) for item in load_golden()}
    linked = {question: set(pages) for question, pages in asked.items() if pages}
    assert len(linked) < 0.03 * len(asked)
    assert all({"award", "awards", "quaint"} & set(question.lower().strip("?").split()) for question in linked)
