"""A large bank for measuring: chains, fans, loops over periods and carers, counts."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.bank.model import Bank
from tests.interview.random_banks import Plan, bank_from, question

IN_A_BLOCK = 20


def large_bank(questions: int) -> Bank:
    """Return a bank of this many questions, a multiple of 100: five shapes, a fifth each."""
    rounds = questions // (5 * IN_A_BLOCK)
    blocks = [block for number in range(rounds) for block in _round(number)]
    return bank_from(blocks)


def _round(number: int) -> Iterator[Plan]:
    yield _block(f"chain{number}", _chain)
    yield _block(f"fan{number}", _fan)
    yield _block(f"years{number}", _chain, for_each="period")
    yield _block(f"carers{number}", _fan, for_each="caregiver")
    yield _block(f"counts{number}", lambda place: _counts(number, place))


def _block(name: str, condition: object, **more: object) -> Plan:
    plans: list[Plan] = []
    for place in range(IN_A_BLOCK):
        text = condition(place)  # type: ignore[operator]
        kind = ("yes_no", "choice", "number")[place % 3] if place else "yes_no"
        plans.append(question(f"q{place}", kind, **({"when": text} if text else {})))
    return {"block": name, "title": name, "questions": plans, **more}


def _chain(place: int) -> str:
    """Each question hangs on the one before."""
    if place == 0:
        return ""
    return ("q{} > 2", "q{}", "q{} == 'often'")[place % 3 if place > 1 else 1].format(place - 1)


def _fan(place: int) -> str:
    """All hang on the first."""
    return "q0 and client.age_months >= 13" if place else ""


def _counts(number: int, place: int) -> str:
    """Most hang on all years or all carers, and on another fan."""
    found = (
        "",
        f"any_of(years{number}.q0)",
        f"count_of(carers{number}.q0, True) >= 2 and fan{number}.q0",
        f"any_of(years{number}.q1, 'often') or chain{number}.q0",
    )
    return found[place % 4]
