"""The desk's two times: first text on a terminal, and an answer's key to the next question painted.

    pytest tests/benchmarks/test_desk.py --benchmark-enable

Each script runs in a process of its own, started as the desk is. Limits: an empty Textual app's
first text times 1.5, and 16 ms. The latter is held against the screen thread's processor time,
which does not grow when the computer is busy with other things.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

HERE = Path(__file__).parent


def printed(script: str, *arguments: str) -> str:
    command = [sys.executable, str(HERE / script), *arguments]
    root = HERE.parent.parent
    run = subprocess.run(
        command,
        cwd=root,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("size", [("80", "24"), ("120", "36")], ids=["80x24", "120x36"])
def test_an_answer_s_key_to_the_next_question_painted(
    benchmark: BenchmarkFixture, size: tuple[str, str]
) -> None:
    if benchmark.disabled:
        pytest.skip("a measurement, not a test")
    out = benchmark.pedantic(printed, ("key_to_paint.py", "60", *size), rounds=1)
    benchmark.extra_info.update(json.loads(out))
    assert benchmark.extra_info["median_at_work_ms"] < 16


def test_first_text_beside_an_empty_textual_app(benchmark: BenchmarkFixture) -> None:
    if benchmark.disabled:
        pytest.skip("a measurement, not a test")
    out = benchmark.pedantic(printed, ("first_text.py", "7"), rounds=1)
    benchmark.extra_info["found"] = out.strip()
    ratio = re.search(r"ratio ([\d.]+)", out)
    assert ratio is not None
    assert float(ratio[1]) <= 1.5
