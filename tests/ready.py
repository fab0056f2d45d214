"""A database as it is when it has just been made, without making it: that costs eight times as much as opening it.

How one is made is shown by tests/storage/test_engine.py, tests/crash/ and tests/test_journey.py.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from bot.storage import Storage, open_storage


@asynccontextmanager
async def open_ready(path: Path) -> AsyncIterator[Storage]:
    """`open_storage`, where a file that is not there yet is laid there ready."""
    if not path.exists():
        lay_ready(path)
    async with open_storage(path) as storage:
        yield storage


def lay_ready(path: Path) -> None:
    """Lay an empty database with its schema there, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_ready())


@cache
def _ready() -> bytes:
    """The file as `open_storage` makes it, made once in a process, in a thread whose event loop is its own."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        path = Path(folder) / "db"
        thread.submit(asyncio.run, _made(path)).result()
        return path.read_bytes()


async def _made(path: Path) -> None:
    async with open_storage(path):
        pass
