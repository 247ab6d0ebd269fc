"""When a question is asked, as other forms say it: two-valued, over answers and their absence.

The standards know no unknown. FHIR's `=` over a question without an answer is false and its `!=`
true ("no answer has a value that is equal"), and so in XLSForm, where no answer is an empty text.
So each comparison here says what it comes to without an answer (`blank`); from `when` to a gate it
is always false, because an unknown opens nothing.

Our own conditions know unknown, and keep an answer behind a gate that is not decided yet. The
standards count it as no answer. The two agree on every set of answers if the gate of a question
that *another question reads* is written decided: `answered(q) and q == 'a'`. A gate that nobody
reads further is written plainly, so that it stays "not known yet" until it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.truth import Tree

Sign: TypeAlias = Literal["exists", "==", "!=", "<", "<=", ">", ">="]
Holds: TypeAlias = Literal["truth", "number", "code", "codes", "text", "date"]
Constant: TypeAlias = bool | int | float | str

OPPOSITE: Final[Mapping[Sign, Sign]] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
_LISTED: Final = frozenset({"code", "text", "number"})
_BY_WORD: Final[Mapping[str, Sign]] = {each: each for each in OPPOSITE}
TURNED: Final[Mapping[Sign, Sign]] = {
    "==": "==",
    "!=": "!=",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison of a question with a value; `blank` is what it is without an answer.

    With the sign `exists` the value is whether there must be an answer. `over` asks whether it
    holds in one instance at least of a question that is asked for each of something.
    """

    question: str
    sign: Sign
    value: Constant
    holds: Holds
    blank: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold; so does the empty one."""

    parts: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part holds at least; of the empty one none does."""

    parts: tuple[Gate, ...]


Gate: TypeAlias = Atom | All | Any

ALWAYS: Final = All(())
NEVER: Final = Any(())


class NotExpressible(Exception):
    """A condition that has no such form; the message is the reason."""


def both(first: Gate, second: Gate) -> Gate:
    """Return the gate that is open where both are."""
    parts = [part for gate in (first, second) for part in _parts(gate, All)]
    return parts[0] if len(parts) == 1 else All(tuple(dict.fromkeys(parts)))


def negated(gate: Gate) -> Gate:
    """Return the gate that is open where this one is not."""
    match gate:
        case All(parts):
            return Any(tuple(negated(part) for part in parts))
        case Any(parts):
            return All(tuple(negated(part) for part in parts))
        case Atom(sign="exists"):
            return replace(gate, value=not gate.value)
        case Atom():
            return replace(gate, sign=OPPOSITE[gate.sign], blank=not gate.blank)


def simplified(gate: Gate) -> Gate:
    """Return the same gate without what says a thing twice.

    Where all must hold and an answer is asked for, a comparison need not fear there is none; and
    a comparison that fails without an answer asks for one itself.
    """
    match gate:
        case Atom():
            return gate
        case Any(parts):
            return _one_or(Any(tuple(dict.fromkeys(simplified(part) for part in parts))))
        case All(parts):
            pass
    flat = [each for part in parts for each in _parts(simplified(part), All)]
    there = {each.question for each in flat if isinstance(each, Atom) and _asks_for(each)}
    flat = [
        replace(each, blank=False) if isinstance(each, Atom) and each.question in there else each
        for each in flat
    ]
    compared = {
        each.question
        for each in flat
        if isinstance(each, Atom) and each.sign != "exists" and not each.blank
    }
    kept = [
        each
        for each in flat
        if not (isinstance(each, Atom) and _asks_for(each) and each.question in compared)
    ]
    return _one_or(All(tuple(dict.fromkeys(kept))))


def _asks_for(atom: Atom) -> bool:
    return atom.sign == "exists" and bool(atom.value)


def _one_or(gate: All | Any) -> Gate:
    return gate.parts[0] if len(gate.parts) == 1 else gate


def questions_of(gate: Gate) -> Iterator[str]:
    """Yield every question that a gate reads."""
    match gate:
        case Atom():
            yield gate.question
        case All(parts) | Any(parts):
            for part in parts:
                yield from questions_of(part)


