"""`nmt-intake cases`: list, show, verify, export, backup, restore and erase, without a screen."""

from __future__ import annotations

import argparse
import getpass
import json
import secrets
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import find_case
from nmt_intake.casework.records import fold_check, read_case
from nmt_intake.cli.loading import bank_folder, chosen_bank, policy_for
from nmt_intake.cli.output import put_out
from nmt_intake.errors import IntakeError
from nmt_intake.interview.state import Interview
from nmt_intake.private_files import write_private
from nmt_intake.store.errors import NoPassphrase, VaultMissing
from nmt_intake.store.home import Home, VaultState, open_stores
from nmt_intake.store.protocols import CaseStore, CaseSummary
from nmt_intake.store.sealed.audit import Action
from nmt_intake.store.sealed.erasure import Cleaned, Outcome
from nmt_intake.store.sealed.restore import RestoreOutcome
from nmt_intake.store.sealed.verification import MENDED, Verdict
from nmt_intake.store.vault.passphrase_source import is_open_to_all, unattended_passphrase
from nmt_intake.text import clean_line

if TYPE_CHECKING:
    from nmt_intake.interview.events import Event


@contextmanager
def opened_home(options: argparse.Namespace, *, notice: bool = True) -> Generator[Home]:
    """Give the house, unlocked unless practice cases are meant, and lock it afterwards.

    `tells` says on standard error which files beside the cases had to be made whole.
    """
    bank_folder(options)  # one that is not there is refused by jobs that read none, too
    home = open_stores()
    try:
        if not options.practice and home.state is VaultState.LOCKED:
            home.unlock(passphrase())
            _tell_of_shared_secret()
        for name in home.mended if notice else ():
            print(f"nmt-intake: {name}: {MENDED[name]} [STORE-028]", file=sys.stderr)
        yield home
    finally:
        home.close()


def _tell_of_shared_secret() -> None:
    if is_open_to_all():
        print(
            "nmt-intake: NMT_INTAKE_PASSPHRASE_FILE: everybody on this computer may read that"
            " file: chmod 600 it. [VAULT-020]",
            file=sys.stderr,
        )


def passphrase() -> str:
    """Return the passphrase: from where the environment says, else asked for on the terminal."""
    found = unattended_passphrase()
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise NoPassphrase(
            "NMT_INTAKE_PASSPHRASE_FILE", "There is no terminal to ask for the passphrase."
        )
    try:
        return getpass.getpass("Passphrase: ")
    except EOFError:
        raise NoPassphrase("passphrase", "None was typed.") from None


def list_cases(options: argparse.Namespace) -> int:
    """Print every case, last seen first."""
    with opened_home(options) as home:
        lines = store_of(home, options).list()
    if options.json:
        print(json.dumps({"cases": [_as_json(line) for line in lines]}, indent=2))
        return 0
    for line in lines:
        counts = line.counts
        print(
            f"{line.case_id[:8]}  {clean_line(line.label.alias, 20):20}"
            f"  {clean_line(line.status, 14):14}"
            f"  asked {counts.asked}, open {counts.open}, to find out {counts.to_find_out}"
            f"  {clean_line(line.last_seen[:16])}{'  safety note open' if line.safety else ''}"
        )
    if not lines:
        print("No cases yet.")
    return 0


def show_cases(options: argparse.Namespace) -> int:
    """Print what one case holds, in numbers, and what another bank version would change."""
    bank = chosen_bank(options)
    with opened_home(options) as home:
        line = find_case(store_of(home, options), options.case)
        interview, events = read_case(store_of(home, options), line.case_id, bank)
    shown = _overview(interview, events, line)
    if options.json:
        print(json.dumps(shown, indent=2))
        return 0
    for name, value in shown.items():
        print(f"{name.replace('_', ' '):16} {_plain(value)}")
    return 0


