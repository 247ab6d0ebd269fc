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
_ADDRESSEES: Final = ("person", "carers", "web", "clinic")


def week_page(material: Material, plan: Plan) -> Section:
    """Return the week; empty where nothing is begun."""
    title = material.say("week_section")
    if not plan.page:
        return Section(title, ())
    days = ("school_day", "home_day") if plan.school_days else ("weekday", "weekend")
    weekday, weekend = (material.say(each) for each in days)
    rows = [
        (row.title, _cell(material, row.weekday), _cell(material, row.weekend)) for row in plan.page
    ]
    lines = (
        *_already(material, plan),
        *table((material.say("week_when"), weekday, weekend), rows),
        *bullets(_facts(material, plan)),
    )
    return Section(title, lines)


def _cell(material: Material, told: tuple[str, ...]) -> str:
    return "; ".join(material.text(each) for each in told) or "–"


def _already(material: Material, plan: Plan) -> Lines:
    if not plan.already:
        return paragraph(material.say("week_begin"))
    said = [
        f"{material.quoted(each.text)} ({material.text(each.said_by)})" for each in plan.already
    ]
    return paragraph(f"{strong(material.say('week_already'))} {'; '.join(said)}.")


def _facts(material: Material, plan: Plan) -> Iterator[str]:
    seldom = "; ".join(material.text(each.title) for each in plan.seldom)
    if seldom:
        yield f"{strong(material.say('now_and_then'))} {seldom}."
    if plan.always_adapt:
        said = " ".join(material.text(each) for each in plan.always_adapt)
        yield f"{strong(material.say('all_of_it'))} {said}"
    for line in plan.for_carers:
        gets = material.say("carers_get" if line.gives else "carers_do")
        yield f"{strong(gets)} {material.text(line.activity.title)}."
    for sign in plan.watch[:_SIGNS]:
        title = material.text(material.named(f"functions.{sign.function}").partition(" (")[0])
        yield (
            f"{strong(material.say('watch', what=title.lower()))} {material.say('it_helps')}"
            f" {material.text(sign.helps)} {material.say('it_harms')} {material.text(sign.harms)}"
        )
    if plan.leave_out:
        left = " ".join(material.text(each) for each in plan.leave_out)
        yield f"{strong(material.say('leave_out'))} {left}"
    if plan.review:
        yield f"{strong(material.say('look_again'))} {_look_again(material, plan)}"


def _look_again(material: Material, plan: Plan) -> str:
    review = plan.review
    assert review is not None, "asked for where there is one"
    began = _day(material)
    weeks = [material.say("weeks", n=each) for each in review.times]
    if began is not None and material.wanted.dates:
        days = review.dates(began)
        weeks = [f"{week} ({day.isoformat()})" for week, day in zip(weeks, days, strict=True)]
    return material.say("after_weeks", weeks=", ".join(weeks))


def _day(material: Material) -> date | None:
    told = material.interview.client.interviewed if material.interview else None
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        return None


def addressees(material: Material, plan: Plan) -> Section:
    """Return what is there for each of the four: the person, carers, the web, the clinic."""
    said: list[str] = []
    for code in _ADDRESSEES:
        lines = [line for phase in plan.phases[:2] for line in phase.lines]
        told = [material.text(line.activity.title) for line in lines if line.addressee == code]
        if code == "clinic":
            asks = len(plan.for_doctor)
            told += [material.say("ask_above", n=asks)] if asks else []
            told.append(material.say("plan_again"))
        words = "; ".join(told) or material.say("nothing_here")
        said.append(f"{strong(material.say(f'whom_{code}'))} {words}.")
    return Section(material.say("whom_section"), bullets(said))


__all__ = ["addressees", "week_page"]
