"""What a careful clinician insists on in each profile, held against the plan that was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import yaml

from nmt_intake.vocabulary import FUNCTIONS
from tests.plans.adapter import HERE, About, about, norms

PHASES: Final = ("now", "next", "later")
MUSTS: Final = (
    "must_now",
    "has",
    "before",
    "led_by",
    "ask_first",
    "unanswered",
    "unanswered_or_now",
    "adaptation",
    "vehicle",
)
_MATCHERS: Final = frozenset(
    {
        "to",
        "serves",
        "answers",
        "traits",
        "traits_any",
        "id",
        "in",
        "bands",
        "leader",
        "leader_only",
        "leaders_without",
        "not_in_setting",
        "because",
    }
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan with what its activity is; `place` counts through all phases."""

    place: int
    phase: str
    data: Mapping[str, Any]
    about: About


@dataclass(frozen=True, slots=True)
class Verdict:
    """One insistence: of which kind, whether it was met, and the words for it."""

    profile: str
    kind: str
    met: bool
    says: str


def profiles() -> Iterator[Json]:
    """Yield the judged profiles in the order of age groups."""
    for path in sorted((HERE / "profiles").glob("*.yaml")):
        yield from yaml.safe_load(path.read_text("utf-8"))["profiles"]


def ratings_file(profile: Json) -> Json:
    """Return the ratings file of a profile, its `usual` and `all` written out."""
    data: Json = dict(profile["ratings"])
    given: Json = data.get("functions", {})
    age = norms().preterm.age(Fraction(data["age_months"]), _fraction(data.get("gestation_weeks")))
    if data.pop("usual", None):
        expected = norms().expected(age)
        data["functions"] = {name: max(1, round(float(expected[name]))) for name in FUNCTIONS}
        data["functions"].update(given)
    if (level := data.pop("all", None)) is not None:
        data["functions"] = {**dict.fromkeys(FUNCTIONS, level), **given}
    return data


