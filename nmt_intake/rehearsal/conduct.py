"""How an interview was held: what a careful one has, each with the line where it is or is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from pydantic import BaseModel, ConfigDict

from nmt_intake.bank.reading import read_file
from nmt_intake.interview.graph import split_slot
from nmt_intake.rehearsal.cast import part_of
from nmt_intake.rehearsal.conversation import Turn
from nmt_intake.rehearsal.question_kinds import OPEN
from nmt_intake.rehearsal.record import Rehearsal

_HARD: Final = 2
_HARDEST: Final = 3
_STRAINED: Final = 85
_LONGEST_SPEECH: Final = 60
_OWN_ASKS: Final = 12
_CARD_WITHIN: Final = 4
_THANKS: Final = re.compile(r"\bthanks?\b")


class _Text(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    advice: str
    better: str = ""
    words: str = ""


class Texts(BaseModel):
    """The words of a debrief, as its data file holds them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conduct: dict[str, _Text]
    slips: dict[str, str]


@cache
def texts(language: str = "en") -> Texts:
    """Return the words of a debrief in a language."""
    place = Path(__file__).with_name(f"debrief_{language}.yaml")
    return Texts.model_validate(read_file(place, place.name))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a careful interview has; `turn` is where it was done, or where it was missed."""

    id: str
    title: str
    done: bool
    turn: Turn | None
    advice: str

    @property
    def line(self) -> str:
        """The line of the conversation that it rests on, empty if there is none."""
        return line_of(self.turn)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the items look at: the record, its questions, and where the hard ones begin."""

    record: Rehearsal
    asks: Sequence[Turn]
    hard: Turn | None
    hardest: Turn | None

    def asked(self, name: str) -> Turn | None:
        """Return where a question of the bank was first asked, None if it was not."""
        return next((turn for turn in self.asks if _name(turn) == name), None)

    def in_block(self, *blocks: str) -> Turn | None:
        """Return the first question of one of these blocks."""
        return next((turn for turn in self.asks if turn.block in blocks), None)

    def did(self, mark: str) -> Turn | None:
        """Return the first turn with a mark."""
        return next((turn for turn in self.record.turns if mark in turn.marks), None)

    def in_bank(self, name: str) -> bool:
        """Whether the bank has this question, or this block."""
        bank = self.record.cast.bank
        return name in bank.questions or any(block.id == name for block in bank.blocks)


# Done or not, and the turn that shows it; None where there is nothing to see.
_Result: TypeAlias = tuple[bool, Turn | None] | None
_Rule: TypeAlias = Callable[[Seen], _Result]


def conduct(record: Rehearsal) -> tuple[Item, ...]:
    """Return what a careful interview has that this one could have had, in the usual order."""
    return tuple(_items(_seen(record)))


def _seen(record: Rehearsal) -> Seen:
    asks = [turn for turn in record.turns if turn.move.act == "ask"]
    hard = next((turn for turn in asks if turn.sensitivity >= _HARD), None)
    hardest = next((turn for turn in asks if turn.sensitivity >= _HARDEST), None)
    return Seen(record, asks, hard, hardest)


def _items(seen: Seen) -> Iterator[Item]:
    for name, rule in _RULES.items():
        result, text = rule(seen), texts().conduct[name]
        if result is not None:
            yield Item(name, text.title, result[0], result[1], text.advice)


def line_of(turn: Turn | None) -> str:
    """Return a line of the conversation as a debrief cites it."""
    if turn is None:
        return ""
    words = turn.move.words or {"silence": "(silence)", "break": "(a break)"}.get(turn.move.act, "")
    shown = words if len(words) <= 160 else f"{words[:157]}..."
    return f"{turn.number}: {shown}"


def _name(turn: Turn) -> str:
    return split_slot(turn.move.slot)[1] if turn.move.slot else ""


def _before(turn: Turn | None, limit: Turn | None) -> _Result:
    """Return that it was done, and before the limit; else where it was missed."""
    done = turn is not None and (limit is None or turn.number < limit.number)
    return done, turn if done else limit


def _unless_early(seen: Seen, result: _Result) -> _Result:
    """Return what was found, but nothing while it is too early to say: no hard question yet."""
    return result if seen.hard is not None or (result and result[0]) else None


def _asks(*names: str, before_hard: bool = False) -> _Rule:
    def rule(seen: Seen) -> _Result:
        known = [name for name in names if seen.in_bank(name)]
        if not known:
            return None
        found = seen.asked(known[0])
        if before_hard:
            return _unless_early(seen, _before(found, seen.hard))
        return found is not None, found

    return rule


