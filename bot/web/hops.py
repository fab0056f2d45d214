"""Where a redirect may lead. Pure; addresses are checked again when they are dialled."""

from __future__ import annotations

from bot.feeds.answer import FetchFailed
from bot.feeds.links import absolute


def next_hop(hop: str, location: str, seen: set[str]) -> str | FetchFailed:
    """The address that `location` names, seen from `hop`; a failure where it is none, insecure or was `seen` before."""
    target = absolute(location, hop)
    if target is None:
        return FetchFailed("The site redirects to something that is not a web address")
    if target in seen:
        return FetchFailed("The site redirects in a circle")
    if hop.startswith("https:") and not target.startswith("https:"):
        return FetchFailed("The site redirects from a secure to an insecure address")
    return target
