"""Damaged files: refused with what helps, or read rightly; never recreated, never changed silently."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from random import Random

import pytest

from bot.digests.model import Channel
from bot.errors import StorageError
from bot.feeds.model import Feed
from bot.storage import open_storage
from tests.builders import PUBLISHED
from tests.ready import open_ready

HERE = Channel("terminal", "local", "screen")


async def filled(path: Path) -> bytes:
    """A database with something on many pages, as one file."""
    async with open_ready(path) as storage:
        for number in range(120):
            feed = Feed(f"https://{number}.example/{'x' * 300}", f"Feed {number}")
            await storage.feeds.add(HERE, feed, PUBLISHED)
    return path.read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Such a file, made once."""
    return asyncio.run(filled(tmp_path_factory.mktemp("whole") / "db"))


async def opened(path: Path) -> str:
    """How an opening ends: "fine", or the refusal."""
    try:
        async with open_storage(path) as storage:
            return "fine" if len(await storage.feeds.list(HERE)) == 120 else "something is missing"
    except (StorageError, ValueError) as error:
        return str(error)


async def test_flipped_bits_are_refused_or_harmless(tmp_path: Path, whole: bytes) -> None:
    """A bit within a text cannot be noticed: SQLite keeps no checksum of what it holds. The structure is checked."""
    (tmp_path / "db").write_bytes(whole)
    dice, refused = Random(7), 0
    for number in range(30):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[dice.randrange(100, len(damaged))] ^= 1 << dice.randrange(8)
        path = tmp_path / str(number)
        path.write_bytes(damaged)
        if "is damaged and was left untouched" in await opened(path):
            refused += 1
            assert path.read_bytes() == damaged
    assert refused >= 5
    assert await opened(tmp_path / "db") == "fine"


@pytest.mark.parametrize("size", [1, 15, 16, 99, 100, 512, 4095])
async def test_a_file_cut_to_its_first_bytes_is_refused_and_left_alone(tmp_path: Path, size: int, whole: bytes) -> None:
    path = tmp_path / "cut"
    path.write_bytes(whole[:size])
    assert await opened(path) != "fine"
    assert path.read_bytes() == whole[:size]


@pytest.mark.parametrize("page", [0, 1, 5])
async def test_a_page_of_zeros_is_refused_and_left_alone(tmp_path: Path, page: int, whole: bytes) -> None:
    zeroed = bytearray(whole)
    zeroed[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path = tmp_path / "zeroed"
    path.write_bytes(zeroed)
    assert await opened(path) != "fine"
    assert path.read_bytes() == zeroed


async def test_a_lost_wal_leaves_a_whole_database_of_an_earlier_moment(tmp_path: Path) -> None:
    path, copy = tmp_path / "db", tmp_path / "copy"
    async with open_ready(path) as storage:
        await storage.feeds.add(HERE, Feed("https://a.example/feed", "A"), PUBLISHED)
    async with open_ready(path) as storage:
        await storage.feeds.add(HERE, Feed("https://b.example/feed", "B"), PUBLISHED)
        shutil.copy(path, copy)  # without its -wal
    async with open_storage(copy) as left:
        assert [each.feed.title for each in await left.feeds.list(HERE)] == ["A"]
        await left.feeds.add(HERE, Feed("https://c.example/feed", "C"), PUBLISHED)


async def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "db"
    path.write_bytes(whole)
    path.with_name("db.lock").mkdir()  # as where a folder does not let us write
    assert "cannot be written" in await opened(path)
