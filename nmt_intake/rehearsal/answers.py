"""Answers files: a whole interview written down, read strictly and turned into events.

One file format serves `play` (all answers, in the order of the file) and personas (the engine
asks in its own order and the file answers).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.reading import MappingNode, Node, SequenceNode, UnreadableFile, read_file
from nmt_intake.cleaning import clean
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Answered,
    Client,
    Event,
    Informant,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    MissingReason,
    Opened,
    Rated,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.vocabulary import FUNCTIONS, PERIODS, RELATIONSHIPS

_LOOPS: Final = ("caregiver", "placement", "exposure")
Rating = Annotated[int, Field(ge=1, le=12)] | None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerEntry(_File):
    """One answer, or one reason for none."""

    question: str
    value: JsonValue = None
    missing: MissingReason | None = None
    informant: str | None = None
    confidence: Literal["high", "moderate", "low"] | None = None
    basis: Literal["saw", "told", "read", "guess"] | None = None
    note: str = ""
    who_knows: str = ""


class GivenRatings(_File):
    """Ratings of the person who wrote the file, as in a ratings file."""

    adversity: dict[str, dict[str, Rating] | None] = {}
    relational: dict[str, dict[str, Rating] | None] = {}
    functions: dict[str, Rating] = {}
    relationships: dict[str, Rating] = {}


class InstanceEntry(_File):
    """A caregiver, placement or exposure named beforehand."""

    id: str
    label: str = ""


class Persona(_File):
    """Who is played, for whom it is a rehearsal, and what they say beside the answers."""

    title: str
    about: str
    teaches: list[str] = []
    greeting: str = ""
    goodbye: str = ""


class AnswersFile(_File):
    """A whole interview: client, informants, answers, perhaps ratings."""

    persona: Persona | None = None
    client: Client
    interviewed: str | None = None
    informants: list[Informant] = []
    instances: list[InstanceEntry] = []
    answers: list[AnswerEntry] = []
    ratings: GivenRatings | None = None
    otherwise: MissingReason | None = None

    @field_validator("answers", "informants", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return [] if value is None else value


@dataclass(frozen=True, slots=True)
class Script:
    """An answers file, checked against a bank: every question is there, every answer fits."""

    source: AnswersFile
    client: Client
    lines: Mapping[int, int]
    where: str


def read_script(path: Path, bank: Bank, today: date) -> Script:
    """Return the answers file at `path`, checked against `bank`.

    Raises IntakeError (PLAY-0xx) with file and line for the first thing that is wrong.
    """
    where = path.name
    try:
        node = read_file(path, where)
    except UnreadableFile as refusal:
        problem = refusal.problem
        raise IntakeError(
            problem.code, f"{where}:{problem.line}", problem.message, problem.advice
        ) from None
    try:
        source = AnswersFile.model_validate(node)
    except ValidationError as error:
        raise _malformed(error, node, where) from None
    answers = node.get("answers") if isinstance(node, MappingNode) else None
    lines = dict(enumerate(answers.lines)) if isinstance(answers, SequenceNode) else {}
    script = Script(source, _client(source, today, where), lines, where)
    _check(script, bank)
    return script


def opening_events(script: Script, recorder: Recorder, practice: bool = False) -> Iterator[Event]:
    """Yield the events before the first question: client, informants, named instances."""
    yield Opened(client=script.client, practice=practice, **recorder.carried())
    for informant in script.source.informants:
        yield InformantAdded(informant=informant, **recorder.carried())
    for entry in script.source.instances:
        yield InstanceAdded(instance=entry.id, label=entry.label, **recorder.carried())


def answer_event(entry: AnswerEntry, recorder: Recorder) -> Event:
    """Return the event that one entry of the file is."""
    if entry.missing is not None:
        return MarkedMissing(
            slot=entry.question,
            reason=entry.missing,
            informant=entry.informant,
            words=entry.note,
            who_knows=entry.who_knows,
            **recorder.carried(),
        )
    question = recorder.bank.questions[split_slot(entry.question)[1]]
    return Answered(
        slot=entry.question,
        value=read_value(question, entry.value),
        informant=entry.informant,
        basis=entry.basis,
        confidence=entry.confidence,
        words=entry.note,
        **recorder.carried(),
    )


def rating_events(script: Script, recorder: Recorder) -> Iterator[Event]:
    """Yield the ratings of the file as the clinician's."""
    given = script.source.ratings
    if given is None:
        return
    found: dict[str, int | None] = {}
    for part, periods in (("adversity", given.adversity), ("relational", given.relational)):
        for period, items in periods.items():
            found |= {f"{period}/{part}.{item}": value for item, value in (items or {}).items()}
    for part, items in (("functions", given.functions), ("relationships", given.relationships)):
        found |= {f"{part}.{item}": value for item, value in items.items()}
    for key, value in found.items():
        if value is not None:
            yield Rated(rating=key, value=value, reason="given in the file", **recorder.carried())


