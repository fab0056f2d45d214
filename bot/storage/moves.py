"""A feed's new address. Where another feed stands there already, the two become one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.model import Origin
from bot.storage.tables import entries, entry_keys, feeds, former_addresses, leases, workspace_feeds


async def adopt(connection: AsyncConnection, feed: int, url: str, now: datetime) -> None:
    """Let the feed stand at `url`; its former address goes on meaning it."""
    former = await connection.scalar(select(feeds.c.url).where(feeds.c.id == feed))
    twin = await connection.scalar(select(feeds.c.id).where(feeds.c.url == url, feeds.c.id != feed))
    await connection.execute(delete(former_addresses).where(former_addresses.c.url == url))
    moved = {"moved_to": None, "moved_since": None, "moved_seen": None}
    if twin is None:
        await connection.execute(update(feeds).where(feeds.c.id == feed).values(url=url, **moved))
    else:
        await _merge(connection, feed, twin, now)
    stays = twin or feed
    await connection.execute(
        insert(former_addresses).values(url=former, feed_id=stays).on_conflict_do_update(
            [former_addresses.c.url], set_={"feed_id": stays}
        )
    )  # fmt: skip


async def current(connection: AsyncConnection, urls: list[str]) -> dict[str, str]:
    """Of these addresses, those that are former ones, with where their feeds stand now."""
    rows = select(former_addresses.c.url, feeds.c.url).join(feeds).where(former_addresses.c.url.in_(urls))
    return {row[0]: row[1] for row in await connection.execute(rows)}


async def _merge(connection: AsyncConnection, feed: int, twin: int, now: datetime) -> None:
    """All that the feed has becomes its twin's, and the feed is no more."""
    keys = select(literal(twin), entry_keys.c.key).where(entry_keys.c.feed_id == feed)
    await connection.execute(insert(entry_keys).from_select(["feed_id", "key"], keys).on_conflict_do_nothing())
    words = select(
        workspace_feeds.c.platform, workspace_feeds.c.workspace, workspace_feeds.c.wanted, workspace_feeds.c.changed_at
    ).where(workspace_feeds.c.feed_id == feed)
    for word in (await connection.execute(words)).all():
        moved = insert(workspace_feeds).values(**word._mapping, feed_id=twin)
        if word.wanted:
            moved = moved.on_conflict_do_update(
                ["platform", "workspace", "feed_id"], set_={"wanted": True, "changed_at": now}
            )
        await connection.execute(moved if word.wanted else moved.on_conflict_do_nothing())
    origin = await connection.scalar(select(feeds.c.origin).where(feeds.c.id == feed))
    kept = {"active": True} | ({"origin": origin} if origin != Origin.COMMAND else {})
    await connection.execute(update(feeds).where(feeds.c.id == twin).values(kept))
    await connection.execute(update(entries).where(entries.c.feed_id == feed).values(feed_id=twin))
    await connection.execute(update(former_addresses).where(former_addresses.c.feed_id == feed).values(feed_id=twin))
    for table in (entry_keys, workspace_feeds, leases):
        await connection.execute(delete(table).where(table.c.feed_id == feed))
    await connection.execute(delete(feeds).where(feeds.c.id == feed))
