"""A form between two programs: sections and items, in nobody's syntax; and what was left out."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from nmt_intake.bank.exchange.gates import ALWAYS, Gate, Holds
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import EntryLoop, ForEach, Kind
from nmt_intake.bank.wording import TEXT_FACTS, facts_in
from nmt_intake.errors import IntakeError
from nmt_intake.text import clean, clean_line

# What a condition of a form can compare, by kind; an interval and a table are not among it.
HOLDS: Final[Mapping[Kind, Holds]] = {
    kind: parts.seen_as
    for kind, parts in KINDS.items()
    if parts.seen_as != "interval" and parts.seen_as != "other"
}
# What a repeated group becomes, in this order: an answers file names its instances so.
LOOPS: Final[tuple[ForEach, ...]] = ("exposure", "placement", "caregiver")

_LONGEST_ID: Final = 50
_TAKEN: Final = frozenset({"value", "client", "period", "informant", "caregiver"})


class FormError(IntakeError):
    """A form that cannot be read at all."""

    def __init__(self, where: str, what: str, advice: str) -> None:
        super().__init__("FORM-001", where, what, advice)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that could not be taken over: where it stood, what it is, and why."""

    where: str
    what: str
    why: str

    def __str__(self) -> str:
        return clean_line(f"{self.where}: {self.what}: {self.why}", 400)


@dataclass(slots=True)
class Item:
    """One question of a form; `codes` are the form's own codes of its options, to ours.

    `gate` reads other items by `key`; `raw_when` is a condition in our own words, which an export
    of ours carried, and `raw_told` what it was told as then. `translations` are an `ask` and
    labels of options by language.
    """

    key: str
    text: str
    kind: Kind
    options: dict[str, str] = field(default_factory=dict[str, str])
    options_from: EntryLoop | None = None
    alone: list[str] = field(default_factory=list[str])
    codes: dict[str, str] = field(default_factory=dict[str, str])
    unit: str | None = None
    loinc: str | None = None
    hidden: bool = False
    preface: str | None = None
    listen_for: str | None = None
    expect: str | None = None
    say: str | None = None
    gate: Gate = ALWAYS
    raw_when: str | None = None
    raw_told: str | None = None
    translations: dict[str, tuple[str | None, dict[str, str]]] = field(
        default_factory=dict[str, "tuple[str | None, dict[str, str]]"]
    )


@dataclass(slots=True)
class Section:
    """Items that become one block; `for_each` if the form repeats them."""

    key: str
    title: str
    gate: Gate = ALWAYS
    for_each: ForEach | None = None
    opening: str | None = None
    raw_when: str | None = None
    raw_told: str | None = None
    items: list[Item] = field(default_factory=list[Item])


@dataclass(slots=True)
class Form:
    """A whole form, and line by line what could not be taken over."""

    id: str
    title: str
    version: str = "1"
    language: str = "en"
    sections: list[Section] = field(default_factory=list[Section])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])

    def leave_out(self, where: str, what: str, why: str) -> None:
        """Note something that is not taken over."""
        self.left_out.append(LeftOut(where, what, why))

    def items(self) -> Iterator[tuple[Section, Item]]:
        """Yield every item with its section, in the order of the form."""
        for section in self.sections:
            for item in section.items:
                yield section, item


def usable_id(key: str, taken: Container[str], start: str = "q") -> str:
    """Return an id made of a form's own key: small letters, digits and _, not `taken` yet."""
    plain = re.sub(r"[^a-z0-9]+", "_", clean_line(key, 200).lower()).strip("_")[:_LONGEST_ID]
    if not plain or not plain[0].isalpha():
        plain = f"{start}_{plain}".rstrip("_")
    if keyword.iskeyword(plain) or plain in _TAKEN:
        plain += "_"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}_{number}", number + 1
    return found


def usable_code(code: str, taken: Container[str]) -> str:
    """Return an option's code made of a form's own, not `taken` yet."""
    plain = re.sub(r"[^a-z0-9]+", "_", clean_line(code, 200).lower()).strip("_")[:_LONGEST_ID]
    if not plain or not plain[0].isalpha():
        plain = f"c_{plain}".rstrip("_")
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}_{number}", number + 1
    return found


def usable_text(form: Form, where: str, text: str, limit: int = 4000) -> str:
    """Return a form's text for a bank; braces that are no fact of ours become parentheses."""
    plain = clean(text, limit).strip()
    if "{" in plain and any(fact not in TEXT_FACTS for fact in facts_in(plain)):
        form.leave_out(where, "what stands in braces in its text", "the bank knows no such fact")
        plain = plain.replace("{", "(").replace("}", ")")
    return plain
