"""What a case was found to be, told before it is opened for reading only."""

from __future__ import annotations

from typing import ClassVar, Self

from textual.content import Content

from nmt_intake.store.errors import CaseClaimed, CaseDamaged
from nmt_intake.store.protocols import Recovery
from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.doors import BACK, TOLD
from nmt_intake.tui.vault.page import Step, Took, VaultPage, door_bindings


class CaseTold(VaultPage[bool]):
    """Tells about one case; True when it is to be opened for reading."""

    BINDINGS: ClassVar = door_bindings(TOLD)

    def __init__(self, said: Content, *, readable: bool = True) -> None:
        super().__init__()
        self._said = said
        self._readable = readable

    @classmethod
    def elsewhere(cls, claimed: CaseClaimed) -> Self:
        """Tell who is writing in the case, where, and since when."""
        return cls(words.of_claim(claimed))

    @classmethod
    def damaged(cls, damaged: CaseDamaged) -> Self:
        """Tell what is left of a damaged case or an older copy, and what can be done."""
        return cls(words.of_damage(damaged), readable=damaged.readable > 0)

    async def walk(self) -> bool:
        """Wait for the one decision there is."""
        doors = TOLD if self._readable else (BACK,)
        return await self.ask(Step(self._said, doors=doors)) == Took("read")


def told_of(recovery: Recovery, answers: int | None = None) -> str:
    """Return the sentence about what opening a case found; empty where all is well."""
    return words.of_recovery(recovery, answers)
