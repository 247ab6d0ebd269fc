"""The first page: a picture and ten lines, for somebody who has one minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from nmt_intake.interview.progress import progress
from nmt_intake.interview.slots import Given
from nmt_intake.interview.speaking import text_facts, told_differently
from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import stretches
from nmt_intake.report.context import Material
from nmt_intake.report.figures import SMALL_MAP, brain_map, glance
from nmt_intake.report.figures.levels import level_of, level_words
from nmt_intake.report.markdown import (
    NOTHING,
    Lines,
    Section,
    bullets,
    cut,
    fence,
    nested,
    paragraph,
    strong,
)
from nmt_intake.report.options import SUBSTANCE
from nmt_intake.report.sections.open_points import topic
from nmt_intake.report.sections.recommendations import things_to_mention
from nmt_intake.scoring import Metrics
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS

# The bank's questions that the first page knows by name; a bank may do without them.
_FIRST_LINE: Final = "closing.strength_to_keep"
_STRENGTHS: Final = "strengths_first."
_WHY: Final = {
    "": "why_now.reason",
    "worried": "why_now.whose_worry",
    "since": "why_now.since",
}
_HOPES: Final = ("why_now.hopes", "welcome.hopes")
_LEAVE_OUT: Final = "consent.leave_out_substance"
_WHO_MAY_READ: Final = "consent.share_report"
_LIMITS: Final = "consent.share_with"
_MOST: Final = 3
_FURTHEST: Final = 5
_QUOTE: Final = 88
_SHORT: Final = 60


_Item: TypeAlias = tuple[str, tuple[str, ...]]


def summary(material: Material) -> Section:
    """Return page one: safety and limits, who and why, pictures, strengths, needs, first steps."""
    lines = (
        *_safety(material),
        *_limits(material),
        *bullets((*_who(material), *_why(material))),
        *_pictures(material),
        *nested(
            line
            for part in (_strengths, _furthest, _needs, _steps, _doctor, _unknown)
            for line in part(material)
        ),
        *_copy(material),
        *paragraph(material.say("figures_are_ratings")),
    )
    return Section(material.say("summary"), lines, code="summary")


def _safety(material: Material) -> Lines:
    """Return the line that stands before everything while a safety concern is open."""
    still_open = material.interview.open_safety if material.interview else ()
    if not still_open:
        return NOTHING
    said = dict.fromkeys(topic(material, each, _SHORT) for each in still_open)
    topics = "; ".join(list(said)[:_MOST]) + (" …" if len(said) > _MOST else "")
    return paragraph(
        strong(material.say("safety_first")),
        material.count("concerns", len(still_open)),
        f"{topics}.",
        material.say("see_section", title=material.say("safety")),
    )


def _limits(material: Material) -> Lines:
    """Return the limits of sharing that were stated, in the words they were stated in."""
    said = [
        f"{material.brief(str(given.value), 160)} ({_told(material, _LIMITS, given)})"
        for given in _answers(material, _LIMITS)
    ]
    agreed = [
        material.says(_WHO_MAY_READ, given).lower()
        for given in _answers(material, _WHO_MAY_READ)
        if given.value == "nobody"
    ]
    if any(given.value is True for given in _answers(material, _LEAVE_OUT)):
        agreed.append(material.say("leave_out_agreed"))
        if material.wanted.substance and _holds_substance(material):
            agreed.append(material.say("copy_holds_it"))
    if not said and not agreed:
        return NOTHING
    return paragraph(strong(material.say("limits_stated")), f"{'; '.join((*said, *agreed))}.")


def _holds_substance(material: Material) -> bool:
    return any(SUBSTANCE in material.question(slot).tags for slot in material.open_slots)


def _answers(material: Material, slot: str) -> tuple[Given, ...]:
    interview = material.interview
    return interview.answers(slot) if interview and slot in material.open_slots else ()


def _told(material: Material, slot: str, given: Given) -> str:
    return f"{material.who(given.informant)} {material.cite(slot)}"


def _who(material: Material) -> Iterator[str]:
    interview = material.interview
    if interview is None:
        yield f"{strong(material.say('source'))} {material.say('source_ratings')}"
        yield f"{strong(material.say('status'))} {_ratings(material)}"
        return
    age = client_age(material, interview)
    with_whom = _with_whom(material, interview)
    parts = [f"{strong(material.text(material.shown))}, {age}{with_whom}"]
    parts += [material.text(each) for each in told_differently(interview, values=False)]
    tellers = [material.who(name) for name in interview.informants]
    shown = [*tellers[:6], *([material.say("and_more", n=len(tellers) - 6)] if tellers[6:] else ())]
    told = material.listed(shown) or material.say("not_noted")
    day = interview.client.interviewed
    met = f", {material.text(day)}" if day else ""
    yield f"{'. '.join(part.rstrip('.') for part in parts)}."
    yield (
        f"{strong(material.say('told_by'))} {told}{met}. {status(material, interview)}"
        f" {_ratings(material)}"
    )


def client_age(material: Material, interview: Interview) -> str:
    """Return the client's age in words; two ages where the tellers differ."""
    months = interview.facts.get("client.age_months")
    if isinstance(months, int | float) and not isinstance(months, bool):
        return material.text(material.age(months))
    if months is None:
        return material.say("age_not_known")
    return material.text(text_facts(interview, "", material.language)["client.age"])


