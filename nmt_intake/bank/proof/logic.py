"""The seam to z3-solver: terms, folded where they are plain values, and one solver over them.

z3's own types are partial, so a term is `Any` here and nowhere else is z3 spoken to. It is imported
when a solver is first made: that costs a tenth of a second, and a start of the desk needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Literal, TypeAlias

Truth: TypeAlias = Any  # a bool, or z3's term for one
Number: TypeAlias = Any  # an int or Fraction, or z3's term for an integer or real
Outcome: TypeAlias = Literal["sat", "unsat", "unknown"]

_PLAIN: Final = (int, Fraction)


class _Deferred:
    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module("z3"), name)
        setattr(self, name, found)
        return found


_z3: Final[Any] = _Deferred()


def available() -> bool:
    """Whether z3-solver (the `author` extra) is installed."""
    return find_spec("z3") is not None


def truth(name: str) -> Truth:
    """Return a truth that the solver may choose."""
    return _z3.Bool(name)


def real(name: str) -> Number:
    """Return a number that the solver may choose."""
    return _z3.Real(name)


def whole(name: str) -> Number:
    """Return a whole number that the solver may choose."""
    return _z3.Int(name)


def both(*parts: Truth) -> Truth:
    """Return the `and` of any number of parts."""
    return all_of(parts)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Return the `and` of parts: true of none."""
    kept: list[Truth] = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else _joined("Z3_mk_and", kept)


def either(*parts: Truth) -> Truth:
    """Return the `or` of any number of parts."""
    return any_of(parts)


def any_of(parts: Iterable[Truth]) -> Truth:
    """Return the `or` of parts: false of none."""
    kept: list[Truth] = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    if not kept:
        return False
    return kept[0] if len(kept) == 1 else _joined("Z3_mk_or", kept)


def _joined(make: str, terms: list[Any]) -> Truth:
    """Make a term past `z3.And`, which looks at each part's sort again: most of a check's time."""
    context = terms[0].ctx
    array = (_z3.Ast * len(terms))(*[term.ast for term in terms])
    return _z3.BoolRef(getattr(_z3, make)(context.ref(), len(terms), array), context)


def no(part: Truth) -> Truth:
    """Return the opposite."""
    if isinstance(part, bool):
        return not part
    return _z3.BoolRef(_z3.Z3_mk_not(part.ctx.ref(), part.ast), part.ctx)


def implies(reason: Truth, follows: Truth) -> Truth:
    """Return that one follows from the other."""
    return either(no(reason), follows)


def alike(left: Truth, right: Truth) -> Truth:
    """Return that two truths are the same."""
    if isinstance(left, bool):
        return right if left else no(right)
    if isinstance(right, bool):
        return left if right else no(left)
    return left == right


def exactly_one(parts: Iterable[Truth]) -> Truth:
    """Return that one of the parts is true, and no other."""
    every = list(parts)
    apart = [
        no(both(one, other)) for place, one in enumerate(every) for other in every[place + 1 :]
    ]
    return both(any_of(every), *apart)


def plain(number: Number) -> bool:
    """Whether a number is known here and now."""
    return isinstance(number, _PLAIN)


def _lifted(number: Number) -> Any:
    if isinstance(number, int):
        return _z3.IntVal(number)
    if isinstance(number, Fraction):
        return _z3.RealVal(f"{number.numerator}/{number.denominator}")
    return number


def equal(left: Number, right: Number) -> Truth:
    """Return that two numbers are the same."""
    if plain(left) and plain(right):
        return left == right
    return _lifted(left) == _lifted(right)


def below(left: Number, right: Number) -> Truth:
    """Return that one number is less than another."""
    if plain(left) and plain(right):
        return left < right
    return _lifted(left) < _lifted(right)


def at_most(left: Number, right: Number) -> Truth:
    """Return that one number is not more than another."""
    return no(below(right, left)) if plain(left) and plain(right) else _at_most(left, right)


def _at_most(left: Number, right: Number) -> Truth:
    return _lifted(left) <= _lifted(right)


