"""Independent libraries beside our coefficients.

    python -m tests.rehearsal.oracles            compare ours, the stored, the libraries
    python -m tests.rehearsal.oracles --write    store the libraries' figures anew

Needs `pip install krippendorff pingouin irrCAC` in an environment of its own (two of them are
GPL and irrCAC pins an old SciPy, so none is a dependency). The stored figures,
`oracle_figures.json`, are what `test_reliability.py` compares with on every run.

Kappa (Conger, and Cohen for two complete raters) and AC2 come from irrCAC, alpha from
krippendorff, ICC(A,1) from pingouin's two-way analysis of variance with our own statement of
McGraw & Wong's interval by SciPy's F, because pingouin rounds the limits to two digits.
"""

from __future__ import annotations

import json
import random
import sys
from importlib.metadata import version
from pathlib import Path

FIGURES = Path(__file__).with_name("oracle_figures.json")
Rows = list[tuple[int | None, ...]]


def data_sets() -> dict[str, Rows]:
    """Return made-up ratings, the same every time: two to six raters, whole and with gaps."""
    chance = random.Random(20261128)
    found: dict[str, Rows] = {}
    for raters in range(2, 7):
        for gaps in (0.0, 0.2):
            if raters == 2 and gaps:
                continue  # two raters with gaps: ours takes pairs only, irrCAC does not
            for units, noise in ((12, 3), (40, 1), (100, 2)):
                rows: Rows = []
                for _ in range(units):
                    true = chance.randint(1, 12)
                    row = (true + chance.randint(-noise, noise) + (g == 1) for g in range(raters))
                    kept = (None if chance.random() < gaps else min(12, max(1, v)) for v in row)
                    rows.append(tuple(kept))
                found[f"{raters} raters, {units} units, gaps {gaps}"] = rows
    return found


def library_figures(rows: Rows) -> dict[str, float | None]:
    """Return what the libraries make of `rows`, on the scale from 1 to 12."""
    import krippendorff
    import numpy
    import pandas
    from irrCAC.raw import CAC

    table = pandas.DataFrame(rows, dtype=float)
    cac = CAC(table, weights="quadratic", categories=list(map(float, range(1, 13))), digits=17)
    values = numpy.array(rows, dtype=float).T
    figures = {
        "kappa": float(cac.conger()["est"]["coefficient_value"]),
        "ac2": float(cac.gwet()["est"]["coefficient_value"]),
        "alpha": float(krippendorff.alpha(values, level_of_measurement="interval")),
    }
    return {**figures, **_icc(table.dropna())}


def _icc(whole) -> dict[str, float | None]:
    import pingouin
    from scipy.stats import f

    n, k = whole.shape
    if n < 5:
        return {"icc": None, "low": None, "high": None}
    long = whole.reset_index(drop=True).reset_index().melt(id_vars="index")
    found = pingouin.intraclass_corr(long, "index", "variable", "value")
    rho = float(found.set_index("Type").loc["ICC(A,1)", "ICC"])
    table = pingouin.anova(long, dv="value", between=["index", "variable"], ss_type=2)
    options = table.set_index("Source")["SS"].to_list()
    between = options[0] / (n - 1)
    raters, error = options[1] / (k - 1), options[2] / ((n - 1) * (k - 1))
    a, b = k * rho / (n * (1 - rho)), 1 + k * rho * (n - 1) / (n * (1 - rho))
    under = (a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * raters + b * error) ** 2 / under
    upper, lower = f.ppf(0.975, n - 1, freedom), f.ppf(0.975, freedom, n - 1)
    rest = k * raters + (k * n - k - n) * error
    return {
        "icc": rho,
        "low": float(n * (between - upper * error) / (upper * rest + n * between)),
        "high": float(n * (lower * between - error) / (rest + n * lower * between)),
    }


def our_figures(rows: Rows) -> dict[str, float | None]:
    """Return the same figures from our own code."""
    from nmt_intake.rehearsal.agreement.reliability import (
        Scale,
        ac2,
        alpha,
        icc_interval,
        kappa,
        tally,
    )

    of = tally(rows, 1)
    whole = tally([row for row in rows if None not in row], 1)
    figures = {
        "kappa": kappa(of, of.squares),
        "ac2": ac2(of, of.squares, Scale(tuple(range(1, 13)), 1)),
        "alpha": alpha(of, of.squares),
    }
    icc = icc_interval(whole) if whole.complete >= 5 else (None, None, None)
    plain = {name: None if value is None else float(value) for name, value in figures.items()}
    return {**plain, "icc": icc[0], "low": icc[1], "high": icc[2]}


def furthest(ours: dict[str, float | None], theirs: dict[str, float | None]) -> float:
    """Return the largest difference; infinite where one has a figure and the other has none."""
    apart = 0.0
    for name, value in theirs.items():
        mine = ours[name]
        if (mine is None) != (value is None):
            return float("inf")
        if mine is not None and value is not None:
            apart = max(apart, abs(mine - value))
    return apart


def main() -> int:
    """Compare, or store; exit status 1 where anything is more than 1e-9 apart."""
    theirs = {name: library_figures(rows) for name, rows in data_sets().items()}
    used = {name: version(name) for name in ("irrCAC", "krippendorff", "pingouin", "scipy")}
    if "--write" in sys.argv:
        FIGURES.write_text(json.dumps({"libraries": used, "figures": theirs}, indent=1) + "\n")
    stored = json.loads(FIGURES.read_text())["figures"]
    worst = 0.0
    for name, rows in data_sets().items():
        apart = furthest(our_figures(rows), theirs[name])
        moved = furthest(stored[name], theirs[name])
        print(f"{name:<34} ours {apart:.1e}   stored {moved:.1e}")
        worst = max(worst, apart, moved)
    print(f"largest difference {worst:.1e} with {used}")
    return int(worst > 1e-9)


if __name__ == "__main__":
    raise SystemExit(main())
