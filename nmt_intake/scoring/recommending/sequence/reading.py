"""From plain nested data, as sequence.yaml holds it, to the sequence rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic import ValidationError

from nmt_intake.bank.model import Activity
from nmt_intake.errors import IntakeError
from nmt_intake.scoring.recommending.sequence.consistency import MANY, contradictions
from nmt_intake.scoring.recommending.sequence.documents import BalanceRow, RuleRow, SequenceDocument
from nmt_intake.scoring.recommending.sequence.values import (
    AgeSpan,
    AlwaysInNow,
    CaregiverCounts,
    LowRating,
    MoveOn,
    ReviewTime,
    Sequence,
    SettingsBalance,
    Step,
)
from nmt_intake.text import clean_line

_Value = TypeVar("_Value")
_Name = TypeVar("_Name", bound=str)

_PLACE: Final = "activities/sequence.yaml"
_LONGEST: Final = 1000


def sequence_from(document: object, activities: Iterable[Activity]) -> Sequence:
    """Return the sequence rules in the plain `document` of sequence.yaml, for these activities.

    Scalars may be text. Raises IntakeError: SCORE-030 if there is nothing in it, SCORE-031 for a
    wrong shape, SCORE-032 for rules that contradict themselves, the contract or the library.
    """
    if not document:
        advice = "Restore the shipped file."
        raise IntakeError("SCORE-030", _PLACE, "There are no sequence rules.", advice)
    try:
        file = SequenceDocument.model_validate(document)
    except ValidationError as error:
        raise _malformed(error) from None
    for problem in contradictions(file, activities):
        advice = "Correct it or restore the shipped file."
        raise IntakeError("SCORE-032", _PLACE, clean_line(problem), advice)
    return _sequence(file)


def _sequence(file: SequenceDocument) -> Sequence:
    rules = {key: rule for rule in file.rules for key in rule.acting_keys}
    strengths = _of(rules["keep_strengths"].keep_strengths)
    caregivers = _of(rules["caregiver_activities"].caregiver_activities)
    low = _of(rules["caregiver_first_when"].caregiver_first_when)
    return Sequence(
        version=clean_line(file.version),
        basis=_text(file.basis),
        steps=tuple(
            Step(_text(row.id), _text(row.title), tuple(row.domains), _text(row.because))
            for row in file.steps
        ),
        phases=file.phases,
        says=MappingProxyType(
            {key: _text(rule.says) for key, rule in rules.items() if key not in MANY}
        ),
        lowest_system_first=_of(rules["lowest_system_first"].lowest_system_first),
        one_domain_at_a_time=_frozen(rules["one_domain_at_a_time"].one_domain_at_a_time),
        enrichment_goes_to=_of(rules["enrichment_goes_to"].enrichment_goes_to),
        always_in_now=MappingProxyType(
            {
                row.domain: AlwaysInNow(row.at_least, tuple(row.works_on))
                for row in _of(rules["always_in_now"].always_in_now)
            }
        ),
        strengths_kept=strengths.at_least,
        strengths_kept_in=tuple(strengths.bands),
        at_most=_frozen(rules["at_most"].at_most),
        at_most_now=_of(rules["at_most_now"].at_most_now),
        caregiver_first_when=tuple(LowRating(row.rating, row.at_most) for row in low),
        caregiver_activities=CaregiverCounts(caregivers.usual, caregivers.first),
        rank_by=tuple(_of(rules["rank_by"].rank_by)),
        needed_below_percent=Fraction(_of(rules["needed_below_percent"].needed_below_percent)),
        needed_steps_below=Fraction(_of(rules["needed_steps_below"].needed_steps_below)),
        settings_balance=_balance(_of(rules["settings_balance"].settings_balance)),
        settings_open=_ages(_of(rules["settings_open"].settings_open)),
        led_without_caregiver=tuple(_of(rules["led_without_caregiver"].led_without_caregiver)),
        only_on_occasion=MappingProxyType(
            {
                name: _text(occasion)
                for name, occasion in _of(rules["only_on_occasion"].only_on_occasion).items()
            }
        ),
        lowest_of_range=rules["band_range"].band_range == "lowest",
        half_dose_when=tuple(_of(rules["half_dose_when"].half_dose_when)),
        move_on=_moves(file.rules),
        said_first_if_safety_open=_said(
            rule for rule in file.rules if "safety_open" in (rule.say_first_when or ())
        ),
        always_says=_said(rule for rule in file.rules if rule.always_says),
        clinician_may=tuple(_of(rules["clinician_may"].clinician_may)),
        stop_when=tuple(_text(text) for text in file.stop_when),
        review=MappingProxyType(
            {band: ReviewTime(row.weeks, _text(row.says)) for band, row in file.review.items()}
        ),
        review_sooner_when=tuple(_text(text) for text in file.review_sooner_when),
        review_asks=tuple(_text(text) for text in file.review_asks),
        strength_words=MappingProxyType(
            {word: (word, *others) for word, others in file.strength_words.items()}
        ),
        strength_not_after=tuple(file.strength_not_after),
    )


def _of(value: _Value | None) -> _Value:
    """Return the value that `contradictions` has made sure is there."""
    assert value is not None
    return value


def _frozen(value: Mapping[_Name, int] | None) -> Mapping[str, int]:
    return MappingProxyType({str(name): count for name, count in _of(value).items()})


def _text(text: str) -> str:
    return clean_line(text, _LONGEST)


def _balance(row: BalanceRow) -> SettingsBalance:
    return SettingsBalance(_frozen(row.at_least), _frozen(row.at_most), _ages(row.ages))


def _ages(given: Mapping[_Name, tuple[Decimal, Decimal]]) -> Mapping[str, AgeSpan]:
    return MappingProxyType(
        {name: AgeSpan(Fraction(start), Fraction(end)) for name, (start, end) in given.items()}
    )


def _moves(rules: Iterable[RuleRow]) -> tuple[MoveOn, ...]:
    return tuple(
        MoveOn(rule.move_on.start, rule.move_on.end, _text(rule.says))
        for rule in rules
        if rule.move_on is not None
    )


def _said(rules: Iterable[RuleRow]) -> tuple[str, ...]:
    return tuple(_text(rule.says) for rule in rules)


def _malformed(error: ValidationError) -> IntakeError:
    details = error.errors(include_url=False, include_input=False)
    place = ".".join(clean_line(str(step), 40) for step in details[0]["loc"]) or "The file"
    others = f" ({len(details) - 1} more such problems.)" if len(details) > 1 else ""
    what = f"{place}: {clean_line(details[0]['msg'])}.{others}"
    return IntakeError("SCORE-031", _PLACE, what, "Its comments explain each key.")
