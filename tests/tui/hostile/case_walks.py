"""How each screen around a case comes to show what people and files have written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.plan_decisions import Decisions
from nmt_intake.casework.session import Session
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Answered,
    Flagged,
    Informant,
    InformantAdded,
    InformantChosen,
    InstanceAdded,
    MarkedMissing,
    Noted,
    Rated,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.walk import AtOffer, AtQuestion
from nmt_intake.scoring.planner import Already, Dropped, Held, OnOccasion, WeekRow
from nmt_intake.store.errors import CaseClaimed
from nmt_intake.store.protocols import CaseLabel
from nmt_intake.tui.screens.activity_library import LibraryScreen
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.entries import EntriesScreen
from nmt_intake.tui.screens.find_out import FindOutScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.new_case import NewCaseScreen
from nmt_intake.tui.screens.page import Page
from nmt_intake.tui.screens.plan import PlanScreen
from nmt_intake.tui.screens.rating import RatingScreen
from nmt_intake.tui.screens.rating_list import RatingListPage
from nmt_intake.tui.screens.report import ReportScreen
from nmt_intake.tui.screens.said import SaidScreen
from nmt_intake.tui.screens.settings import SettingsScreen
from tests.interview.random_banks import bank_from, question
from tests.tui.driving import calm, keys, words
from tests.tui.hostile.texts import MARKUP, TEXT, Wanted, hostile


@dataclass(slots=True)
class Kit:
    """What a walk works with: a desk whose bank is hostile, and a case with a real plan."""

    desk: Casework
    folder: Path
    planned: Callable[[], tuple[Casework, Session]]


Walk: TypeAlias = Callable[[Kit, Pilot[int]], AsyncGenerator[Wanted, None]]
ERROR = IntakeError("X-1", TEXT, TEXT, TEXT)
CUT = "[/] [@click=app.quit]"


def with_birth() -> Bank:
    """Return a bank that asks for the client's birth date."""
    asked = [question("birth", "date", fact="client.birth")]
    return bank_from([{"block": "born", "title": "Born", "questions": asked}])


def told(desk: Casework) -> Session:
    """Return a case in which every field that takes words has them."""
    case = desk.start(TEXT, "2019-09-14", None)
    for number in ("one", "two"):
        case.record(InformantAdded, informant=Informant(id=number, relation=TEXT))
        case.record(InformantChosen, informant=number)
        case.record(Answered, slot="welcome.reads", value=True, informant=number)
        case.record(Answered, slot="welcome.reads_what", value=TEXT, words=TEXT, informant=number)
    where = {"slot": "welcome.reads_what", "informant": "two"}
    case.record(Noted, text=TEXT, **where)
    case.record(Noted, text=f"{TEXT} said", verbatim=True, **where)
    case.record(Flagged, slot="welcome.reads_what", reason=TEXT)
    case.record(MarkedMissing, slot="kinds.walked", reason="asked-unknown", who_knows=TEXT,
                informant="two")  # fmt: skip
    case.record(InstanceAdded, instance="caregiver-1", label=TEXT)
    for name, value in (("who", TEXT), ("time_of_care", {"from": 0, "to": "now"})):
        case.record(Answered, slot=f"caregiver-1/carers.{name}", value=value)
    case.record(Answered, slot="infancy/early.neglect", value="much", informant="two")
    case.record(Answered, slot="infancy/early.helped", value=TEXT, informant="two")
    case.record(Answered, slot="kinds.people", value=[{"who": TEXT}], informant="two")
    case.record(SafetyRaised, topic=TEXT, note=TEXT, informed=TEXT)
    case.record(Rated, rating="infancy/adversity.neglect", value=7, reason=TEXT)
    assert case.settled()
    return case


async def opened(pilot: Pilot[int], screen: Screen[Any]) -> None:
    pilot.app.push_screen(screen)
    await calm(pilot)


async def the_list(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    for alias in MARKUP:
        kit.desk.home.cases.create(CaseLabel(alias, who=TEXT)).close()
    screen = pilot.app.screen
    assert isinstance(screen, CasesScreen)
    kit.desk.home.cases.mended.append(TEXT)  # a file's name, as hostile as can be
    screen.refill()
    await calm(pilot)
    yield {"#cases": len(MARKUP), "#says": 1}
    for alias in MARKUP:
        column = alias if len(alias) <= 12 else f"{alias[:11]}…"
        yield {"#cases": f"{column} 2026-11-22"}
    screen.say_error(ERROR)
    await calm(pilot)
    yield {"#says": 2}
    await keys(pilot, "slash")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "enter")
    yield {"#says": 1}


