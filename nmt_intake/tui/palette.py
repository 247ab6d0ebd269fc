"""The command palette: the commands of this screen and of every screen, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.command import DiscoveryHit, Hit, Hits, Provider

from nmt_intake.tui.commands import Command, commands_at
from nmt_intake.tui.screens.base import DeskScreen

# What works over a lock screen too.
_ALWAYS: Final = ("help", "quit")


class DeskCommands(Provider):
    """Finds commands by title; Textual's own (among them a screenshot to a file) are not here."""

    async def discover(self) -> Hits:
        """Show every command that works here."""
        for command in self._commands:
            yield DiscoveryHit(_shown(command), self._runner(command), help=command.says)

    async def search(self, query: str) -> Hits:
        """Show the commands that fit what is typed."""
        matcher = self.matcher(query)
        for command in self._commands:
            score = matcher.match(_shown(command))
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(_shown(command)),
                    self._runner(command),
                    help=command.says,
                )

    @property
    def _commands(self) -> tuple[Command, ...]:
        where = self.screen.WHERE if isinstance(self.screen, DeskScreen) else None
        # The doors of a page of the vault: they change from step to step.
        doors: Sequence[Command] | None = getattr(self.screen, "offered", None)
        if doors is not None:
            return (*doors, *(each for each in commands_at(None) if each.id in _ALWAYS))
        return tuple(each for each in commands_at(where) if not each.with_key)

    def _runner(self, command: Command):
        screen = self.screen

        async def run() -> None:
            await screen.run_action(command.action)

        return run


def _shown(command: Command) -> str:
    return f"{command.title} ({command.key})"
