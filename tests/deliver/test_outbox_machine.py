"""The outbox alone over a real file, whatever happens in whatever order (hypothesis): never twice, in order, visible.

`PACTWIRE_OUTBOX=500x50` in the environment: so many runs of so many steps, each time other ones.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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
from bot.storage.model import State
from tests.feedkit import HERE
from tests.simulation.chaos import Crash
from tests.simulation.clock import START, VirtualLoop, Wall
from tests.simulation.inline import connection, inline_sqlite, pull_the_plug

T = TypeVar("T")

DAILY = Subscription(HERE, Timetable(frozenset(range(7))))
NEVER = START + timedelta(days=3650)
LATEST_ARRIVAL = 25
"""Seconds after which a request that was given up arrives no more."""

ANSWERS = ("ok", "dropped", "arrived, answer lost", "arrives late", "busy", "refused", "too long", "exception")
RUNS, STEPS = map(int, os.environ.get("PACTWIRE_OUTBOX", "20x30").split("x"))


@dataclass
class Chat:
    """A chat without any memory for marks but its history. Each post is answered by the next of `answers`."""

    name: str = HERE.platform
    answers: list[str] = field(default_factory=list)
    readable: bool = True
    stored: list[tuple[float, str]] = field(default_factory=list)
    during_post: Callable[[], None] = lambda: None

    async def post(self, channel: Channel, part: Message, key: str) -> PostOutcome:
        loop = asyncio.get_running_loop()
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer in {"ok", "arrived, answer lost"}:
            self._store(key)
        if answer == "arrives late":
            loop.call_later(LATEST_ARRIVAL, self._store, key)
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
        seen = {stored for at, stored in self.stored if START + timedelta(seconds=at) >= since}
        return Found("found") if key in seen else NotFound()

    async def notify(self, workspace: str, message: Message, user: str | None = None) -> bool:
        return True

    def split(self, message: Message) -> tuple[Message, ...]:
        return (message,)

    def time(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def _store(self, key: str) -> None:
        self.stored.append((asyncio.get_running_loop().time(), key))


@dataclass(frozen=True, slots=True)
class Row:
    """What the file says of one part."""

    slot: str
    part: int
    key: str
    state: str


class Outbox(RuleBasedStateMachine):
    """One channel, its outbox in a file, a chat, a wall clock, people, and a machine that dies."""

    def __init__(self) -> None:
        super().__init__()
        self.outside = ExitStack()
        self.path = Path(self.outside.enter_context(tempfile.TemporaryDirectory())) / "db"
        shutil.copy(empty_file(), self.path)
        # What stood before the run need not be searched each time a dead machine's file is closed.
        gc.freeze()
        self.outside.callback(gc.unfreeze)
        self.outside.enter_context(inline_sqlite(self._driven))
        self.runner = self.outside.enter_context(asyncio.Runner(loop_factory=VirtualLoop))
        loop = self.runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        self.wall = Wall(loop, START)
        self.chat = Chat()
        self.fuse = 0
        self.dead = False
        self.slots = 0
        self.promised: set[tuple[str, int]] = set()
        self.aside: set[str] = set()
        self._do(self._start())
        self.subscribe()
        self.claim(3)

    def teardown(self) -> None:
        """At last the chat is well and the clock is right: nothing waits for ever."""
        self.chat.answers, self.chat.readable = [], True
        self.wall.shift(START + timedelta(seconds=self.runner.get_loop().time()) - self.wall.now())
        self.subscribe()
        self.resume()
        self.wait(LATEST_ARRIVAL)
        for seconds in (40, 40, 4000, 90001, 40, 40):
            if self._waiting():
                self.wait(seconds)
                self.tick()
        self.nothing_twice()
        self.parts_in_order()
        waiting = self._waiting()
        self._do(self._stop())
        self.outside.close()
        assert not waiting

    # What happens

    @rule(parts=st.integers(1, 4))
    def claim(self, parts: int) -> None:
        self._do(self._claim(parts))

    @rule(parts=st.integers(0, 3), answers=st.lists(st.sampled_from(ANSWERS), max_size=3))
    def tick(self, parts: int = 0, answers: Sequence[str] = ()) -> None:
        """With something to tell as a rule: an outbox that is owed nothing shows nothing."""
        if parts:
            self.claim(parts)
        self.chat.answers = list(answers)
        self._do(self._deliver())

    @rule(parts=st.integers(0, 3), answer=st.sampled_from(ANSWERS))
    def die_while_posting(self, parts: int, answer: str) -> None:
        if parts:
            self.claim(parts)
        self.chat.during_post = self._die
        self.tick(answers=[answer])
        self.chat.during_post = lambda: None

    @rule(parts=st.integers(0, 3), calls=st.integers(1, 40), answers=st.lists(st.sampled_from(ANSWERS), max_size=2))
    def die_at_a_call_of_the_database(self, parts: int, calls: int, answers: list[str]) -> None:
        if parts:
            self.claim(parts)
        self.fuse = calls
        self.tick(answers=answers)
        self.fuse = 0

    @rule()
    def restart(self) -> None:
        self._do(self._restart())

    @rule(seconds=st.sampled_from((1, 10, 20, 40, 70, 400, 4000, 90000)))
    def wait(self, seconds: int) -> None:
        self._do(asyncio.sleep(seconds))

    @rule(minutes=st.sampled_from((-70, -1, 1, 70, 60 * 24 * 30)))
    def set_the_clock(self, minutes: int) -> None:
        self.wall.shift(timedelta(minutes=minutes))

    @rule()
    def set_the_clock_right(self) -> None:
        self.wall.shift(START + timedelta(seconds=self.runner.get_loop().time()) - self.wall.now())

    @rule(readable=st.booleans())
    def permit_reading(self, *, readable: bool) -> None:
        self.chat.readable = readable

    @rule()
    def subscribe(self) -> None:
        self._do(self._with(lambda storage: storage.subscriptions.save(DAILY, NEVER, self.wall.now())))

    @rule()
    def unsubscribe(self) -> None:
        self._do(self._with(lambda storage: storage.subscriptions.remove(HERE, self.wall.now())))

    @rule()
    def resume(self) -> None:
        self._do(self._with(lambda storage: storage.channels.resume(HERE, self.wall.now())))

    @precondition(lambda self: any(row.state in {State.UNCERTAIN, State.DEAD} for row in self._rows()))
    @rule(choice=st.integers(0, 99))
    def send_again_by_hand(self, choice: int) -> None:
        """A person looks into the channel first, and not at once."""
        self.wait(LATEST_ARRIVAL + 1)
        there = {key for _, key in self.chat.stored}
        numbers = [number for number, key in self._decidable() if key not in there]
        if numbers:
            number = numbers[choice % len(numbers)]
            self._do(self._with(lambda storage: storage.standing.retry(HERE, number, self.wall.now())))

    @precondition(lambda self: any(row.state in {State.UNCERTAIN, State.DEAD} for row in self._rows()))
    @rule(choice=st.integers(0, 99))
    def discard_by_hand(self, choice: int) -> None:
        numbers = [number for number, _ in self._decidable()]
        number = numbers[choice % len(numbers)]
        self._do(self._with(lambda storage: storage.standing.discard(HERE, number)))

    # What holds

    @invariant()
    def nothing_twice(self) -> None:
        count = Counter(key for _, key in self.chat.stored)
        assert not [key for key, times in count.items() if times > 1]

    @invariant()
    def every_part_is_kept_and_what_counts_as_sent_is_there(self) -> None:
        rows, there = self._rows(), {key for _, key in self.chat.stored}
        assert {(row.slot, row.part) for row in rows} >= self.promised
        assert not [row for row in rows if row.state == State.SENT and row.key not in there]
        assert not there - {row.key for row in rows}

    @invariant()
    def parts_in_order(self) -> None:
        """But for those about which a person had to decide, or may have to."""
        rows = {row.key: row for row in self._rows()}
        self.aside |= {key for key, row in rows.items() if row.state in {State.UNCERTAIN, State.DEAD, State.WITHDRAWN}}
        last: dict[str, int] = {}
        for _, key in self.chat.stored:
            if key not in self.aside:
                assert rows[key].part > last.get(rows[key].slot, 0)
                last[rows[key].slot] = rows[key].part

    # How

    def _do(self, work: Coroutine[Any, Any, T]) -> None:
        """As far as the machine lives; a dead one is started again."""

        async def to_the_end() -> None:
            task = asyncio.ensure_future(work)
            await asyncio.wait([task])
            if not self.dead:
                task.result()
                return
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for each in others:
                each.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self._bury()
            await self._start()

        self.runner.run(to_the_end())

    async def _with(self, wish: Callable[[Storage], Awaitable[object]]) -> None:
        await wish(self.storage)

    async def _start(self) -> None:
        self.life = AsyncExitStack()
        self.storage = await self.life.enter_async_context(open_storage(self.path))
        self.deliverer = Deliverer(self.storage, {self.chat.name: self.chat}, "deals")
        await self.deliverer.start(self.wall.now())

    async def _stop(self) -> None:
        await self.deliverer.stop()
        await self.life.aclose()

    async def _restart(self) -> None:
        await self._stop()
        await self._start()

    async def _bury(self) -> None:
        with suppress(BaseException):
            await self.life.aclose()
        pull_the_plug()
        self.dead, self.fuse = False, 0

    async def _deliver(self) -> None:
        await self.deliverer.deliver_due(self.wall.now())
        await self.deliverer.stop()

    async def _claim(self, parts: int) -> None:
        kept = await self.storage.subscriptions.get(HERE)
        if kept is None:
            kept = await self.storage.subscriptions.save(DAILY, NEVER, self.wall.now())
        self.slots += 1
        slot = Slot(START.replace(tzinfo=None) + timedelta(minutes=self.slots), self.wall.now())
        messages = [Message(f"{self.slots}/{part}", (Text("x"), Text("y"))) for part in range(parts)]
        assert await self.storage.deliveries.claim(kept, slot, messages, NEVER, self.wall.now())
        self.promised |= {(slot.local.isoformat(), part + 1) for part in range(parts)}

    def _driven(self, name: str, call: Callable[[], Any]) -> Any:
        """One call of the database's driver; the machine dies before the last one of its fuse."""
        if self.dead:
            raise Crash
        if self.fuse and name in {"execute", "executemany", "commit"}:
            self.fuse -= 1
            if not self.fuse:
                self._die()
        return call()

    def _die(self) -> None:
        self.dead = True
        raise Crash

    def _decidable(self) -> list[tuple[int, str]]:
        rows = connection().execute("SELECT id, key FROM deliveries WHERE state IN ('uncertain', 'dead') ORDER BY id")
        return rows.fetchall()

    def _waiting(self) -> list[Row]:
        return [row for row in self._rows() if row.state in {State.PENDING, State.SENDING}]

    def _rows(self) -> list[Row]:
        rows = connection().execute("SELECT slot, part, key, state FROM deliveries ORDER BY slot, part")
        return [Row(*row) for row in rows]


@cache
def empty_file() -> Path:
    """A file with its schema and nothing in it, made once."""
    path = Path(tempfile.mkdtemp()) / "empty"

    async def made() -> None:
        async with open_storage(path):
            pass

    asyncio.run(made())
    return path


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="PACTWIRE_OUTBOX" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
