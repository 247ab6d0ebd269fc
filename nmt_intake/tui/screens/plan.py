"""The plan of a case: what comes now, next and later, why, and the clinician's own decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.casework.assessment import plan_basis
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.plan_decisions import Decisions
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.scoring.planner import Line, card_of
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.screens.activity_library import LibraryScreen
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import plan as plan_text
from nmt_intake.tui.views import status

_DROPPED = "dropped/"


class PlanScreen(CaseScreen):
    """One list: the phases with their activities, what is held, what was dropped."""

    WHERE: ClassVar[Where] = "plan"
    BINDINGS: ClassVar[list[Binding]] = [each for each in bindings("plan") if each.key != "enter"]
    DEFAULT_CSS = """
    PlanScreen #plan-first { height: auto; max-height: 6; padding: 0 1; }
    PlanScreen #plan { height: 1fr; padding: 0 1; }
    """

    def __init__(self, desk: Casework, case: Session, *, closes: bool = False) -> None:
        super().__init__(desk, case, closes=closes)
        self._decisions: Decisions | None = None

    def compose(self) -> ComposeResult:
        """Lay out what goes first, the list, and the bottom lines."""
        with Horizontal(id="top"):
            yield Static(id="who", markup=False)
            yield Static(id="saved", markup=False)
        yield Static(id="plan-first", markup=False)
        yield OptionList(id="plan", markup=False, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Make the plan beside the first paint."""
        self.watch_saving()
        self.query_one("#who", Static).update(status.who(self.interview))
        self.saving_changed()
        self.query_one("#plan").focus()
        self.say("Making the plan.")
        self._prepare()

    @work(exclusive=True, group="preparing")
    async def _prepare(self) -> None:
        try:
            basis = await asyncio.to_thread(lambda: plan_basis(self.interview, self.desk.norms))
            self._decisions = await asyncio.to_thread(Decisions.of, self.case, basis)
        except IntakeError as error:
            self.say_error(error)
            return
        self._show()
        suggestion = (
            "A suggestion: you drop, add and reorder. F5: the week. F4: when to stop or look again."
        )
        self.say(status.trouble(self.case) or suggestion)

    def _show(self, focus: str = "") -> None:
        """Fill the list; the highlight stays on `focus`, or on the line it was on."""
        if self._decisions is None:
            return
        plan = self._decisions.plan
        first = self.query_one("#plan-first", Static)
        first.update(plan_text.opening(plan))
        first.display = bool(plan.said_first or plan.remarks or plan.moved_on)
        options = self.query_one("#plan", OptionList)
        place, wanted = options.highlighted, focus or self._highlighted
        options.set_options(self._options(max(40, self.size.width - 4)))
        ids = [options.get_option_at_index(at).id for at in range(options.option_count)]
        if wanted in ids:
            options.highlighted = ids.index(wanted)
        elif place is not None:
            options.highlighted = _nearest(ids, place)
        else:
            options.highlighted = _nearest(ids, 0)

    def _options(self, width: int) -> Iterator[Option]:
        assert self._decisions is not None, "shown once it is made"
        plan = self._decisions.plan
        for phase in plan.phases:
            yield Option(plan_text.heading(plan, phase.id), disabled=True)
            if not phase.lines:
                yield Option(literal.line("    nothing", "$aside"), disabled=True)
            for place, line in enumerate(phase.lines, start=1):
                yield Option(plan_text.row(line, place, width), id=line.activity.id)
        if plan.held:
            yield Option(literal.line("Nothing suggested yet", "bold"), disabled=True)
        for held in plan_text.held_rows(plan, width):
            yield Option(held, disabled=True)
        if plan.dropped:
            yield Option(literal.line("Dropped", "bold"), disabled=True)
        for dropped in plan.dropped:
            row = plan_text.dropped_row(self._title(dropped.activity), dropped.reason, width)
            yield Option(row, id=f"{_DROPPED}{dropped.activity}")

    @property
    def _highlighted(self) -> str:
        option = self.query_one("#plan", OptionList).highlighted_option
        return (option.id or "") if option else ""

    @property
    def _chosen(self) -> str:
        """The id of the activity on the highlighted line, dropped or not."""
        return self._highlighted.removeprefix(_DROPPED)

    def _line(self, activity: str) -> Line | None:
        assert self._decisions is not None, "asked for once it is made"
        lines = self._decisions.plan.lines
        return next((line for line in lines if line.activity.id == activity), None)

    def _title(self, name: str) -> str:
        activity = self._decisions.basis.activity(name) if self._decisions else None
        return activity.title if activity else name

    # Decisions

    def action_move(self, step: int) -> None:
        """Move the highlighted activity up or down, over the end of its phase into the next."""
        if self._decisions and self._line(self._chosen):
            self._move(self._decisions, self._chosen, step)

    @work(group="deciding")
    async def _move(self, decisions: Decisions, activity: str, step: int) -> None:
        try:
            went = await decisions.move(activity, step)
        except IntakeError as error:
            self.say_error(error)
            return
        self._show(activity)
        self.say("" if went else "It is at the end already.")

    def action_drop(self) -> None:
        """Drop the highlighted activity; no reason is asked."""
        decisions, activity = self._decisions, self._chosen
        if decisions and self._line(activity):
            says = f"Dropped: {self._title(activity)}. F9 takes it back."
            self._decide(decisions.drop(activity), says)

    @work(exclusive=True, group="asking")
    async def action_drop_because(self) -> None:
        """Drop the highlighted activity and say why."""
        decisions, activity = self._decisions, self._chosen
        if decisions is None or self._line(activity) is None:
            return
        reply = await self.asking.ask(Prompt(f"Why is “{self._title(activity)}” dropped?"))
        self.query_one("#plan").focus()
        if reply is not None:
            says = f"Dropped: {self._title(activity)}. F9 takes it back."
            self._decide(decisions.drop(activity, reply.text), says)

    def action_add(self) -> None:
        """Choose an activity from the library; on a dropped line, bring that one back."""
        decisions = self._decisions
        if decisions is None:
            return
        if self._highlighted.startswith(_DROPPED):
            self._added(self._chosen)
            return
        there = {line.activity.id for line in decisions.plan.lines}
        others = [each for each in decisions.basis.activities if each.id not in there]
        self.app.push_screen(LibraryScreen(others, decisions.basis.fits_age), self._added)

    def _added(self, activity: str | None) -> None:
        if activity is not None and self._decisions is not None:
            says = f"Added: {self._title(activity)}. F3 gives a reason."
            self._decide(self._decisions.add(activity), says, activity)

    @work(exclusive=True, group="asking")
    async def action_reason(self) -> None:
        """Give the reason for the highlighted activity, in the plan or dropped."""
        decisions, activity, place = self._decisions, self._chosen, self._highlighted
        if decisions is None or not activity:
            return
        prompt = Prompt(f"{self._title(activity)}: why", initial=decisions.reason(activity))
        reply = await self.asking.ask(prompt)
        self.query_one("#plan").focus()
        if reply is not None:
            self._decide(decisions.give_reason(activity, reply.text), "Reason kept.", place)

    def action_undo(self) -> None:
        """Take the last decision about the plan back."""
        if self._decisions:
            self._take_back(self._decisions, again=False)

    def action_redo(self) -> None:
        """Bring back what was undone."""
        if self._decisions:
            self._take_back(self._decisions, again=True)

    @work(group="deciding")
    async def _take_back(self, decisions: Decisions, *, again: bool) -> None:
        try:
            done = await (decisions.redo() if again else decisions.undo())
        except IntakeError as error:
            self.say_error(error)
            return
        self._show()
        said_so = "Brought back." if again else "Undone."
        self.say(said_so if done else "Nothing of the plan to take back.")

    @work(group="deciding")
    async def _decide(self, decision: Awaitable[None], says: str, focus: str = "") -> None:
        try:
            await decision
        except IntakeError as error:
            self.say_error(error)
            return
        self._show(focus)
        self.say(says)

    # Reading

    @on(OptionList.OptionSelected, "#plan")
    def action_details(self) -> None:
        """Show everything about the highlighted activity."""
        decisions, name = self._decisions, self._chosen
        activity = decisions.basis.activity(name) if decisions else None
        if decisions is None or activity is None:
            return
        line, norms = self._line(name), self.desk.norms
        assert norms is not None, "a plan has been made with them"
        card = card_of(activity, decisions.basis.rules, norms, line)
        text = plan_text.in_full(card, line, decisions.reason(name))
        self.app.push_screen(Page(text))

    def action_week(self) -> None:
        """Show the plan as a week on one page."""
        if self._decisions:
            self.app.push_screen(Page(plan_text.week(self._decisions.plan)))

    def action_rules(self) -> None:
        """Show when to stop, when to look again, and what shaped the plan."""
        if self._decisions:
            self.app.push_screen(Page(plan_text.rules(self._decisions.plan)))


def _nearest(ids: list[str | None], place: int) -> int | None:
    """Return the line nearest to a place, from there on first, that can be highlighted."""
    after = [at for at in range(place, len(ids)) if ids[at] is not None]
    before = [at for at in range(min(place, len(ids))) if ids[at] is not None]
    return after[0] if after else before[-1] if before else None


__all__ = ["PlanScreen"]
