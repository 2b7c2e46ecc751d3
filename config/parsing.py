"""JSON as the API accepts it: what two programs could read in two ways is refused.

Duplicate keys, NaN and Infinity, numbers with a point (money is a string), whole numbers beyond 64
bits, and nesting deeper than MAX_DEPTH are answered with 400.
"""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32
MAX_DIGITS = 19  # a 64-bit integer has no more


class StrictJSONParser(BaseParser):
    """Parse application/json in UTF-8; raise ParseError for anything ambiguous."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value that the body says."""
        try:
            return loads(stream.read().decode("utf-8"))
        except ValueError as error:  # of decoding, of the JSON text, or of a rule below
            raise ParseError(f"This JSON was not accepted: {error}.") from None


def loads(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError that names the rule it broke.

    >>> loads('{"amount": "15.00", "pieces": 3}')
    {'amount': '15.00', 'pieces': 3}
    >>> loads('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the key 'a' is there twice
    """
    _check_depth(text)
    return json.loads(
        text,
        object_pairs_hook=_without_twins,
        parse_float=_no_float,
        parse_constant=_no_float,
        parse_int=_whole_number,
    )


def _check_depth(text: str) -> None:
    """Count brackets outside of strings: the parser itself would run out of stack."""
    depth = 0
    inside, escaped = False, False
    for char in text:
        if inside:
            inside = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
        elif char in "]}":
            depth -= 1


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:40]!r} is there twice")
        found[key] = value
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text[:40]} is not a whole number; write an amount as a string")


def _whole_number(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"{text[:40]}… has more than {MAX_DIGITS} digits")
    return int(text)
