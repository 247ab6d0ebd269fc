"""What a plan depends on beside the figures: people, body, places, time, words, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Final, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nmt_intake.errors import IntakeError
from nmt_intake.scoring.planner.rules import Rules
from nmt_intake.text import clean_line

SETTINGS: Final = ("home", "school", "clinic", "community")
_NEGATION: Final = re.compile(r"\b(no|not|never|without|denies)\b")


@dataclass(frozen=True, slots=True)
class Strength:
    """Words somebody used for something good, by whom; `of_today` if it holds at this age.

    `helps` is the function that it was told of as what helps already; empty where it is not.
    """

    text: str
    said_by: str
    slot: str = ""
    of_today: bool = True
    helps: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of this case: how the case calls them, their role, tie (1-12 or not known).

    `can_lead` is False for one who is there but cannot lead anything now.
    """

    name: str
    role: str
    tie: int | None = None
    can_lead: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """The clinician wants this activity: in `phase` (None: its own), there at `place` from 1.

    No place: where it stands already, or at the end.
    """

    activity: str
    phase: str | None = None
    place: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The clinician does not want this activity."""

    activity: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a plan depends on beside the figures.

    `unconfirmed` are the keys (`functions.sleep`) of ratings that are suggestions only;
    `bands_before` the level of each domain at the last plan; dropped wins over chosen.
    `conditions` are ids of context.yaml; `absent` roles that are known not to be there;
    `settings` None where nothing was said of them; `minutes_a_week` what the household has.
    """

    unconfirmed: frozenset[str] = frozenset()
    strengths: tuple[Strength, ...] = ()
    client_is_only_informant: bool = False
    safety_open: bool = False
    bands_before: Mapping[str, str] = field(default_factory=dict[str, str])
    chosen: tuple[Chosen, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    people: tuple[Person, ...] = ()
    absent: frozenset[str] = frozenset()
    conditions: tuple[str, ...] = ()
    settings: tuple[str, ...] | None = None
    minutes_a_week: int | None = None


class _PersonSource(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    relation: str | None = None
    name: str | None = None
    tie: Annotated[int, Field(ge=1, le=12)] | None = None
    can_lead: bool = True


_PersonValue: TypeAlias = bool | int | str | list[str] | _PersonSource | None


class _ContextSource(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    strengths: list[Annotated[str, Field(max_length=400)]] | None = None
    people: dict[str, _PersonValue] | None = None
    conditions: list[Annotated[str, Field(min_length=1, max_length=400)]] | None = None
    settings: list[str] | None = None
    minutes_a_week: Annotated[int, Field(ge=1, le=10_000)] | None = None


def circumstances_from(data: object, rules: Rules, where: str = "ratings") -> Circumstances:
    """Return the circumstances in the plain `context` of a ratings file; None is none.

    Raises IntakeError: PLAN-001 for a wrong shape, PLAN-002 for a person, PLAN-003 for a
    condition, PLAN-004 for a setting that is not known, PLAN-005 for no time at all.
    """
    if data is None:
        return Circumstances()
    try:
        source = _ContextSource.model_validate(data)
    except ValidationError as error:
        raise _malformed(error, where) from None
    people, absent = _people(source.people or {}, rules, where)
    settings = source.settings
    for setting in settings or ():
        if setting not in SETTINGS:
            what = f"context.settings has no '{clean_line(setting, 40)}'."
            raise IntakeError("PLAN-004", where, what, f"Known: {', '.join(SETTINGS)}.")
    said = [clean_line(text) for text in source.strengths or ()]
    return Circumstances(
        strengths=tuple(Strength(text, "in the ratings file") for text in said if text),
        people=people,
        absent=absent,
        conditions=tuple(conditions_in(source.conditions or (), rules, where)),
        settings=tuple(settings) if settings else None,
        minutes_a_week=source.minutes_a_week,
    )


def _people(
    given: Mapping[str, _PersonValue], rules: Rules, where: str
) -> tuple[tuple[Person, ...], frozenset[str]]:
    found: list[Person] = []
    absent: set[str] = set()
    for key, value in given.items():
        name = clean_line(key, 60)
        role = _role_of(name, rules)
        if isinstance(value, _PersonSource):
            role = role or _role_of(value.relation or "", rules)
            person = Person(name, role or "", value.tie, value.can_lead)
        elif isinstance(value, bool | list) or value is None or value == 0:
            if role is not None and value is not None and not value:
                absent.add(role)
                continue
            person = Person(name, role or "")
        elif isinstance(value, int):
            if not 1 <= value <= 12:
                what = f"context.people.{name} must be a tie from 1 to 12, a word, or an object."
                raise IntakeError("PLAN-002", where, what, "See the ratings file in the README.")
            person = Person(name, role or "", value)
        else:
            word = _plain(value).replace(" ", "_")
            role = role or _role_of(value, rules)
            person = Person(name, role or "", None, rules.context.people_states.get(word, True))
        if not person.role:
            raise IntakeError("PLAN-002", where, *_unknown_person(name, rules))
        found.append(person)
    return tuple(found), frozenset(absent)


def _unknown_person(name: str, rules: Rules) -> tuple[str, str]:
    known = sorted(
        {*rules.context.people, *(a for r in rules.context.people.values() for a in r.also)}
    )
    close = get_close_matches(_plain(name), known, 1)
    advice = (
        f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(rules.context.people)}."
    )
    what = f"context.people has a '{name}', and it is not known who that is."
    return what, f'{advice} Or say so: {{"relation": "aunt"}}.'


def _plain(text: str) -> str:
    """Return words in lower case with single spaces, for looking them up."""
    return " ".join(re.sub(r"[_\-]+", " ", clean_line(text, 400).casefold()).split())


# Words for one and the same person.
_SAME_PERSON: Final = {
    **dict.fromkeys(("gran", "granny", "grandma"), "grandmother"),
    **dict.fromkeys(("mum", "mom", "mummy"), "mother"),
    **dict.fromkeys(("dad", "daddy"), "father"),
    "grandpa": "grandfather",
}
# Whom "my sister" means when a carer says it: an aunt; "my husband": a carer.
_OF_THE_TELLER: Final = {"sibling": "kin", "caregiver": "kin", "partner": "caregiver"}


def person_heard(text: str, rules: Rules, *, theirs: bool = False) -> Person | None:
    """Return the person whom somebody calls so, by the first word that says a role; no name.

    `theirs`: it is said by somebody else than the client, so "my" is the teller's own.
    """
    plain = re.sub(r"[^\w ]+", " ", _plain(text)).split()
    if theirs and plain[:1] == ["my"]:
        person = person_heard(" ".join(plain[1:]), rules)
        role = _OF_THE_TELLER.get(person.role) if person else None
        return Person(role, role) if role else person
    for length in (3, 2, 1):
        for start in range(len(plain) - length + 1):
            words = " ".join(plain[start : start + length])
            if role := _role_of(words, rules):
                name = _SAME_PERSON.get(words, words)
                return Person(re.sub(r"[ \d]+", "_", name), role)
    return None


def _role_of(text: str, rules: Rules) -> str | None:
    wanted = _plain(text)
    people = rules.context.people.items()
    found = _roles(tuple((name, (role.tie or name, *role.also)) for name, role in people))
    return found.get(wanted) or found.get(re.sub(r"[ \d]+$", "", wanted))


@lru_cache(maxsize=4)
def _roles(people: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    found = {_plain(word): name for name, also in people for word in (name, *also[1:])}
    for name, also in people:  # a tie's own id is the first role that it speaks for
        found.setdefault(_plain(also[0]), name)
    return found


def conditions_in(texts: Iterable[str], rules: Rules, where: str) -> Iterator[str]:
    """Yield the ids of the conditions that are named in texts, each once.

    A text may hold more than the name. Raises IntakeError (PLAN-003) for one that names none, or
    that says what is not there.
    """
    seen: set[str] = set()
    for text in texts:
        names = _named(_plain(text), rules)
        if not names:
            known = [word for word, _ in _words(rules)]
            close = get_close_matches(_plain(text), known, 1)
            shown = clean_line(text, 60)
            what = f"context.conditions has '{shown}', which is not known or not there."
            advice = f"Did you mean '{close[0]}'?" if close else "Known: "
            advice += "" if close else f"{', '.join(rules.context.conditions)}."
            raise IntakeError("PLAN-003", where, what, advice)
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name


def _named(text: str, rules: Rules) -> list[str]:
    """Return the conditions in a plain text; the longest words are looked for first."""
    found: list[str] = []
    for word, name in _words(rules):
        hit = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        if hit is None:
            continue
        if not _NEGATION.search(text[: hit.start()]) and name not in found:
            found.append(name)
        text = f"{text[: hit.start()]}|{text[hit.end() :]}"
    return found


def _words(rules: Rules) -> tuple[tuple[str, str], ...]:
    return _condition_words(tuple((k, v.also) for k, v in rules.context.conditions.items()))


@lru_cache(maxsize=4)
def _condition_words(
    conditions: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, str], ...]:
    words = [(_plain(word), name) for name, also in conditions for word in (name, *also)]
    return tuple(sorted(words, key=lambda each: (-len(each[0]), each)))


def _malformed(error: ValidationError, where: str) -> IntakeError:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(clean_line(str(step), 40) for step in ("context", *first["loc"][:2]))
    advice = "A context has strengths, people, conditions, settings and minutes_a_week."
    match first["type"], first["loc"]:
        case _, ("minutes_a_week", *_):
            what = "must be a whole number of minutes from 1 to 10000; leave it out if not known"
            return IntakeError("PLAN-005", where, f"{place} {what}.", "Ask how much time there is.")
        case "extra_forbidden", _:
            what = "is not a part of a context"
        case _, ("people", *_):
            what = "must be a tie from 1 to 12, a word, true, false, or {relation, tie, can_lead}"
        case _, ("strengths" | "conditions" | "settings", *_):
            what = "must be a list of texts"
        case _:
            what = "must be an object"
    return IntakeError("PLAN-001", where, f"{place} {what}.", advice)


def context_in(data: object) -> object:
    """Return the `context` of a ratings file as plain data; None where there is none."""
    if isinstance(data, Mapping):
        return cast("Mapping[str, object]", data).get("context")
    return None


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the library, and the strength in which it was heard."""

    word: str
    strength: Strength


# How many words a "not" reaches over. Judgement: "does not really like football".
_REACH: Final = 4
_CLAUSE: Final = re.compile(r"[.,;:!?()\n]| but ")


def words_heard(strengths: Iterable[Strength], rules: Rules) -> tuple[Match, ...]:
    """Return each strength word that somebody said of today, and where it was said."""
    today = [strength for strength in strengths if strength.of_today]
    return tuple(
        Match(word, said)
        for word, others in rules.sequence.strength_words.items()
        for said in today
        if _says(said.text, (word, *others), rules.sequence.strength_not_after)
    )


def _says(text: str, words: tuple[str, ...], not_after: tuple[str, ...]) -> bool:
    heard, unwanted = _pattern(words), _pattern(not_after)
    for clause in _CLAUSE.split(text.casefold()):
        for hit in heard.finditer(clause):
            before = " ".join(clause[: hit.start()].split()[-_REACH:])
            if not unwanted.search(before):
                return True
    return False


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of `words` as whole words, one or many; of no words, nothing."""
    either = "|".join(re.escape(word.casefold()) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})s?(?!\w)" if either else r"(?!)")
