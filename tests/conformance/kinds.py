"""Kinds of fault, one YAML file each, and how one is unfolded into a bank folder and answers.

A file is written short (README.md shows one): a question is its kind or a mapping, a slot without
a block is one of the block `day`, an answer is `{slot: value}`. What is unfolded is a plain bank
and a plain answers file, as DESIGN.md describes them, for any engine to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).with_name("kinds")
STATES: Final = ("open", "hidden", "unknown")
USUAL_CLIENT: Final = {"alias": "M.", "birth": "2019-09-14", "gestation_weeks": 40}
USUAL_DAY: Final = "2026-11-22"  # the client is then 86 months old
USUAL_OPTIONS: Final = {"a": "Never", "b": "Now and then", "c": "Often"}

Data = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads dates as text, those that no calendar has too."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must follow: the state of some slots, or a refusal; what is empty is not looked at.

    `absent` are slots that must not be listed at all; `names` are words the refusal must hold;
    `ratings` are values of the ratings file by `period/part.item`; `says` and `omits` are texts
    of the report.
    """

    states: Mapping[str, str] = field(default_factory=dict[str, str])
    absent: Sequence[str] = ()
    refused: bool = False
    names: Sequence[str] = ()
    ratings: Mapping[str, int | None] = field(default_factory=dict[str, "int | None"])
    says: Sequence[str] = ()
    omits: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One answers file for a bank, and what may follow: any of `expected` is right."""

    name: str
    bank: Data
    before: Data | None
    answers: Data
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault, with the public reports of it in other engines."""

    id: str
    title: str
    references: tuple[str, ...]
    cases: tuple[Case, ...]


def all_kinds(folder: Path = FOLDER) -> list[Kind]:
    """Return every kind, by file name."""
    return [read_kind(path) for path in sorted(folder.glob("*.yaml"))]


def read_kind(path: Path) -> Kind:
    """Return the kind that a file describes; raises ValueError for a key that nobody reads."""
    # Read by _Loader, a SafeLoader: a date stays the text that it is.
    written: Data = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    known = {"title", "references", "bank", "questions", "blocks", "before", "cases", "client"}
    known |= {"interviewed", "informants", "instances", "ratings", "note", "chain"}
    _no_others(path.name, written, known)
    cases = tuple(_case(path.stem, written, each) for each in written["cases"])
    return Kind(path.stem, written["title"], tuple(written.get("references", ())), cases)


