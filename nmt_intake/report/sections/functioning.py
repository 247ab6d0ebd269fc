"""The functional brain map, and the 32 functions behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.report.context import Material
from nmt_intake.report.figures import brain_map as picture
from nmt_intake.report.markdown import NOTHING, Section, bullets, fence, paragraph, strong, table
from nmt_intake.report.words import figure, no_percent, of_expected, percent, rounded, span
from nmt_intake.scoring import DomainMetrics, Metrics, PatternToConsider, Share
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS


def brain_map(material: Material) -> Section:
    """Return the map and the table of functions; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("Functional brain map", NOTHING)
    letters = ", ".join(
        f"{material.text(band.letter)} {material.text(band.title).lower()}"
        for band in reversed(material.norms.age_bands)
    )
    lines = (
        *paragraph(
            "Each box is one function: its rating on the scale of 1 to 12, and a letter for how it",
            "stands beside the age. The widest row is the frontal cortex, the lowest the",
            "brainstem. On the right is what is expected at this age (ours, a judgement).",
        ),
        *fence(picture.NAME, picture.as_text(material, metrics)),
        *paragraph(f"Letters: {letters}; ? not known. The small numbers are those of this table."),
        *table(
            ("No.", "Function", "Rating", "Expected", "Beside the age"),
            [_row(material, metrics, name) for name in FUNCTIONS],
            right=(0, 3),
        ),
        *(() if metrics.says_percent else paragraph(no_percent(material.norms))),
        *paragraph(
            "The functions and their order are published (Hambrick, Brawner and Perry 2019); their",
            "regions, what is expected at an age and the letters are ours.",
            "The published bands of the ratings themselves are those of a grown person, not of",
            f"this age: {_published(material)}.",
        ),
    )
    return Section("Functional brain map", lines)


def _published(material: Material) -> str:
    return ", ".join(
        f"{band.first} to {band.last} {material.text(band.title).lower()}"
        for band in material.norms.rating_bands["functions"]
    )


def _row(material: Material, metrics: Metrics, name: str) -> Sequence[str]:
    function, key = metrics.functions[name], f"functions.{name}"
    band, title, mark = function.age_band, material.title(key), material.mark((key,))
    rating, words = "?", "?"
    if band is not None:
        rating = f"{function.rating} {material.text(band.letter)}{mark}"
        share = f", {percent(function.percent, material.norms)} %" if metrics.says_percent else ""
        words = f"{material.text(band.title)}{share}{mark}"
    return (
        str(FUNCTIONS.index(name) + 1),
        strong(title) if band == material.norms.age_bands[0] else title,
        rating,
        figure(function.expected),
        words,
    )


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
            *_shared(material, metrics, domain.share, domain_keys(material, name)),
            level(material, domain),
        )
        for name, domain in metrics.domains.items()
    ]
    said = [
        sentence
        for name, domain in metrics.domains.items()
        if (sentence := _warning(material, metrics, name, domain))
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
            *_shared(material, metrics, metrics.regions[name], region_keys(material, name)),
        )
        for name in reversed(tuple(metrics.regions))
    ]
    every = tuple(f"functions.{name}" for name in FUNCTIONS)
    rows.append((strong("All 32 functions"), *_shared(material, metrics, metrics.total, every)))
    lines = (
        *table(("Region", "Rated", "Sum", "Expected", "Of expected"), rows),
        *paragraph(*_ratio(material, metrics, every)),
    )
    return Section("Regions", lines)


def _shared(
    material: Material, metrics: Metrics, share: Share, keys: Sequence[str]
) -> Sequence[str]:
    mark = material.mark(keys)
    return (
        material.rated_of(keys),
        span(share.sum) + mark,
        figure(share.expected),
        of_expected(share, material.norms, metrics) + mark,
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


def _warning(material: Material, metrics: Metrics, name: str, domain: DomainMetrics) -> str:
    title = strong(f"{material.text(material.norms.domain_titles[name])}.")
    said = list(_warnings(material, domain, metrics.says_percent))
    return " ".join((title, *said)) if said else ""


def _warnings(material: Material, domain: DomainMetrics, says_percent: bool) -> Iterator[str]:
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
        runs = f"runs from {low} to {high} % and " if says_percent else ""
        yield (
            f"The interval {runs}crosses a cut-off, so the level is not settled: {_unrated(share)}."
        )
    floor = share.lowest_percent
    much = f"{rounded(floor)} %" if says_percent else "a large part"
    if norms.recommendation(floor) != norms.recommendation_bands[0]:
        yield (
            f"At this age even the lowest ratings come to {much} of what is expected."
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


_OURS = 3


def relationships(material: Material) -> Section:
    """Return current relational health; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section("Relational health today", NOTHING)
    keys = tuple(f"relationships.{item}" for item in RELATIONSHIPS)
    rows: list[tuple[str, str, str]] = []
    for key in keys:
        value = material.given.get(key)
        band = material.norms.band("relationships", value) if value is not None else None
        said = material.text(band.title).lower() if band else "not known"
        rows.append((material.title(key), material.rating(key), said))
    total = metrics.relationships
    lines = (
        *table(("Area", "Rating", "Band"), rows),
        *paragraph(
            f"Sum, 9 to 108, as low – centre – high: {span(total.sum)}{material.mark(keys)};"
            f" {material.rated_of(keys)} rated. The last {_OURS} areas are ours.",
        ),
    )
    return Section("Relational health today", lines)


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
