"""The case list: the first screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nmt_intake.errors import IntakeError
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import Prompt
from nmt_intake.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from nmt_intake.casework.cases import Casework
    from nmt_intake.casework.session import Session
    from nmt_intake.store.protocols import CaseSummary

_WIDTHS = (12, 7, 16, 32, 1)
_EMPTY = "No case yet. Press n to start one."
_WELCOME = (
    "nmt-intake holds the conversation in which a family tells a child's life so far, and keeps"
    " what was said, by whom, and how sure it is. From it come ratings that you decide, a map of"
    " what is strong and what is late, and activities to begin with. It decides nothing itself."
    "\n\n"
    "d   look round with a made-up family, whose interview is held already\n"
    "n   start a practice case of your own\n"
    "x   go to the sealed cases, for real people"
)


class CasesScreen(DeskScreen):
    """One line a case, last seen first; Enter goes on at the very question."""

    WHERE: ClassVar[Where] = "cases"
    BINDINGS: ClassVar = bindings("cases")

    def __init__(self, desk: Callable[[], Casework | None]) -> None:
        super().__init__()
        self._desk = desk
        self._cases: dict[str, CaseSummary] = {}
        self._words = ""

    def compose(self) -> ComposeResult:
        """Lay out the head, the list and the bottom lines."""
        yield Static(Content("nmt-intake · cases"), id="top", markup=False)
        yield Static(_head(), id="cases-head", markup=False)
        yield Static(Content(_WELCOME), id="welcome", markup=False)
        yield OptionList(id="cases", markup=False, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Say what happens until the cases are there."""
        self.say("Opening.")

    def on_screen_resume(self) -> None:
        """Read the list again whenever it comes back."""
        self.refill()

    @property
    def desk(self) -> Casework | None:
        """The desk, once it is open."""
        return self._desk()

    @property
    def chosen(self) -> CaseSummary | None:
        """The case on the highlighted line."""
        option = self.query_one("#cases", OptionList).highlighted_option
        return self._cases.get(option.id or "") if option else None

    def wipe(self) -> None:
        """Leave nothing of the list on the screen."""
        self._cases = {}
        self._words = ""
        self.query_one("#cases", OptionList).clear_options()
        self.say("")

    @work(thread=True, exclusive=True, group="list")
    def refill(self) -> None:
        """Read the list and show it."""
        desk = self.desk
        if desk is None or desk.locked:
            return
        try:
            found = list(desk.cases(self._words))
        except IntakeError as error:
            self.app.call_from_thread(self.say_error, error)
            return
        self.app.call_from_thread(self._show, found)

    def _show(self, found: list[CaseSummary]) -> None:
        desk = self.desk
        if desk is None or desk.locked:
            return
        before = self.chosen
        self._cases = {each.case_id: each for each in found}
        title = "Practice · nmt-intake · cases" if desk.practising else "nmt-intake · cases"
        self.query_one("#top", Static).update(Content(title))
        today = desk.now().date()
        cases = self.query_one("#cases", OptionList)
        cases.set_options([Option(_row(each, today), id=each.case_id) for each in found])
        welcome = self.query_one("#welcome")
        welcome.display = desk.practising and not found and not self._words
        ids = list(self._cases)
        if ids:
            cases.highlighted = ids.index(before.case_id) if before and before.case_id in ids else 0
        if self.asking.asks:
            return
        cases.focus()
        if self._words:
            self.say(f"Shown: “{self._words}”. Press / and Enter for all.")
        else:
            self.say(desk.notice or ("" if found or desk.practising else _EMPTY))

    @on(OptionList.OptionSelected, "#cases")
    def action_open(self, _event: object = None) -> None:
        """Go on with the highlighted case."""
        self._with_case("interview")

    def action_rate(self) -> None:
        """Rate the highlighted case."""
        self._with_case("rating")

    def action_report(self) -> None:
        """Show the report of the highlighted case."""
        self._with_case("report")

    def action_plan(self) -> None:
        """Show the plan of the highlighted case."""
        self._with_case("plan")

    def action_find_out(self) -> None:
        """Show what is left of the highlighted case; from there Enter goes to the question."""
        self._with_case("find_out")

    def action_vault(self) -> None:
        """Show what can be done with the vault, while it is open."""
        from nmt_intake.tui.vault.menu import VaultMenu

        desk = self.desk
        if desk is None or desk.locked:
            return
        if desk.practising:
            self.say("Nothing protects practice cases. x goes to the sealed ones.")
            return
        self.app.push_screen(VaultMenu.of(desk))

    @work(exclusive=True, group="asking")
    async def action_practice(self) -> None:
        """Go from the sealed cases to the practice cases, or back."""
        from nmt_intake.store.home import VaultState
        from nmt_intake.tui.vault.entry import entrance

        desk = self.desk
        if desk is None or desk.locked:
            return
        there = VaultState.OPEN if desk.practising else VaultState.PRACTICE
        if there is VaultState.OPEN and not desk.home.holds_keys:
            there = await self.app.push_screen_wait(entrance(desk)) or VaultState.PRACTICE
        self.wipe()  # Else a key could open a case of the one store in the other.
        desk.have_at_hand(there)
        self.refill()

    @work(thread=True, exclusive=True, group="open")
    def rehearse(self) -> None:
        """Open the practice case of the persona that the desk was started with."""
        desk = self.desk
        if desk is None or desk.locked or desk.persona is None:
            return
        try:
            case = desk.rehearse(desk.persona)
        except IntakeError as error:
            self.app.call_from_thread(self.say_error, error)
            return
        self.app.call_from_thread(self._show_case, case, "interview")

    @work(thread=True, exclusive=True, group="open")
    def action_demo(self) -> None:
        """Look round with a made-up family."""
        desk = self.desk
        if desk is None or desk.locked:
            return
        if not desk.practising:
            self.app.call_from_thread(self.say, "x goes to the practice cases; d works there.")
            return
        self.app.call_from_thread(self.say, "The made-up family is on its way.")
        try:
            case = desk.look_round()
        except (IntakeError, OSError):
            self.app.call_from_thread(self.say, "This question bank has no made-up family.")
            return
        self.app.call_from_thread(self._show_case, case, "interview")

    def action_new(self) -> None:
        """Start a case."""
        if self.desk is None or self.desk.locked:
            return
        from nmt_intake.tui.screens.new_case import NewCaseScreen

        self.app.push_screen(NewCaseScreen(self.desk), self._started)

    @work(exclusive=True, group="asking")
    async def action_search(self) -> None:
        """Show only the cases with these words."""
        reply = await self.asking.ask(Prompt("Search", "Enter searches · Esc back"))
        if reply is not None:
            self._words = reply.text
        self.query_one("#cases").focus()
        self.refill()

    def _started(self, case: Session | None) -> None:
        if case is not None:
            self._show_case(case, "interview")

    @work(thread=True, exclusive=True, group="open")
    def _with_case(self, screen: str) -> None:
        desk, chosen = self.desk, self.chosen
        if desk is None or chosen is None:
            return
        self.app.call_from_thread(self.say, "Opening the case.")
        try:
            case = desk.open(chosen)
        except IntakeError as error:
            self.app.call_from_thread(self._tell, error, chosen, screen)
            return
        self.app.call_from_thread(self._show_case, case, screen)

    def _tell(self, error: IntakeError, chosen: CaseSummary, screen: str) -> None:
        """Say why a case cannot be gone on with, and offer to read it where that is possible."""
        # Deferred: with the store's errors comes the whole store, and the first text waits for it.
        from nmt_intake.store.errors import CaseClaimed, CaseDamaged
        from nmt_intake.tui.vault.covers import CaseTold

        self.say("")
        match error:
            case CaseClaimed():
                told = CaseTold.elsewhere(error)
            case CaseDamaged():
                told = CaseTold.damaged(error)
            case _:
                self.say_error(error)
                return

        def answered(reads: bool | None) -> None:
            if reads:
                self._read(chosen, screen)

        self.app.push_screen(told, answered)

    @work(thread=True, exclusive=True, group="open")
    def _read(self, chosen: CaseSummary, screen: str) -> None:
        desk = self.desk
        if desk is None or desk.locked:
            return
        try:
            case = desk.resume(chosen)
        except IntakeError as error:
            self.app.call_from_thread(self.say_error, error)
            return
        self.app.call_from_thread(self._show_case, case, screen)

    def _show_case(self, case: Session, screen: str) -> None:
        assert self.desk is not None, "a case comes from a desk"
        if self.desk.locked:
            # It was locked while the case was being opened: nothing goes over the lock screen.
            case.close()
            return
        self.say("")
        match screen:
            case "rating":
                from nmt_intake.tui.screens.rating import RatingScreen

                self.app.push_screen(RatingScreen(self.desk, case, closes=True))
            case "plan":
                from nmt_intake.tui.screens.plan import PlanScreen

                self.app.push_screen(PlanScreen(self.desk, case, closes=True))
            case "report":
                from nmt_intake.tui.screens.report import ReportScreen

                self.app.push_screen(ReportScreen(self.desk, case, closes=True))
            case _:
                from nmt_intake.tui.screens.interview import InterviewScreen

                interview = InterviewScreen(self.desk, case)
                self.app.push_screen(interview)
                if screen == "find_out":
                    interview.call_after_refresh(interview.action_find_out)


