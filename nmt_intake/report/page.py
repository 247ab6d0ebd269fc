"""The report as one self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from nmt_intake.report.drawing import svg
from nmt_intake.report.escaping import in_drawing
from nmt_intake.report.parsing import Chapter, chapters, parser
from nmt_intake.report.style import STYLE

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nmt_intake.report import Report

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# A longer run without a space would push a table over the edge of the sheet.
_LONG_WORD: Final = re.compile(r"\S{33,}")
_PIECE: Final = 32


def page(report: Report) -> str:
    """Return the whole page; the text drawings of the Markdown are drawn."""
    known = parser()

    def drawn(
        self: object, tokens: Sequence[Token], index: int, options: object, environment: object
    ) -> str:
        return _fence(report, tokens[index])

    known.add_render_rule("fence", drawn)
    known.add_render_rule("table_open", _table_open)
    known.add_render_rule("table_close", _table_close)
    read = tuple(chapters(known.parse(report.markdown)))
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
        f"<title>{in_drawing(report.title)}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _fence(report: Report, token: Token) -> str:
    name = token.info.partition(" ")[2].strip()
    if name in report.drawings:
        return f'<figure class="{in_drawing(name)}">\n{svg(report.drawings[name])}\n</figure>\n'
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
