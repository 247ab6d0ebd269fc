"""Where the talk is and what was done there: places, answers, marks. No widget, no key.

What comes next, what is shown and what is refused are the interview's; each method records what
it must, changes the place, and returns a sentence to say, or nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.model import Question
from nmt_intake.casework.session import Session, described
from nmt_intake.casework.sittings import SITTINGS, Asked, could_change, to_come
from nmt_intake.interview import walk
from nmt_intake.interview.asking import ratings_served, why
from nmt_intake.interview.events import (
    Basis,
    Drafted,
    Event,
    Flagged,
    Informant,
    InformantAdded,
    InformantChosen,
    InformantKind,
    InstanceAdded,
    MissingReason,
    Noted,
    Retracted,
    Sitting,
    SittingChosen,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.progress import is_shown
from nmt_intake.interview.readers import NONE, offers_none
from nmt_intake.interview.shown import chosen_of
from nmt_intake.interview.sitting import minutes_in_words
from nmt_intake.interview.slots import Given, Mark, own, own_mark
from nmt_intake.interview.speaking import rating_title, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import witnessed
from nmt_intake.interview.values import codes_of, in_words
from nmt_intake.interview.walk import AtOffer, AtQuestion, Place
from nmt_intake.vocabulary import PERIODS

_BASES: Final[tuple[Basis | None, ...]] = ("saw", "told", "read", "guess", None)
_NOTHING_MARKED: Final = (
    "Nothing is marked. A digit or the space bar marks one; F3: don't know, F4: rather not."
)
_NOTHING_CHOSEN: Final = "Nothing is chosen. A digit chooses; or move with the arrows, then Enter."
_NOTHING_WRITTEN: Final = "Nothing is written. F3: don't know, F4: rather not, F5: later."


@dataclass(frozen=True, slots=True)
class Captured:
    """Words that were just said, and the slot they belong to; None where only kept as a note.

    `fits` is how the answer reads that they tell there, empty where that is not clear.
    """

    words: str
    slot: str | None
    fits: str = ""


@dataclass(frozen=True, slots=True)
class NewInformant:
    """Somebody who tells from now on; `unread` is what was said of since when, if not an age."""

    relation: str
    kind: InformantKind
    known_from_months: float | None
    unread: str = ""


class Talk:
    """One open case at one place; `drafts` holds what is written and not sent, by slot.

    `moves` tells whether an answer leads on to the next question, or stays where it is.
    """

    def __init__(self, case: Session, moves: Callable[[], bool] = lambda: True) -> None:
        self.case = case
        self._moves = moves
        self.declined: frozenset[str] = frozenset()
        self.return_to: str | None = None
        self.drafts: dict[str, str] = dict(case.unsent().drafts)
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._basis: dict[str, Basis | None] = {}
        self._asked_softly: tuple[str, object] | None = None
        self._asked = Asked()
        self._began = time.monotonic()
        self.place: Place = self._left_at()

    @property
    def interview(self) -> Interview:
        """The interview as it stands."""
        return self.case.interview

    @property
    def slot(self) -> str | None:
        """The slot we are at, if it is a question."""
        return self.place.slot if isinstance(self.place, AtQuestion) else None

    @property
    def question(self) -> Question | None:
        """The question we are at."""
        return self.interview.question(self.slot) if self.slot else None

    @property
    def given(self) -> Given | None:
        """The answer here of whoever is telling."""
        return own(self.interview.said(self.slot or ""), self.interview.speaking)

    @property
    def mark(self) -> Mark | None:
        """The reason for no answer here, of whoever is telling."""
        return own_mark(self.interview.said(self.slot or ""), self.interview.speaking)

    # Places

    def _left_at(self) -> Place:
        """Return where the talk was left: where it rested, else what waits after the last words."""
        rested = self.case.unsent().slot
        if rested in self.interview.layout.position and rested is not None:
            return AtQuestion(rested)
        last = self.case.last_slot()
        return self._next_place(AtQuestion(last) if last else None)

    def go(self, place: Place) -> str:
        """Be at another place; the way back leads here."""
        if place != self.place:
            self._behind.append(self.place)
            self._ahead.clear()
        return self._be_at(place)

    def _be_at(self, place: Place) -> str:
        self.place = place
        self._asked_softly = None
        return ""

    def stay_in_the_walk(self) -> None:
        """Go on from a slot that is not there any more."""
        if self.slot and self.slot not in self.interview.layout.position:
            self.place = self._next_place(None)

    def move_on(self) -> str:
        """Go to what comes next: back to where a capture began, else onward."""
        if self.return_to is not None:
            place, self.return_to = AtQuestion(self.return_to), None
            return self.go(place)
        return self.go(self._next_place(self.place))

    def _next_place(self, after: Place | None) -> Place:
        slot = after.slot if isinstance(after, AtQuestion) else None
        wanted = self._asked.wanted(self.interview, slot)
        return walk.next_place(self.interview, after, self.declined, wanted)

    def sit(self, sitting: Sitting) -> str:
        """Ask so much from here on; a question we are at stays, and nothing told is lost."""
        if sitting != self.interview.sitting:
            self.case.record(SittingChosen, sitting=sitting)
        self._asked.forget()
        if self.slot is None:
            self.place = self._next_place(None)
        return self.sitting()

    def next_sitting(self) -> str:
        """Go through the sittings: the essential, what can change a level, everything."""
        every = tuple(SITTINGS)
        return self.sit(every[(every.index(self.interview.sitting) + 1) % len(every)])

    def sitting(self) -> str:
        """Say what is asked, how long we have talked, and how long it typically takes from here."""
        so_far = minutes_in_words((time.monotonic() - self._began) / 60)
        return f"{to_come(self.interview)} So far today: {so_far}."

    def back(self) -> str:
        """Go back to where we have been; from the beginning, to the question above."""
        return "" if self._along(self._behind, self._ahead) else self.above()

    def on(self) -> str:
        """Go forward again to where we came back from; else to the question below, unchanged."""
        return "" if self._along(self._ahead, self._behind) else self.below()

    def _along(self, way: list[Place], other: list[Place]) -> bool:
        while way:
            place = way.pop()
            gone = isinstance(place, AtQuestion) and not is_shown(self.interview, place.slot)
            if not gone and place != self.place:
                other.append(self.place)
                self._be_at(place)
                return True
        return False

    def above(self) -> str:
        """Go to the question before this one, in the order of the bank."""
        found = walk.beside(self.interview, self.place, -1)
        return self.go(AtQuestion(found)) if found else "This is the first question."

    def below(self) -> str:
        """Go to the question after this one, in the order of the bank."""
        found = walk.beside(self.interview, self.place, 1)
        return self.go(AtQuestion(found)) if found else self.move_on()

    def go_to_one_of(self, slots: tuple[str, ...]) -> str:
        """Go to the first of these slots that waits."""
        slot = walk.entry_to(self.interview, slots)
        return self.go(AtQuestion(slot)) if slot else ""

    # Answers

    def choose(self, code: str) -> str:
        """Answer with an option; of several, mark it or take its mark off."""
        question, given = self.question, self.given
        if isinstance(self.place, AtOffer):
            return self._answer_offer(self.place.loop, code)
        if question is None:
            return ""
        if KINDS[question.kind].desk != "marks":
            return self.answer(code)
        chosen = list(chosen_of(question, given.value)) if given else []
        if code == NONE and offers_none(question) and NONE not in chosen:
            return self.answer([NONE], stay=True)
        options = spoken(self.interview, self.slot or "").options
        wanted = [each for each in options if (each in chosen) != (each == code)]
        if not wanted and given is not None:
            # Nothing marked is no answer: what stood there is taken back.
            self.case.withdraw(self.slot or "")
            return ""
        return self.answer(wanted, stay=True)

    def take(self, code: str | None) -> str:
        """Take the highlighted option, or what is marked, and go on."""
        question, given = self.question, self.given
        if isinstance(self.place, AtOffer):
            return self._answer_offer(self.place.loop, code or "no")
        if question is None:
            return ""
        if KINDS[question.kind].desk == "marks":
            return self.move_on() if given or self.mark else _NOTHING_MARKED
        if code is None:
            return _NOTHING_CHOSEN
        if given is not None and code in codes_of(question, given.value):
            return self.move_on()
        return self.answer(code)

    def write(self, text: str) -> str:
        """Answer with words; beside options they are kept as said, and the answer cites them."""
        question, slot, given = self.question, self.slot, self.given
        if question is None or slot is None:
            return self._keep_words(text, None)
        if question.kind not in WRITTEN:
            return self._keep_words(text, slot)
        if not text.strip():
            return self.move_on() if given or self.mark else _NOTHING_WRITTEN
        if given is not None and text.strip() == in_words(question, given.value):
            return self.move_on()
        return self.answer(text)

    def _keep_words(self, text: str, slot: str | None) -> str:
        if not text.strip():
            return ""
        teller = self.interview.speaking
        self.case.record(Noted, text=text.strip(), slot=slot, informant=teller, verbatim=True)
        self.drafts.pop(slot or "", None)
        return "Their words are kept here."

    def answer(self, raw: object, *, stay: bool = False) -> str:
        """Record an answer as it was given; one that is not expected is asked for once more.

        Raises IntakeError, and changes nothing, where it does not fit.
        """
        slot = self.slot
        if slot is None:
            return ""
        doubt = self.case.doubt(slot, raw)
        if doubt is not None and self._asked_softly != (slot, raw):
            self._asked_softly = (slot, raw)
            return f"{doubt} Enter again keeps it."
        self.case.answer(slot, raw, basis=self.basis)
        self.drafts.pop(slot, None)
        return "" if stay or not self._moves() else self.move_on()

    def add_row(self, cells: dict[str, JsonValue]) -> str:
        """Add a row to the table; we stay, for the next one."""
        rows = list(self.given.value) if self.given and isinstance(self.given.value, list) else []
        return self.answer([*rows, cells], stay=True) if cells else ""

    def leave_out(self, reason: MissingReason, who_knows: str = "") -> str:
        """Mark the question with a reason instead of an answer."""
        if self.slot is None:
            return ""
        self.case.mark_missing(self.slot, reason, who_knows=who_knows)
        return self.move_on() if self._moves() else ""

    def close_concern(self, concern: str, reason: str) -> str:
        """Close a safety concern; this may be done in a signed record, too."""
        self.case.acknowledge(concern, reason)
        return "Safety note closed."

    def _answer_offer(self, loop: str, code: str) -> str:
        if code == "yes":
            return self.add_instance(loop)
        self.declined |= {loop}
        return self.move_on()

    # Beside the answer

    @property
    def basis(self) -> Basis | None:
        """How sure the answer here is, or will be: told, for a time that was not witnessed."""
        slot, given = self.slot or "", self.given
        if slot in self._basis:
            return self._basis[slot]
        if given is not None:
            return given.basis
        period, teller = split_slot(slot)[0][:-1], self.interview.speaking
        if period not in PERIODS or teller is None:
            return None
        return None if witnessed(self.interview, teller, period) else "told"

    def change_basis(self) -> str:
        """Go through saw, told, read, guess, not said."""
        slot, given = self.slot, self.given
        if slot is None:
            return ""
        basis = _BASES[(_BASES.index(self.basis) + 1) % len(_BASES)]
        self._basis[slot] = basis
        if given is not None:
            self.case.answer(slot, given.value, basis=basis, confidence=given.confidence)
        return ""

    def flag(self) -> str:
        """Mark this place to come back to, or take the mark off."""
        flags = [flag for flag in self.interview.flags if flag.slot == self.slot]
        if self.slot is None:
            return ""
        if flags:
            self.case.record(Retracted, target=flags[-1].id)
            return "Flag taken off."
        self.case.record(Flagged, slot=self.slot)
        return "Flagged."

    def why(self) -> str:
        """Say why this is asked or hidden, and what it is evidence for."""
        if self.slot is None:
            return ""
        keys = ratings_served(self.question, split_slot(self.slot)[0])
        names = "; ".join(rating_title(self.interview, key) for key in keys)
        asked = why(self.interview, self.slot).sentence
        evidence = f"Evidence for: {names}." if names else ""
        said = (asked, evidence, could_change(self.interview, self.slot))
        return " ".join(each for each in said if each)

    def capture(self, captured: Captured) -> str:
        """Keep what was just said, and go where it belongs; an answer leads back here."""
        slot = captured.slot or self.slot
        teller = self.interview.speaking
        self.case.record(Noted, text=captured.words, slot=slot, informant=teller, verbatim=True)
        if captured.slot is None:
            return "Kept as a note."
        if self.slot != captured.slot and self.return_to is None:
            self.return_to = self.slot
        self.go(AtQuestion(captured.slot))
        return f"Kept in their words. They fit: {captured.fits}." if captured.fits else ""

    def undo(self) -> str:
        """Take the last thing back and show where it was."""
        return self._show_taken_back(self.case.undo(), "Undone")

    def redo(self) -> str:
        """Bring back what was undone last."""
        return self._show_taken_back(self.case.redo(), "Brought back")

    def _show_taken_back(self, event: Event | None, verb: str) -> str:
        self._asked.forget()
        slot = getattr(event, "slot", None)
        self.drafts.pop(slot or "", None)
        if isinstance(slot, str) and slot in self.interview.layout.position:
            self.go(AtQuestion(slot))
        return f"{verb}: {described(event)}." if event else "Nothing to take back."

    # People and times

    def hear(self, teller: Informant | NewInformant) -> str:
        """Let somebody tell from here on."""
        if isinstance(teller, Informant):
            self.case.record(InformantChosen, informant=teller.id)
            return ""
        informant = Informant(
            id=walk.next_informant(self.interview),
            relation=teller.relation,
            kind=teller.kind,
            known_from_months=teller.known_from_months,
        )
        self.case.record(InformantAdded, informant=informant)
        self.case.record(InformantChosen, informant=informant.id)
        if not teller.unread:
            return ""
        words = f"Has known the client since: {teller.unread}"
        self.case.record(Noted, text=words, informant=informant.id)
        return "Since when was not read as an age. The words are kept as a note."

    def add_instance(self, loop: str) -> str:
        """Add a carer, a home or a hard thing, and ask about it."""
        instance = walk.next_instance(self.interview, loop)
        self.case.record(InstanceAdded, instance=instance)
        self.declined -= {loop}
        first = walk.first_slot_of(self.interview, instance)
        return self.go(AtQuestion(first)) if first else ""

    # What is written and not sent

    def keep_draft(self, place: Place, text: str, kept: str) -> None:
        """Remember what stands on the line at a place; `kept` of it is an answer already."""
        slot = place.slot if isinstance(place, AtQuestion) else ""
        if text.strip() and text != kept:
            self.drafts[slot] = text
        else:
            self.drafts.pop(slot, None)

    def rest(self, asked: str) -> None:
        """Record where we are and what is not sent, here and on the line that asks.

        Nothing is recorded that a kill would bring back anyway, or where nothing may be.
        """
        if self.case.refusal(Drafted):
            return
        left, here = self.case.unsent(), self.slot or ""
        changed = {
            slot
            for slot in {*self.drafts, *left.drafts}
            if self.drafts.get(slot) != left.drafts.get(slot)
        }
        moved = self.slot is not None and self.place != self._left_at()
        for slot in sorted(changed - {here}):
            self.case.record(Drafted, slot=slot or None, text=self.drafts.get(slot, ""))
        if changed or moved or asked != left.asked:
            text = self.drafts.get(here, "")
            self.case.record(Drafted, slot=self.slot, text=text, asked=asked)

    def take_up(self) -> str:
        """Keep as a note what a kill left on a line that asked for something."""
        left = self.case.unsent()
        if not left.asked or self.case.refusal() is not None:
            return ""
        self._note_unsent(left.slot, left.asked)
        return "What was typed and not sent is kept as a note here."

    def note_unsent(self, asked: str) -> None:
        """Keep every draft, and what was `asked` for and not sent, as notes; IntakeError if not."""
        unsent = [each for each in self.drafts.items() if not self._is_answer(*each)]
        unsent += [(self.slot or "", asked)] if asked else []
        self.drafts.clear()
        for slot, text in unsent if self.case.refusal() is None else ():
            self._note_unsent(slot or None, text)

    def _note_unsent(self, slot: str | None, text: str) -> None:
        text = f"Typed, not sent: {text}"
        self.case.record(Noted, text=text, slot=slot, informant=self.interview.speaking)

    def _is_answer(self, slot: str, text: str) -> bool:
        question = self.interview.question(slot)
        given = self.interview.said(slot).given
        return question is not None and text in [in_words(question, each.value) for each in given]
