"""Reads a spoken time: `read(words, kind, context)`, see .readme/times.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from nmt_intake.interview.spoken_times import ages, amounts, remarks
from nmt_intake.interview.spoken_times.context import Context, context_from
from nmt_intake.interview.spoken_times.edtf import edtf
from nmt_intake.interview.spoken_times.intervals import interval
from nmt_intake.interview.spoken_times.lexicon import lexicon
from nmt_intake.interview.spoken_times.phrases import (
    Amount,
    AtEntry,
    Between,
    Calendar,
    Clock,
    Grammar,
    Item,
    Life,
    Node,
    Relative,
    Said,
    Window,
)
from nmt_intake.interview.spoken_times.results import (
    Ages,
    Code,
    Days,
    Number,
    Result,
    Told,
    Unclear,
)
from nmt_intake.interview.spoken_times.tokens import Lexeme, lexemes

KINDS: Final = ("age", "date", "interval", "count", "duration", "hours")


# "When he was two" tells an age, wherever hours or a length of time are asked for.
_AGE_THEN: Final = re.compile(
    r"\b(?:when|since|until|till|before|after)\b[^.;]*\b(?:was|were|turned)\b"
    r"|\b(?:cuando|desde que|hasta que|antes de que)\b[^.;]*\b(?:ten[ií]a|cumpli[oó]|era)\b",
    re.IGNORECASE,
)


def read(words: str, kind: str, context: Mapping[str, object] | Context) -> Told:
    """Return what `words` say as a time of this kind, as wide as they say it, or what is unclear.

    `kind` is one of `KINDS`. Never raises for any words; raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of time: {kind}")
    known = context if isinstance(context, Context) else context_from(context)
    try:
        return Told(words, _read(words, kind, known))
    except Unclear as unclear:
        return Told(words, None, unclear.code, unclear.about)


def _read(words: str, kind: str, context: Context) -> Result:
    found = lexemes(words, lexicon(context.language), context.names(), mend=True)
    if kind in ("hours", "duration") and _AGE_THEN.search(words):
        raise Unclear("not_told")
    if kind == "count":
        return _count(found, context)
    if kind == "hours":
        found = _without_day(found)
    items = Grammar(found, context, kind).items()
    items = _corrected(items)
    if kind == "interval":
        _some_time(items)
        return interval(items, context)
    if kind == "hours":
        clocks = _clocks(found, items, context)
        if clocks is not None:
            return clocks
    node = _one_time(items, kind, context)
    match kind:
        case "age":
            return ages.ages(node, context)
        case "date":
            return Days(edtf(node, context))
        case "duration":
            return amounts.duration(node, context)
        case _:
            return amounts.hours(node, context)


def _times(items: Sequence[Item]) -> list[Node]:
    return [each for each in items if isinstance(each, Said | Between)]


def _has(items: Sequence[Item], *roles: str) -> bool:
    return any(isinstance(each, Lexeme) and each.has(*roles) for each in items)


def _corrected(items: list[Item]) -> list[Item]:
    """Return what was said last, where the speaker took back what came before."""
    for index in range(len(items) - 1, -1, -1):
        each = items[index]
        if not isinstance(each, Lexeme) or not each.has("correction") or each.has("anchor"):
            continue
        before, after = _times(items[:index]), _times(items[index + 1 :])
        if not before or not after:
            continue
        if _has(items, "question_doubt", "sibling", "query"):
            raise Unclear("two_times")
        return _lend(before[-1], items[index + 1 :])
    return items


def _lend(before: Node, items: list[Item]) -> list[Item]:
    """Give the unit of what was taken back to a bare number that was said instead."""
    said = before.second if isinstance(before, Between) else before
    if not isinstance(said.core, Amount) or said.core.unit is None:
        return items
    unit = said.core.unit
    lent: list[Item] = []
    for each in items:
        if isinstance(each, Said) and isinstance(each.core, Amount) and each.core.unit is None:
            each = replace(each, core=replace(each.core, unit=unit))
        lent.append(each)
    return lent


def _some_time(items: Sequence[Item]) -> None:
    """Raise `Unclear` with the best question where no time was told."""
    if _times(items):
        return
    causes: tuple[tuple[Code, tuple[str, ...]], ...] = (
        ("slip", ("slip",)),
        ("event", ("event",)),
        ("too_vague", ("vague",)),
        ("year", ("month", "season", "christmas")),
        ("not_told", ("not_told", "unsure")),
        ("entry", ("entry_with", "entry_came", "entry_left", "teller", "entry")),
    )
    for code, roles in causes:
        if _has(items, *roles):
            raise Unclear(code)
    raise Unclear("not_told")


