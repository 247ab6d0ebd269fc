"""How hard the property tests try; harder with `EXAMPLES=2000 pytest tests/interview`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

many = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
