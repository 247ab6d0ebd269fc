"""What the vault's pages say, in plain words: from results to sentences, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from textual.content import Content

from nmt_intake.store.errors import CaseClaimed, CaseDamaged, CaseRolledBack, TooManyTries
from nmt_intake.store.protocols import Finding, Recovery
from nmt_intake.store.sealed.audit import Entry
from nmt_intake.store.sealed.backup import BackupReport
from nmt_intake.store.sealed.plain_import import Imported
from nmt_intake.store.sealed.restore import Restored, RestoreOutcome
from nmt_intake.store.sealed.verification import Verdict
from nmt_intake.store.vault.key_derivation import SHORTEST, strength_of
from nmt_intake.tui import literal

WEAK: Final = ("very weak", "weak")
_MINUTE: Final = 60
_SHOWN_ID: Final = 8
_SHOWN_ENTRIES: Final = 200

WHAT_THIS_IS: Final = (
    "nmt-intake holds the conversation in which a family tells a child's life so far. It keeps what"
    " was said and by whom, and helps you to rate it; every conclusion is yours."
)
PROTECTED: Final = (
    "Every case is sealed on this disk with a passphrase that only you know.\n\n"
    "Who steals this computer or copies its files cannot read them.\n\n"
    "Not protected: a desk left open, what a screen shows, reports that you save, and a computer"
    " that somebody else controls.\n\n"
    "Without the passphrase and without the recovery code the cases are lost; nobody can bring"
    " them back."
)
ONLY_PRACTICE: Final = (
    "p looks round with a made-up family, or practises: without a passphrase, and protecting"
    " nothing. Made-up cases only, each marked Practice."
)
CODE: Final = (
    "This is the recovery code. It opens the cases when the passphrase is lost. It is shown now"
    " and kept nowhere: write it on paper, and keep the paper away from this computer."
)
CODE_BACK: Final = "Type the recovery code from the paper. Esc shows it once more."
FORGET_IT: Final = "Four or five random words are easy to keep and hard to guess."


def page(title: str, *parts: str) -> Content:
    """Return a title with paragraphs below it."""
    shown = [literal.line(title, "bold"), *(literal.literal(part) for part in parts if part)]
    return Content("\n\n").join(shown)


def strength(passphrase: str) -> str:
    """Return what is said of a passphrase while it is typed; nothing of it is in the answer."""
    if not passphrase:
        return FORGET_IT
    if len(passphrase.strip()) < SHORTEST:
        return f"Too short: {SHORTEST} characters or more. {FORGET_IT}"
    found = strength_of(passphrase).word
    return f"Strength: {found}. {FORGET_IT if found in WEAK else ''}".strip()


def waiting(error: TooManyTries) -> str:
    """Return how long unlocking is refused, once and for all: it is not counted down."""
    if error.wait < _MINUTE:
        return f"That failed several times. Wait {many(error.wait, 'second')}, then try again."
    minutes = -(-error.wait // _MINUTE)
    return f"That failed several times. Wait {many(minutes, 'minute')}, then try again."


def kept(waiting: int) -> str:
    """Return what is said of answers that could not be saved before the desk was locked."""
    are = "answer is" if waiting == 1 else "answers are"
    return f"{waiting:,} {are} not saved yet: the disk did not take them. They are kept here."


def many(count: int, thing: str, things: str = "") -> str:
    """Return a number with its word: 1 case, 2,000 cases."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def moment(stamp: str | None) -> str:
    """Return a stored time as this computer's clock had it: 2026-11-22 14:02."""
    if not stamp:
        return "an unknown time"
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return "an unknown time"


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    if count < 10_000:
        return f"{count:,} bytes"
    return f"{count / 1_000:,.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


def of_recovery(recovery: Recovery, answers: int | None = None) -> str:
    """Return what opening a case found, empty where there is nothing to tell.

    `answers` is how many of the entries are answers, where somebody has counted.
    """
    match recovery.finding:
        case Finding.CLEAN:
            return ""
        case Finding.NOT_CLOSED:
            first = "The last session ended without closing. Nothing is missing."
        case Finding.TAIL_CUT:
            first = (
                "The last session broke off in the middle of writing. The unfinished end had never"
                " been shown as saved; it was cut off and kept aside."
            )
        case Finding.TAIL_LEFT:
            first = "The file ends in the middle of writing; that end was never shown as saved."
        case Finding.DAMAGED:
            first = "The file was changed or harmed. What stands before the damage is here."
    return f"{first} {_here(recovery.events, recovery.last_at, answers)}"


