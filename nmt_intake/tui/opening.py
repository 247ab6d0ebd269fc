"""Makes the desk of this computer: its bank, its folders, its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nmt_intake.tui.desk import Desk


def opener(bank: Path | None, persona: Path | None) -> Callable[[], Desk]:
    """Return what opens the desk; it runs in a worker, after the first text is on the screen."""

    def open_desk() -> Desk:
        # Deferred: pydantic, TinyDB and the bank take longer than the first screen.
        from nmt_intake.bank.loading import load_bank
        from nmt_intake.store.places import find_places
        from nmt_intake.store.plain import PlainCaseStore
        from nmt_intake.tui.desk import Desk, OpenGate

        places = find_places()
        places.make()
        folder = places.practice if persona else places.data
        return Desk(
            OpenGate(PlainCaseStore(folder)),
            load_bank(bank, places.cache),
            config=places.config,
        )

    return open_desk
