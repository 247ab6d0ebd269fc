"""From an utterance to lexemes: known phrases with their roles, numbers, dates and clock times.

Nothing is thrown away here: a word that is not known stays as a lexeme with the role `other`, and
a slip that could be two words says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from nmt_intake.interview.spoken_times.lexicon import Lexicon, Meaning, fold
from nmt_intake.interview.spoken_times.results import Unclear

LONGEST: Final = 300  # letters; nobody says a time in more

Roles: TypeAlias = Mapping[str, Meaning]

_TOKEN: Final = re.compile(
    r"(?P<iso>(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|(?<![0-9])[0-9]{4}-[0-9]{2}(?![0-9-]))"
    r"|(?P<slash>[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}(?![0-9])"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})(?![0-9])|(?<![0-9/])[0-9]{1,2}/[0-9]{4})"
    r"|(?P<clock>[0-9]{1,2}[:.][0-9]{2}(?=\s*(?:am|pm|a\.m|p\.m|h\b)|(?<=:[0-9][0-9])(?![0-9])))"
    r"|(?P<part>1/2|1/4|3/4)"
    r"|(?P<decimal>[0-9]+[.,][0-9]+)"
    r"|(?P<decade>'?[0-9]{2}(?:[0-9]{2})?'?s\b)"
    r"|(?P<ordinal>[0-9]+(?:st|nd|rd|th|\.?[ªº](?![^\W\d_])))"
    r"|(?P<short_year>'[0-9]{2}(?![0-9]))"
    r"|(?P<number>[0-9]+)"
    r"|(?P<word>[^\W\d_]+(?:['.][^\W\d_]+)*'?)"
    r"|(?P<sign>[&+~%])"
    r"|(?P<dash>-+)"
    r"|(?P<stop>[.,;:!()\[\]\"«»]+|\?)"
    r"|(?P<odd>\S)"
)
_HYPHEN: Final = re.compile(r"\b([a-z]+)-(?=([a-z]+))")
_NAMED_MONTH_DATE: Final = re.compile(
    r"(?<=[0-9])[-/](?=[a-z])(?!(?:now|present|today|date|current))|(?<=[a-z])[-/](?=[0-9]{2,4}\b)"
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One word or phrase of the utterance with the roles that it can play."""

    text: str
    roles: Roles
    glued: bool = False  # whether it stands right behind the one before
    mended: bool = False

    def value(self, role: str) -> float:
        """Return the number that a role means, with its decimals."""
        value = self.roles[role]
        return float(value) if isinstance(value, int | float) else 0.0

    def number(self, role: str) -> int:
        """Return the whole number that a role means: an ordinal, a month, tens."""
        value = self.roles[role]
        return int(value) if isinstance(value, int | float) else 0

    def parts(self, role: str) -> tuple[float, float, str]:
        """Return the least, the most and the unit that a role like "a few" means."""
        value = self.roles[role]
        told = value if isinstance(value, tuple) else ()
        numbers = [float(each) for each in told if not isinstance(each, str)]
        units = [each for each in told if isinstance(each, str)]
        return min(numbers, default=0.0), max(numbers, default=0.0), units[0] if units else ""

    def places(self) -> tuple[int, ...]:
        """Return the places in the list of entries whose name this is."""
        value = self.roles["entry"]
        told = value if isinstance(value, tuple) else ()
        return tuple(int(each) for each in told if not isinstance(each, str))

    def has(self, *roles: str) -> bool:
        """Whether it can play one of these roles."""
        return any(role in self.roles for role in roles)


