"""Words for the closed lists (missing reasons, bases, periods ...), one catalogue per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from nmt_intake.vocabulary import MISSING_REASONS, PERIODS

_BASES: Final = ("saw", "told", "read", "guess")
# What does not apply is nothing to find out.
_SHOWN_APART: Final = tuple(each for each in MISSING_REASONS if each != "not-applicable")
_LOOPS: Final = ("caregiver", "placement", "exposure")
# The codes that each list has words for: all of them, and no other.
CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "missing": MISSING_REASONS,
    "missing_at_desk": MISSING_REASONS,
    "missing_titles": _SHOWN_APART,
    "missing_advice": _SHOWN_APART,
    "bases": _BASES,
    "bases_at_desk": _BASES,
    "confidences": ("high", "moderate", "low"),
    "periods": PERIODS,
    "period_ages": PERIODS,
    "loops": _LOOPS,
    "this_one": _LOOPS,
    "another": _LOOPS,
    "tellers": ("caregiver", "self", "professional"),
    "answers": (
        "yes",
        "no",
        "none_of_them",
        "not_asked_yet",
        "known_from_referral",
        "closed",
        "not_named",
        "no_basis",
        "no_source",
    ),
}


@dataclass(frozen=True)
class Words:
    """The words of one language, by list and code; each list is whole.

    `missing_titles` and `missing_advice` stand over what is not known in a report.
    `another` offers one more of what is asked for each. `titles` are functions, domains, regions,
    items, periods and bands where this language has other words than the scoring data; `report`
    are the fixed texts of a report, `{name}` standing for what is put in. `lacking` names the
    entries (`missing.masked`) that only English gave.
    """

    missing: Mapping[str, str]
    missing_at_desk: Mapping[str, str]
    missing_titles: Mapping[str, str]
    missing_advice: Mapping[str, str]
    bases: Mapping[str, str]
    bases_at_desk: Mapping[str, str]
    confidences: Mapping[str, str]
    periods: Mapping[str, str]
    period_ages: Mapping[str, str]
    loops: Mapping[str, str]
    this_one: Mapping[str, str]
    another: Mapping[str, str]
    tellers: Mapping[str, str]
    answers: Mapping[str, str]
    titles: Mapping[str, str]
    report: Mapping[str, str]
    lacking: tuple[str, ...]


# Any codes: `titles` may be empty (the scoring data have their own), and the texts of a report
# are those that the program's English file has.
OPEN: Final = ("titles", "report")
LISTS: Final = tuple(each.name for each in fields(Words) if each.name != "lacking")

__all__ = ["CODES", "LISTS", "OPEN", "Words"]
