"""What the condition language knows: kinds of values, facts, functions; what `parse` gives back."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.truth import Tree
from nmt_intake.vocabulary import PERIODS

ValueKind: TypeAlias = Literal[
    "truth", "number", "code", "codes", "text", "date", "interval", "other"
]
Reach: TypeAlias = Literal["same", "once", "many"]


@dataclass(frozen=True, slots=True)
class Referent:
    """A question as a condition sees it: its id, how it is reached from here, what it holds.

    `reach` is `same` (this instance), `once` (a block asked once) or `many` (another repeated
    block, readable only through `any_of`, `all_of` and `count_of`); `loop` is what it repeats over.
    `chooses` names the entries among its options, `chosen_here` says that the condition stands in
    a block asked for each of these.
    """

    id: str
    reach: Reach
    kind: ValueKind
    codes: tuple[str, ...] = ()
    loop: str = ""
    chooses: str = ""
    chosen_here: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a condition cannot be used: a catalogue code, what is wrong, what to do."""

    code: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Named:
    """A named condition (`let`): its words, and what the names in it mean."""

    text: str
    resolve: Resolve


Resolve: TypeAlias = Callable[[str], "Referent | Complaint | Named"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed condition: its words, its tree, and what it reads.

    `reads` are pairs of question id and reach; `facts` the fact names.
    """

    text: str
    tree: Tree
    reads: tuple[tuple[str, Reach], ...]
    facts: tuple[str, ...]


INFORMANT_KINDS: Final = ("caregiver", "self", "professional")

FACTS: Final[dict[str, tuple[ValueKind, tuple[str, ...]]]] = {
    "client.age_months": ("number", ()),
    "client.corrected_age_months": ("number", ()),
    "client.gestation_weeks": ("number", ()),
    "client.birth": ("date", ()),
    "interview.date": ("date", ()),
    "period.id": ("code", PERIODS),
    "informant.relation": ("text", ()),
    "informant.kind": ("code", INFORMANT_KINDS),
    "informant.known_from_months": ("number", ()),
}

FUNCTIONS: Final[dict[str, int]] = {
    "answered": 1,
    "missing": 1,
    "reason": 1,
    "has": 2,
    "any_of": 1,
    "all_of": 1,
    "count_of": 2,
    "sum_of": 1,
    "min_of": 1,
    "max_of": 1,
    "earliest": 1,
    "latest": 1,
    "starts": 1,
    "ends": 1,
    "during": 1,
    "any_during": 1,
    "gap_months": 1,
    "overlap_months": 1,
    "months_between": 2,
    "chosen": 1,
}

KIND_IN_WORDS: Final[dict[ValueKind, str]] = {
    "truth": "a yes or no",
    "number": "a number",
    "code": "a choice",
    "codes": "a list of choices",
    "text": "a text",
    "date": "a date",
    "interval": "a time from one age to another",
    "other": "an answer of this kind",
}
USE_OF: Final[dict[str, str]] = {
    "answered": "answered(question)",
    "missing": "missing(question)",
    "reason": "reason(question) == 'asked-unknown'",
    "has": "has(question, 'code')",
    "any_of": "any_of(question)",
    "all_of": "all_of(question)",
    "count_of": "count_of(question, 'code')",
    "sum_of": "sum_of(question)",
    "min_of": "min_of(question)",
    "max_of": "max_of(question)",
    "earliest": "earliest(question)",
    "latest": "latest(question)",
    "starts": "starts(question)",
    "ends": "ends(question)",
    "during": "during(question, 'infancy')",
    "any_during": "any_during(question, 'infancy')",
    "gap_months": "gap_months(question)",
    "overlap_months": "overlap_months(question)",
    "months_between": "months_between(question, interview.date)",
    "chosen": "chosen(question)",
}
FACT_HINTS: Final = {"period.id": "It is where the block has for_each: period."}
LIKE_WITH_LIKE: Final = "Compare like with like."
LIKE_HINTS: Final[dict[tuple[ValueKind, ValueKind], str]] = {
    ("truth", "text"): "A yes or no stands alone: write question, or not question.",
    ("number", "text"): "Take the quotes off the number.",
    ("code", "number"): "Put the code into quotes.",
    ("code", "truth"): "Put the code into quotes.",
}
SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
ARITHMETIC: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
