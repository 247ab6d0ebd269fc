"""Rehearsals: what is heard depends on how it is asked; a debrief names each mistake."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.cli import main
from nmt_intake.rehearsal.cast import Cast, load_cast
from nmt_intake.rehearsal.conversation import Conversation, Move, Turn
from nmt_intake.rehearsal.debrief import Debrief, debrief
from nmt_intake.rehearsal.debrief_text import conversation_markdown, debrief_json, debrief_markdown
from nmt_intake.rehearsal.many import rehearse_many
from nmt_intake.rehearsal.persona_check import check_personas
from nmt_intake.rehearsal.question_kinds import CLOSED, OPEN, Kind
from nmt_intake.rehearsal.record import Coded, Rehearsal
from nmt_intake.rehearsal.styles import STYLES, Step, rated, rehearse
from tests.banks import shipped

PERSONAS = sorted(path.stem for path in (shipped_bank() / "personas").glob("*.yaml"))
SAMPLE = ("adoptive_father", "grandmother", "two_parents", "young_mother")
# A sample is always run; the rest with `pytest -m whole`.
EACH = [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.whole) for name in PERSONAS]
TODAY = date(2026, 11, 28)


@cache
def cast(name: str) -> Cast:
    return load_cast(shipped_bank() / "personas" / f"{name}.yaml", shipped(), TODAY)


@cache
def known(_name: str) -> dict[tuple[bytes, str, str], Step | bool | None]:
    return {}


@cache
def played(name: str, style: str, seed: int = 0) -> Rehearsal:
    return rehearse(cast(name), STYLES[style], seed, known(name))[0]


@cache
def perfect() -> Rehearsal:
    record, walk = rehearse(cast("grandmother"), STYLES["gentle"], 0)
    return rated(record, walk)[0]


def told(record: Rehearsal) -> set[str]:
    return {fact for turn in record.turns for fact in turn.told}


# What is heard


@pytest.mark.parametrize("name", EACH)
def test_gentle_hears_at_least_twice_what_leading_hears(name: str) -> None:
    gentle, leading = (len(told(played(name, style))) for style in ("gentle", "leading"))
    assert gentle >= max(2 * leading, 6)


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("style", STYLES)
def test_nobody_hears_what_is_never_told(name: str, style: str) -> None:
    record = played(name, style)
    never = [fact for fact in cast(name).story.facts if fact.never]
    assert never
    said = conversation_markdown(debrief(record))
    assert not told(record) & {fact.id for fact in never}
    assert not [
        fact.id for fact in never if fact.what in said or (len(fact.say) > 20 and fact.say in said)
    ]


@pytest.mark.parametrize("name", EACH)
def test_a_gentle_interview_hears_all_that_can_be_told_and_loses_footing_once(name: str) -> None:
    record = played(name, "gentle")
    assert told(record) == {fact.id for fact in cast(name).story.facts if not fact.never}
    assert sum("held" in turn.marks for turn in record.turns) == 1


@pytest.mark.parametrize("name", EACH)
def test_one_thing_comes_before_its_turn_and_one_is_of_safety(name: str) -> None:
    record, story = played(name, "gentle"), cast(name).story
    early = [fact for fact in story.facts if fact.early]
    assert [fact for fact in early if _told_at(record, fact.id).move.slot == fact.early]
    watched = [
        slot
        for slot, _ in record.coded
        if (q := shipped().questions.get(slot.rpartition("/")[2])) and q.safety
    ]
    assert any(fact.safety for fact in story.facts) or watched


def _told_at(record: Rehearsal, fact: str) -> Turn:
    return next(turn for turn in record.turns if fact in turn.told)


def test_replies_are_as_long_as_in_real_sessions() -> None:
    lengths: dict[str, list[int]] = {"open": [], "closed": [], "reflection": []}
    for name in SAMPLE:
        for turn in (*played(name, "gentle").turns, *played(name, "by_the_book").turns):
            words = sum(len(said.split()) for who, said in turn.reply if who == cast(name).teller)
            kind = (
                "open" if turn.kind in OPEN else "closed" if turn.kind in CLOSED else "reflection"
            )
            if words and (kind != "reflection" or "reflection" in turn.marks):
                lengths[kind].append(words)
    medians = {kind: statistics.median(found) for kind, found in lengths.items()}
    assert 14 <= medians["open"] <= 20
    assert 5 <= medians["closed"] <= 9
    assert 2 <= medians["reflection"] <= 4


def test_the_same_seed_gives_the_same_conversation_in_another_process() -> None:
    here = conversation_markdown(debrief(played("young_mother", "gentle", 7)))
    code = (
        "from tests.rehearsal.test_rehearsing import *\n"
        "sys.stdout.write(conversation_markdown(debrief(played('young_mother', 'gentle', 7))))"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert there == here
    assert conversation_markdown(debrief(played("young_mother", "gentle", 8))) != here


def test_a_reply_comes_within_sixteen_milliseconds() -> None:
    talk = Conversation(cast("grandmother"))
    slots = list(cast("grandmother").key)[:120]
    taken = []
    for slot in slots:
        start = time.process_time()
        talk.take(Move("ask", f"And how was {slot} for you, in those days?", slot))
        taken.append(time.process_time() - start)
    assert statistics.quantiles(taken, n=10)[-1] < 0.016


def test_trust_is_kept_between_two_sittings() -> None:
    first = Conversation(cast("grandmother"))
    for words in ("Take your time.", "You had to carry all that.", "Thank you for telling me."):
        first.take(Move("say", words))
    second = Conversation(cast("grandmother"), 0, first.trust, first.strain)
    assert second.trust > Conversation(cast("grandmother")).trust


@pytest.mark.parametrize("words", ["So he hit her, didn't he?", "Why didn't you call somebody?"])
def test_each_reply_says_what_kept_a_fact_back_and_what_would_have_opened_it(words: str) -> None:
    talk = Conversation(cast("grandmother"))
    turn = talk.take(Move("ask", words, "intrauterine/hard_times.violence"))
    assert turn.kept
    assert not turn.told
    assert "preface" in turn.why
    assert "you would have heard: Her son pushed" in turn.why


def test_bank_check_finds_what_is_wrong_with_a_persona(tmp_path: Path) -> None:
    wrong = {
        "PERSONA-007": ("    safety: current_harm\n", ""),
        "PERSONA-009": ("infancy/adversity.caregiving: {", "infancy/adversity.other_trauma: {"),
        "PERSONA-011": ("at: [safety_now.current_harm]", "at: [sleep.next_day]"),
        "PERSONA-016": ("[put_down]", "[prison]"),
        "PLAY-005": ("question: sleep.trouble", "question: sleep.troubles"),
    }
    text = (shipped_bank() / "personas" / "young_mother.yaml").read_text("utf-8")
    (tmp_path / "personas").mkdir()
    for code, (old, new) in wrong.items():
        assert old in text, old
        changed = text.replace(old, new)
        if code == "PERSONA-007":
            changed = changed.replace("value: unsure", "value: none")
        (tmp_path / "personas" / "one.yaml").write_text(changed, "utf-8")
        found = {each.code for each in check_personas(tmp_path, shipped(), TODAY)}
        assert code in found, (code, found)


def test_many_at_once_are_counted_by_persona_and_style() -> None:
    files = [shipped_bank() / "personas" / "young_mother.yaml"]
    steps: list[int] = []
    table = rehearse_many(
        files, shipped_bank(), None, 5, jobs=1, tell=lambda t: steps.append(t.done)
    )
    assert steps[-1] == 5
    rows = {style: row for (_, style), row in table.rows.items()}
    assert rows.keys() == STYLES.keys()
    assert rows["gentle"].heard >= 2 * rows["leading"].heard


def test_the_command_leaves_four_files_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["rehearse", "young_mother", "--headless", "--style", "leading", "--seed", "3"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    assert "things heard" in capsys.readouterr().out
    names = {each.name for each in (tmp_path / "out").iterdir()}
    assert names >= {"conversation.md", "debrief.md", "debrief.json", "ratings.json"}
    found = json.loads((tmp_path / "out" / "debrief.json").read_text("utf-8"))
    assert {"id", "done", "line"} <= found["conduct"][0].keys()
    assert {"kind", "count"} <= found["questions"][0].keys()
    assert {"fact", "would_open"} <= found["unsaid"][0].keys()
    assert {"agree", "differ", "missed"} <= found["coding"].keys()
    assert main(["rehearse", "nobody", "--headless"]) == 2
    assert main(["rehearse", "young_mother", "--headless", "--style", "kind"]) == 2


# The debrief


def test_a_perfect_rehearsal_has_a_perfect_debrief() -> None:
    found = debrief(perfect())
    assert [each.id for each in found.findings] == []
    assert not found.unsaid
    assert len(found.well_done) == 3
    assert all(item.done for item in found.conduct)
    assert not found.coding
    assert not found.ratings
    assert not found.plan


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize("style", STYLES)
def test_every_debrief_praises_first_and_asks_for_three_things_at_most(
    name: str, style: str
) -> None:
    found = debrief(played(name, style))
    assert 1 <= len(found.well_done) <= 3
    assert len(found.try_next) <= 3
    assert all(each.line for each in found.well_done)
    text = debrief_markdown(found)
    assert text.index("## Done well") < text.index("## To try next")
    assert set(debrief_json(found)) >= {
        *("coverage", "conduct", "questions", "unsaid", "coding", "well_done", "try_next"),
    }


def _asks(record: Rehearsal, slot: str) -> int:
    return next(
        index for index, turn in enumerate(record.turns)
        if turn.move.act == "ask" and turn.move.slot == slot
    )  # fmt: skip


def _turns(record: Rehearsal, change: Callable[[Turn], Turn | None]) -> Rehearsal:
    return replace(record, turns=tuple(each for turn in record.turns if (each := change(turn))))


def _without(test: Callable[[Turn], bool]) -> Callable[[Rehearsal], Rehearsal]:
    return lambda record: _turns(record, lambda turn: None if test(turn) else turn)


def _asked(name: str) -> Callable[[Rehearsal], Rehearsal]:
    return _without(lambda turn: (turn.move.slot or "").rpartition("/")[2] == name)


def _marked(old: str, new: str) -> Callable[[Rehearsal], Rehearsal]:
    def change(turn: Turn) -> Turn:
        return replace(turn, marks=tuple(new if each == old else each for each in turn.marks))

    return lambda record: _turns(record, change)


def _said(words: str, kind: Kind = "instruction") -> Callable[[Rehearsal], Rehearsal]:
    """Put in one line of the interviewer's own."""

    def plant(record: Rehearsal) -> Rehearsal:
        here = _asks(record, "sleep.usual")
        turn = replace(
            record.turns[here], move=Move("say", words), kind=kind, heard=(), told=(), reply=()
        )
        return replace(record, turns=(*record.turns[:here], turn, *record.turns[here:]))

    return plant


