"""Somebody who wants back what a copy left out, with all that the copy's reader may have.

The attacker knows the question bank, the program and every file and stream of one copy. Four ways:
words are searched for (quotes, values, names in their inflected and short forms, dates), figures
are worked out (sums, risk, counts, coordinates of charts), the copy is held against other copies of
the same case, and the strongest: the same case with another left-out value makes another copy.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

BANK = Path(__file__).parents[2] / "question_bank"
ADVERSITY = ("caregiving", "substance", "neglect", "violence", "transitions", "other_trauma")
Copy = Mapping[str, bytes]


@dataclass(frozen=True)
class Win:
    """Something that was left out and that the attacker has: what, from which file, and how."""

    what: str
    file: str
    how: str

    def __str__(self) -> str:
        return f"{self.what} from {self.file} by {self.how}"


@dataclass(frozen=True)
class Secrets:
    """What one copy leaves out: ratings by key, quotes and values of answers, names, dates."""

    ratings: Mapping[str, int]
    asks: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question of the bank as its file has it."""

    id: str
    ask: str
    kind: str
    tags: frozenset[str]
    options: tuple[str, ...]
    unit: str
    columns: tuple[str, ...] = ()


@cache
def questions(bank: Path = BANK) -> Mapping[str, Asked]:
    """Return every question of a bank by its id, read without the program."""
    found: dict[str, Asked] = {}
    for path in sorted(bank.rglob("*.yaml")):
        read = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        if not isinstance(read, dict) or "block" not in read:
            continue
        for each in read.get("questions", ()):
            name = f"{read['block']}.{each['id']}"
            found[name] = Asked(
                name,
                each.get("ask", ""),
                each.get("kind", ""),
                frozenset(each.get("tags", ())),
                tuple(each.get("options", ())),
                each.get("unit", ""),
            )
    return found


def tagged(slot: str, tag: str, bank: Path = BANK) -> bool:
    """Return whether the question of a slot carries a tag."""
    asked = questions(bank).get(slot.rpartition("/")[2])
    return asked is not None and tag in asked.tags


# ---- reading what is there -----------------------------------------------------------------------


def plain(name: str, content: bytes) -> str:
    """Return the words of a file without its markup, in single spaces."""
    pdf = content.startswith(b"%PDF")
    text = pdf_text(content) if pdf else content.decode("utf-8", "replace")
    if name.endswith(".html"):
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    elif text.lstrip().startswith(("{", "[")):
        text = " ".join(_strings(json.loads(text)))
    else:
        text = re.sub(r"\\([^\w\s])", r"\1", html.unescape(text))
    return " ".join(text.replace("\N{WORD JOINER}", "").split())


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, each in value.items():
                yield key
                yield from _strings(each)
        case list():
            for each in value:
                yield from _strings(each)
        case None:
            pass
        case _:
            yield str(value)


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF as each font's own table spells it, page after page."""
    objects = dict(re.findall(rb"(\d+) 0 obj\s(.*?)endobj", content, re.DOTALL))
    spelling = {
        name: _letters(objects[table[1]])
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", content)
        if (table := re.search(rb"/ToUnicode (\d+) 0 R", objects.get(number, b"")))
    }
    said: list[str] = []
    for page in _pages(content):
        letters: dict[int, str] = {}
        for font, words in re.findall(
            rb"/(F\d+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\)", page, re.DOTALL
        ):
            if font:
                letters = spelling.get(font, {})
                continue
            raw = re.sub(rb"\\(.)", lambda at: _ESCAPED.get(at[1], at[1]), words, flags=re.DOTALL)
            codes = (raw[at : at + 2] for at in range(0, len(raw) - 1, 2))
            said.append("".join(letters.get(int.from_bytes(each), "") for each in codes))
    return " ".join(said)


def _letters(table: bytes) -> dict[int, str]:
    """Return which letter each code of a font is."""
    return {
        int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be", "replace")
        for stream in _streams(table)
        for code, letter in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>", stream)
    }


def _streams(content: bytes) -> list[bytes]:
    found: list[bytes] = []
    for each in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(each[1]))
        except zlib.error:
            found.append(each[1])
    return found


def _pages(content: bytes) -> list[bytes]:
    return [each for each in _streams(content) if b" Tj" in each or b"] TJ" in each]


_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

# ---- by search -----------------------------------------------------------------------------------