def _with_whom(material: Material, interview: Interview) -> str:
    """Return who cares now, since when: from the time line of carers, or of homes."""
    for kind in ("caregiver", "placement"):
        now = [each for each in stretches(interview) if each.kind == kind and each.ongoing]
        if now:
            said = [
                material.text(cut(each.name, _SHORT))
                + (
                    f" ({material.say('since_age', age=material.text(material.age(each.start)))})"
                    if each.start is not None
                    else ""
                )
                for each in now[:2]
            ]
            return material.say(f"with_{kind}", whom=material.listed(said))
    return ""


def _why(material: Material) -> Iterator[str]:
    said = [
        f"{material.say(code)} {words}" if code else words
        for code, slot in _WHY.items()
        for given in _answers(material, slot)[:1]
        for words in (f"{_said(material, slot, given)} ({_told(material, slot, given)})",)
    ]
    if said:
        yield f"{strong(material.say('why_now'))} {'; '.join(said)}"
    hopes = [(slot, given) for slot in _HOPES for given in _answers(material, slot)]
    if hopes:
        told = [
            f"{material.brief(str(given.value), 120)} ({_told(material, slot, given)})"
            for slot, given in hopes[:2]
        ]
        yield f"{strong(material.say('hope'))} {'; '.join(told)}"


def _said(material: Material, slot: str, given: Given) -> str:
    quote = given.value if isinstance(given.value, str) else given.words
    if material.question(slot).options or not quote:
        return cut(material.says(slot, given), _QUOTE)
    return material.brief(str(quote), _QUOTE)


def status(material: Material, interview: Interview) -> str:
    """Return whether it is practice, a draft or signed, and how much was answered."""
    done = progress(interview)
    parts = (
        material.say("practice") if interview.practice else "",
        material.say("signed" if interview.signed else "draft"),
        material.say("answered_of", answered=done.answered, asked=done.asked),
    )
    return " ".join(part for part in parts if part)


def _ratings(material: Material) -> str:
    if not material.given:
        return material.say("no_ratings")
    known = [key for key in material.keys if key in material.given]
    suggested = len(material.unconfirmed & set(known))
    made = material.say("ratings_made", n=len(known), of=len(material.keys))
    return made + (f" {material.say('of_them_suggested', n=suggested)}" if suggested else "")


def _pictures(material: Material) -> Lines:
    metrics = material.figures
    if metrics is None:
        return NOTHING
    return (
        *fence(SMALL_MAP, brain_map.as_text(material, metrics, small=True)),
        *fence(glance.RISK, glance.risk_as_text(material, metrics)),
        *fence(glance.BARS, glance.bars_as_text(material, metrics)),
        *fence(glance.WEB, glance.web_as_text(material)),
        *(_leads(material) if material.edition.length == "report" else NOTHING),
    )


def _leads(material: Material) -> Lines:
    """Return where each picture leads: the section with its ratings, and there the answers."""
    places = {code: f"_[§{code}]_" for code in ("map", "domains", "history", "relationships")}
    return paragraph(material.say("leads_to", **places))


def _strengths(material: Material) -> Iterator[_Item]:
    slots = [slot for slot in material.open_slots if slot.startswith(_STRENGTHS)]
    told = [
        (slot, given)
        for slot in (_FIRST_LINE, *slots)
        for given in _answers(material, slot)
        if isinstance(given.value, str)
    ]
    said = dict.fromkeys(
        f"{material.brief(str(given.value), _QUOTE)} ({_told(material, slot, given)})"
        for slot, given in told[:_MOST]
    )
    yield (
        (strong(material.say("strengths_line")), tuple(said))
        if said
        else (
            f"{strong(material.say('strengths_line'))} {material.say('no_strengths')}",
            (),
        )
    )


def _furthest(material: Material) -> Iterator[_Item]:
    metrics = material.figures
    if metrics is None:
        return
    low = furthest_below(metrics)[:_FURTHEST]
    if not low:
        rated = any(f"functions.{name}" in material.given for name in FUNCTIONS)
        said = material.say("nothing_below" if rated else "not_rated")
        yield f"{strong(material.say('furthest'))} {said}", ()
        return
    below = tuple(_below(material, metrics, name) for name in low)
    yield strong(material.say("furthest")), below


