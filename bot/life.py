"""The life of the process: ticks and chat clients go on side by side until a signal, a person or a fault ends them."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import PactwireError
from bot.logs import logger
from bot.schedule import Schedule, Tick

log = logger(__name__)

GRACE = 8.0
"""Seconds that work under way is given to end when we are told to stop; a service manager kills after 10."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to look after every so often, and at once when there is `news`.

    What it could not do stays due, so that the next tick tries again.
    """

    name: str
    every: timedelta
    look: Callable[[datetime], Awaitable[object]]
    news: asyncio.Event | None = None


async def live(
    duties: Sequence[Duty],
    clock: Callable[[], datetime],
    *,
    beside: Sequence[Coroutine[object, object, object]] = (),
    farewell: Callable[[], Coroutine[object, object, None]],
) -> None:
    """Look after the duties until SIGTERM, SIGINT, or the end of anything that runs beside; then end within GRACE.

    `farewell` waits for work that outlives its tick. What ended something beside with an error is raised at the end.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    under_way: set[asyncio.Task[None]] = set()
    looks = [(duty, _looker(duty, clock, under_way)) for duty in duties]
    schedule = Schedule([_tick(duty, look) for duty, look in looks], clock())
    schedule.start()
    hurrying = [asyncio.create_task(_hurry(duty.news, look)) for duty, look in looks if duty.news]
    company = [asyncio.ensure_future(each) for each in (stopping.wait(), *beside)]
    ended, _ = await asyncio.wait(company, return_when=asyncio.FIRST_COMPLETED)
    schedule.stop()
    for task in hurrying:
        task.cancel()
    under_way.add(asyncio.create_task(farewell()))
    await _ended(under_way, GRACE)
    await _ended(company, 0)
    for each in ended:
        each.result()


def keep_for_good() -> None:
    """What is loaded by now stays: the garbage collector, for which everything waits, need not walk through it."""
    gc.collect()
    gc.freeze()


def _looker(
    duty: Duty, clock: Callable[[], datetime], under_way: set[asyncio.Task[None]]
) -> Callable[[], asyncio.Task[None]]:
    """What begins a look. Looks of one duty take turns."""
    turn = asyncio.Lock()

    async def look() -> None:
        async with turn:
            await _looked(duty, clock)

    def begin() -> asyncio.Task[None]:
        task = asyncio.create_task(look())
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return task

    return begin


def _tick(duty: Duty, begin: Callable[[], asyncio.Task[None]]) -> Tick:
    async def guarded() -> None:
        # When the schedule stops, it cancels what it waits for, and this is only the wait: the work ends within GRACE.
        with suppress(asyncio.CancelledError):
            await asyncio.wait([begin()])

    return Tick(duty.name, duty.every, guarded)


async def _hurry(news: asyncio.Event, begin: Callable[[], asyncio.Task[None]]) -> None:
    while True:
        await news.wait()
        news.clear()
        await asyncio.wait([begin()])


async def _looked(duty: Duty, clock: Callable[[], datetime]) -> None:
    try:
        await duty.look(clock())
    except PactwireError as error:
        log.error(f"{duty.name}.stopped", reason=str(error))
    except Exception:
        log.exception(f"{duty.name}.fault")


async def _ended(tasks: Sequence[asyncio.Future[object]] | set[asyncio.Task[None]], patience: float) -> None:
    """Wait for the tasks so long, cancel the late ones, and see all of them ended."""
    _, late = await asyncio.wait(tasks, timeout=patience)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
