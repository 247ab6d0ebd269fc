"""What an author writes: the shapes of block, rating and bank files, checked by pydantic.

Their JSON Schema is what `nmt-intake bank schema` prints. Scalars arrive as text and get their
type here. The running program uses the compiled shapes of `model` instead.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from nmt_intake.bank.model import EntryLoop, ForEach, Kind, Role

ColumnKind = Literal[
    "yes_no", "choice", "choices", "scale", "number", "age", "date", "interval", "text", "person"
]
InformantKind = Literal["caregiver", "self", "professional"]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Prose = Annotated[str, Field(min_length=1, max_length=4000)]
ConditionText = Annotated[str, Field(min_length=1, max_length=2000)]
Options = dict[str, Line]


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _need_codes(value: object) -> object:
    if isinstance(value, list):
        raise PydanticCustomError("options_without_codes", "options are a list without codes")
    return value


_Fields: TypeAlias = dict[str, object]


def _with_heard_options(question: _Fields) -> _Fields:
    """Return a question whose options are words alone: `{label, heard_as}` is taken apart."""
    labels = dict(_fields(question.get("options")))
    heard: _Fields = {}
    for code, option in labels.items():
        parts = _fields(option)
        if parts.keys() >= {"label", "heard_as"}:
            labels[code], phrases = parts["label"], parts["heard_as"]
            heard[code] = [phrases] if isinstance(phrases, str) else phrases
    if not heard:
        return question
    own = question.get("heard_as")
    whole: _Fields = dict(_fields(own)) or {"phrases": [own] if isinstance(own, str) else own or []}
    whole["options"] = {**_fields(whole.get("options")), **heard}
    return {**question, "options": labels, "heard_as": whole}


def _fields(value: object) -> _Fields:
    return cast("_Fields", value) if isinstance(value, dict) else {}


class CheckSource(_Source):
    """A check of an answer: what is expected of `value`, and what to say when it is not so."""

    expect: Line = Field(description="a condition on `value`, for example: value <= 42")
    say: Prose = Field(description="what the interviewer is told")


class StandingCheckSource(_Source):
    """A check between answers that stands in a block: run again whenever one of them changes."""

    id: Line
    expect: ConditionText = Field(description="what is expected, for example: first <= second")
    say: Prose = Field(description="what the interviewer is told")
    hard: bool = Field(default=False, description="it cannot be: one of the answers is wrong")
    translations: dict[str, Prose] = Field(default_factory=dict[str, Prose])


class ReferSource(_Source):
    """A note that a doctor should hear of this answer; never a diagnosis."""

    on: list[Line] = Field(min_length=1, description="the answer codes that call for it")
    say: Prose
    only_now: bool = Field(
        default=False, description="only while this period is the client's present one"
    )


class HeardSource(_Source):
    """How people say it: for the whole question, and for one of its options."""

    phrases: list[Line] = Field(default_factory=list[Line])
    options: dict[str, list[Line]] = Field(
        default_factory=dict[str, list[Line]], description="code: phrases that tell this answer"
    )

    @model_validator(mode="before")
    @classmethod
    def _phrases_alone(cls, value: object) -> object:
        if isinstance(value, str):
            return {"phrases": [value]}
        return {"phrases": cast("list[object]", value)} if isinstance(value, list) else value


class ColumnSource(_Source):
    """One column of a table question."""

    id: Line
    ask: Prose
    kind: ColumnKind
    options: Options | None = None
    unit: Line | None = None
    safety: list[Line] = Field(
        default_factory=list[Line], description="answers that are a safety concern"
    )
    translations: dict[str, QuestionTranslation] = Field(
        default_factory=dict[str, "QuestionTranslation"]
    )

    _codes = field_validator("options", mode="before")(_need_codes)


class QuestionTranslation(_Source):
    """A question's words in another language."""

    ask: Prose | None = None
    options: Options = Field(default_factory=dict)
    preface: Prose | None = None
    preface_again: Prose | None = None
    listen_for: Prose | None = None
    probes: list[Prose] = Field(default_factory=list[Prose])
    wordings: dict[str, Prose] = Field(default_factory=dict[str, Prose])
    unit: Line | None = None
    heard_as: HeardSource | None = None
    refer: Prose | None = None
    columns: dict[str, QuestionTranslation] = Field(
        default_factory=dict[str, "QuestionTranslation"]
    )
    soft_check: Prose | None = None
    hard_check: Prose | None = None


