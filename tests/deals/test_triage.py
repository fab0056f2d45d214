"""What a poll changes, whatever the order of its entries."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.deals.combine import combine
from bot.deals.model import JoinedDeal, Judged, KnownDeal, Triage, UnitedDeal
from bot.deals.triage import triage
from tests.builders import PUBLISHED, entry, rejected
from tests.deals.tellings import telling


def judged(name: str, *parties: str, **told: Any) -> Judged:
    return Judged(entry(name), telling({"parties": parties, "title": "A contract", **told}, name))


def kept(id: int, name: str, *parties: str, **told: Any) -> KnownDeal:
    return KnownDeal(id, combine([telling({"parties": parties, "title": "A contract", **told}, name)]), PUBLISHED)


def groups(changes: Triage) -> list[tuple[set[str], int | None]]:
    return [({each.entry for each in new.announcements}, new.follows) for new in changes.new]


def joined(changes: Triage) -> set[tuple[int, str]]:
    return {(each.deal, each.announcement.entry) for each in changes.joined}


def test_triage_of_nothing_changes_nothing() -> None:
    assert triage((), ()) == Triage()
    assert triage((), [kept(1, "e1", "Acme Health", "Beta Cloud")]) == Triage()


def test_two_entries_of_one_poll_about_one_deal_make_one_deal() -> None:
    changes = triage([judged("e1", "Acme Health", "Beta Cloud"), judged("e2", "Beta Cloud", "Acme Health", day=1)], ())

    assert groups(changes) == [({"e1", "e2"}, None)]


def test_an_entry_about_a_known_deal_joins_it() -> None:
    again = judged("e2", "Acme Health", "Beta Cloud", day=2)

    changes = triage([again], [kept(17, "e1", "Acme Health", "Beta Cloud")])

    assert (changes.new, changes.joined) == ((), (JoinedDeal(17, again.verdict),))  # type: ignore[arg-type]


def test_an_expansion_makes_a_deal_that_follows() -> None:
    known = [kept(17, "e1", "Acme Health", "Beta Cloud")]
    expansions = [judged(name, "Acme Health", "Beta Cloud", day=300, status="expanded") for name in ("e2", "e3")]

    changes = triage(expansions, known)

    assert (groups(changes), joined(changes)) == ([({"e2", "e3"}, 17)], set())


def test_a_rejected_entry_is_only_remembered() -> None:
    refused = rejected("e1")

    assert triage([refused], ()) == Triage(judged=(refused,))


def test_an_entry_that_a_deal_holds_already_changes_nothing_more() -> None:
    known = [kept(17, "e1", "Acme Health", "Beta Cloud")]

    changes = triage([judged("e1", "Acme Health", "Beta Cloud")], known)

    assert (changes.new, changes.joined) == ((), ())


def test_late_news_join_a_deal_that_was_told_in_between() -> None:
    deal = combine(
        [
            telling({"parties": ["Acme Health", "Beta Cloud"], "title": "A contract", "day": day}, f"k{day}")
            for day in (0, 20)
        ]
    )

    assert joined(triage([judged("e1", "Acme Health", "Beta Cloud", day=45)], [KnownDeal(17, deal, PUBLISHED)])) == {
        (17, "e1")
    }


def test_a_telling_that_bridges_takes_the_others_along() -> None:
    known = [kept(17, "e1", "Acme Health", "Beta Cloud", day=0)]
    late = judged("e3", "Acme Health", "Beta Cloud", day=40)
    between = judged("e2", "Acme Health", "Beta Cloud", day=20)

    assert joined(triage([late, between], known)) == {(17, "e2"), (17, "e3")}


def test_two_known_deals_that_a_telling_shows_to_be_one_are_united_under_the_older_id() -> None:
    known = [kept(18, "e2", "Acme Health", "Beta Cloud", day=45), kept(17, "e1", "Acme Health", "Beta Cloud", day=0)]

    changes = triage([judged("e3", "Acme Health", "Beta Cloud", day=22)], known)

    assert changes.united == (UnitedDeal(18, into=17),)


def test_deals_that_contradict_each_other_stay_apart_though_a_vague_telling_fits_both() -> None:
    one = kept(17, "e1", "Acme Health", "Beta Cloud", kind="licensing")
    other = kept(18, "e2", "Acme Health", "Beta Cloud", kind="consortium_membership")

    changes = triage([judged("e3", "Acme Health", "Beta Cloud", kind="strategic_partnership")], [one, other])

    assert (len(changes.joined), changes.united) == (1, ())


NAMES = st.sampled_from(["Acme Health", "Beta Cloud", "Google", "Google Cloud", "Mayo Clinic"])
TOLD = st.fixed_dictionaries(
    {
        "parties": st.lists(NAMES, min_size=2, max_size=3, unique=True),
        "title": st.sampled_from(["A contract", "Sensors for nurses", "Records in the cloud"]),
        "kind": st.sampled_from(["strategic_partnership", "customer_selection", "licensing"]),
        "status": st.sampled_from(["announced", "announced", "expanded"]),
        "day": st.integers(-1, 90),
    }
)
POLLS = st.lists(TOLD, max_size=6).map(
    lambda rows: [Judged(entry(f"e{number}"), telling(told, f"e{number}")) for number, told in enumerate(rows)]
)
KNOWN = st.lists(TOLD, max_size=3).map(
    lambda rows: [
        KnownDeal(number, combine([telling(told, f"k{number}")]), PUBLISHED)
        for number, told in enumerate(rows, start=1)
    ]
)


@given(poll=POLLS, known=KNOWN, random=st.randoms())
def test_no_order_of_entries_or_deals_changes_what_a_poll_changes(poll: Any, known: Any, random: Any) -> None:
    expected = triage(poll, known)
    random.shuffle(poll)
    random.shuffle(known)

    assert triage(poll, known) == expected


@given(poll=POLLS, known=KNOWN)
def test_every_announcement_goes_to_one_deal(poll: Any, known: Any) -> None:
    changes = triage(poll, known)

    placed = [each.entry for new in changes.new for each in new.announcements]
    placed += [each.announcement.entry for each in changes.joined]
    assert sorted(placed) == [each.entry.id for each in poll]


@given(poll=POLLS)
def test_what_was_recorded_is_not_new_again(poll: Any) -> None:
    once = triage(poll, ())
    known = [KnownDeal(id, combine(new.announcements), PUBLISHED) for id, new in enumerate(once.new, start=1)]

    again = triage(poll, known)

    assert (again.new, again.joined) == ((), ())