def written(gate: Gate, name: Callable[[str], str], decided: bool) -> str | None:
    """Return a gate as a `when`, None if it is always open.

    `name` gives a question's name in the block where it stands; `decided` writes it so that it
    is true or false even where something has no answer.
    """
    gate = simplified(gate)
    if gate == ALWAYS:
        return None
    return _written(gate, name, decided)[0]


# How tightly a text binds: an `or` inside an `and` needs parentheses.
_OR, _AND, _NOT, _TIGHT = range(4)


def _written(gate: Gate, name: Callable[[str], str], decided: bool) -> tuple[str, int]:
    match gate:
        case Atom():
            return _atom(gate, name(gate.question), decided)
        case All(()):
            return "True", _TIGHT
        case Any(()):
            return "False", _TIGHT
        case All(parts):
            return _joined(parts, " and ", _AND, name, decided)
        case Any(parts):
            return _joined(parts, " or ", _OR, name, decided)


def _joined(
    parts: Sequence[Gate], word: str, level: int, name: Callable[[str], str], decided: bool
) -> tuple[str, int]:
    texts: list[str] = []
    lists = _lists(parts, "==" if level == _OR else "!=")
    told: set[tuple[str, bool]] = set()
    for part in parts:
        key = (part.question, part.blank) if isinstance(part, Atom) else ("", False)
        if isinstance(part, Atom) and part in lists.get(key, ()):
            if key not in told:
                told.add(key)
                text, own = _list(lists[key], name(part.question), decided)
                texts.append(text if own >= level else f"({text})")
            continue
        text, own = _written(part, name, decided)
        texts.append(text if own >= level else f"({text})")
    if len(texts) == 1:
        return texts[0], level
    return word.join(texts), level


def _lists(parts: Sequence[Gate], sign: Sign) -> dict[tuple[str, bool], list[Atom]]:
    """Return the comparisons of one question that can be written as one `in (...)`."""
    found: dict[tuple[str, bool], list[Atom]] = {}
    for part in parts:
        if isinstance(part, Atom) and part.sign == sign and not part.over and part.holds in _LISTED:
            found.setdefault((part.question, part.blank), []).append(part)
    return {key: atoms for key, atoms in found.items() if len(atoms) > 1}


def _list(atoms: Sequence[Atom], name: str, decided: bool) -> tuple[str, int]:
    values = ", ".join(repr(atom.value) for atom in atoms)
    word = "in" if atoms[0].sign == "==" else "not in"
    return _with_blank(f"{name} {word} ({values})", _NOT, atoms[0], name, decided)


def _atom(atom: Atom, name: str, decided: bool) -> tuple[str, int]:
    if atom.sign == "exists":
        return (f"answered({name})", _TIGHT) if atom.value else (f"not answered({name})", _NOT)
    text, level = _compared(atom, name)
    return _with_blank(text, level, atom, name, decided)


def _compared(atom: Atom, name: str) -> tuple[str, int]:
    value = repr(atom.value)
    if atom.over:
        said = f"any_of({name})" if atom.value is True else f"any_of({name}, {value})"
        return (said, _TIGHT) if atom.sign == "==" else (f"not {said}", _NOT)
    match atom.holds:
        case "truth":
            plain = (atom.sign == "==") == bool(atom.value)
            return (name, _TIGHT) if plain else (f"not {name}", _NOT)
        case "codes":
            said = f"has({name}, {value})"
            return (said, _TIGHT) if atom.sign == "==" else (f"not {said}", _NOT)
        case _:
            return f"{name} {atom.sign} {value}", _NOT


def _with_blank(text: str, level: int, atom: Atom, name: str, decided: bool) -> tuple[str, int]:
    if atom.over or name == "value":
        return text, level
    if atom.blank:
        return f"not answered({name}) or {text}", _OR
    return (f"answered({name}) and {text}", _AND) if decided else (text, level)


def gate_of(tree: Tree, holds: Callable[[str], Holds | None]) -> Gate:
    """Return the gate that is open exactly where a bank's condition is.

    `tree` is a `Condition.tree`; `holds` says what a question holds, None if no other form can
    compare it. Raises NotExpressible with the reason for what no other form can say.
    """
    return _of(tree, holds, True)