def of_damage(damaged: CaseDamaged) -> Content:
    """Return what is known of a case that cannot be opened for writing."""
    rolled_back = isinstance(damaged, CaseRolledBack)
    title = "This file is older than it should be" if rolled_back else "This case is damaged"
    what = (
        "More was saved than this file holds: it looks like an older copy that was put back."
        if rolled_back
        else damaged.what
    )
    can = (
        "You can open this for reading. A backup can bring the rest back: Vault, Restore."
        if damaged.readable
        else "A backup can bring it back: Vault, Restore."
    )
    return page(title, what, _here(damaged.readable, damaged.last_at, None), can)


def of_claim(claimed: CaseClaimed) -> Content:
    """Return who is writing in a case, where, and since when."""
    who, place = literal.line(claimed.who or "somebody"), literal.line(claimed.place or "?")
    return page(
        "Somebody is writing in this case",
        f"Who: {who.plain}\nWhere: {place.plain}\nSince: {moment(claimed.since)}",
        "You can open it for reading. It shows what is saved now; open it again to see more.",
    )


def _here(events: int, last_at: str | None, answers: int | None) -> str:
    if not events:
        return "No entry is readable."
    of_these = "" if answers is None else f", {many(answers, 'answer')} among them"
    return f"Here: {many(events, 'entry', 'entries')}{of_these}, the last of {moment(last_at)}."


def of_backup(report: BackupReport, name: str) -> Content:
    """Return what was written."""
    held = f"{many(report.cases, 'case')}, {many(report.events, 'entry', 'entries')},"
    left = (
        f"Left out, because it cannot be read: {many(len(report.left_out), 'case')}."
        " Verify says why."
        if report.left_out
        else ""
    )
    return page(
        "The backup is written",
        f"{held} {size(report.size)}, in {name}. It was read back to the last byte.",
        left,
        "The passphrase or recovery code of today opens it, also after they are changed here.",
    )


def of_rescue(report: BackupReport, name: str) -> Content:
    """Return what was written to another folder, and how to go on with it."""
    return page(
        "The case is saved in another folder",
        f"{many(report.events, 'entry', 'entries')}, {size(report.size)}, in {name}."
        " It was read back to the last byte.",
        "You may close the case now. To go on with it: Vault, Restore, this file.",
    )


def of_restoring(fates: Sequence[Restored]) -> Content:
    """Return what became of the cases of a backup."""
    counted = Counter(each.fate for each in fates)
    rows = [
        f"{many(counted[fate], 'case')}: {fate.value}" for fate in RestoreOutcome if counted[fate]
    ]
    return page("The backup was read", "\n".join(rows) or "There was no case in it.")


def of_checking(verdicts: Sequence[Verdict], names: Mapping[str, str]) -> Content:
    """Return what checking found; troubled cases by alias where the list knows one."""
    if not verdicts:
        return page("Verify", "There is no case here yet.")
    troubled = [each for each in verdicts if not each.sound]
    events = sum(each.events for each in verdicts if each.case_id)
    head = f"{many(len(verdicts), 'file')}, {many(events, 'entry', 'entries')}, to the last byte."
    if not troubled:
        return page("Every case is sound", head)
    rows = [
        f"{names.get(each.case_id) or each.file or each.case_id[:_SHOWN_ID]}: {each.trouble}"
        f" {many(each.events, 'entry', 'entries')} readable. [{each.code}]"
        for each in troubled
    ]
    title = f"Not sound: {many(len(troubled), 'file')}"
    harmed = any(each.case_id for each in troubled)
    way = "A backup can bring a case back: Restore." if harmed else "Every case is sound."
    return page(title, head, "\n".join(rows), way)


def of_audit(entries: Sequence[Entry], names: Mapping[str, str]) -> Content:
    """Return the latest entries of the audit, the latest first; cases by alias."""
    rows = [
        f"{moment(each.at)}  {each.action}{_which(each, names)}, {each.who or 'somebody'}"
        for each in reversed(entries[-_SHOWN_ENTRIES:])
    ]
    more = f"The latest of {many(len(entries), 'entry', 'entries')}."
    return page("Who did what", "\n".join(rows), f"{more} All of it: cases export --audit.")


def _which(entry: Entry, names: Mapping[str, str]) -> str:
    if not entry.case_id:
        return ""
    return f": {names.get(entry.case_id) or entry.case_id[:_SHOWN_ID]}"


def of_taking_in(taken: Imported) -> Content:
    """Return what became of plain case files."""
    rows = [f"{case_id[:_SHOWN_ID]}: left as it is [{code}]" for case_id, code in taken.left]
    return page(
        "Plain files were taken in",
        f"Sealed, and the plain file removed: {many(len(taken.taken), 'case')}.",
        "\n".join(rows),
        "Old copies may be left elsewhere: in backups of the disk, or in its free space."
        if taken.taken
        else "",
    )


def of_rotation(left: Sequence[str]) -> str:
    """Return which cases kept their old key."""
    if not left:
        return "Every case has a new key."
    return f"{many(len(left), 'case')} kept the old key: open elsewhere, or damaged. See Verify."
