"""Which functions need help, how much, and which level each domain has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.scoring.metrics import DomainMetrics, Metrics
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.planner.rules import BANDS, Rules

_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Need:
    """A function that is well under what is expected.

    `percent` is its share of what is expected, `gap` the steps under it; `severity` counts from 0
    (gravest); `order` is the function's place in the order of development.
    """

    function: str
    title: str
    domain: str
    rating: int
    percent: Fraction
    gap: Fraction
    severity: int
    order: int

    @property
    def band(self) -> str:
        """The level of need of this function alone."""
        return BANDS[0] if self.percent < _ESSENTIAL_BELOW else BANDS[1]


_ESSENTIAL_BELOW: Final = 65


@dataclass(frozen=True, slots=True)
class Level:
    """A domain's level of need: None while under half of it is rated.

    `rate_first` are then the functions that settle it. `reasons` is why the level is what it is.
    """

    domain: str
    title: str
    band: str | None
    percent: Fraction | None
    rated: int
    of: int
    rate_first: tuple[str, ...] = ()
    no_needs: bool = False


def needs_of(metrics: Metrics, norms: Norms, rules: Rules) -> Mapping[str, Need]:
    """Return the functions that need help, in their published order.

    A rating in the typical range never is one, nor one less than a step under what is expected.
    """
    rule = rules.sequence.need
    found: dict[str, Need] = {}
    for order, function in enumerate(metrics.functions.values()):
        rating = function.rating
        if rating is None or rating >= rule.typical_from:
            continue
        gap = function.expected - rating
        percent = rating * _HUNDRED / function.expected
        if gap < rule.steps_below or percent >= rule.below_percent:
            continue
        known = norms.functions[function.id]
        severity = sum(percent >= edge for edge in rule.severities)
        found[function.id] = Need(
            function.id, known.title, known.domain, rating, percent, gap, severity, order
        )
    return found


def in_order(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return needs as they are answered: the two furthest below, then by severity and order.

    Furthest below is told by share and by steps; where both name one, the rest follows it.
    """
    every = list(needs)
    if not every:
        return ()
    lowest = min(every, key=lambda need: (need.percent, need.order))
    deepest = max(every, key=lambda need: (need.gap, -need.order))
    rest = sorted(every, key=lambda need: (need.severity, need.order))
    return tuple(dict.fromkeys((lowest, deepest, *rest)))


def levels_of(
    metrics: Metrics, norms: Norms, rules: Rules, needs: Mapping[str, Need]
) -> Mapping[str, Level]:
    """Return the level of each domain, lowest system first; the same is printed everywhere.

    It is that of the metrics, but that a domain where nothing rated is a need has none to treat.
    """
    needed = {need.domain for need in needs.values()}
    found: dict[str, Level] = {}
    for name in rules.sequence.domains:
        domain = metrics.domains[name]
        share = domain.share
        title = norms.domain_titles[name]
        if domain.band is None or share.rated < rules.sequence.settled_from_share * share.of:
            first = _rate_first(domain, metrics, norms, rules)
            found[name] = Level(name, title, None, share.percent.mid, share.rated, share.of, first)
            continue
        none = name not in needed
        band = BANDS[-1] if none else domain.band.id
        found[name] = Level(
            name, title, band, share.percent.mid, share.rated, share.of, no_needs=none
        )
    return found


def _rate_first(
    domain: DomainMetrics, metrics: Metrics, norms: Norms, rules: Rules
) -> tuple[str, ...]:
    """Return the fewest unrated functions that settle the level if they come out like the rest.

    Those that weigh most are taken first. At least so many that half is rated; with nothing rated
    the rest is taken as expected.
    """
    share = domain.share
    functions = [f for f in metrics.functions.values() if norms.functions[f.id].domain == domain.id]
    unrated = [f for f in functions if f.rating is None]
    ratio = Fraction(1) if share.percent.mid is None else share.percent.mid / _HUNDRED
    known = Fraction(sum(f.rating for f in functions if f.rating is not None))
    chosen: list[str] = []
    left = sorted(unrated, key=lambda f: (-f.expected, rules.order[f.id]))
    while left:
        low = known + len(left)
        high = known + 12 * len(left)
        edges = [norms.recommendation(each * _HUNDRED / share.expected).id for each in (low, high)]
        half = share.rated + len(chosen) >= rules.sequence.settled_from_share * share.of
        if half and edges[0] == edges[1]:
            break
        taken = left.pop(0)
        chosen.append(taken.id)
        known += min(Fraction(12), max(Fraction(1), taken.expected * ratio))
    return tuple(sorted(chosen, key=lambda name: rules.order[name]))
