"""A small bank and a small case, with every place where somebody's words can end up in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank, Block, Question, Rating
from nmt_intake.interview.events import (
    Answered,
    Client,
    ConsentGiven,
    Event,
    Flagged,
    Informant,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    Noted,
    Opened,
    Rated,
    SafetyAcknowledged,
    SafetyRaised,
)
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.report import Edition, Report, Wanted, compose
from nmt_intake.report.options import Length
from nmt_intake.scoring import score
from nmt_intake.scoring.suggest import ratings_of
from tests.scoring.shipped import norms

HARMLESS = "humming helped"

FILES: Mapping[str, str] = {
    "bank.yaml": """
id: small
version: "1"
language: en
title: A small bank
blocks: [strengths_first, people, care, sleep, safety_now, assessments, closing]
ratings: [ratings]
""",
    "strengths_first.yaml": """
block: strengths_first
title: What is good
questions:
  - {id: good_at, ask: "What is {client.name} good at?", kind: text, tags: [strength]}
""",
    "people.yaml": """
block: people
title: Who cared
for_each: caregiver
questions:
  - {id: relation, ask: Who was it?, kind: person, names_this: "true"}
  - {id: years, ask: From when to when?, kind: interval}
""",
    "care.yaml": """
block: care
title: Care
for_each: period
questions:
  - id: hard
    ask: Did {client.name} go without, in {period.ages}?
    kind: choice
    options: {none: Not that I know of, some: At times, much: Often}
    evidence_for: [adversity.neglect]
  - id: drinking
    ask: Was somebody drinking?
    kind: choice
    options: {none: Not that I know of, much: Often}
    tags: [substance]
    evidence_for: [adversity.substance]
  - {id: helped, ask: Who or what helped?, kind: text, tags: [strength]}
""",
    "sleep.yaml": """
block: sleep
title: Sleep
questions:
  - id: usual
    ask: How does {client.name} sleep?
    kind: choice
    options: {fine: Well, some: Some trouble, much: Much trouble}
    evidence_for: [functions.sleep]
    refer: {on: [much], say: "Tell a doctor about the nights."}
  - {id: nights, ask: What are the nights like?, kind: text, when: usual == 'much'}
""",
    "safety_now.yaml": """
block: safety_now
title: Safe today
questions:
  - id: harm
    ask: Is anyone hurting {client.name}?
    kind: choice
    options: {none: "No", "yes": "Yes"}
    sensitivity: 3
    preface: You can skip this.
    safety: ["yes"]
""",
    "assessments.yaml": """
block: assessments
title: Tests by others
questions:
  - id: results
    ask: What came out?
    kind: table
    columns:
      - {id: instrument, ask: What it was called, kind: text}
      - {id: scores, ask: What came out, kind: text}
""",
    "closing.yaml": """
block: closing
title: To end with
questions:
  - {id: strength_to_keep, ask: One good thing?, kind: text, tags: [strength]}
""",
    "ratings.yaml": """
ratings:
  - rating: adversity.neglect
    title: Going without care
    anchors: {none: Cared for., mild: At times., moderate: Often., severe: Nearly always.}
    rules:
      - {id: N1, when: care.hard == 'much', suggest: [7, 9], because: Went without often.}
      - {id: N2, suggest: [1, 3], because: Nothing of the kind was told.}
  - rating: adversity.substance
    title: Drinking at home
    anchors: {none: None., mild: At times., moderate: Often., severe: Nearly always.}
    rules:
      - {id: D1, when: care.drinking == 'much', suggest: [7, 8], because: Drinking was told of.}
      - {id: D2, suggest: [1, 3], because: No such thing was told.}
  - rating: functions.sleep
    title: Sleep
    anchors: {severe: Hardly., moderate: Badly., mild: Unevenly., typical: Well.}
    rules:
      - {id: S1, when: sleep.usual == 'much', suggest: [4, 6], because: Much trouble was told of.}
      - {id: S2, suggest: [10, 12], because: All is well.}
