"""How an interview was held: what a careful one has, each with the line where it is or is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

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
    for name, title, rule, advice in _RULES:
        result = rule(seen)
        if result is not None:
            yield Item(name, title, result[0], result[1], advice)


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


def _asks(name: str, before_hard: bool = False) -> _Rule:
    def rule(seen: Seen) -> _Result:
        if not seen.in_bank(name):
            return None
        found = seen.asked(name)
        return _before(found, seen.hard) if before_hard else (found is not None, found)

    return rule


def _opening(seen: Seen) -> _Result:
    found = seen.did("welcome")
    first = seen.asks[0] if seen.asks else None
    return _before(found, first)


def _limits(seen: Seen) -> _Result:
    return _before(seen.did("limits"), seen.hard)


def _strengths(seen: Seen) -> _Result:
    return _before(seen.in_block("strengths_first"), seen.hard)


def _own_eyes(seen: Seen) -> _Result:
    return _before(seen.in_block("who_is_who"), seen.hard)


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


def _still(seen: Seen) -> _Result:
    wanted = {slot for slot in seen.record.cast.key if split_slot(slot)[1] == "exposures.still"}
    if not wanted:
        return None
    asked = {turn.move.slot for turn in seen.asks}
    found = seen.asked("exposures.still")
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
            if fact.early is None or turn.move.slot in fact.at or turn.move.slot != fact.early:
                continue
            coded = {slot for slot, _ in seen.record.coded}
            return bool(coded & set(fact.at)), turn
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
        found = next(
            (turn for turn in seen.record.turns if re.search(r"\bthanks?\b", turn.move.words.lower())
             and turn.move.act in ("say", "closing")), None,
        )  # fmt: skip
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


def _no_words(pattern: str) -> _Rule:
    compiled = re.compile(pattern)

    def rule(seen: Seen) -> _Result:
        own = (turn for turn in seen.record.turns if _is_own(turn))
        found = next((turn for turn in own if compiled.search(turn.move.words.lower())), None)
        return found is None, found

    return rule


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


_RULES: Final[tuple[tuple[str, str, _Rule, str], ...]] = (
    ("opening", "Said what this is, how long it takes, and that anything can be skipped", _opening,
     "Begin with the welcome: what this is, how long, breaks, and that anything can be skipped."),
    ("who_hears", "Asked who is here and who can hear", _asks("welcome.here", True),
     "Ask who is in the room and who else can hear, before anything else."),
    ("limits", "Told the limits of confidentiality before anything painful", _limits,
     "Say what you would have to pass on before the first painful question."),
    ("consent", "Asked for consent before anything painful", _asks("consent.keep_answers", True),
     "Ask whether you may write it down before the first painful question."),
    ("stop_word", "Agreed on a word to stop", _asks("welcome.stop_word", True),
     "Agree on a word that stops everything; it costs ten seconds."),
    ("name", "Asked for the name to use", _asks("about_client.name"),
     "Ask what to call the one you talk about, and use it."),
    ("own_eyes", "Asked how the teller knows the story", _own_eyes,
     "Ask early which times they saw themselves, and which they were told about."),
    ("strengths_first", "Began with strengths", _strengths,
     "Let the good side come first; it carries the rest."),
    ("body_first", "Body, sleep and food before the hardest things", _body_first,
     "Take sleep and food first; they are easier to tell."),
    ("prefaces", "Said the preface before each painful question", _prefaces,
     "Say why you ask and that it can be skipped, before you ask."),
    ("announced", "Announced each new part", _announced,
     "Say in a sentence what comes next when a new part begins."),
    ("footing", "Stayed when footing was lost", _footing,
     "When somebody loses footing, ask nothing: wait, say a kind word, or take a break."),
    ("no_push", "Left a refusal in peace", _not("push"),
     "Take the no, thank them for it, and come back much later or not at all."),
    ("no_hurry", "Left time for the answers", _not("hurry"),
     "Count to three after an answer before you ask on."),
    ("pauses", "Left pauses when it became much", _pauses,
     "When the strain stays high, offer a break before the next question."),
    ("still", "Asked of each hard thing whether it is still happening", _still,
     "Ask of every hard thing whether it is over."),
    ("safety_card", "Used the safety card when there was reason to", _card,
     "Open the safety card when something may not be over; it does not stop the talk."),
    ("safety_words", "Kept the words on the safety card", _card_words,
     "Write on the card what was said, word for word."),
    ("early", "Put what came early where it belongs", _early,
     "What comes before its turn goes where it belongs at once, so nobody asks it cold."),
    ("nothing_twice", "Asked nothing twice", _twice,
     "Look at what is there before you ask; twice sounds like not listening."),
    ("thanks", "Said thank you", _thanks, "Thank them for what cost something to say."),
    ("gives_back", "Gave back what was said", _gives_back,
     "Now and then say back in a few words what you heard, and wait."),
    ("opens_hard", "Asked openly in each hard part", _opens_hard,
     "Begin each hard part with one open question, then the bank's closer ones."),
    ("no_run", "No long run of closed questions of your own", _no_run,
     "After a few closed questions ask an open one."),
    ("short", "Short speeches", _short, "Say it in two sentences; the longer you talk the less you hear."),
    ("no_promise", "Promised no secrecy",
     _no_words(r"(?:won't|will not|never) tell (?:any|a soul|no)|between (?:us|you and me)|keep (?:it|this) (?:a )?secret|can promise"),
     "Promise only what you can keep: say again what stays here and what cannot."),
    ("no_advice", "Gave no advice during the interview",
     _no_words(r"\b(?:you should|you ought to|you need to|if i were you|why don't you|have you tried|you could try|i'd suggest|my advice)\b"),
     "Keep advice for the end; now it closes what was about to be told."),
    ("no_diagnosis", "Named no diagnosis",
     _no_words(r"\b(?:adhd|ptsd|autis\w+|attachment disorder|bipolar|psychos\w+|personality disorder|fasd|dissociative disorder|conduct disorder|depressive disorder)\b"),
     "Describe what is seen in everyday words, and leave the name of it out."),
    ("no_jargon", "Spoke everyday words",
     _no_words(r"\b(?:dysregulat\w+|hyperarous\w+|adverse childhood|attunement|co-regulat\w+|neurodevelopment\w*|psychosocial|comorbid\w*|somatosensory|relational health|limbic|brainstem)\b"),
     "Say it as you would say it to a neighbour."),
    ("no_details", "Asked for no details that no rating needs",
     _no_words(r"\b(?:exactly (?:what|where|how) (?:did )?(?:he|she|they) (?:do|touch|hit)|what exactly did (?:he|she|they)|in detail|every detail|describe the (?:abuse|beating|rape)|where did (?:he|she|they) touch)\b"),
     "A heading is enough: that it was, when, how often, and whether it is over."),
    ("read_back", "Read the summary back", _asks("closing.read_back"),
     "Read back what you wrote and ask what is wrong or missing."),
    ("strength_last", "Ended on a strength", _asks("closing.strength_to_keep"),
     "Ask at the end what must be kept, and end on it."),
    ("how_now", "Asked how they are now", _asks("closing.how_now"),
     "Before they go, ask how they are now."),
    ("rest_of_day", "Asked about the rest of the day", _asks("closing.rest_of_day"),
     "Ask what the rest of the day holds and who is there."),
    ("reach", "Asked how to reach them", _asks("closing.reach_you"),
     "Ask how and when you may reach them."),
    ("next_clear", "Said what happens next", _asks("closing.next_clear"),
     "Say what happens next, and check that it is clear."),
    ("closing_last", "Closed with the closing", _closing_last,
     "Let the closing be the last thing you ask."),
    ("goodbye", "Said goodbye well", _goodbye,
     "Close in a sentence: thank them, and say that it was enough for today."),
)  # fmt: skip
