"""The parts of a condition as terms: what each may be, by the laws of `bank.truth`.

A `Mask` is the set of what a truth may turn out to be (true, false, void), member by member a term.
`Seen` is any other part: void (closed), not known, or a value. Numbers and dates have two ends, the
same where they are exact; dates are days (`date.toordinal`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.logic import Number, Truth, both, either, no

# Stands for "no upper end": above every number that a condition can hold.
ENDLESS: Final = 10**18


@dataclass(frozen=True, slots=True)
class Mask:
    """What a truth may be: true, false, void; at least one of them."""

    true: Truth
    false: Truth
    void: Truth

    @property
    def opens(self) -> Truth:
        """That it is true beyond doubt."""
        return both(self.true, no(self.false), no(self.void))

    @property
    def closes(self) -> Truth:
        """That it is not true beyond doubt: false, or void."""
        return no(self.true)


TRUE: Final = Mask(True, False, False)
FALSE: Final = Mask(False, True, False)
VOID: Final = Mask(False, False, True)
UNKNOWN: Final = Mask(True, True, False)


def conjunction(left: Mask, right: Mask) -> Mask:
    """Return the `and`: false if one is false, else void if one is void, else true."""
    return Mask(
        both(left.true, right.true),
        either(left.false, right.false),
        either(
            both(left.void, either(right.true, right.void)),
            both(right.void, either(left.true, left.void)),
        ),
    )


def disjunction(left: Mask, right: Mask) -> Mask:
    """Return the `or`: true if one is true, else void if one is void, else false."""
    return opposite(conjunction(opposite(left), opposite(right)))


def opposite(mask: Mask) -> Mask:
    """Return the `not`: void stays void."""
    return Mask(mask.false, mask.true, mask.void)


def chosen(condition: Truth, then: Mask, otherwise: Mask) -> Mask:
    """Return one mask or another."""

    def each(one: Truth, other: Truth) -> Truth:
        return either(both(condition, one), both(no(condition), other))

    return Mask(
        each(then.true, otherwise.true),
        each(then.false, otherwise.false),
        each(then.void, otherwise.void),
    )


def doubted(mask: Mask, doubt: Truth) -> Mask:
    """Return the mask, void too where what it reads may turn out to be closed."""
    return Mask(mask.true, mask.false, either(mask.void, doubt))


@dataclass(slots=True)
class Word:
    """A code or text: for each word that was asked for, that it is this one.

    `more` makes the term for a further word; without it a word that is not there is never it.
    """

    words: dict[str, Truth] = field(default_factory=dict[str, Truth])
    more: Callable[[str], Truth] | None = None

    def is_(self, word: str) -> Truth:
        """Return that it is this word."""
        if word not in self.words:
            self.words[word] = self.more(word) if self.more else False
        return self.words[word]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one age in months to another, or (`lasts`) until today."""

    start: Number
    end: Number
    lasts: Truth


@dataclass(frozen=True, slots=True)
class Seen:
    """A part that is no truth; what it holds counts only where it is `known`."""

    known: Truth
    void: Truth = False
    truth: Truth = None
    low: Number = None
    high: Number = None
    word: Word | None = None
    codes: Mapping[str, Truth] | None = None
    stretch: Stretch | None = None

    @property
    def exact(self) -> bool:
        """Whether a number has one end, or two that are the same."""
        return self.low is self.high

    def mask(self, true: Truth, false: Truth) -> Mask:
        """Return the mask of something read off this, which is so or not where it is known."""
        return weighed(self.known, self.void, true, false)


NOT_KNOWN: Final = Seen(False)


def weighed(known: Truth, void: Truth, true: Truth, false: Truth) -> Mask:
    """Return a mask of what may be so or not where it is known, anything where it is not."""
    there = no(void)
    return Mask(both(there, either(no(known), true)), both(there, either(no(known), false)), void)


def constant(value: bool | int | float | str) -> Seen:
    """Return a plain value of a condition; 0.9 is nine tenths."""
    match value:
        case bool():
            return Seen(True, truth=value)
        case str():
            days = days_of(value)
            low, high = days or (None, None)
            return Seen(True, word=Word({value: True}), low=low, high=high)
        case _:
            number = Fraction(repr(value)) if isinstance(value, float) else value
            return Seen(True, low=number, high=number)


def days_of(text: str) -> tuple[int, int] | None:
    """Return the first and last day that an ISO date may mean; None for what is no date."""
    try:
        year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
        first = date(year, month or 1, day or 1)
        if day:
            return first.toordinal(), first.toordinal()
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return first.toordinal(), after.toordinal() - 1
    except ValueError:
        return None


# -- comparing -------------------------------------------------------------------------------------


def compared(sign: str, left: Seen, right: Seen) -> Mask:
    """Return what a comparison may come to; both sides are of one kind."""
    known, void = both(left.known, right.known), either(left.void, right.void)
    if left.word is not None and right.word is not None:
        true, false = _same_words(left.word, right.word)
    elif left.low is not None and right.low is not None:
        return weighed(known, void, *between(sign, left, right))
    elif left.truth is not None and right.truth is not None:
        true = logic.alike(left.truth, right.truth)
        false = no(true)
    else:
        true = false = True
    return weighed(known, void, *((false, true) if sign == "!=" else (true, false)))


