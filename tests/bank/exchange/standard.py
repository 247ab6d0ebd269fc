"""The standard's own rule for FHIR forms, written from its text and from nothing of ours.

FHIR R4, Questionnaire.item.enableWhen: an item is enabled if its criteria hold (`enableBehavior`
all or any); "when an item is disabled, all of its descendants are disabled"; a disabled item has
no answers. The operators are those of http://hl7.org/fhir/questionnaire-enable-operator:
`exists` compares whether there is an answer; `=` and the four orders want at least one answer
that fits; `!=` is true if no answer is equal.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any

Resource = dict[str, Any]
Answers = Mapping[str, list[Any]]
ORDERS = {">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}


def enabled(form: Resource, answers: Answers) -> dict[str, bool]:
    """Return whether each item is enabled, by linkId; codings are `(system, code)`."""
    parents = dict(_parents(form, None))
    items = {item["linkId"]: item for item in _all(form)}
    found: dict[str, bool] = {}

    def is_enabled(link: str) -> bool:
        if link not in found:
            parent = parents[link]
            found[link] = (parent is None or is_enabled(parent)) and criteria(items[link])
        return found[link]

    def counted(link: str) -> list[Any]:
        return answers.get(link, []) if link in items and is_enabled(link) else []

    def criteria(item: Resource) -> bool:
        given = item.get("enableWhen", [])
        each = [holds(criterion, counted(criterion["question"])) for criterion in given]
        if not given:
            return True
        return all(each) if item.get("enableBehavior") == "all" else any(each)

    return {link: is_enabled(link) for link in items}


def holds(criterion: Resource, answers: list[Any]) -> bool:
    """Return whether one criterion holds over the answers that count."""
    ((_, wanted),) = ((key, value) for key, value in criterion.items() if key.startswith("answer"))
    if isinstance(wanted, dict) and "value" in wanted:
        wanted = wanted["value"]
    elif isinstance(wanted, dict):
        wanted = (wanted.get("system"), wanted.get("code"))
    match criterion["operator"]:
        case "exists":
            return bool(answers) == wanted
        case "=":
            return any(answer == wanted for answer in answers)
        case "!=":
            return not any(answer == wanted for answer in answers)
        case order:
            return any(ORDERS[order](answer, wanted) for answer in answers)


def _all(item: Resource) -> Iterator[Resource]:
    for child in item.get("item", []):
        yield child
        yield from _all(child)


def _parents(item: Resource, above: str | None) -> Iterator[tuple[str, str | None]]:
    for child in item.get("item", []):
        yield child["linkId"], above
        yield from _parents(child, child["linkId"])
