"""An answer with a safety code is a concern by itself, on every face, until it is closed."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from nmt_intake.bank.model import Bank, Question
from nmt_intake.casework.assessment import assess, norms_of
from nmt_intake.casework.cases import Casework
from nmt_intake.casework.reports import make_report
from nmt_intake.casework.session import Session
from nmt_intake.cli import main
from nmt_intake.errors import IntakeError
from nmt_intake.interview.events import (
    InstanceAdded,
    Noted,
    Reopened,
    SafetyAcknowledged,
    SafetyRaised,
    Signed,
    record_of,
)
from nmt_intake.rehearsal.play import play_file
from nmt_intake.tui.screens.cases import _row
from nmt_intake.vocabulary import MISSING_REASONS
from tests.banks import shipped as shipped_for_all
from tests.homes import PASSPHRASE

SHIPPED = shipped_for_all()


def slot_of(question: Question) -> str:
    match question.for_each:
        case None:
            return question.id
        case "period":
            return f"childhood/{question.id}"
        case loop:
            return f"{loop}-1/{question.id}"


def dangers() -> Iterator[tuple[str, object]]:
    """Every slot with a safety code, and each answer that has one."""
    for question in SHIPPED.questions.values():
        for code in question.safety:
            if code in MISSING_REASONS:
                yield slot_of(question), {"missing": code}
            elif question.kind == "yes_no":
                yield slot_of(question), {"value": code == "yes"}
            else:
                value = [code] if question.kind == "choices" else code
                yield slot_of(question), {"value": value}
        for column in question.columns:
            for code in column.safety:
                yield slot_of(question), {"value": [{column.name: code}]}


DANGERS = tuple(dangers())
NAMES = [f"{slot}={next(iter(answer.values()))}" for slot, answer in DANGERS]  # type: ignore[attr-defined]


def told(session: Session, slot: str, answer: dict[str, object]) -> None:
    prefix = slot.partition("/")[0] if "/" in slot else ""
    if "-" in prefix:
        session.record(InstanceAdded, instance=prefix)
    if "missing" in answer:
        session.mark_missing(slot, answer["missing"])  # type: ignore[arg-type]
    else:
        session.answer(slot, answer["value"])


def run(*arguments: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(arguments)
    return out.getvalue()


def test_the_shipped_bank_has_safety_questions_of_every_sort() -> None:
    kinds = {SHIPPED.questions[slot.rpartition("/")[2]].kind for slot, _ in DANGERS}
    assert kinds >= {"yes_no", "choice", "table"}
    assert any("missing" in answer for _, answer in DANGERS)  # type: ignore[operator]
    assert len(DANGERS) >= 29


def test_the_first_lines_of_the_report_and_the_plan_are_about_safety(shipped: Bank) -> None:
    """The whole chain once, on a case that has a plan: grandmother's, with one danger more."""
    from nmt_intake.bank.loading import shipped_bank
    from nmt_intake.rehearsal.play import play_persona

    path = shipped_bank() / "personas" / "grandmother.yaml"
    played = play_persona(path, shipped, "ana", date(2026, 11, 22))
    interview = played.interview
    assert interview.open_safety, "the shipped grandmother has one, and nobody has closed it"
    assessment = assess(interview, norms_of(shipped))
    plan = assessment.plan(interview)
    assert plan is not None
    assert plan.said_first
    page = make_report(interview, norms_of(shipped)).markdown
    summary = page.index("Summary on one page")
    assert 0 <= page.index("Safety first:") - summary < 60


# Every answer is tried in a played file; on every face every third, and the rest with `-m whole`.
SAMPLED = [
    pytest.param(*each, id=name, marks=() if at % 3 == 0 else pytest.mark.whole)
    for at, (each, name) in enumerate(zip(DANGERS, NAMES, strict=True))
]


@pytest.mark.parametrize(("slot", "answer"), SAMPLED)
def test_every_answer_of_concern_is_one_on_every_face(
    casework_with: Callable[[Bank], Casework],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    slot: str,
    answer: dict[str, object],
) -> None:
    casework = casework_with(SHIPPED)
    session = casework.start("M.", "2016-09-14", None)
    told(session, slot, answer)
    (concern,) = session.interview.open_safety
    assert concern.slot == slot
    assert not any(isinstance(event, SafetyRaised) for event in session.events)

    report = make_report(session.interview, casework.norms)
    for form in ("md", "html"):
        text = str(report.rendered(form))
        assert "Safety first:" in text
        assert "1 concern not acknowledged yet" in text
    assert json.loads(report.rendered("json"))["safety"] == {"open": 1, "of": 1}  # type: ignore[arg-type]
    from nmt_intake.scoring.planner import circumstances_of

    assert circumstances_of(session.interview, frozenset()).safety_open, "the plan says it first"
    case_id = session.file.case_id
    casework.close(session)
    (line,) = casework.cases()
    assert line.safety
    assert "⚑" in _row(line, date(2026, 11, 22)).plain
    casework.leave()

    monkeypatch.setenv("NMT_INTAKE_HOME", str(tmp_path))
    for name in ("data", "config", "cache"):
        assert (tmp_path / name).is_dir()
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    monkeypatch.setenv("NMT_INTAKE_PASSPHRASE_FILE", str(secret))
    assert "safety note open" in run("cases", "list")
    assert json.loads(run("cases", "list", "--json"))["cases"][0]["safety"] is True
    assert json.loads(run("cases", "show", case_id, "--json"))["safety_open"] == 1
    (exported,) = json.loads(run("cases", "export", case_id))["safety"]
    assert (exported["slot"], exported["open"]) == (slot, True)
    assert "Safety first:" in run("report", case_id)


