"""What an author of a bank looks at: a block as it is said aloud, and what a change does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from nmt_intake.bank.model import Bank, Question
from nmt_intake.casework.assessment import Assessment, assess, norms_of
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    Client,
    Informant,
    InformantAdded,
    InformantChosen,
    InformantKind,
    InstanceAdded,
    Opened,
)
from nmt_intake.interview.graph import NAMED_LOOPS, Part
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.speaking import opening_talk, part_title, spoken
from nmt_intake.interview.state import Interview, fold
from nmt_intake.rehearsal.play import play_file
from nmt_intake.scoring.suggest import rating_keys, suggest

# Judgement: an unhurried voice says so many words a minute; an answer takes so many seconds.
_WORDS_A_MINUTE: Final = 130
_SECONDS: Final = {"text": 20, "table": 45, "person": 10, "interval": 15, "date": 10, "choices": 10}
_SECONDS_OTHERWISE: Final = 6
_KINDS: Final[Mapping[str, InformantKind]] = {
    "self": "self", "client": "self", "teacher": "professional", "caseworker": "professional",
    "doctor": "professional", "nurse": "professional", "professional": "professional",
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+")
_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Aloud:
    """One line of a block as it is said: whose slot it is, what is said, options, its gate."""

    slot: str
    said: tuple[str, ...]
    options: tuple[str, ...] = ()
    gate: str = ""
    seconds: float = 0.0


def block_aloud(
    bank: Bank, block: str, teller: str = "grandmother", age_months: float = 84.0
) -> tuple[Aloud, ...]:
    """Return a block as it is said to a teller about a client of this age, every question of it.

    Raises IntakeError (AUTHOR-001) for a block that there is not, or not at this age.
    """
    if block not in bank.block_by_id:
        near = ", ".join(name for name in bank.block_by_id if block in name)
        advice = f"There are: {near}." if near else "See bank.yaml."
        raise IntakeError("AUTHOR-001", block, "there is no such block.", advice)
    interview = _begun(bank, teller, age_months)
    parts = [each for each in interview.layout.parts if each.block.id == block]
    if not parts:
        raise IntakeError("AUTHOR-001", block, "is not asked at this age.", "Give another --age.")
    return tuple(line for part in parts for line in _part(interview, part, teller))


def _begun(bank: Bank, teller: str, age_months: float) -> Interview:
    recorder = Recorder("author", bank)
    kind: InformantKind = _KINDS.get(teller, "caregiver")
    who = Informant(id="teller", relation=teller, kind=kind, known_from_months=0)
    events = [
        Opened(
            client=Client(alias="M.", age_months=age_months, interviewed=date.today().isoformat()),
            **recorder.carried(),
        ),
        InformantAdded(informant=who, **recorder.carried()),
        InformantChosen(informant="teller", **recorder.carried()),
        *(InstanceAdded(instance=f"{loop}-1", **recorder.carried()) for loop in NAMED_LOOPS),
    ]
    return fold(bank, events)


def _part(interview: Interview, part: Part, teller: str) -> Iterator[Aloud]:
    kind = _KINDS.get(teller, "caregiver")
    opening = opening_talk(interview, part)
    said = (part_title(interview, part), *((opening,) if opening else ()))
    yield Aloud(part.id, said, seconds=_to_say(opening or ""))
    for slot in part.slots:
        question = interview.question(slot)
        if question is None or question.hidden:
            continue
        if question.informants and kind not in question.informants:
            continue
        yield _question(interview, slot, question)


def _question(interview: Interview, slot: str, question: Question) -> Aloud:
    words = spoken(interview, slot)
    said = tuple(each for each in (words.preface, words.ask) if each)
    # Options are read out only where there are few enough to keep in mind.
    read_out = tuple(words.options.values())
    seconds = sum(_to_say(each) for each in (*said, *read_out))
    seconds += _SECONDS.get(question.kind, _SECONDS_OTHERWISE)
    gate = question.when.text if question.when else ""
    return Aloud(slot, said, read_out, gate, seconds)


def _to_say(text: str) -> float:
    return len(_WORD.findall(text)) * 60 / _WORDS_A_MINUTE


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that an answers file comes to, with a bank before and after a change."""

    what: str
    before: str
    after: str


def tried(path: Path, before: Bank, after: Bank) -> tuple[Changed, ...]:
    """Return what differs when an answers file is played with one bank and with another.

    Suggested ratings, bands of the domains, the plan, what is asked, open safety concerns. Raises
    IntakeError for a file that fits one of them not at all.
    """
    was, now = (_come_to(path, bank) for bank in (before, after))
    return tuple(
        Changed(what, was.get(what, _NOTHING), now.get(what, _NOTHING))
        for what in dict.fromkeys((*was, *now))
        if was.get(what) != now.get(what)
    )


def _come_to(path: Path, bank: Bank) -> Mapping[str, str]:
    interview = play_file(path, bank, author="author", today=date.today()).interview
    norms = norms_of(bank)
    assessment = assess(interview, norms)
    found: dict[str, str] = {}
    for key in rating_keys(interview):
        suggestion = suggest(interview, key, norms)
        if suggestion.low is not None:
            found[key] = f"{suggestion.low}-{suggestion.high} ({suggestion.rule_ids})"
    found |= dict(_figures(interview, assessment))
    asked = [slot for slot, truth in interview.truths.items() if truth is True]
    found["questions open"] = str(len(asked))
    concerns = sorted({each.topic for each in interview.open_safety})
    found["safety"] = ", ".join(concerns) or _NOTHING
    return found


def _figures(interview: Interview, assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Yield the bands of the domains, and the activities of each phase of the plan."""
    metrics = assessment.metrics
    if metrics is not None:
        for name, domain in metrics.domains.items():
            yield f"band of {name}", domain.band.id if domain.band else _NOTHING
    plan = assessment.plan(interview)
    for phase in plan.phases if plan else ():
        titles = ", ".join(line.activity.id for line in phase.lines)
        yield f"plan: {phase.id}", titles or _NOTHING
