"""The functional brain map, the 32 functions by domain with what they rest on, and the ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nmt_intake.report.context import Material, domain_keys
from nmt_intake.report.figures import brain_map as picture
from nmt_intake.report.figures.glance import percent_words, unmarked_words
from nmt_intake.report.figures.levels import letter, level_of, level_words
from nmt_intake.report.markdown import NOTHING, Section, bullets, fence, paragraph, strong, table
from nmt_intake.report.words import begun, figure, percent, percent_span, rounded, span
from nmt_intake.scoring import DomainMetrics, Metrics, PatternToConsider, Share
from nmt_intake.vocabulary import FUNCTIONS, RELATIONSHIPS

_OURS = 3


def brain_map(material: Material) -> Section:
    """Return the map; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section(material.say("map_title"), NOTHING, code="map")
    lines = (
        *paragraph(material.say("map_intro")),
        *fence(picture.NAME, picture.as_text(material, metrics)),
        *paragraph(material.say("map_letters")),
    )
    return Section(material.say("map_title"), lines, code="map")


def domains(material: Material) -> Section:
    """Return the functions by domain, each figure with what it rests on; empty without ratings."""
    metrics = material.figures
    if metrics is None:
        return Section(material.say("domains_section"), NOTHING, code="domains")
    said = [
        sentence
        for name, domain in metrics.domains.items()
        if (sentence := _warning(material, name, domain, metrics.says_percent))
    ]
    lines = (
        *table(
            tuple(
                material.say(code)
                for code in (
                    "column_number",
                    "column_function",
                    "column_rating",
                    "column_expected",
                    "column_share",
                    "column_rests_on",
                )
            ),
            [row for name in metrics.domains for row in _domain_rows(material, metrics, name)],
            right=(0, 3),
        ),
        *bullets(said),
        *paragraph(material.say("domains_note")),
    )
    return Section(
        material.say("domains_section"), lines, (_regions(material, metrics),), code="domains"
    )  # fmt: skip


def _domain_rows(material: Material, metrics: Metrics, domain: str) -> Iterator[Sequence[str]]:
    """Yield the domain's own row, then its functions, those that are rated first."""
    figures = metrics.domains[domain]
    keys = domain_keys(material.norms, domain)
    mark = material.mark(keys)
    rated = figures.share.percent.mid is not None
    yield (
        "",
        strong(material.text(material.domain(domain))),
        material.rated_of(keys),
        strong(figure(figures.share.expected)),
        strong(unmarked_words(material, metrics, figures)) + (mark and f" {mark}"),
        f"{span(figures.share.sum)}{mark}; {level(material, figures)}" if rated else "",
    )
    for key in keys:
        yield _row(material, metrics, key.removeprefix("functions."))


def _row(material: Material, metrics: Metrics, name: str) -> Sequence[str]:
    key = f"functions.{name}"
    found = level_of(metrics, name)
    sign = letter(material, found) if found else ""
    mark = material.mark((key,))
    title = material.title(key)
    return (
        str(FUNCTIONS.index(name) + 1),
        strong(title) if found and found.id == "far_below" else title,
        f"{metrics.functions[name].rating} {sign}{mark}" if found else "?",
        figure(metrics.functions[name].expected),
        _share(material, metrics, name) + mark if found else "?",
        # What is below wants to be looked into; of what is as expected one answer is enough.
        material.refs(key, 1 if found and found.id == "as_expected" else 2),
    )


def _share(material: Material, metrics: Metrics, name: str) -> str:
    """Return how a function stands in words, and in percent where that says something."""
    found = level_of(metrics, name)
    words = begun(level_words(material, found)) if found else ""
    percents = percent_words(material, metrics, metrics.functions[name].percent)
    return ", ".join(material.text(each) for each in (words, percents) if each)


def region_keys(material: Material, region: str) -> tuple[str, ...]:
    """Return the rating keys of the functions of a region."""
    known = material.norms.functions
    return tuple(f"functions.{name}" for name in FUNCTIONS if known[name].region == region)


def _regions(material: Material, metrics: Metrics) -> Section:
    rows = [
        (
            material.text(material.region(name)),
            *_shared(material, metrics, metrics.regions[name], region_keys(material, name)),
        )
        for name in reversed(tuple(metrics.regions))
    ]
    every = tuple(f"functions.{name}" for name in FUNCTIONS)
    total = _shared(material, metrics, metrics.total, every)
    rows.append((strong(material.say("all_functions")), *total))
    header = ("column_region", "column_rated", "column_sum", "column_expected", "column_share")
    lines = (
        *table(tuple(material.say(code) for code in header), rows),
        *paragraph(*_ratio(material, metrics, every)),
    )
    return Section(material.say("regions_section"), lines)


