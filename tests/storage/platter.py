"""What of SQLite's files has reached the platter, what a power cut may take, and what a disk refuses: a shim below the
driver.

SQLite reaches the outside through a table of functions, its VFS (https://www.sqlite.org/vfs.html). Within `watched` the
default one is a copy whose files tell of each write, each cut of a file's length and each fsync before they do it. What
was written after a file's last fsync is all that a power cut may take: any sector of it may be there, be torn, be
something else, or not be there at all. What a file held before is safe, as SQLite supposes of a disk ("powersafe
overwrite"). A file's name is taken to be safe with its first byte.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_void_p, cast, string_at
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place."""

    at: int
    data: bytes

    def sectors(self) -> Iterator[Write]:
        """The same in pieces, each within one sector."""
        start = 0
        while start < len(self.data):
            end = start + SECTOR - (self.at + start) % SECTOR
            yield Write(self.at + start, self.data[start:end])
            start = end


@dataclass(frozen=True, slots=True)
class Cut:
    """The file's length becomes this."""

    size: int


Change = Write | Cut
Damage = Callable[[tuple[Change, ...], Random], tuple[Change, ...]]
"""What a power cut leaves of what was not synced."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: what its last fsync made safe, and what came since, in order."""

    safe: bytes = b""
    since: tuple[Change, ...] = ()

    def synced(self) -> File:
        return File(_with(self.safe, self.since))

    def after(self, damage: Damage, dice: Random) -> bytes:
        """What stands there when the power is back."""
        return _with(self.safe, damage(self.since, dice))


@dataclass
class Platter:
    """The files of one database, by name. `at_change` is called before each write and each fsync; `refusal` says with
    which of SQLite's result codes it fails instead of being done, 0 for none."""

    files: dict[str, File] = field(default_factory=dict)
    at_change: Callable[[], None] = lambda: None
    refusal: Callable[[], int] = lambda: 0

    def opened(self, path: str) -> None:
        """A file that nobody wrote through us is taken as it lies."""
        there = Path(path)
        self.files.setdefault(path, File(there.read_bytes() if there.exists() else b""))

    def changed(self, path: str, change: Change) -> None:
        self.at_change()
        file = self.files[path]
        self.files[path] = File(file.safe, (*file.since, change))

    def synced(self, path: str) -> None:
        self.at_change()
        self.files[path] = self.files[path].synced()

    def deleted(self, path: str) -> None:
        self.files.pop(path, None)


def lost(since: tuple[Change, ...], dice: Random) -> tuple[Change, ...]:
    """Nothing of it has reached the platter."""
    return ()


def torn(since: tuple[Change, ...], dice: Random) -> tuple[Change, ...]:
    """A beginning of it has, and ends in the middle of a sector."""
    pieces = _pieces(since)
    if not pieces:
        return ()
    kept = pieces[: dice.randrange(len(pieces)) + 1]
    last = kept[-1]
    return (
        (*kept[:-1], Write(last.at, last.data[: dice.randrange(len(last.data))])) if isinstance(last, Write) else kept
    )


def scattered(since: tuple[Change, ...], dice: Random) -> tuple[Change, ...]:
    """Some sectors of it have, whatever stood before them."""
    return tuple(piece for piece in _pieces(since) if dice.random() < 0.5)


def garbled(since: tuple[Change, ...], dice: Random) -> tuple[Change, ...]:
    """All of it has, but in one sector something else stands."""
    pieces = list(_pieces(since))
    writes = [number for number, piece in enumerate(pieces) if isinstance(piece, Write)]
    if writes:
        number = dice.choice(writes)
        piece = pieces[number]
        assert isinstance(piece, Write)
        pieces[number] = Write(piece.at, dice.randbytes(len(piece.data)))
    return tuple(pieces)


def whole(since: tuple[Change, ...], dice: Random) -> tuple[Change, ...]:
    """All of it has."""
    return since


DAMAGES: tuple[Damage, ...] = (lost, torn, scattered, garbled, whole)


def _pieces(since: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(piece for change in since for piece in (change.sectors() if isinstance(change, Write) else (change,)))


def _with(safe: bytes, changes: tuple[Change, ...]) -> bytes:
    content = bytearray(safe)
    for change in changes:
        match change:
            case Write(at, data):
                content.extend(bytes(max(0, at - len(content))))
                content[at : at + len(data)] = data
            case Cut(size):
                content = content[:size] + bytes(max(0, size - len(content)))
    return bytes(content)


# The shim. Structures and signatures: https://www.sqlite.org/c3ref/vfs.html, https://www.sqlite.org/c3ref/io_methods.html

_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_Close = CFUNCTYPE(c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
        ("others", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("close", _Close),
        ("read", c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("others", c_void_p * 13),
    )


class _OpenFile(ctypes.Structure):
    _fields_ = (("methods", POINTER(_Methods)),)


@contextmanager
def watched(platter: Platter) -> Iterator[None]:
    """Within the block every file that SQLite opens by its name tells the platter."""
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    real = library.sqlite3_vfs_find(None).contents
    shim = _Shim(real, platter)
    assert library.sqlite3_vfs_register(byref(shim.vfs), 1) == 0
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(byref(shim.vfs))
        assert library.sqlite3_vfs_register(byref(real), 1) == 0


class _Shim:
    """Keeps what SQLite points to, as long as it does."""

    def __init__(self, real: _Vfs, platter: Platter) -> None:
        self._real = real
        self._platter = platter
        self._paths: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}
        self.vfs = _Vfs.from_buffer_copy(real)
        self.vfs.name = b"watched"
        self.vfs.open = _Open(self._open)
        self.vfs.delete = _Delete(self._delete)

    def _open(self, _vfs: int, name: int | None, file: int, flags: int, given: int | None) -> int:
        path = string_at(name).decode() if name else ""
        if path:
            self._platter.opened(path)
        status: int = self._real.open(byref(self._real), name, file, flags, given)
        opened = cast(file, POINTER(_OpenFile)).contents
        if path and status == 0 and opened.methods:
            self._paths[file] = path
            opened.methods = ctypes.pointer(self._telling(opened.methods.contents))
        return status

    def _telling(self, real: _Methods) -> _Methods:
        """The same functions, of which four tell the platter first."""
        platter, paths, address = self._platter, self._paths, ctypes.addressof(real)

        def close(file: int) -> int:
            paths.pop(file, None)
            return int(real.close(file))

        def write(file: int, data: int, size: int, at: int) -> int:
            if refused := platter.refusal():
                return refused
            platter.changed(paths[file], Write(at, string_at(data, size)))
            return int(real.write(file, data, size, at))

        def truncate(file: int, size: int) -> int:
            platter.changed(paths[file], Cut(size))
            return int(real.truncate(file, size))

        def sync(file: int, flags: int) -> int:
            if refused := platter.refusal():
                return refused
            platter.synced(paths[file])
            return int(real.sync(file, flags))

        if address not in self._methods:
            telling = _Methods.from_buffer_copy(real)
            telling.close, telling.write = _Close(close), _Write(write)
            telling.truncate, telling.sync = _Truncate(truncate), _Sync(sync)
            self._methods[address] = telling
        return self._methods[address]

    def _delete(self, _vfs: int, name: bytes, sync: int) -> int:
        self._platter.deleted(name.decode())
        return int(self._real.delete(byref(self._real), name, sync))
