"""Interviewers without a screen: each style walks the bank in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final

from nmt_intake.bank.truth import State
from nmt_intake.interview.asking import next_slot, waits
from nmt_intake.interview.events import Event, Rated
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.guard import refusal
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.speaking import opening_talk, spoken
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.answer_events import answer_event, opening_events
from nmt_intake.rehearsal.answers_file import AnswerEntry
from nmt_intake.rehearsal.cast import Cast, part_of
from nmt_intake.rehearsal.coding_check import key_ratings
from nmt_intake.rehearsal.conversation import Conversation, Heard, Move, Turn
from nmt_intake.rehearsal.record import Coded, Rehearsal
from nmt_intake.scoring import Ratings
from nmt_intake.scoring.assessment import assess, norms_of


@dataclass(frozen=True, slots=True)
class Style:
    """How an interviewer goes about it. `skips`: every so many questions are left out, 0 none."""

    name: str
    says: str
    opens: bool = True
    prefaces: bool = True
    invites: bool = False
    stays: bool = True
    leads: bool = False
    hurries: bool = False
    hard_first: bool = False
    gives_back_every: int = 0
    skips: int = 0
    closes: bool = True
    codes_well: bool = True


STYLES: Final[Mapping[str, Style]] = {
    each.name: each
    for each in (
        Style("by_the_book", "the bank's wording, openings and prefaces, in the bank's order"),
        Style(
            "hurried",
            "no openings, no prefaces, two questions at once, no time",
            opens=False,
            prefaces=False,
            stays=False,
            hurries=True,
            skips=4,
            closes=False,
            codes_well=False,
        ),
        Style(
            "leading",
            "knows the answer before it is there",
            opens=False,
            prefaces=False,
            stays=False,
            leads=True,
            codes_well=False,
        ),
        Style(
            "gentle",
            "invites, gives back what was said, leaves time, stays when it gets hard",
            invites=True,
            gives_back_every=3,
        ),
        Style(
            "out_of_order",
            "the hard things first, before anything was agreed",
            hard_first=True,
            stays=False,
        ),
    )
}
_LEADING: Final = (
    "And {topic}, nothing special there, I take it?",
    "I suppose there was no trouble with {topic}?",
    "{Topic} was all right, wasn't it?",
)
_GIVEN_BACK: Final = (
    "So that is how it was for you.",
    "You have seen that from close by.",
    "You had to carry that as well.",
    "It sounds as if that stays with you.",
)
_SUPPORT: Final = "Take your time. We can stop whenever you like."
_THANKS: Final = "Thank you for telling me that."
_GOODBYE: Final = "Thank you for all you have told me today. Take good care on the way home."


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: a slot, and all that can be said there."""

    slot: str
    part: str
    ask: str
    preface: str
    opening: str
    topic: str
    sensitivity: int