def _opening(seen: Seen) -> _Result:
    found = seen.did("welcome")
    first = seen.asks[0] if seen.asks else None
    return _before(found, first)


def _limits(seen: Seen) -> _Result:
    return _unless_early(seen, _before(seen.did("limits"), seen.hard))


def _strengths(seen: Seen) -> _Result:
    return _unless_early(seen, _before(seen.in_block("strengths_first"), seen.hard))


def _own_eyes(seen: Seen) -> _Result:
    return _unless_early(seen, _before(seen.in_block("who_is_who"), seen.hard))


def _body_first(seen: Seen) -> _Result:
    if seen.hardest is None or not seen.in_bank("sleep"):
        return None
    return _before(seen.in_block("sleep", "feeding_appetite"), seen.hardest)


def _prefaces(seen: Seen) -> _Result:
    said: set[str] = set()
    hard = [turn for turn in seen.asks if turn.sensitivity >= _HARD]
    missed = None
    for turn in seen.record.turns:
        if turn.move.act == "preface":
            said.update((turn.move.part, turn.move.slot or ""))
        question = seen.record.cast.question(turn.move.slot)
        if turn.move.act != "ask" or question is None or not question.preface:
            continue
        own = turn.kind == "support" or "skip" in turn.move.words
        if not own and not {turn.move.part, turn.move.slot} & said:
            missed = missed or turn
    return (missed is None, missed or hard[0]) if hard else None


def _announced(seen: Seen) -> _Result:
    with_opening = {block.id for block in seen.record.cast.bank.blocks if block.opening}
    opened = {turn.move.part for turn in seen.record.turns if turn.move.act == "opening"}
    names = {part.rpartition("/")[2] for part in opened}
    missed = next((turn for turn in seen.asks if turn.block in with_opening - names), None)
    first = next((turn for turn in seen.record.turns if turn.move.act == "opening"), None)
    return missed is None, missed or first


def _footing(seen: Seen) -> _Result:
    lost = next(
        (turn for turn in seen.record.turns if {"held", "not_held"} & set(turn.marks)), None
    )
    return None if lost is None else ("held" in lost.marks, lost)


def _not(mark: str) -> _Rule:
    def rule(seen: Seen) -> _Result:
        found = seen.did(mark)
        return found is None, found

    return rule


def _pauses(seen: Seen) -> _Result:
    strained = 0
    for turn in seen.record.turns:
        strained = strained + 1 if turn.strain >= _STRAINED else 0
        if strained > 5:
            return False, turn
    paused = next(
        (turn for turn in seen.record.turns if turn.move.act in ("silence", "break")), None
    )
    return True, paused


_STILL: Final = ("exposures.still", "hard_times.still")


def _still(seen: Seen) -> _Result:
    wanted = {slot for slot in seen.record.cast.key if split_slot(slot)[1] in _STILL}
    if not wanted or not (seen.in_block("exposures") or seen.in_block("hard_times")):
        return None
    asked = {turn.move.slot for turn in seen.asks}
    found = seen.asked("exposures.still") or seen.asked("hard_times.still")
    return wanted <= asked, found or seen.in_block("exposures")


def _card(seen: Seen) -> _Result:
    story = seen.record.cast.story
    turns = seen.record.turns
    for index, turn in enumerate(turns):
        topics = {story.fact(each).safety for each in turn.told} - {None}
        after = turns[index : index + _CARD_WITHIN]
        cards = {each.move.part for each in after if each.move.act == "safety_card"}
        if topics - cards:
            return False, turn
    used = next((turn for turn in turns if turn.move.act == "safety_card"), None)
    return None if used is None else (True, used)


def _card_words(seen: Seen) -> _Result:
    cards = [turn for turn in seen.record.turns if turn.move.act == "safety_card"]
    bare = next((turn for turn in cards if not turn.move.words.strip()), None)
    return (bare is None, bare or cards[0]) if cards else None


def _early(seen: Seen) -> _Result:
    """Whether what slipped out before its turn was put where it belongs, and not asked cold."""
    story = seen.record.cast.story
    for turn in seen.record.turns:
        for name in turn.told:
            fact = story.fact(name)
            if fact.early is None or turn.move.slot in fact.slots or turn.move.slot != fact.early:
                continue
            coded = {slot for slot, _ in seen.record.coded}
            return bool(coded & set(fact.slots)), turn
    return None


