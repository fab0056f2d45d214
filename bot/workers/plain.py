"""Our values ↔ plain JSON values, checked against their declared types on the way back.

What a child sends is not to be trusted: it may have been taken over by what it read. So nothing is unpickled, and a
value that does not have the type it should have is refused.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any

Reader = Callable[[object], Any]
Writer = Callable[[Any], object]

_NAME = "is"


def to_plain(value: object) -> object:
    """The value as what JSON can write; a dataclass becomes an object that says which one it is."""
    kind: Any = type(value)
    write = _writer(kind)
    return value if write is None else write(value)


@cache
def _writer(kind: Any) -> Writer | None:
    """What makes values of this type plain; None where they are."""
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return datetime.isoformat
    if issubclass(kind, timedelta):
        return timedelta.total_seconds
    if issubclass(kind, tuple | list | frozenset):
        return lambda values: [to_plain(value) for value in values]
    if is_dataclass(kind):
        names = tuple(each.name for each in fields(kind))
        return lambda value: {_NAME: type(value).__name__, **{name: to_plain(getattr(value, name)) for name in names}}
    return None


def from_plain(kind: Any, plain: object) -> Any:
    """The value of type `kind` that `plain` stands for. Raises ValueError where it stands for none."""
    return _reader(kind)(plain)


@cache
def _reader(kind: Any) -> Reader:
    """What reads values of this type. Made once: asking a type what it is takes longer than reading most values."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _one_of(typing.get_args(kind))
    if origin in (tuple, frozenset):
        read = _reader(typing.get_args(kind)[0])
        return lambda plain: origin(map(read, _checked(list, plain)))
    if is_dataclass(kind):
        return _dataclass(kind)
    if kind in _READERS:
        return _READERS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return partial(_checked, kind)


def _one_of(kinds: tuple[Any, ...]) -> Reader:
    """Nothing where that is allowed; else the only kind there is, or the one that the value names."""
    readers = {kind.__name__: _reader(kind) for kind in kinds if kind is not types.NoneType}
    only = next(iter(readers.values())) if len(readers) == 1 else None

    def read(plain: object) -> Any:
        if plain is None and types.NoneType in kinds:
            return None
        if only:
            return only(plain)
        name = _checked(dict, plain).get(_NAME)
        return readers[name](plain) if isinstance(name, str) and name in readers else _refuse(f"unknown {name!r}"[:80])

    return read


def _dataclass(kind: Any) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {name: _reader(hint) for name, hint in hints.items()}
    names = {*hints, _NAME}

    def read(plain: object) -> Any:
        told = _checked(dict, plain)
        if told.keys() != names or told[_NAME] != kind.__name__:
            _refuse(f"not a {kind.__name__}")
        return kind(**{name: read(told[name]) for name, read in readers.items()})

    return read


def _checked(kind: Any, plain: object) -> Any:
    # bool is an int to Python, and to nobody else.
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        _refuse(f"not a {kind.__name__}")
    return plain


def _refuse(what: str) -> typing.NoReturn:
    raise ValueError(what)


def _float(plain: object) -> float:
    return float(plain) if isinstance(plain, int | float) else _refuse("not a number")


def _datetime(plain: object) -> datetime:
    return datetime.fromisoformat(_checked(str, plain))


def _timedelta(plain: object) -> timedelta:
    return timedelta(seconds=_float(plain))


_READERS: dict[Any, Reader] = {float: _float, datetime: _datetime, timedelta: _timedelta}
