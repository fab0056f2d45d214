"""Every error Pactwire raises on purpose; a class's docstring is its default message."""

from __future__ import annotations


class PactwireError(Exception):
    """Pactwire could not do that."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class UserError(PactwireError):
    """That is not something Pactwire can do; its text is shown to the person who asked."""


class ConfigError(PactwireError):
    """The configuration has faults; its text lists all of them."""


class StorageError(PactwireError):
    """The database cannot be used as it is; its text says what to do."""


class StorageFullError(StorageError):
    """The disk is full or read-only: nothing was written, and nothing already kept was lost."""
