"""What polling takes in memory: `python -m tests.bench.memory FEEDS PORT` in a process of its own.

Prints the most that it and its workers took together, in MB, in a cold cycle and in a steady one after it. A page that
several processes share is counted once (PSS of proc(5)).
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

from bot.logs import configure
from tests.bench.contestants import Pactwire, pactwire
from tests.bench.feeds import ENTRIES

EVERY = 0.2
MB = 1_000_000


async def main(count: int, port: int) -> None:
    """One cold cycle, then one in which nothing is new."""
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        async with pactwire(Path(folder) / "memory.db", count, port, 2) as ours:
            peaks = []
            for _ in ("cold", "steady"):
                watching = asyncio.create_task(_watch())
                await _cycle(ours, count * ENTRIES)
                watching.cancel()
                peaks.append(await watching)
            assert ours.entries == count * ENTRIES, f"lost entries: {ours.entries} of {count * ENTRIES}"
    print(*peaks)


async def _cycle(ours: Pactwire, served: int) -> None:
    """A round takes on no more feeds after five minutes; on a slow machine the rest is read in another one."""
    before = -1
    while ours.entries not in (before, served) or before == -1:
        before = ours.entries
        await ours.cycle()


async def _watch() -> float:
    """The most that was taken until it is cancelled, in MB."""
    most = 0.0
    try:
        while True:
            most = max(most, taken())
            await asyncio.sleep(EVERY)
    except asyncio.CancelledError:
        return max(most, taken())


def taken() -> float:
    """What this process and its children take now, in MB."""
    own = str(os.getpid())
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return sum(map(_of, (own, *children)))


def _of(process: str) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0  # it has ended meanwhile
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / MB


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
