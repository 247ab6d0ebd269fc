"""`bank check` says never and always only with a proof, and shows answers for the rest."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nmt_intake.bank.checking import check_folder, checked
from nmt_intake.bank.checking.branches import decided_branches
from nmt_intake.bank.model import Bank
from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.deciding import decider_for
from nmt_intake.bank.proof.difference import differences
from nmt_intake.bank.proof.goals import asked
from nmt_intake.bank.proof.prover import Deadline
from nmt_intake.bank.proof.search import Search
from nmt_intake.bank.truth import State
from nmt_intake.interview.ages import corrected
from nmt_intake.rehearsal.witnesses import comes_about, file_text, is_asked, played
from tests.bank.tried_conditions import ABOUT, CARERS, TIMES, TRIED
from tests.interview.random_banks import bank_from

needs_solver = pytest.mark.skipif(not logic.available(), reason="needs the author extra")
LONG = 600.0  # a budget that a busy machine does not spend


def tried_bank(condition: str) -> Bank:
    gate = {"id": "q", "ask": "So?", "kind": "text", "when": condition}
    block = {"block": "b", "title": "Tried", "questions": [gate]}
    return bank_from([ABOUT, CARERS, TIMES, block])


def said_of(bank: Bank, name: str = "b.q", decider: Any = None) -> tuple[str, str]:
    """Return what is said of a question's gate: whether it opens, and whether it closes."""
    decider = decider or decider_for(bank, Deadline(LONG))
    for each in decided_branches(bank, decider):
        if each.branch.subject.name == name:
            return each.opens.outcome, each.closes.outcome if each.closes else ""
    raise AssertionError(name)


@needs_solver
@pytest.mark.parametrize(("condition", "truly"), TRIED)
def test_what_is_said_of_a_condition_is_so(condition: str, truly: str) -> None:
    expected = {
        "can": ("possible", "possible"),
        "never": ("never", "possible"),
        "always": ("possible", "never"),
    }
    opens, closes = said_of(tried_bank(condition))
    assert opens == expected[truly][0]
    assert truly == "never" or closes == expected[truly][1]


@needs_solver
@pytest.mark.parametrize("condition", [text for text, truly in TRIED if truly != "never"])
def test_the_answers_that_are_shown_open_the_question(condition: str) -> None:
    bank = tried_bank(condition)
    goal = asked(bank.questions["b.q"], bank.block_by_id["b"])
    verdict = decider_for(bank, Deadline(LONG), witnesses=True).decide((goal,))[0]
    assert verdict.witness is not None
    interview = played(bank, file_text(verdict.witness, "Opens it."))
    assert is_asked(interview, "b.q")


@pytest.mark.parametrize(("condition", "truly"), TRIED)
def test_without_the_solver_nothing_is_said_that_is_not_so(condition: str, truly: str) -> None:
    bank = tried_bank(condition)
    opens, closes = said_of(bank, decider=Search(bank, Deadline(LONG)))
    assert not (opens == "never" and truly != "never")
    assert not (opens == "possible" and truly == "never")
    assert not (closes == "never" and truly == "can")


def test_without_the_solver_a_few_answers_that_were_all_tried_are_a_proof() -> None:
    for condition in (
        "a.often == 'x' and a.often == 'y'",
        "a.more and a.less",
        "a.weight > 12 and a.weight < 12",
        "a.level > 3 and a.level < 4",
        "client.age_months > 48 and client.age_months < 48",
    ):
        bank = tried_bank(condition)
        assert said_of(bank, decider=Search(bank, Deadline(LONG)))[0] == "never", condition
    bank = tried_bank("a.weight > 12 and a.weight < 13")
    assert said_of(bank, decider=Search(bank, Deadline(LONG)))[0] == "possible"


RULES = [
    ("S1", "a.weight >= 3", "S2", "a.weight >= 5", False),
    ("S1", "a.weight >= 5", "S2", "a.weight >= 3", True),
    ("S1", "a.sat < a.walked", "S2", "a.sat < a.crawled < a.walked", False),
    ("S1", "a.drank", "S2", "a.more", False),
    ("S1", "a.drank", "S2", "a.less", True),
    ("S1", "count_of(c.hurt, True) > 1", "S2", "count_of(c.hurt, True) > 2", False),
]


