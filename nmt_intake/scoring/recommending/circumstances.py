"""What a plan depends on beside the figures: who is there, what people said, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Strength:
    """Words somebody used for something good, by whom; `of_today` if it holds at this age."""

    text: str
    said_by: str
    slot: str = ""
    of_today: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """The clinician wants this activity: in `phase` (None: its own), there at `place` from 1.

    No place: where it stands already, or at the end.
    """

    activity: str
    phase: str | None = None
    place: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The clinician does not want this activity."""

    activity: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan depends on beside the figures.

    `unconfirmed` are the keys (`functions.sleep`) of ratings that are suggestions only;
    `bands_before` the band of each domain at the last plan; dropped wins over chosen.
    """

    unconfirmed: frozenset[str] = frozenset()
    strengths: tuple[Strength, ...] = ()
    client_is_only_informant: bool = False
    safety_open: bool = False
    bands_before: Mapping[str, str] = field(default_factory=dict[str, str])
    chosen: tuple[Chosen, ...] = ()
    dropped: tuple[Dropped, ...] = ()
