"""`make soak`: 50,000 polls with the real poller and the real database, publishers and workers inside this process.

Each feed brings something new every twentieth time and fails every fiftieth. Memory, open files, tasks and the
write-ahead log have to stay what they were after the first 10,000 polls.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.feeds.answer import Answer, FetchFailed, NotModified, Validators
from bot.feeds.model import Feed
from bot.logs import configure
from bot.storage.model import Origin
from tests.feedkit import item, rss
from tests.poll.publisher import Publisher, a_bot, served

POLLS = 50_000
WARM = 10_000
FEEDS = 500
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Standing:
    """What must not grow."""

    memory: float
    files: int
    tasks: int
    log: float


class Changing:
    """500 feeds that mostly have nothing new."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, url: str, validators: Validators, now: datetime) -> Answer:
        self.count += 1
        if self.count % 50 == 0:
            return FetchFailed("HTTP 503: out of order", 503)
        if validators != Validators() and self.count % 20:
            return NotModified()
        news = item(f"Clinic number {self.count} opens", "It has beds.", link=f"{url}/{self.count}", published=now)
        return served(rss(news).body, Validators(f'"{self.count}"'), url)


async def main() -> int:
    """Poll on and on; 1 where something grew."""
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    changing = Changing()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "soak.db"
        async with a_bot(path, Publisher(changing)) as bot:
            feeds = [(Feed(f"https://f{number}.example/feed", f"F{number}"), Origin.CONFIG) for number in range(FEEDS)]
            await bot.storage.feeds.seed(feeds, bot.publisher.now)
            seen = list[Standing]()
            while changing.count < POLLS:
                bot.publisher.asked.clear()
                await bot.poll_at(bot.publisher.now + timedelta(minutes=70))
                if changing.count >= WARM + len(seen) * 10_000:
                    seen.append(_standing(path))
                    print(f"{changing.count:,} polls: {seen[-1]}", flush=True)
    return _judge(seen[0], seen[-1])


def _standing(path: Path) -> Standing:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    log = path.with_name(path.name + "-wal").stat().st_size
    return Standing(
        memory=round(pages * os.sysconf("SC_PAGE_SIZE") / MIB, 1),
        files=len(os.listdir("/proc/self/fd")),
        tasks=len(asyncio.all_tasks()),
        log=round(log / MIB, 1),
    )


def _judge(first: Standing, last: Standing) -> int:
    slope = (last.memory - first.memory) / ((POLLS - WARM) / 10_000)
    faults = [
        f"memory grows by {slope:.2f} MiB in 10,000 polls" if slope >= 1 else "",
        f"open files grew from {first.files} to {last.files}" if last.files > first.files else "",
        f"tasks grew from {first.tasks} to {last.tasks}" if last.tasks > first.tasks else "",
        f"the write-ahead log has {last.log} MiB" if last.log > 64 else "",
    ]
    print("\n".join(filter(None, faults)) or f"Nothing grew: {slope:+.2f} MiB in 10,000 polls.")
    return int(any(faults))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