@needs_solver
@pytest.mark.parametrize(("one", "first", "two", "second", "reached"), RULES)
def test_a_rule_that_another_leaves_nothing_for_is_told(
    one: str, first: str, two: str, second: str, reached: bool
) -> None:
    anchors = {"severe": "a", "moderate": "b", "mild": "c", "typical": "d"}
    rules = [
        {"id": one, "when": first, "suggest": [1, 3], "because": "One."},
        {"id": two, "when": second, "suggest": [4, 6], "because": "Two."},
    ]
    rating = {"rating": "functions.sleep", "title": "Sleep", "anchors": anchors, "rules": rules}
    bank = bank_from([ABOUT, CARERS, TIMES], [rating])
    told = [each.message for each in checked(bank, Deadline(LONG)).findings]
    never = f"its rule {two} can never be the first that is true."
    assert (never in told) is not reached


CHECKS = [
    ("value > 5 and value < 3", "is never true"),
    ("value >= 0 or value < 0", "is always true"),
    ("value >= a.sat", ""),
    ("value > value + 1", "is never true"),
]


@needs_solver
@pytest.mark.parametrize("key", ["soft_check", "hard_check"])
@pytest.mark.parametrize(("expect", "told"), CHECKS)
def test_a_check_that_all_or_no_answers_meet_is_told(key: str, expect: str, told: str) -> None:
    question = {"id": "n", "ask": "A number?", "kind": "number", "unit": "cm"}
    block = {
        "block": "b",
        "title": "B",
        "questions": [{**question, key: {"expect": expect, "say": "No."}}],
    }
    bank = bank_from([ABOUT, block])
    found = [each.message for each in checked(bank, Deadline(LONG)).findings]
    assert [each for each in found if each.startswith(f"its {key} {told}")] or not told
    assert not any(key in each for each in found) or told


@needs_solver
def test_corrected_ages_are_those_of_the_interview() -> None:
    for age, weeks in itertools.product((0, 1, 5, 23, 24, 30), (24, 31.5, 36.5, 37, 41)):
        low = corrected(age, weeks)
        both = f"client.age_months == {age} and client.gestation_weeks == {weeks}"
        most, least = (f"client.corrected_age_months {sign}" for sign in ("<", ">"))
        near = f"{both} and {least} {low - 0.001} and {most} {low + 0.001}"
        assert said_of(tried_bank(near))[0] == "possible", (age, weeks)
        assert said_of(tried_bank(f"{both} and {least} {low + 0.001}"))[0] == "never", (age, weeks)


@needs_solver
def test_what_no_number_of_carers_bounds_is_not_called_impossible() -> None:
    bank = tried_bank("sum_of(c.met) > 900 and sum_of(c.met) < sum_of(c.met)")
    findings = [each for each in checked(bank, Deadline(LONG)).findings if each.question == "b.q"]
    told = [
        (each.code, each.severity) for each in findings if each.code in ("BANK-036", "BANK-020")
    ]
    assert told in ([("BANK-036", "note")], [("BANK-020", "warning")])
    bank = tried_bank(
        "count_of(c.hurt, True) > count_of(c.hurt, True) + 0 * count_of(c.hurt, False)"
    )
    found = [each for each in checked(bank, Deadline(LONG)).findings if each.question == "b.q"]
    assert [each.code for each in found if each.code != "BANK-029"] == ["BANK-036"]
    assert "found none among the" in found[-1].message


def test_a_budget_that_is_spent_is_said_with_what_was_left(tmp_path: Path) -> None:
    gates = [{"id": f"q{n}", "ask": f"{n}?", "kind": "text", "when": "k"} for n in range(4)]
    key = {"id": "k", "ask": "K?", "kind": "yes_no"}
    bank = bank_from([{"block": "b", "title": "B", "questions": [key, *gates]}])
    report = checked(bank, Deadline(0))
    assert report.not_finished == ("b.q0", "b.q1", "b.q2", "b.q3")
    assert "not_finished" in report.as_json()
    assert not [each for each in report.findings if each.code in ("BANK-020", "BANK-021")]
    assert checked(bank, Deadline(LONG)).not_finished == ()


