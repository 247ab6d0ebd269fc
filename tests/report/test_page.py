"""The page: self-contained, without scripts, and nothing is fetched."""

from __future__ import annotations

import re

import pytest

from nmt_intake.report import Report, to_html
from nmt_intake.report.html import POLICY
from tests.report.small_case import interview_of, report_of
from tests.report.test_structure import elements


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(interview_of())


def test_the_policy_allows_nothing_but_its_own_style(report: Report) -> None:
    page = to_html(report)

    assert POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_there_are_no_scripts_links_or_anything_fetched(report: Report) -> None:
    page = to_html(report)
    tags = {found.strip("<>/").split()[0] for found in elements(page).found}

    assert not tags & {"script", "img", "link", "iframe", "object", "form", "base", "use"}
    assert not re.search(r"url\(|@import|\bon\w+=|href=\"(?!#)|src=", page)


def test_every_link_leads_to_a_place_of_the_page_and_every_place_is_one(report: Report) -> None:
    page = to_html(report)
    places = re.findall(r'\bid="([^"]+)"', page)
    links = re.findall(r'href="#([^"]+)"', page)

    assert len(places) == len(set(places))
    assert set(links) <= set(places)
    assert sum(link.startswith("n") for link in links) > 5
    assert page.count("<nav ") == 1


def test_both_drawings_are_drawn_with_a_title_for_those_who_cannot_see_them(report: Report) -> None:
    page = to_html(report)

    assert page.count("<svg ") == page.count("<desc>") == 8
    assert "<title>Functional brain map</title>" in page
    assert "<title>History by period</title>" in page
    assert "~~~~" not in page


def test_the_text_drawings_stay_in_the_markdown(report: Report) -> None:
    assert report.markdown.count("~~~~text ") == 8


def test_appendices_are_marked_so_that_print_can_set_them_small(report: Report) -> None:
    assert to_html(report).count('<section class="appendix">') == 1


def test_a_figure_is_never_broken_over_two_lines(report: Report) -> None:
    assert not re.search(r"\d – [\d?]|\d %", to_html(report).split("<figure")[0])


def test_a_long_word_can_be_broken(report: Report) -> None:
    page = to_html(report_of(interview_of(words="x" * 200)))

    assert "x" * 25 not in re.sub(r"<(svg|title|style).*?</\1>", "", page, flags=re.DOTALL)
