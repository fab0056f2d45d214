"""Untrusted bytes are read in child processes with hard limits."""

from bot.workers.child import WorkerError
from bot.workers.pool import Workers

__all__ = ["WorkerError", "Workers"]