def _one_time(items: list[Item], kind: str, context: Context) -> Node:
    """Return the one time that was told; everything else must be a remark."""
    times = _times(items)
    if not times and kind == "age":
        late = _window(items)
        if late is not None:
            return late
    _some_time(items)
    if (
        _has(items, "not_told")
        and not _has(items, "unsure")
        and any(
            isinstance(e, Lexeme)
            and e.has("not_told")
            and not e.has("doubt", "unsure", "aux_not", "filler")
            for e in items
        )
    ):
        raise Unclear("not_told")
    items = _not_until(items)
    times = _times(items)
    for index, each in enumerate(items[:-1]):
        if (
            isinstance(each, Lexeme)
            and each.has("dash")
            and not isinstance(items[index + 1], Lexeme)
            and not (index and _has(items[index - 1 : index], "correction", "stop"))
        ):
            raise Unclear("impossible")  # minus three months
    if any(not _is_setting(each) for each in times):
        items = [_as_remark(each) for each in items]
        times = _times(items)
    remarks.check(items, kind)
    node = _twice_told(items, times, context) if kind == "age" else None
    node = node or _united(times, context)
    doubts = [
        frozenset(role for role in ("near_after", "doubt") if role in each.roles)
        for each in items
        if isinstance(each, Lexeme) and each.has("near_after", "doubt")
    ]
    if _has(items, "query", "unsure"):
        doubts.append(frozenset({"doubt"}))
    if isinstance(node, Said) and doubts:
        node = replace(node, mods=(*node.mods, *doubts))
    return node


def _window(items: Sequence[Item]) -> Said | None:
    """Return late, early or normal, if that alone was told."""
    roles = {
        role
        for each in items
        if isinstance(each, Lexeme)
        for role in ("window_late", "window_early", "window_normal")
        if role in each.roles
    }
    if len(roles) != 1:
        if roles:
            raise Unclear("too_vague")
        return None
    if any(
        isinstance(each, Lexeme)
        and each.has(
            "not",
            "not_told",
            "than",
            "sibling",
            "aux_not",
            "event",
            "before",
            "after",
            "or",
            "slip",
            "nearly",
            "entry",
            "teller",
        )
        and not each.has("window_late", "window_early", "window_normal", "filler")
        for each in items
    ):
        raise Unclear("too_vague")
    return Said(Window(roles.pop().removeprefix("window_")))


def _united(times: Sequence[Node], context: Context) -> Node:
    """Return the one time that several tellings of it are; raises `Unclear` if they differ."""
    exact = [each for each in times if not _is_setting(each)]
    wanted = exact or list(times)
    first = wanted[0]
    for other in wanted[1:]:
        if not _same(first, other):
            raise Unclear("two_times")
    if exact and len(exact) < len(times):
        told = ages.ages(first, context)
        for each in times:
            if isinstance(each, Said) and isinstance(each.core, AtEntry) and each.mods:
                raise Unclear("event")
            if isinstance(each, Said) and isinstance(each.core, Life):
                life = each.core.ages
                fits = (
                    told.high is not None and life.low <= told.low and told.high <= (life.high or 0)
                )
                if not fits or each.mods:
                    raise Unclear("two_times")
    return first


def _not_until(items: list[Item]) -> list[Item]:
    """Return "he didn't walk until two" as a bound: at two or after."""
    for index, each in enumerate(items):
        if not isinstance(each, Said) or not each.has("until", "before"):
            continue
        led = [
            place
            for place, word in enumerate(items[:index])
            if isinstance(word, Lexeme) and word.has("aux_not", "was_not")
        ]
        if len(led) == 1 and not _has(items[:index], "stop", "and", "or"):
            mods = tuple(
                frozenset({"not_until"}) if mod & {"until", "before"} else mod for mod in each.mods
            )
            rest = [*items[: led[0]], Lexeme("was", {"anchor": "was", "filler": "was"})]
            rest += items[led[0] + 1 : index]
            return [*_quiet(rest), replace(each, mods=mods), *items[index + 1 :]]
    return items


def _quiet(items: list[Item]) -> list[Item]:
    """Return the words between "didn't" and "until" as words that say nothing of the time."""
    return [
        Lexeme(each.text, {"filler": each.text})
        if isinstance(each, Lexeme) and each.has("other", "not_told", "filler")
        else each
        for each in items
    ]


