"""Who else may manage: managers, managers add, managers remove."""

from __future__ import annotations

import re

from bot.commands.rights import Clock
from bot.digests.message import Message, Name, Table, Text
from bot.errors import UserError
from bot.platforms.base import Command, Option, Person, Request
from bot.storage.managers import ManagerStore

MOST = 50

_USER = re.compile(r"<?@?!?([A-Za-z0-9]{2,40})>?")


class Managers:
    """The commands of this family. Users are known by the platform's own ids, never by names."""

    def __init__(self, managers: ManagerStore, clock: Clock, root: str) -> None:
        self._managers = managers
        self._clock = clock
        self._root = root

    def commands(self) -> tuple[Command, ...]:
        who = Option("user", "the person, mentioned with @", Person, required=True)
        return (
            Command("managers", "Who was named to manage Pactwire here", self._list, examples=("managers",)),
            Command(
                "managers add",
                "Let one more person manage Pactwire in this workspace",
                self._add,
                (who,),
                manages=True,
                examples=("managers add @ana",),
            ),
            Command(
                "managers remove",
                "Take that back",
                self._remove,
                (who,),
                manages=True,
                examples=("managers remove @ana",),
            ),
        )

    async def _list(self, request: Request) -> Message:
        named = await self._managers.list(request.channel)
        note = Text("Those whom the platform itself lets manage need no naming.", quiet=True)
        rows = tuple((Name(user, "person"),) for user in named)
        return Message(
            f"{len(named)} named to manage" if named else "Nobody was named to manage",
            (*((Table(rows),) if rows else ()), note),
            next_step=f"/{self._root} managers add <user>",
        )

    async def _add(self, request: Request) -> Message:
        user = _user(request)
        if len(await self._managers.list(request.channel)) >= MOST:
            raise UserError(f"{MOST} people are named already; that is the most. /{self._root} managers remove <user>")
        if not await self._managers.add(request.channel, user, request.user, self._clock()):
            raise UserError(f"{user} may manage already.")
        return Message(f"{user} may manage Pactwire in this workspace now")

    async def _remove(self, request: Request) -> Message:
        user = _user(request)
        if not await self._managers.remove(request.channel, user):
            raise UserError(f"{user} was not named. /{self._root} managers shows who was.")
        return Message(f"{user} is no longer named to manage")


def _user(request: Request) -> str:
    found = _USER.fullmatch(request.text("user") or "")
    if found is None:
        raise UserError("Mention the person with @ and pick them from the list, so that it is clear who is meant.")
    return found[1]
