"""What a new version of a bank asks otherwise than the old one: words, questions, gates.

Both banks are written into one solver that shares what is said; a question is asked in other cases
if some answers open it in one bank and not in the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Bank, Question
from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.bounds import reach_of
from nmt_intake.bank.proof.encoding import Beside, Encoder
from nmt_intake.bank.proof.facts import SOME_PERIOD
from nmt_intake.bank.proof.goals import Goal, Witness, asked, behind, conditions_behind
from nmt_intake.bank.proof.logic import Truth, both, either, no
from nmt_intake.bank.proof.prover import Deadline, World
from nmt_intake.bank.proof.reading import witness_of
from nmt_intake.bank.proof.search import Search
from nmt_intake.bank.truth import Tree
from nmt_intake.vocabulary import PERIODS

What = Literal["added", "dropped", "renamed", "reworded", "another kind", "asked in other cases"]
_MOST_INSTANCES: Final = 5
_MOST_TELLERS: Final = 6
_SECONDS_A_GATE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Case:
    """Answers for which a question is asked by one bank and not by the other.

    `now`: by the new one. Whoever shows them plays them with both banks first.
    """

    slot: str
    now: bool
    witness: Witness


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise: `before` and `after` in the bank's own words.

    `outcome` of a changed gate: `differs` (with `cases`), `same` (proved to be asked in the same
    cases), `not found` (none among `tried` answers), `not finished`.
    """

    what: What
    question: str
    before: str = ""
    after: str = ""
    outcome: Literal["differs", "same", "not found", "not finished"] = "differs"
    tried: int = 0
    cases: tuple[Case, ...] = ()


def differences(old: Bank, new: Bank, deadline: Deadline) -> list[Change]:
    """Return everything that the new bank asks otherwise, in the order of its questions."""
    names = _names(old, new)
    return [*_words(old, new, names), *_gates(old, new, names, deadline)]


def _names(old: Bank, new: Bank) -> Mapping[str, str]:
    """Return the new id of each question of the old bank that the new one has."""
    renamed = {
        before: after
        for step in new.migrations
        for before, after in step.renamed.items()
        if before in old.questions and after in new.questions and before not in new.questions
    }
    return {
        name: renamed.get(name, name)
        for name in old.questions
        if renamed.get(name, name) in new.questions
    }


def _words(old: Bank, new: Bank, names: Mapping[str, str]) -> Iterator[Change]:
    came_from = {after: before for before, after in names.items()}
    for name, question in new.questions.items():
        before = old.questions.get(came_from.get(name, ""))
        if before is None:
            yield Change("added", name, "", question.ask)
            continue
        if before.id != name:
            yield Change("renamed", name, before.id, name)
        if before.kind != question.kind or before.for_each != question.for_each:
            yield Change("another kind", name, _kind(before), _kind(question))
        if before.ask != question.ask:
            yield Change("reworded", name, before.ask, question.ask)
        elif _options(before) != _options(question):
            yield Change("reworded", name, _options(before), _options(question))
    for name, question in old.questions.items():
        if name not in names:
            yield Change("dropped", name, question.ask, "")


def _kind(question: Question) -> str:
    return f"{question.kind} for each {question.for_each}" if question.for_each else question.kind


def _options(question: Question) -> str:
    own = "; ".join(f"{code}: {label}" for code, label in question.options.items())
    return f"{own}; each {question.options_from}" if question.options_from else own


# -- gates -----------------------------------------------------------------------------------------


def _gates(old: Bank, new: Bank, names: Mapping[str, str], deadline: Deadline) -> Iterator[Change]:
    touched = _touched(old, new, names)
    pairs = [
        (old.questions[before], new.questions[after])
        for before, after in names.items()
        if after in touched
        and old.questions[before].for_each == new.questions[after].for_each
        and (_gate_text(old, old.questions[before]) or _gate_text(new, new.questions[after]))
    ]
    if not pairs:
        return
    found = _compared if logic.available() else _searched
    for (before, after), change in zip(pairs, found(old, new, pairs, names, deadline), strict=True):
        texts = _gate_text(old, before), _gate_text(new, after)
        if change.outcome == "differs" or texts[0] != texts[1]:
            yield replace(change, before=texts[0], after=texts[1])


