"""Questions about what one reader says: who is meant, and that only that reader is heard."""

import pytest

from roros_assistant.assistant import Assistant
from roros_assistant.speakers import Speakers
from roros_assistant.types import Corpus, Destination, Document, Kind, Status


@pytest.fixture(scope="module")
def speakers(assistant: Assistant) -> Speakers:
    """Two readers whose names are words of the language, one whose name has a letter of its own, one twice."""
    writers = ("Will", "Rose", "Bjørn", "Wanderlust77", "Bjørn", None)
    documents = [
        Document(f"page#{number}", Kind.COMMENT, "A page", "I liked it.", author=author)
        for number, author in enumerate(writers)
    ]
    page = Document("page", Kind.ARTICLE, "A page", "It is a town.", author="Thea")
    corpus = Corpus(Destination(name="Kolding", stand_in="the town"), (page, *documents))
    return Speakers(corpus, lambda word: word in ("will", "rose", "what"))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what does wanderlust77 say", {"page#3"}),
        ("Bjorn's view of the food", {"page#2", "page#4"}),
        ("What does BJØRN think of it?", {"page#2", "page#4"}),
        ("what did will say about the food", {"page#0"}),
        ("rose thinks what?", {"page#1"}),
        ("And what does Rose say?", {"page#1"}),
        ("I wonder whether Rose has been there", {"page#1"}),
        ("will shops be open on boxing day", set()),
        ("Will it rain?", set()),
        ("is there a rose garden", set()),
        ("Rosemary", set()),
        ("What does Thea say?", set()),
        ("best season to visit", set()),
    ],
)
def test_a_reader_is_named_in_any_spelling_and_a_word_of_the_language_is_no_name(
    speakers: Speakers, question: str, named: set[str]
) -> None:
    assert speakers.named(question) == named


@pytest.mark.parametrize(
    ("question", "asks_all"),
    [
        ("What does Rose say?", True),
        ("what did wanderlust77 think of Kolding", True),
        ("did Bjørn like it there?", True),
        ("What does Rose say about the food?", False),
        ("did bjorn see the church", False),
        ("Where is Wanderlust77 from?", False),
        ("who is Bjørn", False),
        ("when did Bjørn go there?", False),
        ("Bjørn's opinion", True),
        ("what do people say?", False),
    ],
)
def test_what_a_reader_says_at_all_is_asked_where_nothing_else_is_named(
    speakers: Speakers, question: str, asks_all: bool
) -> None:
    assert speakers.asked_for(question) == (speakers.named(question) if asks_all else set())


def _readers(corpus: Corpus) -> list[str]:
    return [each.author for each in corpus.documents if each.voice is Kind.COMMENT and each.author]


@pytest.mark.parametrize("form", ["What does {} say?", "what did {} think"])
def test_every_reader_is_heard_when_asked_for_and_nobody_else(assistant: Assistant, form: str) -> None:
    for reader in _readers(assistant.corpus):
        answer = assistant.ask(form.format(reader))
        assert answer.status is Status.ANSWERED
        assert {citation.author for citation in answer.citations} == {reader}
        places = [(citation.document_id, citation.start) for citation in answer.citations]
        assert places == sorted(places)


def test_of_a_subject_the_named_reader_is_heard_first(assistant: Assistant) -> None:
    answer = assistant.ask("What does Wherejogoes say about the wooden buildings?")
    assert answer.citations[0].author == "Wherejogoes"
    assert "wooden buildings" in answer.citations[0].quote


def test_what_a_reader_does_not_speak_of_is_still_refused(assistant: Assistant) -> None:
    assert assistant.ask("What does Vlad say about the price of a train ticket?").status is Status.NOT_IN_SOURCES


@pytest.mark.parametrize("form", ["Where is {} from?", "how old is {}", "Where does {} live?"])
def test_what_no_source_says_about_a_reader_is_refused(assistant: Assistant, form: str) -> None:
    for reader in ("Vlad", "Tanja"):
        assert assistant.ask(form.format(reader)).status is Status.NOT_IN_SOURCES
