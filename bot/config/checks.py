"""What a value of the file must be; ValueError says what would be right, in the words that commands use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from ipaddress import ip_network
from typing import TypeVar

from bot.digests.spelling import MAXIMUM_TIMES, check_zone, parse_days
from bot.errors import UserError
from bot.feeds.links import canonical
from bot.feeds.pack import packs

T = TypeVar("T")


def check_days(text: str) -> str:
    """The days as written, if they can be read."""
    _told(parse_days, text)
    return text


def check_zone_name(name: str) -> str:
    """The zone in its right spelling."""
    return _told(check_zone, name)


def check_network(text: str) -> str:
    """The address or network as written."""
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not an address or a network such as 192.0.2.0/24") from error
    return text


def check_pack(name: str) -> str:
    """The name of a built-in pack."""
    if name not in packs():
        raise ValueError(f"there is no pack {name!r}; there are {', '.join(packs())}")
    return name


def check_times(times: tuple[time, ...]) -> tuple[time, ...]:
    """The times as a timetable wants them: local, earliest first, none twice, not more than commands allow."""
    if any(at.tzinfo for at in times):
        raise ValueError("a time has no zone of its own; write 08:00 and set `zone`")
    if len(set(times)) > MAXIMUM_TIMES:
        raise ValueError(f"that is {len(set(times))} digests a day; {MAXIMUM_TIMES} is the most")
    return tuple(sorted(set(times)))


def check_address(url: str) -> str:
    """The canonical form of a feed's address, as `feeds add` keeps it."""
    found = canonical(url)
    if found is None:
        raise ValueError("this is not a web address that can be asked; write it as https://example.org/feed")
    return found


def _told(check: Callable[[str], T], text: str) -> T:
    try:
        return check(text)
    except UserError as error:
        raise ValueError(str(error)) from error
