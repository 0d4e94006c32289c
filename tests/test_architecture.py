"""The layers of the design, kept true: who imports whom, where each heavy library lives, how long a thing may get."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "src" / "roros_assistant").rglob("*.py"))
DOORS = sorted((ROOT / "ui").rglob("*.py"))
EVERY = [*CORE, *DOORS]

# Lowest first; a module imports from layers below its own, so that steps meet only in the assistant.
LAYERS = (
    {"types", "errors", "quantities"},
    {"settings", "documents", "passages", "embed", "rerank", "slips", "asked", "aspects"},
    {"stems"},
    {"index", "decide", "short", "askable", "spelling", "words", "question", "voices", "places"},
    {"evidence", "opinions"},
    {"speakers"},
    {"dialogue", "retrieve", "compose", "generate", "verify", "cite", "present", "suggest"},
    {"prose"},
    {"assistant"},
    {"doctor", "evaluate", "chain"},
    {"ui"},
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

HOME = {
    "bm25s": {"index", "stems"},
    "chromadb": {"index"},
    "fastapi": {"ui.web"},
    "filelock": {"index", "ui.web"},
    "gradio": {"ui.web"},
    "langchain": {"generate"},
    "langchain_chroma": {"index"},
    "langchain_openai": {"generate"},
    "onnxruntime": {"rerank"},
    "openai": {"generate"},
    "platformdirs": {"settings"},
    "pydantic_settings": {"settings"},
    "py3langid": {"dialogue"},
    "rapidfuzz": {"spelling", "places"},
    "rich": {"ui.terminal"},
    "sentence_transformers": {"embed", "rerank"},
    "snowballstemmer": {"stems"},
    "starlette": {"ui.web"},
    "tokenizers": {"rerank"},
    "torch": {"embed", "rerank"},
    "transformers": {"embed", "rerank"},
    "typer": {"ui.cli", "ui.web"},
    "uvicorn": {"ui.web"},
    "vaderSentiment": {"opinions"},
    "xllamacpp": {"generate"},
    "yaml": {"documents"},
}


def name_of(path: Path) -> str:
    """The module a file belongs to: `index` for index.py and index/store.py, `ui.web` for ui/web/chat.py."""
    if path.is_relative_to(ROOT / "ui"):
        return ".".join(["ui", *path.relative_to(ROOT / "ui").with_suffix("").parts[:1]])
    return path.relative_to(ROOT / "src" / "roros_assistant").with_suffix("").parts[0]


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    """The modules of this project that a file imports by name."""
    parts = (name.split(".") for name in imports(path))
    return {part[1] for part in parts if part[0] == "roros_assistant" and len(part) > 1}


each_core_file = pytest.mark.parametrize("path", [path for path in CORE if path.name != "__init__.py"], ids=name_of)
each_file = pytest.mark.parametrize("path", EVERY, ids=lambda path: path.relative_to(ROOT).as_posix())


@each_core_file
def test_a_core_module_has_a_place_in_the_layers(path: Path) -> None:
    assert name_of(path) in RANK


@each_core_file
def test_a_core_module_imports_only_lower_layers(path: Path) -> None:
    own = name_of(path)
    reached = ours(path) & set(RANK) - {own}
    assert {name for name in reached if RANK[name] >= RANK[own]} == set()


@each_file
def test_a_heavy_library_is_imported_only_in_its_home(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)} & set(HOME)
    assert {library for library in used if name_of(path) not in HOME[library]} == set()


def test_every_declared_home_is_lived_in() -> None:
    used = {(name.split(".")[0], name_of(path)) for path in EVERY for name in imports(path)}
    assert {library for library, homes in HOME.items() if not any((library, home) in used for home in homes)} <= {
        "transformers",  # reached through sentence-transformers; listed so that nobody else takes it up
    }


def test_every_library_that_is_imported_is_declared() -> None:
    distributions = packages_distributions()
    declared = {Requirement(line).name.lower() for line in requires("roros-assistant") or []}
    imported = {name.split(".")[0] for path in EVERY for name in imports(path)}
    libraries = imported - sys.stdlib_module_names - {"roros_assistant"}
    assert {
        library for library in libraries if not declared & {name.lower() for name in distributions.get(library, [])}
    } == set()


@pytest.mark.parametrize("path", DOORS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_doors_import_their_siblings_relatively(path: Path) -> None:
    assert "ui" not in ours(path)


@each_file
def test_a_file_and_its_functions_fit_the_eye(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert len(source.splitlines()) <= 300
    assert {name for name, length in lengths.items() if length > 40} == set()


@pytest.mark.parametrize(
    "module", ["ui.cli", "settings", "documents", "passages", "types", "present", "rerank", "generate"]
)
def test_importing_a_light_module_loads_no_heavy_library(module: str) -> None:
    heavy = "torch sentence_transformers transformers chromadb gradio onnxruntime langchain_core"
    code = f"import sys, roros_assistant.{module}; print(*sorted(set('{heavy}'.split()) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
