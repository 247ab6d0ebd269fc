"""The report of a whole rehearsed interview with the shipped bank."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from nmt_intake.bank.documents import documents
from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Activity, Bank
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.report import Report, compose
from nmt_intake.scoring import norms_from, score
from nmt_intake.scoring.suggest import ratings_of
from tests.banks import shipped
from tests.report.payloads import PAYLOADS
from tests.report.small_case import section
from tests.report.test_structure import structure


@cache
def played() -> Interview:
    bank = shipped()
    path = next(iter(sorted((shipped_bank() / "personas").glob("*.yaml"))))
    return play_persona(path, bank, "tester", date(2026, 11, 22)).interview


def report_of(interview: Interview) -> Report:
    bank = interview.bank
    norms = norms_from(documents(bank.folder, "scoring"), bank.version)
    ratings, unconfirmed = ratings_of(interview, norms)
    assert ratings is not None
    return compose(interview, ratings, score(ratings, norms), norms, unconfirmed)


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(played())


def test_the_plan_comes_in_sequence_with_a_reason_for_each_choice(report: Report) -> None:
    text = section(report.markdown, "First recommendations")
    titles = re.findall(r"^- \*\*(.+?)\*\*", text, re.MULTILINE)

    assert "first regulate, then relate, then reason" in " ".join(text.split())
    assert "### " in text
    assert "Now" in text
    assert titles
    assert text.count("  - Why: ") >= 3


def test_lines_that_can_be_filled_fit_the_page(report: Report) -> None:
    lines = report.markdown.splitlines()
    wide = [line for line in lines if len(line) > 100 and not line.startswith("|")]

    assert wide == []


def test_ordinary_words_need_no_escapes(report: Report) -> None:
    assert set(re.findall(r"\\.", report.markdown)) <= {"\\*"}


def test_the_json_form_is_the_metrics_file(report: Report) -> None:
    figures = json.loads(report.rendered("json"))

    assert set(figures) - {"safety"} == {"versions", "periods", "functions", "relationships"}


def test_every_form_comes_from_the_same_report(report: Report) -> None:
    assert report.rendered("md") == report.markdown
    assert str(report.rendered("html")).startswith("<!DOCTYPE html>")


def test_words_of_the_activity_library_make_no_structure(report: Report) -> None:
    expected = list(structure(report_of(_with_activities("harmless words")).markdown, "lax"))

    for words in ("# x\n- y", PAYLOADS["script"], PAYLOADS["cells"], PAYLOADS["emphasis"]):
        text = report_of(_with_activities(words)).markdown
        assert list(structure(text, "lax")) == expected


def _with_activities(words: str) -> Interview:
    bank = played().bank
    activities = tuple(_worded(activity, words) for activity in bank.activities)
    events = [each for told in played().ledger.by_subject.values() for each in told]
    return fold(_bank(bank, activities), events)


def _bank(bank: Bank, activities: tuple[Activity, ...]) -> Bank:
    return replace(bank, activities=activities)


def _worded(activity: Activity, words: str) -> Activity:
    return replace(
        activity,
        title=words,
        how_often=words,
        how_long=words,
        looks_like=words,
        cautions=(words,) if activity.cautions else (),
    )


def test_importing_the_report_loads_no_renderer() -> None:
    code = (
        "import sys, nmt_intake.report;"
        "print([n for n in ('markdown_it', 'typst', 'pydantic', 'textual') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def test_no_two_lists_run_into_one(report: Report) -> None:
    assert not re.search(r"^ *- .*\n(?: +\S.*\n)*\n- ", report.markdown, re.MULTILINE)
