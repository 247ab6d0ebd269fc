"""How long the talk is, by whom it is about: `python -m tests.lengths [--sitting S] [NAME]`.

Each profile answers by a plain rule, question by question, in the bank that is checked out.
Minutes are those of `interview.sitting`, a judgement. A name prints that profile by block. Of a
short sitting (`essential`, `next`) it also prints how wide the suggested ranges are after it and
after everything: by part the mean width, and how many have one value.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue, TypeAdapter

from nmt_intake.bank.model import Bank, Question
from nmt_intake.casework.sittings import Asked
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import (
    Answered,
    Client,
    Event,
    Informant,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    Opened,
    Sitting,
    SittingChosen,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.sitting import minutes_of
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.scoring.suggest import rating_keys, suggest
from tests.banks import shipped

TODAY = date(2026, 11, 28)

# The untroubled answer of a gate: the first of these codes that it has.
_GOOD = (
    *("fine", "none", "steady", "easy", "as_expected", "never", "friendly", "over", "still"),
    *("all_the_time", "parents", "freely", "clear", "told", "parent", "team", "not_needed"),
    *("calm", "right", "yes", "on_time", "hoped_for", "at_hand", "long", "well", "nothing"),
    *("good_deal", "nobody", "enough", "same", "mostly", "good", "no"),
)
# What a hard history touches, by period; before there was a card, the same as six answers.
_TOUCHED = {
    "intrauterine": ["no_rest", "substances", "not_enough", "hurt"],
    "perinatal": ["not_enough", "carer_low", "drink", "fights"],
    "infancy": ["not_enough", "left_alone", "drink", "fights", "moves"],
    "early_childhood": ["parted", "moves", "hit"],
    "childhood": ["put_down", "bullied", "died"],
    "youth": ["put_down", "moves", "online"],
    "adulthood": ["no_home", "used", "died"],
}
_FAMILY = {
    "caregiving": ("no_rest", "carer_low", "put_down"),
    "substance": ("substances", "drink"),
    "neglect": ("not_enough", "left_alone"),
    "violence": ("hurt", "fights", "hit"),
    "transitions": ("moves", "parted"),
    "other_trauma": ("bullied", "died", "online"),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Who it is about, who tells, and how they answer; `hard`: with most of what there is."""

    name: str
    birth: str
    informant: Informant
    hard: bool
    carers: int = 2
    homes: int = 1
    own_eyes: tuple[str, ...] = ()


def _teller(relation: str, kind: str, known: float | None) -> Informant:
    return Informant.model_validate(
        {"id": "t", "relation": relation, "kind": kind, "known_from_months": known}
    )


_LATER = ("early_childhood", "childhood")
_SEEN = ("intrauterine", "perinatal", "infancy", *_LATER)
_MOTHER = _teller("mother", "caregiver", -9)
_SELF = _teller("self", "self", None)
PROFILES = (
    Profile("average seven-year-old, mother", "2019-08-20", _MOTHER, False, 2, 1, _SEEN),
    Profile(
        "hard history at nine, grandmother",
        "2017-05-02",
        _teller("grandmother", "caregiver", 0),
        *(True, 4, 5, _SEEN),
    ),
    Profile("hard history at fifteen, the person", "2011-05-02", _SELF, True, 3, 4),
    Profile("newborn, mother", "2026-10-15", _MOTHER, False, 2, 1, _SEEN[:2]),
    Profile("adult of 34, the person", "1992-03-01", _SELF, False, 2, 3),
    Profile("hard history at 34, the person", "1992-03-01", _SELF, True, 4, 5),
    Profile("adult of 66, the person", "1960-03-01", _SELF, False, 2, 3),
    Profile(
        "nine-year-old, class teacher",
        "2017-05-02",
        _teller("class teacher", "professional", 84),
        *(False, 0, 0, ("childhood",)),
    ),
    Profile(
        "hard history at nine, caseworker",
        "2017-05-02",
        _teller("caseworker", "professional", 84),
        *(True, 4, 5, ("childhood",)),
    ),
)


def _untroubled(question: Question) -> object:
    best = next((code for code in _GOOD if code in question.options), "")
    match question.kind:
        case "yes_no":
            return question.id in ("consent.keep_answers", "placements.still_here")
        case "choice" | "scale":
            return best or next(iter(question.options))
        case "choices":
            return [best or next(iter(question.options))]
        case "interval":
            return "0 to 3y"
        case "table":
            return []
        case "date":
            return TODAY.isoformat()
        case "number" | "age":
            return {"birth.weeks": "40", "birth.weight": "3400"}.get(question.id, "12")
        case _:
            return "yes"


