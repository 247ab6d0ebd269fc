"""What the reader of a report may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader of a report may see.

    `substance` False leaves out answers tagged so; `safety_words` shows the words of safety
    notes; `name` is a pseudonym in place of the client's initials, and hides the birth date.
    """

    substance: bool = True
    safety_words: bool = False
    name: str | None = None
