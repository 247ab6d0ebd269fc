"""One interview in lines: a line is the answer, a line that begins with a dot is a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.model import Question
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.casework.sittings import SITTINGS, what_is_left
from nmt_intake.casework.talk import Captured, NewInformant, Talk
from nmt_intake.errors import IntakeError
from nmt_intake.interview import walk
from nmt_intake.interview.asking import said_in_words
from nmt_intake.interview.events import InformantKind, MissingReason, Noted, SafetyRaised, Sitting
from nmt_intake.interview.find_out import lines
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.placing import Proposal, proposals
from nmt_intake.interview.progress import progress
from nmt_intake.interview.shown import (
    begins,
    hint,
    key_of,
    others_in_words,
    rows_in_words,
    shown_options,
)
from nmt_intake.interview.speaking import (
    client_name,
    labels_of,
    opening_talk,
    part_title,
    referral,
    spoken,
)
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import AnswerError, in_words
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion, Place
from nmt_intake.plain.stream import Stream

_FEW: Final = 5
_KEEP: Final = "The same line once more keeps it as it is."
_WORDS_KEPT: Final = "Their words are kept here. Still needed: a number from the list."
_TELLERS: Final[tuple[tuple[InformantKind, str], ...]] = (
    ("caregiver", "a carer or relative"),
    ("self", "the client"),
    ("professional", "somebody at work"),
)
_ADDED: Final = {"carer": "caregiver", "home": "placement", "event": "exposure"}
_REASONS: Final[dict[str, MissingReason]] = {
    "unknown": "asked-unknown",
    "rather": "asked-declined",
    "later": "not-asked",
    "records": "temp-unknown",
    "na": "not-applicable",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be typed after a dot; `does` gets what stands behind the name."""

    name: str
    says: str
    does: Callable[[PlainInterview, str], None]