def _worded(words: str) -> Callable[[Rehearsal], Rehearsal]:
    """Put one question in other words: its kind is the classifier's."""

    def plant(record: Rehearsal) -> Rehearsal:
        talk = Conversation(record.cast)
        turn = talk.take(Move("ask", words, "sleep.hours"))
        here = _asks(record, "sleep.hours")
        old = record.turns[here]
        new = replace(old, move=turn.move, kind=turn.kind)
        return replace(record, turns=(*record.turns[:here], new, *record.turns[here + 1 :]))

    return plant


def _coded(
    slot: str, teller: str = "grandmother", **change: object
) -> Callable[[Rehearsal], Rehearsal]:
    def plant(record: Rehearsal) -> Rehearsal:
        coded = dict(record.coded)
        before = coded.get((slot, teller), Coded())
        coded[slot, teller] = replace(before, **change)  # type: ignore[arg-type]
        return replace(record, coded=coded)

    return plant


def _recoded(reason: str, **change: object) -> Callable[[Rehearsal], Rehearsal]:
    """Change what is coded where the first answer is missing for this reason."""

    def plant(record: Rehearsal) -> Rehearsal:
        slot = next(
            slot
            for (slot, teller), each in record.coded.items()
            if each.missing == reason and teller == "grandmother"
        )
        return _coded(slot, **change)(record)

    return plant


