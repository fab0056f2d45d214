"""SQLite as Pactwire uses it, but on the loop's own thread: the same file, the same driver, and an order that repeats.

aiosqlite hands each call to a thread, which makes the order of things a matter of chance. Here its queue runs each call
at once, and every call is a place where the machine can die and the disk can fail.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiosqlite import core

Around = Callable[[str, Callable[[], Any]], Any]
"""Is given the name of the driver's function and the call, and makes it, or dies, or fails."""

_around: list[Around] = []
_opened: list[sqlite3.Connection] = []


@contextmanager
def inline_sqlite(around: Around) -> Iterator[None]:
    """Within the block every database is driven inline, each call through `around`."""
    library: Any = core
    before = library.SimpleQueue, library.Thread
    library.SimpleQueue, library.Thread = _Inline, _NoThread
    _around.append(around)
    try:
        yield
    finally:
        library.SimpleQueue, library.Thread = before
        _around.remove(around)
        pull_the_plug()


def connection() -> sqlite3.Connection:
    """The one that is open, to look around without a step."""
    return _opened[-1]


def pull_the_plug() -> None:
    """Close every open file as a dead process does: what was not committed never was."""
    while _opened:
        dead = _opened.pop()
        # Closing waits for cursors that somebody still refers to, and would keep their lock; the kernel does not wait.
        with suppress(sqlite3.Error):
            dead.rollback()
        dead.close()
    gc.collect()


class _NoThread:
    def __init__(self, **_: Any) -> None:
        self.daemon = True

    def start(self) -> None:
        """There is none."""


class _Inline:
    def put_nowait(self, work: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = work
        name = getattr(getattr(function, "func", function), "__name__", "")
        try:
            result = _around[-1](name, function)
        except BaseException as error:
            if future:
                future.get_loop().call_soon(core.set_exception, future, error)
            return
        if isinstance(result, sqlite3.Connection):
            _opened.append(result)
        if future:
            future.get_loop().call_soon(core.set_result, future, result)
