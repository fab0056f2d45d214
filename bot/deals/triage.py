"""One poll's judged entries and what is known → what changes. Pure, and blind to the order of its inputs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deals.merge import Follows, Same, are_same, match
from bot.deals.model import Announcement, JoinedDeal, Judged, KnownDeal, NewDeal, Triage


def triage(judged: Sequence[Judged], known: Sequence[KnownDeal]) -> Triage:
    """What a poll changes: announcements join the deals they tell, or make new ones together.

    An entry that already belongs to a known deal changes nothing.
    """
    kept = {each.entry for deal in known for each in deal.deal.announcements}
    announcements = sorted(
        (each.verdict for each in judged if isinstance(each.verdict, Announcement) and each.verdict.entry not in kept),
        key=lambda each: each.entry,
    )
    new: list[NewDeal] = []
    joined: list[JoinedDeal] = []
    for group in _groups(announcements):
        _decide(group, known, new, joined)
    return Triage(tuple(sorted(judged, key=lambda each: each.entry.id)), tuple(new), tuple(joined))


def _groups(announcements: Sequence[Announcement]) -> list[list[Announcement]]:
    """The announcements in groups that tell one deal: whatever is linked, directly or through others."""
    groups: list[list[Announcement]] = []
    for announcement in announcements:
        linked = [group for group in groups if any(are_same(announcement, other) for other in group)]
        groups = [group for group in groups if group not in linked]
        groups.append(
            sorted([announcement, *(each for group in linked for each in group)], key=lambda each: each.entry)
        )
    return sorted(groups, key=lambda group: group[0].entry)


def _decide(
    group: Sequence[Announcement], known: Sequence[KnownDeal], new: list[NewDeal], joined: list[JoinedDeal]
) -> None:
    """Those that tell a known deal join it and take the others along; else the group is a deal of its own."""
    matches = {each.entry: match(each, known) for each in group}
    told = sorted({found.deal for found in matches.values() if isinstance(found, Same)})
    if told:
        for each in group:
            found = matches[each.entry]
            joined.append(JoinedDeal(found.deal if isinstance(found, Same) else told[0], each))
        return
    follows = max((found.deal for found in matches.values() if isinstance(found, Follows)), default=None)
    new.append(NewDeal(tuple(group), follows))
