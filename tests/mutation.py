"""Break guard, fold, truth and scoring on purpose: a narrow set of tests must notice each break.

python -m tests.mutation            all of them, and the score
python -m tests.mutation --few      every ninth
python -m tests.mutation NAME...    those whose name holds one of these words

A mutant is found by the name of a function in a package, and changed in its source as `ast.unparse`
writes it, so neither a renamed module nor a new line end loses it; one that is not found fails. For
each a process is forked that loads the changed module instead of the file: no file is written.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pydantic  # noqa: F401  (loaded once, before the processes are forked)
import pytest
import yaml  # noqa: F401
from hypothesis import Phase, settings

from tests.import_graph import ROOT, module_name

LONGEST: Final = 180  # seconds
NOTICED: Final = int(pytest.ExitCode.TESTS_FAILED)

CONDITIONS: Final = ("tests/bank/test_truth.py", "tests/bank/test_conditions.py")
ASKING: Final = ("tests/interview/test_asking.py",)
FOLD: Final = ("tests/interview/test_fold.py",)
GUARD: Final = ("tests/interview/test_guard.py",)
NORMS: Final = ("tests/scoring/test_norms.py",)
EXPECTED: Final = ("tests/scoring/test_expectation.py",)
SCORE: Final = ("tests/scoring/test_score.py",)
RATINGS: Final = ("tests/scoring/test_ratings.py",)
SUGGESTED: Final = ("tests/scoring/test_suggesting.py",)


@dataclass(frozen=True)
class Mutant:
    """In `package`, the function `where` with `new` instead of `old`; `tests` must notice."""

    name: str
    package: str
    where: str
    old: str
    new: str
    tests: Sequence[str]


# fmt: off
MUTANTS: Final = (
    # -- truth: the laws by which the parts of a condition come together
    Mutant("and: void beats false", "bank", "_and", "FALSE in (left, right)", "VOID in (left, right)", CONDITIONS),
    Mutant("or: void beats true", "bank", "_or", "if TRUE in (left, right)", "if VOID not in (left, right) and TRUE in (left, right)", CONDITIONS),
    Mutant("not of a void is true", "bank", "NOT", "| mask & VOID", "| (TRUE if mask & VOID else 0)", CONDITIONS),
    Mutant("undecided counts as closed", "bank", "decided", "None if mask & TRUE else State.CLOSED", "State.CLOSED", CONDITIONS),
    Mutant("what may be true is open", "bank", "decided", "mask == TRUE", "mask & TRUE", CONDITIONS),
    Mutant("a dispute needs no choice that closes", "bank", "state_of", "State.OPEN in found and State.CLOSED in found", "State.OPEN in found and len(found) > 1", CONDITIONS),
    Mutant("a pending gate hides a closed one", "bank", "all_states", "(State.CLOSED, State.PENDING, State.DISPUTED)", "(State.PENDING, State.CLOSED, State.DISPUTED)", CONDITIONS),
    Mutant("a closed question is unknown, not void", "bank", "_reference", "return NOTHING", "return None", (*CONDITIONS, *FOLD)),
    Mutant("a pending question is never void", "bank", "_doubted", "return mask | VOID", "return mask", (*CONDITIONS, *FOLD)),
    Mutant("a closed carer is a member", "bank", "_members", "yield VOID", "yield UNKNOWN", CONDITIONS),
    Mutant("no instance yet is nobody", "bank", "over_instances", "loses if loop in answers.complete else UNKNOWN", "loses", CONDITIONS),
    Mutant("a count forgets what may be", "bank", "count_over", "bool(mask & TRUE)", "mask == TRUE", CONDITIONS),
    Mutant("a day that lacks is the first of the month", "bank", "_days_of", "after.toordinal() - 1", "first.toordinal()", CONDITIONS),
    Mutant("ranges that touch are one before the other", "bank", "_below", "operator.lt", "operator.le", CONDITIONS),
    Mutant("one code of several is the only one", "bank", "_holds_one", "TRUE if code in value else FALSE", "TRUE if value == (code,) else FALSE", CONDITIONS),
    Mutant("a comparison with nothing known is false", "bank", "_link", "return UNKNOWN", "return FALSE", CONDITIONS),
    # -- fold: what stands after the events
    Mutant("an event that comes twice counts twice", "interview", "_Pages.take", "if event.id in self._subjects:", "if False:", FOLD),
    Mutant("an undo before its target is lost", "interview", "_Pages._retract", "self._retracted.add(target)", "self._retracted.update([target] if target in self._subjects else [])", FOLD),
    Mutant("consent can be undone", "interview", "_Pages._retract", "target in self._subjects and target not in self._done", "False", FOLD),
    Mutant("something new does not end redo", "interview", "_Pages._enter", "self._undone.clear()", "pass", FOLD),
    Mutant("undone events stay in force", "interview", "Ledger.in_force", "and event.id not in self.retracted", "", FOLD),
    Mutant("closed answers are seen by conditions", "interview", "Recount._publish", "state is not State.CLOSED", "True", FOLD),
    Mutant("readers of a question are not recounted", "interview", "Recount._settle", "(prefix,) if same else None", "(prefix,)", FOLD),
    Mutant("a new fact reaches no reader", "interview", "Recount._reset", "before.facts.get(fact) != now.facts.get(fact)", "False", FOLD),
    Mutant("instances that are gone stay", "interview", "Recount._replace", "each not in now", "False", FOLD),
    Mutant("the first teller is the one with the first id", "interview", "slot_state", "last[key].id", "str(key)", FOLD),
    Mutant("amendments are not counted", "interview", "slot_state", "versions[informant] - 1", "0", FOLD),
    Mutant("one teller hides the other", "interview", "SlotState.seen", "len(self.given) == 1", "self.given", FOLD),
    Mutant("the worst reason stands for all", "interview", "SlotState.reason", "return min(", "return max(", (*FOLD, *ASKING)),
    Mutant("informants agree if the first two do", "interview", "SlotState.differs", "any((given.value != self.given[0].value for given in self.given))", "self.given[0].value is None", ASKING),
    # -- guard: what must not be recorded
    Mutant("a signed record takes answers", "interview", "refusal_of_kind", "interview.signed and", "False and", GUARD),
    Mutant("a signed record takes no safety note", "interview", "refusal_of_kind", "issubclass(kind, _ALWAYS)", "issubclass(kind, Reopened)", GUARD),
    Mutant("an unknown informant may answer", "interview", "_is_here", "informant in interview.informants", "True", GUARD),
    Mutant("what was undone can be undone again", "interview", "refusal", "event.target not in interview.done", "event.target not in interview.ledger.subjects", GUARD),
    Mutant("any safety note can be acknowledged", "interview", "_refused_closing", "not any((event.raised in each.ids for each in interview.safety))", "not interview.safety and False", GUARD),
    Mutant("a period not reached can be rated", "interview", "is_rating", "return period in interview.instances('period')", "return bool(period)", (*GUARD, *SUGGESTED)),
    Mutant("a check that cannot be decided objects", "interview", "_as_expected", "is not State.OPEN", "is State.CLOSED", GUARD),
    # -- scoring: norms and figures
    Mutant("a band that leaves a rating out", "scoring", "_rating_bands", "if covered != ", "if not covered and covered != ", NORMS),
    Mutant("periods may leave a gap", "scoring", "_periods", "earlier.end != later.start", "False", NORMS),
    Mutant("a percentage just under a cut-off counts as above", "scoring", "Norms.recommendation", "percent >= band.from_percent", "percent + 1 >= band.from_percent", NORMS),
    Mutant("expectation in a straight line of age", "scoring", "_way_between", "math.log1p(age) - math.log1p(start)", "math.log1p(end) - math.log1p(start) if age > end else float(age - start) / float(end - start) * whole", EXPECTED),
    Mutant("corrected for ever", "scoring", "PretermCorrection.age", "age_months >= self.until_months", "False", EXPECTED),
    Mutant("unknown items count as nothing", "scoring", "_total", "(len(items) - len(rated)) * unknown_at", "0 * unknown_at", SCORE),
    Mutant("good care raises the risk", "scoring", "_risk", "(_HIGHEST - mean_relational)", "(mean_relational - _LOWEST)", SCORE),
    Mutant("the ends of risk are turned round", "scoring", "_risk", "risk(_LOWEST, _HIGHEST), risk(UNKNOWN_AT, UNKNOWN_AT)", "risk(_LOWEST, _LOWEST), risk(UNKNOWN_AT, UNKNOWN_AT)", SCORE),
    Mutant("severe from one below", "scoring", "_period", "rating >= severe.first", "rating >= severe.first - 1", SCORE),
    Mutant("unrated functions count as typical", "scoring", "_share", "known / expected_of_rated * expected if ratings else None", "(known + sum((f.expected for f in functions if f.rating is None), Fraction(0))) if ratings else None", SCORE),
    Mutant("a band is shown as sure when its interval spans two", "scoring", "_domain", "None if lowest == highest else (lowest, highest)", "None", SCORE),
    Mutant("a pattern from one rating", "scoring", "_shows", "100 * share.rated < rule.rated_at_least * share.of", "share.rated < 1", SCORE),
    Mutant("the top-down ratio upside down", "scoring", "_top_down", "top.low / base.high, mid, top.high / base.low", "top.low / base.low, mid, top.high / base.high", SCORE),
    Mutant("ratings of the future are let in", "scoring", "ratings_from", "_refuse_the_future(ratings, where)", "pass", RATINGS),
    Mutant("a rule after the deciding one counts too", "scoring", "_outcomes", "return\n", "pass\n", SUGGESTED),
    Mutant("the middle goes to the side of more risk", "scoring", "_middle", "'adversity.' in key", "'adversity.' not in key", SUGGESTED),
    Mutant("one value while no rule surely holds", "scoring", "Suggestion.value", "or (not self.settled)", "", SUGGESTED),
    Mutant("left unknown by the clinician is suggested again", "scoring", "ratings_of", "key not in decided", "key not in found", SUGGESTED),
    Mutant("closed answers are evidence", "scoring", "_lines", "not interview.counts(slot) or ", "", SUGGESTED),
)
# fmt: on


@dataclass(frozen=True)
class Broken:
    """The module that a mutant changes, and its code afterwards."""

    module: str
    code: CodeType


def broken(mutant: Mutant) -> Broken:
    """Return a mutant's module; raises LookupError where it fits nowhere or more than once."""
    fits = [place for place in _places(mutant.package) if mutant.old in place[3]]
    # A function that has become public, or is no longer, is the same function.
    found = [(path, number) for path, name, number, _ in fits if name == mutant.where] or [
        (path, number)
        for path, name, number, _ in fits
        if name.lstrip("_") == mutant.where.lstrip("_")
    ]
    if len(found) != 1:
        raise LookupError(f"{mutant.name}: '{mutant.old}' is in {len(found)} of {mutant.where}")
    path, number = found[0]
    tree = ast.parse(path.read_text("utf-8"))
    _, node = list(_definitions(tree))[number]
    (changed,) = ast.parse(_source(node).replace(mutant.old, mutant.new, 1)).body
    whole = _Put(node, changed).visit(tree)
    code = compile(ast.fix_missing_locations(whole), str(path), "exec", dont_inherit=True)
    return Broken(module_name(path), code)


