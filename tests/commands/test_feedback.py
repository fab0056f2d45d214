from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UserError
from bot.feeds.model import Feed
from bot.storage.model import Remark
from tests.builders import announced
from tests.desk import HERE, Desk, shown


async def test_sources_are_told_with_their_addresses(desk: Desk) -> None:
    await desk.tell(announced())
    told = await desk.ask("sources 1")
    assert "https://example.com/" in shown(told)
    assert told.title == "Who tells of deal #1"


async def test_following_twice_is_following_no_more(desk: Desk) -> None:
    await desk.tell(announced())
    assert (await desk.ask("follow 1")).title.startswith("You follow this deal now")
    assert await desk.storage.feedback.followed(HERE, "u1") == (1,)
    assert await desk.storage.feedback.followed(replace(HERE, workspace="other"), "u1") == ()
    assert (await desk.ask("follow 1")).title.startswith("You no longer follow")
    assert await desk.storage.feedback.followed(HERE, "u1") == ()


async def test_what_is_wrong_is_kept_once(desk: Desk) -> None:
    await desk.tell(announced())
    assert (await desk.ask("wrong 1 partnership")).title == "Thank you, that is kept"
    assert (await desk.ask("wrong 1 partnership")).title == "You had said so before"
    await desk.ask("wrong 1 fact")
    assert await desk.storage.feedback.remarked(HERE, 1) == {Remark.PARTNERSHIP: 1, Remark.FACT: 1}


async def test_what_is_no_partnership_is_left_out_here_and_nowhere_else_until_it_is_taken_back(desk: Desk) -> None:
    await desk.tell(announced())
    there = replace(HERE, workspace="elsewhere")
    await desk.storage.feeds.add(there, Feed("https://alpha.example/feed", "Alpha"), desk.now)
    assert "left out of later digests" in shown(await desk.ask("wrong 1 partnership"))
    assert "No deals yet" in shown(await desk.ask("latest"))
    await desk.ask("subscribe")
    kept = await desk.storage.subscriptions.get(HERE)
    assert kept is not None
    assert await desk.storage.deals.wanted(kept, desk.now) == ()
    assert "Acme Health" in shown(await desk.ask("latest", channel=there))
    assert "Acme Health" in shown(await desk.ask("deal 1"))
    assert "stands again" in shown(await desk.ask("wrong 1 nothing"))
    assert "Acme Health" in shown(await desk.ask("latest"))
    with pytest.raises(UserError, match="Nobody here had said"):
        await desk.ask("wrong 1 nothing")


async def test_only_managers_say_what_is_wrong(desk: Desk) -> None:
    await desk.tell(announced())
    with pytest.raises(UserError):
        await desk.ask("wrong 1 fact", may_manage=False)
    assert await desk.storage.feedback.remarked(HERE, 1) == {}


@pytest.mark.parametrize("line", ["sources 9", "follow 9", "wrong 9 fact"])
async def test_a_deal_that_is_not_here_is_said_to_be_none(desk: Desk, line: str) -> None:
    with pytest.raises(UserError, match="no deal #9 here"):
        await desk.ask(line)
