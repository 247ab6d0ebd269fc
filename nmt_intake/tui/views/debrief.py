"""The debrief of a rehearsal as a page of the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from textual.content import Content

from nmt_intake.rehearsal.debrief import Debrief
from nmt_intake.tui import literal

_MOST: Final = 8


def debrief_page(found: Debrief, kept: Path | None) -> Content:
    """Return what was done well, what to try next, what stayed unsaid; the whole is in `kept`."""
    coverage = found.coverage
    pieces = [
        literal.line(f"Debrief · {coverage.heard} of {coverage.facts} things heard", "bold"),
        Content(" "),
        literal.line("Done well", "bold"),
    ]
    for each in found.well_done:
        pieces += [literal.line(f"· {each.says}"), literal.line(f"  {each.line}", "italic")]
    pieces += [Content(" "), literal.line("To try next", "bold")]
    for each in found.try_next:
        pieces.append(literal.line(f"· {each.says}"))
        if each.line:
            pieces.append(literal.line(f"  You said: {each.line}", "italic"))
        if each.better:
            pieces.append(literal.line(f"  Asked better: {each.better}", "bold"))
    if not found.try_next:
        pieces.append(literal.line("Nothing. Take another persona."))
    if found.unsaid:
        pieces += [Content(" "), literal.line("What stayed unsaid", "bold")]
        kept_back = [each for each in found.unsaid if each.turn]
        for each in kept_back[:_MOST]:
            pieces.append(literal.line(f"· {each.fact} {each.would_open}."))
        others = len(found.unsaid) - len(kept_back[:_MOST])
        if others:
            pieces.append(literal.line(f"· {others} more; most were not asked about yet."))
    if found.trust:
        bars = "".join(_BARS[min(8, each * 8 // 100)] for each in found.trust[-60:])
        pieces += [Content(" "), literal.line(f"Trust {bars} {found.trust[-1]} of 100")]
    if kept is not None:
        pieces += [Content(" "), literal.line(f"All of it: {kept}/debrief.html", "$aside")]
    pieces.append(literal.line("Enter takes that moment again. Esc goes on.", "$aside"))
    return literal.lines(*pieces)


_BARS: Final = " ▁▂▃▄▅▆▇█"
