"""`nmt-intake agree`: how well raters agree, from files, folders or a table."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nmt_intake.errors import IntakeError

if TYPE_CHECKING:
    from nmt_intake.rehearsal.agreement.differences import Minimum
    from nmt_intake.rehearsal.agreement.panel import Panel
    from nmt_intake.scoring import Ratings

_MOST_FILES = 20_000


def add_options(command: argparse.ArgumentParser) -> None:
    """Add what `agree` takes to its parser."""
    says = "a ratings file of each rater, or a folder of each with one file a case"
    command.add_argument("raters", nargs="*", type=Path, metavar="FILE", help=says)
    says = "a CSV table instead, a row a case and a column a rater"
    command.add_argument("--table", type=Path, metavar="FILE.csv", help=says)
    says = "the lowest and highest value of a table's scale (default: what occurs)"
    command.add_argument("--scale", metavar="LOW-HIGH", help=says)
    says = "below so many common items there are counts only (default: 10)"
    command.add_argument("--min-items", type=int, metavar="N", help=says)
    says = "a site's thresholds as JSON; exit status 1 where one is not reached"
    command.add_argument("--thresholds", type=Path, metavar="FILE", help=says)
    command.add_argument("--text", action="store_true", help="for people, instead of JSON")


def agree(options: argparse.Namespace) -> int:
    """Print how well the raters agree, as JSON or as text."""
    import json

    from nmt_intake.casework.assessment import norms_of
    from nmt_intake.cli.loading import chosen_bank
    from nmt_intake.rehearsal.agreement.measure import measure
    from nmt_intake.rehearsal.agreement.text import agreement_text
    from nmt_intake.rehearsal.agreement.thresholds import Thresholds, judge, read_thresholds

    thresholds = Thresholds()
    if options.thresholds is not None:
        source = _read(options.thresholds, 100_000)
        thresholds = read_thresholds(source, options.thresholds.name)
    panel, notes = _panel(options)
    domains: dict[str, str] = {}
    regions: dict[str, str] = {}
    if options.table is None:
        norms = norms_of(chosen_bank(options))
        domains = {name: function.domain for name, function in norms.functions.items()}
        regions = {name: function.region for name, function in norms.functions.items()}
    minimum = _minimum(options, thresholds.minimum)
    agreement = measure(panel, domains, regions, minimum)
    judged = judge(agreement, thresholds)
    for note in notes:
        print(f"nmt-intake: {note}", file=sys.stderr)
    if options.text:
        sys.stdout.write(agreement_text(agreement, judged))
    else:
        told = agreement.as_json()
        told["warnings"] = [*panel.warnings, *notes]
        told["thresholds"] = [one.as_json() for one in judged]
        print(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    return 1 if any(one.reached is False for one in judged) else 0


def _minimum(options: argparse.Namespace, site: Minimum) -> Minimum:
    """Return the site's minimum with --min-items; rows of a table are items and cases at once."""
    from nmt_intake.rehearsal.agreement.differences import Minimum

    asked = options.min_items
    if asked is None:
        return site
    if asked < 2:
        raise IntakeError("USAGE-003", "", "--min-items is less than 2.", "Try --min-items 10.")
    cases = max(site.cases, asked) if options.table is not None and asked > 10 else site.cases
    return Minimum(asked, cases)


def _panel(options: argparse.Namespace) -> tuple[Panel, list[str]]:
    from nmt_intake.rehearsal.agreement.panel import (
        LARGEST_TABLE_BYTES,
        panel_of_files,
        panel_of_folders,
        panel_of_table,
    )

    if (options.table is None) == (not options.raters):
        what = "name either a ratings file for each rater or --table."
        raise IntakeError("USAGE-002", "", what, "See --help.")
    if options.table is not None:
        source = _read(options.table, LARGEST_TABLE_BYTES)
        return panel_of_table(source, options.table.name, _scale(options.scale)), []
    if options.scale is not None:
        what = "--scale is for tables: ratings files are rated from 1 to 12."
        raise IntakeError("USAGE-002", "", what, "Leave it out.")
    folders = [path.is_dir() for path in options.raters]
    if any(folders) and not all(folders):
        what = "name files or folders, not both."
        raise IntakeError("USAGE-002", "", what, "A folder holds one file for each case.")
    names = _names(options.raters)
    if not any(folders):
        sources = [_read(path, 1_000_000) for path in options.raters]
        rated = [
            (name, _ratings(source, path.name))
            for name, source, path in zip(names, sources, options.raters, strict=True)
        ]
        return panel_of_files(rated), _twins(names, options.raters, sources)
    cases = [_cases(path) for path in options.raters]
    notes = _twins(names, options.raters, [None for _ in names])
    return panel_of_folders(list(zip(names, cases, strict=True))), notes


def _scale(told: str | None) -> tuple[int, int] | None:
    if told is None:
        return None
    found = re.fullmatch(r"(-?\d{1,4})(?:-|\.\.|:)(-?\d{1,4})", told)
    if found is None or int(found[1]) >= int(found[2]):
        what = "--scale is not a lowest and a highest whole number."
        raise IntakeError("USAGE-003", "", what, "Try --scale 1-12.")
    return int(found[1]), int(found[2])


def _ratings(source: bytes, where: str) -> Ratings:
    from nmt_intake.scoring import read_ratings

    return read_ratings(source, where)


def _cases(folder: Path) -> dict[str, Ratings]:
    """Return the ratings files of a rater's folder, by the name of the case."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")
    except OSError as error:
        what = f"cannot be read ({error.strerror})."
        raise IntakeError("IN-001", folder.name, what, "Check the path.") from None
    if not files or len(files) > _MOST_FILES:
        what = "holds no ratings file (*.json)." if not files else "holds too many files."
        raise IntakeError("AGREE-001", folder.name, what, "Put one file for each case there.")
    return {path.stem: _ratings(_read(path, 1_000_000), path.name) for path in files}


def _names(paths: list[Path]) -> list[str]:
    """Return a name for each rater: the file's, with its folder or a number where needed."""
    from nmt_intake.text import clean_line

    names = [clean_line(path.stem if path.suffix else path.name, 60) or "rater" for path in paths]
    if len(set(names)) < len(names):
        folders = [clean_line(path.absolute().parent.name, 60) for path in paths]
        names = [f"{folder}/{name}" for folder, name in zip(folders, names, strict=True)]
    times = [names[: at + 1].count(name) for at, name in enumerate(names)]
    return [f"{name} ({n})" if n > 1 else name for name, n in zip(names, times, strict=True)]


def _twins(names: list[str], paths: list[Path], sources: Sequence[bytes | None]) -> list[str]:
    """Return a warning for each two raters whose file is the same, or holds the same bytes."""
    notes: list[str] = []
    for later in range(len(paths)):
        for earlier in range(later):
            if _is_same(paths[later], paths[earlier]):
                notes.append(f"{names[later]} is the same file as {names[earlier]}.")
            elif sources[later] is not None and sources[later] == sources[earlier]:
                notes.append(f"{names[later]} holds exactly what {names[earlier]} holds.")
    return notes


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return first == second


def _read(path: Path, largest: int) -> bytes:
    """Return a file's bytes (`-`: standard input), one more than `largest` if it is larger."""
    if str(path) == "-":
        return sys.stdin.buffer.read(largest + 1)
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        what = f"cannot be read ({error.strerror})."
        raise IntakeError("IN-001", path.name, what, "Check the path.") from None
