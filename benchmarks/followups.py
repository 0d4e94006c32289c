"""Fit what tells follow-ups (src/roros_assistant/dialogue): which turns need the conversation, and which phrase of it.

    python benchmarks/followups.py DIR

Learns from benchmarks/followups.jsonl, 2,380 turns of travellers' conversations about places all over the world, which
were written for this and labelled by their writers with what each leaves unsaid, if anything (the facts in the answers
are of no account), and from people's rewrites of other conversations: DIR holds MTRAG's pairs.jsonl. 400 of the
travellers' turns are kept apart; people's are learnt from by halves, each measured with the other. Prints that, then
learns from all that is not kept apart, writes unsaid.npz and prints the weights for carry.py. scikit-learn comes with
sentence-transformers.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rewrites
from measures import Section
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from roros_assistant.dialogue import Models, understand
from roros_assistant.dialogue.carry import WEIGHTS, candidates, content, evidence
from roros_assistant.dialogue.fragments import bare
from roros_assistant.dialogue.phrases import words_of
from roros_assistant.dialogue.understand import neutral_words
from roros_assistant.dialogue.unsaid import WEIGHTS as UNSAID
from roros_assistant.dialogue.unsaid import learnt, signs
from roros_assistant.embed import Embedder, load_embedder
from roros_assistant.types import Destination, Turn

FILE = Path(__file__).with_name("followups.jsonl")
STRENGTH = 1.0  # inverse, of regularisation: .3, 1 and 3 tell .91, .92 and .91 of 240 turns kept apart
OF_VECTOR, OF_LIKENESS = 2.0, 3.0  # vectors of length 1 beside signs that are 0 or 1
RAREST = 4  # turns that a sign must be in: a word of fewer tells of itself
CHOICE_STRENGTH = 0.1
LEAST = 0.02  # weights below say nothing

Item = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rewrites", type=Path, metavar="DIR", help="folder of MTRAG's pairs.jsonl")
    options = parser.parse_args()
    embedder = load_embedder()
    ours, kept_apart, people = read("fit"), read("test"), rewrites.read(options.rewrites)
    conversations = sorted({rewrite.conversation for rewrite in people})
    halves = [[one for one in people if conversations.index(one.conversation) % 2 == half] for half in (0, 1)]
    values: dict[str, list[float]] = {}
    for half, other in (halves, halves[::-1]):
        fit(ours, half, embedder)
        for metric, each in rewrites.measured(other, Models(embedder.embed_query)).items():
            values.setdefault(metric, []).extend(each)
    report("people's rewrites, each half with the other", values)
    weights = fit(ours, people, embedder)
    report("people's rewrites, all learnt from", rewrites.measured(people, Models(embedder.embed_query)))
    models = Models(embedder.embed_query)
    area = roc_auc_score(
        [*map(needs, kept_apart)], [models.unsaid.log_odds(item["turn"], item["earlier"]) for item in kept_apart]
    )
    report(f"turns kept apart (area under the curve {area:.3f})", score(kept_apart, models))
    print(f"{UNSAID}: {UNSAID.stat().st_size:,} bytes")
    print("carry.py:", dict(sorted(weights.items(), key=lambda pair: -abs(pair[1]))))


def fit(ours: Sequence[Item], people: Sequence[rewrites.Rewrite], embedder: Embedder) -> dict[str, float]:
    """Learn both, write the one, put the other in the place of the shipped weights, for this process, and return it."""
    items = [*ours, *(as_item(rewrite) for rewrite in people if len(rewrite.turns) > 1)]
    np.savez(UNSAID, allow_pickle=False, **fit_unsaid(items, embedder))
    learnt.cache_clear()
    weights = fit_choice(items)
    WEIGHTS.clear()
    WEIGHTS.update(weights)
    return weights


def as_item(rewrite: rewrites.Rewrite) -> Item:
    """A turn with the phrases of its conversation that a person's rewrite of it has taken up."""
    turn, human, earlier = bare(rewrite.last), content(rewrite.human), rewrite.turns[:-1]
    found = [one.phrase.text for one in candidates(turn, earlier)]
    taken = [text for text in found if content(text) - content(turn) <= human]
    topic = [] if rewrite.id in rewrites.SELF_CONTAINED else taken
    return {"destination": "", "earlier": earlier, "answer": "", "turn": rewrite.last, "topic": topic, "taken": taken}


