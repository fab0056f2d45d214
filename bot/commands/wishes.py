"""What a channel wishes for: the options of `subscribe` and `settings`, read and shown. Pure but for completion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.digests.message import Name
from bot.digests.model import Channel, Form, Subscription, Timetable, Topics, WhenEmpty
from bot.digests.spelling import check_zone, describe, parse_days, parse_nth, parse_quiet, parse_times, zones
from bot.errors import UserError
from bot.feeds.model import Sector
from bot.platforms.base import Option, Request
from bot.suggest import did_you_mean

MOST_DEALS = 50
MOST_WORDS, LONGEST_WORD = 30, 60
ANYTHING = frozenset(("any", "all", "none", "nothing", "-"))
"""Each of these clears a list: every sector, no words."""

DISCORD = "discord"
"""The one platform with roles."""

_OFFERED = 20
_ROLE = re.compile(r"<@&(\d{1,20})>")


def wish_options() -> tuple[Option, ...]:
    """The options, all of which may be left out, in the order in which they may be given without names."""
    return (
        Option("days", "weekdays, daily, mon,wed,fri, mon-thu, first monday or last weekday", complete=_complete_days),
        Option("times", "local times, such as 08:00 or 08:00,17:30", complete=_complete_times),
        Option("zone", "the time zone, such as Europe/London", complete=_complete_zones),
        Option("sectors", f"any, or some of {', '.join(map(_sector_name, Sector))}", complete=_complete_sectors),
        Option("include", "only deals with one of these words, separated by commas; none to clear"),
        Option("exclude", "never deals with one of these words, separated by commas; none to clear"),
        Option("minimum_score", "how sure it must be that it is a deal", float, minimum=0, maximum=1),
        Option("maximum", "the most deals in one digest", int, minimum=1, maximum=MOST_DEALS),
        Option("empty", "when nothing is new: a line, or silence", choices=tuple(WhenEmpty)),
        Option("quiet", "hours without any message, such as 22:00-07:00; none to clear"),
        Option("form", "a digest; or instant, each deal as soon as it is known", choices=tuple(Form)),
        Option("instants", "the most instant messages a day; the digest has the rest", int, minimum=1, maximum=50),
        Option("mention", "on Discord: the @role that new deals are for; none to clear"),
    )


def with_wishes(subscription: Subscription, request: Request) -> Subscription:
    """The subscription with what the request asks for; UserError names the wish that cannot be had."""
    before = subscription.topics
    sectors, include, exclude = request.text("sectors"), request.text("include"), request.text("exclude")
    mention = request.text("mention")
    score, empty, form = request.values.get("minimum_score"), request.text("empty"), request.text("form")
    return replace(
        subscription,
        timetable=_timetable(subscription.timetable, request),
        topics=Topics(
            sectors=parse_sectors(sectors) if sectors else before.sectors,
            include=parse_words(include) if include else before.include,
            exclude=parse_words(exclude) if exclude else before.exclude,
            minimum_score=before.minimum_score if score is None else float(score),
        ),
        maximum=int(request.values.get("maximum", subscription.maximum)),
        when_empty=WhenEmpty(empty) if empty else subscription.when_empty,
        form=Form(form) if form else subscription.form,
        instants=int(request.values.get("instants", subscription.instants)),
        mention=parse_mention(mention, request.place) if mention else subscription.mention,
    )


def wishes_in_words(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """The rows of a table that tells all of the subscription's wishes."""
    topics = subscription.topics
    sectors = ", ".join(_sector_name(sector) for sector in Sector if sector in topics.sectors)
    return (
        ("When", describe(subscription.timetable)),
        *_seldom_in_words(subscription),
        ("Sectors", sectors or "any"),
        ("Only with", ", ".join(topics.include) or "any words"),
        ("Never with", ", ".join(topics.exclude) or "no words"),
        ("Sure at least", f"{topics.minimum_score:.0%}"),
        ("At most", f"{subscription.maximum} deal{'' if subscription.maximum == 1 else 's'} a digest"),
        ("Nothing new", "one line" if subscription.when_empty is WhenEmpty.LINE else "silence"),
    )


