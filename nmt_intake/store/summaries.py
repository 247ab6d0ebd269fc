"""A line of the case list as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from nmt_intake.store.protocols import CaseFilter, CaseLabel, CaseSummary, Counts, JsonValue, Page
from nmt_intake.store.records import number, text


def to_json(summary: CaseSummary) -> dict[str, JsonValue]:
    """Return what is kept of a summary: all but the store's own fields."""
    return {
        "alias": summary.label.alias,
        "birth": summary.label.birth,
        "who": summary.label.who,
        "status": summary.status,
        "asked": summary.counts.asked,
        "open": summary.counts.open,
        "to_find_out": summary.counts.to_find_out,
        "safety": summary.safety,
        "last_seen": summary.last_seen,
        "age_months": summary.age_months,
    }


def from_json(
    kept: Mapping[str, JsonValue], case_id: str, sequence: int, *, practice: bool = False
) -> CaseSummary:
    """Return the summary that `to_json` kept, with the store's own fields filled in."""
    get = kept.get
    birth, age = get("birth"), get("age_months")
    return CaseSummary(
        CaseLabel(
            text(get("alias")),
            birth if isinstance(birth, str) else None,
            text(get("who")),
            practice,
        ),
        text(get("status"), "new"),
        _counts(number(get("asked")), number(get("open")), number(get("to_find_out"))),
        get("safety") is True,
        text(get("last_seen")),
        case_id,
        sequence,
        age if isinstance(age, int | float) and not isinstance(age, bool) else None,
    )


_counts = lru_cache(4096)(Counts)  # thousands of lines share a few hundred


def first_summary(label: CaseLabel, at: str, *, practice: bool) -> CaseSummary:
    """Return the line of a case that has just been made."""
    return CaseSummary(label=replace(label, practice=practice), last_seen=at)


def chosen(
    summaries: Iterable[CaseSummary], wanted: CaseFilter | None, page: Page | None
) -> list[CaseSummary]:
    """Return the lines to show: filtered, last seen first, one page of them."""
    found = list(summaries)
    if wanted is not None:
        found = [summary for summary in found if wanted.lets_through(summary)]
    found.sort(key=lambda summary: (summary.last_seen, summary.case_id), reverse=True)
    if page is None:
        return found
    return found[page.start : page.start + page.limit]
