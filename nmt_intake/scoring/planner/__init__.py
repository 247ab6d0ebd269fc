"""The planner: from what was rated and what is known of a case to a sequenced plan.

`recommend` makes one; `plan_of_bank` with the rules of a bank. A plan is a suggestion with its
reasons; the clinician drops, adds and reorders.
"""

from nmt_intake.scoring.planner.card import Card, card_of
from nmt_intake.scoring.planner.circumstances import (
    Chosen,
    Circumstances,
    Dropped,
    Person,
    Strength,
    circumstances_from,
    context_in,
)
from nmt_intake.scoring.planner.interviewed import circumstances_of, strengths_from
from nmt_intake.scoring.planner.plan import (
    Already,
    Area,
    Ask,
    Day,
    Entry,
    Held,
    Line,
    OnOccasion,
    Phase,
    Plan,
    Review,
    Sign,
    Step,
    Unanswered,
    WeekRow,
)
from nmt_intake.scoring.planner.recommendation import plan_of_bank, recommend
from nmt_intake.scoring.planner.rules import Rules, rules_from, rules_of

__all__ = [
    "Already",
    "Area",
    "Ask",
    "Card",
    "Chosen",
    "Circumstances",
    "Day",
    "Dropped",
    "Entry",
    "Held",
    "Line",
    "OnOccasion",
    "Person",
    "Phase",
    "Plan",
    "Review",
    "Rules",
    "Sign",
    "Step",
    "Strength",
    "Unanswered",
    "WeekRow",
    "card_of",
    "circumstances_from",
    "circumstances_of",
    "context_in",
    "plan_of_bank",
    "recommend",
    "rules_from",
    "rules_of",
    "strengths_from",
]