class QuestionSource(_Source):
    """One question as its author writes it."""

    id: Line
    ask: Prose = Field(description="what the interviewer says; Markdown, with facts in braces")
    kind: Kind
    wordings: dict[str, Prose] = Field(
        default_factory=dict[str, Prose], description="other wordings by self, period or age band"
    )
    options: Options | None = Field(None, description="code: what is shown")
    options_from: EntryLoop | None = Field(
        None, description="the entries that can be chosen, beside the options: caregiver"
    )
    unit: Line | None = None
    columns: list[ColumnSource] = Field(default_factory=list[ColumnSource])
    when: ConditionText | None = Field(None, description="asked when this condition is true")
    ask_when: ConditionText | None = Field(
        None, description="asked only when this is true too; what is told counts all the same"
    )
    preface: Prose | None = None
    preface_again: Prose | None = Field(
        None, description="said instead once the whole preface was heard"
    )
    listen_for: Prose | None = None
    probes: list[Prose] = Field(default_factory=list[Prose])
    sensitivity: int = Field(0, ge=0, le=3)
    informants: list[InformantKind] = Field(default_factory=list[InformantKind])
    not_for: list[Role] = Field(
        default_factory=list[Role], description="roles whose bearers cannot know of it"
    )
    evidence_for: list[Line] = Field(
        default_factory=list[Line], description="ids of the ratings this is evidence for"
    )
    keywords: list[Line] = Field(default_factory=list[Line])
    heard_as: HeardSource | None = Field(
        None, description="how people say it, for capture; an option may carry its own"
    )
    tags: list[Line] = Field(default_factory=list[Line])
    source: Line | None = None
    loinc: Line | None = None
    soft_check: CheckSource | None = None
    hard_check: CheckSource | None = None
    refer: ReferSource | None = None
    alone: list[Line] = Field(
        default_factory=list[Line], description="codes that exclude all the others: [nothing]"
    )
    safety: list[Line] = Field(
        default_factory=list[Line], description="answers that open the safety card"
    )
    fact: Line | None = Field(None, description="the fact of the client that the answer is")
    names_this: bool = False
    hidden: bool = False
    show_if_filled: bool = False
    essential: bool | None = Field(
        None, description="asked in a short sitting, or not; else as its block and its ratings say"
    )
    silence: dict[str, Prose] = Field(
        default_factory=dict[str, Prose], description="finding code: why it is accepted"
    )
    translations: dict[str, QuestionTranslation] = Field(
        default_factory=dict[str, "QuestionTranslation"]
    )

    _codes = field_validator("options", mode="before")(_need_codes)

    @model_validator(mode="before")
    @classmethod
    def _heard_on_options(cls, value: object) -> object:
        fields = _fields(value)
        return _with_heard_options(fields) if fields else value

    @field_validator("soft_check", "hard_check", mode="before")
    @classmethod
    def _condition_alone(cls, value: object) -> object:
        if isinstance(value, str):
            return {"expect": value, "say": "Is this right?"}
        return value


class BlockTranslation(_Source):
    """A block's words in another language."""

    title: Line | None = None
    opening: Prose | None = None
    another: Prose | None = None


class BlockSource(_Source):
    """One block file: questions that belong together, asked once or for each of something."""

    block: Line
    title: Line
    for_each: ForEach | None = None
    when: ConditionText | None = None
    opening: Prose | None = None
    another: Prose | None = None
    let: dict[str, ConditionText] = Field(
        default_factory=dict[str, ConditionText], description="named conditions of this block"
    )
    not_for: list[Role] = Field(
        default_factory=list[Role], description="roles whose bearers cannot know of any of it"
    )
    checks: list[StandingCheckSource] = Field(default_factory=list[StandingCheckSource])
    questions: list[QuestionSource] = Field(min_length=1)
    essential: bool | None = Field(None, description="asked in a short sitting, or not")
    by_hand: bool = Field(
        default=False, description="entries are added by hand: the program does not offer one"
    )
    silence: dict[str, Prose] = Field(default_factory=dict[str, Prose])
    translations: dict[str, BlockTranslation] = Field(default_factory=dict[str, BlockTranslation])


