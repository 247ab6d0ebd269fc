"""Before the desk: drops what would write typed words to a file, and opens its folders."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.errors import IntakeError

if TYPE_CHECKING:
    from nmt_intake.casework.cases import Casework

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


def opener(bank: Path | None, persona: Path | None) -> Callable[[], Casework]:
    """Return what opens the desk; it runs in a worker, after the first text is on the screen.

    With a persona it opens on the practice cases, and never asks for a passphrase.
    """

    def open_desk() -> Casework:
        # Deferred: pydantic, TinyDB and the bank take longer than the first screen.
        from nmt_intake.bank.loading import load_bank
        from nmt_intake.casework.cases import Casework
        from nmt_intake.store.home import open_stores

        home = open_stores()
        desk = Casework(home, load_bank(bank, home.places.cache))
        if persona is not None:
            from nmt_intake.rehearsal.persona import Persona

            desk.persona = Persona(persona, desk.bank, desk.now().date())
            desk.practise()
        return desk

    return open_desk