def _troubled(question: Question, period: str) -> object:
    """A hard history: a quarter of the functions in much trouble, half in some; sides that wavered.

    Which ones goes by the id of the question and not by its place, so that banks can be compared.
    """
    turn = zlib.crc32(f"{period}/{question.id}".encode())
    codes = list(question.options)
    block, _, name = question.id.partition(".")
    if block == "hard_times" and name in _FAMILY:
        touched = set(_FAMILY[name]) & set(_TOUCHED[period])
        return ("much" if turn % 2 else "some") if touched else "none"
    if question.id in ("hard_times.kinds", "hard_times.womb"):
        return _TOUCHED[period]
    if name == "usual":
        return ("much", "some", "some", "fine")[turn % 4]
    if block == "people_around" and question.kind == "choice":
        return ("partly", "hardly", "partly", "steady")[turn % 4]
    if block == "people_today" and question.kind == "choice" and "partly" in codes:
        return ("partly", "steady")[turn % 2]
    if block in ("welcome", "consent", "closing", "care", "about_client", "who_is_who"):
        return _untroubled(question)
    if question.kind == "choice" and len(codes) > 1:
        return codes[len(codes) // 2]
    if question.kind == "choices":
        return [code for code in codes if code not in question.alone][:2]
    return _untroubled(question)


def _opening(profile: Profile, recorder: Recorder) -> Iterator[Event]:
    client = Client(alias="A.", birth=profile.birth, interviewed=TODAY.isoformat())
    yield Opened(client=client, **recorder.carried())
    yield InformantAdded(informant=profile.informant, **recorder.carried())
    for kind, count in (("caregiver", profile.carers), ("placement", profile.homes)):
        for number in range(1, count + 1):
            yield InstanceAdded(instance=f"{kind}-{number}", label="", **recorder.carried())


def play(
    bank: Bank, profile: Profile, sitting: Sitting = "full"
) -> Iterator[tuple[str, float, Interview]]:
    """Yield each slot that is asked, the minutes that it takes, and the interview before it.

    The last has no slot: there the sitting is over.
    """
    recorder = Recorder(author="lengths", bank=bank)
    interview = fold(bank, _opening(profile, recorder))
    interview = interview.apply(SittingChosen(sitting=sitting, **recorder.carried()))
    asked = Asked()
    slot = next_slot(interview, None, asked.wanted(interview, None))
    while slot is not None:
        question = interview.question(slot)
        assert question is not None
        yield slot, minutes_of(interview, slot), interview
        value = _value(profile, question, slot)
        said = {"slot": slot, "informant": "t", **recorder.carried()}
        if value is None:
            interview = interview.apply(
                MarkedMissing.model_validate({**said, "reason": "asked-unknown"})
            )
        else:
            interview = interview.apply(Answered.model_validate({**said, "value": value}))
        slot = next_slot(interview, slot, asked.wanted(interview, slot))
    yield "", 0, interview


def _value(profile: Profile, question: Question, slot: str) -> JsonValue:
    if question.id == "who_is_who.own_eyes":
        return list(profile.own_eyes)
    if question.id == "care.known" and not profile.hard and "nothing" in question.options:
        return "little" if profile.informant.kind == "self" else "nothing"
    if question.id == "placements.still_here":
        return split_slot(slot)[0] == f"placement-{profile.homes}/"
    answer = (
        _troubled(question, split_slot(slot)[0][:-1]) if profile.hard else _untroubled(question)
    )
    try:
        return read_value(question, answer)
    except AnswerError:
        return None


def table(bank: Bank, sitting: Sitting = "full") -> Mapping[str, tuple[int, float, int]]:
    """Return by profile: questions, minutes, and the place of the first good thing."""
    found: dict[str, tuple[int, float, int]] = {}
    for profile in PROFILES:
        asked = [(slot, minutes) for slot, minutes, _ in play(bank, profile, sitting) if slot]
        good = (n for n, (slot, _) in enumerate(asked, 1) if slot.startswith("strengths_first."))
        first = next(good, 0)
        found[profile.name] = (len(asked), sum(each for _, each in asked), first)
    return found


def by_block(bank: Bank, name: str, sitting: Sitting = "full") -> Mapping[str, int]:
    """Return how many questions of each block one profile is asked."""
    profile = next(each for each in PROFILES if each.name.startswith(name))
    counts: dict[str, int] = {}
    for slot, _, _ in play(bank, profile, sitting):
        if slot:
            block = split_slot(slot)[1].partition(".")[0]
            counts[block] = counts.get(block, 0) + 1
    return counts


def widths(interview: Interview) -> Mapping[str, tuple[float, int, int]]:
    """Return by part: mean width of the suggested ranges, how many have a value, of how many."""
    found: dict[str, list[tuple[int, bool]]] = {}
    for key in rating_keys(interview):
        suggestion = suggest(interview, key)
        if not suggestion.not_applicable:
            # Where nothing is suggested it may be anything.
            width = (suggestion.high or 12) - (suggestion.low or 1)
            part = key.rpartition("/")[2].partition(".")[0]
            found.setdefault(part, []).append((width, suggestion.value is not None))
    return {
        part: (sum(w for w, _ in each) / len(each), sum(v for _, v in each), len(each))
        for part, each in found.items()
    }


def _print_widths(bank: Bank, sitting: Sitting) -> None:
    for profile in PROFILES:
        *_, (_, _, short) = play(bank, profile, sitting)
        *_, (_, _, full) = play(bank, profile)
        after = widths(full)
        print(profile.name)
        for part, (width, valued, count) in widths(short).items():
            width_after, valued_after, count_after = after[part]
            print(
                f"    {part:14} width {width:4.1f}, {valued:2} of {count:2} valued;"
                f" full {width_after:4.1f}, {valued_after:2} of {count_after:2}"
            )


def _main(arguments: list[str]) -> None:
    sitting: Sitting = "full"
    if arguments[:1] == ["--sitting"]:
        sitting = TypeAdapter[Sitting](Sitting).validate_python(arguments[1])
        arguments = arguments[2:]
    if arguments:
        for block, count in by_block(shipped(), arguments[0], sitting).items():
            print(f"{count:4} {block}")
        return
    for name, (count, minutes, first) in table(shipped(), sitting).items():
        print(f"{name:40} {count:4} questions {minutes:5.0f} minutes, first good thing {first}")
    if sitting != "full":
        _print_widths(shipped(), sitting)


if __name__ == "__main__":
    _main(sys.argv[1:])
