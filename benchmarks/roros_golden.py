"""The golden questions, whole conversations too, on the sources that the package ships."""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from measures import Section
from misspell import misspell

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Progress, Turn

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from dialogues import load_dialogues, play
from golden import Golden, answerable, load_golden, refused, right_in_three, unanswerable

_TESTED = ", test half"
_OTHER = ", another writer's"


class Asker:
    """Asks the shipped sources; opened when first asked, and no question is asked twice."""

    def __init__(self, work: Path, progress: Progress) -> None:
        self._work = work
        self.progress = progress
        self._assistant: Assistant | None = None
        self._answers: dict[tuple[str, tuple[Turn, ...]], Answer] = {}

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._assistant is not None:
            self._assistant.close()

    @property
    def assistant(self) -> Assistant:
        """The package's own assistant on the package's own sources."""
        if self._assistant is None:
            self._assistant = open_assistant(load_settings(data=self._work / "roros-index"), progress=self.progress)
        return self._assistant

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Ask, or repeat what was answered to the same question in the same conversation."""
        key = (question, tuple(history))
        if key not in self._answers:
            self._answers[key] = self.assistant.ask(question, history)
        return self._answers[key]

    def ask_all(self, name: str, items: Sequence[Golden]) -> Iterator[tuple[Golden, Answer]]:
        """Ask golden questions one by one, telling how far it is."""
        for number, item in enumerate(items, 1):
            yield item, self.ask(item["question"], history(item))
            self.progress(name, number, len(items))

    def verbatim(self, answer: Answer) -> bool:
        """Whether every quote shown stands in its place word for word."""
        return all(map(self.assistant.verify_citation, (*answer.citations, *answer.nearest)))


def history(item: Golden) -> list[Turn]:
    """The conversation before a golden question."""
    return [Turn(turn["role"], turn["content"]) for turn in item.get("history", [])]


def drawn(golden: Sequence[Golden], sample: int | None, seed: int) -> list[Golden]:
    """A seeded sample in the order of the file, all where none is asked for; a smaller one is part of a larger one."""
    places = [*range(len(golden))]
    random.Random(seed).shuffle(places)
    return [golden[place] for place in sorted(places[:sample])]


def roros(asker: Asker, seed: int, sample: int | None) -> Section:
    """Right citations, refusals and speed, over all golden questions and over the half that no weight was fitted on."""
    every = load_golden()
    golden = [*drawn(answerable(every), sample, seed), *drawn(unanswerable(every), sample, seed)]
    golden += drawn(load_golden("golden_other"), sample, seed)
    table: dict[str, dict[str, float]] = defaultdict(dict)
    right_by_kind: dict[str, list[bool]] = defaultdict(list)
    for item, answer in asker.ask_all("roros", golden):
        other = "" if "split" in item else _OTHER
        for metric, value in _values(item, answer):
            table[metric + other][item["id"]] = float(value)
            if item.get("split") == "test" and not metric.startswith("median"):
                table[metric + _TESTED][item["id"]] = float(value)
        table["every quote verbatim"][item["id"]] = float(asker.verbatim(answer))
        verdict = right_in_three(answer, item) if item.get("quotes") else refused(answer)
        right_by_kind[item["kind"] + other].append(verdict)
    kinds = (f"{kind} {sum(verdicts)}/{len(verdicts)}" for kind, verdicts in right_by_kind.items())
    note = "roros: right in three, or rightly refused: " + ", ".join(kinds)
    return Section(dict(sorted(table.items())), _questions(golden), note)


def _values(item: Golden, answer: Answer) -> Iterator[tuple[str, float]]:
    if item.get("quotes"):
        yield "answerable: right in three", right_in_three(answer, item)
        yield "answerable: refused", refused(answer)
    else:
        yield "unanswerable: refused", refused(answer)
    yield "median seconds", answer.seconds


def broad(asker: Asker, seed: int, sample: int | None) -> Section:
    """How much of what belongs to a broad answer is shown, and how much of what is shown belongs."""
    golden = drawn([item for item in load_golden() if item.get("belongs")], sample, seed)
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for item, answer in asker.ask_all("broad", golden):
        belonging = {*item["belongs"], *item["quotes"]}
        quotes = [citation.quote for citation in answer.citations]
        shown = [any(fragment in quote for quote in quotes) for fragment in belonging]
        fitting = [any(fragment in quote for fragment in belonging) for quote in quotes]
        table["belonging quotes shown"][item["id"]] = sum(shown) / len(shown)
        if fitting:
            table["shown quotes that belong"][item["id"]] = sum(fitting) / len(fitting)
        table["quotes shown, count"][item["id"]] = len(quotes)
    return Section(table, _questions(golden))


def typing(asker: Asker, seed: int, sample: int | None) -> Section:
    """Right citations of the answerable questions as they are, and with seeded errors of typing."""
    clean = drawn(answerable(load_golden()), sample, seed)
    wrong = [{**item, "question": misspell(item["question"], seed)} for item in clean]
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for name, items in (("clean", clean), ("misspelt", wrong)):
        for item, answer in asker.ask_all(f"typing, {name}", items):
            table[f"right in three, {name}"][item["id"]] = float(right_in_three(answer, item))
            table[f"refused, {name}"][item["id"]] = float(refused(answer))
    before, after = table["right in three, clean"], table["right in three, misspelt"]
    table["fall of right in three"] = {item: before[item] - after[item] for item in after}
    lost = [f"  {item['question']}" for item in wrong if before[item["id"]] > after[item["id"]]]
    note = "\n".join(["typing: right as they are, no longer so misspelt:", *lost]) if lost else ""
    return Section(table, _questions(wrong), note)


def dialogues(asker: Asker, seed: int, sample: int | None) -> Section:
    """Whole conversations played turn by turn, the assistant's own answers as history."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    questions: dict[str, str] = {}
    chosen = drawn([*load_dialogues(), *load_dialogues("dialogues_other")], sample, seed)
    for number, dialogue in enumerate(chosen, 1):
        verdicts = play(asker.assistant, dialogue)
        for place, verdict in enumerate(verdicts, 1):
            item = f"{dialogue['id']}/{place}"
            questions[item] = verdict.question
            if "split" not in dialogue:
                table["turns right, other writers'"][item] = float(verdict.right)
                continue
            table["turns right"][item] = float(verdict.right)
            if dialogue["split"] == "test":
                table["turns right" + _TESTED][item] = float(verdict.right)
        if "split" in dialogue:
            table["whole conversations right"][dialogue["id"]] = float(all(verdict.right for verdict in verdicts))
        asker.progress("dialogues", number, len(chosen))
    every = [pair for metric in ("turns right", "turns right, other writers'") for pair in table[metric].items()]
    wrong = [f"  {item}  {questions[item]}" for item, right in every if not right]
    return Section(table, questions, "\n".join(["dialogues: turns that went wrong:", *wrong]) if wrong else "")


def _questions(golden: Sequence[Golden]) -> dict[str, str]:
    return {item["id"]: item["question"] for item in golden}
