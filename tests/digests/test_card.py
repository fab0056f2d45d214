"""One deal at a glance."""

from __future__ import annotations

import pytest

from bot.deals.model import Announcement, Fact, FactName, Status
from bot.digests.card import deal_card
from bot.digests.message import Link
from bot.feeds.model import Register
from tests.builders import PUBLISHED, announcement, fact, known, party

ACME = announcement("Acme Health News", first_party=True)
BOREALIS = announcement("Borealis Cloud Blog", first_party=True)
NEWS = announcement("Example News")


def told_by_owner(owner: str) -> Announcement:
    """An announcement in a feed that is not named after its owner."""
    return announcement("News and views", first_party=True, owner=owner)


@pytest.mark.parametrize(
    ("facts", "phrases"),
    [
        ((), ("value not stated",)),
        ((fact(FactName.VALUE, "undisclosed"),), ("value undisclosed",)),
        ((fact(FactName.VALUE, "$10 million"),), ("$10 million",)),
        (
            (fact(FactName.VALUE, "$10 million"), fact(FactName.VALUE, "$12 million", entry="e2")),
            ("$10 million or $12 million (sources disagree)",),
        ),
        (
            (fact(FactName.VALUE, "up to $12 million"), fact(FactName.VALUE, "$1 million upfront")),
            ("up to $12 million, $1 million upfront",),
        ),
        (
            (
                fact(FactName.VALUE, "up to $12 million"),
                fact(FactName.VALUE, "$1 million upfront"),
                fact(FactName.VALUE, "up to $12 million", entry="e2"),
            ),
            ("up to $12 million, $1 million upfront",),
        ),
        (
            (fact(FactName.VALUE, "$10 million"), fact(FactName.VALUE, "undisclosed", entry="e2")),
            ("$10 million or value undisclosed (sources disagree)",),
        ),
        ((fact(FactName.TERM, "10 years"), fact(FactName.TERM, "10 years")), ("10 years", "value not stated")),
        (
            (fact(FactName.START, "March 2027"), fact(FactName.REGION, "Oslo"), fact(FactName.TERM, "3 years")),
            ("3 years", "Oslo", "value not stated", "starts March 2027"),
        ),
        ((fact(FactName.REGION, "Oslo"), fact(FactName.REGION, "Bergen")), ("Oslo, Bergen", "value not stated")),
        ((fact(FactName.PURPOSE, "to store data"),), ("value not stated",)),
    ],
)
def test_the_facts_line_says_what_is_stated_and_that_a_value_is_not(
    facts: tuple[Fact, ...], phrases: tuple[str, ...]
) -> None:
    assert deal_card(known(facts=facts)).facts == (*phrases, "reported in the news")


@pytest.mark.parametrize(
    ("told_by", "words"),
    [
        ((NEWS,), "reported in the news"),
        ((announcement("Some Wire", register=Register.PRESS_RELEASE),), "announced in a press release"),
        ((ACME, NEWS), "announced by Acme Health"),
        ((ACME, announcement("Acme Health Newsroom", first_party=True)), "announced by Acme Health"),
        ((announcement("The Acme Healthy Blog", first_party=True), NEWS), "announced by one side"),
        ((ACME, BOREALIS), "announced by both sides"),
        ((told_by_owner("Acme Health"), told_by_owner("Borealis Cloud")), "announced by both sides"),
        ((told_by_owner("Acme Health"), told_by_owner("Acme Health")), "announced by Acme Health"),
    ],
)
def test_a_card_says_which_side_announced_the_deal(told_by: tuple[Announcement, ...], words: str) -> None:
    assert deal_card(known(announcements=told_by)).facts[-1] == words


def test_in_a_deal_of_three_it_counts_who_announced() -> None:
    parties = (party(), party("Borealis Cloud"), party("Third"))
    card = deal_card(known(announcements=(ACME, BOREALIS), parties=parties))
    assert card.facts[-1] == "announced by 2 of the parties"


def test_a_publisher_named_after_one_party_does_not_speak_for_another_whose_name_it_holds() -> None:
    blog = announcement("Google Cloud Blog", first_party=True)
    card = deal_card(known(announcements=(blog,), parties=(party("Google"), party("Google Cloud"))))
    assert card.facts[-1] == "announced by Google Cloud"


def test_sources_name_each_publisher_once_and_the_parties_first() -> None:
    again = announcement("Example News", url="https://example.com/again")
    assert deal_card(known(announcements=(NEWS, again, ACME))).sources == (
        Link("Acme Health News", "https://example.com/acme-health-news"),
        Link("Example News", "https://example.com/example-news"),
    )


def test_a_publisher_without_an_address_is_named_without_a_link() -> None:
    card = deal_card(known(announcements=(announcement(url=None),)))
    assert card.sources == ()
    assert card.facts[-1] == "also told by Example News"


@pytest.mark.parametrize(
    ("status", "badge"),
    [
        (Status.ANNOUNCED, "new"),
        (Status.EXPANDED, "expanded"),
        (Status.RENEWED, "renewed"),
        (Status.MEMORANDUM, "memorandum"),
        (Status.ENDED, "ended"),
    ],
)
def test_an_update_does_not_look_like_something_new(status: Status, badge: str) -> None:
    assert deal_card(known(status=status)).badge == badge


def test_a_card_carries_headline_summary_date_and_id() -> None:
    card = deal_card(known(17))
    assert (card.deal, card.published, card.seen) == (17, PUBLISHED, PUBLISHED)
    assert card.headline == "Acme Health × Borealis Cloud: 10-year partnership"
    assert card.summary == "Acme Health chose Borealis Cloud to store its data."