def added(left: Number, right: Number) -> Number:
    """Return the sum."""
    if plain(left) and plain(right):
        return left + right
    return _lifted(left) + _lifted(right)


def taken(left: Number, right: Number) -> Number:
    """Return the difference."""
    if plain(left) and plain(right):
        return left - right
    return _lifted(left) - _lifted(right)


def times(left: Number, right: Number) -> Number:
    """Return the product."""
    if plain(left) and plain(right):
        return left * right
    return _lifted(left) * _lifted(right)


def over(left: Number, right: Number) -> Number:
    """Return the quotient of real numbers; the right one is not 0."""
    if plain(left) and plain(right):
        return Fraction(left) / Fraction(right)
    if plain(right):
        return times(left, 1 / Fraction(right))
    return _real(left) / _real(right)


def _real(number: Number) -> Any:
    term = _lifted(number)
    return _z3.ToReal(term) if term.is_int() else term


def floor(number: Number) -> Number:
    """Return the greatest whole number that is not above."""
    if plain(number):
        return number.__floor__()
    return number if number.is_int() else _z3.ToInt(number)


def choose(condition: Truth, then: Number, otherwise: Number) -> Number:
    """Return one number or another."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if plain(then) and plain(otherwise) and then == otherwise:
        return then
    left, right = _lifted(then), _lifted(otherwise)
    if left.is_int() != right.is_int():
        left, right = _real(left), _real(right)
    return _z3.If(condition, left, right)


def least(numbers: Iterable[Number]) -> Number:
    """Return the least of one or more numbers."""
    return _extreme(numbers, below)


def greatest(numbers: Iterable[Number]) -> Number:
    """Return the greatest of one or more numbers."""
    return _extreme(numbers, _above)


def _above(left: Number, right: Number) -> Truth:
    return below(right, left)


def _extreme(numbers: Iterable[Number], better: Any) -> Number:
    rest = iter(numbers)
    found = next(rest)
    for number in rest:
        found = choose(better(number, found), number, found)
    return found


_TRUE: Final = 1


class Solver:
    """What is asserted so far; checks take further assumptions."""

    def __init__(self) -> None:
        self._solver: Any = _z3.SimpleSolver()
        # Truths that do not matter are left to chance (of a fixed seed): so one model brings about
        # many goals at once.
        self._solver.set("phase_selection", 5)
        self._model: Any = None

    def add(self, part: Truth) -> None:
        """Assert a truth from here on."""
        if part is not True:
            self._solver.add(_z3.BoolVal(False) if part is False else part)

    def check(self, assumptions: Iterable[Truth], seconds: float) -> Outcome:
        """Return whether all can hold at once, or that it was not decided in this time."""
        self._solver.set("timeout", max(1, int(seconds * 1000)))
        self._model = None
        kept: list[Any] = []
        for each in assumptions:
            if each is False:
                return "unsat"
            if each is not True:
                kept.append(each)
        outcome: Outcome = str(self._solver.check(kept))  # type: ignore[assignment]
        if outcome == "sat":
            self._model = self._solver.model()
        return outcome

    def holds(self, part: Truth) -> bool:
        """Return whether a truth holds in the last answers found."""
        if isinstance(part, bool):
            return part
        return bool(_z3.is_true(self._model.eval(part, model_completion=True)))

    def all_named(self, names: Sequence[Truth]) -> list[bool]:
        """Return which of these truths, made by `truth`, hold: ten times as fast as `holds`."""
        context, model = names[0].ctx.ref(), self._model.model
        interpreted, value = _z3.Z3_model_get_const_interp, _z3.Z3_get_bool_value
        declared = _z3.Z3_get_app_decl
        found = [interpreted(context, model, declared(context, name.ast)) for name in names]
        return [bool(each) and value(context, each) == _TRUE for each in found]

    def number(self, term: Number) -> Fraction:
        """Return what a number is in the last answers found; near it if it is irrational."""
        if plain(term):
            return Fraction(term)
        value = self._model.eval(term, model_completion=True)
        if _z3.is_algebraic_value(value):
            value = value.approx(9)
        return Fraction(value.as_string())
