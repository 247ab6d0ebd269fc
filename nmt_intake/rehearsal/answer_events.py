"""What an answers file says, as the events of an interview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Answered,
    EntriesComplete,
    Event,
    FactSettled,
    InformantAdded,
    InstanceAdded,
    InstanceRemoved,
    MarkedMissing,
    Opened,
    Rated,
)
from nmt_intake.interview.graph import NAMED_LOOPS, loop_of, question_at, split_slot
from nmt_intake.interview.guard import Refused, is_rating, objection
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.spoken_times import Context
from nmt_intake.interview.state import Interview
from nmt_intake.interview.told_context import context_of_client
from nmt_intake.interview.values import AnswerError, codes_of, read_value
from nmt_intake.rehearsal.answers_file import (
    AnswerEntry,
    GivenRatings,
    Script,
    plain_answer,
    read_script,
)


def opening_events(script: Script, recorder: Recorder, practice: bool = False) -> Iterator[Event]:
    """Yield the events before the first question: client, informants, named instances.

    Caregivers, placements and exposures that only the answers speak of are named, too.
    """
    yield Opened(client=script.client, practice=practice, **recorder.carried())
    for informant in script.source.informants:
        yield InformantAdded(informant=informant, **recorder.carried())
    listed = {entry.id: entry.label for entry in script.source.instances}
    others = {
        each: "" for each in _spoken_of(script, recorder.bank) if loop_of(each) in NAMED_LOOPS
    }
    for instance, label in {**others, **listed}.items():
        yield InstanceAdded(instance=instance, label=label, **recorder.carried())
    for entry in script.source.instances:
        if entry.removed:
            yield InstanceRemoved(instance=entry.id, **recorder.carried())
    for loop in script.source.complete:
        yield EntriesComplete(loop=loop, **recorder.carried())


def _spoken_of(script: Script, bank: Bank) -> Iterator[str]:
    """Yield the entries that answers are about, or choose."""
    for entry in script.source.answers:
        prefix, name = split_slot(entry.question)
        yield prefix[:-1]
        question = bank.questions.get(name)
        if question is not None and question.options_from and entry.value is not None:
            yield from codes_of(question, read_value(question, entry.value))


def answer_event(
    entry: AnswerEntry,
    speaker: str | None,
    recorder: Recorder,
    language: str | None = None,
    known: Context | None = None,
) -> Event:
    """Return the event that one entry of the file is; it is `speaker`'s if it names nobody.

    `language` is the one people answer in, the bank's if None; `known` is for spoken times.
    """
    informant = entry.informant or speaker
    if entry.missing is not None:
        return MarkedMissing(
            slot=entry.question,
            reason=entry.missing,
            informant=informant,
            words=entry.note,
            who_knows=entry.who_knows,
            **recorder.carried(),
        )
    question = recorder.bank.questions[split_slot(entry.question)[1]]
    spoken = language or recorder.bank.language
    return Answered(
        slot=entry.question,
        value=read_value(question, entry.value, spoken, known),
        informant=informant,
        basis=entry.basis,
        confidence=entry.confidence,
        words=entry.note,
        **recorder.carried(),
    )


def settled_events(script: Script, recorder: Recorder) -> Iterator[Event]:
    """Yield what the clinician settled, with the reason; raises IntakeError for no such value."""
    for index, entry in enumerate(script.source.settled):
        name = split_slot(entry.fact)[1]
        questions = recorder.bank.questions.values()
        question = next((each for each in questions if entry.fact == each.fact), None)
        question = recorder.bank.questions.get(name, question)
        value = entry.value
        if question is not None:
            try:
                value = read_value(
                    question, value, script.client.language or recorder.bank.language
                )
            except AnswerError as error:
                place = script.place("settled", index)
                raise IntakeError(
                    "PLAY-008", place, f"{error.where} {error.what}", error.advice
                ) from None
        yield FactSettled(fact=entry.fact, value=value, reason=entry.reason, **recorder.carried())


def known_of(script: Script, recorder: Recorder) -> Context:
    """Return what the file tells the reader of spoken times."""
    return context_of_client(script.client, script.client.language or recorder.bank.language)


def rating_events(script: Script, recorder: Recorder) -> Iterator[Event]:
    """Yield the ratings of the file as the clinician's; null as left unknown."""
    if script.source.ratings is None:
        return
    for key, value, _ in script.source.ratings.by_key():
        yield Rated(rating=key, value=value, reason="given in the file", **recorder.carried())


