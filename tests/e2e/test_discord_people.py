"""What people meet on Discord, at the small one of our own: long answers, slow ones, refusals, comings and goings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digests.message import Message, Text
from bot.digests.model import Subscription
from bot.errors import ConfigError
from bot.platforms.base import Command, Posted, Request
from tests.builders import announced
from tests.e2e.discord_bot import Bot, connected, open_bot
from tests.e2e.discord_proxy import Fault, Proxy
from tests.e2e.discord_stand import SLASH, free_port, open_own
from tests.e2e.test_discord import KEY, buttons, digest, replace_headline, words


async def _slow(_: Request) -> Message:
    await asyncio.sleep(1.3)
    return Message("It took a while")


async def _long(_: Request) -> Message:
    return Message("Long", tuple(Text(f"Paragraph {number}. " + "word " * 200) for number in range(12)))


async def _broken(_: Request) -> Message:
    raise RuntimeError("secret detail")


EXTRA = (Command("slow", "Slow", _slow), Command("long", "Long", _long), Command("broken", "Broken", _broken))


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_own() as stand, open_bot(stand, tmp_path, extra=EXTRA) as opened:
        yield opened


async def test_a_slow_command_is_acknowledged_in_time_and_answered_when_it_is_done(bot: Bot) -> None:
    shown = await bot.stand.slash("slow")
    deferred = next(each for each in bot.stand.proxy.asked if each.path.endswith("/callback"))
    assert deferred.body == {"type": 5, "data": {"flags": 64}}
    assert "It took a while" in words(shown)


async def test_an_answer_that_came_too_late_stops_nothing_else(bot: Bot) -> None:
    bot.stand.proxy.faults.append(
        Fault("PATCH", "/messages/@original", status=401, body={"code": 50027, "message": "Invalid Webhook Token"})
    )
    await bot.stand.slash("slow")
    assert isinstance(await bot.discord.post(bot.place(), digest(), KEY), Posted)


async def test_a_long_answer_is_turned_page_by_page(bot: Bot) -> None:
    first = await bot.stand.slash("long")
    assert "Paragraph 0." in words(first)
    back, on = buttons(first["components"])[-2:]
    assert back["disabled"]
    second = await bot.stand.press(on["custom_id"], "")
    assert "Paragraph 0." not in words(second)
    assert "(2 of " in words(second)


async def test_an_answer_that_was_put_away_is_said_to_be(bot: Bot) -> None:
    assert "put away" in words(await bot.stand.press("do:-:page 99 1", ""))


async def test_a_fault_of_ours_is_told_without_its_details(bot: Bot) -> None:
    shown = words(await bot.stand.slash("broken"))
    assert "Something went wrong here" in shown
    assert "secret detail" not in shown


async def test_a_direct_message_is_refused_kindly(bot: Bot) -> None:
    data = {"id": "1", "name": "deals", "type": 1, "options": [{"name": "latest", "type": 1}]}
    shown = await bot.stand.interact(SLASH, data, "news", dm=True)
    assert "answers in servers only" in words(shown)


async def test_another_channel_can_be_subscribed(bot: Bot) -> None:
    other = bot.stand.channel("other")
    picked = {"id": other, "name": "other", "type": 0, "permissions": "0", "guild_id": bot.stand.info["guild"]}
    options = [{"name": "channel", "type": 7, "value": other}]
    asked = {"name": "subscribe", "type": 1, "options": options}
    resolved = {"resolved": {"channels": {other: picked}}}
    data = {"id": "1", "name": "deals", "type": 1, "options": [asked], **resolved}
    assert "Next digest" in words(await bot.stand.interact(SLASH, data, "news"))
    assert await bot.desk.storage.subscriptions.get(bot.place("other")) is not None
    assert await bot.desk.storage.subscriptions.get(bot.place("news")) is None


async def test_a_command_that_discord_still_shows_is_answered_too(bot: Bot) -> None:
    assert "commands have changed" in words(await bot.stand.slash("vanished"))


async def test_buttons_of_others_are_left_to_them(bot: Bot) -> None:
    await bot.stand.play("interaction", type=3, channelId=bot.place().id, data={"component_type": 2, "custom_id": "x"})
    await bot.stand.slash("latest")
    assert len([each for each in bot.stand.proxy.asked if each.path.endswith("/callback")]) == 1


async def test_a_server_that_shows_us_the_door_gets_no_more_digests(bot: Bot) -> None:
    await bot.stand.slash("subscribe")
    await bot.stand.play("leave")
    await settled(lambda: waiting(bot), 1)


async def test_a_server_that_takes_us_in_is_greeted_once(bot: Bot) -> None:
    await bot.stand.play("leave")
    await bot.stand.play("join")
    (greeting,) = await bot.stand.until(lambda: bot.stand.proxy.posts(bot.place().id))
    assert "/deals subscribe" in words(greeting.body)
    assert greeting.body["allowed_mentions"] == {"parse": [], "users": [], "roles": []} or not greeting.body[
        "allowed_mentions"
    ].get("parse")


async def test_who_was_named_may_manage_and_see_the_managers_buttons(bot: Bot) -> None:
    user = {
        bot.stand.info["alice"]: {
            "id": bot.stand.info["alice"],
            "username": "alice",
            "discriminator": "0",
            "avatar": None,
        }
    }
    named = {"name": "add", "type": 1, "options": [{"name": "user", "type": 6, "value": bot.stand.info["alice"]}]}
    family = {"name": "managers", "type": 2, "options": [named]}
    data = {"id": "1", "name": "deals", "type": 1, "options": [family], "resolved": {"users": user}}
    assert "may manage Pactwire" in words(await bot.stand.interact(SLASH, data, "news"))
    await bot.stand.play("permissions", permissions="2048")
    assert "Next digest" in words(await bot.stand.slash("subscribe"))
    await bot.desk.tell(announced(), place=bot.place())
    assert "Not a partnership" in words(await bot.stand.slash("deal", {"id": 1}))


async def test_who_asks_without_end_is_told_to_wait(bot: Bot) -> None:
    shown = [words(await bot.stand.slash("latest")) for _ in range(22)]
    assert sum("No deals yet" in each for each in shown) < 22
    assert "you ask too fast" in shown[-1]
    assert "you ask too fast" in words(await bot.stand.press("do:-:page 99 1", ""))


async def test_a_server_that_showed_us_the_door_while_we_were_away_is_noticed_at_the_start(bot: Bot) -> None:
    await bot.stand.slash("subscribe")
    elsewhere = replace(bot.place(), workspace="4711", id="4712")
    await bot.desk.storage.subscriptions.save(Subscription(elsewhere), bot.desk.now, bot.desk.now)
    async with connected(bot.stand, bot.desk):
        await settled(lambda: gone(bot, "4711"), 1)
    assert await waiting(bot) == 0


async def test_a_server_that_took_us_back_while_we_were_away_gets_its_digests_again(bot: Bot) -> None:
    await bot.stand.slash("subscribe")
    await bot.desk.storage.workspaces.left("discord", bot.place().workspace, bot.desk.now)
    async with connected(bot.stand, bot.desk):
        await settled(lambda: waiting(bot), 0)


@pytest.mark.parametrize(("code", "said"), [(4004, "Copy it anew"), (4011, "sharded = true"), (4014, "intents")])
async def test_what_discord_ends_for_good_ends_the_client_with_a_sentence(tmp_path: Path, code: int, said: str) -> None:
    async with open_own() as stand:
        with pytest.raises(ConfigError, match=said):
            async with open_bot(stand, tmp_path):
                await stand.play("drop", code=code)
                await asyncio.sleep(0.3)


async def test_where_discord_cannot_be_reached_the_client_tries_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "pactwire")
    async with open_own() as stand, AsyncExitStack() as late:
        upstream, port = stand.proxy.url, free_port()
        stand.proxy = Proxy(upstream)
        stand.proxy.url = f"http://127.0.0.1:{port}/api/v10"

        async def comes_up() -> None:
            await settled(failures, 1)
            await late.enter_async_context(stand.proxy.open(port))

        async def failures() -> int:
            return sum("Discord cannot be reached" in record.message for record in caplog.records)

        coming = asyncio.create_task(comes_up())
        async with open_bot(stand, tmp_path) as bot:
            assert "No deals yet" in words(await bot.stand.slash("latest"))
        await coming


async def test_a_forum_post_whose_words_a_moderator_took_away_is_not_posted_again(bot: Bot) -> None:
    for _ in range(2):
        assert isinstance(await bot.discord.post(bot.place("forum"), digest(), KEY), Posted)
        (thread,) = await bot.stand.play("thread", channelId=bot.stand.channel("forum"))
        await bot.stand.play("unsay", channelId=thread["id"])


async def test_the_owner_is_told_by_a_direct_message(bot: Bot) -> None:
    notice = Message("The channel was deleted", next_step="/deals status")
    assert await bot.discord.notify(bot.place().workspace, notice)
    (told,) = bot.stand.proxy.posts(bot.stand.channel("direct"))
    assert "The channel was deleted" in words(told.body)
    assert "in the server: /deals status" in words(told.body)
    assert buttons(told.body["components"]) == []
    assert not await bot.discord.notify("999", Message("Nobody hears this"))


async def test_whoever_subscribed_is_told_of_what_needs_mending(bot: Bot) -> None:
    await bot.stand.slash("subscribe", {"days": "daily", "times": "08:00"})
    bot.stand.proxy.faults.append(Fault("POST", rf"/{bot.place().id}/messages", status=403, body={"code": 50013}))
    await bot.deliverer.deliver_due(bot.desk.now + timedelta(days=1))
    (opened,) = [each for each in bot.stand.proxy.asked if each.path.endswith("/users/@me/channels")]
    assert str(opened.body["recipient_id"]) == bot.stand.info["alice"]
    (told,) = bot.stand.proxy.posts(bot.stand.channel("direct"))
    assert f"<#{bot.place().id}> · Digests are paused: Pactwire may not post in the channel" in words(told.body)


async def test_a_role_that_does_not_exist_is_refused_at_once(bot: Bot) -> None:
    assert "no such role" in words(await bot.stand.slash("subscribe", {"mention": "<@&77>"}))
    assert await bot.desk.storage.subscriptions.get(bot.place()) is None


async def test_in_a_forum_only_the_first_post_mentions_the_role(bot: Bot) -> None:
    part = digest(2)
    blocks = (*part.blocks[:2], replace_headline(part.blocks[2], "Second deal"))
    part = replace(part, blocks=blocks, mention=bot.stand.info["role"])
    assert isinstance(await bot.discord.post(bot.place("forum"), part, KEY), Posted)
    opened = [each.body["message"] for each in bot.stand.proxy.asked if each.path.endswith("/threads")]
    assert [bool(each["allowed_mentions"].get("roles")) for each in opened if each] == [True, False]


async def test_deals_are_completed_by_name(bot: Bot) -> None:
    await bot.desk.tell(announced(), place=bot.place())
    assert await bot.stand.complete("deal", "id", "acme", kind=4) == [1]
    assert await bot.stand.complete("deal", "id", "nobody", kind=4) == []


async def waiting(bot: Bot) -> int:
    return await gone(bot, bot.place().workspace)


async def gone(bot: Bot, workspace: str) -> int:
    return len(await bot.desk.storage.workspaces.waiting("discord", workspace))


async def settled(look: Any, wanted: int) -> None:
    async with asyncio.timeout(5):
        while await look() != wanted:  # noqa: ASYNC110 — the database tells of no event
            await asyncio.sleep(0.02)
