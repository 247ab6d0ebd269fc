"""What a case comes to: its ratings and figures, its plan, and the list of ratings at work."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from nmt_intake.bank.model import Activity
from nmt_intake.errors import IntakeError
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.assessment import (
    Assessment,
    assess,
    assess_ratings,
    norms_of,
    rules_of,
)
from nmt_intake.scoring.planner import Plan, Rules
from nmt_intake.scoring.suggest import Suggestion, age_in_months, rating_keys, suggest

_FUNCTION = "functions."


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan is made from; while it is on the screen only the decisions change."""

    assessment: Assessment
    activities: tuple[Activity, ...]
    rules: Rules
    age_months: float

    def plan(self, interview: Interview, *, unmoved: bool = False) -> Plan:
        """Return the plan with the clinician's decisions as the interview has them now.

        `unmoved` leaves out what was chosen, and keeps what was dropped.
        """
        plan = self.assessment.plan(interview, self.rules, unmoved=unmoved)
        assert plan is not None, "plan_basis has seen to figures and rules"
        return plan

    def activity(self, name: str) -> Activity | None:
        """Return an activity of the library."""
        return next((each for each in self.activities if each.id == name), None)

    def fits_age(self, activity: Activity) -> bool:
        """Whether an activity is written for the client's age."""
        return activity.fits(self.age_months)


def plan_basis(interview: Interview, norms: Norms | None) -> PlanBasis:
    """Return what the plan is made from; IntakeError says what is missing, and what to do."""
    bank = interview.bank
    rules = rules_of(bank)
    if norms is None or rules is None:
        what = "This bank has no activities to suggest."
        raise IntakeError("DESK-030", "", what, "Use a bank that has them.")
    made = assess(interview, norms)
    if made.ratings is None:
        what = "There is no plan without the client's age."
        raise IntakeError("DESK-031", "", what, "Answer it, then rate.")
    return PlanBasis(made, tuple(bank.activities), rules, float(made.ratings.age_months))


@dataclass(frozen=True, slots=True)
class Box:
    """One function on the map; `sure` says that a clinician decided its rating."""

    rating: int | None
    sure: bool = True


class RatingList:
    """Every rating that applies, in order, with its suggestion; answers do not change meanwhile."""

    def __init__(self, interview: Interview, norms: Norms | None) -> None:
        self.norms = norms
        self.keys = rating_keys(interview)
        self._suggestions: dict[str, Suggestion] = {}
        if norms is not None:
            for key in self.keys:
                if key.startswith(_FUNCTION):
                    self.suggestion(interview, key)

    def suggestion(self, interview: Interview, key: str) -> Suggestion:
        """Return what the rules suggest for a rating (1 ms the first time)."""
        if key not in self._suggestions:
            self._suggestions[key] = suggest(interview, key, self.norms)
        return self._suggestions[key]

    def boxes(self, interview: Interview) -> dict[str, Box]:
        """Return the client's side of the brain map."""
        found: dict[str, Box] = {}
        decided = interview.ratings
        for key in self.keys:
            if not key.startswith(_FUNCTION):
                continue
            name = key.removeprefix(_FUNCTION)
            if key in decided:
                found[name] = Box(decided[key].value)
            else:
                found[name] = Box(self.suggestion(interview, key).value, sure=False)
        return found

    def age(self, interview: Interview) -> Fraction | None:
        """Return the age that is expected of, corrected for an early birth."""
        months = age_in_months(interview)
        if months is None or self.norms is None:
            return None
        weeks = interview.client.gestation_weeks
        return self.norms.preterm.age(Fraction(months), None if weeks is None else Fraction(weeks))

    def open_after(self, interview: Interview, key: str | None) -> str | None:
        """Return the next rating that nobody has decided, from the start at the end."""
        decided = interview.ratings
        place = self.keys.index(key) + 1 if key in self.keys else 0
        return next(
            (each for each in (*self.keys[place:], *self.keys[:place]) if each not in decided), None
        )


__all__ = [
    "Assessment",
    "Box",
    "PlanBasis",
    "RatingList",
    "assess",
    "assess_ratings",
    "norms_of",
    "plan_basis",
    "rules_of",
]
