"""Many headless rehearsals at once: every persona with every style, in a pool of processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from nmt_intake.bank.loading import load_bank
from nmt_intake.rehearsal.cast import load_cast
from nmt_intake.rehearsal.debrief import heard_facts
from nmt_intake.rehearsal.styles import STYLES, Step, rehearse

_SEEDS_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Told:
    """How far it is."""

    done: int
    of: int


@dataclass(slots=True)
class Row:
    """What one style heard of one persona: sums over its runs. `facts` is how many there are."""

    runs: int = 0
    facts: int = 0
    heard: int = 0
    least: int = 10_000
    most: int = 0
    turns: int = 0
    trust: int = 0
    asked: set[str] = field(default_factory=set[str])

    def add(self, heard: int, facts: int, turns: int, trust: int) -> None:
        """Add one run."""
        self.runs += 1
        self.facts = facts
        self.heard += heard
        self.least, self.most = min(self.least, heard), max(self.most, heard)
        self.turns += turns
        self.trust += trust

    def join(self, other: Row) -> None:
        """Add the runs of another row."""
        self.runs += other.runs
        self.facts = other.facts
        self.heard += other.heard
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        self.turns += other.turns
        self.trust += other.trust
        self.asked.update(other.asked)


@dataclass(frozen=True, slots=True)
class Table:
    """What each style heard of each persona; `questions` is how many the bank has."""

    rows: Mapping[tuple[str, str], Row]
    questions: int

    def as_json(self) -> Mapping[str, object]:
        """Return the table as plain data."""
        asked = {name for row in self.rows.values() for name in row.asked}
        return {
            "runs": sum(row.runs for row in self.rows.values()),
            "questions_asked": len(asked),
            "questions": self.questions,
            "rows": [
                {
                    "persona": persona,
                    "style": style,
                    "runs": row.runs,
                    "facts": row.facts,
                    "heard": row.heard / row.runs,
                    "least": row.least,
                    "most": row.most,
                    "turns": row.turns / row.runs,
                    "trust_at_end": row.trust / row.runs,
                }
                for (persona, style), row in self.rows.items()
            ],
        }

    def text(self) -> str:
        """Return the table to read: how much each style hears."""
        personas = list(dict.fromkeys(persona for persona, _ in self.rows))
        wide = max(len(each) for each in personas)
        lines = [" " * wide + "".join(f"{style:>14}" for style in STYLES) + "      of"]
        for persona in personas:
            cells = [self.rows.get((persona, style)) for style in STYLES]
            told = "".join(
                f"{cell.heard / cell.runs:>14.1f}" if cell else " " * 14 for cell in cells
            )
            facts = max(cell.facts for cell in cells if cell)
            lines.append(f"{persona:<{wide}}{told}{facts:>8}")
        runs = sum(row.runs for row in self.rows.values())
        return "\n".join([*lines, f"Things heard, the mean of {runs} interviews."])


def rehearse_many(
    files: Sequence[Path],
    bank: Path,
    cache: Path | None,
    runs: int,
    seed: int = 0,
    jobs: int = 0,
    tell: Callable[[Told], object] = lambda _: None,
) -> Table:
    """Play `runs` interviews, spread evenly over personas and styles; `jobs` 0 takes all cores.

    `tell` is called as parts are done. Stopped by KeyboardInterrupt; what is in hand is dropped.
    """
    # Deferred: 90 ms that only this needs.
    joblib = cast("Any", import_module("joblib"))  # it has no types

    parts = list(_parts(files, runs, seed))
    rows: dict[tuple[str, str], Row] = {}
    done = 0
    workers = min(jobs or os.cpu_count() or 1, len(parts))
    work = (
        joblib.delayed(_played)(path, bank, cache, style, seeds) for path, style, seeds in parts
    )
    pool = joblib.Parallel(n_jobs=workers, return_as="generator", pre_dispatch="2*n_jobs")
    played = cast("Iterator[Row]", pool(work))
    for (path, style, seeds), row in zip(parts, played, strict=True):
        rows.setdefault((path.stem, style), Row()).join(row)
        done += len(seeds)
        tell(Told(done, runs))
    return Table(rows, len(load_bank(bank, cache).questions))


def _parts(files: Sequence[Path], runs: int, seed: int) -> Iterator[tuple[Path, str, range]]:
    """Yield persona, style and seeds, so that no part is long and nobody waits at the end."""
    pairs = [(path, style) for path in files for style in STYLES]
    for index, (path, style) in enumerate(pairs):
        mine = runs // len(pairs) + (index < runs % len(pairs))
        for start in range(0, mine, _SEEDS_AT_ONCE):
            yield path, style, range(seed + start, seed + min(start + _SEEDS_AT_ONCE, mine))


def _played(path: Path, folder: Path, cache: Path | None, style: str, seeds: range) -> Row:
    """Return the sums over some seeds of one persona with one style."""
    bank = load_bank(folder, cache)
    persona = load_cast(path, bank, date.today())
    known: dict[tuple[bytes, str, str], Step | bool | None] = {}
    row = Row()
    for seed in seeds:
        record, _ = rehearse(persona, STYLES[style], seed, known)
        heard, facts = heard_facts(record)
        row.add(heard, facts, len(record.turns), record.turns[-1].trust)
        row.asked.update(
            slot.rpartition("/")[2]
            for turn in record.turns
            if turn.move.act == "ask" and (slot := turn.move.slot)
        )
    return row
