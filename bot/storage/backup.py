"""Copies of the database that can be put back: made while it is written, and known as copies when they are opened.

`PRAGMA user_version` is 1 in a copy and 0 in the file that lives. A copy that is opened is a restored one: it does not
know what happened after it was made, and so it must not tell again what may have been told meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import update

from bot.errors import StorageError
from bot.storage.engine import Database
from bot.storage.model import State
from bot.storage.tables import deliveries, feeds, subscriptions

KEPT = 7
"""Daily copies that are kept."""


class BackupStore:
    """The copies of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def daily(self, today: date) -> Path | None:
        """Make today's copy beside the database, and drop all but the last seven; None when it stands already."""
        folder = self._database.path.parent / "backups"
        path = folder / f"{self._database.path.stem}-{today.isoformat()}.db"
        if path.exists():
            return None
        folder.mkdir(exist_ok=True)
        await self.write(path)
        for old in sorted(folder.glob(f"{self._database.path.stem}-????-??-??.db"))[:-KEPT]:
            old.unlink()
        return path

    async def write(self, path: Path) -> None:
        """Make a copy through the one connection; StorageError when it cannot be made. `path` is whole or not there."""
        part = path.with_name(path.name + ".part")
        try:
            target = sqlite3.connect(part, check_same_thread=False)
            try:
                await self._database.copy_to(target)
                _mark(target)
            finally:
                target.close()
            os.replace(part, path)
        except (sqlite3.Error, OSError) as error:
            part.unlink(missing_ok=True)
            raise StorageError(f"The backup {path} could not be written: {error}.") from error

    async def settle_restored(self, now: datetime) -> bool:
        """Whether this file is a copy that was put back; from now on it is the file that lives, and cautious.

        What was published until now counts as told; no slot of the past is planned; what was owed is looked for in its
        channel before it is sent, unless nobody knows since when. Deals stay known and can be asked for.
        """
        async with self._database.write() as connection:
            if not (await connection.exec_driver_sql("PRAGMA user_version")).scalar_one():
                return False
            await connection.execute(update(subscriptions).values(told_until=now, since=now))
            owed = update(deliveries).where(deliveries.c.state == State.PENDING)
            looked_for = {"state": State.SENDING, "next_try_at": now, "sending_at": deliveries.c.created_at}
            unknown = {"state": State.UNCERTAIN, "error": "the clock ran ahead when it was planned"}
            await connection.execute(owed.where(deliveries.c.created_at > now).values(unknown))
            await connection.execute(owed.values(looked_for))
            await connection.execute(update(feeds).values(leased_until=None))
            await connection.exec_driver_sql("PRAGMA user_version = 0")
        return True


def copy_file(path: Path, target: Path) -> Path:
    """Copy a database that another process may be writing, or nobody, and name the copy. Raises StorageError.

    The connection can only read: it neither writes nor checkpoints, so the one that does stays the only one.
    """
    if not path.exists():
        raise StorageError(f"There is no database at {path}, so there is nothing to back up.")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        copy = sqlite3.connect(part)
        try:
            source.backup(copy)
            _mark(copy)
        finally:
            copy.close()
            source.close()
        os.replace(part, target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"The backup {target} could not be written: {error}.") from error
    return target


def _mark(copy: sqlite3.Connection) -> None:
    """Say that it is a copy, and make it one file that needs no other."""
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute("PRAGMA user_version = 1")
    verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is not whole: {verdict}")
