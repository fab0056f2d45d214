"""Who follows a deal is found by the deal."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_follows_deal_id"), "follows", ["deal_id"], unique=False)
