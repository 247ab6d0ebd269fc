"""Answers files: a whole interview written down, read strictly and checked against a bank.

One file format serves `play` (all answers, in the order of the file) and personas (the engine
asks in its own order and the file answers).
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.reading import (
    LARGEST_FILE,
    MappingNode,
    Node,
    SequenceNode,
    UnreadableFile,
    read_bytes,
    read_file,
)
from nmt_intake.errors import IntakeError
from nmt_intake.interview.ages import days_of
from nmt_intake.interview.events import (
    Basis,
    Client,
    Confidence,
    Informant,
    InstanceId,
    Label,
    MissingReason,
    Said,
)
from nmt_intake.interview.graph import question_at, split_slot
from nmt_intake.interview.told_context import context_of_client
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.rehearsal.story import Story
from nmt_intake.text import clean_line

Rating = Annotated[int, Field(ge=1, le=12)] | None
_OLDEST_MONTHS: Final = 1500
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerEntry(_File):
    """One answer, or one reason for none."""

    question: str
    value: JsonValue = None
    missing: MissingReason | None = None
    informant: str | None = None
    confidence: Confidence | None = None
    basis: Basis | None = None
    note: Said = ""
    who_knows: Said = ""


class GivenRatings(_File):
    """Ratings of the person who wrote the file, as in a ratings file; null is left unknown."""

    age_months: Annotated[float, Field(ge=0, le=_OLDEST_MONTHS)] | None = None
    gestation_weeks: Annotated[float, Field(ge=20, le=45)] | None = None
    adversity: dict[str, dict[str, Rating] | None] | None = None
    relational: dict[str, dict[str, Rating] | None] | None = None
    functions: dict[str, Rating] | None = None
    relationships: dict[str, Rating] | None = None

    def by_key(self) -> Iterator[tuple[str, int | None, tuple[str, ...]]]:
        """Yield each rating's id, its value, and where it stands below `ratings`."""
        for part, periods in (("adversity", self.adversity), ("relational", self.relational)):
            for period, items in (periods or {}).items():
                for item, value in (items or {}).items():
                    yield f"{period}/{part}.{item}", value, (part, period, item)
        for part, items in (("functions", self.functions), ("relationships", self.relationships)):
            for item, value in (items or {}).items():
                yield f"{part}.{item}", value, (part, item)


class InstanceEntry(_File):
    """A caregiver, placement or exposure named beforehand; `removed`: by mistake, as it proved."""

    id: InstanceId
    label: Label = ""
    removed: bool = False


class SettledEntry(_File):
    """The clinician's word on a fact of the client, or on a slot, that was told differently."""

    fact: str
    value: JsonValue
    reason: Said


class Persona(_File):
    """Who is played, for whom it is a rehearsal, and what they say beside the answers."""

    title: str
    about: str
    teaches: list[str] = []
    greeting: str = ""
    goodbye: str = ""


class AnswersFile(_File):
    """A whole interview: client, informants, answers, perhaps ratings.

    `plainly` are answers by question (`sleep.usual`, or `*.usual` for all of that name), said of
    every instance by the one who speaks, where `answers` holds nothing else.
    `complete` are the kinds of entries (caregiver, placement, exposure) of which all were named;
    `settled` is the clinician's word, after all answers.
    `story` is what a rehearsal needs besides. `otherwise` is why there
    is no answer where the file holds none.
    """

    persona: Persona | None = None
    story: Story | None = None
    client: Client
    interviewed: str | None = None
    informants: list[Informant] = []
    instances: list[InstanceEntry] = []
    complete: list[Literal["caregiver", "placement", "exposure"]] = []
    answers: list[AnswerEntry] = []
    plainly: dict[str, JsonValue] = {}
    settled: list[SettledEntry] = []
    ratings: GivenRatings | None = None
    otherwise: MissingReason | None = None

    @property
    def speaker(self) -> str | None:
        """Whose an answer is that names nobody: a persona's own, or the only informant's."""
        if self.informants and (self.persona or len(self.informants) == 1):
            return self.informants[0].id
        return None


