"""People, homes and events: taken out, brought back, joined, said to be all; each can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias, get_args

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.events import (
    Answered,
    EntriesComplete,
    InstanceAdded,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    Retracted,
)
from nmt_intake.interview.graph import loop_of
from nmt_intake.interview.slots import SlotState
from nmt_intake.interview.speaking import instance_name, labels_of, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.interview.walk import next_instance
from nmt_intake.tui import literal
from nmt_intake.tui.commands import Where, bindings
from nmt_intake.tui.panes.asking_line import AskingLine, Prompt
from nmt_intake.tui.screens.with_case import CaseScreen
from nmt_intake.tui.views import status

Loop: TypeAlias = Literal["caregiver", "placement", "exposure"]
_TITLES: Final[dict[Loop, str]] = {
    "caregiver": "Carers",
    "placement": "Homes",
    "exposure": "Hard things",
}


_PAGE: Final = 8  # so many answers at a time; the ninth key shows more


@dataclass(frozen=True, slots=True)
class Named:
    """One entry: what it is called, and what became of it; `answers` is how many it holds."""

    instance: str
    name: str
    state: Literal["here", "out", "joined"]
    answers: int
    into: str = ""


def entries(interview: Interview, loop: Loop) -> tuple[Named, ...]:
    """Return the entries of a kind: those that count, then those taken out, then those joined."""
    found = interview.spoken.entries
    out = sorted(each for each in found.removed if loop_of(each) == loop)
    joined = sorted(each for each in found.into if loop_of(each) == loop and each not in out)
    here = (_entry(interview, each, "here") for each in interview.instances(loop))
    return (
        *here,
        *(_entry(interview, each, "out") for each in out),
        *(_entry(interview, each, "joined") for each in joined),
    )


def _entry(interview: Interview, instance: str, state: Literal["here", "out", "joined"]) -> Named:
    answers = sum(bool(said.given) for _slot, said in _spoken(interview, instance))
    into = interview.spoken.entries.into.get(instance, "") if state == "joined" else ""
    name = instance_name(interview, into) if into else ""
    return Named(instance, called(interview, instance), state, answers, name)


def _spoken(interview: Interview, instance: str) -> list[tuple[str, SlotState]]:
    prefix = f"{instance}/"
    return [(slot, said) for slot, said in interview.slots.items() if slot.startswith(prefix)]


def called(interview: Interview, instance: str) -> str:
    """Return what an entry is called, also one that is taken out."""
    if instance in interview.setting.named:
        return instance_name(interview, instance)
    for question in interview.graph.naming_questions:
        for event in interview.history(f"{instance}/{question.id}"):
            if isinstance(event, Answered) and event.id not in interview.retracted:
                return in_words(question, event.value)
    added = interview.in_force(f"instance:{instance}", InstanceAdded)
    label = added[-1].label if added else ""
    return label or instance_name(interview, instance).strip()


class EntriesScreen(CaseScreen):
    """Lists everybody and everything that was named, and what became of each."""

    WHERE: ClassVar[Where] = "entries"
    BINDINGS: ClassVar = bindings("entries")
    DEFAULT_CSS = """
    EntriesScreen #entries { height: 1fr; padding: 0 1; margin-top: 1; }
    """

    def __init__(self, desk: Casework, case: Session) -> None:
        super().__init__(desk, case)
        self._rows: dict[str, Named] = {}

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield from self.top()
        yield OptionList(id="entries", markup=False, compact=True)
        yield from self.bottom()

    def on_mount(self) -> None:
        """Show the entries."""
        self.watch_saving()
        self.refill()
        self.say(status.trouble(self.case))

    def refill(self) -> None:
        """Read the entries and show them; the highlight stays on its entry."""
        before = self.entry
        self.put("#who", status.who(self.interview))
        self.saving_changed()
        options = self.query_one(OptionList)
        options.set_options(list(self._options()))
        if before and before.instance in self._rows:
            options.highlighted = options.get_option_index(before.instance)
        elif self._rows:
            options.highlighted = options.get_option_index(next(iter(self._rows)))
        else:
            options.highlighted = None
        options.focus()

    def _options(self) -> Iterator[Option]:
        self._rows = {}
        for loop in get_args(Loop):
            found = entries(self.interview, loop)
            all_told = loop in self.interview.setting.complete
            head = f"{_TITLES[loop]} ({len(self.interview.instances(loop))})"
            head += ", that is everybody" if all_told and loop == "caregiver" else ""
            head += ", that is all" if all_told and loop != "caregiver" else ""
            yield Option(literal.line(head, "bold"), disabled=True)
            for each in found:
                self._rows[each.instance] = each
                yield Option(_row(each), each.instance)

    @property
    def entry(self) -> Named | None:
        """The entry that is highlighted."""
        option = self.query_one(OptionList).highlighted_option
        return self._rows.get(option.id or "") if option else None

    def action_remove(self) -> None:
        """Take an entry out; it is kept, and counts nowhere."""
        entry = self.entry
        if entry is None or entry.state != "here":
            self.say("There is nothing to take out here.")
        elif self.record(InstanceRemoved, instance=entry.instance):
            self.refill()
            self.say(f"{entry.name}: taken out. It is kept and counts nowhere; F9 undoes it.")

    def action_bring_back(self) -> None:
        """Bring back an entry that was taken out, or part two that were joined."""
        entry = self.entry
        if entry is None or entry.state == "here":
            self.say("This one counts already." if entry else "There is nothing to bring back.")
            return
        if entry.state == "out":
            done = self.record(InstanceRemoved, instance=entry.instance, removed=False)
        else:
            joins = self.interview.in_force(f"join:{entry.instance}", InstancesJoined)
            done = self.record(Retracted, target=joins[-1].id) if joins else None
        if done is not None:
            self.refill()
            self.say(f"{entry.name}: back.")

    @work(exclusive=True, group="asking")
    async def action_join(self) -> None:
        """Say that an entry is the same as another; their words are read as one's."""
        entry = self.entry
        if entry is None or entry.state != "here":
            self.say("Choose one that counts.")
            return
        loop = loop_of(entry.instance)
        others = [
            each
            for each in self._rows.values()
            if each.state == "here" and each != entry and loop_of(each.instance) == loop
        ]
        if not others:
            self.say("There is no other to join it with.")
            return
        if not self.may_record():
            return
        other = await ask_other(self.asking, entry, others)
        if other is not None and self.record(
            InstancesJoined, instance=entry.instance, into=other.instance
        ):
            self.refill()
            self.say(f"{entry.name} and {other.name} are one now; F9 parts them.")
        else:
            self.query_one(OptionList).focus()

    @work(exclusive=True, group="asking")
    async def action_split(self) -> None:
        """Say that an entry is two: the answers that are marked go to a new one."""
        entry = self.entry
        if entry is None or entry.state != "here":
            self.say("Choose one that counts.")
            return
        words = self.interview.words_of(entry.instance)
        if not words:
            self.say("Nothing was said of this one yet.")
            return
        if not self.may_record():
            return
        lines = {event: self._said(slot, event) for event, slot in words.items()}
        marked = await ask_which(self.asking, entry, lines)
        reply = (
            await self.asking.ask(Prompt("What shall we call the other one?")) if marked else None
        )
        if reply is not None and reply.text:
            loop = loop_of(entry.instance) or ""
            other = next_instance(self.interview, loop)
            self.record(InstanceAdded, instance=other, label=reply.text)
            if self.record(InstanceSplit, instance=entry.instance, into=other, words=marked):
                self.refill()
                self.say(
                    f"{entry.name} and {reply.text} are two now; F9 takes it back, step by step."
                )
                return
        self.query_one(OptionList).focus()

    def _said(self, slot: str, event: str) -> str:
        """Return what was asked and said, in one line."""
        interview, language = self.interview, self.desk.settings.language
        asked = spoken(interview, slot, language).ask
        question = interview.question(slot)
        given = next((each for each in interview.said(slot).given if each.event == event), None)
        if question is None or given is None:
            return f"{asked} {said_in_words(interview, slot, language)}"
        return (
            f"{asked} {in_words(question, given.value, labels_of(interview, question, language))}"
        )

    def action_complete(self) -> None:
        """Say that all of a kind were named, or that there may be more after all."""
        entry = self.entry
        loop = loop_of(entry.instance) if entry else None
        if loop is None:
            self.say("Nobody and nothing was named yet.")
            return
        done = loop in self.interview.setting.complete
        if self.record(EntriesComplete, loop=loop, complete=not done):
            self.refill()
            title = _TITLES[loop]  # type: ignore[index]
            self.say(f"{title}: there may be more." if done else f"{title}: that is all of them.")

    def action_undo(self) -> None:
        """Take the last thing back."""
        self.take_back(again=False)
        self.refill()

    def action_redo(self) -> None:
        """Bring back what was undone."""
        self.take_back(again=True)
        self.refill()


