"""A bank's conditions as terms: every question instance closed, not answered, missing or answered.

One teller's exact answers are enough: what is open (or closed) with answers as wide as they were
told, or between tellers, is so for each exact answer among them. Questions are written down from a
list of what is still to be written, not by recursion: a chain may be thousands long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Condition, Question
from nmt_intake.bank.proof import logic, parts
from nmt_intake.bank.proof.facts import (
    LAST_DAY,
    OLDEST_MONTHS,
    SOME_PERIOD,
    WEEKS,
    Facts,
    text_word,
)
from nmt_intake.bank.proof.goals import with_value
from nmt_intake.bank.proof.logic import Solver, Truth, both, either, implies, no
from nmt_intake.bank.proof.parts import Mask, Member, Seen, Stretch, Word
from nmt_intake.bank.truth import Scalar, Tree
from nmt_intake.text import clean
from nmt_intake.vocabulary import MISSING_REASONS, PERIOD_STARTS, PERIODS

_LARGEST: Final = 10**12
_BEFORE_BIRTH: Final = -9


@dataclass(slots=True)
class Slot:
    """One question instance: its gate open or closed (neither: pending), what was said to it.

    `said` an answer, or `marked` missing for one of the `reasons`; `value` is the answer.
    """

    question: Question
    prefix: str
    open: Truth
    closed: Truth
    said: Truth
    marked: Truth
    value: Seen
    reasons: Word | None = None

    @property
    def name(self) -> str:
        """The slot's name, as in an answers file."""
        return self.prefix + self.question.id

    @property
    def pending(self) -> Truth:
        """That its gate is not decided."""
        return both(no(self.open), no(self.closed))

    @property
    def answered(self) -> Truth:
        """That an answer counts."""
        return both(self.said, no(self.closed))