@dataclass(frozen=True, slots=True)
class Script:
    """An answers file, checked against a bank: every question is there, every answer fits.

    `client` has the day of the interview; `place` says where in the file something stands.
    """

    source: AnswersFile
    client: Client
    node: Node
    where: str

    def place(self, *steps: str | int) -> str:
        """Return `file:line` of a part of the file, of the nearest part around it if need be."""
        return f"{self.where}:{_line_of(self.node, steps)}"


def read_script(path: Path, bank: Bank, today: date) -> Script:
    """Return the answers file at `path` (`-`: standard input), checked against `bank`.

    Raises IntakeError (PLAY-0xx) with file and line for the first thing that is wrong.
    """
    given = str(path) == "-"
    where = "standard input" if given else clean_line(path.name, 120)
    try:
        node = (
            read_bytes(sys.stdin.buffer.read(LARGEST_FILE + 1), where)
            if given
            else read_file(path, where)
        )
    except UnreadableFile as refusal:
        problem = refusal.problem
        place = f"{where}:{problem.line}"
        raise IntakeError(problem.code, place, problem.message, problem.advice) from None
    try:
        source = _as_now(AnswersFile.model_validate(_plain(node)), bank)
    except ValidationError as error:
        raise _malformed(error, node, where) from None
    script = Script(source, _client(source, today), node, where)
    _check_plain(script, bank)
    _check_dates(script)
    _check_names(script)
    for index, entry in enumerate(source.answers):
        _check_answer(script, entry, bank, script.place("answers", index))
    return script


def _as_now(source: AnswersFile, bank: Bank) -> AnswersFile:
    """Return a file with the names that its questions have in this version of the bank."""
    renamed = {old: new for step in bank.migrations for old, new in step.renamed.items()}

    def now(slot: str) -> str:
        prefix, name = split_slot(slot)
        return prefix + renamed.get(name, name) if name not in bank.questions else slot

    if not renamed:
        return source
    answers = [each.model_copy(update={"question": now(each.question)}) for each in source.answers]
    changed: dict[str, object] = {
        "answers": answers,
        "plainly": {now(name): value for name, value in source.plainly.items()},
        "story": source.story.renamed(now) if source.story else None,
    }
    return source.model_copy(update=changed)


def _plain(node: Node, keep_nulls: bool = False) -> JsonValue:
    """Return the document with what was left empty or null left out, but null ratings kept."""
    match node:
        case MappingNode():
            read = {key: _plain(each, keep_nulls or key == "ratings") for key, each in node.items()}
            return {key: each for key, each in read.items() if keep_nulls or each is not None}
        case SequenceNode():
            return [_plain(each, keep_nulls) for each in node]
        case None:
            return None
        case text:
            return None if text in _NOTHING else str(text)


def _client(source: AnswersFile, today: date) -> Client:
    """Return the client; what the file says only beside the ratings stands in for what it lacks."""
    given = source.client
    ratings = source.ratings or GivenRatings()
    known = {
        "interviewed": source.interviewed or given.interviewed or today.isoformat(),
        "age_months": ratings.age_months if given.age_months is None else given.age_months,
        "gestation_weeks": (
            ratings.gestation_weeks if given.gestation_weeks is None else given.gestation_weeks
        ),
    }
    return given.model_copy(update=known)


def _check_plain(script: Script, bank: Bank) -> None:
    for name, value in script.source.plainly.items():
        place = script.place("plainly", name)
        block, _, last = name.partition(".")
        meant = [
            question
            for each, question in bank.questions.items()
            if each == name or (block == "*" and each.partition(".")[2] == last)
        ]
        if not meant:
            what = f"there is no question {clean_line(name, 80)!r}."
            raise _refused(place, 5, what, "Look it up: bank search.")
        language = script.client.language or bank.language
        known = context_of_client(script.client, language)
        for question in meant:
            try:
                read_value(question, value, language, known)
            except AnswerError as error:
                if block != "*":
                    raise _refused(place, 8, f"{error.where} {error.what}", error.advice) from None