@dataclass(slots=True)
class Walk:
    """The interview of a headless rehearsal, asked where to go and told what was coded.

    `known` is shared by walks of one persona: what came next after the same answers need not be
    found again, so 10,000 interviews cost little more than the different ones among them.
    """

    cast: Cast
    known: dict[tuple[bytes, str, str], Step | bool | None] = field(
        default_factory=dict[tuple[bytes, str, str], "Step | bool | None"]
    )
    coded: dict[tuple[str, str | None], Coded] = field(
        default_factory=dict[tuple[str, "str | None"], Coded]
    )
    _state: bytes = b""
    _waiting: list[AnswerEntry] = field(default_factory=list[AnswerEntry])
    _interview: Interview | None = None
    _recorder: Recorder | None = None

    def __post_init__(self) -> None:
        self._recorder = Recorder("rehearsal", self.cast.bank)

    @property
    def interview(self) -> Interview:
        """The interview with all that was coded so far."""
        if self._interview is None:
            opening = opening_events(self.cast.script, self._made, practice=True)
            self._interview = fold(self.cast.bank, tuple(opening))
        for entry in self._waiting:
            self._interview = self._interview.apply(self._event(entry))
        self._waiting.clear()
        return self._interview

    @property
    def _made(self) -> Recorder:
        assert self._recorder is not None
        return self._recorder

    def after(self, slot: str | None) -> Step | None:
        """Return what the bank asks next."""
        key = (self._state, "next", slot or "")
        if key not in self.known:
            found = next_slot(self.interview, slot)
            self.known[key] = self._step(found) if found else None
        step = self.known[key]
        return step if isinstance(step, Step) else None

    def hard_first(self) -> Iterator[Step]:
        """Yield the most sensitive questions that are open from the start."""
        interview = self.interview
        for slot in interview.layout.slots:
            if split_slot(slot)[1].startswith("hard_times.") and waits(interview, slot):
                yield self._step(slot)

    def takes(self, heard: Heard, words: bool = True) -> bool:
        """Code what was heard, if its question is open; return whether it was."""
        entry = AnswerEntry(
            question=heard.slot,
            value=heard.value,
            missing=heard.missing,
            informant=heard.informant,
            basis=heard.basis,
            confidence=heard.confidence,
            note=heard.words if words else "",
        )
        told = repr((heard, words))
        key = (self._state, "takes", told)
        if key not in self.known:
            question = self.cast.question(heard.slot)
            # What the bank does not ask of itself is coded where it is told, all the same.
            unasked = question is not None and question.told_when is not None
            state = self.interview.states.get(heard.slot)
            open_now = state in (State.OPEN, State.DISPUTED) or (unasked and state is not None)
            self.known[key] = open_now and refusal(self.interview, self._event(entry)) is None
        if not self.known[key]:
            return False
        self._waiting.append(entry)
        self._state = blake2b(self._state + told.encode(), digest_size=12).digest()
        self.coded[heard.slot, heard.informant] = Coded(
            value=heard.value,
            missing=heard.missing,
            basis=heard.basis,
            confidence=heard.confidence,
            words=entry.note,
        )
        return True

    def _event(self, entry: AnswerEntry) -> Event:
        language = self.cast.script.client.language
        return answer_event(entry, self.cast.speaker, self._made, language, self.cast.known)

    def _step(self, slot: str) -> Step:
        interview = self.interview
        said = spoken(interview, slot)
        part = interview.part(slot)
        question = self.cast.question(slot)
        title = part.block.title if part else "this"
        prefix = split_slot(slot)[0][:-1]
        ages = interview.words().period_ages.get(prefix)
        topic = title[0].lower() + title[1:]
        return Step(
            slot=slot,
            part=part_of(slot),
            ask=said.ask,
            preface=said.preface or "",
            opening=(opening_talk(interview, part) if part else None) or "",
            topic=f"{topic} in {ages}" if ages else topic,
            sensitivity=question.sensitivity if question else 0,
        )


