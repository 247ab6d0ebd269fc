"""The part of XPath that XLSForm conditions are mostly made of, read and written as gates.

In a form an answer that is not there is an empty text: `${q} = 'a'` is then false, `${q} != 'a'`
true, a comparison with a number false (and `!=` true), and so it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nmt_intake.bank.exchange.gates import (
    ALWAYS,
    NEVER,
    TURNED,
    All,
    Any,
    Atom,
    Constant,
    Gate,
    NotExpressible,
    Sign,
    negated,
)
from nmt_intake.bank.model import Kind

_LONGEST: Final = 10_000
_DEEPEST: Final = 40
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[^}\s]+\s*\})|(?P<number>-?[0-9]+(?:\.[0-9]+)?)|"
    r"(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>!=|<=|>=|=|<|>)|(?P<mark>[(),])|"
    r"(?P<word>[A-Za-z][A-Za-z-]*)|(?P<self>\.))"
)
_SIGNS: Final[Mapping[str, Sign]] = {
    "=": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
THIS: Final = "."


@dataclass(frozen=True, slots=True)
class Referent:
    """A question as a condition sees it: its kind, and the form's own codes to ours."""

    kind: Kind
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    counted: str = ""  # `count-selected` or `string-length`, if the name stands inside


_Operand = _Question | str | int | float


def read_condition(text: str, resolve: Callable[[str], Referent | None]) -> Gate:
    """Return the gate that a condition is; raises NotExpressible with the reason."""
    if len(text) > _LONGEST:
        raise NotExpressible("it is too long")
    reader = _Reader(_tokens(text), resolve)
    gate = reader.either()
    if reader.here:
        raise NotExpressible(f"{reader.here!r} is not understood")
    return gate


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotExpressible(f"{text[at : at + 20].strip()!r} is not understood")
        found.append(match[0].strip())
        at = match.end()
    return found


class _Reader:
    """Reads tokens from left to right: or, and, a comparison or a call."""

    def __init__(self, tokens: list[str], resolve: Callable[[str], Referent | None]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._resolve = resolve

    @property
    def here(self) -> str:
        """The token that comes next, empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self.here
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise NotExpressible(f"a {token!r} is missing")

    def either(self) -> Gate:
        """Read parts joined by `or`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotExpressible("it is too deep")
        parts = [self._all()]
        while self.here == "or":
            self._next()
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self) -> Gate:
        parts = [self._one()]
        while self.here == "and":
            self._next()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Gate:
        match self.here:
            case "(":
                self._next()
                gate = self.either()
                self._expect(")")
                return gate
            case "not":
                self._next()
                self._expect("(")
                gate = self.either()
                self._expect(")")
                return negated(gate)
            case "true" | "false" as word:
                self._next()
                self._expect("(")
                self._expect(")")
                return ALWAYS if word == "true" else NEVER
            case "selected":
                return self._selected()
            case _:
                return self._comparison()

    def _selected(self) -> Gate:
        self._next()
        self._expect("(")
        question = self._operand()
        self._expect(",")
        code = self._operand()
        self._expect(")")
        if not isinstance(question, _Question) or isinstance(code, _Question):
            raise NotExpressible("selected(...) wants a question and a code")
        referent = self._referent(question)
        return _equal(question.name, referent, "==", str(code), listed=True)

    def _comparison(self) -> Gate:
        left = self._operand()
        sign = _SIGNS.get(self._next())
        if sign is None:
            raise NotExpressible("a comparison is missing")
        right = self._operand()
        if isinstance(right, _Question) and not isinstance(left, _Question):
            left, right, sign = right, left, TURNED[sign]
        if isinstance(right, _Question) or not isinstance(left, _Question):
            raise NotExpressible("it compares two answers, or none")
        referent = self._referent(left)
        if left.counted:
            return _there(left, sign, right)
        if right == "" and sign in ("==", "!="):
            return Atom(left.name, "exists", sign == "!=", "text")
        return _equal(left.name, referent, sign, right, listed=False)

    def _operand(self) -> _Operand:
        token = self._next()
        if token.startswith("${"):
            return _Question(token[2:-1].strip())
        if token == THIS:
            return _Question(THIS)
        if token[:1] in ("'", '"'):
            return token[1:-1]
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", token):
            return float(token) if "." in token else int(token)
        if token in ("count-selected", "string-length", "number", "date", "int", "string"):
            self._expect("(")
            inner = self._operand()
            self._expect(")")
            counts = token in ("count-selected", "string-length")
            if counts and isinstance(inner, _Question):
                return _Question(inner.name, token)
            if not counts and token != "int":
                return inner
        raise NotExpressible(f"{token or 'the end'!r} is not understood")

    def _referent(self, question: _Question) -> Referent:
        found = self._resolve(question.name)
        if found is None:
            raise NotExpressible(f"{question.name} is no question that was taken over")
        return found