def between(sign: str, left: Seen, right: Seen) -> tuple[Truth, Truth]:
    """Return whether a comparison of numbers or days may hold, and whether it may not."""
    match sign:
        case ">" | ">=":
            return between("<" if sign == ">" else "<=", right, left)
        case "!=":
            true, false = between("==", left, right)
            return false, true
        case "==" if left.exact and right.exact:
            same = logic.equal(left.low, right.low)
            return same, no(same)
        case "==":
            apart = either(logic.below(left.high, right.low), logic.below(right.high, left.low))
            one = both(
                logic.equal(left.low, left.high),
                logic.equal(right.low, right.high),
                logic.equal(left.low, right.low),
            )
            return no(apart), no(one)
        case "<":
            return logic.below(left.low, right.high), no(logic.below(left.high, right.low))
        case _:
            return logic.at_most(left.low, right.high), no(logic.at_most(left.high, right.low))


def _same_words(left: Word, right: Word) -> tuple[Truth, Truth]:
    names = list(dict.fromkeys((*left.words, *right.words)))
    same = logic.any_of(both(left.is_(each), right.is_(each)) for each in names)
    if left.more is None or right.more is None:
        return same, no(same)
    # Two texts that nobody named may be the same or not.
    others = both(*(no(left.is_(each)) for each in names), *(no(right.is_(each)) for each in names))
    return either(same, others), no(same)


def among(value: Seen, members: Sequence[bool | int | float | str]) -> Mask:
    """Return whether a value is one of these."""
    if value.word is not None:
        is_one = logic.any_of(value.word.is_(str(each)) for each in members)
        return value.mask(is_one, no(is_one))
    if value.low is None:
        return value.mask(True, True)
    pairs = [between("==", value, constant(each)) for each in members]
    is_one, is_none = zip(*pairs, strict=True)
    return value.mask(logic.any_of(is_one), logic.all_of(is_none))


def holds(value: Seen, code: bool | int | float | str) -> Mask:
    """Return whether an answer is, or has among several choices, this code."""
    match code:
        case bool():
            so = value.truth if value.truth is not None else False
            return value.mask(so if code else no(so), no(so) if code else so)
        case str() if value.codes is not None:
            so = value.codes.get(code, False)
            return value.mask(so, no(so))
        case str() if value.word is not None:
            so = value.word.is_(code)
            return value.mask(so, no(so))
        case _ if value.low is not None:
            return value.mask(*between("==", value, constant(code)))
        case _:
            return value.mask(False, True)


# -- computing -------------------------------------------------------------------------------------


def computed(sign: str, left: Seen, right: Seen) -> Seen:
    """Return the result of an arithmetic sign on two numbers."""
    known, void = both(left.known, right.known), either(left.void, right.void)
    if left.low is None or right.low is None:
        return Seen(False, void)
    if sign == "+":
        return _number(known, void, logic.added, (left.low, right.low), (left.high, right.high))
    if sign == "-":
        return _number(known, void, logic.taken, (left.low, right.high), (left.high, right.low))
    if not (left.exact and right.exact):
        return _scaled(sign, left, right, known, void)
    if sign == "*":
        product = logic.times(left.low, right.low)
        return Seen(known, void, low=product, high=product)
    there = both(known, no(logic.equal(right.low, 0)))
    if there is False:
        return Seen(False, void)
    result = logic.over(left.low, right.low)
    if sign in ("//", "%"):
        result = logic.floor(result)
    if sign == "%":
        result = logic.taken(left.low, logic.times(right.low, result))
    return Seen(there, void, low=result, high=result)


def _number(
    known: Truth,
    void: Truth,
    apply: Callable[[Number, Number], Number],
    lows: tuple[Number, Number],
    highs: tuple[Number, Number],
) -> Seen:
    low = apply(*lows)
    exact = lows[0] is highs[0] and lows[1] is highs[1]
    return Seen(known, void, low=low, high=low if exact else apply(*highs))


def _scaled(sign: str, left: Seen, right: Seen, known: Truth, void: Truth) -> Seen:
    """Return a number with two ends times (or over) a constant; anything else is not known."""
    if sign == "*" and logic.plain(left.low) and left.exact:
        left, right = right, left
    if sign not in ("*", "/") or not (right.exact and logic.plain(right.low)) or right.low == 0:
        return Seen(False, void)
    rate = Fraction(right.low) if sign == "*" else 1 / Fraction(right.low)
    ends = [logic.times(left.low, rate), logic.times(left.high, rate)]
    low, high = ends if rate > 0 else ends[::-1]
    return Seen(known, void, low=low, high=high)


# -- over instances --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One instance in an aggregate: whether it is there at all, and what it may be."""

    there: Truth
    mask: Mask


