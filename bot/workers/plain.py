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
from functools import cache
from typing import Any

_NAME = "is"


def to_plain(value: object) -> object:
    """The value as what JSON can write; a dataclass becomes an object that says which one it is."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple() | list() | frozenset():
            return [to_plain(each) for each in value]
        case _ if is_dataclass(value):
            plain = {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
            return {_NAME: type(value).__name__, **plain}
        case _:
            return value


def from_plain(kind: Any, plain: object) -> Any:
    """The value of type `kind` that `plain` stands for. Raises ValueError where it stands for none."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return from_plain(_choose(typing.get_args(kind), plain), plain)
    if origin in (tuple, frozenset):
        inner = typing.get_args(kind)[0]
        return origin(from_plain(inner, each) for each in _checked(list, plain))
    if is_dataclass(kind):
        return _dataclass(kind, _checked(dict, plain))
    if read := _READERS.get(kind):
        return read(plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    return _checked(kind, plain)


def _choose(kinds: tuple[Any, ...], plain: object) -> Any:
    if plain is None and types.NoneType in kinds:
        return types.NoneType
    kinds = tuple(kind for kind in kinds if kind is not types.NoneType)
    if len(kinds) == 1:
        return kinds[0]
    name = _checked(dict, plain).get(_NAME)
    return next((kind for kind in kinds if kind.__name__ == name), None) or _refuse(f"unknown {name!r}"[:80])


def _dataclass(kind: Any, plain: dict[str, object]) -> Any:
    hints = _hints(kind)
    if plain.keys() != hints.keys() | {_NAME} or plain[_NAME] != kind.__name__:
        _refuse(f"not a {kind.__name__}")
    return kind(**{name: from_plain(hint, plain[name]) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


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


_READERS: dict[Any, Callable[[object], Any]] = {float: _float, datetime: _datetime, timedelta: _timedelta}
