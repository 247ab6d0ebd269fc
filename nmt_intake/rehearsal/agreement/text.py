"""The agreement of a panel in words: points of the scale first, chance beside each coefficient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, cast

from nmt_intake.rehearsal.agreement.measure import Agreement, Block
from nmt_intake.rehearsal.agreement.reliability import Interval
from nmt_intake.rehearsal.agreement.thresholds import Judged
from nmt_intake.text import clean_line

NAMES: Final = {
    "exact": "Exactly the same",
    "within_one": "Within one point",
    "mean_difference": "Mean difference",
    "bias": "Largest bias",
    "kappa_quadratic": "Kappa with quadratic weights",
    "ac2_quadratic": "Gwet's AC2 with quadratic weights",
    "icc": "Intraclass correlation ICC(2,1)",
    "alpha": "Krippendorff's alpha, interval",
}
_MOST_ITEMS: Final = 10
# Koo & Li 2016: read on the interval, not on the value alone.
_READINGS: Final = ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate"), (-9.0, "poor"))


def agreement_text(agreement: Agreement, judged: Sequence[Judged] = ()) -> str:
    """Return the agreement as plain text, 100 characters wide at most but for names."""
    panel, overall = agreement.panel, agreement.overall
    counted = overall.counted
    raters = ", ".join(panel.raters)
    lines = [
        f"Agreement of {len(panel.raters)} raters ({raters})",
        f"{_of(len(panel.cases), 'case')}, {_of(counted.units, 'common item')},"
        f" {_of(counted.pairs, 'pair')} of ratings; {counted.missing_pairs} pairs missing,"
        " counted and not filled in",
        "",
        *_points(overall),
        "",
        *_coefficients(agreement),
        "",
        *_groups("By part", agreement.parts.items()),
        *_groups("By domain", agreement.domains.items()),
        *_groups("By region", agreement.regions.items()),
        *_groups("By period", agreement.periods.items()),
        *_differing(agreement),
        *_limits(agreement),
        *_drift(agreement),
        *_judgements(judged),
        *_missing(agreement),
        *(f"Note: {warning}" for warning in panel.warnings),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _of(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _points(block: Block) -> list[str]:
    if block.points is None:
        seen = block.counted.points
        alike, near = (round(float(p * block.counted.pairs)) for p in (seen or (0, 0))[:2])
        return [
            "Too few common items for figures, so counts only:"
            f" of {_of(block.counted.pairs, 'pair')} {alike} exactly the same, {near} within one"
            " point."
        ]
    exact, near, apart = map(float, block.points)
    chance = block.expected
    lines = [
        "Points of the scale                        reached    by chance",
        f"  {NAMES['mean_difference']:<38}  {apart:>8.2f}    {_figure(chance['mean_difference'])}",
        f"  {NAMES['within_one']:<38}  {near:>8.0%}    {_share(chance['within_one'])}",
        f"  {NAMES['exact']:<38}  {exact:>8.0%}    {_share(chance['exact'])}",
        "  Each rater against the mean of the others, with 95 % interval:",
    ]
    for bias in block.bias:
        lines.append(f"    {clean_line(bias.rater, 36):<36}  {_signed(bias.points)}")
    return lines


def _coefficients(agreement: Agreement) -> list[str]:
    block = agreement.overall
    values = {**block.coefficients, "icc": block.icc.value}
    lines = ["Coefficients                               reached    by chance   1 shuffle in 20"]
    for name in ("kappa_quadratic", "ac2_quadratic", "alpha", "icc"):
        mark = "   no more than chance" if block.is_above_chance(name) is False else ""
        lines.append(
            f"  {NAMES[name]:<38}  {_figure(values[name])}    {_figure(block.expected[name])}"
            f"         {_figure(block.best_of_twenty[name])}{mark}"
        )
    if block.icc.low is not None and block.icc.high is not None:
        low, high = _reading(block.icc.low), _reading(block.icc.high)
        told = low if low == high else f"{low} to {high}"
        lines.append(f"    ICC, 95 % interval {block.icc.low:.2f} to {block.icc.high:.2f}: {told}")
    if block.spread is not None:
        lines.append(
            f"  Spread of the profile (standard deviation of the items' means): {block.spread:.2f}"
            " points."
        )
        lines.append(
            "  The narrower it is, the lower kappa, alpha and ICC, with the same error; read the"
            " points first."
        )
    if len(agreement.panel.raters) > 2:
        lines.append("  Kappa for more than two raters is Conger's (1980).")
    return lines


def _groups(title: str, blocks: Iterable[tuple[str, Block]]) -> list[str]:
    lines: list[str] = []
    for name, block in blocks:
        if not block.counted.pairs:
            continue
        told = "counts only"
        if block.points is not None:
            _, near, apart = map(float, block.points)
            kappa = block.coefficients["kappa_quadratic"]
            told = f"difference {apart:.2f}, within one {near:.0%}, kappa {_figure(kappa).strip()}"
        lines.append(f"  {name:<26} {block.counted.units:>4} items   {told}")
    return [title, *lines, ""] if lines else []


def _differing(agreement: Agreement) -> list[str]:
    differing = [item for item in agreement.items_by_difference if item["difference"]]
    if not differing:
        return []
    lines: list[str] = []
    for item in differing[:_MOST_ITEMS]:
        ratings = item.get("ratings")
        told = ""
        if isinstance(ratings, dict) and len(ratings) <= 6:
            given = (f"{clean_line(r, 20)} {'-' if v is None else v}" for r, v in ratings.items())
            told = "   " + ", ".join(given)
        lines.append(f"  {item['difference']:>5.1f}  {clean_line(str(item['place']), 60)}{told}")
    return ["What differs most (mean difference in points)", *lines, ""]


def _limits(agreement: Agreement) -> list[str]:
    lines = [
        f"  {limits['sum']}, {' against '.join(map(str, _list(limits['raters'])))}:"
        f" {limits['mean_difference']:+.1f} points, limits {limits['low']:+.1f} to"
        f" {limits['high']:+.1f} ({limits['cases']} cases)"
        for limits in agreement.sums
        if limits["low"] is not None
    ]
    return ["Limits of agreement of sums (Bland and Altman)", *lines, ""] if lines else []


def _list(value: object) -> list[object]:
    return list(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else []


def _drift(agreement: Agreement) -> list[str]:
    lines: list[str] = []
    for drift in agreement.drift:
        value, low, high = drift["value"], drift["low"], drift["high"]
        if isinstance(value, float) and isinstance(low, float) and isinstance(high, float):
            told = f"{value:+.3f} points per {drift['per']}, {low:+.3f} to {high:+.3f}"
            lines.append(f"  {clean_line(str(drift['rater']), 36):<36}  {told}")
    return ["Drift against the others, with 95 % interval", *lines, ""] if lines else []


def _judgements(judged: Sequence[Judged]) -> list[str]:
    words = {True: "reached", False: "not reached", None: "cannot be said"}
    lines = [
        f"  {NAMES[j.figure]:<38}  {j.side} {j.threshold:g}: {words[j.reached]}"
        f"{f' ({j.why})' if j.why else ''}"
        for j in judged
    ]
    return ["Thresholds of the site", *lines, ""] if lines else []


def _missing(agreement: Agreement) -> list[str]:
    told = [m for m in agreement.not_estimable if not m.what.startswith("by_item.")]
    lines = [f"  {missed.what}: {missed.why}" for missed in told]
    return ["Not estimable", *lines, ""] if lines else []


def _figure(value: float | None) -> str:
    return "       -" if value is None else f"{value:>8.2f}"


def _share(value: float | None) -> str:
    return "       -" if value is None else f"{value:>8.0%}"


def _signed(points: Interval) -> str:
    if points.value is None:
        return "-"
    if points.low is None or points.high is None:
        return f"{points.value:+.2f} (no interval)"
    return f"{points.value:+.2f} ({points.low:+.2f} to {points.high:+.2f})"


def _reading(value: float) -> str:
    return next(word for edge, word in _READINGS if value >= edge)
