"""From when to when: the words between two times say which end each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from nmt_intake.interview.spoken_times import ages as age_of
from nmt_intake.interview.spoken_times import dates, remarks
from nmt_intake.interview.spoken_times.amounts import duration_in_months
from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.phrases import (
    Ago,
    Amount,
    AtEntry,
    Between,
    Calendar,
    FirstUnits,
    Item,
    LastUnits,
    Life,
    Node,
    NthUnit,
    Relative,
    Said,
)
from nmt_intake.interview.spoken_times.results import Ages, Days, Period, Unclear
from nmt_intake.interview.spoken_times.tokens import Lexeme

End: TypeAlias = Node | Literal["now"] | None

_BIRTH: Final = Ages(0, 7 / 30.4375)
_CUES: Final = (
    *("since", "from", "until", "to", "between", "and", "or", "for", "dash", "now", "going"),
    *("began", "ended", "no_end", "onwards", "only_when", "when", "just"),
)


def interval(items: Sequence[Item], context: Context) -> Period | Days:
    """Return an interval from what was told, in order; raises `Unclear`."""
    kept = _without_settings(items)
    if kept != list(items) and any(_is_always(each) for each in kept):
        raise Unclear("two_times")  # "with Grandma from birth": to now, or to the end of that
    items = kept
    times = [each for each in items if isinstance(each, Said | Between)]
    whole = _whole(items, times, context)
    if whole is not None:
        return whole
    spell = _spell(items, times, context)
    if spell is not None:
        return spell
    start, end, rest = _ends(items, times)
    remarks.check(rest, "interval")
    start, end = _with_units(start, end, context)
    return _period(start, end, context)


def _is_always(item: Item) -> bool:
    return isinstance(item, Said) and isinstance(item.core, Life) and item.core.name == "always"


def _without_settings(items: Sequence[Item]) -> Sequence[Item]:
    """Return the items with "he's been with us" as a remark, where another time is told."""
    times = [each for each in items if isinstance(each, Said | Between)]
    if len(times) < 2:
        return items
    kept: list[Item] = []
    for index, each in enumerate(items):
        if isinstance(each, Said) and isinstance(each.core, AtEntry) and not each.mods:
            cues = _cue_before(items, index) & {
                "since",
                "until",
                "from",
                "to",
                "between",
                "and",
                "dash",
            }
            joined = _cue_after_any(items, index)
            if each.core.how in ("with", "bare") and not cues and not joined:
                kept.append(Lexeme("with", {"teller": "with", "intro": "with"}))
                continue
        kept.append(each)
    return kept


def _cue_after_any(items: Sequence[Item], index: int) -> bool:
    for each in items[index + 1 :]:
        if not isinstance(each, Lexeme):
            return False
        if each.has("until", "to", "dash") and not each.has("filler"):
            return True
    return False


def _is_cue(item: Item, *roles: str) -> bool:
    return isinstance(item, Lexeme) and item.has(*roles)


def _whole(items: Sequence[Item], times: Sequence[Node], context: Context) -> Period | None:
    """Return a period that one word tells: always, in the pregnancy, while with somebody."""
    cores = [each.core for each in times if isinstance(each, Said)]
    if len(times) != 1 or len(cores) != 1:
        return None
    core = cores[0]
    said = times[0]
    assert isinstance(said, Said)
    # Only words without a bound of their own: "since X", "until X" are ends.
    plain_or_for = not any(
        isinstance(each, Lexeme) and each.has("since", "from", "until") and not each.has("filler")
        for each in items
    )
    plain = not any(_is_cue(each, "since", "from", "until", "for") for each in items)
    if isinstance(core, Life) and core.name == "always":
        remarks.check(_but(items, "going", "now", "onwards"), "interval")
        return Period(_BIRTH, "now")
    if isinstance(core, Life) and core.name == "pregnancy" and not said.mods:
        if any(_is_cue(each, "since", "until", "from") for each in items):
            return None
        remarks.check(_but(items, "when", "for"), "interval")
        return Period(Ages(-9, 0), Ages(-9, 7 / 30.4375))
    if isinstance(core, LastUnits):
        remarks.check(_but(items, "for", "now", "going", "when", "since"), "interval")
        return Period(age_of.ago(core.amount, said, context), "now")
    if isinstance(core, NthUnit) and core.number == 1 and plain_or_for and _plain(said):
        remarks.check(_but(items, "for", "when", "just", "only_when"), "interval")
        return _first_units(Amount(1, 1, core.unit))
    if isinstance(core, FirstUnits) and plain_or_for and _plain(said):
        remarks.check(_but(items, "for", "when", "just", "only_when"), "interval")
        return _first_units(core.amount)
    if isinstance(core, AtEntry) and core.how in ("with", "bare") and plain:
        if said.mods:
            raise Unclear("entry")
        entry = dates.entry_of(core, context)
        if entry.start is None or (entry.end is None and not entry.lasting):
            raise Unclear("entry")
        remarks.check(_but(items, "when", "just", "only_when"), "interval")
        return Period(entry.start, "now" if entry.lasting else entry.end)
    return None


def _plain(said: Said) -> bool:
    return all("just" in mod for mod in said.mods)


def _first_units(amount: Amount) -> Period:
    if amount.few or amount.rest or amount.coarse or amount.unit is None:
        raise Unclear("too_vague")
    scale = age_of.IN_MONTHS[amount.unit]
    side = 3 if amount.unit == "year" else min(1.0, scale)
    end = amount.low * scale
    return Period(_BIRTH, Ages(max(0.0, end - side), end + side))


def _spell(items: Sequence[Item], times: Sequence[Node], context: Context) -> Period | None:
    """Return "for six months when he was two": an age and a duration from it."""
    lengths = [
        index
        for index, each in enumerate(items)
        if isinstance(each, Said)
        and isinstance(each.core, Amount)
        and _led_by(items, index, "for")
        and not each.has("just_turned", "turned")
    ]
    if not lengths and len(times) == 2 and _led_by(items, items.index(times[1]), "when"):
        # "six months when he was two"
        lengths = [
            index
            for index, each in enumerate(items)
            if each is times[0]
            and isinstance(each, Said)
            and isinstance(each.core, Amount)
            and each.core.unit is not None
            and not _cue_before(items, index) - {"just"}
            and not any(
                isinstance(e, Lexeme) and e.has("ended", "until", "to") and not e.has("filler")
                for e in items
            )
        ]
    if len(lengths) != 1 or len(times) not in (1, 2):
        return None
    length = items[lengths[0]]
    assert isinstance(length, Said)
    assert isinstance(length.core, Amount)
    if length.core.unit is None:
        raise Unclear("unit")
    others = [each for each in times if each is not length]
    rest = _but(items, "for", "when", "from", "just", "began", "since")
    if not others:
        if any(_is_cue(each, "now", "going") for each in items):
            remarks.check(_but(items, "for", "now", "going"), "interval")
            return Period(age_of.ago(length.core, length, context), "now")
        raise Unclear("event")
    if any(_is_cue(each, "until", "ended", "since") for each in items):
        raise Unclear("two_times")
    remarks.check(rest, "interval")
    start = _as_ages(others[0], context)
    least, most = duration_in_months(length.core, length)
    if start.high is None:
        raise Unclear("too_vague")
    return _ordered(Period(start, Ages(start.low + least, start.high + most)), context)


def _led_by(items: Sequence[Item], index: int, role: str) -> bool:
    """Whether a word of this role stands before a time, with nothing but filler between."""
    for each in reversed(items[:index]):
        if not isinstance(each, Lexeme):
            return False
        if each.has(role):
            return True
        if not each.has("filler", "anchor", "intro"):
            return False
    return False


def _but(items: Sequence[Item], *roles: str) -> list[Item]:
    return [each for each in items if not _is_cue(each, *roles)]


def _ends(items: Sequence[Item], times: Sequence[Node]) -> tuple[End, End, list[Item]]:
    """Return the two ends and what is left over; raises `Unclear`."""
    going = any(_is_cue(each, "going") for each in items)
    no_end = any(_is_cue(each, "no_end") for each in items)
    cues = [
        _cue_before(items, index)
        for index, each in enumerate(items)
        if each in times and isinstance(each, Said | Between)
    ]
    after = [
        _cue_after(items, index)
        for index, each in enumerate(items)
        if isinstance(each, Said | Between)
    ]
    now = any(
        _is_cue(each, "now") and not _is_cue(each, "going") and _led_by_any(items, place)
        for place, each in enumerate(items)
    )
    anchor = Lexeme("at", {"anchor": "at", "filler": "at"})
    led = ("from", "since", "until", "between", "for", "began", "ended", "when")
    rest = [anchor if _is_cue(each, *led) else each for each in items]
    rest = _but(rest, *_CUES)
    if any(_is_cue(each, "onwards") for each in items) and not (going or now):
        raise Unclear("too_vague")
    match len(times):
        case 1:
            return (*_one_end(times[0], cues[0], after[0], going or now, no_end, items), rest)
        case 2:
            if going or now or no_end:
                raise Unclear("two_times")
            return (*_two_ends(times, cues, after), rest)
        case 0:
            raise Unclear("not_told")
        case _:
            raise Unclear("two_times")


def _led_by_any(items: Sequence[Item], place: int) -> bool:
    return any(_led_by(items, place, role) for role in ("to", "until", "and", "dash"))


def _cue_before(items: Sequence[Item], index: int) -> frozenset[str]:
    """Return the roles of the words between the time before this one (or the start) and it."""
    found: set[str] = set()
    for each in reversed(items[:index]):
        if not isinstance(each, Lexeme):
            break
        if each.has("filler") and not each.has(*_CUES):
            continue
        roles = {role for role in _CUES if role in each.roles}
        if each.has("filler") and roles <= {"from", "to", "for", "when", "began", "now", "just"}:
            roles -= {"now", "just"}
        found |= roles
    return frozenset(found)


def _cue_after(items: Sequence[Item], index: int) -> frozenset[str]:
    found: set[str] = set()
    for each in items[index + 1 :]:
        if not isinstance(each, Lexeme):
            break
        found |= {role for role in ("began", "ended") if role in each.roles}
    return frozenset(found)


def _one_end(
    time: Node,
    cues: frozenset[str],
    after: frozenset[str],
    going: bool,
    no_end: bool,
    items: Sequence[Item],
) -> tuple[End, End]:
    if _has_bound(time):
        raise Unclear("too_vague")
    ended = "ended" in cues or ("ended" in after and "began" not in cues)
    if "only_when" in cues:
        return time, time
    if any(_is_cue(each, "dash", "to") and _is_last(items, each) for each in items):
        raise Unclear("two_times")
    if "until" in cues or ended:
        if going or {"since", "began"} & cues or "between" in cues:
            raise Unclear("two_times")
        return None, time
    if "between" in cues:
        raise Unclear("two_times")
    if "since" in cues and not no_end:
        return time, "now"
    length = isinstance(time, Said) and isinstance(time.core, Amount) and time.core.unit
    if length and not cues and not after and not going and not _tells_age(items):
        raise Unclear("too_vague")  # two years long, or two years old
    return time, "now" if going else None


def _tells_age(items: Sequence[Item]) -> bool:
    return any(
        _is_cue(each, "anchor", "when") or (isinstance(each, Lexeme) and "old" in each.text.split())
        for each in items
    )


def _is_last(items: Sequence[Item], item: Item) -> bool:
    return items[-1] is item


def _two_ends(
    times: Sequence[Node], cues: Sequence[frozenset[str]], after: Sequence[frozenset[str]]
) -> tuple[End, End]:
    first, second = times
    if _has_bound(first) or _has_bound(second):
        raise Unclear("too_vague")
    ended = "ended" in cues[1] or "ended" in after[1]
    began = "began" in cues[0] or "began" in after[0] or "began" in cues[1]
    if "ended" in cues[0] and ("began" in cues[1] or "began" in after[1]):
        raise Unclear("two_times")
    joins = {"until", "to", "dash"} & cues[1]
    opened = {"from", "since"} & cues[0]
    if "between" in cues[0] and "and" in cues[1]:
        return first, second
    if joins or (began and ended) or (opened and ended):
        return first, second
    raise Unclear("two_times")


def _has_bound(time: Node) -> bool:
    """Whether the time has a bound of its own, which makes it no end of an interval."""
    each = (time,) if isinstance(time, Said) else (time.first, time.second)
    bounds = ("before", "by", "by_suffix", "after", "after_suffix", "at_least", "up_to", "minus")
    for said in each:
        for mod in said.mods:
            if mod & set(bounds) and not mod & {"nearly", "just_turned", "near", "just", "over"}:
                return True
    return False


def _with_units(start: End, end: End, context: Context) -> tuple[End, End]:
    """Lend the unit that one end of an interval has to the bare number of the other."""
    if not isinstance(start, Said) or not isinstance(end, Said) or start is end:
        return start, end
    one, other = start.core, end.core
    if isinstance(one, Calendar) and isinstance(other, Calendar) and one.year is None:
        return replace(start, core=replace(one, year=other.year)), end
    if not isinstance(one, Amount) or not isinstance(other, Amount):
        return start, end
    if one.unit is None and other.unit is not None:
        if one.low >= other.low and other.unit == "year" and not start.has("turned"):
            return start, end
        if one.low >= other.low:
            raise Unclear("unit")
        return replace(start, core=replace(one, unit=other.unit)), end
    if other.unit is None and one.unit is not None:
        if one.unit == "month" and other.low <= one.low < other.low * 12:
            return start, replace(end, core=replace(other, unit="year"))
        if other.low <= one.low:
            raise Unclear("impossible" if one.unit == "year" else "unit")
        if one.unit != "year" and not one.rest:
            # "From 6 months to 10": years as likely as months.
            raise Unclear("unit")
        return start, replace(end, core=replace(other, unit=one.unit))
    return start, end


def _is_date(end: End) -> bool:
    if isinstance(end, Between):
        return _is_date(end.first)
    return isinstance(end, Said) and isinstance(end.core, Calendar | Relative)


def _period(start: End, end: End, context: Context) -> Period | Days:
    told = [each for each in (start, end) if each not in (None, "now")]
    if told and all(_is_date(each) for each in told):
        return Days(_dates(start, end, context))
    low = _as_ages(start, context) if isinstance(start, Said | Between) else None
    high = _as_ages(end, context) if isinstance(end, Said | Between) else end
    return _ordered(Period(low, high), context)


def _as_ages(end: Node, context: Context) -> Ages:
    if isinstance(end, Said) and isinstance(end.core, AtEntry):
        core = end.core
        entry = dates.entry_of(core, context)
        if end.mods:
            raise Unclear("entry")
        found = entry.end if core.how in ("left", "gone") else entry.start
        if found is None:
            raise Unclear("entry")
        return found
    if isinstance(end, Said) and isinstance(end.core, Life) and end.core.name == "always":
        return _BIRTH
    if isinstance(end, Said) and isinstance(end.core, Ago):
        return age_of.ago(end.core.amount, end, context)
    return age_of.ages(end, context, inside=True)


def _ordered(period: Period, context: Context) -> Period:
    """Return the period; raises `Unclear` if it ends before it can begin."""
    start, end = period.start, period.end
    last = end.high if isinstance(end, Ages) else None
    if start is not None and last is not None and last <= start.low:
        raise Unclear("impossible")
    oldest = context.oldest
    if oldest is not None and start is not None and start.low >= oldest + 1:
        raise Unclear("impossible")
    return period


def _dates(start: End, end: End, context: Context) -> str:
    low, first = _one_date(start, context)
    high, last = _one_date(end, context)
    if first is not None and last is not None and first.first > last.last:
        raise Unclear("impossible")
    if start is end and start is not None:
        return low
    return f"{low.split('/')[0]}/{high.rsplit('/', maxsplit=1)[-1]}"


def _one_date(end: End, context: Context) -> tuple[str, dates.Place | None]:
    if end is None:
        return "", None
    if end == "now":
        return "..", None
    if isinstance(end, Between):
        raise Unclear("two_times")
    if isinstance(end.core, Calendar) and (end.core.decade or end.core.part):
        raise Unclear("too_vague")
    assert isinstance(end.core, Calendar | Relative)
    found = dates.place(end.core, context)
    if context.interviewed is not None and found.first > context.interviewed:
        raise Unclear("impossible")
    return dates.bounded(found, end, context), found
