"""The record of a rehearsal: the turns, what was coded, how it was rated and planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from nmt_intake.interview.events import Basis, Confidence, MissingReason
from nmt_intake.rehearsal.cast import Cast
from nmt_intake.rehearsal.conversation import Turn


@dataclass(frozen=True, slots=True)
class Coded:
    """What the interviewer coded of one informant at one question."""

    value: JsonValue = None
    missing: MissingReason | None = None
    basis: Basis | None = None
    confidence: Confidence | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A finished rehearsal. `coded` is by slot and informant, `ratings` by id with their reasons.

    `plan` are the functions that the plan reaches, in its order; None where there is none yet.
    """

    cast: Cast
    seed: int
    style: str
    turns: tuple[Turn, ...]
    coded: Mapping[tuple[str, str | None], Coded]
    ratings: Mapping[str, tuple[int | None, str]] = field(
        default_factory=dict[str, "tuple[int | None, str]"]
    )
    plan: tuple[str, ...] | None = None
