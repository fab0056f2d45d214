"""Who subscribed a channel, and whom and which channel a notice is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("subscribed_by", sa.String(length=64), nullable=True))
    op.add_column("notices", sa.Column("channel", sa.String(length=64), nullable=True))
    op.add_column("notices", sa.Column("user", sa.String(length=64), nullable=True))
    # Until now only Slack's side kept a name, and one for each workspace: whoever subscribed there last.
    op.execute(
        "UPDATE subscriptions SET subscribed_by = "
        "(SELECT value FROM memory WHERE memory.name = 'slack keeper ' || subscriptions.workspace) "
        "WHERE platform = 'slack'"
    )
    op.execute("DELETE FROM memory WHERE name LIKE 'slack keeper %'")
