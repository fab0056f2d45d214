from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.logs import configure
from bot.storage import Storage
from tests.ready import open_ready


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_ready(tmp_path / "pactwire.db") as opened:
        yield opened


@pytest.fixture
def quiet() -> Iterator[None]:
    """For those who open a file again and again, and let it fail: nothing is logged of it."""
    configure("critical", "text")  # type: ignore[arg-type]
    gc.freeze()  # what stands before need not be searched each time a file is closed
    yield
    gc.unfreeze()
