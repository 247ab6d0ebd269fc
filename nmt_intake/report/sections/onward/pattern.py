"""A pattern to consider, if the figures show one."""

from __future__ import annotations

from collections.abc import Iterator

from nmt_intake.report.material import Material
from nmt_intake.report.sections.findings.domains import domain_keys
from nmt_intake.report.words import figure
from nmt_intake.report.writing import Section, paragraph, strong
from nmt_intake.scoring import PatternToConsider


def pattern(material: Material) -> Section:
    """Return the patterns that hold; empty where none does."""
    found = material.figures.patterns if material.figures else ()
    lines = tuple(line for each in found for line in _lines(material, each))
    return Section("A pattern to consider", lines)


def _lines(material: Material, found: PatternToConsider) -> Iterator[str]:
    rule = found.rule
    domains = (*rule.typical, *rule.low)
    rests = material.mark(key for name in domains for key in domain_keys(material, name))
    certain = (
        "It holds however the unrated functions turn out."
        if found.certain
        else "It rests on the centres, and more ratings may undo it."
    )
    suggested = "It rests on suggested ratings (\\*) that nobody has confirmed." if rests else ""
    yield from paragraph(strong(f"{material.text(rule.title)}."), material.text(rule.consider))
    yield from paragraph(certain, suggested, _thresholds(material, found))


def _thresholds(material: Material, found: PatternToConsider) -> str:
    rule = found.rule
    titles = material.norms.domain_titles
    typical = ", ".join(material.text(titles[name]) for name in rule.typical)
    low = ", ".join(material.text(titles[name]) for name in rule.low)
    return (
        f"Shown when {typical} is at {figure(rule.typical_from)} % or more of what is expected and"
        f" {low} each below {figure(rule.low_below)} %; these thresholds are ours. A pattern to"
        " consider, never a finding."
    )