def _gate_text(bank: Bank, question: Question) -> str:
    gates = (bank.block_by_id[question.block].when, question.when)
    return " and ".join(f"({gate.text})" if len(gates) > 1 else gate.text for gate in gates if gate)


def _touched(old: Bank, new: Bank, names: Mapping[str, str]) -> set[str]:
    """Return the questions of the new bank that something they hang on makes different."""
    came_from = {after: before for before, after in names.items()}
    reads: dict[str, set[str]] = {}
    touched: set[str] = set()
    for name, question in new.questions.items():
        before = old.questions.get(came_from.get(name, ""))
        reads[name] = {read for each in behind(new, question) for read, _ in each.reads}
        if before is None or _signature(old, before, names) != _signature(new, question, {}):
            touched.add(name)
    readers: dict[str, list[str]] = {}
    for name, each in reads.items():
        for read in each:
            readers.setdefault(read, []).append(name)
    waiting = list(touched)
    while waiting:
        for reader in readers.get(waiting.pop(), ()):
            if reader not in touched:
                touched.add(reader)
                waiting.append(reader)
    return touched


def _signature(bank: Bank, question: Question, names: Mapping[str, str]) -> object:
    trees = [_renamed(each.tree, names) for each in behind(bank, question)]
    return (
        question.kind,
        question.for_each,
        tuple(question.options),
        question.options_from,
        question.alone,
        question.informants,
        question.fact,
        repr(trees),
    )


def _renamed(tree: Tree, names: Mapping[str, str]) -> object:
    match tree:
        case [("ref" | "call") as word, str(name), *rest]:
            return (str(word), names.get(name, name), *(_renamed(each, names) for each in rest))
        case list() | tuple():
            return tuple(_renamed(each, names) for each in tree)
        case _:
            return names.get(tree, tree) if isinstance(tree, str) else tree


def _compared(
    old: Bank,
    new: Bank,
    pairs: Sequence[tuple[Question, Question]],
    names: Mapping[str, str],
    deadline: Deadline,
) -> Iterator[Change]:
    """Yield what the solver finds about each pair of gates."""
    for before, after in pairs:
        if not deadline.left:
            yield Change("asked in other cases", after.id, outcome="not finished")
            continue
        yield _Pair(old, new, before, after, names).change(deadline)


