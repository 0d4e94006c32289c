"""What kind of thing a question asks for, and whether a sentence has it."""

import pytest

from roros_assistant.asked import counted_thing, extremes, has_kind, kind_asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much is a ticket?", "a price"),
        ("How much time do I need?", None),
        ("How much copper was mined?", None),
        ("how much for a boat trip", "a price"),
        ("Who carved the stone above the entrance?", "who it is"),
        ("What time does it open?", "a time of day"),
        ("opening hours", "a time of day"),
        ("phone number of the museum", "how to make contact"),
        ("Can I charge my phone?", None),
        ("How far in advance should I book?", None),
        ("How long is the lake?", "how long it is"),
        ("When does the museum open?", "when"),
        ("Which day is the market?", "when"),
        ("How far is the lake?", "a distance"),
        ("How tall is the tower?", "a measure"),
        ("How long does the ferry take?", "how long it takes"),
        ("How many rooms are there?", "a number"),
        ("How often does the ferry run?", "how often"),
        ("how many ferries a day?", "how often"),
        ("What are the two lakes called?", "a name"),
        ("name of the old mill", "a name"),
        ("Which company runs the ferry?", "a name"),
        ("When was the mill built?", "a year or a date"),
        ("Who built the mill?", "who it is"),
        ("Why is the mill called the castle?", None),
        ("Which month is best?", "a season"),
        ("when should we go", "a season"),
        ("When is the market?", "when"),
        ("Where should we start when we walk around?", None),
        ("Is there a bakery?", None),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, kind: str | None) -> None:
    found = kind_asked(question)
    assert (found.name if found else None) == kind


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How much is a ticket?", "A ticket costs 120 kr.", True),
        ("How much is a ticket?", "The train takes 2.5 hours.", False),
        ("How much is a ticket?", "We paid two hundred and ten pesos.", True),
        ("How much is a ticket?", "Entrance is free for children.", True),
        ("How much is a ticket?", "They mined a million pounds of copper.", False),
        ("What time does it open?", "It opens at 9 am.", True),
        ("What time does it open?", "It opens at half past six.", True),
        ("What time does it close?", "The shop closes at eight and sells wool.", True),
        ("What time does it open?", "It opened after two and a half years.", False),
        ("When does it open?", "It is open from nine to four.", True),
        ("When does it open?", "It is open from June to September.", True),
        ("How long does the ferry take?", "It takes an hour and a quarter.", True),
        ("How long does the ferry take?", "It takes a day.", True),
        ("How long does the ferry take?", "It leaves twice a day.", False),
        ("How long is the lake?", "It stretches over 98 kilometres.", True),
        ("How cold is it?", "It was minus twenty.", True),
        ("How many old wooden houses are there?", "It has six hundred houses.", True),
        ("What time does it open?", "It is open in summer.", False),
        ("How long does the ferry take?", "The ferry takes two hours.", True),
        ("How many trains are there a day?", "The train takes 2.5 hours.", False),
        ("How many trains are there a day?", "Six trains leave each day.", True),
        ("How often does the ferry run?", "The ferry takes two hours.", False),
        ("How often does the ferry run?", "The ferry leaves twice a day.", True),
        ("What are the two lakes called?", "There are two lakes and a river.", False),
        ("What are the two lakes called?", "The lakes are Femund and Aursund.", True),
        ("How many companies belong to it?", "It has 40 member companies.", True),
        ("How many tourists come?", "It has around 200 tourism businesses.", False),
        ("When is the Winter Fair?", "We organise the Winter Fair and the Christmas Market.", False),
        ("When is the Winter Fair?", "The fair is held in February.", True),
        ("Who built the mill?", "At the top stands the mill.", False),
        ("Who built the mill?", "The mill was built by Anna Berg.", True),
        ("Is there a bakery?", "Bread is sold at the mill.", True),
        ("What is the population?", "It has a population of about 5,600.", True),
        ("What is the population?", "The population is old.", False),
    ],
)
def test_a_sentence_holds_that_kind_of_thing_or_not(question: str, sentence: str, holds: bool) -> None:
    assert has_kind(kind_asked(question), sentence, question) is holds


@pytest.mark.parametrize(
    ("question", "behind", "counted"),
    [
        ("How many parks are there?", " national parks", True),
        ("How many parks are there?", " hotels. There are parks", False),
        ("number of different hotels", " hotel", True),
        ("How many families live there?", " family farms", True),
        ("What is its population?", " people live there", True),
        ("What is its population?", " inhabitants", True),
        ("How many inhabitants has it?", " souls, and a church", True),
        ("How many people live there?", " people have taken part", False),
        ("How many people came to the fair?", " people came", True),
    ],
)
def test_behind_a_number_stands_what_is_counted(question: str, behind: str, counted: bool) -> None:
    thing = counted_thing(question)
    assert thing is not None
    assert bool(thing.match(behind)) is counted


def test_a_question_that_counts_nothing_has_nothing_counted() -> None:
    assert counted_thing("When was the mill built?") is None
    assert counted_thing("How many more are there?") is None


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("What was the first mine?", "The mine was opened in 1644.", 1),
        ("What was the first mine?", "It was the First of the mines.", 0),
        ("Which is the only mine that was ever unsafe?", "the only mine", 2),
        ("Where is the mine?", "", 0),
    ],
)
def test_what_singles_one_thing_out_must_be_said_of_it(question: str, text: str, missing: int) -> None:
    assert extremes(question, text) == missing
