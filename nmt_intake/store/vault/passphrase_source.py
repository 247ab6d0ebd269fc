"""The passphrase where there is no terminal: from a file or a command, never an argument."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from typing import Final

from nmt_intake.store.errors import NoPassphrase

FILE: Final = "NMT_INTAKE_PASSPHRASE_FILE"
COMMAND: Final = "NMT_INTAKE_PASSPHRASE_COMMAND"
_LONGEST: Final = 4096
_PATIENCE: Final = 60


def unattended_passphrase(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the passphrase that the environment points to, or None if it points nowhere.

    The first line counts. NoPassphrase says why the file or command gave none.
    """
    said = os.environ if environment is None else environment
    if path := said.get(FILE):
        return _first_line(_from_file(path), FILE)
    if command := said.get(COMMAND):
        return _first_line(_from_command(command), COMMAND)
    return None


def is_open_to_all(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether the passphrase comes from a file that everybody here may read.

    It is told of, not refused: the secrets of a container are such files.
    """
    path = (os.environ if environment is None else environment).get(FILE)
    if not path or os.name != "posix":
        return False
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(found.st_mode) and bool(found.st_mode & stat.S_IROTH)


def _from_file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_LONGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise NoPassphrase(FILE, f"The file can't be read ({reason}).") from None


def _from_command(command: str) -> bytes:
    try:
        words = shlex.split(command)
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=_PATIENCE, check=False)
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        raise NoPassphrase(COMMAND, f"The command did not run ({type(error).__name__}).") from None
    if done.returncode != 0:
        raise NoPassphrase(COMMAND, f"The command ended with status {done.returncode}.")
    return done.stdout[:_LONGEST]


def _first_line(data: bytes, where: str) -> str:
    try:
        # Editors on Windows put a mark before the first letter; it is no part of the passphrase.
        line = data.decode("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        raise NoPassphrase(where, "What it gave is not text.") from None
    if not line:
        raise NoPassphrase(where, "It gave an empty first line.")
    return line
