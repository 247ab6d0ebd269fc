"""The report as it stands: to read, to save to a file, to sign."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import TextArea

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.reports import make_report, save_report
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import STATEMENT, Addendum, Reopened, Signed
from nmt_intake.report.options import Edition, Length, Wanted
from nmt_intake.text import clean, clean_line
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import AskingLine, Prompt
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import status

if TYPE_CHECKING:
    from nmt_intake.report import Format, Report
    from nmt_intake.report.disclosure import Recipient

_LONGEST = 2_000_000
_NARROWEST, _WIDEST = 40, 110


class ReportScreen(CaseScreen):
    """Shows the report as text: a widget for every block of it would take a second."""

    WHERE: ClassVar[Where] = "report"
    BINDINGS: ClassVar = bindings("report")

    def __init__(self, desk: Casework, case: Session, *, closes: bool = False) -> None:
        super().__init__(desk, case, closes=closes)
        self._report: Report | None = None
        self._wanted = Wanted()
        self._edition = Edition()

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield from self.top()
        yield TextArea("", id="report", read_only=True, soft_wrap=True, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Make the report beside the first paint."""
        text = self.query_one(TextArea)
        text.cursor_blink = False
        text.focus()
        self.watch_saving()
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        self._make()

    @work(thread=True, exclusive=True, group="report")
    def _make(self) -> None:
        self.app.call_from_thread(self.say, "Writing the report.")
        try:
            report = make_report(self.interview, self.desk.norms, self._wanted, self._edition)
        except IntakeError as error:
            self.app.call_from_thread(self.say_error, error)
            return
        self.app.call_from_thread(self._made, report)

    def _made(self, report: Report) -> None:
        self._report = report
        # Deferred: with the rest of the report, which only this screen needs.
        from nmt_intake.report.preview import preview

        text = self.query_one(TextArea)
        width = max(_NARROWEST, min(_WIDEST, text.size.width - 3))
        text.load_text(clean(preview(report.markdown, width), _LONGEST))
        parts = (f"Length: {self._edition.length}.", wanted_line(self._wanted))
        self.say(status.trouble(self.case) or " ".join(each for each in parts if each))

    def action_length(self) -> None:
        """Write it in the next length: report, record, summary."""
        now = self._edition.length
        self._edition = replace(self._edition, length=_NEXT_LENGTH[now])
        self._make()

    @work(exclusive=True, group="asking")
    async def action_options(self) -> None:
        """Change what the reader of this report may see; the text changes with it."""
        before = self._wanted
        # Deferred: with the rest of the report, which only this screen needs.
        from nmt_intake.report.disclosure import policy_for

        def narrowed(reader: Recipient, asked: Wanted) -> Wanted:
            return policy_for(reader, self.interview, asked)

        try:
            self._wanted = await ask_wanted(self.asking, before, narrowed)
        except IntakeError as error:
            self.say_error(error)
        self.query_one(TextArea).focus()
        if self._wanted != before:
            self._make()

    @work(exclusive=True, group="asking")
    async def action_save(self, kind: Format) -> None:
        """Ask where to, and write the file there; the name proposed holds nothing personal."""
        report = self._report
        if report is None:
            self.say("The report is still being written.")
            return
        name = f"report-{self.case.file.case_id[:8]}.{kind}"
        prompt = Prompt("Save to", "Enter saves · Esc back", initial=str(self.desk.reports / name))
        reply = await self.asking.ask(prompt)
        self.query_one(TextArea).focus()
        if reply is None or not reply.text:
            return
        path = Path(reply.text).expanduser()
        self.say("Saving the report.")
        try:
            await asyncio.to_thread(save_report, self.desk, self.case, report, kind, path)
        except IntakeError as error:
            self.say_error(error)
            return
        self.say(f"Saved to {path}. It is not sealed: keep it where it belongs.")

    @work(exclusive=True, group="asking")
    async def action_sign(self) -> None:
        """Sign the record, with a name."""
        if self.interview.signed:
            self.say("It is signed. F10 reopens it, with a reason.")
            return
        if not self.may_record():
            return
        # Deferred: the ratings are worked out for it.
        from nmt_intake.casework.signing import left_open

        unfinished = await asyncio.to_thread(left_open, self.interview, self.desk.norms)
        if not await self.app.push_screen_wait(Page(checklist(unfinished))):
            return
        signed = await ask_signature(self.asking, self.desk.worker)
        self.query_one(TextArea).focus()
        if signed and self.record(Signed, **signed, left_open=unfinished):
            self.say("Signed. Only reopening changes it; F11 adds to it.")
            self._make()

    @work(exclusive=True, group="asking")
    async def action_add(self) -> None:
        """Add something to a signed record, which stays as it was signed."""
        if not self.may_record(Addendum):
            return
        if not self.interview.signed:
            self.say("It is not signed: change it where it belongs.")
            return
        words = await self.asking.ask(Prompt("Added"))
        who = await self.asking.ask(Prompt("By", initial=self.desk.worker)) if words else None
        self.query_one(TextArea).focus()
        if not (words and words.text and who and who.text):
            return
        if self.record(Addendum, text=words.text, by=who.text):
            self.say("Added. The record stays as it was signed.")
            self._make()

    def action_plan(self) -> None:
        """Show the plan of the report, and write the report again with what is decided there."""
        from nmt_intake.tui.screens.plan import PlanScreen

        self.app.push_screen(PlanScreen(self.desk, self.case), self._planned)

    def _planned(self, _result: None) -> None:
        self._make()

    @work(exclusive=True, group="asking")
    async def action_reopen(self) -> None:
        """Reopen a signed record, with a reason."""
        if not self.interview.signed:
            self.say("It is not signed.")
            return
        reply = await self.asking.ask(Prompt("Why is it reopened?"))
        self.query_one(TextArea).focus()
        if reply and reply.text and self.record(Reopened, reason=reply.text):
            self.say("Reopened.")
            self._make()