def over_members(wins_true: bool, members: Sequence[Member], complete: Truth) -> Mask:
    """Return `any_of` (one that is true wins) or `all_of` (one that is false wins)."""
    anybody = logic.any_of(each.there for each in members)
    wins = logic.any_of(both(each.there, _surely(each.mask, wins_true)) for each in members)
    true = logic.any_of(both(each.there, each.mask.true) for each in members)
    false = logic.any_of(both(each.there, each.mask.false) for each in members)
    void = logic.all_of(either(no(each.there), each.mask.void) for each in members)
    found = Mask(true, false, both(anybody, void))
    ends = (TRUE, FALSE) if wins_true else (FALSE, TRUE)
    without = chosen(complete, ends[1], UNKNOWN)
    return chosen(anybody, chosen(wins, ends[0], found), without)


def _surely(mask: Mask, true: bool) -> Truth:
    if true:
        return mask.opens
    return both(mask.false, no(mask.true), no(mask.void))


def counted(members: Sequence[Member], complete: Truth) -> Seen:
    """Return how many members are true: from those that surely are to those that may be."""
    anybody = logic.any_of(each.there for each in members)
    closed = logic.all_of(
        either(no(each.there), both(each.mask.void, no(each.mask.true), no(each.mask.false)))
        for each in members
    )
    low = _sum(logic.choose(both(each.there, each.mask.opens), 1, 0) for each in members)
    high = _sum(logic.choose(both(each.there, each.mask.true), 1, 0) for each in members)
    high = logic.choose(either(anybody, complete), high, ENDLESS)
    return Seen(True, both(anybody, closed), low=low, high=high)


def _sum(numbers: Iterable[Number]) -> Number:
    total: Number = 0
    for number in numbers:
        total = logic.added(total, number)
    return total


def joined(
    join: Callable[[Sequence[tuple[Truth, Seen]]], tuple[Truth, Number, Number]],
    members: Sequence[tuple[Truth, Truth, Truth, Seen]],
    complete: Truth,
) -> Seen:
    """Return what values of all members come to, each (there, open, closed, value).

    One that is there and not known, or not surely asked, leaves all of it unknown.
    """
    anybody = logic.any_of(there for there, *_ in members)
    counting = [(both(there, no(closed)), open_, seen) for there, open_, closed, seen in members]
    known = logic.all_of(
        either(no(counts), both(open_, seen.known)) for counts, open_, seen in counting
    )
    some = logic.any_of(counts for counts, _, _ in counting)
    decided, low, high = join([(counts, seen) for counts, _, seen in counting])
    return Seen(
        both(some, known, decided), both(no(some), either(anybody, complete)), low=low, high=high
    )


def summed(members: Sequence[tuple[Truth, Seen]]) -> tuple[Truth, Number, Number]:
    """Return the sum of the members that count."""
    total = _sum(logic.choose(counts, seen.low, 0) for counts, seen in members)
    return True, total, total


def least_of(members: Sequence[tuple[Truth, Seen]]) -> tuple[Truth, Number, Number]:
    """Return the least of the members that count."""
    found = logic.least(logic.choose(counts, seen.low, ENDLESS) for counts, seen in members)
    return True, found, found


def greatest_of(members: Sequence[tuple[Truth, Seen]]) -> tuple[Truth, Number, Number]:
    """Return the greatest of the members that count."""
    found = logic.greatest(logic.choose(counts, seen.low, -ENDLESS) for counts, seen in members)
    return True, found, found


def gap_or_overlap(
    gap: bool, age: Seen
) -> Callable[[Sequence[tuple[Truth, Seen]]], tuple[Truth, Number, Number]]:
    """Return what finds the longest time in no stretch, or the longest that lies in two."""

    def longest(members: Sequence[tuple[Truth, Seen]]) -> tuple[Truth, Number, Number]:
        ends: list[tuple[Truth, Number, Number]] = []
        decided: list[Truth] = []
        for counts, seen in members:
            stretch = seen.stretch
            if stretch is None:
                return False, 0, 0
            end = logic.choose(stretch.lasts, age.low, stretch.end)
            ends.append((counts, stretch.start, end))
            decided.append(either(no(counts), no(stretch.lasts), age.known))
        found: Number = 0
        for place, (counts, start, end) in enumerate(ends):
            earlier = [
                (both(there, _comes_before((begun, ended), (start, end), other < place)), ended)
                for other, (there, begun, ended) in enumerate(ends)
                if other != place
            ]
            covered: Number = -ENDLESS
            if earlier:
                ended_by = (logic.choose(is_it, ended, -ENDLESS) for is_it, ended in earlier)
                covered = logic.greatest(ended_by)
            behind = logic.any_of(is_it for is_it, _ in earlier)
            size = logic.taken(start, covered)
            if not gap:
                size = logic.taken(logic.least((end, covered)), start)
            found = logic.choose(both(counts, behind, logic.below(found, size)), size, found)
        return logic.all_of(decided), found, found

    return longest


def _comes_before(
    one: tuple[Number, Number], other: tuple[Number, Number], in_order: bool
) -> Truth:
    ends = logic.at_most(one[1], other[1]) if in_order else logic.below(one[1], other[1])
    return either(logic.below(one[0], other[0]), both(logic.equal(one[0], other[0]), ends))
