"""Events for tests: apart, because a worker that is killed a hundred times must start quickly."""

from __future__ import annotations

from nmt_intake.store.protocols import RECORD_KEYS, Record


def event(number: int) -> Record:
    """Return an event with some content of its own."""
    said = {key: f"{key}-{number}" for key in RECORD_KEYS}
    return {**said, "value": {"note": "she would not take the bottle " * (number % 4)}}
