"""Installs as README says, exactly as written: `python -m tests.newcomer` (needs a network).

Each way runs with a home folder of its own, so `~` is nowhere real. Without a terminal the desk
says so and ends with 2: then the program is installed and found. A way whose tool is not there is
told of.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from tempfile import TemporaryDirectory

from tests.figures import README, ROOT

WAYS = {"pip": "python3", "pipx": "pipx"}


def main() -> int:
    """Try every way; the exit status is 1 if one does not lead to the desk."""
    from tests.test_readme import commands

    failed = 0
    for name, tool in WAYS.items():
        if shutil.which(tool) is None:
            print(f"{name}: not tried, {tool} is not here")
            continue
        with TemporaryDirectory() as home:
            install, start = commands(name).strip().splitlines()
            env = {**os.environ, "HOME": home, "PATH": f"{home}/.local/bin:{os.environ['PATH']}"}
            env |= {"PIPX_HOME": f"{home}/pipx", "PIPX_BIN_DIR": f"{home}/.local/bin"}
            for variable in ("PYTHONPATH", "VIRTUAL_ENV", "NMT_INTAKE_HOME"):
                env.pop(variable, None)
            done = subprocess.run(["bash", "-c", install], cwd=ROOT, env=env, check=False)
            told = subprocess.run(
                ["bash", "-c", start], cwd=home, env=env, capture_output=True, text=True,
                stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        fine = done.returncode == 0 and told.returncode == 2 and "DESK-001" in told.stderr
        failed += not fine
        print(f"{name}: {'fine' if fine else told.stderr[-500:]}")
    return 1 if failed else 0


if __name__ == "__main__":
    assert README.is_file()
    sys.exit(main())
