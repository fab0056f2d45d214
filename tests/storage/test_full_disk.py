"""The disk refuses writes below SQLite: it is said, nothing that was acknowledged is lost, and all goes on with room.

`SWEEP=1` in the environment begins at each write and each fsync of a poll and a delivery; the suite at some of them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import StorageFullError
from bot.storage import open_storage
from tests.fakes import RecordingPlatform
from tests.simulation.clock import run_virtually
from tests.simulation.inline import inline_sqlite
from tests.storage.platter import Platter, watched
from tests.storage.test_faults import live

pytestmark = pytest.mark.usefixtures("quiet")

STEP = int(os.environ.get("SWEEP", "15"))
REFUSALS = {
    "is full": sqlite3.SQLITE_FULL,
    "fails to read or write": sqlite3.SQLITE_IOERR | 3 << 8,  # SQLITE_IOERR_WRITE
}


@dataclass
class Disk:
    """Refuses every write and every fsync from the n-th on; 0 none."""

    refuses_from: int
    code: int
    asked: int = 0

    def refusal(self) -> int:
        self.asked += 1
        return self.code if 0 < self.refuses_from <= self.asked else 0


def lived(path: Path, chat: RecordingPlatform, disk: Disk, minutes: int) -> str:
    """One start, poll and delivery on this disk; what was said of the disk."""
    with inline_sqlite(lambda _, call: call()), watched(Platter(refusal=disk.refusal)):
        try:
            run_virtually(live(path, chat, minutes))
        except StorageFullError as refused:
            return str(refused)
    return ""


def ready(path: Path) -> Path:
    """A database with its schema and nothing in it."""

    async def made() -> None:
        async with open_storage(path):
            pass

    with inline_sqlite(lambda _, call: call()):
        run_virtually(made())
    return path


def states(path: Path) -> list[str]:
    return asked(path, "SELECT state FROM deliveries")


def asked(path: Path, question: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [answer for (answer,) in database.execute(question)]


@pytest.mark.parametrize("said", REFUSALS)
def test_a_disk_that_takes_nothing_from_any_write_on_loses_nothing_and_doubles_nothing(
    tmp_path: Path, said: str
) -> None:
    empty, well = ready(tmp_path / "empty"), Disk(0, 0)
    shutil.copy(empty, tmp_path / "warm")
    lived(tmp_path / "warm", RecordingPlatform(), well, 0)
    assert well.asked > 100
    for first in range(1 + list(REFUSALS).index(said), well.asked + 1, STEP):
        chat, path = RecordingPlatform(), tmp_path / str(first)
        shutil.copy(empty, path)
        told = [lived(path, chat, Disk(first, REFUSALS[said]), 0), lived(path, chat, Disk(1, REFUSALS[said]), 1)]
        # What is refused while the WAL is brought back at the end need not be said: everything was done.
        assert all(said in each for each in told) or states(path) == ["sent"], f"write {first}: {told}"
        for minutes in (60, 120):
            assert lived(path, chat, Disk(0, 0), minutes) == ""
        assert [title.count("1 deal") for _, title, _ in chat.posted] == [1], f"write {first}: {chat.posted}"
        assert asked(path, "PRAGMA integrity_check") == ["ok"]
