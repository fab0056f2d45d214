"""Announcements as the rows of the merging cases tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.deals.model import Announcement, Evidence, Fact, FactName, Kind, Party, Role, Status
from bot.deals.texts.organisations import lookup
from tests.builders import announcement

FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
STATED = {"term": FactName.TERM, "value": FactName.VALUE, "region": FactName.REGION}


def telling(told: Mapping[str, Any], entry: str = "e1", **changes: object) -> Announcement:
    """An announcement with parties, title, kind, status, day and facts as told; a day below 0 means no date."""
    day = told.get("day", 0)
    return announcement(
        **{
            "entry": entry,
            "title": told["title"],
            "parties": tuple(organisation(name, entry) for name in told["parties"]),
            "kind": Kind(told.get("kind", "strategic_partnership")),
            "status": Status(told.get("status", "announced")),
            "facts": tuple(Fact(STATED[name], told[name], Evidence(entry, 0, 4)) for name in STATED if name in told),
            "published": None if day < 0 else FIRST_DAY + timedelta(days=day),
            **changes,
        }
    )


def organisation(name: str, entry: str = "e1", role: Role = Role.PARTNER) -> Party:
    """A party of that name, known or not."""
    known = lookup(name)
    return Party(name, role, Evidence(entry, 0, 4), known.id if known else None, known.sector if known else None)
