"""Digests to Slack, end to end: the real outbox, the real client, and a Slack that fails in every way it can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import pytest

from bot.deliver import Deliverer
from bot.digests.card import deal_card
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.platforms.base import Found, NotFound, Posted, PostFailed, Remedy, Unreadable
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.client import Slack
from bot.platforms.slack.teams import OneTeam, Team
from bot.slack import Memory
from bot.storage.model import State
from tests.builders import announced, known
from tests.e2e.slack_bot import HERE, Bot, ground, open_bot, words
from tests.e2e.slack_server import BOT_TOKEN, BOT_USER, Place


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_bot(tmp_path) as opened:
        # Messages are stamped by the wall clock, so the desk has to live in the present as well.
        opened.desk.now = datetime.now(UTC)
        yield opened
        assert opened.server.violations == []


async def due(bot: Bot, channel: Channel = HERE) -> Deliverer:
    """One deal, and a subscription that is due now and then a day later, whatever time it is where this runs."""
    await bot.desk.tell(announced(published=bot.desk.now), place=channel)
    now = bot.desk.now
    daily = Timetable(frozenset(range(7)), (now.time().replace(second=0, microsecond=0),), "UTC")
    await bot.desk.storage.subscriptions.save(Subscription(channel, daily), now, now - timedelta(days=1))
    return Deliverer(bot.desk.storage, {"slack": bot.slack}, "deals")


async def deliver(bot: Bot, deliverer: Deliverer, *, after: timedelta = timedelta()) -> None:
    """One look of the outbox, and all that it set going.

    Time that passes at once would be taken for a clock that was set, so the later look is another Deliverer's.
    """
    if after:
        deliverer = Deliverer(bot.desk.storage, {"slack": bot.slack}, "deals")
    bot.desk.now += after
    await deliverer.deliver_due(bot.desk.now)
    await deliverer.stop()


async def states(bot: Bot) -> list[State]:
    return [each.state for each in await bot.desk.storage.standing.unfinished(HERE)]


@pytest.mark.parametrize("fault", ["drop", "error after", "gateway"])
async def test_a_digest_whose_answer_is_lost_stands_in_the_channel_once(bot: Bot, fault: str) -> None:
    deliverer = await due(bot)
    bot.server.faults["chat.postMessage"] = [fault]
    await deliver(bot, deliverer)
    for _ in range(3):
        await deliver(bot, deliverer, after=timedelta(minutes=2))
    assert len(bot.server.shown("C1")) == 1
    assert await states(bot) == []


async def test_a_rate_limit_is_waited_for(bot: Bot) -> None:
    deliverer = await due(bot)
    bot.server.faults["chat.postMessage"] = ["429"]
    await deliver(bot, deliverer)
    await deliver(bot, deliverer, after=timedelta(minutes=2))
    assert len(bot.server.shown("C1")) == 1


async def test_a_public_channel_is_joined_and_then_posted_to(bot: Bot) -> None:
    bot.server.places["C1"].members.clear()
    await deliver(bot, await due(bot))
    assert BOT_USER in bot.server.places["C1"].members
    assert len(bot.server.shown("C1")) == 1


@pytest.mark.parametrize(
    ("break_", "reason"),
    [
        (lambda bot: setattr(bot.server.places["C1"], "archived", True), "archived"),
        (lambda bot: bot.server.places.__setitem__("C1", Place("C1", private=True)), "invite"),
        (lambda bot: bot.server.revoked.__setitem__(BOT_TOKEN, "token_revoked"), "install it again"),
        (lambda bot: bot.server.revoked.__setitem__(BOT_TOKEN, "account_inactive"), "install it again"),
        (lambda bot: setattr(bot.server, "scopes", bot.server.scopes - {"chat:write"}), "the scope chat:write"),
        (lambda bot: bot.server.faults["chat.postMessage"].append("refuse:restricted_action"), "admin"),
    ],
    ids=["archived", "private", "revoked", "inactive", "scope", "restricted"],
)
async def test_what_somebody_has_to_mend_pauses_the_channel_and_says_how(bot: Bot, break_: object, reason: str) -> None:
    deliverer = await due(bot)
    assert callable(break_)
    break_(bot)
    await deliver(bot, deliverer)
    calls = len(bot.server.named("chat.postMessage"))
    await deliver(bot, deliverer, after=timedelta(hours=2))
    (paused,) = await bot.desk.storage.standing.paused(HERE)
    assert reason in (paused.paused_reason or "")
    assert len(bot.server.named("chat.postMessage")) == calls


async def test_without_the_right_to_read_nothing_is_sent_blindly(bot: Bot) -> None:
    bot.server.scopes -= {"channels:history"}
    deliverer = await due(bot)
    bot.server.faults["chat.postMessage"] = ["drop"]
    await deliver(bot, deliverer)
    await deliver(bot, deliverer, after=timedelta(hours=2))
    assert await states(bot) == [State.UNCERTAIN]
    assert len(bot.server.named("chat.postMessage")) == 1


async def test_the_digest_says_what_it_should(bot: Bot) -> None:
    await deliver(bot, await due(bot))
    (message,) = bot.server.shown("C1")
    assert "Acme Health × Borealis Cloud" in words(message["blocks"])
    assert message["text"].startswith("Partnership news")


async def test_whoever_subscribed_the_channel_is_told_of_what_needs_mending(bot: Bot) -> None:
    bot.server.places["C2"] = Place("C2")
    await bot.server.ask("subscribe days:mon", place="C2")
    deliverer = await due(bot)
    await bot.desk.storage.subscriptions.save(Subscription(HERE), bot.desk.now, bot.desk.now, "U0BEN")
    bot.server.places["C1"] = Place("C1", private=True)
    await deliver(bot, deliverer)
    (told,) = bot.server.shown("U0BEN")
    assert "*<#C1>*  Digests are paused: the channel is gone, or private without Pactwire in it" in words(told)
    assert "U0ADMIN" not in bot.server.places


async def test_where_nobody_is_known_to_have_subscribed_it_somebody_who_manages_is_told(bot: Bot) -> None:
    bot.server.places["C2"] = Place("C2")
    await bot.server.ask("subscribe days:mon", place="C2")
    deliverer = await due(bot)
    bot.server.places["C1"].archived = True
    await deliver(bot, deliverer)
    assert "archived" in words(bot.server.shown("U0ADMIN"))


async def test_a_long_digest_goes_on_in_the_thread_of_its_first_message(tmp_path: Path) -> None:
    async with open_bot(tmp_path, threads=True) as bot:
        card = deal_card(known())
        long = Message("News", tuple(replace(card, deal=each, summary="s" * 1400) for each in range(1, 13)))
        parts = bot.slack.split(long)
        assert len(parts) == 2
        first = await bot.slack.post(HERE, parts[0], "k1")
        second = await bot.slack.post(HERE, parts[1], "k2")
        assert isinstance(first, Posted)
        assert isinstance(second, Posted)
        shown = bot.server.shown("C1")
        assert [message.get("thread_ts") for message in shown] == [None, first.id]
        bot.server.minute = 0
        since = datetime.now(UTC) - timedelta(hours=2)
        assert await bot.slack.find(HERE, "k1", since) == Found(first.id)
        assert await bot.slack.find(HERE, "k2", since) == Found(second.id)
        assert await bot.slack.find(HERE, "k3", since) == NotFound()
        assert bot.server.violations == []


async def test_a_history_that_may_be_read_once_a_minute_is_waited_for_and_nothing_is_sent_blindly(bot: Bot) -> None:
    deliverer = await due(bot)
    bot.server.faults["chat.postMessage"] = ["drop"]
    assert isinstance(await bot.slack.find(HERE, "another", bot.desk.now), NotFound)  # takes this minute's call
    await deliver(bot, deliverer)
    for _ in range(6):
        await deliver(bot, deliverer, after=timedelta(hours=2))
    assert await states(bot) == [State.UNCERTAIN]
    assert len(bot.server.named("chat.postMessage")) == 1


async def test_a_mark_far_back_is_found_over_several_pages(bot: Bot) -> None:
    posted = await bot.slack.post(HERE, Message("News"), "k1")
    bot.server.shown("C1").extend({"type": "message", "ts": f"{time() + each:.6f}", "text": "x"} for each in range(40))
    bot.server.minute = 0
    found = await bot.slack.find(HERE, "k1", bot.desk.now - timedelta(hours=2))
    assert isinstance(posted, Posted)
    assert found == Found(posted.id)
    assert len(bot.server.named("conversations.history")) == 3


async def test_a_slack_that_cannot_be_reached_is_tried_again_later(bot: Bot) -> None:
    gone = OneTeam()
    slack = Slack(Calls("http://127.0.0.1:1/"), gone, Memory(ground(bot.desk)), bot.slack.run, in_threads=False)
    for team in (None, Team(HERE.workspace, BOT_TOKEN, BOT_USER, "B0BOT")):
        gone.team = team
        posted = await slack.post(HERE, Message("News"), "k1")
        assert isinstance(posted, PostFailed)
        assert posted.remedy is Remedy.RETRY
        found = await slack.find(HERE, "k1", bot.desk.now)
        assert isinstance(found, Unreadable)
        assert not found.lasting
