"""Find out: one list of what is left, from which Enter goes to the place itself."""

from __future__ import annotations

from typing import ClassVar

from pydantic import JsonValue
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import FactSettled
from nmt_intake.interview.find_out import SETTLED, Item, lines, told_in_words, told_of
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import AskingLine, Prompt
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import status

_NOTHING = "Nothing is left to find out, and nothing does not fit."


class FindOutScreen(CaseScreen):
    """Shows what is left; `chosen` is the slot to go to, once Enter has closed it."""

    WHERE: ClassVar[Where] = "find_out"
    BINDINGS: ClassVar = bindings("find_out")
    DEFAULT_CSS = """
    FindOutScreen #left { height: 1fr; padding: 0 1; margin-top: 1; }
    """

    def __init__(self, desk: Casework, case: Session) -> None:
        super().__init__(desk, case)
        self.chosen: str | None = None
        self._lines: tuple[Item, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield from self.top()
        yield OptionList(id="left", markup=False, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Show what is left."""
        self.watch_saving()
        self.refill()
        self.say(status.trouble(self.case) or ("" if self._lines else _NOTHING))

    def on_screen_resume(self) -> None:
        """Show what is left after another screen worked on the case."""
        if self.is_mounted:
            self.watch_saving()
            self.refill()

    def refill(self) -> None:
        """Read what is left and show it; the highlight stays where it was."""
        self._lines = lines(self.interview, self.desk.settings.language)
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        options = self.query_one(OptionList)
        before = self.line
        options.set_options(self._options())
        ids = [str(place) for place in range(len(self._lines))]
        wanted = next((n for n, each in enumerate(self._lines) if each == before), 0)
        if ids:
            options.highlighted = options.get_option_index(ids[wanted])
        options.focus()

    def _options(self) -> list[Option]:
        found: list[Option] = []
        heading = ""
        for place, each in enumerate(self._lines):
            if each.heading != heading:
                heading = each.heading
                number = sum(other.heading == heading for other in self._lines)
                title = literal.line(f"{heading} ({number})", "bold")
                found.append(Option(title, disabled=True))
            what = Content("  ") + literal.line(each.what)
            about = Content("    ") + literal.line(each.about, "$aside")
            found.append(Option(literal.lines(what, about if each.about else ""), str(place)))
        return found

    @property
    def line(self) -> Item | None:
        """The line that is highlighted."""
        option = self.query_one(OptionList).highlighted_option
        place = int(option.id) if option and option.id else -1
        return self._lines[place] if 0 <= place < len(self._lines) else None

    @on(OptionList.OptionSelected)
    async def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        await self.action_go()

    async def action_go(self) -> None:
        """Go to the place of the highlighted line."""
        line = self.line
        if line is None or line.slot is None:
            self.say("There is no question to go to here." if line else _NOTHING)
            return
        self.chosen = line.slot
        await self.action_close()

    @work(exclusive=True, group="asking")
    async def action_settle(self) -> None:
        """Settle what tellers differ about, with a reason; all that was told is kept."""
        line = self.line
        if line is None or line.fact is None:
            self.say("Only what was told differently is settled here.")
            return
        if not self.may_record():
            return
        try:
            settled = await self._ask(line.fact)
        except IntakeError as error:
            self.say_error(error)
            settled = None
        self.refill()
        if settled is None:
            return
        value, reason = settled
        if self.record(FactSettled, fact=line.fact, value=value, reason=reason):
            self.refill()
            self.say(f"{line.what}: settled. All that was told is kept; F9 takes this back.")

    async def _ask(self, fact: str) -> tuple[JsonValue, str] | None:
        told = {repr(each.value): each for each in told_of(self.interview, fact)}
        slot = "" if fact in SETTLED else fact
        choices = tuple(
            literal.line(told_in_words(self.interview, each, slot)) for each in told.values()
        )
        found = await ask_value(self.asking, SETTLED.get(fact, "What holds"), choices)
        if found is None:
            return None
        value: JsonValue = found
        if isinstance(found, int):
            value = list(told.values())[found].value
        else:
            question = self.interview.question(slot) or next(
                each for each in self.interview.graph.fact_questions if each.fact == fact
            )
            value = self.case.read(question, found)
        reason = await ask_why(self.asking)
        return None if reason is None else (value, reason)

    def action_entries(self) -> None:
        """Show the people, homes and events."""
        from nmt_intake.tui.screens.entries import EntriesScreen

        self.app.push_screen(EntriesScreen(self.desk, self.case))

    def action_undo(self) -> None:
        """Take the last thing back."""
        self.take_back(again=False)
        self.refill()

    def action_redo(self) -> None:
        """Bring back what was undone."""
        self.take_back(again=True)
        self.refill()


async def ask_value(line: AskingLine, name: str, choices: tuple[Content, ...]) -> int | str | None:
    """Ask which of the told values holds: its place, or another one in words."""
    keys = f"1-{len(choices)} choose · or write it · Esc back"
    reply = await line.ask(Prompt(f"{name} is", keys, choices))
    if reply is None or (reply.choice is None and not reply.text):
        return None
    return reply.text if reply.choice is None else reply.choice


async def ask_why(line: AskingLine) -> str | None:
    """Ask how it is known: a settled fact needs a reason."""
    reply = await line.ask(Prompt("How is it known?"))
    return reply.text or None if reply else None
