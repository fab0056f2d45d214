"""A publisher's sentence about itself, told of it: what is put in stands in brackets, and a check knows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.deals.model import Announcement, Evidence, Sentence
from bot.deals.recognise import recognise
from bot.deals.telling.voice import calm, in_third_person
from bot.evaluate.support import unsupported
from bot.feeds.model import Entry, Feed, Register
from tests.builders import announcement


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("We will move its records to our cloud.", "[Globex] will move its records to [its] cloud."),
        ("We are announcing a pact with Acme.", "[Globex is] announcing a pact with Acme."),
        ("We\u2019re joining forces with Acme.", "[Globex is] joining forces with Acme."),
        ("We recently signed an agreement with Acme.", "[Globex] recently signed an agreement with Acme."),
        ("We pay $35 million upfront.", "[Globex pays] $35 million upfront."),
        ("We have extended our work with Acme.", "[Globex has] extended [its] work with Acme."),
        ("We deepen our work with Acme.", "[Globex deepens its] work with Acme."),
        ("With Acme, our nurses get new tools.", "With Acme, [Globex's] nurses get new tools."),
        ("We agreed with Acme that our tools fit.", "[Globex] agreed with Acme that [Globex's] tools fit."),
        ("We at Globex announced a pact with Acme.", "Globex announced a pact with Acme."),
    ],
)
def test_the_owner_stands_in_brackets_where_the_text_says_we(said: str, told: str) -> None:
    assert in_third_person(said, "Globex", ["Acme"]) == told


@pytest.mark.parametrize(
    "said",
    [
        "Together we will build a lab.",
        "We are founding a lab together.",
        "We both believe in it.",
        "Our two companies will build a lab.",
        "We set up a lab with Acme.",
        "We pay upfront and expect much.",
        "We are glad and have a plan.",
        "I think we will build a lab.",
    ],
)
def test_a_we_of_both_sides_or_one_that_would_need_more_changes_is_left_alone(said: str) -> None:
    assert in_third_person(said, "Globex", ["Acme"]) is None


def test_what_a_sentence_is_glad_to_do_it_does() -> None:
    assert calm("Acme is very proud to announce a pact.") == "Acme [announces] a pact."
    assert calm("Acme and Globex are excited to join forces.") == "Acme and Globex join forces."
    assert calm("We are happy to be the cloud of Acme.") == "We are the cloud of Acme."


def told_as(source: str, text: str) -> list[str]:
    """What the check says of a summary that prints `text` for `source`."""
    told = replace(announcement(text=source, parties=()), facts=())
    said = Sentence(text, Evidence(told.entry, 0, len(source)))
    return unsupported(replace(told, summary=(said,)), "Globex")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("We will move our cloud.", "[Globex] will move [its] cloud."),
        ("We are moving.", "[Globex is] moving."),
        ("We've carried it.", "[Globex has] carried it."),
        ("We carry our tools.", "[Globex carries its] tools."),
        ("Acme is proud to announce a pact.", "Acme [announces] a pact."),
    ],
)
def test_the_check_knows_what_may_stand_in_brackets(source: str, text: str) -> None:
    assert told_as(source, text) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("They will move the cloud.", "[Globex] will move the cloud."),
        ("We will move the cloud.", "[Acme] will move the cloud."),
        ("We will move the cloud.", "[Globex] will move [its] cloud."),
        ("We will move our cloud.", "[Globex] will not move [its] cloud."),
        ("We will move our cloud.", "[Globex buys] will move [its] cloud."),
        ("We will move our cloud.", "[Globex of Ohio] will move [its] cloud."),
        ("Our cloud will move.", "[its] cloud will move."),
        ("The cloud will move.", "The [big] cloud will move."),
        ("Acme is proud to announce a pact.", "Acme [renounces] a pact."),
    ],
)
def test_the_check_finds_what_was_invented_in_brackets(source: str, text: str) -> None:
    assert told_as(source, text) == [f"sentence: {text}"]


BLOG = Feed("https://globex.example/feed", "Globex Blog", owner="Google Cloud", register=Register.VENDOR_BLOG)


def summary_of(title: str, body: str) -> str:
    verdict = recognise(Entry("e1", ("e1",), title, body), BLOG)
    assert isinstance(verdict, Announcement)
    assert unsupported(verdict, BLOG.owner) == []
    return " ".join(sentence.text for sentence in verdict.summary)


def test_a_first_party_post_is_told_of_its_owner() -> None:
    assert summary_of(
        "Google Cloud partners with Acme Health",
        "We have signed a five-year partnership with Acme Health. We will move its records to our cloud.",
    ) == (
        "[Google Cloud has] signed a five-year partnership with Acme Health. "
        "[Google Cloud] will move its records to [its] cloud."
    )


def test_a_guest_does_not_speak_for_the_owner() -> None:
    told = summary_of(
        "Google Cloud partners with Acme Health",
        "This is a guest post by a nurse of Acme Health. We will move our records to Google Cloud in five years.",
    )

    assert "[" not in told
