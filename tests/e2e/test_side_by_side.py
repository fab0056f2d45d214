"""Two Slack workspaces and a Discord server in one process: each sees its own, and all the same deals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.deliver import Deliverer
from bot.digests.model import Channel
from tests.builders import announced
from tests.desk import shown
from tests.e2e.discord_bot import connected
from tests.e2e.discord_stand import open_own
from tests.e2e.test_discord import words
from tests.e2e.test_slack_http import Http, open_http, replied


async def test_each_sees_its_own_subscriptions_and_all_the_same_deals(tmp_path: Path) -> None:
    async with open_http(tmp_path) as http, open_own() as stand, connected(stand, http.desk) as discord:
        guild = Channel("discord", str(stand.info["guild"]), stand.channel("news"))
        one, two = (Channel("slack", team, "C1") for team in ("T1", "T2"))
        for team in ("T1", "T2"):
            assert (await http.install(team))[0] == 200
        for place in (one, two, guild):
            await http.desk.tell(announced(), place=place)

        assert "Subscribed: Mon at" in await replied(http, "T1", "subscribe days:mon")
        assert "gets no digests yet" in await replied(http, "T2", "settings")
        assert "gets no digests yet" in words(await stand.slash("settings"))
        assert "Subscribed: daily" in words(await stand.slash("subscribe", {"days": "daily"}))
        assert "Mon at" in await replied(http, "T1", "settings")
        assert "gets no digests yet" in await replied(http, "T2", "settings")
        assert [await _subscribed(http, each) for each in (one, two, guild)] == [1, 0, 1]

        deals = [await _deal(http, each) for each in (one, two, guild)]
        assert "Deal #1" in deals[0]
        assert deals == [deals[0]] * 3
        for said in (await replied(http, "T1", "deal 1"), await replied(http, "T2", "deal 1")):
            assert "Deal #1" in said
        assert "Deal #1" in words(await stand.slash("deal", {"id": 1})).replace("\\", "")

        deliverer = Deliverer(http.desk.storage, {discord.name: discord, "slack": http.slack}, "deals")
        assert await deliverer.deliver_due(http.desk.now + timedelta(days=7)) == 2
        (on_slack,), (on_discord,) = http.server.named("chat.postMessage"), stand.proxy.posts(guild.id)
        assert "deal 1" in words(on_slack["blocks"])
        assert "deal 1" in words(on_discord.body)


async def _subscribed(http: Http, place: Channel) -> int:
    return len(await http.desk.storage.subscriptions.of_workspace(place.platform, place.workspace))


async def _deal(http: Http, place: Channel) -> str:
    return shown(await http.desk.ask("deal 1", channel=place))
