"""The tables of what people say about deals."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.storage.columns import Instant, metadata

# Who follows which deal, for themselves.
follows = Table(
    "follows",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("deal_id", Integer, ForeignKey("deals.id"), primary_key=True),
    Column("followed_at", Instant, nullable=False),
    Index(None, "deal_id"),
)

# What those who manage say about a deal: that it is none, or that a fact is wrong.
remarks = Table(
    "remarks",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("deal_id", Integer, ForeignKey("deals.id"), primary_key=True),
    Column("kind", String(32), primary_key=True),  # partnership, fact
    Column("said_at", Instant, nullable=False),
)
