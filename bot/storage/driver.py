"""The driver as we use it: one visit to its thread for a statement with all its rows, and none for nothing.

aiosqlite goes there for the cursor, the statement, its rows and the cursor's end, and on a busy machine each way waits
for its turn: from a body to a message that made 139 visits, where 30 do.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite


def connect(database: str, **options: Any) -> Connection:
    """For the engine's `async_creator_fn`: a connection that is opened when it is awaited, in a thread of its own."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does for those it makes itself
    return connection


class Connection(aiosqlite.Connection):
    """One whose cursors live in its thread only as long as their statement."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._is_sure = True

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor for one statement after another; making it costs nothing."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit, where there is something to commit."""
        if self._conn.in_transaction or not self._is_sure:
            await super().commit()

    async def rollback(self) -> None:
        """Roll back, where there is something to roll back."""
        if self._conn.in_transaction or not self._is_sure:
            await super().rollback()
            self._is_sure = True

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self._is_sure = False  # the thread may just be at work, and nobody knows what it will leave
            raise


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor, its rows already fetched."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run one statement and fetch its rows."""
        await self._in_thread(_Work(self, self._connection._conn).execute, statement, parameters)

    async def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of the rows."""
        await self._in_thread(_Work(self, self._connection._conn).executemany, statement, rows)

    async def fetchall(self) -> list[Any]:
        """The rows of the last statement, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    async def _in_thread(self, work: Callable[..., None], *arguments: Any) -> None:
        await self._connection._execute(work, *arguments)

    def keep(self, cursor: sqlite3.Cursor) -> None:
        """Take over what a statement has left."""
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class _Work:
    """The work of a cursor, under the names that the driver's functions have."""

    def __init__(self, cursor: Cursor, connection: sqlite3.Connection) -> None:
        self._cursor = cursor
        self._connection = connection

    def execute(self, statement: str, parameters: Sequence[Any]) -> None:
        self._cursor.keep(self._connection.execute(statement, parameters))

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._cursor.keep(self._connection.executemany(statement, rows))
