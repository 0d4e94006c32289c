"""The examples in docstrings are true."""

import doctest
import importlib
from pathlib import Path

import pytest

import roros_assistant

PACKAGE = Path(roros_assistant.__file__).parent
WITH_EXAMPLES = [
    ".".join(["roros_assistant", *path.relative_to(PACKAGE).with_suffix("").parts])
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_what_a_docstring_shows_is_what_happens(module: str) -> None:
    results = doctest.testmod(importlib.import_module(module))
    assert results.attempted > 0
    assert results.failed == 0
