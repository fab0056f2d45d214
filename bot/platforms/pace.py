"""How fast a platform may be asked, and when to stop asking: limits, waits and a breaker. Knows no product.

A client makes one `Pace` and does three things with it:

    wait = await pace.turn(channel.id)      # None: go ahead. Else come back after so long, and post nothing now
    if wait is not None:
        return PostFailed("the platform asked for a pause", Remedy.RETRY, wait)
    …ask the platform…
    pace.heard(status, place=channel.id)    # every answer's HTTP status, or 429 with `retry_after` and its scope

Rates are reserved in the order of asking; a place (a channel, a bucket) that has to wait takes nothing from the others.
Time is the running loop's clock, so that tests may run it faster than life.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import timedelta

PATIENCE = 60.0
"""Seconds that `turn` waits at most; whoever would wait longer is sent away, so that nobody blocks on a dead limit."""

PLACES = 10_000
"""Places whose pace is remembered; the ones asked longest ago are forgotten first."""

COUNTED = frozenset((401, 403, 429))
"""Answers that Discord counts as invalid: 10,000 in ten minutes ban the address (Discord, Rate Limits)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, and `per_second` on average."""

    per_second: float
    burst: int = 1


class Bucket:
    """One limit, without a clock of its own: times are seconds on any clock that only goes forward."""

    def __init__(self, rate: Rate) -> None:
        self._step = 1 / rate.per_second
        self._slack = self._step * (rate.burst - 1)
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next free place in the row: how many seconds from now it comes."""
        at = max(now, self._next - self._slack)
        self._next = max(now, self._next) + self._step
        return max(0.0, at - now)

    def wait(self, now: float) -> float:
        """How long a reservation made now would have to wait; nothing is taken."""
        return max(0.0, self._next - self._slack - now)

    def hold(self, until: float) -> None:
        """Let nobody through before then; afterwards one at a time, for whoever was told to wait comes back at once."""
        self._next = max(self._next, until + self._slack)


class Breaker:
    """Stops asking long before a platform bans: at `most` refused answers within `span` seconds, or at one 401.

    A 401 says that the token is no longer good, so every further question would be refused as well: it stays stopped
    until `mend` is called with a new token. Times as for Bucket.
    """

    def __init__(self, most: int = 500, span: float = 600.0) -> None:
        self._most = most
        self._span = span
        self._refused: deque[float] = deque()
        self.is_stopped = False

    def count(self, status: int, now: float) -> None:
        """One answer of the platform, whatever its HTTP status."""
        if status in COUNTED:
            self._refused.append(now)
            self.is_stopped |= status == 401

    def wait(self, now: float) -> float:
        """Seconds until the platform may be asked again, 0 when it may now; a whole span when it is stopped."""
        while self._refused and self._refused[0] <= now - self._span:
            self._refused.popleft()
        if self.is_stopped:
            return self._span
        return self._refused[-self._most] + self._span - now if len(self._refused) >= self._most else 0.0

    def mend(self) -> None:
        """There is a new token: go on."""
        self.is_stopped = False


class Pace:
    """One platform's limits: in all, and for each place; and its breaker."""

    def __init__(self, overall: Rate, each: Rate, breaker: Breaker | None = None) -> None:
        self._overall = Bucket(overall)
        self._each = each
        self._places: OrderedDict[str, Bucket] = OrderedDict()
        self._held_until = 0.0
        self.breaker = breaker or Breaker()

    async def turn(self, place: str) -> timedelta | None:
        """Wait until this place may be asked once; or how long to stay away, at once, where that is over PATIENCE."""
        bucket, now = self._bucket(place), _now()
        wait = max(bucket.wait(now), self._held(now))
        if wait > PATIENCE:
            return timedelta(seconds=wait)
        await asyncio.sleep(bucket.reserve(now))
        # Meanwhile another may have been told to slow down, or the breaker may be open: look again, then queue up.
        while True:
            await asyncio.sleep(self._overall.reserve(_now()))
            held = self._held(_now())
            if held <= 0:
                return None
            if held > PATIENCE:
                return timedelta(seconds=held)
            await asyncio.sleep(held)

    def heard(self, status: int, *, place: str | None = None, retry_after: timedelta | None = None) -> None:
        """One answer's HTTP status. `retry_after` holds this place back, or everybody where no place is named."""
        now = _now()
        self.breaker.count(status, now)
        if retry_after is None:
            return
        until = now + retry_after.total_seconds()
        if place is None:
            self._held_until = max(self._held_until, until)
        else:
            self._bucket(place).hold(until)

    def _held(self, now: float) -> float:
        return max(self._held_until - now, self.breaker.wait(now))

    def _bucket(self, place: str) -> Bucket:
        if place not in self._places:
            self._places[place] = Bucket(self._each)
        self._places.move_to_end(place)
        while len(self._places) > PLACES:
            self._places.popitem(last=False)
        return self._places[place]


def _now() -> float:
    return asyncio.get_running_loop().time()
