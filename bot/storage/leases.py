"""What hubs have promised: to tell us when a feed has something new. Which feeds are told, asked for, given back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.feeds.cadence import HOUR, SHORTEST, Why
from bot.storage.engine import Database
from bot.storage.model import Lease, LeaseState
from bot.storage.tables import feeds, leases

MOST_NEW = 500
"""So many feeds are given a lease at one look; the next look is soon."""

_HUB = func.json_extract(feeds.c.rhythm, "$.hub.url")
_TOPIC = func.json_extract(feeds.c.rhythm, "$.hub.topic")
_READ = and_(feeds.c.active, feeds.c.stopped_at.is_(None), _HUB.is_not(None))
_SAME = and_(leases.c.feed_id == feeds.c.id, leases.c.hub == _HUB, leases.c.topic == _TOPIC)


class LeaseStore:
    """Leases by feed, and by the token under which a hub finds us."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settle(self, now: datetime, mint: Callable[[], str]) -> None:
        """Want a lease for each feed that is read and names a hub, and no other. `mint` makes what nobody can guess."""
        lacking = select(feeds.c.id, _HUB.label("hub"), _TOPIC.label("topic")).where(_READ, ~exists().where(_SAME))
        is_wanted = exists().where(_SAME, _READ)
        async with self._database.write() as connection:
            rows = [
                {
                    "feed_id": row.id,
                    "hub": row.hub,
                    "topic": row.topic,
                    "token": mint(),
                    "secret": mint(),
                    **_asking(now),
                }
                for row in await connection.execute(lacking.limit(MOST_NEW))
            ]
            if rows:
                await connection.execute(insert(leases), rows)
            former = select(leases.c.feed_id).where(~is_wanted, leases.c.state != LeaseState.ENDING)
            await _forget(connection, (await connection.scalars(former)).all())
            ends = update(leases).where(~is_wanted, leases.c.state != LeaseState.ENDING)
            await connection.execute(ends.values(_asking(now) | {"state": LeaseState.ENDING}))
            lost = and_(leases.c.state == LeaseState.HELD, leases.c.until <= now)
            again = update(leases).where(or_(lost, and_(is_wanted, leases.c.state == LeaseState.ENDING)))
            await connection.execute(again.values(_asking(now)))

    async def due(self, now: datetime, limit: int) -> tuple[Lease, ...]:
        """The leases about which their hubs are to be asked now."""
        chosen = select(leases).where(leases.c.next_try_at <= now).order_by(leases.c.next_try_at).limit(limit)
        async with self._database.read() as connection:
            return tuple(map(_lease, await connection.execute(chosen)))

    async def asked(self, lease: Lease, again: datetime) -> None:
        """The hub was asked; where nothing comes of that, it is asked again then."""
        changed = update(leases).where(leases.c.id == lease.id).values(tries=leases.c.tries + 1, next_try_at=again)
        async with self._database.write() as connection:
            await connection.execute(changed)

    async def find(self, token: str) -> Lease | None:
        """The lease that a hub means."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(leases).where(leases.c.token == token))).one_or_none()
            return None if row is None else _lease(row)

    async def hold(self, lease: Lease, until: datetime, renew: datetime) -> None:
        """The hub has promised."""
        held = {"state": LeaseState.HELD, "until": until, "tries": 0, "next_try_at": renew}
        async with self._database.write() as connection:
            await connection.execute(update(leases).where(leases.c.id == lease.id).values(held))
            await connection.execute(update(feeds).where(feeds.c.id == lease.feed).values(told_until=until))

    async def refuse(self, lease: Lease, again: datetime) -> None:
        """The hub will not; its feed is asked as ever."""
        refused = {"state": LeaseState.REFUSED, "until": None, "tries": 0, "next_try_at": again}
        async with self._database.write() as connection:
            await connection.execute(update(leases).where(leases.c.id == lease.id).values(refused))
            await _forget(connection, [lease.feed])

    async def drop(self, lease: Lease) -> None:
        """It is given back."""
        async with self._database.write() as connection:
            await connection.execute(delete(leases).where(leases.c.id == lease.id))

    async def drop_all(self, now: datetime) -> None:
        """Nobody listens any more: every feed is asked as ever."""
        seldom = select(feeds.c.id, feeds.c.asked_at).where(feeds.c.next_poll_why == Why.TOLD)
        async with self._database.write() as connection:
            rows = [
                {"of_feed": row.id, "to_at": max(now, (row.asked_at or now) + HOUR)}
                for row in await connection.execute(seldom)
            ]
            if rows:
                await connection.execute(_ASKED_AT, rows)
            await connection.execute(update(feeds).where(feeds.c.told_until.is_not(None)).values(_UNTOLD))
            await connection.execute(delete(leases))

    async def told(self, lease: Lease, now: datetime) -> None:
        """The feed has something new: it is asked at once, unless it was asked a moment ago, or fails."""
        of_feed = feeds.c.id == lease.feed
        async with self._database.write() as connection:
            asked = await connection.scalar(select(feeds.c.asked_at).where(of_feed))
            soon = max(now, asked + SHORTEST) if asked else now
            await connection.execute(update(feeds).where(of_feed).values(told_at=now))
            later = and_(of_feed, feeds.c.failures == 0, feeds.c.next_poll_at > soon)
            await connection.execute(update(feeds).where(later).values(next_poll_at=soon))

    async def missed(self, feed: int) -> None:
        """There was something new of which the hub had not told: until it tells again, the feed is asked as ever."""
        async with self._database.write() as connection:
            await connection.execute(update(feeds).where(feeds.c.id == feed).values(told_at=None))


_UNTOLD = {"told_at": None, "told_until": None}
_ASKED_AT = (
    update(feeds)
    .where(feeds.c.id == bindparam("of_feed"))
    .values(next_poll_at=bindparam("to_at", type_=feeds.c.next_poll_at.type), next_poll_why=Why.USUAL)
)


def _asking(now: datetime) -> dict[str, object]:
    return {"state": LeaseState.ASKING, "until": None, "tries": 0, "next_try_at": now}


async def _forget(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Nobody tells us of these feeds."""
    await connection.execute(update(feeds).where(feeds.c.id.in_(ids)).values(_UNTOLD))


def _lease(row: Row[*tuple[object, ...]]) -> Lease:
    return Lease(
        id=row.id,
        feed=row.feed_id,
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        state=LeaseState(row.state),
        until=row.until,
        tries=row.tries,
    )
