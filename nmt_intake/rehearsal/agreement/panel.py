"""What several raters rated: from ratings files, from folders of them, or from a table.

A panel of files is one case; a panel of folders (one a rater) is as many cases as there are file
names; the rows of a table are cases, unless it has both a `case` and an `item` column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from nmt_intake.errors import IntakeError
from nmt_intake.rehearsal.agreement.reliability import Scale
from nmt_intake.scoring import Ratings
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import (
    ADVERSITY,
    FUNCTIONS,
    HIGHEST_RATING,
    LOWEST_RATING,
    RELATIONAL,
    RELATIONSHIPS,
)

LARGEST_TABLE_BYTES: Final = 20_000_000
MOST_RATERS: Final = 100
MOST_PAIRED: Final = 12  # raters: their pairs are 66; more are too many to read
_MOST_DECIMALS: Final = 9
_LARGEST_NUMBER: Final = Decimal(10) ** 9

_UNIT_NAMES: Final = frozenset(
    {
        "unit",
        "units",
        "case",
        "cases",
        "row",
        "rows",
        "subject",
        "subjects",
        "target",
        "targets",
        "id",
        "patient",
        "patients",
        "client",
        "clients",
        "person",
        "participant",
        "participants",
        "object",
        "name",
        "nr",
        "no",
        "number",
        "index",
    }
)
_TIME_NAMES: Final = frozenset({"date", "when", "time", "session"})
_MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "-", "*", "?"})


@dataclass(frozen=True, slots=True)
class RatedItem:
    """One thing that was rated: its case, its place in a ratings file, one rating a rater.

    `part` is None for what comes from a table. Ratings are whole multiples of the scale's point.
    """

    case: str
    part: str | None
    period: str | None
    item: str
    ratings: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that some raters rated, the cases in the order in which they were rated."""

    raters: tuple[str, ...]
    items: tuple[RatedItem, ...]
    cases: tuple[str, ...]
    scale: Scale
    scale_is_given: bool
    rows_are_cases: bool
    times: Mapping[str, float] | None = None
    warnings: tuple[str, ...] = ()


def panel_of_files(raters: Sequence[tuple[str, Ratings]]) -> Panel:
    """Return the panel of one case: each rater with the ratings file that they wrote."""
    return panel_of_folders([(name, {"case": ratings}) for name, ratings in raters])


def panel_of_folders(raters: Sequence[tuple[str, Mapping[str, Ratings]]]) -> Panel:
    """Return the panel of many cases: each rater with their ratings by case.

    Raises IntakeError AGREE-001 for fewer than two raters and AGREE-002 where a case has
    another age in one file than in another: what is compared must be one case at one age.
    """
    _enough([name for name, _ in raters])
    cases = sorted({case for _, rated in raters for case in rated})
    items: list[RatedItem] = []
    for case in cases:
        given = [(name, rated.get(case)) for name, rated in raters]
        _same_case(case if len(cases) > 1 else "", given)
        items += _items(case, [ratings for _, ratings in given])
    names = tuple(name for name, _ in raters)
    scale = Scale(tuple(range(LOWEST_RATING, HIGHEST_RATING + 1)), 1)
    return Panel(names, tuple(items), tuple(cases), scale, True, False)


def _enough(names: Sequence[str]) -> None:
    if len(names) < 2:
        what = f"agreement needs two raters, and there is {'one' if names else 'none'}."
        raise IntakeError("AGREE-001", "", what, "Name a file, folder or column for each rater.")
    if len(names) > MOST_RATERS:
        what = f"there are {len(names)} raters, more than {MOST_RATERS}."
        raise IntakeError("AGREE-001", "", what, "Check that each column is a rater.")


def _same_case(case: str, given: Sequence[tuple[str, Ratings | None]]) -> None:
    rated = [(name, ratings) for name, ratings in given if ratings is not None]
    first_name, first = rated[0]
    weeks = [(name, r.gestation_weeks) for name, r in rated if r.gestation_weeks is not None]
    for name, ratings in rated[1:]:
        if ratings.age_months != first.age_months:
            what = (
                f"is rated at {float(ratings.age_months):g} months, {clean_line(first_name, 60)}"
                f" at {float(first.age_months):g}: that is not one case at one age."
            )
            _refuse_case(case, name, what)
    for name, value in weeks[1:]:
        if value != weeks[0][1]:
            _refuse_case(case, name, "has another length of pregnancy than the file before it.")


def _refuse_case(case: str, name: str, what: str) -> None:
    where = clean_line(f"{name}/{case}" if case else name, 100)
    raise IntakeError("AGREE-002", where, what, "Compare files of one case, rated at one age.")


