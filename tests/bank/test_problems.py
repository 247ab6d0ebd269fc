"""Each problem a bank can have is told in one exact line with its place.

A case is a text file: `%% name.yaml` begins a file of the bank, `%% says` the lines expected.
Without a bank.yaml of its own a case gets one that names its other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nmt_intake.bank.checking import check_folder
from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.problems import CATALOGUE, BankError

CASES = sorted(Path(__file__).with_name("cases").glob("*.txt"))
# A file that cannot be opened: test_hostile_files.py. Scoring data: the tests of scoring.
# Activities beside their context: test_activities.py. The files beside the questions: planted.yaml.
ELSEWHERE = {"BANK-001", "BANK-031", "BANK-060", "BANK-061", "BANK-062", "BANK-063", "BANK-064"}
ELSEWHERE |= {f"BANK-{number:03}" for number in (40, 41, 42, 43, 45)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_problem_is_told_in_these_lines(case: Path, tmp_path: Path) -> None:
    expected = write_case(case, tmp_path)
    assert [str(finding) for finding in check_folder(tmp_path).findings] == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_case_shows_the_code_it_is_named_for(case: Path, tmp_path: Path) -> None:
    write_case(case, tmp_path)
    assert case.stem[:8] in {finding.code for finding in check_folder(tmp_path).findings}


def test_every_code_of_the_catalogue_has_a_case() -> None:
    assert set(CATALOGUE) - {case.stem[:8] for case in CASES} == ELSEWHERE


def test_no_line_is_longer_than_a_person_reads(tmp_path: Path) -> None:
    for number, case in enumerate(CASES):
        write_case(case, tmp_path / str(number))
        for finding in check_folder(tmp_path / str(number)).findings:
            assert len(str(finding)) < 260
            assert "\n" not in str(finding)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    names = ["BANK-012-options", "BANK-014-names", "BANK-015-kinds"]
    told: set[str] = set()
    for index, name in enumerate(names):
        files = dict(sections(next(case for case in CASES if case.stem == name)))
        block = files["day.yaml"].replace("block: day", f"block: day{index}")
        (tmp_path / f"day{index}.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [day0, day1, day2]\n")
    told = {finding.code for finding in load_sources(tmp_path).problems}
    assert told == {"BANK-012", "BANK-014", "BANK-015"}
    with pytest.raises(BankError) as raised:
        raise BankError(load_sources(tmp_path).problems)
    assert str(raised.value).count("\n") + 1 == len(load_sources(tmp_path).problems)


def write_case(case: Path, folder: Path) -> list[str]:
    """Write the files of a case into `folder` and return the lines expected."""
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(sections(case))
    says = files.pop("says", "").splitlines()
    if "bank.yaml" not in files:
        named = ", ".join(name.removesuffix(".yaml") for name in files)
        files["bank.yaml"] = f"id: x\nversion: 1\nblocks: [{named}]\n"
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("<folder>"):
            path.mkdir()
        elif text.startswith("<latin1>"):
            path.write_bytes(text.removeprefix("<latin1>").encode("latin-1"))
        else:
            path.write_text(text, encoding="utf-8")
    return says


def sections(case: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each section of a case."""
    for section in case.read_text(encoding="utf-8").split("%% ")[1:]:
        name, _, text = section.partition("\n")
        yield name, text
