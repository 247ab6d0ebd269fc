"""The report as one self-contained HTML page: contents, anchors, pictures; no script or request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from nmt_intake.report.drawing import svg
from nmt_intake.report.markdown import Chapter, chapters, in_drawing, number_of, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

    from nmt_intake.report import Report
    from nmt_intake.report.drawing import Drawing
    from nmt_intake.report.options import House

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

# A longer run without a space would push a table over the edge of the sheet.
_LONG_WORD: Final = re.compile(r"\S{25,}")
_PIECE: Final = 24
_LONGEST_HEAD: Final = 60
_TRACE: Final = re.compile(r"\[(§?)(\d*)\]")


def page(report: Report) -> str:
    """Return the whole page of a report; the text drawings of its Markdown are drawn."""
    known = parser()
    drawings = report.drawings

    def drawn(
        self: object, tokens: Sequence[Token], index: int, options: object, environment: object
    ) -> str:
        return _fence(drawings, tokens[index])

    known.add_render_rule("fence", drawn)
    known.add_render_rule("table_open", _table_open)
    known.add_render_rule("table_close", _table_close)
    read = tuple(chapters(known.parse(report.markdown)))
    _anchor(token for chapter in read for token in chapter.tokens)
    body = "".join(
        f"<section{_kind(chapter, first=at == 1 and report.kind == 'clinical')}>\n"
        f"{known.renderer.render(chapter.tokens, known.options, {})}</section>\n"
        for at, chapter in enumerate(read)
    )
    # A line may break after a dash, even before a space that never breaks; not within a figure.
    body = body.replace("–\N{NO-BREAK SPACE}", "–\N{WORD JOINER}\N{NO-BREAK SPACE}")
    title, contents = in_drawing(report.title), in_drawing(report.texts.get("contents", ""))
    return (
        f'<!DOCTYPE html>\n<html lang="{in_drawing(report.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}{_running(report)}</style>\n</head>\n"
        f"<body>\n{_house(report.house)}<main>\n{_with_contents(body, read, contents)}</main>\n"
        f"{_foot(report.house)}</body>\n</html>\n"
    )


def _anchor(tokens: Iterator[Token]) -> None:
    """Give headings and cited answers an id, make links of the signs that lead to them."""
    held = list(tokens)
    defined: set[str] = set()
    for at, token in enumerate(held):
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            token.attrSet("id", f"s{number_of(held[at + 1].content)}".replace(".", "-"))
        if token.type == "inline" and held[at - 2].type == "list_item_open":
            found = _sign(token.children or (), 0)
            if found and found[0] == "":
                defined.add(found[1])
    for at, token in enumerate(held):
        if token.type != "inline" or token.children is None:
            continue
        starts_item = held[at - 2].type == "list_item_open"
        token.children = list(_linked(token.children, defined, starts_item))


def _linked(children: Sequence[Token], defined: set[str], starts_item: bool) -> Iterator[Token]:
    at = 0
    while at < len(children):
        child = children[at]
        found = _sign(children, at)
        if found is None:
            child.content = _LONG_WORD.sub(_breakable, child.content)
            yield child
            at += 1
            continue
        kind, number = found
        child.type, child.tag, child.nesting = "html_inline", "", 0
        if kind:
            child.content = f'<a href="#s{number}">{number}</a>' if number else ""
        elif starts_item and at == 0:
            child.content = f'<b class="n" id="n{number}">{number}</b>'
        elif number in defined:
            child.content = f'<a class="n" href="#n{number}">[{number}]</a>'
        else:
            child.content = f'<span class="n">[{number}]</span>'
        yield child
        at += 3


def _sign(children: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Return what a sign leads to: nothing else of a report, and nobody's words, is emphasis."""
    if children[at : at + 1] and children[at].type == "em_open":
        found = _TRACE.fullmatch(children[at + 1].content)
        if found:
            return found[1], found[2]
    return None


def _with_contents(body: str, read: Sequence[Chapter], title: str) -> str:
    """Return the body with its contents after the first page, where there is more than one."""
    if len(read) < 6:
        return body
    items = "".join(
        f'<li><a href="#s{number_of(chapter.title)}">{in_drawing(chapter.title)}</a></li>'
        for chapter in read[1:]
    )
    first, mark, rest = body.partition("</section>\n<section")
    if first.count("<section") < 2 and mark:
        more, again, rest = rest.partition("</section>\n<section")
        first, mark = first + mark + more, again
    nav = f'<nav aria-label="{title}"><p>{title}</p><ul>{items}</ul></nav>\n'
    return f"{first}</section>\n{nav}<section{rest}" if mark else body


def _house(house: House) -> str:
    if not house.name and not house.logo:
        return ""
    logo = f'<img alt="" src="{_as_data(house.logo)}">' if house.logo else ""
    return f"<header>{logo}<p>{in_drawing(house.name)}</p></header>\n"


def _foot(house: House) -> str:
    return f"<footer><p>{in_drawing(house.foot)}</p></footer>\n" if house.foot else ""


def _as_data(logo: bytes) -> str:
    kind = "png" if logo.startswith(b"\x89PNG") else "svg+xml"
    return f"data:image/{kind};base64,{b64encode(logo).decode()}"


def _running(report: Report) -> str:
    """Return the running head and foot of paper; nothing that was typed can end the string."""
    said = re.sub(
        r"[^\w .·,-]", lambda found: f"\\{ord(found[0]):06x}", report.head[:_LONGEST_HEAD]
    )
    return (
        f'@page {{ @top-left {{ content: "{said}"; }} @bottom-right {{ content: counter(page) '
        '" / " counter(pages); } }\n@page :first { @top-left { content: ""; } }\n'
    )