def _fraction(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def lines_of(plan: Json) -> list[Line]:
    """Return all lines of a plan in the order they are printed."""
    found: list[Line] = []
    for phase in plan["phases"]:
        for line in phase["lines"]:
            found.append(Line(len(found), phase["id"], line, about(line["activity"])))
    return found


def matching(lines: Iterable[Line], matcher: Mapping[str, Any]) -> list[Line]:
    """Return the lines that a matcher describes."""
    return [line for line in lines if _matches(line, matcher)]


def _matches(line: Line, matcher: Mapping[str, Any]) -> bool:
    led: list[str] = line.data["led_by"]
    functions: list[str] = line.data["functions"]
    for key, value in matcher.items():
        match key:
            case "to":
                good = line.about.addressee == value
            case "serves":
                good = bool(set(value) & set(functions))
            case "answers":
                good = functions[0] in value
            case "traits" | "traits_any":
                good = bool(set(value) & line.about.traits)
            case "id":
                good = line.data["activity"] == value
            case "in":
                good = line.phase == value
            case "bands":
                good = line.data["band"] in value
            case "leader":
                good = value in led
            case "leader_only":
                good = bool(led) and set(led) <= set(value)
            case "leaders_without":
                good = not set(value) & set(led)
            case "not_in_setting":
                good = value not in line.data["settings"]
            case "because":
                good = True
            case _:
                raise KeyError(key)
        if not good:
            return False
    return True


def judged(profile: Json, plan: Json) -> Iterator[Verdict]:
    """Yield every insistence of a profile with whether the plan meets it."""
    name, expect = profile["id"], profile["expect"]
    lines = lines_of(plan)

    def verdict(kind: str, met: bool, says: str) -> Verdict:
        return Verdict(name, kind, met, says)

    for row in expect.get("must_not", ()):
        hits = matching(lines, row)
        found = ", ".join(f"{line.data['activity']} ({line.phase})" for line in hits)
        yield verdict("must_not", not hits, f"{_short(row)}: {found}")
    for row in expect.get("must_now", ()):
        yield verdict("must_now", bool(matching(lines, {**row, "in": "now"})), _short(row))
    for row in expect.get("has", ()):
        yield verdict("has", bool(matching(lines, row)), _short(row))
    for row in expect.get("before", ()):
        first, then = matching(lines, row["first"]), matching(lines, row["then"])
        met = bool(first) and (not then or first[0].place < then[0].place)
        yield verdict("before", met, f"{_short(row['first'])} before {_short(row['then'])}")
    for row in expect.get("led_by", ()):
        scope = matching(lines, {**row["of"], "in": row.get("in", "now")})
        led = [line for line in scope if set(row["who"]) & set(line.data["led_by"])]
        says = f"{'/'.join(row['who'])} leads {_short(row['of'])}"
        yield verdict("led_by", len(led) >= row.get("at_least", 1), says)
    for row in expect.get("ask_first", ()):
        yield verdict("ask_first", _asks(plan, row), f"{row['about']} -> {row['whom']}")
    for row in expect.get("unanswered", ()):
        yield verdict("unanswered", _explains(plan, row), row["function"])
    for row in expect.get("unanswered_or_now", ()):
        met = _explains(plan, row) or bool(
            matching(lines, {"serves": [row["function"]], "in": "now"})
        )
        yield verdict("unanswered_or_now", met, row["function"])
    for row in expect.get("adaptation", ()):
        said = " ".join(
            text for line in matching(lines, row["of"]) for text in line.data["adaptations"]
        ).lower()
        yield verdict("adaptation", any(word in said for word in row["words"]), str(row["words"]))
    for row in expect.get("vehicle", ()):
        said = " ".join(text for line in lines for text in line.data["reasons"]).lower()
        yield verdict("vehicle", all(word in said for word in row["words"]), str(row["words"]))
    yield from _about_the_whole(name, expect, plan, lines)


def _about_the_whole(
    name: str, expect: Mapping[str, Any], plan: Json, lines: list[Line]
) -> Iterator[Verdict]:
    now = [line for line in lines if line.phase == "now"]
    asks = plan.get("ask_first", [])
    for key, value in expect.items():
        match key:
            case "safety_first":
                met = "safety" in " ".join(plan.get("said_first", [])).lower()
            case "says_people_first":
                people = bool(now) and now[0].about.addressee in ("carers", "web")
                met = people and any(
                    "people" in text.lower() for text in plan.get("said_first", [])
                )
            case "no_ask_first":
                met = not asks
            case "no_unanswered":
                met = not plan["unanswered"]
            case "now_at_most":
                met = len(now) <= value
            case "minutes_at_most":
                met = sum(line.data["minutes_a_week"] for line in now) <= value and bool(now)
            case "rate_first":
                rated = {row["domain"] for row in plan.get("rate_first", []) if row["functions"]}
                met = set(value) <= rated
            case "no_lines_to":
                met = not matching(lines, {"to": value})
            case _ if key in (*MUSTS, "must_not"):
                continue
            case _:
                raise KeyError(key)
        yield Verdict(name, key, met, str(value))


def _asks(plan: Json, row: Mapping[str, Any]) -> bool:
    return any(
        set(row["about"]) & set(entry["about"]) and set(row["whom"]) & set(entry["whom"])
        for entry in plan.get("ask_first", [])
    )


def _explains(plan: Json, row: Mapping[str, Any]) -> bool:
    reasons = [
        each["reason"].lower() for each in plan["unanswered"] if each["function"] == row["function"]
    ]
    return any(reason and all(word in reason for word in row.get("says", ())) for reason in reasons)


def _short(matcher: Mapping[str, Any]) -> str:
    unknown = set(matcher) - _MATCHERS
    assert not unknown, unknown
    said = [f"{key}={value}" for key, value in matcher.items() if key != "because"]
    return " ".join(said) or "anything"
