"""A small share of `make load`."""

from __future__ import annotations

from pathlib import Path

from tests.load.rush import DISCORDS_LIMIT, discord, rush
from tests.load.silence import week


async def test_many_channels_that_are_due_at_once_get_their_digest_once_and_in_time(tmp_path: Path) -> None:
    chat = discord()
    assert await rush(tmp_path, chat, channels=40, teams=4) < 20
    assert chat.busiest() <= DISCORDS_LIMIT


async def test_a_chat_that_is_away_for_days_makes_one_digest_a_day_wait(tmp_path: Path) -> None:
    found = await week(tmp_path / "db", channels=2, hours=72)
    assert (found.waiting, found.daily, found.arrived) == (1, 1, 2)
