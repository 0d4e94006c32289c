"""What a question is, read in its conversation: its language, whether it is small talk, what it points back to."""

import pytest

from roros_assistant.dialogue import Models, Understood
from roros_assistant.dialogue import understand as understand_by
from roros_assistant.dialogue.language import language_of
from roros_assistant.embed import load_embedder
from roros_assistant.types import Destination, Turn

MODELS = Models(load_embedder().embed_query)
BEFORE = [Turn("user", "What is the old mill?"), Turn("assistant", "A museum.")]


@pytest.mark.parametrize(
    "question",
    [
        "Where is the church?",
        "Is there a bakery?",
        "Is it possible to camp?",
        "is it slippery at Easter?",
        "How dark does it get in December?",
        "It's hard to walk in snow, is there a bus?",
        "Is this town safe at night?",
    ],
)
def test_a_question_that_stands_alone_is_searched_alone(question: str) -> None:
    assert understand(question, BEFORE, frozenset()).query == question


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("Where is it?", "Where is the old mill?"),
        ("why?", "What is the old mill, and why?"),
        ("how long?", "What is the old mill, and how long?"),
        ("how do I get there", "How do I get to the old mill"),
        ("opening hours", "What are the opening hours of the old mill?"),
        ("and the church?", "What is the church?"),
        ("sorry, I meant the church", "What is the church?"),
        ("thanks! and what do they show there?", "What do they show at the old mill?"),
    ],
)
def test_what_a_question_leaves_unsaid_is_filled_in(question: str, standalone: str) -> None:
    understood = understand(question, BEFORE, frozenset())
    assert (understood.standalone, understood.query) == (standalone, standalone)
    assert understood.about


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("can i go inside?", "Can i go inside the old mill?"),
        ("do they have lockers?", "Do the old mill have lockers?"),
        ("price for students?", "What is the price for students for the old mill?"),
        ("who lived there", "Who lived at the old mill"),
    ],
)
def test_what_a_question_without_its_thing_means_is_searched_with_it(question: str, query: str) -> None:
    assert understand(question, BEFORE, frozenset()).query == query


@pytest.mark.parametrize(
    "question",
    [
        "gluten free bakery",
        "how cold does it get in January?",
        "do they take credit cards",
        "where can i park a campervan",
    ],
)
def test_another_thing_does_not_take_up_the_one_before(question: str) -> None:
    history = [Turn("user", "When does the train from Northbridge leave?"), Turn("assistant", "At nine.")]
    understood = understand(question, history, frozenset())
    assert understood.about is None
    assert "train" not in understood.query


def test_he_means_a_person_and_no_season() -> None:
    turns = ["Is Millgate nice in summer?", "who built it?", "how many nights did he stay there?"]
    assert "summer" not in standing_alone(turns)[-1].lower()


def test_a_correction_replaces_a_name_in_small_letters() -> None:
    turns = ["how far is it from northbridge", "sorry meant southfield"]
    assert standing_alone(turns) == ["How far is it from southfield?"]


@pytest.mark.parametrize("question", ["what else do they show?", "Are they friendly?"])
def test_a_question_that_points_back_at_nothing_named_is_searched_with_the_one_before(question: str) -> None:
    before = [Turn("user", "Who runs the tourist information?")]
    assert understand(question, before, frozenset()).query == f"Who runs the tourist information? {question}"


def test_small_talk_between_is_no_question_before() -> None:
    history = [*BEFORE, Turn("user", "thanks!"), Turn("assistant", "You are welcome.")]
    assert understand("Where is it?", history, frozenset()).standalone == "Where is the old mill?"


def test_a_changed_facet_takes_the_place_of_the_old_one() -> None:
    turns = ["what is there to do in summer?", "and in winter?", "what about Christmas?", "why?"]
    assert standing_alone(turns) == [
        "What is there to do in winter?",
        "What is there to do at Christmas?",
        "What is there to do at Christmas, and why?",
    ]


def test_the_other_way_to_travel_takes_the_place_of_the_first() -> None:
    turns = ["How do I get there by train?", "how long does it take?", "what about the bus?", "no, the train"]
    assert standing_alone(turns) == [
        "How long does it take by train?",
        "How long does it take by bus?",
        "How long does it take by train?",
    ]


def test_an_announced_change_of_topic_drops_the_old_one() -> None:
    understood = understand("New topic: is it cold?", BEFORE, frozenset())
    assert (understood.standalone, understood.query, understood.about) == ("Is it cold?", "Is it cold?", None)


def test_another_thing_to_do_is_a_topic_of_its_own() -> None:
    assert understand("camping?", [Turn("user", "Was the hostel busy?")], frozenset()).query == "What about camping?"


def test_how_a_thing_is_is_no_thing_that_a_pronoun_means() -> None:
    history = [Turn("user", "What is so remarkable about it now?")]
    understood = understand("What does that involve?", history, frozenset())
    assert understood.query == "What is so remarkable about it now? What does that involve?"


def test_thanks_close_a_topic() -> None:
    assert understand("thanks, and where can I sleep?", BEFORE, frozenset()).about is None