def _fence(drawings: Mapping[str, Drawing], token: Token) -> str:
    name = token.info.partition(" ")[2].strip()
    if name in drawings:
        figure = f'<figure class="{in_drawing(name)}">\n{svg(drawings[name])}\n</figure>\n'
        # The pictures of the first page stand in two columns.
        before = '<div class="pictures"><div>\n' if name == "map-small" else ""
        after = {"risk-line": "</div><div>\n", "people-web": "</div></div>\n"}.get(name, "")
        return before + figure + after
    return f'<pre tabindex="0">{in_drawing(token.content)}</pre>\n'


def _breakable(found: re.Match[str]) -> str:
    pieces = (found[0][at : at + _PIECE] for at in range(0, len(found[0]), _PIECE))
    return "\N{ZERO WIDTH SPACE}".join(pieces)


def _kind(chapter: Chapter, *, first: bool) -> str:
    return ' class="appendix"' if chapter.is_appendix else ' class="first"' if first else ""


def _table_open(*_arguments: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _table_close(*_arguments: Any) -> str:
    return "</table></div>\n"


STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1c1c1c; --soft: #4a4f55; --paper: #fff; --line: #d5dae0;
  --accent: #1f4e79; --wash: #f4f7fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e3; --soft: #b4bac2; --paper: #16191d;
  --line: #3a414a; --accent: #9cc4ea; --wash: #1e2329; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main, header, footer { max-width: 52rem; margin: 0 auto; padding: 0 1.5rem; }
main { padding-top: 2rem; padding-bottom: 3rem; overflow-wrap: anywhere; }
header { display: flex; gap: .8rem; align-items: center; padding-top: 1.2rem; color: var(--soft); }
header img { height: 2.2rem; } header p, footer p { margin: 0; font-size: .85rem; }
footer { border-top: 1px solid var(--line); padding-top: .6rem; padding-bottom: 2rem;
  color: var(--soft); }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 .4rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.8rem 0 .7rem; color: var(--accent);
  padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.7rem 0 .4rem; }
p { margin: .55rem 0; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
.n { font-size: .8em; font-weight: 400; color: var(--accent); text-decoration: none;
  overflow-wrap: normal; white-space: nowrap; }
b.n { font-weight: 700; margin-right: .2em; } :target { background: var(--wash); }
a.n:hover, a.n:focus { text-decoration: underline; }
ul { margin: .4rem 0 .9rem; padding-left: 1.15rem; }
li { margin: .22rem 0; } li::marker { color: var(--soft); }
ul ul { margin: .1rem 0 .4rem; }
nav { margin: 2rem 0; padding: .9rem 1.2rem; background: var(--wash); border-radius: 6px;
  font-size: .9rem; }
nav p { margin: 0 0 .3rem; font-weight: 600; }
nav ul { columns: 2; column-gap: 2rem; margin: 0; padding: 0; list-style: none; }
nav li { break-inside: avoid; } nav a { text-decoration: none; }
.table { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .55rem .3rem 0;
  overflow-wrap: break-word; border-bottom: 1px solid var(--line); }
th { border-bottom: 1.5px solid var(--soft); overflow-wrap: normal; font-size: .8rem;
  color: var(--soft); }
figure { margin: 1.1rem 0; padding: .6rem; background: #fff; border-radius: 6px; }
figure svg { display: block; width: 100%; height: auto; }
figure.brain-map svg { max-width: 40rem; margin: 0 auto; }
.pictures { display: grid; grid-template-columns: 1.32fr 1fr; gap: 1.2rem; background: #fff;
  border-radius: 6px; margin: .8rem 0; }
.pictures figure { margin: 0; padding: .3rem; }
section.first > h2 { margin-top: .6rem; }
pre { overflow-x: auto; font-size: .78rem; line-height: 1.3; overflow-wrap: normal; }
@media (max-width: 44rem) {
  main, header, footer { padding-left: 1rem; padding-right: 1rem; }
  nav ul { columns: 1; }
  .pictures { grid-template-columns: 1fr; gap: .3rem; }
  h1 { font-size: 1.5rem; }
}
@page { size: A4; margin: 17mm 16mm 16mm; font: 8pt system-ui, Helvetica, Arial, sans-serif; }
@media print {
  :root { --ink: #1c1c1c; --soft: #4a4f55; --paper: #fff; --line: #d5dae0; --accent: #1f4e79; }
  body { font-size: 9.4pt; line-height: 1.4; }
  main, header, footer { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 12.5pt; margin-top: 7mm; }
  h3 { font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  nav { display: none; }
  section.first { font-size: 8.4pt; line-height: 1.3; break-after: page; }
  section.first h2 { margin: 0 0 1mm; font-size: 10.5pt; }
  section.first p { margin: 1mm 0; } section.first ul { margin: 1mm 0; }
  section.first li { margin: .5mm 0; } .pictures { margin: 1mm 0; gap: 4mm; }
  section.appendix { font-size: 7.8pt; break-before: page; }
  section.appendix > ul { columns: 2; column-gap: 7mm; }
  figure { padding: 0; } figure, tr { break-inside: avoid; }
  .table:has(tbody tr:nth-child(-n+12):last-child) { break-inside: avoid; }
  li { break-inside: avoid-page; } p { orphans: 3; widows: 3; }
  thead { display: table-header-group; }
  .table { overflow: visible; }
  table { font-size: 8.2pt; }
  a { color: inherit; text-decoration: none; }
}
"""
