"""What makes guessing a passphrase dear: Argon2id, bounds on its cost, a measure of strength."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from nmt_intake.store.errors import WeakPassphrase, WeakVault
from nmt_intake.store.vault.key_memory import KEY_SIZE

SHORTEST: Final = 8
_ABOUT_HALF_A_SECOND: Final = 0.5
_WORDS_OF_NO_WORTH: Final = re.compile(
    r"pass(word|phrase|wort)?|secret|welcome|letmein|qwert[yz]?|asdf|admin|login|clinic|intake"
    r"|monkey|dragon|(19|20)\d\d|abcd*|1234*5*6*7*8*9*0*",
    re.IGNORECASE,
)
_REPEATED: Final = re.compile(r"(.{1,4}?)\1+", re.DOTALL)
_CLASSES: Final = (("[a-z]", 26), ("[A-Z]", 26), ("[0-9]", 10), (r"[^\x00-\x7f]", 100))
_SIGNS: Final = 33
_BITS_A_WORD: Final = 11.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: memory in KiB, passes, lanes. Floor 64 MiB and 3 passes."""

    memory_kib: int = 64 << 10
    iterations: int = 3
    lanes: int = 4

    def check(self) -> None:
        """Raise WeakVault for a cost so low that guessing is cheap, or absurdly high."""
        memory = 64 << 10 <= self.memory_kib <= 1 << 20
        if not (memory and 3 <= self.iterations <= 64 and 1 <= self.lanes <= 16):
            raise WeakVault


def tuned_cost(clock: Callable[[], float] = time.perf_counter) -> Cost:
    """Return the cost that takes this computer about half a second, never below the floor."""
    cost = Cost()
    for _ in range(2):  # the first run is cold, and a pass of many is cheaper than one of few
        start = clock()
        stretch(b"measuring", b"0123456789abcdef", cost)
        taken = max(clock() - start, 0.001)
        passes = round(cost.iterations * _ABOUT_HALF_A_SECOND / taken)
        cost = Cost(iterations=min(max(passes, Cost().iterations), 64))
    return cost


def stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """Return the key that a secret stands for, at this cost."""
    cost.check()
    derivation = Argon2id(
        salt=salt,
        length=KEY_SIZE,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return derivation.derive(secret)


def as_secret(passphrase: str) -> bytes:
    """Return a passphrase as bytes, the same however a keyboard composed its letters."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def require_strength(passphrase: str) -> None:
    """Raise WeakPassphrase for what anybody would guess."""
    if len(unicodedata.normalize("NFKC", passphrase).strip()) < SHORTEST:
        raise WeakPassphrase


@dataclass(frozen=True, slots=True)
class Strength:
    """A rough measure for the person who chooses: `bits` of guessing, and a word for it."""

    bits: int
    word: str


def strength_of(passphrase: str) -> Strength:
    """Estimate how hard a passphrase is to guess; kept nowhere, and a judgement, not a proof.

    Repetition, years, runs and well-known words count as one character each; of words, eleven
    bits each is the most that is believed.
    """
    squeezed = _REPEATED.sub(r"\1", _WORDS_OF_NO_WORTH.sub("x", passphrase))
    per_character = math.log2(max(_alphabet(squeezed), 2))
    bits = len(squeezed) * per_character
    words = re.findall(r"[^\W\d_]{3,}", squeezed)
    if words:
        rest = len(squeezed) - sum(len(word) for word in words)
        bits = min(bits, len(words) * _BITS_A_WORD + rest * per_character / 2)
    return Strength(int(bits), _word_for(bits))


def _alphabet(text: str) -> int:
    size = sum(count for pattern, count in _CLASSES if re.search(pattern, text))
    return size + (_SIGNS if re.search(r"[^a-zA-Z0-9\x80-\U0010ffff]", text) else 0)


def _word_for(bits: float) -> str:
    for limit, word in ((28, "very weak"), (40, "weak"), (56, "fair"), (75, "good")):
        if bits < limit:
            return word
    return "strong"
