"""How well raters agree, told so that it cannot flatter.

Points of the scale come first: exact, within one, mean difference and each rater's bias. Each
coefficient stands beside its chance line (what raters with the same habits reach when they are
unrelated, and what one shuffle in twenty reaches) and beside the spread of the profile, because
a wide spread makes a coefficient large and a narrow one small while the raters stay as they are.

Rules, from issue and domain: below `min_items` common items there are counts and nothing else;
where fewer than two raters used more than one value no coefficient is estimable (never 0 or 1);
ICC(2,1) needs `min_cases` cases, and items of one case are not cases: with several cases its
targets are the cases, the rating of a case being the mean of the items that all raters rated in
it. Missing pairs are counted and never filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Final

from nmt_intake.rehearsal.agreement import chance, reliability
from nmt_intake.rehearsal.agreement.chance import expected_points, expected_squares, shuffled
from nmt_intake.rehearsal.agreement.differences import (
    Bias,
    Minimum,
    Missed,
    biases,
    drifts,
    grouped,
    in_points,
    interval_as_json,
    items_by_difference,
    limits_of_sums,
    pairs_of_raters,
    plain,
    standard_deviation,
)
from nmt_intake.rehearsal.agreement.panel import Panel, RatedItem
from nmt_intake.rehearsal.agreement.reliability import (
    Interval,
    Number,
    Points,
    Row,
    Scale,
    Squares,
    Tally,
    icc_interval,
    tally,
)
from nmt_intake.scoring import Json
from nmt_intake.vocabulary import DOMAINS, PERIODS, REGIONS

COEFFICIENTS: Final = ("kappa_quadratic", "ac2_quadratic", "icc", "alpha")

_PARTS: Final = ("adversity", "relational", "functions", "relationships")


@dataclass(frozen=True, slots=True)
class Block:
    """The agreement on one group of items: counts, points, coefficients and their chance.

    A figure that is None has its reason in `Agreement.not_estimable`.
    """

    counted: Tally
    rated_by_none: int
    points: Points | None
    bias: tuple[Bias, ...]
    coefficients: Mapping[str, float | None]
    icc: Interval
    expected: Mapping[str, float | None]
    best_of_twenty: Mapping[str, float | None]
    spread: float | None

    def is_above_chance(self, figure: str) -> bool | None:
        """Whether a coefficient is more than one shuffle in twenty reaches; None: not known."""
        value = self.icc.value if figure == "icc" else self.coefficients.get(figure)
        chance = self.best_of_twenty.get(figure)
        return None if value is None or chance is None else value > chance

    def as_json(self) -> Mapping[str, Json]:
        """Return the block as `agree` prints it; figures at full precision."""
        exact, near, mean = self.points or (None, None, None)
        seen = self.counted.points
        pairs = self.counted.pairs
        return {
            "items": self.counted.units,
            "rated_by_all": self.counted.complete,
            "pairs": pairs,
            "missing_pairs": self.counted.missing_pairs,
            "rated_by_none": self.rated_by_none,
            "counts": {
                "exact": round(float(seen.exact * pairs)) if seen else 0,
                "within_one": round(float(seen.within_one * pairs)) if seen else 0,
            },
            "exact": plain(exact),
            "within_one": plain(near),
            "mean_difference": plain(mean),
            "bias": [bias.as_json() for bias in self.bias],
            "kappa_quadratic": self.coefficients["kappa_quadratic"],
            "ac2_quadratic": self.coefficients["ac2_quadratic"],
            "icc": {"type": "ICC(2,1)", **interval_as_json(self.icc)},
            "alpha": self.coefficients["alpha"],
            "chance": {
                "expected": dict(self.expected),
                "one_in_twenty": dict(self.best_of_twenty),
                "above": {name: self.is_above_chance(name) for name in COEFFICIENTS},
            },
            "spread": self.spread,
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that can be said about how well a panel agrees; made by `measure`."""

    panel: Panel
    minimum: Minimum
    overall: Block
    parts: Mapping[str, Block]
    domains: Mapping[str, Block]
    regions: Mapping[str, Block]
    periods: Mapping[str, Block]
    by_item: Mapping[str, Block]
    items_by_difference: tuple[Mapping[str, Json], ...]
    pairs_of_raters: tuple[Mapping[str, Json], ...]
    sums: tuple[Mapping[str, Json], ...]
    drift: tuple[Mapping[str, Json], ...]
    not_estimable: tuple[Missed, ...]

    def as_json(self) -> dict[str, Json]:
        """Return what `agree` prints: the keys of the contract, and beside them the rest."""
        panel = self.panel
        return {
            "raters": len(panel.raters),
            "items": self.overall.counted.units,
            "cases": len(panel.cases),
            "rater_names": list(panel.raters),
            "scale": {
                "lowest": in_points(panel.scale.values[0], panel) if panel.scale.values else None,
                "highest": in_points(panel.scale.values[-1], panel) if panel.scale.values else None,
                "values": len(panel.scale.values),
                "given": panel.scale_is_given,
            },
            "minimum": {"items": self.minimum.items, "cases": self.minimum.cases},
            "kappa_is": "Cohen (1968)" if len(panel.raters) == 2 else "Conger (1980)",
            "chance_seed": chance.SEED,
            "overall": self.overall.as_json(),
            "parts": _blocks(self.parts),
            "domains": _blocks(self.domains),
            "regions": _blocks(self.regions),
            "periods": _blocks(self.periods),
            "by_item": _blocks(self.by_item),
            "items_by_difference": list(self.items_by_difference),
            "pairs_of_raters": list(self.pairs_of_raters),
            "sums": list(self.sums),
            "drift": list(self.drift),
            "not_estimable": [{"what": m.what, "why": m.why} for m in self.not_estimable],
            "warnings": list(panel.warnings),
        }


