"""`python -m tests.conformance [--engine COMMAND | --cli] [--kind TEXT] [--details]`: the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.conformance.engines import Command, Engine, Ours, our_command
from tests.conformance.kinds import Kind, all_kinds
from tests.conformance.running import differences


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 on any difference."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--engine", metavar="COMMAND", help="with {bank}, {answers} and {out}")
    parser.add_argument("--cli", action="store_true", help="ours, a process for each case")
    parser.add_argument("--kind", default="", metavar="TEXT", help="only kinds whose id holds this")
    parser.add_argument("--details", action="store_true", help="also what differed")
    options = parser.parse_args(arguments)
    engine: Engine = our_command() if options.cli else Ours()
    if options.engine:
        engine = Command(options.engine)
    kinds = [kind for kind in all_kinds() if options.kind in kind.id]
    if not kinds:
        print(f"No kind holds {options.kind!r}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        told = {kind.id: _told(engine, kind, Path(folder) / kind.id) for kind in kinds}
    _print_table(kinds, told, options.details)
    wrong = sum(bool(lines) for lines in told.values())
    cases = sum(len(kind.cases) for kind in kinds)
    failed = sum(len(lines) for lines in told.values())
    print(f"\n{len(kinds)} kinds, {cases} cases; {wrong} kinds and {failed} cases differ.")
    return 1 if wrong else 0


def _told(engine: Engine, kind: Kind, folder: Path) -> list[str]:
    lines: list[str] = []
    for number, case in enumerate(kind.cases):
        found = differences(engine, case, folder / str(number))
        if found:
            lines.append(f"{case.name}: {'; '.join(found)}")
    return lines


def _print_table(kinds: Sequence[Kind], told: dict[str, list[str]], details: bool) -> None:
    rows = [("kind", "reference", "cases", "result")]
    for kind in kinds:
        reference = kind.references[0] if kind.references else "ours"
        more = f" +{len(kind.references) - 1}" if len(kind.references) > 1 else ""
        lines = told[kind.id]
        result = f"{len(lines)} differ" if lines else "agrees"
        rows.append((kind.id, reference + more, str(len(kind.cases)), result))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
        for line in told.get(row[0], ()) if details else ():
            print(f"    {line}")


if __name__ == "__main__":
    raise SystemExit(main())
