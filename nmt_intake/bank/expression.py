"""The condition language: a closed subset of Python's expression syntax, parsed and typed.

`parse` turns the text of a condition into a small tree that `truth` compiles. Nothing is ever
evaluated by Python: only the node kinds named here are understood, everything else is a problem
with a place and an advice. Size, depth and node count are limited before anything looks inside.
"""

from __future__ import annotations

import ast
import difflib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.truth import Tree
from nmt_intake.cleaning import clean
from nmt_intake.vocabulary import MISSING_REASONS, PERIODS

LONGEST: Final = 2_000
DEEPEST: Final = 40
MOST_NODES: Final = 400

ValueKind: TypeAlias = Literal["truth", "number", "code", "codes", "text", "date", "other"]
Reach: TypeAlias = Literal["same", "once", "many"]


@dataclass(frozen=True, slots=True)
class Referent:
    """A question as a condition sees it: its id, how it is reached from here, what it holds.

    `reach` is `same` (this instance), `once` (a block asked once) or `many` (another repeated
    block, readable only through `any_of`, `all_of` and `count_of`); `loop` is what it repeats over.
    """

    id: str
    reach: Reach
    kind: ValueKind
    codes: tuple[str, ...] = ()
    loop: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a condition cannot be used: a catalogue code, what is wrong, what to do."""

    code: str
    message: str
    advice: str


Resolve: TypeAlias = Callable[[str], Referent | Complaint]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed condition: its words, its tree, and what it reads.

    `reads` are pairs of question id and reach; `facts` the fact names.
    """

    text: str
    tree: Tree
    reads: tuple[tuple[str, Reach], ...]
    facts: tuple[str, ...]

    @property
    def asks_informants(self) -> bool:
        """Whether it speaks of the informant."""
        return any(fact.startswith("informant.") for fact in self.facts)


INFORMANT_KINDS: Final = ("caregiver", "self", "professional")

FACTS: Final[dict[str, tuple[ValueKind, tuple[str, ...]]]] = {
    "client.age_months": ("number", ()),
    "client.corrected_age_months": ("number", ()),
    "client.gestation_weeks": ("number", ()),
    "period.id": ("code", PERIODS),
    "informant.relation": ("text", ()),
    "informant.kind": ("code", INFORMANT_KINDS),
    "informant.known_from_months": ("number", ()),
}

_FUNCTIONS: Final[dict[str, int]] = {
    "answered": 1,
    "missing": 1,
    "reason": 1,
    "has": 2,
    "any_of": 1,
    "all_of": 1,
    "count_of": 2,
}

_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ARITHMETIC: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


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


def parse(text: str, resolve: Resolve, facts: Iterable[str] = FACTS) -> Expression | Complaint:
    """Parse and type a condition; `resolve` finds the questions it names, `facts` are allowed.

    Never raises: a text that is no condition gives the first complaint about it.
    """
    try:
        body = _read(text)
        reader = _Reader(resolve, frozenset(facts))
        typed = reader.expect(body, "truth")
    except _NotUsable as refusal:
        return refusal.complaint
    return Expression(text, typed.tree, tuple(sorted(reader.reads)), tuple(sorted(reader.facts)))


