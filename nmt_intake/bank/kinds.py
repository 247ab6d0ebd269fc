"""What each kind of question is to a bank: one entry for each kind, with every part.

What a kind is to an interview (reading, showing, the desk) is `interview.kinds`. A kind that is
not in `_parts` is named by the type checker; every field of an entry has to be given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast, get_args

from nmt_intake.bank.language import ValueKind
from nmt_intake.bank.model import Kind, Question
from nmt_intake.bank.solving import candidates
from nmt_intake.bank.truth import Known, Scalar

# What an answer is made of; the checker that proves has one encoding for each.
Shape: TypeAlias = Literal["truth", "code", "codes", "number", "day", "interval", "words", "rows"]
# Where its codes come from: none, yes and no, the options it must have, or steps (0 to 4 if none).
Codes: TypeAlias = Literal["none", "yes_no", "options", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindParts:
    """All that a bank, its search and its forms need to know of a kind.

    `is_age`: a number of months from birth. `candidates` are the answers worth trying, given the
    constants that conditions compare with. `fhir` and `xlsform` are item types (a choice of an
    own list has none of its own); where `own_in_...`, our extension keeps the kind beside the
    type. `only_words`: no form has such a type. `in_column`: a table may hold it.
    """

    shape: Shape
    seen_as: ValueKind
    codes: Codes
    is_age: bool
    in_column: bool
    candidates: Callable[[Question, Collection[Scalar]], tuple[Known, ...]]
    fhir: str
    own_in_fhir: bool
    xlsform: Literal["yes_no", "select_one", "select_multiple", "decimal", "date", "text"]
    own_in_xlsform: bool
    only_words: bool


def _truths(_question: Question, _constants: Collection[Scalar]) -> tuple[Known, ...]:
    return (True, False)


def _codes(question: Question, _constants: Collection[Scalar]) -> tuple[Known, ...]:
    return question.codes_tried


def _steps(question: Question, _constants: Collection[Scalar]) -> tuple[Known, ...]:
    return tuple(int(code) for code in question.options)


def _told(_question: Question, _constants: Collection[Scalar]) -> tuple[Known, ...]:
    return (True,)


def _parts(kind: Kind) -> KindParts:
    match kind:
        case "yes_no":
            return KindParts(
                shape="truth",
                seen_as="truth",
                codes="yes_no",
                is_age=False,
                in_column=True,
                candidates=_truths,
                fhir="boolean",
                own_in_fhir=False,
                xlsform="yes_no",
                own_in_xlsform=False,
                only_words=False,
            )
        case "choice":
            return KindParts(
                shape="code",
                seen_as="code",
                codes="options",
                is_age=False,
                in_column=True,
                candidates=_codes,
                fhir="choice",
                own_in_fhir=False,
                xlsform="select_one",
                own_in_xlsform=False,
                only_words=False,
            )
        case "choices":
            return KindParts(
                shape="codes",
                seen_as="codes",
                codes="options",
                is_age=False,
                in_column=True,
                candidates=candidates.subsets,
                fhir="choice",
                own_in_fhir=False,
                xlsform="select_multiple",
                own_in_xlsform=False,
                only_words=False,
            )
        case "scale":
            return KindParts(
                shape="number",
                seen_as="number",
                codes="steps",
                is_age=False,
                in_column=True,
                candidates=_steps,
                fhir="choice",
                own_in_fhir=True,
                xlsform="select_one",
                own_in_xlsform=False,
                only_words=False,
            )
        case "number":
            return KindParts(
                shape="number",
                seen_as="number",
                codes="none",
                is_age=False,
                in_column=True,
                candidates=candidates.numbers,
                fhir="decimal",
                own_in_fhir=False,
                xlsform="decimal",
                own_in_xlsform=False,
                only_words=False,
            )
        case "age":
            return KindParts(
                shape="number",
                seen_as="number",
                codes="none",
                is_age=True,
                in_column=True,
                candidates=candidates.ages,
                fhir="decimal",
                own_in_fhir=True,
                xlsform="decimal",
                own_in_xlsform=True,
                only_words=False,
            )
        case "date":
            return KindParts(
                shape="day",
                seen_as="date",
                codes="none",
                is_age=False,
                in_column=True,
                candidates=candidates.dates,
                fhir="date",
                own_in_fhir=False,
                xlsform="date",
                own_in_xlsform=False,
                only_words=False,
            )
        case "interval":
            return KindParts(
                shape="interval",
                seen_as="interval",
                codes="none",
                is_age=False,
                in_column=True,
                candidates=_told,
                fhir="string",
                own_in_fhir=True,
                xlsform="text",
                own_in_xlsform=True,
                only_words=True,
            )
        case "text":
            return KindParts(
                shape="words",
                seen_as="text",
                codes="none",
                is_age=False,
                in_column=True,
                candidates=candidates.words,
                fhir="text",
                own_in_fhir=False,
                xlsform="text",
                own_in_xlsform=False,
                only_words=False,
            )
        case "person":
            return KindParts(
                shape="words",
                seen_as="text",
                codes="none",
                is_age=False,
                in_column=True,
                candidates=candidates.words,
                fhir="string",
                own_in_fhir=True,
                xlsform="text",
                own_in_xlsform=True,
                only_words=False,
            )
        case "table":
            return KindParts(
                shape="rows",
                seen_as="other",
                codes="none",
                is_age=False,
                in_column=False,
                candidates=_told,
                fhir="text",
                own_in_fhir=False,
                xlsform="text",
                own_in_xlsform=False,
                only_words=True,
            )


KINDS: Final[Mapping[Kind, KindParts]] = {
    kind: _parts(kind) for kind in cast("tuple[Kind, ...]", get_args(Kind))
}

__all__ = ["KINDS", "Codes", "KindParts", "Shape"]