def _uncoded(slot: str, teller: str = "grandmother") -> Callable[[Rehearsal], Rehearsal]:
    return lambda record: replace(
        record,
        coded={place: each for place, each in record.coded.items() if place != (slot, teller)},
    )


def _moved(slot: str, teller: str, to: str, other: str) -> Callable[[Rehearsal], Rehearsal]:
    def plant(record: Rehearsal) -> Rehearsal:
        coded = dict(record.coded)
        coded[to, other] = coded.pop((slot, teller))
        return replace(record, coded=coded)

    return plant


def _rated(
    rating: str, value: int | None, reason: str = "because"
) -> Callable[[Rehearsal], Rehearsal]:
    return lambda record: replace(record, ratings={**record.ratings, rating: (value, reason)})


def _late(test: Callable[[Turn], bool]) -> Callable[[Rehearsal], Rehearsal]:
    """Do what was done early only at the end."""

    def plant(record: Rehearsal) -> Rehearsal:
        moved = [turn for turn in record.turns if test(turn)]
        rest = [turn for turn in record.turns if not test(turn)]
        closing = next(index for index, turn in enumerate(rest) if turn.block == "closing")
        turns = (*rest[:closing], *moved, *rest[closing:])
        return replace(record, turns=tuple(replace(t, number=n) for n, t in enumerate(turns, 1)))

    return plant


