"""Who is told when a channel needs mending, and how the channel is called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.deliver import Deliverer, wording
from bot.digests.message import Message, Name, Table
from bot.digests.model import Channel, Subscription, Timetable
from bot.platforms.base import PostFailed, Remedy
from bot.platforms.discord.render import Audience
from bot.platforms.discord.render import render as for_discord
from bot.platforms.slack.render import render as for_slack
from bot.storage import Storage
from bot.storage.model import Notice
from tests.builders import PUBLISHED
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.ready import open_ready

MORNING = PUBLISHED.replace(hour=8)
DAILY = Timetable(frozenset(range(7)))
THERE = replace(HERE, id="there")


@dataclass
class Chat(RecordingPlatform):
    """Refuses every post until somebody mends the channel, and keeps whom it told."""

    deaf: tuple[str, ...] = ()
    told: list[tuple[str | None, Message]] = field(default_factory=list)

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        self.told.append((user, message))
        return user not in self.deaf


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "db") as opened:
        yield opened


async def subscribed(storage: Storage, channel: Channel, by: str | None) -> None:
    await storage.subscriptions.save(Subscription(channel, DAILY), MORNING, MORNING - timedelta(hours=1), by)


async def after_a_morning(storage: Storage, deaf: tuple[str, ...] = ()) -> list[tuple[str | None, Message]]:
    chat = Chat(answer=lambda _: PostFailed("Pactwire is not in the channel", Remedy.PAUSE), deaf=deaf)
    await Deliverer(storage, {chat.name: chat}, "deals").deliver_due(MORNING)
    return chat.told


def channels_in(message: Message) -> list[str]:
    rows = [row for block in message.blocks if isinstance(block, Table) for row in block.rows]
    return [str(cell) for row in rows for cell in row if isinstance(cell, Name) and cell.kind == "channel"]


async def test_whoever_subscribed_a_channel_is_told_of_it_and_of_no_other(storage: Storage) -> None:
    await subscribed(storage, HERE, "ana")
    await subscribed(storage, THERE, "ben")
    told = await after_a_morning(storage)
    assert sorted((user, channels_in(message)) for user, message in told) == [
        ("ana", [HERE.id]),
        ("ben", [THERE.id]),
    ]


async def test_where_nobody_is_known_or_can_be_reached_those_who_manage_are_told(storage: Storage) -> None:
    await subscribed(storage, HERE, "ana")
    await subscribed(storage, THERE, None)
    told = await after_a_morning(storage, deaf=("ana",))
    assert sorted((user or "", channels_in(message)) for user, message in told) == [
        ("", [HERE.id]),
        ("", [THERE.id]),
        ("ana", [HERE.id]),
    ]


async def test_who_changes_the_settings_does_not_take_the_channel_over(storage: Storage) -> None:
    await subscribed(storage, HERE, "ana")
    await subscribed(storage, HERE, None)
    assert await storage.subscriptions.subscribers(HERE.platform, HERE.workspace) == ("ana",)


async def test_who_subscribes_an_ended_channel_anew_is_told_from_then_on(storage: Storage) -> None:
    await subscribed(storage, HERE, "ana")
    await storage.subscriptions.remove(HERE, MORNING)
    await subscribed(storage, HERE, None)
    assert await storage.subscriptions.subscribers(HERE.platform, HERE.workspace) == ()


def test_a_channel_is_called_by_its_name_and_a_long_reason_leaves_the_commands_whole() -> None:
    command = "/deals deliveries discard 4711."
    notice = Notice(Channel("slack", "T1", "C042"), "k", f"{'It was so, and then it was not. ' * 14}{command}")
    message = wording.gathered([notice], "deals")
    assert "<#C042>" in str(for_slack(message).blocks)
    assert "<#C042>" in for_slack(message).text
    notice = replace(notice, channel=Channel("discord", "1", "42"))
    shown = str(for_discord(wording.gathered([notice], "deals"), Audience()))
    assert "<#42>" in shown
    assert command.removesuffix(".") in shown
