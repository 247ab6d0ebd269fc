"""What is done with words that were asked for: each function asks, and records what came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from nmt_intake.bank.searching import prepare
from nmt_intake.interview.events import Noted, SafetyRaised
from nmt_intake.interview.speaking import client_name
from nmt_intake.interview.walk import AtQuestion
from nmt_intake.rehearsal.conversation import KIND_WORDS
from nmt_intake.tui.screens.interview import prompts
from nmt_intake.tui.views import places

if TYPE_CHECKING:
    from nmt_intake.tui.screens.interview.screen import InterviewScreen

Asked: TypeAlias = "Callable[[InterviewScreen], Awaitable[None]]"


async def note(screen: InterviewScreen) -> None:
    """Keep words beside this question."""
    if screen.may_record() and (text := await prompts.ask_note(screen.asking)):
        teller = screen.interview.speaking
        if screen.record(Noted, text=text, slot=screen.slot, informant=teller):
            screen.say("Note kept.")


async def who_knows(screen: InterviewScreen) -> None:
    """Mark as not known, with who would know."""
    knows = await prompts.ask_who_knows(screen.asking) if screen.may_record() else None
    if knows is not None:
        screen.action_missing("asked-unknown", knows)


async def capture(screen: InterviewScreen) -> None:
    """Keep what was just said, where it belongs."""
    find = _finding(screen, 3)
    # The index takes 0.4 s at first: it is made while the first word is typed.
    screen.run_worker(partial(prepare, screen.interview.bank), thread=True, group="prepare")
    captured = await prompts.ask_capture(screen.asking, find) if screen.may_record() else None
    if captured is not None:
        screen.do(partial(screen.talk.capture, captured))


async def go_to(screen: InterviewScreen) -> None:
    """Look through all questions and go to one."""
    slot = await prompts.ask_place(screen.asking, _finding(screen, 5))
    if slot is not None:
        screen.go(AtQuestion(slot))


async def informant(screen: InterviewScreen) -> None:
    """Choose who is telling, or add somebody by relation."""
    if not screen.may_record():
        return
    known, client = list(screen.interview.informants.values()), client_name(screen.interview)
    teller = await prompts.ask_informant(screen.asking, known, client)
    if teller is None:
        return
    unread = teller.unread if isinstance(teller, prompts.NewInformant) else ""
    if unread:
        # What was said goes where it can be read again; the age can be put right later.
        assert isinstance(teller, prompts.NewInformant), "only a new one is asked"
        screen.record(Noted, text=f"{teller.relation} has known {client} since: {unread}")
    if screen.do(partial(screen.talk.hear, teller)) and unread:
        screen.say("Not read as an age: kept as a note.")


async def add(screen: InterviewScreen) -> None:
    """Add a carer, a home or a hard thing to the time line."""
    loop = await prompts.ask_loop(screen.asking) if screen.may_record() else None
    if loop is not None:
        screen.add_instance(loop)


async def row(screen: InterviewScreen, first: str) -> None:
    """Ask for the rest of a table's row and add it; `first` was written for its first cell."""
    question = screen.question
    if question is None or not screen.may_record():
        return
    found = await prompts.ask_row(screen.asking, question, screen.case.read, first)
    if found and screen.do(partial(screen.talk.add_row, found.cells)) and found.left_out:
        screen.say(" ".join(found.left_out))


async def safety(screen: InterviewScreen) -> None:
    """Open the safety card beside the interview; a signed record takes its notes too."""
    screen.show_card(None)
    if not screen.may_record(SafetyRaised):
        return
    topics, waiting = screen.desk.agency.topics, screen.interview.open_safety
    match await prompts.ask_safety(screen.asking, topics, waiting, screen.show_card):
        case prompts.SafetyNote(topic, words, informed):
            content = {"topic": topic, "note": words, "informed": informed}
            if screen.record(SafetyRaised, slot=screen.slot, **content):
                found = (each.id for each in topics if each.title == topic)
                if sitting := screen.sitting:
                    sitting.card(next(found, topic), words)
                screen.say("Safety note kept. It stays open until it is closed with a reason.")
        case prompts.SafetyClosed(concern, reason):
            screen.do(partial(screen.talk.close_concern, concern, reason))
        case None:
            return


async def say(screen: InterviewScreen) -> None:
    """Say something to the persona in own words."""
    sitting = screen.sitting
    words = await prompts.ask_own_words(screen.asking) if sitting else None
    if sitting and words is not None:
        turn = sitting.say(screen.interview, screen.slot, words)
        kind = KIND_WORDS[turn.kind] if turn.kind else "a silence"
        screen.say(f"Heard as {kind}.")


def _finding(screen: InterviewScreen, limit: int) -> prompts.Find:
    language = screen.desk.settings.language
    return partial(places.found, screen.interview, screen.slot, language, limit)


ASKED: Final[Mapping[str, Asked]] = {
    "note": note,
    "who_knows": who_knows,
    "capture": capture,
    "go_to": go_to,
    "informant": informant,
    "add": add,
    "safety": safety,
    "say": say,
}
