"""The conversation of a rehearsal: what is said depends on how it is asked, and says why.

Two numbers carry it, of 1000 each: *trust* and *strain*. Their published weights and the judgement
around them are data (`conversation_model.yaml`). Whole numbers and hashes only: the same seed and
the same moves give the same conversation on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.reading import read_file
from nmt_intake.interview.graph import split_slot
from nmt_intake.rehearsal.answers_file import AnswerEntry
from nmt_intake.rehearsal.cast import Cast, Heard
from nmt_intake.rehearsal.question_kinds import CLOSED, OPEN, PRESSING, Kind, classify
from nmt_intake.rehearsal.story import Fact

Act: TypeAlias = Literal[
    "opening", "preface", "ask", "say", "break", "silence", "thanks", "closing", "safety_card"
]
_FULL: Final = 1000
_LATELY: Final = 25
_LINGERS: Final = 3
_WAIT_AFTER_NO: Final = 8
_TALKATIVE: Final = 550
_SHORT_NOTE: Final = 12
_WORDS_A_SECOND_TENTHS: Final = 25


class _Effect(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    interpretation: int
    exploration: int
    reaction: int
    telling: int


class Model(BaseModel):
    """The numbers of the conversation, as the data file holds them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[Literal["interpretation", "exploration", "reaction"], int]
    blend: dict[Literal["old", "new"], int]
    reply_words: dict[Literal["open", "closed", "reflection"], int]
    kinds: dict[Kind, _Effect]
    ground: dict[str, int]
    ground_range: tuple[int, int]
    strain: dict[str, int | list[int]]
    openness_per_strain: int

    def strain_of(self, name: str) -> int:
        """Return what something adds to strain."""
        value = self.strain[name]
        return value if isinstance(value, int) else 0

    def strain_of_sensitivity(self, sensitivity: int) -> int:
        """Return what a question of this sensitivity adds to strain."""
        value = self.strain["by_sensitivity"]
        return value[min(sensitivity, 3)] if isinstance(value, list) else 0


@cache
def model() -> Model:
    """Return the numbers of the conversation."""
    place = Path(__file__).with_name("conversation_model.yaml")
    return Model.model_validate(read_file(place, place.name))


@dataclass(frozen=True, slots=True)
class Move:
    """What the interviewer does. `slot` is what it asks, `part` what it is about.

    `bank_wording`: the words are the bank's own. `hurried`: before the reply could be taken in.
    """

    act: Act
    words: str = ""
    slot: str | None = None
    part: str = ""
    bank_wording: bool = False
    hurried: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that was asked for and not told: what stood in its way."""

    fact: str
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One move and its reply. `seconds` is when it began; trust and strain are after it, of 100."""

    number: int
    seconds: int
    move: Move
    kind: Kind | None
    sensitivity: int
    reply: tuple[tuple[str, str], ...]
    heard: tuple[Heard, ...]
    told: tuple[str, ...]
    kept: tuple[Kept, ...]
    marks: tuple[str, ...]
    why: str
    trust: int
    strain: int

    @property
    def block(self) -> str:
        """The block of the bank that it belongs to, empty if none."""
        if self.move.act not in ("ask", "opening", "preface"):
            return ""
        name = split_slot(self.move.slot)[1] if self.move.slot else self.move.part
        return name.rpartition("/")[2].partition(".")[0]


