"""The backbone of a history: who cared, where, what happened; entered once, shown everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.speaking import instance_name
from nmt_intake.interview.state import Interview
from nmt_intake.interview.value_words import end_in_words
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

_LOOPS = ("caregiver", "placement", "exposure")


@dataclass(frozen=True, slots=True)
class Stretch:
    """One caregiver, placement or exposure over the client's ages in months.

    `start` or `end` None is not known; `ongoing` lasts until today. An end that was told as a
    span is here as wide as it was told, and in words as `first` or `last`.
    """

    instance: str
    kind: str
    name: str
    start: float | None
    end: float | None
    ongoing: bool
    first: str = ""
    last: str = ""

    def touches(self, period: str) -> bool:
        """Whether it may have reached into a period; what is not known may have."""
        starts = PERIOD_STARTS[period]
        index = PERIODS.index(period) + 1
        ends = PERIOD_STARTS[PERIODS[index]] if index < len(PERIODS) else float("inf")
        after = self.start is not None and self.start >= ends
        before = self.end is not None and not self.ongoing and self.end <= starts
        return not after and not before


def stretches(interview: Interview, period: str | None = None) -> tuple[Stretch, ...]:
    """Return the time line, by start (unknown starts last), of a period or of the whole life."""
    found = [each for each in _all(interview) if period is None or each.touches(period)]
    return tuple(
        sorted(found, key=lambda each: (each.start is None, each.start or 0, each.instance))
    )


def witnessed(interview: Interview, informant: str | None, period: str) -> bool:
    """Whether an informant knew the client before the end of a period; unknown counts as no."""
    known = interview.informants.get(informant or "")
    if known is None or known.kind == "self" or known.known_from_months is None:
        return False
    index = PERIODS.index(period) + 1
    return index == len(PERIODS) or known.known_from_months < PERIOD_STARTS[PERIODS[index]]


def _all(interview: Interview) -> Iterator[Stretch]:
    for loop in _LOOPS:
        intervals = [
            question.id
            for block in interview.bank.blocks
            if block.for_each == loop
            for question in block.questions
            if BANK_KINDS[question.kind].shape == "interval"
        ]
        for instance in interview.instances(loop):
            told = (interview.standing_value(f"{instance}/{name}") for name in intervals)
            value = next((each for each in told if isinstance(each, dict)), None)
            yield _stretch(interview, loop, instance, value or {})


def _stretch(
    interview: Interview, loop: str, instance: str, value: Mapping[str, JsonValue]
) -> Stretch:
    ends = _ends(value)
    told = (value.get("from"), value.get("to"))
    words = (end_in_words(each) if span_from(each) else "" for each in told)
    name = instance_name(interview, instance)
    return Stretch(instance, loop, name, *ends, value.get("to") == "now", *words)


def _ends(value: Mapping[str, object]) -> tuple[float | None, float | None]:
    """Return the ends, each as wide as it was told: from the lowest start to the highest end."""
    start, end = span_from(value.get("from")), span_from(value.get("to"))
    low, high = value.get("from"), value.get("to")
    return (
        start.low if start else low if isinstance(low, int | float) else None,
        end.high if end else high if isinstance(high, int | float) else None,
    )
