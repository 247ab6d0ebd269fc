"""The public interface: README's examples run, and the root import costs nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import nmt_intake
from tests.test_layers import loaded_after

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
ANSWERS = re.findall(r"```yaml\n(client:.*?)```", README, re.DOTALL)[0]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    root = str(Path(nmt_intake.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "NMT_INTAKE_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_readme_run_as_they_stand(example: str, tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    done = run(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert done.stdout.strip()


def test_the_root_import_brings_nothing_with_it(tmp_path: Path) -> None:
    heavy = {"textual", "pydantic", "yaml", "tinydb", "cryptography", "typing_extensions"}
    loaded = loaded_after("import nmt_intake")
    assert not heavy & loaded
    ours = {name for name in loaded if name.startswith("nmt_intake")}
    assert ours == {"nmt_intake", "nmt_intake.version"}


def test_the_root_import_is_quick(tmp_path: Path) -> None:
    timed = (
        "import time; t = time.perf_counter(); import nmt_intake; print(time.perf_counter() - t)"
    )
    assert min(float(run(timed, tmp_path).stdout) for _ in range(3)) < 0.025


def test_what_is_public_has_a_docstring_and_is_found() -> None:
    for name in nmt_intake.__all__:
        assert getattr(nmt_intake, name).__doc__
    with pytest.raises(AttributeError):
        _ = nmt_intake.no_such  # type: ignore[attr-defined]


def test_report_can_be_called_whatever_was_imported_before(tmp_path: Path) -> None:
    first = "import nmt_intake.report.context\nfrom nmt_intake import report\n"
    done = run(first + "print(callable(report), report.compose)", tmp_path)
    assert done.stdout.startswith("True"), done.stderr


def test_the_public_interface_loads_no_textual() -> None:
    assert "textual" not in loaded_after("from nmt_intake import assess, open_home, play, report")
