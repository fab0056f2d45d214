"""Which deals a channel wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.deals.model import Deal, KnownDeal
from bot.digests.model import Topics
from bot.feeds.model import Sector


def wants(topics: Topics, known: KnownDeal) -> bool:
    """Whether these topics ask for the deal: sure enough, of a wanted sector, with a wanted word and no unwanted one.

    Words and phrases match whole and without case in the headline, the parties' names, the summary and the titles.
    """
    deal = known.deal
    if deal.score < topics.minimum_score:
        return False
    if topics.sectors and topics.sectors.isdisjoint(sectors_of(deal)):
        return False
    if not topics.include and not topics.exclude:
        return True
    text = text_of(deal)
    if topics.include and not mentions_any(text, topics.include):
        return False
    return not mentions_any(text, topics.exclude)


def sectors_of(deal: Deal) -> frozenset[Sector]:
    """The deal's own sector and those of its parties."""
    return frozenset((deal.sector, *(party.sector for party in deal.parties if party.sector is not None)))


def text_of(deal: Deal) -> str:
    """What a topic's words are looked for in, one piece a line."""
    return "\n".join(
        (
            deal.headline,
            *(party.name for party in deal.parties),
            *(sentence.text for sentence in deal.summary),
            *(announcement.title for announcement in deal.announcements),
        )
    )


def mentions_any(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words or phrases stands in the text, whole: `ai` is not in "training"."""
    return any(_whole(word).search(text) for word in words if word.strip())


@lru_cache(maxsize=4096)
def _whole(word: str) -> re.Pattern[str]:
    # \b fails beside signs, as in "C++"; the space of a phrase may be any run of blanks, but not the end of a piece.
    spelled = r"[^\S\n]+".join(re.escape(part) for part in word.split())
    return re.compile(rf"(?<!\w){spelled}(?!\w)", re.IGNORECASE)
