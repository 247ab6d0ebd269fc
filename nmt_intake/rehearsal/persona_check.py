"""Checks personas against a bank: the key can be reached, and the story does not contradict it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.speaking import misfit_words
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.rehearsal.cast import Cast, load_cast, part_of
from nmt_intake.rehearsal.play import play_file
from nmt_intake.rehearsal.story import Fact
from nmt_intake.vocabulary import FUNCTIONS


@dataclass(frozen=True, slots=True)
class PersonaFinding:
    """One thing to mend in a persona's file."""

    code: str
    place: str
    message: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message} {self.advice}"

    def as_json(self) -> Mapping[str, object]:
        """Return the finding in the shape of a bank's."""
        file, _, line = self.place.partition(":")
        return {
            "code": self.code,
            "severity": "error",
            "file": f"personas/{file}",
            "line": int(line) if line.isdigit() else 1,
            "question": None,
            "message": self.message,
            "advice": self.advice,
        }


def check_personas(folder: Path, bank: Bank, today: date) -> Iterator[PersonaFinding]:
    """Yield what is wrong with the personas of a bank's folder, file by file."""
    for path in sorted((folder / "personas").glob("*.yaml")):
        try:
            cast = load_cast(path, bank, today)
            interview = play_file(path, bank, "check", today).interview
        except IntakeError as error:
            if error.code != "REHEARSE-001":
                place = error.where or path.name
                yield PersonaFinding(error.code, place, error.what, error.advice)
            continue
        yield from _of_key(cast, interview)
        yield from _of_story(cast)


def _of_key(cast: Cast, interview: Interview) -> Iterator[PersonaFinding]:
    """Yield answers whose question is not asked, and answers that cannot be together."""
    for index, entry in enumerate(cast.script.source.answers):
        question = cast.question(entry.question)
        # What is kept and not asked is coded where it is told.
        unasked = question is None or question.hidden or question.told_when is not None
        if interview.truths.get(entry.question) is False and not unasked:
            yield PersonaFinding(
                "PERSONA-001",
                cast.script.place("answers", index),
                f"{entry.question} is not asked after the key's other answers.",
                "Change one of them, or take it out.",
            )
    for against in interview.against:
        if not (against.surely and against.check.hard):
            continue
        yield PersonaFinding(
            "PERSONA-002",
            cast.script.place("answers"),
            f"answers of the key do not fit together: {misfit_words(interview, against)}",
            "Change one of them.",
        )


def _of_story(cast: Cast) -> Iterator[PersonaFinding]:
    story = cast.story
    seen: set[str] = set()
    for index, fact in enumerate(story.facts):
        place = cast.script.place("story", "facts", index)
        if fact.id in seen:
            yield PersonaFinding("PERSONA-003", place, f"{fact.id} is there twice.", "Rename one.")
        seen.add(fact.id)
        yield from _of_fact(cast, fact, place)
    ground = cast.script.place("story")
    if not any(fact.never for fact in story.facts):
        yield PersonaFinding("PERSONA-004", ground, "nothing is never told.", "Add one.")
    if not any(fact.early for fact in story.facts):
        yield PersonaFinding("PERSONA-005", ground, "nothing comes early.", "Give a fact `early`.")
    if not cast.entries(story.footing.at):
        what = f"footing is lost at {story.footing.at}, which the key does not answer."
        yield PersonaFinding("PERSONA-006", ground, what, "Name a slot of the key.")
    if not _watched(cast):
        yield PersonaFinding("PERSONA-007", ground, "there is no safety concern.", "Add one.")
    for function in story.plan:
        if function not in FUNCTIONS:
            what = f"the plan names {function!r}, which is no function."
            yield PersonaFinding("PERSONA-008", ground, what, "See DESIGN: the 32 functions.")
    given = cast.script.source.ratings
    keyed = {key for key, value, _ in given.by_key() if value is not None} if given else set[str]()
    for rating, rested in story.ratings_because.items():
        place = cast.script.place("story", "ratings_because", rating)
        if rating not in keyed:
            what = f"{rating} has a reason and no value in the key's ratings."
            yield PersonaFinding("PERSONA-009", place, what, "Rate it, or take the reason out.")
        for name in set(rested.facts) - seen:
            yield PersonaFinding("PERSONA-010", place, f"there is no fact {name!r}.", "Name one.")


def _of_fact(cast: Cast, fact: Fact, place: str) -> Iterator[PersonaFinding]:
    for slot in fact.slots:
        mine = [
            entry
            for entry in cast.entries(slot)
            if (entry.informant or cast.speaker) == cast.speaker
        ]
        if not mine:
            what = f"{fact.id} is at {slot}, which the key does not answer for the teller."
            yield PersonaFinding("PERSONA-011", place, what, "Answer it, or take it out.")
        if fact.never and slot in fact.at and any(entry.missing is None for entry in mine):
            what = f"{fact.id} is never told, and the key answers {slot}."
            yield PersonaFinding("PERSONA-012", place, what, "Mark it asked-declined.")
    for slot, codes in fact.hides.items():
        values = [each.value for each in cast.entries(slot) if isinstance(each.value, list)]
        for code in codes:
            if not any(code in value for value in values):
                what = f"{fact.id} hides {code!r} at {slot}, which the key does not say there."
                yield PersonaFinding("PERSONA-016", place, what, "Say it, or take it out.")
    if fact.instead and fact.instead.value is not None and fact.at:
        question = cast.question(fact.at[0])
        if question and not _fits(cast, question, fact.instead.value):
            what = f"what is said instead of {fact.id} is no answer to {fact.at[0]}."
            yield PersonaFinding(
                "PERSONA-017", place, what, "Write one of its answers, or missing."
            )
    if not fact.never and not fact.slots:
        yield PersonaFinding("PERSONA-013", place, f"{fact.id} is at no question.", "Give `at`.")
    if fact.early and not cast.entries(fact.early):
        what = f"{fact.id} comes early at {fact.early}, which the key does not answer."
        yield PersonaFinding("PERSONA-014", place, what, "Name a slot of the key.")
    if fact.needs.preface and not any(_has_preface(cast, slot) for slot in fact.slots):
        what = f"{fact.id} needs a preface, and there is none in its part of the bank."
        yield PersonaFinding("PERSONA-015", place, what, "Take the need out.")


def _fits(cast: Cast, question: Question, value: JsonValue) -> bool:
    try:
        read_value(question, value, cast.script.client.language, cast.known)
    except AnswerError:
        return False
    return True


def _has_preface(cast: Cast, slot: str) -> bool:
    """Whether the part of a slot has a preface that this key reaches."""
    part = part_of(slot)
    near = [each for each in cast.key if part_of(each) == part]
    return any((question := cast.question(each)) and question.preface for each in near)


def _watched(cast: Cast) -> bool:
    """Whether a fact, or an answer of the key, is a safety concern."""
    if any(fact.safety and not fact.never for fact in cast.story.facts):
        return True
    watched = {name for name, each in cast.bank.questions.items() if each.safety}
    return any(
        str(entry.value) in cast.bank.questions[split_slot(slot)[1]].safety
        for slot, entries in cast.key.items()
        if split_slot(slot)[1] in watched
        for entry in entries
    )
