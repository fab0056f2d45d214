"""A response's body, read and unpacked within limits."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from bot.web.limits import MIB, Limits

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"
_STEP = 256 * 1024
_MOST_MEMBERS = 64


class UnreadableBodyError(Exception):
    """The body cannot be read; its text is a sentence for people."""


class CrowdedError(Exception):
    """The body could be read, if others of ours left room for it."""


class Room:
    """What all bodies under way may take together beyond 1 MiB each: large ones do not crowd out small ones."""

    def __init__(self, free: int) -> None:
        self._free = free

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """A share that is told a body's size as it grows, and is given back at the end."""
        taken = 0

        def grow(size: int) -> None:
            nonlocal taken
            more = max(size - MIB, 0) - taken
            if more > self._free:
                raise CrowdedError
            self._free -= more
            taken += more

        try:
            yield grow
        finally:
            self._free += taken


async def read_body(
    chunks: AsyncIterator[bytes], coding: str, length: int | None, limits: Limits, room: Room | None = None
) -> bytes:
    """The decoded body. `coding` is the Content-Encoding, `length` the declared Content-Length.

    Nothing over the limits is ever held: reading and unpacking stop at once. Raises UnreadableBodyError, and
    CrowdedError where there is no `room`.
    """
    unpack = _unpacker(coding.strip().lower(), limits)
    if length is not None and length > limits.wire:
        raise _too_large(limits.wire)
    wire, pieces = 0, bytearray()
    with (room or Room(limits.decoded)).share() as grow:
        async for chunk in chunks:
            wire += len(chunk)
            if wire > limits.wire:
                raise _too_large(limits.wire)
            unpack.feed(chunk, pieces, wire)
            grow(len(pieces))
    unpack.finish()
    return bytes(pieces)


def _too_large(limit: int) -> UnreadableBodyError:
    return UnreadableBodyError(f"The answer is larger than {limit / MIB:g} MiB")


class _Plain:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def feed(self, chunk: bytes, into: bytearray, wire: int) -> None:
        into += chunk
        if len(into) > self._limits.decoded:
            raise _too_large(self._limits.decoded)

    def finish(self) -> None:
        """A plain body is complete when the connection says so."""


class _Gzip:
    """Unpacks step by step, so that no step makes more than 256 KiB. Bytes after the last member are ignored."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1

    def feed(self, chunk: bytes, into: bytearray, wire: int) -> None:
        rest = chunk
        while rest:
            try:
                into += self._member.decompress(rest, _STEP)
            except zlib.error:
                raise UnreadableBodyError("The answer is compressed, and damaged") from None
            self._check(len(into), wire)
            rest = self._member.unconsumed_tail or self._next_member()

    def finish(self) -> None:
        if not self._member.eof:
            raise UnreadableBodyError("The answer ends in the middle")

    def _next_member(self) -> bytes:
        rest = self._member.unused_data
        if not rest.startswith(_GZIP_START):
            return b""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise UnreadableBodyError("The answer is compressed in too many pieces")
        self._member = zlib.decompressobj(_GZIP)
        return rest

    def _check(self, size: int, wire: int) -> None:
        if size > self._limits.decoded:
            raise _too_large(self._limits.decoded)
        if size > MIB and size > wire * self._limits.ratio:
            raise UnreadableBodyError(f"The answer unpacks to more than {self._limits.ratio} times its size")


def _unpacker(coding: str, limits: Limits) -> _Plain | _Gzip:
    if coding in ("", "identity"):
        return _Plain(limits)
    if coding in ("gzip", "x-gzip"):
        return _Gzip(limits)
    raise UnreadableBodyError("The answer is compressed in a way that we did not ask for")
