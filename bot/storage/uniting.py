"""Two kept deals that turned out to be one: the younger leaves a pointer, and nothing said of it is lost."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, delete, literal, or_, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import deal_parties, deals, entries, marks
from bot.storage.tables_people import follows, remarks


async def unite(connection: AsyncConnection, deal: int, into: int) -> None:
    """Let `deal` be a part of `into`: its announcements, where it was told, who follows it, what was said of it.

    Whoever was told of either was told of the whole. The row stays, so that its id is found for ever.
    """
    await connection.execute(update(entries).where(entries.c.deal_id == deal).values(deal_id=into))
    await connection.execute(delete(deal_parties).where(deal_parties.c.deal_id == deal))
    pointing = or_(deals.c.id == deal, deals.c.merged_into == deal)
    await connection.execute(update(deals).where(pointing).values(merged_into=into))
    await _copy(connection, marks, deal, into)  # those of the old id stay: a digest that tells it may yet be withdrawn
    for table in (follows, remarks):
        await _copy(connection, table, deal, into)
        await connection.execute(delete(table).where(table.c.deal_id == deal))


async def mark_united(connection: AsyncConnection, told: Collection[int]) -> None:
    """A deal that went into another since the digest was composed marks that one, too."""
    gone = select(deals.c.id, deals.c.merged_into).where(deals.c.id.in_(told), deals.c.merged_into.is_not(None))
    for deal, into in (await connection.execute(gone)).all():
        await _copy(connection, marks, deal, into)


async def _copy(connection: AsyncConnection, table: Table, deal: int, into: int) -> None:
    columns = [column for column in table.c if column.name != "deal_id"]
    rows = select(literal(into).label("deal_id"), *columns).where(table.c.deal_id == deal)
    names = ["deal_id", *(column.name for column in columns)]
    await connection.execute(insert(table).from_select(names, rows).on_conflict_do_nothing())


def told_with(these: Collection[int]) -> ColumnElement[bool]:
    """The marks of these deals, and those that a deal they went into has of them: the same moment at the same place."""
    gone, whole = deals.alias(), marks.alias()
    copies = (
        select(whole.c.platform, whole.c.workspace, whole.c.channel, gone.c.merged_into, whole.c.marked_at)
        .join(gone, gone.c.id == whole.c.deal_id)
        .where(whole.c.deal_id.in_(these), gone.c.merged_into.is_not(None))
    )
    mark = tuple_(marks.c.platform, marks.c.workspace, marks.c.channel, marks.c.deal_id, marks.c.marked_at)
    return or_(marks.c.deal_id.in_(these), mark.in_(copies))
