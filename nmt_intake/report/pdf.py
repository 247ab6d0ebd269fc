"""The report as a tagged PDF (PDF/UA-1), set from the same Markdown with Typst (the `pdf` extra).

Everything stays in memory: Typst gets one text, and nothing of a case is written to a file. What
people typed is only ever a string of Typst, never its markup.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final

from nmt_intake.errors import IntakeError
from nmt_intake.report.drawing import PAPER_FONTS, svg
from nmt_intake.report.markdown import chapters, number_of, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nmt_intake.report import Report
    from nmt_intake.report.drawing import Drawing
    from nmt_intake.report.options import House

_FONT_FILE: Final = "DejaVuSansCondensed.ttf"
# What the letters at hand cannot show is shown as this; a missing letter is no valid PDF/UA.
_NO_GLYPH: Final = "□"
_WIDEST_COLUMN: Final = 60
_SHORTEST_COLUMN: Final = 6
_SMALL_TABLE: Final = 14
_LONG_WORD: Final = 24
# What stands on page one already is smaller where it is explained.
_WIDTHS: Final = {"brain-map": "74%", "people": "92%"}
_NARROW: Final = 20
_SIZES: Final = {"clinical": "9.4pt", "plain": "11.5pt", "record": "8.8pt"}


def paper(report: Report) -> bytes:
    """Return a report as pages of paper; raises IntakeError (REPORT-001) without Typst.

    REPORT-002 where an agency's own template cannot be set.
    """
    try:
        import typst
    except ImportError:
        advice = "Install it beside the program: pip install typst. Or take html and print that."
        raise IntakeError("REPORT-001", "", "a PDF needs the extra 'pdf'.", advice) from None

    source = source_of(report).encode()
    with as_file(files("nmt_intake.report") / "fonts") as folder:
        # Nothing of this machine but the letters in the package can be read by a template.
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(
            source, folder, fonts, package_path=folder, package_cache_path=folder
        )
        try:
            made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            if not report.house.template:
                raise
            said = error.message.splitlines()[0][:200]
            what = f"the agency's template cannot be set: {said}."
            raise IntakeError("REPORT-002", "", what, "Mend it, or take it out.") from None
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def source_of(report: Report) -> str:
    """Return the report as Typst: the template, then one call a block."""
    template = report.house.template or (
        (files("nmt_intake.report") / "template.typ").read_text("utf-8")
    )
    read = tuple(chapters(parser().parse(report.markdown)))
    defined = {
        number
        for chapter in read
        for at, token in enumerate(chapter.tokens)
        if (number := _defines(chapter.tokens, at, token))
    }
    headed = {
        number_of(chapter.tokens[at + 1].content)
        for chapter in read
        for at, token in enumerate(chapter.tokens)
        if token.type == "heading_open"
    } - {""}
    setter = _Setter(report.drawings, defined, headed)
    first, _, last = report.texts.get("page_of", "{page} / {pages}").partition("{page}")
    middle, _, end = last.partition("{pages}")
    numbers = f"(a, b) => {_string(first)} + str(a) + {_string(middle)} + str(b) + {_string(end)}"
    parts = [
        template,
        f"#show: report.with(title: {_string(report.title)}, head: {_string(report.head)},"
        f" language: {_string(report.language)}, paper: {_string(report.house.paper)},"
        f" house: {_string(report.house.name)}, foot: {_string(report.house.foot)},"
        f" logo: {_logo(report.house)}, page-of: {numbers},"
        f" size: {_SIZES[report.kind]})",
    ]
    head, *rest = read
    title = "\n".join(setter.blocks(head.tokens))
    if rest and report.kind == "clinical":
        body = "\n".join(setter.blocks(rest[0].tokens, pictures=True))
        parts.append(f"#page-one[\n{title}\n{body}\n]")
        rest = rest[1:]
    else:
        parts.append(title)
    for chapter in rest:
        body = "\n".join(_kept_together(chapter.tokens, list(setter.blocks(chapter.tokens))))
        if chapter.is_appendix:
            head, _, body = body.partition("\n")
            body = f"{head}\n#behind[\n{body}\n]"
        parts.append(body)
    return "\n".join(parts)


def _kept_together(tokens: Sequence[Token], blocks: Sequence[str]) -> Iterator[str]:
    """Yield the blocks of a chapter; a heading, its words and a first picture as one."""
    kinds = [token for token in tokens if token.level == 0 and token.nesting >= 0]
    first = next((at for at, token in enumerate(kinds) if token.type == "fence"), None)
    opening = ("heading_open", "paragraph_open", "inline")
    if first and all(token.type in opening for token in kinds[:first]):
        inner = "\n".join(blocks[: first + 1])
        yield f"#block(breakable: false)[\n{inner}\n]"
        blocks = blocks[first + 1 :]
    yield from blocks


class _Setter:
    """Walks the tokens of chapters and yields Typst."""

    def __init__(
        self, drawings: Mapping[str, Drawing], defined: set[str], headed: set[str]
    ) -> None:
        self._drawings = drawings
        self._defined = defined
        self._headed = headed

    def blocks(self, tokens: Sequence[Token], *, pictures: bool = False) -> Iterator[str]:
        """Yield one piece of Typst markup a block; pictures of the first page in one."""
        held: list[str] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if pictures and _drawing_name(token) in self._drawings:
                held.append(self._image(_drawing_name(token), None))
                at += 1
                continue
            if held:
                yield f"#pictures({', '.join(held)})"
                held = []
            match token.type:
                case "heading_open":
                    yield self._heading(token, tokens[at + 1])
                    at += 2
                case "paragraph_open":
                    yield f"#par({self._inline(tokens[at + 1])})"
                    at += 2
                case "bullet_list_open":
                    end = _closing(tokens, at)
                    yield f"#{self._list(tokens[at + 1 : end])}"
                    at = end
                case "table_open":
                    end = _closing(tokens, at)
                    yield self._table(tokens[at:end])
                    at = end
                case "fence":
                    yield self._fence(token)
                case _:
                    pass
            at += 1

    def _heading(self, token: Token, inline: Token) -> str:
        number = number_of(inline.content).replace(".", "-")
        label = f" <s{number}>" if number else ""
        return f"#heading(level: {token.tag[1]}, {self._inline(inline)}){label}"

    def _list(self, tokens: Sequence[Token]) -> str:
        items: list[str] = []
        at = 0
        while at < len(tokens):
            end = _closing(tokens, at)
            items.append(self._item(tokens[at + 1 : end]))
            at = end + 1
        return f"list({', '.join(items)})" if len(items) > 1 else f"list({items[0]},)"

    def _item(self, tokens: Sequence[Token]) -> str:
        parts: list[str] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "inline":
                number = _leading(token)
                label = f"[#metadata(none) <n{number}>]" if number else ""
                parts += [each for each in (label, self._inline(token, bool(number))) if each]
            elif token.type == "bullet_list_open":
                end = _closing(tokens, at)
                parts.append(self._list(tokens[at + 1 : end]))
                at = end
            at += 1
        return _joined(parts)

    def _inline(self, inline: Token, defines: bool = False) -> str:
        parts: list[str] = []
        bold: list[str] | None = None
        children = inline.children or []
        at = 0
        while at < len(children):
            child = children[at]
            into = parts if bold is None else bold
            match child.type:
                case "strong_open":
                    bold = []
                case "strong_close":
                    if bold:
                        parts.append(f"strong({_joined(bold)})")
                    bold = None
                case "softbreak" | "hardbreak":
                    into.append('" "')
                case "em_open":
                    into.append(self._trace(children[at + 1].content, defines and at == 0))
                    at += 2
                case _:
                    if child.content:
                        into.append(_string(child.content))
            at += 1
        return _joined(parts)

    def _trace(self, sign: str, defines: bool) -> str:
        number = sign.strip("[]")
        if number.startswith("§"):
            number = number[1:]
            shown = _string(number)
            return f"link(<s{number}>, {shown})" if number in self._headed else shown
        if defines:
            return f"strong(trace({_string(number)}))"
        shown = f"trace({_string(sign)})"
        return f"link(<n{number}>, {shown})" if number in self._defined else shown

    def _table(self, tokens: Sequence[Token]) -> str:
        rows = list(_rows(tokens))
        widths = ", ".join(_widths(rows))
        head, *body = ([self._inline(cell) for cell in row] for row in rows)
        cells = ",\n".join(", ".join(row) for row in body)
        right = ", ".join("right" if each else "left" for each in _aligned(tokens))
        made = (
            f"table(columns: ({widths},), align: ({right},),"
            f" table.header({', '.join(f'strong({each})' for each in head)}),\n{cells})"
        )
        whole = len(rows) <= _SMALL_TABLE
        return f"#block(breakable: {str(not whole).lower()}, {made})"

    def _fence(self, token: Token) -> str:
        name = _drawing_name(token)
        if name in self._drawings:
            return f"#{self._image(name, _WIDTHS.get(name, '100%'))}"
        lines = ", ".join(_string(line) for line in token.content.splitlines())
        return f'#raw(({lines},).join("\\n"), block: true)'

    def _image(self, name: str, width: str | None) -> str:
        drawing = self._drawings[name]
        alt = _string(f"{drawing.title}. {drawing.description}")
        svg_text = _string(svg(drawing, PAPER_FONTS), shown=False)
        size = width or "100%"
        shown = f'image(bytes({svg_text}), format: "svg", width: {size}, alt: {alt})'
        return shown if width is None else f"block(breakable: false, {shown})"


def _drawing_name(token: Token) -> str:
    return token.info.partition(" ")[2].strip() if token.type == "fence" else ""


def _defines(tokens: Sequence[Token], at: int, token: Token) -> str:
    if token.type == "inline" and at > 1 and tokens[at - 2].type == "list_item_open":
        return _leading(token)
    return ""


def _leading(inline: Token) -> str:
    """Return the number that a list item begins with, if it is an answer's."""
    children = inline.children or []
    if len(children) > 1 and children[0].type == "em_open":
        number = children[1].content.strip("[]")
        return number if number.isdigit() else ""
    return ""


