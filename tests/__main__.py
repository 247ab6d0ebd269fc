"""Every gate, one after the other: `python -m tests` (add `--quick` to leave out the slow ones)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]

GATES = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "pyright": [str(BIN / "pyright"), "--pythonpath", sys.executable],
    "import-linter": [str(BIN / "lint-imports")],
    "bank check": [sys.executable, "-m", "nmt_intake", "bank", "check"],
    "bank cover": [sys.executable, "-m", "nmt_intake", "bank", "cover"],
    "every branch of the store": [
        *(*PYTEST, "tests/store", "--cov=nmt_intake/store", "--cov-branch"),
        *("--cov-fail-under=100", "--cov-report=term-missing:skip-covered"),
    ],
    "a newcomer's commands": [sys.executable, "-m", "tests.newcomer"],
    "pytest": [*PYTEST, "--ignore=tests/store"],  # which has just run
}
SLOW = ("bank cover", "pyright", "a newcomer's commands")


def main() -> int:
    """Run the gates; the exit status is 1 if any failed."""
    failed: list[str] = []
    for name, command in GATES.items():
        if "--quick" in sys.argv and name in SLOW:
            continue
        print(f"== {name}", flush=True)
        start = time.perf_counter()
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"   {time.perf_counter() - start:.1f} s", flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All gates passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