@dataclass(slots=True)
class _Raw:
    text: str
    kind: str
    glued: bool
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of entries, as words, each with its place in the list of entries."""

    phrases: Mapping[tuple[str, ...], tuple[int, ...]] = field(
        default_factory=dict[tuple[str, ...], tuple[int, ...]]
    )


def lexemes(
    utterance: str, lexicon: Lexicon, names: Names, *, mend: bool, longest: int = LONGEST
) -> list[Lexeme]:
    """Return the lexemes of an utterance; `mend` mends slips. Raises `Unclear`."""
    if len(utterance) > longest:
        raise Unclear("too_vague")
    raw = list(_raw(utterance, lexicon))
    words = [each.text for each in raw]
    found: list[Lexeme] = []
    index = 0
    while index < len(raw):
        each = raw[index]
        named = _named(words, index, names)
        before = raw[index - 1] if index else None
        counted = before is not None and before.kind in ("number", "decimal")
        if counted and each.glued and each.text in lexicon.short_units:
            unit = lexicon.short_units[each.text]
            found.append(Lexeme(each.text, {"unit": unit}, glued=True))
            index += 1
            continue
        known = lexicon.longest(words, index) if each.kind != "number" else None
        if each.kind == "number":
            known = lexicon.longest(words, index)
            known = known if known and known[0] > 1 else None
        if known is not None and known[0] > 1 and each.text == "year" and _counted(found):
            known = lexicon.longest([each.text], 0)  # "one year two months" is no school year
        if named and (known is None or named[0] >= known[0]):
            count, roles = named[0], {"entry": named[1]}
            if known is not None and known[0] == count:
                roles = {**known[1], **roles}
        elif known is not None:
            count, roles = known
        else:
            count, roles = 1, _unknown(each, before, lexicon, mend)
        mended = known is None and each.kind == "word" and "other" not in roles and not named
        text = " ".join(words[index : index + count])
        found.append(Lexeme(text, roles, each.glued, mended))
        index += count
    return found


def _counted(found: list[Lexeme]) -> bool:
    return bool(found) and found[-1].has("number", "tens", "a", "few")


def _hyphen(found: re.Match[str], lexicon: Lexicon) -> str:
    """Return the hyphen of "two-three", a space for that of "two-and-a-half"."""
    sides = [lexicon.longest([word], 0) for word in (found[1], found[2])]
    numbers = [side is not None and "number" in side[1] for side in sides]
    return f"{found[1]}-" if all(numbers) else f"{found[1]} "


def _raw(utterance: str, lexicon: Lexicon) -> Iterator[_Raw]:
    text = _NAMED_MONTH_DATE.sub(" ", fold(utterance))
    text = _HYPHEN.sub(lambda found: _hyphen(found, lexicon), text)
    end = -1
    for match in _TOKEN.finditer(text):
        kind, word = str(match.lastgroup), match.group()
        glued = match.start() == end
        end = match.end()
        if kind == "decimal" and word[len(word.rstrip("0123456789")) - 1] != lexicon.decimal:
            raise Unclear("unit" if "," in word else "two_times")
        if kind == "word" and len(word) > 4 and word.endswith("ish") and (word[:-3],):
            stem = word[:-3]
            if lexicon.longest([stem], 0) and lexicon.longest([word], 0) is None:
                yield _Raw(stem, "word", glued)
                yield _Raw("ish", "word", True)
                continue
        yield _Raw(word.rstrip("'") or word, kind, glued)


def _named(words: list[str], index: int, names: Names) -> tuple[int, tuple[int, ...]] | None:
    best = None
    for phrase, places in names.phrases.items():
        said = [word.removesuffix("'s").removesuffix("'") for word in words[index : index + 6]]
        if tuple(said[: len(phrase)]) == phrase and (best is None or len(phrase) > best[0]):
            best = len(phrase), places
    return best


def _unknown(raw: _Raw, before: _Raw | None, lexicon: Lexicon, mend: bool) -> Roles:
    """Return the roles of what is no known phrase: figures by their form, else a word."""
    word = raw.text
    match raw.kind:
        case "number":
            return {"number": float(word), "digits": word}
        case "decimal":
            return {"number": float(word.replace(",", ".")), "decimal": word}
        case "ordinal":
            return {"ordinal": int(re.sub(r"\D", "", word))}
        case "iso" | "slash" | "clock" | "short_year" | "decade" | "part":
            return {_ROLES.get(raw.kind, raw.kind): word}
        case "dash":
            return {"dash": word}
        case "stop":
            return {"query": word} if word == "?" else {"stop": word}
        case "word":
            short = lexicon.short_units.get(word.rstrip("."))
            if short and before is not None and before.kind in ("number", "decimal"):
                return {"unit": short}
            if mend:
                meant = lexicon.mended(word)
                if meant == "":
                    return {"slip": word}
                if meant is not None:
                    known = lexicon.longest([meant], 0)
                    if known is not None:
                        return known[1]
            return {"other": word}
        case _:
            return {"dash": word} if word == "/" else {"other": word}


_ROLES: Final = {"decade": "decade_digits", "part": "part"}
