"""A vignette: read from YAML, played in process, and judged against what it expects."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from nmt_intake.bank.model import Bank
from nmt_intake.casework.assessment import norms_of
from nmt_intake.interview.state import Interview
from nmt_intake.rehearsal.play import play_file
from nmt_intake.scoring import Metrics, Norms, score
from nmt_intake.scoring.suggest import Suggestion, ratings_of, suggest
from tests import banks

FOLDER = Path(__file__).parent
PARTS = {
    "A": "adversity",
    "B": "relational",
    "C": "functions",
    "D": "relationships",
}
Verdict = Literal["inside", "one off", "worse"]
VERDICTS: tuple[Verdict, ...] = ("inside", "one off", "worse")
_Rating = Annotated[int, Field(ge=1, le=12)]
_AS_EXPECTED = 85  # percent of the age expectation: what prints as expected from here on
# How far off, in points, what has no distance counts in the table of the worst.
_SILENT, _CLAIMED = 1.5, 6.0


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expected(_Entry):
    """What a careful rater would give: a range, or that it is unknown or does not apply."""

    rating: Annotated[
        str,
        Field(pattern=r"^((adversity|relational)/[a-z_]+|functions|relationships)/[a-z_]+$"),
    ]
    low: _Rating | None = None
    high: _Rating | None = None
    unknown: bool = False
    not_applicable: bool = False
    wide: bool = False
    because: Annotated[str, Field(min_length=4)]

    @model_validator(mode="after")
    def _says_one_thing(self) -> Expected:
        ranged = self.low is not None and self.high is not None
        if (ranged, self.unknown, self.not_applicable).count(True) != 1:
            raise ValueError("give a range, or unknown, or not_applicable")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        if self.wide and not ranged:
            raise ValueError("wide needs a range")
        return self

    @property
    def part(self) -> str:
        """The part it belongs to: A, B, C or D."""
        name = self.rating.partition("/")[0]
        return next(letter for letter, part in PARTS.items() if part == name)

    @property
    def key(self) -> str:
        """The rating as suggestions have it: `childhood/adversity.violence`, `functions.sleep`."""
        *period, item = self.rating.split("/")
        return f"{period[1]}/{period[0]}.{item}" if len(period) == 2 else f"{period[0]}.{item}"

    @property
    def words(self) -> str:
        """The expectation in a few letters, for a table."""
        if self.unknown:
            return "unknown"
        if self.not_applicable:
            return "n/a"
        return f"{self.low}-{self.high}" + (" wide" if self.wide else "")


class Figure(_Entry):
    """A figure of the whole case: between two numbers, or a word."""

    figure: Literal[
        "total_percent", "risk", "bands", "relationships_of", "functions_below_85", "severe_count"
    ]
    low: float | None = None
    high: float | None = None
    is_: Annotated[str | None, Field(alias="is")] = None
    because: str


class Vignette(_Entry):
    """A story, the answers that go with it, and what they should come to."""

    id: str
    story: str
    client: dict[str, JsonValue]
    interviewed: str
    informants: list[dict[str, JsonValue]]
    answers: list[dict[str, JsonValue]]
    expected: list[Expected]
    figures: list[Figure] = []


@dataclass(frozen=True, slots=True)
class Judged:
    """One expectation beside what the rules suggest; `distance` in points, 0 when inside."""

    vignette: str
    expected: Expected
    suggestion: Suggestion
    verdict: Verdict
    distance: float


@dataclass(frozen=True, slots=True)
class FigureFound:
    """One figure of a case beside what was expected of it."""

    vignette: str
    expected: Figure
    found: tuple[float | str | None, ...]
    met: bool


@cache
def shipped() -> tuple[Bank, Norms]:
    """The shipped bank and its scoring data, read once."""
    bank = banks.shipped()
    return bank, norms_of(bank)


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Every vignette, in the order of the files; raises ValidationError for a malformed one."""
    read: list[Vignette] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        document = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        read += [Vignette.model_validate(each) for each in document["vignettes"]]
    return tuple(read)


