"""Made-up FHIR forms with every operator, nesting and kind, and answers to them."""

from __future__ import annotations

from random import Random
from typing import Any

Resource = dict[str, Any]
SYSTEM = "urn:example:codes"
KINDS = (
    *("boolean", "integer", "decimal", "date", "string", "choice", "choices"),
    *("words", "outside", "contained", "quantity"),
)
# A choice among words; one whose options are elsewhere, known by what conditions compare; one
# whose options come with the form; a number with its unit.
CODES = ("LA33-6", "no", "4", "Often")
WORDS = ("home", "away")
DATES = ("2019-01-01", "2020-05-05", "2021-12-31")
OPERATORS = {
    "boolean": ("exists", "=", "!="),
    "string": ("exists", "=", "!="),
    "choice": ("exists", "=", "!="),
    "choices": ("exists", "=", "!="),
    "words": ("exists", "=", "!="),
    "outside": ("exists", "=", "!="),
    "contained": ("exists", "=", "!="),
    "quantity": ("exists", "=", "!=", ">", "<", ">=", "<="),
    "integer": ("exists", "=", "!=", ">", "<", ">=", "<="),
    "decimal": ("exists", "=", "!=", ">", "<", ">=", "<="),
    "date": ("exists", "=", "!=", ">", "<", ">=", "<="),
}
ANSWER = {
    "boolean": "answerBoolean",
    "integer": "answerInteger",
    "decimal": "answerDecimal",
    "date": "answerDate",
    "string": "answerString",
    "choice": "answerCoding",
    "choices": "answerCoding",
    "words": "answerString",
    "outside": "answerCoding",
    "contained": "answerCoding",
    "quantity": "answerQuantity",
}
HELD = {
    "resourceType": "ValueSet",
    "id": "held",
    "compose": {"include": [{"system": SYSTEM, "concept": [{"code": code} for code in CODES]}]},
}


def random_form(random: Random, size: int) -> Resource:
    """Return a Questionnaire of about `size` questions; conditions look back only."""
    made: list[tuple[str, str]] = []
    top: Resource = {"resourceType": "Questionnaire", "status": "draft", "title": "Made up"}
    top["contained"] = [HELD]
    top["item"] = []
    groups = [top]
    for number in range(size):
        if random.random() < 0.3:
            group = _gated({"linkId": f"g{number}", "type": "group", "text": "Part"}, made, random)
            group["item"] = []
            random.choice(groups).setdefault("item", []).append(group)
            groups.append(group)
        link = random.choice((f"q{number}", f"/1.{number}", f"Is it {number}?"))
        kind = random.choice(KINDS)
        item = _gated(
            {"linkId": link, "text": f"What about {number}?", **_typed(kind)}, made, random
        )
        holder = random.choice(groups)
        holder.setdefault("item", []).append(item)
        if random.random() < 0.2:
            groups.append(item)  # questions may stand below questions
        made.append((link, kind))
    _without_empty(top)
    return top


def random_answers(form: Resource, random: Random) -> dict[str, list[Any]]:
    """Return answers to some of the questions, whether they are enabled or not."""
    found: dict[str, list[Any]] = {}
    for item in form.get("item", []):
        if item["type"] != "group" and random.random() < 0.7:
            kind = _kind_of(item)
            most = 2 if kind == "choices" else 1
            values = [_value(kind, random) for _ in range(random.randint(1, most))]
            found[item["linkId"]] = list(dict.fromkeys(values))
        found.update(random_answers(item, random))
    return found


def _kind_of(item: Resource) -> str:
    if item.get("answerValueSet"):
        return "contained" if item["answerValueSet"].startswith("#") else "outside"
    if any("valueString" in each for each in item.get("answerOption", ())):
        return "words"
    return "choices" if item.get("repeats") else str(item["type"])


def _typed(kind: str) -> Resource:
    if kind == "words":
        return {"type": "open-choice", "answerOption": [{"valueString": each} for each in WORDS]}
    if kind in ("outside", "contained"):
        where = "#held" if kind == "contained" else "http://example.org/vs"
        return {"type": "choice", "answerValueSet": where}
    if kind not in ("choice", "choices"):
        return {"type": kind}
    options = [{"valueCoding": {"system": SYSTEM, "code": code, "display": code}} for code in CODES]
    return {"type": "choice", "repeats": kind == "choices", "answerOption": options}


def _value(kind: str, random: Random) -> Any:
    match kind:
        case "boolean":
            return random.random() < 0.5
        case "integer":
            return random.randint(0, 3)
        case "quantity" | "decimal":
            return random.choice((0.5, 1, 2.25))
        case "date":
            return random.choice(DATES)
        case "string" | "words":
            return random.choice(WORDS)
        case _:
            return (SYSTEM, random.choice(CODES))


def _gated(item: Resource, made: list[tuple[str, str]], random: Random) -> Resource:
    if not made or random.random() < 0.3:
        return item
    criteria: list[Resource] = []
    for _ in range(random.randint(1, 3)):
        link, kind = random.choice(made)
        sign = random.choice(OPERATORS[kind])
        criterion: Resource = {"question": link, "operator": sign}
        if sign == "exists":
            criterion["answerBoolean"] = random.random() < 0.6
        else:
            value = _value(kind, random)
            if isinstance(value, tuple):
                value = {"system": value[0], "code": value[1]}
            if kind == "quantity":
                value = {"value": value, "unit": "kg"}
            criterion[ANSWER[kind]] = value
        criteria.append(criterion)
    item["enableWhen"] = criteria
    if len(criteria) > 1 or random.random() < 0.5:
        item["enableBehavior"] = random.choice(("all", "any"))
    return item


def _without_empty(item: Resource) -> None:
    for child in item.get("item", []):
        _without_empty(child)
    if "item" in item:
        item["item"] = [
            each for each in item["item"] if each["type"] != "group" or each.get("item")
        ]
