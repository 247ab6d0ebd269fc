"""The plan of a report: the bank's activities and rules, for these figures and circumstances."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nmt_intake.bank.documents import document
from nmt_intake.bank.model import Bank
from nmt_intake.scoring import Metrics, Norms, Ratings
from nmt_intake.scoring.recommending import Circumstances, Plan, recommend, sequence_from

_SEQUENCE: Final = "activities/sequence"


def plan_for(
    bank: Bank, ratings: Ratings, metrics: Metrics, norms: Norms, circumstances: Circumstances
) -> Plan | None:
    """Return the plan of a bank with activities and rules for their sequence of its own."""
    if not bank.activities or not (Path(bank.folder) / f"{_SEQUENCE}.yaml").is_file():
        return None
    sequence = sequence_from(document(bank.folder, _SEQUENCE), bank.activities)
    return recommend(metrics, norms, bank.activities, sequence, ratings, circumstances)
