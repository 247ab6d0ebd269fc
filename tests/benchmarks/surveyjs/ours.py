"""One answer in the interview engine, beside `theirs.js`: see README.md."""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter

from nmt_intake.bank.truth import State
from nmt_intake.interview.state import fold
from tests.interview.happenings import event
from tests.interview.random_banks import Plan, bank_from, question

LENGTH = 20
KINDS = ("yes_no", "choice", "number")
GATES = {"yes_no": "{}", "choice": "{} == 'often'", "number": "{} > 2"}


def kind_at(place: int) -> str:
    """Return the kind of the question at this place of its part."""
    return KINDS[place % 3] if place else "yes_no"


def part(number: int) -> Plan:
    """Return a chain (even parts) or a fan of questions."""
    asked: list[Plan] = []
    for place in range(LENGTH):
        before = place - 1 if number % 2 == 0 else 0
        gate = GATES[kind_at(before)].format(f"q{before}") if place else ""
        asked.append(question(f"q{place}", kind_at(place), **({"when": gate} if gate else {})))
    return {"block": f"p{number}", "title": f"P{number}", "questions": asked}


def random(seed: int) -> Callable[[int], int]:
    """Return the generator of `theirs.js`: a whole number below another."""
    state = seed

    def below(most: int) -> int:
        nonlocal state
        state = state * 48271 % 2147483647
        return int(state / 2147483647 * most)

    return below


def answer_to(kind: str, below: Callable[[int], int]) -> object:
    """Return the next answer to a question of this kind."""
    match kind:
        case "yes_no":
            return below(10) < 7
        case "choice":
            return ("never", "some", "often", "often")[below(4)]
        case _:
            return below(10)


def main() -> None:
    """Answer, and print what that took."""
    count, answers = (int(each) for each in (*sys.argv[1:], *("1000", "300")[len(sys.argv) - 1 :]))
    bank = bank_from([part(number) for number in range(count // LENGTH)])
    interview, below = fold(bank, []), random(7)
    times: list[float] = []
    for number in range(answers):
        index = below(count)
        slot = f"p{index // LENGTH}.q{index % LENGTH}"
        answer = answer_to(kind_at(index % LENGTH), below)
        one = event(number, "answered", slot=slot, value=answer)
        start = perf_counter()
        interview = interview.apply(one)
        times.append((perf_counter() - start) * 1000)
    asked = sum(state is State.OPEN for state in interview.states.values())
    p99 = quantiles(times, n=100)[-1]
    print(f"nmt-intake: median {median(times):.4f} ms, p99 {p99:.4f} ms, open {asked}")


if __name__ == "__main__":
    main()
