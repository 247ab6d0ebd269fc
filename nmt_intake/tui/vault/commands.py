"""The commands of the vault's pages, each declared once: its key, its name, what it does."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from nmt_intake.tui.commands import Command

Way: TypeAlias = Literal[
    "on",
    "back",
    "practise",
    "restore",
    "recovery",
    "keyring",
    "passphrase",
    "keys",
    "backup",
    "verify",
    "audit",
    "take_in",
    "remember",
    "forget",
    "read",
]


def _door(way: Way, keys: str, title: str, says: str, short: str, shown: str = "") -> Command:
    return Command(way, keys, f"take('{way}')", title, says, short, shown)


BACK: Final = _door("back", "escape", "Back", "Leaves this step; nothing is changed.", "back")
ON: Final = _door("on", "enter", "Go on", "To the next step.", "goes on")

FIRST_RUN: Final = (
    _door("on", "enter", "Choose a passphrase", "Sets up the vault.", "choose a passphrase"),
    _door("practise", "p,f4", "Practise without a vault", "For made-up cases only.", "practise"),
    _door("restore", "b", "Restore from a backup", "Brings cases back from a sealed file.",
          "from a backup"),
    BACK,
)  # fmt: skip
LOCKED: Final = (
    _door("recovery", "f2", "Use the recovery code", "When the passphrase is lost.",
          "recovery code", "F2"),
    _door("keyring", "f3", "Use the keyring", "Takes the key from this login's keyring.",
          "keyring", "F3"),
    _door("practise", "f4", "Practise", "Opens the practice cases; the others stay locked.",
          "practise", "F4"),
)  # fmt: skip
MENU: Final = (
    _door("passphrase", "c", "Change the passphrase", "The cases stay as they are.",
          "change passphrase"),
    _door("keys", "r", "New keys", "Under every case; a new recovery code.",
          "new keys"),
    _door("backup", "b", "Backup", "Every case in one sealed file.",
          "backup"),
    _door("restore", "t", "Restore", "Brings back what is missing or damaged here.", "restore"),
    _door("verify", "v", "Verify", "Reads every file to its last byte.", "verify"),
    _door("audit", "a", "Who did what", "Opened, exported, erased; the latest first.",
          "who did what"),
    _door("take_in", "i", "Take in plain files", "Seals case files of the first format.",
          "take in plain files"),
    _door("remember", "k", "Keyring: remember", "This login opens the vault by itself.",
          "keyring"),
    _door("forget", "f", "Keyring: forget", "Only the passphrase opens it again.",
          "forget keyring"),
    ON,
    BACK,
)  # fmt: skip
TOLD: Final = (
    _door("read", "enter", "Open for reading", "Nothing can be changed.", "open for reading"),
    BACK,
)
