"""Kills Pactwire with SIGKILL at every step of its first start: the database is made whole, or not at all.

`python -m tests.crash.first_start FOLDER [STRIDE]` prints the number of kills and all faults as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from pathlib import Path

from bot.storage import open_storage
from bot.storage.engine import SCHEMA
from tests.crash.mortal import Fate


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


def tables(path: Path) -> set[str]:
    """What there is in the file as it lies after a death."""
    if not path.exists():
        return {"missing"}
    with sqlite3.connect(path) as database:
        names = {str(name) for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    database.close()
    return names


def schema(path: Path) -> str:
    """The schema's revision."""
    with sqlite3.connect(path) as database:
        revision = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    database.close()
    return revision


def main(folder: Path, stride: int) -> int:
    """Kill at every `stride`-th step of a start; each time the next start must succeed."""
    warm = Fate(0)
    asyncio.run(start(folder / "warm"))
    complete = tables(folder / "warm")
    wrong = []
    for fatal in range(1, warm.steps + 1, stride):
        path = folder / str(fatal)
        if not started(path, fatal):
            wrong.append(f"step {fatal}: it was not killed")
        if (left := tables(path)) not in ({"missing"}, set(), complete):
            wrong.append(f"step {fatal}: between the old and the new: {sorted(left)}")
        if started(path, 0) or schema(path) != SCHEMA:
            wrong.append(f"step {fatal}: the next start failed")
    print(json.dumps({"kills": len(range(1, warm.steps + 1, stride)), "faults": wrong}))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int((sys.argv[2:] or ["1"])[0])))