def _of(tree: Tree, holds: Callable[[str], Holds | None], positive: bool) -> Gate:
    match tree:
        case ["const", bool(truth)]:
            return ALWAYS if truth == positive else NEVER
        case ["not", part]:
            return _of(part, holds, not positive)
        case [("and" | "or") as word, *parts]:
            found = tuple(_of(part, holds, positive) for part in parts)
            return All(found) if (word == "and") == positive else Any(found)
        case ["ref", str(question), str(reach)]:
            return Atom(_once(question, reach), "==", positive, "truth")
        case ["in", ["ref", str(question), str(reach)], *members]:
            sign: Sign = "==" if positive else "!="
            values = [each for each in members if isinstance(each, bool | int | float | str)]
            atoms = [_made(_once(question, reach), sign, each, holds) for each in values]
            return Any(tuple(atoms)) if positive else All(tuple(atoms))
        case ["call", "answered", ["ref", str(question), str(reach)]]:
            return Atom(_once(question, reach), "exists", positive, "text")
        case ["call", "has", ["ref", str(question), str(reach)], str(code)]:
            sign = "==" if positive else "!="
            return _made(_once(question, reach), sign, code, holds)
        case ["compare", str(), first, *links]:
            return _links(first, links, holds, positive)
        case ["call", str(name), *_]:
            raise NotExpressible(f"{name.removesuffix('_by_any')}(...) has no counterpart")
        case ["in", ["fact", str(name)], *_] | ["fact", str(name)]:
            raise NotExpressible(f"{name} is a fact of the case, not an answer")
        case _:
            raise NotExpressible("it computes with answers")


def _links(
    first: Tree, links: Sequence[Tree], holds: Callable[[str], Holds | None], positive: bool
) -> Gate:
    found: list[Gate] = []
    left = first
    for link in links:
        match link:
            case [str(word), right] if word in _BY_WORD:
                found.append(_link(left, _BY_WORD[word], right, holds, positive))
                left = right
            case _:
                raise NotExpressible("it computes with answers")
    if len(found) == 1:
        return found[0]
    return All(tuple(found)) if positive else Any(tuple(found))


def _link(
    left: Tree, sign: Sign, right: Tree, holds: Callable[[str], Holds | None], positive: bool
) -> Gate:
    match left, right:
        case ["const", _], ["ref", *_]:
            return _link(right, TURNED[sign], left, holds, positive)
        case ["ref", str(question), str(reach)], [
            "const",
            bool() | int() | float() | str() as value,
        ]:
            kept = sign if positive else OPPOSITE[sign]
            return _made(_once(question, reach), kept, value, holds)
        case ["ref", *_], ["ref", *_]:
            raise NotExpressible("it compares two answers")
        case (["fact", str(name)], _) | (_, ["fact", str(name)]):
            raise NotExpressible(f"{name} is a fact of the case, not an answer")
        case ["call", str(name), *_], _:
            raise NotExpressible(f"{name.removesuffix('_by_any')}(...) has no counterpart")
        case _:
            raise NotExpressible("it computes with answers")


def _made(question: str, sign: Sign, value: Constant, holds: Callable[[str], Holds | None]) -> Atom:
    kind = holds(question)
    if kind is None:
        raise NotExpressible(f"{question} is of a kind that others cannot compare")
    return Atom(question, sign, value, kind)


def _once(question: str, reach: str) -> str:
    if reach == "many":
        raise NotExpressible(f"{question} is asked for each of something")
    return question


def _parts(gate: Gate, kind: type[All]) -> tuple[Gate, ...]:
    return gate.parts if isinstance(gate, kind) else (gate,)


def clauses_of(gate: Gate, most: int = 60) -> tuple[tuple[Atom, ...], ...]:
    """Return a gate as an `and` of `or`s: all clauses must hold, one atom of each is enough.

    Raises NotExpressible where that would take more than `most` clauses.
    """
    match gate:
        case Atom():
            return ((gate,),)
        case All(parts):
            found = [clause for part in parts for clause in clauses_of(part, most)]
        case Any(parts):
            found: list[tuple[Atom, ...]] = [()]
            for part in parts:
                found = [one + other for one in found for other in clauses_of(part, most)]
                if len(found) > most:
                    break
    if len(found) > most:
        raise NotExpressible("written out it would be too long")
    return tuple(dict.fromkeys(tuple(dict.fromkeys(clause)) for clause in found))
