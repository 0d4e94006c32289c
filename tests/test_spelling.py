"""Misspelt words are read as the sources' or the language's own; everything else stays as it was typed."""

import json
import random
import time

import pytest
from golden import answerable, load_golden

from roros_assistant.documents import default_corpus_folder, read_corpus
from roros_assistant.passages import fold
from roros_assistant.rerank import load_reranker, model_files
from roros_assistant.slips import slip_cost
from roros_assistant.spelling import Speller

TEXTS = [
    "The museum and the church of Røros stand in Flanderborg. The town was founded in 1644.",
    "Try dog-sledding, shops and restaurants. There is a hostel, and what you see is snow.",
]
FIRST_WORD = 1996  # of the model's vocabulary, which is in the order of frequency


@pytest.fixture(scope="module")
def vocabulary() -> dict[str, int]:
    file = next(file for file in model_files() if file.name == "tokenizer.json")
    entries: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return {word: max(0, place - FIRST_WORD) for word, place in entries.items()}


@pytest.fixture(scope="module")
def speller(vocabulary: dict[str, int]) -> Speller:
    return Speller(TEXTS, load_reranker().is_word, vocabulary.get)


@pytest.fixture(scope="module")
def roros_speller(vocabulary: dict[str, int]) -> Speller:
    return Speller(_roros_texts(), load_reranker().is_word, vocabulary.get)


def _roros_texts() -> list[str]:
    corpus = read_corpus(default_corpus_folder())
    names = " ".join([*corpus.destination.names, corpus.destination.stand_in])
    return [*(" ".join([item.text, item.title, item.author or ""]) for item in corpus.documents), names]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is there a musuem", "is there a museum"),
        ("whats flandeborg", "whats flanderborg"),
        ("dogsledding", "dog sledding"),
        ("resturants andshops", "restaurants and shops"),
        ("didWhat you see", "did What you see"),
        ("OpenShift", "OpenShift"),
        ("on the26th", "on the 26th"),
        ("Fladnerborg", "Flanderborg"),
        ("I'mlooking for the chruch", "I'm looking for the church"),
        ("what ofhotels", "what of hotels"),
        ("how much mnoey", "how much money"),  # a word that the sources do not have
        ("when was it foundd", "when was it founded"),  # found is commoner, the sources write "was founded"
        ("is roros old", "is røros old"),
        ("Roros", "Røros"),
        ("WWhat do you see", "What do you see"),
        ("Is the library open?", "Is the library open?"),
        ("xyzzyq", "xyzzyq"),
        ("26 th", "26 th"),
    ],
)
def test_only_what_is_no_word_is_changed(typed: str, read: str, speller: Speller) -> None:
    assert speller.correct(typed) == read


@pytest.mark.parametrize(
    "words",
    [
        "Bergen Oslo Tromsø tromso Lillehammer bodo Hammerfest Dovrefjell",
        "vegan gluten mosquitoes paracetamol laundromat wifi glamping sauna commenters unsustainable",
    ],
)
def test_names_elsewhere_and_words_that_the_sources_lack_stay(words: str, roros_speller: Speller) -> None:
    assert roros_speller.correct(words) == words
    assert [roros_speller.correct(f"where is {word}") for word in words.split()] == [
        f"where is {word}" for word in words.split()
    ]


def test_clean_questions_stay_as_they_are(roros_speller: Speller) -> None:
    clean = [item["question"] for item in load_golden() if item["kind"] not in {"typo", "language"}]
    changed = [question for question in clean if fold(roros_speller.correct(question)) != fold(question)]
    assert len(changed) <= len(clean) * 0.01


def test_most_misspelt_questions_are_read_as_the_clean_one(roros_speller: Speller) -> None:
    chance = random.Random(11)
    clean = [item["question"] for item in answerable(load_golden()) if item["kind"] not in {"typo", "followup"}]
    read = [roros_speller.correct(_misspelt(question, chance)) for question in clean]
    same = [one for one, other in zip(read, clean, strict=True) if fold(one.lower()) == fold(other.lower())]
    assert len(same) / len(clean) >= 0.8  # .86 when written; what is left is a word too ("trans" for "trains") or short


def _misspelt(question: str, chance: random.Random) -> str:
    """One slip in one longer word: two letters swapped, one left out or typed twice, or a space left out."""
    places = [place for place in range(1, len(question) - 2) if question[place - 1 : place + 3].isalpha()]
    place = chance.choice(places) if places else 0
    start, letter, after, end = question[:place], question[place], question[place + 1], question[place + 2 :]
    spaces = [place for place, letter in enumerate(question) if letter == " "]
    ways = [start + after + letter + end, start + after + end, start + letter + letter + after + end]
    if spaces:
        space = chance.choice(spaces)
        ways.append(question[:space] + question[space + 1 :])
    return chance.choice(ways)


def test_the_likelier_slip_costs_less() -> None:
    assert slip_cost("museum", "museum") == 0
    swapped, next_key, far_key = (slip_cost(typed, "museum") for typed in ("musuem", "mudeum", "muqeum"))
    assert swapped < next_key < far_key
    assert slip_cost("hostell", "hostel") < slip_cost("hostelx", "hostel")


def test_a_large_vocabulary_is_searched_quickly(vocabulary: dict[str, int]) -> None:
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvy", k=chance.randint(4, 11))) for _ in range(20_000)]
    texts = [" ".join(chance.choices(words, k=12)) + "." for _ in range(10_000)]
    speller = Speller(texts, load_reranker().is_word, vocabulary.get)
    started = time.process_time()
    for word in chance.sample(words, 20):
        speller.correct(f"where is the {word[:-2]}{word[-1]}")
    assert (time.process_time() - started) / 20 < 0.05  # seconds a question


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Is the train from Oslo direct?", ["Oslo"]),
        ("Do they speak Danish there?", ["Danish"]),
        ("How do I get from Oslo airport to the centre?", ["Oslo"]),
        ("hotels in oslo", ["oslo"]),
        ("is there a bus from lillehammer to roros", ["lillehammer"]),
        ("Is it OK to bring a TV?", []),
        ("I am interested in hiking", []),
        ("is it cold in autumn", []),
        ("is there a pool in wheelchair rooms", []),  # a thing's name goes on
        ("Oslo airport", []),  # a capital at the beginning tells nothing
        ("Hotels In Oslo", ["Oslo"]),
        ("Is Flanderborg in Roros?", []),
        ("Is it open on Boxing Day in December?", []),
        ("What Is The Best Hotel In Town?", []),
        ("I like it. Sunny weather?", []),
    ],
)
def test_a_name_that_no_source_has_is_noticed(question: str, names: list[str], speller: Speller) -> None:
    assert speller.unknown_names(question) == names


def test_a_people_is_known_where_its_country_is(roros_speller: Speller) -> None:
    assert roros_speller.unknown_names("Is it far to the Swedish border, or to the Russian one?") == ["Russian"]


@pytest.mark.parametrize(
    "question",
    [
        "We are coming from Germany, is the museum open?",
        "I work for a museum in Finland. Is yours open?",
        "we live in oslo, is the museum open",
    ],
)
def test_where_a_traveller_comes_from_is_not_asked_about(question: str, speller: Speller) -> None:
    assert speller.unknown_names(question) == []
