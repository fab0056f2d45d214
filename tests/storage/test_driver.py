"""Each statement is one visit to the driver's thread, and nothing is left behind when one is broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.storage.engine import Database
from tests.simulation.inline import inline_sqlite


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "db") as opened:
        async with opened.write() as connection:
            await connection.execute(text("CREATE TABLE seen (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
        yield opened


async def names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.scalars(text("SELECT name FROM seen ORDER BY id"))).all())


async def test_a_question_is_one_visit_and_a_change_one_for_each_statement_its_begin_and_its_end(
    tmp_path: Path,
) -> None:
    visits: list[str] = []

    def noted(name: str, call: Callable[[], Any]) -> Any:
        visits.append(name)
        return call()

    with inline_sqlite(noted):
        async with Database(tmp_path / "db") as database:
            visits.clear()
            async with database.read() as connection:
                assert (await connection.execute(text("SELECT 1 UNION SELECT 2"))).scalars().all() == [1, 2]
            assert visits == ["execute"]
            visits.clear()
            async with database.write() as connection:
                await connection.execute(text("CREATE TABLE seen (id INTEGER PRIMARY KEY, name TEXT)"))
                rows = [{"name": "a"}, {"name": "b"}]
                await connection.execute(text("INSERT INTO seen (name) VALUES (:name)"), rows)
            assert visits == ["execute", "execute", "executemany", "commit"]


async def test_what_a_statement_returns_and_counts_is_told(database: Database) -> None:
    async with database.write() as connection:
        made = await connection.execute(text("INSERT INTO seen (name) VALUES ('a'), ('b') RETURNING id"))
        assert made.scalars().all() == [1, 2]
        changed = await connection.execute(text("UPDATE seen SET name = name || '!'"))
        assert changed.rowcount == 2
    assert await names(database) == ["a!", "b!"]


async def test_a_statement_that_fails_leaves_nothing_of_its_transaction(database: Database) -> None:
    with pytest.raises(OperationalError):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO seen (name) VALUES ('a')"))
            await connection.execute(text("SELECT nothing FROM nowhere"))
    assert await names(database) == []


@pytest.mark.parametrize("steps", range(12))
async def test_a_task_that_is_told_to_stop_at_any_step_leaves_nothing_of_its_transaction(
    database: Database, steps: int
) -> None:
    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO seen (name) VALUES ('a')"))
            await connection.execute(text("INSERT INTO seen (name) VALUES ('b')"))

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert await names(database) in ([], ["a", "b"])
    if not await names(database):
        await write()
    assert await names(database) == ["a", "b"]
