"""Makes the desk of this computer: its bank, its folders, its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nmt_intake.tui.desk import Desk


def opener(bank: Path | None, persona: Path | None) -> Callable[[], Desk]:
    """Return what opens the desk; it runs in a worker, after the first text is on the screen.

    With a persona it opens on the practice cases, and never asks for a passphrase.
    """

    def open_desk() -> Desk:
        # Deferred: pydantic, TinyDB and the bank take longer than the first screen.
        from nmt_intake.bank.loading import load_bank
        from nmt_intake.store.home import open_stores
        from nmt_intake.tui.desk import Desk
        from nmt_intake.tui.vault.gate import HomeGate

        home = open_stores()
        gate = HomeGate(home, home.places.data, practising=persona is not None)
        loaded = load_bank(bank, home.places.cache)
        desk = Desk(gate, loaded, config=home.places.config)
        if persona is not None:
            from nmt_intake.rehearsal.persona import Persona

            desk.persona = Persona(persona, loaded, desk.now().date())
        return desk

    return open_desk
