"""D02: a thousand channels are due in the same minute, at Discord and at Slack, with the clients' own pace."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from bot.deals.triage import triage
from bot.deliver import Deliverer
from bot.digests.message import Message
from bot.digests.model import Channel, Subscription, Timetable
from bot.feeds.answer import Validators
from bot.feeds.model import Feed
from bot.platforms.base import Posted, PostFailed, PostOutcome, Remedy
from bot.platforms.discord.client import EACH, OVERALL
from bot.platforms.pace import Pace
from bot.platforms.slack.calls import CHANNEL, WORKSPACE
from bot.storage import Storage
from bot.storage.model import FeedState
from tests.builders import announced
from tests.fakes import RecordingPlatform
from tests.feedkit import NOW
from tests.ready import open_ready

CHANNELS = 1_000
TEAMS = 50
DISCORDS_LIMIT = 50
"""Requests a second that Discord allows one bot."""

TICK = 10.0
TRIP = 0.05
"""Seconds that a platform takes to answer."""


class PacedChat(RecordingPlatform):
    """A platform behind the real pace. `posts` holds when each channel got something."""

    def __init__(self, name: str, paces: defaultdict[str, Pace]) -> None:
        super().__init__(name)
        self.paces = paces
        self.posts: list[tuple[float, str]] = []

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        if wait := await self.paces[channel.workspace].turn(channel.id):
            return PostFailed("the platform asked for a pause", Remedy.RETRY, wait)
        self.posts.append((asyncio.get_running_loop().time(), channel.id))
        await asyncio.sleep(TRIP)
        return Posted(key)

    def busiest(self, span: float = 1.0) -> int:
        """The most posts within any `span` seconds."""
        times, first, most = [at for at, _ in self.posts], 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - span:
                first += 1
            most = max(most, last - first + 1)
        return most


def discord() -> PacedChat:
    shared = Pace(OVERALL, EACH)
    return PacedChat("discord", defaultdict(lambda: shared))


def slack() -> PacedChat:
    return PacedChat("slack", defaultdict(lambda: Pace(WORKSPACE, CHANNEL)))


async def rush(folder: Path, chat: PacedChat, channels: int = CHANNELS, teams: int = TEAMS) -> float:
    """Seconds from the minute at which all are due to the last post; every channel gets one."""
    async with open_ready(folder / f"{chat.name}.db") as storage:
        for number in range(channels):
            place = Channel(chat.name, f"T{number % teams}", f"C{number}")
            await storage.subscriptions.save(
                Subscription(place, Timetable(times=(NOW.time(),))), NOW, NOW - timedelta(hours=1)
            )
        await _learn(storage, chat.name, teams)
        deliverer = Deliverer(storage, {chat.name: chat}, "deals")
        clock = asyncio.get_running_loop().time
        began = clock()
        while len(chat.posts) < channels and clock() - began < 600:
            tick = asyncio.create_task(asyncio.sleep(TICK))
            await deliverer.deliver_due(NOW + timedelta(seconds=clock() - began))
            if len(chat.posts) < channels:
                await tick
            tick.cancel()
        await deliverer.stop()
    assert max(Counter(channel for _, channel in chat.posts).values()) == 1
    assert len(chat.posts) == channels
    return chat.posts[-1][0] - began


async def _learn(storage: Storage, platform: str, teams: int) -> None:
    """A deal that all workspaces want."""
    for team in range(teams):
        await storage.feeds.add(Channel(platform, f"T{team}", ""), Feed("https://a.example/feed", "Alpha"), NOW)
    (feed,) = await storage.feeds.claim_due(NOW, 1)
    state = FeedState(NOW + timedelta(days=99), Validators(), None)
    await storage.polls.record(feed, state, triage([announced()], ()), (), NOW - timedelta(minutes=30))


async def main(folder: Path) -> bool:
    """Print how long both take, and whether that is soon enough."""
    one, two = discord(), slack()
    took = await rush(folder, one), await rush(folder, two)
    print(
        f"D02 {CHANNELS:,} channels due at once: Discord's have their digest within {took[0]:.0f} s, at most "
        f"{one.busiest()} posts a second of {DISCORDS_LIMIT}; Slack's, in {TEAMS} workspaces, within {took[1]:.0f} s"
    )
    return max(took) <= 60 and one.busiest() <= DISCORDS_LIMIT