def unfold(bank: Data, folder: Path) -> Path:
    """Write a bank into a folder: bank.yaml and one file a block; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {key: value for key, value in bank.items() if key not in ("blocks", "ratings")}
    head["blocks"] = list(bank["blocks"])
    if bank.get("ratings"):
        head["ratings"] = ["rates"]
        _write(folder / "rates.yaml", {"ratings": bank["ratings"]})
    _write(folder / "bank.yaml", head)
    for name, block in bank["blocks"].items():
        _write(folder / f"{name}.yaml", {"block": name, **block})
    return folder


def write_answers(answers: Data, path: Path) -> Path:
    """Write an answers file; return its path."""
    _write(path, answers)
    return path


def _write(path: Path, data: Data) -> None:
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=2000)
    path.write_text(text, encoding="utf-8")


def _case(kind: str, written: Data, case: Data) -> Case:
    known = {"name", "answers", "gates", "change", "either", "client", "interviewed"}
    known |= {"informants", "instances", "complete", "bank", *_EXPECTED}
    _no_others(f"{kind}: {case.get('name')}", case, known)
    bank = _bank(kind, written, case)
    before = written.get("before")
    alternatives = case.get("either") or [case]
    return Case(
        name=case["name"],
        bank=bank,
        before=_bank(kind, {**written, **before}, {}) if before else None,
        answers=_answers(written, case),
        expected=tuple(_expected(each) for each in alternatives),
    )


_EXPECTED: Final = {*STATES, "absent", "refused", "names", "rated", "says", "omits"}


def _expected(given: Data) -> Expected:
    states = {_slot(slot): state for state in STATES for slot in given.get(state, ())}
    return Expected(
        states=states,
        absent=[_slot(slot) for slot in given.get("absent", ())],
        refused=bool(given.get("refused")),
        names=given.get("names", ()),
        ratings=given.get("rated", {}),
        says=given.get("says", ()),
        omits=given.get("omits", ()),
    )


def _bank(kind: str, written: Data, case: Data) -> Data:
    blocks = dict(written.get("blocks", {}))
    if "questions" in written:
        blocks = {"day": {"questions": written["questions"]}, **blocks}
    if "chain" in written:
        blocks["day"] = {"questions": dict(_chain(written["chain"]))}
    changes = {name: {"when": when} for name, when in case.get("gates", {}).items()}
    changes = {
        _slot(name): change for name, change in {**changes, **case.get("change", {})}.items()
    }
    head = {"id": kind.replace("-", "_"), "version": "1", "language": "en"}
    return {
        **head,
        **written.get("bank", {}),
        **case.get("bank", {}),
        "blocks": {name: _block(name, block, changes) for name, block in blocks.items()},
        "ratings": written.get("ratings", []),
    }


def _chain(length: int) -> Iterator[tuple[str, Data]]:
    """Yield `q0 ... `, each asked if the one before was a yes."""
    yield "q0", {"kind": "yes_no"}
    for number in range(1, length):
        yield f"q{number}", {"kind": "yes_no", "when": f"q{number - 1}"}


def _block(name: str, block: Data, changes: Data) -> Data:
    head = {key: value for key, value in block.items() if key != "questions"}
    questions = [
        _question(each, written, changes.get(f"{name}.{each}", {}))
        for each, written in block["questions"].items()
    ]
    return {"title": name.capitalize(), **head, "questions": questions}


def _question(name: str, written: str | Data, change: Data) -> Data:
    made = {"kind": written} if isinstance(written, str) else dict(written)
    made = {"id": name, "ask": f"What about {name}?", **made, **change}
    if made["kind"] in ("choice", "choices") and "options" not in made:
        made["options"] = dict(USUAL_OPTIONS)  # a copy: YAML would write an alias for the same one
    if made["kind"] == "number":
        made.setdefault("unit", "times")
    return made


def _answers(written: Data, case: Data) -> Data:
    given = [_entry(each) for each in case.get("answers", ())]
    informants = case.get("informants") or written.get("informants")
    if informants is None:
        tellers = dict.fromkeys(each["informant"] for each in given if "informant" in each)
        informants = [{"id": each, "relation": each} for each in tellers]
    made: Data = {
        "client": case.get("client") or written.get("client") or USUAL_CLIENT,
        "interviewed": case.get("interviewed") or written.get("interviewed") or USUAL_DAY,
        "informants": informants,
        "instances": case.get("instances") or written.get("instances") or [],
        "answers": given,
    }
    if "complete" in case:
        made["complete"] = case["complete"]
    return made


def _entry(written: Data) -> Data:
    slots = {key: value for key, value in written.items() if key != "by"}
    ((slot, value),) = slots.items()
    teller = {"informant": written["by"]} if "by" in written else {}
    if isinstance(value, dict) and value.keys() == {"missing"}:
        return {"question": _slot(slot), **value, **teller}
    return {"question": _slot(slot), "value": value, **teller}


def _slot(written: str) -> str:
    """Return a slot in full: `q` is `day.q`, `infancy/q` is `infancy/day.q`."""
    prefix, slash, name = written.rpartition("/")
    return f"{prefix}{slash}{name if '.' in name else f'day.{name}'}"


def _no_others(where: str, written: Data, known: set[str]) -> None:
    others = written.keys() - known
    if others:
        raise ValueError(f"{where}: unknown keys {sorted(others)}")