def play(vignette: Vignette) -> Interview:
    """Play the answers as `nmt-intake play` would; raises IntakeError for one that is refused."""
    bank, _ = shipped()
    file = {
        "client": vignette.client,
        "interviewed": vignette.interviewed,
        "informants": vignette.informants,
        "answers": vignette.answers,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{vignette.id}.yaml"
        path.write_text(yaml.safe_dump(file, sort_keys=False, allow_unicode=True), "utf-8")
        day = date.fromisoformat(vignette.interviewed)
        return play_file(path, bank, "vignettes", day).interview


def metrics_of(interview: Interview) -> Metrics | None:
    """Return the figures that the suggested ratings come to; None if nothing is rated."""
    _, norms = shipped()
    ratings, _ = ratings_of(interview, norms)
    return score(ratings, norms) if ratings else None


def judge(vignette: Vignette, interview: Interview) -> list[Judged]:
    """Return every expectation of a vignette beside what the rules suggest."""
    _, norms = shipped()
    metrics = metrics_of(interview)
    outside = sum(each.not_applicable and each.part == "D" for each in vignette.expected)
    left_out = metrics is not None and metrics.relationships.of <= 9 - outside
    judged: list[Judged] = []
    for expected in vignette.expected:
        suggestion = suggest(interview, expected.key, norms)
        verdict, distance = verdict_on(expected, suggestion, left_out)
        judged.append(Judged(vignette.id, expected, suggestion, verdict, distance))
    return judged


def verdict_on(
    expected: Expected, suggestion: Suggestion, left_out: bool = False
) -> tuple[Verdict, float]:
    """Return the verdict and how many points the suggestion lies off.

    Inside: the whole suggested range is in the expected one. One off: its middle is within one
    point of it. Else worse; so is no suggestion, unless the rating was expected to be unknown.
    `left_out` says whether what does not apply has left the denominator.
    """
    low, high = suggestion.low, suggestion.high
    if expected.not_applicable:
        return ("inside", 0) if low is None and left_out else ("worse", _SILENT)
    if expected.unknown:
        return ("inside", 0) if suggestion.value is None else ("worse", _CLAIMED)
    if low is None or high is None or expected.low is None or expected.high is None:
        return "worse", _SILENT
    middle = (low + high) / 2
    off = max(expected.low - middle, middle - expected.high, 0)
    if expected.wide:
        if suggestion.value is None and off == 0:
            return "inside", 0
        return ("one off", 1) if off <= 1 else ("worse", off)
    if expected.low <= low and high <= expected.high:
        return "inside", 0
    return ("one off" if off <= 1 else "worse"), off


def figures_of(vignette: Vignette, interview: Interview) -> list[FigureFound]:
    """Return the figures that a vignette speaks of beside what was expected."""
    metrics = metrics_of(interview)
    found: list[FigureFound] = []
    for figure in vignette.figures:
        values = _values(figure.figure, metrics) if metrics else ()
        met = bool(values) and all(_fits(figure, value) for value in values)
        found.append(FigureFound(vignette.id, figure, values, met))
    return found


def _values(name: str, metrics: Metrics) -> tuple[float | str | None, ...]:
    match name:
        case "total_percent":
            mid = metrics.total.percent.mid
            return (None if mid is None else float(mid),)
        case "risk":
            return tuple(_number(each.risk.mid) for each in metrics.periods.values())
        case "severe_count":
            return tuple(each.severe_count for each in metrics.periods.values())
        case "bands":
            return tuple(each.band.id if each.band else None for each in metrics.domains.values())
        case "relationships_of":
            return (metrics.relationships.of,)
        case _:
            rated = [each for each in metrics.functions.values() if each.rating is not None]
            below = (100 * (each.rating or 0) < _AS_EXPECTED * each.expected for each in rated)
            return (sum(below),)


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _fits(figure: Figure, value: float | str | None) -> bool:
    if isinstance(value, str) or value is None:
        return value is not None and value == figure.is_
    return (figure.low is None or figure.low <= value) and (
        figure.high is None or value <= figure.high
    )