def measure(sample: int | None, seed: int) -> Section:
    """How the turns kept apart are understood."""
    items = read("test")
    chosen = random.Random(seed).sample(items, min(sample or len(items), len(items)))
    values = score(chosen, Models(load_embedder().embed_query))
    return Section(
        {metric: {str(number): value for number, value in enumerate(each)} for metric, each in values.items()}
    )


def read(split: str) -> list[Item]:
    items = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    return [item for item in items if item["split"] == split]


def needs(item: Item) -> bool:
    return bool(item["topic"])


def score(items: Sequence[Item], models: Models) -> dict[str, list[float]]:
    """1 for each turn that is understood as its writer meant it: with the thing that it leaves unsaid, or alone."""
    values: dict[str, list[float]] = {"what is left unsaid filled in": [], "other turns left alone": []}
    for item in items:
        understood = understand(
            item["turn"], history(item), known_words(item), destination=destination(item), models=models
        )
        if not needs(item):
            values["other turns left alone"].append(float(not understood.about))
            continue
        said = f"{understood.query} {understood.about or ''}".casefold()
        carried = understood.about is not None and any(word.casefold() in said for word in item["topic"])
        values["what is left unsaid filled in"].append(float(carried))
    return values


def history(item: Item) -> list[Turn]:
    turns = [turn for question in item["earlier"] for turn in (Turn("user", question), Turn("assistant", "Yes."))]
    is_quote = not item["answer"].startswith("The sources do not say")
    return [*turns[:-1], Turn("assistant", f"“{item['answer']}” [1]" if is_quote else item["answer"])]


def known_words(item: Item) -> frozenset[str]:
    return frozenset(words_of(" ".join([*item["earlier"], item["answer"]])))


def destination(item: Item) -> Destination:
    return Destination(name=item["destination"], stand_in="the town")


def fit_unsaid(items: Sequence[Item], embedder: Embedder) -> dict[str, NDArray[Any]]:
    """One regression, as dialogue/unsaid.py reads it."""
    forms = [signs(item["turn"], item["earlier"]) for item in items]
    counts = Counter(sign for form in forms for sign in form)
    names = sorted(sign for sign, count in counts.items() if count >= RAREST)
    table = np.array([[form.get(name, 0.0) for name in names] for form in forms])
    turns, before = (
        np.array([embedder.embed_query(text) for text in texts])
        for texts in ([bare(item["turn"]) for item in items], [item["earlier"][-1] for item in items])
    )
    likeness = (turns * before).sum(axis=1, keepdims=True)
    whole = np.hstack([table, OF_VECTOR * turns, OF_LIKENESS * likeness])
    model = LogisticRegression(C=STRENGTH, max_iter=3_000).fit(whole, np.array([*map(needs, items)]))
    of_signs, of_vector, of_likeness = np.split(model.coef_[0], [len(names), len(names) + turns.shape[1]])
    return {
        "names": np.array(names),
        "signs": np.asarray(of_signs, np.float32),
        "vector": np.asarray(OF_VECTOR * of_vector, np.float32),
        "likeness": OF_LIKENESS * of_likeness[0],
        "intercept": model.intercept_[0],
    }


def fit_choice(items: Sequence[Item]) -> dict[str, float]:
    """Weights of carry.py: which phrase a turn speaks of that needs one."""
    rows: list[dict[str, float]] = []
    wanted: list[bool] = []
    for item in items:
        if not needs(item) and "taken" not in item:
            continue
        turn, neutral = bare(item["turn"]), neutral_words(destination(item))
        for one in candidates(turn, item["earlier"]):
            if not content(one.phrase.text) <= neutral:
                rows.append(evidence(turn, one, item["earlier"], item["answer"]))
                wanted.append(is_meant(one.phrase.text, item))
    columns = DictVectorizer()
    model = LogisticRegression(C=CHOICE_STRENGTH, max_iter=3_000).fit(columns.fit_transform(rows), np.array(wanted))
    weights = dict(zip(columns.get_feature_names_out(), model.coef_[0].tolist(), strict=True))
    return {name: round(weight, 2) for name, weight in weights.items() if abs(weight) >= LEAST}


def is_meant(phrase: str, item: Item) -> bool:
    if "taken" in item:
        return phrase in item["taken"]
    return any(word.casefold() in phrase.casefold() for word in item["topic"])


def report(title: str, values: Mapping[str, Iterable[float]]) -> None:
    print(title)
    for metric, each in values.items():
        numbers = [*each]
        print(f"  {metric:<32} {sum(numbers) / max(len(numbers), 1):.3f}  n={len(numbers)}")


if __name__ == "__main__":
    main()
