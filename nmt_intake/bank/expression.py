"""The condition language: a closed subset of Python's expression syntax, parsed and typed.

`parse` turns the text of a condition into a small tree that `truth` compiles. Nothing is ever
evaluated by Python: only the node kinds named here are understood, everything else is a problem
with a place and an advice. Length is limited before Python's parser sees the text, depth and node
count while its tree is walked.
"""

from __future__ import annotations

import ast
import difflib
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from nmt_intake.bank.language import (
    ARITHMETIC,
    FACT_HINTS,
    FACTS,
    FUNCTIONS,
    KIND_IN_WORDS,
    LIKE_HINTS,
    LIKE_WITH_LIKE,
    SIGNS,
    USE_OF,
    Complaint,
    Expression,
    Named,
    Reach,
    Referent,
    Resolve,
    ValueKind,
)
from nmt_intake.bank.truth import Tree
from nmt_intake.text import clean
from nmt_intake.vocabulary import MISSING_REASONS, PERIODS

LONGEST: Final = 2_000
DEEPEST: Final = 40
MOST_NODES: Final = 400
_LARGEST: Final = 10**15
_WITH_CODE: Final = frozenset({"has", "any_of", "all_of", "count_of"})
_OVER_INSTANCES: Final = frozenset({"any_of", "all_of", "count_of"})
# What goes over the instances without a code: what it takes, what it gives, its second thing.
_OVER_VALUES: Final[dict[str, tuple[ValueKind, ValueKind]]] = {
    "sum_of": ("number", "number"),
    "min_of": ("number", "number"),
    "max_of": ("number", "number"),
    "earliest": ("date", "date"),
    "latest": ("date", "date"),
    "gap_months": ("interval", "number"),
    "overlap_months": ("interval", "number"),
    "any_during": ("interval", "truth"),
}
_OF_INTERVALS: Final = frozenset({"starts", "ends", "during"})
_WITH_PERIOD: Final = frozenset({"during", "any_during"})
_DEEPEST_NAMES: Final = 12

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


# As many functions are named as one reads in a line.
_NAMED: Final = 7


