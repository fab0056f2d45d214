"""The prompt, with keys from a pipe."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.digests.message import Message
from bot.errors import UserError
from bot.platforms.base import Command, Option, Request
from bot.platforms.terminal.client import CHANNEL, Terminal
from bot.platforms.terminal.prompt import CommandCompleter, answer, prompt


async def latest(request: Request) -> Message:
    return Message(f"latest {request.values.get('n', 'all')} for {request.user} in {request.channel.id}")


async def refuse(request: Request) -> Message:
    raise UserError("There is no deal #99 here.")


async def zones(request: Request, typed: str) -> Sequence[str]:
    return [zone for zone in ("Europe/London", "North Pole") if typed.casefold() in zone.casefold()]


COMMANDS = (
    Command("latest", "Latest", latest, (Option("n", "how many", int), Option("zone", "where", complete=zones))),
    Command("deal", "A deal", refuse),
)


async def typed(keys: str) -> str:
    out = io.StringIO()
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        terminal = Terminal(out, colour=False, width=lambda: 80)
        await prompt(COMMANDS, terminal, root="deals", input=pipe, output=DummyOutput())
    return out.getvalue()


@pytest.mark.parametrize("leave", ["\x04", "exit\r", "quit\r", "/exit\r", "\x03"])
async def test_commands_are_answered_until_somebody_leaves(leave: str) -> None:
    assert await typed(f"latest 5\r\r/deals latest\r{leave}") == (
        f"latest 5 for you in {CHANNEL.id}\n\nlatest all for you in {CHANNEL.id}\n\n"
    )


async def test_a_refusal_and_a_typing_error_are_replies_and_end_nothing() -> None:
    said = await typed("deal\rlatst\rexit\r")
    assert said.startswith("There is no deal #99 here.\n\nThere is no command “latst”. Did you mean /deals latest?")


async def test_one_line_can_be_answered_without_a_prompt() -> None:
    assert (await answer("latest n:2", COMMANDS, root="deals")).title.startswith("latest 2")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("la", ["latest"]),
        ("latest 5 zo", ["zone:"]),
        ("latest zone:lon", ["Europe/London"]),
        ("latest zone:pole", ['"North Pole"']),
    ],
)
async def test_names_and_values_are_completed(line: str, offered: list[str]) -> None:
    found = CommandCompleter(COMMANDS, "deals").get_completions_async(Document(line), CompleteEvent())
    assert [each.text async for each in found] == offered