class PlainInterview:
    """Holds one interview over a stream until it is ended, or the input is."""

    def __init__(self, casework: Casework, session: Session, stream: Stream) -> None:
        self.case = session
        self.stream = stream
        self.talk = Talk(session)
        self.ended = False
        self._casework = casework
        self._shown: Place | None = None
        self._title = ""
        self._doubted: tuple[str, object] | None = None

    @property
    def interview(self) -> Interview:
        """The interview as it stands."""
        return self.case.interview

    @property
    def _language(self) -> str | None:
        return self._casework.settings.language

    def run(self) -> None:
        """Ask until somebody ends it; the end of input ends it too."""
        self._begin()
        while not self.ended:
            if self.talk.place != self._shown:
                self._show()
            line = self.stream.ask()
            if line is None:
                return
            open_concerns = len(self.interview.open_safety)
            try:
                self._take(line)
            except AnswerError as error:
                self.stream.say(f"This {error.what}")
            except IntakeError as error:
                self.stream.say(f"{error.what} {error.advice}")
            if len(self.interview.open_safety) > open_concerns:
                self.stream.say("Safety: this is an open concern now. .safety opens the card.")
            self.talk.stay_in_the_walk()

    def _begin(self) -> None:
        interview = self.interview
        who = ", ".join(part for part in (client_name(interview), self._with_whom()) if part)
        practice = "Practice. " if interview.practice else ""
        self.stream.say(f"{practice}Interview about {who}. .help names the commands.")
        if refusal := self.case.refusal():
            self.stream.say(f"{refusal.what} {refusal.advice}")

    def _with_whom(self) -> str:
        teller = self.interview.informants.get(self.interview.speaking or "")
        return f"with {teller.name or teller.relation}" if teller else "nobody named yet: .teller"

    # Showing

    def _show(self) -> None:
        self._shown = self.talk.place
        self.stream.gap()
        match self.talk.place:
            case AtQuestion(slot):
                self._show_question(slot)
            case AtOffer(loop):
                self.stream.say(self._offer(loop))
                self.stream.say("1. Yes, add one.", "  ")
                self.stream.say("2. No, go on.", "  ")
            case AtEnd():
                self.stream.say(
                    f"{what_is_left(self.interview)} .left says what is to find out, .end closes,"
                    " .sitting full asks everything."
                )

    def _offer(self, loop: str) -> str:
        block = walk.loop_block(self.interview, loop)
        there = any(each.block.for_each == loop for each in self.interview.layout.parts)
        if block is not None and not there and block.opening:
            self.stream.say(block.opening)
        another = block.another if block and there else None
        return another or self.interview.words(self._language).another[loop]

    def _show_question(self, slot: str) -> None:
        interview, question = self.interview, self.talk.question
        assert question is not None, "a place in the walk has a question"
        said = spoken(interview, slot, self._language)
        part = interview.part(slot)
        if part is not None:
            title = part_title(interview, part, self._language)
            if title != self._title:
                self._title = title
                self.stream.say(f"Part: {title}.")
            if begins(interview, part, slot):
                self.stream.say(opening_talk(interview, part, self._language) or "")
        self.stream.say(said.preface or "")
        self.stream.say(f"Ask: {said.ask}")
        for key, label in self._options(question):
            self.stream.say(f"{key}. {label}" if key else label, "  ")
        if question.kind in WRITTEN:
            self.stream.say(f"Write: {hint(question, said)}.", "  ")
        if KINDS[question.kind].desk == "marks":
            self.stream.say("Several can be given: 1 3.", "  ")
        self.stream.say(f"Listen for: {said.listen_for}" if said.listen_for else "")
        for line in self._standing(slot, question):
            self.stream.say(line)
        for line in self._casework.replies(self.case, slot):
            self.stream.say(line)

    def _options(self, question: Question) -> Iterator[tuple[str, str]]:
        said = spoken(self.interview, self.talk.slot or "", self._language)
        found = shown_options(question, said, self.interview.words(self._language))
        for place, (code, label) in enumerate(found.items()):
            key = key_of(question, code, place).strip()
            yield key if key not in ("", "0") or place == 0 else str(place + 1), label

    def _standing(self, slot: str, question: Question) -> Iterator[str]:
        interview = self.interview
        truth = interview.truths.get(slot, False)
        if truth is False:
            yield "Hidden now. What was said is kept and does not count."
        elif truth is None:
            yield "Not decidable yet: it hangs on something not known."
        if self.talk.given or self.talk.mark:
            yield self._kept(slot, question)
        yield from others_in_words(interview, slot, question, self._language)
        quotes = [note.text for note in interview.notes if note.slot == slot]
        yield from (f"Words kept: {words}" for words in dict.fromkeys(quotes))

    def _kept(self, slot: str, question: Question) -> str:
        words, given, mark = self.interview.words(self._language), self.talk.given, self.talk.mark
        if mark is not None:
            knows = f" Ask: {mark.who_knows}." if mark.who_knows else ""
            return f"Marked: {words.missing_at_desk[mark.reason]}.{knows}"
        if given is None:
            return "Nothing is kept here."
        if KINDS[question.kind].desk == "rows":
            return "Kept: " + " / ".join(rows_in_words(question, given.value, words)) + "."
        labels = labels_of(self.interview, question, self._language)
        advice = referral(self.interview, slot, given.value)
        return f"Kept: {in_words(question, given.value, labels)}." + (
            f" {advice}" if advice else ""
        )

    # What was typed

    def _take(self, line: str) -> None:
        if line.startswith("/"):
            self._capture(line[1:].strip())
        elif line.startswith(".") and not line.startswith(".."):
            self._command(line[1:].strip())
        else:
            self._answer(line.removeprefix("."))

    def _command(self, typed: str) -> None:
        name, _, rest = typed.partition(" ")
        found = [each for each in COMMANDS if each.name.startswith(name.casefold())]
        exact = [each for each in found if each.name == name.casefold()]
        if len(exact or found) != 1 or not name:
            meant = ", ".join(f".{each.name}" for each in found) if name else ""
            self.stream.say(f"Which? {meant}" if meant else "There is no such command: .help.")
            return
        (exact or found)[0].does(self, rest.strip())

    def _answer(self, line: str) -> None:
        slot, question = self.talk.slot, self.talk.question
        if isinstance(self.talk.place, AtOffer):
            self._answer_offer(line)
        elif slot is None or question is None:
            if line:
                self.say_and_save(self.talk.write(line))
        elif not line:
            if self.talk.given or self.talk.mark:
                self.talk.move_on()
            else:
                self.stream.say("Nothing was given. .unknown, .rather or .later say why not.")
        elif KINDS[question.kind].desk == "rows":
            self._row(question, line)
        else:
            self._give(slot, question, line)

    def _answer_offer(self, line: str) -> None:
        said = line.casefold()
        if said in ("1", "2", "y", "n", "yes", "no"):
            before = self.case.interview
            words = self.talk.choose("yes" if said in ("1", "y", "yes") else "no")
            self.say_and_save(words or ("Added." if self.case.interview is not before else ""))
        else:
            self.stream.say("1 adds one, 2 goes on.")

    def _give(self, slot: str, question: Question, line: str) -> None:
        raw: object = line
        if question.kind not in WRITTEN:
            codes = self._codes(question, line)
            if codes is None:
                self.talk.write(line)
                self.say_and_save(_WORDS_KEPT)
                return
            raw = codes if KINDS[question.kind].desk == "marks" else codes[0]
        doubt = self.case.doubt(slot, raw)
        if doubt is not None and self._doubted != (slot, raw):
            self._doubted = (slot, raw)
            self.talk.answer(raw)  # it is told of the doubt, too, and takes the next one
            self.stream.say(f"{doubt} {_KEEP}")
            return
        self.talk.answer(raw)
        self._told(slot, question)

    def _codes(self, question: Question, line: str) -> list[str] | None:
        """Return the options that a line names, by number, by code or by label; None for words."""
        said = spoken(self.interview, self.talk.slot or "", self._language)
        options = shown_options(question, said, self.interview.words(self._language))
        named: dict[str, str] = {}
        for (code, label), (key, _) in zip(options.items(), self._options(question), strict=True):
            named |= {label.casefold(): code, code.casefold(): code, key: code}
        if line.casefold() in named:
            return [named[line.casefold()]]
        several = line.replace(",", " ").split()
        if KINDS[question.kind].desk == "marks" and all(each in named for each in several):
            return list(dict.fromkeys(named[each] for each in several))
        return None

    def _row(self, question: Question, first: str) -> None:
        cells: dict[str, JsonValue] = {}
        for place, column in enumerate(question.columns):
            options = list(column.options.items())
            if place == 0 and not options:
                written: str | None = first
            else:
                listed = "; ".join(f"{n} {label}" for n, (_, label) in enumerate(options, 1))
                written = self.stream.ask(f"{column.ask} {listed}".strip() + " (empty: left out)")
            if not written:
                continue
            if written.isdecimal() and 0 < int(written) <= len(options):
                written = options[int(written) - 1][0]
            try:
                cells[column.name] = self.case.read(
                    column, [written] if KINDS[column.kind].desk == "marks" else written
                )
            except AnswerError as error:
                self.stream.say(f"Left out: this {error.what}")
        slot = self.talk.slot or ""
        self.talk.add_row(cells)
        self._told(slot, question)
        self.stream.say("Another row, or .next.")

    def _told(self, slot: str, question: Question) -> None:
        """Say what is kept at a slot that the talk may have left."""
        here, self.talk.place = self.talk.place, AtQuestion(slot)
        kept = self._kept(slot, question)
        self.talk.place = here
        self.say_and_save(kept)

    def say_and_save(self, text: str) -> None:
        """Say what was done, once it is saved; say so too where it is not."""
        if not text:
            return
        self.case.settled(2)
        problem = self.case.saving.problem
        if problem is not None and self.case.saving.waiting:
            text = f"{text} NOT saved: {problem.what} {problem.advice}"
        self.stream.say(text)

    # Commands

    def help(self, _: str) -> None:
        """Say what can be typed."""
        self.stream.say(
            "A line is the answer: a number, or words. / and words keep what was just said where it"
            " belongs. A line that begins with a dot is a command; its beginning is enough."
        )
        for each in COMMANDS:
            self.stream.say(f".{each.name}  {each.says}", "  ")

    def move(self, step: Callable[[Talk], str]) -> None:
        """Go somewhere; where nothing moved, show the place again."""
        self.say_and_save(step(self.talk))
        self._shown = None

    def missing(self, reason: MissingReason, who_knows: str) -> None:
        """Mark the question with a reason."""
        slot, question = self.talk.slot, self.talk.question
        if slot is None or question is None:
            self.stream.say("There is no question here.")
            return
        self.talk.leave_out(reason, who_knows)
        self._told(slot, question)

    def note(self, words: str, *, verbatim: bool) -> None:
        """Keep the interviewer's own words, or theirs, beside the question."""
        words = words or self.stream.ask("The words.") or ""
        if words:
            teller = self.interview.speaking
            self.case.record(
                Noted, text=words, slot=self.talk.slot, informant=teller, verbatim=verbatim
            )
            self.say_and_save("Kept beside the question.")

    def sure(self, _: str) -> None:
        """Go through how sure the answer is."""
        self.talk.change_basis()
        bases = self.interview.words(self._language).bases_at_desk
        self.say_and_save(f"How sure: {bases[self.talk.basis] if self.talk.basis else 'not said'}.")

    def teller(self, named: str) -> None:
        """Let somebody else tell: by number, or somebody new by relation."""
        known = list(self.interview.informants.values())
        if not named:
            for place, each in enumerate(known, 1):
                self.stream.say(f"{place}. {each.name or each.relation}", "  ")
            named = (
                self.stream.ask("Who is telling? A number, or what they are to the client.") or ""
            )
        if not named:
            return
        if named.isdecimal() and 0 < int(named) <= len(known):
            self.talk.hear(known[int(named) - 1])
        else:
            kind = self._pick(f"{named} is", [words for _, words in _TELLERS])
            months = None
            if kind is not None and _TELLERS[kind][0] != "self":
                from nmt_intake.casework.opening import born_or_aged

                client = client_name(self.interview)
                since = self.stream.ask(f"Has known {client} since which age? Empty: not known.")
                months = born_or_aged(since)[1] if since else None
            self.talk.hear(NewInformant(named, _TELLERS[kind or 0][0], months))
        self.say_and_save(f"Now {self._with_whom()}.")
        self._shown = None

    def add(self, named: str) -> None:
        """Add a carer, a home or something that happened."""
        found = _ADDED.get(named) or next(
            (loop for name, loop in _ADDED.items() if named and name.startswith(named)), None
        )
        if found is None:
            self.stream.say("Add what? .add carer, .add home or .add event.")
            return
        self.talk.add_instance(found)
        self.say_and_save("Added.")

    def safety(self, _: str) -> None:
        """Read a safety card, keep a note, or close an open one with a reason."""
        topics, waiting = self._casework.agency.topics, self.interview.open_safety
        names = [each.title for each in topics]
        names += [f"Close: {each.topic.replace('_', ' ')}. {each.note}" for each in waiting]
        place = self._pick("Safety. Which?", names)
        if place is None:
            return
        if place >= len(topics):
            reason = self.stream.ask("What was done, and why can it be closed?")
            if reason:
                self.say_and_save(self.talk.close_concern(waiting[place - len(topics)].id, reason))
            return
        topic = topics[place]
        for text in (topic.say, *topic.steps, *topic.contacts):
            self.stream.say(text, "  ")
        words = self.stream.ask("Their words, as said. A dot alone: no note.")
        if words is None or words == ".":
            return
        informed = self.stream.ask("Who was informed? Empty: nobody yet.") or ""
        content = {"topic": topic.title, "note": words, "informed": informed}
        self.case.record(SafetyRaised, slot=self.talk.slot, **content)
        self.say_and_save("Safety note kept. It stays open until it is closed with a reason.")

    def left(self, wanted: str) -> None:
        """Say what is left, the first few under each heading; `.left all` says everything."""
        headed: dict[str, list[str]] = {}
        for each in lines(self.interview, self._language):
            headed.setdefault(each.heading, []).append(f"{each.what} {each.about}".strip())
        for heading, found in headed.items():
            shown = found if wanted == "all" else found[:_FEW]
            self.stream.say(f"{heading}:")
            for each in shown:
                self.stream.say(each, "  ")
            if len(found) > len(shown):
                self.stream.say(f"and {len(found) - len(shown)} more: .left all", "  ")
        counts = progress(self.interview)
        self.stream.say(f"{counts.asked} asked, {counts.remaining} open.")

    def said(self, _: str) -> None:
        """Read back what was answered in this part."""
        part = self.interview.part(self.talk.slot or "")
        for slot in part.slots if part else ():
            if slot in self.interview.slots:
                ask = spoken(self.interview, slot, self._language).ask
                self.stream.say(f"{ask} {said_in_words(self.interview, slot, self._language)}")

    def go(self, words: str) -> None:
        """Go to a question that words find."""
        found = self._places(words)
        place = self._pick("Which?", [text for _, text in found]) if found else None
        if place is not None:
            self.talk.go(AtQuestion(found[place][0].slot))
        elif not found:
            self.stream.say("Nothing was found.")

    def sitting(self, named: str) -> None:
        """Say how much is asked and how long it takes; with a name, ask so much from here on."""
        found: list[Sitting] = [
            each for each in SITTINGS if named and each.startswith(named.casefold())
        ]
        if named and not found:
            self.stream.say(f"Which sitting? {', '.join(SITTINGS)}.")
            return
        self.say_and_save(self.talk.sit(found[0]) if found else self.talk.sitting())

    def pause(self, _: str) -> None:
        """Say what is said in a break, and wait."""
        agency = self._casework.agency
        for text in (agency.break_line, *agency.break_words):
            self.stream.say(text)
        self.stream.ask("Enter goes on.")
        self._shown = None

    def end(self, _: str) -> None:
        """Say how to end well, and close."""
        agency = self._casework.agency
        for text in (agency.end_title, agency.end_say, *agency.end_steps, agency.goodbye):
            self.stream.say(text)
        self.ended = True

    def _capture(self, words: str) -> None:
        words = words or self.stream.ask("What was said.") or ""
        if not words:
            return
        found = self._places(words)
        place = self._pick("Where does it belong? Empty: a note here.", [text for _, text in found])
        chosen = found[place][0] if place is not None else None
        captured = (
            Captured(words, chosen.slot, chosen.option_words) if chosen else Captured(words, None)
        )
        self.say_and_save(self.talk.capture(captured) or "Kept there.")

    def _places(self, words: str) -> Sequence[tuple[Proposal, str]]:
        found = proposals(self.interview, words, self.talk.slot, self._language, 3)
        return [
            (each, f"{each.title}: {each.ask}" + f" Fits: {each.option_words}." * bool(each.option))
            for each in found
        ]

    def _pick(self, label: str, choices: Sequence[str]) -> int | None:
        """Say numbered choices and return the place of the one that is taken, or None."""
        for place, each in enumerate(choices, 1):
            self.stream.say(f"{place}. {each}", "  ")
        said = self.stream.ask(label) or ""
        return int(said) - 1 if said.isdecimal() and 0 < int(said) <= len(choices) else None