class _NotUsable(Exception):
    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.complaint = Complaint(code, message, advice)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A subtree with the kind of its value; `codes` limits what a code or text may be."""

    tree: Tree
    kind: ValueKind
    codes: tuple[str, ...] = ()
    literal: bool = False


def parse(
    text: str,
    resolve: Resolve,
    facts: Iterable[str] = FACTS,
    kind: ValueKind | None = "truth",
) -> Expression | Complaint:
    """Parse and type a condition; `resolve` finds the questions it names, `facts` are allowed.

    It must be of this `kind`; None for one that other conditions name.

    Never raises: a text that is no condition gives the first complaint about it.
    """
    try:
        reader = _Reader(text, resolve, facts)
        typed = reader.expect(_read(text), kind) if kind else reader.typed(_read(text))
    except _NotUsable as refusal:
        return refusal.complaint
    return Expression(text, typed.tree, tuple(sorted(reader.reads)), tuple(sorted(reader.facts)))


def _read(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise _NotUsable("BANK-013", f"the condition is over {LONGEST} characters.", "Split it.")
    try:
        # Python warns on standard error of `1in (1, 2)` and the like; our complaints are enough.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            composed = unicodedata.normalize("NFC", text)
            return ast.parse(composed.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _NotUsable(
            "BANK-013",
            f"the condition {clean(text, 60)!r} cannot be read.",
            "Write for example: refused in ('at_first', 'often').",
        ) from None


class _Reader:
    """Walks one syntax tree, gives every node a kind, and notes what is read."""

    def __init__(self, text: str, resolve: Resolve, facts: Iterable[str]) -> None:
        self._text = text.strip()
        self._resolve = resolve
        self._allowed_facts = facts
        self._depth = 0
        self._nodes = 0
        self._names: list[str] = []
        self.reads: set[tuple[str, Reach]] = set()
        self.facts: set[str] = set()
        self._readers: dict[type[ast.expr], Callable[..., _Typed]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._name,
            ast.BoolOp: self._connected,
            ast.UnaryOp: self._signed,
            ast.BinOp: self._computed,
            ast.Compare: self._comparison,
            ast.Call: self._call,
        }

    def expect(self, node: ast.expr, kind: ValueKind) -> _Typed:
        """Return the subtree, which must be of this kind."""
        typed = self.typed(node)
        if typed.kind != kind:
            raise _NotUsable(
                "BANK-015",
                f"{self._shown(node)} is {KIND_IN_WORDS[typed.kind]},"
                f" where {KIND_IN_WORDS[kind]} is needed.",
                "Compare it with something, for example: ... == 'often' or ... > 3.",
            )
        return typed

    def typed(self, node: ast.expr) -> _Typed:
        """Return the subtree with its kind, whatever it is."""
        self._depth += 1
        self._nodes += 1
        if self._depth > DEEPEST or self._nodes > MOST_NODES:
            raise _NotUsable("BANK-013", "the condition is too large or too deep.", "Split it.")
        read = self._readers.get(type(node))
        if read is None:
            raise self._foreign(node)
        typed = read(node)
        self._depth -= 1
        return typed

    def _shown(self, node: ast.expr) -> str:
        """Return a part of the condition as its author wrote it, quoted."""
        written = ast.get_source_segment(self._text, node) or self._text
        return repr(clean(" ".join(written.split()), 60))

    def _foreign(self, node: ast.expr) -> _NotUsable:
        return _NotUsable(
            "BANK-013",
            f"{self._shown(node)} is not part of the condition language.",
            "Use and, or, not, comparisons, in (...), + - * / // %, and its functions.",
        )

    def _connected(self, node: ast.BoolOp) -> _Typed:
        word = "and" if isinstance(node.op, ast.And) else "or"
        parts = [self.expect(value, "truth").tree for value in node.values]
        return _Typed((word, *parts), "truth")

    def _signed(self, node: ast.UnaryOp) -> _Typed:
        match node.op:
            case ast.Not():
                return _Typed(("not", self.expect(node.operand, "truth").tree), "truth")
            case ast.UAdd():
                return self.expect(node.operand, "number")
            case ast.USub():
                number = self.expect(node.operand, "number")
                match number.tree:
                    case ("const", int() | float() as written):
                        return _Typed(("const", -written), "number", literal=True)
                    case tree:
                        return _Typed(("arithmetic", "-", ("const", 0), tree), "number")
            case _:
                raise self._foreign(node)

    def _computed(self, node: ast.BinOp) -> _Typed:
        sign = ARITHMETIC.get(type(node.op))
        if sign is None:
            raise self._foreign(node)
        left, right = self.expect(node.left, "number"), self.expect(node.right, "number")
        return _Typed(("arithmetic", sign, left.tree, right.tree), "number")

    def _constant(self, node: ast.Constant) -> _Typed:
        match node.value:
            case bool(truth):
                return _Typed(("const", truth), "truth", literal=True)
            # Compared before anything computes with it: a long integer has no float.
            case int() | float() as number if -_LARGEST < number < _LARGEST:
                return _Typed(("const", number), "number", literal=True)
            case str(text):
                return _Typed(("const", text), "text", literal=True)
            case _:
                message = "the condition holds a value it cannot use."
                raise _NotUsable("BANK-013", message, "Use a number or a quoted word.")

    def _name(self, node: ast.Name | ast.Attribute) -> _Typed:
        name = _dotted(node)
        if name in FACTS:
            if name not in self._allowed_facts:
                raise _NotUsable("BANK-014", f"{name} is not known here.", FACT_HINTS.get(name, ""))
            self.facts.add(name)
            kind, codes = FACTS[name]
            return _Typed(("fact", name), kind, codes)
        named = self._resolve(name)
        if isinstance(named, Named):
            return self._inline(name, named)
        referent = self._referent(node)
        if referent.reach == "many":
            raise self._many(name, referent)
        return _Typed(("ref", referent.id, referent.reach), referent.kind, referent.codes)

    def _inline(self, name: str, named: Named) -> _Typed:
        """Return a named condition as if its words stood here, in brackets."""
        if name in self._names or len(self._names) >= _DEEPEST_NAMES:
            circle = " -> ".join([*self._names, name])
            message = f"named conditions go round in a circle: {circle}."
            raise _NotUsable("BANK-016", message, "Take one out of the other.")
        before = self._text, self._resolve
        self._names.append(name)
        self._text, self._resolve = named.text.strip(), named.resolve
        try:
            return self.typed(_read(named.text))
        finally:
            self._names.pop()
            self._text, self._resolve = before

    def _referent(self, node: ast.expr) -> Referent:
        if not isinstance(node, ast.Name | ast.Attribute):
            raise _NotUsable(
                "BANK-013",
                f"{self._shown(node)} stands where a question belongs.",
                "Name a question: id, or block.id.",
            )
        found = self._resolve(_dotted(node))
        if isinstance(found, Complaint):
            raise _NotUsable(found.code, found.message, found.advice)
        if isinstance(found, Named):
            message = f"{self._shown(node)} is a named condition, where a question belongs."
            raise _NotUsable("BANK-014", message, "Name a question: id, or block.id.")
        self.reads.add((found.id, found.reach))
        return found

    def _comparison(self, node: ast.Compare) -> _Typed:
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            if len(node.ops) > 1:
                raise _NotUsable("BANK-013", "`in` stands in a chain.", "Split it with `and`.")
            return self._membership(node)
        signs = [SIGNS.get(type(operator)) for operator in node.ops]
        operands = [self.typed(node.left)]
        operands += [self._operand(part, operands[0]) for part in node.comparators]
        links: list[Tree] = []
        dated = False
        for sign, left, right in zip(signs, operands[:-1], operands[1:], strict=True):
            if sign is None:
                message = "`is` and `in` cannot stand here."
                raise _NotUsable("BANK-013", message, "Use == or !=, or split it with `and`.")
            dated |= self._comparable(sign, left, right) == "date"
            links.append([sign, right.tree])
        kind = "date" if dated else "plain"
        return _Typed(("compare", kind, operands[0].tree, *links), "truth")

    def _operand(self, node: ast.expr, left: _Typed) -> _Typed:
        if isinstance(node, ast.Name) and node.id in left.codes:
            message = f"the option {node.id!r} has no quotes."
            raise _NotUsable("BANK-014", message, f"Write '{node.id}'.")
        return self.typed(node)

    def _comparable(self, sign: str, left: _Typed, right: _Typed) -> ValueKind:
        if left.literal and not right.literal:
            left, right = right, left
        kind = left.kind
        if kind in ("codes", "other", "interval"):
            message = f"{KIND_IN_WORDS[kind]} cannot be compared."
            advice = "Use has(question, 'code') or answered(question)."
            if kind == "interval":
                advice = "Use starts(question), ends(question) or during(question, 'infancy')."
            raise _NotUsable("BANK-015", message, advice)
        if kind in ("code", "text", "date") and right.kind == "text" and right.literal:
            self._check_word(left, _word(right.tree))
        elif kind != right.kind:
            message = f"{KIND_IN_WORDS[kind]} is compared with {KIND_IN_WORDS[right.kind]}."
            advice = LIKE_HINTS.get((kind, right.kind), LIKE_WITH_LIKE)
            raise _NotUsable("BANK-015", message, advice)
        if kind in ("code", "text", "truth") and sign not in ("==", "!="):
            message = f"{KIND_IN_WORDS[kind]} has no order."
            raise _NotUsable("BANK-015", message, "Use ==, != or in (...).")
        return kind

    def _check_word(self, left: _Typed, word: str) -> None:
        if left.kind == "date" and not is_date(word):
            raise _NotUsable(
                "BANK-015",
                f"{clean(word, 40)!r} is no date.",
                "Write '2019', '2019-09' or '2019-09-14'.",
            )
        if word not in left.codes and (left.codes or left.kind in ("code", "codes")):
            raise _NotUsable(
                "BANK-014",
                f"there is no option {clean(word, 40)!r} here.",
                _did_you_mean(word, left.codes),
            )

    def _membership(self, node: ast.Compare) -> _Typed:
        right = node.comparators[0]
        left = self.typed(node.left)
        if not isinstance(right, ast.Tuple | ast.List | ast.Set) or not right.elts:
            raise _NotUsable(
                "BANK-013",
                "after `in` there must be a list of values.",
                "Write for example: refused in ('at_first', 'often').",
            )
        members = [self.typed(element) for element in right.elts]
        if left.kind not in ("code", "text", "number"):
            raise _NotUsable(
                "BANK-015",
                f"{KIND_IN_WORDS[left.kind]} cannot stand before `in`.",
                "Use has(question, 'code').",
            )
        for member in members:
            if not member.literal:
                raise _NotUsable(
                    "BANK-013", "the list after `in` holds a name.", "Quote the codes."
                )
            self._comparable("==", left, member)
        tree: Tree = ("in", left.tree, *(_literal(member.tree) for member in members))
        return _Typed(("not", tree) if isinstance(node.ops[0], ast.NotIn) else tree, "truth")

    def _call(self, node: ast.Call) -> _Typed:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        least = FUNCTIONS.get(name)
        if least is None:
            message = f"{self._shown(node.func)} is no function of the condition language."
            known = get_close_matches(name, FUNCTIONS, 1) or list(FUNCTIONS)[:_NAMED]
            advice = f"Known are {', '.join(known)}, and more in the author's guide."
            raise _NotUsable("BANK-013", message, advice)
        most = 2 if name in _WITH_CODE or name in _WITH_PERIOD or least == 2 else 1
        if node.keywords or not least <= len(node.args) <= most:
            counts = f"{least} or {most}" if least < most else str(least)
            message = f"{name} takes {counts} {'thing' if most == 1 else 'things'}."
            raise _NotUsable("BANK-013", message, f"Write {USE_OF[name]}.")
        if name == "months_between":
            first, second = (self.expect(each, "date").tree for each in node.args)
            return _Typed(("call", name, first, second), "number")
        referent = self._referent(node.args[0])
        if name == "chosen":
            return self._chosen(referent)
        if name in _OVER_VALUES:
            return self._over_values(name, referent, node.args[1:])
        if name in _OVER_INSTANCES:
            return self._over_instances(name, referent, node.args[1:])
        if referent.reach == "many":
            raise self._many(referent.id, referent)
        reference: Tree = ("ref", referent.id, referent.reach)
        if name in _OF_INTERVALS:
            return self._of_interval(name, referent, node.args[1:])
        match name:
            case "has":
                code = self._code(referent, node.args[1])
                return _Typed(("call", "has", reference, code), "truth")
            case "reason":
                return _Typed(("call", "reason", reference), "code", MISSING_REASONS)
            case _:
                return _Typed(("call", name, reference), "truth")

    def _chosen(self, referent: Referent) -> _Typed:
        """Return whether this instance is among the entries that a question chose.

        Of a question that is itself repeated: in one of its instances.
        """
        if not referent.chosen_here:
            message = f"{referent.id} does not choose among what this block is asked for each of."
            if not referent.chooses:
                message = f"{referent.id} takes no options from entries."
            advice = "It takes a question with options_from, in a block asked for each of these."
            raise _NotUsable("BANK-014", message, advice)
        if not referent.loop:
            reference: Tree = ("ref", referent.id, referent.reach)
            return _Typed(("call", "chosen", reference, referent.chooses), "truth")
        self._reads_all("chosen", referent)
        tree: Tree = ("call", "chosen_by_any", referent.id, referent.loop, referent.chooses)
        return _Typed(tree, "truth")

    def _of_interval(self, name: str, referent: Referent, rest: Sequence[ast.expr]) -> _Typed:
        self._must_hold(referent, "interval", name)
        reference: Tree = ("ref", referent.id, referent.reach)
        if name == "during":
            return _Typed(("call", name, reference, self._period(rest)), "truth")
        return _Typed(("call", name, reference), "number")

    def _over_values(self, name: str, referent: Referent, rest: Sequence[ast.expr]) -> _Typed:
        takes, gives = _OVER_VALUES[name]
        self._must_hold(referent, takes, name)
        self._reads_all(name, referent)
        tree: tuple[Tree, ...] = ("call", name, referent.id, referent.loop)
        if name in _WITH_PERIOD:
            tree = (*tree, self._period(rest))
        if name in ("gap_months", "overlap_months"):
            self.facts.add("client.age_months")
        return _Typed(tree, gives)

    def _must_hold(self, referent: Referent, kind: ValueKind, name: str) -> None:
        if referent.kind != kind:
            raise _NotUsable(
                "BANK-015",
                f"{referent.id} is {KIND_IN_WORDS[referent.kind]},"
                f" where {name} takes {KIND_IN_WORDS[kind]}.",
                f"Write {USE_OF[name]}.",
            )

    def _period(self, rest: Sequence[ast.expr]) -> str:
        """Return the period that `during` is about: the one written, or this block's (empty)."""
        if not rest:
            if "period.id" not in self._allowed_facts:
                raise _NotUsable("BANK-014", "no period is meant here.", "Write its id, quoted.")
            return ""
        word = _word(self.expect(rest[0], "text").tree)
        if word not in PERIODS:
            message = f"there is no period {clean(word, 40)!r}."
            raise _NotUsable("BANK-014", message, _did_you_mean(word, PERIODS))
        return word

    def _many(self, name: str, referent: Referent) -> _NotUsable:
        return _NotUsable(
            "BANK-014",
            f"{name} is asked for each {referent.loop}, so it has no single answer here.",
            f"Write any_of({name}), all_of({name}) or count_of({name}, 'code').",
        )

    def _over_instances(self, name: str, referent: Referent, rest: Sequence[ast.expr]) -> _Typed:
        self._reads_all(name, referent)
        if not rest and referent.kind != "truth":
            raise _NotUsable(
                "BANK-015",
                f"{referent.id} is no yes/no question.",
                f"Write {name}({referent.id}, 'code').",
            )
        code = self._code(referent, rest[0]) if rest else True
        kind: ValueKind = "number" if name == "count_of" else "truth"
        return _Typed(("call", name, referent.id, referent.loop, code), kind)

    def _reads_all(self, name: str, referent: Referent) -> None:
        if not referent.loop:
            raise _NotUsable(
                "BANK-014",
                f"{referent.id} is asked once, so {name} has nothing to go over.",
                "Name the question itself.",
            )
        self.reads.discard((referent.id, referent.reach))
        self.reads.add((referent.id, "many"))

    def _code(self, referent: Referent, node: ast.expr) -> str | int | float | bool:
        value = self.typed(node)
        if not value.literal:
            raise _NotUsable("BANK-013", "a code must be a quoted word.", f"Write {USE_OF['has']}.")
        constant = _literal(value.tree)
        wanted: dict[ValueKind, ValueKind] = {"truth": "truth", "number": "number"}
        if value.kind != wanted.get(referent.kind, "text") or referent.kind in ("date", "other"):
            raise _NotUsable(
                "BANK-015", f"{referent.id} cannot hold {constant!r}.", "Name one of its codes."
            )
        if isinstance(constant, str):
            self._check_word(_Typed(None, referent.kind, referent.codes), constant)
        return constant


def is_date(word: str) -> bool:
    """Whether it is a date that exists, perhaps without day or month; 00 is none."""
    found = _DATE.fullmatch(word)
    if found is None:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _dotted(node: ast.Name | ast.Attribute) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    raise _NotUsable("BANK-014", "there are too many dots in a name.", "Write id, or block.id.")


def _literal(tree: Tree) -> str | int | float | bool:
    match tree:
        case ("const", bool() | int() | float() | str() as constant):
            return constant
        case _:
            raise _NotUsable("BANK-013", "a plain value is needed here.", "Write a number or word.")


def _word(tree: Tree) -> str:
    return str(_literal(tree))


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    listed = ", ".join(known[:8]) or "none that a condition can name"
    return f"Did you mean {near[0]!r}?" if near else f"There are: {listed}."
