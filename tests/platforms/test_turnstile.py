"""How many commands a person and a workspace may give."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.platforms.turnstile import Turnstile


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def test_a_script_of_a_thousand_commands_a_minute_gets_fifty_and_a_sentence(clock: Seconds) -> None:
    turnstile = Turnstile(clock)
    answers = []
    for number in range(1_000):
        clock.now = number * 60 / 1_000
        answers.append(turnstile.refusal("T1", "script"))
    assert answers.count(None) == 49
    assert answers[-1] == "That is more than can be answered: you ask too fast. Please try again in 1 second."


def test_others_in_the_workspace_do_not_feel_it(clock: Seconds) -> None:
    turnstile = Turnstile(clock)
    refused = [turnstile.refusal("T1", "script") for _ in range(1_000)]
    assert refused.count(None) == 20
    assert turnstile.refusal("T1", "ana") is None
    assert turnstile.refusal("T2", "script") is None


def test_a_whole_workspace_has_a_limit_and_no_other_workspace_feels_it(clock: Seconds) -> None:
    turnstile = Turnstile(clock)
    answers = [turnstile.refusal("T1", f"user {number}") for number in range(1_000)]
    assert answers.count(None) == 100
    assert "this workspace asks too fast" in str(answers[-1])
    assert turnstile.refusal("T2", "user 1") is None


def test_whoever_waits_is_let_through_again(clock: Seconds) -> None:
    turnstile = Turnstile(clock)
    while turnstile.refusal("T1", "ana") is None:
        pass
    clock.now += 2.1
    assert turnstile.refusal("T1", "ana") is None


def test_a_person_who_asks_every_two_seconds_is_never_refused(clock: Seconds) -> None:
    turnstile = Turnstile(clock)
    for number in range(500):
        clock.now = number * 2.0
        assert turnstile.refusal("T1", "ana") is None
