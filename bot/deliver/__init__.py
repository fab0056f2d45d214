"""Digests out: due slots → plan → claim → post → record."""

from __future__ import annotations

from bot.deliver.deliverer import Deliverer

__all__ = ["Deliverer"]
