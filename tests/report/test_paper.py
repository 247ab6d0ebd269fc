"""The PDF: real pages, real drawings, and nothing in it can break them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nmt_intake.errors import IntakeError
from nmt_intake.report import Wanted, to_pdf
from tests.report.payloads import PAYLOADS
from tests.report.small_case import interview_of, report_of, small_bank, worded

typst = pytest.importorskip("typst", reason="the pdf extra is not installed")


def text_of(content: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    file = folder / "report.pdf"
    file.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, timeout=30
    )
    return done.stdout.decode()


def test_a_report_becomes_a_pdf_of_several_pages() -> None:
    content = to_pdf(report_of(interview_of()))

    assert content.startswith(b"%PDF-")
    assert int(re.findall(rb"/Type/Pages/Count (\d+)", content)[0]) > 3
    assert b"/MarkInfo<</Marked true" in content.replace(b" ", b" ")
    assert not re.search(rb"/JavaScript|/JS\b|/URI|/Launch|/OpenAction.*URI", content)


def test_the_pages_hold_the_words_the_figures_and_the_map(tmp_path: Path) -> None:
    text = text_of(to_pdf(report_of(interview_of(words="Zoë Žižka Παπά Анна"))), tmp_path)

    assert "1. Summary on one page" in text
    assert "Zoë Žižka Παπά Анна" in text
    assert "Expected at 7 y 2 m" in text
    assert "Far below" in text
    assert "~~~~" not in text


def test_letters_that_are_not_at_hand_are_shown_as_a_box(tmp_path: Path) -> None:
    text = text_of(to_pdf(report_of(interview_of(words="ab 漢字 \U0001f600"))), tmp_path)

    assert "ab □□ □" in text


WORDS = {
    "hostile": " ".join(words for words in PAYLOADS.values() if len(words) < 1000),
    "one word": "x" * 2_500,
    "many words": "word " * 500,
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_no_words_can_stop_it(words: str) -> None:
    bank = worded(small_bank(), words[:4000])
    report = report_of(interview_of(bank=bank, words=words), Wanted(safety_words=True))

    assert to_pdf(report).startswith(b"%PDF-")


def test_without_the_extra_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(IntakeError, match=r"pip install typst.*REPORT-001"):
        to_pdf(report_of(interview_of()))