def _client(source: AnswersFile, today: date, where: str) -> Client:
    interviewed = source.interviewed or source.client.interviewed or today.isoformat()
    client = source.client.model_copy(update={"interviewed": interviewed})
    for name, text in (("interviewed", interviewed), ("birth", client.birth)):
        if text is not None and not _is_date(text, whole=name == "interviewed"):
            raise IntakeError("PLAY-003", where, f"{name} is no date.", "Write it as 2019-09-14.")
    if client.birth is not None and client.birth > interviewed:
        raise IntakeError(
            "PLAY-004", where, "the birth date is after the interview.", "Check both dates."
        )
    return client


def _is_date(text: str, whole: bool) -> bool:
    try:
        date.fromisoformat((text + "-01-01"[len(text) - 4 :])[:10])
    except ValueError:
        return False
    return len(text) == 10 or (not whole and len(text) in (4, 7))


def _check(script: Script, bank: Bank) -> None:
    known = {informant.id for informant in script.source.informants}
    for index, entry in enumerate(script.source.answers):
        place = f"{script.where}:{script.lines.get(index, 1)}"
        question = _known_question(entry.question, bank, place)
        if entry.informant is not None and entry.informant not in known:
            raise IntakeError(
                "PLAY-006", place, "names an informant that is not listed.", "Add it to informants."
            )
        if (entry.value is None) == (entry.missing is None):
            raise IntakeError(
                "PLAY-007", place, "needs either a value or missing.", "Write one of the two."
            )
        if entry.missing is None:
            try:
                read_value(question, entry.value)
            except AnswerError as error:
                raise IntakeError(
                    "PLAY-008", place, f"{error.where} {error.what}", error.advice
                ) from None
    _check_ratings(script)


def _known_question(slot: str, bank: Bank, place: str) -> Question:
    prefix, name = split_slot(slot)
    question = bank.questions.get(name)
    if question is None:
        near = difflib.get_close_matches(name, list(bank.questions), n=1)
        advice = f"Did you mean {prefix}{near[0]}?" if near else "Look it up: bank search."
        raise IntakeError("PLAY-005", place, f"there is no question {clean(slot, 80)!r}.", advice)
    instance = prefix[:-1]
    fits: dict[str | None, Callable[[], bool]] = {
        None: lambda: not prefix,
        "period": lambda: instance in PERIODS,
    }
    numbered = instance.rpartition("-")
    if not fits.get(question.for_each, lambda: _is_instance(question.for_each, *numbered))():
        advice = {
            None: f"Write {name}.",
            "period": f"Write for example infancy/{name}.",
        }.get(question.for_each, f"Write for example {question.for_each}-1/{name}.")
        raise IntakeError("PLAY-005", place, f"{clean(slot, 80)!r} has no such instance.", advice)
    return question


def _is_instance(loop: str | None, kind: str, _dash: str, number: str) -> bool:
    return loop in _LOOPS and kind == loop and number.isdecimal() and 0 < int(number) < 1000


def _check_ratings(script: Script) -> None:
    given = script.source.ratings
    if given is None:
        return
    for items, known in ((given.functions, FUNCTIONS), (given.relationships, RELATIONSHIPS)):
        for item in items:
            if item not in known:
                raise IntakeError(
                    "PLAY-009",
                    script.where,
                    f"there is no rating {clean(item, 60)!r}.",
                    "Check it.",
                )


def _malformed(error: ValidationError, node: Node, where: str) -> IntakeError:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    line = 1
    for step in fault["loc"]:
        match node, step:
            case MappingNode(), str() if step in node:
                line, node = node.lines[step], node[step]
            case SequenceNode(), int() if step < len(node):
                line, node = node.lines[step], node[step]
            case _:
                break
    path = ".".join(str(step) for step in fault["loc"])
    return IntakeError(
        "PLAY-002", f"{where}:{line}", f"{clean(path, 120)}: {fault['msg']}.", "See the README."
    )
