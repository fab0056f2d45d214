"""Untrusted bytes are read in child processes with hard limits."""

from bot.workers.pool import Workers

__all__ = ["Workers"]
