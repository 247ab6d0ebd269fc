"""The week on one page: what is there, what comes when, for whom, what to watch for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from nmt_intake.report.context import Material
from nmt_intake.report.markdown import (
    Lines,
    Section,
    bullets,
    paragraph,
    strong,
    table,
)
from nmt_intake.scoring.planner import Plan

# So many signs are watched; a longer list is not.
_SIGNS: Final = 3
_ADDRESSEES: Final = {
    "person": "For the person",
    "carers": "For those who care",
    "web": "For kin, school and community",
    "clinic": "For the clinic",
}


def week_page(material: Material, plan: Plan) -> Section:
    """Return the week; empty where nothing is begun."""
    if not plan.page:
        return Section("The week on one page", ())
    weekday, weekend = ("School day", "Day at home") if plan.school_days else ("Weekday", "Weekend")
    rows = [
        (row.title, _cell(material, row.weekday), _cell(material, row.weekend)) for row in plan.page
    ]
    lines = (
        *_already(material, plan),
        *table(("When", weekday, weekend), rows),
        *bullets(_facts(material, plan)),
    )
    return Section("The week on one page", lines)


def _cell(material: Material, told: tuple[str, ...]) -> str:
    return "; ".join(material.text(each) for each in told) or "–"


def _already(material: Material, plan: Plan) -> Lines:
    if not plan.already:
        return paragraph("Begin on Monday with what goes well already: ask for it first.")
    said = [
        f"{material.quoted(each.text)} ({material.text(each.said_by)})" for each in plan.already
    ]
    return paragraph(f"{strong('Monday begins with what is there already:')} {'; '.join(said)}.")


def _facts(material: Material, plan: Plan) -> Iterator[str]:
    seldom = "; ".join(material.text(each.title) for each in plan.seldom)
    if seldom:
        yield f"{strong('Now and then:')} {seldom}."
    if plan.always_adapt:
        said = " ".join(material.text(each) for each in plan.always_adapt)
        yield f"{strong('How all of it is done here:')} {said}"
    for line in plan.for_carers:
        gets = "What those who care get:" if line.gives else "What those who care do:"
        yield f"{strong(gets)} {material.text(line.activity.title)}."
    for sign in plan.watch[:_SIGNS]:
        title = material.text(sign.title.partition(" (")[0])
        yield (
            f"{strong(f'Watch, {title.lower()}:')} it helps: {material.text(sign.helps)}"
            f" It harms: {material.text(sign.harms)}"
        )
    if plan.leave_out:
        left = " ".join(material.text(each) for each in plan.leave_out)
        yield f"{strong('Leave out:')} {left}"
    if plan.review:
        yield f"{strong('Look again:')} {material.text(_look_again(material, plan))}"


def _look_again(material: Material, plan: Plan) -> str:
    review = plan.review
    assert review is not None, "asked for where there is one"
    began = _day(material)
    weeks = [f"{each} weeks" for each in review.times]
    if began is not None and material.wanted.dates:
        days = review.dates(began)
        weeks = [f"{week} ({day.isoformat()})" for week, day in zip(weeks, days, strict=True)]
    return f"after {', '.join(weeks)}; then every half year."


def _day(material: Material) -> date | None:
    told = material.interview.client.interviewed if material.interview else None
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None


def addressees(material: Material, plan: Plan) -> Section:
    """Return what is there for each of the four: the person, carers, the web, the clinic."""
    said: list[str] = []
    for code, title in _ADDRESSEES.items():
        lines = [line for phase in plan.phases[:2] for line in phase.lines]
        told = [material.text(line.activity.title) for line in lines if line.addressee == code]
        if code == "clinic":
            asks = len(plan.for_doctor)
            told += [f"{asks} to ask or tell first, above"] if asks else []
            told += ["looking at the plan again"]
        said.append(f"{strong(f'{title}:')} {'; '.join(told) or 'nothing in these phases'}.")
    return Section("For whom, now and next", bullets(said))


__all__ = ["addressees", "week_page"]
