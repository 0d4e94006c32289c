"""What tests share: the real model, the real sources, and no network beyond this machine."""

import os
import signal
from collections.abc import Iterator

# Read when the libraries are imported, by the child processes of tests too.
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    LANGSMITH_TRACING="false",
)

import hypothesis
import pytest

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.settings import load_settings
from roros_assistant.types import Corpus

hypothesis.settings.register_profile("ours", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("ours")

pytest_plugins = ["browser", "faults", "towns"]


@pytest.hookimpl(tryfirst=True)  # before pytest-socket reads its options
def pytest_configure(config: pytest.Config) -> None:
    config.option.allow_hosts = "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True
    # A run in the background of a script ignores Ctrl-C, and so would the programs that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """Load the model that the package ships, once: tests measure what travellers get."""
    loaded = load_embedder()
    loaded.warm()
    return loaded


@pytest.fixture(scope="session")
def roros_corpus() -> Corpus:
    return read_corpus(default_corpus_folder())


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The whole pipeline on the real sources, as the page and the commands open it."""
    opened = open_assistant(load_settings(data=tmp_path_factory.mktemp("assistant")))
    yield opened
    opened.close()