_Rating = Annotated[int, Field(ge=1, le=12)]
_Range = Annotated[list[_Rating], Field(min_length=2, max_length=2)]
_Points = Annotated[float, Field(ge=-12, le=12, allow_inf_nan=False)]


class RuleSource(_Source):
    """One rule of a suggested rating; without `when` it always holds."""

    id: Line
    when: ConditionText | None = None
    suggest: _Range | None = None
    not_applicable: bool = Field(default=False, description="then there is nothing to rate")
    because: Prose

    @model_validator(mode="after")
    def _says_one_thing(self) -> RuleSource:
        if (self.suggest is None) is not self.not_applicable:
            raise PydanticCustomError("one_form", "needs suggest, or else not_applicable")
        return self


class FactSource(_Source):
    """What a fact does to a suggestion, whatever the impressions say."""

    id: Line
    each: Literal["caregiver", "placement", "exposure"] | None = Field(
        None, description="read `when` in each row of the time line that overlaps the period"
    )
    when: ConditionText | None = None
    count: Annotated[int, Field(ge=1, le=50)] = Field(1, description="so many rows at the least")
    lasting: bool = Field(default=False, description="for a good part of the period, not a day")
    at_least: _Rating | None = Field(None, description="no lower, whatever the impressions say")
    at_most: _Rating | None = Field(None, description="no higher, whatever the impressions say")
    widen: _Rating | None = Field(None, description="it may be as bad as that")
    because: Prose

    @model_validator(mode="after")
    def _says_one_thing(self) -> FactSource:
        if sum(each is not None for each in (self.at_least, self.at_most, self.widen)) != 1:
            raise PydanticCustomError("one_form", "needs one of at_least, at_most and widen")
        if self.each is None and self.when is None:
            raise PydanticCustomError("no_condition", "needs when, or each, or both")
        return self


class RatingSource(_Source):
    """One rating: title, anchors of its four bands, and the rules that suggest it."""

    rating: Line
    title: Line
    periods: list[Line] = Field(default_factory=list[Line])
    anchors: dict[str, Prose]
    rules: list[RuleSource] = Field(default_factory=list[RuleSource])
    points: dict[str, dict[str, _Points] | _Points] = Field(
        default_factory=dict[str, "dict[str, float] | float"],
        description="question: what each code weighs, or a named condition: what it weighs",
    )
    facts: list[FactSource] = Field(default_factory=list[FactSource])
    silence: dict[str, Prose] = Field(default_factory=dict[str, Prose])


class FactsSource(_Source):
    """Facts that bear on one rating, in all periods or in some."""

    rating: Line
    periods: list[Line] = Field(default_factory=list[Line])
    facts: list[FactSource] = Field(min_length=1)


class RatingsSource(_Source):
    """A file of ratings, of facts that bear on them, or of both."""

    ratings: list[RatingSource] = Field(default_factory=list[RatingSource])
    facts: list[FactsSource] = Field(default_factory=list[FactsSource])


class MigrationSource(_Source):
    """How answers of an earlier version of the bank are read."""

    from_version: Line
    renamed: dict[str, Line] = Field(
        default_factory=dict[str, Line], description="old question id: new question id"
    )
    dropped: list[Line] = Field(
        default_factory=list[Line], description="question ids that are kept but no longer asked"
    )
    codes: dict[str, dict[str, Line]] = Field(
        default_factory=dict[str, dict[str, Line]],
        description="question id: old option code: new option code",
    )
    because: Prose | None = None


class ParkSource(_Source):
    """What leaves sensitive questions unasked for now, and the reason that is shown."""

    id: Line
    when: ConditionText = Field(description="reads questions that are asked once")
    sensitivity: int = Field(2, ge=1, le=3, description="from which sensitivity on")
    reason: Line = Field(description="ends the line 'not asked: ...'")
    translations: dict[str, Line] = Field(default_factory=dict[str, Line])


