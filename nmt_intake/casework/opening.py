"""How a face comes to its cases: the folders and the bank opened, a new client's age read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.bank.model import Column
from nmt_intake.interview.values import AnswerError, read_value

if TYPE_CHECKING:
    from nmt_intake.casework.cases import Casework


def opener(bank: Path | None, persona: Path | None) -> Callable[[], Casework]:
    """Return what opens the casework; the desk runs it after its first text is on the screen.

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


_DATE: Final = Column("birth", "", "date", {}, None)
_AGE: Final = Column("age", "", "age", {}, None)


def born_or_aged(typed: str) -> tuple[str | None, float | None]:
    """Return the birth date, or the age in months, that was typed; a small number means years."""
    text = typed.strip()
    aged = f"{text} years" if text.isdigit() and len(text) < 4 else text
    for column, given in ((_DATE, text), (_AGE, aged)):
        try:
            value = read_value(column, given)
        except AnswerError:
            continue
        if isinstance(value, str):
            return value, None
        if isinstance(value, int | float):
            return None, value
    return None, None
