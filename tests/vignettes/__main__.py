"""How near the suggested ratings come to a careful rater's: `python -m tests.vignettes`."""

from __future__ import annotations

import argparse
from collections import Counter

from tests.vignettes.vignette import (
    PARTS,
    VERDICTS,
    FigureFound,
    Judged,
    figures_of,
    judge,
    play,
    vignettes,
)


def main() -> int:
    """Play every vignette and print the tables; 1 only if a given limit is not reached."""
    options = _arguments().parse_args()
    judged: list[Judged] = []
    figures: list[FigureFound] = []
    for vignette in vignettes():
        if options.vignette in (None, vignette.id):
            interview = play(vignette)
            judged += judge(vignette, interview)
            figures += figures_of(vignette, interview)
    shown = [each for each in judged if options.part in (None, each.expected.part)]
    reached = _by_part(shown)
    if options.part is None:
        _figures(figures)
    _worst(shown, len(shown) if options.vignette else options.worst)
    return int(options.limit is not None and any(each < options.limit for each in reached))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.vignettes", description=__doc__)
    parser.add_argument("--part", choices=[*PARTS], help="one part only")
    parser.add_argument("--vignette", metavar="ID", help="one vignette only, every rating of it")
    parser.add_argument("--worst", type=int, default=25, metavar="N", help="rows of the worst")
    parser.add_argument(
        "--limit",
        type=float,
        metavar="PERCENT",
        help="fail if fewer are inside, in any part shown",
    )
    return parser


def _by_part(judged: list[Judged]) -> list[float]:
    """Print the counts by part; return the percentage inside of each."""
    reached: list[float] = []
    heads = f"{'inside':>8}{'one off':>9}{'worse':>7}{'(none)':>8}{'inside':>9}"
    print(f"{'part':<18}{'ratings':>8}{heads}")
    for letter, name in [*PARTS.items(), ("", "all")]:
        rows = [each for each in judged if letter in ("", each.expected.part)]
        if not rows:
            continue
        counts = Counter(each.verdict for each in rows)
        silent = sum(each.verdict == "worse" and each.suggestion.low is None for each in rows)
        percent = 100 * counts["inside"] / len(rows)
        reached += [percent] if letter else []
        numbers = "".join(f"{counts[v]:>{w}}" for v, w in zip(VERDICTS, (8, 9, 7), strict=True))
        print(f"{letter + ' ' + name:<18}{len(rows):>8}{numbers}{silent:>8}{percent:>8.1f}%")
    print("(none): worse because nothing was suggested\n")
    return reached


def _figures(figures: list[FigureFound]) -> None:
    met = sum(each.met for each in figures)
    print(f"figures of whole cases: {met} of {len(figures)} as expected")
    for each in figures:
        if not each.met:
            found = ", ".join(f"{v:.1f}" if isinstance(v, float) else str(v) for v in each.found)
            wanted = each.expected.is_ or f"{each.expected.low:g} to {each.expected.high:g}"
            print(f"  {each.vignette}: {each.expected.figure} {found or 'none'}; expected {wanted}")
    print()


def _worst(judged: list[Judged], count: int) -> None:
    rows = [each for each in judged if each.verdict != "inside"]
    rows.sort(key=lambda each: (-VERDICTS.index(each.verdict), -each.distance))
    print(f"the worst {min(count, len(rows))} of {len(rows)} that are not inside")
    for each in rows[:count]:
        low, high = each.suggestion.low, each.suggestion.high
        found = "none" if low is None else f"{low}-{high}"
        print(
            f"  {each.verdict:<8}{each.vignette:<35}{each.expected.rating:<43}"
            f"suggested {found:<7} expected {each.expected.words:<11} {each.expected.because}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
