"""What `pip install .` gives: a `roros` that finds its corpus wherever it is started."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "src", "ui", "corpus")


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command with no trace of the checkout in its environment; its output, or what went wrong."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ROROS_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building leaves files beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "checkout"
    copy.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(ROOT / name, copy / name)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, copy, cwd=folder)
    return next(folder.glob("roros_assistant-*.whl"))


@pytest.fixture(scope="module")
def beside(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked in a folder of its own, to stand beside the installed packages."""
    folder = tmp_path_factory.mktemp("beside")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, wheel, cwd=folder)
    return folder


def run_beside(beside: Path, code: str, cwd: Path) -> str:
    """Run code with the unpacked wheel and the installed packages, and without the checkout.

    ``-S`` keeps the editable installation's finder out; the packages' folder is then a plain entry of the path.
    """
    packages = os.pathsep.join([str(beside), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    return run(sys.executable, "-S", "-c", code, cwd=cwd, PYTHONPATH=packages)


def test_the_wheel_holds_every_module_and_every_source_and_nothing_else_of_the_checkout(beside: Path) -> None:
    expected = {
        Path("roros_assistant", *path.relative_to(ROOT / "src" / "roros_assistant").parts)
        for path in (ROOT / "src" / "roros_assistant").rglob("*")
    }
    for folder in ("ui", "corpus"):
        expected |= {Path("roros_assistant", path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*")}
    installed = {path.relative_to(beside) for path in (beside / "roros_assistant").rglob("*") if path.is_file()}
    of_ours = {path for path in expected if path.suffix and "__pycache__" not in path.parts}
    assert {path for path in installed if "__pycache__" not in path.parts} == of_ours


def test_beside_the_installed_packages_it_finds_its_own_corpus_and_not_the_checkouts(
    beside: Path, tmp_path: Path
) -> None:
    code = (
        "from roros_assistant.documents import default_corpus_folder, read_corpus\n"
        "print(default_corpus_folder(), len(read_corpus(default_corpus_folder()).documents), sep='\\n')"
    )
    folder, documents = run_beside(beside, code, tmp_path).splitlines()
    assert Path(folder) == beside / "roros_assistant" / "corpus"
    assert int(documents) == 11


def test_beside_the_installed_packages_the_command_answers_from_another_folder(beside: Path, tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['roros', 'ask', '--json', 'best season to visit', '--data', 'data']\n"
    answer = json.loads(run_beside(beside, code + "from roros_assistant.ui.cli import main; main()", tmp_path))
    assert answer["status"] == "answered"
    assert answer["citations"]


@pytest.mark.slow
def test_from_nothing_the_wheel_and_its_dependencies_answer_in_a_new_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    run(scripts / "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home" / "data")}
    answer = json.loads(run(scripts / "roros", "ask", "--json", "best season to visit", cwd=elsewhere, **home))
    assert answer["status"] == "answered"
    assert answer["citations"]
    assert run(scripts / "pip", "check", cwd=elsewhere).strip() == "No broken requirements found."
    assert not list(elsewhere.iterdir())
