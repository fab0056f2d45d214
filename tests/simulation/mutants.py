"""Tests of the tests: breaks the program in twelve ways, one at a time, and shows that something notices.

`python -m tests.simulation.mutants [NAME …]` copies the tree, changes one place, and runs what must fail then.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COPIED = ("bot", "tests", "pyproject.toml", "Makefile", "config.example.toml", "README.md", "docs")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one file, and the tests of which one must fail. `seeds` are lived for 60 days each."""

    name: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...] = ()
    seeds: str = ""


MUTANTS = (
    Mutant(
        "random nonce",
        "bot/storage/deliveries.py",
        "    return blake2b(name.encode(), digest_size=12).hexdigest()\n",
        "    import os\n\n    return os.urandom(12).hex()\n",
        ("tests/storage/test_deliveries.py",),
    ),
    Mutant(
        "sent again after an unclear end",
        "bot/deliver/sending.py",
        "            case Unclear(reason):\n",
        "            case Unclear(reason):\n"
        "                await self._storage.deliveries.retry(delivery, reason, now())\n"
        "                return False\n",
        seeds="0-5",
    ),
    Mutant(
        "sent is recorded before it is sent",
        "bot/deliver/sending.py",
        "        outcome = await _posted(platform, delivery)\n",
        '        await self._storage.deliveries.sent(delivery, "-", now())\n'
        "        outcome = await _posted(platform, delivery)\n",
        ("tests/test_deliver.py", "tests/deliver"),
        seeds="0-5",
    ),
    Mutant(
        "sent before it is written down",
        "bot/deliver/sending.py",
        "        if not await self._storage.deliveries.begin(delivery, now(), platform.time() or now()):\n"
        "            return False\n"
        "        outcome = await _posted(platform, delivery)\n",
        "        outcome = await _posted(platform, delivery)\n"
        "        if not await self._storage.deliveries.begin(delivery, now(), platform.time() or now()):\n"
        "            return False\n",
        seeds="0-5",
    ),
    Mutant(
        "told before it is in the outbox",
        "bot/storage/deliveries.py",
        "        async with self._database.write() as connection:\n"
        "            claimed = (await connection.execute(planned",
        "        async with self._database.write() as connection:\n"
        "            await _mark(connection, kept.subscription.channel, parts, now)\n"
        "        async with self._database.write() as connection:\n"
        "            claimed = (await connection.execute(planned",
        ("tests/crash/test_crash.py::test_killed_at_every_step_no_entry_is_lost_and_no_digest_doubled",),
        seeds="0-9",
    ),
    Mutant(
        "validators before entries",
        "bot/storage/polls.py",
        "        async with self._database.write() as connection:\n",
        "        async with self._database.write() as connection:\n"
        "            await record_success(connection, [(feed, state, now)])\n"
        "        async with self._database.write() as connection:\n",
        ("tests/crash/test_crash.py::test_killed_at_every_step_no_entry_is_lost_and_no_digest_doubled",),
        seeds="0-9",
    ),
    Mutant("no jitter", "bot/feeds/cadence.py", "_SPREAD = 0.1", "_SPREAD = 0.0", ("tests/feeds/test_cadence.py",)),
    Mutant(
        "a digest at every time the clocks show it",
        "bot/digests/timetable.py",
        "    first = local.replace(tzinfo=zone).astimezone(UTC)\n",
        "    first = local.replace(tzinfo=zone, fold=1).astimezone(UTC)\n",
        ("tests/digests/test_timetable.py",),
    ),
    Mutant(
        "a publisher's wish after an error is ignored",
        "bot/poll/poller.py",
        "retry_after=failed.retry_after",
        "retry_after=None",
        ("tests/poll", "tests/test_poll.py"),
        seeds="0-3",
    ),
    Mutant(
        "synchronous=NORMAL",
        "bot/storage/engine.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        ("tests/storage/test_power_cut.py",),
    ),
    Mutant(
        "only the resolver guards addresses",
        "bot/web/guard.py",
        "        if (len(where) > 3 and where[3]) or not may_dial(str(where[0])):\n",
        "        if False:\n",
        ("tests/web/test_guard.py", "tests/web/test_client.py"),
    ),
    Mutant(
        "feeds are parsed in this process",
        "bot/workers/pool.py",
        "        job = ParseJob(",
        "        from bot.feeds.parse import parse\n\n"
        "        return parse(fetched.body, feed_url=feed_url, content_type=fetched.content_type)\n"
        "        job = ParseJob(",
        ("tests/workers/test_workers.py::test_a_child_that_is_killed_at_work_fails_its_job_only",),
    ),
)


def main(names: list[str]) -> int:
    """Break it each way; 1 when a mutant lives."""
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    lived = []
    for number, mutant in enumerate(chosen, 1):
        noticed = _noticed(mutant)
        print(f"[{number}/{len(chosen)}] {mutant.name}: {f'caught by {noticed}' if noticed else 'LIVES'}", flush=True)
        lived += [] if noticed else [mutant.name]
    print(
        f"{len(chosen) - len(lived)} of {len(chosen)} mutants caught"
        + (f"; alive: {', '.join(lived)}" if lived else "")
    )
    return bool(lived)


def _noticed(mutant: Mutant) -> str | None:
    """The test or the seed that failed on the changed copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, copy / name)
        changed = copy / mutant.path
        text = changed.read_text(encoding="utf-8")
        if text.count(mutant.before) != 1:
            raise SystemExit(f"{mutant.name}: {mutant.path} has changed; bring the mutant up to date")
        changed.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
        return _failed_test(copy, mutant) or _failed_seed(copy, mutant)


def _failed_test(copy: Path, mutant: Mutant) -> str | None:
    if not mutant.tests:
        return None
    told = _run(copy, "-m", "pytest", "-x", "-q", *mutant.tests)
    return next((line.split(" - ")[0] for line in told.splitlines() if line.startswith(("FAILED", "ERROR"))), None)


def _failed_seed(copy: Path, mutant: Mutant) -> str | None:
    if not mutant.seeds:
        return None
    told = _run(copy, "-m", "tests.simulation", mutant.seeds, "60")
    return next((line[:160] for line in told.splitlines() if "BROKEN" in line), None)


def _run(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
