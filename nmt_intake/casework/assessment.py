"""From an interview to its plan; while the plan is on the screen only the decisions change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nmt_intake.bank.model import Activity
from nmt_intake.errors import IntakeError
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Metrics, Norms, Ratings, score
from nmt_intake.scoring.planner import Plan, Rules, circumstances_of, recommend, rules_of
from nmt_intake.scoring.suggest import ratings_of


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is made from: the ratings, their figures, the library and its rules."""

    ratings: Ratings
    metrics: Metrics
    norms: Norms
    unconfirmed: frozenset[str]
    activities: tuple[Activity, ...]
    rules: Rules

    def plan(self, interview: Interview, *, unmoved: bool = False) -> Plan:
        """Return the plan with the clinician's decisions as the interview has them now.

        `unmoved` leaves out what was chosen, and keeps what was dropped.
        """
        circumstances = circumstances_of(interview, self.unconfirmed)
        if unmoved:
            circumstances = replace(circumstances, chosen=())
        return recommend(
            self.metrics, self.norms, self.activities, self.rules, self.ratings, circumstances
        )

    def activity(self, name: str) -> Activity | None:
        """Return an activity of the library."""
        return next((each for each in self.activities if each.id == name), None)

    def fits_age(self, activity: Activity) -> bool:
        """Whether an activity is written for the client's age."""
        return activity.fits(float(self.ratings.age_months))


def basis_of(interview: Interview, norms: Norms | None) -> Basis:
    """Return what the plan is made from; IntakeError says what is missing, and what to do."""
    bank = interview.bank
    rules = rules_of(bank)
    if norms is None or rules is None:
        raise IntakeError(
            "DESK-030", "", "This bank has no activities to suggest.", "Use a bank that has them."
        )
    ratings, unconfirmed = ratings_of(interview, norms)
    if ratings is None:
        raise IntakeError(
            "DESK-031", "", "There is no plan without the client's age.", "Answer it, then rate."
        )
    metrics = score(ratings, norms)
    return Basis(ratings, metrics, norms, unconfirmed, tuple(bank.activities), rules)
