"""What the reader of a report may see, how long it is, in which words and in whose look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

SUBSTANCE: Final = "substance"
THIRD_PARTY: Final = "third_party"
Recipient: TypeAlias = Literal["clinician", "family", "school", "research"]
RECIPIENTS: Final[tuple[Recipient, ...]] = ("clinician", "family", "school", "research")
Length: TypeAlias = Literal["summary", "report", "record"]
LENGTHS: Final[tuple[Length, ...]] = ("summary", "report", "record")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the reader of a copy may see. Names of people are in no copy.

    `substance` False leaves out what is tagged so, `third_parties` False what is tagged as about
    somebody else's life, and the names of people and homes; `safety_words` shows the words of
    safety notes; `name` is a pseudonym in place of the client's initials and hides the birth
    date; `dates` False puts ages in place of dates everywhere. `reader` is who it is written for:
    a family and a school get a report of their own kind.
    """

    substance: bool = True
    safety_words: bool = False
    name: str | None = None
    third_parties: bool = True
    dates: bool = True
    reader: Recipient = "clinician"

    @property
    def hides_birth(self) -> bool:
        """Whether the day of birth is left out, and the age told in whole months."""
        return self.name is not None or not self.dates

    @property
    def tags(self) -> frozenset[str]:
        """The tags of questions that are left out."""
        kinds = ((SUBSTANCE, self.substance), (THIRD_PARTY, self.third_parties))
        return frozenset(tag for tag, shown in kinds if not shown)


@dataclass(frozen=True, slots=True)
class House:
    """An agency's own look: its name, foot line, logo (an SVG or PNG file's bytes), own wording.

    `wording` replaces fixed texts by their code in the catalogue; `sections` puts sections in
    another order and leaves out those it does not name; `template` is Typst markup for the paper.
    """

    name: str = ""
    foot: str = ""
    logo: bytes = b""
    paper: str = "a4"
    length: Length | None = None
    language: str | None = None
    sections: tuple[str, ...] = ()
    wording: Mapping[str, str] = field(default_factory=dict[str, str])
    template: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """How a report is made: how long, in which language (None: the bank's), in whose look."""

    length: Length = "report"
    language: str | None = None
    house: House = field(default_factory=House)


# The report's word for it.
Wanted = Policy

__all__ = [
    "LENGTHS",
    "RECIPIENTS",
    "SUBSTANCE",
    "THIRD_PARTY",
    "Edition",
    "House",
    "Length",
    "Policy",
    "Recipient",
    "Wanted",
]