def _timetable(before: Timetable, request: Request) -> Timetable:
    days, times, zone, quiet = (request.text(name) for name in ("days", "times", "zone", "quiet"))
    return Timetable(
        days=parse_days(days) if days else before.days,
        times=parse_times(times) if times else before.times,
        zone=check_zone(zone) if zone else before.zone,
        nth=parse_nth(days) if days else before.nth,
        quiet=parse_quiet(quiet) if quiet else before.quiet,
    )


def _seldom_in_words(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """What most channels do not wish for, and so is told only where it is."""
    quiet, rows = subscription.timetable.quiet, list[tuple[str, str]]()
    if quiet:
        rows.append(("Quiet", f"from {quiet.start:%H:%M} to {quiet.end:%H:%M}"))
    if subscription.form is Form.INSTANT:
        rows.append(("Instant", f"each deal as soon as it is known, up to {subscription.instants} messages a day"))
    if subscription.mention:
        rows.append(("Mentions", Name(subscription.mention, "role")))
    return tuple(rows)


def parse_sectors(text: str) -> frozenset[Sector]:
    """Sectors as in "health system, payers"; empty for "any". UserError suggests what may have been meant."""
    return frozenset(_sector(part) for part in _parts(text))


def parse_words(text: str) -> tuple[str, ...]:
    """Words or phrases between commas, each once; empty for "none"."""
    words = tuple(dict.fromkeys(" ".join(part.split()) for part in _parts(text)))
    if len(words) > MOST_WORDS:
        raise UserError(f"That is {len(words)} words; {MOST_WORDS} is the most for one list.")
    too_long = next((word for word in words if len(word) > LONGEST_WORD), None)
    if too_long:
        raise UserError(f"“{too_long[:20]}…” is longer than {LONGEST_WORD} characters. Separate words by commas.")
    return words


def parse_mention(text: str, place: Channel) -> str | None:
    """The id of a role as Discord writes one that was picked; None for "none". UserError says what can be mentioned."""
    if text.strip().casefold() in ANYTHING:
        return None
    if place.platform != DISCORD:
        raise UserError("Mentioning a role is for Discord; here digests mention nobody.")
    found = _ROLE.fullmatch(text.strip())
    # The role of everyone has the server's own id.
    if found is None or found[1] == place.workspace:
        raise UserError("Only one role of this server can be mentioned: type @ and pick it from the list.")
    return found[1]


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [] if len(parts) == 1 and parts[0].casefold() in ANYTHING else parts


def _sector(text: str) -> Sector:
    said = text.casefold().replace("_", " ").replace("-", " ").strip()
    names = {_sector_name(sector): sector for sector in Sector}
    found = names.get(said) or names.get(said.removesuffix("s")) or names.get(f"{said}s")
    if found is None:
        hint = did_you_mean(said, names)
        raise UserError(f"“{text}” is not a sector.{hint} There are {', '.join(names)}; any means all of them.")
    return found


def _sector_name(sector: Sector) -> str:
    return sector.value.replace("_", " ")


async def _complete_days(request: Request, typed: str) -> Sequence[str]:
    return [
        days
        for days in ("weekdays", "daily", "weekends", "mon,wed,fri", "mon-thu", "first monday")
        if days.startswith(typed)
    ]


async def _complete_times(request: Request, typed: str) -> Sequence[str]:
    """Whole and half hours for the part after the last comma."""
    before, comma, last = typed.rpartition(",")
    start = last.strip()
    hours = [f"{hour:02}:{minute:02}" for minute in (0, 30) for hour in (*range(6, 24), *range(6))]
    fitting = [each for each in hours if each.startswith((start, f"0{start}"))]
    return [f"{before}{comma}{each}" for each in fitting][:_OFFERED]


async def _complete_zones(request: Request, typed: str) -> Sequence[str]:
    wanted = typed.casefold().replace(" ", "_")
    return [zone for zone in zones() if wanted in zone.casefold()][:_OFFERED]


async def _complete_sectors(request: Request, typed: str) -> Sequence[str]:
    """Sectors for the part after the last comma."""
    before, comma, last = typed.rpartition(",")
    start = last.strip().casefold()
    return [f"{before}{comma}{name}" for name in map(_sector_name, Sector) if name.startswith(start)]
