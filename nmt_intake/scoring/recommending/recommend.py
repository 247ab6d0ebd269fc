"""From metrics and a library of activities to a plan: pure; the same in, the same out."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.metrics import Metrics
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.scoring.recommending.choosing import balancing, deciding, picking
from nmt_intake.scoring.recommending.choosing.library import Library
from nmt_intake.scoring.recommending.choosing.picking import Pick, Picks
from nmt_intake.scoring.recommending.circumstances import Circumstances
from nmt_intake.scoring.recommending.needs import (
    NEEDIEST_FIRST,
    Placed,
    domains_in_order,
    needs_of,
    placed,
)
from nmt_intake.scoring.recommending.plan import Held, Line, OnOccasion, Phase, Plan, Review
from nmt_intake.scoring.recommending.reasons import Reasons
from nmt_intake.scoring.recommending.sequence import Sequence
from nmt_intake.scoring.recommending.strengths import matches

_PRINCIPLES = ("at_most", "at_most_now", "rank_by", "needed_below_percent", "settings_balance")


def recommend(
    metrics: Metrics,
    norms: Norms,
    activities: Iterable[Activity],
    sequence: Sequence,
    ratings: Ratings,
    circumstances: Circumstances,
) -> Plan:
    """Return the plan that the sequence rules make for one client; `ratings` give the age too.

    Every line has a reason. A domain with nothing rated gets nothing for the client; nothing is
    suggested outside the client's age, and what the clinician dropped does not come back.
    """
    needs = needs_of(metrics, norms, sequence)
    domains = placed(metrics, norms, sequence, needs)
    known = {activity.id: activity for activity in activities}
    heard = deciding.allowed(circumstances, sequence.clinician_may)
    library = Library(
        activities=MappingProxyType(known),
        sequence=sequence,
        age=ratings.age_months,
        needs=needs,
        matches={
            activity.id: matches(activity, heard.strengths, sequence) for activity in known.values()
        },
        circumstances=heard,
    )
    columns = deciding.decided(library, domains, _columns(library, domains, ratings))
    reasons = Reasons(library, norms, ratings, domains)
    return Plan(
        versions=MappingProxyType({**metrics.versions, "sequence": sequence.version}),
        basis=sequence.basis,
        said_first=sequence.said_first_if_safety_open if circumstances.safety_open else (),
        phases=tuple(
            Phase(phase, tuple(_line(reasons, pick) for pick in columns[phase]))
            for phase in sequence.phases
        ),
        areas=tuple(reasons.of_area(domain) for domain in domains),
        held=_held(metrics, norms, sequence),
        on_occasion=_on_occasion(library, domains, columns),
        occasion_says=sequence.says["only_on_occasion"],
        dropped=heard.dropped,
        moved_on=_moved_on(norms, sequence, domains, circumstances),
        principles=_principles(sequence, circumstances),
        always_says=sequence.always_says,
        half_dose_says=sequence.says["half_dose_when"],
        stop_when=sequence.stop_when,
        review=_review(sequence, domains),
        clinician_may=sequence.clinician_may,
        clinician_says=sequence.says["clinician_may"],
        remarks=deciding.remarks(library, circumstances, columns),
    )


def _columns(library: Library, domains: tuple[Placed, ...], ratings: Ratings) -> deciding.Columns:
    """Return what the rules suggest, phase by phase, the lowest system first in each."""
    picks = picking.by_domain(library, domains)
    picks = picking.with_strengths(library, domains, picks)
    picks = balancing.in_balance(library, balancing.few_at_once(library, picks))
    order = [domain.domain for domain in domains]
    lined_up = sorted(picks, key=lambda pick: order.index(pick.activity.domain))
    columns = {
        phase: tuple(pick for pick in lined_up if pick.phase == phase)
        for phase in library.sequence.phases
    }
    now = library.sequence.now
    caregivers = picking.for_caregivers(library, ratings)
    return {**columns, now: _beside(columns[now], caregivers)}


def _beside(picks: Picks, caregivers: Picks) -> Picks:
    first = any(pick.by == "caregiver_first_when" for pick in caregivers)
    return (*caregivers, *picks) if first else (*picks, *caregivers)


def _line(reasons: Reasons, pick: Pick) -> Line:
    return Line(
        activity=pick.activity,
        domain=pick.activity.domain,
        band=pick.band,
        reasons=reasons.of_line(pick),
        half_dose=pick.band in reasons.library.sequence.half_dose_when,
        by_clinician=pick.by == "clinician_may",
        unconfirmed=reasons.rests_on_unconfirmed(pick),
    )


def _principles(sequence: Sequence, circumstances: Circumstances) -> tuple[str, ...]:
    alone = ("led_without_caregiver",) if circumstances.client_is_only_informant else ()
    return tuple(sequence.says[key] for key in (*_PRINCIPLES, *alone))


def _held(metrics: Metrics, norms: Norms, sequence: Sequence) -> tuple[Held, ...]:
    return tuple(
        Held(domain.id, norms.domain_titles[domain.id], sequence.says["unknown_domain"])
        for domain in domains_in_order(metrics, sequence)
        if domain.band is None
    )


def _on_occasion(
    library: Library, domains: tuple[Placed, ...], columns: deciding.Columns
) -> tuple[OnOccasion, ...]:
    there = {pick.activity.id for picks in columns.values() for pick in picks}
    bands = {domain.domain: domain.band for domain in domains}
    occasions = library.sequence.only_on_occasion
    return tuple(
        OnOccasion(activity, occasions[activity.id])
        for activity in library.on_occasion(bands)
        if activity.id not in there
    )


def _moved_on(
    norms: Norms, sequence: Sequence, domains: tuple[Placed, ...], circumstances: Circumstances
) -> tuple[str, ...]:
    said: list[str] = []
    for domain in domains:
        before = circumstances.bands_before.get(domain.domain)
        if before not in NEEDIEST_FIRST:
            continue
        for move in sequence.move_on:
            came_from = NEEDIEST_FIRST.index(before) <= NEEDIEST_FIRST.index(move.start)
            if move.end == domain.band and came_from:
                said.append(f"{norms.domain_titles[domain.domain]}: {move.says}")
    return tuple(said)


def _review(sequence: Sequence, domains: tuple[Placed, ...]) -> Review | None:
    if not domains:
        return None
    lowest = min((domain.band for domain in domains), key=NEEDIEST_FIRST.index)
    time = sequence.review[lowest]
    return Review(time.weeks, time.says, sequence.review_sooner_when, sequence.review_asks)
