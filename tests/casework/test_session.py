"""One open case: every event passes the guard, and quotes are citations."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import nmt_intake
from nmt_intake.bank.loading import shipped_bank
from nmt_intake.bank.model import Bank
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.casework.sittings import what_is_left
from nmt_intake.casework.talk import Talk
from nmt_intake.errors import IntakeError
from nmt_intake.interview import guard
from nmt_intake.interview.events import (
    Answered,
    Event,
    InformantChosen,
    MarkedMissing,
    Noted,
    Rated,
    Signed,
    event_from,
    record_of,
)
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.walk import AtEnd, AtQuestion, beside
from nmt_intake.rehearsal import play as playing
from nmt_intake.rehearsal.persona import Persona
from tests.interview.happenings import event
from tests.interview.random_banks import bank_from, question


@pytest.fixture
def small() -> Bank:
    return bank_from(
        [
            {
                "block": "b",
                "title": "B",
                "questions": [
                    question("q", "yes_no"),
                    question("r", "yes_no"),
                    question("h", "text", hidden="true", show_if_filled="true"),
                    question("several", "choices"),
                    question("inner", "yes_no", when="not has(several, 'never')"),
                ],
            }
        ]
    )


@pytest.fixture
def case(casework_with: Callable[[Bank], Casework], small: Bank) -> Session:
    session = casework_with(small).start("M.", None, 90)
    for name in ("aunt", "gm"):
        session.take(
            event(700 + len(name), "informant_added", informant={"id": name, "relation": name})
        )
        session.record(InformantChosen, informant=name)
    return session


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (Answered, {"slot": "b.q", "value": True, "informant": "nobody"}, "GUARD-006"),
        (MarkedMissing, {"slot": "b.q", "reason": "masked", "informant": "nobody"}, "GUARD-006"),
        (Noted, {"text": "x", "informant": "nobody"}, "GUARD-006"),
        (InformantChosen, {"informant": "nobody"}, "GUARD-006"),
        (Answered, {"slot": "b.nothing", "value": True}, "GUARD-009"),
        (Noted, {"text": "x", "slot": "b.nothing"}, "GUARD-009"),
        (Answered, {"slot": "b.q", "value": "perhaps"}, "GUARD-013"),
        (Answered, {"slot": "b.several", "value": []}, "GUARD-013"),
        (Rated, {"rating": "functions.slep", "value": 3}, "GUARD-003"),
        (Rated, {"rating": "adulthood/adversity.neglect", "value": 3}, "GUARD-003"),
    ],
)
def test_the_desk_records_nothing_that_the_guard_refuses(
    case: Session, kind: type[Event], content: dict[str, object], code: str
) -> None:
    before = (list(case.events), case.interview.view())
    with pytest.raises(IntakeError, match=code):
        case.record(kind, **content)  # type: ignore[type-var]
    assert (case.events, case.interview.view()) == before
    assert case.settled()
    assert case.file.sequence == len(case.events)


def test_no_choice_marked_is_no_answer_and_closes_nothing(case: Session) -> None:
    with pytest.raises(IntakeError, match="takes at least one of its options"):
        case.answer("b.several", [])
    assert not case.interview.said("b.several").given
    case.answer("b.several", ["never"])
    case.answer("b.several", ["never", "some"])
    assert case.withdraw("b.several") == 2
    assert not case.interview.said("b.several").given


class Seen:
    """Stands before the guard and notes what it was asked."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def __call__(self, interview: Interview, asked: Event) -> guard.Refused | None:
        assert asked.id not in interview.ledger.subjects, "asked after it was appended"
        self.ids.append(asked.id)
        return _refusal(interview, asked)


_refusal = guard.refusal


