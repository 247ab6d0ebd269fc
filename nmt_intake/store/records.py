"""Records as bytes and back, with nothing that JSON can't carry faithfully."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeGuard

from nmt_intake.store.errors import BadRecord
from nmt_intake.store.protocols import RECORD_KEYS, JsonValue, Record

LARGEST_CHANGE: Final = 8 << 20


# Made once: building an encoder for each call costs more than encoding an answer.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class NotJson(ValueError):
    """Text that is not the strict JSON that the store writes."""


class TooLarge(NotJson):
    """More than may be saved at once."""

    def __init__(self) -> None:
        super().__init__("too large to be saved at once")


def encode(value: object) -> bytes:
    """Return compact JSON; raises NotJson for what JSON in UTF-8 can't carry."""
    try:
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from None


def decode(data: bytes) -> JsonValue:
    """Read JSON that somebody may have tampered with: no duplicate keys, no NaN, no deep nests."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from None


def decode_own(data: bytes) -> JsonValue:
    """Read JSON whose seal proved that this program wrote it; three times as fast."""
    return json.loads(data.decode())


def require_keys(case_id: str, records: Sequence[Record]) -> None:
    """Raise BadRecord for a record that lacks what every store relies on."""
    for record in records:
        for key in RECORD_KEYS:
            if not isinstance(record.get(key), str):
                raise BadRecord(case_id, f"An event has no text under '{key}'.")


def unwritable(case_id: str, error: NotJson) -> BadRecord:
    """Return what a caller is told whose records can't be kept."""
    return BadRecord(case_id, f"An event can't be written as JSON ({error}).")


def fresh_copy(records: Sequence[Mapping[str, JsonValue]]) -> list[dict[str, JsonValue]]:
    """Return the same records, sharing nothing with the originals."""
    return objects(decode_own(encode(list(records))))


def objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    """Return the objects of a JSON array; anything else in it is NotJson."""
    if not isinstance(value, list):
        raise NotJson("not an array")
    return [obj(item) for item in value]


def obj(value: JsonValue) -> dict[str, JsonValue]:
    """Return a JSON object as one; anything else is NotJson."""
    if not isinstance(value, dict):
        raise NotJson("not an object")
    return value


def text(value: JsonValue, otherwise: str = "") -> str:
    """Return a JSON text, or `otherwise` where there is none."""
    return value if isinstance(value, str) else otherwise


def number(value: JsonValue) -> int:
    """Return a JSON whole number, or 0 where there is none."""
    return value if is_number(value) else 0


def is_number(value: JsonValue) -> TypeGuard[int]:
    """Return whether a JSON value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson("duplicate key")
    return found


def _refuse(constant: str) -> NoReturn:
    raise NotJson(constant)
