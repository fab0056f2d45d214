"""Reading the deals."""

from __future__ import annotations

import pytest

from bot.deals.model import FactName, Reason
from bot.digests.message import Card
from bot.digests.model import Channel
from bot.errors import UserError
from tests.builders import announced, entry, fact, rejected
from tests.desk import Desk, shown

ELSEWHERE = Channel("terminal", "another", "screen")
MANY = [announced(f"e{number}", headline=f"Deal {number}") for number in range(3)]


async def test_before_the_first_deal_it_says_when_there_may_be_one(desk: Desk) -> None:
    reply = await desk.ask("latest")
    assert reply.title == "No deals yet"
    assert reply.next_step == "/deals status"


async def test_the_latest_deals_are_shown_as_cards_and_announce_nothing(desk: Desk) -> None:
    await desk.tell(announced())
    reply = await desk.ask("latest")
    assert [type(block) for block in reply.blocks] == [Card]
    assert reply.deals == ()  # a reply is no digest: nothing counts as told
    assert reply.next_step == "/deals deal 1"


async def test_a_deal_is_told_with_the_sentences_that_prove_it(desk: Desk) -> None:
    await desk.tell(announced(facts=(fact(FactName.TERM, "10 years", "for 10 years"),)))
    said = shown(await desk.ask("deal #1"))
    assert "term: 10 years\nAcme Health chose Borealis Cloud to store its data for 10 years." in said
    assert "https://example.com/example-news" in said


async def test_a_deal_that_is_not_there_is_said_to_be_missing(desk: Desk) -> None:
    with pytest.raises(UserError, match=r"There is no deal #99 here\. /deals latest"):
        await desk.ask("deal 99")


async def test_another_workspace_cannot_read_a_deal_of_this_one(desk: Desk) -> None:
    await desk.tell(announced())
    with pytest.raises(UserError, match="no deal #1"):
        await desk.ask("deal 1", channel=ELSEWHERE)


@pytest.mark.parametrize("words", ["borealis", "ACME health", "cloud since:30d", "cloud since:2026-11-01"])
async def test_search_finds_whole_words(desk: Desk, words: str) -> None:
    await desk.tell(announced())
    assert [block.deal for block in (await desk.ask(f"search {words}")).blocks if isinstance(block, Card)] == [1]


@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("borealiz", "No deal holds “borealiz”. Did you mean Borealis?"),
        ("zz", "No deal holds “zz”. Words count whole"),
        ("cloud oncology", "“cloud” and “oncology”"),
        ("cloud since:1h", "No deal since 1h holds “cloud”"),
        ("cloud since:soon", "“soon” is no time to look back to. Write since:30d"),
    ],
)
async def test_a_search_that_finds_nothing_says_what_may_help(desk: Desk, words: str, reply: str) -> None:
    await desk.tell(announced())
    with pytest.raises(UserError) as refusal:
        await desk.ask(f"search {words}")
    assert reply in str(refusal.value)


async def test_why_tells_the_reasons_and_the_deal(desk: Desk) -> None:
    await desk.tell(announced(reasons=(Reason("two names and a deal word", 2.1), Reason("it is long", -0.4))))
    reply = await desk.ask("why https://example.com/e1?utm_source=x")
    said = shown(reply)
    assert reply.title == "Taken as an announcement, 90% sure that it is one"
    assert "+2.1 | two names and a deal word\n-0.4 | it is long" in said
    assert reply.next_step == "/deals deal 1"


async def test_why_tells_what_was_rejected_or_passed_over(desk: Desk) -> None:
    await desk.tell(rejected("e1"), passed=(entry("old"),))
    assert (await desk.ask("why https://example.com/e1")).title.startswith("Not taken as an announcement, 10% sure")
    assert "an acquisition, not a partnership" in shown(await desk.ask("why https://example.com/e1"))
    assert (await desk.ask("why https://example.com/old")).title.startswith("Passed over: it was already old")


@pytest.mark.parametrize(
    ("url", "reply"),
    [
        ("https://example.com/unknown", "None of the feeds read here has brought https://example.com/unknown"),
        ("javascript:alert(1)", "is not a web address"),
    ],
)
async def test_why_says_when_it_never_saw_the_entry(desk: Desk, url: str, reply: str) -> None:
    with pytest.raises(UserError, match=reply):
        await desk.ask(f"why {url}")