def _head() -> Content:
    names = ("alias", "age", "last seen", "what next", "⚑", "who")
    return _columns([literal.line(name, "$aside") for name in names])


def _row(summary: CaseSummary, today: date) -> Content:
    return _columns(
        [
            literal.line(summary.label.alias or "(no alias)", "bold"),
            literal.line(_age(summary, today)),
            literal.line(_moment(summary.last_seen)),
            literal.line(next_step(summary)),
            literal.line("⚑" if summary.safety else ""),
            literal.line(summary.label.who),
        ]
    )


def next_step(summary: CaseSummary) -> str:
    """Return what a case needs next, in the words of the list."""
    counts = summary.counts
    find = f" · {counts.to_find_out} to find out" if counts.to_find_out else ""
    match summary.status:
        case "new":
            return "begin"
        case "collecting":
            return f"go on: {counts.open} open{find}"
        case "ready to rate":
            return f"rate{find}"
        case "rated":
            return f"read and sign{find}"
        case status:
            return status


def _columns(cells: list[Content]) -> Content:
    fitted = [
        cell.truncate(width, ellipsis=True, pad=True)
        for cell, width in zip(cells, _WIDTHS, strict=False)
    ]
    return Content(" ").join([*fitted, cells[-1]])


def _age(summary: CaseSummary, today: date) -> str:
    """Return the age at the interview; of a line that does not say, today's by the birth."""
    birth, months = summary.label.birth or "", summary.age_months
    if months is None:
        try:
            born = date.fromisoformat(birth)
        except ValueError:
            return f"~{today.year - int(birth[:4])} y" if birth[:4].isdigit() else ""
        months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    years, rest = divmod(max(0, int(months)), 12)
    return f"{years} y {rest} m" if years >= 2 else f"{years * 12 + rest} m"


def _moment(stamp: str) -> str:
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return stamp
