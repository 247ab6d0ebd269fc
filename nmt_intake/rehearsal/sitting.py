"""A rehearsal at the desk: the trainee asks and codes, the persona answers, a debrief ends it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from nmt_intake.bank.searching import search
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import opening_talk, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.rehearsal.cast import Cast, part_of
from nmt_intake.rehearsal.conversation import Conversation, Move, Turn
from nmt_intake.rehearsal.debrief import Debrief, debrief
from nmt_intake.rehearsal.question_kinds import CLOSED, OPEN, PRESSING, classify, content
from nmt_intake.rehearsal.record import Coded, Rehearsal

_SHOWN: Final = 3
_LONG: Final = 12
_WORDS_A_SECOND: Final = 6
_NEAR: Final = 5
_THANKS: Final = re.compile(r"^(?:oh,? |well,? )?(?:thank|thanks)\b")
_GOODBYE: Final = re.compile(r"\b(?:goodbye|good bye|enough for today|take (?:good )?care)\b")


@dataclass(slots=True)
class Sitting:
    """One trainee with one persona. `clock` gives seconds, to tell hurry."""

    cast: Cast
    seed: int = 0
    clock: Callable[[], float] = time.monotonic
    _talk: Conversation | None = None
    _read: set[str] = field(default_factory=set[str])
    _probes: dict[str, int] = field(default_factory=dict[str, int])
    _answered_at: float = 0.0

    @property
    def talk(self) -> Conversation:
        """The conversation so far."""
        if self._talk is None:
            self._talk = Conversation(self.cast, self.seed)
        return self._talk

    def read_on(self, interview: Interview, slot: str) -> Turn:
        """Say what the bank has here next: the opening, the preface, the question, a probe."""
        said, part = spoken(interview, slot), part_of(slot)
        place = interview.part(slot)
        opening = opening_talk(interview, place) if place else None
        if opening and f"opening {part}" not in self._read:
            self._read.add(f"opening {part}")
            return self._take(Move("opening", opening, part=part))
        if said.preface and f"preface {slot}" not in self._read:
            self._read.add(f"preface {slot}")
            return self._take(Move("preface", said.preface, slot, part))
        if f"ask {slot}" not in self._read:
            self._read.add(f"ask {slot}")
            return self._take(Move("ask", said.ask, slot, part, bank_wording=True))
        probe = self._probes.get(slot, 0)
        words = said.probes[probe] if probe < len(said.probes) else said.ask
        self._probes[slot] = probe + 1
        return self._take(Move("ask", words, slot, part, bank_wording=True))

    def say(self, interview: Interview, slot: str | None, words: str) -> Turn:
        """Say something in own words; nothing is a silence."""
        words = " ".join(words.split())
        if not words:
            return self._take(Move("silence"))
        lower = words.lower()
        kind = classify(words).kind
        if _GOODBYE.search(lower) and kind not in OPEN | CLOSED | PRESSING:
            return self._take(Move("closing", words))
        if _THANKS.search(lower) and kind == "support":
            return self._take(Move("thanks", words))
        if kind not in OPEN | CLOSED | PRESSING:
            return self._take(Move("say", words, part=part_of(slot) if slot else ""))
        meant = self._meant(interview, slot, words)
        if meant is not None:
            self._read.add(f"ask {meant}")
        return self._take(Move("ask", words, meant, part_of(meant) if meant else ""))

    def pause(self) -> Turn:
        """Take a break."""
        return self._take(Move("break"))

    def card(self, topic: str, words: str) -> Turn:
        """Note that the safety card was used."""
        return self._take(Move("safety_card", words, part=topic))

    def lines(self, slot: str) -> Iterator[str]:
        """Yield the last things that were said, by both, about a slot."""
        here = [turn for turn in self.talk.turns if self._is_about(turn, slot)]
        for turn in here[-_SHOWN:]:
            if turn.move.words and turn.move.act not in ("opening", "preface", "safety_card"):
                yield f"You: “{turn.move.words}”"
            for who, said in turn.reply:
                yield f"{who}: {said}" if said.startswith("(") else f"{who}: “{said}”"

    def debrief(self, interview: Interview) -> Debrief:
        """Return the debrief of what was said so far and of what is coded."""
        coded: dict[tuple[str, str | None], Coded] = {}
        for slot, said in interview.slots.items():
            for given in said.given:
                coded[slot, given.informant] = Coded(
                    given.value,
                    None,
                    given.basis,
                    given.confidence,
                    _words(interview, slot, given.words),
                )
            for mark in said.marks:
                words = _words(interview, slot, mark.words)
                coded[slot, mark.informant] = Coded(missing=mark.reason, words=words)
        return debrief(
            Rehearsal(
                cast=self.cast,
                seed=self.seed,
                style="desk",
                turns=tuple(self.talk.turns),
                coded=coded,
                ratings={key: (each.value, each.reason) for key, each in interview.ratings.items()},
                plan=None,
            )
        )

    def again(self, turn: int) -> str | None:
        """Go back to just before a turn; return the slot it was about. What was coded stays."""
        before = self.talk.turns
        self._talk = Conversation(self.cast, self.seed)
        for each in before[: turn - 1]:
            self._talk.take(each.move)
        slot = before[turn - 1].move.slot if 0 < turn <= len(before) else None
        self._read.discard(f"ask {slot}")
        return slot

    def _take(self, move: Move) -> Turn:
        last = self.talk.turns[-1] if self.talk.turns else None
        heard = sum(len(words.split()) for _, words in last.reply) if last else 0
        elapsed = self.clock() - self._answered_at
        hurried = move.act == "ask" and heard > _LONG and elapsed < heard / _WORDS_A_SECOND
        if hurried:
            move = Move(move.act, move.words, move.slot, move.part, move.bank_wording, hurried)
        turn = self.talk.take(move)
        self._answered_at = self.clock()
        return turn

    def _meant(self, interview: Interview, slot: str | None, words: str) -> str | None:
        """Return the slot that own words are about: the one in hand, or another of its block."""
        found = [each.question for each in search(interview.bank, content(words), _NEAR)]
        here = split_slot(slot)[1] if slot else ""
        block = here.partition(".")[0]
        if not found or here in found or slot is None:
            return slot
        if found[0].partition(".")[0] != block:
            return slot
        other = split_slot(slot)[0] + found[0]
        return other if other in interview.layout.position else slot

    @staticmethod
    def _is_about(turn: Turn, slot: str) -> bool:
        return turn.move.slot == slot or (not turn.move.slot and turn.move.act != "safety_card")


def _words(interview: Interview, slot: str, own: str) -> str:
    """Return the words kept with an answer: its own, else what was noted there word for word."""
    return own or next((each.text for each in interview.notes if each.slot == slot), "")