@dataclass(frozen=True, slots=True)
class View:
    """From where a condition is read: the instance, and the informants it may be answered by."""

    prefix: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What sets a bank's questions apart from those of another bank that shares their answers.

    `options` are all codes of a question in both banks; `apart` are questions that are of another
    kind there; `names` what a question is called there.
    """

    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    apart: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def shared_name(self, question: Question, tag: str) -> str:
        """Return the name under which the answers of both banks to a question are the same."""
        name = self.names.get(question.id, question.id)
        return f"{tag}{name}" if question.id in self.apart else name


class Encoder:
    """Writes conditions of one bank into a solver.

    `gated` false leaves out whether the questions that are read can be asked. `tag` sets apart the
    gates of two banks that share their answers; `loose` is a question whose hard check is left out.
    """

    def __init__(
        self,
        bank: Bank,
        solver: Solver,
        facts: Facts,
        nice: Truth,
        gated: bool = True,
        tag: str = "",
        loose: str = "",
        beside: Beside | None = None,
    ) -> None:
        self.bank = bank
        self.facts = facts
        self._solver = solver
        self._nice = nice
        self._gated = gated
        self._tag = tag
        self._loose = loose
        self._beside = beside or Beside()
        self.slots: dict[str, Slot] = {}
        self._waiting: list[Slot] = []
        self._kept: list[Condition] = []  # so that no other takes its place in memory
        self._masks: dict[tuple[int, str, tuple[str, ...]], Mask] = {}
        self._teller: int | str | None = None
        self._tellers_of: dict[str, int] = {}
        for question in bank.questions.values():
            if question.fact and question.for_each is None:
                self._tellers_of[question.fact] = self._tellers_of.get(question.fact, 0) + 1

    def mask(self, condition: Condition, view: View) -> Mask:
        """Return what a condition may come to for an instance."""
        key = (id(condition), view.prefix, view.kinds)
        found = self._masks.get(key)
        if found is None:
            tree = condition.tree
            asks = condition.asks_informants
            found = self._for_any_teller(tree, view) if asks else self._truth(tree, view.prefix)
            self._masks[key] = found
            self._kept.append(condition)
        return found

    def slot(self, question: str, prefix: str) -> Slot:
        """Return a question instance; what it hangs on is written by `settle`."""
        name = prefix + question
        found = self.slots.get(name)
        if found is None:
            found = self.slots[name] = self._new_slot(self.bank.questions[question], prefix)
            self._waiting.append(found)
        return found

    def settle(self) -> None:
        """Write down the gates and bounds of every question instance that was spoken of."""
        while self._waiting:
            self._define(self._waiting.pop())

    def there(self, loop: str | None, prefix: str) -> Truth:
        """Return that an instance is there to be asked about."""
        if not loop:
            return True
        if prefix == SOME_PERIOD:
            return no(self.facts.some_reached[1])
        return dict(self.facts.instances(loop)).get(prefix, False)

    # -- slots -------------------------------------------------------------------------------------

    def _new_slot(self, question: Question, prefix: str) -> Slot:
        name = prefix + self._beside.shared_name(question, self._tag)
        said = both(logic.truth(f"said {name}"), self._readable(question, name))
        gated = self._gated and (question.for_each == "period" or any(self._gates(question)))
        return Slot(
            question,
            prefix,
            open=logic.truth(f"{self._tag}open {name}") if gated else True,
            closed=logic.truth(f"{self._tag}closed {name}") if gated else False,
            said=said,
            marked=False,
            value=self._value(question, name),
        )

    def _readable(self, question: Question, name: str) -> Truth:
        """Return that this bank can read an answer: one that both banks share may be foreign."""
        foreign = [
            code
            for code in self._beside.options.get(question.id, ())
            if code not in self._own_codes(question)
        ]
        sort = "has" if KINDS[question.kind].shape == "codes" else "is"
        return logic.all_of(no(logic.truth(f"{name} {sort} {code}")) for code in foreign)

    def _gates(self, question: Question) -> list[Condition]:
        block = self.bank.block_by_id[question.block]
        return [each for each in (block.when, question.counts_when) if each]

    def _define(self, slot: Slot) -> None:
        add = self._solver.add
        question, prefix = slot.question, slot.prefix
        if slot.open is not True:
            view = View(prefix, question.informants)
            masks = [self.mask(each, view) for each in self._gates(question)]
            opens, closes = [each.opens for each in masks], [each.closes for each in masks]
            if question.for_each == "period":
                reached, not_reached = self.reached(prefix)
                opens.append(reached)
                closes.append(not_reached)
            add(logic.alike(slot.open, logic.all_of(opens)))
            add(logic.alike(slot.closed, logic.any_of(closes)))
        if question.for_each:
            add(implies(slot.said, self.there(question.for_each, prefix)))
        if question.hard_check and question.id != self._loose:
            tree = with_value(question.hard_check.expect.tree, question)
            fails = parts.opposite(self._truth(tree, prefix))
            add(implies(slot.said, no(fails.opens)))
        if question.fact and not question.for_each:
            self._link_fact(slot)

    def reached(self, prefix: str) -> tuple[Truth, Truth]:
        """Return that the client has come to a period beyond doubt, and that surely not yet."""
        if prefix == SOME_PERIOD:
            return self.facts.some_reached
        return self.facts.surely(prefix[:-1]), self.facts.surely_not(prefix[:-1])

    def _link_fact(self, slot: Slot) -> None:
        """What is told of the client is the fact; what the record holds counts as told."""
        fact = slot.question.fact or ""
        if fact not in ("client.birth", "client.gestation_weeks") or slot.value.low is None:
            return
        if self._tellers_of[fact] != 1:
            return
        held = self.facts.of_client(fact)
        fits = True
        if fact == "client.gestation_weeks":
            low = slot.value.low
            fits = both(logic.at_most(WEEKS[0], low), logic.at_most(low, WEEKS[1]))
        else:
            before = logic.at_most(slot.value.low, self.facts.day.low)
            self._solver.add(implies(slot.said, before))
        same = both(held.known, logic.equal(held.low, slot.value.low))
        self._solver.add(implies(both(slot.answered, fits), same))
        self._solver.add(implies(both(held.known, no(slot.closed)), slot.said))

    def _value(self, question: Question, name: str) -> Seen:
        said = logic.truth(f"said {name}")
        match KINDS[question.kind].shape:
            case "truth":
                return Seen(said, truth=logic.truth(f"yes {name}"))
            case "code":
                every = {code: logic.truth(f"{name} is {code}") for code in self._codes(question)}
                self._solver.add(implies(said, logic.exactly_one(every.values())))
                words = {code: every[code] for code in self._own_codes(question)}
                self._only_named(question, words)
                return Seen(said, word=Word(words))
            case "codes":
                return Seen(said, codes=self._choices(question, name, said))
            case "words":
                return Seen(said, word=text_word(self._solver, name, _as_stored))
            case "interval":
                return Seen(said, stretch=self._stretch(name))
            case "rows":
                return Seen(said)
            case "day":
                day = logic.whole(f"day {name}")
                self._bound(day, 1, LAST_DAY)
                self._prefer(both(logic.at_most(719_163, day), logic.at_most(day, 744_000)))
                return Seen(said, low=day, high=day)
            case "number":
                return Seen(said, low=(number := self._number(question, name)), high=number)

    def _number(self, question: Question, name: str) -> logic.Number:
        if KINDS[question.kind].codes == "steps":
            step = logic.whole(f"step {name}")
            steps = [int(code) for code in question.options]
            self._solver.add(logic.any_of(logic.equal(step, each) for each in steps))
            return step
        number = logic.real(f"number {name}")
        age = KINDS[question.kind].is_age
        # An age told as a span may begin before birth.
        low, high = (_BEFORE_BIRTH, OLDEST_MONTHS) if age else (-_LARGEST, _LARGEST)
        self._bound(number, low, high)
        usual = both(logic.at_most(0, number), logic.at_most(number, 10_000))
        self._prefer(both(usual, logic.equal(number, logic.floor(number))))
        self._keep_short(number)
        return number

    def _choices(self, question: Question, name: str, said: Truth) -> dict[str, Truth]:
        every = {code: logic.truth(f"{name} has {code}") for code in self._codes(question)}
        self._solver.add(implies(said, logic.any_of(every.values())))
        codes = {code: every[code] for code in self._own_codes(question)}
        self._only_named(question, codes)
        for alone in question.alone:
            others = [no(each) for code, each in codes.items() if code != alone]
            self._solver.add(implies(codes.get(alone, False), logic.all_of(others)))
        return codes

    def _codes(self, question: Question) -> tuple[str, ...]:
        beside = self._beside.options.get(question.id, ())
        return tuple(dict.fromkeys((*self._own_codes(question), *beside)))

    def _own_codes(self, question: Question) -> tuple[str, ...]:
        """Return a question's codes, the entries that can be chosen among them."""
        entries = self.facts.instances(question.options_from) if question.options_from else ()
        return (*question.options, *(prefix[:-1] for prefix, _ in entries))

    def _only_named(self, question: Question, codes: Mapping[str, Truth]) -> None:
        for prefix, there in self.facts.instances(question.options_from or ""):
            self._solver.add(implies(codes[prefix[:-1]], there))

    def _stretch(self, name: str) -> Stretch:
        start, end = logic.real(f"start {name}"), logic.real(f"end {name}")
        lasts = logic.truth(f"lasts {name}")
        for each in (start, end):
            self._bound(each, _BEFORE_BIRTH, OLDEST_MONTHS)
            self._prefer(logic.equal(each, logic.floor(each)))
            self._keep_short(each)
        self._solver.add(either(lasts, logic.at_most(start, end)))
        return Stretch(start, end, lasts)

    def _bound(self, number: logic.Number, low: int, high: int) -> None:
        self._solver.add(both(logic.at_most(low, number), logic.at_most(number, high)))

    def _keep_short(self, number: logic.Number) -> None:
        if self.facts.short is not False:
            self._solver.add(implies(self.facts.short, _is_short(number)))

    def _prefer(self, usual: Truth) -> None:
        self._solver.add(implies(self._nice, usual))

    # -- conditions --------------------------------------------------------------------------------

    def _for_any_teller(self, tree: Tree, view: View) -> Mask:
        """Return what a condition about the informant comes to: it holds if it does for one."""
        found, anybody = parts.FALSE, False
        for number, teller in enumerate(self.facts.tellers):
            fits = either(*(teller.kind.is_(kind) for kind in view.kinds)) if view.kinds else True
            here = both(teller.here, fits)
            self._teller = number
            mask = self._truth(tree, view.prefix)
            found = parts.disjunction(found, parts.chosen(here, mask, parts.FALSE))
            anybody = either(anybody, here)
        nobody = parts.FALSE
        for kind in view.kinds:
            self._teller = kind
            nobody = parts.disjunction(nobody, self._truth(tree, view.prefix))
        self._teller = None
        if not view.kinds:
            nobody = self._truth(tree, view.prefix)
        return parts.chosen(anybody, found, nobody)

    def _truth(self, tree: Tree, prefix: str) -> Mask:
        match tree:
            case ["const", bool(constant)]:
                return parts.TRUE if constant else parts.FALSE
            case ["and" | "or" as word, *rest]:
                join = parts.conjunction if word == "and" else parts.disjunction
                masks = [self._truth(part, prefix) for part in rest]
                found = masks[0]
                for mask in masks[1:]:
                    found = join(found, mask)
                return found
            case ["not", part]:
                return parts.opposite(self._truth(part, prefix))
            case ["compare", str(), first, *links]:
                return self._compared(first, links, prefix)
            case ["in", part, *members]:
                allowed = [each for each in members if isinstance(each, Scalar)]
                mask = parts.among(self._seen(part, prefix), allowed)
                return parts.doubted(mask, self._doubt(part, prefix))
            case ["call", "answered" | "missing" as name, ["ref", *_] as reference]:
                return self._spoken_of(str(name), self._slot_of(reference, prefix))
            case ["call", "has", ["ref", *_] as reference, code] if isinstance(code, Scalar):
                mask = parts.holds(self._seen(reference, prefix), code)
                return parts.doubted(mask, self._doubt(reference, prefix))
            case ["call", "chosen", ["ref", *_] as reference, str()]:
                mask = parts.holds(self._seen(reference, prefix), prefix[:-1])
                return parts.doubted(mask, self._doubt(reference, prefix))
            case ["call", "chosen_by_any", str(question), str(loop), str()]:
                members = self._members(question, loop, prefix[:-1])
                return parts.over_members(True, members, self._complete(loop))
            case ["call", "during", ["ref", *_] as reference, str(period)]:
                mask = self._during(self._seen(reference, prefix), period, prefix)
                return parts.doubted(mask, self._doubt(reference, prefix))
            case ["call", "any_of" | "all_of" as name, str(question), str(loop), code] if (
                isinstance(code, Scalar)
            ):
                members = self._members(question, loop, code)
                return parts.over_members(name == "any_of", members, self._complete(loop))
            case ["call", "any_during", str(question), str(loop), str(period)]:
                members = list(self._members_during(question, loop, period, prefix))
                return parts.over_members(True, members, self._complete(loop))
            case ["ref", *_]:
                seen = self._seen(tree, prefix)
                mask = seen.mask(seen.truth, no(seen.truth))
                return parts.doubted(mask, self._doubt(tree, prefix))
            case _:
                raise ValueError("not a condition's tree")

    def _compared(self, first: Tree, links: Sequence[Tree], prefix: str) -> Mask:
        found = parts.TRUE
        left = first
        for link in links:
            match link:
                case [str(sign), right]:
                    mask = parts.compared(sign, self._seen(left, prefix), self._seen(right, prefix))
                    doubt = either(self._doubt(left, prefix), self._doubt(right, prefix))
                    mask = parts.doubted(mask, doubt)
                    found = mask if found is parts.TRUE else parts.conjunction(found, mask)
                    left = right
                case _:
                    raise ValueError("not a condition's tree")
        return found

    def _seen(self, tree: Tree, prefix: str) -> Seen:
        match tree:
            case ["const", constant] if isinstance(constant, Scalar):
                return parts.constant(constant)
            case ["ref", *_]:
                slot = self._slot_of(tree, prefix)
                value = slot.value
                return Seen(
                    slot.answered,
                    slot.closed,
                    value.truth,
                    value.low,
                    value.high,
                    value.word,
                    value.codes,
                    value.stretch,
                )
            case ["fact", "period.id"]:
                return self.facts.period_id(prefix)
            case ["fact", str(name)] if name.startswith("informant."):
                return self._of_teller(name)
            case ["fact", str(name)]:
                return self.facts.of_client(name)
            case ["arithmetic", str(sign), left, right]:
                return parts.computed(sign, self._seen(left, prefix), self._seen(right, prefix))
            case ["call", "reason", ["ref", *_] as reference]:
                return self._reason(self._slot_of(reference, prefix))
            case ["call", "count_of", str(question), str(loop), code] if isinstance(code, Scalar):
                return parts.counted(self._members(question, loop, code), self._complete(loop))
            case ["call", "starts" | "ends" as name, ["ref", *_] as reference]:
                return self._end_of(self._seen(reference, prefix), name == "starts")
            case ["call", "months_between", first, second]:
                one, other = self._seen(first, prefix), self._seen(second, prefix)
                days = parts.computed("-", other, one)
                return parts.computed("/", days, parts.constant(365.25 / 12))
            case ["call", str(name), str(question), str(loop)]:
                return self._over_values(name, question, loop)
            case _:
                mask = self._truth(tree, prefix)
                known = either(mask.opens, both(mask.false, no(mask.true), no(mask.void)))
                void = both(mask.void, no(mask.true), no(mask.false))
                return Seen(known, void, truth=mask.true)

    def _slot_of(self, tree: Tree, prefix: str) -> Slot:
        match tree:
            case ["ref", str(question), str(reach)]:
                return self.slot(question, prefix if reach == "same" else "")
            case _:
                raise ValueError("not a condition's tree")

    def _doubt(self, tree: Tree, prefix: str) -> Truth:
        """Return that something a part reads may turn out to be closed."""
        return logic.any_of(self._doubts(tree, prefix))

    def _doubts(self, tree: Tree, prefix: str) -> Iterator[Truth]:
        match tree:
            case ["call", "reason", *_]:
                return
            case ["ref", *_]:
                yield self._slot_of(tree, prefix).pending
            case ["call", str(), str(question), str(loop), *_]:
                slots = [(self.slot(question, each), there) for each, there in self._there(loop)]
                nobody_sure = logic.all_of(no(both(there, slot.open)) for slot, there in slots)
                waiting = logic.any_of(both(there, slot.pending) for slot, there in slots)
                yield both(nobody_sure, waiting)
            case list() | tuple():
                for part in tree:
                    yield from self._doubts(part, prefix)
            case _:
                return

    def _there(self, loop: str) -> list[tuple[str, Truth]]:
        return self.facts.instances(loop)

    def _complete(self, loop: str) -> Truth:
        return self.facts.complete.get(loop, False)

    def _members(self, question: str, loop: str, code: Scalar) -> list[Member]:
        found: list[Member] = []
        for prefix, there in self._there(loop):
            slot = self.slot(question, prefix)
            seen = self._seen(("ref", question, "same"), prefix)
            found.append(Member(there, parts.doubted(parts.holds(seen, code), slot.pending)))
        return found

    def _members_during(self, question: str, loop: str, period: str, here: str) -> Iterator[Member]:
        for prefix, there in self._there(loop):
            slot = self.slot(question, prefix)
            mask = self._during(self._seen(("ref", question, "same"), prefix), period, here)
            yield Member(there, parts.doubted(mask, slot.pending))

    def _over_values(self, name: str, question: str, loop: str) -> Seen:
        members = [
            (there, (slot := self.slot(question, prefix)).open, slot.closed, slot.value)
            for prefix, there in self._there(loop)
        ]
        if name in ("gap_months", "overlap_months"):
            join = parts.gap_or_overlap(name == "gap_months", self.facts.age)
        else:
            join = _JOINS[name]
        return parts.joined(join, members, self._complete(loop))

    def _spoken_of(self, name: str, slot: Slot) -> Mask:
        """Return whether there is an answer, or a reason for none: certain even where closed."""
        said = slot.answered
        if name == "missing":
            self._reasons(slot)
            said = both(slot.marked, no(slot.said), no(slot.closed))
        return Mask(said, either(no(said), slot.pending), False)

    def _reason(self, slot: Slot) -> Seen:
        reasons = self._reasons(slot)
        marked = both(slot.marked, no(slot.said), no(slot.closed))
        words = {each: both(marked, is_it) for each, is_it in reasons.words.items()}
        words[""] = no(marked)
        return Seen(no(both(marked, slot.pending)), word=Word(words))

    def _reasons(self, slot: Slot) -> Word:
        if slot.reasons is None:
            name = slot.name
            slot.marked = logic.truth(f"marked {name}")
            slot.reasons = Word({each: logic.truth(f"{name}: {each}") for each in MISSING_REASONS})
            self._solver.add(logic.exactly_one(slot.reasons.words.values()))
            if slot.question.for_each:
                there = self.there(slot.question.for_each, slot.prefix)
                self._solver.add(implies(slot.marked, there))
        return slot.reasons

    def _of_teller(self, name: str) -> Seen:
        if self._teller is None:
            return parts.NOT_KNOWN
        if isinstance(self._teller, str):
            kind = Seen(True, word=Word({self._teller: True}))
            return kind if name == "informant.kind" else parts.NOT_KNOWN
        teller = self.facts.tellers[self._teller]
        match name:
            case "informant.kind":
                return Seen(True, word=teller.kind)
            case "informant.relation":
                return Seen(True, word=teller.relation)
            case _:
                return Seen(teller.since_known, low=teller.since, high=teller.since)

    def _end_of(self, seen: Seen, start: bool) -> Seen:
        stretch = seen.stretch
        if stretch is None:
            return Seen(False, seen.void)
        if start:
            return Seen(seen.known, seen.void, low=stretch.start, high=stretch.start)
        age = self.facts.age
        end = logic.choose(stretch.lasts, age.low, stretch.end)
        known = both(seen.known, either(no(stretch.lasts), age.known))
        return Seen(known, seen.void, low=end, high=end)

    def _during(self, seen: Seen, period: str, prefix: str) -> Mask:
        named = period or prefix[:-1]
        stretch = seen.stretch
        if stretch is None or (named not in PERIODS and prefix != SOME_PERIOD):
            return seen.mask(True, True)
        if named in PERIODS:
            inside = _reaches_into(stretch, named)
        else:
            inside = logic.any_of(
                both(is_it, _reaches_into(stretch, each))
                for each, is_it in self.facts.some_period.items()
            )
        return seen.mask(inside, no(inside))


_JOINS: Final = {
    "sum_of": parts.summed,
    "min_of": parts.least_of,
    "max_of": parts.greatest_of,
    "earliest": parts.least_of,
    "latest": parts.greatest_of,
}


def _reaches_into(stretch: Stretch, period: str) -> Truth:
    index = PERIODS.index(period) + 1
    begins = Fraction(PERIOD_STARTS[period])
    before = True
    if index < len(PERIODS):
        before = logic.below(stretch.start, Fraction(PERIOD_STARTS[PERIODS[index]]))
    return both(before, either(stretch.lasts, logic.below(begins, stretch.end)))


def _as_stored(text: str) -> str:
    return clean(text).strip()


def _is_short(number: logic.Number) -> Truth:
    """Return that a number is written with three decimals, and so read back as it is."""
    thousands = logic.times(number, Fraction(1000))
    return logic.equal(thousands, logic.floor(thousands))
