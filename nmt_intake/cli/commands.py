"""Where a command is added: what argparse gives, by the one method that is used of it."""

from __future__ import annotations

import argparse
from typing import Protocol


class Commands(Protocol):
    """The commands of the program, or the jobs of one of them."""

    def add_parser(
        self,
        name: str,
        *,
        help: str,  # noqa: A002  (argparse's own name)
        description: str | None = None,
    ) -> argparse.ArgumentParser:
        """Add one by name, with a line about it; return its parser."""
        ...
