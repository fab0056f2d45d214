"""Who may do what, and what becomes of a command that fails: the one door of every command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.digests.message import Message
from bot.errors import PactwireError, UserError
from bot.logs import logger
from bot.platforms.base import Command, Request

Clock = Callable[[], datetime]
"""Tells the time: aware, in UTC."""

log = logger(__name__)


def guarded(command: Command) -> Command:
    """The command as platforms run it: it answers with a message or raises a UserError, and nothing else."""

    async def run(request: Request) -> Message:
        if command.manages:
            require_manager(request)
        try:
            return await command.run(request)
        except UserError:
            raise
        except PactwireError as error:
            raise UserError(str(error)) from error
        except Exception as error:
            log.exception("command.fault", command=command.name)
            raise UserError(
                "Something went wrong here, not with you, and it has been logged. Nothing was changed by halves; "
                "please try once more."
            ) from error

    return replace(command, run=run)


def require_manager(request: Request) -> None:
    """UserError for those who may look but not change."""
    if not request.may_manage:
        raise UserError(
            "This changes what the whole channel sees, so it is left to those who may manage it. "
            "Looking is open to everybody: latest, search, deal, settings and feeds list."
        )
