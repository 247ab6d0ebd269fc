"""The desk's colours: four themes and one without colour. Every screen uses these tokens only.

Four voices: what is said aloud (bold), what can be answered (foreground, its key in the accent),
what helps (`$aside`), where we are (`$edge`). Each pair that is read has a contrast of 4.5 : 1 at
least (WCAG 2.2, 1.4.3), which a test holds; each colour has a sign beside it.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme


def _theme(
    name: str,
    background: str,
    panel: str,
    foreground: str,
    aside: str,
    accent: str,
    look: str,
    maps: tuple[str, str, str],
    *,
    dark: bool = True,
) -> Theme:
    green, yellow, red = maps
    return Theme(
        name,
        primary=accent,
        secondary=aside,
        accent=accent,
        warning=look,
        error=look,
        success=accent,
        foreground=foreground,
        background=background,
        surface=background,
        panel=panel,
        dark=dark,
        variables={
            "aside": aside,
            "edge": aside,
            "text-muted": aside,
            "look": look,
            "map-green": green,
            "map-yellow": yellow,
            "map-red": red,
        },
    )


THEMES: Final = (
    _theme(
        "desk-dark", "#1c1e21", "#2a2e33", "#d9d9d4", "#a3a6a6", "#9cc0de", "#d9bd84",
        ("#2f4d38", "#574a22", "#603a30"),
    ),
    _theme(
        "desk-light", "#f6f5f1", "#e6e4dd", "#222427", "#55595d", "#1f5a85", "#7a4a00",
        ("#c6e3cb", "#f0e0a8", "#f2cfc3"), dark=False,
    ),
    _theme(
        "desk-contrast", "#000000", "#1a1a1a", "#ffffff", "#e0e0e0", "#8fd3ff", "#ffd75f",
        ("#00471b", "#4d3d00", "#6b1200"),
    ),
    _theme(
        "desk-contrast-light", "#ffffff", "#ececec", "#000000", "#2b2b2b", "#003e73", "#5c3300",
        ("#bff0c8", "#fff0a6", "#ffd0c2"), dark=False,
    ),
    _theme(
        "desk-plain", "#000000", "#262626", "#e4e4e4", "#b2b2b2", "#ffffff", "#ffffff",
        ("#262626", "#3a3a3a", "#4e4e4e"),
    ),
)  # fmt: skip

# What is read on what: foreground token, background token.
READ: Final = (
    *((front, back) for front in ("foreground", "aside", "accent", "look")
      for back in ("background", "panel")),
    *(("foreground", f"map-{colour}") for colour in ("green", "yellow", "red")),
)  # fmt: skip


def theme_for(*, light: bool, contrast: bool, no_color: bool = False) -> str:
    """Return the name of the theme for these settings; `no_color` is the terminal's wish."""
    if no_color:
        return "desk-plain"
    name = "desk-contrast" if contrast else "desk-light" if light else "desk-dark"
    return f"{name}-light" if contrast and light else name
