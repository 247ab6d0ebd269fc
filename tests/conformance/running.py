"""Runs cases on an engine and says where what came differs from what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.conformance.engines import REFUSED, Engine, Outcome
from tests.conformance.kinds import Case, Expected, unfold, write_answers


def differences(engine: Engine, case: Case, folder: Path) -> list[str] | None:
    """Run one case in an empty folder; return the differences, None if it cannot be driven.

    Where a case allows several outcomes, the differences from the nearest are told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bank = unfold(case.bank, folder / "bank")
    answers = write_answers(case.answers, folder / "answers.yaml")
    if case.before is None:
        outcome = engine.play(bank, answers, folder / "out")
    else:
        before = unfold(case.before, folder / "before")
        outcome = engine.migrated(before, bank, answers, folder / "out")
    if outcome is None:
        return None
    told = [list(_between(outcome, expected)) for expected in case.expected]
    return min(told, key=len)


def _between(outcome: Outcome, expected: Expected) -> Iterator[str]:
    if expected.refused:
        if outcome.status != REFUSED:
            yield f"was not refused (status {outcome.status})"
        if "Traceback" in outcome.said:
            yield "ended with a traceback"
        yield from (
            f"does not name {each!r}" for each in expected.names if each not in outcome.said
        )
        return
    if outcome.status:
        yield f"ended with status {outcome.status}: {outcome.said.strip()[:200]}"
        return
    for slot, state in expected.states.items():
        came = outcome.states.get(slot, "absent")
        if came != state:
            yield f"{slot} is {came}, not {state}"
    yield from (f"{slot} is there" for slot in expected.absent if slot in outcome.states)
    yield from _beside(outcome, expected)


def _beside(outcome: Outcome, expected: Expected) -> Iterator[str]:
    """Yield what differs in the ratings and in the report, of an engine that gives them."""
    if outcome.ratings is not None:
        for key, value in expected.ratings.items():
            came = _rating(outcome.ratings, key)
            if came != value:
                yield f"the rating {key} is {came}, not {value}"
    if outcome.report is not None:
        report = " ".join(outcome.report.split())
        yield from (f"the report lacks {text!r}" for text in expected.says if text not in report)
        yield from (f"the report holds {text!r}" for text in expected.omits if text in report)


def _rating(ratings: dict[str, object], key: str) -> object:
    """Return a rating of a ratings file by `infancy/adversity.neglect` or `functions.sleep`."""
    period, _, name = key.rpartition("/")
    part, _, item = name.partition(".")
    steps = (part, period, item) if period else (part, item)
    found: object = ratings
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found
