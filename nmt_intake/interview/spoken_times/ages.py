"""What a told time means as an age: half-open spans of months, as wide as the words.

Every width of vagueness here is this project's own judgement (see .readme/times.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from nmt_intake.interview.spoken_times import dates
from nmt_intake.interview.spoken_times.amounts import duration_in_months
from nmt_intake.interview.spoken_times.context import (
    LATE_FROM,
    WINDOWS,
    YEARS_BELOW,
    Context,
    months_at,
)
from nmt_intake.interview.spoken_times.lexicon import lexicon
from nmt_intake.interview.spoken_times.phrases import (
    IN_MONTHS,
    Ago,
    Amount,
    AtEntry,
    Between,
    Birthday,
    Calendar,
    Clock,
    FirstUnits,
    LastUnits,
    Life,
    Node,
    NthUnit,
    Relative,
    Said,
    Window,
)
from nmt_intake.interview.spoken_times.results import Ages, Unclear

# The one reading of a word that can be several, where the question is an age: first is taken.
_READINGS: Final = (
    *("near", "near_after", "doubt", "not_yet", "just_turned", "just_before", "just_after"),
    *("just_over", "bit", "still", "turned", "just", "nearly", "before", "by", "by_suffix"),
    *("after", "after_suffix", "over", "something", "at_least", "up_to"),
    *("fewer_than", "more_than", "since", "exact", "not_until", "part"),
)
_WIDENS: Final = frozenset({"near", "near_after", "doubt"})
_SAYS_NOTHING: Final = frozenset({"just", "still", "turned", "exact", "part"})
_ALIKE: Final = {
    "by_suffix": "by",
    "up_to": "by",
    "after_suffix": "after",
    "at_least": "after",
    "fewer_than": "before",
    "more_than": "over",
    "something": "odd",
    "bit": "just_over",
    "just_after": "just_over",
    "since": "after",
    "not_until": "after",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a core is to be taken: widened or not, and at most one word of bound or part."""

    widened: bool
    bound: str | None
    years: bool


def reading(said: Said) -> Reading:
    """Return how the words that belong to a core are taken; raises `Unclear` for two bounds."""
    widened, years = False, False
    bounds: set[str] = set()
    mods = said.mods
    if said.has("was_not") and said.has("yet"):  # "she wasn't three yet"
        mods = tuple(mod for mod in mods if not mod & {"was_not", "yet"})
        bounds.add("not_yet")
    for mod in mods:
        role = next((each for each in _READINGS if each in mod), None)
        if role is None:
            raise Unclear("too_vague")
        years = years or role in ("turned", "just_turned")
        if role in _WIDENS:
            widened = True
        elif role not in _SAYS_NOTHING:
            bounds.add(_ALIKE.get(role, role))
    told = not isinstance(said.core, Birthday) and not widened
    if told and not bounds and said.has("turned") and said.has("just"):
        bounds.add("just_turned")
    if len(bounds) > 1:
        raise Unclear("two_times")
    if bounds - {"by"} and said.has("part"):
        raise Unclear("too_vague")  # "before the end of 2019" is not before 2019
    return Reading(widened, next(iter(bounds), None), years)


def ages(node: Node, context: Context, *, inside: bool = False) -> Ages:
    """Return the ages that a time means; raises `Unclear`.

    `inside` is of an end of an interval, where a range is no second end.
    """
    if isinstance(node, Between):
        one, other = _same_kind(node)
        low, high = _one(one, context, ranged=True), _one(other, context, ranged=True)
        if high.high is not None and low.low >= high.high:
            raise Unclear("impossible")
        found = Ages(low.low, high.high)
    else:
        found = _one(node, context)
    oldest = context.oldest
    if found.low < 0 and not inside:
        raise Unclear("impossible")
    if found.high is not None and round(found.high, 2) <= round(found.low, 2):
        raise Unclear("impossible")  # "before the pregnancy", "before half an hour"
    if oldest is not None and found.low >= oldest + 1:
        raise Unclear("impossible")
    return found


