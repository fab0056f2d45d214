"""The outbox alone over a real file, whatever happens in whatever order (hypothesis): never twice, in order, visible.

`PACTWIRE_OUTBOX=500x50` in the environment: so many runs of so many steps, each time other ones.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.storage.model import State
from tests.deliver.outbox import ANSWERS, LATEST_ARRIVAL, Row, World
from tests.feedkit import HERE

RUNS, STEPS = map(int, os.environ.get("PACTWIRE_OUTBOX", "20x30").split("x"))
CLOCKS = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, -70, 70, 60 * 24 * 30)])
"""How far the wall clock is ahead of the chat's, which is right."""

SECONDS = st.sampled_from((1, 10, 20, 40, 70, 400, 4000, 90000))
SOME, FEW = (st.lists(st.sampled_from(ANSWERS), max_size=most) for most in (3, 1))
CHOICE = st.integers(0, 99)

HAPPENINGS: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "end_unclear_and_look": (
        12,
        {
            "end": st.sampled_from((("arrives late", 1), ("arrives late", 20), ("arrived, answer lost", 40))),
            "dies_after": st.sampled_from((None, 0, 59)),
            "before": CLOCKS,
            "after": CLOCKS | st.none(),
            "readable": st.booleans(),
        },
    ),
    "tick": (4, {"parts": st.integers(0, 3), "answers": SOME}),
    "die_while_posting": (2, {"parts": st.integers(0, 3), "answer": st.sampled_from(ANSWERS)}),
    "die_at_a_call_of_the_database": (3, {"parts": st.integers(0, 3), "calls": st.integers(1, 40), "answers": SOME}),
    "wait": (3, {"seconds": SECONDS}),
    "restore": (2, {"parts": st.integers(0, 2), "answers": SOME}),
    "live_on_after_a_copy": (
        3,
        {
            "parts": st.integers(1, 2),
            "first": st.sampled_from(("too long", "busy", "arrived, answer lost", "ok")),
            "then": FEW,
            "at_last": FEW,
        },
    ),
    "send_again_by_hand": (2, {"choice": CHOICE}),
    "discard_by_hand": (1, {"choice": CHOICE}),
    "claim": (1, {"parts": st.integers(1, 4)}),
    "restart": (1, {}),
    "set_the_clock": (1, {"ahead": CLOCKS}),
    "permit_reading": (1, {"readable": st.booleans()}),
    "unsubscribe": (1, {"again": st.booleans()}),
    "resume": (1, {}),
    "back_up": (1, {}),
}
"""What may happen, how often beside the others, and how. Hypothesis' own choice among rules takes the first by its name
in every other step, and what an outbox is for in one of a hundred."""

SETTLED = {State.UNCERTAIN, State.DEAD, State.WITHDRAWN}


