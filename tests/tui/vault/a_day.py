"""A day at the desk on which something is typed wherever something can be typed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from nmt_intake.casework.opening import opener
from nmt_intake.interview.events import (
    Answered,
    Client,
    ClientDescribed,
    FactSettled,
    InstanceAdded,
    InstanceRemoved,
    InstancesJoined,
    InstanceSplit,
    Rated,
    SafetyAcknowledged,
)
from nmt_intake.interview.kinds import TYPED
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.tui.app import DeskApp
from nmt_intake.tui.panes.asking_line import AskingLine, Reply
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.find_out import FindOutScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.vault.entry import Unlock
from nmt_intake.tui.vault.menu import VaultMenu
from nmt_intake.tui.vault.page import Typed, VaultPage
from nmt_intake.vocabulary import FUNCTIONS
from tests.tui.driving import NARROW, calm, interview, keys, rating, shown, words
from tests.tui.vault.canaries import EVENTS, canary, filled, kind_of, text_fields
from tests.tui.vault.homes import settle

PASSPHRASE = f"{canary('passphrase')} violet kettle orbit ladder"
KINDS = {
    "text": "welcome.reads_what",
    "person": "{carer}/carers.who",
    "interval": "{carer}/carers.time_of_care",
    "number": "kinds.hours",
    "age": "kinds.walked",
    "date": "kinds.moved",
}
# Refused where they fit nothing that was said: recorded where it was.
OF_ENTRIES_AND_FACTS = {InstanceRemoved, InstancesJoined, InstanceSplit, FactSettled}


@dataclass
class Day:
    """What was typed and where; `places` and `widgets` are those that took a canary."""

    asked_for: Path
    words: list[str] = field(default_factory=list[str])
    replies: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    widgets: set[str] = field(default_factory=set[str])
    kinds: set[str] = field(default_factory=set[str])
    files: list[Path] = field(default_factory=list[Path])

    @property
    def places(self) -> set[str]:
        """Where the desk asked and got a canary."""
        return {
            place
            for place, replies in self.replies.items()
            if any(word in reply for word in self.words for reply in replies)
        }

    async def put(self, pilot: Pilot[int], name: str, *then: str, after: str = "") -> None:
        """Type the canary of this name where the cursor is, then press keys."""
        word = canary(name)
        assert word not in self.words, f"{name} twice"
        self.words.append(word)
        await words(pilot, word + after)
        focused = pilot.app.screen.focused
        assert isinstance(focused, Input | TextArea), name
        typed = focused.value if isinstance(focused, Input) else focused.text
        assert word in typed, f"{name} was not taken in"
        self.widgets.add(focused.id or "")
        await press(pilot, *then)

    async def put_file(self, pilot: Pilot[int], name: str, ending: str) -> None:
        """Name a file by a canary, in place of the one that is offered."""
        path = self.asked_for / f"{canary(name)}{ending}"
        self.words.append(canary(name))
        self.files.append(path)
        await press(pilot, "end", "ctrl+u")
        await words(pilot, str(path))
        await press(pilot, "enter")

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Note each reply with the function that asked for it."""
        line, page = AskingLine.ask, VaultPage.ask

        async def ask(asking: AskingLine, prompt: Any) -> Reply | None:
            place = _caller()
            reply = await line(asking, prompt)
            self.replies[place].add(reply.text if reply else "")
            return reply

        async def ask_on_page(asking: VaultPage[Any], step: Any) -> Any:
            place = _caller()
            reply = await page(asking, step)
            self.replies[place].add(reply.text if isinstance(reply, Typed) else "")
            return reply

        monkeypatch.setattr(AskingLine, "ask", ask)
        monkeypatch.setattr(VaultPage, "ask", ask_on_page)


def _caller() -> str:
    code = sys._getframe(2).f_code
    return f"{Path(code.co_filename).stem}.{code.co_name}"


async def press(pilot: Pilot[Any], *pressed: str) -> None:
    for key in pressed:
        await keys(pilot, key)
        if isinstance(pilot.app.screen, VaultPage):
            await settle(pilot)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        await calm(pilot)
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(shown(pilot))


async def a_day(day: Day, bank: Path) -> None:
    async with DeskApp(opener(bank, None)).run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, VaultPage))
        await settle(pilot)
        await _first_run(day, pilot)
        await press(pilot, "ctrl+s", "enter")
        await day.put(pilot, "worker", "enter")
        await press(pilot, "escape", "ctrl+p")
        await day.put(pilot, "palette", "escape")
        await _people(day, pilot)
        await _words(day, pilot)
        await _typed_answers(day, pilot)
        await _half_typed_and_locked(day, pilot)
        await _rated_and_planned(day, pilot)
        await _every_event(day, pilot)
        await _settled_and_joined(day, pilot)
        await _reported(day, pilot)
        await _vault(day, pilot)
        await press(pilot, "n")
        await day.put(pilot, "erased alias", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, InterviewScreen))
        await press(pilot, "alt+e", "enter", "ctrl+q")


