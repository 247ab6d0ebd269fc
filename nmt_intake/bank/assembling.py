"""Puts a bank together from its sources."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nmt_intake.bank.collecting import Collected, collect
from nmt_intake.bank.compiling.activities import compiled_activities
from nmt_intake.bank.compiling.conditions import Conditions
from nmt_intake.bank.compiling.essential import with_essential
from nmt_intake.bank.compiling.migrations import compiled_migrations
from nmt_intake.bank.compiling.notes import Notes
from nmt_intake.bank.compiling.ordering import ordered
from nmt_intake.bank.compiling.placing import Place
from nmt_intake.bank.compiling.questions import compiled_blocks
from nmt_intake.bank.compiling.ratings import compiled_ratings
from nmt_intake.bank.compiling.sayings import compiled_sayings
from nmt_intake.bank.compiling.words import compiled_spellings, compiled_words
from nmt_intake.bank.model import Bank, Park
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.sources import BankSource
from nmt_intake.text import clean_line


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a bank's sources: the bank, if it can be used, and every problem.

    `questions` and `blocks` count what was well formed, in a bank that cannot be used as well.
    """

    bank: Bank | None
    problems: tuple[Problem, ...]
    questions: int = 0
    blocks: int = 0


def assemble(folder: Path, name: str) -> Loaded:
    """Return the bank in `folder` under the sources' hash `name`, and every problem found."""
    with _no_collecting():
        return _assembled(folder, name)


@contextmanager
def _no_collecting() -> Generator[None]:
    """Put off the collector of cyclic garbage: with it 1,000 questions take a fifth longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _assembled(folder: Path, name: str) -> Loaded:
    collected = collect(folder)
    source = collected.bank
    notes = Notes([*collected.problems])
    bank = _compiled(collected, source, folder, name, notes) if source else None
    problems = tuple(sorted(notes.problems))
    usable = not any(problem.severity == "error" for problem in problems)
    questions = sum(len(block.questions) for block in collected.blocks)
    return Loaded(bank if usable else None, problems, questions, len(collected.blocks))


def _compiled(
    collected: Collected, source: BankSource, folder: Path, name: str, notes: Notes
) -> Bank:
    conditions = Conditions(collected.blocks, notes, source.let)
    conditions.check_names(Place("bank.yaml", 1))
    blocks = compiled_blocks(collected.blocks, source.translations, conditions, notes)
    ratings = tuple(compiled_ratings(collected.ratings, collected.facts, conditions, notes))
    blocks = with_essential(blocks, ratings)
    activities = tuple(compiled_activities(collected.activities, notes))
    migrations = compiled_migrations(source.migrations, collected.steps, conditions, notes)
    languages = (source.language, *source.translations)
    return Bank(
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
        migrations=tuple(migrations),
        order=ordered(blocks, notes),
        silence=source.silence,
        folder=str(folder),
        park=tuple(_parks(source, conditions)),
        spellings=compiled_spellings(folder, source.spellings, notes.problems),
        words=compiled_words(folder, languages, notes.problems),
        sayings=compiled_sayings(folder, collected.blocks, blocks, languages, notes.problems),
    )


def _parks(source: BankSource, conditions: Conditions) -> Iterator[Park]:
    for each in source.park:
        when = conditions.read(each.when, Place("bank.yaml", 1), each.id, "", None)
        if when is not None:
            words = {language: clean_line(text) for language, text in each.translations.items()}
            yield Park(each.id, when, each.sensitivity, clean_line(each.reason), words)
