"""The planner's rules, as activities/sequence.yaml and activities/context.yaml of a bank hold them.

The validated model is the value: nothing is copied out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nmt_intake.bank.documents import document
from nmt_intake.bank.model import Activity, Bank
from nmt_intake.errors import IntakeError
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import DOMAINS, FUNCTIONS, RELATIONSHIPS

SEQUENCE: Final = "activities/sequence"
CONTEXT: Final = "activities/context"
BANDS: Final = ("essential", "therapeutic", "enrichment")

_READ: Final[dict[tuple[str, str], Rules]] = {}

_Text = Annotated[str, Field(min_length=1, max_length=2000)]
_Rating = Annotated[int, Field(ge=1, le=12)]
_Months = Annotated[float, Field(ge=0, le=1500)]
_Count = Annotated[int, Field(ge=0, le=100)]
Domain = Literal["sensory_integration", "self_regulation", "relational", "cognitive"]
Band = Literal["essential", "therapeutic", "enrichment"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Shape = TypeVar("_Shape", bound=_Row)


class Step(_Row):
    """A step of the order in which help goes: regulate, relate, reason."""

    id: _Text
    title: _Text
    domains: tuple[Domain, ...]
    regions: tuple[_Text, ...]
    because: _Text


class AtOnce(_Row):
    """How many things a household begins at once; fewer when there are few minutes a week."""

    things: Annotated[int, Field(ge=1, le=20)]
    with_few_minutes: Annotated[int, Field(ge=1, le=20)]
    few_minutes_below: _Count


class NeedRule(_Row):
    """When a rating is a need, and how needs are put in order of severity, in percent."""

    below_percent: Annotated[int, Field(ge=1, le=100)]
    steps_below: _Count
    typical_from: _Rating
    severities: Annotated[tuple[int, ...], Field(min_length=1)]


class PeopleRule(_Row):
    """Which ratings of ties are poor, episodic and strong; when the web is weak."""

    poor_at_most: _Rating
    episodic_at_most: _Rating
    strong_from: _Rating
    weak_mean: float
    unknown_as: float


class AgesRule(_Row):
    """Ages in months at which something begins or ends."""

    self_leads_from: _Months
    adult_from: _Months
    childish_until: _Months
    school: tuple[_Months, _Months]
    school_duty_until: _Months
    infant_until: _Months
    teacher: tuple[_Months, _Months]


class FactsRule(_Row):
    """Facts of a ratings file that are for a doctor whatever the ratings of today are."""

    prenatal_exposure_from: _Rating
    early_birth_below_weeks: float
    early_birth_until_months: _Months
    very_early_below_weeks: float
    very_early_until_months: _Months


class ReviewTime(_Row):
    """After how many weeks to look at a plan again, and how that is said."""

    weeks: Annotated[int, Field(ge=1, le=104)]
    says: _Text


class SequenceFile(_Row):
    """activities/sequence.yaml."""

    version: _Text
    basis: _Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    phases: tuple[_Text, _Text, _Text]
    at_once: AtOnce
    need: NeedRule
    settled_from_share: Annotated[float, Field(ge=0, le=1)]
    people: PeopleRule
    ages: AgesRule
    facts: FactsRule
    says: Mapping[str, _Text]
    principles: tuple[_Text, ...]
    always_says: tuple[_Text, ...]
    leave_out: tuple[_Text, ...]
    clinician_may: tuple[Literal["drop", "add", "reorder"], ...]
    on_occasion: Mapping[str, _Text]
    stop_when: Annotated[tuple[_Text, ...], Field(min_length=1)]
    review: Mapping[Band, ReviewTime]
    review_then: tuple[Annotated[int, Field(ge=1, le=520)], ...] = ()
    review_sooner_when: tuple[_Text, ...]
    review_asks: tuple[_Text, ...]
    effect_against: Mapping[str, tuple[_Text, ...]] = Field(
        default_factory=dict[str, tuple[str, ...]]
    )
    strength_words: Mapping[str, tuple[_Text, ...]]
    strength_not_after: tuple[_Text, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """All domains, lowest system first."""
        return tuple(domain for step in self.steps for domain in step.domains)


class Role(_Row):
    """A kind of person: how they are called, which tie speaks for them, what they can lead."""

    title: _Text
    tie: str | None = None
    also: tuple[_Text, ...] = ()
    leads: tuple[_Text, ...]
    stands_in: tuple[_Text, ...] = ()


class Condition(_Row):
    """Something known of body, senses, danger or home, and what follows from it for a plan."""

    title: _Text
    also: tuple[_Text, ...]
    whom: tuple[_Text, ...]
    says: _Text
    avoid: tuple[_Text, ...] = ()
    not_now: tuple[_Text, ...] = ()
    prefer: tuple[_Text, ...] = ()
    adapt: str = ""
    ask_about: Mapping[str, tuple[_Text, ...]] = Field(default_factory=dict)
    unanswered: tuple[_Text, ...] = ()
    safety: bool = False
    soon: bool = False
    cared_for: bool = False
    until_months: _Months = 1500


class FunctionCare(_Row):
    """Whom to ask when a function is rated `at_most` or lower, and what is left out till then."""

    at_most: _Rating
    whom: Annotated[tuple[_Text, ...], Field(min_length=1)]
    avoid: tuple[_Text, ...] = ()
    not_now: tuple[_Text, ...] = ()
    unanswered: bool = False
    soon: bool = False


class Watch(_Row):
    """What to see if something helps a function, and what if it harms."""

    helps: _Text
    harms: _Text


class Breadth(_Row):
    """How many activities a function must have at each age, and how many of them free."""

    at_least: _Count
    free_at_least: _Count = 0


class ContextFile(_Row):
    """activities/context.yaml."""

    version: _Text
    basis: _Text
    breadth: Breadth
    traits: Mapping[str, _Text]
    specialists: Mapping[str, _Text]
    people: Mapping[str, Role]
    people_states: Mapping[str, bool]
    conditions: Mapping[str, Condition]
    functions: Mapping[str, FunctionCare]
    watch: Mapping[str, Watch]


@dataclass(frozen=True)
class Rules:
    """Everything a plan is made by, beside the library."""

    sequence: SequenceFile
    context: ContextFile

    def says(self, key: str, **names: object) -> str:
        """Return a printed sentence with its names filled in."""
        text = self.sequence.says[key]
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def whom(self, specialists: Iterable[str]) -> str:
        """Return specialists in words: a doctor or a physiotherapist."""
        titles = [self.context.specialists[name] for name in specialists]
        return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} or {titles[-1]}"

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each function in the order of development."""
        return {name: place for place, name in enumerate(FUNCTIONS)}