def measure(
    panel: Panel,
    domain_of: Mapping[str, str] | None = None,
    region_of: Mapping[str, str] | None = None,
    minimum: Minimum | None = None,
) -> Agreement:
    """Return the agreement of a panel; `domain_of` and `region_of` say where functions belong.

    The same in, the same out, on every machine and in every order of raters and rows.
    """
    least = minimum or Minimum()
    missed: list[Missed] = []

    def block(name: str, items: Sequence[RatedItem], with_chance: bool = True) -> Block:
        return _block(name, items, panel, least, missed, with_chance)

    def blocks(kind: str, names: Iterable[str], of: Callable[[RatedItem], str | None]):
        found: dict[str, list[RatedItem]] = {name: [] for name in names}
        for item in panel.items:
            name = of(item)
            if name in found:
                found[name].append(item)
        return {name: block(f"{kind}.{name}", items) for name, items in found.items()}

    has_parts = any(item.part for item in panel.items)
    domains, regions = domain_of or {}, region_of or {}
    periods = [p for p in PERIODS if any(item.period == p for item in panel.items)]
    overall = block("overall", panel.items)
    return Agreement(
        panel=panel,
        minimum=least,
        overall=overall,
        parts=blocks("parts", _PARTS if has_parts else (), lambda item: item.part),
        domains=blocks("domains", DOMAINS if domains else (), _function_in(domains)),
        regions=blocks("regions", REGIONS if regions else (), _function_in(regions)),
        periods=blocks("periods", periods, lambda item: item.period),
        by_item=_by_item(panel, block),
        items_by_difference=items_by_difference(panel),
        pairs_of_raters=pairs_of_raters(panel, least),
        sums=limits_of_sums(panel, domains, least, missed),
        drift=drifts(panel, least, missed),
        not_estimable=tuple(missed),
    )


def _function_in(places: Mapping[str, str]) -> Callable[[RatedItem], str | None]:
    return lambda item: places.get(item.item) if item.part == "functions" else None


def _block(
    name: str,
    items: Sequence[RatedItem],
    panel: Panel,
    least: Minimum,
    missed: list[Missed],
    with_chance: bool,
) -> Block:
    one = panel.scale.one
    counted = tally([item.ratings for item in items], one)
    none = sum(all(rating is None for rating in item.ratings) for item in items)
    enough = counted.units >= least.items
    if not enough:
        noun = "rows" if panel.rows_are_cases else "items"
        why = f"{counted.units} common {noun}, fewer than {least.items}: counts only"
        missed.append(Missed(name, why))
    whole = _case_ratings(items, panel)
    of_cases = tally(whole, one)
    icc = _icc(name, of_cases, least, missed, enough or panel.rows_are_cases)
    figures = _figures(counted, panel.scale) if enough else {}
    values = {key: plain(figure(counted.squares)) for key, figure in figures.items()}
    if enough:
        missed += [_no_coefficient(name, key, counted) for key, v in values.items() if v is None]
    expected, reached = _nothing(), _nothing()
    if with_chance and enough:
        _add_chance(counted, figures, panel.scale, expected, reached)
    if with_chance and icc.value is not None:
        _add_chance_of_icc(of_cases, expected, reached)
    return Block(
        counted=counted,
        rated_by_none=none,
        points=counted.points if enough else None,
        bias=biases(name, items, panel, least, missed) if enough else (),
        coefficients={
            key: values.get(key) for key in ("kappa_quadratic", "ac2_quadratic", "alpha")
        },
        icc=icc,
        expected=expected,
        best_of_twenty=reached,
        spread=_spread(items, one) if enough else None,
    )


