"""Events for tests: apart, because a worker that is killed a hundred times must start quickly."""

from __future__ import annotations

from nmt_intake.store.protocols import RECORD_KEYS, Record

KINDS = ("question answered", "answer amended", "undone", "question answered")


def event(number: int) -> Record:
    """Return an event with some content of its own: an answer, an edit or an undo of it."""
    said = {key: f"{key}-{number}" for key in RECORD_KEYS}
    note = "she would not take the bottle " * (number % 4)
    return {
        **said,
        "kind": KINDS[number % len(KINDS)],
        "of": f"id-{number - 1}",
        "value": {"note": note},
    }
