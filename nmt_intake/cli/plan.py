"""`nmt-intake plan`: what to begin with, for whom, led by whom, and what to ask first."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import assess_ratings, norms_of
from nmt_intake.cli.loading import chosen_bank, read_bytes
from nmt_intake.cli.output import put_out
from nmt_intake.errors import IntakeError
from nmt_intake.report.disclosure import disclosed_context, disclosed_ratings, may_stand
from nmt_intake.report.options import Policy
from nmt_intake.scoring import Metrics, Norms, Ratings, ratings_from
from nmt_intake.scoring.planner import (
    Card,
    Line,
    Plan,
    card_of,
    circumstances_from,
    context_in,
    recommend,
    rules_of,
)
from nmt_intake.scoring.ratings import parse
from nmt_intake.text import clean_line

_PHASES: Final = {"now": "Now", "next": "Next", "later": "Later"}
_FOR: Final = {
    "person": "For the person",
    "carers": "For those who care",
    "web": "For kin, school and community",
    "clinic": "For the clinic",
}
# So many signs are watched; a longer list is not.
_SIGNS: Final = 3


def plan_file(options: argparse.Namespace) -> int:
    """Print the plan of a ratings file."""
    bank = chosen_bank(options)
    norms, name = norms_of(bank), options.ratings.name
    data = parse(read_bytes(options.ratings), name)
    ratings = ratings_from(data, name)
    policy = Policy(substance=not options.without_substance)
    ratings = disclosed_ratings(ratings, policy, bank)
    metrics = assess_ratings(ratings, norms).metrics
    plan = plan_for(data, name, ratings, metrics, bank, norms, policy)
    if plan is None:
        raise IntakeError(
            "PLAN-006", bank.folder, "this bank has no activities.", "Use a bank that has them."
        )
    if options.cards or options.card:
        put_cards(_cards(plan, bank, norms, options.card), options)
    elif options.json:
        made = json.dumps(plan.as_json(), indent=2, ensure_ascii=False)
        put_out(f"{made}\n", options.out, "plan")
    else:
        put_out("\n".join(_text(plan)) + "\n", options.out, "plan")
    return 0


def put_cards(cards: Iterable[Card], options: argparse.Namespace) -> None:
    """Print cards or write them to a file; JSON where that is asked for."""
    from nmt_intake.report.cards import cards_html, cards_text

    if options.json:
        shown = [
            {"activity": card.activity, "title": card.title, "parts": dict(card.parts)}
            for card in cards
        ]
        put_out(json.dumps({"cards": shown}, indent=2, ensure_ascii=False) + "\n", options.out, "")
        return
    write = cards_html if options.format == "html" else cards_text
    put_out(write(cards), options.out, options.format)


def _cards(plan: Plan, bank: Bank, norms: Norms, wanted: str | None) -> Iterator[Card]:
    """Yield the cards of what is begun, or of one line of the plan."""
    rules = rules_of(bank)
    assert rules is not None, "a plan has been made"
    lines = plan.phases[0].lines if wanted is None else plan.lines
    found = [line for line in lines if wanted is None or line.activity.id == wanted]
    if wanted is not None and not found:
        what = f"this plan has no line '{clean_line(wanted, 60)}'."
        raise IntakeError("PLAN-007", bank.folder, what, "bank activity ID shows any activity.")
    yield from (card_of(line.activity, rules, norms, line) for line in found)


def plan_for(
    data: object,
    name: str,
    ratings: Ratings | None,
    metrics: Metrics | None,
    bank: Bank,
    norms: Norms,
    policy: Policy,
) -> Plan | None:
    """Return the plan of a ratings file's content; None without figures or without activities.

    What `policy` leaves out of a copy is left out of the context before anything is planned.
    """
    rules = rules_of(bank)
    if rules is None or ratings is None or metrics is None:
        return None
    context = disclosed_context(context_in(data), policy)
    circumstances = circumstances_from(context, rules, name)
    known = rules.context.conditions
    kept = tuple(each for each in circumstances.conditions if may_stand(known[each].title, policy))
    circumstances = replace(circumstances, conditions=kept)
    return recommend(metrics, norms, bank.activities, rules, ratings, circumstances)


def _text(plan: Plan) -> Iterator[str]:
    yield from plan.said_first
    yield from _listed("Ask first", [ask.says for ask in plan.asks if not ask.safety])
    yield from _listed("Rate these first", plan.rate_first)
    yield from _week(plan)
    now, *others = plan.phases
    if now.lines:
        yield f"\n{_PHASES.get(now.id, now.id)}"
        for line in now.lines:
            yield from _line(line, plan)
    for phase in others:
        brief = [_brief(line) for line in phase.lines]
        yield from _listed(f"{_PHASES.get(phase.id, phase.id)} (bank activity ID: in full)", brief)
    yield from _listed(
        "For whom, now and next",
        [f"{title}: {told}" for title, told in _addressees(plan) if told],
    )
    levels = [f"{area.title}: {area.band}. {' '.join(area.reasons)}" for area in plan.areas]
    yield from _listed("Levels", levels)
    yield from _listed(
        "Not answered by a line of its own",
        [f"{each.title}: {each.reason}" for each in plan.unanswered],
    )
    yield from _listed("Stop when", plan.stop_when if now.lines else ())
    yield ""
    yield plan.limit_says
    yield from plan.always_says
    yield f"{plan.clinician_says} {plan.basis}"


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    told = list(items)
    if told:
        yield f"\n{title}"
        yield from (f"- {each}" for each in told)


def _week(plan: Plan) -> Iterator[str]:
    """Write the week: what is there, what comes when, what to watch, when to look again."""
    if not plan.page:
        return
    yield "\nThe week"
    already = "; ".join(f"“{each.text}” ({each.said_by})" for each in plan.already)
    yield f"  Monday begins with what is there already: {already or 'ask for it first'}."
    days = ("School days", "Days at home") if plan.school_days else ("Weekdays", "Weekend")
    for row in plan.page:
        cells = zip(days, (row.weekday, row.weekend), strict=True)
        told = [f"{day}: {'; '.join(each)}" for day, each in cells if each]
        if row.weekday == row.weekend:
            told = ["; ".join(row.weekday)]
        yield f"  {row.title}. {'. '.join(told)}."
    if plan.seldom:
        yield f"  Now and then: {'; '.join(each.title for each in plan.seldom)}."
    for line in plan.for_carers:
        yield f"  Those who care {'get' if line.gives else 'do'}: {line.activity.title}."
    if plan.always_adapt:
        yield f"  How all of it is done here: {' '.join(plan.always_adapt)}"
    for sign in plan.watch[:_SIGNS]:
        title = sign.title.partition(" (")[0]
        yield f"  Watch {title.lower()}. It helps: {sign.helps} It harms: {sign.harms}"
    yield f"  Leave out: {' '.join(plan.leave_out)}"
    if plan.review:
        weeks = ", ".join(str(each) for each in plan.review.times)
        yield f"  Look again after {weeks} weeks, then every half year."


def _addressees(plan: Plan) -> Iterator[tuple[str, str]]:
    lines = [line for phase in plan.phases[:2] for line in phase.lines]
    for code, title in _FOR.items():
        told = [line.activity.title for line in lines if line.addressee == code]
        if code == "clinic" and plan.for_doctor:
            told.append(f"{len(plan.for_doctor)} to ask or tell first, above")
        yield title, "; ".join(told)


def _brief(line: Line) -> str:
    why = next(iter(line.reasons), "")
    who = " or ".join(line.who) or "nobody yet"
    return f"{line.activity.title} [{line.activity.id}], {line.when}, {who}. {why}"


def _line(line: Line, plan: Plan) -> Iterator[str]:
    activity = line.activity
    yield f"- {activity.title} ({_FOR[line.addressee].lower()})"
    yield f"    Why: {' '.join(line.reasons)}"
    yield f"    {activity.looks_like}"
    for text in (line.form, *plan.own_adaptations(line)):
        if text:
            yield f"    How: {text}"
    who = " or ".join(line.who) or "nobody yet"
    yield f"    {activity.how_often}; {activity.how_long}. Best: {line.when}. Led by: {who}."
    minutes = f"About {line.minutes_a_week} minutes a week beyond what the day costs anyway."
    smaller = f" Begin smaller: {activity.down}" if line.half_dose else ""
    yield f"    {minutes}{smaller} In two weeks: {activity.signs}"
    yield from (f"    {text}" for text in line.ask_first)
    yield from (f"    Take care: {text}" for text in activity.cautions)
