"""README says what is so: its commands run as written, its figures are those that were measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import platformdirs.macos
import platformdirs.unix
import pytest

from tests.figures import FIGURES, README, ROOT, SEEN, written

TEXT = README.read_text("utf-8")


def commands(name: str) -> str:
    found = re.search(rf"<!-- newcomer: {name} -->\n```sh\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL)
    assert found is not None, f"README has lost its commands: {name}"
    return found[1]


def test_the_third_and_fourth_command_run_as_they_are_written(tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "nmt-intake"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nmt_intake "$@"\n')
    shim.chmod(0o755)
    env = {
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "NMT_INTAKE_HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands("first")],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("report.md", "report.html", "ratings.json", "metrics.json", "figures.md"):
        assert (tmp_path / "demo" / name).stat().st_size > 1000


def test_every_way_to_install_is_tried_by_the_newcomer() -> None:
    from tests.newcomer import WAYS

    assert set(WAYS) >= {"pip", "pipx"}
    assert all(commands(name) for name in WAYS)


@pytest.mark.parametrize(
    ("column", "folders"),
    [
        (1, platformdirs.unix.Unix("nmt_intake", appauthor=False)),
        (2, platformdirs.macos.MacOS("nmt_intake", appauthor=False)),
    ],
)
def test_things_lie_where_it_says(
    column: int, folders: platformdirs.PlatformDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    rows = {
        "cases, keys, audit": folders.user_data_dir,
        "settings": folders.user_config_dir,
        "what may be deleted": folders.user_cache_dir,
    }
    for what, where in rows.items():
        cells = re.search(rf"^\| {what} \|(.*)\|$", TEXT, re.MULTILINE)
        assert cells is not None
        said = cells[1].split("|")[column - 1].strip(" `")
        assert str(Path(said).expanduser()) == where


def test_its_figures_are_those_that_were_measured() -> None:
    seen = json.loads(SEEN.read_text("utf-8"))
    assert seen.keys() <= FIGURES.keys()
    assert written(TEXT, seen) == TEXT


def test_every_page_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / target).is_file(), target


def test_notices_name_both_authors_of_the_fonts_and_the_licence_of_the_article() -> None:
    fonts = (ROOT / "nmt_intake/report/fonts/LICENSE.txt").read_text("utf-8")
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for who in ("Bitstream", "Tavmjong Bah"):
        assert who in fonts
        assert who in notice
    assert "https://creativecommons.org/licenses/by/4.0/" in notice
    assert (ROOT / "SECURITY.md").is_file()
    assert (ROOT / "CITATION.cff").is_file()
