"""Steps that several pages share: choosing a passphrase twice, and keeping a recovery code."""

from __future__ import annotations

from typing import Any

from textual.content import Content

from nmt_intake.store.vault.key_derivation import SHORTEST, strength_of
from nmt_intake.tui import literal
from nmt_intake.tui.vault import words
from nmt_intake.tui.vault.doors import BACK, ON
from nmt_intake.tui.vault.keeper import Keeper
from nmt_intake.tui.vault.page import Reply, Step, Took, Typed, VaultPage

_AGAIN = "The two are not the same. Nothing is set; type it again."
_WEAK = "This is easy to guess. Enter takes it all the same; a longer one is better."


async def chosen_passphrase(page: VaultPage[Any], said: Content) -> str | None:
    """Ask for a new passphrase twice; None for Esc at the first time of asking."""
    page.says(words.strength(""))
    while True:
        first = await _first(page, said)
        if first is None:
            return None
        page.says("")
        reply = await page.ask(Step(said, "The same once more", secret=True))
        match reply:
            case Typed(again) if again == first:
                page.says("")
                return first
            case Typed():
                page.says(_AGAIN)
            case Took():
                page.says("")


async def _first(page: VaultPage[Any], said: Content) -> str | None:
    """Ask for a passphrase that is long enough; a weak one is taken at the second Enter."""
    label, typed, warned = "New passphrase", "", ""
    while True:
        step = Step(said, label, secret=True, initial=typed, typing=words.strength)
        reply: Reply = await page.ask(step)
        match reply:
            case Took():
                page.says("")
                return None
            case Typed(typed) if len(typed.strip()) < SHORTEST:
                page.says(words.strength(typed or "x"))
            case Typed(typed) if strength_of(typed).word in words.WEAK and typed != warned:
                warned = typed
                page.says(_WEAK)
            case Typed(typed):
                return typed


async def keep_code(page: VaultPage[Any], keeper: Keeper, code: str) -> None:
    """Show a recovery code until it was typed back from paper; nothing else leads on."""
    while True:
        shown = Content("\n\n").join(
            [words.page("Recovery code", words.CODE), literal.line(code, "bold")]
        )
        await page.ask(Step(shown, doors=(ON,)))
        while True:
            said = words.page("Recovery code", words.CODE_BACK)
            reply = await page.ask(Step(said, "Recovery code", doors=(BACK,)))
            if not isinstance(reply, Typed):
                page.says("")
                break
            typed = reply.text
            fits = await page.tried("Trying it.", lambda code=typed: keeper.is_recovery_code(code))
            if fits:
                return
            if fits is False:
                page.says("This is not the code. Look at the paper again; Esc shows the code.")
