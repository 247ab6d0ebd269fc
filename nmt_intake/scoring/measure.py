"""From ratings and norms to metrics: arithmetic only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from nmt_intake.scoring.metrics import (
    DomainMetrics,
    FunctionMetrics,
    Interval,
    ItemSum,
    Metrics,
    PatternToConsider,
    PeriodMetrics,
    Share,
    TopDown,
)
from nmt_intake.scoring.norms import Norms, PatternRule
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.vocabulary import (
    ADVERSITY,
    DOMAINS,
    HIGHEST_RATING,
    LOWEST_RATING,
    REGIONS,
    RELATIONAL,
    RELATIONSHIPS,
)

UNKNOWN_AT: Final = Fraction(13, 2)

_UPPER: Final = ("cortex", "frontal_cortex")
_LOWER: Final = ("brainstem", "diencephalon_cerebellum")
_LOWEST: Final = Fraction(LOWEST_RATING)
_HIGHEST: Final = Fraction(HIGHEST_RATING)


def score(ratings: Ratings, norms: Norms) -> Metrics:
    """Return every figure of `ratings` measured with `norms`; the same in, the same out."""
    age = norms.preterm.age(ratings.age_months, ratings.gestation_weeks)
    functions = _functions(ratings.functions, norms, age)
    domains = {name: _domain(_of_domain(functions, name, norms), name, norms) for name in DOMAINS}
    return Metrics(
        versions=norms.versions,
        age=age,
        age_is_corrected=age != ratings.age_months,
        says_percent=norms.says_percent(age),
        periods=MappingProxyType({name: _period(ratings, name, norms) for name in ratings.periods}),
        functions=MappingProxyType(functions),
        total=_share(functions.values()),
        regions=MappingProxyType(
            {name: _share(_of_regions(functions, (name,), norms)) for name in REGIONS}
        ),
        domains=MappingProxyType(domains),
        top_down=_top_down(functions, norms),
        relationships=_item_sum(
            ratings.relationships, _applying(ratings, "relationships", RELATIONSHIPS)
        ),
        patterns=_patterns(domains, norms),
    )


def _period(ratings: Ratings, name: str, norms: Norms) -> PeriodMetrics:
    adversity = ratings.adversity.get(name, {})
    relational = ratings.relational.get(name, {})
    harms = _applying(ratings, f"{name}/adversity", ADVERSITY)
    helps = _applying(ratings, f"{name}/relational", RELATIONAL)
    severe = norms.rating_bands["adversity"][-1]
    poor = norms.rating_bands["relational"][0]
    return PeriodMetrics(
        id=name,
        adversity=_item_sum(adversity, harms),
        relational=_item_sum(relational, helps),
        severe_count=sum(rating >= severe.first for rating in adversity.values()),
        poor_count=sum(rating <= poor.last for rating in relational.values()),
        risk=_risk(adversity, harms, relational, helps),
    )


def _applying(ratings: Ratings, place: str, items: Collection[str]) -> Collection[str]:
    """Return the items that there is something to rate in."""
    return [item for item in items if f"{place}.{item}" not in ratings.not_applicable]


def _item_sum(rated: Mapping[str, int], items: Collection[str]) -> ItemSum:
    low, mid, high = (_total(rated, items, at) for at in (_LOWEST, UNKNOWN_AT, _HIGHEST))
    return ItemSum(Interval(low, mid, high), len(rated), len(items))


def _risk(
    adversity: Mapping[str, int],
    harms: Collection[str],
    relational: Mapping[str, int],
    helps: Collection[str],
) -> Interval:
    # A half in which nothing applies says nothing: as if one item of it were unknown.
    harms, helps = harms or ADVERSITY[:1], helps or RELATIONAL[:1]

    def risk(adversity_at: Fraction, relational_at: Fraction) -> Fraction:
        mean_adversity = _total(adversity, harms, adversity_at) / len(harms)
        mean_relational = _total(relational, helps, relational_at) / len(helps)
        harm = (mean_adversity - _LOWEST) / (_HIGHEST - _LOWEST)
        lack = (_HIGHEST - mean_relational) / (_HIGHEST - _LOWEST)
        return (harm + lack) / 2 * 100

    return Interval(risk(_LOWEST, _HIGHEST), risk(UNKNOWN_AT, UNKNOWN_AT), risk(_HIGHEST, _LOWEST))


def _total(rated: Mapping[str, int], items: Collection[str], unknown_at: Fraction) -> Fraction:
    return sum(rated.values()) + (len(items) - len(rated)) * unknown_at


def _functions(rated: Mapping[str, int], norms: Norms, age: Fraction) -> dict[str, FunctionMetrics]:
    def function(name: str, expected: Fraction) -> FunctionMetrics:
        rating = rated.get(name)
        if rating is None:
            return FunctionMetrics(name, None, None, expected, None)
        band, age_band = norms.band("functions", rating), norms.age_band(rating, expected)
        return FunctionMetrics(name, rating, band, expected, age_band)

    return {name: function(name, expected) for name, expected in norms.expected(age).items()}


def _of_domain(
    functions: Mapping[str, FunctionMetrics], domain: str, norms: Norms
) -> tuple[FunctionMetrics, ...]:
    return tuple(f for f in functions.values() if norms.functions[f.id].domain == domain)


def _of_regions(
    functions: Mapping[str, FunctionMetrics], regions: tuple[str, ...], norms: Norms
) -> tuple[FunctionMetrics, ...]:
    return tuple(f for f in functions.values() if norms.functions[f.id].region in regions)


def _share(functions: Collection[FunctionMetrics]) -> Share:
    ratings = [f.rating for f in functions if f.rating is not None]
    expected = sum((f.expected for f in functions), Fraction(0))
    expected_of_rated = sum((f.expected for f in functions if f.rating is not None), Fraction(0))
    known = sum(ratings)
    unknown = len(functions) - len(ratings)
    span = Interval(
        known + unknown * _LOWEST,
        known / expected_of_rated * expected if ratings else None,
        known + unknown * _HIGHEST,
    )
    return Share(span, expected, len(ratings), len(functions))


def _domain(functions: Collection[FunctionMetrics], name: str, norms: Norms) -> DomainMetrics:
    share = _share(functions)
    percent = share.percent
    figures = [figure for figure in (percent.low, percent.mid, percent.high) if figure is not None]
    lowest, highest = (norms.recommendation(edge) for edge in (min(figures), max(figures)))
    return DomainMetrics(
        id=name,
        share=share,
        band=None if percent.mid is None else norms.recommendation(percent.mid),
        band_range=None if lowest == highest else (lowest, highest),
    )


def _top_down(functions: Mapping[str, FunctionMetrics], norms: Norms) -> TopDown:
    upper = _of_regions(functions, _UPPER, norms)
    lower = _of_regions(functions, _LOWER, norms)
    top, base = _mean_rating(upper), _mean_rating(lower)
    mid = None if top.mid is None or base.mid is None else top.mid / base.mid
    expected = _mean([f.expected for f in upper]) / _mean([f.expected for f in lower])
    return TopDown(Interval(top.low / base.high, mid, top.high / base.low), expected)


def _mean_rating(functions: Collection[FunctionMetrics]) -> Interval:
    """Return the mean rating: its centre of the rated functions, its ends over all of them."""
    ratings = [Fraction(f.rating) for f in functions if f.rating is not None]
    ends = _share(functions).sum.times(Fraction(1, len(functions)))
    return Interval(ends.low, _mean(ratings) if ratings else None, ends.high)


def _mean(figures: Collection[Fraction]) -> Fraction:
    return sum(figures, Fraction(0)) / len(figures)


def _patterns(domains: Mapping[str, DomainMetrics], norms: Norms) -> tuple[PatternToConsider, ...]:
    return tuple(
        PatternToConsider(rule, _is_certain(rule, domains))
        for rule in norms.patterns
        if _shows(rule, domains)
    )


def _shows(rule: PatternRule, domains: Mapping[str, DomainMetrics]) -> bool:
    for name in (*rule.typical, *rule.low):
        share = domains[name].share
        centre = share.percent.mid
        if centre is None or 100 * share.rated < rule.rated_at_least * share.of:
            return False
        fits = centre >= rule.typical_from if name in rule.typical else centre < rule.low_below
        if not fits:
            return False
    return True


def _is_certain(rule: PatternRule, domains: Mapping[str, DomainMetrics]) -> bool:
    return all(
        domains[name].share.percent.low >= rule.typical_from for name in rule.typical
    ) and all(domains[name].share.percent.high < rule.low_below for name in rule.low)
