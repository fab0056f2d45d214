"""Alembic's entry: it runs on the connection that it is given, and commits nothing itself."""

from __future__ import annotations

from alembic import context

from bot.storage.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