def verify_cases(options: argparse.Namespace) -> int:
    """Read every frame, chain and fold, the keys, the index and the audit; 1 if one is wrong."""
    bank = chosen_bank(options)
    with opened_home(options, notice=False) as home:
        files = home.verify_files(practice=options.practice)
        wanted = find_case(store_of(home, options), options.case) if options.case else None
        verdicts = [
            verdict
            for verdict in home.verify(fold_check(bank), practice=options.practice)
            if wanted is None or verdict.case_id == wanted.case_id
        ]
    if options.json:
        found = {"cases": [*map(_verdict, verdicts)], "files": [*map(_verdict, files)]}
        print(json.dumps(found, indent=2))
    else:
        for verdict in (*verdicts, *files):
            state = "sound" if verdict.sound else f"{verdict.trouble} [{verdict.code}]"
            name = verdict.file or verdict.case_id[:8]
            print(f"{name:10} {verdict.events:6}  {state}")
        troubled = sum(not each.sound for each in (*verdicts, *files))
        print(
            f"{_cases(len(verdicts))} and {len(files)} files beside them, {troubled} with trouble."
        )
    return 0 if all(verdict.sound for verdict in (*verdicts, *files)) else 1


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        **({"file": verdict.file} if verdict.file else {"case": verdict.case_id}),
        "sound": verdict.sound,
        "events": verdict.events,
        "frames": verdict.frames,
        "code": verdict.code,
        "trouble": verdict.trouble,
    }


def export_cases(options: argparse.Namespace) -> int:
    """Write one case as JSON or CSV, or an audit trail without content."""
    from nmt_intake.report.case_export import (
        as_table,
        audit_trail,
        export_csv,
        export_json,
    )

    if options.audit:
        _refuse_for_audit(options)
    if options.audit and options.case is None:
        return _export_audit(options)
    if options.case is None:
        raise IntakeError(
            "USAGE-003", "", "name a case.", "cases list shows them; --audit alone is of them all."
        )
    bank = chosen_bank(options)
    with opened_home(options) as home:
        line = find_case(store_of(home, options), options.case)
        interview, events = read_case(store_of(home, options), line.case_id, bank)
        home.note(Action.EXPORTED, line.case_id, practice=options.practice)
        deeds = home.audit(practice=options.practice)
    policy = policy_for(options, interview)
    if options.audit and options.format == "csv":
        text = _for_spreadsheets(as_table(audit_trail(events)))
    elif options.audit:
        done = [action.to_json() for action in deeds if action.case_id == line.case_id]
        text = json.dumps({"events": list(audit_trail(events)), "deeds": done}, indent=2) + "\n"
    elif options.format == "csv":
        text = _for_spreadsheets(export_csv(interview, policy))
    else:
        text = json.dumps(export_json(interview, policy), indent=2, ensure_ascii=False) + "\n"
    put_out(text, options.out, options.format)
    return 0


def _for_spreadsheets(table: str) -> str:
    """Return a CSV with the mark by which Excel knows UTF-8; plain ASCII reads well without."""
    return table if table.isascii() else f"\N{BYTE ORDER MARK}{table}"


def _refuse_for_audit(options: argparse.Namespace) -> None:
    """Refuse what leaves out content where there is none."""
    for name in (
        "without_substance", "without_third_parties", "pseudonym", "safety_words", "ages_not_dates"
    ):  # fmt: skip
        if getattr(options, name):
            raise IntakeError(
                "USAGE-008", "", f"an audit trail holds no content for --{name.replace('_', '-')}.",
                "Leave it out.",
            )  # fmt: skip


def _export_audit(options: argparse.Namespace) -> int:
    """Write who unlocked, opened, exported and erased what and when: the house's own trail."""
    from nmt_intake.report.case_export import as_table

    with opened_home(options) as home:
        if home.state is VaultState.NEW and not options.practice:
            raise VaultMissing
        deeds = [action.to_json() for action in home.audit(practice=options.practice)]
        erased = home.erased(practice=options.practice)
    stones = [{"case": case_id, **stone} for case_id, stone in erased.items()]
    as_json = json.dumps({"deeds": deeds, "erased": stones}, indent=2) + "\n"
    table = options.format == "csv"
    put_out(_for_spreadsheets(as_table(deeds)) if table else as_json, options.out, options.format)
    return 0


