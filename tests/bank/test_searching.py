"""What people say finds its place: everyday phrases against the shipped bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.bank.searching import search
from nmt_intake.bank.stems import stem
from tests.banks import shipped

# What was said, and the questions or blocks of which one must be among the first three.
PHRASES = {
    "would not take the bottle": "feeding_appetite.baby_hunger first_weeks suck_swallow_gag",
    "wets the bed": "autonomic.signs",
    "hits his sister": "people_today.siblings impulse_modulation affect_mood",
    "cries at night": "first_weeks sleep attachment",
    "grandmother took her in": "caregivers placements people_around.kin_support first_weeks",
    "changed beds four times": "early_years.bedtime_hands placements care",
    "she has nightmares": "sleep.trouble",
    "he snores": "sleep.trouble",
    "falls asleep in class": "sleep.next_day",
    "hides food under the bed": "feeding_appetite.pattern",
    "chokes on lumps": "suck_swallow_gag",
    "covers her ears when it is loud": "primary_sensory_integration",
    "walks on tiptoe": "large_motor.signs",
    "can't tie his shoes": "fine_motor",
    "faints sometimes": "cardiovascular.signs",
    "tummy ache before school": "autonomic",
    "always cold hands": "temperature_metabolism",
    "squints": "eye_movements",
    "stares into space": "dissociation attention_tracking",
    "jumps at every noise": "arousal primary_sensory_integration",
    "can't sit still": "attention_tracking arousal impulse_modulation",
    "clings to me": "attachment",
    "screams when I leave": "attachment.apart",
    "laughs when someone gets hurt": "attunement_empathy.signs",
    "tells lies": "values_beliefs",
    "steals money from my purse": "values_beliefs",
    "nobody understands what he says": "speech communication",
    "mixes up letters": "reading_verbal.trouble",
    "counts on her fingers": "maths_symbolic.trouble",
    "loses things all the time": "memory_learning.trouble",
    "can't wait his turn": "time_delay impulse_modulation",
    "says he is stupid": "self_awareness.trouble",
    "the father was in jail": "early_years exposures caregivers care hard_times school_years",
    "mum was drinking in the pregnancy": "before_birth hard_times",
    "smoked before she knew": "before_birth.tobacco_before",
    "born too early": "birth",
    "was in an incubator": "birth first_weeks",
    "five foster homes": "placements early_years infancy_days hard_times school_years",
    "the police came at night": "youth_years hard_times early_years school_years exposures",
    "he beat her in front of the child": "hard_times early_years school_years before_birth",
    "wants to die": "safety_now.self_harm",
    "cut herself": "safety_now.self_harm",
    "not safe at home right now": "safety_now",
    "bullied at school": "school_years youth_years exposures people_today",
    "has no friends": "people_today.peers school_years",
    "best friend": "people_today.closest",
    "the social worker changes all the time": "people_today.helpers_trust people_today.helpers",
    "started walking late": "milestones",
    "first words": "milestones",
    "stopped talking after the move": "milestones.lost_skills",
    "good at drawing": "strengths_first fine_motor nonverbal_cognition",
    "loves football": "strengths_first large_motor people_today",
    "speaks two languages at home": "about_client.language",
    "keep the drinking out of the copy": "consent.leave_out_substance",
    "his dad hit her in front of him": "hard_times.violence",
    "she saw her dad beat her mum": "hard_times.violence",
    "they passed him round like a parcel": "hard_times.transitions placements",
    "he was in care for a while": "placements",
    "she won't let anyone hug her": "attachment",
    "too friendly with strangers": "attachment",
    "grandma brought him up": "caregivers",
    "nobody fed them": "hard_times.neglect",
    "told he was unwanted": "hard_times.caregiving",
    "he flinches when you raise your hand": "arousal",
    "she was touched by her uncle": "exposures.violence_sort",
    "mum was depressed after the birth": "first_weeks.mood",
    "her baby brother died": "exposures.loss_sort",
    "dad left us": "exposures.loss_sort",
    "parents divorced": "hard_times.transitions",
    "fled the war": "hard_times.other_trauma",
    "social services took him away": "caregivers.ended_because",
    "adopted at three": "caregivers.known_from",
    "has flashbacks": "dissociation",
    "hears voices": "dissociation",
    "very withdrawn": "affect_mood",
    "he bangs his head": "primary_sensory_integration",
    "cruel to the cat": "attunement_empathy",
    "sets fires": "impulse_modulation",
    "swears at the teacher": "impulse_modulation",
    "refuses to go to school": "school_years.school",
    "he threatened to kill himself": "safety_now.self_harm",
    "took an overdose": "safety_now.self_harm",
    "the baby was breastfed": "first_weeks feeding_appetite suck_swallow_gag",
}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return shipped()


@pytest.mark.parametrize("said", PHRASES)
def test_what_people_say_finds_its_place(said: str, bank: Bank) -> None:
    found = search(bank, said, limit=3)
    wanted = set(PHRASES[said].split())
    assert any({each.question, each.block} & wanted for each in found), [
        (each.question, each.score) for each in found
    ]


@pytest.mark.parametrize(
    ("slipped", "meant"),
    [
        ("nightmers", "nightmares"),
        ("botle", "bottle"),
        ("grnadmother", "grandmother"),
        ("tipto", "tiptoe"),
        ("swallwoing", "swallowing"),
    ],
)
def test_a_slip_of_the_finger_finds_the_same(slipped: str, meant: str, bank: Bank) -> None:
    first = search(bank, meant, limit=1)[0].question
    assert first in {each.question for each in search(bank, slipped, limit=5)}


def test_a_keyword_of_the_bank_finds_its_question(bank: Bank) -> None:
    # Every sixth of some 2,700: all of them take 12 s.
    tried = [(each.id, word) for each in bank.questions.values() for word in each.keywords][::6]
    missed = [
        f"{question}: {keyword}"
        for question, keyword in tried
        if question not in {each.question for each in search(bank, keyword, limit=5)}
    ]
    assert len(missed) <= len(tried) // 100, missed


def test_the_beginning_of_a_word_is_enough(bank: Bank) -> None:
    assert "sleep.trouble" in {each.question for each in search(bank, "nightma")}


def test_the_same_words_find_the_same_places_in_the_same_order(bank: Bank) -> None:
    assert search(bank, "cries at night") == search(load_bank(), "cries at night")


@pytest.mark.parametrize("said", ["", "   ", "the and of", "?!", "\x00\x1b[2J", "x" * 5_000, "🙂"])
def test_nothing_said_finds_nothing_and_breaks_nothing(said: str, bank: Bank) -> None:
    assert search(bank, said) == ()


def test_no_more_than_asked_for(bank: Bank) -> None:
    assert len(search(bank, "night", limit=2)) == 2
    assert search(bank, "night", limit=0) == ()


def test_scores_fall_and_belong_to_their_places(bank: Bank) -> None:
    found = search(bank, "wakes up at night and cries for mummy", limit=10)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    for each in found:
        assert bank.questions[each.question].ask == each.ask
        assert bank.block_by_id[each.block].title == each.title


def test_a_bank_without_keywords_is_searched_by_what_it_asks(tmp_path: Path) -> None:
    (tmp_path / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [day]\n")
    (tmp_path / "day.yaml").write_text(
        "block: day\ntitle: Sleep\nquestions:\n"
        "  - {id: a, ask: Did {client.name} wake at night?, kind: yes_no}\n"
        "  - {id: b, ask: How was the food?, kind: text}\n".replace("{client.name}", "she")
    )
    found = search(load_bank(tmp_path), "woke every night")
    assert [each.question for each in found] == ["day.a"]


@pytest.mark.parametrize(
    "forms",
    [
        ("cry", "cries", "cried", "crying"),
        ("hit", "hits", "hitting"),
        ("wake", "wakes", "woke", "waking"),
        ("bottle", "bottles"),
        ("nightmare", "nightmares"),
        ("bite", "bites", "biting", "bit"),
        ("lie", "lies", "lied", "lying"),
        ("move", "moved", "moves", "moving"),
        ("stop", "stops", "stopped", "stopping"),
    ],
)
def test_the_forms_of_a_word_are_one_word(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1, {form: stem(form) for form in forms}
