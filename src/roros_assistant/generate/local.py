"""A model in a file on this machine, run in this process; the only user of xllamacpp."""

import os
import secrets
from pathlib import Path
from typing import Any

from roros_assistant.errors import ModelUnavailable

# Tokens. Instructions, ten passages, six turns and the answer are 2,000 to 3,000; two people at once share the rest.
_CONTEXT = 4_096
_AT_ONCE = 2
# One core is left to whoever checks, and to others: llama.cpp's threads wait for each other at every step. With both of
# two cores taken and one of them busy, two people at once waited 103 s for 100 tokens each; with one thread 7 s, where
# two idle cores took 4 s. Alone it is 4 s instead of 3 s.
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# Tokens: six sentences are 250. A small model that has lost the thread would go on until the context is full.
_LONGEST_ANSWER = 512
# Tokens read at once: between two such batches llama.cpp notices that nobody waits for the answer, after one to three
# seconds. 512 at once are read no faster.
_BATCH = 128
_SILENT = -1


class LocalServer:
    """An OpenAI-compatible server in this process, on loopback, that answers only to its key."""

    def __init__(self, server: Any, key: str) -> None:  # noqa: ANN401 - xllamacpp has no types
        self.address = str(server.listening_address)
        self.key = key
        self._server = server

    def __repr__(self) -> str:
        """Tell no key."""
        return f"LocalServer({self.address})"

    def close(self) -> None:
        """Free the model; whoever still waits for an answer is waited for."""
        self._server = None


def start_server(file: Path) -> LocalServer:
    """Load a GGUF file and serve it.

    Raises:
        ImportError: xllamacpp is not installed.
        ModelUnavailable: the file is missing or no model that llama.cpp reads.
    """
    import xllamacpp

    if not file.is_file():
        raise ModelUnavailable(f"There is no model file {file}. Set ROROS_CHAT_MODEL to gguf:PATH of one")
    with file.open("rb") as start:
        if start.read(4) != b"GGUF":  # llama.cpp would print pages before it says so
            raise ModelUnavailable(f"{file} is no GGUF file. Set ROROS_CHAT_MODEL to gguf:PATH of one")
    key = secrets.token_urlsafe(24)
    try:
        server = xllamacpp.Server(_parameters(xllamacpp.CommonParams(), file, key))
    except RuntimeError:
        raise ModelUnavailable(
            f"llama.cpp cannot load {file}: the file is damaged, of a kind it does not know, or too big for the "
            "memory. Set ROROS_CHAT_MODEL to another"
        ) from None
    return LocalServer(server, key)


def _parameters(parameters: Any, file: Path, key: str) -> Any:  # noqa: ANN401 - xllamacpp has no types
    parameters.model.path = str(file)
    parameters.api_keys = [key]  # other users of this machine reach loopback too
    parameters.port = 0  # a free one
    parameters.n_parallel = _AT_ONCE
    parameters.n_ctx = _CONTEXT * _AT_ONCE
    parameters.n_batch = _BATCH
    parameters.n_ubatch = _BATCH
    parameters.n_predict = _LONGEST_ANSWER
    parameters.cpuparams.n_threads = max(1, _CORES - 1)
    parameters.cpuparams_batch.n_threads = max(1, _CORES - 1)
    parameters.n_threads_http = _AT_ONCE + 2
    parameters.sampling.temp = 0.0  # the same question, the same answer
    parameters.enable_reasoning = 0  # what is thought aloud is not shown, and takes the time of the answer
    # What is remembered of earlier prompts is rounded differently: answers would hang on who asked before.
    parameters.cache_prompt = False
    parameters.cache_ram_mib = 0
    parameters.ui = False
    parameters.endpoint_slots = False  # would show one person's question to another
    parameters.verbosity = _SILENT
    return parameters
