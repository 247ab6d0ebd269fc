"""One rating and what it stands on: the scale, the suggestion with its rule, evidence, anchors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Final

from textual.content import Content

from nmt_intake.bank.words import Words
from nmt_intake.interview.events import Confidence, Rated
from nmt_intake.interview.speaking import rating_title
from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.norms import nearest
from nmt_intake.scoring.suggest import EvidenceLine, Suggestion, scaled
from nmt_intake.tui import literal
from nmt_intake.vocabulary import HIGHEST_RATING, LOWEST_RATING

_A_BAND: Final = 3
_SCALE: Final = range(LOWEST_RATING, HIGHEST_RATING + 1)
_MOST_RULES: Final = 3
PARTS: Final = {
    "adversity": "adversity, high is worse",
    "relational": "relational health, high is better",
    "functions": "function, high is better",
    "relationships": "relationship today, high is better",
}


def part_of(key: str) -> str:
    """Return the part of the assessment that a rating belongs to."""
    return key.rpartition("/")[2].partition(".")[0]


def title(
    interview: Interview, key: str, place: int, count: int, expected: Fraction | None
) -> Content:
    """Return the line above a rating, with what is `expected` of a function at the age."""
    name = rating_title(interview, key)
    name = name[:1].upper() + name[1:]
    age = "" if expected is None else f" · expected at this age: {nearest(expected)}"
    tail = literal.line(f"{PARTS.get(part_of(key), '')}{age} · {place} of {count}", "$aside")
    return literal.line(name, "bold") + Content("   ") + tail


def bands(
    interview: Interview, key: str, norms: Norms | None, expected: Fraction | None
) -> tuple[str, ...]:
    """Return the name of the band of each rating from 1 to 12, each a word or two.

    A function's go by the share of what is `expected` at the age.
    """
    if norms is not None and expected is not None:
        return tuple(norms.age_band(rating, expected).title for rating in _SCALE)
    if norms is not None:
        found = norms.rating_bands[part_of(key)]  # type: ignore[index]
        names = tuple(band.title.split()[0] for band in found)
    else:
        names = tuple(name.capitalize() for name in _anchors(interview, key)) or ("", "", "", "")
    return tuple(names[(rating - 1) // _A_BAND] for rating in _SCALE)


def scale(names: tuple[str, ...], rated: int | None, low: int | None, high: int | None) -> Content:
    """Return the scale from 1 to 12 in its bands: the rating in brackets, the suggestion below."""
    above: list[Content] = []
    below, last = "", None
    for rating, name in zip(_SCALE, names, strict=True):
        if name != last:
            start = f"{'│ ' if rating > 1 else ''}{name} "
            above.append(literal.literal(start))
            below += " " * len(start)
            last = name
        text = f"[{rating}] " if rating == rated else f"{rating} "
        above.append(literal.literal(text, "bold" if rating == rated else ""))
        inside = low is not None and high is not None and low <= rating <= high
        below += ("▲" if inside else " ").ljust(len(text))
    return (
        Content("").join(above) + Content("\n") + literal.literal(below.rstrip() or " ", "$aside")
    )


def standing(
    interview: Interview,
    suggestion: Suggestion,
    decided: Rated | None,
    confidence: Confidence | None,
) -> Content:
    """Return what is suggested, by which rule and facts, and what was decided."""
    return literal.lines(
        _suggested(suggestion),
        *_facts(interview, suggestion),
        _decided(suggestion, decided, confidence),
    )


def _facts(interview: Interview, suggestion: Suggestion) -> Iterator[Content]:
    """Yield the facts that bear on the suggestion with their tellers; what differs stands out."""
    for fact in suggestion.facts:
        known = (interview.informants.get(each) for each in fact.tellers)
        who = ", ".join(dict.fromkeys(each.relation for each in known if each))
        sure = "" if fact.truth is True else "perhaps"
        count = f"{fact.rows} rows" if fact.rows > 1 else ""
        aside = "; ".join(each for each in (who, count, sure) if each)
        differs = fact in suggestion.contradictions
        lead = "They differ: the time line or a fact says: " if differs else "Read: "
        yield literal.literal(
            f"{lead}{fact.rule.because}{f' ({aside})' if aside else ''}", "bold" if differs else ""
        )


COVERED: Final = (
    "Rate first: what is suggested, and any rating before, is shown once you have rated."
    " Alt+B shows it at once, from now on."
)


def _suggested(suggestion: Suggestion) -> Content:
    low, high = suggestion.low, suggestion.high
    if suggestion.not_applicable:
        return literal.literal(f"Nothing to rate: {suggestion.because}", "$aside")
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


def anchors(
    interview: Interview, key: str, names: tuple[str, ...], expected: Fraction | None
) -> Content:
    """Return the bank's own words for each band; a function's stand where the age puts them."""
    lines: list[Content] = []
    for band, words in enumerate(_anchors(interview, key).values()):
        low, high = band * _A_BAND + 1, band * _A_BAND + _A_BAND
        name = f" {names[low - 1]}"
        if expected is not None:
            low, high, name = scaled(low, expected), scaled(high, expected), ""
        lines.append(literal.spoken(f"{low}–{high}{name}: {words}"))
    return literal.lines(*lines)


def _anchors(interview: Interview, key: str) -> Mapping[str, str]:
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    return rating.anchors if rating else {}
