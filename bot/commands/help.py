"""Help, made from the table of commands itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digests.message import Block, Heading, Message, Table, Text
from bot.errors import UserError
from bot.platforms.base import Command, Option, Request
from bot.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class Family:
    """Commands that belong together, under a title."""

    title: str
    commands: tuple[Command, ...]


class Help:
    """Tells what can be asked; it stands first in its own list."""

    def __init__(self, families: Sequence[Family], root: str) -> None:
        self._root = root
        self.command = Command(
            "help",
            "What can be asked; with a command's name, how",
            self._help,
            (Option("command", "the one to explain", rest=True, complete=self._names),),
            examples=("help", "help subscribe", "help feeds"),
        )
        self._families = (Family("HELP", (self.command,)), *families)

    async def _help(self, request: Request) -> Message:
        said = " ".join((request.text("command") or "").split()).casefold()
        said = said.removeprefix(f"/{self._root}").removeprefix(f"{self._root} ").strip()
        if not said:
            return self._overview(self._families, "What can be asked")
        if found := next((each for each in self._all() if each.name == said), None):
            return self._explained(found)
        within = tuple(each for each in self._all() if each.name.split()[0] == said)
        if within:
            return self._overview((Family(said.upper(), within),), f"/{self._root} {said}")
        hint = did_you_mean(said, (each.name for each in self._all()), f"/{self._root} help {{}}")
        raise UserError(f"There is no command “{said}”.{hint} /{self._root} help lists them all.")

    async def _names(self, request: Request, typed: str) -> Sequence[str]:
        return [each.name for each in self._all() if each.name.startswith(typed.casefold())]

    def _overview(self, families: Sequence[Family], title: str) -> Message:
        blocks: list[Block] = []
        for family in families:
            rows = tuple((self._brief(each), each.summary) for each in family.commands)
            blocks += [Heading(family.title), Table(rows)]
        richest = max((each for family in families for each in family.commands), key=lambda each: len(each.options))
        return Message(title, tuple(blocks), next_step=f"/{self._root} help {richest.name}")

    def _explained(self, command: Command) -> Message:
        return Message(f"/{self._root} {command.usage}", tuple(self._explanation(command)))

    def _explanation(self, command: Command) -> Iterator[Block]:
        yield Text(f"{command.summary}.{' For those who may manage the channel.' if command.manages else ''}")
        if command.options:
            yield Heading("OPTIONS")
            yield Table(tuple((f"{option.name}:", _described(option)) for option in command.options))
        if command.examples:
            yield Heading("EXAMPLES")
            yield Text("\n".join(f"/{self._root} {example}" for example in command.examples))

    def _brief(self, command: Command) -> str:
        """The usage; a long row of options that may all be left out becomes a few dots."""
        optional = sum(not option.required for option in command.options)
        usage = command.usage if optional <= 1 else f"{command.usage.partition(' [')[0]} […]"
        return f"/{self._root} {usage}"

    def _all(self) -> Iterator[Command]:
        return (command for family in self._families for command in family.commands)


def _described(option: Option) -> str:
    needed = " (needed)" if option.required else ""
    if option.choices:
        return f"{option.description}{needed}; one of {', '.join(option.choices)}"
    bounds = f", {option.minimum:g} to {option.maximum:g}" if option.maximum is not None else ""
    return f"{option.description}{bounds}{needed}"