def facts_bank(size: int) -> Bank:
    """Return questions that each hang on several facts: the old search tried all combinations."""
    random = Random(4)
    questions = []
    for number in range(size):
        age, weeks = random.randrange(200), random.randrange(24, 41)
        gate = (
            f"client.age_months > {age} and client.corrected_age_months < {age + 30} and"
            f" client.gestation_weeks > {weeks} and informant.known_from_months < {age} and"
            f" informant.relation != 'r{number}'"
        )
        questions.append({"id": f"q{number}", "ask": f"{number}?", "kind": "text", "when": gate})
    return bank_from([{"block": "b", "title": "B", "questions": questions}])


@pytest.mark.parametrize("with_solver", [True, False])
def test_questions_that_use_several_facts_do_not_explode(with_solver: bool) -> None:
    bank = facts_bank(61)
    deadline = Deadline(LONG)
    decider = decider_for(bank, deadline) if with_solver else Search(bank, deadline)
    before = time.process_time()
    decided = decided_branches(bank, decider)
    assert time.process_time() - before < 20  # 7 minutes and more with the old search
    assert not any(each.opens.outcome == "never" for each in decided)


# -- random small banks, all answers played --------------------------------------------------------


def small_bank(random: Random) -> Bank:
    """Return a bank of a few questions with few answers, so that all of them can be tried."""
    kinds = ["yes_no", "yes_no", "choice"]
    questions: list[dict[str, Any]] = []
    for number in range(4):
        kind = random.choice(kinds)
        question: dict[str, Any] = {"id": f"q{number}", "ask": f"{number}?", "kind": kind}
        if kind == "choice":
            question["options"] = {"x": "X", "y": "Y"}
        if number and random.random() < 0.8:
            question["when"] = gate(random, questions)
        questions.append(question)
    end = {"id": "end", "ask": "End?", "kind": "yes_no", "when": gate(random, questions, 3)}
    return bank_from([{"block": "b", "title": "B", "questions": [*questions, end]}])


def gate(random: Random, questions: list[dict[str, Any]], most: int = 2) -> str:
    """Return a condition over some of the questions, often one that contradicts itself."""
    parts: list[str] = []
    for _ in range(random.randint(1, most)):
        one = random.choice(questions)
        name = one["id"]
        if one["kind"] == "yes_no":
            part = random.choice([name, f"not {name}"])
        else:
            part = random.choice([f"{name} == 'x'", f"{name} in ('x', 'y')", f"{name} != 'y'"])
        silent = random.choice([f"answered({name})", f"not answered({name})", f"missing({name})"])
        parts.append(f"({silent if random.random() < 0.2 else part})")
    return random.choice([" and ", " and ", " or "]).join(parts)


def all_answers(bank: Bank) -> Iterator[str]:
    """Yield every answers file there is: an answer, a reason or nothing for each question."""
    names = [name for name in bank.questions if name != "b.end"]
    choices: list[list[str]] = []
    for name in names:
        question = bank.questions[name]
        values = ["true", "false"] if question.kind == "yes_no" else list(question.options)
        choices.append([*(f"value: {each}" for each in values), "missing: not-asked", ""])
    for chosen in itertools.product(*choices):
        lines = [
            f"  - {{question: {name}, {said}}}"
            for name, said in zip(names, chosen, strict=True)
            if said
        ]
        head = "client: {alias: W., age_months: 84, interviewed: 2026-06-15}\nanswers:"
        yield head + ("\n" + "\n".join(lines) if lines else " []")


@needs_solver
@pytest.mark.parametrize("seed", range(6))
def test_all_answers_that_there_are_bear_out_what_is_said(seed: int) -> None:
    bank = small_bank(Random(seed))
    gates = decided_branches(bank, decider_for(bank, Deadline(LONG), True))
    found: dict[str, set[State]] = {each.branch.subject.name: set() for each in gates}
    for text in all_answers(bank):
        interview = played(bank, text)
        assert interview is not None
        for name in found:
            found[name].add(interview.states[name])
    for each in gates:
        opened = State.OPEN in found[each.branch.subject.name]
        assert each.opens.outcome == ("possible" if opened else "never"), each.branch.text
        if each.opens.witness:
            interview = played(bank, file_text(each.opens.witness, "Opens it."))
            assert interview is not None
            assert comes_about(interview, each.branch.opens, "")
    search = decided_branches(bank, Search(bank, Deadline(LONG)))
    for each in search:
        opened = State.OPEN in found[each.branch.subject.name]
        assert each.opens.outcome != ("never" if opened else "possible"), each.branch.text