def backup_cases(options: argparse.Namespace) -> int:
    """Write every case to one sealed file, checked by reading it back."""
    _only_sealed(options)
    with opened_home(options) as home, _named_file(home, options.file) as file:
        report = home.backup(file)
        if file != options.file:
            put_out(file.read_bytes(), None, "backup")
            return 0
    if options.json:
        told = {"file": str(options.file), "cases": report.cases, "events": report.events}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    print(f"In {options.file}: {_cases(report.cases)}, {report.events} events, read back.")
    return 0


def restore_cases(options: argparse.Namespace) -> int:
    """Bring back cases from a backup, opened with the passphrase of its time."""
    _only_sealed(options)
    bank_folder(options)
    home = open_stores()
    try:
        if home.state is VaultState.LOCKED:
            home.unlock(passphrase())
            _tell_of_shared_secret()
        with _named_file(home, options.file) as file:
            if file != options.file:
                write_private(file, sys.stdin.buffer.read())
            restored = home.restore(file, passphrase())
    finally:
        home.close()
    if options.json:
        found = [{"case": each.case_id, "outcome": each.fate.value} for each in restored]
        print(json.dumps({"cases": found}, indent=2))
        return 0
    for each in restored:
        print(f"{each.case_id[:8]}  {each.fate.value}")
    count = sum(each.fate is not RestoreOutcome.TAKEN_OUT for each in restored)
    print(f"In the backup: {_cases(count)}.")
    return 0


def _nothing(_line: str) -> None:
    """Print nothing: the whole is one JSON value."""


@contextmanager
def _named_file(home: Home, named: Path) -> Generator[Path]:
    """Give the file that was named; for `-` one of the program's own, gone afterwards.

    A backup that went through standard output lies nowhere that the program knows: erasing says so.
    """
    if str(named) != "-":
        yield named
        return
    file = home.places.cache / f"{secrets.token_hex(8)}.backup"
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"


def _only_sealed(options: argparse.Namespace) -> None:
    if options.practice:
        raise IntakeError(
            "USAGE-004", "", "practice cases have no backups.", "Leave --practice out."
        )


def erase_cases(options: argparse.Namespace) -> int:
    """Destroy a case's key and file, here and in the backups; a tombstone with the reason stays.

    For a case that was erased before, the backups that could not be reached are tried again.
    """
    if not options.reason.strip():
        raise IntakeError("USAGE-005", "", "erasing needs a reason.", "Add --reason WORDS.")
    if options.practice and options.backup:
        raise IntakeError("USAGE-004", "", "practice cases have no backups.", "Leave --backup out.")
    say: Callable[[str], object] = _nothing if options.json else print
    with opened_home(options) as home:
        case_id = _erased_before(home, options)
        before = bool(case_id)
        if case_id:
            say(f"{case_id[:8]} was erased before. Its tombstone stays as it is.")
        else:
            store = store_of(home, options)
            line = find_case(store, options.case)
            case_id = line.case_id
            if not options.yes and not _confirmed(line):
                print("Nothing was erased.")
                return 0
            store.erase(case_id, options.reason)
            said = "is erased: its key is destroyed. A tombstone with the reason stays."
            say(f"{case_id[:8]} {said}")
        cleaned = () if options.practice else home.clean_backups(options.backup)
    if options.json:
        files = [
            {"file": str(each.path), "outcome": each.outcome.value, "why": each.why}
            for each in cleaned
        ]
        told = {"case": case_id, "erased_before": before, "backups": files}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 1 if any(each.outcome is Outcome.UNCHANGED for each in cleaned) else 0
    return _told_of_backups(cleaned)


