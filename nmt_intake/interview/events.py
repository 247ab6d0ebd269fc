"""What can happen in an interview: typed events, the only thing that is ever stored.

Each event is a JSON object told apart by `kind`. Slots are question instances by id:
`birth.weight`, `infancy/feeding.refused`, `caregiver-2/caregivers.known_from`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from nmt_intake.text import clean, clean_line

MissingReason: TypeAlias = Literal[
    "asked-unknown", "asked-declined", "not-asked", "temp-unknown", "not-applicable", "masked"
]
Basis: TypeAlias = Literal["saw", "told", "read", "guess"]
Confidence: TypeAlias = Literal["high", "moderate", "low"]
Sitting: TypeAlias = Literal["essential", "full", "next"]
InformantKind: TypeAlias = Literal["caregiver", "self", "professional"]

Said = Annotated[str, AfterValidator(clean)]
Label = Annotated[str, AfterValidator(clean_line)]
# A counter in cases and files written by hand; else eight letters and digits, a letter first.
InstanceId = Annotated[
    str,
    Field(pattern=r"^(caregiver|placement|exposure)-([1-9][0-9]{0,2}|[a-z][a-z0-9]{7})$"),
]
Slot = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(clean_line)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Client(_Value):
    """Who the interview is about. Names only where needed: `alias` is initials by default.

    `birth` and `interviewed` are ISO dates, birth perhaps without day or month; `age_months` is
    given where the birth date is not; `name` is what the client likes to be called.
    """

    alias: Label
    name: Label | None = None
    birth: Label | None = None
    age_months: float | None = Field(default=None, ge=0, le=1500)
    gestation_weeks: float | None = Field(default=None, ge=20, le=45)
    pronoun: Literal["she", "he", "they"] | None = None
    language: Label | None = None
    interviewed: Label | None = None


class Informant(_Value):
    """Somebody who tells: by relation; `known_from_months` is the client's age when they met."""

    id: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(clean_line)]
    relation: Label
    kind: InformantKind = "caregiver"
    name: Label | None = None
    known_from_months: float | None = Field(default=None, ge=-12, le=1500)


class _Event(_Value):
    """What every event carries: id (UUIDv7), UTC time and zone, author, device, bank."""

    id: str
    at: datetime
    zone: str = "UTC"
    author: Label
    device: Label = ""
    bank_version: str = ""
    bank_hash: str = ""


class Opened(_Event):
    """The case was opened."""

    kind: Literal["opened"] = "opened"
    client: Client
    practice: bool = False


class ClientDescribed(_Event):
    """The client's facts were put in or corrected."""

    kind: Literal["client_described"] = "client_described"
    client: Client


class ConsentGiven(_Event):
    """Consent to the interview, with the version of the text that was read."""

    kind: Literal["consent_given"] = "consent_given"
    version: Label
    by: Label
    words: Said = ""


class InformantAdded(_Event):
    """Somebody joined as informant, or their description was corrected."""

    kind: Literal["informant_added"] = "informant_added"
    informant: Informant


class InformantChosen(_Event):
    """From here on this informant is speaking."""

    kind: Literal["informant_chosen"] = "informant_chosen"
    informant: str


class InstanceAdded(_Event):
    """One more caregiver, placement or exposure was named: `caregiver-2`."""

    kind: Literal["instance_added"] = "instance_added"
    instance: InstanceId
    label: Label = ""


class InstanceRemoved(_Event):
    """An entry was added by mistake and is taken out; or, false, brought back."""

    kind: Literal["instance_removed"] = "instance_removed"
    instance: InstanceId
    removed: bool = True
    reason: Said = ""


class InstancesJoined(_Event):
    """Two entries are one: all that was said of `instance` is of `into`."""

    kind: Literal["instances_joined"] = "instances_joined"
    instance: InstanceId
    into: InstanceId
    reason: Said = ""


class InstanceSplit(_Event):
    """One entry is two: these words (ids of answers and marks) are of `into`, a new entry."""

    kind: Literal["instance_split"] = "instance_split"
    instance: InstanceId
    into: InstanceId
    words: list[str]
    reason: Said = ""


class EntriesComplete(_Event):
    """All caregivers (or placements, or exposures) were named; or, false, not so after all."""

    kind: Literal["entries_complete"] = "entries_complete"
    loop: Literal["caregiver", "placement", "exposure"]
    complete: bool = True


class FactSettled(_Event):
    """The clinician settled something on which tellers differ, with the reason.

    `fact` is a fact of the client (`client.birth`), or the slot of any other question.
    """

    kind: Literal["fact_settled"] = "fact_settled"
    fact: Slot
    value: JsonValue
    reason: Said


class Answered(_Event):
    """A question was answered, or its answer by this informant amended.

    `cites` are the ids of notes whose words it was said in; `words` are those of older events.
    """

    kind: Literal["answered"] = "answered"
    slot: Slot
    value: JsonValue
    informant: str | None = None
    basis: Basis | None = None
    confidence: Confidence | None = None
    words: Said = ""
    cites: tuple[str, ...] = ()