def _there(question: _Question, sign: Sign, number: _Operand) -> Gate:
    """Return whether something was chosen or written, as counts are mostly used for."""
    some = {("!=", 0), (">", 0), (">=", 1)}
    none = {("==", 0), ("<=", 0), ("<", 1)}
    if (sign, number) in some | none:
        return Atom(question.name, "exists", (sign, number) in some, "text")
    raise NotExpressible(f"{question.counted}(...) is only read as none or some")


def _equal(name: str, referent: Referent, sign: Sign, value: Constant, listed: bool) -> Gate:
    """Return a comparison of a question with a value, typed as the question is."""
    blank = sign == "!="
    match referent.kind:
        case "yes_no" if sign in ("==", "!=") and str(value) in ("yes", "no"):
            return Atom(name, sign, value == "yes", "truth", blank)
        case "choice" | "choices" if sign in ("==", "!="):
            if referent.kind == "choices" and not listed:
                raise NotExpressible(f"{name} takes several choices and is compared as one")
            code = referent.codes.get(str(value))
            if code is None:
                return ALWAYS if blank else NEVER
            return Atom(name, sign, code, "code" if referent.kind == "choice" else "codes", blank)
        case "number" | "age" | "scale":
            try:
                number = float(value)
            except ValueError:
                raise NotExpressible(f"{name} is a number, {value!r} is none") from None
            whole = int(number) if number == int(number) else number
            return Atom(name, sign, whole, "number", blank)
        case "date" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            return Atom(name, sign, str(value), "date", blank)
        case "text" | "person" if sign in ("==", "!="):
            return Atom(name, sign, str(value), "text", blank)
        case _:
            raise NotExpressible(f"{name} cannot be compared so")


def condition_text(gate: Gate, name: Callable[[str], str]) -> str:
    """Return a gate as an XLSForm condition; raises NotExpressible for a text with both quotes."""
    match gate:
        case Atom():
            return _atom_text(gate, name(gate.question))
        case All(()):
            return "true()"
        case Any(()):
            return "false()"
        case All(parts):
            return " and ".join(_bracketed(part, name) for part in parts)
        case Any(parts):
            return " or ".join(_bracketed(part, name) for part in parts)


def _bracketed(gate: Gate, name: Callable[[str], str]) -> str:
    text = condition_text(gate, name)
    plain = isinstance(gate, Atom) and " and " not in text and " or " not in text
    return text if plain else f"({text})"


def _atom_text(atom: Atom, name: str) -> str:
    if atom.sign == "exists":
        return f"{name} {'!=' if atom.value else '='} ''"
    if atom.holds == "codes":
        chosen = f"selected({name}, {_quoted(str(atom.value))})"
        if atom.sign == "==":
            return chosen
        text = f"not({chosen})"
    else:
        sign = "=" if atom.sign == "==" else atom.sign
        text = f"{name} {sign} {_value(atom)}"
    if atom.sign == "!=" and not atom.blank:
        return f"{name} != '' and {text}"
    if atom.sign != "!=" and atom.blank:
        return f"{name} = '' or {text}"
    return text


def _value(atom: Atom) -> str:
    match atom.holds:
        case "truth":
            return "'yes'" if atom.value else "'no'"
        case "number":
            return str(atom.value)
        case "date":
            return f"date({_quoted(str(atom.value))})"
        case _:
            return _quoted(str(atom.value))


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if '"' in text:
        raise NotExpressible("a text holds both kinds of quotes")
    return f'"{text}"'
