"""The whole product: `python -m tests.doors attacker` or `matrix`, each some minutes.

`attacker` tries every left-out value of every persona under every policy, and prints what is won
back; `matrix` runs every command in every environment, and prints what does not hold. The exit
status is 1 where there is anything. The tests run a part of both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.doors.attacker import by_difference
from tests.doors.copies import PERSONAS, POLICIES, changes, copy_of, written
from tests.doors.matrix import broken
from tests.doors.test_attacker import copy, desk, wins


def won() -> Iterator[str]:
    """Yield everything that is won back, from any copy of any persona."""
    for policy, chosen in POLICIES.items():
        for persona, path in PERSONAS.items():
            yield from (f"{policy}, {persona}: {win}" for win in wins(persona, policy))
            mine = copy(persona, policy)
            for change in changes(path, chosen.leaves_out):
                with TemporaryDirectory() as folder:
                    answers = written(change.source, Path(folder))
                    made = copy_of(desk("all"), answers, chosen.options, case=False)
                same = {name: content for name, content in mine.items() if name in made}
                for win in by_difference(same, made, change.what):
                    yield f"{policy}, {persona}: {win}"


def main(arguments: list[str]) -> int:
    """Print what is found; the exit status is 1 if it is anything."""
    kinds = {"attacker": won, "matrix": broken}
    chosen = [kinds[each] for each in arguments] or list(kinds.values())
    found = 0
    for kind in chosen:
        for line in kind():
            found += 1
            print(line, flush=True)
    print(f"{found} found.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
