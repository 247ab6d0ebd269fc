"""The first page: what somebody needs who has one minute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nmt_intake.interview.events import Signed
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import text_facts
from nmt_intake.interview.state import Interview
from nmt_intake.report.answer_lines import good_things
from nmt_intake.report.context import Material
from nmt_intake.report.disclosure import SUBSTANCE
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    count,
    listed,
    paragraph,
    strong,
    table,
)
from nmt_intake.report.sections.functioning import domain_keys, level
from nmt_intake.report.sections.recommendations import things_to_mention
from nmt_intake.report.words import no_percent, of_expected, span, whole_span
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS

# The bank's questions that the first page knows by name; a bank may do without them.
_FIRST_LINE: Final = "closing.strength_to_keep"
_STRENGTHS: Final = "strengths_first."
_MOST_STRENGTHS: Final = 3
_LEAVE_OUT: Final = "consent.leave_out_substance"


def summary(material: Material) -> Section:
    """Return the one-page summary."""
    lines = (
        *_safety_first(material),
        *_first_line(material),
        *bullets((*_who(material), *_loved(material))),
        *_figures(material),
        *bullets((*_history_and_people(material), *_next(material))),
        *_copy(material),
        *paragraph(
            "Figures are ratings by people, with what is unknown left open. They point to what to",
            "look at next. They are not a diagnosis, and every conclusion is the clinician's.",
        ),
    )
    return Section("Summary on one page", lines)


def _safety_first(material: Material) -> Lines:
    """Return the line that stands before everything while a safety concern is open."""
    still_open = len(material.interview.open_safety) if material.interview else 0
    if not still_open:
        return NOTHING
    return paragraph(
        strong("Safety first:"),
        f"{count(still_open, 'concern')} not acknowledged yet. See “Safety notes”.",
    )


def _first_line(material: Material) -> Lines:
    if material.interview is None or _FIRST_LINE not in material.open_slots:
        return NOTHING
    given = material.interview.answers(_FIRST_LINE)
    said = [
        f"{material.quoted(str(each.value))} ({material.who(each.informant)})" for each in given
    ]
    return paragraph(strong("To begin with:"), *said)


def _who(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        yield f"{strong('Source:')} a file of ratings only; there are no answers behind it here."
        return
    age = material.text(text_facts(interview, "")["client.age"])
    day = interview.client.interviewed
    met = f", interview of {material.text(day)}" if day else ""
    yield f"{strong('Client:')} {material.text(material.shown)}, {age}{met}."
    told = [material.text(each.relation) for each in interview.informants.values()]
    yield f"{strong('Told by:')} {listed(told) or 'not noted'}."
    yield f"{strong('Status:')} {_status(interview)}{_ratings(material)}"


def _loved(material: Material) -> Iterator[str]:
    slots = [slot for slot in material.open_slots if slot.startswith(_STRENGTHS)]
    said = list(good_things(material, slots))[:_MOST_STRENGTHS]
    if said:
        yield f"{strong('Good, and loved:')} {'; '.join(said)}."


def _status(interview: Interview) -> str:
    done = progress(interview)
    practice = "Practice case, nobody real. " if interview.practice else ""
    events = interview.ledger.about("status")
    signed = interview.signed and isinstance(events[-1], Signed)
    state = "Signed." if signed else "Draft, not signed."
    return f"{practice}{state} {done.answered} answered of {done.asked} asked."


def _ratings(material: Material) -> str:
    if not material.given:
        return " No ratings yet."
    known = [key for key in material.keys if key in material.given]
    suggested = len(material.unconfirmed & set(known))
    tail = f"; {suggested} of them are suggestions that nobody has confirmed (\\*)"
    return f" {len(known)} of {len(material.keys)} ratings made{tail if suggested else ''}."


def _figures(material: Material) -> Lines:
    metrics = material.figures
    if metrics is None:
        return NOTHING
    norms = material.norms
    header = ("Today, beside what is expected at this age", "Low – centre – high", "Rated", "Level")
    rows = [
        (
            material.text(norms.domain_titles[name]),
            of_expected(domain.share, norms, metrics) + material.mark(domain_keys(material, name)),
            material.rated_of(domain_keys(material, name)),
            level(material, domain),
        )
        for name, domain in metrics.domains.items()
    ]
    functions = tuple(f"functions.{name}" for name in FUNCTIONS)
    whole = of_expected(metrics.total, norms, metrics) + material.mark(functions)
    rows.append((strong("All 32 functions"), whole, material.rated_of(functions), ""))
    why = () if metrics.says_percent else paragraph(no_percent(norms))
    return (*table(header, rows), *why)


def _history_and_people(material: Material) -> Iterator[str]:
    metrics = material.figures
    if metrics is None:
        return
    known = [
        period
        for period in metrics.periods.values()
        if period.adversity.rated + period.relational.rated and period.risk.mid is not None
    ]
    if known:
        worst = max(known, key=lambda period: period.risk.mid or 0)
        title = material.text(material.norms.periods[worst.id].title)
        keys = (key for key in material.unconfirmed if key.startswith(f"{worst.id}/"))
        yield (
            f"{strong('History:')} of {count(len(known), 'period')} with ratings, the centre of "
            f"developmental risk is highest for {title}: {whole_span(worst.risk)}"
            f"{material.mark(keys)} of 100 (ours)."
        )
    if metrics.relationships.rated:
        keys = tuple(f"relationships.{item}" for item in RELATIONSHIPS)
        total = span(metrics.relationships.sum) + material.mark(keys)
        yield f"{strong('People today:')} {total} of 9 to 108; {material.rated_of(keys)} rated."


def _next(material: Material) -> Iterator[str]:
    plan = material.plan
    if plan and plan.phases and plan.phases[0].lines:
        titles = [material.text(line.activity.title) for line in plan.phases[0].lines]
        yield f"{strong('First steps:')} {'; '.join(titles)}."
    if material.interview is None:
        return
    doctor = len(tuple(things_to_mention(material)))
    if doctor:
        yield f"{strong('To a doctor:')} {count(doctor, 'thing')} to mention."
    to_find_out = progress(material.interview).to_find_out
    if to_find_out:
        yield f"{strong('To find out:')} {count(to_find_out, 'question')} left for somebody else."
    notes, still_open = len(material.interview.safety), len(material.interview.open_safety)
    if notes:
        yield f"{strong('Safety:')} {count(notes, 'note')}, {still_open} not acknowledged yet."


def _copy(material: Material) -> Lines:
    if material.left_out:
        return paragraph(f"This copy leaves out {listed(material.left_out)}.")
    interview = material.interview
    if interview is None:
        return NOTHING
    agreed = any(given.value is True for given in interview.answers(_LEAVE_OUT))
    held = any(
        SUBSTANCE in material.question(slot).tags and interview.said(slot).given
        for slot in material.open_slots
    )
    if not (agreed and held):
        return NOTHING
    return paragraph(
        strong("Before this copy leaves the house:"),
        "it was agreed to leave out what was said about alcohol and drugs, and this copy holds it.",
    )
