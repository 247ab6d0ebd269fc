"""Every option that is accepted changes something; what could change nothing is refused."""

from __future__ import annotations

import pytest

from tests.doors.attacker import settled
from tests.doors.matrix import COMMANDS, ENVIRONMENTS, Command, run
from tests.doors.options import EFFECTS, REFUSED, accepted


def came_to(words: str) -> tuple[int, bytes, str, dict[str, bytes]]:
    sealed = words.startswith(("cases backup", "cases restore", "cases erase {case} --reason"))
    seen = run(Command(words, sealed=sealed), ENVIRONMENTS["plain"])
    files = {name: settled(content) for name, content in seen.after.items()}
    if "audit" not in words:
        files = {name: content for name, content in files.items() if "backup" not in name} | {
            name: b"" for name in files if "backup" in name
        }
    return seen.done.status, settled(seen.done.out), seen.done.err, files


def test_every_option_has_a_line_in_the_table() -> None:
    assert sorted(set(accepted()) - EFFECTS.keys()) == []


# Every third always, the rest with `-m whole`.
SAMPLED = [
    pytest.param(*each, marks=() if at % 3 == 0 else pytest.mark.whole)
    for at, each in enumerate(sorted(set(EFFECTS) & set(accepted())))
]


@pytest.mark.parametrize(("command", "option"), SAMPLED)
def test_it_changes_something(command: str, option: str) -> None:
    without, with_it = EFFECTS[command, option]
    assert came_to(without) != came_to(with_it)


@pytest.mark.parametrize("words", REFUSED)
def test_what_can_change_nothing_is_refused(words: str) -> None:
    status, out, err, files = came_to(words)
    assert (status, out, files) == (2, b"", {})
    assert len(err.splitlines()) == 1


def test_every_command_of_the_table_exists() -> None:
    known = {command for command, _ in accepted()}
    assert {command for command, _ in EFFECTS} <= known
    assert COMMANDS
