"""How often what was said finds its place: `python -m tests.capture [--unseen] [--misses]`.

For each kind of utterance, in per cent: the first place found is one of those judged right; it is
the very best of them; one of the first three is right; none of the three is. `--misses` lists what
went wrong, of the seen half only: the other half is of use only as long as nobody reads it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from tests.capture.searching import heard
from tests.capture.utterances import Kind, Utterance, places_today, written

_THREE: Final = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One utterance and the three places that were found for it."""

    utterance: Utterance
    found: tuple[str, ...]

    @property
    def first(self) -> bool:
        return bool(self.found) and self.found[0] in places_today(self.utterance)

    @property
    def best(self) -> bool:
        return self.found[:1] == places_today(self.utterance)[:1]

    @property
    def among_three(self) -> bool:
        return bool(set(self.found) & set(places_today(self.utterance)))


def outcomes(utterances: Iterable[Utterance]) -> list[Outcome]:
    """Search for every utterance."""
    return [Outcome(each, heard(each.words).places[:_THREE]) for each in utterances]


def table(found: Iterable[Outcome]) -> Mapping[str, tuple[int, int, int, int]]:
    """Return for each kind, and for all: how many, first, best, among three."""
    found = list(found)
    by_kind: dict[str, list[Outcome]] = {kind: [] for kind in get_args(Kind)}
    for each in found:
        by_kind[each.utterance.kind].append(each)
    by_kind["all"] = found
    return {kind: _counts(those) for kind, those in by_kind.items() if those}


def _counts(those: list[Outcome]) -> tuple[int, int, int, int]:
    return (
        len(those),
        sum(each.first for each in those),
        sum(each.best for each in those),
        sum(each.among_three for each in those),
    )


def _print_table(found: list[Outcome]) -> None:
    print(f"{'kind':14}{'count':>6}{'first':>8}{'best':>8}{'three':>8}{'none':>8}")
    for kind, (count, first, best, three) in table(found).items():
        shares = (first / count, best / count, three / count, 1 - three / count)
        print(f"{kind:14}{count:6}" + "".join(f"{share:8.0%}" for share in shares))


def _print_misses(found: list[Outcome]) -> None:
    for each in found:
        if not each.first:
            mark = "three" if each.among_three else "none "
            print(f"{mark} {each.utterance.words}")
            print(f"      wanted {', '.join(places_today(each.utterance))}")
            print(f"      found  {', '.join(each.found) or 'nothing'}")


def main() -> int:
    """Print the table; the exit status is 0, for this measures and does not judge."""
    options = argparse.ArgumentParser(prog="python -m tests.capture", description=__doc__)
    chosen = options.add_mutually_exclusive_group()
    chosen.add_argument("--unseen", action="store_true", help="the half that nobody works from")
    chosen.add_argument("--misses", action="store_true", help="list what was not placed first")
    asked = options.parse_args()
    found = outcomes(written("unseen" if asked.unseen else "seen"))
    if asked.misses:
        _print_misses(found)
    _print_table(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
