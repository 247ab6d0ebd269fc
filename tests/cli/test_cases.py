"""Looking after real cases without a screen: every job over a vault with a passphrase."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.interview.events import record_of
from nmt_intake.rehearsal.play import play_file
from nmt_intake.store.home import Home
from nmt_intake.store.paths import Places
from nmt_intake.store.protocols import CaseLabel, CaseSummary
from nmt_intake.store.vault.key_derivation import Cost
from tests.cli.conftest import ANSWERS, Run, small_bank_in
from tests.cli.test_bad_input import refused

PASSPHRASE = "violet kettle orbit ladder"
SAID = "no bottle for her"


Vault = tuple[Path, str]


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """A home whose vault has one interview in it, and the case's id; a passphrase of least cost."""
    folder = tmp_path_factory.mktemp("vault")
    bank, answers = small_bank_in(folder), folder / "answers.yaml"
    answers.write_text(ANSWERS)
    played = play_file(answers, load_bank(bank), "ana", date(2026, 11, 22))
    places = Places(*(folder / "home" / name for name in ("data", "config", "cache")))
    places.make()
    home = Home(places, who="ana", least_room=1, cost=Cost())
    home.set_up(PASSPHRASE)
    with home.cases.create(CaseLabel("M.", "2019-09-14", "ana")) as case:
        case.append(0, [record_of(event) for event in played.events])
    now = datetime.now(UTC).isoformat()
    home.cases.summarise(case.case_id, CaseSummary(CaseLabel("M."), "collecting", last_seen=now))
    home.close()
    return folder / "home", case.case_id


@pytest.fixture
def kept(tmp_path: Path, vault: Vault) -> str:
    """Lay a copy of the vault in this test's home; return the case's id."""
    home, case_id = vault
    shutil.copytree(home, tmp_path / "home")
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "passphrase").chmod(0o600)
    return case_id


@pytest.fixture
def cases(run: Run, tmp_path: Path, small_bank: Path) -> Run:
    """Run `nmt-intake cases ...` with the small bank and the passphrase from a file."""

    def cases(*arguments: object) -> subprocess.CompletedProcess[str]:
        passphrase = str(tmp_path / "passphrase")
        bank = ("--bank", small_bank)
        return run("cases", *arguments, *bank, NMT_INTAKE_PASSPHRASE_FILE=passphrase)

    return cases


def fine(result: subprocess.CompletedProcess[str]) -> str:
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def data(tmp_path: Path, name: str) -> Path:
    return tmp_path / "home" / "data" / name


def test_list_and_show_say_how_far_a_case_is(kept: str, cases: Run) -> None:
    (line,) = json.loads(fine(cases("list", "--json")))["cases"]
    assert (line["case"], line["alias"], line["status"]) == (kept, "M.", "collecting")
    assert kept[:8] in fine(cases("list"))
    shown = json.loads(fine(cases("show", "M.", "--json")))
    assert (shown["case"], shown["informants"]) == (kept, ["grandmother"])
    assert SAID not in fine(cases("show", kept[:8]))


def test_verify_reads_cases_and_the_files_beside_them(
    kept: str, cases: Run, tmp_path: Path
) -> None:
    found = json.loads(fine(cases("verify", "--json")))
    assert [(each["case"], each["sound"]) for each in found["cases"]] == [(kept, True)]
    assert [each["file"] for each in found["files"]] == ["keys.nmt", "index.nmt", "audit.nmt"]
    assert all(each["sound"] for each in found["files"])
    assert "1 case and 3 files beside them, 0 with trouble." in fine(cases("verify", "M."))
    path = data(tmp_path, f"cases/{kept[:2]}/{kept}.nmt")
    harmed = bytearray(path.read_bytes())
    harmed[300] ^= 1
    path.write_bytes(harmed)
    result = cases("verify")
    assert (result.returncode, result.stderr) == (1, "")
    assert "[STORE-005]" in result.stdout


