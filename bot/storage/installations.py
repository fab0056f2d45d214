"""The workspaces that installed the app themselves, and what a platform has told us once already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import install_states, installations, managers, receipts

REMEMBERED = timedelta(days=3)
"""How long a receipt is kept; Slack tries again for an hour, Discord not at all."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace's installation. `token` is as it was given: sealed where there is a key."""

    platform: str
    workspace: str
    token: str
    bot_user: str
    bot: str
    installed_by: str

    def __repr__(self) -> str:
        return f"Installation({self.platform}, {self.workspace})"


class InstallationStore:
    """Installations, installations that are under way, and receipts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, made: Installation, now: datetime) -> None:
        """Keep the installation in place of an earlier one."""
        values = {
            "token": made.token,
            "bot_user": made.bot_user,
            "bot": made.bot,
            "installed_by": made.installed_by,
            "installed_at": now,
        }
        statement = insert(installations).values(platform=made.platform, workspace=made.workspace, **values)
        async with self._database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update([installations.c.platform, installations.c.workspace], set_=values)
            )

    async def get(self, platform: str, workspace: str) -> Installation | None:
        """The workspace's installation, None where there is none."""
        async with self._database.read() as connection:
            found = select(installations).where(_of(installations, platform, workspace))
            row = (await connection.execute(found)).one_or_none()
        if row is None:
            return None
        return Installation(row.platform, row.workspace, row.token, row.bot_user, row.bot, row.installed_by)

    async def forget(self, platform: str, workspace: str) -> None:
        """The app was removed: erase its token there, and whom the workspace named."""
        async with self._database.write() as connection:
            await connection.execute(delete(installations).where(_of(installations, platform, workspace)))
            await connection.execute(delete(managers).where(_of(managers, platform, workspace)))

    async def begin(self, state: str, until: datetime, now: datetime) -> None:
        """An installation begins under this state; those that were never ended are forgotten."""
        async with self._database.write() as connection:
            await connection.execute(delete(install_states).where(install_states.c.expires_at <= now))
            await connection.execute(insert(install_states).values(state=state, expires_at=until))

    async def end(self, state: str, now: datetime) -> bool:
        """Whether such an installation was under way; it is no longer."""
        one = and_(install_states.c.state == state, install_states.c.expires_at > now)
        async with self._database.write() as connection:
            return (await connection.execute(delete(install_states).where(one))).rowcount == 1

    async def receive(self, platform: str, key: str, now: datetime) -> bool:
        """Write down that the platform told us this; False where it had done so before."""
        told = insert(receipts).values(platform=platform, key=key[:160], received_at=now)
        # A clock that was set back must not keep a receipt for ever.
        old = or_(receipts.c.received_at < now - REMEMBERED, receipts.c.received_at > now + REMEMBERED)
        async with self._database.write() as connection:
            await connection.execute(delete(receipts).where(old))
            return (await connection.execute(told.on_conflict_do_nothing())).rowcount == 1


def _of(table: Table, platform: str, workspace: str) -> ColumnElement[bool]:
    return and_(table.c.platform == platform, table.c.workspace == workspace)
