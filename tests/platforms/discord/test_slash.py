from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.platforms.base import Command, Option, Request
from bot.platforms.discord.slash import fingerprint, slash_commands
from bot.platforms.discord.words import Words
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


def tree(commands: tuple[Command, ...]) -> app_commands.CommandTree[Any]:
    async def answer(*_: object) -> None:
        raise AssertionError

    def ask(_: object) -> Request:
        raise AssertionError

    made = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    made.add_command(slash_commands(commands, "deals", answer, ask))
    return made


def everything(payload: Any) -> Iterator[Any]:
    yield payload
    for each in payload.get("options", ()):
        yield from everything(each)


async def test_discord_can_take_every_command(desk: Desk) -> None:
    made = tree(tuple(desk.commands))
    (root,) = (command.to_dict(made) for command in made.get_commands())
    told = 0
    for each in everything(root):
        assert 1 <= len(each["name"]) <= 32
        assert each["name"] == each["name"].lower()
        assert 1 <= len(each["description"]) <= 100
        assert len(each.get("options", ())) <= 25
        assert len(each.get("choices", ())) <= 25
        required = [option.get("required", False) for option in each.get("options", ())]
        assert required == sorted(required, reverse=True)
        told += len(each["name"]) + len(each["description"])
        told += sum(len(choice["name"]) + len(str(choice["value"])) for choice in each.get("choices", ()))
    assert told <= 8_000
    assert root["contexts"] == [0]
    assert root["integration_types"] == [0]
    assert root["default_member_permissions"] is None


async def test_every_command_of_the_table_is_there(desk: Desk) -> None:
    made = tree(tuple(desk.commands))
    (root,) = (command.to_dict(made) for command in made.get_commands())
    names = {
        f"{each['name']} {inner['name']}" if each["type"] == 2 else each["name"]
        for each in root["options"]
        for inner in (each["options"] if each["type"] == 2 else [each])
    }
    families = {name.split()[0] for name in names if " " in name}
    wanted = {f"{each.name} show" if each.name in families else each.name for each in desk.commands}
    assert names == wanted


async def test_the_fingerprint_changes_with_any_word_and_with_nothing_else() -> None:
    async def run(_: Request) -> Any:
        raise AssertionError

    first = Command("deal", "One deal", run, (Option("id", "its number", int, minimum=1),))
    same = Command("deal", "One deal", run, (Option("id", "its number", int, minimum=1),), examples=("deal 17",))
    other = Command("deal", "One deal", run, (Option("id", "its number", int, minimum=2),))
    english, german = Words(), Words({"de": {"deal": "abschluss"}})
    assert await fingerprint(tree((first,)), english) == await fingerprint(tree((same,)), english)
    assert await fingerprint(tree((first,)), english) != await fingerprint(tree((other,)), english)
    assert await fingerprint(tree((first,)), english) != await fingerprint(tree((first,)), german)


async def test_a_translated_name_is_told_beside_the_english_one() -> None:
    async def run(_: Request) -> Any:
        raise AssertionError

    made = tree((Command("deal", "One deal", run),))
    (root,) = made.get_commands()
    payload = await root.get_translated_payload(made, Words({"de": {"deal": "abschluss"}}))
    assert payload["options"][0]["name"] == "deal"
    assert payload["options"][0]["name_localizations"] == {"de": "abschluss"}
