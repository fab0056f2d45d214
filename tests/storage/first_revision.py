"""Writes the first revision anew from the tables: `python -m tests.storage.first_revision`.

Only while nothing has been released; from then on a change of the tables is a revision of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import bot.storage.migrations
import bot.storage.tables
import bot.storage.tables_people
from bot.storage.columns import metadata

HEAD = '''"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
'''


def main() -> None:
    """Compare the tables with an empty database, and write down what makes them."""
    with create_engine("sqlite://").connect() as connection:
        operations = produce_migrations(MigrationContext.configure(connection), metadata).upgrade_ops
    assert operations is not None
    body = render_python_code(operations).replace("bot.storage.columns.Instant()", "sa.DateTime()")
    lines = [line for line in body.splitlines() if not re.match(r"\s*# ###", line)]
    folder = Path(bot.storage.migrations.__file__).parent / "versions"
    (folder / "0001_first.py").write_text(HEAD + "\n".join(lines).strip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
