from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect

from bot.digests.model import Subscription
from bot.storage.engine import Database
from bot.storage.subscriptions import due_rows
from tests.builders import PUBLISHED as NOW
from tests.feedkit import HERE
from tests.ready import open_ready


async def test_who_is_due_is_found_without_reading_every_subscription(tmp_path: Path) -> None:
    path = tmp_path / "pactwire.db"
    async with open_ready(path):
        pass
    question = str(due_rows(NOW).compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))

    async with Database(path) as database, database.read() as connection:
        plan = [row.detail for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}")]

    assert any("ix_subscriptions_since" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN subscriptions")], plan


async def test_a_file_made_before_that_index_answers_the_same(tmp_path: Path) -> None:
    path = tmp_path / "pactwire.db"
    async with open_ready(path) as storage:
        await storage.subscriptions.save(Subscription(HERE), NOW, NOW)
    async with Database(path) as database, database.write() as connection:
        await connection.exec_driver_sql("DROP INDEX ix_subscriptions_since")

    async with open_ready(path) as storage:
        (due,) = await storage.subscriptions.due(NOW)

    assert due.subscription == Subscription(HERE)
