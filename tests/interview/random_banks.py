"""Random banks, built by the real compiler: chains, fans, loops of all kinds, aggregates, gates."""

from __future__ import annotations

import json
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from random import Random

from nmt_intake.bank.loading import load_sources
from nmt_intake.bank.model import Bank
from nmt_intake.vocabulary import PERIODS

LOOPS = (None, None, "period", "caregiver", "placement", "exposure")
KINDS = (
    "yes_no",
    "yes_no",
    "choice",
    "choice",
    "choices",
    "scale",
    "number",
    "age",
    "date",
    "text",
)
NAMED = ("caregiver", "placement", "exposure")
CODES = ("never", "some", "often")

Plan = dict[str, object]


def bank_from(blocks: list[Plan], ratings: list[Plan] | None = None, **head: object) -> Bank:
    """Return the bank that these plans, written as files, compile to."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        names = [str(block["block"]) for block in blocks]
        plan = {"id": "random", "version": "2", "language": "en", "blocks": names, **head}
        for name, block in zip(names, blocks, strict=True):
            (folder / f"{name}.yaml").write_text(json.dumps(block))
        if ratings:
            plan["ratings"] = ["suggestions"]
            (folder / "suggestions.yaml").write_text(json.dumps({"ratings": ratings}))
        (folder / "bank.yaml").write_text(json.dumps(plan))
        loaded = load_sources(folder)
    assert loaded.bank is not None, loaded.problems
    return loaded.bank


@lru_cache(maxsize=2048)
def bank_of(seed: int) -> Bank:
    """Return the random bank with this number."""
    return bank_from(*_Maker(Random(seed)).plans())


@lru_cache(maxsize=2048)
def moved_bank_of(seed: int) -> Bank:
    """Return its next version, in which every block `b...` is called `moved...`."""
    blocks, ratings = _Maker(Random(seed)).plans()
    renamed = {
        f"{block['block']}.{each['id']}": _moved(f"{block['block']}.{each['id']}")
        for block in blocks
        if str(block["block"]).startswith("b")
        for each in block["questions"]  # type: ignore[attr-defined]
    }
    move = {"from_version": "2", "renamed": renamed}
    blocks, ratings = json.loads(_moved(json.dumps([blocks, ratings])))
    return bank_from(blocks, ratings, version="3", **({"migrations": [move]} if renamed else {}))


def _moved(text: str) -> str:
    return re.sub(r"\bb(\d+)\b", r"moved\1", text)


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.asked: list[tuple[str, str | None, str]] = []
        self.choosing: list[tuple[str, str]] = []

    def plans(self) -> tuple[list[Plan], list[Plan]]:
        blocks = [self.about()] if self.random.random() < 0.7 else []
        blocks += [self.block(f"b{number}") for number in range(self.random.randint(2, 6))]
        for loop in NAMED:
            there = {block.get("for_each") for block in blocks}
            if loop not in there and any(each == loop for _, each in self.choosing):
                blocks.append(self.block(f"e{loop}", loop))
        return blocks, self.ratings()

    def about(self) -> Plan:
        gated = self.random.random() < 0.5
        gate = {"when": "about.known"} if gated else {}
        young = {"when": "client.age_months < 60"} if self.random.random() < 0.3 else gate
        questions = [
            question("known", "yes_no"),
            question("birth", "date", fact="client.birth", **gate),
            question("weeks", "number", fact="client.gestation_weeks", **young),
            question("name", "text", fact="client.name"),
        ]
        self.asked += [("about.known", None, "yes_no")]
        self.asked += [("about.birth", None, "date"), ("about.weeks", None, "number")]
        return {"block": "about", "title": "About", "questions": questions}

    def block(self, name: str, loop: str | None = None) -> Plan:
        loop = loop or self.random.choice(LOOPS)
        plan: Plan = {"block": name, "title": name}
        if loop:
            plan["for_each"] = loop
        if self.random.random() < 0.4:
            plan["when"] = self.condition(loop)
        count = self.random.choice((1, 3, 5, 8))
        plan["questions"] = [self.question(name, f"q{each}", loop) for each in range(count)]
        if self.random.random() < 0.4:
            expect = self.condition(loop)
            plan["checks"] = [{"id": "fits", "expect": expect, "say": "It does not fit."}]
        return plan

    def question(self, block: str, name: str, loop: str | None) -> Plan:
        kind = self.random.choice(KINDS)
        plan = question(name, kind)
        if self.random.random() < 0.6:
            plan["when"] = self.condition(loop)
        if self.random.random() < 0.08:
            plan |= {"hidden": "true", "show_if_filled": self.random.choice(("true", "false"))}
        if self.random.random() < 0.15:
            plan["informants"] = [self.random.choice(("caregiver", "self", "professional"))]
        if loop and loop != "period" and kind == "text" and self.random.random() < 0.5:
            plan["names_this"] = "true"
        if kind in ("choice", "choices") and self.random.random() < 0.3:
            here = loop if loop in NAMED else "caregiver"
            plan["options_from"] = here if block[0] == "e" else self.random.choice(NAMED)
            self.choosing.append((f"{block}.{name}", str(plan["options_from"])))
        self.asked.append((f"{block}.{name}", loop, kind))
        return plan

    def condition(self, loop: str | None, depth: int = 0) -> str:
        draw = self.random.random()
        if depth < 2 and draw < 0.3:
            word = self.random.choice((" and ", " or "))
            parts = [self.condition(loop, depth + 1) for _ in range(self.random.choice((2, 2, 3)))]
            return f"({word.join(parts)})"
        if depth < 2 and draw < 0.4:
            return f"not {self.condition(loop, depth + 1)}"
        if not self.asked or draw > 0.85:
            return self.of_facts(loop)
        return self.of_answers(loop)

    def of_facts(self, loop: str | None) -> str:
        found = [
            f"client.age_months >= {self.random.choice((0, 13, 48, 60, 144))}",
            f"client.corrected_age_months < {self.random.choice((2, 24, 100))}",
            "client.gestation_weeks < 37",
            "informant.kind == 'self'",
            "informant.relation != 'aunt'",
            "informant.known_from_months < 12",
        ]
        if loop == "period":
            found.append(f"period.id in {tuple(self.random.sample(PERIODS, 3))!r}")
        return self.random.choice(found)

    def of_answers(self, loop: str | None) -> str:
        choosing = [name for name, chosen in self.choosing if chosen == loop]
        if choosing and self.random.random() < 0.3:
            return f"chosen({self.random.choice(choosing)})"
        name, other, kind = self.random.choice(self.asked)
        if other not in (None, loop):
            return self.over_instances(name, kind)
        if loop and other == loop and self.random.random() < 0.2:
            return self.over_instances(name, kind)
        if self.random.random() < 0.2:
            test = self.random.choice(
                ("answered({})", "missing({})", "reason({}) == 'temp-unknown'")
            )
            return test.format(name)
        return self.of_kind(name, kind)

    def of_kind(self, name: str, kind: str) -> str:
        code = self.random.choice(CODES)
        match kind:
            case "yes_no":
                return name
            case "choice":
                return self.random.choice(
                    (f"{name} == '{code}'", f"{name} in ('{code}', 'some')", f"{name} != '{code}'")
                )
            case "choices":
                return f"has({name}, '{code}')"
            case "date":
                sign = self.random.choice(("<", "<=", "==", "!=", ">="))
                return f"{name} {sign} '{self.random.choice(('2019', '2019-06', '2019-06-15'))}'"
            case "text":
                return f"{name} == 'words'"
            case _:
                return self.random.choice(
                    (f"{name} > 3", f"1 < {name} <= 6", f"{name} + 1 == 4", f"6 / {name} >= 2")
                )

    def over_instances(self, name: str, kind: str) -> str:
        match kind:
            case "yes_no":
                return self.random.choice(
                    (f"any_of({name})", f"all_of({name})", f"count_of({name}, True) >= 2")
                )
            case "choice" | "choices":
                code = self.random.choice(CODES)
                return self.random.choice(
                    (
                        f"any_of({name}, '{code}')",
                        f"all_of({name}, '{code}')",
                        f"count_of({name}, '{code}') > 1",
                    )
                )
            case "scale" | "number" | "age":
                return f"any_of({name}, 3)"
            case _:
                return "client.age_months >= 48"

    def ratings(self) -> list[Plan]:
        """Rules of two ratings; what is not yet given may be filled in without changing what is."""
        found: list[Plan] = []
        for rating, loop, bands in (
            ("functions.sleep", None, ("severe", "moderate", "mild", "typical")),
            ("adversity.neglect", "period", ("none", "mild", "moderate", "severe")),
        ):
            rules: list[Plan] = []
            for number in range(self.random.randint(1, 5)):
                low = self.random.randint(1, 10)
                rules.append(
                    {
                        "id": f"R{number}",
                        "when": self.monotone(loop),
                        "suggest": [str(low), str(low + self.random.randint(0, 2))],
                        "because": f"Rule {number}.",
                    }
                )
            if self.random.random() < 0.5:
                rules.append({"id": "last", "suggest": ["4", "6"], "because": "Nothing else."})
            anchors = {band: band for band in bands}
            found.append({"rating": rating, "title": rating, "anchors": anchors, "rules": rules})
        return found

    def monotone(self, loop: str | None) -> str:
        while True:
            text = self.condition(loop)
            if not any(word in text for word in ("answered(", "missing(", "reason(")):
                return text


def question(name: str, kind: str, **more: object) -> Plan:
    """Return the plan of one question of a kind."""
    plan: Plan = {"id": name, "ask": f"{name}?", "kind": kind, **more}
    if kind in ("choice", "choices") and not {"options", "options_from"} & more.keys():
        plan["options"] = {code: code for code in CODES}
    if kind == "scale":
        plan["options"] = {str(step): str(step) for step in range(6)}
    if kind == "number":
        plan["unit"] = "times"
    return plan
