"""The report as one self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nmt_intake.report.drawing import svg
from nmt_intake.report.markdown import Chapter, chapters, in_drawing, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nmt_intake.report.drawing import Drawing

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# A longer run without a space would push a table over the edge of the sheet.
_LONG_WORD: Final = re.compile(r"\S{33,}")
_PIECE: Final = 32


def page(title: str, markdown: str, drawings: Mapping[str, Drawing]) -> str:
    """Return the whole page of a report; the text drawings of its Markdown are drawn."""
    known = parser()

    def drawn(
        self: object, tokens: Sequence[Token], index: int, options: object, environment: object
    ) -> str:
        return _fence(drawings, tokens[index])

    known.add_render_rule("fence", drawn)
    known.add_render_rule("table_open", _table_open)
    known.add_render_rule("table_close", _table_close)
    read = tuple(chapters(known.parse(markdown)))
    for token in (token for chapter in read for token in chapter.tokens):
        for child in token.children or ():
            child.content = _LONG_WORD.sub(_breakable, child.content)
    body = "".join(
        f"<section{_kind(chapter)}>\n{known.renderer.render(chapter.tokens, known.options, {})}"
        "</section>\n"
        for chapter in read
    )
    # A line may break after a dash, even before a space that never breaks; not within a figure.
    body = body.replace("–\N{NO-BREAK SPACE}", "–\N{WORD JOINER}\N{NO-BREAK SPACE}")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{in_drawing(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _fence(drawings: Mapping[str, Drawing], token: Token) -> str:
    name = token.info.partition(" ")[2].strip()
    if name in drawings:
        return f'<figure class="{in_drawing(name)}">\n{svg(drawings[name])}\n</figure>\n'
    return f"<pre>{in_drawing(token.content)}</pre>\n"


def _breakable(found: re.Match[str]) -> str:
    pieces = (found[0][at : at + _PIECE] for at in range(0, len(found[0]), _PIECE))
    return "\N{ZERO WIDTH SPACE}".join(pieces)


def _kind(chapter: Chapter) -> str:
    return ' class="appendix"' if chapter.is_appendix else ""


def _table_open(*_arguments: Any) -> str:
    return '<div class="table"><table>\n'


def _table_close(*_arguments: Any) -> str:
    return "</table></div>\n"


STYLE: Final = """\
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1c1c1c;
  font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .6rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .2rem;
  border-bottom: 2px solid #c9d6e6; }
h3 { font-size: 1.03rem; margin: 1.5rem 0 .4rem; }
p { margin: .5rem 0; }
ul { margin: .4rem 0 .8rem; padding-left: 1.3rem; }
li { margin: .18rem 0; }
ul ul { margin: .1rem 0 .4rem; }
.table { overflow-x: auto; margin: .7rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; line-height: 1.35;
  font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .28rem .5rem;
  overflow-wrap: break-word;
  border-bottom: 1px solid #dcdcdc; }
th { border-bottom: 2px solid #8a8a8a; overflow-wrap: normal; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: auto; }
pre { overflow-x: auto; font-size: .8rem; line-height: 1.3; }
p, li { overflow-wrap: anywhere; }
@page { margin: 16mm 15mm; }
@media print {
  body { font-size: 10pt; line-height: 1.38; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 13pt; margin-top: 7mm; break-after: avoid; }
  h3 { font-size: 11pt; break-after: avoid; }
  section:nth-of-type(3), section.appendix { break-before: page; }
  section:nth-of-type(3) > h2, section.appendix > h2 { margin-top: 0; }
  section:has(figure.brain-map) { break-before: page; }
  section:has(figure.brain-map) > h2 { margin-top: 0; }
  section.appendix { font-size: 8.6pt; }
  section.appendix > ul { columns: 2; column-gap: 7mm; }
  figure.brain-map { width: 86%; margin-left: auto; margin-right: auto; }
  figure, tr { break-inside: avoid; }
  li { break-inside: avoid-page; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
  table { font-size: 8.6pt; }
}
"""
