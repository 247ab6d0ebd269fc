"""One root for everything that can go wrong and be told to a person."""

from __future__ import annotations


class IntakeError(Exception):
    """A problem a person can act on: a stable code, the place, what is wrong, what to do.

    `status` is the exit status of a command that ends with it (2: bad usage or input).
    The text holds no answer and no name: it may be printed and logged.
    """

    status = 2

    def __init__(self, code: str, where: str, what: str, advice: str) -> None:
        super().__init__(code, where, what, advice)
        self.code = code
        self.where = where
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} {self.advice} [{self.code}]"
