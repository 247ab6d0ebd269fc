"""Sources and where they stand, so that every problem has a file and a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nmt_intake.bank import sources


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source stands: its file, and the lines of its keys (0 for the thing itself)."""

    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict[str, int])

    def of(self, key: str) -> int:
        """Return the line of one of its keys."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block file that was read: its head, and each question that was well formed.

    `broken` are the ids of questions that were not: nothing more is said of what names them.
    """

    source: sources.BlockSource
    place: Place
    questions: tuple[tuple[sources.QuestionSource, Place], ...]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacedRating:
    """A rating that was read, where it stands, and where its rules stand."""

    source: sources.RatingSource
    place: Place
    rules: tuple[Place, ...]
    facts: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedFacts:
    """Facts that bear on a rating, where they stand, each and as a whole."""

    source: sources.FactsSource
    place: Place
    facts: tuple[Place, ...]
