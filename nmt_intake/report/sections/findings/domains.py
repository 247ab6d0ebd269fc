"""Regions and domains in percent of what is expected, each with its interval and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.report.material import Material
from nmt_intake.report.words import figure, percent, percent_span, rounded, span
from nmt_intake.report.writing import (
    NOTHING,
    Section,
    bullets,
    paragraph,
    strong,
    table,
)
from nmt_intake.scoring import DomainMetrics, Metrics, Share
from nmt_intake.vocabulary import FUNCTIONS


def domain_keys(material: Material, domain: str) -> tuple[str, ...]:
    """Return the rating keys of the functions that count for a domain."""
    known = material.norms.functions
    return tuple(f"functions.{name}" for name in FUNCTIONS if known[name].domain == domain)


def region_keys(material: Material, region: str) -> tuple[str, ...]:
    """Return the rating keys of the functions of a region."""
    known = material.norms.functions
    return tuple(f"functions.{name}" for name in FUNCTIONS if known[name].region == region)


def domains(material: Material) -> Section:
    """Return domains, regions, the total and the ratio; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("Domains and regions", NOTHING)
    return Section(
        "Domains and regions", NOTHING, (_domains(material, metrics), _regions(material, metrics))
    )


def _domains(material: Material, metrics: Metrics) -> Section:
    rows = [
        (
            material.text(material.norms.domain_titles[name]),
            *_shared(material, domain.share, domain_keys(material, name)),
            level(material, domain),
        )
        for name, domain in metrics.domains.items()
    ]
    said = [
        sentence
        for name, domain in metrics.domains.items()
        if (sentence := _warning(material, name, domain))
    ]
    lines = (
        *table(("Domain", "Rated", "Sum", "Expected", "Of expected", "Level"), rows),
        *bullets(said),
        *paragraph(
            "Which function counts for which domain is ours, after the published loadings. So is",
            "what is expected at an age. The three levels and their cut-offs are published.",
        ),
    )
    return Section("Domains", lines)


def _regions(material: Material, metrics: Metrics) -> Section:
    rows = [
        (
            material.text(material.norms.region_titles[name]),
            *_shared(material, metrics.regions[name], region_keys(material, name)),
        )
        for name in reversed(tuple(metrics.regions))
    ]
    every = tuple(f"functions.{name}" for name in FUNCTIONS)
    rows.append((strong("All 32 functions"), *_shared(material, metrics.total, every)))
    lines = (
        *table(("Region", "Rated", "Sum", "Expected", "Of expected"), rows),
        *paragraph(*_ratio(material, metrics, every)),
    )
    return Section("Regions", lines)


def _shared(material: Material, share: Share, keys: Sequence[str]) -> Sequence[str]:
    mark = material.mark(keys)
    return (
        material.rated_of(keys),
        span(share.sum) + mark,
        figure(share.expected),
        percent_span(share.percent, material.norms) + mark,
    )


def level(material: Material, domain: DomainMetrics) -> str:
    """Return the level of a domain's centre, and what else the interval leaves open."""
    if domain.band is None:
        return "not known"
    title = material.text(domain.band.title)
    if domain.band_range is None:
        return title
    lowest, highest = (material.text(band.title).lower() for band in domain.band_range)
    return f"{title} (may be {lowest} to {highest})"


def _warning(material: Material, name: str, domain: DomainMetrics) -> str:
    title = strong(f"{material.text(material.norms.domain_titles[name])}.")
    said = list(_warnings(material, domain))
    return " ".join((title, *said)) if said else ""


def _warnings(material: Material, domain: DomainMetrics) -> Iterator[str]:
    share, norms = domain.share, material.norms
    if not share.rated:
        yield "Nothing is rated here yet, so there is no centre and no level."
    elif not share.percent.holds_mid:
        yield (
            "The centre follows the rated functions alone, and the unrated ones can no longer bring"
            " the figure there. Read the interval, not the centre."
        )
    if domain.band_range is not None and share.rated:
        low, high = (percent(edge, norms) for edge in (share.percent.low, share.percent.high))
        yield (
            f"The interval runs from {low} to {high} % and crosses a cut-off, so the level is not"
            f" settled: {_unrated(share)}."
        )
    floor = share.lowest_percent
    if norms.recommendation(floor) != norms.recommendation_bands[0]:
        yield (
            f"At this age even the lowest ratings come to {rounded(floor)} % of what is expected."
            " The level says little here; look at the single functions."
        )


def _unrated(share: Share) -> str:
    missing = share.of - share.rated
    return f"{missing} of {share.of} functions {'is' if missing == 1 else 'are'} not rated yet"


def _ratio(material: Material, metrics: Metrics, keys: Sequence[str]) -> Iterator[str]:
    ratio = metrics.top_down.ratio
    words = " – ".join(
        "?" if x is None else rounded(x, 2) for x in (ratio.low, ratio.mid, ratio.high)
    )
    yield (
        f"{strong('Upper to lower regions')} (ours): {words}{material.mark(keys)}, expected at this"
        f" age {rounded(metrics.top_down.expected, 2)}."
    )
    yield (
        "It is the mean rating of cortex and frontal cortex over the mean rating of brainstem and"
        " diencephalon with cerebellum. It is not a published ratio."
    )
