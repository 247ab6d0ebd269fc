"""Family and people as one picture: a genogram of what was said, and the people of today.

It is read off the time line of carers and the table of people: a word for what somebody is (mother,
half brother, abuela) gives the row and the shape. A parent nobody spoke of stands there as not
known; whoever the tellers tell differently is marked, and so is who said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias, cast

from pydantic import JsonValue

from nmt_intake.interview.state import Interview
from nmt_intake.interview.timeline import stretches
from nmt_intake.report.context import Material
from nmt_intake.report.drawing import ACCENT, FAINT, FILLS, SOFT, Box, Drawing, Label, Rule, Shape
from nmt_intake.report.markdown import cut, fenced

NAME: Final = "people"
Row: TypeAlias = Literal["grandparents", "parents", "carers", "siblings", "others"]
ROWS: Final[tuple[Row, ...]] = ("grandparents", "parents", "carers", "siblings", "others")
Shown: TypeAlias = Literal["square", "circle", "diamond"]
_SIGNS: Final[Mapping[Shown, str]] = {"square": "■", "circle": "●", "diamond": "◆"}
_NETWORK: Final = "people_today.network"
_IN_A_ROW: Final = 7
_WORDS: Final[tuple[tuple[Row, str], ...]] = (
    ("carers", r"step|foster|adoptive|adoptiv|acogida|madrastra|padrastro|great-aunt"),
    ("grandparents", r"gran\b|grand(?!son|daughter|child)|nan(?:a|ny)?\b|abuel"),
    ("siblings", r"brother|sister|sibling|herman|twin"),
    ("parents", r"\b(?:mum|mom|mummy|mommy|mother|dad|daddy|father|mam[aá]|pap[aá]|madre|padre)\b"),
)  # fmt: skip
_MEN: Final = re.compile(
    r"father|dad|papa|papá|padr|brother|uncle|grandpa|grandad|\bman\b|\bboy\b|\bson\b|husband"
    r"|hermano|abuelo|\btío|nephew|\bmr\b|\bhe\b",
    re.IGNORECASE,
)
_WOMEN: Final = re.compile(
    r"mother|mum\b|mummy|mom\b|mommy|mam[aá]|madr|sister|aunt|gran\b|grandma|granny|nan\b|nana"
    r"|wom[ae]n|\bgirl|daughter|wife|hermana|abuela|\btía|niece|\bmrs\b|\bms\b|\bshe\b|nurse",
    re.IGNORECASE,
)
_HALF: Final = re.compile(r"half|medi[oa]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by what they are to the client; `told` are the letters of who said so."""

    words: str
    row: Row
    shape: Shown
    told: tuple[str, ...] = ()
    ages: str = ""
    cares_now: bool = False
    half: bool = False
    disputed: bool = False
    known: bool = True
    instance: str = field(default="", compare=False)


def row_of(words: str) -> Row:
    """Return the row of the picture that somebody belongs in, by what they are called."""
    for row, found in _WORDS:
        if re.search(found, words, re.IGNORECASE):
            return row
    return "others"


def shape_of(words: str) -> Shown:
    """Return the shape of somebody: a square for men, a circle for women, else a diamond."""
    man, woman = bool(_MEN.search(words)), bool(_WOMEN.search(words))
    return "diamond" if man == woman else "square" if man else "circle"


def people(material: Material, interview: Interview) -> tuple[Person, ...]:
    """Return everybody who was named as a carer or as somebody of today, parents always."""
    letters = _letters(interview)
    found = list(_carers(material, interview, letters))
    for each in _network(interview, letters):
        same = next((p for p in found if _is_same(p, each)), None)
        if same is None:
            found.append(each)
        else:
            told = tuple(dict.fromkeys((*same.told, *each.told)))
            found[found.index(same)] = replace(same, told=told)
    return tuple(found)


def _is_same(one: Person, other: Person) -> bool:
    if one.words.casefold() == other.words.casefold():
        return True
    family = one.row == other.row and one.row in ("parents", "grandparents")
    return family and one.shape == other.shape != "diamond"


def _letters(interview: Interview) -> Mapping[str, str]:
    names = "abcdefghijklmnopqrstuvwxyz"
    return {
        name: names[at] if at < len(names) else str(at + 1)
        for at, name in enumerate(interview.informants)
    }


def _carers(
    material: Material, interview: Interview, letters: Mapping[str, str]
) -> Iterator[Person]:
    for each in stretches(interview):
        if each.kind != "caregiver":
            continue
        own = [
            slot
            for slot in interview.slots
            if slot.startswith(f"{each.instance}/") and slot in material.open_slots
        ]
        told = dict.fromkeys(
            letters[given.informant or ""]
            for slot in own
            for given in interview.answers(slot)
            if given.informant in letters
        )
        disputed = any(interview.said(slot).differs(material.question(slot)) for slot in own)
        row = row_of(each.name)
        start = "?" if each.start is None else material.age(each.start)
        end = "?" if each.end is None else material.age(each.end)
        now = material.plain("now") if each.ongoing else end
        known = each.ongoing or each.start is not None or each.end is not None
        ages = material.plain("from_to", start=start, end=now) if known else ""
        yield Person(
            each.name,
            "carers" if row == "others" else row,
            shape_of(each.name),
            tuple(told),
            ages,
            each.ongoing,
            bool(_HALF.search(each.name)),
            disputed,
            instance=each.instance,
        )


def _network(interview: Interview, letters: Mapping[str, str]) -> Iterator[Person]:
    if _NETWORK not in interview.slots or not interview.counts(_NETWORK):
        return
    for given in interview.answers(_NETWORK):
        told = tuple(letters[each] for each in (given.informant or "",) if each in letters)
        for row in cast("Sequence[Mapping[str, JsonValue]]", given.value or ()):
            words = str(row.get("who") or "").strip()
            if words:
                half = bool(_HALF.search(words))
                yield Person(words, row_of(words), shape_of(words), told, half=half)


