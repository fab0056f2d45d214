"""A small share of `make soak`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.soak.life import a_life


async def test_after_many_cycles_no_more_files_and_tasks_are_open_than_before(tmp_path: Path) -> None:
    async with a_life(tmp_path / "db", feeds=8, channels=2) as life:
        for _ in range(10):
            await life.tick(timedelta(minutes=5))
        before, asked = await life.standing(), life.publisher.asked
        for _ in range(26):
            await life.tick(timedelta(minutes=5))
        after = await life.standing()
        assert life.publisher.asked > asked
        assert life.chat.count == 2
        assert (after.files, after.tasks) == (before.files, before.tasks)