def _same_kind(node: Between) -> tuple[Said, Said]:
    """Return both ends, the first with the unit that the bare second must have, or the reverse."""
    one, other = node.first, node.second
    years = reading(one).years or reading(other).years
    if years:
        turned = (frozenset({"turned"}),)
        one, other = replace(one, mods=one.mods + turned), replace(other, mods=other.mods + turned)
    if reading(one).bound not in (None, "just_over", "over", "odd", "nearly", "just_before"):
        raise Unclear("two_times")
    if (
        isinstance(one.core, Amount)
        and isinstance(other.core, Amount)
        and (
            one.core.unit is None
            and other.core.unit is None
            and _size(other.core) <= _size(one.core)
        )
    ):
        raise Unclear("impossible")
    return one, other


def _size(amount: Amount) -> float:
    return amount.low + amount.rest


def _one(said: Said, context: Context, *, ranged: bool = False) -> Ages:
    taken = reading(said)
    widened = taken.widened and not ranged
    core = said.core
    match core:
        case Amount():
            return _amount(core, replace_widened(taken, widened), context)
        case Birthday(number):
            taken = replace_widened(taken, widened)
            plain = Ages(number * 12, number * 12 + 1)
            if taken.bound in ("nearly", "just_before", "not_yet", "just_turned", "just_over"):
                return _amount_like(plain, number, "year", taken)
            return _amount_like(plain, number * 12, "month", taken)
        case NthUnit(number, unit):
            scale = IN_MONTHS[unit]
            plain = Ages((number - 1) * scale, number * scale)
            return _bounded(plain, taken, context)
        case FirstUnits(amount) if not amount.few and amount.unit is not None:
            plain = Ages(0, amount.low * IN_MONTHS[amount.unit])
            return _bounded(plain, taken, context)
        case Life(name, found):
            if name == "always":
                raise Unclear("too_vague")
            return _bounded(found, taken, context)
        case Window(which):
            return window(which, context)
        case AtEntry():
            return _at_entry(core, taken, context, since=said.has("since"))
        case Ago(amount):
            return ago(amount, said, context)
        case Calendar() | Relative():
            return _calendar(said, taken, context)
        case LastUnits() | FirstUnits() | Clock():
            raise Unclear("too_vague")


def replace_widened(taken: Reading, widened: bool) -> Reading:
    """Return the reading with or without its width."""
    return replace(taken, widened=widened)


def with_unit(amount: Amount, context: Context, years: bool) -> Amount:
    """Return an amount with the unit that it must have; raises `Unclear` if it may have two."""
    if amount.unit is not None:
        return amount
    if amount.times or amount.few:
        raise Unclear("unit")
    if context.unit is not None:
        return replace(amount, unit=context.unit)
    if years:
        return replace(amount, unit="year")
    if context.topic in YEARS_BELOW:
        if amount.high + amount.rest < YEARS_BELOW[context.topic]:
            return replace(amount, unit="year")
        raise Unclear("unit", _said(amount, context))
    oldest = context.oldest
    if oldest is not None and oldest < 24:
        raise Unclear("unit", _said(amount, context))
    return replace(amount, unit="year")


def _said(amount: Amount, context: Context) -> str:
    if amount.rest or amount.low != amount.high:
        return ""
    return lexicon(context.language).number_words.get(int(amount.low), str(int(amount.low)))


