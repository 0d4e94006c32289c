"""Finding, with the real models: the sentence a person would point at stands first, every time in the same order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from roros_assistant import retrieve
from roros_assistant.assistant import Assistant
from roros_assistant.compose import is_broad
from roros_assistant.embed import Embedder, _packaged_folder, load_embedder
from roros_assistant.index import open_index
from roros_assistant.rerank import load_reranker
from roros_assistant.retrieve import SIGNS, Retriever, signs
from roros_assistant.stems import stems
from roros_assistant.types import Corpus, Destination, Document, Hit, Kind, Turn


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was Røros founded?", "it was founded in 1644"),
        ("What is Slegghaugan?", "immense hills made up of slag known as Slegghaugan"),
        ("how long does the train from Trondheim take?", "by train, taking 2.5 hours"),
        ("Where is the church?", "At the top of the street you’ll find the town’s church"),
        ("Are there any national parks?", "We have two national parks and several protected areas."),
    ],
)
def test_the_first_hit_is_the_sentence_that_a_person_would_point_at(
    question: str, sentence: str, assistant: Assistant
) -> None:
    assert sentence in assistant.retriever.retrieve(question)[0].passage.text


@pytest.mark.parametrize("question", ["best season to visit", "hotels", "What is the capital of France?"])
def test_hits_are_ranked_spans_of_their_documents_with_evidence_in_its_range(
    question: str, assistant: Assistant
) -> None:
    hits = assistant.retriever.retrieve(question)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == len(hits) > 0
    for hit in hits:
        passage, evidence = hit.passage, hit.evidence
        assert assistant.corpus.by_id[passage.document_id].text[passage.start : passage.end] == passage.text
        assert evidence is not None
        assert -12 < evidence.answers < 12
        assert -1 <= evidence.similarity <= 1
        assert 0 <= evidence.coverage <= 1


def test_every_hit_is_read_and_the_lead_once_more_with_the_sentences_beside_it(assistant: Assistant) -> None:
    hits = assistant.retriever.retrieve("When was Røros founded?")
    lead, *others = [hit.evidence for hit in hits if hit.evidence is not None]
    assert lead.answers > 0
    assert lead.answers_around > 0
    assert lead.answers_around != lead.answers
    assert all(each.answers_around == each.answers < lead.answers for each in others)
    assert len({each.answers for each in others}) > 0.9 * len(others) > 20


def test_of_all_that_is_found_the_most_promising_are_read(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "When was Røros founded?"
    read = {hit.passage.id for hit in assistant.retriever.retrieve(question)}
    monkeypatch.setattr(retrieve, "READING_BUDGET", 10**6)
    found = [(hit.passage.id, hit.evidence) for hit in assistant.retriever.retrieve(question)]
    promises = [(retrieve._promise(evidence), name in read) for name, evidence in found if evidence is not None]
    assert min(value for value, was_read in promises if was_read) >= max(
        value for value, other in promises if not other
    )
    assert 10 < len(read) < len(found) / 2


@pytest.mark.parametrize("question", ["What is there to do?", "best season to visit"])
def test_a_broad_question_is_known_as_such_and_answered_by_sentences_of_another_wording(
    question: str, assistant: Assistant
) -> None:
    hits = assistant.retriever.retrieve(question)
    evidence = [hit.evidence for hit in hits if hit.evidence is not None]
    assert len(evidence) == len(hits)
    assert {each.breadth for each in evidence} == {evidence[0].breadth}
    assert evidence[0].breadth > 0
    usual = sorted(each.aspect for each in evidence)[len(evidence) // 2]
    assert max(each.aspect for each in evidence[:3]) > 2 * usual > 0
    assert is_broad(hits)
    assert not is_broad(assistant.retriever.retrieve("What is Slegghaugan?"))


def test_sentences_are_read_that_share_no_word_with_a_broad_question(assistant: Assistant) -> None:
    """Found by what belongs to its subject anywhere: parks, a church, a fair and sledges are things to do."""
    question = "What is there to do?"
    texts = [hit.passage.text for hit in assistant.retriever.retrieve(question)]
    for fragment in ("two national parks", "church, its tower", "Christmas Fair", "dog-sledding"):
        [found] = [text for text in texts if fragment in text]
        assert set(stems(found)).isdisjoint(stems(question))


def test_what_belongs_to_another_subject_speaks_less_for_itself(assistant: Assistant) -> None:
    """Parks are things to do; what an organisation works at is a subject of its own."""
    hits = assistant.retriever.retrieve("What is there to do?")
    [parks] = [hit for hit in hits if "two national parks" in hit.passage.text]
    [work] = [hit for hit in hits if "main areas of our work" in hit.passage.text]
    assert parks.evidence is not None
    assert work.evidence is not None
    assert parks.evidence.aspect > 1.5 * work.evidence.aspect
    narrow = assistant.retriever.retrieve("What is Slegghaugan?")
    assert all(hit.evidence is None or hit.evidence.aspect == 0 for hit in narrow)


def test_what_surrounds_a_sentence_is_the_mean_of_its_document_two_sentences_each_way(assistant: Assistant) -> None:
    hits = assistant.retriever.retrieve("What is there to do?")
    found = {hit.passage: hit.evidence for hit in hits if hit.evidence}
    passages = assistant.index.passages
    whole = 0
    for place, passage in enumerate(passages):
        around = [
            other for other in passages[max(0, place - 2) : place + 3] if other.document_id == passage.document_id
        ]
        if found.keys() >= set(around):
            whole += 1
            assert found[passage].surroundings == pytest.approx(fmean(found[other].aspect for other in around))
    assert whole > 5


def test_with_an_embedding_model_of_their_own_broad_questions_are_known_too(assistant: Assistant) -> None:
    """What belongs was learnt on the packaged model's vectors; here it is given as a folder of one's own."""
    own = Retriever(assistant.index, load_embedder(str(_packaged_folder())), load_reranker())
    question = "What is there to do?"
    belonging = [
        {hit.passage.id: hit.evidence.aspect for hit in retriever.retrieve(question) if hit.evidence}
        for retriever in (own, assistant.retriever)
    ]
    both = belonging[0].keys() & belonging[1].keys()
    assert len(both) > 10
    assert [belonging[0][key] for key in both] == pytest.approx([belonging[1][key] for key in both], abs=1e-3)


def test_of_an_opinion_every_reader_is_read_who_speaks_of_the_whole(assistant: Assistant) -> None:
    comments = [document for document in assistant.corpus.documents if document.voice is Kind.COMMENT]
    hits = assistant.retriever.retrieve("What do visitors say?")
    read = {hit.passage.document_id for hit in hits} & {document.id for document in comments}
    facts = {hit.passage.document_id for hit in assistant.retriever.retrieve("When was Røros founded?")}
    assert len(read) >= 0.9 * len(comments)
    assert len(read) > len(facts & {document.id for document in comments})


def test_the_signs_of_a_passage_are_its_evidence_in_the_order_of_their_weights(assistant: Assistant) -> None:
    (evidence, *_) = (hit.evidence for hit in assistant.retriever.retrieve("When was Røros founded?"))
    assert evidence is not None
    assert signs(evidence) == tuple(float(getattr(evidence, name)) for name in SIGNS)
    assert signs(replace(evidence, answers=evidence.answers + 1)) != signs(evidence)


def test_a_question_has_words_of_its_own_without_the_destinations_name(assistant: Assistant) -> None:
    count = assistant.retriever.count_words
    assert count("When was Røros founded?") == count("When was it founded?") == count("founded") == 1
    assert count("hotels near the church in Bergstaden") == 3


@pytest.mark.parametrize("name", ["RØROS", "røros", "Roros", "roros", "Bergstaden", "the town"])
@pytest.mark.parametrize("question", ["What is there to do in {}?", "When was {} founded?"])
def test_the_destinations_name_in_any_spelling_changes_nothing(question: str, name: str, assistant: Assistant) -> None:
    find = assistant.retriever.retrieve
    assert find(question.format(name)) == find(question.format("Røros"))


@pytest.mark.parametrize("question", ["", "  \n", "?!", "… 🙂"])
def test_a_question_without_a_word_matches_nothing(question: str, assistant: Assistant) -> None:
    assert assistant.retriever.retrieve(question) == []


def test_sentences_that_say_the_same_are_ranked_by_their_place(embedder: Embedder, tmp_path: Path) -> None:
    documents = tuple(
        Document(name, Kind.ARTICLE, "A page", "The ferry takes two hours.") for name in ("south", "north", "east")
    )
    with open_index(Corpus(Destination(), documents), embedder, tmp_path) as index:
        hits = Retriever(index, embedder, load_reranker()).retrieve("How long does the ferry take?")
    assert [hit.passage.document_id for hit in hits] == ["east", "north", "south"]
    assert len({hit.score for hit in hits}) == 1


SAID = {
    "solstad": ("Solstad Hotel", "The rooms are quiet at night.", "Our room at the Solstad was quiet, a lorry aside."),
    "nordlys": ("Nordlys Guesthouse", "The rooms are quiet at night.", "We slept badly: the room was loud."),
    "kettle": ("The Copper Kettle", "They bake their own bread.", "The soup was cold."),
    "trains": ("Getting there", "The train from the city takes two hours.", "The bus is slower than the train."),
}


@pytest.fixture(scope="module")
def places(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    documents = [
        document
        for name, (title, text, comment) in SAID.items()
        for document in (
            Document(name, Kind.OFFICIAL, title, text),
            Document(f"{name}#1", Kind.COMMENT, title, comment),
        )
    ]
    with open_index(Corpus(Destination(), tuple(documents)), embedder, tmp_path_factory.mktemp("places")) as index:
        yield Retriever(index, embedder, load_reranker())


def _pages(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id.partition("#")[0] for hit in hits]


@pytest.mark.parametrize("page", ["solstad", "nordlys"])
def test_what_is_said_of_the_place_talked_about_comes_first(page: str, places: Retriever) -> None:
    history = [Turn("user", "Where can I stay?"), Turn("assistant", f"At {SAID[page][0]}.")]
    named = _pages(places.retrieve(f"Are the rooms at {SAID[page][0]} quiet?"))
    meant = _pages(places.retrieve("Are the rooms quiet there?", history))
    assert named[:2] == meant[:2] == [page, page]


def test_the_place_talked_about_hides_nothing_else(places: Retriever) -> None:
    history = [Turn("user", "Tell me about the Solstad Hotel."), Turn("assistant", "The rooms are quiet at night.")]
    hits = places.retrieve("How long does the train take?", history)
    assert set(_pages(hits)) == set(SAID)
    train = next(hit for hit in hits if hit.passage.document_id == "trains")
    assert all(hit.score < train.score for hit in hits if _pages([hit]) not in (["solstad"], ["trains"]))


def test_without_a_name_places_are_told_apart_by_what_they_say_alone(places: Retriever) -> None:
    history = [Turn("user", "Tell me about the area."), Turn("assistant", "It is green.")]
    assert places.retrieve("Are the rooms quiet?", history) == places.retrieve("Are the rooms quiet?")


@pytest.mark.parametrize(
    ("question", "stands"),
    [
        ("Do they serve alcohol?", True),
        ("Does it have a nice view?", True),
        ("How much is it?", False),
        ("why?", False),
    ],
)
def test_a_question_about_a_named_place_stands_where_it_says_the_rest_itself(
    question: str, stands: bool, places: Retriever
) -> None:
    history = [Turn("user", "Tell me about the Copper Kettle."), Turn("assistant", "They bake their own bread.")]
    assert places.stands_by_its_place(question, history) is stands
    assert not places.stands_by_its_place(question, [Turn("user", "Tell me about the area.")])
