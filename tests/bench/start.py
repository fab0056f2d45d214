"""A start as the bot makes it, up to its first claim of feeds: `python -m tests.bench.start DATABASE`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.app import open_app, seeds, utc_now
from bot.config import Config
from bot.config.tables import Pactwire


async def main(path: Path) -> None:
    """Open every part, seed, spread what is due, claim what is due at once, and close."""
    config = Config(pactwire=Pactwire(database=path))
    async with open_app(config) as app:
        await app.storage.feeds.seed(seeds(config), utc_now())
        await app.poller.start(utc_now())
        await app.storage.feeds.claim_due(utc_now(), 64)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