@dataclass(slots=True)
class Interviewer:
    """One headless interview, from the door to the goodbye."""

    style: Style
    talk: Conversation
    walk: Walk
    _opened: set[str] = field(default_factory=set[str])
    _prefaced: set[str] = field(default_factory=set[str])
    _asked: int = 0

    def run(self) -> Rehearsal:
        """Play the interview through; return its record."""
        if self.style.hard_first:
            for step in tuple(self.walk.hard_first()):
                if (step.slot, self.walk.cast.speaker) not in self.walk.coded:
                    self._at(step)
        slot: str | None = None
        while (step := self.walk.after(slot)) is not None:
            self._at(step)
            slot = step.slot
        if self.style.closes:
            self.talk.take(Move("closing", _GOODBYE))
        return Rehearsal(
            cast=self.walk.cast,
            seed=self.talk.seed,
            style=self.style.name,
            turns=tuple(self.talk.turns),
            coded=dict(self.walk.coded),
        )

    def _at(self, step: Step) -> None:
        self._asked += 1
        if self.style.skips and self._asked % self.style.skips == 0 and step.sensitivity < 2:
            self._leave_out(step)
            return
        self._begin(step)
        if self.style.prefaces and step.preface and step.slot not in self._prefaced:
            self.talk.take(Move("preface", step.preface, step.slot, step.part))
        turn = self.talk.take(self._question(step))
        self._code(turn)
        self._follow(step, turn)
        if (step.slot, self.walk.cast.speaker) not in self.walk.coded and not any(
            place == step.slot for place, _ in self.walk.coded
        ):
            self._leave_out(step)

    def _leave_out(self, step: Step) -> None:
        self.walk.takes(Heard(step.slot, self.walk.cast.speaker, missing="not-asked"))

    def _begin(self, step: Step) -> None:
        """Open a part: what the bank says there, and an invitation."""
        if step.part in self._opened:
            return
        self._opened.add(step.part)
        if self.style.opens and step.opening:
            self.talk.take(Move("opening", step.opening, part=step.part))
        if self.style.invites and step.slot.split(".")[0] not in _NOT_INVITED:
            if step.preface:
                self.talk.take(Move("preface", step.preface, step.slot, step.part))
                self._prefaced.add(step.slot)
            words = f"Tell me about {step.topic}, as much as you want to."
            self._code(self.talk.take(Move("ask", words, part=step.part)))
            self._stay()

    def _question(self, step: Step) -> Move:
        if self.style.leads and (step.sensitivity or self._asked % 2):
            pattern = _LEADING[len(self.talk.turns) % len(_LEADING)]
            topic = step.topic
            words = pattern.format(topic=topic, Topic=topic[0].upper() + topic[1:])
            return Move("ask", words, step.slot, step.part)
        if self.style.hurries:
            words = step.ask if self._asked % 2 else f"{step.ask} And was there anything else?"
            return Move("ask", words, step.slot, step.part, hurried=True)
        if self.style.invites and step.sensitivity >= 2:
            words = f"What would you like me to know about {step.topic}?"
            return Move("ask", words, step.slot, step.part)
        return Move("ask", step.ask, step.slot, step.part, bank_wording=True)

    def _code(self, turn: Turn) -> None:
        for heard in turn.heard:
            if not self.style.codes_well:
                heard = Heard(heard.slot, heard.informant, heard.value, heard.missing)
            self.walk.takes(heard)
        if self.style.stays:
            for topic in _topics(self.talk, turn):
                words = turn.reply[0][1] if turn.reply else ""
                self.talk.take(Move("safety_card", words, part=topic))

    def _stay(self) -> bool:
        """Take a break where footing was lost; return whether one was taken."""
        if self.talk.footing != "lost" or not self.style.stays:
            return False
        self.talk.take(Move("break", _SUPPORT))
        return True

    def _follow(self, step: Step, turn: Turn) -> None:
        """Do what this style does after a reply."""
        stayed = self._stay()
        if (not stayed or turn.kept) and self.style.invites and step.sensitivity >= 2:
            self._code(self.talk.take(Move("silence")))
            self._stay()
        every = self.style.gives_back_every
        if every and len(self.talk.turns) % every == 0:
            words = _GIVEN_BACK[len(self.talk.turns) // every % len(_GIVEN_BACK)]
            self.talk.take(Move("say", words, part=step.part))
        if self.style.invites and turn.told and step.sensitivity >= 2:
            self.talk.take(Move("thanks", _THANKS))


_NOT_INVITED: Final = ("welcome", "consent", "about_client", "who_is_who", "closing", "assessments")


def _topics(talk: Conversation, turn: Turn) -> Iterator[str]:
    """Yield the safety topics that a reply opens: of a fact, or of an answer the bank watches."""
    told = {talk.cast.story.fact(each).safety for each in turn.told}
    for heard in turn.heard:
        question = talk.cast.question(heard.slot)
        if question and heard.missing is None and str(heard.value) in question.safety:
            told.add("current_harm")
    yield from sorted(each for each in told if each)


def rehearse(
    cast: Cast,
    style: Style,
    seed: int,
    known: dict[tuple[bytes, str, str], Step | bool | None] | None = None,
) -> tuple[Rehearsal, Walk]:
    """Play a persona with a style; return the record and the walk that holds the interview."""
    walk = Walk(cast, {} if known is None else known)
    talk = Conversation(cast, seed)
    return Interviewer(style, talk, walk).run(), walk


def rated(record: Rehearsal, walk: Walk) -> tuple[Rehearsal, Ratings | None]:
    """Return the record with the ratings and the plan that a style arrives at, and the ratings.

    A rating of the key stands where all that it rests on was heard, and is left unknown where it
    was not; else the suggestion of what was coded stands. Who codes barely plans one thing only.
    """
    story, told = record.cast.story, {fact for turn in record.turns for fact in turn.told}
    found: dict[str, tuple[int | None, str]] = {}
    interview, recorder = walk.interview, Recorder("rehearsal", record.cast.bank)
    for rating, value in key_ratings(record):
        rests = story.ratings_because.get(rating)
        heard = rests is None or set(rests.facts) <= told
        found[rating] = (value if heard else None, rests.because if rests else "by the anchors")
        event = Rated(rating=rating, value=found[rating][0], **recorder.carried())
        interview = interview.apply(event)
    careful = record.style not in STYLES or STYLES[record.style].codes_well
    plan = tuple(story.plan) if careful else tuple(story.plan)[:1]
    ratings = assess(interview, norms_of(record.cast.bank)).ratings
    return replace(record, ratings=found, plan=plan), ratings
