"""The debrief of a rehearsal: what was heard and how, what to keep, what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from nmt_intake.rehearsal.cast import Cast, part_of
from nmt_intake.rehearsal.coding_check import Slip, coding_slips, plan_slips, rating_slips
from nmt_intake.rehearsal.conduct import Item, conduct, line_of, texts
from nmt_intake.rehearsal.conversation import KIND_WORDS, Turn, would_open
from nmt_intake.rehearsal.question_kinds import GROUPS, PRESSING, Kind
from nmt_intake.rehearsal.record import Rehearsal
from nmt_intake.rehearsal.story import Fact

_MOST_TO_TRY: Final = 3
_WELL_DONE: Final = 3
_STRETCHES: Final = 10
_MOMENTS: Final = 2
_PAINFUL: Final = 2
_MARKED: Final = 3
_SAID: Final = 60
_HARD_TO_TELL: Final = 20
_MOST_FOR_TIMES: Final = 10
_AS_MUCH: Final = "Tell me as much or as little as you want."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to try next: its name, what was so, the line, the same line asked better."""

    id: str
    says: str
    turn: int | None
    line: str
    better: str
    weight: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the conversation: trust before and after it, and why."""

    turn: int
    line: str
    before: int
    after: int
    why: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A fact that was there to hear; `would_open` is the move that would have opened it."""

    fact: str
    id: str
    would_open: str
    turn: int | None
    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked. `missed` and `asked_twice` are slots, `heard` and `facts` count facts."""

    asked: int
    left_out: tuple[str, ...]
    missed: tuple[str, ...]
    asked_twice: tuple[str, ...]
    heard: int
    facts: int


@dataclass(frozen=True, slots=True)
class Debrief:
    """Everything both look at after a rehearsal."""

    record: Rehearsal
    coverage: Coverage
    conduct: tuple[Item, ...]
    kinds: Mapping[Kind, int]
    kinds_over_time: tuple[Mapping[str, int], ...]
    unsaid: tuple[Unsaid, ...]
    coding_agree: int
    coding: tuple[Slip, ...]
    ratings_agree: int
    ratings: tuple[Slip, ...]
    plan_agree: int
    plan: tuple[Slip, ...]
    minutes: tuple[tuple[str, int], ...]
    best: tuple[Moment, ...]
    worst: tuple[Moment, ...]
    findings: tuple[Finding, ...]
    well_done: tuple[Finding, ...]

    @property
    def try_next(self) -> tuple[Finding, ...]:
        """The three findings that would change most, at most."""
        return self.findings[:_MOST_TO_TRY]

    @property
    def trust(self) -> tuple[int, ...]:
        """Trust after each turn, of 100."""
        return tuple(turn.trust for turn in self.record.turns)


def debrief(record: Rehearsal) -> Debrief:
    """Return the debrief of a rehearsal."""
    items = conduct(record)
    coding_agree, coding = coding_slips(record)
    ratings_agree, ratings = rating_slips(record)
    plan_agree, plan = plan_slips(record)
    spoken = [turn for turn in record.turns if turn.kind is not None]
    best, worst = _moments(record)
    coverage, unsaid = _coverage(record), tuple(_unsaid(record))
    found = [
        *_of_conduct(record.cast, items),
        *_of_wording(record),
        *_of_slips((*coding, *ratings, *plan)),
        *_of_coverage(record, coverage, unsaid),
    ]
    return Debrief(
        record=record,
        coverage=coverage,
        conduct=items,
        kinds=Counter(turn.kind for turn in spoken if turn.kind),
        kinds_over_time=tuple(_over_time(spoken)),
        unsaid=unsaid,
        coding_agree=coding_agree,
        coding=coding,
        ratings_agree=ratings_agree,
        ratings=ratings,
        plan_agree=plan_agree,
        plan=plan,
        minutes=tuple(_minutes(record.turns)),
        best=best,
        worst=worst,
        findings=tuple(sorted(found, key=lambda each: (-each.weight, each.turn or 0, each.id))),
        well_done=tuple(_well_done(record, items, best)),
    )


def heard_facts(record: Rehearsal) -> tuple[int, int]:
    """Return how many facts were told, and how many could have been."""
    told = {fact for turn in record.turns for fact in turn.told}
    return len(told), sum(not fact.never for fact in record.cast.story.facts)


# What was covered, what was not said


def _coverage(record: Rehearsal) -> Coverage:
    asked = [turn.move.slot for turn in record.turns if turn.move.act == "ask" and turn.move.slot]
    twice = [slot for slot, times in Counter(asked).items() if times > 1]
    left_out = [slot for slot, coded in _by_slot(record).items() if coded == "not-asked"]
    told, facts = heard_facts(record)
    heard = {each.slot for turn in record.turns for each in turn.heard}
    at_facts = {slot for fact in record.cast.story.facts if not fact.never for slot in fact.slots}
    missed = [slot for slot in record.cast.key if slot in at_facts and slot not in heard]
    return Coverage(
        asked=len(set(asked)),
        left_out=tuple(left_out),
        missed=tuple(missed),
        asked_twice=tuple(twice),
        heard=told,
        facts=facts,
    )


def _by_slot(record: Rehearsal) -> Mapping[str, str | None]:
    return {slot: coded.missing for (slot, _), coded in record.coded.items()}


def _unsaid(record: Rehearsal) -> Iterator[Unsaid]:
    told = {fact for turn in record.turns for fact in turn.told}
    for fact in record.cast.story.facts:
        if fact.never or fact.id in told:
            continue
        turn, blockers = _last_kept(record, fact.id)
        if turn is None:
            opens, why = _invited(record.cast, fact), "Nobody asked."
        else:
            opens, why = would_open(blockers), turn.why
        yield Unsaid(fact.what, fact.id, opens, turn.number if turn else None, line_of(turn), why)


def _invited(cast: Cast, fact: Fact) -> str:
    """Return which invitation a fact waited for that nobody asked about."""
    names = {part.rpartition("/")[2] for part in cast.parts_of(fact)}
    titles = [block.title for block in cast.bank.blocks if block.id in names]
    return f"Invited to tell about: {titles[0]}" if titles else "Asked about at all"


def _last_kept(record: Rehearsal, fact: str) -> tuple[Turn | None, tuple[str, ...]]:
    for turn in record.turns:
        for kept in turn.kept:
            if kept.fact == fact:
                return turn, kept.blockers
    return None, ()


def _over_time(spoken: Sequence[Turn]) -> Iterator[Mapping[str, int]]:
    """Yield the groups of kinds in each tenth of what was said."""
    size = max(1, -(-len(spoken) // _STRETCHES))
    for start in range(0, len(spoken), size):
        groups = (GROUPS.get(turn.kind) for turn in spoken[start : start + size] if turn.kind)
        yield Counter(group for group in groups if group)


def _minutes(turns: Sequence[Turn]) -> Iterator[tuple[str, int]]:
    """Yield the seconds that each block took, in the order they were first spoken of."""
    taken: dict[str, int] = {}
    for index, turn in enumerate(turns):
        end = turns[index + 1].seconds if index + 1 < len(turns) else turn.seconds + 5
        block = turn.block or next(reversed(taken), "")
        taken[block] = taken.get(block, 0) + end - turn.seconds
    yield from ((block, seconds) for block, seconds in taken.items() if block)


def _moments(record: Rehearsal) -> tuple[tuple[Moment, ...], tuple[Moment, ...]]:
    """Return the two moments that trust rose most at, and the two that it fell most at."""
    found: list[Moment] = []
    before = record.cast.story.trust
    for turn in record.turns:
        if turn.move.act in ("ask", "say", "break", "silence", "thanks"):
            found.append(Moment(turn.number, line_of(turn), before, turn.trust, _why_moment(turn)))
        before = turn.trust
    risen = sorted(found, key=lambda each: (each.before - each.after, each.turn))
    fallen = sorted(found, key=lambda each: (each.after - each.before, each.turn))
    best = tuple(each for each in risen[:_MOMENTS] if each.after - each.before >= _MARKED)
    return best, tuple(each for each in fallen[:_MOMENTS] if each.before - each.after >= _MARKED)


def _why_moment(turn: Turn) -> str:
    if "push" in turn.marks:
        return "asked again after a no"
    if "not_held" in turn.marks:
        return "footing was lost, and the next question came"
    if "held" in turn.marks:
        return "you stayed with it"
    if "early_hard" in turn.marks:
        return "painful, before consent and limits were clear"
    if turn.kind is not None:
        return KIND_WORDS[turn.kind]
    return {"break": "a break", "silence": "a silence"}.get(turn.move.act, "a thank you")


# What to try next

_CONDUCT_WEIGHT: Final = {
    **dict.fromkeys(("limits", "consent", "safety_card", "footing", "no_push"), 90),
    **dict.fromkeys(("still", "prefaces", "no_promise", "no_details"), 80),
    **dict.fromkeys(("strengths_first", "opening", "opens_hard", "pauses"), 60),
}
_USUAL_WEIGHT: Final = 40
_WORDING_WEIGHT: Final[Mapping[Kind, int]] = {
    "blaming": 95,
    "leading": 85,
    "multiple": 70,
    "dressed": 65,
    "narrowed": 60,
}
_SLIP_WEIGHT: Final = {
    **dict.fromkeys(
        ("coded_unheard", "no_for_unknown", "value_for_declined", "safety_left_out"), 88
    ),
    **dict.fromkeys(("rated_unheard", "wrong_teller", "wrong_period"), 66),
    **dict.fromkeys(("not_coded", "wrong_value", "missing_for_value"), 64),
}


def _of_conduct(cast: Cast, items: Sequence[Item]) -> Iterator[Finding]:
    for item in items:
        if not item.done:
            weight = _CONDUCT_WEIGHT.get(item.id, _USUAL_WEIGHT)
            better = _better_for(cast, item)
            says = f"Not yet: {item.title[0].lower()}{item.title[1:]}. {item.advice}"
            yield Finding(
                item.id, says, item.turn.number if item.turn else None, item.line, better, weight
            )


def _better_for(cast: Cast, item: Item) -> str:
    """Return what could have been said there."""
    if item.id == "prefaces" and item.turn:
        question = cast.question(item.turn.move.slot)
        return (question.preface or "") if question else ""
    if item.id == "gives_back" and item.turn and item.turn.reply:
        said = item.turn.reply[0][1]
        short = said if len(said) <= _SAID else f"{said[: said.rfind(' ', 0, _SAID)]} ..."
        return f"You say back: “{short}”, and wait."
    return texts().conduct[item.id].better or (
        asked_better(cast, item.turn) if item.turn and item.turn.kind else ""
    )


def _of_wording(record: Rehearsal) -> Iterator[Finding]:
    for kind in PRESSING:
        turns = [turn for turn in record.turns if turn.kind == kind and turn.move.act == "ask"]
        if not turns:
            continue
        first = max(turns, key=lambda turn: (len(turn.kept), turn.sensitivity, -turn.number))
        kept = f" {first.why}" if first.kept else ""
        says = f"{KIND_WORDS[kind][0].upper()}{KIND_WORDS[kind][1:]}, {_times(len(turns))}.{kept}"
        better = asked_better(record.cast, first)
        weight = _WORDING_WEIGHT[kind] + min(len(turns) - 1, _MOST_FOR_TIMES)
        yield Finding(kind, says, first.number, line_of(first), better, weight, len(turns))


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def asked_better(cast: Cast, turn: Turn) -> str:
    """Return a line of the interviewer's asked so that more can be told: the bank's words, open."""
    question = cast.question(turn.move.slot)
    ask = turn.move.words if turn.move.bank_wording else question.ask if question else ""
    ask = ask.replace("{client.name}", cast.script.client.alias)
    if not ask or "{" in ask:
        ask = "What would you like me to know about that?"
    if turn.sensitivity < _PAINFUL:
        return ask if turn.kind in PRESSING else f"{ask} {_AS_MUCH}"
    return f"You can skip this one. {ask} {_AS_MUCH}"


def _of_slips(slips: Sequence[Slip]) -> Iterator[Finding]:
    for name, group in groupby(sorted(slips, key=lambda each: each.id), key=lambda each: each.id):
        each = list(group)
        first = each[0]
        says = f"{first.says} At {first.at}" + (f" and {len(each) - 1} more." if each[1:] else ".")
        turn = first.turn.number if first.turn else None
        said = " / ".join(words for _, words in first.turn.reply) if first.turn else ""
        weight = _SLIP_WEIGHT.get(name, 50 if len(each) > 2 else 45)
        yield Finding(
            name,
            says,
            turn,
            line_of(first.turn),
            f"Heard: “{said}”" if said else "",
            weight,
            len(each),
        )


def _of_coverage(
    record: Rehearsal, coverage: Coverage, unsaid: Sequence[Unsaid]
) -> Iterator[Finding]:
    if coverage.left_out:
        first, number = coverage.left_out[0], len(coverage.left_out)
        says = f"{number} questions were left out, the first at {first}."
        yield Finding("left_out", says, None, "", "", 55, number)
    if unsaid:
        one = next((each for each in unsaid if each.turn), unsaid[0])
        asked = sum(each.turn is not None for each in unsaid)
        says = f"{len(unsaid)} of {coverage.facts} things stayed unsaid"
        says += f", {asked} of them although you asked. {one.why}" if asked else ": nobody asked."
        turn = next((each for each in record.turns if each.number == one.turn), None)
        better = asked_better(record.cast, turn) if turn else ""
        yield Finding("unsaid", says, one.turn, one.line, better, 75, len(unsaid))


# What was done well


def _well_done(
    record: Rehearsal, items: Sequence[Item], best: Sequence[Moment]
) -> Iterator[Finding]:
    """Yield three things that were done well, the ones that carried most first."""
    found: list[Finding] = []
    costly = [
        (record.cast.story.fact(name).difficulty, turn, name)
        for turn in record.turns
        for name in turn.told
    ]
    if costly:
        cost, turn, name = max(costly, key=lambda each: (each[0], -each[1].number))
        fact = record.cast.story.fact(name)
        start = "You heard what is hard to tell" if cost >= _HARD_TO_TELL else "You heard"
        says = f"{start}: {fact.what} {turn.why}"
        found.append(Finding("heard", says, turn.number, line_of(turn), "", 100))
    for item in sorted(items, key=lambda each: -_CONDUCT_WEIGHT.get(each.id, 0)):
        if item.done and item.turn is not None:
            found.append(Finding(item.id, f"{item.title}.", item.turn.number, item.line, "", 50))
    for moment in best:
        says = f"Trust rose from {moment.before} to {moment.after}: {moment.why}."
        found.append(Finding("trust", says, moment.turn, moment.line, "", 40))
    if not found and record.turns:
        first = record.turns[0]
        says = "You began, and you went through with it; the next one starts from here."
        found.append(Finding("began", says, first.number, line_of(first), "", 10))
    yield from found[:_WELL_DONE]


def parts_of(record: Rehearsal) -> tuple[str, ...]:
    """Return the parts that were spoken of, in order."""
    slots = (turn.move.slot for turn in record.turns if turn.move.slot)
    return tuple(dict.fromkeys(part_of(slot) for slot in slots))
