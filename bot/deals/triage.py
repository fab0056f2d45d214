"""One poll's judged entries and what is known → what changes. Pure, and blind to the order of its inputs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.deals.candidates import Index, candidates, index
from bot.deals.combine import combine
from bot.deals.merge import Follows, Same, are_same, match
from bot.deals.model import Announcement, Deal, JoinedDeal, Judged, KnownDeal, NewDeal, Triage, UnitedDeal


def triage(judged: Sequence[Judged], known: Sequence[KnownDeal]) -> Triage:
    """What a poll changes: announcements join the deals they tell, or make new ones together.

    An entry that already belongs to a known deal changes nothing. Known deals that a new telling shows to be one are
    united, so that it does not matter which was told first.
    """
    kept = {each.entry for deal in known for each in deal.deal.announcements}
    announcements = sorted(
        (each.verdict for each in judged if isinstance(each.verdict, Announcement) and each.verdict.entry not in kept),
        key=lambda each: each.entry,
    )
    new: list[NewDeal] = []
    joined: list[JoinedDeal] = []
    near = index(each.deal.parties for each in known)
    for group in _groups(announcements):
        _decide(group, known, near, new, joined)
    in_order = tuple(sorted(judged, key=lambda each: each.entry.id))
    return Triage(in_order, tuple(new), tuple(joined), _united(joined, known, near))


def _groups(announcements: Sequence[Announcement]) -> list[list[Announcement]]:
    """The announcements in groups that tell one deal: whatever is linked, directly or through others."""
    near = index(each.parties for each in announcements)
    group = list(range(len(announcements)))  # each telling's group is named after its first telling
    for number, announcement in enumerate(announcements):
        for other in candidates(announcement.parties, near):
            if other < number and group[other] != group[number] and are_same(announcement, announcements[other]):
                one, two = sorted((group[other], group[number]))
                group = [one if each == two else each for each in group]
    return [[announcements[at] for at, each in enumerate(group) if each == name] for name in sorted(set(group))]


def _decide(
    group: Sequence[Announcement],
    known: Sequence[KnownDeal],
    near: Index,
    new: list[NewDeal],
    joined: list[JoinedDeal],
) -> None:
    """Those that tell a known deal join it and take the others along; else the group is a deal of its own."""
    matches = {each.entry: match(each, [known[at] for at in candidates(each.parties, near)]) for each in group}
    told = sorted({found.deal for found in matches.values() if isinstance(found, Same)})
    if told:
        for each in group:
            found = matches[each.entry]
            joined.append(JoinedDeal(found.deal if isinstance(found, Same) else told[0], each))
        return
    follows = max((found.deal for found in matches.values() if isinstance(found, Follows)), default=None)
    new.append(NewDeal(tuple(group), follows))


def _united(joined: Sequence[JoinedDeal], known: Sequence[KnownDeal], near: Index) -> tuple[UnitedDeal, ...]:
    """The known deals that are another one, now that this one is told in full; the oldest id stays."""
    whole = {each.id: each.deal for each in known}
    united: list[UnitedDeal] = []
    fuller = sorted({each.deal for each in joined})
    for deal in fuller:
        whole[deal] = _with(whole[deal], [each.announcement for each in joined if each.deal == deal])
    while fuller:
        deal = fuller.pop()
        others = sorted({known[at].id for at in candidates(whole[deal].parties, near)} & whole.keys() - {deal})
        same = next((other for other in others if are_same(whole[deal], whole[other])), None)
        if same is not None:
            into, gone = sorted((deal, same))
            whole[into] = _with(whole[into], whole.pop(gone).announcements)
            united.append(UnitedDeal(gone, into))
            fuller = [*(each for each in fuller if each not in (into, gone)), into]
    return tuple(united)


def _with(deal: Deal, announcements: Sequence[Announcement]) -> Deal:
    return combine([*deal.announcements, *announcements])
