"""What people may ask: one table for every platform, a module a family."""

from __future__ import annotations

from bot.commands.table import build_commands

__all__ = ["build_commands"]
