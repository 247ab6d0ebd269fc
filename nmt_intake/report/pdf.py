"""The report as a PDF, set from the same Markdown with fpdf2 (the `pdf` extra)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final, TypeAlias

from nmt_intake.errors import IntakeError
from nmt_intake.report.drawing import Box, Drawing, Label, Rule, Shape
from nmt_intake.report.markdown import chapters, parser

if TYPE_CHECKING:
    from fpdf import FPDF
    from markdown_it.token import Token


_FONT: Final = "report"
_BODY: Final = 9.5
_SMALL: Final = 8.2
_LEADING: Final = 1.42
_MARGIN: Final = 16
_INDENT: Final = 4.5
_HEADINGS: Final[Mapping[str, tuple[float, float]]] = {
    "h1": (16, 2),
    "h2": (13, 6),
    "h3": (10.5, 4),
}
_POINTS_A_MM: Final = 72 / 25.4
_ANCHORS: Final = {"start": 0.0, "middle": 0.5, "end": 1.0}
# What the built-in letters cannot show is shown as this.
_HEAD_ROOM: Final = 36
_LONGEST_CELL: Final = 600
_HAIR: Final = "#b4b4b4"
_NO_GLYPH: Final = "□"
_SHORTEST_COLUMN: Final = 7
_WIDEST_COLUMN: Final = 60


def paper(title: str, markdown: str, drawings: Mapping[str, Drawing]) -> bytes:
    """Return a report as A4 pages; raises IntakeError (REPORT-001) without fpdf2."""
    try:
        from fpdf import FPDF
    except ImportError:
        advice = "Install it beside the program: pip install fpdf2. Or take html and print that."
        raise IntakeError("REPORT-001", "", "a PDF needs the extra 'pdf'.", advice) from None

    class Sheets(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(_FONT, size=7.5)
            words = f"{known(title, self)} · page {self.page_no()} of {{nb}}"
            self.cell(0, 5, words, align="C")

    # fpdf2 logs about fonts and glyphs; nothing of a case may get into a log.
    logging.getLogger("fpdf").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    pdf = Sheets(format="A4")
    pdf.set_title(title)
    pdf.set_lang("en")
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    _add_letters(pdf)
    pdf.add_page()
    for number, chapter in enumerate(chapters(parser().parse(markdown))):
        if number == 2 or chapter.is_appendix:
            pdf.add_page()
        size = _SMALL if chapter.is_appendix else _BODY
        _Setter(pdf, drawings, size).set(chapter.tokens)
    return bytes(pdf.output())


def known(words: str, pdf: FPDF) -> str:
    """Return `words` with what the letters at hand cannot show replaced."""
    glyphs = _glyphs(pdf)
    return "".join(
        each if ord(each) in glyphs else " " if each.isspace() else _NO_GLYPH for each in words
    )


def _glyphs(pdf: FPDF) -> Container[int]:
    from fpdf.fonts import TTFFont

    font = pdf.fonts[_FONT]
    return font.cmap if isinstance(font, TTFFont) else range(0x20, 0x100)


def _add_letters(pdf: FPDF) -> None:
    folder = files("nmt_intake.report") / "fonts"
    for style, name in (("", "DejaVuSansCondensed.ttf"), ("B", "DejaVuSansCondensed-Bold.ttf")):
        with as_file(folder / name) as path:
            pdf.add_font(_FONT, style, path)


class _Setter:
    """Sets one chapter: walks its tokens and writes them on the sheets."""

    def __init__(self, pdf: FPDF, drawings: Mapping[str, Drawing], size: float) -> None:
        self._pdf = pdf
        self._drawings = drawings
        self._size = size
        self._depth = 0
        self._measure = _measure(pdf, size)

    def set(self, tokens: Sequence[Token]) -> None:
        """Write these tokens, one block after the other; a drawing stays near its heading."""
        if any(self._pdf.will_page_break(self._height(each) + _HEAD_ROOM) for each in tokens):
            self._pdf.add_page()
        index = 0
        while index < len(tokens):
            token = tokens[index]
            match token.type:
                case "heading_open":
                    self._heading(token.tag, tokens[index + 1])
                    index += 2
                case "paragraph_open":
                    self._paragraph(_runs(tokens[index + 1]), tight=token.hidden)
                    index += 2
                case "bullet_list_open":
                    self._depth += 1
                case "bullet_list_close":
                    self._depth -= 1
                    self._pdf.ln(0 if self._depth else 1.2)
                case "table_open":
                    end = _end_of_table(tokens, index)
                    self._table(tuple(_rows(tokens[index:end])))
                    index = end
                case "fence":
                    self._fence(token)
                case _:
                    pass
            index += 1

    def _heading(self, tag: str, inline: Token) -> None:
        size, before = _HEADINGS.get(tag, _HEADINGS["h3"])
        self._pdf.ln(before if self._pdf.get_y() > _MARGIN + 1 else 0)
        if self._pdf.will_page_break(4 * size / _POINTS_A_MM + 12):
            self._pdf.add_page()
        words = known(text_of(_runs(inline)), self._pdf)
        self._pdf.start_section(words, level={"h1": 0, "h2": 0}.get(tag, 1), strict=False)
        self._pdf.set_font(_FONT, "B", size)
        self._pdf.multi_cell(0, size * 1.3 / _POINTS_A_MM, words, new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(1.4)

    def _paragraph(self, runs: Sequence[Run], tight: bool) -> None:
        pdf, height = self._pdf, self._size * _LEADING / _POINTS_A_MM
        indent = self._depth * _INDENT
        width = pdf.w - 2 * _MARGIN - indent
        shown = [Run(known(run.words, pdf), run.bold) for run in runs]
        for number, line in enumerate(broken(shown, width, self._measure)):
            if pdf.will_page_break(height):
                pdf.add_page()
            base = pdf.get_y() + 0.74 * height
            if self._depth and not number:
                pdf.set_font(_FONT, size=self._size)
                pdf.text(_MARGIN + indent - _INDENT * 0.7, base, "•" if self._depth == 1 else "–")
            x = _MARGIN + indent
            for run in line:
                pdf.set_font(_FONT, "B" if run.bold else "", self._size)
                pdf.text(x, base, run.words)
                x += self._measure(run.words, run.bold)
            pdf.ln(height)
        pdf.ln(0.2 if tight else 1.4)

    def _table(self, rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        from fpdf.fonts import FontFace

        if max(len(text_of(cell)) for row in rows for cell in row) > _LONGEST_CELL:
            self._as_list(rows)
            return
        pdf = self._pdf
        size = min(self._size, _SMALL)
        pdf.set_font(_FONT, size=size)
        pdf.set_draw_color(_HAIR)
        with pdf.table(
            borders_layout="HORIZONTAL_LINES",
            col_widths=_widths(rows),
            line_height=size * 1.3 / _POINTS_A_MM,
            padding=(0.7, 1.1),
            text_align="LEFT",
            headings_style=FontFace(emphasis="BOLD"),
        ) as table:
            for row in rows:
                line = table.row()
                for runs in row:
                    bold = bool(runs) and all(run.bold for run in runs if run.words.strip())
                    words = known(text_of(runs), pdf)
                    line.cell(words, style=FontFace(emphasis="BOLD") if bold else None)
        _plain(pdf)
        pdf.ln(2)

    def _as_list(self, rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        """Set a table whose rows need not fit on one sheet as a list of its cells."""
        self._depth += 1
        for row in rows[1:]:
            for name, cell in zip(rows[0], row, strict=True):
                self._paragraph((Run(f"{text_of(name)}: ", True), *cell), tight=True)
        self._depth -= 1

    def _height(self, token: Token) -> float:
        drawing = self._drawings.get(_drawn_as(token))
        return drawing.height * self._scale(drawing) if drawing else 0

    def _scale(self, drawing: Drawing) -> float:
        return (self._pdf.w - 2 * _MARGIN) / drawing.width

    def _fence(self, token: Token) -> None:
        drawing = self._drawings.get(_drawn_as(token))
        if drawing is None:
            return
        pdf = self._pdf
        scale = self._scale(drawing)
        if pdf.will_page_break(drawing.height * scale + 4):
            pdf.add_page()
        top = pdf.get_y() + 1
        for shape in drawing.shapes:
            _draw(pdf, shape, scale, top)
        _plain(pdf)
        pdf.set_y(top + drawing.height * scale + 3)


def _drawn_as(token: Token) -> str:
    return token.info.partition(" ")[2].strip() if token.type == "fence" else ""


def _measure(pdf: FPDF, size: float) -> Measure:
    """Return what tells how wide words are in millimetres, letter by letter remembered."""

    @cache
    def width(letter: str, bold: bool) -> float:
        pdf.set_font(_FONT, "B" if bold else "", size)
        return pdf.get_string_width(letter)

    return lambda words, bold: sum(width(letter, bold) for letter in words)


def _plain(pdf: FPDF) -> None:
    """Put the pen back as it was: a colour left over would fill the next table."""
    pdf.set_draw_color(0)
    pdf.set_fill_color(255)
    pdf.set_text_color(0)
    pdf.set_line_width(0.2)


def _draw(pdf: FPDF, shape: Shape, scale: float, top: float) -> None:
    match shape:
        case Box():
            pdf.set_fill_color(shape.fill)
            _line(pdf, shape.weight, "#1c1c1c", shape.dashed, scale)
            at = (_MARGIN + shape.x * scale, top + shape.y * scale)
            style = "DF" if shape.weight else "F"
            pdf.rect(*at, shape.width * scale, shape.height * scale, style)
        case Rule():
            _line(pdf, shape.weight, shape.colour, shape.dashed, scale)
            start = (_MARGIN + shape.x * scale, top + shape.y * scale)
            pdf.line(*start, _MARGIN + shape.to_x * scale, top + shape.to_y * scale)
        case Label():
            pdf.set_font(_FONT, "B" if shape.bold else "", shape.size * scale * _POINTS_A_MM)
            pdf.set_text_color(shape.colour)
            words = known(shape.words, pdf)
            shift = _ANCHORS[shape.anchor] * pdf.get_string_width(words)
            pdf.text(_MARGIN + shape.x * scale - shift, top + shape.y * scale, words)
    pdf.set_dash_pattern()


def _line(pdf: FPDF, weight: float, colour: str, dashed: bool, scale: float) -> None:
    pdf.set_draw_color(colour)
    pdf.set_line_width(weight * scale)
    if dashed:
        pdf.set_dash_pattern(0.8, 0.8)


def _runs(inline: Token) -> tuple[Run, ...]:
    """Return the words of an inline token; soft breaks are spaces."""
    found: list[Run] = []
    bold = 0
    for child in inline.children or ():
        match child.type:
            case "strong_open":
                bold += 1
            case "strong_close":
                bold -= 1
            case "softbreak" | "hardbreak":
                found.append(Run(" ", bool(bold)))
            case _:
                found.append(Run(child.content, bool(bold)))
    return tuple(found)


def _end_of_table(tokens: Sequence[Token], start: int) -> int:
    return next(index for index in range(start, len(tokens)) if tokens[index].type == "table_close")


def _rows(tokens: Sequence[Token]) -> Iterator[Sequence[Sequence[Run]]]:
    row: list[Sequence[Run]] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                row = []
            case "inline":
                row.append(_runs(token))
            case "tr_close":
                yield tuple(row)
            case _:
                pass


def _widths(rows: Sequence[Sequence[Sequence[Run]]]) -> tuple[int, ...]:
    """Return the columns' shares of the width: as their longest cell, within limits."""
    lengths = [[len(text_of(cell)) for cell in row] for row in rows]
    lengths[0] = [length * 4 // 3 for length in lengths[0]]  # headings are bold
    longest = (max(column) for column in zip(*lengths, strict=True))
    return tuple(min(_WIDEST_COLUMN, max(_SHORTEST_COLUMN, length) + 3) for length in longest)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style."""

    words: str
    bold: bool


Line: TypeAlias = tuple[Run, ...]
Measure: TypeAlias = Callable[[str, bool], float]


def text_of(runs: Sequence[Run]) -> str:
    """Return the words of runs without their style."""
    return "".join(run.words for run in runs)


def broken(runs: Sequence[Run], width: float, measure: Measure) -> Iterator[Line]:
    """Yield lines not wider than `width`; a longer word is broken where it has to be."""
    line: list[Run] = []
    used = 0.0
    for piece in _pieces(runs):
        blank, word = piece.words.startswith(" "), piece
        length = measure(word.words, word.bold)
        if used + length > width and line and not blank:
            yield _trimmed(line)
            line, used = [], 0.0
        while length > width and not blank:
            fitting, rest = _split(word, width, measure)
            yield (fitting,)
            word, length = rest, measure(rest.words, rest.bold)
        if line or not blank:
            line.append(word)
            used += length
    if line:
        yield _trimmed(line)


def _pieces(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield words and the spaces between them; a no-break space is part of its word."""
    for run in runs:
        start = 0
        for end in range(1, len(run.words) + 1):
            ends = end == len(run.words)
            if ends or (run.words[end] == " ") != (run.words[start] == " "):
                yield Run(run.words[start:end], run.bold)
                start = end


def _split(word: Run, width: float, measure: Measure) -> tuple[Run, Run]:
    used, at = 0.0, 0
    for letter in word.words:
        used += measure(letter, word.bold)
        if used > width and at:
            break
        at += 1
    return Run(word.words[:at], word.bold), Run(word.words[at:], word.bold)


def _trimmed(line: Sequence[Run]) -> Line:
    """Return a line with neighbours of one style joined, and no blanks at its end."""
    joined: list[Run] = []
    last = max(index for index, run in enumerate(line) if not run.words.startswith(" "))
    for run in line[: last + 1]:
        if joined and joined[-1].bold == run.bold:
            joined[-1] = Run(joined[-1].words + run.words, run.bold)
        else:
            joined.append(run)
    return tuple(joined)