def _closing(tokens: Sequence[Token], at: int) -> int:
    """Return the place of the token that closes the one at `at`."""
    opened = tokens[at]
    closes = opened.type.replace("_open", "_close")
    return next(
        index
        for index in range(at + 1, len(tokens))
        if tokens[index].type == closes and tokens[index].level == opened.level
    )


def _rows(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    row: list[Token] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                row = []
            case "inline":
                row.append(token)
            case "tr_close":
                yield tuple(row)
            case _:
                pass


def _aligned(tokens: Sequence[Token]) -> Iterator[bool]:
    """Yield for each column whether it is set to the right."""
    for token in tokens:
        if token.type == "th_open":
            yield "right" in str(token.attrGet("style") or "")


def _widths(rows: Sequence[Sequence[Token]]) -> Sequence[str]:
    """Return the columns' widths: short ones as they are, long ones share what is left."""
    columns = zip(*([len(cell.content) for cell in row] for row in rows), strict=True)
    longest = [min(_WIDEST_COLUMN, max(_SHORTEST_COLUMN, *lengths)) for lengths in columns]
    if max(longest) <= _NARROW:
        return [f"{each}fr" for each in longest]
    return ["auto" if each <= _NARROW else f"{each}fr" for each in longest]


def _joined(parts: Sequence[str]) -> str:
    if not parts:
        return '""'
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)}).join()"


