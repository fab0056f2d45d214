"""What is asked for while the disk takes nothing: a refusal in words, and whatever needs no writing."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import UserError
from tests.desk import HERE, Desk, open_desk
from tests.storage.platter import Platter, watched

CHANGES = ("subscribe times:09:00", "settings times:09:00", "unsubscribe", "managers add u2")
READS = ("latest", "settings", "feeds list", "status", "deliveries list", "help")


@pytest.fixture
def platter() -> Platter:
    return Platter()


@pytest.fixture
async def desk(tmp_path: Path, platter: Platter) -> AsyncIterator[Desk]:
    with watched(platter):
        async with open_desk(tmp_path) as opened:
            yield opened


async def test_on_a_full_disk_changes_are_refused_in_words_and_done_when_there_is_room(
    desk: Desk, platter: Platter
) -> None:
    await desk.ask("subscribe")
    before = await desk.storage.subscriptions.get(HERE)
    platter.refusal = lambda: sqlite3.SQLITE_FULL
    for line in CHANGES:
        with pytest.raises(UserError, match=r"is full\. Nothing was lost; make room"):
            await desk.ask(line)
    for line in READS:
        await desk.ask(line)
    assert await desk.storage.subscriptions.get(HERE) == before
    platter.refusal = lambda: 0
    await desk.ask("unsubscribe")
    assert await desk.storage.subscriptions.get(HERE) is None