class BankSource(_Source):
    """bank.yaml: what the bank is, and its blocks in the order of the conversation."""

    id: Line
    version: Line
    language: Line = "en"
    title: Line | None = None
    translations: list[Line] = Field(
        default_factory=list[Line], description="languages it is translated into"
    )
    translated: list[Line] = Field(
        default_factory=list[Line], description="blocks whose translations must be complete"
    )
    spellings: list[Line] = Field(
        default_factory=list[Line],
        description="other ways of its own language, each with words/<code>.yaml: [en-us]",
    )
    let: dict[str, ConditionText] = Field(
        default_factory=dict[str, ConditionText], description="named conditions of the whole bank"
    )
    park: list[ParkSource] = Field(
        default_factory=list[ParkSource], description="what parks sensitive questions for now"
    )
    blocks: list[Line] = Field(min_length=1)
    ratings: list[Line] = Field(default_factory=list[Line])
    activities: list[Line] = Field(default_factory=list[Line])
    migrations: list[MigrationSource] = Field(default_factory=list[MigrationSource])
    silence: dict[str, Prose] = Field(default_factory=dict[str, Prose])


class AskWhenSource(_Source):
    """When to ask first: a condition of the person, or a function rated `at_most` or lower."""

    condition: Line | None = None
    function: Line | None = None
    at_most: int = Field(12, ge=1, le=12)


class AskFirstSource(_Source):
    """Whom to ask before an activity, and when; till then it is not suggested."""

    when: AskWhenSource
    whom: list[Line] = Field(min_length=1, description="ids of specialists in context.yaml")


class AdaptedSource(_Source):
    """How an activity is done with a person who has one of these conditions."""

    with_: list[Line] = Field(min_length=1, alias="with", description="ids of conditions")
    how: Prose


class DoseSource(_Source):
    """How much: times a week, minutes each beyond what the day costs anyway; less, and more."""

    times: float = Field(ge=0, le=100)
    minutes: float = Field(ge=0, le=600)
    down: Prose
    up: Prose


AgeGroup = Literal["baby", "small_child", "school_age", "youth", "adult"]


class ActivitySource(_Source):
    """One activity of the library; .readme/activities.md explains the keys."""

    id: Line
    title: Line
    domain: Line
    functions: list[Line] = Field(min_length=1)
    mainly: list[Line] = Field(
        default_factory=list[Line], description="the functions it is made for; in `functions` too"
    )
    addressee: Literal["person", "carers", "web", "clinic"] | None = None
    effect: Literal["calming", "alerting", "organising"] | None = None
    band: list[Literal["essential", "therapeutic", "enrichment"]] = Field(min_length=1)
    levels: Annotated[
        list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=2, max_length=2)
    ] = [1, 12]
    ages: Annotated[list[Annotated[float, Field(ge=0, le=1500)]], Field(min_length=2, max_length=2)]
    forms: dict[AgeGroup, Prose] = Field(
        default_factory=dict[AgeGroup, Prose], description="how it looks at another age"
    )
    settings: list[Literal["home", "school", "clinic", "community"]] = Field(min_length=1)
    led_by: Line
    how_often: Line
    how_long: Line
    dose: DoseSource | None = None
    moment: (
        Literal[
            "morning", "day", "meals", "school", "afternoon", "evening", "night", "weekend", "any"
        ]
        | None
    ) = None
    cost: Literal["none", "low", "some"]
    looks_like: Prose
    adaptations: list[Prose] = Field(default_factory=list[Prose])
    adapted: list[AdaptedSource] = Field(default_factory=list[AdaptedSource])
    cautions: list[Prose] = Field(default_factory=list[Prose])
    ask_first: list[AskFirstSource] = Field(default_factory=list[AskFirstSource])
    not_when: list[Line] = Field(
        default_factory=list[Line], description="conditions with which it is never suggested"
    )
    signs: Prose | None = Field(None, description="what to see in two weeks if it helps")
    traits: list[Line] = Field(default_factory=list[Line], description="ids in context.yaml")
    evidence: Line | None = Field(
        None, description="'judgement', or a source and how strong it is, in one line"
    )
    source: Line | None = Field(
        None, description="where a study named in `evidence` is found: a doi or an ISBN"
    )
    strengths: list[Line] = Field(default_factory=list[Line])
    needs: list[Line] = Field(default_factory=list[Line])
    made_for: list[Literal["client", "caregiver", "family", "class", "team"]] = Field(
        ["client"], alias="for"
    )


class ActivitiesSource(_Source):
    """A file of activities."""

    basis: Prose
    activities: list[ActivitySource]
