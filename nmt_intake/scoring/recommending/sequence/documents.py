"""The shape of activities/sequence.yaml, checked at the edge."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Count = Annotated[int, Field(ge=0, le=1000)]
Percent = Annotated[Decimal, Field(ge=0, le=1000, max_digits=12)]
Steps = Annotated[Decimal, Field(ge=0, le=12, max_digits=12)]
Months = Annotated[Decimal, Field(ge=0, le=1500, max_digits=12)]
Ages = tuple[Months, Months]
Weeks = Annotated[int, Field(ge=1, le=104)]
Domain = Literal["sensory_integration", "self_regulation", "relational", "cognitive"]
Band = Literal["essential", "therapeutic", "enrichment"]
Setting = Literal["home", "school", "clinic", "community"]
Leader = Literal["caregiver", "teacher", "clinician", "peer", "self", "kin", "leader"]
RankKey = Literal[
    "furthest_below",
    "new_needed_functions",
    "lowest_function",
    "strengths",
    "settings",
    "cost",
    "id",
]
Right = Literal["drop", "add", "reorder"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepRow(_Row):
    """One step of the order in which help goes."""

    id: Text
    title: Text
    domains: Annotated[list[Domain], Field(min_length=1)]
    regions: list[Text]
    because: Text


class AlwaysRow(_Row):
    """So many activities of a domain that are begun at once, whatever its own phase."""

    domain: Domain
    at_least: Count
    works_on: list[Text] = []


class StrengthsRow(_Row):
    """How many loved things stay, and in domains of which bands they may lie."""

    at_least: Count
    bands: list[Band]


class LowRatingRow(_Row):
    """A rating, and the figure at or under which it is low."""

    rating: Annotated[str, Field(pattern=r"^(relationships|functions)\.[a-z_]+$")]
    at_most: Annotated[int, Field(ge=1, le=12)]


class CaregiverRow(_Row):
    """How many things for the caregiver: usually, when they come first, and when there is none."""

    usual: Count
    first: Count
    none_when: Literal["self"]


class BalanceRow(_Row):
    """Where what is begun at once should be doable."""

    at_least: dict[Setting, Count] = {}
    at_most: dict[Setting, Count] = {}
    ages: dict[Setting, Ages] = {}


class MoveRow(_Row):
    """From which band to which one a domain has come up."""

    start: Band = Field(alias="from")
    end: Band = Field(alias="to")


class RuleRow(_Row):
    """A rule: what is printed as the reason, and exactly one key that acts."""

    id: Text
    says: Text
    lowest_system_first: bool | None = None
    one_domain_at_a_time: dict[Band, Annotated[int, Field(ge=1)]] | None = None
    enrichment_goes_to: Text | None = None
    always_in_now: list[AlwaysRow] | None = None
    keep_strengths: StrengthsRow | None = None
    at_most: dict[Band, Count] | None = None
    at_most_now: Count | None = None
    caregiver_first_when: list[LowRatingRow] | None = None
    caregiver_activities: CaregiverRow | None = None
    rank_by: list[RankKey] | None = None
    needed_below_percent: Percent | None = None
    needed_steps_below: Steps | None = None
    settings_balance: BalanceRow | None = None
    settings_open: dict[Setting, Ages] | None = None
    led_without_caregiver: list[Leader] | None = None
    only_on_occasion: dict[Text, Text] | None = None
    unknown_domain: Literal["hold"] | None = None
    band_range: Literal["lowest", "centre"] | None = None
    half_dose_when: list[Band] | None = None
    move_on: MoveRow | None = None
    say_first_when: list[Literal["safety_open"]] | None = None
    always_says: bool | None = None
    clinician_may: list[Right] | None = None

    @property
    def acting_keys(self) -> tuple[str, ...]:
        """The keys of this rule that act."""
        return tuple(sorted(self.model_fields_set - {"id", "says"}))

    @model_validator(mode="after")
    def _acts_once(self) -> RuleRow:
        if len(self.acting_keys) != 1:
            raise PydanticCustomError("one_key", "needs exactly one acting key")
        if getattr(self, self.acting_keys[0]) is None:
            raise PydanticCustomError("no_value", "has an acting key without a value")
        return self


class ReviewRow(_Row):
    """How many weeks until the plan is looked at again, and how that is said."""

    weeks: Weeks
    says: Text


class SequenceDocument(_Row):
    """activities/sequence.yaml as a whole."""

    version: Text
    basis: Text
    steps: Annotated[list[StepRow], Field(min_length=1)]
    phases: tuple[Text, Text, Text]
    rules: list[RuleRow]
    stop_when: Annotated[list[Text], Field(min_length=1)]
    review: dict[Band, ReviewRow]
    review_sooner_when: list[Text]
    review_asks: list[Text]
    strength_words: dict[Text, list[Text]]
    strength_not_after: list[Text] = []
