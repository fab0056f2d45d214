"""One child process, seen from the parent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pickle
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import PactwireError
from bot.workers.jobs import ANSWERS, Done, Failed, Job, Outcome
from bot.workers.plain import from_plain

LARGEST_ANSWER = 48 * 1024 * 1024
"""500 entries with bodies of 20,000 characters, most of them of three bytes, and nothing much above."""

_LOADING = 60.0
_IN_A_THREAD = 256 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    # Each thread of a numeric library takes address space for a stack and an arena.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_TYPE_NAME = re.compile(r"[A-Za-z_]\w{0,60}")


class WorkerError(PactwireError):
    """A worker process could not start; it may have too little memory, or the installation is damaged."""


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What one job may use: `memory` in bytes of address space, `cpu` and `wall` in seconds."""

    memory: int
    cpu: float
    wall: float


class Child:
    """A process that does one job after another. After a job that failed it is gone; start another one."""

    def __init__(self, process: Process, limits: WorkLimits) -> None:
        self._process = process
        self._limits = limits
        self._is_killed = False
        self.jobs_done = 0

    @classmethod
    async def start(cls, limits: WorkLimits) -> Child:
        """A new interpreter, not a fork, in a session of its own: without our secrets, files and signals.

        Raises WorkerError where the machine has no room for one more process.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-s", "-m", "bot.workers", str(limits.memory), str(limits.cpu)),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        except OSError:
            raise WorkerError from None
        return cls(process, limits)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can take another job."""
        return not self._is_killed and self._process.returncode is None

    async def do(self, job: Job) -> list[Outcome]:
        """What the job came to: one outcome for each of its answers, in order, up to the first that failed.

        For each answer the wall clock runs anew, for the first from when the child has loaded what it needs.
        """
        outcomes: list[Outcome] = []
        try:
            await self._hand_over(job)
            for kind in ANSWERS[type(job)]:
                outcomes.append(await self._answer(kind))
                if isinstance(outcomes[-1], Failed):
                    # After a MemoryError nobody knows what a library has left half done.
                    await self.end()
                    break
        except asyncio.CancelledError:
            self._kill()
            raise
        self.jobs_done += 1
        return outcomes

    async def _answer(self, kind: Any) -> Outcome:
        try:
            async with asyncio.timeout(self._limits.wall):
                frame = await self._receive(LARGEST_ANSWER)
        except TimeoutError:
            return Failed(f"within {self._limits.wall:g} seconds")
        except (asyncio.IncompleteReadError, ConnectionError, _TooLongError):
            return Failed(await self._why_it_died())
        return await asyncio.to_thread(_read, frame, kind) if len(frame) > _IN_A_THREAD else _read(frame, kind)

    async def end(self) -> None:
        """Kills the process and waits until it is gone."""
        self._kill()
        await self._process.wait()

    def _kill(self) -> None:
        self._is_killed = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _hand_over(self, job: Job) -> None:
        """Gives the job to the child and waits until it has loaded what it needs. Raises WorkerError."""
        try:
            async with asyncio.timeout(_LOADING):
                await self._send(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
                await self._receive(0)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, _TooLongError):
            self._kill()
            raise WorkerError from None

    async def _send(self, frame: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(len(frame).to_bytes(4) + frame)
        await pipe.drain()

    async def _receive(self, largest: int) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None
        length = int.from_bytes(await pipe.readexactly(4))
        if length > largest:
            raise _TooLongError
        return await pipe.readexactly(length)

    async def _why_it_died(self) -> str:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._process.wait()
        if self._process.returncode == -signal.SIGPROF:
            return f"within {self._limits.cpu:g} seconds of computing"
        await self.end()
        return "within our limits"


class _TooLongError(Exception):
    """A frame is longer than any honest one."""


def _read(frame: bytes, kind: Any) -> Outcome:
    try:
        plain = json.loads(frame)
        if "done" in plain:
            return Done(from_plain(kind, plain["done"]))
        return Failed(_told(str(plain["failed"])))
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError):
        return Failed("within our limits")


def _told(name: str) -> str:
    if name == "MemoryError" or not _TYPE_NAME.fullmatch(name):
        return "within our limits of memory"
    return f"({name})"