def _rows(material: Material, interview: Interview) -> Mapping[Row, tuple[Person, ...]]:
    found = people(material, interview)
    rows: dict[Row, tuple[Person, ...]] = {
        row: tuple(each for each in found if each.row == row) for row in ROWS
    }
    shapes = {each.shape for each in rows["parents"]}
    both: tuple[tuple[str, Shown], ...] = (("mother", "circle"), ("father", "square"))
    missing = tuple(
        Person(material.plain(code), "parents", shape, known=False)
        for code, shape in both
        if shape not in shapes
    )
    if any(rows.values()):
        rows["parents"] = (*rows["parents"], *missing)
    return rows


def as_text(material: Material, interview: Interview) -> tuple[str, ...]:
    """Return the people row by row for a fixed-width page; nobody named: none."""
    rows = _rows(material, interview)
    if not any(rows.values()):
        return ()
    lines = [f"  {fenced(material.plain('people_signs'))}", *_tellers(material, interview), ""]
    for row in ROWS:
        for at, each in enumerate(rows[row]):
            head = fenced(material.plain(f"row_{row}")) if at == 0 else ""
            lines.append(f"  {head:<22}{_line(material, each)}"[:100].rstrip())
        if row == "carers":
            lines.append(f"  {fenced(material.plain('map_client')):<22}◎ {fenced(material.shown)}")
    return tuple(lines)


def _tellers(material: Material, interview: Interview) -> Iterator[str]:
    said = [
        f"{sign} {fenced(cut(interview.informants[name].relation, 30))}"
        for name, sign in _letters(interview).items()
    ]
    for at in range(0, len(said), 3):
        yield f"  {'   '.join(said[at : at + 3])}"


def _line(material: Material, each: Person) -> str:
    sign = _SIGNS[each.shape] if each.known else "┄"
    parts = [f"{sign} {fenced(cut(each.words, 34))}"]
    if not each.known:
        parts.append(fenced(material.plain("not_known")))
    if each.half:
        parts.append(fenced(material.plain("half")))
    if each.ages:
        parts.append(each.ages)
    if each.told:
        parts.append(f"({','.join(each.told)})")
    return "  ".join(parts) + ("  ≠" if each.disputed else "")


def drawing(material: Material, interview: Interview) -> Drawing | None:
    """Return the picture, None where nobody was named."""
    rows = _rows(material, interview)
    if not any(rows.values()):
        return None
    width, left = 720.0, 118.0
    shapes: list[Shape] = []
    lines: list[Shape] = []
    y = 10.0
    places: list[tuple[Person, float, float]] = []
    client = (left + (width - left) / 2, 0.0)
    for row in ROWS:
        if row == "siblings":
            client = (client[0], y + 22)
            y = _client(material, shapes, client)
        for at in range(0, len(rows[row]), _IN_A_ROW):
            part = rows[row][at : at + _IN_A_ROW]
            if at == 0:
                shapes.append(Label(0, y + 26, material.plain(f"row_{row}"), 11, True))
            step = (width - left) / len(part)
            for index, each in enumerate(part):
                x = left + step * (index + 0.5)
                places.append((each, x, y + 22))
                shapes += _symbol(each, x, y + 22, step)
            y += 74
    for each, x, at in places:
        weight, colour = (3.0, ACCENT) if each.cares_now else (0.9, FAINT)
        dashed = not each.known or each.half or each.row == "others"
        # From below the words of somebody above the client, from above the shape of the others.
        above = at < client[1]
        begin = at + 18 + (12 if each.words else 0) + (14 if each.ages else 0) if above else at - 14
        lines.append(Rule(x, begin, *client, weight, colour, dashed))
    lines += shapes
    signs = [
        material.plain("people_signs_drawn"),
        "   ".join(
            f"{sign}: {cut(interview.informants[name].relation, 28)}"
            for name, sign in list(_letters(interview).items())[:8]
        ),
    ]
    for words in signs:
        lines.append(Label(0, y + 8, cut(words, 150), 10, colour=SOFT))
        y += 14
    says = "; ".join(_line(material, each) for each, _x, _y in places)
    return Drawing(width, y + 4, material.plain("people_title"), says, tuple(lines))


def _client(material: Material, shapes: list[Shape], client: tuple[float, float]) -> float:
    x, y = client
    shapes.append(Box(x - 34, y - 17, 68, 34, "#ffffff", 2.4, round=17))
    shapes.append(Box(x - 30, y - 13, 60, 26, "#ffffff", 0.8, round=13))
    shapes.append(Label(x, y + 5, cut(material.shown, 9), 13, True, "middle"))
    return y + 34


def _symbol(each: Person, x: float, y: float, step: float) -> Iterator[Shape]:
    fill = FILLS["green"] if each.cares_now else "#ffffff"
    round_by = {"square": 0.0, "circle": 14.0, "diamond": 5.0}[each.shape]
    yield Box(x - 14, y - 14, 28, 28, fill, 1.6, not each.known, round_by)
    sign = "?" if not each.known else "½" if each.half else ""
    yield Label(x, y + 5, sign + ("≠" if each.disputed else ""), 14, True, "middle")
    told = f" ({','.join(each.told)})" if each.told else ""
    longest = max(8, int(step / 5.6))
    yield Label(x, y + 27, cut(each.words, longest - len(told)) + told, 10.5, False, "middle")
    if each.ages:
        yield Label(x, y + 39, cut(each.ages, longest), 9.5, False, "middle", SOFT)