def _shared(
    material: Material, metrics: Metrics, share: Share, keys: Sequence[str]
) -> Sequence[str]:
    mark = material.mark(keys)
    if share.percent.mid is None:
        return (material.rated_of(keys), "", figure(share.expected), material.say("not_rated"))
    percents = percent_span(share.percent, material.norms) if metrics.says_percent else ""
    return (
        material.rated_of(keys),
        span(share.sum) + mark,
        figure(share.expected),
        f"{percents}{mark}" if percents else "",
    )


def level(material: Material, domain: DomainMetrics) -> str:
    """Return the level of a domain's centre, and what else the interval leaves open."""
    if domain.band is None:
        return material.say("not_known")

    def title(band: str, usual: str) -> str:
        return material.text(material.name(f"bands.{band}", usual))

    said = title(domain.band.id, domain.band.title)
    if domain.band_range is None:
        return said
    lowest, highest = (title(band.id, band.title).lower() for band in domain.band_range)
    return material.say("level_may_be", level=said, low=lowest, high=highest)


def _warning(material: Material, name: str, domain: DomainMetrics, says_percent: bool) -> str:
    title = strong(f"{material.text(material.domain(name))}.")
    said = list(_warnings(material, domain, says_percent))
    return " ".join((title, *said)) if said else ""


def _warnings(material: Material, domain: DomainMetrics, says_percent: bool) -> Iterator[str]:
    share, norms = domain.share, material.norms
    if not share.rated:
        yield material.say("domain_not_rated")
        return
    if not share.percent.holds_mid:
        yield material.say("centre_out_of_reach")
    if domain.band_range is not None and says_percent:
        low, high = (percent(edge, norms) for edge in (share.percent.low, share.percent.high))
        left = material.say("unrated_of", n=share.of - share.rated, of=share.of)
        yield material.say("crosses_cut_off", low=low, high=high, left=left)
    floor = share.lowest_percent
    if norms.recommendation(floor) != norms.recommendation_bands[0]:
        much = f"{percent(floor, norms)} %" if says_percent else material.say("large_part")
        yield material.say("high_floor", much=much)


def _ratio(material: Material, metrics: Metrics, keys: Sequence[str]) -> Iterator[str]:
    found = metrics.top_down
    if found.ratio.mid is None:
        yield material.say("ratio_unknown")
    else:
        low, mid, high = (
            rounded(each, 2) for each in (found.ratio.low, found.ratio.mid, found.ratio.high)
        )
        said = f"{low} – {mid} – {high}{material.mark(keys)}"
        yield material.say("ratio", said=said, expected=rounded(found.expected, 2))
    yield material.say("ratio_note")


def relationships(material: Material) -> Section:
    """Return current relational health; empty without ratings."""
    metrics = material.figures
    title = material.say("relationships_section")
    if metrics is None:
        return Section(title, NOTHING, code="relationships")
    keys = tuple(f"relationships.{item}" for item in RELATIONSHIPS)
    rows = [
        (
            material.title(key),
            material.rating(key),
            material.text(material.band("relationships", value)).lower()
            if (value := material.given.get(key)) is not None
            else material.say("there_is_none" if key in material.not_applicable else "not_known"),
            material.refs(key, 1),
        )
        for key in keys
    ]
    total = metrics.relationships
    header = ("column_area", "column_rating", "column_band", "column_rests_on")
    said = f"{span(total.sum)}{material.mark(keys)}" if total.rated else material.say("not_rated")
    lines = (
        *table(tuple(material.say(code) for code in header), rows),
        *paragraph(
            material.say("relationships_sum", said=said, rated=material.rated_of(keys), ours=_OURS)
        ),
    )
    return Section(title, lines, code="relationships")


def pattern(material: Material) -> Section:
    """Return the patterns that hold; empty where none does."""
    found = material.figures.patterns if material.figures else ()
    lines = tuple(line for each in found for line in _lines(material, each))
    return Section(material.say("pattern_section"), lines, code="pattern")


def _lines(material: Material, found: PatternToConsider) -> Iterator[str]:
    rule = found.rule
    both = (*rule.typical, *rule.low)
    rests = material.mark(key for name in both for key in domain_keys(material.norms, name))
    certain = material.say("pattern_certain" if found.certain else "pattern_by_centres")
    suggested = material.say("pattern_suggested") if rests else ""
    yield from paragraph(strong(f"{material.text(rule.title)}."), material.text(rule.consider))
    yield from paragraph(certain, suggested, _thresholds(material, found))


def _thresholds(material: Material, found: PatternToConsider) -> str:
    rule = found.rule

    def named(names: Sequence[str]) -> str:
        return ", ".join(material.text(material.domain(name)) for name in names)

    return material.say(
        "pattern_thresholds",
        typical=named(rule.typical),
        high=figure(rule.typical_from),
        low=named(rule.low),
        below=figure(rule.low_below),
    )
