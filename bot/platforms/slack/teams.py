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

    async def get(self, team: str) -> Team | None:
        """The workspace, None where Pactwire is not (or no longer) installed."""
        ...


class OneTeam:
    """The one workspace of a token of the operator's own."""

    def __init__(self, team: Team) -> None:
        self.team = team

    async def get(self, team: str) -> Team | None:
        return self.team if team == self.team.id else None
