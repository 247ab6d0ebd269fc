"""What the reader of a report may see: the one disclosure policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SUBSTANCE: Final = "substance"
THIRD_PARTY: Final = "third_party"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the reader of a copy may see. Names of people are in no copy.

    `substance` False leaves out what is tagged so, `third_parties` False what is tagged as about
    somebody else's life, and the names of people and homes; `safety_words` shows the words of
    safety notes; `name` is a pseudonym in place of the client's initials and hides the birth
    date; `dates` False puts ages in place of dates everywhere.
    """

    substance: bool = True
    safety_words: bool = False
    name: str | None = None
    third_parties: bool = True
    dates: bool = True

    @property
    def hides_birth(self) -> bool:
        """Whether the day of birth is left out, and the age told in whole months."""
        return self.name is not None or not self.dates

    @property
    def tags(self) -> frozenset[str]:
        """The tags of questions that are left out."""
        kinds = ((SUBSTANCE, self.substance), (THIRD_PARTY, self.third_parties))
        return frozenset(tag for tag, shown in kinds if not shown)


# The report's word for it.
Wanted = Policy

__all__ = ["SUBSTANCE", "THIRD_PARTY", "Policy", "Wanted"]
