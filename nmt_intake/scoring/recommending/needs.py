"""Which functions need help, and which level of need each domain has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from nmt_intake.scoring.metrics import DomainMetrics, FunctionMetrics, Metrics
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.recommending.sequence import Sequence

NEEDIEST_FIRST: Final = ("essential", "therapeutic", "enrichment")
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Need:
    """A function that is well under what is expected: its rating, and that in percent of it."""

    function: str
    title: str
    domain: str
    rating: int
    percent: Fraction
    order: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A domain that something is rated in: the band the plan goes by, and its phase.

    `spans` is true where a band of greater need than that of the centre was taken.
    """

    metrics: DomainMetrics
    percent: Fraction
    band: str
    spans: bool
    phase: str

    @property
    def domain(self) -> str:
        """The id of the domain."""
        return self.metrics.id


def needs_of(metrics: Metrics, norms: Norms, sequence: Sequence) -> Mapping[str, Need]:
    """Return the functions that need help, in their published order."""
    found = (
        _need(function, norms, sequence, order)
        for order, function in enumerate(metrics.functions.values())
    )
    return {need.function: need for need in found if need is not None}


def _need(function: FunctionMetrics, norms: Norms, sequence: Sequence, order: int) -> Need | None:
    if function.rating is None:
        return None
    percent = function.rating * _HUNDRED / function.expected
    near = function.expected - function.rating < sequence.needed_steps_below
    if near or percent >= sequence.needed_below_percent:
        return None
    known = norms.functions[function.id]
    return Need(function.id, known.title, known.domain, function.rating, percent, order)


def domains_in_order(metrics: Metrics, sequence: Sequence) -> tuple[DomainMetrics, ...]:
    """Return all domains as the plan walks them; those with nothing rated come along."""
    walked = tuple(metrics.domains[domain] for domain in sequence.domains)
    if sequence.lowest_system_first:
        return walked
    return tuple(sorted(walked, key=lambda domain: domain.share.percent.mid or 0))


def placed(
    metrics: Metrics, norms: Norms, sequence: Sequence, needs: Mapping[str, Need]
) -> tuple[Placed, ...]:
    """Return the rated domains in the order they are walked, each in its phase."""
    needed = {norms.functions[function].domain for function in needs}
    counted: dict[str, int] = {}
    opened = 0
    found: list[Placed] = []
    for domain in domains_in_order(metrics, sequence):
        percent, centre = domain.share.percent.mid, domain.band
        if percent is None or centre is None:
            continue
        band = _band(domain, centre.id, domain.id in needed, sequence)
        if band == "enrichment":
            phase = sequence.enrichment_goes_to
        else:
            phase = sequence.phases[opened]
            counted[band] = counted.get(band, 0) + 1
            limit = sequence.one_domain_at_a_time.get(band)
            if limit is not None and counted[band] >= limit and opened + 1 < len(sequence.phases):
                opened, counted = opened + 1, {}
        found.append(Placed(domain, percent, band, band != centre.id, phase))
    return tuple(found)


def _band(domain: DomainMetrics, centre: str, has_need: bool, sequence: Sequence) -> str:
    """Return the band of greater need of a figure that spans a cut-off, if anything needs help."""
    if domain.band_range is None or not sequence.lowest_of_range or not has_need:
        return centre
    return domain.band_range[0].id
