"""What a report looks like, kept as text to be read: page one whole, of the rest its headings.

After a wanted change: `python -m tests.report.test_golden` writes the files anew; read the diff.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nmt_intake.report import Edition, Wanted, compose
from nmt_intake.report.options import LENGTHS, Recipient
from nmt_intake.scoring import score
from nmt_intake.scoring.suggest import ratings_of
from tests.report.small_case import interview_of
from tests.scoring.shipped import norms

FOLDER = Path(__file__).parent / "golden"
READERS: tuple[Recipient, ...] = ("clinician", "family", "school")


def digest(reader: Recipient, language: str) -> str:
    """Page one of a report, and the headings of all its lengths."""
    interview = interview_of(words="aunt")
    ratings, unconfirmed = ratings_of(interview, norms())
    metrics = score(ratings, norms()) if ratings else None
    wanted = Wanted(reader=reader, third_parties=reader == "clinician")
    lengths = LENGTHS if reader == "clinician" else LENGTHS[:2]
    made = {
        length: compose(interview, ratings, metrics, norms(), unconfirmed, wanted,
                        edition=Edition(length, language)).markdown
        for length in lengths
    }  # fmt: skip
    page = made["report"].partition("\n## 2. ")[0]
    heads = [
        f"--- {length}\n" + "\n".join(re.findall(r"^##? .+", text, re.MULTILINE))
        for length, text in made.items()
    ]
    return "\n".join([page, "", *heads, ""])


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("reader", READERS)
def test_a_report_looks_as_it_was_last_read(reader: Recipient, language: str) -> None:
    kept = (FOLDER / f"{reader}-{language}.md").read_text(encoding="utf-8")

    assert digest(reader, language) == kept


if __name__ == "__main__":
    for reader in READERS:
        for language in ("en", "es"):
            file = FOLDER / f"{reader}-{language}.md"
            file.write_text(digest(reader, language), encoding="utf-8")
