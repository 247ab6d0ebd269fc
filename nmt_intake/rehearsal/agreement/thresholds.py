"""What a site asks of its raters: a JSON file of thresholds, and which of them are reached.

    {"items": 12, "cases": 8, "within_one": 0.8, "mean_difference": 1, "bias": 0.5,
     "kappa_quadratic": 0.6, "icc": 0.75, "reason": "agreed in our team, March"}

Each is the site's own choice: none is shipped, because nobody has published one for this model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nmt_intake.errors import IntakeError
from nmt_intake.rehearsal.agreement.differences import FEWEST_CASES, FEWEST_ITEMS, Minimum
from nmt_intake.rehearsal.agreement.measure import COEFFICIENTS, Agreement
from nmt_intake.scoring import Json
from nmt_intake.scoring.ratings import parse
from nmt_intake.text import clean_line

_Share = Annotated[float, Field(ge=0, le=1)] | None
_Coefficient = Annotated[float, Field(ge=-1, le=1)] | None
_Points = Annotated[float, Field(ge=0, le=100)] | None

_AT_MOST: Final = ("mean_difference", "bias")


class Thresholds(BaseModel):
    """A site's thresholds: at least for shares and coefficients, at most for differences."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    items: Annotated[int, Field(ge=2, le=10_000)] = FEWEST_ITEMS
    cases: Annotated[int, Field(ge=FEWEST_CASES, le=10_000)] = FEWEST_CASES
    exact: _Share = None
    within_one: _Share = None
    mean_difference: _Points = None
    bias: _Points = None
    kappa_quadratic: _Coefficient = None
    ac2_quadratic: _Coefficient = None
    icc: _Coefficient = None
    alpha: _Coefficient = None
    reason: Annotated[str, Field(max_length=500)] = ""

    @property
    def minimum(self) -> Minimum:
        """The fewest items and cases that the site asks for."""
        return Minimum(self.items, self.cases)


@dataclass(frozen=True, slots=True)
class Judged:
    """One threshold beside the figure it is for.

    `reached` is None where the figure is missing; a coefficient that chance reaches too in one
    of twenty shuffles is never reached.
    """

    figure: str
    side: Literal["at least", "at most"]
    threshold: float
    value: float | None
    reached: bool | None
    why: str

    def as_json(self) -> Mapping[str, Json]:
        """Return the judgement as `agree` prints it."""
        return {
            "figure": self.figure,
            "side": self.side,
            "threshold": self.threshold,
            "value": self.value,
            "reached": self.reached,
            "why": self.why,
        }


def read_thresholds(source: bytes, where: str) -> Thresholds:
    """Return the thresholds in a JSON file; raises IntakeError AGREE-009 where it is not one."""
    try:
        return Thresholds.model_validate(parse(source, where))
    except ValidationError as error:
        place = ".".join(clean_line(str(step), 40) for step in error.errors()[0]["loc"])
        what = f"{place or 'the file'} is not a threshold that is known, or out of range."
        advice = f"Known: {', '.join(Thresholds.model_fields)}."
        raise IntakeError("AGREE-009", where, what, advice) from None


def judge(agreement: Agreement, thresholds: Thresholds) -> tuple[Judged, ...]:
    """Return each threshold of the site beside what the panel reached over all items.

    ICC is judged on the lower limit of its interval, and bias on the rater who is furthest off.
    """
    overall = agreement.overall
    exact, near, apart = overall.points or (None, None, None)
    biases = [abs(b.points.value) for b in overall.bias if b.points.value is not None]
    values: dict[str, float | None] = {
        "exact": None if exact is None else float(exact),
        "within_one": None if near is None else float(near),
        "mean_difference": None if apart is None else float(apart),
        "bias": max(biases, default=None),
        "icc": overall.icc.low,
        **{name: overall.coefficients[name] for name in COEFFICIENTS if name != "icc"},
    }
    found: list[Judged] = []
    for name, value in values.items():
        threshold: float | None = getattr(thresholds, name)
        if threshold is None:
            continue
        reached, why = None, "not estimable"
        if value is not None:
            reached = value <= threshold if name in _AT_MOST else value >= threshold
            why = "lower limit of the interval" if name == "icc" else ""
            if reached and name in COEFFICIENTS and overall.is_above_chance(name) is False:
                reached, why = False, "no more than chance reaches in one of twenty shuffles"
        side = "at most" if name in _AT_MOST else "at least"
        found.append(Judged(name, side, threshold, value, reached, why))
    return tuple(found)
