"""What people say about deals: which they follow, which are none, which have a wrong fact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.digests.model import Channel
from bot.storage.engine import Database
from bot.storage.model import Remark
from bot.storage.tables_people import follows, remarks


class FeedbackStore:
    """Kept by workspace; what is learnt from it comes later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, channel: Channel, user: str, deal: int, now: datetime) -> bool:
        """Let this user follow the deal, or stop, if they did: whether they follow it now."""
        mine = _place(channel) | {"user": user, "deal_id": deal}
        async with self._database.write() as connection:
            stopped = delete(follows).where(*(follows.c[name] == value for name, value in mine.items()))
            if (await connection.execute(stopped)).rowcount:
                return False
            await connection.execute(insert(follows).values(mine | {"followed_at": now}))
            return True

    async def followed(self, channel: Channel, user: str) -> tuple[int, ...]:
        """The deals that this user follows, the latest first."""
        here = and_(follows.c.platform == channel.platform, follows.c.workspace == channel.workspace)
        async with self._database.read() as connection:
            rows = select(follows.c.deal_id).where(here, follows.c.user == user)
            ordered = rows.order_by(follows.c.followed_at.desc(), follows.c.deal_id.desc())
            return tuple((await connection.scalars(ordered)).all())

    async def remark(self, channel: Channel, user: str, deal: int, kind: Remark, now: datetime) -> bool:
        """Keep what this user says about the deal; False where they had said so before."""
        said = _place(channel) | {"user": user, "deal_id": deal, "kind": kind.value, "said_at": now}
        async with self._database.write() as connection:
            return (await connection.execute(insert(remarks).values(said).on_conflict_do_nothing())).rowcount > 0

    async def take_back(self, channel: Channel, deal: int) -> bool:
        """Let the deal stand again in this workspace, whoever said what about it; False where nobody did."""
        here = and_(remarks.c.platform == channel.platform, remarks.c.workspace == channel.workspace)
        async with self._database.write() as connection:
            gone = await connection.execute(delete(remarks).where(here, remarks.c.deal_id == deal))
            return gone.rowcount > 0

    async def remarked(self, channel: Channel, deal: int) -> dict[Remark, int]:
        """How many people of the workspace said what about the deal."""
        here = and_(remarks.c.platform == channel.platform, remarks.c.workspace == channel.workspace)
        async with self._database.read() as connection:
            counted = select(remarks.c.kind, func.count()).where(here, remarks.c.deal_id == deal)
            rows = (await connection.execute(counted.group_by(remarks.c.kind))).all()
            return {Remark(kind): number for kind, number in rows}


def _place(channel: Channel) -> dict[str, object]:
    return {"platform": channel.platform, "workspace": channel.workspace}
