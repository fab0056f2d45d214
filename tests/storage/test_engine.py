from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, select, text, update

from bot.errors import StorageError, StorageFullError
from bot.storage import migrations
from bot.storage.columns import metadata
from bot.storage.engine import APPLICATION_ID, SCHEMA, Database
from bot.storage.migrations import upgrade
from bot.storage.tables import feeds, memory, subscriptions
from tests.builders import PUBLISHED

ROW = {"title": "t", "register": "trade_news", "origin": "pack", "active": True, "failures": 0}


def row(url: str = "https://a.example/feed") -> dict[str, object]:
    return {**ROW, "url": url, "next_poll_at": PUBLISHED, "created_at": PUBLISHED}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "pactwire.db") as opened:
        yield opened


async def refusal(path: Path) -> str:
    with pytest.raises(StorageError) as caught:
        async with Database(path):
            pass
    return str(caught.value)


async def test_the_connection_keeps_the_promises_of_the_outbox(database: Database) -> None:
    async with database.read() as connection:
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}.items():
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value


async def test_the_schema_is_what_the_tables_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


def test_the_known_schema_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


WRITTEN = {
    "0001_first.py": "a7c4546549098dcd",
    "0002_who_subscribed.py": "9c2723a9d195531b",
    "0003_followers.py": "9e6d71d580bd6584",
    "0004_left_out.py": "c3d3960efdd44ca6",
    "0005_hubs.py": "a821c9a7534b30d9",
}


def test_no_revision_is_edited_once_a_database_may_bear_its_number() -> None:
    folder = Path(migrations.__file__).parent / "versions"
    found = {path.name: blake2b(path.read_bytes(), digest_size=8).hexdigest() for path in folder.glob("0*.py")}
    assert found == WRITTEN, "a change of the tables is a revision of its own, which is pinned here"


async def test_a_file_of_the_first_schema_keeps_all_and_learns_who_subscribed(tmp_path: Path) -> None:
    path = tmp_path / "pactwire.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as old:
        upgrade(old, "0001")
        old.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
        kept = "platform, workspace, channel, subscription, next_due_at, created_at"
        for place in ("'slack', 'T1', 'C1'", "'slack', 'T2', 'C2'", "'discord', '1', '2'"):
            old.execute(
                text(f"INSERT INTO subscriptions ({kept}) VALUES ({place}, '{{}}', '2026-01-01', '2026-01-01')")
            )
        old.execute(text("INSERT INTO memory VALUES ('slack keeper T1', 'U1'), ('discord commands 7', 'x')"))
    engine.dispose()
    async with Database(path) as database, database.read() as connection:
        found = await connection.execute(select(subscriptions.c.channel, subscriptions.c.subscribed_by))
        assert {tuple(row) for row in found} == {("C1", "U1"), ("C2", None), ("2", None)}
        assert (await connection.scalars(select(memory.c.name))).all() == ["discord commands 7"]


async def test_concurrent_updates_are_all_kept(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(feeds).values(row()))

    async def fail_once() -> None:
        async with database.write() as connection:
            count: int = (await connection.execute(select(feeds.c.failures))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(update(feeds).values(failures=count + 1))

    await asyncio.gather(*(fail_once() for _ in range(100)))
    async with database.read() as connection:
        assert await connection.scalar(select(feeds.c.failures)) == 100


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def half_done() -> None:
        async with database.write() as connection:
            await connection.execute(insert(feeds).values(row()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half_done()
    async with database.read() as connection:
        assert (await connection.execute(select(feeds.c.id))).all() == []


async def test_a_second_copy_is_refused_and_names_the_first(tmp_path: Path, database: Database) -> None:
    assert "Another Pactwire (process" in await refusal(tmp_path / "pactwire.db")


async def test_the_file_is_free_again_when_it_is_closed(tmp_path: Path) -> None:
    for _ in range(2):
        async with Database(tmp_path / "pactwire.db"):
            pass


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my shopping list")
    assert "is not a database" in await refusal(path)
    assert path.read_text() == "my shopping list"


async def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    assert "another program" in await refusal(path)
    with closing(sqlite3.connect(path)) as left:
        assert left.execute("SELECT name FROM sqlite_schema").fetchall() == [("recipes",)]


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pactwire.db"
    async with Database(path):
        pass
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = path.read_bytes()
    assert "newer Pactwire (schema 9999; this one knows" in await refusal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["zeroed page", "cut short"])
async def test_a_damaged_file_is_refused_and_never_recreated(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "pactwire.db"
    async with Database(path) as database, database.write() as connection:
        await connection.execute(insert(feeds), [row(f"https://{n}.example/{'x' * 200}") for n in range(200)])
    whole = path.read_bytes()
    broken = whole[: len(whole) // 2] if damage == "cut short" else whole[:8192] + bytes(16384) + whole[24576:]
    path.write_bytes(broken)
    assert "is damaged and was left untouched" in await refusal(path)
    assert path.read_bytes() == broken


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made" in await refusal(tmp_path / "file" / "pactwire.db")


async def test_a_full_disk_is_told_and_what_was_kept_stays(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(feeds).values(row()))
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFullError, match="is full"):
        async with database.write() as connection:
            await connection.execute(insert(feeds), [row(f"https://{n}.example/{'x' * 500}") for n in range(500)])
    async with database.write() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        await connection.execute(insert(feeds).values(row("https://b.example/feed")))
    async with database.read() as connection:
        assert len((await connection.execute(select(feeds.c.id))).all()) == 2


async def test_a_file_that_another_program_has_locked_is_told_and_written_when_it_is_free(
    tmp_path: Path, database: Database
) -> None:
    async with database.read() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 20")  # five seconds otherwise
    with closing(sqlite3.connect(tmp_path / "pactwire.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(StorageFullError, match="is locked by another program"):
                async with database.write() as connection:
                    await connection.execute(insert(feeds).values(row()))
        other.execute("ROLLBACK")
    async with database.write() as connection:
        await connection.execute(insert(feeds).values(row()))
    async with database.read() as connection:
        assert len((await connection.execute(select(feeds.c.id))).all()) == 1


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pactwire.db"
    async with Database(path) as database:
        async with database.write() as connection:
            await connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(StorageFullError, match="cannot be written"):
            async with database.write() as connection:
                await connection.execute(insert(feeds).values(row()))


async def test_whoever_is_at_work_ends_before_the_file_is_closed_and_nobody_begins_after(tmp_path: Path) -> None:
    begun, ended = asyncio.Event(), []

    async def work(database: Database) -> None:
        async with database.write() as connection:
            begun.set()
            await connection.exec_driver_sql("CREATE TABLE late (x)")
            ended.append(True)

    database = Database(tmp_path / "db")
    async with database:
        late = asyncio.create_task(work(database))
        await begun.wait()
    assert ended
    await late
    with pytest.raises(StorageError, match="not open"):
        async with database.read():
            pass
