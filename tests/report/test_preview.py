"""The report on a screen of fixed width: the same words, tables that fit, nothing lost."""

from __future__ import annotations

import re

import pytest

from nmt_intake.report.preview import preview
from tests.report.payloads import PAYLOADS
from tests.report.small_case import interview_of, report_of


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_but_a_drawings_is_wider_than_the_screen(width: int) -> None:
    markdown = report_of(interview_of(words="somebody who was there all the time")).markdown
    drawn = set("\n".join(re.findall(r"~~~~.*\n((?:.*\n)*?)~~~~", markdown)).splitlines())
    lines = preview(markdown, width).splitlines()

    assert [line for line in lines if len(line) > width and line not in drawn] == []


def test_every_word_is_there_and_no_mark_of_the_writer() -> None:
    markdown = report_of(interview_of(words="aunt")).markdown
    text = preview(markdown)

    for mark in ("**", "~~~~", "| ---", "_["):
        assert mark not in text
    told = re.sub(r"^~~~~.*$", "", markdown, flags=re.MULTILINE)
    words = {each.lower() for each in re.findall(r"[A-Za-z]{4,}", told)}
    assert {each for each in words if each not in text.lower()} == set()


@pytest.mark.parametrize("words", PAYLOADS.values(), ids=PAYLOADS)
def test_whatever_was_typed_it_is_only_text(words: str) -> None:
    text = preview(report_of(interview_of(words=words)).markdown)

    assert "\x1b" not in text
    assert "Who told" in text
