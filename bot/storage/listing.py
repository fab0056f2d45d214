"""Who reads which feed: a workspace's own word counts, and without one it reads the seeds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, or_, select, union

from bot.digests.model import Channel
from bot.storage.model import Origin
from bot.storage.tables import feeds, subscriptions, workspace_feeds


def visible_to(channel: Channel) -> ColumnElement[bool]:
    """Whether a row of `feeds` is on the list of the channel's workspace."""
    return visible_in(channel.platform, channel.workspace)


def every_reader() -> CompoundSelect[str, str]:
    """Platform and workspace of everybody who reads anything: subscribed, or with a feed that it added itself."""
    going = select(subscriptions.c.platform, subscriptions.c.workspace).where(subscriptions.c.ended_at.is_(None))
    added = select(workspace_feeds.c.platform, workspace_feeds.c.workspace).where(workspace_feeds.c.wanted)
    return union(going, added)


def readers(feed: int) -> Select[str, str]:
    """Platform and workspace of everybody who reads the feed: subscribed, or it added it itself."""
    reading = every_reader().subquery()
    on_list = visible_in(reading.c.platform, reading.c.workspace)
    return select(reading.c.platform, reading.c.workspace).join(feeds, and_(feeds.c.id == feed, on_list))


def is_wanted() -> ColumnElement[bool]:
    """Somebody added the feed; or it is a seed that not every subscribed workspace has taken off its list."""
    said = workspace_feeds.alias()
    refused = exists().where(said.c.feed_id == feeds.c.id, ~said.c.wanted)
    heeding = exists().where(
        subscriptions.c.ended_at.is_(None),
        ~exists().where(
            workspace_feeds.c.feed_id == feeds.c.id,
            workspace_feeds.c.platform == subscriptions.c.platform,
            workspace_feeds.c.workspace == subscriptions.c.workspace,
            ~workspace_feeds.c.wanted,
        ),
    )
    added = exists().where(said.c.feed_id == feeds.c.id, said.c.wanted)
    return or_(added, and_(feeds.c.origin != Origin.COMMAND, or_(~refused, heeding)))


def visible_in(platform: Any, workspace: Any) -> ColumnElement[bool]:
    """Whether a row of `feeds` is on the list of the workspace that these columns name."""
    word = select(workspace_feeds.c.wanted).where(
        workspace_feeds.c.feed_id == feeds.c.id,
        workspace_feeds.c.platform == platform,
        workspace_feeds.c.workspace == workspace,
    )
    return func.coalesce(word.scalar_subquery(), feeds.c.origin != Origin.COMMAND)