def _logo(house: House) -> str:
    if not house.logo:
        return "none"
    data = ", ".join(map(str, house.logo))
    return f"image(bytes(({data},)), height: 10mm, alt: {_string(house.name or 'Logo')})"


def _string(words: str, *, shown: bool = True) -> str:
    """Return words as a string of Typst, only letters that are at hand; long words breakable."""
    text = _breakable(known(words)) if shown else known(words)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def known(words: str) -> str:
    """Return `words` with what the letters at hand cannot show replaced."""
    glyphs = _glyphs()
    return "".join(
        each if ord(each) in glyphs else " " if each.isspace() else _NO_GLYPH for each in words
    )


def _breakable(words: str) -> str:
    return " ".join(
        "\N{ZERO WIDTH SPACE}".join(
            word[at : at + _LONG_WORD] for at in range(0, len(word), _LONG_WORD)
        )
        for word in words.split(" ")
    )


@cache
def _glyphs() -> frozenset[int]:
    """Return the code points of the letters in the package, read off the font's own table."""
    data = (files("nmt_intake.report") / "fonts" / _FONT_FILE).read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    start, _length = tables[b"cmap"]
    count = struct.unpack(">H", data[start + 2 : start + 4])[0]
    found: set[int] = set()
    for at in range(start + 4, start + 4 + 8 * count, 8):
        _platform, _encoding, offset = struct.unpack(">HHI", data[at : at + 8])
        found |= _code_points(data, start + offset)
    return frozenset(each for each in found if each >= 0x20)


def _code_points(data: bytes, at: int) -> set[int]:
    """Return the code points of one table: segments of 16 bits (4), or groups of 32 (12)."""
    kind = struct.unpack(">H", data[at : at + 2])[0]
    found: set[int] = set()
    if kind == 12:
        groups = struct.unpack(">I", data[at + 12 : at + 16])[0]
        for each in range(groups):
            first, last, _glyph = struct.unpack(">III", data[at + 16 + 12 * each :][:12])
            found.update(range(first, last + 1))
    elif kind == 4:
        half = struct.unpack(">H", data[at + 6 : at + 8])[0] // 2
        ends = struct.unpack(f">{half}H", data[at + 14 : at + 14 + 2 * half])
        starts = struct.unpack(f">{half}H", data[at + 16 + 2 * half :][: 2 * half])
        for first, last in zip(starts, ends, strict=True):
            found.update(range(first, last + 1))
    return found - {0xFFFF}


__all__ = ["known", "paper", "source_of"]
