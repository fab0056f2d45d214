"""Modals."""

from __future__ import annotations

from bot.platforms.slack.desk import Desk
from bot.platforms.slack.speech import Asker


class Forms:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, asker: Asker, line: str, trigger: str) -> bool:
        return False
