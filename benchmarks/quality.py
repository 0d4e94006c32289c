"""How good the answers are, by the project's own public path: read a folder of sources, index it, ask with history.

    python benchmarks/quality.py [SECTION ...] [--shared-data DIR] [--sample N] [--json OUT] [--compare OTHER]

Prints a table: the value, n, a 95 % bootstrap interval over items, and the floor that is promised. --json keeps the
value of every item; --compare reads such a file of an earlier run, pairs the items and shows what moved. Each section
takes less than ten minutes on two cores. Data sets lie where --shared-data says and are never part of the project.
"""

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from measures import Section, Values, change, interval, value_of

from roros_assistant.errors import RorosError
from roros_assistant.types import Progress
from roros_assistant.ui.terminal import ShownProgress

# Sections on the shipped sources and on destinations written for this; sections on data sets that the project does not
# hold, with their folders.
OWN = ("roros", "broad", "typing", "dialogues")  # functions of roros_golden.py
ELSEWHERE = "elsewhere"
TURNS = ("followups", "parts")  # turns of conversations, taken one by one
WRITTEN = (*OWN, ELSEWHERE, *TURNS)  # for this, and part of the project
SHARED = {"squad": "squad2-dev-first8", "reviews": "dstc11-track5-even", "rewrites": "mtrag-rewrites"}
# Items, of elsewhere destinations: what fits into ten minutes while the machine does something else too.
SAMPLE = {"elsewhere": 10, "squad": 600, "reviews": 200, "rewrites": 777}
_MOVED = 12  # items shown a metric and direction

# Promised, with the direction.
FLOORS: Mapping[tuple[str, str], tuple[str, float]] = {
    ("roros", "answerable: right in three"): (">=", 0.95),
    ("roros", "unanswerable: refused"): (">=", 0.92),
    ("roros", "answerable: refused"): ("<=", 0.05),
    ("roros", "median seconds"): ("<=", 0.4),
    ("broad", "belonging quotes shown"): (">=", 0.75),
    ("broad", "shown quotes that belong"): (">=", 0.75),
    ("typing", "fall of right in three"): ("<=", 0.05),
    ("dialogues", "turns right"): (">=", 0.85),
    ("dialogues", "turns right, other writers'"): (">=", 0.85),
    ("squad", "paragraph recall@5"): (">=", 0.95),
    ("squad", "unanswerable: wrong answers"): ("<=", 0.45),
    ("squad", "AvNA"): (">=", 0.64),
    ("reviews", "recall@5"): (">=", 0.58),
    ("reviews", "right entity first"): (">=", 0.90),
    ("rewrites", "ROUGE-1 F1"): (">=", 0.69),
    ("rewrites", "names recovered"): (">=", 0.60),
    ("rewrites", "names of the last turn kept"): (">=", 1.0),
}


def main() -> int:
    """Measure, print, keep; what ends it early, Ctrl-C too, leaves the sections that are done."""
    options = parse()
    from roros_golden import Asker  # imports every model's library; `--help` answers at once

    before = json.loads(options.compare.read_text(encoding="utf-8"))["sections"] if options.compare else None
    results: dict[str, Section] = {}
    code = 0
    with tempfile.TemporaryDirectory() as folder, ShownProgress() as progress:
        work = options.work or Path(folder)
        try:
            with Asker(work, progress) as asker:
                for name in options.sections:
                    results[name] = measure(name, options, asker, work, progress)
        except KeyboardInterrupt:
            code = fail("stopped", 130)
        except RorosError as error:
            code = fail(str(error), error.exit_code)
    if results:
        print("\n".join(table(results)))
    if options.json and results:
        written = json.dumps(as_json(results, options.seed), ensure_ascii=False, indent=1)
        options.json.write_text(written + "\n", encoding="utf-8")
    if before is not None and results:
        print("\n".join(["", *moved(before, results)]))
    return code


