"""Where are we: the parts of the interview, each with how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from textual.content import Content

from nmt_intake.interview.graph import Part
from nmt_intake.interview.progress import Progress, progress
from nmt_intake.interview.speaking import instance_name, part_title
from nmt_intake.interview.state import Interview
from nmt_intake.tui.literal import line

WIDTH = 26


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the outline: a block asked once, or one period or person with all its blocks."""

    title: str
    parts: tuple[Part, ...]
    slots: tuple[str, ...]


def rows(interview: Interview, language: str | None = None) -> tuple[Row, ...]:
    """Return the lines of the outline, in the order of the conversation."""
    found: list[Row] = []
    for instance, group in groupby(interview.layout.parts, key=lambda part: part.instance):
        parts = tuple(group)
        if instance:
            title = instance_name(interview, instance, language)
            title = title[:1].upper() + title[1:]
            found.append(Row(title, parts, tuple(slot for each in parts for slot in each.slots)))
        else:
            found += [
                Row(part_title(interview, part, language), (part,), part.slots) for part in parts
            ]
    return tuple(found)


def open_row(interview: Interview, row: Row) -> bool:
    """Whether a line has anything to show: a question that may be asked, or an answer kept."""
    return any(
        interview.truths.get(slot) is not False or slot in interview.slots for slot in row.slots
    )


def row_text(
    interview: Interview,
    row: Row,
    counts: Progress,
    *,
    here: bool,
    flagged: frozenset[str],
    against: frozenset[str] = frozenset(),
) -> Content:
    """Return one line: a mark, the title, what is left to find out, and what does not fit."""
    mark = "▶" if here else "·"
    total = counts.asked + counts.remaining
    if not here and counts.remaining == 0:
        mark = "✓" if counts.asked else "·" if counts.undecided else "–"
    tail = f" {counts.asked}/{total}" if counts.asked and counts.remaining else ""
    tail += f" {counts.to_find_out} ?" if counts.to_find_out else ""
    tail += " ≠" if against.intersection(row.slots) else ""
    tail += " ⚑" if flagged.intersection(row.slots) else ""
    width = max(8, WIDTH - 2 - len(tail))
    dim = "$aside" if mark == "–" else ""
    return Content(f"{mark} ") + line(row.title, dim, width) + Content(tail)


def row_counts(interview: Interview, row: Row) -> Progress:
    """Return how far a line is."""
    return progress(interview, row.slots)


@dataclass(frozen=True, slots=True)
class OutlineView:
    """The lines of the outline with their texts; `here` is the line we are on, if any."""

    rows: tuple[Row, ...]
    texts: tuple[Content, ...]
    here: int | None


def view_of(interview: Interview, all_rows: tuple[Row, ...], slot: str | None) -> OutlineView:
    """Return the outline with `slot` as the place we are at; lines with nothing to show are out."""
    shown = tuple(row for row in all_rows if open_row(interview, row))
    flagged = frozenset(flag.slot for flag in interview.flags)
    against = frozenset(each for misfit in interview.against for each in misfit.slots)
    texts = tuple(
        row_text(
            interview,
            row,
            row_counts(interview, row),
            here=slot in row.slots,
            flagged=flagged,
            against=against,
        )
        for row in shown
    )
    here = next((at for at, row in enumerate(shown) if slot in row.slots), None)
    return OutlineView(shown, texts, here)
