"""Cards of activities as text, and as a page for the printer: four to a sheet of A4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from nmt_intake.scoring.planner.card import Card
from nmt_intake.text import clean_line

_LONGEST: Final = 2000
_STYLE: Final = """
@page { size: A4; margin: 8mm }
body { font: 8.5pt/1.25 system-ui, sans-serif; margin: 0; color: #111; background: #fff }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm }
article { border: 1px dashed #777; padding: 4mm; break-inside: avoid; min-height: 128mm }
h1 { font-size: 12pt; margin: 0 0 1mm } h2 { font-size: 8.5pt; margin: 1.5mm 0 0 } p { margin: 0 }
@media screen { main { max-width: 210mm; margin: auto; padding: 1em } }
@media (max-width: 40em) { main { grid-template-columns: 1fr } article { min-height: 0 } }
"""


def cards_text(cards: Iterable[Card]) -> str:
    """Return cards as plain text, one below the other."""
    return "\n".join(line for card in cards for line in _text(card))


def cards_html(cards: Iterable[Card]) -> str:
    """Return cards as one page that stands alone; nothing in it is loaded from elsewhere."""
    body = "".join(_article(card) for card in cards)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Cards</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
        "\n"
    )


def _text(card: Card) -> Iterator[str]:
    yield clean_line(card.title, _LONGEST)
    for heading, texts in card.parts:
        yield f"  {heading}"
        yield from (f"    {clean_line(text, _LONGEST)}" for text in texts)
    yield ""


def _article(card: Card) -> str:
    parts = "".join(
        f"<h2>{escape(heading)}</h2>"
        + "".join(f"<p>{escape(clean_line(text, _LONGEST))}</p>" for text in texts)
        for heading, texts in card.parts
    )
    return f"<article><h1>{escape(clean_line(card.title, _LONGEST))}</h1>{parts}</article>\n"


__all__ = ["cards_html", "cards_text"]
