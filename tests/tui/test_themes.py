"""What is read can be read: contrast of every pair of tokens, in every theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color

import nmt_intake.tui
from nmt_intake.casework.cases import Casework
from nmt_intake.tui.themes import READ, THEMES, theme_for
from tests.tui.driving import at_desk, keys, new_case

TUI = Path(nmt_intake.tui.__file__).parent


def luminance(color: Color) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [each / 255 for each in color.rgb]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=[each.name for each in THEMES])
def test_all_that_is_read_has_a_contrast_of_four_and_a_half_to_one(theme: object) -> None:
    tokens = {
        "foreground": theme.foreground,  # type: ignore[attr-defined]
        "background": theme.background,  # type: ignore[attr-defined]
        "panel": theme.panel,  # type: ignore[attr-defined]
        "accent": theme.accent,  # type: ignore[attr-defined]
        **theme.variables,  # type: ignore[attr-defined]
    }
    poor = {
        pair: round(found, 2)
        for pair in READ
        if (found := contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5
    }
    assert not poor


def test_no_screen_uses_a_colour_or_a_faintness_of_its_own() -> None:
    for path in (*TUI.rglob("*.py"), *TUI.rglob("*.tcss")):
        if path.name == "themes.py":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-fA-F]{6}\b", text), path
        assert not re.search(r'"(?:[a-z]+ )*dim(?: [a-z]+)*"', text), path


def test_each_wish_has_its_theme() -> None:
    names = {
        theme_for(light=light, contrast=high) for light in (False, True) for high in (False, True)
    }
    names.add(theme_for(light=True, contrast=True, no_color=True))
    assert names == {theme.name for theme in THEMES}


async def test_the_settings_go_through_the_themes_at_once(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await new_case(pilot)
        await keys(pilot, "ctrl+s", "end")
        seen = []
        for _ in range(4):
            await keys(pilot, "enter")
            seen.append(pilot.app.theme)
        assert seen == ["desk-light", "desk-contrast", "desk-contrast-light", "desk-dark"]