@pytest.mark.parametrize(("slot", "answer"), DANGERS, ids=NAMES)
def test_a_played_file_tells_it_too(tmp_path: Path, slot: str, answer: dict[str, object]) -> None:
    written = {
        "client": {"alias": "M.", "birth": "2016-09-14"},
        "interviewed": "2026-11-22",
        "informants": [{"id": "gm", "relation": "grandmother"}],
        "answers": [{"question": slot, "informant": "gm", **answer}],
    }
    path = tmp_path / "answers.yaml"
    path.write_text(yaml.safe_dump(written))
    played = play_file(path, SHIPPED, "test", date(2026, 11, 22))
    assert [each.slot for each in played.interview.open_safety] == [slot]


def codes_slot(bank: Bank) -> str:
    return next(
        each.id
        for each in bank.questions.values()
        if each.kind == "choice" and {"yes", "unsure"} <= set(each.safety) and not each.for_each
    )


@pytest.fixture
def danger(shipped: Bank) -> str:
    return codes_slot(shipped)


def test_a_concern_is_closed_with_a_reason_and_only_so(session: Session, danger: str) -> None:
    session.answer(danger, "yes")
    (concern,) = session.interview.open_safety
    with pytest.raises(IntakeError, match="GUARD-008"):
        session.acknowledge(concern.id, "  ")
    with pytest.raises(IntakeError, match="GUARD-007"):
        session.acknowledge("e77777", "made up")
    session.acknowledge(concern.id, "A plan was made with her.", "Dr. B.")
    assert not session.interview.open_safety
    (closed,) = session.interview.safety
    assert (closed.state, closed.informed) == ("acknowledged", "Dr. B.")


def test_an_answer_that_is_harmless_now_leaves_the_concern_in_the_record(
    session: Session, danger: str
) -> None:
    session.answer(danger, "yes")
    session.answer(danger, "none")
    assert not session.interview.open_safety
    assert [each.state for each in session.interview.safety] == ["past"]
    page = make_report(session.interview, norms_of(session.interview.bank)).markdown
    assert "past: the answer was changed or taken back since" in page
    assert "Safety first:" not in page


def test_what_was_taken_back_stays_in_the_record_and_comes_back_with_redo(
    session: Session, danger: str
) -> None:
    session.answer(danger, "yes")
    session.undo()
    assert [each.state for each in session.interview.safety] == ["past"]
    session.redo()
    assert len(session.interview.open_safety) == 1
    session.answer(danger, "none")
    session.undo()
    assert len(session.interview.open_safety) == 1, "the no is taken back, so the yes stands"


def test_each_teller_and_each_danger_is_a_concern_of_its_own(session: Session, danger: str) -> None:
    session.answer(danger, "unsure")
    session.answer(danger, "yes", informant="aunt")
    assert len(session.interview.open_safety) == 2
    first = next(each for each in session.interview.open_safety if each.informant == "gm")
    session.acknowledge(first.id, "talked over")
    assert [each.informant for each in session.interview.open_safety] == ["aunt"]
    session.answer(danger, "unsure", basis="saw")
    assert [each.informant for each in session.interview.open_safety] == ["aunt"], "said before"
    session.answer(danger, "yes")
    assert len(session.interview.open_safety) == 2, "a graver answer is a new concern"


def test_a_danger_said_anew_after_it_was_closed_is_open_again(
    session: Session, danger: str
) -> None:
    session.answer(danger, "yes")
    session.acknowledge(session.interview.open_safety[0].id, "talked over")
    session.answer(danger, "none")
    session.answer(danger, "yes")
    assert len(session.interview.open_safety) == 1


def test_a_closed_branch_takes_no_concern_away(casework_with: Callable[[Bank], Casework]) -> None:
    casework = casework_with(SHIPPED)
    session = casework.start("M.", None, 20)
    slot, answer = next(
        (slot, answer)
        for slot, answer in DANGERS
        if "/" not in slot and not session.interview.counts(slot)
    )
    told(session, slot, answer)  # type: ignore[arg-type]
    assert not session.interview.counts(slot)
    assert [each.slot for each in session.interview.open_safety] == [slot]
    casework.close(session)


def test_a_note_that_an_older_program_made_for_an_answer_is_the_same_concern(
    session: Session, danger: str
) -> None:
    session.answer(danger, "yes")
    raised = session.record(SafetyRaised, topic="From an answer", slot=danger)
    (concern,) = session.interview.open_safety
    assert raised.id in concern.ids
    session.acknowledge(raised.id, "closed in the older program")
    assert not session.interview.open_safety


def test_a_signed_case_takes_a_safety_note_and_its_closing(session: Session) -> None:
    session.record(Signed, by="ana")
    with pytest.raises(IntakeError, match="GUARD-001"):
        session.record(Noted, text="x")
    assert session.refusal() is not None
    assert session.refusal(SafetyRaised) is None
    raised = session.record(SafetyRaised, topic="Self-harm", note="said at the door")
    assert [each.id for each in session.interview.open_safety] == [raised.id]
    assert session.refusal(SafetyAcknowledged) is None
    session.acknowledge(raised.id, "talked over")
    assert not session.interview.open_safety
    session.record(Reopened, reason="more to say")


def test_the_concerns_are_those_of_a_fold_from_nothing(session: Session, danger: str) -> None:
    from nmt_intake.interview.events import event_from
    from nmt_intake.interview.state import fold

    session.answer(danger, "yes")
    session.undo()
    session.redo()
    session.answer(danger, "unsure", informant="aunt")
    again = fold(session.interview.bank, [event_from(record_of(each)) for each in session.events])
    assert again.safety == session.interview.safety
