"""The lines at the top and the bottom: who, with whom, what is saved, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from nmt_intake.bank.truth import Possible
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import Answered, Event
from nmt_intake.interview.progress import Progress
from nmt_intake.interview.speaking import client_name
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import age_in_words
from nmt_intake.tui import literal
from nmt_intake.tui.vault.covers import told_of


def who(interview: Interview) -> Content:
    """Return the line at the top: practice, name, age, informant."""
    parts = ["Practice"] if interview.practice else []
    parts += [client_name(interview), age(interview)]
    speaking = interview.informants.get(interview.speaking or "")
    if speaking is None:
        parts.append("nobody named yet (F10)")
    else:
        known = speaking.known_from_months
        since = f" (since {age_in_words(known)})" if known is not None and known > 0 else ""
        parts.append(f"with {speaking.name or speaking.relation}{since}")
    return literal.line(" · ".join(part for part in parts if part))


def age(interview: Interview) -> str:
    """Return the client's age in words, empty where it is not known."""
    found = interview.facts.get("client.age_months")
    if isinstance(found, Possible):
        ends = (found.values[0], found.values[-1])
        span = " to ".join(age_in_words(each) for each in ends if isinstance(each, int | float))
        differ = interview.setting.differing("client.birth")
        return f"{span} (two birth dates were told)" if differ else span
    return age_in_words(found) if isinstance(found, int | float) else ""


def saved(case: Session) -> Content:
    """Return what is true about saving at this moment."""
    state = case.saving
    if case.elsewhere is not None:
        return literal.line("reading only", "bold")
    if state.problem is not None and state.waiting:
        return literal.line(f"not saved: {state.waiting}", "bold reverse")
    if state.elsewhere:
        return literal.line(f"in another folder: {state.elsewhere}", "bold")
    if state.waiting:
        return literal.line("saving")
    return literal.line(f"saved {_clock(state.saved_at)}" if state.saved_at else "")


def trouble(case: Session) -> str:
    """Return what to know about reading only, damage or a failed save; empty when all is well."""
    state = case.saving
    if state.problem is not None and state.waiting:
        kept = "1 answer is" if state.waiting == 1 else f"{state.waiting} answers are"
        again = "Ctrl+T saves again, " if case.file.writable else ""
        how = f"{again}F6 saves to another folder."
        return f"{state.problem.what} {kept} kept here. {state.problem.advice} {how}"
    if state.elsewhere:
        return "Saved in another folder. To go on with the case: Vault, Restore, that file."
    if (other := case.elsewhere) is not None:
        since = _moment(other.since)
        return f"Reading only: {other.who or 'somebody'} on {other.place} has it since {since}."
    recovery = case.file.recovery
    found = case.events[: recovery.events]
    told = told_of(recovery, sum(isinstance(event, Answered) for event in found))
    return " ".join(part for part in (told, _other_bank(case, found)) if part)


def _other_bank(case: Session, found: Sequence[Event]) -> str:
    """Return what to know of a case that was begun with other questions, or changed ones."""
    bank = case.interview.bank
    others = {event.bank_version for event in found if event.bank_hash not in ("", bank.hash)}
    if not others:
        return ""
    if others == {bank.version}:
        return f"The question bank was changed since ({bank.version}); what was said is kept."
    was = ", ".join(sorted(others))
    return f"Begun with another question bank ({was}, now {bank.version}); what was said is kept."


def counts(
    found: Progress,
    open_safety: int,
    against: int = 0,
    waiting: Mapping[str, int] | None = None,
    offered: str = "",
) -> Content:
    """Return the line of counts; `against` is how many checks between answers do not hold.

    `waiting` is how many sensitive questions are not asked for now, by the reason; `offered` the
    title of a safety card that what was typed may be about.
    """
    parts = [f"F8 safety card: {offered}"] if offered else []
    parts += [
        f"{found.asked} asked",
        f"{found.remaining} open",
        f"{found.to_find_out} to find out",
    ]
    parts += [f"{count} not asked: {reason}" for reason, count in (waiting or {}).items()]
    if found.undecided:
        parts.append(f"{found.undecided} undecided")
    if against:
        parts.append(f"{against} not fitting (Alt+T)")
    if open_safety:
        parts.append(f"⚑ {open_safety} safety note{'s' if open_safety > 1 else ''}, open")
    return literal.line(" · ".join(parts))


def _clock(at: datetime | None) -> str:
    return at.strftime("%H:%M:%S") if at else ""


def _moment(stamp: str) -> str:
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return stamp or "an unknown time"