""",
}


@cache
def small_bank() -> Bank:
    with TemporaryDirectory() as folder:
        for name, text in FILES.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return load_bank(Path(folder), None)


def recorder() -> Recorder:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Recorder("worker", small_bank(), "desk", lambda: noon)


def client(words: str = "M.") -> Client:
    return Client(alias=words, name="Milo", birth="2019-09-14", interviewed="2026-11-22")


def events(words: str = HARMLESS) -> list[Event]:
    """A case in which every text somebody may type is `words`."""
    told = list(_events(words, recorder()))
    raised = next(each for each in told if isinstance(each, SafetyRaised))
    closed = SafetyAcknowledged(
        raised=raised.id, reason=words, informed=words, **recorder().carried()
    )
    return [*told, closed]


def _events(words: str, by: Recorder) -> Iterator[Event]:
    yield Opened(client=client(words), **by.carried())
    for informant in ("one", "two"):
        person = Informant(id=informant, relation=words, name=words, known_from_months=30)
        yield InformantAdded(informant=person, **by.carried())
    yield ConsentGiven(version=words, by=words, words=words, **by.carried())
    yield InstanceAdded(instance="caregiver-1", label=words, **by.carried())
    yield InstanceAdded(instance="caregiver-2", label=words, **by.carried())
    answers: Mapping[str, object] = {
        "strengths_first.good_at": words,
        "caregiver-1/people.relation": words,
        "caregiver-1/people.years": {"from": 0, "to": "now"},
        "infancy/care.hard": "much",
        "infancy/care.drinking": "much",
        "infancy/care.helped": words,
        "sleep.usual": "much",
        "sleep.nights": words,
        "safety_now.harm": "yes",
        "assessments.results": [{"instrument": words, "scores": words}],
        "closing.strength_to_keep": words,
    }
    for slot, value in answers.items():
        yield answered(slot, value, by, words=words)
    yield answered("infancy/care.hard", "some", by, informant="two", words=words)
    for reason, slot in _MISSING.items():
        yield MarkedMissing.model_validate(
            {
                "slot": slot,
                "reason": reason,
                "informant": "one",
                "words": words,
                "who_knows": words,
                **by.carried(),
            }
        )
    yield Noted(text=words, **by.carried())
    yield Noted(text=words, slot="sleep.usual", **by.carried())
    yield Flagged(slot="sleep.usual", reason=words, **by.carried())
    yield SafetyRaised(topic=words, note=words, informed=words, **by.carried())
    yield Rated(rating="functions.reward", value=5, reason=words, **by.carried())


_MISSING = {
    "asked-unknown": "childhood/care.hard",
    "temp-unknown": "perinatal/care.hard",
    "asked-declined": "childhood/care.helped",
    "not-asked": "perinatal/care.helped",
    "masked": "early_childhood/care.helped",
}


def answered(
    slot: str, value: object, by: Recorder, informant: str = "one", words: str = ""
) -> Answered:
    return Answered.model_validate(
        {
            "slot": slot,
            "value": value,
            "informant": informant,
            "basis": "told",
            "confidence": "moderate",
            "words": words,
            **by.carried(),
        }
    )


def worded(bank: Bank, words: str) -> Bank:
    """The bank with `words` in every text that its author wrote."""
    return replace(
        bank,
        blocks=tuple(_worded_block(block, words) for block in bank.blocks),
        ratings=tuple(_worded_rating(rating, words) for rating in bank.ratings),
    )


def _worded_block(block: Block, words: str) -> Block:
    questions = tuple(_worded_question(question, words) for question in block.questions)
    return replace(block, title=words, opening=words, questions=questions)


def _worded_question(question: Question, words: str) -> Question:
    return replace(
        question,
        ask=words,
        options=dict.fromkeys(question.options, words),
        columns=tuple(replace(column, ask=words) for column in question.columns),
        refer=replace(question.refer, say=words) if question.refer else None,
    )


def _worded_rating(rating: Rating, words: str) -> Rating:
    rules = tuple(replace(rule, id=words, because=words) for rule in rating.rules)
    return replace(rating, title=words, rules=rules)


def interview_of(*extra: Event, bank: Bank | None = None, words: str = HARMLESS) -> Interview:
    return fold(bank or small_bank(), [*events(words), *extra])


def report_of(
    interview: Interview, wanted: Wanted | None = None, length: Length = "report"
) -> Report:
    ratings, unconfirmed = ratings_of(interview, norms())
    metrics = score(ratings, norms()) if ratings else None
    edition = Edition(length)
    return compose(interview, ratings, metrics, norms(), unconfirmed, wanted, edition=edition)


def section(markdown: str, title: str) -> str:
    """The part of a report from the heading that holds `title` to the next of its rank."""
    for part in ("\n" + markdown).split("\n## ")[1:]:
        if title in part.partition("\n")[0]:
            return part
    raise AssertionError(f"no section {title}")