def furthest_below(metrics: Metrics) -> list[str]:
    """Return the functions below what the age expects, the furthest first."""
    found = [
        (share, FUNCTIONS.index(name), name)
        for name in FUNCTIONS
        if (share := metrics.functions[name].percent) is not None
        and (level := level_of(metrics, name)) is not None
        and level.id != "as_expected"
    ]
    return [name for _share, _place, name in sorted(found)]


def _below(material: Material, metrics: Metrics, name: str) -> str:
    key = f"functions.{name}"
    share = glance.percent_words(material, metrics, metrics.functions[name].percent)
    level = level_of(metrics, name)
    words = share or (level_words(material, level) if level else "")
    head = f"{strong(material.title(key))} {material.rating(key)} ({material.text(words)})"
    for slot in material.deciding(key, 12):
        if "strength" in material.question(slot).tags or material.is_about_safety(slot):
            continue
        for given in _answers(material, slot):
            quote = given.words or (given.value if material.question(slot).kind == "text" else "")
            if quote:
                return f"{head} {material.brief(str(quote), _SHORT)} {_told(material, slot, given)}"
    refs = material.refs(key, 1)
    return f"{head} {refs}".rstrip()


def _needs(material: Material) -> Iterator[_Item]:
    """Return the needs of the client (domains that are low) and of the family (the web)."""
    metrics = material.figures
    if metrics is None:
        return
    low = [
        material.text(material.domain(name)).lower()
        for name, domain in metrics.domains.items()
        if domain.band is not None and domain.band != material.norms.recommendation_bands[-1]
    ]
    if low:
        words = material.say("help_with", what=material.listed(low))
        yield f"{strong(material.say('needs_client'))} {words}", ()
    weak = sorted(
        (material.given[key], RELATIONSHIPS.index(item), key)
        for item in RELATIONSHIPS
        if (key := f"relationships.{item}") in material.given and material.given[key] <= 6
    )
    if weak:
        said = [f"{material.title(key)} {material.rating(key)}" for _value, _place, key in weak[:4]]
        words = material.say("web_thin", what=material.listed(said))
        yield f"{strong(material.say('needs_family'))} {words}", ()


def _steps(material: Material) -> Iterator[_Item]:
    steps = material.plan.first_steps if material.plan and material.plan.phases else ()
    if not steps:
        return
    said = [
        f"{strong(material.text(step.title))} ({material.text(cut(step.who, 40))};"
        f" {material.text(cut(step.when, 60)).rstrip('.')})"
        for step in steps
    ]
    yield f"{strong(material.say('first_steps'))} {'; '.join(said)}", ()


def _doctor(material: Material) -> Iterator[_Item]:
    told = [cut(words, 90) for words, _said in things_to_mention(material)]
    asks = material.plan.asks if material.plan else ()
    told += [material.text(cut(each.says, 110)) for each in asks if not each.safety]
    if told:
        more = material.say("and_more", n=len(told) - 2) if told[2:] else ""
        yield (
            f"{strong(material.say('ask_doctor'))} {' '.join((*_ended(told[:2]), more)).rstrip()}",
            (),
        )


def _ended(items: Iterable[str]) -> Iterator[str]:
    for each in items:
        yield each if each.endswith((".", "…", "?")) else f"{each}."


def _unknown(material: Material) -> Iterator[_Item]:
    interview, metrics = material.interview, material.figures
    said: list[str] = []
    if metrics is not None:
        open_levels = [
            material.text(material.domain(name)).lower()
            for name, domain in metrics.domains.items()
            if domain.band is None or domain.band_range is not None
        ]
        if open_levels:
            said.append(material.say("level_open", what=material.listed(open_levels)))
    if interview is not None:
        asks = [
            f"{material.text(cut(material.plain_ask(slot), 70))} {material.cite(slot)}"
            for slot in missing_evidence(material, interview)
        ]
        left = progress(interview).to_find_out
        said += [*asks[:2], *([material.count("to_find_out", left)] if left else ())]
    if said:
        yield f"{strong(material.say('would_change'))} {'; '.join(said)}.", ()


def missing_evidence(material: Material, interview: Interview) -> Iterator[str]:
    """Yield the questions without an answer that a rating which is not made waits for."""
    for slot in material.open_slots:
        if interview.said(slot).reason not in ("asked-unknown", "temp-unknown"):
            continue
        if any(key not in material.given for key in material.fed.get(slot, ())):
            yield slot


def _copy(material: Material) -> Lines:
    if not material.left_out:
        return NOTHING
    return paragraph(material.say("copy_leaves_out", what="; ".join(material.left_out)))
