"""One file, one process, one connection. Opens the database, refuses what it cannot trust, and owns transactions."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.errors import StorageError, StorageFullError
from bot.storage.driver import connect

SCHEMA = "0005"
"""The revision this version of Pactwire reads and writes: the head of `migrations/versions`."""

APPLICATION_ID = 0x50414354
"""PRAGMA application_id ("PACT"): tells our files from another program's."""

MAGIC = b"SQLite format 3\x00"

LONGEST_END = 5
"""So many seconds a transaction that is under way may take when the database is closed."""


class Database:
    """The open database file. Use as an async context manager.

    There is exactly one connection for all work: SQLite 3.7.0–3.51.2 can damage a WAL that two connections of one file
    write or checkpoint. Every transaction that writes begins IMMEDIATE, so it never fails half-way for a lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = AsyncExitStack()
        self._engine: AsyncEngine | None = None

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            _make_folder(self._path)
            stack.callback(os.close, _lock(self._path))
            _check_header(self._path)
            self._engine = _engine(self._path)
            stack.push_async_callback(self._close)
            await self._check()
            await self._migrate()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        with _explained(self._path):
            async with self._opened().connect() as connection:
                connection = await connection.execution_options(reading=True)
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed whole when the block ends, or not at all."""
        with _explained(self._path):
            async with self._opened().begin() as connection:
                yield connection

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    async def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy all that is committed, in one piece, through the one connection."""
        with _explained(self._path):
            async with self._opened().connect() as connection:
                raw = await connection.get_raw_connection()
                assert raw.driver_connection is not None
                await raw.driver_connection.backup(target)

    def _opened(self) -> AsyncEngine:
        if self._engine is None:
            raise StorageError(f"{self._path} is not open: Pactwire is ending, or has not begun.")
        return self._engine

    async def _close(self) -> None:
        """Let nobody begin, let whoever is at work end first, and close the one connection."""
        engine, self._engine = self._opened(), None
        pool = engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        if pool.checkedout():  # closed now, that connection would be left to the garbage collector
            with suppress(TimeoutError, DatabaseError):
                async with asyncio.timeout(LONGEST_END), engine.connect():
                    pass
        await engine.dispose()

    async def _check(self) -> None:
        """Refuse a file that is damaged or not ours, before anything is written."""
        async with self.read() as connection:
            verdict = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one()
            if verdict != "ok":
                raise StorageError(_damaged(self._path))
            application = (await connection.exec_driver_sql("PRAGMA application_id")).scalar_one()
            count = (await connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema")).scalar_one()
        if count and application != APPLICATION_ID:
            raise StorageError(
                f"{self._path} is a database of another program. Nothing was changed. "
                "Set `database` in the configuration to a file of Pactwire's own."
            )

    async def _migrate(self) -> None:
        """Bring the schema to SCHEMA in one transaction: killed half-way, the file holds the old one."""
        async with self.read() as connection:
            found = await connection.run_sync(_revision)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            raise StorageError(
                f"{self._path} was written by a newer Pactwire (schema {found}; this one knows {SCHEMA}). "
                "Nothing was changed. Install the newer version again, or restore a backup made before it."
            )
        from bot.storage.migrations import upgrade  # Alembic is only loaded when there is something to do

        async with self.write() as connection:
            await connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            await connection.run_sync(upgrade)


def _engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={"async_creator_fn": connect},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=60,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes late and deferred; with None we say when and how, in `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 5000",
        "journal_mode = WAL",
        "synchronous = FULL",  # a delivery recorded as sent must survive a power cut
        "foreign_keys = ON",
        "journal_size_limit = 67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # Nobody writes while somebody reads, for there is one connection: what is read needs no BEGIN to be of one moment.
    if not connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _revision(connection: Connection) -> str | None:
    table = connection.execute(text("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'")).first()
    if table is None:
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return revision


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {path.parent} cannot be made: {error.strerror}. Make it, or set `database`."
        ) from error


def _lock(path: Path) -> int:
    """Take the lock file beside the database; it is ours until the descriptor is closed, however we end."""
    lock = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(
            f"{path.parent} cannot be written: {error.strerror}. Give Pactwire a folder it may write to."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise StorageError(
            f"Another Pactwire (process {holder}) is using {path}. Stop it first, or ask it: its prompt takes the same "
            "commands."
        ) from error
    with suppress(OSError):  # on a full disk the lock itself holds, only our number is not in it
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except FileNotFoundError:
        # Made here, so that only its owner can read it, tokens and all. Where that fails, SQLite says why.
        with suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error
    if head and head != MAGIC and not _has_wal(path):
        raise StorageError(
            f"{path} is not a database. Nothing was changed. "
            "Restore it from a backup, or set `database` in the configuration to another file."
        )


def _has_wal(path: Path) -> bool:
    """Whether there is one to mend the file from: its first page may have been torn while it was written back."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the driver's words for a full disk, a read-only place and a damaged file into ours."""
    try:
        yield
    except DatabaseError as error:
        code = getattr(error.orig, "sqlite_errorcode", None)
        match None if code is None else code & 0xFF:
            case sqlite3.SQLITE_FULL:
                raise StorageFullError(
                    f"The disk that holds {path} is full. Nothing was lost; make room and Pactwire goes on."
                ) from error
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
                raise StorageFullError(
                    f"{path} cannot be written. Make the file and its folder writable for the user that runs Pactwire."
                ) from error
            case sqlite3.SQLITE_IOERR:
                raise StorageFullError(
                    f"The disk that holds {path} fails to read or write. Check it; nothing kept so far was changed."
                ) from error
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                raise StorageError(_damaged(path)) from error
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise StorageFullError(
                    f"{path} is locked by another program. Close what holds it open; Pactwire tries again."
                ) from error
            case None if "Could not decode" in str(error.orig):  # the driver's own complaint of a damaged text
                raise StorageError(_damaged(path)) from error
            case _:
                raise


def _damaged(path: Path) -> str:
    return (
        f"{path} is damaged and was left untouched. Restore a backup over it (the daily ones lie in "
        f"{path.parent / 'backups'}); or start anew by moving it away together with "
        f"{path.name}-wal and {path.name}-shm."
    )