@dataclass(slots=True)
class Conversation:
    """A conversation with a persona; `trust` and `strain` (of 1000) are kept between sittings."""

    cast: Cast
    seed: int = 0
    trust: int = -1
    strain: int = -1
    turns: list[Turn] = field(default_factory=list[Turn])
    told: dict[str, int] = field(default_factory=dict[str, int])
    done: dict[str, int] = field(default_factory=dict[str, int])
    seconds: int = 0
    footing: Literal["steady", "lost", "held", "passed_over"] = "steady"
    _ground: int = 0
    _prefaced: set[str] = field(default_factory=set[str])
    _refused: dict[str, int] = field(default_factory=dict[str, int])
    _asked: dict[str, int] = field(default_factory=dict[str, int])
    _paused: int = -_FULL

    def __post_init__(self) -> None:
        story = self.cast.story
        self.trust = story.trust * 10 if self.trust < 0 else self.trust
        self.strain = story.strain * 10 if self.strain < 0 else self.strain
        # The mood of the day: the same for a seed.
        self.trust = _within(self.trust + self._chance("mood", 41) - 20, 0, _FULL)
        self._ground = self.trust - 500

    def take(self, move: Move) -> Turn:
        """Return the turn that a move makes; the conversation has moved on."""
        question = self.cast.question(move.slot)
        sensitivity = question.sensitivity if question else 0
        kind = self._kind(move)
        marks = tuple(self._marks(move, kind, sensitivity))
        self._feel(move, kind, sensitivity, marks)
        reply, heard, told, kept = self._reply(move, kind)
        for each in told:
            self.told[each] = len(self.turns)
        turn = Turn(
            number=len(self.turns) + 1,
            seconds=self.seconds,
            move=move,
            kind=kind,
            sensitivity=sensitivity,
            reply=reply,
            heard=heard,
            told=told,
            kept=kept,
            marks=marks,
            why=self._why(kind, told, kept, marks, reply),
            trust=self.trust // 10,
            strain=self.strain // 10,
        )
        self.turns.append(turn)
        spoken = len(move.words.split()) + sum(len(words.split()) for _, words in reply)
        pace = 40 if move.hurried else _WORDS_A_SECOND_TENTHS
        self.seconds += 2 + spoken * 10 // pace + (0 if move.hurried else 2)
        if move.act == "break":
            self.seconds += 300
        return turn

    # What a move does

    def _kind(self, move: Move) -> Kind | None:
        if move.act not in ("ask", "say", "closing") or not move.words:
            return None
        kind = classify(move.words).kind
        # The bank's own wording is never pressing: it is read as it is printed.
        return (
            "closed" if move.bank_wording and (kind in PRESSING or kind not in _QUESTIONS) else kind
        )

    def _marks(self, move: Move, kind: Kind | None, sensitivity: int) -> Iterator[str]:
        """Yield what this move does beside its wording."""
        name = split_slot(move.slot)[1] if move.slot else ""
        if move.act == "opening" and move.part == "welcome":
            yield "welcome"
        if move.act == "preface" and name == "welcome.limits_clear":
            yield "limits"
        if name == "consent.keep_answers":
            yield "consent"
        if name.endswith(".stop_word"):
            yield "stop_word"
        if move.act in ("preface", "thanks", "break", "silence"):
            yield move.act
        if move.act == "say" and kind == "support":
            yield "support"
        if move.act == "say" and kind in ("reflection", "summary"):
            yield "reflection"
        if move.hurried:
            yield "hurry"
        if kind in PRESSING:
            yield "pressing"
        since = len(self.turns) - self._refused.get(move.slot or "", len(self.turns) + 1)
        if (
            move.slot
            and move.slot in self._refused
            and since >= 0
            and not self._may_return(move.slot)
        ):
            yield "push"
        if sensitivity >= 2 and not {"limits", "consent"} <= self.done.keys():
            yield "early_hard"
        if self.footing == "lost" and move.act != "safety_card":
            helps = set(self.cast.story.footing.helped_by)
            yield "held" if self._helping(move, kind) & helps else "not_held"

    def _may_return(self, slot: str) -> bool:
        """Whether a refusal may be come back to: some turns later, and after a pause."""
        refused = self._refused[slot]
        return len(self.turns) - refused >= _WAIT_AFTER_NO and self._paused > refused

    @staticmethod
    def _helping(move: Move, kind: Kind | None) -> set[str]:
        helping: set[str] = {move.act} & {"break", "silence"}
        if kind == "support":
            helping.add("support")
        if kind in ("reflection", "summary"):
            helping.add("reflection")
        return helping

    def _feel(self, move: Move, kind: Kind | None, sensitivity: int, marks: Sequence[str]) -> None:
        """Move trust and strain."""
        numbers = model()
        for mark in marks:
            once = mark in ("welcome", "limits", "consent", "stop_word")
            if mark in numbers.ground and not (once and mark in self.done):
                low, high = numbers.ground_range
                self._ground = _within(self._ground + numbers.ground[mark], low, high)
            if mark in numbers.strain:
                self.strain += numbers.strain_of(mark)
            self.done.setdefault(mark, len(self.turns))
        if move.act == "ask":
            self.strain += numbers.strain_of_sensitivity(sensitivity)
        if kind is not None:
            effect, weights = numbers.kinds[kind], numbers.weights
            warmth = (
                (
                    weights["interpretation"] * effect.interpretation
                    + weights["exploration"] * effect.exploration
                    + weights["reaction"] * effect.reaction
                )
                * 5
                // sum(weights.values())
            )
            aim = _within(500 + self._ground + warmth, 0, _FULL)
            old, new = numbers.blend["old"], numbers.blend["new"]
            self.trust = (old * self.trust + new * aim) // (old + new)
        if move.act == "preface":
            self._prefaced.update((move.part, move.slot or move.part))
        if move.act in ("break", "silence"):
            self._paused = len(self.turns)
        if self.footing == "lost" and move.act != "safety_card":
            self.footing = "held" if "held" in marks else "passed_over"
        self.strain = _within(self.strain, 0, _FULL)
        self.trust = _within(self.trust, 0, _FULL)

    # What is said

    def _reply(
        self, move: Move, kind: Kind | None
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Heard, ...], tuple[str, ...], tuple[Kept, ...]]:
        voice, who = self.cast.story.voice, self.cast.teller
        if "held" in self.done and self.done["held"] == len(self.turns):
            return ((who, self.cast.story.footing.then),), (), (), ()
        match move.act:
            case "ask":
                return self._asked_reply(move, kind or "closed")
            case "silence":
                return self._after_silence()
            case "thanks":
                return ((who, self._one(voice.thanked)),), (), (), ()
            case "say" if kind in ("reflection", "summary"):
                return ((who, self._one(voice.yes)),), (), (), ()
            case "closing":
                return ((who, self.cast.goodbye),), (), (), ()
            case _:
                return (), (), (), ()

    def _asked_reply(
        self, move: Move, kind: Kind
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Heard, ...], tuple[str, ...], tuple[Kept, ...]]:
        lines: list[tuple[str, str]] = []
        heard: list[Heard] = []
        told: list[str] = []
        kept: list[Kept] = []
        for fact in self._facts_at(move, kind):
            blockers = self._blockers(fact, kind, move)
            if not blockers:
                told.append(fact.id)
                lines.append((self.cast.teller, fact.say))
                heard += self.cast.heard_of(fact)
                heard += self._lists(fact, told, move.slot)
            elif move.slot in fact.slots:
                kept.append(Kept(fact.id, blockers))
        if move.slot and not any(each.slot == move.slot for each in heard):
            self._answer(move.slot, kind, lines, heard, kept, told)
        if not lines:
            lines.append((self.cast.teller, self._one(self.cast.story.voice.adds)))
        if move.slot:
            self._asked[move.slot] = len(self.turns)
            if any(each.slot == move.slot and each.missing == "asked-declined" for each in heard):
                self._refused.setdefault(move.slot, len(self.turns))
        self._lose_footing(move, told, lines)
        return tuple(lines), tuple(heard), tuple(told), tuple(kept)

    def _lists(self, fact: Fact, told: Sequence[str], asked: str | None) -> Iterator[Heard]:
        """Yield the answers with several, given before, that this fact adds to."""
        now = {*self.told, *told}
        for slot in fact.hides:
            given = slot in self._asked and slot != asked
            for entry in self.cast.entries(slot) if given else ():
                yield self.cast.heard_of_entry(self.cast.shortened(entry, now), False)

    def _lose_footing(self, move: Move, told: Sequence[str], lines: list[tuple[str, str]]) -> None:
        footing = self.cast.story.footing
        near = any(footing.at in self.cast.story.fact(name).slots for name in told)
        if self.footing == "steady" and (near or move.slot == footing.at):
            lines.append((self.cast.teller, footing.say))
            self.footing = "lost"
            self.strain = _within(self.strain + model().strain_of("lost_footing"), 0, _FULL)

    def _facts_at(self, move: Move, kind: Kind) -> Iterator[Fact]:
        """Yield the facts that this question may bring: its own, and of its part if it is open."""
        most = 3 if kind in OPEN else 1
        for fact in self.cast.story.facts:
            if fact.id in self.told or fact.never:
                continue
            here = move.slot in fact.slots
            near = kind in OPEN and not move.slot and move.part in self.cast.parts_of(fact)
            slips = fact.early is not None and fact.early == move.slot
            if here or slips or (near and most > 0):
                most -= 0 if here else 1
                yield fact

    def _blockers(self, fact: Fact, kind: Kind, move: Move) -> tuple[str, ...]:
        """Return what keeps a fact back: preface, open, pause, trust, strain, wording."""
        found: list[str] = []
        openness = self.trust - self.strain // model().openness_per_strain
        if fact.early is not None and fact.early == move.slot and kind not in PRESSING:
            return () if openness // 10 >= fact.difficulty // 2 else ("trust",)
        if fact.needs.preface and not {move.part, move.slot} & self._prefaced:
            found.append("preface")
        if fact.needs.open and kind not in OPEN:
            found.append("open")
        if fact.needs.pause and len(self.turns) - self._paused > _LATELY:
            found.append("pause")
        if self.trust // 10 < fact.needs.trust:
            found.append("trust")
        telling = model().kinds[kind].telling
        chance = self._chance(fact.id, 7) - 3
        if telling * openness // _FULL + chance < fact.difficulty:
            found.append("wording" if telling < 75 else "strain" if self.strain > 350 else "trust")
        return tuple(dict.fromkeys(found))

    def _after_silence(
        self,
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Heard, ...], tuple[str, ...], tuple[Kept, ...]]:
        """Return what comes when nothing is asked: what the last question nearly brought."""
        last = next((turn for turn in reversed(self.turns[-_LINGERS:]) if turn.kept), None)
        for kept in last.kept if last else ():
            fact = self.cast.story.fact(kept.fact)
            if (
                last
                and fact.id not in self.told
                and set(kept.blockers) <= {"pause", "strain", "trust"}
            ):
                blockers = self._blockers(fact, "invitation", last.move)
                if not blockers:
                    lines = [(self.cast.teller, fact.say)]
                    self._lose_footing(last.move, (fact.id,), lines)
                    heard = (*self.cast.heard_of(fact), *self._lists(fact, (fact.id,), None))
                    return tuple(lines), heard, (fact.id,), ()
        return ((self.cast.teller, self._one(self.cast.story.voice.quiet)),), (), (), ()

    def _answer(
        self,
        slot: str,
        kind: Kind,
        lines: list[tuple[str, str]],
        heard: list[Heard],
        kept: Sequence[Kept],
        told: Sequence[str],
    ) -> None:
        """Add what is said to a question itself: the key's answer, or what is said instead."""
        facts = (self.cast.story.fact(each.fact) for each in kept)
        back = next((each for each in facts if slot not in each.hides), None)
        back = back or self.cast.never_at(slot)
        now = {*self.told, *told}
        if back is not None:
            said, code = self._instead(back, slot)
            lines.append((self.cast.teller, said))
            heard.append(code)
        for entry in self.cast.entries(slot):
            mine = (entry.informant or self.cast.speaker) == self.cast.speaker
            if mine and back is not None:
                continue
            entry = self.cast.shortened(entry, now) if mine else entry
            words, noted = self._in_voice(slot, entry, kind if mine else "invitation")
            lines.append((self.cast.relation(entry.informant), words))
            heard.append(self.cast.heard_of_entry(entry, noted))
        if not self.cast.entries(slot) and back is None:
            otherwise = self.cast.script.source.otherwise
            reason = "asked-unknown" if otherwise in (None, "not-asked") else otherwise
            lines.append((self.cast.teller, self._one(self.cast.story.voice.unknown)))
            heard.append(Heard(slot, self.cast.speaker, missing=reason))

    def _instead(self, fact: Fact, slot: str) -> tuple[str, Heard]:
        voice, question = self.cast.story.voice, self.cast.question(slot)
        instead = fact.instead
        if instead is not None and slot == fact.at[0]:
            code = Heard(slot, self.cast.speaker, instead.value, instead.missing)
            return instead.say, code
        if slot in self._refused or self.strain > 600 or fact.never:
            said = voice.pushed if slot in self._refused else voice.declines
            return self._one(said), Heard(slot, self.cast.speaker, missing="asked-declined")
        if question is not None and KINDS[question.kind].shape == "truth":
            return self._one(voice.no), Heard(slot, self.cast.speaker, value=False)
        return self._one(voice.unknown), Heard(slot, self.cast.speaker, missing="asked-unknown")

    def _in_voice(self, slot: str, entry: AnswerEntry, kind: Kind) -> tuple[str, bool]:
        """Return how an answer of the key is said, and whether its own words were said with it."""
        voice = self.cast.story.voice
        if entry.missing is not None:
            said = voice.declines if entry.missing == "asked-declined" else voice.unknown
            return (
                (entry.note, True)
                if entry.note and kind not in PRESSING
                else (self._one(said), False)
            )
        label = self.cast.label(slot, entry)
        if kind in OPEN or (kind in CLOSED and entry.note and self.trust >= _TALKATIVE):
            if entry.note:
                short = kind in OPEN and len(entry.note.split()) < _SHORT_NOTE
                return f"{entry.note} {self._one(voice.adds)}" if short else entry.note, True
            if self.cast.is_text(slot):
                short = kind in OPEN and len(label.split()) < _SHORT_NOTE
                return f"{label} {self._one(voice.adds)}" if short else label, False
            return f"{self._one(voice.thinks)} {label} {self._one(voice.adds)}", False
        if self.cast.is_text(slot):
            words = label.split()
            most = model().reply_words["reflection" if kind in PRESSING else "closed"]
            return (label, False) if len(words) <= most else (f"{' '.join(words[:most])} …", False)
        if kind in PRESSING:
            return f"{self._one(voice.follows)} {label}", False
        return f"{self._one(voice.thinks)} {label}" if len(label.split()) < 5 else label, False

    def _one(self, lines: Sequence[str]) -> str:
        return lines[self._chance(f"turn {len(self.turns)}", len(lines))] if lines else ""

    def _chance(self, name: str, below: int) -> int:
        """Return a whole number below `below`, the same for the same seed on any machine."""
        digest = blake2b(f"{self.seed}/{self.cast.name}/{name}".encode(), digest_size=6).digest()
        return int.from_bytes(digest, "big") % below

    # Why

    def _why(
        self,
        kind: Kind | None,
        told: Sequence[str],
        kept: Sequence[Kept],
        marks: Sequence[str],
        reply: Sequence[tuple[str, str]],
    ) -> str:
        who = self.cast.who
        if told:
            how = KIND_WORDS[kind] if kind else "a silence"
            return f"{_start(who)} told you after {how}, with trust at {self.trust // 10} of 100."
        if kept:
            fact = self.cast.story.fact(kept[0].fact)
            said = reply[0][1].strip(" .") if reply else ""
            because = " and ".join(REASONS[each] for each in kept[0].blockers)
            return (
                f"{_start(who)} said “{said}” because {because}."
                f" {would_open(kept[0].blockers)}, you would have heard: {fact.what}"
            )
        if "held" in marks:
            return f"{_start(who)} lost footing, and you stayed with it."
        if "not_held" in marks:
            return f"{_start(who)} had lost footing, and the next thing came too soon."
        if "push" in marks:
            return f"{_start(who)} had said no to this; asked again at once, it closes."
        return ""


