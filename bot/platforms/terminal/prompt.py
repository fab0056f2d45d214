"""The prompt: commands are typed, completed and answered while digests go on being printed above it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout

from bot.digests.message import Message
from bot.digests.model import Channel
from bot.errors import UserError
from bot.platforms.base import Command, Request
from bot.platforms.completion import offer
from bot.platforms.spoken import parse
from bot.platforms.terminal.client import CHANNEL, USER, Terminal

GOODBYES = frozenset(("exit", "quit", "q", "bye"))


async def prompt(
    commands: Sequence[Command],
    terminal: Terminal,
    *,
    root: str,
    input: Input | None = None,
    output: Output | None = None,
) -> None:
    """Take commands until exit, quit, Ctrl-D or Ctrl-C. What was typed is remembered until then and kept nowhere.

    `input` and `output` are the process's own terminal unless given.
    """
    session: PromptSession[str] = PromptSession(
        f"{root}> ",
        history=InMemoryHistory(),
        completer=CommandCompleter(commands, root),
        complete_while_typing=True,
        input=input,
        output=output,
    )
    # Raw: what a terminal renders is already free of foreign escapes, and its own colours must come through.
    with patch_stdout(raw=True), suppress(EOFError, KeyboardInterrupt):
        while (line := (await session.prompt_async()).strip()).casefold().lstrip("/") not in GOODBYES:
            if line:
                terminal.show(await answer(line, commands, root=root))


async def answer(line: str, commands: Sequence[Command], *, root: str, channel: Channel = CHANNEL) -> Message:
    """The reply to one line; a refusal is a reply too. Whoever sits at the terminal may manage."""
    try:
        spoken = parse(line, commands, root)
        return await spoken.command.run(Request(channel, USER, may_manage=True, values=spoken.values))
    except UserError as refusal:
        return Message(str(refusal))


class CommandCompleter(Completer):
    """Offers commands, options and their values; values may have to be looked up."""

    def __init__(self, commands: Sequence[Command], root: str) -> None:
        self._commands = commands
        self._root = root

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        """Nothing: the prompt asks the asynchronous form below."""
        return []

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        found = offer(document.text_before_cursor, self._commands, self._root)
        for word in found.words:
            yield Completion(word, start_position=-len(found.typed))
        if found.option and found.option.complete:
            with suppress(UserError):
                for value in await found.option.complete(Request(CHANNEL, USER, may_manage=True), found.typed):
                    yield Completion(_quoted(value), start_position=-len(found.typed), display=value)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