@cache
def _places(package: str) -> tuple[tuple[Path, str, int, str], ...]:
    """Return every definition of a package: its file, its name, its number there, its source."""
    return tuple(
        (path, name, number, _source(node))
        for path in sorted((ROOT / "nmt_intake" / package).rglob("*.py"))
        for number, (name, node) in enumerate(_definitions(ast.parse(path.read_text("utf-8"))))
    )


def _source(node: ast.AST) -> str:
    return ast.unparse(node) + "\n"


def _definitions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield inside + node.name, node
            yield from _definitions(node, f"{inside}{node.name}.")
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            yield inside + ast.unparse(target), node


class _Put(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else super().visit(node)


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from changed code; everything else as ever."""

    def __init__(self, broken: Broken) -> None:
        self._broken = broken

    def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if name != self._broken.module:
            return None
        return importlib.util.spec_from_loader(name, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._broken.code, module.__dict__)


def outcome(mutant: Mutant) -> tuple[int, str]:
    """Run a mutant's tests in a process of its own; return its exit status and what it printed."""
    changed = broken(mutant)
    with tempfile.TemporaryFile("w+") as printed:
        child = os.fork()
        if child == 0:
            os._exit(_in_child(changed, mutant.tests, printed.fileno()))
        _, status = os.waitpid(child, 0)
        printed.seek(0)
        text = printed.read()
    return (NOTICED if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)), text


