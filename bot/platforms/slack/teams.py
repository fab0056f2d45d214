"""The workspaces ("teams") that Pactwire is installed in, and the token of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Team:
    """One workspace. The token never shows in a log: it has no place in the repr."""

    id: str
    token: str
    bot_user: str
    bot: str

    def __repr__(self) -> str:
        return f"Team({self.id})"


class Teams(Protocol):
    """Where the tokens come from."""

    @property
    def is_ready(self) -> bool:
        """Whether it is known by now which workspaces there are."""
        ...

    async def get(self, team: str) -> Team | None:
        """The workspace, None where Pactwire is not (or no longer) installed."""
        ...


class OneTeam:
    """The one workspace of a token of the operator's own; which one that is, Slack has to say first."""

    def __init__(self) -> None:
        self.team: Team | None = None

    @property
    def is_ready(self) -> bool:
        return self.team is not None

    async def get(self, team: str) -> Team | None:
        return self.team if self.team and team == self.team.id else None
