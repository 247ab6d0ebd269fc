"""How hard the property tests try; harder with `EXAMPLES=2000 pytest tests/interview`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
# The number of the last random bank: more banks where more cases are tried.
LAST_BANK = max(119, 2 * EXAMPLES)

many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
