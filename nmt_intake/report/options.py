"""What the reader of a report may see: the one disclosure policy, by the report's word for it."""

from __future__ import annotations

from nmt_intake.report.disclosure import Policy

Wanted = Policy

__all__ = ["Wanted"]
