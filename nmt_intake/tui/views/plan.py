"""A plan as text for the desk: its lines, one activity in full, the rules that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from nmt_intake.scoring.planner import Card, Line, Plan
from nmt_intake.tui import literal

PHASES: Final = {"now": "Now", "next": "Next", "later": "Later"}
_INDENT: Final = Content("    ")
# So many signs are watched; a longer list is not.
_SIGNS: Final = 3


def heading(plan: Plan, phase: str) -> Content:
    """Return the head of a phase with the domains that are worked on in it."""
    domains = [area.title.lower() for area in plan.areas if area.phase == phase]
    return _beside(literal.line(PHASES.get(phase, phase), "bold"), ", ".join(domains))


def row(line: Line, place: int, width: int) -> Content:
    """Return a line of the plan: the activity, and its first reason below."""
    marks = [", ".join(line.settings or line.activity.settings)]
    marks += ["half the time at first"] if line.half_dose else []
    marks += ["by the clinician"] if line.by_clinician else []
    marks += ["rests on a suggestion"] if line.unconfirmed else []
    title = Content(f"{place:>2}  ") + literal.line(line.activity.title)
    reason = _INDENT + literal.line(next(iter(line.reasons), ""), "$aside", width - len(_INDENT))
    return Content("\n").join([_cut(_beside(title, " · ".join(marks)), width), reason])


def dropped_row(title: str, reason: str, width: int) -> Content:
    """Return one dropped activity with the reason, if one was given."""
    return _cut(_beside(_INDENT + literal.line(title), reason), width)


def held_rows(plan: Plan, width: int) -> Iterator[Content]:
    """Yield the domains that get nothing, each with why."""
    for held in plan.held:
        yield _cut(_beside(_INDENT + literal.line(held.title), held.reason), width)


def _beside(text: Content, more: str) -> Content:
    return text + Content("  ") + literal.line(more, "$aside") if more else text


def _cut(text: Content, width: int) -> Content:
    return text.truncate(width, ellipsis=True)


def opening(plan: Plan) -> Content:
    """Return what stands above the plan: what goes first, and what to know about it."""
    asks = [f"Ask first: {ask.says}" for ask in plan.asks]
    first = [literal.literal(text, "bold") for text in (*plan.said_first, *asks)]
    moved = [literal.literal(text) for text in plan.moved_on]
    return literal.lines(*first, *moved, *(literal.literal(text) for text in plan.remarks))


def in_full(card: Card, line: Line | None, decided: str) -> Content:
    """Return one activity as its card, with why it is in the plan and what the clinician said."""
    return literal.lines(
        literal.line(card.title, "bold"),
        *_section("Why", line.reasons if line else ()),
        *_section("The clinician", (decided,) if decided else ()),
        *(each for heading, texts in card.parts for each in _section(heading, texts)),
    )


def week(plan: Plan) -> Content:
    """Return the week on one page: what is there already, weekday beside weekend, what to watch."""
    days = ("School days", "Days at home") if plan.school_days else ("Weekdays", "Weekend")
    rows = [
        (row.title, tuple(f"{day}: {'; '.join(told)}" for day, told in cells if told))
        for row in plan.page
        for cells in [tuple(zip(days, (row.weekday, row.weekend), strict=True))]
    ]
    already = [f"“{each.text}”, {each.said_by}" for each in plan.already]
    signs = [
        f"{sign.title.partition(' (')[0]}. It helps: {sign.helps} It harms: {sign.harms}"
        for sign in plan.watch[:_SIGNS]
    ]
    carers = [line.activity.title for line in plan.for_carers]
    weeks = ", ".join(str(each) for each in plan.review.times) if plan.review else ""
    return literal.lines(
        literal.line("The week", "bold"),
        *_section("There already, on Monday", already or ["Ask first what goes well already."]),
        *(each for title, told in rows for each in _section(title, told)),
        *_section("Now and then", [each.title for each in plan.seldom]),
        *_section("Those who care", carers),
        *_section("How all of it is done here", plan.always_adapt),
        *_section("Watch", signs),
        *_section("Leave out", plan.leave_out),
        *_section("Look again", [f"After {weeks} weeks, then every half year."] if weeks else []),
    )


def rules(plan: Plan) -> Content:
    """Return the rules of the plan: levels, when to stop, when to look again, what shaped it."""
    areas = [f"{area.title}: {' '.join(area.reasons)}" for area in plan.areas]
    held = [f"{held.title}: {held.reason}" for held in plan.held]
    occasions = [f"{each.activity.title}: when {each.occasion}." for each in plan.on_occasion]
    review = plan.review
    look = (
        [review.says, *(f"Sooner when {each}." for each in review.sooner_when), *review.asks]
        if review
        else []
    )
    halves = [plan.half_dose_says] if any(line.half_dose for line in plan.lines) else []
    return literal.lines(
        literal.line("About this plan", "bold"),
        *_section("Stop when", plan.stop_when),
        *_section("Look at it again", look),
        *_section("Areas", areas),
        *_section("Nothing suggested yet", held),
        *_section("Always", (*plan.always_says, *halves)),
        *_section("On occasion", [plan.occasion_says, *occasions] if occasions else []),
        *_section("What shaped it", (*plan.principles, plan.clinician_says, plan.basis)),
    )


def _section(title: str, texts: tuple[str, ...] | list[str]) -> list[Content]:
    if not texts:
        return []
    return [
        Content(" "),
        literal.line(title, "bold"),
        *(literal.literal(f"· {text}") for text in texts),
    ]
