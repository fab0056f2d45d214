from __future__ import annotations

import pytest

from bot.deals.texts.sentences import READ, is_headline_case, split


def lines(title: str, body: str) -> list[str]:
    text = f"{title}\n{body}"
    return [text[start:end] for start, end in split(text, len(title))]


def test_the_title_is_line_nought_and_each_sentence_a_line() -> None:
    assert lines("Acme and Globex team up", "They said so today. Dr. Lee of Acme Inc. agreed.") == [
        "Acme and Globex team up",
        "They said so today.",
        "Dr. Lee of Acme Inc. agreed.",
    ]


def test_line_nought_is_there_even_when_there_is_no_title() -> None:
    assert lines("", "Acme grew.") == ["", "Acme grew."]


@pytest.mark.parametrize(
    "dateline",
    [
        "OSLO, Norway, Nov. 23, 2026 (GLOBE NEWSWIRE) -- ",
        "OSLO & BERGEN--(BUSINESS WIRE)--",
        "OSLO, Nov. 23, 2026 /PRNewswire/ -- ",
        "OSLO, Norway - ",
        "(Reuters) - ",
    ],
)
def test_a_dateline_is_no_part_of_the_first_sentence(dateline: str) -> None:
    assert lines("News", dateline + "Acme teamed up with Globex.")[1] == "Acme teamed up with Globex."


def test_a_body_that_begins_with_its_title_says_it_once() -> None:
    assert lines("Acme picks Globex", "Acme picks Globex\nIt will move its data.") == [
        "Acme picks Globex",
        "It will move its data.",
    ]


def test_what_the_publisher_says_about_itself_at_the_end_is_left_out() -> None:
    body = "Acme teamed up with Globex. It is new. They will build. More to come.\nAbout Acme\nAcme partners with all."
    assert "Acme partners with all." not in lines("News", body)


def test_the_feed_readers_footer_is_left_out() -> None:
    assert lines("News", "Acme grew.\nThe post News appeared first on Example.") == ["News", "Acme grew."]


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    body = "Acme and Globex announced a plan. " * 40_000
    assert max(end for _, end in split(f"T\n{body}", 1)) <= READ


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Acme Health Selects Globex to Provide Cloud Services", True),
        ("Acme Health selects Globex to provide cloud services", False),
        ("ACME HEALTH SELECTS GLOBEX", True),
        ("Acme", False),
    ],
)
def test_headline_case_is_told_from_sentence_case(words: str, wanted: bool) -> None:
    assert is_headline_case(words) is wanted
