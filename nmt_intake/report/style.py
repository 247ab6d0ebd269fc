"""How the page looks: calm, readable at arm's length, and printable on A4 and Letter."""

from __future__ import annotations

from typing import Final

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