def _items(case: str, rated: Sequence[Ratings | None]) -> Iterable[RatedItem]:
    """Yield every item that applies to the case, in the order of a ratings file."""
    periods = next(r for r in rated if r is not None).periods

    def item(part: str, period: str | None, name: str) -> RatedItem:
        given = (None if r is None else _rating(r, part, period, name) for r in rated)
        return RatedItem(case, part, period, name, tuple(given))

    for part, names in (("adversity", ADVERSITY), ("relational", RELATIONAL)):
        yield from (item(part, period, name) for period in periods for name in names)
    yield from (item("functions", None, name) for name in FUNCTIONS)
    yield from (item("relationships", None, name) for name in RELATIONSHIPS)


def _rating(ratings: Ratings, part: str, period: str | None, item: str) -> int | None:
    match part:
        case "adversity":
            return ratings.adversity.get(period or "", {}).get(item)
        case "relational":
            return ratings.relational.get(period or "", {}).get(item)
        case "functions":
            return ratings.functions.get(item)
        case _:
            return ratings.relationships.get(item)


def panel_of_table(
    source: bytes, where: str = "table", scale: tuple[int, int] | None = None
) -> Panel:
    """Return the panel of a CSV table: a row a unit, a column a rater.

    The separator is a comma, semicolon or tab; empty, NA, NaN, null, `.`, `*` and `-` are
    missing. Leading columns that name the unit (by their heading, or because they hold only
    text) are its label; a `date`, `when`, `time` or `session` column orders the units. `scale`
    is the lowest and highest value that could have been given; without it the scale is the
    values that occur. Raises IntakeError AGREE-003 to AGREE-008, each naming the line.
    """
    head, rows, warnings = _rows(source, where)
    labels, time, raters = _columns(head, rows, where, warnings)
    _enough([head[at] for at in raters])
    names = tuple(clean_line(head[at], 60) for at in raters)
    if len(set(names)) < len(names):
        raise IntakeError("AGREE-005", where, "two columns have one name.", "Name each rater.")
    cells = [[_number(row[at], where, line, head[at]) for at in raters] for line, row in rows]
    one, ratings = _whole(cells)
    values = _scale(ratings, one, scale, [line for line, _ in rows], where)
    low = [head[at].strip().lower() for at in labels]
    by_item = "item" in low and "case" in low
    items = [
        RatedItem(*_label(labels, low, row, line, by_item), tuple(given))
        for (line, row), given in zip(rows, ratings, strict=True)
    ]
    _refuse_twins([(item.case, item.item) for item in items], where)
    times = None if time is None else _times(items, rows, time, where)
    cases = list(dict.fromkeys(item.case for item in items))
    if times is not None:
        cases.sort(key=times.__getitem__)
    return Panel(
        names,
        tuple(items),
        tuple(cases),
        Scale(values, one),
        scale is not None,
        not by_item,
        times,
        tuple(warnings),
    )


_Line = tuple[int, list[str]]


