from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.workers.pool import Workers
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def reading_desk(tmp_path: Path, workers: Workers) -> AsyncIterator[Desk]:
    """For modules that have pages read again and again: all desks ask one worker, on the module's event loop."""
    async with open_desk(tmp_path, workers) as opened:
        yield opened