@pytest.mark.parametrize("name", ["index.nmt", "audit.nmt", "keys.nmt", "keys.copy", "vault.json"])
@pytest.mark.parametrize("how", ["gone", "harmed"])
def test_verify_tells_which_file_beside_the_cases_had_to_be_made_whole(
    kept: str, cases: Run, tmp_path: Path, name: str, how: str
) -> None:
    if how == "gone":
        data(tmp_path, name).unlink()
    else:
        data(tmp_path, name).write_bytes(data(tmp_path, name).read_bytes()[:50])
    result = cases("verify", "--json")
    assert (result.returncode, result.stderr) == (1, "")
    found = json.loads(result.stdout)
    assert all(each["sound"] for each in found["cases"])
    troubled = {each["file"]: each["code"] for each in found["files"] if not each["sound"]}
    assert troubled == {name.replace("keys.copy", "keys.nmt"): "STORE-028"}
    assert fine(cases("verify")), "and now it is whole"


def test_an_export_names_nobody_and_is_in_the_audit(kept: str, cases: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    fine(cases("export", "M.", "--format", "csv", "--pseudonym", "K7", "--out", out))
    assert SAID in out.read_text()
    assert "M." not in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    trail = json.loads(fine(cases("export", kept, "--audit")))
    assert {event["author"] for event in trail["events"]} == {"ana"}
    assert "case exported" in [action["deed"] for action in trail["deeds"]]
    assert SAID not in json.dumps(trail)


def test_the_whole_house_s_audit_says_who_did_what_when(kept: str, cases: Run) -> None:
    fine(cases("show", "M."))
    deeds = json.loads(fine(cases("export", "--audit")))["deeds"]
    assert [action["deed"] for action in deeds][:3] == ["unlocked", "case made", "case closed"]
    assert ("case viewed", kept) in [(action["deed"], action["case"]) for action in deeds]
    table = fine(cases("export", "--audit", "--format", "csv")).splitlines()
    assert table[0] == "at,deed,who,place,case,count"
    assert len(table) > len(deeds)
    refused(cases("export"), "USAGE-003")


def test_a_backup_comes_back_and_an_erased_case_does_not(
    kept: str, cases: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "safe.nmtbackup"
    assert "read back" in fine(cases("backup", backup))
    data(tmp_path, f"cases/{kept[:2]}/{kept}.nmt").unlink()
    assert cases("verify").returncode == 1
    assert "brought back" in fine(cases("restore", backup))
    assert cases("verify").returncode == 0
    assert SAID.encode() not in backup.read_bytes()


def test_an_erased_case_is_taken_out_of_every_backup_that_is_found(
    kept: str, cases: Run, tmp_path: Path
) -> None:
    backup, unplugged, copy = (tmp_path / name for name in ("near", "far", "copy"))
    for path in (backup, unplugged):
        fine(cases("backup", path))
    away = unplugged.rename(tmp_path / "away")
    copy.write_bytes(backup.read_bytes())
    refused(cases("erase", "M.", "--reason", "asked"), "CASE-003")
    said = fine(cases("erase", "M.", "--reason", "asked", "--yes"))
    assert f"backup {backup} holds no erased case now" in said
    assert f"backup {unplugged} is not there" in said
    assert "No cases yet." in fine(cases("list"))
    assert "erased; not in the backup any more" in fine(cases("restore", backup))
    assert "erased here; not brought back" in fine(cases("restore", copy))
    away.rename(unplugged)
    again = fine(cases("erase", kept, "--reason", "asked"))
    assert f"backup {unplugged} holds no erased case now" in again
    assert f"backup {copy} holds no erased case now" in again
    assert "backup" not in fine(cases("erase", kept[:8], "--reason", "asked"))
    copy.write_text("no backup")
    assert cases("erase", kept, "--reason", "asked", "--backup", copy).returncode == 1


def test_what_cannot_be_opened_is_told_in_one_line(
    kept: str, cases: Run, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text("something else entirely")
    refused(cases("list"), "STORE-014")
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    refused(run("cases", "list"), "STORE-018")
    refused(cases("show", "nobody"), "STORE-001")
    refused(cases("restore", tmp_path / "nothing"), "STORE-029")
    (tmp_path / "garbage").write_bytes(b"garbage" * 99)
    refused(cases("restore", tmp_path / "garbage"), "STORE-019")
    refused(cases("backup", tmp_path / "no" / "folder"), "STORE-011")
    for name in ("keys.nmt", "keys.copy"):
        data(tmp_path, name).unlink()
    refused(cases("list"), "STORE-016")


def test_the_passphrase_may_come_from_a_command(kept: str, run: Run, tmp_path: Path) -> None:
    said = f"head -n 1 {tmp_path / 'passphrase'}"
    assert kept[:8] in fine(run("cases", "list", NMT_INTAKE_PASSPHRASE_COMMAND=said))
