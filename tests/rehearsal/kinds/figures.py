"""How well readers and the classifier agree: `python -m tests.rehearsal.kinds.figures`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from nmt_intake.rehearsal.question_kinds import classify
from tests.rehearsal.kinds.utterances import (
    FOUR,
    HALVES,
    OPEN_CLOSED,
    SIX,
    fresh,
    labels,
    utterances,
)

GROUPINGS: Mapping[str, Mapping[str, str] | None] = {
    "fourteen": None,
    "six": SIX,
    "four": FOUR,
    "open or closed": OPEN_CLOSED,
}


def pairs(
    one: Mapping[str, str], other: Mapping[str, str], grouping: Mapping[str, str] | None
) -> Sequence[tuple[str, str]]:
    """Return two readers' kinds side by side; what is in no group of the first is left out."""
    if grouping is None:
        return [(one[key], other[key]) for key in one]
    return [
        (grouping[one[key]], grouping.get(other[key], "none"))
        for key in one
        if one[key] in grouping
    ]


def agreement(found: Sequence[tuple[str, str]]) -> float:
    return sum(one == other for one, other in found) / len(found)


def kappa(found: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa of two readers."""
    first, second = (Counter(pair[side] for pair in found) for side in (0, 1))
    chance = sum(first[kind] * second[kind] for kind in first) / len(found) ** 2
    return (agreement(found) - chance) / (1 - chance)


def read_by(reader: str, half: str) -> Mapping[str, str]:
    """Return the kinds that reader `a` or `b`, or the classifier (`c`), gave one half."""
    if reader == "c":
        return {each.id: classify(each.words).kind for each in utterances(half)}
    return {key: label.main for key, label in labels(half, reader).items()}


def lines() -> Iterator[str]:
    yield "| half | pair | fourteen | six | four | open or closed |"
    yield "|---|---|---|---|---|---|"
    for half in HALVES:
        for one, other in ("ab", "ac", "bc"):
            cells = [
                pairs(read_by(one, half), read_by(other, half), each) for each in GROUPINGS.values()
            ]
            told = " | ".join(f"{agreement(cell):.3f} ({kappa(cell):.3f})" for cell in cells)
            yield f"| {half} | {one.upper()} and {other.upper()} | {told} |"


if __name__ == "__main__":
    print("Agreement, in brackets Cohen's kappa; A and B are readers, C the classifier.\n")
    print("\n".join(lines()))
    right = [classify(words).kind in allowed for words, allowed in fresh()]
    print(f"\nFresh list: {sum(right)} of {len(right)}.")
