"""The few settings that matter: one list, Enter changes the highlighted one."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.settings import Settings
from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.screens.base import DeskScreen
from nmt_intake.tui.themes import theme_for

_MINUTES = (5, 10, 15, 30, 60, 0)


class SettingsScreen(DeskScreen):
    """Shows each setting with what it is now."""

    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, desk: Casework) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Static(Content("Settings"), id="top", markup=False)
        yield OptionList(id="settings", markup=False, compact=True)
        yield from self.bottom("Enter changes  Esc back")

    def on_mount(self) -> None:
        """Show what is set."""
        self._fill()
        self.query_one("#settings").focus()

    def _fill(self) -> None:
        found = self.query_one("#settings", OptionList)
        place = found.highlighted or 0
        found.set_options(
            [
                Option(literal.line(name, "", 28) + literal.line(value, "bold"), id=each)
                for each, name, value in _shown(self._desk.settings)
            ]
        )
        found.highlighted = place

    @on(OptionList.OptionSelected, "#settings")
    def _change(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        now = self._desk.settings
        match event.option.id:
            case "move_on":
                self._keep(replace(now, move_on=not now.move_on))
            case "language":
                bank = self._desk.bank
                codes = [None, *bank.languages, *bank.spellings]
                place = codes.index(now.language) if now.language in codes else 0
                self._keep(replace(now, language=codes[(place + 1) % len(codes)]))
            case "idle_minutes":
                place = _MINUTES.index(now.idle_minutes) if now.idle_minutes in _MINUTES else -1
                self._keep(replace(now, idle_minutes=_MINUTES[(place + 1) % len(_MINUTES)]))
            case "light":
                # Dark, light, and each of them with high contrast.
                contrast = now.contrast != now.light
                self._keep(replace(now, light=not now.light, contrast=contrast))
                chosen = self._desk.settings
                self.app.theme = theme_for(
                    light=chosen.light, contrast=chosen.contrast, no_color=self.app.no_color
                )
            case "copying":
                self._keep(replace(now, copying=not now.copying))
            case _:
                self._ask_worker()

    @work(exclusive=True, group="asking")
    async def _ask_worker(self) -> None:
        reply = await self.asking.ask(
            Prompt("Your name or initials", initial=self._desk.settings.worker)
        )
        self.query_one("#settings").focus()
        if reply is not None:
            self._keep(replace(self._desk.settings, worker=reply.text[:60]))

    def _keep(self, settings: Settings) -> None:
        try:
            self._desk.keep(settings)
        except IntakeError as error:
            self.say_error(error)
        self._fill()


def _shown(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    minutes = settings.idle_minutes
    return (
        ("worker", "Who is at work", settings.worker or "the login name"),
        ("move_on", "After an answer", "move on" if settings.move_on else "stay"),
        ("language", "Language of the questions", settings.language or "the bank's own"),
        (
            "idle_minutes",
            "Lock when nobody is here",
            f"after {minutes} min" if minutes else "never",
        ),
        ("copying", "Copying to the terminal", "allowed" if settings.copying else "off"),
        ("light", "Colours", _colours(settings)),
    )


def _colours(settings: Settings) -> str:
    name = "light" if settings.light else "dark"
    return f"{name}, high contrast" if settings.contrast else name
