"""The pictures of the report, each as text and as a drawing from the same values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nmt_intake.report.figures import brain_map, glance, history_chart, life_line, people

if TYPE_CHECKING:
    from nmt_intake.report.context import Material
    from nmt_intake.report.drawing import Drawing

SMALL_MAP = "map-small"


def drawings_of(material: Material, markdown: str) -> Mapping[str, Drawing]:
    """Return the drawings that a document has text drawings of, by their names."""
    interview, metrics = material.interview, material.figures
    found: dict[str, Drawing | None] = {}
    if interview is not None:
        found[people.NAME] = people.drawing(material, interview)
        found[life_line.NAME] = life_line.drawing(material, interview)
    if metrics is not None:
        found |= {
            SMALL_MAP: brain_map.drawing(material, metrics, small=True),
            glance.RISK: glance.risk(material, metrics),
            glance.BARS: glance.bars(material, metrics),
            glance.WEB: glance.web(material),
            brain_map.NAME: brain_map.drawing(material, metrics),
            history_chart.NAME: history_chart.drawing(material, metrics),
        }
    return {
        name: each
        for name, each in found.items()
        if each is not None and f"~~~~text {name}\n" in markdown
    }
