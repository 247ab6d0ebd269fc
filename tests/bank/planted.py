"""Whether `bank check` finds planted mistakes: `python -m tests.bank.planted [--runs NAME ...]`."""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.casework.bank_check import check_bank

TABLE: Final = Path(__file__).with_suffix(".yaml")


class Planted(BaseModel):
    """One mistake: `find` is replaced by `put` in `file`, or the file is `new`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    code: Annotated[str, Field(pattern=r"^BANK-\d{3}$")]
    find: str = ""
    put: str = ""
    new: str | None = None
    latin: bool = False
    run: str = "errors"

    def plant(self, folder: Path) -> None:
        """Make the mistake in a copy of the bank; raises LookupError where there is no place."""
        path = folder / self.file
        if self.new is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.new, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        wrong, times = re.subn(self.find, self.put, text, count=1, flags=re.MULTILINE)
        if times == 0:
            raise LookupError(f"{self.file} holds no {self.find!r}")
        path.write_text(wrong, encoding="latin-1" if self.latin else "utf-8", errors="ignore")


def table() -> tuple[Planted, ...]:
    """Return every planted mistake."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Planted, ...]).validate_python(rows)


def runs(planted: Iterable[Planted]) -> Mapping[str, Sequence[Planted]]:
    """Return the mistakes by the run they are planted in."""
    found: dict[str, list[Planted]] = {}
    for each in planted:
        found.setdefault(each.run, []).append(each)
    return found


def missed(planted: Iterable[Planted], budget: float = 4.0) -> list[Planted]:
    """Return what is not found when these are planted together, or is told without advice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bank"
        shutil.copytree(shipped_bank(), folder)
        mistakes = list(planted)
        for each in mistakes:
            each.plant(folder)
        found = check_bank(folder, budget).findings
    told = {(each.code, each.file) for each in found if each.line > 0 and each.message}
    return [each for each in mistakes if (each.code, each.file) not in told]


def main() -> int:
    """Print what is missed, and how many were found of how many."""
    options = argparse.ArgumentParser(prog="python -m tests.bank.planted", description=__doc__)
    options.add_argument("--runs", nargs="*")
    asked = options.parse_args()
    count, lost = 0, 0
    for name, mistakes in runs(table()).items():
        if asked.runs and name not in asked.runs:
            continue
        start = time.perf_counter()
        gone = missed(mistakes)
        for each in gone:
            print(f"missed {each.code} {each.file}: {each.find!r} -> {each.put!r}")
        took = time.perf_counter() - start
        print(f"{name}: {len(mistakes) - len(gone)} of {len(mistakes)}, {took:.1f} s")
        count, lost = count + len(mistakes), lost + len(gone)
    print(f"found {count - lost} of {count}")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
