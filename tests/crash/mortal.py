"""A life that can end at any step: one SIGKILL, at a step whose number was chosen before."""

from __future__ import annotations

import os
import signal
from typing import Any

from sqlalchemy import Engine, event


class Fate:
    """Counts the steps of a life and ends it at step `fatal`; 0 lets it live.

    A step stands before each statement and each commit. Between the end of a statement and the next of these nothing
    reaches the file or the outside, so that a death there would be the same death twice.
    """

    def __init__(self, fatal: int) -> None:
        self._fatal = fatal
        self.steps = 0
        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, lambda *_: self.step())

    def step(self) -> None:
        """One more step; possibly the last."""
        self.steps += 1
        if self.steps == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """Anything with asynchronous methods, with a step before and after each call."""

    def __init__(self, inner: Any, fate: Fate) -> None:
        self._inner = inner
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in {"name", "split", "time"}:
            return found

        async def watched(*given: Any, **named: Any) -> Any:
            self._fate.step()
            answer = await found(*given, **named)
            self._fate.step()
            return answer

        return watched
