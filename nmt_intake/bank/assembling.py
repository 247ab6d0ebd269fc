"""Puts a bank together from its sources."""

from __future__ import annotations

from pathlib import Path

from nmt_intake.bank.collecting import collect
from nmt_intake.bank.compiling import Compiler, migration
from nmt_intake.bank.loading import Loaded
from nmt_intake.bank.model import Bank
from nmt_intake.cleaning import clean_line


def assemble(folder: Path, name: str) -> Loaded:
    """Return the bank in `folder` under the sources' hash `name`, and every problem found."""
    collected = collect(folder)
    source = collected.bank
    if source is None:
        return Loaded(None, collected.problems)
    compiler = Compiler(collected.blocks, source.translations)
    blocks = compiler.blocks()
    ratings = compiler.ratings(collected.ratings)
    activities = compiler.activities(collected.activities)
    order = compiler.order(blocks)
    problems = tuple(sorted((*collected.problems, *compiler.problems)))
    if any(problem.severity == "error" for problem in problems):
        return Loaded(None, problems)
    bank = Bank(
        id=clean_line(source.id),
        version=clean_line(source.version),
        hash=name,
        language=source.language,
        title=clean_line(source.title or source.id),
        languages=tuple(source.translations),
        translated=tuple(source.translated),
        blocks=blocks,
        ratings=ratings,
        activities=activities,
        migrations=tuple(migration(each) for each in source.migrations),
        order=order,
        folder=str(folder),
    )
    return Loaded(bank, problems)
