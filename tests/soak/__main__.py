"""`make soak`: 50,000 cycles of the whole way in and out, and the 5,000 digests that come of them, in virtual time.

After a fifth of them memory and open files, of this process and its workers, tasks and the write-ahead log have to stay
what they were, and the event loop has to be in time. `python -m tests.soak CYCLES` for another number of cycles.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import linear_regression

from bot.life import keep_for_good
from bot.logs import configure
from tests.soak.life import Lag, Life, Standing, a_life

CYCLES = 50_000
FEEDS, CHANNELS = 128, 36
LOG = 64
"""MB that the write-ahead log may have."""


async def main(cycles: int) -> int:
    """Tick on and on; 1 where something grew."""
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    every, warm, lag, seen, began = max(cycles // 25, 1), cycles // 5, Lag(), list[Standing](), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with a_life(Path(folder) / "soak.db", FEEDS, CHANNELS) as life:
            watching = asyncio.create_task(lag.watch())
            for cycle in range(1, cycles + 1):
                await life.tick()
                if cycle % every == 0 and cycle >= warm:
                    keep_for_good() if not seen else None
                    seen.append(await life.standing())
                    print(f"{cycle:,} cycles, {_told(life)}, {time.monotonic() - began:.0f} s: {seen[-1]}", flush=True)
            watching.cancel()
    faults = [*_faults(seen, every), *_late(lag)]
    slope = _slope(seen, every)
    print("\n".join(faults) or f"Nothing grew: {slope:+.2f} MB in 10,000 cycles")
    print(lag)
    return int(bool(faults))


def _told(life: Life) -> str:
    return f"{life.publisher.asked:,} polls, {life.chat.count:,} digests"


def _slope(seen: Sequence[Standing], every: int) -> float:
    """MB in 10,000 cycles, by the straight line that fits all looks best: a worker is larger the older it is."""
    times = [number * every / 10_000 for number in range(len(seen))]
    return linear_regression(times, [look.memory for look in seen]).slope


def _faults(seen: Sequence[Standing], every: int) -> Iterator[str]:
    first, last = seen[0], seen[-1]
    if (slope := _slope(seen, every)) >= 1:
        yield f"Memory grows by {slope:.2f} MB in 10,000 cycles"
    if last.files > first.files:
        yield f"Open files grew from {first.files} to {last.files}"
    if last.tasks > first.tasks:
        yield f"Tasks grew from {first.tasks} to {last.tasks}"
    if last.log > LOG:
        yield f"The write-ahead log has {last.log} MB"


def _late(lag: Lag) -> Iterator[str]:
    if lag.slow > lag.looks / 100:
        yield f"The event loop was more than 50 ms late in {lag.slow} of {lag.looks} looks"


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CYCLES)))