def _last(slot: str) -> Callable[[Rehearsal], Rehearsal]:
    def plant(record: Rehearsal) -> Rehearsal:
        here = _asks(record, slot)
        turns = (*record.turns[:here], *record.turns[here + 1 :], record.turns[here])
        return replace(record, turns=turns)

    return plant


def _unheard(record: Rehearsal) -> Rehearsal:
    """Take out what was told of the flat head, and keep the rating."""

    def quiet(turn: Turn) -> Turn:
        return replace(turn, told=tuple(each for each in turn.told if each != "flat_head"))

    return _turns(record, quiet)


def _strained(record: Rehearsal) -> Rehearsal:
    return _turns(record, lambda turn: replace(turn, strain=95))


def _again(record: Rehearsal) -> Rehearsal:
    here = _asks(record, "sleep.hours")
    return replace(record, turns=(*record.turns[: here + 1], *record.turns[here:]))


def _hurried(turn: Turn) -> Turn:
    return replace(turn, marks=(*turn.marks, "hurry")) if turn.move.slot == "sleep.hours" else turn


def _pushed(turn: Turn) -> Turn:
    return replace(turn, marks=(*turn.marks, "push")) if turn.move.slot == "sleep.hours" else turn


def _bare_card(turn: Turn) -> Turn:
    return (
        replace(turn, move=replace(turn.move, words="")) if turn.move.act == "safety_card" else turn
    )


def _closed_hard(turn: Turn) -> Turn:
    here = turn.move.part == "family_before" or (turn.move.slot or "").startswith("family_before.")
    return replace(turn, kind="closed") if here and turn.kind else turn


def _own_closed(turn: Turn) -> Turn:
    if turn.move.act == "ask" and turn.sensitivity == 0:
        return replace(turn, kind="closed", move=replace(turn.move, bank_wording=False))
    return turn


def _early_uncoded(record: Rehearsal) -> Rehearsal:
    at = set(record.cast.story.fact("bread").at)
    kept = {place: each for place, each in record.coded.items() if place[0] not in at}
    return replace(record, coded=kept)