# -- two versions ----------------------------------------------------------------------------------


def versions(before: str, after: str) -> tuple[Bank, Bank]:
    return tried_bank(before), tried_bank(after)


DIFFER = [
    ("a.drank", "not a.drank", {True, False}),
    ("a.weight > 3", "a.weight > 4", {False}),
    ("a.weight > 3", "a.weight >= 3", {True}),
    ("client.age_months > 12", "client.corrected_age_months > 12", {False}),
    ("count_of(c.hurt, True) > 1", "any_of(c.hurt)", {True}),
    ("a.often in ('x', 'y')", "a.often != 'z'", set[bool]()),
    ("not (a.drank and a.more)", "not a.drank or not a.more", set[bool]()),
]


@needs_solver
@pytest.mark.parametrize(("before", "after", "cases"), DIFFER)
def test_a_changed_gate_is_shown_by_answers_that_only_one_bank_asks_for(
    before: str, after: str, cases: set[bool]
) -> None:
    old, new = versions(before, after)
    changes = [each for each in differences(old, new, Deadline(LONG)) if each.question == "b.q"]
    assert [each.what for each in changes] == ["asked in other cases"]
    assert changes[0].outcome == ("differs" if cases else "same")
    assert {case.now for case in changes[0].cases} == cases
    for case in changes[0].cases:
        asked_by = [
            is_asked(played(bank, file_text(case.witness, "It.", bank)), case.slot)
            for bank in (old, new)
        ]
        assert asked_by == ([False, True] if case.now else [True, False])


@needs_solver
def test_a_gate_whose_words_stayed_is_told_where_what_it_reads_has_changed() -> None:
    def version(gate: str) -> Bank:
        first = {"id": "k", "ask": "K?", "kind": "yes_no"}
        second = {"id": "m", "ask": "M?", "kind": "yes_no", "when": gate}
        third = {"id": "n", "ask": "N?", "kind": "text", "when": "m"}
        return bank_from([{"block": "b", "title": "B", "questions": [first, second, third]}])

    told = differences(version("k"), version("not k"), Deadline(LONG))
    assert [each.question for each in told] == ["b.m", "b.n"]


def test_added_dropped_renamed_and_reworded_questions_are_told() -> None:
    def version(questions: list[dict[str, Any]], **head: object) -> Bank:
        return bank_from([{"block": "b", "title": "B", "questions": questions}], None, **head)

    old = version([{"id": n, "ask": f"{n}?", "kind": "text"} for n in ("k", "m", "n", "o")])
    asks = {"k": "K now?", "p": "New?", "n2": "n?"}
    kept = [{"id": "o", "ask": "o?", "kind": "number", "unit": "cm"}]
    new = version(
        [*({"id": n, "ask": ask, "kind": "text"} for n, ask in asks.items()), *kept],
        migrations=[{"from_version": "2", "renamed": {"b.n": "b.n2"}, "dropped": ["b.m"]}],
    )
    told = {(each.what, each.question) for each in differences(old, new, Deadline(LONG))}
    assert told == {
        ("reworded", "b.k"),
        ("added", "b.p"),
        ("renamed", "b.n2"),
        ("another kind", "b.o"),
        ("dropped", "b.m"),
    }


def test_all_circles_of_a_bank_are_named(tmp_path: Path) -> None:
    (tmp_path / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [b]\n")
    questions = "".join(
        f"  - {{id: {name}, ask: '{name}?', kind: yes_no, when: {reads}}}\n"
        for name, reads in (
            ("k", "m"),
            ("m", "k"),
            ("n", "o"),
            ("o", "p"),
            ("p", "n"),
            ("q", "k"),
            ("r", "r"),
        )
    )
    (tmp_path / "b.yaml").write_text(f"block: b\ntitle: B\nquestions:\n{questions}")
    told = [each.message for each in check_folder(tmp_path).findings if each.code == "BANK-016"]
    assert len(told) == 3
    for circle in (("b.k", "b.m"), ("b.n", "b.o", "b.p"), ("b.r",)):
        assert any(all(name in each for name in circle) for each in told), circle
