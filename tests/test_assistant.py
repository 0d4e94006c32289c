"""The whole way of a question, on the real sources and models: what an answer carries beside its quotes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from roros_assistant.assistant import Assistant
from roros_assistant.embed import Embedder
from roros_assistant.index import open_index
from roros_assistant.present import as_markdown, as_text
from roros_assistant.rerank import load_reranker
from roros_assistant.types import Answer, Balance, Corpus, Destination, Document, Kind, Stance, Status, Turn

FOUNDED = "When was Røros founded?"


def then(assistant: Assistant, *questions: str) -> Answer:
    """The answer to the last of a conversation's questions."""
    history: list[Turn] = []
    for question in questions[:-1]:
        answer = assistant.ask(question, history)
        history += [Turn("user", question), Turn("assistant", as_text(answer))]
    return assistant.ask(questions[-1], history)


@pytest.fixture(scope="module")
def founded(assistant: Assistant) -> Answer:
    return assistant.ask(FOUNDED)


def test_a_year_asked_for_stands_first_and_is_a_span_of_its_quote(founded: Answer, assistant: Assistant) -> None:
    short = founded.short
    assert short is not None
    (cited,) = founded.cited([short.citation])
    assert (short.text, cited) == ("1644", founded.citations[0])
    assert assistant.corpus.by_id[cited.document_id].text[short.start : short.end] == short.text
    assert cited.start <= short.start < short.end <= cited.end


def test_a_question_for_no_few_words_has_no_short_answer(assistant: Assistant) -> None:
    answer = assistant.ask("What is Slegghaugan?")
    assert answer.status is Status.ANSWERED
    assert answer.short is None


def test_while_an_answer_grows_it_shows_no_short_answer_without_its_quote(assistant: Assistant) -> None:
    stages = list(assistant.stream("how far is it from Trondheim?"))
    assert len(stages) == len(stages[-1].claims) > 1
    for count, stage in enumerate(stages, start=1):
        assert stage.claims == stages[-1].claims[:count]
        assert stage.short == stages[-1].short
        assert stage.short is not None
        assert stage.short.citation in {number for claim in stage.claims for number in claim.citations}
    assert [bool(stage.suggestions) for stage in stages] == [False] * (len(stages) - 1) + [True]


def test_an_answer_is_followed_by_questions_that_were_not_asked(founded: Answer, assistant: Assistant) -> None:
    again = then(assistant, founded.suggestions[0], FOUNDED)
    assert founded.status is again.status is Status.ANSWERED
    assert 2 <= len(founded.suggestions) <= 3
    assert FOUNDED not in founded.suggestions
    assert founded.suggestions[0] not in again.suggestions


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("Who says that?", "That is said by travelsewhere, in “The Quaint Mining Town of Røros, Norway”."),
        ("How old is that information?", "The source says of its time: trip planned in 2014, made in a late March."),
        ("Where does it say that?", "That stands in “The Quaint Mining Town of Røros, Norway”"),
    ],
)
def test_a_question_about_the_last_answer_tells_of_its_source_and_quotes_it_again(
    question: str, notice: str, founded: Answer, assistant: Assistant
) -> None:
    answer = then(assistant, FOUNDED, question)
    assert answer.status is Status.ANSWERED
    assert answer.notice.startswith(notice)
    assert answer.question == question
    assert [claim.text for claim in answer.claims] == [founded.claims[0].text]
    assert (answer.citations, answer.short, answer.balance) == (founded.citations[:1], None, None)


@pytest.mark.parametrize("question", ["who wrote this blog", "How old is this article?", "who is the author?"])
def test_a_question_about_the_sources_is_told_who_wrote_them_and_when(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.TALK
    for text in assistant.corpus.documents:
        if text.kind is not Kind.COMMENT:
            assert f"“{text.title}” is by {text.author} ({text.as_of})." in answer.notice


def test_where_the_last_answer_quoted_nothing_there_is_no_source_to_tell_of(assistant: Assistant) -> None:
    answer = then(assistant, "Where is the nearest volcano in Atlantis?", "Who says that?")
    assert (answer.status, answer.claims) == (Status.TALK, ())
    assert answer.notice == "My last answer quoted nothing, so there is no source to tell of."


def test_what_the_conversation_added_is_told_and_nothing_where_it_added_nothing(assistant: Assistant) -> None:
    answer = then(assistant, "Where is the Smelthytta Museum?", "what can I see there?")
    assert answer.about is not None
    assert "Smelthytta" in answer.about
    assert "Smelthytta" in answer.standalone_question
    assert then(assistant, "Where is the Smelthytta Museum?", FOUNDED).about is None


@pytest.mark.parametrize("written", [as_text, as_markdown])
def test_a_question_that_was_only_suggested_is_not_what_a_conversation_is_about(
    written: Callable[[Answer], str], assistant: Assistant
) -> None:
    suggested = tuple(f"What is {document.title}?" for document in assistant.corpus.documents)
    refused = written(replace(assistant.ask("Is there a swimming pool?"), suggestions=suggested))
    history = [Turn("user", "Is there a swimming pool?"), Turn("assistant", refused)]
    asked = "What is there to do?"
    assert assistant.ask(asked, history).claims == assistant.ask(asked).claims


def test_a_name_that_no_source_mentions_is_named_in_the_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("What do people think of Lillehammer?")
    assert (answer.status, answer.claims, answer.balance) == (Status.NOT_IN_SOURCES, (), None)
    assert answer.notice.startswith("The sources do not mention Lillehammer.")


INN = Corpus(
    Destination("Ardal", (), "the valley"),
    (
        Document("inn", Kind.ARTICLE, "Ardal", "Ardal is a quiet valley with an inn. A river runs through it."),
        Document("inn#1", Kind.COMMENT, "Ardal", "We loved every day in the valley.", author="Ann", visited=True),
        Document("inn#2", Kind.COMMENT, "Ardal", "The valley is wonderful.", author="Ann"),
        Document("inn#3", Kind.COMMENT, "Ardal", "It was a horrible, boring trip.", author="Ben", visited=True),
        Document("inn#4", Kind.COMMENT, "Ardal", "I would love to visit the valley some day!", author="Cid"),
        Document("inn#5", Kind.COMMENT, "Ardal", "The bus stops at the bridge.", author="Dan"),
    ),
)


@pytest.fixture(scope="module")
def opinions(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answer]:
    with open_index(INN, embedder, tmp_path_factory.mktemp("inn")) as index:
        yield Assistant(index, embedder, load_reranker()).ask("What do visitors say about Ardal?")


def test_readers_are_counted_each_once_with_their_side(opinions: Answer) -> None:
    assert opinions.status is Status.ANSWERED
    assert opinions.balance == Balance(3, 2, ((Stance.FOR, 1), (Stance.AGAINST, 1), (Stance.HOPE, 1)))


def test_every_side_is_quoted_and_who_has_been_there_first(opinions: Answer) -> None:
    readers = [claim for claim in opinions.claims if claim.stance is not None]
    visited = [cited.visited for claim in readers for cited in opinions.cited(claim.citations)]
    assert {claim.stance for claim in readers} == {Stance.FOR, Stance.AGAINST, Stance.HOPE}
    assert {cited.voice for claim in readers for cited in opinions.cited(claim.citations)} == {Kind.COMMENT}
    assert visited[:2] == [True, True]


def test_no_opinions_are_counted_where_a_fact_is_asked_for(founded: Answer) -> None:
    assert founded.balance is None
    assert {claim.stance for claim in founded.claims} == {None}