def _reason(reason: MissingReason) -> Callable[[PlainInterview, str], None]:
    return lambda self, rest: self.missing(reason, rest if reason == "asked-unknown" else "")


def _in_talk(step: Callable[[Talk], str]) -> Callable[[PlainInterview, str], None]:
    return lambda self, _: self.move(step)


def _again(self: PlainInterview, _: str) -> None:
    self.move(lambda _talk: "")


_MARKS: Final[Mapping[str, str]] = {
    "unknown": "they do not know (who would know may follow)",
    "rather": "they would rather not say",
    "later": "not asked now",
    "records": "records are requested",
    "na": "does not apply",
}
COMMANDS: Final[tuple[Command, ...]] = (
    Command("again", "this question once more", _again),
    Command("back", "the question before", _in_talk(Talk.back)),
    Command("next", "the question after, unchanged", _in_talk(Talk.on)),
    *(Command(name, says, _reason(_REASONS[name])) for name, says in _MARKS.items()),
    Command("note", "your own words", lambda self, rest: self.note(rest, verbatim=False)),
    Command("words", "their words, beside the answer", lambda s, rest: s.note(rest, verbatim=True)),
    Command("sure", "how sure: saw, told, read, guess", PlainInterview.sure),
    Command("teller", "who is telling from here on", PlainInterview.teller),
    Command("add", "a carer, a home or an event", PlainInterview.add),
    Command("undo", "take the last thing back", _in_talk(Talk.undo)),
    Command("redo", "bring back what was undone", _in_talk(Talk.redo)),
    Command("flag", "mark this place to come back to", _in_talk(Talk.flag)),
    Command("why", "why this is asked, and for what", lambda s, _: s.say_and_save(s.talk.why())),
    Command("go", "to a question that these words find", PlainInterview.go),
    Command("said", "read back this part", PlainInterview.said),
    Command("sitting", "how much is asked: essential, next or full", PlainInterview.sitting),
    Command("left", "what is to find out", PlainInterview.left),
    Command("safety", "the safety card", PlainInterview.safety),
    Command("break", "a break", PlainInterview.pause),
    Command("end", "end well, and close", PlainInterview.end),
    Command("help", "these lines", PlainInterview.help),
)

__all__ = ["COMMANDS", "PlainInterview"]