class MarkedMissing(_Event):
    """A question got a reason instead of an answer; `words` and `cites` as of an answer."""

    kind: Literal["marked_missing"] = "marked_missing"
    slot: Slot
    reason: MissingReason
    informant: str | None = None
    words: Said = ""
    who_knows: Said = ""
    cites: tuple[str, ...] = ()


class Noted(_Event):
    """Something said or seen that is kept in words, about a slot or about nothing in particular."""

    kind: Literal["noted"] = "noted"
    text: Said
    slot: Slot | None = None
    informant: str | None = None
    verbatim: bool = False


class Drafted(_Event):
    """Where the talk rests, and what is typed there and not sent; no answer, and never undone.

    `text` stands on the writing line of the slot, `asked` on the line that asks.
    """

    kind: Literal["drafted"] = "drafted"
    slot: Slot | None = None
    text: Said = ""
    asked: Said = ""


class Flagged(_Event):
    """A place was marked to come back to."""

    kind: Literal["flagged"] = "flagged"
    slot: Slot
    reason: Said = ""


class SafetyRaised(_Event):
    """A safety note: topic, verbatim words, who was informed. An answer needs none: `concerns`."""

    kind: Literal["safety_raised"] = "safety_raised"
    topic: Label
    note: Said = ""
    informed: Said = ""
    slot: Slot | None = None


class SafetyAcknowledged(_Event):
    """A safety concern was closed, with the reason; `raised` is the id of its note or answer."""

    kind: Literal["safety_acknowledged"] = "safety_acknowledged"
    raised: str
    reason: Said
    informed: Said = ""


class BreakTaken(_Event):
    """A break; nothing is stored about why."""

    kind: Literal["break_taken"] = "break_taken"


class SittingChosen(_Event):
    """From here on so much is asked: the essential, everything, or what can still change a level.

    What a sitting does not ask stays open; nothing that was said is touched.
    """

    kind: Literal["sitting_chosen"] = "sitting_chosen"
    sitting: Sitting


class Rated(_Event):
    """The clinician's rating: accepted, changed, or left unknown (None).

    `rating` is `functions.sleep` or `infancy/adversity.neglect`; `suggested` and `rule` are what
    was shown at that moment, or with `unseen` only after it: rated first, then seen.
    """

    kind: Literal["rated"] = "rated"
    rating: Slot
    value: Annotated[int, Field(ge=1, le=12)] | None
    confidence: Confidence | None = None
    reason: Said = ""
    suggested: tuple[int, int] | None = None
    rule: Label = ""
    unseen: bool = False


class ActivityChosen(_Event):
    """The clinician put an activity into the plan: in this phase, there at this place from 1.

    Without a phase it is that of its domain, without a place it stays or goes to the end.
    """

    kind: Literal["activity_chosen"] = "activity_chosen"
    activity: Label
    phase: Label | None = None
    place: int | None = None
    reason: Said = ""


class ActivityDropped(_Event):
    """The clinician took an activity out of the plan."""

    kind: Literal["activity_dropped"] = "activity_dropped"
    activity: Label
    reason: Said = ""


class Signed(_Event):
    """The record was signed; only reopening changes it.

    `left_open` says, in sentences, what was unfinished then; `statement` is the signer's own.
    """

    kind: Literal["signed"] = "signed"
    by: Label
    role: Label = ""
    statement: Said = ""
    left_open: tuple[Said, ...] = ()


STATEMENT: Final = "I have read the record and answer for the ratings that I confirmed."


class Addendum(_Event):
    """Something was added to a signed record, which stays as it was signed."""

    kind: Literal["addendum"] = "addendum"
    by: Label
    text: Said


class Reopened(_Event):
    """A signed record was reopened, with the reason."""

    kind: Literal["reopened"] = "reopened"
    reason: Said


class BankMigrated(_Event):
    """From here on the case is read with another version of the bank."""

    kind: Literal["bank_migrated"] = "bank_migrated"
    from_version: Label
    to_version: Label


class Retracted(_Event):
    """Undo: the event with the id `target` no longer counts; it stays in the record."""

    kind: Literal["retracted"] = "retracted"
    target: str


class Restored(_Event):
    """Redo: a retracted event counts again."""

    kind: Literal["restored"] = "restored"
    target: str


Event: TypeAlias = Annotated[
    Opened
    | ClientDescribed
    | ConsentGiven
    | InformantAdded
    | InformantChosen
    | InstanceAdded
    | InstanceRemoved
    | InstancesJoined
    | InstanceSplit
    | EntriesComplete
    | FactSettled
    | Answered
    | MarkedMissing
    | Noted
    | Drafted
    | Flagged
    | SafetyRaised
    | SafetyAcknowledged
    | BreakTaken
    | SittingChosen
    | Rated
    | ActivityChosen
    | ActivityDropped
    | Signed
    | Addendum
    | Reopened
    | BankMigrated
    | Retracted
    | Restored,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def event_from(record: Mapping[str, JsonValue]) -> Event:
    """Return the event that a stored record holds; raises pydantic's ValidationError otherwise."""
    return _ADAPTER.validate_python(record)


def record_of(event: Event) -> dict[str, JsonValue]:
    """Return the event as the JSON object that is stored."""
    return event.model_dump(mode="json")
