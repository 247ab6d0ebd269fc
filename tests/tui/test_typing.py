"""Typing types: whoever writes a sentence leaves nothing behind but the answer or their words."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot

from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.interview.events import (
    Answered,
    Event,
    InstanceAdded,
    Noted,
    Rated,
    SafetyAcknowledged,
    SafetyRaised,
    Signed,
    record_of,
)
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion, Place
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.report import ReportScreen
from tests.tui.driving import (
    NARROW,
    WIDE,
    at_desk,
    calm,
    interview,
    keys,
    make_desk,
    new_case,
    shown,
    text_of,
    words,
)

SENTENCES = (
    "her mother left when he was two",
    "dad x l r e b u s f m, and nobody came!",
    "did she? Yes / no. (mostly) [both] = - 'so'",
    "Éire, niño, 这里",
)
KINDS: dict[str, Place] = {
    "choice": AtQuestion("welcome.freely"),
    "yes_no": AtQuestion("welcome.reads"),
    "text": AtQuestion("welcome.reads_what"),
    "person": AtQuestion("caregiver-1/carers.who"),
    "interval": AtQuestion("caregiver-1/carers.time_of_care"),
    "choices": AtQuestion("kinds.games"),
    "scale": AtQuestion("kinds.often"),
    "number": AtQuestion("kinds.hours"),
    "age": AtQuestion("kinds.walked"),
    "date": AtQuestion("kinds.moved"),
    "table": AtQuestion("kinds.people"),
    "an offer": AtOffer("caregiver"),
    "the end": AtEnd(),
}


async def at_place(pilot: Pilot[int], place: Place) -> InterviewScreen:
    screen = await new_case(pilot)
    screen.case.record(InstanceAdded, instance="caregiver-1")
    screen.case.record(Answered, slot="welcome.reads", value=True)
    screen.go(place)
    await calm(pilot)
    return screen


@pytest.mark.parametrize(
    "sentence",
    [*SENTENCES[:1], *(pytest.param(each, marks=pytest.mark.whole) for each in SENTENCES[1:])],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_sentence_that_is_typed_is_words_on_every_kind_of_question(
    desk: Casework, kind: str, sentence: str
) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS[kind])
        before = len(screen.case.events)
        await keys(pilot, *sentence)
        assert pilot.app.screen is screen
        assert screen.place == KINDS[kind]
        assert len(screen.case.events) == before, "nothing is recorded before Enter"
        assert text_of(pilot, "#entry") == sentence
        await keys(pilot, "enter")
        await keys(pilot, "escape")  # a table asks for the rest of the row
        new = screen.case.events[before:]
        assert all(isinstance(event, Answered | Noted) for event in new)
        # An answer that is read from a sentence keeps the sentence.
        kept = [event.text if isinstance(event, Noted) else str(event.value) for event in new]
        assert len(kept) < 2
        assert all(sentence in each for each in kept)
        if not kept and kind != "table":
            assert text_of(pilot, "#entry") == sentence, "what is refused stays to be changed"


async def test_the_kinds_here_are_all_there_are(small: Bank) -> None:
    assert {each.kind for each in small.questions.values()} <= set(KINDS)


@pytest.mark.parametrize("door", ["ctrl+r", "ctrl+o"])
async def test_a_sentence_typed_at_another_screen_of_a_case_records_nothing(
    desk: Casework, door: str
) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        await keys(pilot, door)
        before = len(screen.case.events)
        await keys(pilot, *"her mother was so sad, e x d r u s o m h p a")
        assert len(screen.case.events) == before
        if door == "ctrl+r":
            assert "her mother was so sad" in text_of_line(pilot)


def text_of_line(pilot: Pilot[int]) -> str:
    from textual.widgets import Input

    return pilot.app.screen.query_one("#asking-line", Input).value


async def test_enter_alone_never_answers(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        for kind, place in KINDS.items():
            if not isinstance(place, AtQuestion) or kind == "yes_no":
                continue
            screen.go(place)
            await calm(pilot)
            before = len(screen.case.events)
            await keys(pilot, "enter")
            assert len(screen.case.events) == before, kind
            assert screen.place == place, kind
            assert "Nothing is " in text_of(pilot, "#says"), kind


async def test_taking_the_last_mark_off_is_no_answer_and_not_none(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choices"])
        await keys(pilot, "2", "2")
        assert not screen.interview.said("kinds.games").given
        await keys(pilot, "enter")
        assert screen.slot == "kinds.games"
        assert "Nothing is marked." in text_of(pilot, "#says")


async def test_words_beside_options_are_what_the_answer_cites(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        await keys(pilot, *"not in front of him", "enter", "1")
        assert screen.interview.said("welcome.freely").given[0].words == "not in front of him"


async def test_words_that_were_undone_are_not_the_next_answer_s(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        await keys(pilot, *"she had a black eye", "enter", "f9", "1")
        assert screen.interview.said("welcome.freely").given[0].words == ""


async def test_words_of_one_teller_are_not_another_s(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        for relation in ("caseworker", "grandmother"):
            await keys(pilot, "alt+i")
            await words(pilot, relation, "enter", "1", "enter")
            if relation == "caseworker":
                await keys(pilot, *"he was seen at the door", "enter")
        await keys(pilot, "1")
        (given,) = screen.interview.said("welcome.freely").given
        assert screen.interview.informants[given.informant or ""].relation == "grandmother"
        assert given.words == ""


async def test_a_paste_beside_options_goes_to_the_writing_line(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        pilot.app.post_message(events.Paste("d\nx\nl, he said"))
        await calm(pilot)
        assert text_of(pilot, "#entry") == "d\nx\nl, he said"
        assert screen.slot == "welcome.freely"


def burst(pilot: Pilot[int], pressed: list[str]) -> None:
    """Press keys as one burst, as a slow line delivers them."""
    assert pilot.app._driver is not None, "the app runs"
    for key in pressed:
        name = _character_to_key(key) if len(key) == 1 else key
        character = key if len(key) == 1 else key_to_character(name)
        pilot.app._driver.send_message(events.Key(name, character))


async def record_after(desk: Casework, bursts: list[list[str]]) -> tuple[list[object], str]:
    """Return what these keys record, without times and ids, and what stands unsent."""
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        for each in bursts:
            burst(pilot, each)
            await calm(pilot)
        for top in pilot.app.screen_stack[2:]:
            assert top.is_running
        found = [_content(event) for event in screen.case.events]
        return found, screen.pane.entry.text


def _content(event: Event) -> object:
    carried = {"id", "at", "device", "zone", "target", "raised", "cites"}
    return {name: each for name, each in record_of(event).items() if name not in carried}


def random_keys(chance: random.Random) -> list[str]:
    letters = list("aedhimnrstx ,.123")
    commands = ["enter", "enter", "f3", "f4", "f9", "alt+n", "f2", "ctrl+b", "ctrl+n", "escape"]
    return [chance.choice(letters if chance.random() < 0.7 else commands) for _ in range(40)]


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(each, marks=pytest.mark.whole) for each in range(2, 6))]
)
async def test_keys_in_bursts_give_the_record_of_the_same_keys_one_by_one(
    tmp_path: Path, small: Bank, seed: int
) -> None:
    chance = random.Random(seed)
    pressed = random_keys(chance)
    slow = await record_after(make_desk(tmp_path / "slow", small), [[key] for key in pressed])
    bursts: list[list[str]] = []
    rest = pressed
    while rest:
        size = chance.choice((1, 2, 7, 40))
        bursts, rest = [*bursts, rest[:size]], rest[size:]
    fast = await record_after(make_desk(tmp_path / "fast", small), bursts)
    assert fast == slow


async def test_no_key_of_a_burst_answers_a_question_before_it_was_painted(
    desk: Casework,
) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await new_case(pilot)
        painted: list[Place] = [screen.place]
        app, display = pilot.app, pilot.app._display

        def seen(*given: object, **options: object) -> None:
            display(*given, **options)  # type: ignore[arg-type]
            if str(screen.pane.view and screen.pane.view.ask) in shown(pilot):
                painted.append(screen.place)

        app._display = seen  # type: ignore[method-assign]
        done = screen.do

        def answered(deed: Callable[[], str]) -> bool:
            assert screen.place in painted, "answered before anybody could see it"
            return done(deed)

        screen.do = answered  # type: ignore[method-assign]
        burst(pilot, ["1"] * 8)
        await calm(pilot)
        assert len([each for each in screen.case.events if isinstance(each, Answered)]) == 2
        assert text_of(pilot, "#entry") == "1" * 6, "the third question is answered in words"


async def test_a_signed_case_takes_a_safety_note_and_closes_it(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        screen.case.record(Signed, by="ana")
        await keys(pilot, "f8", "1")
        await words(pilot, "he said he will not be there at Christmas", "enter")
        await words(pilot, "the duty worker", "enter")
        assert isinstance(screen.case.events[-1], SafetyRaised)
        await keys(pilot, "f8", "5")  # behind the four topics
        await words(pilot, "seen by the duty doctor", "enter")
        assert isinstance(screen.case.events[-1], SafetyAcknowledged)
        assert not screen.interview.open_safety
        await keys(pilot, "1")
        assert "This record is signed." in text_of(pilot, "#says")


async def test_each_of_two_open_safety_notes_can_be_closed(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        for topic in ("1", "2"):
            await keys(pilot, "f8", topic)
            await words(pilot, f"words {topic}", "enter", "enter")
        first, second = screen.interview.open_safety
        await keys(pilot, "f8", "5")  # behind the four topics
        await words(pilot, "done", "enter")
        assert [each.id for each in screen.interview.open_safety] == [second.id]
        assert first.id != second.id


async def test_the_report_at_the_desk_has_the_options_of_the_command_line(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        screen.case.record(SafetyRaised, topic="A note", note="quetzal words")
        screen.case.record(Rated, rating="functions.sleep", value=4)
        await keys(pilot, "ctrl+o")
        report = pilot.app.screen
        assert isinstance(report, ReportScreen)
        assert "quetzal words" not in text_of(pilot, "#report")
        await keys(pilot, "f5", "2", "3")
        await words(pilot, "Robin", "enter", "enter")
        assert "quetzal words" in text_of(pilot, "#report")
        assert "Robin" in text_of(pilot, "#report")
        assert "Robin" in text_of(pilot, "#says")


async def test_the_report_at_the_desk_is_narrowed_to_its_reader(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        screen.case.record(SafetyRaised, topic="A note", note="quetzal words")
        await keys(pilot, "ctrl+o", "f5", "2", "7", "enter")
        said = text_of(pilot, "#says")
        for part in ("substance use: left out", "own lives: left out", "dates: as ages"):
            assert part in said
        assert "quetzal words" not in text_of(pilot, "#report")


@pytest.mark.parametrize(("size", "panel"), [(NARROW, "alt+k"), (NARROW, "alt+o"), (WIDE, "alt+o")])
async def test_a_digit_does_not_answer_a_question_that_a_panel_covers(
    desk: Casework, size: tuple[int, int], panel: str
) -> None:
    async with at_desk(desk, size) as pilot:
        screen = await at_place(pilot, KINDS["choice"])
        before = len(screen.case.events)
        await keys(pilot, panel, "1")
        assert len(screen.case.events) == before
        await keys(pilot, "1")
        assert len(screen.case.events) == before + 1


async def test_keys_are_let_in_again_when_a_screen_never_comes_to_rest(
    desk: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nmt_intake.tui import key_order

    monkeypatch.setattr(key_order, "_LONGEST", 0.05)
    monkeypatch.setattr(key_order.KeyOrder, "_busy", lambda _self: True)
    async with at_desk(desk) as pilot:
        interview_screen = await new_case(pilot)
        burst(pilot, ["1"])
        await asyncio.sleep(0.5)
        await calm(pilot)
        assert interview_screen.interview.said("welcome.freely").given
        assert interview(pilot) is interview_screen