def _read(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise _NotUsable("BANK-013", f"the condition is over {LONGEST} characters.", "Split it.")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _NotUsable(
            "BANK-013",
            f"the condition {clean(text, 60)!r} cannot be read.",
            "Write for example: refused in ('at_first', 'often').",
        ) from None
    _measure(body)
    return body


def _measure(body: ast.expr) -> None:
    level: list[ast.AST] = [body]
    nodes = 0
    for _depth in range(DEEPEST):
        nodes += len(level)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            break
    if level or nodes > MOST_NODES:
        raise _NotUsable("BANK-013", "the condition is too large or too deep.", "Split it.")


class _Reader:
    """Walks one syntax tree, gives every node a kind, and notes what is read."""

    def __init__(self, resolve: Resolve, facts: frozenset[str]) -> None:
        self._resolve = resolve
        self._allowed_facts = facts
        self.reads: set[tuple[str, Reach]] = set()
        self.facts: set[str] = set()

    def expect(self, node: ast.expr, kind: ValueKind) -> _Typed:
        """Return the subtree, which must be of this kind."""
        typed = self._typed(node)
        if typed.kind != kind:
            what = clean(ast.unparse(node), 60)
            raise _NotUsable(
                "BANK-015",
                f"{what!r} is {_A[typed.kind]}, where {_A[kind]} is needed.",
                "Compare it with something, for example: ... == 'often' or ... > 3.",
            )
        return typed

    def _typed(self, node: ast.expr) -> _Typed:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BoolOp(op=operator, values=values):
                word = "and" if isinstance(operator, ast.And) else "or"
                parts = [self.expect(value, "truth").tree for value in values]
                return _Typed((word, *parts), "truth")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _Typed(("not", self.expect(operand, "truth").tree), "truth")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                number = self.expect(operand, "number").tree
                return _Typed(("arithmetic", "-", ("const", 0), number), "number")
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expect(operand, "number")
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                sign = _ARITHMETIC[type(operator)]
                first, second = self.expect(left, "number"), self.expect(right, "number")
                return _Typed(("arithmetic", sign, first.tree, second.tree), "number")
            case ast.Compare():
                return self._comparison(node)
            case ast.Call():
                return self._call(node)
            case _:
                raise _NotUsable(
                    "BANK-013",
                    f"{clean(ast.unparse(node), 60)!r} is not part of the condition language.",
                    "Use and, or, not, comparisons, in (...), + - * / // %, and its functions.",
                )

    def _constant(self, node: ast.Constant) -> _Typed:
        match node.value:
            case bool(truth):
                return _Typed(("const", truth), "truth", literal=True)
            case int() | float() as number if math.isfinite(number) and abs(number) < 1e15:
                return _Typed(("const", number), "number", literal=True)
            case str(text):
                return _Typed(("const", text), "text", literal=True)
            case _:
                raise _NotUsable(
                    "BANK-013",
                    "the condition holds a value it cannot use.",
                    "Use a number or word.",
                )

    def _name(self, node: ast.Name | ast.Attribute) -> _Typed:
        name = _dotted(node)
        if name in FACTS:
            if name not in self._allowed_facts:
                raise _NotUsable("BANK-014", f"{name} is not known here.", "Leave it out.")
            self.facts.add(name)
            kind, codes = FACTS[name]
            return _Typed(("fact", name), kind, codes)
        referent = self._referent(node)
        if referent.reach == "many":
            raise _NotUsable(
                "BANK-014",
                f"{name} is asked for each {referent.loop}, so it has no single answer here.",
                f"Write any_of({name}), all_of({name}) or count_of({name}, 'code').",
            )
        return _Typed(("ref", referent.id, referent.reach), referent.kind, referent.codes)

    def _referent(self, node: ast.expr) -> Referent:
        if not isinstance(node, ast.Name | ast.Attribute):
            raise _NotUsable(
                "BANK-013",
                f"{clean(ast.unparse(node), 60)!r} stands where a question belongs.",
                "Name a question: id, or block.id.",
            )
        found = self._resolve(_dotted(node))
        if isinstance(found, Complaint):
            raise _NotUsable(found.code, found.message, found.advice)
        self.reads.add((found.id, found.reach))
        return found

    def _comparison(self, node: ast.Compare) -> _Typed:
        operators = node.ops
        if isinstance(operators[0], ast.In | ast.NotIn):
            if len(operators) > 1:
                raise _NotUsable("BANK-013", "`in` stands in a chain.", "Split it with `and`.")
            return self._membership(node)
        operands = [self._typed(part) for part in (node.left, *node.comparators)]
        signs: list[str] = []
        for operator in operators:
            if type(operator) not in _SIGNS:
                raise _NotUsable("BANK-013", "`is` is not known.", "Use == or !=.")
            signs.append(_SIGNS[type(operator)])
        kinds = {
            self._comparable(*pair) for pair in zip(signs, operands[:-1], operands[1:], strict=True)
        }
        kind = "date" if "date" in kinds else "plain"
        links = [[sign, operand.tree] for sign, operand in zip(signs, operands[1:], strict=True)]
        return _Typed(("compare", kind, operands[0].tree, *links), "truth")

    def _comparable(self, sign: str, left: _Typed, right: _Typed) -> ValueKind:
        if left.literal and not right.literal:
            left, right = right, left
        kind = left.kind
        if kind in ("codes", "other"):
            raise _NotUsable(
                "BANK-015",
                f"{_A[kind]} cannot be compared.",
                "Use has(question, 'code') or answered(question).",
            )
        if kind in ("code", "text", "date") and right.kind == "text" and right.literal:
            self._check_word(left, _word(right.tree))
        elif kind != right.kind:
            raise _NotUsable(
                "BANK-015",
                f"{_A[kind]} is compared with {_A[right.kind]}.",
                "Compare like with like.",
            )
        if kind in ("code", "text", "truth") and sign not in ("==", "!="):
            raise _NotUsable("BANK-015", f"{_A[kind]} has no order.", "Use ==, != or in (...).")
        return kind

    def _check_word(self, left: _Typed, word: str) -> None:
        if left.kind == "date" and not _DATE.fullmatch(word):
            raise _NotUsable(
                "BANK-015",
                f"{clean(word, 40)!r} is no date.",
                "Write '2019', '2019-09' or '2019-09-14'.",
            )
        if left.codes and word not in left.codes:
            raise _NotUsable(
                "BANK-014",
                f"there is no option {clean(word, 40)!r} here.",
                _did_you_mean(word, left.codes),
            )

    def _membership(self, node: ast.Compare) -> _Typed:
        right = node.comparators[0]
        left = self._typed(node.left)
        if not isinstance(right, ast.Tuple | ast.List | ast.Set) or not right.elts:
            raise _NotUsable(
                "BANK-013",
                "after `in` there must be a list of values.",
                "Write for example: refused in ('at_first', 'often').",
            )
        members = [self._typed(element) for element in right.elts]
        if left.kind not in ("code", "text", "number"):
            raise _NotUsable(
                "BANK-015",
                f"{_A[left.kind]} cannot stand before `in`.",
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
        least = _FUNCTIONS.get(name)
        if least is None:
            raise _NotUsable(
                "BANK-013",
                f"{clean(ast.unparse(node.func), 40)!r} is no function of the condition language.",
                f"Known are {', '.join(_FUNCTIONS)}.",
            )
        most = 2 if name in ("has", "any_of", "all_of", "count_of") else 1
        if node.keywords or not least <= len(node.args) <= most:
            raise _NotUsable("BANK-013", f"{name} takes {least} thing(s).", f"Write {_USE[name]}.")
        referent = self._referent(node.args[0])
        if name in ("any_of", "all_of", "count_of"):
            return self._over_instances(name, referent, node.args[1:])
        if referent.reach == "many":
            raise _NotUsable(
                "BANK-014",
                f"{referent.id} is asked for each {referent.loop}.",
                "Use any_of, all_of or count_of.",
            )
        reference: Tree = ("ref", referent.id, referent.reach)
        match name:
            case "has":
                code = self._code(referent, node.args[1])
                return _Typed(("call", "has", reference, code), "truth")
            case "reason":
                return _Typed(("call", "reason", reference), "code", MISSING_REASONS)
            case _:
                return _Typed(("call", name, reference), "truth")

    def _over_instances(self, name: str, referent: Referent, rest: Sequence[ast.expr]) -> _Typed:
        if not referent.loop:
            raise _NotUsable(
                "BANK-014",
                f"{referent.id} is asked once, so {name} has nothing to go over.",
                "Name the question itself.",
            )
        self.reads.discard((referent.id, referent.reach))
        self.reads.add((referent.id, "many"))
        if not rest and referent.kind != "truth":
            raise _NotUsable(
                "BANK-015",
                f"{referent.id} is no yes/no question.",
                f"Write {name}({referent.id}, 'code').",
            )
        code = self._code(referent, rest[0]) if rest else True
        kind: ValueKind = "number" if name == "count_of" else "truth"
        return _Typed(("call", name, referent.id, referent.loop, code), kind)

    def _code(self, referent: Referent, node: ast.expr) -> str | int | float | bool:
        value = self._typed(node)
        if not value.literal:
            raise _NotUsable("BANK-013", "a code must be a quoted word.", f"Write {_USE['has']}.")
        constant = _literal(value.tree)
        wanted: dict[ValueKind, ValueKind] = {"truth": "truth", "number": "number"}
        if value.kind != wanted.get(referent.kind, "text") or referent.kind in ("date", "other"):
            raise _NotUsable(
                "BANK-015", f"{referent.id} cannot hold {constant!r}.", "Name one of its codes."
            )
        if isinstance(constant, str):
            self._check_word(_Typed(None, referent.kind, referent.codes), constant)
        return constant


_A: Final[dict[ValueKind, str]] = {
    "truth": "a yes or no",
    "number": "a number",
    "code": "a choice",
    "codes": "a list of choices",
    "text": "a text",
    "date": "a date",
    "other": "an answer of this kind",
}
_USE: Final[dict[str, str]] = {
    "answered": "answered(question)",
    "missing": "missing(question)",
    "reason": "reason(question) == 'asked-unknown'",
    "has": "has(question, 'code')",
    "any_of": "any_of(question)",
    "all_of": "all_of(question)",
    "count_of": "count_of(question, 'code')",
}


def _dotted(node: ast.Name | ast.Attribute) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    raise _NotUsable(
        "BANK-014", f"{clean(ast.unparse(node), 60)!r} is no question.", "Write id, or block.id."
    )


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
    listed = ", ".join(known[:8])
    return f"Did you mean {near[0]!r}?" if near else f"There are: {listed}."