def test_of_two_things_the_other_one_is_the_one_not_asked_about_last() -> None:
    turns = ["What is Millgate?", "What is Southfield?", "Is it quiet there?", "what about the other one?"]
    assert standing_alone(turns)[-2:] == ["Is it quiet in Southfield?", "Is it quiet in Millgate?"]


def test_there_means_the_place_that_the_answer_named() -> None:
    history = [Turn("user", "Where can I see goats?"), Turn("assistant", "“The goats graze at Highfell.” [1]")]
    assert understand("how do I get there?", history, frozenset()).standalone == "How do I get to Highfell?"


def test_the_destination_itself_is_never_carried_over() -> None:
    town = Destination(name="Rivertown", stand_in="the town")
    history = [Turn("user", "When was Rivertown founded?")]
    for question in ("is it cold?", "how do I get there?", "Is it expensive?"):
        understood = understand(question, history, frozenset(), destination=town)
        assert (understood.query, understood.about) == (question, None)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("who says that?", "author"),
        ("Who wrote this?", "author"),
        ("where does it say that?", "place"),
        ("what's your source for that", "place"),
        ("how old is that information?", "date"),
        ("ok, but when was that written", "date"),
        ("where is the source of the river?", None),
        ("how old is the church?", None),
    ],
)
def test_a_question_about_the_last_answer_asks_the_question_before_again(question: str, asked: str | None) -> None:
    understood = understand(question, BEFORE, frozenset())
    assert understood.last_answer == asked
    assert (understood.query == "What is the old mill?") == (asked is not None)


def test_the_question_asked_again_is_the_one_that_was_searched() -> None:
    history = [Turn("user", "Who runs the tourist information?"), Turn("user", "what else do they show?")]
    searched = understand(history[1].content, history[:1], frozenset()).query
    assert understand("who says that?", history, frozenset()).query == searched


def test_a_question_about_the_last_answer_needs_one() -> None:
    assert understand("who says that?", [], frozenset()).last_answer is None


def standing_alone(turns: list[str]) -> list[str]:
    """Each turn but the first as it is understood behind those before it."""
    history = [Turn("user", turn) for turn in turns]
    return [understand(turn, history[:at], frozenset()).standalone for at, turn in enumerate(turns) if at]


def test_words_shortened_on_a_phone_are_written_out_but_those_of_the_sources() -> None:
    assert understand("can u go at xmas?", [], frozenset()).query == "can you go at christmas?"
    assert understand("is Nite open? www.tix.com", [], frozenset(["nite"])).query == "is Nite open? www.tix.com"


def test_nothing_before_leaves_the_question_as_it_is() -> None:
    assert understand("Where is it?", [], frozenset()).query == "Where is it?"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hello", "greeting"),
        ("Hello, how are you?", "greeting"),
        ("Good morning :)", "greeting"),
        ("Thank you so much, that was helpful", "thanks"),
        ("thanks, very useful", "thanks"),
        ("great answer!", "pleasantry"),
        ("ok bye", "farewell"),
        ("Who are you?", "about"),
        ("Am I talking to a real person?", "about"),
        ("what can you help me with?", "about"),
        ("hello hotels", None),
        ("Hi! When is the fair?", None),
        ("ok thanks. Is there a bakery?", None),
        ("great museum?", None),
        ("can you help me find a hotel", None),
        ("nice food", None),
    ],
)
def test_small_talk_is_told_from_questions(text: str, topic: str | None) -> None:
    assert understand(text, [], frozenset()).talk == topic


@pytest.mark.parametrize(
    ("question", "languages"),
    [
        ("Hvor kan jeg overnatte?", {"da", "no"}),
        ("Når er det best å besøke byen?", {"da", "no"}),
        ("Wann ist die beste Reisezeit?", {"de"}),
        ("Vad finns det att göra på vintern?", {"sv"}),
        ("Wat is het beste seizoen?", {"nl"}),
        ("Où dormir ?", {"fr"}),
        ("¿A qué hora abre el museo?", {"es"}),
        ("Gdzie mogę spać?", {"pl"}),
        ("いつ行くのがベストですか", {"ja"}),
        ("Когда лучше приехать?", {"ru"}),
        ("Do I need a visa as an American?", {"en"}),
        ("hostel", {"en"}),
        ("Flanderborg", {"en"}),
        ("dogsleding", {"en"}),
        ("gluten free bakery", {"en"}),
        ("toboggan ride price", {"en"}),
        ("åpningstider museum", {"da", "no"}),
        ("Hotel in der Nähe", {"de"}),
        ("???", {"en"}),
    ],
)
def test_a_language_is_named_only_where_it_is_sure(question: str, languages: set[str]) -> None:
    assert language_of(question, frozenset()) in languages


def test_names_of_the_sources_tell_no_language() -> None:
    assert language_of("Røros kirke Kjerkgata", frozenset({"røros", "kirke", "kjerkgata"})) == "en"


def understand(
    question: str, history: list[Turn], known_words: frozenset[str], destination: Destination | None = None
) -> Understood:
    """As an assistant does that has the packaged model."""
    return understand_by(question, history, known_words, models=MODELS, destination=destination)
