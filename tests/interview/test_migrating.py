"""Old answers under a new bank: followed where they moved, kept where they have no place."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank
from nmt_intake.interview.events import Event, event_from
from nmt_intake.interview.state import fold
from tests.interview.effort import LAST_BANK, many
from tests.interview.happenings import event, happenings
from tests.interview.random_banks import bank_from, bank_of, moved_bank_of, question

MIGRATIONS = [
    {"from_version": "1", "renamed": {"old.how": "b.how", "old.was": "b.middle"}},
    {
        "from_version": "2",
        "renamed": {"b.middle": "b.was"},
        "dropped": ["b.gone"],
        "codes": {"b.how": {"always": "often"}, "b.which": {"all": "often"}},
    },
    {
        "from_version": "3",
        "codes": {"b.was": {"yes": "some", "no": "never"}, "b.step": {"9": "5"}},
    },
]


def bank() -> Bank:
    questions = [
        question("how", "choice"),
        question("which", "choices"),
        question("was", "choice"),
        question("step", "scale"),
    ]
    blocks = [{"block": "b", "title": "B", "questions": questions}]
    return bank_from(blocks, version="4", migrations=MIGRATIONS)


BANK = bank()


def at(version: str, made: Event) -> Event:
    return made.model_copy(update={"bank_version": version})


def said(number: int, slot: str, value: object) -> Event:
    return event(number, "answered", slot=slot, value=value)


def test_a_rename_over_several_versions_is_followed() -> None:
    interview = fold(BANK, [at("1", said(1, "old.was", True))])
    assert interview.values == {"b.was": "some"}
    assert interview.orphans == frozenset()


def test_codes_are_followed_alone_and_in_lists() -> None:
    events = [
        at("1", said(1, "old.how", "always")),
        at("2", said(2, "b.which", ["all", "never"])),
        at("3", said(3, "b.step", 9)),
    ]
    found = fold(BANK, events).values
    assert found == {"b.how": "often", "b.which": ("never", "often"), "b.step": 5}


def test_an_answer_of_this_version_is_not_touched() -> None:
    interview = fold(BANK, [at("4", said(1, "b.how", "always"))])
    assert interview.values == {}
    assert interview.orphans == {"b.how"}


def test_a_dropped_question_is_kept_under_its_old_name() -> None:
    event_ = at("2", said(1, "b.gone", "words"))
    interview = fold(BANK, [event_])
    assert interview.orphans == {"b.gone"}
    assert interview.history("b.gone") == (event_,)


def test_marks_notes_flags_and_safety_follow_their_question() -> None:
    events = [
        at("1", event(1, "marked_missing", slot="old.how", reason="asked-unknown")),
        at("1", event(2, "noted", slot="old.how", text="said so")),
        at("1", event(3, "flagged", slot="old.how")),
        at("1", event(4, "safety_raised", slot="old.how", topic="violence")),
        at("1", event(5, "noted", text="about nothing")),
    ]
    interview = fold(BANK, events)
    assert interview.reasons == {"b.how": "asked-unknown"}
    assert [note.slot for note in interview.notes] == ["b.how", None]
    assert [flag.slot for flag in interview.flags] == ["b.how"]
    assert [note.slot for note in interview.safety] == ["b.how"]


def test_the_last_word_counts_across_versions_and_nothing_is_lost() -> None:
    events = [at("1", said(1, "old.how", "always")), at("4", said(2, "b.how", "never"))]
    interview = fold(BANK, events)
    assert interview.values == {"b.how": "never"}
    assert [each.value for each in interview.history("b.how")] == ["often", "never"]  # type: ignore[union-attr]
    assert fold(BANK, [*events, event(3, "retracted", target="e00002")]).values == {
        "b.how": "often"
    }


def test_the_stored_event_is_never_changed() -> None:
    stored = at("1", said(1, "old.how", "always"))
    copy = event_from(stored.model_dump())
    fold(BANK, [stored])
    assert stored == copy


def test_an_unknown_version_is_read_as_it_stands() -> None:
    interview = fold(BANK, [at("0.1", said(1, "b.how", "often")), at("", said(2, "b.was", "some"))])
    assert interview.values == {"b.how": "often", "b.was": "some"}


@st.composite
def moves(draw: st.DrawFn) -> tuple[Bank, Bank, list[Event]]:
    """Return a bank, its next version with other names, and any events of the first."""
    seed = draw(st.integers(0, LAST_BANK))
    return bank_of(seed), moved_bank_of(seed), draw(happenings(bank_of(seed)))


def moved(name: str) -> str:
    return re.sub(r"\bb(\d+)\.", r"moved\1.", name)


@many
@given(moves())
def test_a_case_read_with_the_next_version_is_the_same_under_other_names(
    life: tuple[Bank, Bank, list[Event]],
) -> None:
    before, after, events = life
    old, new = fold(before, events), fold(after, events)
    assert {moved(slot): state for slot, state in old.states.items()} == dict(new.states)
    assert {moved(slot): value for slot, value in old.values.items()} == dict(new.values)
    assert {moved(slot): reason for slot, reason in old.reasons.items()} == dict(new.reasons)
    assert (dict(old.facts), dict(old.labels)) == (dict(new.facts), dict(new.labels))
    assert [moved(slot) for slot in old.left.undecided] == list(new.left.undecided)
    assert old.left.counts == new.left.counts
    assert old.sequence == new.sequence