PLANTED: Mapping[str, Callable[[Rehearsal], Rehearsal]] = {
    "opening": _without(lambda turn: "welcome" in turn.marks),
    "who_hears": _asked("consent.here"),
    "limits": _late(lambda turn: "limits" in turn.marks),
    "consent": _asked("consent.keep_answers"),
    "stop_word": _asked("consent.stop_word"),
    "name": _asked("about_client.name"),
    "own_eyes": _late(lambda turn: turn.block == "who_is_who"),
    "strengths_first": _late(lambda turn: turn.block == "strengths_first"),
    "body_first": _late(lambda turn: turn.block in ("sleep", "feeding_appetite")),
    "prefaces": _without(lambda turn: turn.move.act == "preface" and turn.block == "family_before"),
    "announced": _without(lambda turn: turn.move.act == "opening" and turn.block == "sleep"),
    "footing": _marked("held", "not_held"),
    "no_push": lambda record: _turns(record, _pushed),
    "no_hurry": lambda record: _turns(record, _hurried),
    "pauses": _strained,
    "still": _asked("exposures.still"),
    "safety_card": _without(lambda turn: turn.move.act == "safety_card"),
    "safety_words": lambda record: _turns(record, _bare_card),
    "early": _early_uncoded,
    "nothing_twice": _again,
    "thanks": _without(lambda turn: turn.move.act in ("thanks", "closing")),
    "gives_back": _without(lambda turn: "reflection" in turn.marks),
    "opens_hard": lambda record: _turns(record, _closed_hard),
    "no_run": lambda record: _turns(record, _own_closed),
    "short": _said("and " * 61),
    "no_promise": _said("Don't worry, I won't tell anyone."),
    "no_advice": _said("You should put her to bed earlier."),
    "no_diagnosis": _said("That sounds like ADHD to me."),
    "no_jargon": _said("She is dysregulated in the evening."),
    "no_details": _said("What exactly did he do to her, in detail?"),
    "read_back": _asked("closing.read_back"),
    "strength_last": _asked("closing.strength_to_keep"),
    "how_now": _asked("closing.how_now"),
    "rest_of_day": _asked("closing.rest_of_day"),
    "reach": _asked("closing.reach_you"),
    "next_clear": _asked("closing.next_clear"),
    "closing_last": _last("sleep.hours"),
    "goodbye": _without(lambda turn: turn.move.act == "closing"),
    "leading": _worded("She sleeps badly, doesn't she?"),
    "multiple": _worded("How long does she sleep, and who puts her to bed?"),
    "blaming": _worded("Why didn't you put her to bed earlier?"),
    "dressed": _worded("Tell me, does she sleep eight hours?"),
    "narrowed": _worded("How does she sleep, is it eight hours?"),
    "not_coded": _uncoded("sleep.hours"),
    "wrong_value": _coded("sleep.hours", value=11),
    "coded_unheard": _coded("early_childhood/never.asked", value=True),
    "no_for_unknown": _recoded("asked-unknown", value="none", missing=None),
    "value_for_unknown": _recoded("asked-unknown", value="much", missing=None),
    "value_for_declined": _recoded("asked-declined", value="steady", missing=None),
    "missing_for_value": _coded("sleep.hours", value=None, missing="asked-unknown"),
    "unknown_for_declined": _recoded("asked-declined", missing="asked-unknown"),
    "declined_for_unknown": _recoded("asked-unknown", missing="asked-declined"),
    "not_asked_for_asked": _coded("sleep.hours", value=None, missing="not-asked"),
    "wrong_reason": _recoded("temp-unknown", missing="asked-unknown"),
    "saw_for_told": _coded("infancy/hard_times.neglect", basis="saw"),
    "told_for_saw": _coded("sleep.hours", basis="told"),
    "basis_left_out": _coded("sleep.hours", basis=None),
    "words_left_out": _coded("childhood/hard_times.other_trauma", words=""),
    "wrong_teller": _moved("sleep.hours", "grandmother", "sleep.hours", "caseworker"),
    "wrong_period": _moved(
        "infancy/people_around.safety", "grandmother", "youth/people_around.safety", "grandmother"
    ),
    "other_teller_left_out": _uncoded("caregiver-1/caregivers.how_it_was", "caseworker"),
    "safety_left_out": _uncoded("exposure-3/exposures.still"),
    "rated_high": _rated("functions.sleep", 9),
    "rated_low": _rated("functions.attachment", 2),
    "rating_left_out": _rated("functions.sleep", None),
    "rated_unheard": _unheard,
    "reason_left_out": _rated("functions.sleep", 4, ""),
    "plan_left_out": lambda record: replace(record, plan=("sleep", "arousal")),
    "plan_order": lambda record: replace(record, plan=("arousal", "sleep", "attachment")),
    "left_out": _coded("sleep.hours", value=None, missing="not-asked"),
    "unsaid": _unheard,
}


def test_at_least_forty_mistakes_are_planted() -> None:
    assert len(PLANTED) >= 40


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_by_its_name(name: str) -> None:
    found: Debrief = debrief(PLANTED[name](perfect()))
    assert name in {each.id for each in found.findings}
    named = next(each for each in found.findings if each.id == name)
    assert named.says
