"""Every command in every environment ends as it says; the whole product is in `matrix.py`."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.doors.matrix import COMMANDS, ENVIRONMENTS, faults

QUICK = [name for name, command in COMMANDS.items() if not command.slow]
# What costs half a second a time is run where it can differ: these write much, or unlock.
TELLING = (
    "unknown uid, no HOME",
    "full disk under standard output",
    "disk full after 700 bytes",
)


def sampled(names: Iterable[str]) -> list[object]:
    """Return every fourth to be run always, and the rest with `-m whole`."""
    return [
        pytest.param(name, marks=() if at % 4 == 0 else pytest.mark.whole)
        for at, name in enumerate(names)
    ]


@pytest.mark.parametrize("where", sampled(ENVIRONMENTS))
def test_every_quick_command_holds_in(where: str) -> None:
    found = [f"{name}: {fault}" for name in QUICK for fault in faults(name, where)]
    assert "\n".join(found) == ""


@pytest.mark.parametrize(
    "where",
    ["full disk", "disk full after 700 bytes", "no chmod", "no fsync", "closed standard output"],
)
def test_what_was_there_before_is_whole_in(where: str) -> None:
    writing = [name for name in QUICK if COMMANDS[name].leaves]
    found = [f"{name}: {fault}" for name in writing for fault in faults(name, where, old=True)]
    assert "\n".join(found) == ""


@pytest.mark.whole
@pytest.mark.parametrize("where", TELLING)
def test_every_slow_command_holds_in(where: str) -> None:
    slow = [name for name, command in COMMANDS.items() if command.slow]
    found = [f"{name}: {fault}" for name in slow for fault in faults(name, where)]
    assert "\n".join(found) == ""


def test_every_command_is_in_the_table() -> None:
    """A new command without a line in the table fails here."""
    from tests.doors.options import jobs

    typed = {" ".join(command.words.split()[:2]) for command in COMMANDS.values()}
    missing = [job for job in jobs() if not any(words.startswith(job) for words in typed)]
    assert missing == []
