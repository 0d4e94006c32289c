"""What speaks for a passage, with the real model's words: the word itself or its like, here or beside it."""

from collections.abc import Callable

import pytest

from roros_assistant.embed import Embedder
from roros_assistant.evidence import Found, Weigher
from roros_assistant.passages import split
from roros_assistant.stems import stems
from roros_assistant.types import Corpus, Destination, Document, Evidence, Kind

MILL = """The mill was founded in 1644. It has a stone oven. Bread is sold there.

Kids can ride ponies by the lake.

The ferry does not run in winter. The ferry costs € 9."""
CORPUS = Corpus(
    Destination("Ardal", (), "the valley"),
    (
        Document("mill", Kind.ARTICLE, "The old mill", MILL),
        Document(
            "mill#1", Kind.COMMENT, "The old mill", "Lovely geese. We stayed at the Sunrise Hostel.", author="Ann"
        ),
    ),
)
PASSAGES = [passage for document in CORPUS.documents for passage in split(document)]
Weigh = Callable[..., dict[str, Evidence]]


@pytest.fixture(scope="module")
def weigh(embedder: Embedder) -> Weigh:
    weigher = Weigher(PASSAGES, CORPUS, embedder.word_vectors, frozenset(stems("the valley")))

    def of(question: str) -> dict[str, Evidence]:
        """The evidence of each sentence, by its first three words."""
        count = len(PASSAGES)
        found = Found(question, question, [0.5] * count)
        weighed = weigher.weigh(found, PASSAGES)
        return {" ".join(passage.text.split()[:3]): each for passage, each in zip(PASSAGES, weighed, strict=True)}

    return of


def test_a_sentence_that_has_every_word_meets_all_of_the_question(weigh: Weigh) -> None:
    meets = weigh("Is there a stone oven?")["It has a"]
    assert meets.coverage == pytest.approx(1.0, abs=1e-6)


def test_a_word_is_met_in_any_of_its_forms(weigh: Weigh) -> None:
    assert weigh("Which ovens are of stones?")["It has a"].coverage == pytest.approx(1.0)


def test_a_like_word_meets_more_than_another_and_less_than_the_word_itself(weigh: Weigh) -> None:
    itself, like, other = (
        weigh(f"ponies for {word}")["Kids can ride"].coverage for word in ("kids", "children", "invoices")
    )
    assert itself == pytest.approx(1.0)
    assert other < like < itself
    assert like > 0.6


def test_what_is_not_there_is_missed_the_more_the_rarer_it_is(weigh: Weigh) -> None:
    lacks = weigh("Is there a stone swimming pool?")["It has a"]
    assert 0 < lacks.coverage < 1
    common, rare = (weigh(f"geese and the {word}")["Lovely geese."] for word in ("ferry", "invoice"))
    assert common.coverage > rare.coverage


def test_the_sentences_beside_it_and_its_title_count_as_context_only(weigh: Weigh) -> None:
    beside = weigh("Is there bread from a stone oven?")["It has a"]
    assert beside.coverage < beside.context == pytest.approx(1.0)
    titled = weigh("old geese")["Lovely geese."]
    assert titled.coverage < titled.context == pytest.approx(1.0)


def test_what_stands_further_away_or_in_another_text_is_no_context(weigh: Weigh) -> None:
    assert weigh("Bread from 1644 and ponies")["The mill was"].context < 0.8
    assert weigh("geese at the ferry")["Lovely geese."].context < 0.8
    assert weigh("geese at the ferry")["The ferry costs"].context < 0.8


def test_names_and_numbers_that_stand_nowhere_near_are_unmet(weigh: Weigh) -> None:
    found = weigh("Was the mill founded in 1644 by Look to Norway?")
    assert found["The mill was"].unmet == 2
    assert found["It has a"].unmet == 2  # 1644 stands beside it
    assert found["Bread is sold"].unmet == 3
    assert weigh("Was the mill founded in 1745?")["The mill was"].unmet == 1
    assert weigh("did guests like the Sunrise Hostel of Ann?")["Lovely geese."].unmet == 0


def test_what_the_question_singles_out_and_the_source_does_not_is_counted(weigh: Weigh) -> None:
    assert weigh("What was the first and only mill?")["The mill was"].extremes == 2
    assert weigh("When was the mill founded?")["The mill was"].extremes == 0


def test_the_kind_of_thing_asked_for_is_there_or_not(weigh: Weigh) -> None:
    found = weigh("How much is the ferry?")
    assert (found["Bread is sold"].lacks_kind, found["Bread is sold"].tells) == (True, False)
    assert (found["The ferry costs"].lacks_kind, found["The ferry costs"].tells) == (False, True)
    nothing_special = weigh("Tell me about the mill")["The mill was"]
    assert (nothing_special.lacks_kind, nothing_special.tells) == (False, False)


def test_what_the_models_say_is_passed_on_in_its_order(embedder: Embedder) -> None:
    weigher = Weigher(PASSAGES, CORPUS, embedder.word_vectors, frozenset())
    broad = {"breadth": 0.6, "aspects": [0.3, 0.4], "surroundings": [0.35, 0.25]}
    found = Found("the mill", "the mill", [0.1, 0.2], **broad)  # type: ignore[arg-type]
    weighed = weigher.weigh(found, PASSAGES[:2])
    assert [(each.answers, each.similarity, each.breadth, each.aspect, each.surroundings) for each in weighed] == [
        (0.0, 0.1, 0.6, 0.3, 0.35),
        (0.0, 0.2, 0.6, 0.4, 0.25),
    ]


def test_the_window_of_a_sentence_holds_those_of_its_own_document_alone(embedder: Embedder) -> None:
    weigher = Weigher(PASSAGES, CORPUS, embedder.word_vectors, frozenset())
    for place, passage in enumerate(PASSAGES):
        near = [other for other in PASSAGES[max(0, place - 2) : place + 3] if other.document_id == passage.document_id]
        assert weigher.window(passage, 2) == near
    assert {len(weigher.window(passage, 2)) for passage in PASSAGES} != {1}


def test_a_question_has_as_many_words_as_say_something_of_its_own(embedder: Embedder) -> None:
    weigher = Weigher(PASSAGES, CORPUS, embedder.word_vectors, frozenset(stems("the valley")))
    assert weigher.count_words("Where is the mill in the valley?") == 1
    assert weigher.count_words("the stone oven of the mill, the mill") == 3
    assert weigher.count_words("what is it?") == 0
