"""Before the desk: drops what would write typed words to a file."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Final

from nmt_intake.errors import IntakeError

DEVELOPMENT: Final = "NMT_INTAKE_DEVELOPMENT"

# What may stay: how it looks and moves. TEXTUAL_LOG was seen to keep typed words, and
# TEXTUAL_SCREENSHOT to write a picture of the screen.
_HARMLESS: Final = frozenset(
    {
        "TEXTUAL_ANIMATIONS",
        "TEXTUAL_COLOR_SYSTEM",
        "TEXTUAL_DISABLE_KITTY_KEY",
        "TEXTUAL_FPS",
        "TEXTUAL_SMOOTH_SCROLL",
    }
)


def drop_developer_switches(environment: MutableMapping[str, str] | None = None) -> None:
    """Remove every Textual variable that is not harmless, unless this is a development run.

    Raises IntakeError where the screen would go to a browser that nobody guards.
    """
    variables = os.environ if environment is None else environment
    if variables.get(DEVELOPMENT) == "1":
        return
    if "web" in variables.get("TEXTUAL_DRIVER", ""):
        raise IntakeError(
            "DESK-002", "", "the desk does not run in a browser.", "Start it in a terminal."
        )
    for name in list(variables):
        if name.startswith("TEXTUAL") and name not in _HARMLESS:
            del variables[name]
