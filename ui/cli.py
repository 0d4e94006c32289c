"""The command `roros`: parse, call, print; every error becomes one line, here and nowhere else."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from roros_assistant.errors import InputInvalid, RorosError
from roros_assistant.settings import Settings, load_settings

from .ending import leave
from .terminal import ShownProgress, print_checks, print_json, spoken, wrap

# Heavy modules are imported where a command needs them: `roros --help` answers at once.

# The libraries read these when they are imported. Nobody is told what is asked here, and no bar of theirs runs through
# ours; who wants otherwise sets the variable.
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}
_STOPPED = 130  # the exit code of a command that Ctrl-C ends

app = typer.Typer(
    name="roros",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Settings are environment variables, ROROS_CORPUS and the like; a flag wins. All of them: roros doctor",
)

CorpusFolder = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Folder of sources.  [default: the one in the package]"),
]
DataFolder = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder for the index.  [default: your user data folder]"),
]


@app.callback(invoke_without_command=True)
def roros(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Answer travellers' questions from a small set of sources, every sentence a quote with its place."""
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"roros {version_of('roros-assistant')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="What you want to know, in plain words.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    jsonl: Annotated[
        str | None,
        typer.Option("--jsonl", metavar="FILE", help="Answer a file of questions, - for standard input: see below."),
    ] = None,
    corpus: CorpusFolder = None,
    data: DataFolder = None,
) -> None:
    """Answer a question, with the sources' own words.

    \b
    Examples:
      roros ask "best season to visit"
      roros ask --json "Where can I stay?"
      roros ask --jsonl questions.jsonl > answers.jsonl

    \b
    A line of the file is one JSON object; id and history may be left out:
      {"id": "q1", "question": "And in winter?",
       "history": [{"role": "user", "content": "best season to visit"}]}
    Each line is answered by one line, in order; a bad one by {"id", "error"}.
    """
    settings = load_settings(corpus=corpus, data=data)
    if question and jsonl is not None:
        raise InputInvalid("a question or a file of questions, not both. See: roros ask --help")
    if jsonl is not None:
        from .batch import answer_file

        for record in answer_file(jsonl, settings):
            print_json(record)
    elif question:
        _answer_one(" ".join(question), settings, as_json=as_json)
    else:
        raise InputInvalid('no question. Ask one like this: roros ask "best season to visit"')


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make it anew, also for another embedding model.")] = False,
    corpus: CorpusFolder = None,
    data: DataFolder = None,
) -> None:
    """Bring the index up to date with the sources.

    Every other command does this by itself; here it can be done ahead, with what was done told.

    \b
    Examples:
      roros index
      roros index --corpus my-town --data my-town-data
    """
    settings = load_settings(corpus=corpus, data=data)
    from roros_assistant.documents import default_corpus_folder, read_corpus
    from roros_assistant.embed import load_embedder
    from roros_assistant.index import sync

    sources = read_corpus(settings.corpus or default_corpus_folder())
    with ShownProgress() as progress:
        state = sync(
            sources, load_embedder(settings.embedding_model), settings.data, rebuild=rebuild, progress=progress
        )
    typer.echo(f"{state.folder}: {state.passages} passages, {state.embedded} embedded now, {state.reused} reused")


@app.command()
def web(
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.  [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", metavar="NUMBER", help="Port to listen on.  [default: 7860]")
    ] = None,
    corpus: CorpusFolder = None,
    data: DataFolder = None,
) -> None:
    """Open the chat page.

    \b
    Examples:
      roros web
      roros web --host 0.0.0.0 --port 8080
    """
    settings = load_settings(corpus=corpus, data=data, host=host, port=port)
    from .web import serve

    serve(settings)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as one JSON object.")] = False,
    corpus: CorpusFolder = None,
    data: DataFolder = None,
) -> None:
    """Check that everything works; name what repairs it."""
    from roros_assistant.doctor import Severity, examine

    checks = examine(corpus=corpus, data=data)
    sound = all(check.severity is not Severity.FAULT for check in checks)
    if as_json:
        from dataclasses import asdict

        print_json({"sound": sound, "checks": [asdict(check) for check in checks]})
    else:
        print_checks(checks)
    raise typer.Exit(0 if sound else 1)


