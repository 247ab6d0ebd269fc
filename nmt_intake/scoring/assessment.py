"""From an interview or a file of ratings to its figures and its plan: the one recipe for both.

assessment = assess(interview, norms)
assessment.ratings; assessment.metrics; assessment.plan(interview)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nmt_intake.bank.documents import documents
from nmt_intake.bank.model import Bank
from nmt_intake.interview.state import Interview
from nmt_intake.scoring.measure import score
from nmt_intake.scoring.metrics import Metrics
from nmt_intake.scoring.norms import Norms, norms_from
from nmt_intake.scoring.planner import Plan, Rules, circumstances_of, recommend, rules_of
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.scoring.suggest import ratings_of


@dataclass(frozen=True, slots=True)
class Assessment:
    """Ratings, the figures they make, and what they were measured with.

    `unconfirmed` are the keys (`functions.sleep`, `infancy/adversity.neglect`) of ratings that are
    suggestions nobody has confirmed. Without the client's age there are no ratings and no metrics.
    """

    norms: Norms
    ratings: Ratings | None
    metrics: Metrics | None
    unconfirmed: frozenset[str] = frozenset()

    def plan(
        self, interview: Interview, rules: Rules | None = None, *, unmoved: bool = False
    ) -> Plan | None:
        """Return the plan with the clinician's decisions as the interview has them now.

        None without figures, or where the bank has no activities. `rules` are the bank's, if they
        were read before; `unmoved` leaves out what was chosen, and keeps what was dropped.
        """
        rules = rules or rules_of(interview.bank)
        if self.ratings is None or self.metrics is None or rules is None:
            return None
        circumstances = circumstances_of(interview, self.unconfirmed, rules)
        if unmoved:
            circumstances = replace(circumstances, chosen=())
        activities = interview.bank.activities
        return recommend(self.metrics, self.norms, activities, rules, self.ratings, circumstances)


def norms_of(bank: Bank) -> Norms:
    """Return what a bank measures with (the shipped data, if it has none)."""
    return norms_from(documents(bank.folder, "scoring"), bank.version)


def assess(interview: Interview, norms: Norms) -> Assessment:
    """Return the ratings of an interview, confirmed and suggested, with their figures."""
    ratings, unconfirmed = ratings_of(interview, norms)
    return Assessment(norms, ratings, score(ratings, norms) if ratings else None, unconfirmed)


def assess_ratings(ratings: Ratings, norms: Norms) -> Assessment:
    """Return the figures of ratings that somebody made; none of them is a suggestion."""
    return Assessment(norms, ratings, score(ratings, norms))


__all__ = ["Assessment", "assess", "assess_ratings", "norms_of", "rules_of"]
