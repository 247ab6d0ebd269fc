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
_ADDRESSEES: Final = {
    "person": "for the person",
    "carers": "for those who care",
    "web": "for the people around",
    "clinic": "for the clinic",
}


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
        print(json.dumps(plan.as_json(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_text(plan)))
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
    if plan.asks:
        yield "\nAsk first"
        yield from (f"- {ask.says}" for ask in plan.asks)
    if plan.held:
        yield "\nRate these first"
        yield from (f"- {held.title}: {held.reason}" for held in plan.held)
    if plan.areas:
        yield "\nLevels"
        yield from (f"- {area.title}: {area.band}. {' '.join(area.reasons)}" for area in plan.areas)
    for phase in plan.phases:
        if phase.lines:
            yield f"\n{_PHASES.get(phase.id, phase.id)}"
            for line in phase.lines:
                yield from _line(line, plan)
    if plan.unanswered:
        yield "\nNot answered by a line of its own"
        yield from (f"- {each.title}: {each.reason}" for each in plan.unanswered)
    if any(day.entries for day in plan.week):
        yield "\nThe week"
        for day in plan.week:
            entries = [f"{each.moment}: {each.title}" for each in day.entries]
            yield f"- {day.day.capitalize()}: {'; '.join(entries) or 'nothing'}"
        for each in plan.seldom:
            yield f"- Now and then: {each.title}"
    if plan.watch:
        yield "\nWhat to watch"
        for sign in plan.watch:
            yield f"- {sign.title}. It helps: {sign.helps} It harms: {sign.harms}"
    if plan.phases[0].lines:
        yield "\nWhat to leave out"
        yield from (f"- {text}" for text in plan.leave_out)
    yield ""
    yield " ".join((plan.limit_says, plan.review.says if plan.review else "")).strip()
    yield from plan.always_says
    yield f"{plan.clinician_says} {plan.basis}"


def _line(line: Line, plan: Plan) -> Iterator[str]:
    activity = line.activity
    level = f", {line.band}" if line.band else ""
    yield f"- {activity.title} ({_ADDRESSEES[line.addressee]}{level})"
    yield f"    Why: {' '.join(line.reasons)}"
    led = ", ".join(name.replace("_", " ") for name in line.led_by)
    yield f"    {activity.how_often}; {activity.how_long}. Led by: {led or 'nobody yet'}."
    yield f"    About {line.minutes_a_week} minutes a week beyond what the day costs anyway."
    yield f"    {activity.looks_like}"
    if line.half_dose:
        yield f"    {plan.half_dose_says} Smaller: {activity.down}"
    for text in (line.form, *line.adaptations):
        if text:
            yield f"    How: {text}"
    yield from (f"    {text}" for text in line.ask_first)
    yield from (f"    Take care: {text}" for text in activity.cautions)
