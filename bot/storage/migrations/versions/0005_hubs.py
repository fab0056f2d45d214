"""What hubs have promised to tell us, and which feeds are told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("told_at", sa.DateTime(), nullable=True))
    op.add_column("feeds", sa.Column("told_until", sa.DateTime(), nullable=True))
    op.create_table(
        "leases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_leases_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leases")),
        sa.UniqueConstraint("feed_id", "hub", "topic", name=op.f("uq_leases_feed_id_hub_topic")),
        sa.UniqueConstraint("token", name=op.f("uq_leases_token")),
    )
    op.create_index(op.f("ix_leases_next_try_at"), "leases", ["next_try_at"], unique=False)
