"""The operating system's keyring as one more way to the vault key; an optional extra."""

from __future__ import annotations

import importlib
from typing import Final, Protocol

from nmt_intake.store.errors import NoKeyring

_SERVICE: Final = "nmt-intake"
# Back ends that keep a secret behind the login. Others write plain files, or are unknown.
KNOWN_BACK_ENDS: Final = frozenset(
    {
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)


class Keyring(Protocol):
    """What keeps a secret for a vault."""

    def get(self, vault: str) -> str | None:
        """Return the secret kept for a vault, or None."""
        ...

    def put(self, vault: str, secret: str) -> None:
        """Keep a secret for a vault."""
        ...

    def drop(self, vault: str) -> None:
        """Forget the secret of a vault."""
        ...


class _Backend(Protocol):
    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class SystemKeyring:
    """The keyring of this login; NoKeyring where there is none that can be trusted."""

    def __init__(self, module: str = "keyring") -> None:
        try:
            self._backend: _Backend = importlib.import_module(module).get_keyring()
        except ImportError:
            raise NoKeyring("The extra 'keyring' is not installed.") from None
        kind = type(self._backend)
        if f"{kind.__module__}.{kind.__qualname__}" not in KNOWN_BACK_ENDS:
            raise NoKeyring("This system has no keyring that is known to keep a secret.")

    def get(self, vault: str) -> str | None:
        """Return the secret kept for a vault, or None."""
        return self._backend.get_password(_SERVICE, vault)

    def put(self, vault: str, secret: str) -> None:
        """Keep a secret for a vault."""
        self._backend.set_password(_SERVICE, vault, secret)

    def drop(self, vault: str) -> None:
        """Forget the secret of a vault."""
        self._backend.delete_password(_SERVICE, vault)
