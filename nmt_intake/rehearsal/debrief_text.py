"""A debrief to read: Markdown, a page, plain data; and the conversation itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nmt_intake.rehearsal.coding_check import Slip
from nmt_intake.rehearsal.conduct import Item
from nmt_intake.rehearsal.conversation import KIND_WORDS, Turn
from nmt_intake.rehearsal.debrief import Debrief, Finding, Moment
from nmt_intake.report import Report, to_html
from nmt_intake.report.markdown import (
    Lines,
    bullets,
    escaped,
    fence,
    nested,
    one_line,
    paragraph,
    strong,
    table,
)

_BARS: Final = " ▁▂▃▄▅▆▇█"
_CURVE: Final = 60
_GROUPS: Final = ("open", "closed", "pressing", "giving back", "support", "telling")
_MOST_SLIPS: Final = 12
_NOTICE: Final = (
    "A rehearsal with a made-up person. It is practice: it certifies nothing, and the conversation"
    " model behind it is published research and judgement, not a measure of you."
)


def debrief_json(found: Debrief) -> Mapping[str, object]:
    """Return a debrief as plain data."""
    record = found.record
    return {
        "persona": record.cast.name,
        "style": record.style,
        "seed": record.seed,
        "coverage": {
            "asked": found.coverage.asked,
            "left_out": list(found.coverage.left_out),
            "missed": list(found.coverage.missed),
            "asked_twice": list(found.coverage.asked_twice),
            "heard": found.coverage.heard,
            "facts": found.coverage.facts,
        },
        "conduct": [
            {"id": item.id, "title": item.title, "done": item.done, "line": item.line or None}
            for item in found.conduct
        ],
        "questions": [
            {"kind": kind, "count": number}
            for kind, number in sorted(found.kinds.items(), key=lambda each: (-each[1], each[0]))
        ],
        "kinds_over_time": [dict(each) for each in found.kinds_over_time],
        "unsaid": [
            {
                "fact": each.fact,
                "id": each.id,
                "would_open": each.would_open,
                "line": each.line or None,
            }
            for each in found.unsaid
        ],
        "coding": {
            "agree": found.coding_agree,
            "differ": sum(each.id not in _NOT_CODED for each in found.coding),
            "missed": sum(each.id in _NOT_CODED for each in found.coding),
        },
        "coding_slips": [_slip(each) for each in found.coding],
        "ratings": {"agree": found.ratings_agree, "slips": [_slip(each) for each in found.ratings]},
        "plan": {"agree": found.plan_agree, "slips": [_slip(each) for each in found.plan]},
        "seconds_by_block": dict(found.minutes),
        "trust": list(found.trust),
        "best": [_moment(each) for each in found.best],
        "worst": [_moment(each) for each in found.worst],
        "findings": [_finding(each) for each in found.findings],
        "well_done": [_finding(each) for each in found.well_done],
        "try_next": [_finding(each) for each in found.try_next],
    }


_NOT_CODED: Final = ("not_coded", "safety_left_out", "other_teller_left_out", "missing_for_value")


def _slip(each: Slip) -> Mapping[str, object]:
    turn = each.turn.number if each.turn else None
    return {"id": each.id, "at": each.at, "says": each.says, "turn": turn}


def _finding(each: Finding) -> Mapping[str, object]:
    return {
        "id": each.id,
        "says": each.says,
        "times": each.times,
        "turn": each.turn,
        "line": each.line or None,
        "asked_better": each.better or None,
    }


def _moment(each: Moment) -> Mapping[str, object]:
    return {
        "turn": each.turn,
        "line": each.line,
        "before": each.before,
        "after": each.after,
        "why": each.why,
    }


def debrief_markdown(found: Debrief) -> str:
    """Return a debrief as one Markdown document."""
    persona = found.record.cast.script.source.persona
    title = persona.title if persona else found.record.cast.name
    lines: list[str] = [f"# Debrief · {escaped(one_line(title))}", ""]
    for section in (
        _first_words(found),
        _well(found),
        _try(found),
        _unsaid(found),
        _trust(found),
        _kinds(found),
        _conduct(found.conduct),
        _coding(found),
        _ratings(found),
        _covered(found),
    ):
        lines += section
    return "\n".join((*lines, *paragraph(_NOTICE))).rstrip() + "\n"


def debrief_html(found: Debrief) -> str:
    """Return a debrief as one self-contained page."""
    return to_html(Report("Debrief", debrief_markdown(found), {}, None))


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _first_words(found: Debrief) -> Lines:
    heard, facts = found.coverage.heard, found.coverage.facts
    who = escaped(found.record.cast.who)
    who = who[:1].upper() + who[1:]
    if heard == facts:
        return paragraph(f"{who} told you all that can be told: {heard} of {facts} things.")
    return paragraph(
        f"{who} told you {heard} of {count(facts, 'thing')} that can be told."
        " What follows is about the words and the order, not about you."
    )


def _well(found: Debrief) -> Lines:
    items = [f"{escaped(each.says)} {_cited(each.line)}" for each in found.well_done]
    return ("## Done well", "", *bullets(items))


def _try(found: Debrief) -> Lines:
    if not found.try_next:
        return (
            "## To try next",
            "",
            *paragraph("Nothing. Take another persona, or the same with less time."),
        )
    items: list[tuple[str, list[str]]] = []
    for each in found.try_next:
        inner: list[str] = []
        if each.line:
            inner.append(f"You said: {_cited(each.line)}")
        if each.better:
            inner.append(f"Asked better: {strong(escaped(one_line(each.better)))}")
        if each.turn:
            inner.append(f"Take that moment again: turn {each.turn}.")
        items.append((escaped(each.says), inner))
    return ("## To try next", "", *nested(items))


def _cited(line: str) -> str:
    return f"*{escaped(one_line(line))}*" if line else ""


def _unsaid(found: Debrief) -> Lines:
    if not found.unsaid:
        return ()
    rows = [
        (escaped(each.fact), escaped(each.would_open), str(each.turn or "-"))
        for each in found.unsaid
    ]
    secret = any(fact.never for fact in found.record.cast.story.facts)
    note = "One thing is never told, to anybody; it is not counted." if secret else ""
    return (
        "## What stayed unsaid",
        "",
        *table(("what", "what would have opened it", "turn"), rows),
        *paragraph(note),
    )


def _trust(found: Debrief) -> Lines:
    curve = found.trust
    if not curve:
        return ()
    size = max(1, -(-len(curve) // _CURVE))
    means = [sum(part) // len(part) for part in _parts(curve, size)]
    bars = "".join(_BARS[min(8, mean * 8 // 100)] for mean in means)
    told = [
        *(("best", each) for each in found.best),
        *(("hardest", each) for each in found.worst),
    ]
    items = [
        f"{name}: turn {each.turn}, from {each.before} to {each.after}, {escaped(each.why)}."
        f" {_cited(each.line)}"
        for name, each in told
    ]
    return (
        "## Trust, from the door to the goodbye",
        "",
        *fence(
            "trust",
            [f"0-100 {bars}", f"      turn 1{' ' * max(1, len(bars) - 12)}turn {len(curve)}"],
        ),
        *bullets(items),
    )


def _parts(values: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _kinds(found: Debrief) -> Lines:
    most = max((max(each.values(), default=0) for each in found.kinds_over_time), default=0) or 1
    lines = [
        f"{group:<12}"
        + "".join(_BARS[-(-each.get(group, 0) * 8 // most)] for each in found.kinds_over_time)
        + f"  {sum(each.get(group, 0) for each in found.kinds_over_time)}"
        for group in _GROUPS
    ]
    rows = [
        (KIND_WORDS[kind], str(number))
        for kind, number in sorted(found.kinds.items(), key=lambda each: -each[1])
    ]
    return (
        "## Kinds of question, from the beginning to the end",
        "",
        *fence("kinds", lines),
        *table(("kind", "times"), rows, right=(1,)),
    )


def _conduct(items: Sequence[Item]) -> Lines:
    rows = [("yes" if item.done else "not yet", item.title, _short(item.line)) for item in items]
    return ("## How it was held", "", *table(("", "what", "line"), rows))


def _short(line: str) -> str:
    text = one_line(line)
    return escaped(text if len(text) <= 60 else f"{text[:57]}...")


def _coding(found: Debrief) -> Lines:
    total = found.coding_agree + len(found.coding)
    said = f"{found.coding_agree} of {count(total, 'answer')} are coded as they were given."
    items = [f"{escaped(each.at)}: {escaped(each.says)}" for each in found.coding[:_MOST_SLIPS]]
    more = len(found.coding) - _MOST_SLIPS
    rest = f"And {more} more." if more > 0 else ""
    return ("## Coding", "", *paragraph(said), *bullets(items), *paragraph(rest))


def _ratings(found: Debrief) -> Lines:
    said = f"{count(found.ratings_agree, 'rating')} within one point of the key."
    items = [f"{escaped(each.at)}: {escaped(each.says)}" for each in found.ratings[:_MOST_SLIPS]]
    wanted = len(found.record.cast.story.plan)
    plan = f"The plan reaches {found.plan_agree} of {wanted} functions that it should."
    held = [f"{escaped(each.at)}: {escaped(each.says)}" for each in found.plan]
    return (
        "## Ratings and plan",
        "",
        *paragraph(said),
        *bullets(items),
        *paragraph(plan),
        *bullets(held),
    )


def _covered(found: Debrief) -> Lines:
    coverage = found.coverage
    said = (
        f"{count(coverage.asked, 'question')} asked, {len(coverage.left_out)} left out,"
        f" {len(coverage.asked_twice)} asked more than once."
    )
    rows = [(block, f"{seconds // 60}:{seconds % 60:02}") for block, seconds in found.minutes]
    return (
        "## Covered, and the time it took",
        "",
        *paragraph(said),
        *table(("block", "min:s"), rows, right=(1,)),
    )


def conversation_markdown(found: Debrief) -> str:
    """Return the whole conversation, each reply with why it was given where there is a why."""
    cast = found.record.cast
    lines: list[str] = [f"# Conversation with {escaped(cast.who)}", ""]
    lines += paragraph(f"*{escaped(cast.teller)}:* {escaped(one_line(cast.greeting))}")
    for turn in found.record.turns:
        lines += _turn(turn)
    return "\n".join(lines).rstrip() + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    """Yield the lines of one turn."""
    kind = (
        f" ({turn.kind.replace('_', ' ')})"
        if turn.kind
        else f" ({turn.move.act.replace('_', ' ')})"
    )
    words = escaped(one_line(turn.move.words)) or "…"
    yield from paragraph(f"{turn.number}. **You**{kind}: {words}".replace(". **", "\\. **", 1))
    for who, said in turn.reply:
        yield from paragraph(f"*{escaped(who)}:* {escaped(one_line(said))}")
    if turn.why:
        yield from paragraph(f"> {escaped(turn.why)}")
