"""The few settings, read once from ROROS_* environment variables; a misspelt one stops the start."""

import difflib
import os
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from roros_assistant.errors import SettingInvalid

_PREFIX = "ROROS_"


class Settings(BaseSettings):
    """Defaults answer offline from packages alone; a flag of the command wins over a setting."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    corpus: Path | None = Field(None, description="folder of sources; default: the one in the package")
    data: Path = Field(
        platformdirs.user_data_path("roros-assistant"), description="folder for the index and the visitors' verdicts"
    )
    host: str = Field("127.0.0.1", description="address the page listens on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(7860, description="port the page listens on")
    embedding_model: str | None = Field(
        None, description="a sentence-transformers model, by hub name or folder; default: the one in the package"
    )
    reranker_model: str | None = Field(
        None, description="a cross-encoder, by hub name or folder; default: the one in the package"
    )

    @field_validator("corpus", "data")
    @classmethod
    def _at_home(cls, folder: Path | None) -> Path | None:
        """Read ``~`` as a shell would: environment files pass it on as it is."""
        return None if folder is None else folder.expanduser()


def load_settings(**flags: object) -> Settings:
    """Read the environment; ``flags`` that are not None win.

    Raises:
        SettingInvalid: an unknown ROROS_* name, or a value of the wrong kind.
    """
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in os.environ:
        if name.upper().startswith(_PREFIX) and name not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingInvalid(f"{name} is not a setting.{hint} Known: {', '.join(sorted(known))}")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        shown = f"--{name.replace('_', '-')}" if flags.get(name) is not None else f"{_PREFIX}{name.upper()}"
        raise SettingInvalid(f"{shown}: {fault['msg']} (got {fault['input']!r})") from None