def _as_remark(item: Item) -> Item:
    """Return "with us" as words of a remark, where another time is told."""
    if isinstance(item, Said) and isinstance(item.core, AtEntry) and not item.mods:
        return Lexeme("with", {"teller": "with", "intro": "with"})
    return item


def _is_setting(time: Node) -> bool:
    """Whether a time is told beside another to say where or in what stage of life it was."""
    return isinstance(time, Said) and isinstance(time.core, Life | AtEntry)


_SAYING_AGAIN: Final = frozenset(
    {
        "so",
        "that's",
        "that is",
        "which is",
        "o sea",
        "he was",
        "she was",
        "was",
        "he",
        "she",
        "ie",
        "is",
        "it's",
    }
)


def _twice_told(items: Sequence[Item], times: Sequence[Node], context: Context) -> Node | None:
    """Return the narrower of two tellings of one time: "July 2018, so he was 14 months"."""
    if len(times) != 2:
        return None
    first, second = (items.index(each) for each in times)
    between = items[first + 1 : second]
    if not between or not all(
        isinstance(each, Lexeme) and (each.has("stop") or each.text in _SAYING_AGAIN)
        for each in between
    ):
        return None
    one, other = (ages.ages(each, context) for each in times)
    for low, high in ((one, other), (other, one)):
        if low.high is None and high.low == 0 and high.high is not None and low.low < high.high:
            return Said(Life("bounds", Ages(low.low, high.high)))  # "after two but before three"
    for inner, outer, told in ((other, one, times[1]), (one, other, times[0])):
        low, high = outer.low - 0.01, 1e9 if outer.high is None else outer.high + 0.01
        if low <= inner.low and (inner.high or 1e9) <= high:
            return told
    return None


def _same(one: Node, other: Node) -> bool:
    if one == other:
        return True
    if not isinstance(one, Said) or not isinstance(other, Said):
        return False
    first, second = one.core, other.core
    if isinstance(first, Amount) and isinstance(second, Amount) and not one.mods and not other.mods:
        return second.unit in (None, first.unit) and replace(
            second, unit=first.unit, digits=""
        ) == replace(first, digits="")
    return False


# Clocks


def _clocks(found: Sequence[Lexeme], items: list[Item], context: Context) -> Number | None:
    """Return the hours between two times of the clock; None where no clock was told.

    Raises `Unclear` for one clock alone, and where a clock may be an amount.
    """
    cores = [each.core for each in items if isinstance(each, Said)]
    cores += [
        side.core
        for each in items
        if isinstance(each, Between)
        for side in (each.first, each.second)
    ]
    told = [each for each in cores if isinstance(each, Clock)]
    bare = [
        each for each in cores if isinstance(each, Amount) and each.unit is None and not each.few
    ]
    verbs = _has(items, "sleep_start", "sleep_end") and len(bare) + len(told) == 2
    if len(cores) != len(told) + len(bare):
        if told:
            raise Unclear("part_of_day")
        return None
    if len(bare) == 1 and not told and _at_clock(items):
        raise Unclear("part_of_day")
    ranged = [each for each in items if isinstance(each, Between) and each.by != "or"]
    opened = any(each.has("from") for each in found) and bool(ranged)
    falls = len(bare) == 2 and bool(ranged) and bare[0].low > bare[1].low
    if not (told or (verbs and len(bare) == 2) or opened or falls):
        if (
            len(bare) == 2
            and ranged
            and not any(e.first.core.unit for e in ranged if isinstance(e.first.core, Amount))
        ):
            raise Unclear("part_of_day")
        return None
    if len(cores) != 2 or any(isinstance(each, Between) and each.by == "or" for each in items):
        raise Unclear("part_of_day")
    wide = False
    sides = [
        side
        for each in items
        if isinstance(each, Said | Between)
        for side in ((each,) if isinstance(each, Said) else (each.first, each.second))
    ]
    for side in sides:
        for mod in side.mods:
            if mod & {"near", "near_after", "doubt"}:
                wide = True
            elif not mod & {"by", "just", "until"}:
                raise Unclear("too_vague")
    swapped = False
    if verbs:
        swapped = _ends_first(items)
    times = [_clock(core) for core in (reversed(cores) if swapped else cores)]
    for clause in remarks.clauses(items):
        for each in clause:
            if (
                isinstance(each, Lexeme)
                and each.has("not", "or", "than", "slip", "sibling", "correction")
                and not each.has("filler", "anchor")
            ):
                raise Unclear("part_of_day")
    return amounts.between_clocks(times, context.topic, wide)


