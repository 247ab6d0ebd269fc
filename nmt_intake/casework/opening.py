"""How a face comes to its cases: the folders and the bank opened, a new client's age read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.bank.model import Column
from nmt_intake.interview.spans import Span, span_from
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.values import GRAIN, AnswerError, read_value, spoken_language

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
_YEAR: Final = 12
_AGE: Final = Column("age", "", "age", {}, None)


def born_or_aged(typed: str, language: str | None = None) -> tuple[str | None, float | None]:
    """Return the birth date, or the age in months, that was typed; a small number means years.

    Words are read, too ("siete años y medio"). The record holds one age: of years alone those
    completed, of a half year its middle; what was told wider ("about seven") gives nothing.
    """
    text = typed.strip()
    aged = f"{text} years" if text.isdigit() and len(text) < 4 else text
    known = Context(spoken_language(language), interviewed=date.today())
    for column, given in ((_DATE, text), (_AGE, aged)):
        try:
            value = read_value(column, given, language, known)
        except AnswerError:
            continue
        if isinstance(value, str):
            return value, None
        if isinstance(value, int | float):
            return None, value
        span = span_from(value)
        if span is not None and span.unit == "date":
            return _one_date(span), None
        if span is not None and span.low is not None and span.high is not None:
            return None, _one_age(span.low, round(span.high + GRAIN - span.low, 2))
    return None, None


def _one_date(span: Span) -> str | None:
    """Return the month or year in which all days of a span lie."""
    low, high = (date.fromordinal(int(end)).isoformat() for end in (span.low or 1, span.high or 1))
    return next((low[:size] for size in (7, 4) if low[:size] == high[:size]), None)


def _one_age(low: float, width: float) -> float | None:
    if width == _YEAR and low % _YEAR == 0:
        return low
    if width == _YEAR / 2 and (low + _YEAR / 4) % (_YEAR / 2) == 0:
        return low + _YEAR / 4
    return low if width <= 1 else None