class Outbox(RuleBasedStateMachine):
    """One channel, its outbox in a file, a chat, a wall clock, people, and a machine that dies."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.promised: set[tuple[str, int]] = set()
        self.aside: set[str] = set()
        self.forgotten: set[str] = set()
        self.world.subscribe()
        self.claim(3)

    def teardown(self) -> None:
        """At last the chat is well and the clock is right: nothing waits for ever."""
        self.world.chat.answers, self.world.chat.readable, self.world.chat.line = [], True, 0
        self.world.set_clock(timedelta())
        self.world.subscribe()
        self.resume()
        self.wait(LATEST_ARRIVAL)
        for seconds in (40, 40, 4000, 90001, 40, 40):
            if self._waiting():
                self.wait(seconds)
                self.tick()
        self.nothing_twice()
        self.parts_in_order()
        waiting = self._waiting()
        self.world.close()
        assert not waiting

    @rule(
        happening=st.one_of(
            [
                st.fixed_dictionaries({"what": st.just(what), **how})
                for what, (weight, how) in HAPPENINGS.items()
                for _ in range(weight)
            ]
        )
    )
    def happens(self, happening: dict[str, Any]) -> None:
        getattr(self, happening["what"])(**{name: value for name, value in happening.items() if name != "what"})

    # What happens

    def claim(self, parts: int) -> None:
        self.promised |= self.world.claim(parts)

    def tick(self, parts: int = 0, answers: Sequence[str] = ()) -> None:
        """With something to tell as a rule: an outbox that is owed nothing shows nothing."""
        if parts:
            self.claim(parts)
        self.world.deliver(list(answers))

    def end_unclear_and_look(
        self,
        end: tuple[str, float],
        dies_after: float | None,
        before: timedelta,
        after: timedelta | None,
        *,
        readable: bool,
    ) -> None:
        """What the outbox is for: nobody knows whether a part arrived, the machine and its clock do what they do, and
        then it is time to look, or it is not yet. `dies_after`: so many seconds the request waited for its turn."""
        answer, seconds = end
        self.world.set_clock(before)
        self._make_way()
        self.claim(1)
        self.world.chat.line = dies_after or 0
        (self.world.deliver if dies_after is None else self.world.die_while_posting)([answer])
        self.world.chat.line = 0
        if after is not None:
            self.world.set_clock(after)
        self.wait(seconds)
        self.world.chat.readable = readable
        self.tick()
        self.world.chat.readable = True

    def die_while_posting(self, parts: int, answer: str) -> None:
        if parts:
            self.claim(parts)
        self.world.die_while_posting([answer])

    def die_at_a_call_of_the_database(self, parts: int, calls: int, answers: list[str]) -> None:
        if parts:
            self.claim(parts)
        self.world.fuse = calls
        self.world.deliver(answers)
        self.world.fuse = 0

    def restart(self) -> None:
        self.world.restart()

    def wait(self, seconds: float) -> None:
        self.world.wait(seconds)

    def set_the_clock(self, ahead: timedelta) -> None:
        self.world.set_clock(ahead)

    def permit_reading(self, *, readable: bool) -> None:
        self.world.chat.readable = readable

    def unsubscribe(self, *, again: bool) -> None:
        self.world.wish(lambda storage, now: storage.subscriptions.remove(HERE, now))
        assert not self._waiting()
        if again:
            self.world.subscribe()

    def resume(self) -> None:
        self.world.wish(lambda storage, now: storage.channels.resume(HERE, now))

    def back_up(self) -> None:
        self.world.back_up()

    def restore(self, parts: int, answers: list[str]) -> None:
        """The copy knows nothing of what came after it, and whoever puts it back sets the clock right first."""
        if not self.world.has_copy:
            return
        self.tick(parts, answers)
        self.world.set_clock(timedelta())
        self.forgotten |= {row.key for row in self.world.rows()}
        self.world.restore()
        rows = self.world.rows()
        self.promised = {(row.slot, row.part) for row in rows}
        self.aside |= {row.key for row in rows}

    def live_on_after_a_copy(self, parts: int, first: str, then: list[str], at_last: list[str]) -> None:
        """What a copy still owes becomes this or that, and the copy, which knows nothing of it, is put back."""
        self._make_way()
        self.claim(parts)
        self.back_up()
        for answers in ([first], then):
            self.tick(answers=answers)
            self.wait(70)
        self.restore(0, [])
        self.wait(40)
        self.tick(answers=at_last)

    def send_again_by_hand(self, choice: int) -> None:
        """A person looks into the channel first, and not at once."""
        self.wait(LATEST_ARRIVAL + 1)
        there = {text for each in self.world.chat.stored for text in each.texts}
        missing = [row for row in self._decidable() if not there & set(texts_of(row))]
        if missing:
            number = missing[choice % len(missing)].id
            self.world.wish(lambda storage, now: storage.standing.retry(HERE, number, now))

    def discard_by_hand(self, choice: int) -> None:
        if rows := self._decidable():
            number = rows[choice % len(rows)].id
            self.world.wish(lambda storage, _: storage.standing.discard(HERE, number))

    # What holds

    @invariant()
    def nothing_twice(self) -> None:
        """No part, and no text of one, whatever part it came in."""
        stored = self.world.chat.stored
        count = Counter(each.key for each in stored) + Counter(text for each in stored for text in each.texts)
        assert [what for what, times in count.items() if times > 1] == []

    @invariant()
    def every_part_is_kept_and_what_counts_as_sent_is_there(self) -> None:
        rows, there = self.world.rows(), {each.key for each in self.world.chat.stored}
        assert {(row.slot, row.part) for row in rows} >= self.promised
        assert not [row for row in rows if row.state == State.SENT and row.key not in there]
        assert not there - {row.key for row in rows} - self.forgotten

    @invariant()
    def parts_in_order(self) -> None:
        """But for those about which a person had to decide, or may have to, and what an old copy knew of."""
        rows = {row.key: row for row in self.world.rows()}
        self.aside |= {key for key, row in rows.items() if row.state in SETTLED}
        last: dict[str, int] = {}
        for each in self.world.chat.stored:
            if each.key not in self.aside | self.forgotten:
                row = rows[each.key]
                assert row.part > last.get(row.slot, 0)
                last[row.slot] = row.part

    def _make_way(self) -> None:
        """Behind what waits for an hour nothing would happen."""
        self.resume()
        self.world.chat.readable = True
        if self._waiting():
            self.wait(4000)
            self.tick()

    def _decidable(self) -> list[Row]:
        return [row for row in self.world.rows() if row.state in {State.UNCERTAIN, State.DEAD}]

    def _waiting(self) -> list[Row]:
        return [row for row in self.world.rows() if row.state in {State.PENDING, State.SENDING}]


def texts_of(row: Row) -> list[str]:
    """The texts of a part, as the file keeps it."""
    return [block["text"] for block in json.loads(row.message)["blocks"]]


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="PACTWIRE_OUTBOX" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
