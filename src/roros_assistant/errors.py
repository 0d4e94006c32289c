"""Everything the assistant raises on purpose.

* RorosError
  - SettingInvalid     a setting or a flag has a value we cannot use
  - InputInvalid       a question file or line cannot be read
  - CorpusInvalid      a corpus file is malformed; says the file and the line
  - IndexMismatch      the index was built with another embedding model
  - IndexBusy          another process is writing the index and does not finish
  - IndexUnusable      the data folder, or the vector store in it, does not work
  - ModelUnavailable   the embedding model, the reranker or the chat model cannot be loaded
  - PortTaken          the page's port is in use
  - PromptInvalid      a file of instructions to the chat model cannot be used
  - WritingFault       the chat model did not answer; has a reason for programs and a sentence for people

Each message says what happened, where, and what repairs it. Exit codes: 1 is a bug, 2 what the user typed,
3 and up what the machine or the files lack.
"""

from pathlib import Path


class RorosError(Exception):
    """Something a person can repair; the message says how."""

    exit_code = 1


class SettingInvalid(RorosError):
    """A setting or a flag has a value we cannot use."""

    exit_code = 2


class InputInvalid(RorosError):
    """A question file or line cannot be read."""

    exit_code = 2


class CorpusInvalid(RorosError):
    """A corpus file is malformed."""

    exit_code = 3

    def __init__(self, file: Path, line: int | None, problem: str) -> None:
        place = str(file) if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {problem}")
        self.file = file
        self.line = line


class IndexMismatch(RorosError):
    """The index was built with another embedding model."""

    exit_code = 4

    def __init__(self, folder: Path, built_with: str, configured: str) -> None:
        super().__init__(
            f"The index in {folder} was built with the embedding model {built_with}, but {configured} is set. "
            "Rebuild it with: roros index --rebuild (or set ROROS_EMBEDDING_MODEL back)"
        )


class IndexBusy(RorosError):
    """Another process is writing the index and does not finish."""

    exit_code = 5

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(
            f"Another process has been writing the index in {folder} for over {seconds:.0f} s. "
            "Wait for it, or stop it, or give this one its own folder with --data DIR"
        )


class ModelUnavailable(RorosError):
    """The embedding model, the reranker or the chat model cannot be loaded."""

    exit_code = 6


class PortTaken(RorosError):
    """The page's port is in use."""

    exit_code = 7

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is in use. Stop the other program, or choose another port with: "
            f"roros web --port {port + 1}"
        )


class IndexUnusable(RorosError):
    """The data folder, or the vector store in it, does not work."""

    exit_code = 8

    def __init__(self, folder: Path, problem: str, remedy: str = "") -> None:
        remedy = remedy or "Make the folder writable and leave it some space, or choose another with --data DIR"
        super().__init__(f"The index cannot be kept in {folder}: {problem}. {remedy}")


class PromptInvalid(RorosError):
    """A file of instructions to the chat model cannot be used."""

    exit_code = 9

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}. Correct it, or install roros-assistant again")
        self.file = file


class WritingFault(RorosError):
    """The chat model did not answer, or not to the end; the message is for the user and holds nothing of the server."""

    exit_code = 10

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason  # one of generate/faults.py's
