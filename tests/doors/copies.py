"""What leaves: every file and stream of every command that writes about one case.

A policy is the words on the command line that make it, and what a copy under it must not hold.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.doors.attacker import BANK, Copy, Secrets, forms, given_ratings, questions
from tests.doors.running import Desk, files_below, keep_case

NAMED = Path(__file__).parent / "named_case.yaml"
PERSONAS = {
    **{path.stem: path for path in sorted((BANK / "personas").glob("*.yaml"))},
    "named": NAMED,
}
FORMATS = ("md", "html", "json")
SUBSTANCE, SAFETY, THIRD = "substance", "safety", "third_party"


@dataclass(frozen=True)
class Policy:
    """One way to make a copy: its options, and which kinds of thing it leaves out."""

    options: tuple[str, ...]
    leaves_out: frozenset[str]


POLICIES: Mapping[str, Policy] = {
    "as it is": Policy((), frozenset({"names", SAFETY})),
    "without substance": Policy(
        ("--without-substance",), frozenset({"names", SAFETY, SUBSTANCE})
    ),
    "without third parties": Policy(
        ("--without-third-parties",), frozenset({"names", SAFETY, THIRD})
    ),
    "pseudonym": Policy(("--pseudonym", "Robin"), frozenset({"names", SAFETY, "alias", "birth"})),
    "ages, not dates": Policy(
        ("--ages-not-dates",), frozenset({"names", SAFETY, "birth", "dates"})
    ),
    "for the school": Policy(
        ("--for", "school"),
        frozenset({"names", SAFETY, SUBSTANCE, THIRD, "birth", "dates"}),
    ),
}  # fmt: skip


@cache
def read(path: Path) -> Mapping[str, Any]:
    """Return an answers file as its writer typed it, in the names that the bank has today."""
    found = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    for entry in found.get("answers", ()):
        place, slash, name = entry["question"].rpartition("/")
        entry["question"] = f"{place}{slash}{_renamed().get(name, name)}"
    return found


@cache
def _renamed() -> Mapping[str, str]:
    bank = yaml.load((BANK / "bank.yaml").read_text("utf-8"), yaml.BaseLoader)
    return {old: new for step in bank["migrations"] for old, new in step["renamed"].items()}


def copy_of(
    desk: Desk, answers: Path, options: Sequence[str], *, pdf: bool = False, case: bool = True
) -> Copy:
    """Return everything that the commands leave of an interview under these options."""
    out = desk.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    found: dict[str, bytes] = {}
    # The folder's name is of no interest: it is the same in every run.
    done = desk.run("play", answers, "--out", "out", "--json", *options)
    if "DISCLOSE-001" in done.err:  # it was agreed that nobody else reads it
        assert (done.status, done.out, files_below(out)) == (2, b"", {})
        return {}
    assert (done.status, _told(done.err)) == (0, ""), done
    found["play"] = done.out
    found |= {f"play/{name}": content for name, content in files_below(out).items()}
    given = out / "ratings.json"
    later = ("score", given), ("report", "--ratings", given), ("plan", given, "--json")
    for words in later:
        done = desk.run(*words)
        if found["play/ratings.json"].strip() != b"null":
            assert (done.status, _told(done.err)) == (0, ""), done
            found[f"{words[0]} of ratings.json"] = done.out
    if case:
        found |= _of_case(desk, answers, options, (*FORMATS, "pdf") if pdf else FORMATS)
    return found


def _told(error: str) -> str:
    """Return what was said on standard error but the reminder of limits stated in words."""
    return "" if "DISCLOSE-003" in error and len(error.splitlines()) == 1 else error


def _of_case(desk: Desk, answers: Path, options: Sequence[str], formats: Sequence[str]) -> Copy:
    case = kept(desk, answers)
    found: dict[str, bytes] = {}
    for form in formats:
        done = desk.run("report", case, "--practice", "--format", form, *options)
        assert (done.status, _told(done.err)) == (0, ""), done
        found[f"report.{form}"] = done.out
    done = desk.run("report", case, "--practice", "--length", "record", *options)
    if "DISCLOSE-004" not in done.err:  # the record does not go to everybody
        assert (done.status, _told(done.err)) == (0, ""), done
        found["record.md"] = done.out
    for form in ("json", "csv"):
        done = desk.run("cases", "export", case, "--practice", "--format", form, *options)
        assert (done.status, _told(done.err)) == (0, ""), done
        found[f"export.{form}"] = done.out
    return found


def kept(desk: Desk, answers: Path) -> str:
    """Return the id of the practice case of an answers file, made when first asked for."""
    made: dict[Path, str] = desk.__dict__.setdefault("_kept", {})
    if answers not in made:
        made[answers] = keep_case(desk.home, answers)
    return made[answers]


# ---- what a copy must not hold -------------------------------------------------------------------


def secrets_of(answers: Path, leaves_out: frozenset[str], full: Copy) -> Secrets:
    """Return what a copy of this interview that leaves these kinds out must not tell."""
    source = read(answers)
    out = [entry for entry in source["answers"] if _left_out(entry, leaves_out)]
    quotes = [entry[key] for entry in out for key in ("note", "who_knows") if entry.get(key)]
    quotes += [
        entry["value"]
        for entry in out
        if isinstance(entry.get("value"), str) and " " in entry["value"]
    ]
    shown = {
        str(each) for entry in source["answers"] if entry not in out for each in entry.values()
    }
    quotes = [quote for quote in quotes if quote not in shown]
    ratings = _ratings(full) if SUBSTANCE in leaves_out else {}
    bank = questions()
    asked = {entry["question"].rpartition("/")[2] for entry in out if SUBSTANCE in leaves_out}
    people = [source["client"], *source.get("informants", ())]
    names = [form for each in people if each.get("name") for form in forms(each["name"])]
    birth = source["client"].get("birth", "")
    return Secrets(
        ratings={key: value for key, value in ratings.items() if key.endswith(".substance")},
        asks=tuple(_as_printed(bank[name].ask) for name in sorted(asked) if _alone(name)),
        quotes=tuple(quotes),
        names=tuple(dict.fromkeys(names)) if "names" in leaves_out else (),
        dates=tuple(_dates(birth)) if "birth" in leaves_out and birth else (),
    )


def _alone(name: str) -> bool:
    """Return whether a question is tagged and no other one that is not asks the same."""
    same = [each for each in questions().values() if each.ask == questions()[name].ask]
    return all(SUBSTANCE in each.tags for each in same)


def _left_out(entry: Mapping[str, Any], leaves_out: frozenset[str]) -> bool:
    asked = questions()[entry["question"].rpartition("/")[2]]
    if SAFETY in leaves_out and _opens_safety(entry):
        return True
    return bool(asked.tags & leaves_out & {SUBSTANCE, THIRD})


def _opens_safety(entry: Mapping[str, Any]) -> bool:
    name = entry["question"].rpartition("/")[2]
    said = entry.get("value") or entry.get("missing")
    return said in safety_codes().get(name, ()) and bool(entry.get("note"))


@cache
def safety_codes() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of each question that open the safety card."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(BANK.rglob("*.yaml")):
        block = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        if isinstance(block, dict):
            for each in block.get("questions", ()):
                if each.get("safety"):
                    found[f"{block['block']}.{each['id']}"] = tuple(each["safety"])
    return found


def _ratings(full: Copy) -> dict[str, int]:
    return dict(given_ratings(full["play/ratings.json"]))


def known_ratings(copy: Copy, full: Copy) -> dict[str, int]:
    """Return the ratings that the copy itself tells, of the others those of its reader's own."""
    told = dict(given_ratings(copy.get("play/ratings.json", b"")))
    told = told or _ratings(full)
    return {key: value for key, value in told.items() if not key.endswith(".substance")}


