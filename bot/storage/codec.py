"""Values ↔ JSON, checked on the way back. The keys are the fields' names."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def encode(value: object) -> str:
    """The JSON of a dataclass value."""
    text: bytes = _adapter(type(value)).dump_json(value)
    return text.decode()


def decode(kind: type[T], text: str) -> T:
    """The value that `encode` wrote. Raises ValueError when the text does not fit the type."""
    value: T = _adapter(kind).validate_json(text)
    return value


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
