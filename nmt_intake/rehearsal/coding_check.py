"""Coding held against what was heard, ratings and plan held against the key: each slip by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.rehearsal.conduct import texts
from nmt_intake.rehearsal.conversation import Heard, Turn
from nmt_intake.rehearsal.record import Coded, Rehearsal

_UNTROUBLED: Final = ("False", "none", "never", "fine", "no", "steady", "0")
_SURE: Final = {"low": 0, "moderate": 1, "high": 2}
_NEAR: Final = 1


@dataclass(frozen=True, slots=True)
class Slip:
    """One way in which coding, rating or plan is not what was heard or what the key has."""

    id: str
    at: str
    says: str
    turn: Turn | None = None


def coding_slips(record: Rehearsal) -> tuple[int, tuple[Slip, ...]]:
    """Return how many were coded as heard, and what was not."""
    heard, turns = _heard(record)
    agree, found = 0, list[Slip]()
    unheard = _unheard(record, heard)
    for place, expected in heard.items():
        coded = record.coded.get(place)
        name = _slip(record, place, expected, coded, unheard)
        if name is None:
            agree += 1
        else:
            found.append(Slip(name, place[0], texts().slips[name], turns[place]))
    explained = {each.id for each in found} & {"wrong_teller", "wrong_period"}
    if not explained:
        found += [
            Slip("coded_unheard", slot, texts().slips["coded_unheard"]) for slot, _ in unheard
        ]
    return agree, tuple(found)


def _heard(
    record: Rehearsal,
) -> tuple[dict[tuple[str, str | None], Heard], dict[tuple[str, str | None], Turn]]:
    """Return what was last heard of each informant at each question that could be coded."""
    heard: dict[tuple[str, str | None], Heard] = {}
    turns: dict[tuple[str, str | None], Turn] = {}
    asked = {turn.move.slot for turn in record.turns if turn.move.act == "ask"}
    coded = {slot for slot, _ in record.coded}
    for turn in record.turns:
        for each in turn.heard:
            place = (each.slot, each.informant)
            # What a branch has closed has no place to be coded, unless it was asked there.
            if each.slot in asked | coded:
                heard[place] = _fuller(heard.get(place), each)
                turns[place] = turn
    return heard, turns


def _fuller(before: Heard | None, now: Heard) -> Heard:
    """Return the later of two, with the words of the first if it said the same at more length."""
    if before and before.value == now.value and before.missing == now.missing and not now.words:
        return before
    return now


def _unheard(
    record: Rehearsal, heard: dict[tuple[str, str | None], Heard]
) -> list[tuple[str, str | None]]:
    return [
        place
        for place, coded in record.coded.items()
        if place not in heard and coded.missing != "not-asked"
    ]


def _slip(
    record: Rehearsal,
    place: tuple[str, str | None],
    expected: Heard,
    coded: Coded | None,
    unheard: list[tuple[str, str | None]],
) -> str | None:
    question = record.cast.question(place[0])
    watched = question is not None and str(expected.value) in question.safety
    if coded is None:
        return _why_not_coded(record, place, expected, unheard, watched)
    if expected.missing is not None:
        return _of_missing(expected, coded) or _of_words(record, expected, coded)
    if coded.missing is not None:
        if coded.missing == "not-asked":
            return "not_asked_for_asked"
        return "safety_left_out" if watched else "missing_for_value"
    if not _same(record, expected, coded):
        return "wrong_value"
    return (
        _of_basis(expected, coded)
        or _of_confidence(expected, coded)
        or _of_words(record, expected, coded)
    )


def _same(record: Rehearsal, expected: Heard, coded: Coded) -> bool:
    """Whether an answer is the one that was given, as typed or as stored; words may differ."""
    if _plain(coded.value) == _plain(expected.value):
        return True
    question = record.cast.question(expected.slot)
    if question is None or not isinstance(expected.value, str):
        return False
    if KINDS[question.kind].shape == "words":
        return bool(_plain(coded.value))
    try:
        read = read_value(question, expected.value, None, record.cast.known)
    except AnswerError:
        return False
    return _plain(read) == _plain(coded.value)


def _why_not_coded(
    record: Rehearsal,
    place: tuple[str, str | None],
    expected: Heard,
    unheard: list[tuple[str, str | None]],
    watched: bool,
) -> str:
    slot, informant = place
    for other, teller in unheard:
        same = _plain(record.coded[other, teller].value) == _plain(expected.value)
        if other == slot and same:
            return "wrong_teller"
        if split_slot(other)[1] == split_slot(slot)[1] and same:
            return "wrong_period"
    if watched:
        return "safety_left_out"
    if informant != record.cast.speaker and any(each[0] == slot for each in record.coded):
        return "other_teller_left_out"
    return "not_coded"


def _of_missing(expected: Heard, coded: Coded) -> str | None:
    if coded.missing is None:
        if expected.missing == "asked-declined":
            return "value_for_declined"
        return "no_for_unknown" if str(coded.value) in _UNTROUBLED else "value_for_unknown"
    if coded.missing == expected.missing:
        return None
    if coded.missing == "not-asked":
        return "not_asked_for_asked"
    match expected.missing, coded.missing:
        case "asked-declined", "asked-unknown":
            return "unknown_for_declined"
        case "asked-unknown", "asked-declined":
            return "declined_for_unknown"
        case _:
            return "wrong_reason"


def _of_basis(expected: Heard, coded: Coded) -> str | None:
    if expected.basis is None or expected.basis == coded.basis:
        return None
    if coded.basis is None:
        return "basis_left_out"
    if coded.basis == "saw":
        return "saw_for_told"
    return "told_for_saw" if expected.basis == "saw" else "wrong_basis"


def _of_confidence(expected: Heard, coded: Coded) -> str | None:
    if expected.confidence is None or expected.confidence == coded.confidence:
        return None
    if coded.confidence is None:
        return "confidence_left_out"
    higher = _SURE[coded.confidence] > _SURE[expected.confidence]
    return "too_sure" if higher else "too_unsure"


def _of_words(record: Rehearsal, expected: Heard, coded: Coded) -> str | None:
    told = any(expected.slot in fact.slots for fact in record.cast.story.facts)
    return "words_left_out" if told and expected.words and not coded.words else None


def _plain(value: JsonValue) -> str:
    """Return a value so that `true` of a file and `True` of a screen are the same."""
    if isinstance(value, list):
        return ",".join(sorted(_plain(each) for each in value))
    if isinstance(value, dict):
        return ";".join(f"{key}={_plain(each)}" for key, each in sorted(value.items()))
    text = str(value).strip()
    return {"true": "True", "false": "False", "yes": "True", "no": "False"}.get(text.lower(), text)


def rating_slips(record: Rehearsal) -> tuple[int, tuple[Slip, ...]]:
    """Return how many ratings are within one point of the key, and what is not."""
    if not record.ratings:
        return 0, ()
    story = record.cast.story
    told = {fact for turn in record.turns for fact in turn.told}
    key = dict(key_ratings(record))
    agree, found = 0, list[Slip]()
    for rating, wanted in key.items():
        rested = story.ratings_because.get(rating)
        given, reason = record.ratings.get(rating, (None, ""))
        heard = rested is None or set(rested.facts) <= told
        name = _rating_slip(given, wanted, reason, heard, rested is not None)
        if name is None:
            agree += given is not None
        else:
            because = f" {rested.because}" if rested else ""
            found.append(Slip(name, rating, texts().slips[name] + because))
    return agree, tuple(found)


def _rating_slip(
    given: int | None, wanted: int, reason: str, heard: bool, explained: bool
) -> str | None:
    if given is None:
        return "rating_left_out" if heard and explained else None
    if not heard:
        return "rated_unheard"
    if given - wanted > _NEAR:
        return "rated_high"
    if wanted - given > _NEAR:
        return "rated_low"
    return "reason_left_out" if explained and not reason.strip() else None


def key_ratings(record: Rehearsal) -> Iterator[tuple[str, int]]:
    """Yield the ratings of the key by id."""
    ratings = record.cast.script.source.ratings
    for rating, value, _ in ratings.by_key() if ratings else ():
        if value is not None:
            yield rating, value


def plan_slips(record: Rehearsal) -> tuple[int, tuple[Slip, ...]]:
    """Return how many functions of the key's plan are reached, and what is not."""
    if record.plan is None:
        return 0, ()
    wanted = record.cast.story.plan
    reached = [each for each in record.plan if each in wanted]
    found = [
        Slip("plan_left_out", each, f"{texts().slips['plan_left_out']} {because}")
        for each, because in wanted.items()
        if each not in record.plan
    ]
    order = [each for each in wanted if each in reached]
    for before, after in zip(reached, order, strict=True):
        if before != after:
            found.append(Slip("plan_order", before, texts().slips["plan_order"]))
            break
    return len(reached), tuple(found)
