"""The problems found while compiling, and the hint that belongs to a misspelt word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.problems import Problem
from nmt_intake.text import clean

_MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Notes:
    """A list of problems that grows while a bank is compiled; nothing is raised."""

    problems: list[Problem] = field(default_factory=list[Problem])

    def note(
        self, place: Place, key: str, code: str, question: str, message: str, advice: str
    ) -> None:
        """Note a problem at the line of `key`."""
        problem = Problem(place.file, place.of(key), code, clean(question, 120), message, advice)
        self.problems.append(problem)


def near(word: str, known: Iterable[str], block: str = "") -> str:
    """Return what to write instead of `word`: the nearest of the known, or all if they are few."""
    names = sorted(known)
    found = difflib.get_close_matches(word, names, n=1)
    if not found:
        bare = word.rpartition(".")[2]
        found = [name for name in names if name.rpartition(".")[2] == bare][:1]
    if found:
        shown = found[0].removeprefix(f"{block}.") if block else found[0]
        return f"Did you mean {shown!r}?"
    if 0 < len(names) <= _MOST_LISTED:
        return f"Known are {', '.join(names)}."
    return "Check the spelling."
