"""Faults that other projects had and told of in public, each tried here."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors.matrix import OLD, sealed_stage, stage
from tests.doors.running import PASSPHRASE, Desk, files_below

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with a ratings file, an answers file, a small bank and a case."""
    import shutil

    shutil.copytree(stage()[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / "out").mkdir()
    return Desk(tmp_path)


@pytest.fixture
def sealed(tmp_path: Path) -> Desk:
    """The same with a vault."""
    import shutil

    shutil.copytree(sealed_stage()[0], tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


def real(
    desk: Desk, words: str, redirect: str = "", flags: str = "", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own under a shell, as somebody types it."""
    line = f'"{sys.executable}" {flags} -m nmt_intake {words} {redirect}'
    env = {**desk.environment(), "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        ["bash", "-c", line], cwd=desk.folder, env=env, capture_output=True, timeout=60, check=False
    )


def one_line(said: bytes) -> bool:
    return len(said.decode().splitlines()) == 1 and b"Traceback" not in said


def test_coreutils_9782_no_space_on_standard_output_is_no_success(desk: Desk) -> None:
    done = real(desk, "score ratings.json", "> /dev/full")
    assert done.returncode == 2
    assert one_line(done.stderr)


def test_csvkit_150_a_reader_that_has_gone_is_no_fault(desk: Desk) -> None:
    for flags in ("", "-u"):
        done = real(desk, "report --ratings ratings.json", "| true; exit ${PIPESTATUS[0]}", flags)
        assert (done.returncode, done.stderr) == (0, b"")
        done = real(desk, "--version", "| true; exit ${PIPESTATUS[0]}", flags)
        assert (done.returncode, done.stderr) == (0, b"")


def test_restic_1969_a_command_that_needs_no_home_needs_none(desk: Desk) -> None:
    environment = {name: value for name, value in desk.environment().items() if "HOME" not in name}
    done = desk.run("score", "ratings.json", env=environment, faults=["nobody"])
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["functions"]["rated"] == 3


def test_borg_2380_a_command_that_needs_a_home_says_so_in_one_line(desk: Desk) -> None:
    environment = {name: value for name, value in desk.environment().items() if "HOME" not in name}
    for words in (("cases", "list"), ("cases", "list", "--practice"), ("cases", "verify")):
        done = desk.run(*words, env=environment, faults=["nobody"])
        assert done.status == 2
        assert len(done.err.splitlines()) == 1
        assert "NMT_INTAKE_HOME" in done.err
        assert not (desk.folder / "~").exists()


def test_borg_382_a_locale_without_letters_stops_nothing(desk: Desk) -> None:
    off = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    usual = real(desk, f"report {stage()[1]} --practice --bank bank")
    done = real(desk, f"report {stage()[1]} --practice --bank bank", **off)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == usual.stdout
    listed = real(desk, "cases list --practice", **off)
    assert (listed.returncode, listed.stderr) == (0, b"")


def test_copier_2375_a_file_system_without_modes_keeps_the_report(desk: Desk) -> None:
    (desk.folder / "out" / "a.md").write_bytes(OLD)
    done = desk.run("report", "--ratings", "ratings.json", "--out", "out/a.md", faults=["no chmod"])
    assert done.status == 0
    assert len(done.err.splitlines()) <= 1
    assert (desk.folder / "out" / "a.md").read_text("utf-8").startswith("# Intake report")


@pytest.mark.parametrize("start", ["\ufeff", ""])
def test_go_ethereum_19905_a_mark_before_a_secret_is_no_part_of_it(
    sealed: Desk, start: str
) -> None:
    secret = sealed.folder / "secret"
    secret.write_text(f"{start}{PASSPHRASE}\r\n", "utf-8")
    os.chmod(secret, 0o600)
    done = sealed.run(
        "cases",
        "list",
        env={**sealed.environment(), "NMT_INTAKE_PASSPHRASE_FILE": str(secret)},
    )
    assert (done.status, done.err) == (0, "")


def test_a_secret_that_all_may_read_is_told_of(sealed: Desk) -> None:
    secret = sealed.folder / "secret"
    secret.write_text(PASSPHRASE)
    os.chmod(secret, 0o644)
    done = sealed.run(
        "cases",
        "list",
        env={**sealed.environment(), "NMT_INTAKE_PASSPHRASE_FILE": str(secret)},
    )
    assert "NMT_INTAKE_PASSPHRASE_FILE" in done.err
    assert len(done.err.splitlines()) == 1


def test_odk_792_a_table_opens_with_its_letters_in_a_spreadsheet(desk: Desk) -> None:
    case = ("cases", "export", stage()[1], "--practice", "--bank", "bank", "--format", "csv")
    for content in (
        desk.run(*case).fine().out,
        (desk.run(*case, "--out", "out/a.csv").fine(), (desk.folder / "out/a.csv").read_bytes())[1],
    ):
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert any("Žižka" in row["words"] for row in rows)


def test_visidata_2442_a_hyphen_is_standard_input_and_output(desk: Desk) -> None:
    ratings = str(desk.folder / "ratings.json")
    usual = desk.run("score", "ratings.json").fine().out
    assert desk.run("score", "-", stdin=ratings).fine().out == usual
    usual = desk.run("report", "--ratings", "ratings.json").fine().out
    assert desk.run("report", "--ratings", "-", stdin=ratings).fine().out == usual
    assert desk.run("report", "--ratings", "ratings.json", "--out", "-").fine().out == usual
    answers = str(desk.folder / "answers.yaml")
    desk.run("play", "-", "--out", "out", "--bank", "bank", stdin=answers).fine()
    assert len(files_below(desk.folder / "out")) == 4
    assert not list(desk.folder.glob("-*"))


def test_conception_17_a_suppressed_value_is_not_in_the_totals(desk: Desk) -> None:
    ratings = {
        "age_months": 86,
        "adversity": {
            "infancy": dict.fromkeys(
                ("caregiving", "substance", "neglect", "violence", "transitions", "other_trauma"), 3
            )
        },
    }
    found = []
    for value in (11, 2, None):
        ratings["adversity"]["infancy"]["substance"] = value
        (desk.folder / "r.json").write_text(json.dumps(ratings))
        for form in ("md", "html", "json"):
            words = ("report", "--ratings", "r.json", "--format", form, "--without-substance")
            found.append((form, desk.run(*words).fine().out))
    for form in ("md", "html", "json"):
        assert len({content for each, content in found if each == form}) == 1