def test_undo_redo_and_a_persona_pass_the_guard_too(
    casework_with: Callable[[Bank], Casework], shipped: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    monkeypatch.setattr(guard, "refusal", seen)
    casework = casework_with(shipped)
    casework.practise()
    path = shipped_bank() / "personas" / "grandmother.yaml"
    session = casework.rehearse(Persona(path, shipped, date(2026, 11, 22)))
    session.record(Noted, text="x")
    session.undo()
    session.redo()
    assert len(session.events) > 4
    assert seen.ids == [each.id for each in session.events]
    casework.close(session)


@pytest.mark.parametrize("play", [playing.play_file, playing.play_persona])
def test_every_event_of_a_played_file_passes_the_guard(
    shipped: Bank, monkeypatch: pytest.MonkeyPatch, play: Callable[..., playing.Played]
) -> None:
    seen = Seen()
    monkeypatch.setattr(playing, "refusal", seen)
    path = shipped_bank() / "personas" / "grandmother.yaml"
    played = play(path, shipped, "test", date(2026, 11, 22))
    assert seen.ids == [each.id for each in played.events]


def test_a_file_with_an_empty_choice_is_refused_with_its_line(tmp_path: Path, small: Bank) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(
        "client: {alias: M., age_months: 90}\n"
        "informants: [{id: gm, relation: gran}]\n"
        "answers:\n"
        "  - {question: b.q, value: true}\n"
        "  - {question: b.several, value: []}\n"
    )
    with pytest.raises(IntakeError, match=r"answers.yaml:5: .*takes at least one.*PLAY-008"):
        playing.play_file(path, small, "test", date(2026, 11, 22))


def captured(case: Session, slot: str, text: str) -> Noted:
    return case.record(
        Noted, text=text, slot=slot, informant=case.interview.speaking, verbatim=True
    )


def words_of(case: Session, slot: str) -> list[str]:
    state = case.interview.said(slot)
    return [each.words for each in (*state.given, *state.marks)]


def test_what_was_just_said_becomes_the_words_of_the_answer(case: Session) -> None:
    note = captured(case, "b.q", "she never would")
    assert case.pending_quote("b.q") == note
    given = case.answer("b.q", True)
    assert (given.words, given.cites) == ("", (note.id,))
    assert words_of(case, "b.q") == ["she never would"]
    assert case.pending_quote("b.q") is None
    case.answer("b.q", False)
    assert words_of(case, "b.q") == ["she never would"], "an amended answer keeps them"
    again = [event_from(record_of(each)) for each in case.events]
    assert fold(case.interview.bank, again).view() == case.interview.view()


def test_words_that_were_undone_are_no_quote_before_or_after_the_answer(case: Session) -> None:
    captured(case, "b.q", "to be undone")
    case.undo()
    assert case.pending_quote("b.q") is None
    case.answer("b.q", True)
    assert words_of(case, "b.q") == [""]
    note = captured(case, "b.r", "undone later")
    case.mark_missing("b.r", "asked-declined")
    assert words_of(case, "b.r") == ["undone later"]
    from nmt_intake.interview.events import Restored, Retracted

    case.record(Retracted, target=note.id)
    assert words_of(case, "b.r") == [""]
    again = [event_from(record_of(each)) for each in case.events]
    assert fold(case.interview.bank, again).view() == case.interview.view()
    case.record(Restored, target=note.id)
    assert words_of(case, "b.r") == ["undone later"]


def test_somebody_else_s_words_and_words_said_elsewhere_are_no_quote(case: Session) -> None:
    note = captured(case, "b.q", "says the grandmother")
    case.record(InformantChosen, informant="aunt")
    assert case.pending_quote("b.q") is None
    case.answer("b.q", True)
    assert words_of(case, "b.q") == [""]
    for slot, teller in (("b.q", "aunt"), ("b.r", "gm")):
        with pytest.raises(IntakeError, match="GUARD-011"):
            case.record(Answered, slot=slot, value=True, informant=teller, cites=(note.id,))
    case.record(InformantChosen, informant="gm")
    assert case.pending_quote("b.q") == note


def test_undoing_the_answer_leaves_the_words_waiting(case: Session) -> None:
    note = captured(case, "b.q", "she never would")
    case.answer("b.q", True)
    case.undo()
    assert case.pending_quote("b.q") == note


def test_the_words_of_answers_of_older_cases_stay(case: Session) -> None:
    case.record(Answered, slot="b.q", value=True, informant="gm", words="as it was kept")
    captured(case, "b.q", "as it was kept")
    assert case.pending_quote("b.q") is None, "they are with the answer already"
    case.answer("b.q", False)
    assert words_of(case, "b.q") == ["as it was kept"]


def test_a_hidden_question_is_shown_only_when_it_is_filled(case: Session) -> None:
    assert beside(case.interview, AtQuestion("b.r"), 1) == "b.several"
    case.answer("b.h", "kept by a form")
    assert beside(case.interview, AtQuestion("b.r"), 1) == "b.h"
    plain = bank_from(
        [
            {
                "block": "b",
                "title": "B",
                "questions": [question("q", "yes_no"), question("h", "text", hidden="true")],
            }
        ]
    )
    filled = fold(
        plain,
        [
            event(1, "opened", client={"alias": "M.", "age_months": 90}),
            event(2, "answered", slot="b.h", value="x"),
        ],
    )
    assert beside(filled, AtQuestion("b.q"), 1) is None, "its author does not want it shown"


def test_a_signed_case_is_not_changed_by_undo(case: Session) -> None:
    case.answer("b.q", True)
    case.record(Signed, by="ana")
    with pytest.raises(IntakeError, match="GUARD-001"):
        case.undo()


_SECURITY = (
    "casework",
    "store",
    "tui/app.py",
    "tui/vault",
    "tui/launch.py",
    "tui/screens/cases.py",
)
# What may stay: flags of the operating system, and errors of other libraries.
_OF_OTHERS = {"O_CLOEXEC", "O_NOFOLLOW", "SIGHUP", "strerror"}


def test_nothing_about_security_is_asked_with_a_default() -> None:
    package = Path(nmt_intake.__file__).parent
    found: list[str] = []
    for part in _SECURITY:
        root = package / part
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "getattr"
                    and len(node.args) == 3
                ):
                    name = node.args[1]
                    if not (isinstance(name, ast.Constant) and name.value in _OF_OTHERS):
                        found.append(f"{path.name}:{node.lineno}")
    assert not found


def test_ratings_are_made_and_measured_in_one_place() -> None:
    package = Path(nmt_intake.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("ratings_of", "score")
    }
    assert found == {"scoring/assessment.py"}


def test_a_sitting_is_kept_in_the_record_and_says_what_it_leaves_open(session: Session) -> None:
    talk = Talk(session)
    said = talk.sit("essential")
    assert said.startswith("The essential: ")
    assert "typically about" in said
    talk.go(AtEnd())
    assert " more could change something; " in what_is_left(session.interview)
    assert Talk(session).interview.sitting == "essential"
    assert talk.next_sitting().startswith("What can still change a level: ")
    talk.go(AtQuestion("sleep.usual"))
    assert "Could still change: Sleep" in talk.why()
    talk.choose("fine")
    talk.go(AtQuestion("sleep.usual"))
    assert "still change" not in talk.why()
    assert talk.sit("full").startswith("Everything: ")
    assert talk.slot == "sleep.usual"
