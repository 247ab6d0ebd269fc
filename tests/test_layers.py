"""What each part may know, seen from outside: which modules a fresh process has loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(chr(10).join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "part",
    [
        "bank.loading",
        "interview.folding",
        "store.home",
        "scoring.suggest",
        "report",
        "rehearsal.play",
        "casework.cases",
        "casework.session",
        "casework.reports",
        "cli.playing",
        "cli.cases",
        "tui",
    ],
)
def test_nothing_but_a_running_desk_loads_textual(part: str) -> None:
    assert "textual" not in loaded_after(f"import nmt_intake.{part}")


def test_help_loads_nothing_heavy() -> None:
    statement = (
        "from nmt_intake.cli import main\n"
        "import contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    main(['--help'])"
    )
    heavy = {"textual", "pydantic", "yaml", "markdown_it", "tinydb", "cryptography"}
    assert not heavy & loaded_after(statement)


def test_a_compiled_bank_loads_without_pydantic_or_yaml() -> None:
    assert not {"pydantic", "yaml"} & loaded_after("import nmt_intake.bank.loading")


def test_the_store_knows_no_questions() -> None:
    loaded = loaded_after("import nmt_intake.store.home")
    assert not [name for name in loaded if name.startswith("nmt_intake.interview")]
    assert not [name for name in loaded if name.startswith("nmt_intake.bank")]
