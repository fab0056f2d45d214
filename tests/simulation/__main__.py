"""`python -m tests.simulation SEEDS [DAYS [JOBS]]`: live through many seeds, `0-199`, and say what broke."""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from bot.logs import configure
from tests.simulation.world import Report, simulate


def main(seeds: str, days: int = 365, jobs: int = 1) -> int:
    """Print one line a seed and a summary; 1 when an invariant was broken."""
    first, _, last = seeds.partition("-")
    wanted = range(int(first), int(last or first) + 1)
    began = time.perf_counter()
    reports: list[Report] = []
    with ProcessPoolExecutor(jobs, initializer=configure, initargs=("error", "text")) as pool:
        running = [pool.submit(partial(_quietly, days=days), seed) for seed in wanted]
        for done in as_completed(running):
            report = done.result()
            reports.append(report)
            print(_line(report, len(reports), len(wanted)), flush=True)
    print(_summary(reports, days, time.perf_counter() - began))
    return any(report.faults for report in reports)


def _quietly(seed: int, days: int) -> Report:
    configure("critical", "text")  # type: ignore[arg-type]
    return simulate(seed, days)


def _line(report: Report, done: int, total: int) -> str:
    state = "ok" if not report.faults else "BROKEN: " + "; ".join(report.faults[:5])
    return (
        f"[{done}/{total}] seed {report.seed}: {report.deals} deals, {report.posts} posts, {report.lives} lives, "
        f"{sum(report.counts.values())} faults, {report.seconds:.1f} s, trace {report.trace}: {state}"
    )


def _summary(reports: list[Report], days: int, seconds: float) -> str:
    faults: Counter[str] = Counter()
    for report in reports:
        faults.update(report.counts)
    bad = sorted(report.seed for report in reports if report.faults)
    posts, lives = sum(report.posts for report in reports), sum(report.lives for report in reports)
    return (
        f"{len(reports)} seeds x {days} days in {seconds:.0f} s: {posts} posts, {lives} lives, "
        f"{sum(faults.values())} faults ({', '.join(f'{name} {count}' for name, count in faults.most_common())}); "
        f"{f'BROKEN seeds {bad}' if bad else 'every invariant held'}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:4])))
