"""Each rating with what it rests on: who decided it, by which rule, from which answers."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.interview.state import Interview
from nmt_intake.report.material import SUGGESTED, Material, period_keys
from nmt_intake.report.telling import lines_of
from nmt_intake.report.words import CONFIDENCES, figure
from nmt_intake.report.writing import NOTHING, Section, count, nested, paragraph, strong
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS


def evidence(material: Material) -> Section:
    """Return every rating with its evidence; empty for a report without interview or ratings."""
    interview = material.interview
    if interview is None or material.figures is None:
        return Section("Ratings and their evidence", NOTHING)
    groups = [
        (material.text(material.norms.periods[period].title), period_keys(period))
        for period in material.figures.periods
    ]
    groups += [
        ("Functions", tuple(f"functions.{item}" for item in FUNCTIONS)),
        ("People today", tuple(f"relationships.{item}" for item in RELATIONSHIPS)),
    ]
    parts = tuple(
        Section(title, nested(_rating(material, interview, key) for key in keys))
        for title, keys in groups
    )
    opening = paragraph(
        "So every figure can be traced. A suggestion is a range from the bank's rules (ours);",
        "where something is unknown it widens, and a range wider than three steps gives no number.",
    )
    return Section("Ratings and their evidence", opening, parts)


def _rating(material: Material, interview: Interview, key: str) -> tuple[str, tuple[str, ...]]:
    if material.hides_rating(key):
        return f"{strong(material.title(key))}: left out of this copy (substance use)", ()
    decided = interview.ratings.get(key)
    value = material.given.get(key)
    if decided is not None:
        state = "left unknown by the clinician" if value is None else "rated by the clinician"
    elif key in material.unconfirmed:
        state = f"suggested, not confirmed{SUGGESTED}"
    else:
        state = "not rated" if value is None else "as given"
    said = "" if value is None else f"{value}, "
    return f"{strong(material.title(key))}: {said}{state}", tuple(
        _grounds(material, interview, key)
    )


def _grounds(material: Material, interview: Interview, key: str) -> Iterator[str]:
    decided = interview.ratings.get(key)
    if decided is not None:
        sure = CONFIDENCES[decided.confidence]
        if sure or decided.reason:
            parts = (sure, material.quoted(decided.reason))
            yield f"Clinician: {', '.join(part for part in parts if part)}"
    yield from _suggested(material, key)
    yield from _said(material, key)


def _suggested(material: Material, key: str) -> Iterator[str]:
    found = material.suggestion(key)
    if found.low is None or found.high is None:
        return
    scaled = (
        f", scaled to the {figure(found.expected)} expected at this age"
        if found.expected is not None
        else ""
    )
    because = " Or: ".join(material.text(outcome.rule.because) for outcome in found.rules)
    rules = material.text(found.rule_ids)
    yield f"Rules suggest {found.low} to {found.high}{scaled} ({rules}): {because}"


def _said(material: Material, key: str) -> Iterator[str]:
    slots = dict.fromkeys(line.slot for line in material.suggestion(key).evidence)
    shown = [slot for slot in slots if not material.withheld(slot)]
    for slot in shown:
        differs = " Informants differ." if _differs(material, slot) else ""
        yield f"{material.ask(slot)} {'; '.join(lines_of(material, slot))}{differs}"
    if len(shown) < len(slots):
        yield f"{count(len(slots) - len(shown), 'line')} of evidence left out of this copy."


def _differs(material: Material, slot: str) -> bool:
    interview = material.interview
    return interview is not None and interview.said(slot).differs(material.question(slot))
