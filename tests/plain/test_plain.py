"""The interview in lines: the same record as the desk's, heard one line at a time."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nmt_intake.casework.cases import Casework
from nmt_intake.casework.session import Session
from nmt_intake.interview.events import Answered, Informant, MarkedMissing, Noted, SafetyRaised
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.walk import AtEnd, AtOffer
from nmt_intake.plain.desk import PlainDesk
from nmt_intake.plain.stream import WIDTH, LineSource, Stream, wrapped
from nmt_intake.plain.talking import COMMANDS, PlainInterview
from nmt_intake.store.vault import vault as vault_module
from tests import banks
from tests.homes import cheap_stretch, home_in

BOXES = re.compile(r"[\u2500-\u25ff]")


@pytest.fixture
def casework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Casework]:
    monkeypatch.setattr(vault_module, "stretch", cheap_stretch)
    made = Casework(home_in(tmp_path), banks.shipped())
    yield made
    made.leave()


class Heard(Stream):
    """Answers each request with the next line of a script, and keeps what was said."""

    def __init__(self, script: Callable[[], str | None]) -> None:
        self.lines: list[str] = []
        super().__init__(LineSource(0), self.lines.append)
        self.source.next_line = script  # type: ignore[method-assign]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.lines).split())


def lines_of(*script: str) -> Callable[[], str | None]:
    waiting = iter(script)
    return lambda: next(waiting, None)


def held(casework: Casework, session: Session, *script: str) -> Heard:
    stream = Heard(lines_of(*script))
    PlainInterview(casework, session, stream).run()
    return stream


def cells(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in line)


def said_well(lines: list[str]) -> None:
    for line in lines:
        assert cells(line) <= WIDTH, line
        assert not BOXES.search(line), line
        assert all(unicodedata.category(each) not in ("Cc", "Cf") for each in line), repr(line)


def test_a_whole_interview_is_held_in_lines(casework: Casework) -> None:
    session = casework.start("M.", "2019-09-14", None)
    chance = random.Random(7)
    stream = Heard(lambda: None)
    interview = PlainInterview(casework, session, stream)
    typed = 0
    pending: list[str] = []

    def next_line() -> str | None:
        nonlocal typed
        typed += 1
        if pending:
            return pending.pop()
        place, question = interview.talk.place, interview.talk.question
        if isinstance(place, AtEnd):
            return ".end"
        if isinstance(place, AtOffer) or question is None:
            return "no"
        if chance.random() < 0.1:
            return chance.choice([".unknown the school", ".rather", ".later", ".na"])
        kind = KINDS[question.kind]
        if kind.desk == "rows":
            pending.extend([".next", *[""] * (len(question.columns) - 1)])
            return "Ann"
        if question.kind in WRITTEN:
            sample = kind.sample(question) if callable(kind.sample) else kind.sample
            said = str(sample) if not isinstance(sample, list) else "3 years to 4 years"
            pending.append(".next" if question.kind == "interval" else said)
            return said if question.kind != "age" else "14 months"
        return "1"

    stream.source.next_line = next_line  # type: ignore[method-assign]
    interview.run()
    assert isinstance(interview.talk.place, AtEnd), interview.talk.place
    recorded = sum(isinstance(each, Answered | MarkedMissing) for each in session.events)
    assert recorded > 100
    assert sum(line.startswith(("Kept:", "Marked:")) for line in stream.lines) >= recorded
    said_well(stream.lines)
    assert casework.close(session)


def test_words_at_a_list_are_kept_and_the_number_still_counts(casework: Casework) -> None:
    session = casework.start("M.", "2019-09-14", None)
    stream = held(casework, session, "she comes and goes", "1", ".end")
    notes = [each for each in session.events if isinstance(each, Noted)]
    answers = [each for each in session.events if isinstance(each, Answered)]
    assert [each.text for each in notes] == ["she comes and goes"]
    assert answers[-1].cites == (notes[0].id,)
    assert "Their words are kept here." in stream.text
    casework.close(session)


def test_what_was_just_said_goes_where_it_belongs_and_back_again(casework: Casework) -> None:
    session = casework.start("M.", "2019-09-14", None)
    held(casework, session, "/hardly sleeps at night", "1", "1", "1", ".end")
    (noted,) = (each for each in session.events if isinstance(each, Noted))
    assert noted.text == "hardly sleeps at night"
    assert noted.slot is not None
    assert noted.slot.startswith("sleep.")
    casework.close(session)


def test_tellers_undo_and_safety_work_and_are_told(casework: Casework) -> None:
    session = casework.start("M.", "2019-09-14", None)
    stream = held(
        casework, session, ".teller grandmother", "1", "3", ".t 1", "1", ".undo",
        ".redo", ".safety", "1", "he said he would run", "the duty worker", ".why", ".s", ".zzz",
    )  # fmt: skip
    assert [each.relation for each in session.interview.informants.values()] == ["grandmother"]
    raised = [each for each in session.events if isinstance(each, SafetyRaised)]
    assert [(each.note, each.informed) for each in raised] == [
        ("he said he would run", "the duty worker")
    ]
    for told in ("Now with grandmother.", "Undone: an answer.", "Brought back: an answer."):
        assert told in stream.text
    assert "Which? .sure, .said, .sitting, .safety" in stream.text
    assert "There is no such command" in stream.text
    casework.close(session)


def test_a_doubtful_answer_is_asked_for_once_more_and_then_kept(casework: Casework) -> None:
    session = casework.start("M.", "2019-09-14", None)
    stream = held(casework, session, ".go how many hours asleep", "1", "2", "2", ".end")
    answers = {each.slot: each.value for each in session.events if isinstance(each, Answered)}
    assert stream.text.count("The same line once more keeps it") == 1
    assert 2 in answers.values()
    casework.close(session)


def test_the_list_opens_starts_and_goes_on_where_it_was(casework: Casework) -> None:
    stream = Heard(lines_of("new", "M.", "7", "1", ".end", "1", ".end", "9", "end"))
    PlainDesk(casework, stream).run()
    assert "1. M., collecting, 1 asked." in stream.lines
    assert "That is none of these." in stream.text
    assert stream.text.count("Closed. Everything is saved.") == 2


def test_every_command_is_named_in_the_help_and_none_hides_another() -> None:
    names = [each.name for each in COMMANDS]
    assert len(set(names)) == len(names)
    assert {"help", "end", "safety", "undo", "teller", "unknown", "rather"} <= set(names)


@pytest.mark.parametrize(
    "text", ["字" * 100, "x" * 500, "a " * 200, "e\u0301" * 300, "", "\u202eevil \x1b[31m red"]
)
def test_no_text_makes_a_line_too_wide_or_writes_anything_but_text(text: str) -> None:
    stream = Heard(lines_of())
    stream.say(text, "  ")
    said_well(stream.lines)
    assert (
        "".join("".join(stream.lines).split()).replace("字", "")
        == "".join(
            re.sub(r"[\x1b\u202e\u0301]", "", unicodedata.normalize("NFC", text)).split()
        ).replace("字", "")
        or "\u0301" in text
    )


def test_a_word_is_only_cut_where_it_must_be() -> None:
    assert list(wrapped("one two three", 7, "")) == ["one two", "three"]


def test_through_a_pipe_the_end_of_input_loses_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "NMT_INTAKE_HOME": str(tmp_path), "ACCESSIBLE": "1"}
    told: list[str] = []
    for script in ("\nnew\nM.\n7\n1\n", "practice\n1\n.back\n"):
        done = subprocess.run(
            [sys.executable, "-m", "nmt_intake"],
            input=script if not told else "\n" + script.removeprefix("practice\n"),
            capture_output=True, text=True, env=environment, timeout=60, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        told.append(done.stdout)
        said_well(done.stdout.splitlines())
    assert "Kept: No, I'm fine like this." in told[0]
    assert "Closed. Everything is saved." in told[0]
    assert "1. M., collecting, 1 asked." in told[1]
    assert "Kept: No, I'm fine like this." in told[1]


def test_an_informant_is_not_known_by_a_number_that_is_not_there(
    casework: Casework,
) -> None:
    session = casework.start("M.", "2019-09-14", None)
    held(casework, session, ".teller 4", "3", "", ".end")
    assert [each.relation for each in session.interview.informants.values()] == ["4"]
    assert isinstance(next(iter(session.interview.informants.values())), Informant)
    casework.close(session)


def test_a_sitting_is_chosen_by_its_name(casework: Casework) -> None:
    case = casework.start("M.", "2019-09-14", None)
    heard = held(casework, case, ".sitting brief", ".sitting ess", ".why", ".sitting").text
    assert "Which sitting? essential, next, full." in heard
    assert heard.count("The essential: ") == 2
    assert "Could change no rating, and neither the plan nor safety" in heard
    assert case.interview.sitting == "essential"
