from __future__ import annotations

import pytest

from bot.deals.texts.read import read
from tests.deals.reading_cases import entry, feed


def names(title: str, body: str = "", owner: str | None = None) -> list[list[str]]:
    reading = read(entry(title, body or "."), feed(owner))
    return [[name.name for name in line.names] for line in reading.lines]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Acme Health and Globex open a clinic", ["Acme Health", "Globex"]),
        ("Acme Partners With Globex Labs to Transform Care", ["Acme", "Globex Labs"]),
        ("Acme & Globex partner on care", ["Acme", "Globex"]),
        ("The Mayo Clinic and Google work on cloud tools", ["Mayo Clinic", "Google"]),
        ("Acme taps University of Oslo for AI and EHR work", ["Acme", "University of Oslo"]),
        ("On Tuesday Acme met the press in Rochester, Minnesota", ["Acme"]),
        ("Boston-based Acme grows", ["Acme"]),
        ("Providence St. Joseph Health and Microsoft plan a hospital", ["Providence St. Joseph Health", "Microsoft"]),
        ("Nurses of St. Luke's Health System meet Acme", ["St. Luke's Health System", "Acme"]),
        ("Boston Children's Hospital and Acme build a tool", ["Boston Children's Hospital", "Acme"]),
        ("Enhertu targets HER2, and mRNA-1273 is from Moderna", ["Moderna"]),
        ("MEDITECH and Google Health bring search to the record", ["MEDITECH", "Google Health"]),
        ("Mass General Brigham and Stanford Health Care meet", ["Mass General Brigham", "Stanford Health Care"]),
    ],
)
def test_organisations_are_told_from_other_capitalised_words(title: str, found: list[str]) -> None:
    assert names(title)[0] == found


def test_people_are_no_organisations_and_neither_are_their_surnames() -> None:
    body = "Chief executive Maria Olsen of Acme spoke first. Later Olsen met David Brandt, M.D."
    assert names("Acme news", body)[1:] == [["Acme"], []]


def test_products_we_know_are_no_organisations() -> None:
    assert names("Acme uses Vertex AI for claims")[0] == ["Acme"]


def test_a_title_in_capitals_is_read_with_what_the_body_confirms() -> None:
    found = names("Open Campus Joins Acme to Teach", "The school and Acme teach. They work with Open Campus, a school.")
    assert found[0] == ["Open Campus", "Acme"]


def test_we_stands_for_the_owner_of_the_feed() -> None:
    reading = read(entry("News", "Today we are joining forces with Globex."), feed("Acme"))
    we, other = reading.lines[1].names
    assert (we.name, reading.entry.text[we.start : we.end], other.name) == ("Acme", "we", "Globex")


def test_we_in_quotation_marks_is_whoever_speaks() -> None:
    assert names("News", '"We are glad," said a guest of Globex.', owner="Acme")[1] == ["Globex"]


def test_we_of_a_news_desk_is_nobody() -> None:
    assert names("News", "We hear that Globex grows.")[1] == ["Globex"]