async def a_new_case(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    def refused(*_given: object) -> Session:
        raise ERROR

    desk: Any = SimpleNamespace(start=refused, settings=kit.desk.settings)
    await opened(pilot, NewCaseScreen(desk))
    await words(pilot, TEXT)
    yield {"#alias": CUT}
    await keys(pilot, "enter")
    await words(pilot, TEXT)
    yield {"#born": CUT}
    await keys(pilot, "enter", "enter")
    yield {"#new-says": 2}


async def the_settings(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    kit.desk.settings = replace(kit.desk.settings, worker=TEXT, language=TEXT)
    await opened(pilot, SettingsScreen(kit.desk))
    yield {"#settings": 2}
    await keys(pilot, "home", "enter")
    yield {"#asking-line": 1}


async def an_interview(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    says: Any = SimpleNamespace(alias=TEXT, says=lambda *_: [TEXT], sitting=None)
    kit.desk.persona = says
    screen = InterviewScreen(kit.desk, case)
    await opened(pilot, screen)
    screen.go(AtQuestion("welcome.reads_what"))
    await calm(pilot)
    # The persona; kept; of the other the relation and the answer; words kept, a note.
    yield {"#who": 1, "#place": 1, "#before": 1, "#ask": 1, "#entry": 1, "#after": 7}
    yield {"#who": f"with {CUT}", "#outline": CUT}
    for slot, wanted in (
        ("welcome.freely", {"#before": 1, "#options": 3, "#after": 3}),
        ("caregiver-1/carers.time_of_care", {"#place": "evil x · [/]", "#ask": 1}),
        ("infancy/early.neglect", {"#ask": 1, "#options": 3, "#known": 2}),
        ("kinds.often", {"#options": 3, "#known": 2}),
        ("kinds.hours", {"#entry": f"a number of {CUT}"}),
        ("kinds.walked", {"#after": 2}),
        ("kinds.people", {"#after": 2}),
    ):
        screen.go(AtQuestion(slot))
        await calm(pilot)
        yield wanted
    await words(pilot, TEXT, "enter")
    yield {"#asking-label": 1, "#asking-found": 2}
    await keys(pilot, "escape")
    screen.go(AtOffer("caregiver"))
    await calm(pilot)
    yield {"#place": 1, "#ask": 1}


async def what_an_interview_says(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    screen = InterviewScreen(kit.desk, case)
    await opened(pilot, screen)
    screen.go(AtQuestion("kinds.hours"))
    for hours in ("30", "20"):
        screen.do(partial(screen.talk.answer, hours))
        await calm(pilot)
        yield {"#says": 1}
    screen.action_talk("why")
    await calm(pilot)
    yield {"#says": 1}
    await keys(pilot, "alt+n")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "escape")
    for key in ("alt+g", "slash"):
        await keys(pilot, key)
        await words(pilot, "sleep")
        yield {"#asking-found": CUT}
        await keys(pilot, "escape")
    await keys(pilot, "alt+i")
    yield {"#asking-found": 2}
    await words(pilot, TEXT, "enter")
    yield {"#asking-label": 1}
    await keys(pilot, "enter")
    yield {"#asking-label": 1}
    await words(pilot, TEXT, "enter")
    case.elsewhere = CaseClaimed("1" * 32, TEXT, TEXT, TEXT)
    screen.action_ask("note")
    await calm(pilot)
    yield {"#says": 2}


async def a_safety_card(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    screen = InterviewScreen(kit.desk, told(kit.desk))
    await opened(pilot, screen)
    await keys(pilot, "exclamation_mark")
    # Four topics, and the open note to close; beside: a trouble, the note's topic, words.
    yield {"#asking-found": 5, "#known": 3}
    await keys(pilot, "1")
    yield {"#known": 6}
    await keys(pilot, "pagedown")  # whom to reach stands last
    yield {"#known": f"· {TEXT} {TEXT}"}
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "enter", "escape", "exclamation_mark", "6")
    yield {"#asking-label": 1}


async def a_case_open_elsewhere(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    case.elsewhere = CaseClaimed("1" * 32, TEXT, TEXT, TEXT)
    await opened(pilot, InterviewScreen(kit.desk, case))
    yield {"#says": 3}


async def a_case_of_another_bank(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    for number in ("1", "2"):
        kit.desk.bank = replace(kit.desk.bank, version=TEXT + number, hash=number)
        if number == "1":
            kit.desk.close(told(kit.desk))
    case = await asyncio.to_thread(lambda: kit.desk.resume(kit.desk.cases()[0]))
    await opened(pilot, InterviewScreen(kit.desk, case))
    yield {"#says": 2}


async def ratings(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    screen = RatingScreen(kit.desk, told(kit.desk))
    await opened(pilot, screen)
    screen.show_rating("infancy/adversity.neglect")
    await calm(pilot)
    yield {"#who": 1, "#place": 1, "#suggested": 2, "#evidence": 5, "#anchors": 4}
    await keys(pilot, "alt+r")
    yield {"#asking-line": 1}
    await keys(pilot, "escape", "alt+g")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "end", "ctrl+u")
    await words(pilot, "open")
    yield {"#asking-found": 3}
    await keys(pilot, "escape")
    screen.say_error(ERROR)
    await calm(pilot)
    yield {"#says": 2}


async def the_list_of_ratings(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    screen = RatingScreen(kit.desk, told(kit.desk))
    await opened(pilot, screen)
    screen.show_rating("infancy/adversity.neglect")
    await calm(pilot)
    await keys(pilot, "alt+l")
    yield {"OptionList": 2}


async def all_that_was_said(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    await opened(pilot, InterviewScreen(kit.desk, told(kit.desk)))
    await keys(pilot, "ctrl+g")
    yield {"#who": 1, "#said": 24}
    await keys(pilot, "home", "e")
    yield {"#asking-label": 1}
    await keys(pilot, "escape")
    for shown in (20, 19):  # by teller, by time
        await keys(pilot, "s")
        yield {"#said": shown}
    await keys(pilot, "slash")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "enter")
    yield {"#said": 19, "#says": 1}
    await keys(pilot, "home", "down", "e")
    yield {"#asking-label": 2, "#asking-line": 1}


async def what_is_left(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    for who, hours in (("one", 8), ("two", 9)):
        case.record(Answered, slot="kinds.hours", value=hours, informant=who)
    await opened(pilot, FindOutScreen(kit.desk, case))
    # A note's topic and words; an answer of concern with its place; who was asked, who may know.
    yield {"#who": 1, "#left": 15}


async def what_differs_and_is_settled(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    kit.desk.bank = hostile(with_birth())
    case = kit.desk.start(TEXT, None, None)
    for number, born in (("one", "2019-09-14"), ("two", "2022-09-14")):
        case.record(InformantAdded, informant=Informant(id=number, relation=TEXT))
        case.record(Answered, slot="born.birth", value=born, informant=number)
    await opened(pilot, FindOutScreen(kit.desk, case))
    yield {"#left": 2}
    await keys(pilot, "f2")
    yield {"#asking-found": 2}
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "enter", "f2", "1")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}


async def the_entries(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    case.record(InstanceAdded, instance="caregiver-2", label=TEXT)
    case.record(InstanceAdded, instance="caregiver-3", label=TEXT)
    await opened(pilot, EntriesScreen(kit.desk, case))
    yield {"#who": 1, "#entries": 3}
    await keys(pilot, "delete")
    yield {"#entries": 3, "#says": 1}
    await keys(pilot, "home", "f3")
    yield {"#asking-label": 1, "#asking-found": 1}
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "end", "ctrl+u", "1")
    yield {"#entries": 4, "#says": 2}


async def a_report(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    case = told(kit.desk)
    case.record(Signed, by=TEXT)
    await opened(pilot, ReportScreen(kit.desk, case))
    yield {"#who": 1, "#report": TEXT}
    yield {"#report": f"Told by: {TEXT} 1 and"}
    for path in (TEXT, TEXT.replace("/", "!")):
        await keys(pilot, "alt+m", "ctrl+u")
        await words(pilot, path)
        yield {"#asking-line": path}
        await keys(pilot, "enter")
        yield {"#says": path}
    await keys(pilot, "alt+o")
    await words(pilot, TEXT)
    yield {"#asking-line": 1}
    await keys(pilot, "enter")
    kit.desk.settings = replace(kit.desk.settings, worker=TEXT)
    await keys(pilot, "alt+s")
    await calm(pilot)
    await keys(pilot, "enter")
    yield {"#asking-line": 1}


def make_hostile(decisions: Decisions) -> None:
    """Leave a plan of one line and of one of everything else, all with TEXT."""
    plan, activities = decisions.plan, decisions.basis.activities
    line = hostile(next(iter(plan.lines)))
    activity = replace(line.activity, needs=(TEXT,), adaptations=(TEXT,), cautions=(TEXT,))
    others = tuple(hostile(each) for each in activities if each.id != activity.id)
    decisions.basis = replace(decisions.basis, activities=(activity, *others))
    line = replace(line, activity=activity, reasons=(TEXT,), half_dose=True)
    decisions.plan = replace(
        hostile(plan),
        phases=(replace(plan.phases[0], lines=(line,)),),
        areas=(hostile(plan.areas[0]),),
        held=(Held("sensory", TEXT, TEXT),),
        on_occasion=(OnOccasion(activity, TEXT),),
        dropped=(Dropped(others[0].id, TEXT),),
        said_first=(TEXT,),
        moved_on=(TEXT,),
        remarks=(TEXT,),
        asks=(),
        page=(WeekRow("evening", TEXT, (TEXT,), (TEXT,)),),
        already=(Already(TEXT, TEXT),),
        always_adapt=(TEXT,),
        leave_out=(TEXT,),
    )


async def a_plan(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    desk, case = kit.planned()
    screen = PlanScreen(desk, case)
    await opened(pilot, screen)
    decisions = screen._decisions
    assert decisions is not None
    titled = tuple(replace(each, title=TEXT) for each in decisions.basis.activities)
    decisions.basis = replace(decisions.basis, activities=titled)
    await keys(pilot, "alt+d")
    yield {"#says": 1}
    make_hostile(decisions)
    screen._show()
    await calm(pilot)
    yield {"#plan-first": 3, "#plan": 4}
    await keys(pilot, "alt+q")
    yield {"#asking-label": 1}
    await keys(pilot, "escape", "alt+r")
    yield {"#asking-label": 1}
    await keys(pilot, "escape")
    screen.say_error(ERROR)
    await calm(pilot)
    yield {"#says": 2}


async def a_library(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    activities = [hostile(each) for each in kit.planned()[0].bank.activities[:3]]
    await opened(pilot, LibraryScreen(activities, lambda _: True))
    yield {"#library-list": 6, "#library-looks": 1}
    await words(pilot, TEXT)
    yield {"#library-words": 1}


async def pages(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    screen = InterviewScreen(kit.desk, told(kit.desk))
    await opened(pilot, screen)
    await keys(pilot, "alt+b")
    yield {"#page-text": 1}
    await keys(pilot, "g")
    yield {"#page-text": 1}
    await keys(pilot, "enter", "alt+e")
    yield {"#page-text": 4}
    await keys(pilot, "escape")
    await opened(pilot, RatingScreen(kit.desk, screen.case))
    await keys(pilot, "alt+m")
    yield {"#page-text": f"? 9 {TEXT}"}


async def pages_of_a_plan(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    desk, case = kit.planned()
    screen = PlanScreen(desk, case)
    await opened(pilot, screen)
    decisions = screen._decisions
    assert decisions is not None
    make_hostile(decisions)
    screen._show()
    await keys(pilot, "enter")
    yield {"#page-text": 9}
    await keys(pilot, "escape", "alt+w")
    yield {"#page-text": 11}
    await keys(pilot, "escape", "alt+s")
    yield {"#page-text": 16}


async def the_palette(kit: Kit, pilot: Pilot[int]) -> AsyncGenerator[Wanted, None]:
    await keys(pilot, "ctrl+p")
    await words(pilot, TEXT)
    yield {"CommandInput": 1}


WALKS: tuple[tuple[type[Screen[Any]], Walk], ...] = (
    (CasesScreen, the_list),
    (NewCaseScreen, a_new_case),
    (SettingsScreen, the_settings),
    (InterviewScreen, an_interview),
    (InterviewScreen, what_an_interview_says),
    (InterviewScreen, a_safety_card),
    (InterviewScreen, a_case_open_elsewhere),
    (InterviewScreen, a_case_of_another_bank),
    (RatingScreen, ratings),
    (RatingListPage, the_list_of_ratings),
    (SaidScreen, all_that_was_said),
    (FindOutScreen, what_is_left),
    (FindOutScreen, what_differs_and_is_settled),
    (EntriesScreen, the_entries),
    (ReportScreen, a_report),
    (PlanScreen, a_plan),
    (LibraryScreen, a_library),
    (Page, pages),
    (Page, pages_of_a_plan),
    (CommandPalette, the_palette),
)
