"""Answers files and personas: played as written, or refused in one line with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.bank.model import Bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.asking import next_slot
from nmt_intake.interview.events import event_from, record_of
from nmt_intake.interview.progress import progress
from nmt_intake.interview.state import fold
from nmt_intake.rehearsal.play import Played, play_file, play_persona
from tests.interview.effort import many
from tests.interview.random_banks import bank_from, question

TODAY = date(2026, 11, 22)
HEAD = """\
client: {alias: M., birth: 2019-09-14}
interviewed: 2026-11-22
informants:
  - {id: gm, relation: grandmother}
  - {id: pro, relation: worker, kind: professional}
answers:
"""
LIMITED = {"hard_check": {"expect": "value <= client.age_months", "say": "Older than the client."}}


@pytest.fixture(scope="module")
def bank() -> Bank:
    feeding = [
        question("refused", "choice"),
        question("length", "number", when="refused == 'often'"),
    ]
    return bank_from(
        [
            {"block": "birth", "title": "Birth", "questions": [question("weight", "number")]},
            {
                "block": "feeding",
                "title": "Feeding",
                "for_each": "period",
                "when": "period.id in ('infancy', 'childhood')",
                "questions": feeding,
            },
            {
                "block": "care",
                "title": "Care",
                "for_each": "caregiver",
                "questions": [
                    question("who", "person", names_this="true"),
                    question("since", "age", **LIMITED),
                    question("span", "interval"),
                ],
            },
        ]
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        path = tmp_path / "answers.yaml"
        path.write_text(text)
        return path

    return written


def refused(path: Path, bank: Bank) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        play_file(path, bank, "test", TODAY)
    assert "\n" not in str(caught.value)
    assert caught.value.status == 2
    return caught.value


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{question: birth.weight, value: heavy}", "PLAY-008"),
        ("{question: birth.weight, value: [3200]}", "PLAY-008"),
        ("{question: birth.weight, value: .nan}", "PLAY-008"),
        ("{question: birth.weight, value: 1e999}", "PLAY-008"),
        ("{question: birth.weight, value: " + "9" * 9000 + "}", "PLAY-008"),
        ("{question: infancy/feeding.refused, value: oftn}", "PLAY-008"),
        ("{question: infancy/feeding.refused, value: true}", "PLAY-008"),
        ("{question: caregiver-1/care.since, value: -3}", "PLAY-008"),
        ("{question: caregiver-1/care.since, value: before birth}", "PLAY-008"),
        ("{question: caregiver-1/care.span, value: 3y to 1y}", "PLAY-008"),
        ("{question: caregiver-1/care.since, value: 30y}", "PLAY-013"),
        ("{question: birth.wieght, value: 1}", "PLAY-005"),
        ("{question: weight, value: 1}", "PLAY-005"),
        ("{question: '', value: 1}", "PLAY-002"),
        ("{question: " + "a" * 5000 + ", value: 1}", "PLAY-005"),
        ("{question: infancy/birth.weight, value: 1}", "PLAY-005"),
        ("{question: feeding.refused, value: often}", "PLAY-005"),
        ("{question: teens/feeding.refused, value: often}", "PLAY-005"),
        ("{question: caregiver-0/care.since, value: 1}", "PLAY-005"),
        ("{question: caregiver-01/care.since, value: 1}", "PLAY-005"),
        ("{question: caregiver-1000/care.since, value: 1}", "PLAY-005"),
        ("{question: placement-1/care.since, value: 1}", "PLAY-005"),
        ("{question: caregiver-٣/care.since, value: 1}", "PLAY-005"),
        ("{question: youth/feeding.refused, value: often}", "PLAY-011"),
        ("{question: youth/feeding.refused, missing: masked}", "PLAY-011"),
        ("{question: birth.weight, value: 1, informant: aunt}", "PLAY-006"),
        ("{question: birth.weight}", "PLAY-007"),
        ("{question: birth.weight, value: ~}", "PLAY-007"),
        ("{question: birth.weight, value: 1, missing: masked}", "PLAY-007"),
        ("{question: birth.weight, missing: dunno}", "PLAY-002"),
        ("{question: birth.weight, value: 1, confidence: sure}", "PLAY-002"),
        ("{question: birth.weight, value: 1, basis: dreamt}", "PLAY-002"),
        ("{question: birth.weight, valu: 1}", "PLAY-002"),
        ("{question: [birth.weight], value: 1}", "PLAY-002"),
        ("{value: 1}", "PLAY-002"),
        ("birth.weight", "PLAY-002"),
        ("~", "PLAY-002"),
        ("{question: birth.weight, value: &a 1}", "BANK-004"),
        ("{question: birth.weight, value: !!python/object:os.system x}", "BANK-004"),
        ("{question: birth.weight, value: 1, value: 2}", "BANK-005"),
        ("{question: birth.weight, value: [", "BANK-002"),
        ("{question: birth.weight, value: " + "[" * 30 + "]" * 30 + "}", "BANK-003"),
    ],
    ids=lambda text: text[:60],
)
def test_a_wrong_answer_is_refused_with_its_line(
    bank: Bank, write: Callable[[str], Path], line: str, code: str
) -> None:
    good = "  - {question: birth.weight, value: 3200, informant: gm}\n"
    error = refused(write(f"{HEAD}{good}  - {line}\n"), bank)
    assert error.code == code
    where, _, number = error.where.partition(":")
    assert where == "answers.yaml"
    assert int(number) in (8, 9) if code == "BANK-002" else number == "8"


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("birth: 2019-09-14", "birth: 2019-02-30", "PLAY-003", 1),
        ("birth: 2019-09-14", "birth: 2019-9-1", "PLAY-003", 1),
        ("birth: 2019-09-14", "birth: 20190914", "PLAY-003", 1),
        ("birth: 2019-09-14", "birth: 2027", "PLAY-004", 1),
        ("birth: 2019-09-14", "birth: 2026-11-23", "PLAY-004", 1),
        ("interviewed: 2026-11-22", "interviewed: soon", "PLAY-003", 2),
        ("interviewed: 2026-11-22", "interviewed: 2026-11", "PLAY-003", 2),
        ("alias: M.", "alias: M., age_months: .nan", "PLAY-002", 1),
        ("alias: M.", "alias: M., age_months: 1e9", "PLAY-002", 1),
        ("alias: M.", "alias: M., gestation_weeks: 4", "PLAY-002", 1),
        ("alias: M.", "alias: M., pronoun: x", "PLAY-002", 1),
        ("alias: M., ", "", "PLAY-002", 1),
        ("client: {alias: M., birth: 2019-09-14}", "client: ~", "PLAY-002", 1),
        ("id: pro", "id: gm", "PLAY-012", 5),
        ("kind: professional", "kind: boss", "PLAY-002", 5),
        ("id: gm, ", "", "PLAY-002", 4),
        ("interviewed:", "interviewd:", "PLAY-002", 2),
        ("answers:", "instances: [{id: caregiver-0}]\nanswers:", "PLAY-002", 6),
        ("answers:", "instances: [{id: period-1}]\nanswers:", "PLAY-002", 6),
        ("answers:", "instances:\n - id: exposure-1\n - id: exposure-1\nanswers:", "PLAY-012", 8),
        ("answers:", "ratings: {functions: {slep: 6}}\nanswers:", "PLAY-009", 6),
        ("answers:", "ratings: {adversity: {late: {neglect: 6}}}\nanswers:", "PLAY-009", 6),
        ("answers:", "ratings: {adversity: {youth: {neglect: 6}}}\nanswers:", "PLAY-009", 6),
        (
            "answers:",
            "ratings:\n  functions:\n    speech: 6\n    sleep: 13\nanswers:",
            "PLAY-002",
            9,
        ),
        ("answers:", "ratings: {functions: {sleep: .inf}}\nanswers:", "PLAY-002", 6),
        ("answers:", "otherwise: because\nanswers:", "PLAY-002", 6),
        ("answers:", "answers: {}\nrest:", "PLAY-002", 6),
    ],
)
def test_a_wrong_head_is_refused_with_its_line(
    bank: Bank, write: Callable[[str], Path], before: str, after: str, code: str, line: int
) -> None:
    assert before in HEAD
    error = refused(write(HEAD.replace(before, after)), bank)
    assert (error.code, error.where) == (code, f"answers.yaml:{line}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PLAY-002"),
        ("[]", "PLAY-002"),
        ("just words", "PLAY-002"),
        ("a: 1\n---\nb: 2\n", "BANK-002"),
        ("\x00", "BANK-002"),
        ("{" * 5000, "BANK-002"),
        ("- " * 50 + "x", "BANK-003"),
        ("x: " + "y" * 1_000_001, "BANK-003"),
        ('"a\\nb": 1\nclient: {alias: M.}\n', "PLAY-002"),
    ],
    ids=["empty", "list", "word", "two", "zero", "braces", "deep", "huge", "key"],
)
def test_a_file_that_is_no_answers_file_is_refused_in_one_line(
    bank: Bank, write: Callable[[str], Path], text: str, code: str
) -> None:
    error = refused(write(text), bank)
    assert error.code in (code, "BANK-003")
    assert error.where.startswith("answers.yaml:")


def test_a_file_that_cannot_be_read_is_told(bank: Bank, tmp_path: Path) -> None:
    assert refused(tmp_path / "none.yaml", bank).code == "BANK-001"
    assert refused(tmp_path, bank).code == "BANK-001"
    (tmp_path / "latin.yaml").write_bytes(b"client: {alias: \xe9}")
    assert refused(tmp_path / "latin.yaml", bank).code == "BANK-002"


@many
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_no_bytes_at_all_bring_it_down(raw: bytes) -> None:
    import tempfile

    bank = bank_from([{"block": "b", "title": "B", "questions": [question("q", "yes_no")]}])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.yaml"
        path.write_bytes(raw)
        try:
            played = play_file(path, bank, "test", TODAY)
        except IntakeError as error:
            told = str(error)
        else:
            told = str(len(played.events))
    assert "\n" not in told


def play(bank: Bank, path: Path) -> Played:
    return play_file(path, bank, "test", TODAY)


def test_everything_in_the_file_stands_in_the_interview(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    path = write(
        HEAD
        + """\
  - {question: infancy/feeding.length, value: "6", informant: gm, confidence: low, basis: told}
  - {question: infancy/feeding.refused, value: often, informant: gm, note: "no bottle"}
  - {question: infancy/feeding.refused, value: never, informant: pro, basis: read}
  - {question: birth.weight, missing: asked-unknown, informant: gm, who_knows: the clinic}
  - {question: caregiver-2/care.who, value: aunt}
