"""Every gate, one after the other: `python -m tests`.

`--quick`: what is done in a minute. `--changed [SINCE]`: what the changes since a commit touch
(since leaving `main`, if none is named), committed or not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.conftest import SLOW
from tests.import_graph import ROOT, touched_tests

BIN: Final = Path(sys.executable).parent
PYTEST: Final = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]
NMT_INTAKE: Final = [sys.executable, "-m", "nmt_intake"]
PYRIGHT: Final = [str(BIN / "pyright"), "--pythonpath", sys.executable]

Gates = dict[str, list[str]]

STYLE: Final[Gates] = {
    "ruff": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
    "import-linter": [str(BIN / "lint-imports")],
    "vulture": [str(BIN / "vulture")],
    "codespell": [str(BIN / "codespell")],
}
QUICK: Final[Gates] = STYLE | {
    "bank check": [*NMT_INTAKE, "bank", "check"],
    # Left out by name and not by mark: then they are not even imported.
    "pytest, the quick ones": [*PYTEST, *(f"--ignore=tests/{name}" for name in SLOW)],
}
# What a bank's check and its coverage find in the shipped bank is among the tests.
ALL: Final[Gates] = {
    "pyright": PYRIGHT,
    **STYLE,
    "mutants, a few": [sys.executable, "-m", "tests.mutation", "--few"],
    "pytest, every branch of the store": [
        *(*PYTEST, "tests/store", "--cov=nmt_intake/store", "--cov-branch"),
        *("--cov-fail-under=100", "--cov-report=term-missing:skip-covered"),
    ],
    "a newcomer's commands": [sys.executable, "-m", "tests.newcomer"],
    "pytest": [*PYTEST, "--ignore=tests/store"],  # which has just run
}


def main() -> int:
    """Run the gates; the exit status is 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="what is done in a minute")
    parser.add_argument("--changed", nargs="?", const="", metavar="SINCE", help="what is touched")
    options = parser.parse_args()
    if options.changed is not None:
        return run(touched(changed_since(options.changed or departure())))
    return run(QUICK if options.quick else ALL)


def run(gates: Gates) -> int:
    """Run the gates, two at a time but pytest, which uses both cores; 1 if any failed."""
    failed: list[str] = []
    alone = [name for name in gates if name.startswith("pytest")]
    with ThreadPoolExecutor(2) as pool:
        beside = {name: pool.submit(_printed, gates[name]) for name in gates if name not in alone}
        for name, running in beside.items():
            status, text, seconds = running.result()
            print(f"== {name}: {seconds:.1f} s\n{text if status else ''}", end="", flush=True)
            failed += [name] if status else []
    for name in alone:
        print(f"== {name}", flush=True)
        start = time.perf_counter()
        failed += [name] if subprocess.run(gates[name], cwd=ROOT, check=False).returncode else []
        print(f"   {time.perf_counter() - start:.1f} s", flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All gates passed.")
    return 1 if failed else 0


def _printed(command: list[str]) -> tuple[int, str, float]:
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.returncode, done.stdout, time.perf_counter() - start


def departure() -> str:
    """Return the commit at which this branch left `main`; on `main`, the last one."""
    found = _git("merge-base", "HEAD", "main")
    return found[0] if found else "HEAD"


def changed_since(commit: str) -> list[Path]:
    """Return the files that differ from a commit, new ones included."""
    names = _git("diff", "--name-only", commit) + _git("ls-files", "--others", "--exclude-standard")
    return [ROOT / name for name in names]


def touched(changed: list[Path]) -> Gates:
    """Return the gates for these changed files: all of them where nothing narrower is sure."""
    tests = touched_tests(changed)
    if tests is None:
        print("This touches everything.")
        return ALL
    gates = dict(STYLE)
    program = [str(path) for path in changed if path.suffix == ".py" and path.exists()]
    program = [path for path in program if path.startswith(f"{ROOT}/nmt_intake/")]
    if program:
        gates["pyright"] = [*PYRIGHT, *program]
    if tests:
        gates["pytest"] = [*PYTEST, *map(str, tests)]
    return gates


def _git(*command: str) -> list[str]:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


if __name__ == "__main__":
    raise SystemExit(main())
