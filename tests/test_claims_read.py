"""Numbers, dates and citation markers of a claim, as they are read before anything is compared."""

import pytest

from roros_assistant.verify.names import dates
from roros_assistant.verify.numbers import quantities
from roros_assistant.verify.reading import without_markers

HOURS = (9000.0, "time")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2.5 hours", [HOURS]),
        ("two and a half hours", [HOURS]),
        ("2½ hours", [HOURS]),
        ("2 ½ hours", [HOURS]),
        ("2,5 hours", [HOURS]),
        ("150 minutes", [HOURS]),
        ("2 hours 30 minutes", [HOURS]),
        ("two hours and thirty minutes", [HOURS]),
        ("a 2.5-hour ride", [HOURS]),
        ("an hour and a half", [(5400.0, "time")]),
        ("half an hour", [(1800.0, "time")]),
        ("1,500 people", [(1500.0, "")]),
        ("1 000 000 trees", [(1_000_000.0, "")]),
        ("two hundred and fifty", [(250.0, "")]),
        ("twenty-six", [(26.0, "")]),
        ("1.5 million", [(1_500_000.0, "")]),
        ("a dozen houses", [(12.0, "")]),
        ("14-20% water", [(14.0, "percent"), (20.0, "percent")]),
        ("between two and three hours", [(7200.0, "time"), (10800.0, "time")]),
        ("three consecutive years", [(36.0, "months")]),
        ("10 am", [(600.0, "clock")]),
        ("17:00", [(1020.0, "clock")]),
        ("5 pm", [(1020.0, "clock")]),
        ("9 o'clock", [(540.0, "clock")]),
        ("the 1800's", [(1800.0, "decade")]),
        ("the nineteenth century", [(1800.0, "decade")]),
        ("NOK 100", [(100.0, "NOK")]),
        ("100 kr", [(100.0, "NOK")]),
        ("€10", [(10.0, "EUR")]),
        ("5.50 dollars", [(5.5, "USD")]),
        ("-20 degrees", [(-20.0, "degrees")]),
        ("minus 20 °C", [(-20.0, "degrees")]),
        ("20 km", [(20_000.0, "metres")]),
        ("half of the village", []),
    ],
)
def test_numbers_are_read_with_what_they_measure(text: str, found: list[tuple[float, str]]) -> None:
    assert [(number.value, number.kind) for number in quantities(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on December 26th", {"december", "26 december"}),
        ("on 26 December 2014", {"december", "26 december"}),
        ("on the 26th of December", {"december", "26 december"}),
        ("since 2015-03-28", {"march", "28 march"}),
        ("in late March", {"march"}),
        ("on Sundays", {"sunday"}),
        ("They may march on.", set()),
        ("in May", {"may"}),
    ],
)
def test_dates_are_read_and_verbs_are_none(text: str, found: set[str]) -> None:
    assert dates(text) == found


@pytest.mark.parametrize(
    ("claim", "bare"),
    [
        ("It takes 2.5 hours [2].", "It takes 2.5 hours."),
        ("It takes 2.5 hours [1][3].", "It takes 2.5 hours."),
        ("It takes 2.5 hours [1, 2].", "It takes 2.5 hours."),
        ("2. It takes 2.5 hours [Source 4].", "It takes 2.5 hours."),
        ("It takes 2.5 hours (150 minutes).", "It takes 2.5 hours (150 minutes)."),
    ],
)
def test_a_citation_marker_is_no_number(claim: str, bare: str) -> None:
    assert without_markers(claim) == bare