def rules_from(sequence: object, context: object, activities: Iterable[Activity]) -> Rules:
    """Return the rules in the plain documents, checked against each other and the library.

    Scalars may be text. Raises IntakeError: SCORE-030 if there is nothing in one, SCORE-031 for a
    wrong shape, SCORE-032 for what contradicts itself, the contract or the library.
    """
    rules = Rules(
        _validated(SequenceFile, sequence, SEQUENCE), _validated(ContextFile, context, CONTEXT)
    )
    for place, problem in _contradictions(rules, activities):
        advice = "Correct it or restore the shipped file."
        raise IntakeError("SCORE-032", f"{place}.yaml", clean_line(problem), advice)
    return rules


def rules_of(bank: Bank) -> Rules | None:
    """Return the rules of a bank that has activities and a sequence of its own, else None."""
    if not bank.activities or not (Path(bank.folder) / f"{SEQUENCE}.yaml").is_file():
        return None
    key = (bank.folder, bank.hash)
    if key not in _READ:
        folder = bank.folder
        rules = rules_from(document(folder, SEQUENCE), document(folder, CONTEXT), bank.activities)
        _READ.clear()  # one bank at a time is read; reading its rules costs 60 ms
        _READ[key] = rules
    return _READ[key]


def _validated(shape: type[_Shape], given: object, name: str) -> _Shape:
    if not given:
        advice = "Restore the shipped file."
        raise IntakeError("SCORE-030", f"{name}.yaml", "There is nothing in it.", advice)
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(clean_line(str(step), 40) for step in first["loc"])
        what = f"{where}: {first['msg']}."
        advice = "Correct it or restore the shipped file."
        raise IntakeError("SCORE-031", f"{name}.yaml", clean_line(what), advice) from None


def _contradictions(rules: Rules, activities: Iterable[Activity]) -> Iterator[tuple[str, str]]:
    sequence, context = rules.sequence, rules.context
    if sorted(sequence.domains) != sorted(DOMAINS):
        yield SEQUENCE, "steps must hold every domain exactly once."
    if len(set(sequence.phases)) != len(sequence.phases):
        yield SEQUENCE, "phases has one phase twice."
    if missing := [band for band in BANDS if band not in sequence.review]:
        yield SEQUENCE, f"review lacks {', '.join(missing)}."
    library = tuple(activities)
    names = {activity.id for activity in library}
    for name in sequence.on_occasion:
        if name not in names:
            yield SEQUENCE, f"on_occasion: the library has no activity '{name}'."
    known = {word for activity in library for word in activity.strengths}
    for word in sorted(known - sequence.strength_words.keys()):
        yield SEQUENCE, f"strength_words lacks '{word}', which the library uses."
    for part in (context.functions, context.watch):
        if set(part) != set(FUNCTIONS):
            yield CONTEXT, "functions and watch must hold every function exactly once."
    for name, role in context.people.items():
        if role.tie is not None and role.tie not in RELATIONSHIPS:
            yield CONTEXT, f"people.{name}: there is no relationship '{role.tie}'."
    for name, row in (*context.conditions.items(), *context.functions.items()):
        prefer = row.prefer if isinstance(row, Condition) else ()
        for trait in (*row.avoid, *row.not_now, *prefer):
            if trait not in context.traits:
                yield CONTEXT, f"{name}: there is no trait '{trait}'."
        for who in row.whom:
            if who not in context.specialists:
                yield CONTEXT, f"{name}: there is no specialist '{who}'."


__all__ = [
    "BANDS",
    "Condition",
    "ContextFile",
    "FunctionCare",
    "Role",
    "Rules",
    "SequenceFile",
    "rules_from",
    "rules_of",
]
