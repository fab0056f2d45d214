"""Kills Pactwire with SIGKILL at every step of a start that makes the database, or brings an older one up to date.

`python -m tests.crash.first_start FOLDER [REVISION]` prints the number of kills and all faults as one line of JSON.
REVISION is the schema that it finds; without one it finds no file. What lies there after a death is what was there
before or all of what is to be, to the last row, and the next start makes the rest.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.storage import open_storage
from bot.storage.engine import APPLICATION_ID
from bot.storage.migrations import upgrade
from tests.crash.mortal import Fate

KEPT = "platform, workspace, channel, subscription, next_due_at, created_at"
ROWS = (
    f"INSERT INTO subscriptions ({KEPT}) VALUES ('slack', 'T1', 'C1', '{{}}', '2026-01-01', '2026-01-01')",
    "INSERT INTO memory VALUES ('slack keeper T1', 'U1'), ('discord commands 7', 'x')",
)
"""A row of each table that a revision has changed."""


def made(path: Path, revision: str) -> None:
    """An older database with something in it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as old:
        upgrade(old, revision)
        for statement in (f"PRAGMA application_id = {APPLICATION_ID}", *ROWS):
            old.execute(text(statement))
    engine.dispose()


async def start(path: Path) -> None:
    """Open the database, making it if need be, and close it."""
    async with open_storage(path):
        pass


def started(path: Path, fatal: int) -> int:
    """Start in a process of its own; the status it ended with."""
    child = os.fork()
    if child == 0:
        Fate(fatal)
        asyncio.run(start(path))
        os._exit(0)
    return os.waitpid(child, 0)[1]


def content(path: Path) -> str:
    """All that is in the file as it lies; nothing where there is none."""
    if not path.exists():
        return ""
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(line for line in database.iterdump() if line not in {"BEGIN TRANSACTION;", "COMMIT;"})


def main(folder: Path, revision: str | None = None) -> int:
    """Kill at every step of a start; each time the next start must succeed."""
    found = folder / "found"
    if revision:
        made(found, revision)
    before = content(found)
    warm = Fate(0)
    asyncio.run(start(laid(found, folder / "warm")))
    after, wrong = content(folder / "warm"), []
    assert before != after
    gc.freeze()  # a fork that collects would copy all that is loaded
    for fatal in range(1, warm.steps + 1):
        path = laid(found, folder / str(fatal))
        if not started(path, fatal):
            wrong.append(f"step {fatal}: it was not killed")
        if content(path) not in {before, after}:
            wrong.append(f"step {fatal}: it lies between the old and the new")
        if started(path, 0) or content(path) != after:
            wrong.append(f"step {fatal}: the next start failed")
    print(json.dumps({"kills": warm.steps, "faults": wrong}))
    return bool(wrong)


def laid(found: Path, path: Path) -> Path:
    """What is found at the start, in a place of its own."""
    if found.exists():
        shutil.copy(found, path)
    return path


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:3]))
