"""The plan of a report: the bank's activities and rules, for these figures and circumstances."""

from __future__ import annotations

from nmt_intake.scoring.planner import plan_of_bank as plan_for

__all__ = ["plan_for"]
