"""News of deals that people follow: written down with the poll that brought it, once for each entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.deals.model import Triage
from bot.digests.model import Channel
from bot.storage.listing import visible_in
from bot.storage.model import DueFeed, Notice, Remark
from bot.storage.notices import note
from bot.storage.tables import deals, feeds
from bot.storage.tables_people import follows, remarks


@dataclass(frozen=True, slots=True)
class News:
    """What one entry of a feed tells of a deal that was known before."""

    deal: int
    entry: str
    what: str


def news_of(triage: Triage, placed: Mapping[str, int]) -> list[News]:
    """What a poll told of known deals; `placed` says which deal each entry belongs to in the end."""
    into = {united.deal: united.into for united in triage.united}
    again = [
        News(placed[each.entry], each.entry, f"{each.publisher} announces it as well: “{each.title}”")
        for each in (joined.announcement for joined in triage.joined)
    ]
    later = [
        News(
            into.get(new.follows, new.follows),
            new.announcements[0].entry,
            f"It goes on in deal #{placed[new.announcements[0].entry]}: “{new.announcements[0].title}”",
        )
        for new in triage.new
        if new.follows is not None
    ]
    return [*again, *later]


async def tell_followers(connection: AsyncConnection, feed: DueFeed, news: Collection[News], now: datetime) -> None:
    """A notice to each who follows one of the deals, in workspaces that read the feed; one for each entry."""
    if not news:
        return
    rows = (await connection.execute(_followers(feed, {each.deal for each in news}))).all()
    for row in rows:
        for each in (each for each in news if each.deal == row.deal_id):
            place, key = Channel(row.platform, row.workspace, ""), f"follow/{row.user}/{each.entry}"
            text = f"#{each.deal} {row.headline}. {each.what}"
            await note(connection, Notice(place, key, text, user=row.user), now)


def _followers(feed: DueFeed, told: Collection[int]) -> Select[str, str, str, int, str]:
    """Who follows these deals and may hear of them from this feed, and has not called them no partnership there."""
    refused = exists().where(
        remarks.c.deal_id == follows.c.deal_id,
        remarks.c.platform == follows.c.platform,
        remarks.c.workspace == follows.c.workspace,
        remarks.c.kind == Remark.PARTNERSHIP,
    )
    reads = and_(feeds.c.id == feed.id, visible_in(follows.c.platform, follows.c.workspace))
    return (
        select(follows.c.platform, follows.c.workspace, follows.c.user, follows.c.deal_id, deals.c.headline)
        .join(deals, deals.c.id == follows.c.deal_id)
        .join(feeds, reads)
        .where(follows.c.deal_id.in_(told), ~refused)
    )