ratings: {functions: {sleep: 6, speech: ~}, relationships: ~, adversity: {infancy: ~}}
"""
    )
    interview = play(bank, path).interview
    assert interview.client.interviewed == "2026-11-22"
    assert interview.said("infancy/feeding.length").given[0].value == 6
    assert [each.value for each in interview.answers("infancy/feeding.refused")] == [
        "often",
        "never",
    ]
    assert interview.truths["infancy/feeding.length"] is None
    (mark,) = interview.said("birth.weight").marks
    assert (mark.reason, mark.who_knows) == ("asked-unknown", "the clinic")
    assert interview.instances("caregiver") == ("caregiver-2",)
    assert interview.labels == {"caregiver-2": "aunt"}
    assert {key: rated.value for key, rated in interview.ratings.items()} == {
        "functions.sleep": 6,
        "functions.speech": None,
    }


def test_what_was_played_reads_back_from_what_is_stored(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    played = play(bank, write(HEAD + "  - {question: birth.weight, value: 3200}\n"))
    stored = [record_of(each) for each in played.events]
    assert fold(bank, [event_from(record) for record in stored]).view() == played.interview.view()


def test_the_day_of_the_interview_is_today_unless_the_file_says(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    today = play(bank, write("client: {alias: M.}\n")).interview.client
    assert today.interviewed == "2026-11-22"
    own = play(bank, write("client: {alias: M., interviewed: 2025-01-02}\n")).interview.client
    assert own.interviewed == "2025-01-02"


def test_the_age_of_a_ratings_file_stands_in_for_one_that_is_not_given(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    ratings = "ratings: {age_months: 112, gestation_weeks: 33, functions: {sleep: 6}}\n"
    client = play(bank, write("client: {alias: M.}\n" + ratings)).interview.client
    assert (client.age_months, client.gestation_weeks) == (112, 33)


PERSONA = """\
persona: {title: Gran, about: Somebody.}
client: {alias: M., birth: 2019-09-14}
interviewed: 2026-11-22
informants: [{id: gm, relation: grandmother}, {id: pro, relation: worker}]
answers:
  - {question: caregiver-2/care.who, value: aunt, informant: gm}
  - {question: infancy/feeding.refused, value: never, informant: gm}
  - {question: infancy/feeding.length, value: 7, informant: gm}
  - {question: childhood/feeding.refused, value: often, informant: gm}
  - {question: childhood/feeding.refused, value: often, informant: pro}
