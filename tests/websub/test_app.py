"""The bot listens to hubs where its configuration says so, and nowhere else."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from asyncio import to_thread
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import open_app
from bot.config import Config, Pactwire, Websub
from bot.errors import ConfigError


@pytest.fixture
def port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        yield int(taken.getsockname()[1])


def config(folder: Path, port: int) -> Config:
    table = Websub.model_validate({"public_url": "https://pactwire.example.org/websub", "port": port})
    return Config(pactwire=Pactwire(database=folder / "db"), websub=table)


async def test_who_asks_at_the_port_without_a_token_finds_nothing(tmp_path: Path, port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as reserved:
        free = int(reserved.getsockname()[1])
    async with open_app(config(tmp_path, free), connected=True) as app:
        assert app.hubs is not None
        with pytest.raises(urllib.error.HTTPError, match="404"):
            await to_thread(urllib.request.urlopen, f"http://127.0.0.1:{free}/websub/{'a' * 32}")


async def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path, port: int) -> None:
    with pytest.raises(ConfigError, match="The port for hubs cannot be listened at"):
        async with open_app(config(tmp_path, port), connected=True):
            pass


async def test_without_the_table_and_in_a_single_command_nobody_listens(tmp_path: Path, port: int) -> None:
    async with open_app(Config(pactwire=Pactwire(database=tmp_path / "db")), connected=True) as app:
        assert app.hubs is None
    async with open_app(config(tmp_path, port)) as app:
        assert app.hubs is None