def _rows(source: bytes, where: str) -> tuple[list[str], list[_Line], list[str]]:
    if len(source) > LARGEST_TABLE_BYTES:
        what = f"the table is larger than {LARGEST_TABLE_BYTES // 1_000_000} MB."
        raise IntakeError("AGREE-003", where, what, "Give fewer cases at a time.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = "the table is not UTF-8 text."
        raise IntakeError("AGREE-003", where, what, "Save it as CSV in UTF-8.") from None
    first = text.lstrip().split("\n", 1)[0]
    comma = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, skipinitialspace=True)
    lines: list[_Line] = []
    try:
        lines += [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        what = "cannot be read as CSV."
        advice = "Check the quotation marks near that line."
        raise IntakeError("AGREE-003", f"{where}:{reader.line_num}", what, advice) from None
    if comma == ";":
        lines = [(line, [cell.replace(",", ".") for cell in row]) for line, row in lines]
    return _headed(lines, where)


def _headed(lines: list[_Line], where: str) -> tuple[list[str], list[_Line], list[str]]:
    """Return the heading, the lines below it and what to warn of."""
    if not lines:
        what = "the table is empty."
        raise IntakeError("AGREE-004", where, what, "A row a case, a column a rater.")
    warnings: list[str] = []
    head = [cell.strip() for cell in lines[0][1]]
    counted = [str(n) for n in range(1, len(head) + 1)]
    if all(_is_number(cell) for cell in head) and head != counted:
        warnings.append("The first line holds only ratings: the raters are numbered.")
        head, rows = [f"rater {n}" for n in counted], lines
    else:
        rows = lines[1:]
    if not rows:
        what = "the table has a heading and no rows."
        raise IntakeError("AGREE-004", where, what, "A row a case, a column a rater.")
    for line, row in rows:
        if len(row) != len(head):
            what = f"has {len(row)} cells, the heading {len(head)}."
            advice = "Give each row a cell for each column."
            raise IntakeError("AGREE-005", f"{where}:{line}", what, advice)
    return head, rows, warnings


def _columns(
    head: list[str], rows: list[_Line], where: str, warnings: list[str]
) -> tuple[list[int], int | None, list[int]]:
    """Return the columns of labels, of the time and of the raters."""
    labels: list[int] = []
    time = None
    raters: list[int] = []
    for at, name in enumerate(head):
        low = name.lower()
        cells = [row[at].strip() for _, row in rows]
        if low in _TIME_NAMES and time is None and not raters:
            time = at
        elif low == "item" or (not raters and (low in _UNIT_NAMES or not low)):
            labels.append(at)
        elif not raters and _is_text(cells):
            labels.append(at)
            if len(labels) > 1:
                told = clean_line(name, 40)
                warnings.append(f"Column '{told}' holds only words: taken as a name of the rows.")
        elif not raters and not labels and len(head) > 2 and _counts_up(cells):
            warnings.append(
                f"Column '{clean_line(name, 40)}' counts the rows: taken as their name."
            )
            labels.append(at)
        else:
            raters.append(at)
    for at in raters:
        if not head[at]:
            what = f"column {at + 1} has no heading."
            raise IntakeError("AGREE-005", where, what, "Name each rater in the first line.")
    return labels, time, raters


def _is_text(cells: list[str]) -> bool:
    told = [cell for cell in cells if cell.lower() not in _MISSING]
    return bool(told) and not any(_is_number(cell) for cell in told)


def _counts_up(cells: list[str]) -> bool:
    numbers = [str(n) for n in range(len(cells) + 1)]
    return len(cells) > 3 and cells in (numbers[1:], numbers[:-1])


def _is_number(cell: str) -> bool:
    try:
        Decimal(cell.strip() or "x")
    except InvalidOperation:
        return False
    return True


def _number(cell: str, where: str, line: int, column: str) -> Decimal | int | None:
    told = cell.strip()
    if told.isdecimal() and told.isascii() and len(told) < 10:
        return int(told)
    if told.lower() in _MISSING:
        return None
    try:
        value = Decimal(told)
    except InvalidOperation:
        value = Decimal("inf")
    exponent = value.as_tuple().exponent
    if (
        not value.is_finite()
        or abs(value) > _LARGEST_NUMBER
        or not isinstance(exponent, int)
        or exponent < -_MOST_DECIMALS
    ):
        what = f"'{clean_line(told, 20)}' is not a rating."
        advice = "Write a number of at most nine digits on either side of the point, or nothing."
        place = f"{where}:{line}, column '{clean_line(column, 40)}'"
        raise IntakeError("AGREE-006", place, what, advice)
    return value


def _whole(cells: list[list[Decimal | int | None]]) -> tuple[int, list[list[int | None]]]:
    """Return how much one point is, and the ratings as whole multiples of its parts."""
    places = 0
    for row in cells:
        for value in row:
            if isinstance(value, Decimal):
                places = max(places, -int(value.normalize().as_tuple().exponent))
    one = 10**places
    return one, [[None if value is None else int(value * one) for value in row] for row in cells]


def _scale(
    ratings: list[list[int | None]],
    one: int,
    scale: tuple[int, int] | None,
    lines: list[int],
    where: str,
) -> tuple[int, ...]:
    if scale is None:
        return tuple(sorted({value for row in ratings for value in row if value is not None}))
    values = tuple(one * value for value in range(scale[0], scale[1] + 1))
    known = set(values)
    for line, row in zip(lines, ratings, strict=True):
        for value in row:
            if value is not None and value not in known:
                what = f"{value / one:g} is not on the scale from {scale[0]} to {scale[1]}."
                advice = "Correct the rating, or --scale."
                raise IntakeError("AGREE-007", f"{where}:{line}", what, advice)
    return values


def _label(
    labels: list[int], low: list[str], row: list[str], line: int, by_item: bool
) -> tuple[str, None, None, str]:
    told = [_clean(row[at]) for at in labels]
    if by_item:
        item = told[low.index("item")]
        case = " ".join(word for word, name in zip(told, low, strict=True) if name != "item")
        return case, None, None, item
    label = " ".join(word for word in told if word) or f"line {line}"
    return label, None, None, label


def _clean(cell: str) -> str:
    """Return a label as one clean line; most are a number or a word and need no work."""
    return cell if cell.isalnum() and len(cell) <= 100 else clean_line(cell, 100)


def _refuse_twins(names: list[tuple[str, str]], where: str) -> None:
    seen: set[tuple[str, str]] = set()
    for case, item in names:
        if (case, item) in seen:
            what = f"'{clean_line(item, 40)}' stands twice."
            advice = "Give each row its own name; several items of one case need an item column."
            raise IntakeError("AGREE-008", where, what, advice)
        seen.add((case, item))


def _times(
    items: list[RatedItem], rows: list[_Line], time: int, where: str
) -> dict[str, float] | None:
    """Return when each case was rated, first mention; days for dates. None: not all known."""
    found: dict[str, float] = {}
    for item, (line, row) in zip(items, rows, strict=True):
        told = row[time].strip()
        if told.lower() in _MISSING:
            return None
        try:
            at = float(date.fromisoformat(told).toordinal())
        except ValueError:
            at = float(_number(told, where, line, str(time + 1)) or 0)
        found.setdefault(item.case, at)
    return found
