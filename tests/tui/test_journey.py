"""A whole case at the desk, as a worker goes through it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.settings import read_settings
from nmt_intake.casework.talk import Talk
from nmt_intake.interview.events import Answered, BreakTaken, Informant, InformantAdded, Noted
from nmt_intake.interview.readers import offers_none
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.tui.screens.cases import CasesScreen
from nmt_intake.tui.screens.interview import InterviewScreen
from nmt_intake.tui.screens.said import SaidScreen
from nmt_intake.tui.views.said import line_text, said_lines
from tests.tui.driving import (
    NARROW,
    NOON,
    WIDE,
    at_desk,
    calm,
    interview,
    keys,
    make_desk,
    new_case,
    rating,
    shown,
    text_of,
    words,
)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_whole_case_from_the_empty_list_to_the_report(
    desk: Casework, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(desk, size) as pilot:
        assert "Press n to start one" in shown(pilot)
        screen = await new_case(pilot)
        case = screen.case
        assert "M. · 7 y 2 m" in shown(pilot)

        # An informant, by relation.
        await keys(pilot, "alt+i")
        await words(pilot, "grandmother", "enter", "1")
        await words(pilot, "37 months", "enter")
        assert "with grandmother (since 3 y 1 m)" in shown(pilot)

        # A choice by its number: saved, and on.
        await keys(pilot, "3")
        assert case.interview.said("welcome.freely").given[0].value == "freely"
        assert screen.slot == "welcome.reads"
        assert "saved 12:" in shown(pilot)

        # A branch that opens, and closes again when the answer is undone and changed.
        await keys(pilot, "1")
        assert screen.slot == "welcome.reads_what"
        await keys(pilot, "enter")
        await words(pilot, "Comics, mostly.", "enter")
        assert case.interview.said("welcome.reads_what").given[0].value == "Comics, mostly."

        # The offer to add a carer, taken once.
        assert "Now the people who did the looking after" in shown(pilot)
        await keys(pilot, "1", "enter")
        await words(pilot, "first foster mother", "enter")
        await keys(pilot, "enter")
        await words(pilot, "13 months to 30 months", "enter")
        assert "Was there someone else?" in shown(pilot)
        await keys(pilot, "2")

        # Missing is not no: it stays on the list.
        assert screen.slot == "infancy/early.neglect"
        await keys(pilot, "alt+d")
        assert "1 to find out" in shown(pilot)

        # An answer that opens the safety card, beside a live interview.
        await keys(pilot, "3")
        assert case.interview.open_safety
        assert screen.slot == "early_childhood/early.helped"
        assert "Safety" in shown(pilot)
        await keys(pilot, "escape", "alt+x")

        # A note, a capture that finds its place, and back to where the talk was.
        await keys(pilot, "alt+n")
        await words(pilot, "looked at the door", "enter")
        here = screen.slot
        await keys(pilot, "slash")
        await words(pilot, "would not sleep")
        assert "How often do nights go badly?" in shown(pilot)
        await keys(pilot, "enter")
        assert screen.slot == "kinds.often"
        assert "would not sleep" in shown(pilot)
        await keys(pilot, "2")
        assert case.interview.said("kinds.often").given[0].words == "would not sleep"
        assert screen.slot == here

        # A break, over with any key.
        await keys(pilot, "alt+b")
        assert shown(pilot).strip() == "Back when you are ready."
        await keys(pilot, "space")

        # Every kind there is.
        await keys(pilot, "1", "3", "enter")
        assert case.interview.said("kinds.games").given[0].value == ["ball", "chess"]
        await keys(pilot, "1", "0", "enter")
        assert case.interview.said("kinds.hours").given[0].value == 10
        await keys(pilot, "1", "4", "space", "m", "enter")
        assert case.interview.said("kinds.walked").given[0].value == 14
        await keys(pilot, "2", "0", "2", "3", "enter")
        assert case.interview.said("kinds.moved").given[0].value == "2023"
        await keys(pilot, "enter")
        await words(pilot, "uncle", "enter", "1")
        assert case.interview.said("kinds.people").given[0].value == [
            {"who": "uncle", "seen": "daily"}
        ]
        await keys(pilot, "ctrl+n")

        kinds = {type(event) for event in case.events}
        assert kinds >= {InformantAdded, Noted, BreakTaken}
        assert "Every question that can be asked now" in " ".join(shown(pilot).split())

        # Rate: accept, choose, leave unknown.
        await keys(pilot, "ctrl+r")
        ratings = rating(pilot)
        await keys(pilot, "alt+g")
        await words(pilot, "early childhood going without", "enter")
        assert ratings.key == "early_childhood/adversity.neglect"
        assert "Suggested 7–9 (rule N1): Went without often." in shown(pilot)
        assert "Not confirmed by anybody yet" in shown(pilot)
        await keys(pilot, "enter")
        decided = case.interview.ratings["early_childhood/adversity.neglect"]
        assert (decided.value, decided.suggested, decided.rule) == (8, (7, 9), "N1")

        # The report, saved to a private file.
        await keys(pilot, "ctrl+o")
        assert "INTAKE REPORT" in text_of(pilot, "#report")
        await keys(pilot, "alt+k", "alt+m", "enter")
        saved = list(tmp_path.glob("report-*.md"))
        assert len(saved) == 1
        assert saved[0].stat().st_mode & 0o077 == 0
        assert "Comics, mostly" in saved[0].read_text()
        await keys(pilot, "escape", "escape")

        # End for today, well.
        assert isinstance(pilot.app.screen, InterviewScreen)
        await keys(pilot, "alt+e")
        assert "Thank you for what you told me." in shown(pilot)
        assert "1 safety note open" in shown(pilot)
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, CasesScreen)
        assert "M." in text_of(pilot, "#cases")


async def test_a_case_resumes_at_the_very_question(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await new_case(pilot)
        await keys(pilot, "3", "1")
        assert interview(pilot).slot == "welcome.reads_what"
        await keys(pilot, "alt+e", "enter", "enter")
        assert interview(pilot).slot == "welcome.reads_what"
        assert interview(pilot).interview.said("welcome.reads").given[0].value is True


async def test_a_capture_does_not_change_where_a_case_resumes(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "3")
        await keys(pilot, "slash")
        await words(pilot, "would not sleep", "enter", "1")
        assert screen.slot == "welcome.reads"
        await keys(pilot, "alt+e", "enter", "enter")
        assert interview(pilot).slot == "welcome.reads"


async def test_undo_and_redo_show_where_they_acted(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "3", "1", "alt+u")
        assert screen.slot == "welcome.reads"
        assert not screen.interview.said("welcome.reads").given
        assert "Undone: an answer." in shown(pilot)
        await keys(pilot, "ctrl+y")
        assert screen.interview.said("welcome.reads").given[0].value is True


async def test_a_closed_branch_keeps_its_answer_and_says_that_it_is_hidden(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "3", "1", "enter")
        await words(pilot, "Comics", "enter")
        await keys(pilot, "ctrl+b", "ctrl+b")
        assert screen.slot == "welcome.reads"
        await keys(pilot, "2", "alt+g")
        await words(pilot, "novel", "enter")
        assert screen.slot == "welcome.reads_what"
        assert "Hidden now. What was said is kept and does not count." in shown(pilot)
        assert "Comics" in shown(pilot)
        await keys(pilot, "alt+w")
        assert "Hidden because of Welcome (reads): No." in " ".join(shown(pilot).split())


async def test_enter_on_the_kept_answer_goes_on_and_writes_nothing(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "2", "left")
        count = len(screen.case.events)
        assert "● 2  About some things" in shown(pilot)
        await keys(pilot, "enter")
        assert screen.slot == "welcome.reads"
        assert len(screen.case.events) == count


async def test_staying_after_an_answer_is_a_setting_that_is_kept(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "alt+m", "3")
        assert screen.slot == "welcome.freely"
        assert "● 3" in shown(pilot)
        await keys(pilot, "enter")
        assert screen.slot == "welcome.reads"
    from nmt_intake.casework.settings import read_settings

    assert read_settings(desk.home.places.config).move_on is False


async def test_what_is_typed_and_not_sent_is_there_on_coming_back(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "3", "1", "enter")
        await words(pilot, "half a sen", "escape")
        await keys(pilot, "left", "right")
        assert screen.slot == "welcome.reads_what"
        assert "half a sen" in text_of(pilot, "#entry")
        assert not screen.interview.said("welcome.reads_what").given


async def test_two_informants_stand_side_by_side(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await new_case(pilot)
        for relation in ("grandmother", "caseworker"):
            await keys(pilot, "alt+i")
            await words(pilot, relation, "enter", "1", "enter")
        await keys(pilot, "1", "left", "alt+i", "1", "3", "left")
        given = screen.interview.said("welcome.freely").given
        assert sorted(str(each.value) for each in given) == ["freely", "hardly"]
        assert "They differ. Both answers stand." in shown(pilot)
        assert "caseworker: Not really" in shown(pilot)


async def test_told_is_the_default_for_a_time_the_informant_did_not_see(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "alt+i")
        await words(pilot, "grandmother", "enter", "1")
        await words(pilot, "37 months", "enter")
        await keys(pilot, "alt+g")
        await words(pilot, "went hungry", "enter")
        assert screen.slot == "infancy/early.neglect"
        assert "● was told" in shown(pilot)
        await keys(pilot, "alt+s", "1")
        assert screen.interview.said("infancy/early.neglect").given[0].basis == "read"


async def test_a_doubtful_number_is_asked_once_more_and_an_impossible_one_refused(
    desk: Casework,
) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "alt+g")
        await words(pilot, "hours asleep", "enter")
        assert screen.slot == "kinds.hours"
        await keys(pilot, "2", "5", "enter")
        assert "A day has 24 hours." in shown(pilot)
        assert not screen.interview.said("kinds.hours").given
        await keys(pilot, "backspace", "0", "enter")
        assert "Is it hours a day?" in shown(pilot)
        await keys(pilot, "enter")
        assert screen.interview.said("kinds.hours").given[0].value == 20


async def test_an_answer_that_is_not_clear_is_asked_again_in_one_sentence(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "alt+g")
        await words(pilot, "first steps", "enter")
        await keys(pilot, "enter")
        await words(pilot, "when she was small", "enter")
        assert "Can you say a little more exactly?" in shown(pilot)
        assert screen.query_one("#entry").has_focus
        assert "when she was small" in text_of(pilot, "#entry")


async def test_safety_notes_stay_open_until_closed_with_a_reason(desk: Casework) -> None:
    async with at_desk(desk, WIDE) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "exclamation_mark")
        assert "Not wanting to live" in shown(pilot)
        await keys(pilot, "2")
        await words(pilot, "there is a gun in the shed", "enter")
        await words(pilot, "Dr. B., by phone", "enter")
        assert "Ask where it is." in text_of(pilot, "#known")
        assert "1 safety note, open" in shown(pilot)
        # The interview stays live beside the panel.
        await keys(pilot, "3")
        assert screen.slot == "welcome.reads"
        await keys(pilot, "exclamation_mark", "5")  # behind the four topics
        await words(pilot, "locked at the neighbour's", "enter")
        assert not screen.interview.open_safety
        assert screen.interview.safety[0].informed == "Dr. B., by phone"


async def test_don_t_know_can_name_who_would(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "alt+q")
        await words(pilot, "the second foster carer", "enter")
        mark = screen.interview.said("welcome.freely").marks[0]
        assert (mark.reason, mark.who_knows) == ("asked-unknown", "the second foster carer")


async def test_tab_keeps_what_was_said_as_a_note_only(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "slash")
        await words(pilot, "moved 3 times", "tab")
        note = screen.interview.notes[-1]
        assert (note.text, note.slot, note.verbatim) == ("moved 3 times", "welcome.freely", True)
        assert screen.slot == "welcome.freely"


async def test_a_digit_after_a_space_is_typed_and_after_a_word_it_chooses(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "slash")
        await words(pilot, "bad nights ")
        await keys(pilot, "2")
        assert screen.asking.asks
        await keys(pilot, "backspace", "backspace", "1")
        assert not screen.asking.asks
        assert screen.slot == "kinds.often"


async def test_nothing_is_required_for_a_new_case(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        await keys(pilot, "n", "enter", "enter")
        assert interview(pilot).interview.client.alias == "no alias"


async def test_an_age_that_is_not_understood_is_said_once_and_does_not_block(
    desk: Casework,
) -> None:
    async with at_desk(desk) as pilot:
        await keys(pilot, "n", "enter")
        await words(pilot, "in the war", "enter")
        assert "Not read as a date or an age" in shown(pilot)
        await keys(pilot, "enter")
        await calm(pilot)
        assert isinstance(pilot.app.screen, InterviewScreen)


@pytest.mark.parametrize(
    ("typed", "birth", "months"),
    [
        ("2019-09-14", "2019-09-14", None),
        ("2019", "2019", None),
        ("7", None, 84),
        ("14 months", None, 14),
        ("2y 3m", None, 27),
        ("seven and a half", None, 90),
        ("May 2019", "2019-05", None),
        ("about seven", None, None),
        ("soon", None, None),
    ],
)
def test_a_birth_date_or_an_age_is_read_as_people_write_it(
    typed: str, birth: str | None, months: float | None
) -> None:
    from nmt_intake.casework.opening import born_or_aged

    assert born_or_aged(typed) == (birth, months)


async def test_keys_that_come_before_the_screen_is_there_do_no_harm(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        again = InterviewScreen(desk, screen.case)
        pilot.app.push_screen(again)
        done = ("ask('note')", "missing('asked-unknown')", "talk('on')", "talk('undo')")
        for action in ("digit('3')", *done):
            await again.run_action(action)
        await calm(pilot)
        assert len(screen.case.events) == 1


@pytest.mark.parametrize("size", [NARROW, WIDE, (64, 20)])
async def test_what_must_be_said_is_announced_where_it_is_cut_and_read_to_its_end(
    desk_with: Callable[[Bank], Casework], shipped: Bank, size: tuple[int, int]
) -> None:
    async with at_desk(desk_with(shipped), size) as pilot:
        talk = (await new_case(pilot)).query_one("#talk").region
        middle = slice(talk.x, talk.right)
        seen: list[str] = []

        def said() -> str:
            return "\n".join(line[middle].strip(" │") for line in shown(pilot).split("\n"))

        while "▾" in (now := said()) and len(seen) < 40:
            assert "more line" in now
            assert "interpreter, for all of this" in " ".join(now.split())
            seen.append(now)
            await keys(pilot, "pagedown")
        seen.append(now)
        whole = " ".join(" ".join(seen).split())
        assert len(seen) > 1 or size == WIDE
        view = interview(pilot).pane.view
        assert view is not None
        for line in (*view.before.plain.split("\n"), *view.after.plain.split("\n")):
            said_here = line.split()
            for at in range(len(said_here) - 3):
                # Four words stand on two lines at most, and a page keeps the last line.
                assert " ".join(said_here[at : at + 4]) in whole
        assert not interview(pilot).interview.slots, "reading answers nothing"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_safety_card_can_be_read_to_its_end_with_keys(
    desk: Casework, size: tuple[int, int]
) -> None:
    async with at_desk(desk, size) as pilot:
        screen = await new_case(pilot)
        await keys(pilot, "exclamation_mark", "2")
        beside = screen.query_one("#known-scroll")
        assert screen.asking.asks, "while the words are asked for"
        for _ in range(9):
            await pilot.press("pagedown")
        assert beside.scroll_offset.y == beside.max_scroll_y
        for _ in range(9):
            await pilot.press("pageup")
        assert beside.scroll_offset.y == 0
        assert screen.asking.asks


async def test_the_way_back_is_where_one_has_been_and_not_the_order_of_the_bank(
    desk: Casework,
) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        first, slots = screen.place, screen.interview.layout.slots
        far = AtQuestion(slots[-1])
        screen.go(far)
        await keys(pilot, "ctrl+b")
        assert screen.place == first, "one key leads back from a jump"
        await keys(pilot, "ctrl+n")
        assert screen.place == far, "and one forward again"
        await keys(pilot, "alt+up")
        above = screen.place
        assert above != first
        await keys(pilot, "ctrl+b", "ctrl+b")
        assert screen.place == first
        await keys(pilot, "3", "ctrl+b")
        assert screen.place == first
        assert not screen.talk.slot or far not in screen.talk._ahead


@pytest.mark.parametrize("place", ["line", "asked"])
async def test_a_kill_loses_neither_the_place_nor_the_half_typed_words(
    desk: Casework, place: str
) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        slots, kind = screen.interview.layout.slots, screen.interview.question
        where = AtQuestion([each for each in slots if kind(each).kind == "text"][-1])
        screen.go(where)
        if place == "asked":
            await keys(pilot, "f7")
        for letter in "she was only":
            await keys(pilot, "space" if letter == " " else letter)
        known = len(screen.case.events)
        screen.rest()
        assert len(screen.case.events) == known, "nothing while somebody types"
        for _ in range(3):
            screen.rest()
        assert len(screen.case.events) == known + 1, "once, where it rests"
        await calm(pilot)
        (line,) = desk.cases()
        again = Talk(desk.read(line))
        assert again.place == where
        if place == "line":
            assert again.drafts == {where.slot: "she was only"}
            await keys(pilot, "enter")
            screen.rest()
            assert Talk(desk.read(line)).drafts == {}
        else:
            assert again.drafts == {}
            assert again.case.unsent().asked == "she was only"
            assert not again.take_up(), "a case that is only read takes nothing"
            assert "kept as a note" in screen.talk.take_up()
            assert screen.interview.notes[-1].text == "Typed, not sent: she was only"
            assert screen.talk.take_up() == ""


async def test_none_of_them_is_chosen_like_an_option_and_goes_with_no_other(
    desk_with: Callable[[Bank], Casework], shipped: Bank
) -> None:
    async with at_desk(desk_with(shipped)) as pilot:
        screen = await new_case(pilot)
        several = [
            slot
            for slot in screen.interview.layout.slots
            if offers_none(screen.interview.question(slot))
            and len(screen.interview.question(slot).options) < 8
            and screen.interview.truths[slot]
        ]
        place = AtQuestion(several[0])
        screen.go(place)
        await calm(pilot)
        last = str(len(screen.interview.question(place.slot).options) + 1)
        said = lambda: screen.interview.said(place.slot).given  # noqa: E731
        await keys(pilot, last)
        assert said()[0].value == ["none"]
        assert f"[x] {last}  None of them" in shown(pilot)
        await keys(pilot, "1")
        assert "none" not in said()[0].value
        await keys(pilot, last, last)
        assert not said(), "its own key takes it back"
        await keys(pilot, last, "enter")
        assert said()[0].value == ["none"]
        assert screen.place != place


async def test_the_list_tells_the_age_at_the_interview_and_counts_that_are_not_old(
    desk: Casework,
) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot, born="14 months")
        await keys(pilot, "3")
        for _ in range(2):
            screen.rest()
        await calm(pilot)
        (line,) = desk.cases()  # as after a kill: nothing was closed
        assert (line.age_months, line.counts.asked) == (14, 1)
        await keys(pilot, "alt+e", "enter")
        assert " 14 m " in shown(pilot)


async def test_somebody_new_looks_round_with_a_made_up_family(
    tmp_path: Path, shipped: Bank
) -> None:
    desk = make_desk(tmp_path, shipped)
    desk.practise()
    async with at_desk(desk) as pilot:
        assert "look round with a made-up family" in shown(pilot)
        await keys(pilot, "d")
        screen = interview(pilot)
        assert screen.interview.practice
        assert len(screen.interview.slots) > 100
        await keys(pilot, "alt+e", "enter")
        assert "made-up family" not in shown(pilot)
        assert "to find out" in shown(pilot)


async def test_everything_said_is_read_back_put_right_moved_and_taken_back(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        case, first = screen.case, screen.slot
        gran = Informant(id="gm", relation="grandmother")
        case.record(InformantAdded, informant=gran)
        await keys(pilot, "3")
        case.record(Noted, slot=first, text="he hardly sleeps", informant="gm", verbatim=True)
        await keys(pilot, "ctrl+g")
        said = pilot.app.screen
        assert isinstance(said, SaidScreen)
        assert "“he hardly sleeps”" in shown(pilot)
        assert "grandmother" in shown(pilot)
        # The words are put right, and moved; who said them stays.
        await keys(pilot, "down", "e")
        await words(pilot, " at night", "enter")
        (note,) = screen.interview.notes
        assert (note.text, note.informant) == ("he hardly sleeps at night", "gm")
        await keys(pilot, "m")
        await words(pilot, "sleep", "enter")
        (note,) = screen.interview.notes
        assert note.slot != first
        assert (note.informant, note.verbatim) == ("gm", True)
        # An answer is put right by its options, for the same teller.
        await keys(pilot, "home", "e", "1")
        assert len(screen.interview.said(first).given) == 1
        # Filtered, ordered, taken back and brought back.
        await keys(pilot, "slash")
        await words(pilot, "hardly", "enter")
        assert "1 of 2" in shown(pilot)
        await keys(pilot, "s", "delete")
        assert not screen.interview.notes
        await keys(pilot, "f9")
        assert len(screen.interview.notes) == 1
        # Enter goes there, and one key leads back.
        await keys(pilot, "enter")
        assert interview(pilot).slot == note.slot


def test_all_that_was_said_in_a_long_interview_is_listed_at_once(shipped: Bank) -> None:
    path = shipped_bank() / "personas" / "grandmother.yaml"
    told = play_persona(path, shipped, "ana", NOON.date()).interview
    started = time.process_time()
    lines = said_lines(told, None)
    texts = [line_text(each, "part", 76) for each in lines]
    took = time.process_time() - started
    assert len(lines) > 150
    assert took < 0.5, f"{took:.3f} s for {len(lines)}"
    assert max(line.cell_length for text in texts for line in text.split("\n")) <= 76


async def test_who_rates_first_sees_what_is_suggested_only_then(desk: Casework) -> None:
    async with at_desk(desk) as pilot:
        screen = await new_case(pilot)
        slot = "early_childhood/early.neglect"
        screen.case.record(Answered, slot=slot, value="some")
        await keys(pilot, "ctrl+r", "alt+g")
        await words(pilot, "early childhood going without", "enter")
        assert "Suggested" in shown(pilot)
        await keys(pilot, "alt+b")
        hidden = shown(pilot)
        assert "Suggested" not in hidden
        assert "▲" not in hidden
        for anchor in ("1–3", "4–6", "7–9", "10–12"):
            assert f"{anchor} " in hidden, "the anchors are there to rate by"
        await keys(pilot, "enter")
        assert not screen.interview.ratings, "nothing that is not seen is accepted"
        await keys(pilot, "5")
        (rated,) = screen.interview.ratings.values()
        assert (rated.value, rated.unseen, rated.suggested) == (5, True, (4, 6))
        assert "Suggested 4–6" in shown(pilot)
        await keys(pilot, "7")
        (rated,) = screen.interview.ratings.values()
        assert (rated.value, rated.unseen) == (7, False), "changed after it was seen"
        await keys(pilot, "alt+l")
        assert "hidden" in shown(pilot)
        assert read_settings(desk.home.places.config).rate_first
