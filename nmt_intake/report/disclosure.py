"""What may leave: one policy, and the interview as a copy under it holds it.

`disclosed` is the one door. It leaves events out *before* anything is worked out from them, so that
suggested ratings, sums, charts, ranks, reasons and the plan of a copy are the same whatever the
left-out answer was. Nothing downstream has to know what must not be told: it is not there.

What tells a left-out answer is left out with it (secondary disclosure): questions that are asked
only because of it, the rating it stands for, what was suggested from it, and words that mention it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.model import Bank, Question
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Addendum,
    Answered,
    Client,
    ClientDescribed,
    ConsentGiven,
    Event,
    FactSettled,
    Flagged,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    Noted,
    Opened,
    Rated,
    SafetyAcknowledged,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.folding.ledger import Ledger, subject_of
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.state import Interview, interview_from
from nmt_intake.interview.values import codes_of
from nmt_intake.report.options import RECIPIENTS, SUBSTANCE, THIRD_PARTY, Policy, Recipient
from nmt_intake.report.private_words import (
    NOBODY,
    Naming,
    as_relation,
    dates_as_ages,
    mentions_substances,
    naming_of,
    words_kept_back,
)
from nmt_intake.scoring import Metrics, Norms, Ratings
from nmt_intake.scoring.assessment import assess, assess_ratings
from nmt_intake.scoring.suggest import age_in_months, rating_keys

# Questions of the shipped bank in which limits of sharing are stated; a bank may do without them.
_LEAVE_OUT: Final = "consent.leave_out_substance"
_WHO_MAY_READ: Final = "consent.share_report"
LIMITS_IN_WORDS: Final = "consent.share_with"
# What a school may have (a judgement): the functions that a class sees, and what is good.
CLASSROOM: Final = (
    "eye_movements",
    "attention_tracking",
    "fine_motor",
    "large_motor",
    "arousal",
    "primary_sensory_integration",
    "affect_mood",
    "attunement_empathy",
    "memory_learning",
    "somatomotor_integration",
    "time_delay",
    "communication",
    "speech",
    "concrete_cognition",
    "nonverbal_cognition",
    "impulse_modulation",
    "maths_symbolic",
    "reading_verbal",
    "abstract_reflective",
)
_IN_CLASS: Final = frozenset(f"functions.{each}" for each in CLASSROOM)
_HELPS: Final = "helps"
_GOOD: Final = ("strengths_first.", "closing.strength_to_keep")
# The time of everything in a copy without dates; no writer prints it.
_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


# What each kind of reader gets at most; options of a command can only take more away.
_FOR: Final[Mapping[Recipient, Policy]] = {
    "clinician": Policy(),
    "family": Policy(third_parties=False),
    "school": Policy(substance=False, third_parties=False, dates=False),
    "research": Policy(substance=True, third_parties=False, dates=False),
}


def policy_for(recipient: Recipient, interview: Interview | None, asked: Policy) -> Policy:
    """Return `asked` narrowed to what this reader may have, with the limits that were agreed.

    The clinician's own copy holds everything. Raises IntakeError (DISCLOSE-001) where it was agreed
    that nobody else reads the report, and DISCLOSE-002 for safety words that are to go out.
    """
    if recipient == "clinician":
        return asked
    if asked.safety_words:
        raise IntakeError(
            "DISCLOSE-002", "", f"words of safety notes do not go to: {recipient}.",
            "Leave --safety-words out.",
        )  # fmt: skip
    most = _FOR[recipient]
    substance = asked.substance and most.substance
    if interview is not None:
        agreed = {
            slot: [given.value for given in interview.answers(slot)]
            for slot in (_LEAVE_OUT, _WHO_MAY_READ)
        }
        if "nobody" in agreed[_WHO_MAY_READ]:
            raise IntakeError(
                "DISCLOSE-001", "", "it was agreed that nobody else reads the report for now.",
                "Ask again, and put the answer into the interview.",
            )  # fmt: skip
        substance = substance and True not in agreed[_LEAVE_OUT]
    return replace(
        asked,
        substance=substance,
        third_parties=asked.third_parties and most.third_parties,
        dates=asked.dates and most.dates,
        reader=recipient,
    )


def left_out_questions(bank: Bank, policy: Policy) -> frozenset[str]:
    """Return the ids of the questions that a copy leaves out, asked or not, answered or not.

    Those with a tag of the policy, and those that are asked only depending on one of them: that
    they were asked would tell what was said there.
    """
    out = {q.id for q in bank.questions.values() if policy.tags.intersection(q.tags)}
    out = _with_what_hangs_on(bank, out)
    if policy.reader == "school":
        private = {q.id for q in bank.questions.values() if not _is_for_school(q)}
        # What helps in class is asked of several functions at once: that it was, tells of none.
        helps = {q.id for q in bank.questions.values() if _HELPS in q.tags} - private
        out |= _with_what_hangs_on(bank, private) - helps
    if not policy.dates:
        out |= {q.id for q in bank.questions.values() if KINDS[q.kind].tells == "day"}
    if policy.hides_birth:
        out |= {q.id for q in bank.questions.values() if q.fact == "client.birth"}
    return frozenset(out)


def _with_what_hangs_on(bank: Bank, out: set[str]) -> set[str]:
    """Return questions with all that are asked only depending on one of them."""
    size = -1
    while out and len(out) != size:
        size = len(out)
        out |= {q.id for q in bank.questions.values() if out.intersection(_reads(q))}
    return out


def left_out_codes(question: Question, policy: Policy) -> frozenset[str]:
    """Return the codes of several that a copy leaves out: `substance:drink` tags one of a card."""
    tags = [tag.partition(":") for tag in question.tags]
    return frozenset(code for tag, _, code in tags if tag in policy.tags)


def _is_for_school(question: Question) -> bool:
    """Return whether a school may have what was said: no history, nothing of private life."""
    if question.fact or question.id.startswith(_GOOD):
        return True
    today = question.for_each is None and not question.safety and not question.sensitivity
    return today and bool(_IN_CLASS.intersection(question.evidence_for))


def _reads(question: Question) -> Iterator[str]:
    if question.when is not None:
        yield from (name for name, _reach in question.when.reads)


def hides_rating(bank: Bank | None, policy: Policy, key: str) -> bool:
    """Return whether a copy leaves a rating out: it stands for what is left out.

    That is the one of substance use, and each whose evidence is left-out questions alone.
    """
    if policy.reader == "school" and key not in _IN_CLASS:
        return True
    if not policy.tags:
        return False
    if not policy.substance and key.endswith(f"adversity.{SUBSTANCE}"):
        return True
    if bank is None:
        return False
    rating_id = key.rpartition("/")[2]
    names = {key, rating_id, f"*/{rating_id}"}
    evidence = [q for name in names for q in bank.evidence.get(name, ())]
    return bool(evidence) and all(policy.tags.intersection(q.tags) for q in evidence)


def disclosed_ratings(ratings: Ratings, policy: Policy, bank: Bank | None = None) -> Ratings:
    """Return the ratings that a copy holds; those it leaves out are unknown."""

    def kept(part: str, found: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
        return {
            period: {
                item: value
                for item, value in items.items()
                if not hides_rating(bank, policy, f"{period}/{part}.{item}")
            }
            for period, items in found.items()
        }

    def kept_today(part: str, found: Mapping[str, int]) -> dict[str, int]:
        return {
            item: value
            for item, value in found.items()
            if not hides_rating(bank, policy, f"{part}.{item}")
        }

    return replace(
        ratings,
        adversity=kept("adversity", ratings.adversity),
        relational=kept("relational", ratings.relational),
        functions=kept_today("functions", ratings.functions),
        relationships=kept_today("relationships", ratings.relationships),
    )


def disclosed(interview: Interview, policy: Policy) -> Interview:
    """Return the interview as a copy under this policy holds it; the case is not changed.

    Disclosing a copy again under the same policy changes nothing more.
    """
    return _Copy(interview, policy).made()


@dataclass(frozen=True, slots=True)
class Copy:
    """Everything that a writer of any format gets of a case: the redacted material.

    `interview`, `ratings` and `metrics` hold nothing that `policy` leaves out, and nothing that
    was worked out from it. `unconfirmed` are the keys of ratings that are suggestions.
    """

    policy: Policy
    norms: Norms
    interview: Interview | None
    ratings: Ratings | None
    metrics: Metrics | None
    unconfirmed: frozenset[str] = frozenset()


def copy_of(interview: Interview, norms: Norms, policy: Policy) -> Copy:
    """Return a case as a copy under this policy holds it, with its ratings and metrics."""
    shown = disclosed(interview, policy)
    made = assess(shown, norms)
    return Copy(policy, norms, shown, made.ratings, made.metrics, made.unconfirmed)


def copy_with_ratings(
    interview: Interview | None,
    ratings: Ratings | None,
    unconfirmed: frozenset[str],
    norms: Norms,
    policy: Policy,
) -> Copy:
    """Return a copy of ratings that were made elsewhere, perhaps beside an interview.

    Those among them that are suggestions give way to what is suggested from the copy.
    """
    shown = None if interview is None else disclosed(interview, policy)
    if ratings is None:
        return Copy(policy, norms, shown, None, None)
    if shown is not None and (policy.tags or policy.hides_birth):
        made = assess(shown, norms)
        ratings = _merged(ratings, unconfirmed, made.ratings, made.unconfirmed)
        unconfirmed = unconfirmed & made.unconfirmed if made.ratings else frozenset()
    ratings = disclosed_ratings(ratings, policy, shown.bank if shown else None)
    metrics = assess_ratings(ratings, norms).metrics
    return Copy(policy, norms, shown, ratings, metrics, unconfirmed)


def disclosed_context(context: object, policy: Policy) -> object:
    """Return the `context` of a ratings file without what a copy leaves out, in plain data.

    Without substance use, every strength, person and condition that speaks of it is left out.
    """
    if policy.substance:
        return context
    if isinstance(context, dict):
        pairs = cast("Mapping[str, object]", context).items()
        return {k: disclosed_context(v, policy) for k, v in pairs if may_stand(k, policy)}
    if isinstance(context, list):
        found = cast("list[object]", context)
        return [disclosed_context(each, policy) for each in found if may_stand(each, policy)]
    return context


def may_stand(words: object, policy: Policy) -> bool:
    """Return whether words may stand in a copy: without substance use, none that speak of it."""
    spoken = words.replace("_", " ") if isinstance(words, str) else ""
    return policy.substance or not mentions_substances(spoken)


def _merged(
    given: Ratings, unconfirmed: frozenset[str], copy: Ratings | None, suggested: frozenset[str]
) -> Ratings:
    """Return the given ratings, with each suggestion among them as the copy suggests it."""

    def value(key: str, item: str, own: int, others: Mapping[str, int]) -> int | None:
        if key not in unconfirmed:
            return own
        return others.get(item) if key in suggested else None

    def flat(part: str, own: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
        found = {item: value(f"{part}.{item}", item, own[item], other) for item in own}
        return {item: each for item, each in found.items() if each is not None}

    def by_period(
        part: str, own: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]
    ) -> dict[str, dict[str, int]]:
        return {
            period: flat(f"{period}/{part}", items, other.get(period, {}))
            for period, items in own.items()
        }

    none = Ratings(given.age_months, given.gestation_weeks, {}, {}, {}, {})
    known = copy or none
    return replace(
        given,
        age_months=known.age_months,
        adversity=by_period("adversity", given.adversity, known.adversity),
        relational=by_period("relational", given.relational, known.relational),
        functions=flat("functions", given.functions, known.functions),
        relationships=flat("relationships", given.relationships, known.relationships),
    )


class _Copy:
    """One copy being made: which questions are left out, who is called how."""

    def __init__(self, interview: Interview, policy: Policy) -> None:
        self._interview = interview
        self._policy = policy
        self._naming = naming_of(interview, policy.name)
        self._out = left_out_questions(interview.bank, policy)
        self._kept_back = _kept_back(interview, policy)
        concerns = [each for each in interview.safety if each.slot]
        self._safety_slots = frozenset(each.slot for each in concerns)
        self._dropped = {
            number for each in concerns if self._is_out(each.slot or "") for number in each.ids
        }
        # Words of a note that a left-out answer was said in are that answer's words.
        self._cited = {
            number
            for events in interview.ledger.by_subject.values()
            for event in events
            if isinstance(event, Answered | MarkedMissing)
            if self._is_out(event.slot) or self._is_quiet(event.slot)
            for number in event.cites
        }

    def made(self) -> Interview:
        return interview_from(self._interview.bank, self._ledger(), self._out)

    def _ledger(self) -> Ledger:
        """Return the events of the copy by subject; they are in the terms of this bank already."""
        by_subject: dict[str, tuple[Event, ...]] = {}
        subjects: dict[str, str] = {}
        for event in (*self._events(), *self._unrated()):
            subject = subjects[event.id] = subject_of(event)
            by_subject[subject] = (*by_subject.get(subject, ()), event)
        return Ledger(by_subject, subjects)

    def _events(self) -> Iterator[Event]:
        """Yield the events in force, in order, as the copy holds them."""
        ledger = self._interview.ledger
        found = {event.id: event for events in ledger.by_subject.values() for event in events}
        for number in ledger.subjects:
            event = found.get(number)
            if event is None or number in ledger.retracted:
                continue
            made = self._event(event)
            if made is not None:
                yield made

    def _unrated(self) -> Iterator[Rated]:
        """Yield that each rating left out is unknown, so that none is suggested in its place.

        For all of them alike, rated in the case or not.
        """
        if not self._policy.tags:
            return
        for key in rating_keys(self._interview):
            if hides_rating(self._interview.bank, self._policy, key):
                yield Rated(id=f"left-out:{key}", at=_NO_TIME, author="", rating=key, value=None)

    def _event(self, event: Event) -> Event | None:
        """Return an event as the copy holds it, or None if it is left out."""
        match event:
            case Opened() | ClientDescribed():
                changes: dict[str, object] | None = {"client": self._client(event.client)}
            case InformantAdded():
                told = event.informant
                shown = {"name": None, "relation": self._text(told.relation) or "somebody"}
                changes = {"informant": told.model_copy(update=shown)}
            case InstanceAdded():
                changes = {"label": self._label(event)}
            case Answered():
                changes = self._answer(event)
            case MarkedMissing():
                changes = None
                if not self._is_out(event.slot):
                    changes = {
                        "words": self._said_at(event.slot, event.words, (event.reason,)),
                        "who_knows": self._text(event.who_knows),
                    }
            case Noted():
                changes = self._note(event)
            case Flagged():
                changes = None if self._is_out(event.slot) else {"reason": self._text(event.reason)}
            case SafetyRaised() | SafetyAcknowledged():
                changes = self._safety(event)
            case FactSettled():
                changes = self._settled(event)
            case Rated():
                changes = self._rating(event)
            case Signed():
                # The counts of what was unfinished would tell what is left out of a copy.
                whole = self._policy == Policy(name=self._policy.name)
                changes = {
                    "statement": self._text(event.statement),
                    "left_open": event.left_open if whole else (),
                }
            case Addendum():
                text = self._text(event.text)
                plain = self._policy.reader in ("family", "school") or not text
                changes = None if plain else {"text": text}
            case ConsentGiven():
                changes = {"by": self._text(event.by), "words": self._text(event.words)}
            case _:
                reason = getattr(event, "reason", "")
                changes = {"reason": self._text(reason)} if reason else {}
        if changes is None:
            return None
        if not self._policy.dates:
            changes |= {"at": _NO_TIME, "zone": "UTC"}
        return event.model_copy(update=changes)

    def _label(self, event: InstanceAdded) -> str:
        """Return what an instance is called: of a person only the relation, of a place nothing."""
        if self._policy.third_parties:
            return self._text(event.label)
        return as_relation(event.label) if event.instance.startswith("caregiver") else ""

    def _client(self, client: Client) -> Client:
        shown: dict[str, object] = {"alias": self._naming.shown, "name": None}
        if self._policy.hides_birth:
            shown |= {"birth": None, "age_months": _whole_months(self._interview)}
        if not self._policy.dates:
            shown["interviewed"] = None
        return client.model_copy(update=shown)

    def _answer(self, event: Answered) -> dict[str, object] | None:
        question = self._interview.question(event.slot)
        if self._is_out(event.slot):
            return None
        if question is None:  # this bank does not ask it, so nobody knows what it is about
            return {"value": None, "words": ""} if self._policy.tags else {}
        if question.fact == "client.name":
            return {"value": self._naming.shown, "words": ""}
        codes = () if KINDS[question.kind].desk == "rows" else codes_of(question, event.value)
        words = self._said_at(event.slot, event.words, codes)
        tells = KINDS[question.kind].tells
        if tells == "person" and not self._policy.third_parties:
            return {"value": as_relation(str(event.value)), "words": words}
        value = self._value(event.value) if tells in ("words", "person") else event.value
        if isinstance(value, list) and (out := left_out_codes(question, self._policy)):
            value = [code for code in value if code not in out]
            if not value:
                return None
        if isinstance(event.value, str) and event.value and value == "":
            return None
        return {"value": value, "words": words}

    def _settled(self, event: FactSettled) -> dict[str, object] | None:
        """Return the clinician's word on an answer or fact, kept as the answers themselves are."""
        reason: dict[str, object] = {"reason": self._text(event.reason)}
        if event.fact == "client.name":
            return {"value": self._naming.shown, **reason}
        if event.fact == "client.birth" and self._policy.hides_birth:
            return None
        if event.fact.startswith("client."):
            return reason
        as_answer = Answered.model_construct(slot=event.fact, value=event.value, words=event.reason)
        answered = self._answer(as_answer)
        return {"value": answered["value"], "reason": answered["words"]} if answered else None

    def _value(self, value: JsonValue) -> JsonValue:
        match value:
            case str():
                return self._text(value)
            case list():
                return [self._value(each) for each in value]
            case dict():
                return {name: self._value(each) for name, each in value.items()}
            case _:
                return value

    def _note(self, event: Noted) -> dict[str, object] | None:
        slot = event.slot
        if slot is None and self._policy.reader == "school":
            return None
        if event.id in self._cited or (slot and (self._is_out(slot) or self._is_quiet(slot))):
            return None
        text = self._text(event.text)
        return {"text": text} if text or not event.text else None

    def _safety(self, event: SafetyRaised | SafetyAcknowledged) -> dict[str, object] | None:
        if self._policy.reader == "school":
            return None
        if isinstance(event, SafetyRaised):
            if event.id in self._dropped:
                return None
            words, field = event.note, "note"
        else:
            if event.raised in self._dropped:
                return None
            words, field = event.reason, "reason"
        shown = self._text(words) if self._policy.safety_words else ""
        return {field: shown, "informed": self._text(event.informed)}

    def _rating(self, event: Rated) -> dict[str, object] | None:
        if hides_rating(self._interview.bank, self._policy, event.rating):
            return None
        shown: dict[str, object] = {"reason": self._text(event.reason)}
        if self._policy.tags and self._rests_on_left_out(event.rating):
            shown |= {"suggested": None, "rule": ""}
        return shown

    def _rests_on_left_out(self, key: str) -> bool:
        period, _, rating_id = key.rpartition("/")
        rating = self._interview.bank.rating(rating_id, period or None)
        return rating is not None and not rating.reads.isdisjoint(self._out)

    def _said_at(self, slot: str, words: str, codes: Iterable[str]) -> str:
        question = self._interview.question(slot)
        about_safety = self._is_quiet(slot) or (
            question is not None
            and not self._policy.safety_words
            and not set(codes).isdisjoint(question.safety)
        )
        return "" if about_safety else self._text(words)

    def _is_quiet(self, slot: str) -> bool:
        return slot in self._safety_slots and not self._policy.safety_words

    def _is_out(self, slot: str) -> bool:
        return split_slot(slot)[1] in self._out

    def _text(self, words: str) -> str:
        """Return words without names, without dates if need be; "" if they tell what is left out.

        Dropped as a whole and without a sign: that something was said there would tell, too.
        """
        if not words:
            return words
        if not self._policy.substance and mentions_substances(words):
            return ""
        if self._kept_back is not None and self._kept_back.search(words):
            return ""
        words = self._naming.applied(words)
        if self._policy.hides_birth:
            born = self._interview.client.birth
            words = dates_as_ages(words, born, all_of_them=not self._policy.dates)
        return words


def _kept_back(interview: Interview, policy: Policy) -> re.Pattern[str] | None:
    """Return what finds the words that were asked to be kept back from whoever else reads it."""
    if policy.reader == "clinician":
        return None
    said = [str(given.value) for given in interview.answers(LIMITS_IN_WORDS)]
    return words_kept_back(" ".join(said))


def _whole_months(interview: Interview) -> float | None:
    """Return the age in whole months: days would tell the date of birth again."""
    age = age_in_months(interview)
    return None if age is None else int(age)


__all__ = [
    "NOBODY",
    "RECIPIENTS",
    "SUBSTANCE",
    "THIRD_PARTY",
    "Copy",
    "Naming",
    "Policy",
    "Recipient",
    "copy_of",
    "copy_with_ratings",
    "disclosed",
    "disclosed_ratings",
    "hides_rating",
    "left_out_questions",
    "naming_of",
    "policy_for",
]
