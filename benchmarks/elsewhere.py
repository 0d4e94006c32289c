"""The golden measures on other destinations, of which neither the reader nor any weight has seen a question."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import destinations
from measures import Section

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Progress, Status

_FIRST = 3  # quotes that a traveller surely reads


def measure(sample: int, work: Path, progress: Progress) -> Section:
    """Ask every question about the first ``sample`` of the destinations."""
    every = destinations.load()
    places = [place for part in destinations.APART for place in every[part]][:sample]
    table: dict[str, dict[str, float]] = defaultdict(dict)
    questions: dict[str, str] = {}
    for number, place in enumerate(places, 1):
        name = place.destination.name or ""
        destinations.write_corpus(place, work / name)
        assistant = open_assistant(load_settings(corpus=work / name, data=work / f"{name}-index"), progress=progress)
        try:
            right = _Right(place, assistant)
            for count, asked in enumerate(place.questions):
                questions[f"{name}/{count}"] = asked.words
                for metric, value in right.values(asked, assistant.ask(asked.words)):
                    table[metric][f"{name}/{count}"] = value
        finally:
            assistant.close()
        progress("elsewhere", number, len(places))
    return Section(dict(sorted(table.items())), questions)


class _Right:
    """Knows which quotes are right for the questions about one destination."""

    def __init__(self, place: destinations.Place, assistant: Assistant) -> None:
        texts = [passage.text for passage in assistant.retriever.index.passages]
        self._passages = destinations.passages_of(place, texts)

    def values(self, asked: destinations.Asked, answer: Answer) -> Iterator[tuple[str, float]]:
        """What the answer is worth, by metric."""
        quotes = [citation.quote for citation in answer.citations]
        shown = [any(self._holds(quote, sentence) for quote in quotes) for sentence in asked.answers]
        fitting = [any(self._holds(quote, sentence) for sentence in asked.answers) for quote in quotes]
        refused = float(answer.status is Status.NOT_IN_SOURCES)
        if not asked.answers:
            yield f"{'near misses' if asked.near else 'other unanswerable'}: refused", refused
        elif asked.form == "broad":
            yield "broad: belonging quotes shown", sum(shown) / len(shown)
            if fitting:
                yield "broad: shown quotes that belong", sum(fitting) / len(fitting)
        else:
            yield "answerable: right in three", float(any(fitting[:_FIRST]))
            yield "answerable: refused", refused
        yield "median seconds", answer.seconds

    def _holds(self, quote: str, sentence: int) -> bool:
        return any(passage in quote for passage in self._passages[sentence])
