"""Frozen dataclasses as canonical JSON, and back: the same facts give the same bytes.

The form is that of RFC 8785 (JCS): keys sorted, no blanks, UTF-8. It needs no rule for numbers,
as there are only whole ones. What a field's name ends with says how it is written:

    ..._micros   an amount, as text with 2 to 6 decimals: "paid_micros" becomes "paid": "38.40"
    ..._at_ms    an instant, in RFC 3339, UTC: "issued_at_ms" becomes "issued_at": "2026-11-02T…Z"
    ..._ms       a duration, whole milliseconds, under its own name
    ..._on       a date, in ISO 8601

A field with the metadata LATER came to the form when statements had been issued: it is left out
where it has nothing to say, so that theirs stay as they are, to the byte.
"""

import json
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ledger.money import format_amount, parse_micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AMOUNT, INSTANT = "_micros", "_at_ms"
LATER = {"later": True}

T = typing.TypeVar("T")
Codec = tuple[Callable[[Any], Any], Callable[[Any], Any]]
CODECS: dict[type, Codec] = {}


def to_text(value: Any) -> str:
    """Return a dataclass of this package as canonical JSON, without a final newline.

    A lone surrogate, which no encoding can carry, becomes a question mark.
    """
    plain = _of_class(type(value))[0](value)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def from_text(cls: type[T], text: str) -> T:
    """Return the dataclass that `text` describes.

    Raises ValueError naming what is missing, unknown or of the wrong kind.
    """
    value: T = _of_class(cls)[1](json.loads(text))
    return value


def _of_class(cls: type) -> Codec:
    """Return how a dataclass is written and read; worked out once a class."""
    codec = CODECS.get(cls)
    if codec is None:
        codec = CODECS[cls] = _worked_out(cls)
    return codec


def _worked_out(cls: type) -> Codec:
    hints = typing.get_type_hints(cls)
    parts = [(f.name, _key(f.name), *_of_field(f.name, hints[f.name])) for f in fields(cls)]
    keys = {key for _, key, _, _ in parts}
    later = {_key(f.name): f.default for f in fields(cls) if f.metadata == LATER}
    always = keys - later.keys()
    later_parts = [part for part in parts if part[1] in later]

    def write(value: Any) -> dict[str, Any]:
        plain = {key: to(getattr(value, name)) for name, key, to, _ in parts}
        for name, key, _, _ in later_parts:
            if getattr(value, name) == later[key]:
                del plain[key]
        return plain

    def read(plain: Any) -> Any:
        if not isinstance(plain, dict) or not always <= plain.keys() <= keys:
            found = sorted(plain) if isinstance(plain, dict) else plain
            raise ValueError(f"{found!r:.200} is not a {cls.__name__}: it needs {sorted(keys)}")
        return cls(**{name: back(plain[key]) for name, key, _, back in parts if key in plain})

    return write, read


def _key(name: str) -> str:
    if name.endswith(AMOUNT):
        return name.removesuffix(AMOUNT)
    return name.removesuffix("_ms") if name.endswith(INSTANT) else name


def _of_field(name: str, hint: Any) -> Codec:
    """Return how one field is written and read, from the end of its name and its type."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (kind,) = [part for part in typing.get_args(hint) if part is not type(None)]
        to, back = _of_field(name, kind)
        return _unless_none(to), _unless_none(back)
    if typing.get_origin(hint) is tuple:
        to, back = _of_field(name, typing.get_args(hint)[0])
        return (
            lambda values: [to(value) for value in values],
            lambda values: tuple(back(value) for value in _a(list, values)),
        )
    if is_dataclass(hint):
        return _of_class(typing.cast(type, hint))
    if name.endswith(AMOUNT):
        return format_amount, lambda text: parse_micros(_a(str, text))
    if name.endswith(INSTANT):
        return instant, _instant_ms
    if hint is date:
        return date.isoformat, lambda text: date.fromisoformat(_a(str, text))
    return (lambda value: value), (lambda value: _a(hint, value))


def _unless_none(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else change(value)


def _a(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r:.80} must be of type {kind.__name__}")
    return value


def instant(at_ms: int) -> str:
    """Return an instant in RFC 3339 with milliseconds, UTC.

    >>> instant(1_793_606_400_000)
    '2026-11-02T08:00:00.000Z'
    """
    moment = EPOCH + timedelta(milliseconds=at_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _instant_ms(text: Any) -> int:
    moment = datetime.strptime(_a(str, text), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(milliseconds=1)