async def ask_wanted(
    line: AskingLine, wanted: Wanted, narrowed: Callable[[Recipient, Wanted], Wanted]
) -> Wanted:
    """Ask, until Esc or Enter, what the reader of a report may see.

    `narrowed` gives what a reader of a kind may have at most, with the limits that were agreed;
    it raises IntakeError where that reader may have nothing.
    """
    while True:
        choices = tuple(literal.line(each) for each in (*_options(wanted), *_READERS))
        keys = "1-8 change · Enter or Esc writes it so"
        reply = await line.ask(Prompt("The reader sees", keys, choices, said=False))
        match reply.choice if reply else None:
            case 0:
                wanted = replace(wanted, substance=not wanted.substance)
            case 1:
                wanted = replace(wanted, safety_words=not wanted.safety_words)
            case 2:
                wanted = replace(wanted, name=await ask_pseudonym(line, wanted.name))
            case 3:
                wanted = replace(wanted, third_parties=not wanted.third_parties)
            case 4:
                wanted = replace(wanted, dates=not wanted.dates)
            case 5 | 6 | 7 as place:
                reader = tuple(_READERS.values())[place - 5]
                wanted = narrowed(reader, replace(wanted, safety_words=False))
            case _:
                return wanted


async def ask_signature(line: AskingLine, worker: str) -> dict[str, str] | None:
    """Ask who signs, as what, and with which words; None where somebody went back."""
    by = await line.ask(Prompt("Signed by", initial=worker))
    if by is None or not by.text:
        return None
    role = await line.ask(Prompt("As what? Clinician, trainee, supervisor"))
    statement = await line.ask(Prompt("Statement", initial=STATEMENT)) if role else None
    if role is None or statement is None:
        return None
    return {"by": by.text, "role": role.text, "statement": statement.text}


def checklist(unfinished: Sequence[str]) -> Content:
    """Return the page before signing: what is unfinished; none of it forbids to sign."""
    lines = [literal.line("Before it is signed", "bold"), Content(" ")]
    lines += [literal.line(f"· {each}") for each in unfinished] or [
        literal.line("Nothing is unfinished.")
    ]
    kept = "What stands here is kept with the signature. Enter signs, Esc goes back."
    return literal.lines(*lines, Content(" "), literal.line(kept, "$aside"))


async def ask_pseudonym(line: AskingLine, now: str | None) -> str | None:
    """Ask for a name in place of the initials; blank gives the initials back."""
    reply = await line.ask(Prompt("Pseudonym; blank: the initials", initial=now or ""))
    return now if reply is None else clean_line(reply.text, 60) or None


def wanted_line(wanted: Wanted) -> str:
    """Return what differs from the usual in what the reader sees, or nothing."""
    return "" if wanted == Wanted() else f"The reader sees: {'; '.join(_options(wanted))}."


_NEXT_LENGTH: Final[Mapping[Length, Length]] = {
    "report": "record",
    "record": "summary",
    "summary": "report",
}
_READERS: Final[Mapping[str, Recipient]] = {
    "for the family: what they may have": "family",
    "for the school: what it may have": "school",
    "for research: what it may have": "research",
}


def _options(wanted: Wanted) -> tuple[str, ...]:
    return (
        f"answers about substance use: {'shown' if wanted.substance else 'left out'}",
        f"the words of safety notes: {'shown' if wanted.safety_words else 'left out'}",
        f"the client's name: {wanted.name or 'the initials'}",
        f"other people's own lives: {'shown' if wanted.third_parties else 'left out'}",
        f"dates: {'shown' if wanted.dates else 'as ages'}",
    )