class _Pair:
    """One question in both banks, in a solver of its own."""

    def __init__(
        self, old: Bank, new: Bank, before: Question, after: Question, names: Mapping[str, str]
    ) -> None:
        goals = [
            (bank, asked(each, bank.block_by_id[each.block]))
            for bank, each in ((old, before), (new, after))
        ]
        conditions = [
            each for bank, goal in goals for each in conditions_behind(bank, goal.conditions)
        ]
        self._reach = reach_of(conditions)
        self._names = names
        self._before, self._after = before, after
        self._read = {names.get(name, name) for each in conditions for name, _ in each.reads} | {
            name for each in conditions for name, _ in each.reads
        }
        self.world = World((), self._instances(), min(_MOST_TELLERS, self._reach.tellers))
        self.encoders = (
            self._encoder(old, "", _beside(old, new, names)),
            self._encoder(new, "new ", _beside(new, old, _turned(names), named=False)),
        )
        self._old, self._new = old, new

    def _instances(self) -> int:
        return min(_MOST_INSTANCES, max(2, self._reach.largest + 1))

    def _encoder(self, bank: Bank, tag: str, beside: Beside) -> Encoder:
        world = self.world
        return Encoder(bank, world.solver, world.facts, world.nice, tag=tag, beside=beside)

    def change(self, deadline: Deadline) -> Change:
        """Return in which cases only one of the banks asks."""
        cases: list[Case] = []
        unsure = False
        for now in (True, False):
            outcome, case = self._case(now, deadline)
            unsure = unsure or outcome == "unknown"
            cases += [case] if case else []
        if cases:
            return Change("asked in other cases", self._after.id, cases=tuple(cases))
        outcome = "same" if not unsure and self._is_proof() else "not found"
        if unsure and not deadline.left:
            outcome = "not finished"
        return Change("asked in other cases", self._after.id, outcome=outcome)

    def _case(self, now: bool, deadline: Deadline) -> tuple[str, Case | None]:
        places = list(self._places())
        outcome = "unsat"
        for strict in (True, False):
            differ = [
                (prefix, both(extra, self._differs(prefix, now, strict)))
                for prefix, extra in places
            ]
            for each in self.encoders:
                each.settle()
            about = either(*(differs for _, differs in differ))
            solver = self.world.solver
            seconds = min(_SECONDS_A_GATE, deadline.left)
            for manner in (self.world.nice, self.world.facts.short, True):
                outcome = solver.check((manner, about), seconds)
                if outcome == "sat":
                    break
            if outcome == "sat":
                prefix = next(place for place, is_it in differ if solver.holds(is_it))
                questions = {*self._read, self._before.id, self._after.id} & self._read
                found = witness_of(solver, self.world.facts, self.encoders, prefix, questions)
                return outcome, Case(found.prefix + self._after.id, now, found)
        return outcome, None

    def _places(self) -> Iterator[tuple[str, Truth]]:
        loop = self._after.for_each
        if loop is None:
            yield "", True
        elif loop != "period":
            yield f"{loop}-1/", True
        elif "period" in self._reach.enough:
            yield from ((f"{period}/", True) for period in PERIODS)
        else:
            yield SOME_PERIOD, either(*self.world.facts.some_period.values())

    def _differs(self, prefix: str, now: bool, strict: bool) -> Truth:
        old, new = self.encoders
        before, after = old.slot(self._before.id, prefix), new.slot(self._after.id, prefix)
        opens, other = (after, before) if now else (before, after)
        there = new.there(self._after.for_each, prefix)
        return both(there, opens.open, other.closed if strict else no(other.open))

    def _is_proof(self) -> bool:
        """Whether nothing was left out: enough instances, and no answers only one bank can read."""
        for before, after in self._names.items():
            if after not in self._read:
                continue
            mine, theirs = self._old.questions[before], self._new.questions[after]
            if _check_tree(mine) != _check_tree(theirs) or mine.kind != theirs.kind:
                return False
        sizes = [size for loop, size in self._reach.enough.items() if loop != "period"]
        enough = all(size is not None and size <= self._instances() for size in sizes)
        return enough and self._reach.tellers <= _MOST_TELLERS


def _check_tree(question: Question) -> str:
    return repr(question.hard_check.expect.tree) if question.hard_check else ""


def _turned(names: Mapping[str, str]) -> Mapping[str, str]:
    return {after: before for before, after in names.items()}


def _beside(bank: Bank, other: Bank, names: Mapping[str, str], named: bool = True) -> Beside:
    """Return how the questions of a bank stand to those of another one."""
    options: dict[str, tuple[str, ...]] = {}
    apart: set[str] = set()
    for mine, theirs in names.items():
        one, two = bank.questions[mine], other.questions[theirs]
        if one.kind != two.kind:
            apart.add(mine)
        elif KINDS[one.kind].codes == "options":
            options[mine] = tuple(two.options)
    renamed = {mine: theirs for mine, theirs in names.items() if mine != theirs}
    return Beside(options, frozenset(apart), renamed if named else {})


def _searched(
    old: Bank,
    new: Bank,
    pairs: Sequence[tuple[Question, Question]],
    names: Mapping[str, str],
    deadline: Deadline,
) -> Iterator[Change]:
    """Yield answers that open a question in one bank, for who plays them with both to compare."""
    searches = (Search(new, deadline), Search(old, deadline))
    for before, after in pairs:
        goals: list[Goal] = [
            asked(after, new.block_by_id[after.block]),
            asked(before, old.block_by_id[before.block]),
        ]
        verdicts = [search.decide((goal,))[0] for search, goal in zip(searches, goals, strict=True)]
        cases = [
            Case(verdict.witness.prefix + after.id, now, verdict.witness)
            for verdict, now in zip(verdicts, (True, False), strict=True)
            if verdict.witness
        ]
        tried = sum(max(1, verdict.tried) for verdict in verdicts)
        done = all(verdict.outcome != "not finished" for verdict in verdicts)
        outcome = "not found" if done else "not finished"
        yield Change(
            "asked in other cases", after.id, outcome=outcome, tried=tried, cases=tuple(cases)
        )