def _figures(of: Tally, scale: Scale) -> dict[str, Callable[[Squares], Number | None]]:
    return {
        "kappa_quadratic": lambda squares: reliability.kappa(of, squares),
        "ac2_quadratic": lambda squares: reliability.ac2(of, squares, scale),
        "alpha": lambda squares: reliability.alpha(of, squares),
    }


def _no_coefficient(name: str, key: str, counted: Tally) -> Missed:
    what = f"{name}.{key}"
    if counted.varied < 2:
        flat = counted.raters - counted.varied
        return Missed(what, f"no variance: {flat} of {counted.raters} raters used one value only")
    return Missed(what, "no variance to compare with")


def _icc(
    name: str, of_cases: Tally, least: Minimum, missed: list[Missed], enough: bool
) -> Interval:
    nothing = Interval(None, None, None)
    if of_cases.complete < least.cases:
        if enough:
            why = f"needs more cases: {of_cases.complete} rated by all, at least {least.cases}"
            missed.append(Missed(f"{name}.icc", why))
        return nothing
    found = icc_interval(of_cases)
    if found.value is None:
        flat = of_cases.raters - of_cases.varied
        why = f"no variance: {flat} of {of_cases.raters} raters gave every case the same"
        missed.append(Missed(f"{name}.icc", why if flat else "no variance to compare with"))
    elif found.low is None:
        missed.append(Missed(f"{name}.icc.interval", "the raters do not differ in any case"))
    return found


def _case_ratings(items: Sequence[RatedItem], panel: Panel) -> list[Row]:
    """Return one row a case: each rater's mean over the items that all have rated in it."""
    if panel.rows_are_cases:
        return [item.ratings for item in items if None not in item.ratings]
    cases: dict[str, list[Row]] = {}
    for item in items:
        if None not in item.ratings:
            cases.setdefault(item.case, []).append(item.ratings)
    # In parts of a point that every number of items divides: ICC knows no unit.
    parts = lcm(*{len(rows) for rows in cases.values()})
    return [
        tuple(
            sum(filter(None, column)) * (parts // len(rows)) for column in zip(*rows, strict=True)
        )
        for rows in cases.values()
    ]


def _nothing() -> dict[str, float | None]:
    return dict.fromkeys(("exact", "within_one", "mean_difference", *COEFFICIENTS))


def _add_chance(
    counted: Tally,
    figures: Mapping[str, Callable[[Squares], Number | None]],
    scale: Scale,
    expected: dict[str, float | None],
    reached: dict[str, float | None],
) -> None:
    """Add what chance is expected to reach, and what one shuffle in twenty does."""
    points, squares, luck = expected_points(counted), expected_squares(counted), shuffled(counted)
    for at, name in enumerate(points._fields):
        sign = -1 if name == "mean_difference" else 1  # of differences the small ones are good
        best = luck.best_of_twenty(_signed(at, sign), sign * points[at])
        expected[name] = float(points[at])
        reached[name] = None if best is None else sign * best
    for key, figure in _figures(luck.sample, scale).items():
        expected[key] = plain(figures[key](squares))
        reached[key] = luck.best_of_twenty(_of_squares(figure), expected[key])


def _add_chance_of_icc(
    of_cases: Tally, expected: dict[str, float | None], reached: dict[str, float | None]
) -> None:
    luck = shuffled(of_cases)
    expected["icc"] = plain(reliability.icc(of_cases, expected_squares(of_cases)))
    figure = _of_squares(lambda squares: reliability.icc(luck.sample, squares))
    reached["icc"] = luck.best_of_twenty(figure, expected["icc"])


def _signed(at: int, sign: int) -> Callable[[Points, Squares], Number]:
    return lambda points, _squares: sign * points[at]


def _of_squares(
    figure: Callable[[Squares], Number | None],
) -> Callable[[Points, Squares], Number | None]:
    return lambda _points, squares: figure(squares)


def _spread(items: Iterable[RatedItem], one: int) -> float | None:
    """Return the standard deviation of the items' mean ratings, in points of the scale."""
    means: list[float] = []
    for item in items:
        given = [rating for rating in item.ratings if rating is not None]
        if len(given) > 1:
            means.append(sum(given) / (len(given) * one))
    return standard_deviation(means) if len(means) > 1 else None


def _by_item(
    panel: Panel, block: Callable[[str, Sequence[RatedItem], bool], Block]
) -> dict[str, Block]:
    if panel.rows_are_cases or len(panel.cases) < 2:
        return {}
    return {
        place: block(f"by_item.{place}", items, False)
        for place, items in grouped(panel.items).items()
    }


def _blocks(blocks: Mapping[str, Block]) -> dict[str, Json]:
    return {name: block.as_json() for name, block in blocks.items()}