def _at_clock(items: Sequence[Item]) -> bool:
    """Whether a bare number is told as a time of the clock: "at nine", "goes down at nine"."""
    for index, each in enumerate(items):
        if isinstance(each, Said):
            before = items[index - 1] if index else None
            led = isinstance(before, Lexeme) and before.has("sleep_start", "sleep_end", "until")
            at = isinstance(before, Lexeme) and before.text.split()[-1] in ("at", "las")
            return led or at or each.has("by")
    return False


def _ends_first(items: Sequence[Item]) -> bool:
    """Whether the waking was told before the going to sleep."""
    roles = [
        "start" if each.has("sleep_start") and not each.has("sleep_end") else "end"
        for each in items
        if isinstance(each, Lexeme) and each.has("sleep_start", "sleep_end")
    ]
    return bool(roles) and roles[0] == "end" and "start" in roles


def _clock(core: object) -> tuple[int, str | None]:
    if isinstance(core, Clock):
        return core.minutes, core.half
    assert isinstance(core, Amount)
    if core.rest not in (0, 0.5) or not 0 <= core.low <= 24:
        raise Unclear("part_of_day")
    minutes = int(core.low * 60 + core.rest * 60) % 1440
    return minutes, "24" if core.low > 12 or core.low == 0 else None


# Counts


def _count(found: Sequence[Lexeme], context: Context) -> Number:
    fixed = _fixed_frequency(found)
    if fixed is not None:
        return fixed
    found = list(found)
    per, rest = _per(found)
    items: list[Item] = _corrected(Grammar(rest, context, "count").items())
    times = _times(items)
    if not times and per is None and _has(items, "zero_count"):
        allowed = (
            "zero_count",
            "filler",
            "stop",
            "anchor",
            "times",
            "correction",
            "not",
            "not_told",
            "intro",
        )
        if all(isinstance(each, Lexeme) and each.has(*allowed) for each in items):
            return Number(0, 0)
        raise Unclear("not_told")
    if not times:
        named = [each for each in items if isinstance(each, Lexeme) and each.has("weekdays")]
        if (
            named
            and all(each.text.endswith("s") for each in named)
            and not _has(items, "or", "not")
        ):
            remarks.check([each for each in items if each not in named], "count")
            return Number(len(named), len(named), per="week")
        _some_time(items)
    if any(
        isinstance(e, Lexeme)
        and e.has("not_told", "zero_count", "correction")
        and not e.has("filler", "anchor", "intro", "unsure", "doubt")
        for e in items
    ):
        raise Unclear("two_times")
    for index, each in enumerate(items[1:], 1):
        before = items[index - 1]
        if isinstance(each, Said) and isinstance(before, Lexeme) and before.text in _NO_COUNT:
            raise Unclear("too_vague")  # "at three", "in 2019"
    for each in times:
        for side in (each,) if isinstance(each, Said) else (each.first, each.second):
            if isinstance(side.core, Amount) and 1900 <= side.core.low <= 2100:
                raise Unclear("too_vague")
            if isinstance(side.core, Amount) and side.core.unit is not None:
                if per != "week" or side.core.unit != "day":
                    raise Unclear("too_vague")
                if side.core.low > 7:
                    raise Unclear("impossible")
    node = _one_time(items, "count", context)
    return amounts.count(node, per)


_NO_COUNT: Final = ("at", "a las", "a los", "since", "desde", "until", "hasta")
_FIXED: Final = (
    ("daily", 7, 7, "week"),
    ("weekly", 1, 1, "week"),
    ("monthly", 1, 1, "month"),
    ("yearly", 1, 1, "year"),
    ("most_days", 4, 6, "week"),
    ("school_days", 4, 4, "week"),
    ("weekdays_all", 5, 5, "week"),
    ("other_day", 3, 4, "week"),
    ("weekends", 1, 2, "week"),
    ("every_couple", 4, 6, "year"),
)


