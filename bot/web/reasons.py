"""What went wrong with a request, in sentences for people. Nothing that a server sent is ever in them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from http import HTTPStatus

import aiohttp

from bot.web.body import UnreadableBodyError
from bot.web.guard import AddressNotAllowedError
from bot.web.limits import Limits

_STATUSES = {
    400: "the site does not understand the request",
    401: "the site asks for a log-in",
    402: "the site asks for money",
    403: "the site refuses us",
    404: "nothing stands at this address",
    406: "the site refuses us",
    410: "the feed is gone for good",
    429: "the site asks us to come less often",
    451: "the site may not show this, for legal reasons",
    500: "the site has a fault of its own",
    502: "the site is out of order just now",
    503: "the site is out of order just now",
    504: "the site is out of order just now",
}


def of_status(status: int, *, is_challenge: bool = False) -> str:
    """A sentence for a status that brings no body we can use."""
    if is_challenge:
        return f"HTTP {status}: the site lets only browsers in"
    if status in _STATUSES:
        return f"HTTP {status}: {_STATUSES[status]}"
    known = next((each.phrase.lower() for each in HTTPStatus if each == status), "an answer that we do not know")
    return f"HTTP {status}: {known}"


def of_error(error: BaseException, limits: Limits) -> str:
    """A sentence for what a request raised."""
    causes = list(_causes(error))
    if any(isinstance(each, AddressNotAllowedError) for each in causes):
        return str(AddressNotAllowedError())
    for each in causes:
        if isinstance(each, UnreadableBodyError):
            return str(each)
        if isinstance(each, socket.gaierror):
            is_unknown = each.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            return "The site's name does not exist" if is_unknown else "The site's name cannot be looked up just now"
    return next((sentence for kind, sentence in _sentences(limits) if isinstance(error, kind)), "The request failed")


def is_unreached(error: BaseException) -> bool:
    """Whether no machine answered at all: no name was found, or nobody took the connection."""
    if any(isinstance(each, AddressNotAllowedError) for each in _causes(error)):
        return False
    is_heard = isinstance(error, aiohttp.ClientConnectorSSLError | aiohttp.ClientConnectorCertificateError)
    return isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError) and not is_heard


def _sentences(limits: Limits) -> tuple[tuple[type[BaseException], str], ...]:
    """The first that fits counts, so the narrower kinds stand first."""
    return (
        (aiohttp.ConnectionTimeoutError, f"The site did not answer within {limits.connect:g} seconds"),
        (asyncio.TimeoutError, f"The site did not finish its answer within {limits.total:g} seconds"),
        (aiohttp.ClientConnectorCertificateError, "The site's certificate is not valid"),
        (aiohttp.ClientConnectorSSLError, "No secure connection to the site could be made"),
        (aiohttp.ClientConnectorDNSError, "The site's name does not exist"),
        (aiohttp.ClientConnectorError, "The site does not accept connections"),
        (aiohttp.ServerDisconnectedError, "The site hung up without an answer"),
        (aiohttp.ClientPayloadError, "The answer ends in the middle"),
        (aiohttp.ClientResponseError, "The answer is not proper HTTP"),
        (aiohttp.InvalidURL, "This is not a web address"),
        (aiohttp.ClientError, "The connection broke"),
        (OSError, "The connection broke"),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        inner = getattr(error, "os_error", None)
        error = inner if isinstance(inner, BaseException) else (error.__cause__ or error.__context__)