def entries_by_slot(script: Script) -> dict[str, list[AnswerEntry]]:
    """Return the entries of a script by slot: one for each informant who speaks of it."""
    found: dict[str, list[AnswerEntry]] = {}
    for entry in script.source.answers:
        found.setdefault(entry.question, []).append(entry)
    return found


def replies(
    script: Script,
    entries: Mapping[str, Sequence[AnswerEntry]],
    slot: str,
    recorder: Recorder,
) -> Iterator[Event]:
    """Yield what the persona says to a slot: its entries, else its reason for no answer."""
    if slot in entries:
        for entry in entries[slot]:
            yield answer_event(
                entry,
                script.source.speaker,
                recorder,
                script.client.language,
                known_of(script, recorder),
            )
        return
    if (entry := plain_entry(script, slot, recorder.bank)) is not None:
        language = script.client.language
        yield answer_event(entry, script.source.speaker, recorder, language)
        return
    yield MarkedMissing(
        slot=slot,
        reason=script.source.otherwise or "asked-unknown",
        informant=script.source.speaker,
        **recorder.carried(),
    )


def plain_entry(script: Script, slot: str, bank: Bank) -> AnswerEntry | None:
    """Return what the persona says plainly to a slot that the answers hold nothing of."""
    question = question_at(bank, slot)
    value = plain_answer(script, question) if question else None
    return None if value is None else AnswerEntry(question=slot, value=value)


def check_fit(script: Script, interview: Interview) -> None:
    """Check what only the whole interview can tell; raises IntakeError with file and line.

    No answer and no rating is of a period before its time, no answer is one that cannot be.
    """
    for index, entry in enumerate(script.source.answers):
        place = script.place("answers", index)
        instance = split_slot(entry.question)[0][:-1]
        if instance in interview.spoken.entries.removed:
            continue
        if entry.question not in interview.truths:
            raise IntakeError("PLAY-011", place, *_NOT_REACHED)
        if entry.missing is None and (
            say := objection(interview, entry.question, entry.value, hard=True)
        ):
            raise IntakeError("PLAY-013", place, "holds an answer that cannot be.", say)
    ratings = script.source.ratings
    for key, _, steps in ratings.by_key() if ratings else ():
        if not is_rating(interview, key):
            raise IntakeError("PLAY-009", script.place("ratings", *steps), *_NO_RATING)


_NOT_REACHED: Final = (
    "is about a period that the client has not reached.",
    "Check the birth date.",
)
_NO_RATING: Final = ("is no rating, or of a period that the client has not reached.", "Check it.")


def refused_in_file(script: Script, event: Event, refused: Refused) -> IntakeError:
    """Return the refusal of an event that a file makes, with the place that makes it."""
    match event:
        case Answered() | MarkedMissing():
            place = next(
                script.place("answers", index)
                for index, entry in enumerate(script.source.answers)
                if entry.question == event.slot
                and (entry.informant or script.source.speaker) == event.informant
            )
            return _refused_answer(place, refused)
        case Rated():
            given = script.source.ratings or GivenRatings()
            found = (steps for key, _, steps in given.by_key() if key == event.rating)
            return IntakeError("PLAY-009", script.place("ratings", *next(found)), *_NO_RATING)
        case FactSettled():
            found = (n for n, each in enumerate(script.source.settled) if each.fact == event.fact)
            place = script.place("settled", next(found))
            return IntakeError("PLAY-014", place, refused.what, refused.advice)
        case _:
            return IntakeError("PLAY-014", script.place("client"), refused.what, refused.advice)


def _refused_answer(place: str, refused: Refused) -> IntakeError:
    match refused.code:
        case "GUARD-010":
            return IntakeError("PLAY-011", place, *_NOT_REACHED)
        case "GUARD-014":
            return IntakeError("PLAY-013", place, "holds an answer that cannot be.", refused.what)
        case _:
            return IntakeError("PLAY-014", place, refused.what, refused.advice)


__all__ = [
    "AnswerEntry",
    "Script",
    "answer_event",
    "check_fit",
    "entries_by_slot",
    "known_of",
    "opening_events",
    "plain_entry",
    "rating_events",
    "read_script",
    "refused_in_file",
    "replies",
    "settled_events",
]