def _fixed_frequency(found: Sequence[Lexeme]) -> Number | None:
    """Return a frequency that one phrase tells ("most days", "every other day")."""
    for index, each in enumerate(found):
        row = next((row for row in _FIXED if each.has(row[0])), None)
        fixed = (*row, 1) if row is not None else _every(found, index)
        if fixed is None:
            continue
        rest: list[Item] = [*found[:index], *found[index + fixed[4] :]]
        counted = [
            each
            for each in rest
            if isinstance(each, Lexeme)
            and each.has("number", "tens", "few", "twice", "thrice", "half")
        ]
        once = [each for each in rest if isinstance(each, Lexeme) and each.has("once")]
        if counted or (once and fixed[0] in ("daily", "most_days")):
            if fixed[0] in ("weekly", "monthly", "yearly", "daily"):
                return None  # "twice every week" is read as a count
            raise Unclear("two_times")
        rest = [each for each in rest if each not in once]
        rest = [e for e in rest if not (isinstance(e, Lexeme) and e.has("just", "only_when"))]
        if any(
            isinstance(e, Lexeme)
            and e.has(
                "nearly",
                "near",
                "up_to",
                "at_least",
                "fewer_than",
                "more_than",
                "or",
                "not",
                "not_told",
                "doubt",
            )
            and not e.has("filler", "anchor", "intro")
            for e in rest
        ):
            raise Unclear("too_vague")
        remarks.check([Said(Amount(1, 1, None)), *_spaced(rest)], "count")
        return Number(fixed[1], fixed[2], per=fixed[3])
    return None


def _spaced(rest: Sequence[Item]) -> list[Item]:
    """Return leftovers behind a stop: a frequency may stand anywhere in its clause."""
    return [Lexeme(",", {"stop": ","}), *rest]


def _every(found: Sequence[Lexeme], index: int) -> tuple[str, float, float, str, int] | None:
    """Read "every two months", "every other month", "every Monday": role, low, high, per, words."""
    each = found[index]
    if each.has("every_second") and index + 1 < len(found) and found[index + 1].has("unit"):
        if found[index + 1].roles["unit"] == "month":
            return "", 6, 6, "year", 2
        raise Unclear("too_vague")
    if each.has("every_few"):
        raise Unclear("too_vague")
    if not each.has("every") or index + 1 >= len(found):
        return None
    following = found[index + 1]
    if following.has("weekdays"):
        return "", 1, 1, "week", 2
    if following.has("unit") and following.roles["unit"] in ("day", "week", "month", "year"):
        unit = str(following.roles["unit"])
        return ("", 7, 7, "week", 2) if unit == "day" else ("", 1, 1, unit, 2)
    if following.has("few"):
        if (
            following.roles["few"] == (2, 3)
            and found[index + 2 : index + 3]
            and found[index + 2].has("unit")
        ) and found[index + 2].roles["unit"] == "month":
            return "", 4, 6, "year", 3
        raise Unclear("too_vague")
    if following.has("number") and index + 2 < len(found) and found[index + 2].has("unit"):
        number, unit = following.roles["number"], found[index + 2].roles["unit"]
        if unit == "month" and isinstance(number, int | float) and number in (2, 3, 4, 6):
            return "", 12 / number, 12 / number, "year", 3
        raise Unclear("too_vague")
    return None


def _without_day(found: list[Lexeme]) -> list[Lexeme]:
    """Return "ten hours a day" without the day: hours are asked for a day."""
    for index in range(1, len(found) - 1):
        day = found[index + 1].roles.get("unit") == "day"
        if day and found[index].has("a", "per", "every") and found[index - 1].has("unit", "number"):
            return [*found[:index], *found[index + 2 :]]
    return found


def _per(found: list[Lexeme]) -> tuple[str | None, list[Lexeme]]:
    """Return the unit of "twice a week", and the lexemes without it."""
    for index in range(1, len(found)):
        each = found[index]
        unit = None
        width = 1
        if each.has("weekly", "monthly", "yearly", "daily"):
            unit = next(
                u
                for r, u in (
                    ("weekly", "week"),
                    ("monthly", "month"),
                    ("yearly", "year"),
                    ("daily", "day"),
                )
                if each.has(r)
            )
        elif (
            each.has("per", "a", "every")
            and index + 1 < len(found)
            and found[index + 1].has("unit")
        ):
            unit, width = str(found[index + 1].roles["unit"]), 2
        elif (
            each.has("per", "a", "every")
            and index + 1 < len(found)
            and found[index + 1].has("night")
        ):
            unit, width = "day", 2
        elif (
            each.has("per", "of")
            and index + 2 < len(found)
            and found[index + 1].has("filler", "a")
            and found[index + 2].has("unit")
        ):
            unit, width = str(found[index + 2].roles["unit"]), 3
        if unit is None or not any(
            e.has("number", "tens", "few", "once", "twice", "thrice") for e in found[:index]
        ):
            continue
        if unit not in ("day", "week", "month", "year"):
            raise Unclear("too_vague")
        return unit, [*found[:index], *found[index + width :]]
    return None, found


__all__ = ["KINDS", "Ages", "Calendar", "Number", "Relative", "read"]