__all__ = [
    "KIND_WORDS",
    "Conversation",
    "Heard",
    "Kept",
    "Move",
    "Turn",
    "would_open",
]

_QUESTIONS: Final[frozenset[Kind]] = OPEN | CLOSED | PRESSING
KIND_WORDS: Final[Mapping[Kind, str]] = {
    "invitation": "an open invitation",
    "open_directive": "an open question",
    "closed": "a yes-or-no question",
    "option_posing": "a choice of answers",
    "leading": "a leading question",
    "multiple": "several questions at once",
    "blaming": "a question that blames",
    "reflection": "giving back what was said",
    "summary": "a summary",
    "support": "a word of support",
    "instruction": "an announcement",
    "dressed": "a closed question dressed as an invitation",
    "narrowed": "an open question narrowed in the same breath",
    "unsure": "words that could be several things",
}
REASONS: Final[Mapping[str, str]] = {
    "preface": "no preface had been said",
    "open": "the question left no room to tell",
    "pause": "there had been no pause to settle",
    "trust": "there was not yet enough trust for it",
    "strain": "the strain was high",
    "wording": "the wording let little through",
}
_WOULD: Final[Mapping[str, str]] = {
    "preface": "after the preface",
    "open": "asked openly",
    "wording": "asked openly",
    "pause": "after a pause or a break",
    "trust": "with more trust (thanks, giving back what was said, the easy topics first)",
    "strain": "with less strain (a break, a silence, a kind word)",
}


def would_open(blockers: Sequence[str]) -> str:
    """Return which moves would have opened what was kept back, as the start of a sentence."""
    moves = list(dict.fromkeys(_WOULD[each] for each in blockers))
    text = moves[0] if len(moves) == 1 else f"{', '.join(moves[:-1])} and {moves[-1]}"
    return _start(text)


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