def _amount(amount: Amount, taken: Reading, context: Context) -> Ages:
    amount = with_unit(amount, context, taken.years)
    unit = str(amount.unit)
    if amount.rest not in (0, 0.5):
        raise Unclear("too_vague")
    if amount.low > 1500:
        raise Unclear("impossible")
    if amount.few:
        # "About a couple" is no wider than "a couple": the word is vague by itself.
        taken = replace_widened(taken, False)
    if unit in ("hour", "minute"):  # hours after birth are told of the day
        day = IN_MONTHS["day"]
        days = int((amount.coarse + amount.low * IN_MONTHS[unit]) / day)
        return _bounded(Ages(days * day, (days + 1) * day), taken, None)
    scale = IN_MONTHS[unit]
    if amount.rest and unit == "year":
        return _half_year(amount, taken)
    low = amount.coarse + amount.low * scale
    plain = Ages(low, amount.coarse + (amount.high + 1) * scale)
    if amount.rest and not amount.low:  # half a month, half a week
        plain = Ages(0, scale)
    return _amount_like(plain, amount.low, unit, taken, coarse=amount.coarse)


def _half_year(amount: Amount, taken: Reading) -> Ages:
    middle = amount.coarse + amount.low * 12 + 6
    if not amount.low and not amount.coarse:
        plain = Ages(5, 8)
        wide = Ages(4, 9)
    else:
        plain = Ages(middle - 3, middle + 3)
        below = 3 if amount.low <= 1 else 6 if amount.low <= 4 else 12
        wide = Ages(max(0, plain.low - below), max(plain.high or 0, middle + 6))
    match taken.bound:
        case None:
            return wide if taken.widened else plain
        case "nearly" | "just_before" | "not_yet":
            return Ages(middle - 6, middle)
        case "over" | "odd" | "just_over":
            return Ages(middle, middle + 6)
        case _:
            return _bounded(wide if taken.widened else plain, taken, None)


def _amount_like(
    plain: Ages, number: float, unit: str, taken: Reading, *, coarse: float = 0.0
) -> Ages:
    """Return the span of a number of units with its words of nearness and bound."""
    scale = IN_MONTHS[unit]
    high = plain.high if plain.high is not None else plain.low
    match taken.bound:
        case "nearly":
            if unit == "year":
                return Ages(max(0.0, plain.low - (3 if number <= 1 else 6)), plain.low)
            return Ages(max(0.0, plain.low - scale), plain.low)
        case "not_yet":
            return Ages(max(0.0, plain.low - scale), plain.low)
        case "just_before":
            return Ages(max(0.0, plain.low - (3 if unit == "year" else scale)), plain.low)
        case "just_turned" if unit == "year" and not coarse:
            return Ages(plain.low, plain.low + 3)
        case "just_over" if unit == "year" and not coarse:
            return Ages(plain.low, plain.low + 6)
        case "odd" if unit != "year" and number >= 20 and number % 10 == 0:
            return Ages(plain.low, plain.low + 10 * scale)  # "thirty-odd months" may be 39
        case "just_turned" | "over" | "odd":
            return plain
        case "just_over":
            return plain
        case _:
            pass
    if not taken.widened:
        return _bounded(plain, taken, None)
    months = coarse + number * scale
    below, above = _width(number, unit, months)
    return _bounded(Ages(max(0.0, plain.low - below), high + above), taken, None)


def _width(number: float, unit: str, months: float) -> tuple[float, float]:
    """Return by how much "about" widens the plain span, below and above, in months (judgement)."""
    if unit == "year":
        if number >= 5:
            return 12, 12
        return (3 if number <= 1 else 6), 0
    if unit == "month":
        each = 1 if months < 12 else 2 if months < 24 else 3
        return each, each
    return IN_MONTHS["week"], IN_MONTHS["week"]


def _bounded(plain: Ages, taken: Reading, context: Context | None) -> Ages:
    match taken.bound:
        case None | "just_turned" | "over" | "odd":
            return plain
        case "before":
            # Before "about two" may be up to the end of what "about two" may be.
            exact = not taken.widened and plain.high is not None and not _fuzzy(plain)
            return Ages(0, plain.low if exact else plain.high)
        case "by":
            return Ages(0, plain.high)
        case "after":
            return Ages(plain.low, None)
        case _:
            raise Unclear("too_vague")


