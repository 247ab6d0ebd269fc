"""What most commands need: the bank, the norms and the places, for the options given."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.bank.loading import load_bank, shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.store.paths import find_cache

if TYPE_CHECKING:
    from nmt_intake.interview.state import Interview
    from nmt_intake.report.disclosure import Policy
    from nmt_intake.report.options import Edition


def bank_folder(options: argparse.Namespace) -> Path:
    """Return the folder of the bank that the options name, or the shipped one."""
    folder: Path | None = getattr(options, "bank", None)
    if folder is None:
        return shipped_bank()
    if not folder.is_dir():
        raise IntakeError(
            "BANK-008", str(folder), "there is no such folder.", "Name the folder of a bank."
        )
    return folder


def chosen_bank(options: argparse.Namespace) -> Bank:
    """Return the bank that the options name."""
    return load_bank(bank_folder(options), find_cache())


def policy_for(options: argparse.Namespace, interview: Interview | None) -> Policy:
    """Return what the copy may hold that the options ask for, narrowed to who reads it.

    Limits of sharing that were stated in words can't be heeded by a program: it says so.
    """
    from nmt_intake.report import disclosure

    asked = disclosure.Policy(
        substance=not options.without_substance,
        safety_words=options.safety_words,
        name=options.pseudonym,
        third_parties=not options.without_third_parties,
        dates=not options.ages_not_dates,
    )
    others = interview if options.recipient != "clinician" else None
    if others and others.answers(disclosure.LIMITS_IN_WORDS):
        print(
            "nmt-intake: who may read what was also agreed in words: read the answer to"
            f" {disclosure.LIMITS_IN_WORDS} before this goes out. [DISCLOSE-003]",
            file=sys.stderr,
        )
    return disclosure.policy_for(options.recipient, interview, asked)


def edition_for(options: argparse.Namespace, bank: Bank) -> Edition:
    """Return how long the report is to be, in which language, and in whose look."""
    from nmt_intake.report.options import Edition, House

    house = House()
    if options.agency is not None:
        from nmt_intake.report.house import read_house

        house = read_house(options.agency)
    language = options.language or house.language
    if language is not None and language not in bank.words:
        known = ", ".join(sorted(bank.words))
        raise IntakeError(
            "USAGE-012", "", "there are no words for a report in that language.",
            f"There are: {known}.",
        )  # fmt: skip
    return Edition(options.length or house.length or "report", language, house)


_LARGEST: Final = 1_000_000


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, of `-` what is on standard input; IntakeError if it can't be read."""
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(_LARGEST + 1)
        with path.open("rb") as file:
            return file.read(_LARGEST + 1)  # the reader refuses what is longer
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise IntakeError(
            "IN-001", str(path), f"cannot be read ({reason}).", "Check the path."
        ) from None
