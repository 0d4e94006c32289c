"""The cross-encoder as travellers get it: what it reads, in which order it answers, and what it refuses to load."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roros_assistant.embed import _packaged_folder
from roros_assistant.errors import ModelUnavailable
from roros_assistant.rerank import Reranker, check_files, load_reranker, model_files

QUESTION = "How long does the ferry take?"
ANSWER = "The ferry to the island takes two hours."
# More than one batch, of lengths in no order, one of them past the model's limit.
BREAD = ("Bread is sold at the mill. " * count for count in (30, 1, 12, 3, 100, 2, 7, 20, 5))
TEXTS = [*BREAD, ANSWER, "Rye.", "Oats."]
# Weights of eight bits are scaled by a batch's largest value, so a text's neighbours move its logit a little: up to
# 0.05 here, of 17 between the best and the worst.
NEIGHBOURS = 0.3


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    return load_reranker()


@pytest.mark.parametrize(
    ("budget", "read"),  # a question and a text of a word each are 5 tokens
    [(0, 1), (4, 1), (9, 1), (10, 2), (14, 2), (15, 3), (30, 6), (10**6, 6)],
)
def test_the_budget_keeps_the_leading_texts_and_at_least_one(budget: int, read: int, reranker: Reranker) -> None:
    texts = ["rye", "bread", "mill", "ferry", "island", "hours"]
    assert reranker.count_fitting("bread", texts, budget) == read
    assert reranker.count_fitting("bread", [], budget) == 0


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    assert reranker.score(QUESTION, []) == []


def test_scores_stand_in_the_order_of_the_texts_whatever_their_lengths(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, TEXTS)
    assert TEXTS[scores.index(max(scores))] == ANSWER
    alone = [reranker.score(QUESTION, [text])[0] for text in TEXTS]
    assert scores == pytest.approx(alone, abs=NEIGHBOURS)
    assert reranker.score(QUESTION, TEXTS[::-1])[::-1] == pytest.approx(scores, abs=NEIGHBOURS)


def test_two_threads_at_once_get_the_scores_that_one_gets(reranker: Reranker) -> None:
    texts = sorted(TEXTS, key=len)[:9]  # two batches
    expected = reranker.score(QUESTION, texts)
    fresh = load_reranker()  # both threads meet while it loads
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = [pool.submit(fresh.score, QUESTION, texts) for _ in range(4)]
        assert [scores.result() for scores in asked] == [expected] * 4


@pytest.mark.parametrize(
    ("question", "answering", "beside"),
    [
        (QUESTION, ANSWER, "The ferry to the island is white."),
        ("When was the church built?", "The church was built in 1784.", "The church stands above the village."),
        ("Who built the mill?", "The mill was built by Jon Aas.", "The mill grinds corn to this day."),
        ("wifi at the pension", "The pension has free wifi.", "The pension was lovely and warm."),
        ("best month to visit", "August is the best month to come.", "The village is small."),
    ],
)
def test_the_reader_tells_what_answers_from_what_is_only_about_the_same(
    question: str, answering: str, beside: str, reranker: Reranker
) -> None:
    yes, no = reranker.answers(question, [answering, beside])
    assert yes > 0 > -2 > no


def test_the_reader_tells_a_price_from_where_it_is_paid_by_far(reranker: Reranker) -> None:
    """Where tickets are sold it calls an answer about as likely as not; that a price is lacking is told elsewhere."""
    price, place = reranker.answers(
        "How much does a ticket cost?", ["A ticket costs 40 kroner.", "Tickets are sold on board the ferry."]
    )
    assert price > 0
    assert price > place + 4


def test_the_reader_answers_in_the_order_of_the_texts_whatever_their_lengths(reranker: Reranker) -> None:
    found = reranker.answers(QUESTION, TEXTS)
    assert TEXTS[found.index(max(found))] == ANSWER
    assert found == pytest.approx([reranker.answers(QUESTION, [text])[0] for text in TEXTS], abs=NEIGHBOURS)
    assert reranker.answers(QUESTION, []) == []


def test_two_threads_at_once_read_as_one_does(reranker: Reranker) -> None:
    expected = reranker.answers(QUESTION, TEXTS)
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = [pool.submit(reranker.answers, QUESTION, TEXTS) for _ in range(4)]
        assert [found.result() for found in asked] == [expected] * 4


def test_a_cross_encoder_set_by_name_chooses_what_the_reader_reads(reranker: Reranker, tmp_path: Path) -> None:
    """Here one that knows nothing yet, made on the spot."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(_packaged_folder())
    tiny = BertConfig(vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2)
    tiny.num_labels = 1
    for part in (tokenizer, BertForSequenceClassification(tiny)):
        part.save_pretrained(tmp_path)
    named = load_reranker(str(tmp_path))
    texts = [f"{place} boats sail to the island." for place in range(20)]
    scores = named.score(QUESTION, texts)
    chosen = sorted(range(20), key=lambda place: -scores[place])[:12]
    found = named.answers(QUESTION, texts)
    assert [found[place] for place in chosen] == pytest.approx(
        reranker.answers(QUESTION, [texts[place] for place in chosen]), abs=NEIGHBOURS
    )
    assert {found[place] for place in range(20) if place not in chosen} == {min(found)}
    assert named.count_fitting(QUESTION, texts, 100) == reranker.count_fitting(QUESTION, texts, 100)
    few = named.answers(QUESTION, texts[:12])
    assert few == pytest.approx(reranker.answers(QUESTION, texts[:12]), abs=NEIGHBOURS)


@pytest.mark.parametrize(("word", "whole"), [("church", True), ("flanderborg", False)])
def test_its_vocabulary_has_common_words_whole_and_names_in_pieces(word: str, whole: bool, reranker: Reranker) -> None:
    assert reranker.is_word(word) is whole


def test_the_packaged_files_are_the_ones_that_were_measured() -> None:
    check_files(model_files())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(None, "is missing", id="missing"),
        pytest.param(b"weights", None, id="whole"),
        pytest.param(b"weightz", "has changed", id="changed"),
        pytest.param(b"weight", "has changed", id="cut short"),
        pytest.param(b"", "has changed", id="empty"),
    ],
)
def test_a_file_is_taken_only_as_it_was_measured(content: bytes | None, problem: str | None, tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    if content is not None:
        file.write_bytes(content)
    expected = {file: hashlib.sha256(b"weights").hexdigest()}
    if problem is None:
        check_files(expected)
        return
    with pytest.raises(ModelUnavailable, match=rf"{problem}\. Reinstall it with: pip install") as raised:
        check_files(expected)
    assert str(file) in str(raised.value)


def test_the_file_of_the_reader_comes_with_this_package(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"--no-deps roros-assistant$"):
        check_files({tmp_path / "reader.onnx": ""})


def test_a_reranker_set_by_name_that_is_not_there_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded: .* Check ROROS_RERANKER_MODEL"):
        load_reranker(str(tmp_path / "nothing")).warm()
