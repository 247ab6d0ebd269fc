"""Find out, and people, homes and events: what is left is a key away, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.interview.events import (
    Informant,
    InformantAdded,
    InstanceAdded,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.find_out import lines
from nmt_intake.interview.state import fold
from nmt_intake.tui.screens.entries import EntriesScreen
from nmt_intake.tui.screens.find_out import FindOutScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question
from tests.tui.driving import at_desk, calm, interview, keys, new_case, shown, words

ANN, BOB = "caregiver-annannaa", "caregiver-bobbobbo"


@cache
def bank() -> Bank:
    about = [
        question("drank", "yes_no"),
        question("often", "choice", when="drank"),
        question("binge", "yes_no", when="often == 'often'"),
        question("birth", "date", fact="client.birth"),
        question("weeks", "number", fact="client.gestation_weeks"),
    ]
    carers = [question("name", "text", names_this="true"), question("hurt", "yes_no")]
    last = [
        question("sat", "age"),
        question("walked", "age"),
        question("old", "yes_no", when="client.age_months >= 24"),
    ]
    order = {"id": "order", "expect": "sat <= walked", "say": "Walking came before sitting."}
    return bank_from(
        [
            {"block": "about", "title": "About", "questions": about},
            {"block": "c", "title": "Carers", "for_each": "caregiver", "questions": carers},
            {"block": "last", "title": "Steps", "questions": last, "checks": [order]},
        ]
    )


@pytest.fixture
def desk(desk_with: Callable[[Bank], Casework]) -> Casework:
    return desk_with(bank())


async def told(pilot: object) -> InterviewScreen:
    """Return the interview of a case in which something of each kind is left."""
    screen = await new_case(pilot, born="")  # type: ignore[arg-type]
    case = screen.case
    for who in ("mother", "aunt"):
        case.record(InformantAdded, informant=Informant(id=who, relation=who))
    case.answer("about.birth", "2025-03-10", informant="mother")
    case.answer("about.birth", "2022-03-10", informant="aunt")
    case.mark_missing("about.weeks", "asked-unknown", who_knows="the clinic", informant="aunt")
    case.answer("last.sat", 20, informant="mother")
    case.answer("last.walked", 12, informant="mother")
    case.record(SafetyRaised, topic="violence", note="shouting at night", slot="about.drank")
    screen.refill()
    await calm(pilot)  # type: ignore[arg-type]
    return screen


async def test_the_list_holds_what_is_left_of_every_kind(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await told(pilot)
        assert "1 not fitting" in shown(pilot)
        assert "Steps" in shown(pilot)
        assert "≠" in shown(pilot)
        await keys(pilot, "alt+t")
        assert isinstance(pilot.app.screen, FindOutScreen)
        text = shown(pilot)
        for wanted in (
            "Safety, open (1)",
            "shouting at night",
            "These do not fit together (1)",
            "Walking came before sitting.",
            "Told differently (1)",
            "2025-03-10 (mother); 2022-03-10 (aunt)",
            "To find out (1)",
            "not known · asked: aunt · may know: the clinic",
            "Not decided yet: this answer would decide it",
            "About: drank?",
        ):
            assert wanted in text
        await keys(pilot, "escape")
        assert pilot.app.screen is screen


async def test_enter_goes_to_the_question_of_the_line(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await told(pilot)
        await keys(pilot, "alt+t")
        left = pilot.app.screen
        assert isinstance(left, FindOutScreen)
        while left.line is None or left.line.heading != "To find out":
            await keys(pilot, "down")
        await keys(pilot, "enter")
        assert pilot.app.screen is screen
        assert screen.slot == "about.weeks"


async def test_a_key_on_the_list_of_cases_opens_what_is_left_of_one(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        await told(pilot)
        await keys(pilot, "alt+e", "enter", "f")
        assert isinstance(pilot.app.screen, FindOutScreen)
        await keys(pilot, "down", "enter")
        assert interview(pilot).slot == "last.sat"


async def test_a_disputed_birth_is_settled_with_a_reason_and_undo_takes_it_back(
    desk: Casework,
) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await told(pilot)
        await keys(pilot, "alt+t")
        left = pilot.app.screen
        assert isinstance(left, FindOutScreen)
        while left.line is None or left.line.fact is None:
            await keys(pilot, "down")
        await keys(pilot, "f2", "2", "enter")
        assert screen.interview.setting.differing("client.birth"), "no reason, not settled"
        await keys(pilot, "f2", "2")
        await words(pilot, "the red book", "enter")
        setting = screen.interview.setting
        assert setting.client.birth == "2022-03-10"
        assert setting.settled["client.birth"].reason == "the red book"
        assert len(setting.told["client.birth"]) == 2
        assert "Told differently" not in shown(pilot)
        await keys(pilot, "f9")
        assert "Told differently (1)" in shown(pilot)


async def test_a_birth_that_cannot_be_settles_nothing_and_says_why(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await told(pilot)
        await keys(pilot, "alt+t")
        left = pilot.app.screen
        assert isinstance(left, FindOutScreen)
        while left.line is None or left.line.fact is None:
            await keys(pilot, "down")
        await keys(pilot, "f2")
        await words(pilot, "2031-01-01", "enter")
        await words(pilot, "a slip", "enter")
        assert "lies ahead" in shown(pilot)
        assert screen.interview.setting.differing("client.birth")


async def test_any_answer_told_differently_is_settled_in_the_same_way(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await told(pilot)
        screen.case.answer("about.drank", True, informant="mother")
        screen.case.answer("about.drank", False, informant="aunt")
        await keys(pilot, "alt+t")
        left = pilot.app.screen
        assert isinstance(left, FindOutScreen)
        while left.line is None or left.line.fact != "about.drank":
            await keys(pilot, "down")
        await keys(pilot, "f2")
        assert "Yes (mother)" in shown(pilot)
        await keys(pilot, "2")
        await words(pilot, "the clinic's letter", "enter")
        settled = screen.interview.said("about.drank").settled
        assert settled is not None
        assert (settled.value, settled.reason) == (False, "the clinic's letter")
        assert len(screen.interview.answers("about.drank")) == 2
        assert screen.interview.truths["about.often"] is False


async def test_an_entry_that_is_two_is_split_by_its_answers(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        screen = await new_case(pilot, born="")
        screen.case.record(InstanceAdded, instance=ANN, label="Ann")
        screen.case.answer(f"{ANN}/c.name", "Ann")
        screen.case.answer(f"{ANN}/c.hurt", True)
        await keys(pilot, "alt+t", "f3", "f7")
        assert "Which of these are not Ann's?" in shown(pilot)
        await keys(pilot, "2")
        assert "[x] hurt? Yes" in shown(pilot)
        await keys(pilot, "enter")
        await words(pilot, "Bob", "enter")
        entries = pilot.app.screen
        assert isinstance(entries, EntriesScreen)
        here = screen.interview.instances("caregiver")
        assert [screen.interview.labels[each] for each in here] == ["Ann", "Bob"]
        assert screen.interview.answers(f"{ANN}/c.hurt") == ()
        assert screen.interview.answers(f"{here[1]}/c.hurt")[0].value is True
        await keys(pilot, "f9", "f9")
        assert screen.interview.instances("caregiver") == (ANN,)
        assert screen.interview.answers(f"{ANN}/c.hurt")[0].value is True


async def test_signing_says_first_what_does_not_fit_together(desk: Casework) -> None:
    async with at_desk(desk, (120, 50)) as pilot:
        await told(pilot)
        await keys(pilot, "ctrl+o")
        pilot.app.screen.action_sign()  # type: ignore[attr-defined]
        await calm(pilot)
        assert "1 thing does not fit together." in shown(pilot)


async def people(pilot: object) -> InterviewScreen:
    screen = await new_case(pilot)  # type: ignore[arg-type]
    for instance, name in ((ANN, "Ann"), (BOB, "Aunt Ann")):
        screen.case.record(InstanceAdded, instance=instance)
        screen.case.answer(f"{instance}/c.name", name)
    screen.case.answer(f"{BOB}/c.hurt", True)
    await keys(pilot, "alt+p")  # type: ignore[arg-type]
    assert isinstance(pilot.app.screen, EntriesScreen)  # type: ignore[attr-defined]
    return screen


async def test_a_carer_is_taken_out_kept_by_name_and_brought_back(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await people(pilot)
        before = screen.interview.view()
        await keys(pilot, "delete")
        assert screen.interview.instances("caregiver") == (BOB,)
        assert "Ann  taken out, kept" in shown(pilot)
        await keys(pilot, "f2")
        assert screen.interview.view() == before
        await keys(pilot, "delete", "f9")
        assert screen.interview.view() == before


async def test_two_carers_who_are_one_are_joined_and_parted(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await people(pilot)
        before = screen.interview.view()
        await keys(pilot, "f3", "1")
        assert screen.interview.instances("caregiver") == (BOB,)
        assert "is Aunt Ann" in shown(pilot)
        await keys(pilot, "f2")
        assert screen.interview.view() == before
        await keys(pilot, "f3")
        await words(pilot, "aunt", "enter")
        assert screen.interview.instances("caregiver") == (BOB,)


async def test_that_is_all_decides_and_can_be_taken_back(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await people(pilot)
        await keys(pilot, "f4")
        assert screen.interview.setting.complete == {"caregiver"}
        assert "that is everybody" in shown(pilot)
        await keys(pilot, "f4")
        assert screen.interview.setting.complete == frozenset()


async def test_in_a_signed_case_nobody_is_taken_out(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await people(pilot)
        screen.case.record(Signed, by="a")
        await keys(pilot, "delete", "f3")
        assert screen.interview.instances("caregiver") == (ANN, BOB)
        assert "This record is signed." in shown(pilot)


def test_what_hangs_in_a_chain_is_told_by_the_answer_at_its_beginning() -> None:
    found = list(lines(fold(bank(), [event(1, "opened", client={"alias": "M."})])))
    undecided = {each.slot or each.what: each.about for each in found}
    assert "2 questions hang on it" in undecided["about.drank"]
    assert "about.often" not in undecided