def _erased_before(home: Home, options: argparse.Namespace) -> str:
    stones = home.erased(practice=options.practice)
    found = [case_id for case_id in stones if case_id.startswith(options.case)]
    return found[0] if len(found) == 1 and len(options.case) >= 4 else ""


def _told_of_backups(cleaned: Sequence[Cleaned]) -> int:
    """Print what became of the backups; 1 where one that is there could not be changed."""
    for each in cleaned:
        why = f": {each.why}" if each.why else ""
        print(f"backup {clean_line(str(each.path), 500)} {each.outcome.value}{why}")
    outcomes = {each.outcome for each in cleaned}
    if outcomes - {Outcome.CLEAN}:
        print(
            "Where such a backup is left, its passphrase still opens what was erased. Connect its"
        )
        print("disk, or name the file with --backup, and erase again; or destroy the file.")
    return 1 if Outcome.UNCHANGED in outcomes else 0


def store_of(home: Home, options: argparse.Namespace) -> CaseStore:
    """Return the store that the options mean: the sealed cases, or the practice ones."""
    return home.practice if options.practice else home.cases


def interview_of(options: argparse.Namespace, bank: Bank) -> Interview:
    """Return the interview of the case that the options name (`report CASE`)."""
    with opened_home(options) as home:
        line = find_case(store_of(home, options), options.case)
        interview, _ = read_case(store_of(home, options), line.case_id, bank)
        home.note(Action.PRINTED, line.case_id, practice=options.practice)
    return interview


def _overview(
    interview: Interview, events: Sequence[Event], line: CaseSummary
) -> dict[str, object]:
    from nmt_intake.interview.folding.migrating import steps_from
    from nmt_intake.interview.progress import progress

    counts = progress(interview)
    versions = sorted({event.bank_version for event in events if event.bank_version})
    changes = [step for version in versions for step in steps_from(interview.bank, version)]
    return {
        "case": line.case_id,
        "alias": interview.client.alias,
        "status": line.status,
        "events": len(events),
        "informants": [each.relation for each in interview.informants.values()],
        "answered": counts.answered,
        "asked": counts.asked,
        "remaining": counts.remaining,
        "undecided": counts.undecided,
        "missing": dict(counts.missing),
        "ratings_confirmed": len(interview.ratings),
        "safety_open": len(interview.open_safety),
        "not_asked_any_more": sorted(interview.orphans),
        "bank": f"{interview.bank.id} {interview.bank.version}",
        "answered_with": versions,
        "changes_since": [step.because or f"after {step.from_version}" for step in changes],
    }


def _as_json(line: CaseSummary) -> dict[str, object]:
    return {
        "case": line.case_id,
        "alias": line.label.alias,
        "birth": line.label.birth,
        "who": line.label.who,
        "practice": line.label.practice,
        "status": line.status,
        "asked": line.counts.asked,
        "open": line.counts.open,
        "to_find_out": line.counts.to_find_out,
        "safety": line.safety,
        "last_seen": line.last_seen,
        "sequence": line.sequence,
    }


def _plain(value: object) -> str:
    match value:
        case dict():
            counts = cast("Mapping[str, object]", value)
            return ", ".join(f"{key} {count}" for key, count in counts.items()) or "none"
        case list():
            items = cast("Sequence[object]", value)
            return clean_line(", ".join(str(each) for each in items), 2000) or "none"
        case _:
            return clean_line(str(value))


def _confirmed(line: CaseSummary) -> bool:
    if not sys.stdin.isatty():
        raise IntakeError("CASE-003", "", "erasing needs --yes without a terminal.", "Add --yes.")
    print(f"This destroys the key and the file of case {line.case_id[:8]} for good. A tombstone")
    print(
        "with the reason stays, and no backup brings the case back here. Backups that were written"
    )
    print(
        "here are written again without it, where they are found. Copies of them elsewhere, reports"
    )
    print("and exports stay as they are: destroy those.")
    return input("Type the first eight characters of the id to go on: ") == line.case_id[:8]
