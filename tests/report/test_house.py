"""An agency's own look: its name, logo, words and order, and nothing of it can break a report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.report import Edition, Report, compose, to_html, to_pdf
from nmt_intake.report.house import read_house
from nmt_intake.scoring import ratings_from, score
from tests.scoring.shipped import norms

WHOLE = """
name: <b>Riverside</b> & Sons
foot: "For the addressee alone #emph[x]"
logo: logo.svg
paper: us-letter
length: summary
sections: [map, domains, summary]
wording: {title: "Report about {name}", limits_section: "*What* this is not"}
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>x</script></svg>'


def house(folder: Path, text: str, **files: str) -> Path:
    path = folder / "house.yaml"
    path.write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return path


def report(path: Path, length: str = "report") -> Report:
    ratings = ratings_from({"age_months": 96, "functions": {"sleep": 6}})
    edition = Edition("report" if length == "report" else "summary", None, read_house(path))
    return compose(None, ratings, score(ratings, norms()), norms(), edition=edition)


def test_name_foot_logo_words_and_order_are_the_agencys(tmp_path: Path) -> None:
    made = report(house(tmp_path, WHOLE, logo_svg=LOGO))
    titles = re.findall(r"^## \d+\. (.+)", made.markdown, re.MULTILINE)
    page = to_html(made)

    assert made.markdown.startswith("# Report about the client\n")
    assert titles[:3] == ["Summary on one page", "Functional brain map", "Domains and functions"]
    assert titles[3:] == [r"\*What\* this is not"]
    assert "First recommendations" not in made.markdown
    assert "&lt;b&gt;Riverside&lt;/b&gt; &amp; Sons" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<script" not in page


def test_it_is_set_on_the_agencys_paper(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    content = to_pdf(report(house(tmp_path, WHOLE, logo_svg=LOGO)))

    assert re.search(rb"/MediaBox ?\[ ?0 0 612 792", content)


def test_a_template_is_one_file_and_reads_no_other(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    functions = (
        '#let report(title: "", head: "", language: "en", paper: "a4", house: "", foot: "",'
        " logo: none, page-of: none, size: 9pt, body) = {\n"
        ' set document(title: title); set text(lang: "en")\n'
        " {LEAK}\n body }\n#let page-one(body) = body\n#let pictures(..all) = all.pos().join()\n"
        "#let behind(body) = body\n#let trace(number) = number\n"
    )
    own = house(tmp_path, "template: own.typ\n", own_typ=functions.replace("{LEAK}", ""))
    assert to_pdf(report(own)).startswith(b"%PDF-")
    (tmp_path / "secret.txt").write_text("secret")
    for path in (str(tmp_path / "secret.txt"), "/etc/passwd", "../secret.txt"):
        leak = functions.replace("{LEAK}", f'read("{path}")')
        with pytest.raises(IntakeError, match="REPORT-002"):
            to_pdf(report(house(tmp_path, "template: own.typ\n", own_typ=leak)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nam: x\n", "nam is not known"),
        ("- a\n", "no list of `name: value`"),
        ("sections: [maps]\n", "maps is no section"),
        ("sections: map\n", "sections is no list"),
        ("length: long\n", "length may be summary, report, record"),
        ("paper: a5\n", "paper may be a4, us-letter"),
        ("logo: ../logo.svg\n", "a name without a folder"),
        ("logo: none.svg\n", "logo cannot be read"),
        ("logo: house.yaml\n", "logo is neither SVG nor PNG"),
        ("wording: {titel: x}\n", "titel is no text of a report"),
        ('wording: {title: "{nobody}"}\n', "title has no {nobody}"),
        ("name: &a x\n", "HOUSE-001"),
    ],
)
def test_a_slip_is_an_error_that_says_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(IntakeError, match=r"HOUSE-001") as caught:
        read_house(house(tmp_path, text))
    assert says in str(caught.value)
    assert "house.yaml:" in str(caught.value)
