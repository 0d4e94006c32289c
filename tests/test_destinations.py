"""The destinations written for training and fitting: their labels point where they should, and they can be indexed."""

import sys
from pathlib import Path

import pytest

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.passages import split

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import destinations
from destinations import APART, FITTING, LESSONS, Place, passages_of, write_corpus

PLACES = destinations.load()
each_place = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.destination.name)


def test_what_trains_what_fits_and_what_is_kept_apart_are_other_places() -> None:
    parts = [[place.destination.name for place in PLACES[part]] for part in (*LESSONS, FITTING, *APART)]
    assert all(parts)
    together = [name for part in parts for name in part]
    assert len(set(together)) == len(together) == len(PLACES)


def test_none_is_the_destination_of_the_package() -> None:
    own = read_corpus(default_corpus_folder()).destination.names
    texts = " ".join(sentence for place in PLACES for sentence in place.sentences)
    assert not [name for name in own if name in texts]


@each_place
def test_labels_are_numbers_of_sentences_and_never_both(place: Place) -> None:
    every = range(len(place.sentences))
    for asked in place.questions:
        assert asked.answers | asked.near <= set(every)
        assert not asked.answers & asked.near
        assert asked.form in ("full", "short", "yesno", "colloquial", "broad")
    assert len({asked.words.lower() for asked in place.questions}) == len(place.questions)


@each_place
def test_every_sentence_becomes_passages_of_the_written_sources(place: Place, tmp_path: Path) -> None:
    write_corpus(place, tmp_path)
    corpus = read_corpus(tmp_path)
    assert corpus.destination.name == place.destination.name
    passages = [passage.text for document in corpus.documents for passage in split(document)]
    found = passages_of(place, passages)
    assert not [place.sentences[number] for number, texts in found.items() if not texts]


def test_a_window_ends_where_its_text_does() -> None:
    place = PLACES[0]
    second = place.starts[1]
    assert [*place.window(second, 1)] == [second, second + 1][: place.starts[2] - second]
    assert [*place.window(second - 1, 1)] == [second - 2, second - 1]
    assert [*place.window(1, 1)] == [0, 1, 2]
