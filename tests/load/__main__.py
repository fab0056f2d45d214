"""`make load`: many channels at once, two years, a week without a chat, a workspace of hostile feeds (minutes)."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from bot.logs import configure
from tests.load import noisy, rush, silence, years


async def main() -> int:
    """All of them; 1 where one is not as it should be."""
    configure("error", "text")
    logging.disable(logging.CRITICAL)
    fine = True
    for part in (rush, years, silence, noisy):
        with tempfile.TemporaryDirectory() as folder:
            is_fine = await part.main(Path(folder))
        print("" if is_fine else "    NOT as it should be", end="\n" if not is_fine else "", flush=True)
        fine = fine and is_fine
    return int(not fine)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