async def _first_run(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "enter")
    await day.put(pilot, "passphrase", "enter", after=PASSPHRASE.removeprefix(canary("passphrase")))
    await words(pilot, PASSPHRASE)
    await press(pilot, "enter")
    await until(pilot, lambda: bool(_codes(pilot)))
    (code,) = _codes(pilot)
    day.words += [code.lower(), code.replace("-", "").lower(), code, code.replace("-", "")]
    await press(pilot, "enter")
    await day.put(pilot, "wrong code", "enter")
    await until(pilot, lambda: "This is not the code" in shown(pilot))
    await press(pilot, "end", "ctrl+u")
    await words(pilot, code)
    await press(pilot, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CasesScreen))


def _codes(pilot: Pilot[int]) -> list[str]:
    return [word for word in shown(pilot).split() if word.count("-") == 5]


async def _people(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "n")
    await day.put(pilot, "alias", "enter")
    await day.put(pilot, "born", "enter")
    assert "Not read as a date or an age" in shown(pilot)
    await press(pilot, "end", "ctrl+u")
    await words(pilot, "2019-09-14", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, InterviewScreen))
    await press(pilot, "alt+i")
    await day.put(pilot, "relation", "enter")
    await day.put(pilot, "kind of informant", "enter")
    await day.put(pilot, "known since", "enter")
    await press(pilot, "alt+a")
    await day.put(pilot, "add to time line", "enter")
    await press(pilot, "alt+f")


async def _words(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "alt+n")
    await day.put(pilot, "note", "enter")
    await press(pilot, "alt+q")
    await day.put(pilot, "who would know", "enter")
    await press(pilot, "slash")
    await day.put(pilot, "captured", "enter", after=" would not sleep")
    assert interview(pilot).slot == "kinds.often"
    await press(pilot, "2", "slash")
    await day.put(pilot, "captured aside", "tab")
    await press(pilot, "alt+g")
    await day.put(pilot, "looked up", "enter")
    await press(pilot, "exclamation_mark")
    await day.put(pilot, "safety topic", "enter")
    await press(pilot, "exclamation_mark", "1")
    await day.put(pilot, "safety words", "enter")
    await day.put(pilot, "who was informed", "enter")
    await press(pilot, "exclamation_mark", "5")
    await day.put(pilot, "safety closed", "enter")
    await press(pilot, "escape")


async def _typed_answers(day: Day, pilot: Pilot[int]) -> None:
    """An answer of each kind that is typed; what does not fit stays on the line as a draft."""
    screen = interview(pilot)
    screen.go(AtQuestion("welcome.reads"))
    await press(pilot, "1")
    screen.add_instance("caregiver")
    await calm(pilot)
    carer = screen.interview.instances("caregiver")[-1]
    for kind in TYPED:
        screen.go(AtQuestion(KINDS[kind].format(carer=carer)))
        await calm(pilot)
        assert screen.question is not None
        assert screen.question.kind == kind
        day.kinds.add(kind)
        await day.put(pilot, f"answer {kind}", "enter", "escape")
    screen.go(AtQuestion("welcome.reads_what"))
    await calm(pilot)
    await press(pilot, "end", "ctrl+u")
    await day.put(pilot, "corrected", "enter")
    await press(pilot, "alt+u", "ctrl+y")
    screen.go(AtQuestion("kinds.people"))
    await calm(pilot)
    await day.put(pilot, "cell", "enter")
    await day.put(pilot, "cell with a choice", "enter")


async def _half_typed_and_locked(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "alt+n")
    await day.put(pilot, "half a note", "ctrl+l")
    assert isinstance(pilot.app.screen, Unlock)
    await day.put(pilot, "wrong passphrase", "enter")
    await press(pilot, "f2")
    await day.put(pilot, "wrong recovery code", "enter")
    await words(pilot, PASSPHRASE)
    await press(pilot, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CasesScreen))
    await until(pilot, lambda: canary("alias")[:9] in shown(pilot))
    await press(pilot, "slash")
    await day.put(pilot, "searched", "enter")
    await press(pilot, "slash", "enter", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, InterviewScreen))
    kept = " ".join(note.text for note in interview(pilot).interview.notes)
    for name in ("half a note", "answer number", "answer age", "answer date", "answer interval"):
        assert canary(name) in kept


