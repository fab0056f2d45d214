"""What feeds have brought before is read for many of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import cast

import pytest

from bot.errors import StorageError
from bot.poll.known import KnownKeys
from bot.storage.deals import DealStore


class Asked:
    """A store that answers when it is let, or cannot."""

    def __init__(self, *, failures: int = 0) -> None:
        self.questions: list[set[int]] = []
        self.may_answer = asyncio.Event()
        self.failures = failures

    async def known_keys(self, feed_ids: Collection[int]) -> dict[int, frozenset[str]]:
        self.questions.append(set(feed_ids))
        await self.may_answer.wait()
        self.failures -= 1
        if self.failures >= 0:
            raise StorageError("The disk is full.")
        return {feed: frozenset((f"key {feed}",)) for feed in feed_ids}


async def test_who_comes_while_an_answer_is_awaited_is_asked_about_in_one_question() -> None:
    store = Asked()
    known = KnownKeys(cast("DealStore", store))
    first = asyncio.create_task(known.of(1))
    await asyncio.sleep(0)
    later = [asyncio.create_task(known.of(feed)) for feed in (2, 3, 4)]
    await asyncio.sleep(0)
    store.may_answer.set()
    assert await first == {"key 1"}
    assert await asyncio.gather(*later) == [{f"key {feed}"} for feed in (2, 3, 4)]
    assert store.questions == [{1}, {2, 3, 4}]


async def test_a_question_that_fails_fails_for_one_and_is_asked_again_for_the_others() -> None:
    store = Asked(failures=1)
    known = KnownKeys(cast("DealStore", store))
    asking = [asyncio.create_task(known.of(feed)) for feed in (1, 2)]
    store.may_answer.set()
    with pytest.raises(StorageError):
        await asking[0]
    assert await asking[1] == {"key 2"}
    assert await known.of(3) == {"key 3"}


async def test_who_is_told_to_stop_while_asking_takes_nobody_along() -> None:
    store = Asked()
    known = KnownKeys(cast("DealStore", store))
    asking = [asyncio.create_task(known.of(feed)) for feed in (1, 2)]
    await asyncio.sleep(0)
    asking[0].cancel()
    store.may_answer.set()
    assert await asking[1] == {"key 2"}
    assert asking[0].cancelled()
