"""The outbox alone over a real file: a channel, its chat, a wall clock that can be set, and a machine that can die."""

from __future__ import annotations

import asyncio
import gc
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.deliver import Deliverer
from bot.digests.message import Message, Text
from bot.digests.model import Channel, Slot, Subscription, Timetable
from bot.platforms.base import (
    FindOutcome,
    Found,
    NotFound,
    Posted,
    PostFailed,
    PostOutcome,
    Remedy,
    Unclear,
    Unreadable,
)
from bot.storage import Storage, open_storage
from tests.fakes import RecordingPlatform
from tests.feedkit import HERE
from tests.simulation.chaos import Crash
from tests.simulation.clock import START, VirtualLoop, Wall
from tests.simulation.inline import connection, inline_sqlite, pull_the_plug
from tests.simulation.world import MEMORY

T = TypeVar("T")

DAILY = Subscription(HERE, Timetable(frozenset(range(7))))
NEVER = START + timedelta(days=3650)
LATEST_ARRIVAL = 25
"""Seconds after which a request that was given up arrives no more."""

ANSWERS = ("ok", "dropped", "arrived, answer lost", "arrives late", "busy", "refused", "too long", "exception")


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that stands in the channel: when it came, its mark, and its texts, each of which stands for a deal."""

    at: float
    key: str
    texts: tuple[str, ...]


@dataclass
class Chat(RecordingPlatform):
    """A chat without any memory for marks but its history. Each post is answered by the next of `answers`."""

    name: str = HERE.platform
    answers: list[str] = field(default_factory=list)
    line: float = 0
    """Seconds for which limits are waited out before a request goes out."""
    readable: bool = True
    stored: list[Stored] = field(default_factory=list)
    during_post: Callable[[], None] = lambda: None

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.line)
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer in {"ok", "arrived, answer lost"}:
            self._store(key, part)
        if answer == "arrives late":
            loop.call_later(LATEST_ARRIVAL, self._store, key, part)
        self.during_post()
        if answer == "exception":
            raise ConnectionResetError("as it happens")
        outcomes: dict[str, PostOutcome] = {
            "ok": Posted(str(len(self.stored))),
            "busy": PostFailed("busy", Remedy.RETRY),
            "refused": PostFailed("no permission", Remedy.PAUSE),
            "too long": PostFailed("too long", Remedy.RENDER),
        }
        return outcomes.get(answer, Unclear("no answer"))

    async def find(self, channel: Channel, key: str, since: datetime) -> FindOutcome:
        if not self.readable:
            return Unreadable("not now")
        seen = {each.key for each in self.stored if START + timedelta(seconds=each.at) >= since}
        return Found("found") if key in seen else NotFound()

    def time(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def _store(self, key: str, part: Message) -> None:
        texts = tuple(block.text for block in part.blocks if isinstance(block, Text))
        self.stored.append(Stored(asyncio.get_running_loop().time(), key, texts))


@dataclass(frozen=True, slots=True)
class Row:
    """What the file says of one part."""

    id: int
    slot: str
    part: int
    key: str
    state: str
    message: str


class World:
    """The machine and all around it. What is asked of it ends with its death, and then it is started again."""

    def __init__(self) -> None:
        self._outside = ExitStack()
        memory = MEMORY if MEMORY.is_dir() else None
        folder = Path(self._outside.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        self._path, self._copy = folder / "db", folder / "copy"
        shutil.copy(_empty_file(), self._path)
        # What stood before need not be searched each time a dead machine's file is closed.
        gc.freeze()
        self._outside.callback(gc.unfreeze)
        self._outside.enter_context(inline_sqlite(self._driven))
        self._runner = self._outside.enter_context(asyncio.Runner(loop_factory=VirtualLoop))
        loop = self._runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        self._loop = loop
        self._wall = Wall(loop, START)
        self._dead = False
        self._slots = 0
        self.chat = Chat()
        self.fuse = 0
        """The machine dies before so manieth call of the database's driver; 0: it does not."""
        self._do(self._start())

    def close(self) -> None:
        """End in peace."""
        self._do(self._stop())
        self._outside.close()

    def deliver(self, answers: list[str]) -> None:
        """One tick, to its end."""
        self.chat.answers = answers
        self._do(self._delivered())

    def die_while_posting(self, answers: list[str]) -> None:
        """One tick, which the machine does not survive if it posts anything."""
        self.chat.during_post = self._die
        self.deliver(answers)
        self.chat.during_post = lambda: None

    def claim(self, parts: int) -> set[tuple[str, int]]:
        """Owe the channel a digest of so many parts: their slots and numbers, if the machine lived so long."""
        self._slots += 1
        promised: set[tuple[str, int]] = set()
        self._do(self._claimed(parts, promised))
        return promised

    def restart(self) -> None:
        """End in peace, and start."""
        self._do(self._restarted(lambda: None))

    def restore(self) -> None:
        """Put the last copy in the place of the file."""
        self._do(self._restarted(self._put_back))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._do(asyncio.sleep(seconds))

    def set_clock(self, ahead: timedelta) -> None:
        """Let the wall clock be ahead by so much."""
        self._wall.shift(START + timedelta(seconds=self._loop.time()) + ahead - self._wall.now())

    def wish(self, wish: Callable[[Storage, datetime], Awaitable[object]]) -> None:
        """Somebody wants something of the storage."""

        async def wished() -> None:
            await wish(self._storage, self._wall.now())

        self._do(wished())

    def subscribe(self) -> None:
        self.wish(lambda storage, now: storage.subscriptions.save(DAILY, NEVER, now))

    def back_up(self) -> None:
        self.wish(lambda storage, _: storage.backups.write(self._copy))

    @property
    def has_copy(self) -> bool:
        """Whether there is something to restore."""
        return self._copy.exists()

    def rows(self) -> list[Row]:
        """All parts, without a step of the machine."""
        rows = connection().execute("SELECT id, slot, part, key, state, message FROM deliveries ORDER BY slot, part")
        return [Row(*row) for row in rows]

    def _do(self, work: Coroutine[Any, Any, T]) -> None:
        """As far as the machine lives; a dead one is started again."""

        async def to_the_end() -> None:
            task = asyncio.ensure_future(work)
            await asyncio.wait([task])
            if not self._dead:
                task.result()
                return
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for each in others:
                each.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self._bury()
            await self._start()

        self._runner.run(to_the_end())

    async def _start(self) -> None:
        self._life = AsyncExitStack()
        self._storage = await self._life.enter_async_context(open_storage(self._path))
        await self._storage.backups.settle_restored(self._wall.now())
        self._deliverer = Deliverer(self._storage, {self.chat.name: self.chat}, "deals")
        await self._deliverer.start(self._wall.now())

    async def _stop(self) -> None:
        await self._deliverer.stop()
        await self._life.aclose()

    async def _restarted(self, between: Callable[[], None]) -> None:
        await self._stop()
        between()
        await self._start()

    def _put_back(self) -> None:
        for left in self._path.parent.glob("db-*"):
            left.unlink()
        shutil.copy(self._copy, self._path)

    async def _bury(self) -> None:
        with suppress(BaseException):
            await self._life.aclose()
        pull_the_plug()
        self._dead, self.fuse = False, 0

    async def _delivered(self) -> None:
        await self._deliverer.deliver_due(self._wall.now())
        await self._deliverer.stop()

    async def _claimed(self, parts: int, promised: set[tuple[str, int]]) -> None:
        now = self._wall.now()
        kept = await self._storage.subscriptions.get(HERE)
        if kept is None:
            kept = await self._storage.subscriptions.save(DAILY, NEVER, now)
        slot = Slot(START.replace(tzinfo=None) + timedelta(minutes=self._slots), now)
        messages = [self._message(part) for part in range(parts)]
        assert await self._storage.deliveries.claim(kept, slot, messages, NEVER, now)
        promised |= {(slot.local.isoformat(), part + 1) for part in range(parts)}

    def _message(self, part: int) -> Message:
        name = f"{self._slots}/{part}"
        return Message(name, (Text(f"{name}/a"), Text(f"{name}/b")))

    def _driven(self, name: str, call: Callable[[], Any]) -> Any:
        """One call of the database's driver; the machine dies before the last one of its fuse."""
        if self._dead:
            raise Crash
        if self.fuse and name in {"execute", "executemany", "commit"}:
            self.fuse -= 1
            if not self.fuse:
                self._die()
        return call()

    def _die(self) -> None:
        self._dead = True
        raise Crash


@cache
def _empty_file() -> Path:
    """A file with its schema and nothing in it, made once."""
    path = Path(tempfile.mkdtemp()) / "empty"

    async def made() -> None:
        async with open_storage(path):
            pass

    asyncio.run(made())
    return path
