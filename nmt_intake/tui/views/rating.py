"""One rating and what it stands on: the scale, the suggestion with its rule, evidence, anchors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from textual.content import Content

from nmt_intake.bank.words import Words
from nmt_intake.interview.events import Confidence, Rated
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.suggest import EvidenceLine, Suggestion
from nmt_intake.tui import literal
from nmt_intake.tui.views.known import rating_title

_A_BAND: Final = 3
_MOST_RULES: Final = 3
_PARTS: Final = {
    "adversity": "adversity, high is worse",
    "relational": "relational health, high is better",
    "functions": "function, high is better",
    "relationships": "relationship today, high is better",
}


def part_of(key: str) -> str:
    """Return the part of the assessment that a rating belongs to."""
    return key.rpartition("/")[2].partition(".")[0]


def title(interview: Interview, key: str, place: int, count: int) -> Content:
    """Return the line above a rating."""
    name = rating_title(interview, key)
    name = name[:1].upper() + name[1:]
    tail = literal.line(f"{_PARTS.get(part_of(key), '')} · {place} of {count}", "$aside")
    return literal.line(name, "bold") + Content("   ") + tail


def bands(interview: Interview, key: str, norms: Norms | None) -> tuple[str, ...]:
    """Return the names of the four bands, each one word."""
    if norms is not None:
        found = norms.rating_bands[part_of(key)]  # type: ignore[index]
        return tuple(band.title.split()[0] for band in found)
    return tuple(name.capitalize() for name in _anchors(interview, key)) or ("", "", "", "")


def scale(names: tuple[str, ...], rated: int | None, low: int | None, high: int | None) -> Content:
    """Return the scale from 1 to 12 in its bands: the rating in brackets, the suggestion below."""
    above: list[Content] = []
    below = ""
    for band, name in enumerate(names):
        start = "│ " if band else ""
        above.append(literal.literal(f"{start}{name} "))
        below += " " * len(f"{start}{name} ")
        for rating in range(band * _A_BAND + 1, band * _A_BAND + _A_BAND + 1):
            text = f"[{rating}] " if rating == rated else f"{rating} "
            above.append(literal.literal(text, "bold" if rating == rated else ""))
            inside = low is not None and high is not None and low <= rating <= high
            below += ("▲" if inside else " ").ljust(len(text))
    return (
        Content("").join(above) + Content("\n") + literal.literal(below.rstrip() or " ", "$aside")
    )


def standing(
    suggestion: Suggestion, decided: Rated | None, confidence: Confidence | None
) -> Content:
    """Return what is suggested, by which rule, and what was decided."""
    return literal.lines(_suggested(suggestion), _decided(suggestion, decided, confidence))


def _suggested(suggestion: Suggestion) -> Content:
    low, high = suggestion.low, suggestion.high
    if low is None or high is None:
        return literal.line("No suggestion: the bank has no rule that fits.", "$aside")
    span = f"{low}" if low == high else f"{low}–{high}"
    wide = (
        ""
        if suggestion.value is not None
        else " Too wide to accept: something is unknown or disputed."
    )
    scaled = " Scaled to the age." if suggestion.expected is not None else ""
    count = len(suggestion.rules)
    if count > _MOST_RULES:
        return literal.literal(f"Suggested {span}: {count} rules may still apply.{scaled}{wide}")
    rules = f"rule{'s' if count > 1 else ''} {suggestion.rule_ids}"
    return literal.literal(f"Suggested {span} ({rules}): {suggestion.because}{scaled}{wide}")


def _decided(
    suggestion: Suggestion, decided: Rated | None, confidence: Confidence | None
) -> Content:
    sure = f" Confidence: {confidence}." if confidence else ""
    if decided is None:
        offer = f" Enter accepts {suggestion.value}." if suggestion.value is not None else ""
        return literal.line(f"Not confirmed by anybody yet.{offer}{sure}", "italic")
    value = "left unknown" if decided.value is None else f"rated {decided.value}"
    reason = f" Reason: {decided.reason}" if decided.reason else ""
    return literal.literal(f"{decided.author}: {value}.{sure}{reason}", "bold")


def evidence(suggestion: Suggestion, words: Words) -> Content:
    """Return what was said for this rating, question by question."""
    if not suggestion.evidence:
        return literal.line("Nothing was said about this yet.", "$aside")
    pieces: list[Content] = []
    for ask, lines in groupby(suggestion.evidence, key=lambda each: each.ask):
        pieces.append(literal.spoken(f"· {ask}", "$aside"))
        for each in lines:
            pieces += _evidence_lines(each, words)
    return literal.lines(*pieces)


def _evidence_lines(line: EvidenceLine, words: Words) -> Iterator[Content]:
    says = words.missing_at_desk[line.missing] if line.missing else line.says
    who = ", ".join(
        each for each in (line.informant, words.bases_at_desk.get(line.basis or "", "")) if each
    )
    differs = "   they differ" if line.differs else ""
    yield literal.literal(f"  {says}   ({who}){differs}")
    if line.words:
        yield literal.literal(f"  “{line.words}”", "italic")


def anchors(interview: Interview, key: str, names: tuple[str, ...]) -> Content:
    """Return the bank's own words for each band."""
    lines: list[Content] = []
    for band, words in enumerate(_anchors(interview, key).values()):
        span = f"{band * _A_BAND + 1}–{band * _A_BAND + _A_BAND}"
        name = names[band] if band < len(names) else ""
        lines.append(literal.spoken(f"{span} {name}: {words}"))
    return literal.lines(*lines)


def _anchors(interview: Interview, key: str) -> Mapping[str, str]:
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    return rating.anchors if rating else {}