def _as_printed(ask: str) -> str:
    """Return the longest stretch of a question that has no name to be put in."""
    return max((" ".join(part.split()) for part in re.split(r"\{[^}]*\}", ask)), key=len)


def _dates(day_of_birth: str) -> Iterator[str]:
    year, month, *rest = day_of_birth.split("-")
    names = "January February March April May June July August September October November December"
    name = names.split()[int(month) - 1]
    yield day_of_birth
    yield f"{name} {year}"
    for day in rest:
        yield f"{int(day)} {name} {year}"
        yield f"{day}.{month}.{year}"
        yield f"{day}/{month}/{year}"


# ---- the same case with other left-out values ----------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One left-out thing put differently: its name, and the answers file after it."""

    what: str
    source: Mapping[str, Any]


def changes(answers: Path, leaves_out: frozenset[str]) -> Iterator[Change]:
    """Yield, for each left-out thing, the same interview with another value, reason or none."""
    source = read(answers)
    for at, entry in enumerate(source["answers"]):
        if not _left_out(entry, leaves_out):
            continue
        if SAFETY in leaves_out and _opens_safety(entry) and not _by_tag_of(entry, leaves_out):
            yield Change(f"the words of {entry['question']}", _with(source, at, _other_note(entry)))
            continue
        for how, other in _others(entry):
            yield Change(f"{entry['question']} ({how})", _with(source, at, other))
    if SUBSTANCE in leaves_out:
        given = source.get("ratings", {}).get("adversity", {})
        for period, items in given.items():
            for value in _other_ratings(items.get("substance")):
                changed = {**given, period: {**items, "substance": value}}
                ratings = {**source["ratings"], "adversity": changed}
                yield Change(f"{period} rated {value}", {**source, "ratings": ratings})
    if "names" in leaves_out and source["client"].get("name"):
        renamed = (
            yaml.dump(source).replace("Marjolein", "Hendrikje").replace("MARJOLEIN", "HENDRIKJE")
        )
        yield Change("the client's name", yaml.load(renamed, yaml.BaseLoader))