"""


def persona(bank: Bank, path: Path) -> Played:
    return play_persona(path, bank, "test", TODAY)


def test_a_persona_is_asked_everything_once_in_the_engines_order(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    played = persona(bank, write(PERSONA))
    assert played.asked == (
        "birth.weight",
        "infancy/feeding.refused",
        "childhood/feeding.refused",
        "childhood/feeding.length",
        "caregiver-2/care.who",
        "caregiver-2/care.since",
        "caregiver-2/care.span",
    )
    assert next_slot(played.interview) is None
    assert progress(played.interview).remaining == 0
    assert played.interview.practice
    assert len(played.interview.answers("childhood/feeding.refused")) == 2


def test_what_a_persona_would_not_be_asked_is_not_said(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    played = persona(bank, write(PERSONA))
    assert "infancy/feeding.length" not in played.interview.slots


@pytest.mark.parametrize(
    ("line", "reason"),
    [("", "asked-unknown"), ("otherwise: asked-declined\n", "asked-declined")],
)
def test_what_the_persona_does_not_answer_gets_its_reason(
    bank: Bank, write: Callable[[str], Path], line: str, reason: str
) -> None:
    interview = persona(bank, write(line + PERSONA)).interview
    assert interview.reasons["birth.weight"] == reason
    assert interview.said("birth.weight").marks[0].informant == "gm"


def test_one_event_at_a_time_the_persona_gives_what_the_list_gives(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    played = persona(bank, write(PERSONA))
    assert fold(bank, played.events).view() == played.interview.view()


def test_a_persona_that_contradicts_itself_is_refused_before_it_is_asked(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    path = write(PERSONA + "  - {question: caregiver-2/care.since, value: 30y}\n")
    with pytest.raises(IntakeError, match="Older than the client") as caught:
        persona(bank, path)
    assert caught.value.where == "answers.yaml:11"


def test_a_value_may_be_what_people_say(bank: Bank, write: Callable[[str], Path]) -> None:
    path = write(
        "client: {alias: K, birth: 2017-05-10, language: en-GB}\n"
        "interviewed: 2026-11-10\n"
        "answers:\n"
        "  - {question: caregiver-1/care.since, value: about fourteen months}\n"
        "  - {question: caregiver-1/care.span, value: since he was three}\n"
    )
    interview = play_file(path, bank, "test", TODAY).interview
    since = interview.answers("caregiver-1/care.since")[0].value
    span = interview.answers("caregiver-1/care.span")[0].value
    assert since == {"low": 12, "high": 16.99, "unit": "months", "words": "about fourteen months"}
    assert isinstance(span, dict)
    assert span["to"] == "now"


def test_a_value_that_may_mean_two_things_is_asked_for_again(
    bank: Bank, write: Callable[[str], Path]
) -> None:
    path = write(
        "client: {alias: K, birth: 2026-02-01}\n"
        "interviewed: 2026-11-10\n"
        "answers:\n  - {question: caregiver-1/care.since, value: six}\n"
    )
    assert "Six months, or six years?" in str(refused(path, bank))
