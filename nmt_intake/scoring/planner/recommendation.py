"""From metrics, a library of activities and circumstances to a plan: the same in, the same out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from nmt_intake.bank.model import Activity, Bank
from nmt_intake.scoring.metrics import Metrics
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.planner.care import Care, care_of, lowest_says
from nmt_intake.scoring.planner.circumstances import Circumstances, Strength, words_heard
from nmt_intake.scoring.planner.decisions import allowed, decided, remarks
from nmt_intake.scoring.planner.library import Library, library_for
from nmt_intake.scoring.planner.needs import Level, Need, in_order, levels_of, needs_of
from nmt_intake.scoring.planner.people import People, people_of, spoken, why_first
from nmt_intake.scoring.planner.plan import (
    Already,
    Area,
    Ask,
    Held,
    Line,
    OnOccasion,
    Phase,
    Plan,
    Review,
    Sign,
    Unanswered,
)
from nmt_intake.scoring.planner.reasons import Reasons
from nmt_intake.scoring.planner.rules import BANDS, Rules, rules_of
from nmt_intake.scoring.planner.selection import Columns, Pick, Selection, selected
from nmt_intake.scoring.planner.week import rows_of, week_of, when_in_words
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.text import clean_line


def plan_of_bank(
    bank: Bank, ratings: Ratings, metrics: Metrics, norms: Norms, circumstances: Circumstances
) -> Plan | None:
    """Return the plan of a bank with activities and rules of its own, else None."""
    rules = rules_of(bank)
    if rules is None:
        return None
    return recommend(metrics, norms, bank.activities, rules, ratings, circumstances)


def recommend(
    metrics: Metrics,
    norms: Norms,
    activities: Iterable[Activity],
    rules: Rules,
    ratings: Ratings,
    circumstances: Circumstances,
) -> Plan:
    """Return the plan that the rules make for one person; `ratings` give the age and the ties.

    Every line has a reason, and every function that needs help has a line or a reason why not.
    Nothing is suggested outside the person's age, in what somebody has to be asked about first, or
    beyond what the household can do; what the clinician dropped does not come back.
    """
    heard = allowed(circumstances, rules.sequence.clinician_may)
    needs = needs_of(metrics, norms, rules)
    levels = levels_of(metrics, norms, rules, needs)
    care = care_of(needs, metrics, ratings, heard, rules)
    people = people_of(ratings, heard, care.conditions, rules)
    typical = frozenset(
        name for name, r in ratings.functions.items() if r >= rules.sequence.need.typical_from
    )
    library = library_for(activities, needs, typical, people, care, heard, rules)
    selection = selected(library, levels)
    areas = tuple(_areas(levels, selection.columns, library, norms, metrics))
    columns = decided(library, areas, selection.columns)
    reasons = Reasons(library, norms, metrics, levels, _vehicles(heard.strengths, columns, library))
    phases = tuple(
        Phase(phase, tuple(_line(reasons, levels, pick) for pick in columns[phase]))
        for phase in rules.sequence.phases
    )
    week, seldom = week_of(phases[0].lines)
    school_days = _goes_to_school(people, circumstances, rules)
    return Plan(
        versions=MappingProxyType(
            {
                **metrics.versions,
                "sequence": rules.sequence.version,
                "context": rules.context.version,
            }
        ),
        basis=rules.sequence.basis,
        said_first=tuple(_said_first(circumstances, care, people, norms, rules)),
        phases=phases,
        areas=areas,
        held=tuple(_held(levels, norms, rules)),
        on_occasion=tuple(_on_occasion(library, columns)),
        occasion_says=rules.says("occasion"),
        dropped=heard.dropped,
        moved_on=tuple(_moved_on(levels, circumstances, rules)),
        principles=rules.sequence.principles,
        always_says=rules.sequence.always_says,
        half_dose_says=rules.says("half_dose"),
        stop_when=rules.sequence.stop_when,
        review=_review(rules, areas, needs),
        clinician_may=rules.sequence.clinician_may,
        clinician_says=rules.says("by_hand"),
        remarks=tuple(remarks(library, circumstances, columns, selection.things)),
        asks=tuple(_asks(library, norms, rules)),
        unanswered=tuple(_unanswered(library, levels, selection, phases, norms)),
        watch=tuple(_watch(phases[0], norms, rules)),
        week=week,
        seldom=seldom,
        page=rows_of(week, school_days=school_days),
        school_days=school_days,
        already=tuple(_already(heard.strengths, needs)),
        always_adapt=tuple(each.adapt for each in care.conditions.values() if each.adapt),
        leave_out=rules.sequence.leave_out,
        limit_says=_limit(circumstances, selection, rules),
    )


def _areas(
    levels: Mapping[str, Level],
    columns: Columns,
    library: Library,
    norms: Norms,
    metrics: Metrics,
) -> Iterator[Area]:
    reasons = Reasons(library, norms, metrics, levels, {})
    begins: dict[str, str] = {}
    for phase, picks in columns.items():
        for pick in picks:
            if pick.kind == "need":
                begins.setdefault(library.needs[pick.need].domain, phase)
    now = library.rules.sequence.phases[0]
    for level in levels.values():
        if level.band is None or level.percent is None:
            continue
        phase = begins.get(level.domain, now)
        said = reasons.of_level(level)
        yield Area(level.domain, level.title, level.band, level.percent, phase, said)


def _line(reasons: Reasons, levels: Mapping[str, Level], pick: Pick) -> Line:
    library, activity = reasons.library, pick.activity
    fitting = library.fitting.get(activity.id)
    functions = reasons.functions(pick)
    need = library.needs.get(pick.need)
    domain = need.domain if need else activity.domain
    level = levels[domain].band
    settings = fitting.settings if fitting else activity.settings
    asks = library.care.asks_about(functions) if pick.kind == "need" else ()
    led_by = fitting.led_by if fitting else library.people.leaders(activity, settings)
    teachers = {each.name for each in library.people.known if each.role == "teacher"}
    return Line(
        activity=activity,
        domain=domain,
        band=level if activity.addressee == "person" else None,
        reasons=reasons.of_line(pick, fitting),
        half_dose=(need is not None and need.band == BANDS[0])
        or (fitting is not None and fitting.smaller),
        by_clinician=pick.kind == "chosen",
        unconfirmed=reasons.rests_on_unconfirmed(pick),
        addressee=activity.addressee,
        need=pick.need,
        functions=functions,
        led_by=led_by,
        who=spoken(led_by, library.people),
        of_school=frozenset(teachers.intersection(led_by)),
        when=when_in_words(activity),
        settings=settings,
        minutes_a_week=fitting.minutes if fitting else activity.minutes_a_week,
        form="" if library.care.adapted(activity) else library.form(activity),
        adaptations=library.care.adaptations(activity) if activity.addressee == "person" else (),
        ask_first=asks,
    )


def _vehicles(
    strengths: Iterable[Strength], columns: Columns, library: Library
) -> Mapping[str, Strength]:
    """Return for each loved thing of today that no line matches a line to build it into."""
    lines = [pick for picks in columns.values() for pick in picks if pick.kind in ("need", "keep")]
    matched = {
        match.strength
        for pick in lines
        if (fitting := library.fitting.get(pick.activity.id))
        for match in fitting.matches
    }
    free = [pick.activity.id for pick in lines if "eases_sleep" not in pick.activity.traits]
    found: dict[str, Strength] = {}
    for strength in strengths:
        if strength.of_today and not strength.helps and strength not in matched and free:
            found[free.pop(0)] = strength
    return found


def _said_first(
    circumstances: Circumstances, care: Care, people: People, norms: Norms, rules: Rules
) -> Iterator[str]:
    if circumstances.safety_open or care.safety:
        yield rules.says("safety_before_plan")
    yield from (ask.says for ask in care.safety)
    if people.come_first:
        yield rules.says("people_first", why=why_first(people, norms))
        tied = people.strongest
        if tied is not None:
            who = tied.name.replace("_", " ")
            yield rules.says("leads", who=who[:1].upper() + who[1:], tie=tied.tie)
    yield from (ask.says for ask in care.asks.values() if not ask.whom)


def _asks(library: Library, norms: Norms, rules: Rules) -> Iterator[Ask]:
    """Yield what to ask first, with what waits for the answer of what the needs would choose."""
    waiting: dict[str, list[str]] = {}
    loved = _loved_words(library)
    for name, (obstacle, waits) in library.obstacles.items():
        activity = library.activities[name]
        if obstacle == "ask" and activity.addressee == "person":
            needed = any(each in library.needs for each in activity.mainly)
            if needed or loved.intersection(activity.strengths):
                waiting.setdefault(waits, []).append(name)
    known = dict(library.care.asks)
    for waits in waiting:
        if waits not in known and waits in library.needs:
            need = library.needs[waits]
            row = rules.context.functions[waits]
            title = f"{need.title.partition(' (')[0]} (rated {need.rating})"
            says = rules.says("low", titles=title, whom=rules.whom(row.whom))
            known[waits] = Ask((waits,), row.whom, says)
    for ask in _together([ask for ask in known.values() if ask.whom], library):
        held = tuple(dict.fromkeys(each for name in ask.about for each in waiting.get(name, ())))
        yield replace(ask, activities=held)


def _together(asks: list[Ask], library: Library) -> Iterator[Ask]:
    """Yield entries with those of the lowest band joined that are for the same ears."""

    def may_join(ask: Ask) -> bool:
        name = ask.about[0]
        lowest = name in library.care.asks and name in library.needs
        return lowest and not ask.soon and name not in library.care.unanswered

    joined: set[tuple[str, ...]] = set()
    for ask in asks:
        if not may_join(ask):
            yield ask
        elif ask.whom not in joined:
            joined.add(ask.whom)
            same = [each.about[0] for each in asks if may_join(each) and each.whom == ask.whom]
            needs = tuple(library.needs[name] for name in same)
            yield Ask(tuple(same), ask.whom, lowest_says(needs, ask.whom, library.rules))


def _loved_words(library: Library) -> frozenset[str]:
    heard = words_heard(library.circumstances.strengths, library.rules)
    return frozenset(match.word for match in heard)


def _held(levels: Mapping[str, Level], norms: Norms, rules: Rules) -> Iterator[Held]:
    for level in levels.values():
        if level.band is None:
            names = _titles(level.rate_first, norms)
            says = rules.says("rate_first", functions=names)
            yield Held(level.domain, level.title, says, level.rate_first, names)


def _titles(functions: Iterable[str], norms: Norms) -> str:
    return ", ".join(norms.functions[name].title.partition(" (")[0].lower() for name in functions)


def _unanswered(
    library: Library,
    levels: Mapping[str, Level],
    selection: Selection,
    phases: tuple[Phase, ...],
    norms: Norms,
) -> Iterator[Unanswered]:
    """Yield each need that no line is there for; the furthest below also if none begins at once."""
    there_for = {line.need for phase in phases for line in phase.lines}
    begun = {name for line in phases[0].lines for name in line.functions}
    worst = {need.function for need in in_order(library.needs.values())[:2]}
    for name, need in library.needs.items():
        if name in there_for and (name not in worst or name in begun):
            continue
        served = [
            line.activity.title
            for phase in phases
            for line in phase.lines
            if name in line.functions and line.addressee != "carers"
        ]
        yield Unanswered(
            name, need.title, _why_not(need, library, levels, selection, served, norms)
        )


def _why_not(
    need: Need,
    library: Library,
    levels: Mapping[str, Level],
    selection: Selection,
    served: list[str],
    norms: Norms,
) -> str:
    rules, held = library.rules, selection.held.get(need.function, "waits")
    match held:
        case "ask":
            ask = _ask_for(need, library)
            return rules.says("ask", whom=rules.whom(ask.whom), says=ask.says) if ask else held
        case "rate":
            level = levels[need.domain]
            functions = _titles(level.rate_first, norms)
            return rules.says(
                "rate_first_need", rated=level.rated, of=level.of, functions=functions
            )
        case "fits" | "place" | "leader" | "time" if not served:
            return rules.says(f"none_{held}")
        case _ if served:
            return rules.says("served_by", titles=", ".join(served[:2]))
        case _:
            return rules.says("waits")


def _ask_for(need: Need, library: Library) -> Ask | None:
    """Return the entry that a function waits for, or that most of what serves it waits for."""
    care = library.care
    waits = [care.unanswered.get(need.function, "")]
    waits += [
        waits
        for name, (obstacle, waits) in library.obstacles.items()
        if obstacle == "ask" and need.function in library.activities[name].mainly
    ]
    for name in waits:
        if name in care.asks and care.asks[name].whom:
            return care.asks[name]
    row = library.rules.context.functions[need.function]
    return Ask((need.function,), row.whom, "")


def _goes_to_school(people: People, circumstances: Circumstances, rules: Rules) -> bool:
    start, end = rules.sequence.ages.school
    told = circumstances.settings is None or "school" in circumstances.settings
    return start <= people.age < end and told and "teacher" not in circumstances.absent


# So many things that help or go well already stand on Monday.
_ALREADY: Final = 3


def _already(strengths: Iterable[Strength], needs: Mapping[str, Need]) -> Iterator[Already]:
    """Yield what is there already: first what helps with the gravest needs, then what is good."""
    today = [strength for strength in strengths if strength.of_today]
    places = {need.function: place for place, need in enumerate(in_order(needs.values()))}
    helps = sorted((s for s in today if s.helps in places), key=lambda s: places[s.helps])
    others = [strength for strength in today if not strength.helps]
    for strength in [*helps, *others][:_ALREADY]:
        text, by = clean_line(strength.text, 120), clean_line(strength.said_by, 60)
        yield Already(text, by, strength.helps)


def _watch(phase: Phase, norms: Norms, rules: Rules) -> Iterator[Sign]:
    for name in dict.fromkeys(line.need for line in phase.lines if line.need):
        watch = rules.context.watch[name]
        yield Sign(name, norms.functions[name].title, watch.helps, watch.harms)


def _on_occasion(library: Library, columns: Columns) -> Iterator[OnOccasion]:
    there = {pick.activity.id for picks in columns.values() for pick in picks}
    dropped = {each.activity for each in library.circumstances.dropped}
    for name, occasion in library.rules.sequence.on_occasion.items():
        activity = library.activities.get(name)
        if activity is None or name in there or name in dropped:
            continue
        if not library.fits_age(activity) or library.care.waits_for(activity):
            continue
        if activity.addressee == "carers" and not library.people.has_carers:
            continue
        yield OnOccasion(activity, occasion)


def _moved_on(
    levels: Mapping[str, Level], circumstances: Circumstances, rules: Rules
) -> Iterator[str]:
    for level in levels.values():
        before = circumstances.bands_before.get(level.domain)
        if before not in BANDS or level.band is None:
            continue
        if BANDS.index(level.band) > BANDS.index(before):
            key = "came_near" if level.band == BANDS[-1] else "came_up"
            yield rules.says(key, title=level.title)


def _review(rules: Rules, areas: tuple[Area, ...], needs: Mapping[str, Need]) -> Review | None:
    """Return when to look again: by the gravest area or function, whichever is graver."""
    if not areas:
        return None
    bands = [*(area.band for area in areas), *(need.band for need in needs.values())]
    lowest = min(bands, key=BANDS.index)
    time = rules.sequence.review[lowest]  # type: ignore[index]
    sequence = rules.sequence
    later = [weeks for weeks in sequence.review_then if weeks > time.weeks]
    return Review(
        time.weeks,
        time.says,
        sequence.review_sooner_when,
        sequence.review_asks,
        (time.weeks, *later),
    )


def _limit(circumstances: Circumstances, selection: Selection, rules: Rules) -> str:
    if circumstances.minutes_a_week is None:
        return rules.says("limit", things=selection.things)
    minutes = circumstances.minutes_a_week
    return rules.says("limit_minutes", things=selection.things, minutes=minutes)


__all__ = ["plan_of_bank", "recommend"]