def _born_later(source: Mapping[str, Any], leaves_out: frozenset[str]) -> Mapping[str, Any]:
    """Return the same interview of a client born two days later: as old, in whole months."""
    birth = source["client"].get("birth", "")
    if "birth" not in leaves_out or birth.count("-") != 2:
        return source
    day = (date.fromisoformat(birth) + timedelta(days=2)).isoformat()
    return {**source, "client": {**source["client"], "birth": day}}


def all_changed(answers: Path, leaves_out: frozenset[str]) -> Mapping[str, Any]:
    """Return the interview with every left-out answer and rating put differently at once."""
    source = read(answers)
    changed: list[Any] = []
    for entry in source["answers"]:
        if not _left_out(entry, leaves_out):
            changed.append(entry)
        elif _by_tag_of(entry, leaves_out):
            changed.append(next(other for _, other in _others(entry)))
        else:
            changed.append(_other_note(entry))
    made = {**_born_later(source, leaves_out), "answers": changed}
    if SUBSTANCE in leaves_out and "adversity" in source.get("ratings", {}):
        adversity = {
            period: {**items, "substance": _other_ratings(items.get("substance"))[0]}
            for period, items in source["ratings"]["adversity"].items()
        }
        made["ratings"] = {**source["ratings"], "adversity": adversity}
    return made


def _by_tag_of(entry: Mapping[str, Any], leaves_out: frozenset[str]) -> bool:
    asked = questions()[entry["question"].rpartition("/")[2]]
    return bool(asked.tags & leaves_out & {SUBSTANCE, THIRD})


def _with(source: Mapping[str, Any], at: int, entry: Mapping[str, Any] | None) -> Mapping[str, Any]:
    answers = list(source["answers"])
    answers[at : at + 1] = [] if entry is None else [entry]
    return {**source, "answers": answers}


def _other_note(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**entry, "note": "Something else was said here, and more of it."}


def _others(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    asked = questions()[entry["question"].rpartition("/")[2]]
    bare = {key: entry[key] for key in ("question", "informant") if key in entry}
    match asked.kind:
        case "choice":
            others: list[Any] = [code for code in asked.options if code != entry.get("value")]
        case "choices":
            others = [[code] for code in asked.options if [code] != entry.get("value")]
        case "yes_no":
            others = ["false" if entry.get("value") == "true" else "true"]
        case "number" | "age" | "scale":
            others = ["3" if entry.get("value") != "3" else "4"]
        case _:
            others = ["Something else altogether"]
    # The first is the farthest away: what all_changed takes.
    for other in reversed(others):
        yield str(other), {**bare, "value": other, "note": "Other words.", "confidence": "low"}
    yield "declined", {**bare, "missing": "asked-declined"}
    yield "not said", None


def _other_ratings(value: str | None) -> tuple[str, ...]:
    if value is None:
        return ("7",)
    return ("2", "12", "null") if int(value) > 6 else ("11", "1", "null")


def written(source: Mapping[str, Any], folder: Path) -> Path:
    """Write an answers file of this content; its name is the same for all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "answers.yaml"
    path.write_text(yaml.dump(source, sort_keys=False, allow_unicode=True), "utf-8")
    return path
