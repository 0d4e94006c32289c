"""Questions over many places' reviews inside a conversation, on the data of DSTC11 track 5.

    python benchmarks/reviews.py DATA [--sample 200] [--seed 1] [--work DIR]

DATA holds knowledge.json (entities with reviews and FAQs), logs.json (dialogues) and labels.json (which snippets of the
knowledge answer the last turn). Every entity becomes a page of its FAQs with its reviews as comments; the project's own
way from a corpus folder to an answer is measured. Indexing 11,000 snippets takes minutes, once for a work folder.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import yaml

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Turn

Snippet = tuple[str, str, str]  # (document id, "faq" or "review", number of the FAQ or of the sentence)
Entity = tuple[str, int]  # (domain, number)
_DEEP = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One question that the knowledge answers, in its conversation."""

    history: tuple[Turn, ...]
    question: str
    gold: frozenset[Snippet]


class Places:
    """The knowledge as a corpus folder, and the way back from a span of a document to the snippets in it."""

    def __init__(self, knowledge: Mapping[str, Mapping[str, Any]]) -> None:
        self.pages: dict[str, str] = {}  # file name -> content
        self._spans: dict[str, list[tuple[int, int, Snippet]]] = {}
        for domain, entities in knowledge.items():
            for number, entity in entities.items():
                self._add(f"{domain}-{number}", entity)

    def _add(self, name: str, entity: Mapping[str, Any]) -> None:
        faqs = {number: f"{faq['question']} {faq['answer']}" for number, faq in entity["faqs"].items()}
        body = self._join(name, [(name, "faq", number) for number in faqs], list(faqs.values()), "\n\n")
        front = yaml.safe_dump({"title": entity["name"], "kind": "official"}, allow_unicode=True)
        self.pages[f"{name}.md"] = f"---\n{front}---\n{body}\n"
        comments = []
        for number, review in entity["reviews"].items():
            document = f"{name}#{number}"
            snippets = [(document, "review", sentence) for sentence in review["sentences"]]
            text = self._join(document, snippets, list(review["sentences"].values()), " ")
            comments.append({"id": str(number), "text": text})
        self.pages[f"{name}.comments.yaml"] = yaml.safe_dump(comments, allow_unicode=True, width=10**6)

    def _join(self, document: str, snippets: Sequence[Snippet], texts: Sequence[str], gap: str) -> str:
        whole = ""
        spans = []
        for snippet, text in zip(snippets, texts, strict=True):
            plain = " ".join(text.split()).lstrip("# ")
            whole += gap if whole else ""
            spans.append((len(whole), len(whole) + len(plain), snippet))
            whole += plain
        self._spans[document] = spans
        return whole

    def write(self, folder: Path) -> None:
        """Write the corpus folder; what is there already stays as it is."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.pages.items():
            if not (folder / name).exists():
                (folder / name).write_text(content, encoding="utf-8")

    def snippets(self, document: str, start: int, end: int) -> Iterator[Snippet]:
        """The snippets that a span covers by half, or that cover it by half."""
        for first, last, snippet in self._spans[document]:
            shared = min(end, last) - max(start, first)
            if shared * 2 >= min(last - first, end - start) > 0:
                yield snippet


def read_items(data: Path) -> list[Item]:
    """The turns that ask for knowledge, each with the snippets that answer it."""
    logs, labels = (json.loads((data / name).read_text(encoding="utf-8")) for name in ("logs.json", "labels.json"))
    roles = {"U": "user", "S": "assistant"}
    items = []
    for log, label in zip(logs, labels, strict=True):
        if label["target"]:
            turns = tuple(Turn(roles[turn["speaker"]], turn["text"]) for turn in log)
            gold = frozenset(_snippet(reference) for reference in label["knowledge"])
            items.append(Item(turns[:-1], turns[-1].content, gold))
    return items


def _snippet(reference: Mapping[str, Any]) -> Snippet:
    name = f"{reference['domain']}-{reference['entity_id']}"
    if reference["doc_type"] == "faq":
        return name, "faq", str(reference["doc_id"])
    return f"{name}#{reference['doc_id']}", "review", str(reference["sent_id"])


def score(item: Item, answer: Answer, places: Places) -> dict[str, float]:
    """The measures of one answer; a turn with nothing shown has a selection precision of 0."""
    ranked = [
        snippet
        for hit in answer.retrieved
        for snippet in places.snippets(hit.passage.document_id, hit.passage.start, hit.passage.end)
    ]
    shown = {
        snippet
        for citation in answer.citations
        for snippet in places.snippets(citation.document_id, citation.start, citation.end)
    }
    entities = {_page(snippet) for snippet in item.gold}
    right = len(shown & item.gold)
    precision, recall = right / max(len(shown), 1), right / len(item.gold)
    return {
        "right entity first": float(bool(ranked) and _page(ranked[0]) in entities),
        "recall@5": len(set(list(dict.fromkeys(ranked))[:_DEEP]) & item.gold) / min(_DEEP, len(item.gold)),
        "selection precision": precision,
        "selection recall": recall,
        "selection F1": 2 * precision * recall / (precision + recall) if right else 0.0,
        "answered": float(bool(answer.claims)),
    }


def _page(snippet: Snippet) -> str:
    return snippet[0].partition("#")[0]


def open_places(data: Path, work: Path) -> tuple[Places, Assistant]:
    """The corpus written to ``work`` and opened as anybody's corpus is."""
    places = Places(json.loads((data / "knowledge.json").read_text(encoding="utf-8")))
    places.write(work / "corpus")
    return places, open_assistant(load_settings(corpus=work / "corpus", data=work / "data"))


def measure(data: Path, sample: int, seed: int, work: Path) -> dict[str, list[float]]:
    """Values of each measure, an item each in the same order, over ``sample`` turns drawn by ``seed`` (0: all)."""
    items = read_items(data)
    if 0 < sample < len(items):
        items = random.Random(seed).sample(items, sample)
    places, assistant = open_places(data, work)
    values: dict[str, list[float]] = {}
    try:
        for item in items:
            started = time.perf_counter()
            answer = assistant.ask(item.question, item.history)
            measured = {**score(item, answer, places), "seconds": time.perf_counter() - started}
            for name, value in measured.items():
                values.setdefault(name, []).append(value)
    finally:
        assistant.close()
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("build/reviews"))
    options = parser.parse_args()
    values = measure(options.data, options.sample, options.seed, options.work)
    print(f"n = {len(values['seconds'])}, seconds in the median {median(values.pop('seconds')):.2f}")
    for name, each in values.items():
        print(f"{name:20} {mean(each):.3f}")


if __name__ == "__main__":
    main()
