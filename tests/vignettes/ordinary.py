"""Whether ordinary people come out as ordinary, and the deprived as far below: one table.

`python -m tests.vignettes.ordinary` plays the well of eight ages and the two severely deprived, and
prints what a reader would see: total in percent, highest risk of a period, functions called below
or far below, and the recommendations of the four domains.
"""

from __future__ import annotations

from collections import Counter

from tests.vignettes.vignette import metrics_of, play, vignettes

DEPRIVED = ("severe_in_every_period", "left_in_one_room_to_two")


def main() -> int:
    """Print the table; 1 if an ordinary person is printed as below, or a deprived one as well."""
    wrong = 0
    print(f"{'':<28}{'total %':>8}{'risk':>7}{'below':>7}{'far':>5}  levels")
    for vignette in vignettes():
        ordinary = vignette.id.startswith("well_at_")
        if not ordinary and vignette.id not in DEPRIVED:
            continue
        metrics = metrics_of(play(vignette))
        assert metrics is not None, "every one has an age"
        percent = float(metrics.total.percent.mid or 0)
        risks = [float(each.risk.mid or 0) for each in metrics.periods.values()]
        bands = Counter(each.age_band.id for each in metrics.functions.values() if each.age_band)
        levels = {each.band.id if each.band else "?" for each in metrics.domains.values()}
        below, far = bands["below"], bands["far_below"]
        print(f"{vignette.id:<28}{percent:>8.1f}", end="")
        print(f"{(max if ordinary else min)(risks):>7.1f}{below:>7}{far:>5}  {', '.join(levels)}")
        if ordinary:
            # One thing may be told as a little hard: stiff knees at sixty.
            wrong += far > 0 or below > 1 or levels != {"enrichment"}
            wrong += max(risks) >= 5 or not 95 <= percent <= 105
        else:
            wrong += levels != {"essential"} or min(risks) <= 85
    print("all as they should be" if not wrong else f"{wrong} not as they should be")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
