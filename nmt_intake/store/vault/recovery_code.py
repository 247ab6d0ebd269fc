"""The recovery code: shown once at set-up, typed from paper when the passphrase is lost."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

# Crockford's letters: nothing that looks like something else on paper.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_RANDOM: Final = 27
_CHECKING: Final = 3
_GROUP: Final = 5


def new_code() -> str:
    """Return a fresh code: 135 random bits and a check, in six groups of five."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    whole = drawn + _check(drawn)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def as_typed(text: str) -> str | None:
    """Return the code without its dashes, forgiving O for 0; None if it can't be one."""
    letters = "".join(text.upper().split()).replace("-", "").translate(_READ_AS)
    if len(letters) != _RANDOM + _CHECKING or any(letter not in _LETTERS for letter in letters):
        return None
    return letters if _check(letters[:_RANDOM]) == letters[_RANDOM:] else None


def _check(drawn: str) -> str:
    digest = hashlib.sha256(drawn.encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_CHECKING])