async def ask_which(line: AskingLine, entry: Named, lines: Mapping[str, str]) -> list[str]:
    """Ask which answers of an entry are the other's: marked by number, eight at a time."""
    marked: list[str] = []
    events = list(lines)
    start = 0
    while True:
        page = events[start : start + _PAGE]
        marks = ("[x]" if each in marked else "[ ]" for each in page)
        choices = [
            literal.line(f"{mark} {lines[each]}") for mark, each in zip(marks, page, strict=True)
        ]
        if len(events) > _PAGE:
            choices += [literal.line("")] * (_PAGE - len(page)) + [literal.line("more")]
        label = f"Which of these are not {entry.name}'s?"
        reply = await line.ask(Prompt(label, "1-9 mark · Enter done · Esc back", tuple(choices)))
        if reply is None:
            return []
        if reply.choice is None:
            return marked
        if reply.choice == _PAGE:
            start = start + _PAGE if start + _PAGE < len(events) else 0
        elif reply.choice < len(page):
            event = page[reply.choice]
            (marked.remove if event in marked else marked.append)(event)


async def ask_other(line: AskingLine, entry: Named, others: list[Named]) -> Named | None:
    """Ask which entry another one is the same as: by its number, or by its name."""
    choices = tuple(literal.line(each.name) for each in others)
    reply = await line.ask(Prompt(f"{entry.name} is the same as", "1-9 choose · Esc back", choices))
    if reply is None:
        return None
    if reply.choice is not None:
        return others[reply.choice]
    words = reply.text.casefold()
    named = [each for each in others if words and words in each.name.casefold()]
    return named[0] if len(named) == 1 else None


def _row(entry: Named) -> Content:
    held = "1 answer" if entry.answers == 1 else f"{entry.answers} answers"
    about = {"here": held, "out": "taken out, kept", "joined": f"is {entry.into}"}[entry.state]
    style = "" if entry.state == "here" else "$aside"
    return Content("  ").join(
        [Content(""), literal.line(entry.name, style), literal.line(about, "$aside")]
    )