def plain_answer(script: Script, question: Question) -> JsonValue:
    """Return what is said plainly to a question, None if nothing is."""
    plainly = script.source.plainly
    if question.id in plainly:
        return plainly[question.id]
    value = plainly.get(f"*.{question.id.partition('.')[2]}")
    return value if value is not None and str(value) in question.options else None


def _check_dates(script: Script) -> None:
    client = script.client
    steps = ("interviewed",) if script.source.interviewed else ("client", "interviewed")
    interviewed = days_of(client.interviewed or "")
    if interviewed is None or interviewed[0] != interviewed[1]:
        raise _refused(script.place(*steps), 3, "interviewed is no date.", "Write 2019-09-14.")
    if client.birth is None:
        return
    born, place = days_of(client.birth), script.place("client", "birth")
    if born is None:
        raise _refused(place, 3, "birth is no date.", "Write 2019-09-14, 2019-09 or 2019.")
    if born[0] > interviewed[0]:
        raise _refused(place, 4, "the birth date is after the interview.", "Check both dates.")


def _check_names(script: Script) -> None:
    for key, entries in (
        ("informants", script.source.informants),
        ("instances", script.source.instances),
    ):
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            if entry.id in seen:
                what = f"lists {clean_line(entry.id, 60)!r} twice."
                raise _refused(script.place(key, index), 12, what, "Keep one of them.")
            seen.add(entry.id)


def _check_answer(script: Script, entry: AnswerEntry, bank: Bank, place: str) -> None:
    question = _known_question(entry.question, bank, place)
    known = {informant.id for informant in script.source.informants}
    if entry.informant is not None and entry.informant not in known:
        what = "names an informant that is not listed."
        raise _refused(place, 6, what, "Add it to informants.")
    if (entry.value is None) == (entry.missing is None):
        raise _refused(place, 7, "needs either a value or missing.", "Write one of the two.")
    if entry.missing is not None:
        return
    language = script.client.language or bank.language
    try:
        read_value(question, entry.value, language, context_of_client(script.client, language))
    except AnswerError as error:
        raise _refused(place, 8, f"{error.where} {error.what}", error.advice) from None


def _known_question(slot: str, bank: Bank, place: str) -> Question:
    found = question_at(bank, slot)
    if found is not None:
        return found
    prefix, name = split_slot(slot)
    shown = clean_line(slot, 80)
    question = bank.questions.get(name)
    if question is None:
        near = difflib.get_close_matches(name[:200], list(bank.questions), n=1)
        advice = f"Did you mean {prefix}{near[0]}?" if near else "Look it up: bank search."
        raise _refused(place, 5, f"there is no question {shown!r}.", clean_line(advice))
    match question.for_each:
        case None:
            advice = f"Write {name}."
        case "period":
            advice = f"Write for example infancy/{name}."
        case loop:
            advice = f"Write for example {loop}-1/{name}."
    raise _refused(place, 5, f"{shown!r} has no such instance.", advice)


def _malformed(error: ValidationError, node: Node, where: str) -> IntakeError:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = clean_line(".".join(str(step) for step in fault["loc"]), 120) or "the file"
    what = f"{path}: {clean_line(fault['msg'], 200)}."
    return _refused(f"{where}:{_line_of(node, fault['loc'])}", 2, what, "See the README.")


def _refused(place: str, number: int, what: str, advice: str) -> IntakeError:
    return IntakeError(f"PLAY-{number:03}", place, what, advice)


def _line_of(node: Node, steps: Sequence[str | int]) -> int:
    line = 1
    for step in steps:
        match node, step:
            case MappingNode(), str() if step in node:
                line, node = node.lines[step], node[step]
            case SequenceNode(), int() if step < len(node):
                line, node = node.lines[step], node[step]
            case _:
                break
    return line


__all__ = [
    "AnswerEntry",
    "AnswersFile",
    "GivenRatings",
    "InstanceEntry",
    "Persona",
    "Script",
    "plain_answer",
    "read_script",
]