@app.command()
def evaluate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Questions and what is expected, - for standard input: see below.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers and every question as JSON.")] = False,
    fail_under: Annotated[
        float | None,
        typer.Option(metavar="SHARE", min=0, max=1, help="Exit with 1 where fewer are as expected."),
    ] = None,
    corpus: CorpusFolder = None,
    data: DataFolder = None,
) -> None:
    """Score the answers to your own questions.

    \b
    Examples:
      roros evaluate questions.jsonl
      roros evaluate --json --fail-under 0.9 questions.jsonl

    \b
    A line of the file is one JSON object. A right citation contains the quote, or is of the document, or both; with
    neither the question must be refused. id and history may be left out, as in roros ask --jsonl:
      {"question": "how old is the town?", "quote": "founded in 1644"}
      {"question": "Who runs it?", "document": "tourism-award-2015"}
      {"id": "q3", "question": "Is there a casino?", "quote": null}
    """
    settings = load_settings(corpus=corpus, data=data)
    from . import evaluation

    outcome = evaluation.evaluate_file(file, settings)
    if as_json:
        print_json(evaluation.as_json(outcome))
    else:
        typer.echo(wrap("\n".join(evaluation.as_text(outcome)), indent=2))
    raise typer.Exit(0 if (outcome.as_expected.share or 0.0) >= (fail_under or 0.0) else 1)


@app.command()
def verify(
    claims: Annotated[
        str, typer.Option("--claims", metavar="FILE", help="Claims and their references, - for standard input.")
    ],
    corpus: CorpusFolder = None,
) -> None:
    """Check claims against their references, yours or another program's.

    \b
    Examples:
      roros verify --claims claims.jsonl > verdicts.jsonl
      generate | roros verify --claims -

    \b
    A line of the file is one JSON object; the references carry the claim together or not at all:
      {"id": "c1", "claim": "The train takes three hours.",
       "references": ["By train it is 2.5 hours from Trondheim."]}
    Each line is answered by one line, in order; a bad one by {"id", "error"}:
      {"id": "c1", "supported": false, "score": 0.02,
       "reasons": ["the number three hours is not in the source"]}
    No index is needed. Of the sources only the destination's names are read: those need not be in a reference.
    """
    settings = load_settings(corpus=corpus)
    from .claims import check_file

    for record in check_file(claims, settings):
        print_json(record)


def _answer_one(words: str, settings: Settings, *, as_json: bool) -> None:
    from roros_assistant.question import check_question

    question = check_question(words)
    from roros_assistant import present
    from roros_assistant.assistant import open_assistant

    with ShownProgress() as progress:
        assistant = open_assistant(settings, progress=progress)
    try:
        answer = assistant.ask(question)
    finally:
        assistant.close()
    if as_json:
        print_json(present.as_json(answer))
    else:
        typer.echo(spoken(answer))


def main() -> None:
    """Run the command; what a person can repair is one line and an exit code, a bug keeps its traceback."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter is no reason to fail
    try:
        code = app(standalone_mode=False)
    except RorosError as error:
        code = _fail(str(error), error.exit_code)
    except typer.TyperException as error:
        code = _fail(f"{error.format_message().rstrip('.')}. See: {_help_command()}", error.exit_code)
    if code == _STOPPED:
        _fail("stopped", _STOPPED)
        leave(code)
    raise SystemExit(code)


def _fail(message: str, code: int) -> int:
    typer.echo(f"roros: {message}", err=True)
    return code


def _help_command() -> str:
    """The help page of what was typed."""
    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    typed = [word for word in sys.argv[1:2] if word in commands]
    return " ".join(["roros", *typed, "--help"])