def fail(message: str, code: int) -> int:
    print(f"quality: {message}", file=sys.stderr)
    return code


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; without a section all that have their data are measured."""
    every = [*WRITTEN, *SHARED]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"of {', '.join(every)}; all where none is named"
    )
    parser.add_argument("--shared-data", type=Path, metavar="DIR", help="folder of the public data sets")
    parser.add_argument("--sample", type=int, metavar="N", help=f"items a section; by default {SAMPLE}, else all")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of samples and misspellings")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep the value of every item")
    parser.add_argument("--compare", type=Path, metavar="OTHER", help="an earlier run's --json file")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep corpora and indexes there for the next run")
    options = parser.parse_args(words)
    if unknown := [name for name in options.sections if name not in every]:
        parser.error(f"unknown section {unknown[0]!r}; known: {', '.join(every)}")
    options.sections = options.sections or (every if options.shared_data else [*WRITTEN])
    reading = [name for name in options.sections if name in SHARED]
    if reading and options.shared_data is None:
        parser.error(f"{reading[0]} reads a data set: name its folder with --shared-data DIR")
    if options.sample is not None and options.sample < 1:
        parser.error("--sample is 1 or more")
    for name in reading:
        if not (options.shared_data / SHARED[name]).is_dir():
            parser.error(f"{name} reads {options.shared_data / SHARED[name]}, which is no folder")
    if options.compare and not options.compare.is_file():
        parser.error(f"--compare: no file {options.compare}")
    if options.json and not options.json.parent.is_dir():  # told now, not when everything is measured
        parser.error(f"--json: no folder {options.json.parent}")
    return options


def measure(name: str, options: argparse.Namespace, asker: Any, work: Path, progress: Progress) -> Section:
    """Measure one section; its module is loaded only now."""
    if name in OWN:
        section: Section = getattr(importlib.import_module("roros_golden"), name)(asker, options.seed, options.sample)
        return section
    if name == ELSEWHERE:
        from elsewhere import measure as measure_elsewhere

        return measure_elsewhere(options.sample or SAMPLE[name], work / name, progress)
    if name in TURNS:
        of_turns: Section = importlib.import_module(name).measure(options.sample, options.seed)
        return of_turns
    data, sample = options.shared_data / SHARED[name], options.sample or SAMPLE[name]
    if name == "squad":
        from squad import measure as measure_squad

        return measure_squad(data, sample, options.seed, work / name, progress)
    values = importlib.import_module(name).measure(data, sample, options.seed, work / name)
    return Section({metric: numbered(each) for metric, each in values.items()})


def numbered(values: Sequence[float]) -> Values:
    """Values whose items have no names: the same seed and sample give the same numbers."""
    return {str(number): float(value) for number, value in enumerate(values)}


def table(results: Mapping[str, Section]) -> Iterator[str]:
    """A line a metric."""
    yield f"{'section':<10} {'metric':<45} {'value':>7} {'n':>5}  {'95 % interval':<15} {'promised'}"
    for name, section in results.items():
        for metric, values in section.metrics.items():
            if values:
                yield f"{name:<10} {metric:<45} {row(name, metric, values)}"
    for section in results.values():
        if section.note:
            yield f"\n{section.note}"


def row(name: str, metric: str, values: Values) -> str:
    """The numbers of one metric, and whether its floor holds."""
    value = value_of(metric, values)
    low, high = interval(metric, values)
    numbers = f"{value:>7.3f} {len(values):>5}  {f'{low:.3f} to {high:.3f}':<15}"
    if (name, metric) not in FLOORS:
        return numbers.rstrip()
    sign, floor = FLOORS[name, metric]
    held = value >= floor if sign == ">=" else value <= floor
    return f"{numbers} {sign} {floor:g} {'held' if held else 'MISSED'}"


def as_json(results: Mapping[str, Section], seed: int) -> dict[str, Any]:
    """Everything measured, item by item."""
    sections = {
        name: {"metrics": {metric: dict(values) for metric, values in section.metrics.items()}}
        | {"questions": dict(section.questions), "note": section.note}
        for name, section in results.items()
    }
    return {"seed": seed, "sections": sections}


def moved(before: Mapping[str, Any], results: Mapping[str, Section]) -> Iterator[str]:
    """What differs from an earlier run: each metric with the interval of its difference, then the items."""
    yield f"{'section':<10} {'metric':<45} {'before':>7} {'after':>7} {'n':>5}  95 % interval of the difference"
    details: list[str] = []
    for name, section in results.items():
        for metric, values in section.metrics.items():
            step = change(metric, before.get(name, {}).get("metrics", {}).get(metric, {}), values)
            if step is None:
                continue
            sure = "" if step.low <= 0 <= step.high else "  *"
            numbers = f"{step.before:>7.3f} {step.after:>7.3f} {step.n:>5}  {step.low:+.3f} to {step.high:+.3f}{sure}"
            yield f"{name:<10} {metric:<45} {numbers}"
            if not metric.endswith("seconds"):
                details += items(f"{name}, {metric}, risen", step.risen, section.questions)
                details += items(f"{name}, {metric}, fallen", step.fallen, section.questions)
    yield from details


def items(title: str, moving: Sequence[str], questions: Mapping[str, str]) -> Iterator[str]:
    """The first few items that moved one way."""
    if moving:
        yield f"\n{title}: {len(moving)}"
        yield from (f"  {item}  {questions.get(item, '')}".rstrip() for item in moving[:_MOVED])


if __name__ == "__main__":
    sys.exit(main())
