"""Untrusted bytes are read in child processes with hard limits."""

from bot.workers.child import WorkerError
from bot.workers.pool import ReadFeed, Workers

__all__ = ["ReadFeed", "WorkerError", "Workers"]