def _fuzzy(plain: Ages) -> bool:
    """Whether the span is of a half, whose low end is no number that was told."""
    return plain.high is not None and plain.high - plain.low in (3.0, 6.0)


def window(which: str, context: Context) -> Ages:
    """Return what late, early or normal means for the milestone in question (judgement)."""
    topic = context.topic or ""
    if topic in WINDOWS:
        low, high = WINDOWS[topic]
        middle = (low + high) / 2
        return {"late": Ages(middle, None), "early": Ages(0, middle)}.get(which, Ages(low, high))
    if which == "late" and topic in LATE_FROM:
        return Ages(LATE_FROM[topic], None)
    raise Unclear("too_vague")


def _at_entry(core: AtEntry, taken: Reading, context: Context, *, since: bool) -> Ages:
    entry = dates.entry_of(core, context)
    start, end = entry.start, entry.end
    if taken.widened:
        raise Unclear("too_vague")
    if core.how == "gone":
        if end is None or taken.bound not in (None, "after"):
            raise Unclear("entry")
        return Ages(end.low, None)
    if core.how == "left":
        if end is None:
            raise Unclear("entry")
        match taken.bound:
            case None:
                return end
            case "before" | "just_before" | "by":
                return Ages(0, end.high)
            case "after" | "just_over":
                return Ages(end.low, None)
            case _:
                raise Unclear("too_vague")
    if start is None:
        raise Unclear("entry")
    match taken.bound:
        case "before" | "just_before":
            return Ages(0, start.high)
        case "by":
            return Ages(0, start.high)
        case "after" | "just_over":
            if core.how == "came" or since:
                return Ages(start.low, None)
            if end is None:
                raise Unclear("entry")
            return Ages(end.low, None)
        case None:
            if core.how == "came":
                return start
            if end is None:
                if entry.lasting:
                    return Ages(start.low, None)
                raise Unclear("entry")
            return Ages(start.low, end.high)
        case _:
            raise Unclear("too_vague")


def ago(amount: Amount, said: Said, context: Context) -> Ages:
    """Return the age so long ago: the age now less the span of the duration."""
    least, most = duration_in_months(amount, said)
    now = context.age_now()
    low = now[0] - most
    high = now[1] - least + 1
    if high <= 0:
        raise Unclear("impossible")
    return Ages(max(0.0, low), high)


def _calendar(said: Said, taken: Reading, context: Context) -> Ages:
    """Return the completed months of a place in the calendar, from its first to its last day."""
    core = said.core
    assert isinstance(core, Calendar | Relative)
    place = dates.place(core, context)
    if isinstance(core, Calendar) and core.season is not None:
        if not context.northern or core.season == 24 or core.year is None:
            raise Unclear("year")
        place = dates.season_as_age(core.year, core.season)
    if taken.bound not in (None, "before", "by", "after"):
        raise Unclear("too_vague")
    first, last = context.born
    if place.first > context.today:
        raise Unclear("impossible")
    low, high = months_at(last, place.first), months_at(first, place.last) + 1
    if high <= 0:
        raise Unclear("impossible")
    if taken.widened:
        by_year = isinstance(core, Calendar) and core.month is None and core.season is None
        by_year = by_year and not place.mark
        wide = 12 if by_year else 1 if low < 12 else 2
        wide = 3 if wide == 2 and low >= 24 else wide
        low, high = low - wide, high + wide
    low = max(0, low)
    match taken.bound:
        case "before":
            # Before Christmas may be well into December.
            eve = place.last if place.mark else place.first - dates.ONE_DAY
            before = months_at(first, eve) + 1
            if before <= 0:
                raise Unclear("impossible")
            return Ages(0, high if taken.widened else before)
        case "by":
            return Ages(0, high)
        case "after":
            after = months_at(last, place.last + dates.ONE_DAY)
            return Ages(max(0, low if taken.widened else after), None)
        case _:
            return Ages(low, high)