async def _rated_and_planned(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "ctrl+r", "alt+r")
    await day.put(pilot, "rating reason", "enter")
    await press(pilot, "5", "alt+g")
    await day.put(pilot, "rating looked up", "enter")
    for name in FUNCTIONS:  # with less than half of them rated there is no plan
        rating(pilot).record(Rated, rating=f"functions.{name}", value=5)
    await press(pilot, "alt+a")
    await until(pilot, lambda: "A suggestion" in shown(pilot))
    await press(pilot, "alt+q")
    await day.put(pilot, "dropped because", "enter")
    await press(pilot, "alt+r")
    await day.put(pilot, "plan reason", "enter")
    await press(pilot, "alt+a")
    await day.put(pilot, "library", "escape")
    await press(pilot, "escape", "escape")


async def _every_event(day: Day, pilot: Pilot[int]) -> None:
    """What the desk's own keys can't fill: every text of every event, the signed ones too."""
    screen = interview(pilot)
    for event in EVENTS:
        if event in OF_ENTRIES_AND_FACTS:
            continue
        fields = list(text_fields(event, kind_of(event)))
        if fields:
            content = filled(event, kind_of(event))
            if event is SafetyAcknowledged:
                content["raised"] = screen.interview.open_safety[-1].id
            screen.record(event, **content)  # type: ignore[type-var]
            day.words += [canary(name) for name in fields]
    client = Client(alias=canary("alias"), birth="2019-09-14", interviewed="2026-11-22")
    screen.record(ClientDescribed, client=client)
    await calm(pilot)


async def _settled_and_joined(day: Day, pilot: Pilot[int]) -> None:
    """Two tellers differ about the weeks at birth; what is done with entries has reasons, too."""
    screen = interview(pilot)
    for who, weeks in ((None, 40), ("informant-9", 28)):
        screen.record(Answered, slot="born.weeks", value=weeks, informant=who)
    for number in (2, 3, 4):
        screen.record(InstanceAdded, instance=f"caregiver-{number}")
    said = screen.record(Answered, slot="caregiver-4/carers.who", value="gran")
    assert said is not None
    reasons = {
        each: canary(f"{kind_of(each)}.reason") for each in OF_ENTRIES_AND_FACTS - {FactSettled}
    }
    day.words += reasons.values()
    of = {"instance": "caregiver-4", "reason": reasons[InstanceSplit], "words": [said.id]}
    screen.record(InstanceSplit, into="caregiver-5", **of)
    screen.record(
        InstancesJoined,
        instance="caregiver-4",
        into="caregiver-2",
        reason=reasons[InstancesJoined],
    )
    screen.record(InstanceRemoved, instance="caregiver-5", reason=reasons[InstanceRemoved])
    await press(pilot, "alt+t")
    left = pilot.app.screen
    assert isinstance(left, FindOutScreen)
    while left.line is None or left.line.fact is None:
        await press(pilot, "down")
    await press(pilot, "f2")
    await day.put(pilot, "weeks", "enter")
    await press(pilot, "f2", "1")
    await day.put(pilot, "fact_settled.reason", "enter")
    await press(pilot, "f3", "home", "f3")
    await day.put(pilot, "joined with", "enter", "escape", "escape")


async def _reported(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "ctrl+o", "alt+w")
    await day.put(pilot, "what the reader sees", "enter")
    await press(pilot, "alt+w", "3")
    await day.put(pilot, "report pseudonym", "enter", "3", "end", "ctrl+u", "enter", "escape")
    await press(pilot, "alt+s")
    await until(pilot, lambda: "Before it is signed" in shown(pilot))
    await press(pilot, "enter", "end", "ctrl+u")
    await day.put(pilot, "signature", "enter")
    await day.put(pilot, "signed as", "enter")
    await press(pilot, "end", "ctrl+u")
    await day.put(pilot, "signed with", "enter")
    await press(pilot, "alt+e")
    await day.put(pilot, "added", "enter")
    await press(pilot, "end", "ctrl+u")
    await day.put(pilot, "added by", "enter")
    await press(pilot, "alt+o")
    await day.put(pilot, "reopened because", "enter")
    for key, ending in (("alt+m", ".md"), ("alt+h", ".html"), ("alt+d", ".pdf")):
        await press(pilot, key)
        await day.put_file(pilot, f"report {ending}", ending)
        await until(pilot, lambda: "Saved to" in shown(pilot) and day.files[-1].exists())
    await press(pilot, "escape", "alt+e", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CasesScreen))


async def _vault(day: Day, pilot: Pilot[int]) -> None:
    await press(pilot, "v", "b")
    await day.put_file(pilot, "backup", ".nmtbackup")
    await press(pilot, "enter", "t")
    await day.put(pilot, "backup to restore", "enter")
    await day.put(pilot, "backup passphrase", "enter")
    await press(pilot, "escape", "i", "end", "ctrl+u")
    await day.put(pilot, "plain folder", "enter")
    await press(pilot, "escape", "c")
    await day.put(pilot, "old passphrase", "enter")
    await press(pilot, "escape")
    assert isinstance(pilot.app.screen, VaultMenu)
    await press(pilot, "escape")
