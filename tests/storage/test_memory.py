from __future__ import annotations

from bot.storage import Storage


async def test_the_last_word_under_a_name_is_remembered(storage: Storage) -> None:
    assert await storage.memory.recall("commands") is None
    await storage.memory.remember("commands", "one")
    await storage.memory.remember("commands", "two")
    assert await storage.memory.recall("commands") == "two"
    assert await storage.memory.recall("others") is None