def _twice(seen: Seen) -> _Result:
    asked: dict[str, Turn] = {}
    last_pause = -1
    for turn in seen.record.turns:
        if turn.move.act in ("silence", "break", "preface"):
            last_pause = turn.number
        slot = turn.move.slot
        if turn.move.act != "ask" or slot is None:
            continue
        before = asked.get(slot)
        if before is not None and not _comes_back(before, last_pause):
            return False, turn
        asked[slot] = turn
    return True, None


def _comes_back(before: Turn, last_pause: int) -> bool:
    """Whether asking again is coming back: something was kept back, and there was a pause."""
    return bool(before.kept) and last_pause > before.number


def _thanks(seen: Seen) -> _Result:
    found = next((turn for turn in seen.record.turns if turn.move.act == "thanks"), None)
    if found is None:
        said = (turn for turn in seen.record.turns if turn.move.act in ("say", "closing"))
        found = next((turn for turn in said if _THANKS.search(turn.move.words.lower())), None)
    return found is not None, found


def _gives_back(seen: Seen) -> _Result:
    found = next((turn for turn in seen.record.turns if "reflection" in turn.marks), None)
    return found is not None, found or seen.hard


def _opens_hard(seen: Seen) -> _Result:
    """Whether every hard part had at least one open question."""
    hard = [turn for turn in seen.asks if turn.sensitivity >= _HARD]
    opened = {turn.move.part for turn in seen.asks if turn.kind in OPEN}
    opened |= {
        part_of(turn.move.slot) for turn in seen.asks if turn.move.slot and turn.kind in OPEN
    }
    missed = next((turn for turn in hard if part_of(turn.move.slot or "") not in opened), None)
    return (missed is None, missed or hard[0]) if hard else None


def _closing_last(seen: Seen) -> _Result:
    if not seen.in_bank("closing") or not seen.asks:
        return None
    last = seen.asks[-1]
    return last.block == "closing", last


def _goodbye(seen: Seen) -> _Result:
    found = next((turn for turn in seen.record.turns if turn.move.act == "closing"), None)
    last = seen.record.turns[-1] if seen.record.turns else None
    return found is not None, found or last


def _no_words(name: str) -> _Rule:
    def rule(seen: Seen) -> _Result:
        own = (turn for turn in seen.record.turns if _is_own(turn))
        search = _pattern(name).search
        found = next((turn for turn in own if search(turn.move.words.lower())), None)
        return found is None, found

    return rule


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(texts().conduct[name].words)


def _is_own(turn: Turn) -> bool:
    """Whether the words are the interviewer's own."""
    return not turn.move.bank_wording and turn.move.act in ("ask", "say", "thanks", "closing")


def _short(seen: Seen) -> _Result:
    own = (turn for turn in seen.record.turns if _is_own(turn))
    found = next((turn for turn in own if len(turn.move.words.split()) > _LONGEST_SPEECH), None)
    return found is None, found


def _no_run(seen: Seen) -> _Result:
    run = 0
    for turn in seen.asks:
        own = _is_own(turn)
        run = 0 if turn.kind in OPEN else run + own
        if run >= _OWN_ASKS:
            return False, turn
    return True, None


_RULES: Final[Mapping[str, _Rule]] = {
    "opening": _opening,
    "who_hears": _asks("consent.here", "welcome.here", before_hard=True),
    "limits": _limits,
    "consent": _asks("consent.keep_answers", before_hard=True),
    "stop_word": _asks("consent.stop_word", "welcome.stop_word", before_hard=True),
    "name": _asks("about_client.name"),
    "own_eyes": _own_eyes,
    "strengths_first": _strengths,
    "body_first": _body_first,
    "prefaces": _prefaces,
    "announced": _announced,
    "footing": _footing,
    "no_push": _not("push"),
    "no_hurry": _not("hurry"),
    "pauses": _pauses,
    "still": _still,
    "safety_card": _card,
    "safety_words": _card_words,
    "early": _early,
    "nothing_twice": _twice,
    "thanks": _thanks,
    "gives_back": _gives_back,
    "opens_hard": _opens_hard,
    "no_run": _no_run,
    "short": _short,
    "no_promise": _no_words("no_promise"),
    "no_advice": _no_words("no_advice"),
    "no_diagnosis": _no_words("no_diagnosis"),
    "no_jargon": _no_words("no_jargon"),
    "no_details": _no_words("no_details"),
    "read_back": _asks("closing.read_back"),
    "strength_last": _asks("closing.strength_to_keep"),
    "how_now": _asks("closing.how_now"),
    "rest_of_day": _asks("closing.rest_of_day"),
    "reach": _asks("closing.reach_you"),
    "next_clear": _asks("closing.next_clear"),
    "closing_last": _closing_last,
    "goodbye": _goodbye,
}