def _in_child(changed: Broken, tests: Sequence[str], output: int) -> int:
    signal.alarm(LONGEST)  # a break that never ends is noticed, too
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.meta_path.insert(0, _Loader(changed))
    # Whether it is noticed is asked, not what the smallest example is.
    settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutants")
    with tempfile.TemporaryDirectory() as examples:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = examples
        return int(
            pytest.main(["-x", "-p", "no:xdist", "--hypothesis-seed=0", "--tb=line", *tests])
        )


def chosen(words: Sequence[str]) -> Sequence[Mutant]:
    """Return the mutants that the arguments of the command name."""
    if list(words) == ["--few"]:
        return MUTANTS[::9]
    return [each for each in MUTANTS if not words or any(word in each.name for word in words)]


def main(words: Sequence[str]) -> int:
    """Print of each mutant whether it was noticed, then the score; 1 if one was not."""
    os.chdir(ROOT)
    mutants = chosen(words)
    noticed = 0
    for mutant in mutants:
        start = time.perf_counter()
        status, printed = outcome(mutant)
        noticed += status == NOTICED
        verdict = {NOTICED: "noticed", 0: "MISSED "}.get(status, "BROKEN ")
        print(f"{verdict} {time.perf_counter() - start:5.1f} s  {mutant.name}", flush=True)
        if verdict == "BROKEN ":
            print(printed)
    print(f"{noticed} of {len(mutants)} noticed")
    return 0 if noticed == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
