"""question + passages -> sentences by a chat model, where the owner set one; the only user of chat models."""

from pathlib import Path
from typing import TYPE_CHECKING

from roros_assistant.generate.faults import Reason
from roros_assistant.generate.sentences import Sentence
from roros_assistant.settings import Settings

if TYPE_CHECKING:
    from roros_assistant.generate.writer import Writer

__all__ = ["Reason", "Sentence", "open_writer"]


def open_writer(settings: Settings, prompts: Path | None = None) -> "Writer | None":
    """A writer with the chat model that the settings name, or None where they name none; a local file is loaded now.

    Raises:
        ModelUnavailable: the model's library is not installed, or its file cannot be loaded.
        SettingInvalid: a key is missing.
        PromptInvalid: the instructions to the model cannot be used.
    """
    if settings.chat_model is None:
        return None
    # LangChain takes a second to import: an assistant that quotes starts without it.
    from roros_assistant.generate.models import open_model
    from roros_assistant.generate.prompt import FOLDER
    from roros_assistant.generate.writer import Writer

    return Writer(open_model(settings.chat_model, settings), settings.chat_timeout, prompts or FOLDER)