def by_search(copy: Copy, secrets: Secrets) -> Iterator[Win]:
    """Yield what is simply there: a question asked, a quote, a name in any form, a date, a key."""
    for file, content in copy.items():
        words = plain(file, content)
        folded = words.casefold()
        for ask in secrets.asks:
            if ask.casefold() in folded:
                yield Win(f"that it was asked: {ask[:40]}", file, "search")
        for quote in secrets.quotes:
            if " ".join(quote.split()).casefold() in folded:
                yield Win(f"the words {quote[:40]!r}", file, "search")
        for name in secrets.names:
            if re.search(rf"(?<![^\W\d_]){re.escape(name)}(?:['’]?s|['’]|e?n|i|ita|ito)?(?!\w)",
                         words, re.IGNORECASE):  # fmt: skip
                yield Win(f"the name {name}", file, "search")
        for date in secrets.dates:
            if date.casefold() in folded:
                yield Win(f"the date {date}", file, "search")
        for key, value in given_ratings(content):
            if secrets.ratings.get(key) == value:
                yield Win(f"{key} = {value}", file, "reading the rating")


def given_ratings(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield every rating that a JSON file holds by its key: a ratings file, or an export's."""
    try:
        read = json.loads(content)
    except ValueError:
        return
    if not isinstance(read, dict):
        return
    for part in ("adversity", "relational"):
        for period, items in (read.get(part) or {}).items():
            for item, value in (items or {}).items():
                if value is not None:
                    yield f"{period}/{part}.{item}", value
    for key, given in (read.get("ratings") or {}).items():
        if isinstance(given, dict) and isinstance(given.get("value"), int):
            yield key, given["value"]


# ---- by arithmetic -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """A period's sum as a copy prints it: both ends, and how many are said to be rated."""

    low: float
    high: float
    rated: int | None
    severe: int | None = None


def by_arithmetic(copy: Copy, secrets: Secrets, known: Mapping[str, int]) -> Iterator[Win]:
    """Yield each left-out rating that a sum, a risk, a count or a chart gives away.

    `known` are the ratings that the reader may have: the copy prints them, or the reader rated
    them. What is not among them and not left out is unknown.
    """
    for file, content in copy.items():
        for period, found in _sums(file, content):
            key = f"{period}/adversity.substance"
            if key not in secrets.ratings:
                continue
            others = [
                known[f"{period}/adversity.{item}"]
                for item in ADVERSITY
                if item != "substance" and f"{period}/adversity.{item}" in known
            ]
            free = len(ADVERSITY) - 1 - len(others)
            least, most = found.low - sum(others) - free, found.high - sum(others) - 12 * free
            if least == most == secrets.ratings[key]:
                yield Win(f"{key} = {least:g}", file, "the sum less the others")
            if found.rated is not None and found.rated > len(others):
                yield Win(f"{key} is rated", file, "n rated of m")
            high_ones = sum(each >= 10 for each in others)
            if found.severe is not None and found.severe > high_ones:
                yield Win(f"{key} is 10 or more", file, "the count of severe ones")
        for period, low, high in _risks(file, content):
            key = f"{period}/adversity.substance"
            value = _from_risk(period, low, high, known)
            if value is not None and value == secrets.ratings.get(key):
                yield Win(f"{key} = {value}", file, "developmental risk")


def _sums(file: str, content: bytes) -> Iterator[tuple[str, Sum]]:
    read = _json(content)
    yield from _bars(content)
    for period, figures in (read.get("periods") or {}).items():
        adversity = figures["adversity"]
        span = adversity["sum"]
        yield period, Sum(span["low"], span["high"], adversity["rated"], adversity["severe_count"])
    text = plain(file, content) if not read else ""
    for period, title in TITLES.items():
        row = re.search(
            rf"\| {title} +\| (\d+) – [\d.]+ – (\d+)\*? +\| (\d) of 6[^|]*\| (\d) of", text
        )
        if row:
            yield period, Sum(*map(float, row.group(1, 2)), *map(int, row.group(3, 4)))
        row = re.search(rf"{title} (\d+) – [\d.]+ – (\d+)\*? (\d) of 6 (?:\(\d\*\) )?(\d) of", text)
        if row:
            yield period, Sum(*map(float, row.group(1, 2)), *map(int, row.group(3, 4)))
        row = re.search(rf"{title} +\|[-=O]+\| +(\d+) – [\d.]+ – (\d+)", text)
        if row:  # the first chart of the text is adversity
            yield period, Sum(*map(float, row.group(1, 2)), None)


TITLES = {
    "intrauterine": "Before birth",
    "perinatal": "Around birth",
    "infancy": "Infancy",
    "early_childhood": "Early childhood",
    "childhood": "Childhood",
    "youth": "Youth",
    "adulthood": "Adulthood",
}


def _risks(file: str, content: bytes) -> Iterator[tuple[str, float, float]]:
    for period, figures in (_json(content).get("periods") or {}).items():
        yield period, figures["risk"]["low"], figures["risk"]["high"]


def _from_risk(period: str, low: float, high: float, known: Mapping[str, int]) -> int | None:
    """Return the one rating of substance use that fits a period's risk, if there is just one."""
    fitting = [
        value
        for value in range(1, 13)
        if abs(_risk(period, {**known, f"{period}/adversity.substance": value}, 1, 12) - low) < 1e-6
        and abs(_risk(period, {**known, f"{period}/adversity.substance": value}, 12, 1) - high)
        < 1e-6
    ]
    return fitting[0] if len(fitting) == 1 else None


def _risk(period: str, known: Mapping[str, int], adversity_at: int, relational_at: int) -> float:
    adversity = [known.get(f"{period}/adversity.{item}", adversity_at) for item in ADVERSITY]
    names = (
        "safety", "attunement", "consistency", "partner_support", "kin_support", "community_support"
    )  # fmt: skip
    relational = [known.get(f"{period}/relational.{item}", relational_at) for item in names]
    return ((sum(adversity) / 6 - 1) / 11 + (12 - sum(relational) / 6) / 11) / 2 * 100


def _bars(content: bytes) -> Iterator[tuple[str, Sum]]:
    """Yield each period's sum of adversity as a drawing tells it, by its coordinates alone.

    A row is found by the period's title, the scale by the first three guides: 6, 39 and 72.
    """
    text = content.decode("utf-8", "replace")
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        if "Adversity" not in drawing:
            continue
        guides = [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*dasharray', drawing)]
        if len(guides) < 3:
            continue
        first, last = guides[0], guides[2]
        boxes = [
            tuple(map(float, found))
            for found in re.findall(
                r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawing
            )
        ]
        for period, title in TITLES.items():
            label = re.search(rf'<text x="0" y="([\d.]+)"[^>]*>{title}<', drawing)
            for x, y, width, height in boxes:
                if label and y < float(label[1]) < y + height + 12 and first - 1 <= x <= last + 1:
                    low, high = (6 + (at - first) / (last - first) * 66 for at in (x, x + width))
                    yield period, Sum(round(low), round(high), None)
                    break


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(content)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


# ---- by comparing --------------------------------------------------------------------------------


def by_full_copy(copy: Copy, full: Copy, secrets: Secrets) -> Iterator[Win]:
    """Yield each file of ratings or figures that is, byte for byte, that of the full run."""
    if not secrets.ratings:
        return
    for file, content in copy.items():
        if full.get(file) == content and (_json(content).keys() & {"adversity", "periods"}):
            yield Win("every figure", file, "being the full run's file")


def by_difference(copy: Copy, other: Copy, what: str) -> Iterator[Win]:
    """Yield each file that is another one when nothing but `what`, left out, was another thing."""
    for file in sorted(copy.keys() | other.keys()):
        one, two = (_compared(each.get(file, b"(none)")) for each in (copy, other))
        if one != two:
            yield Win(what, file, f"difference: {first_difference(one, two)}")


def _compared(content: bytes) -> bytes:
    """Return what two copies are compared by; of a PDF its text, and all that is drawn."""
    if not content.startswith(b"%PDF"):
        return settled(content)
    text = settled(pdf_text(content).encode())
    return text + b"".join(re.sub(rb"\((?:[^()\\]|\\.)*\)", b"", each) for each in _pages(content))


def settled(content: bytes) -> bytes:
    """Return a file without what differs between two runs of the same: times and ids."""
    content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z)", b"(time)", content)
    content = re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC[^)]*\)", b"(time)", content)
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22}", b"(id)", content)


def first_difference(one: bytes, two: bytes) -> str:
    """Return both sides of the first difference, a few words of each."""
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), 0)
    at = at or min(len(one), len(two))
    begin = max(0, at - 30)
    return f"{one[begin : at + 40]!r} / {two[begin : at + 40]!r}"


def rows(content: bytes) -> list[dict[str, str]]:
    """Return a CSV as its rows."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def forms(name: str) -> Iterable[str]:
    """Return how a name is also said: each part, shortened, by its usual short forms."""
    for part in name.split():
        if len(part) < 3 or not part[0].isupper():
            continue
        yield part
        yield from SHORT.get(part, ())


SHORT = {
    "Katherine": ("Kate", "Kathy", "Katie", "Kat"),
    "Marjolein": ("Marjo", "Jolein"),
    "Guillermo": ("Memo", "Guille"),
    "Elizabeth": ("Liz", "Beth", "Lizzie", "Betty"),
}
