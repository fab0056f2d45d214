"""When two wordings count as the same, and when a printed text has its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.deals.model import Evidence, Mention, Sentence
from bot.evaluate.counts import Count
from bot.evaluate.support import unsupported
from bot.evaluate.wordings import is_covered, is_same_fact, mentions
from tests.builders import announcement

TITLE = "Acme and Globex, both of Ohio, will build AI"


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("10 years", "10 years"),
        ("multi-year", "multiyear"),
        ("Rochester, Minnesota", "Rochester"),
        ("$650 million upfront", "$650 million"),
        ("$1.5 billion", "$1.5B"),
        ("CHF 60 million upfront", "CHF 60m"),
        ("outside the United States", "outside U.S."),
        ("up to $5 billion", "$5 billion"),
        ("$300 million stake", "$300 million"),
        ("5 years", "five-year"),
        ("multi-year", "several years"),
        ("¥10 billion", "10 billion yen"),
        ("$362 million", "$362 mln"),
        ("worldwide", "global"),
        ("about €40 million", "around 40 million euros"),
        ("United Kingdom and Ireland", "Britain and Ireland"),
        ("Kenya, Ghana and Nigeria", "Kenya"),
    ],
)
def test_facts_that_begin_alike_are_the_same(value: str, label: str) -> None:
    assert is_same_fact(value, label)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("10 years", "5 years"),
        ("$5 billion", "$5 million"),
        ("$1.5 billion", "$1.5M"),
        ("outside Japan", "Japan"),
        ("Ohio", "Iowa"),
        ("10 years", "ten months"),
        ("€40 million", "40 million yen"),
        ("United Kingdom and Ireland", "Britain"),
    ],
)
def test_other_facts_are_not(value: str, label: str) -> None:
    assert not is_same_fact(value, label)


def test_a_key_fact_is_covered_in_other_forms_of_its_words() -> None:
    assert is_covered(
        "10-year strategic partnership", "The partners will work strategically for ten years in partnership."
    )


def test_a_key_fact_without_its_number_is_not_covered() -> None:
    assert not is_covered("10-year strategic partnership", "A strategic partnership of many years.")


def test_a_mention_counts_with_all_its_parties_and_once() -> None:
    found = [
        Mention(names, Evidence("e", 0, 1)) for names in (("Acme", "Globex"), ("Acme", "Globex"), ("Acme", "Hooli"))
    ]

    assert mentions(found, [("Globex", "Acme"), ("Initech", "Hooli")]) == Count(right=1, said=3, wanted=2)


def test_a_sentence_may_leave_words_out() -> None:
    told = announcement(title=TITLE, text=TITLE, parties=(), facts=())
    sentence = Sentence("Acme and Globex will build AI.", Evidence(told.entry, 0, len(TITLE)))

    assert unsupported(replace(told, summary=(sentence,))) == []


@pytest.mark.parametrize("text", ["Acme and Globex will build an AI.", "Globex and Acme will build AI."])
def test_a_sentence_may_not_add_words_or_turn_them_round(text: str) -> None:
    told = announcement(title=TITLE, text=TITLE, parties=(), facts=())
    sentence = Sentence(text, Evidence(told.entry, 0, len(TITLE)))

    assert unsupported(replace(told, summary=(sentence,))) == [f"sentence: {text}"]


def test_a_party_must_be_printed_unless_it_speaks_as_we() -> None:
    told = announcement(text="We will build AI with Borealis Cloud", summary=())

    assert unsupported(told) == ["party: Acme Health"]
    assert unsupported(told, "Acme Health") == []
