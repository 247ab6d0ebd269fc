"""An XLSForm taken in asks what the form's own rule asks, on any answers."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nmt_intake.bank.exchange import FormError
from nmt_intake.bank.exchange.sheets import read_sheets, sheets_bytes
from nmt_intake.bank.exchange.xlsform import read_rows, read_xlsform
from nmt_intake.errors import IntakeError
from tests.bank.exchange.playing import imported, states
from tests.bank.exchange.random_sheets import random_answers, random_sheets, relevant


@pytest.mark.parametrize("seed", range(40))
def test_what_is_asked_is_what_is_relevant(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    made = random_sheets(random, random.randint(2, 20))
    form = read_rows(made.sheets())
    assert form.left_out == []
    bank, written = imported(form, tmp_path)
    for _ in range(15):
        answers = random_answers(random, made)
        right = relevant(made, answers)
        ours = states(bank, written, answers)
        differing = {key for key, state in ours.items() if (state is True) != right[key]}
        assert differing == set(), (answers, written.files)


def workbook(survey: list[list[str]], choices: list[list[str]] | None = None) -> bytes:
    """Return a workbook with these sheets."""
    return sheets_bytes({"survey": survey, "choices": choices or [["list_name", "name", "label"]]})


def test_a_workbook_becomes_a_bank(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label::English (en)", "label::Español (es)", "hint", "relevant"],
        ["begin_group", "home", "Home", "Casa", "", ""],
        ["note", "hello", "Now the home.", "", "", ""],
        ["select_one places", "lives", "Where?", "¿Dónde?", "Ask twice", ""],
        ["select_one yn", "alone", "Alone?", "¿A solas?", "", "${lives} = 'Home 1'"],
        ["integer", "rooms", "Rooms?", "", "", "${alone} = 'no'"],
        ["end_group", "", "", "", "", ""],
    ]
    choices = [
        ["list_name", "name", "label::English (en)", "label::Español (es)"],
        ["places", "Home 1", "At home", "En casa"],
        ["places", "away", "Away", "Fuera"],
        ["yn", "yes", "Yes", "Sí"],
        ["yn", "no", "No", "No"],
    ]
    bank, made = imported(read_xlsform(workbook(survey, choices), "form.xlsx"), tmp_path)
    assert made.left_out == ()
    lives, alone, rooms = bank.questions.values()
    assert (bank.blocks[0].id, bank.blocks[0].opening) == ("home", "Now the home.")
    assert dict(lives.options) == {"home_1": "At home", "away": "Away"}
    assert (lives.kind, alone.kind, rooms.kind) == ("choice", "yes_no", "number")
    assert lives.listen_for == "Ask twice"
    assert lives.translations["es"]["ask"] == "¿Dónde?"
    assert lives.translations["es"]["options"] == {"home_1": "En casa", "away": "Fuera"}
    assert alone.when is not None
    assert alone.when.text == "answered(lives) and lives == 'home_1'"
    assert rooms.when is not None
    assert rooms.when.text == "not alone"
    assert rooms.hard_check is not None
    assert rooms.hard_check.expect.text == "value % 1 == 0"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["geopoint", "q", "Q", "", "", ""], "row 3 (q): the type geopoint: there is no such kind"),
        (["calculate", "q", "", "", "", "1 + 1"], "the type calculate: nothing is calculated"),
        (["text", "q", "Q", "regex(${a}, 'x')", "", ""], "relevant: 'regex' is not understood"),
        (["text", "q", "Q", "${b} = 1", "", ""], "relevant: b is no question that was taken over"),
        (["text", "q", "Q", "${a} + 1 > 2", "", ""], "relevant: '+ 1 > 2' is not understood"),
        (["text", "q", "Q", "${a} > ", "", ""], "relevant: 'the end' is not understood"),
        (["text", "q", "Q", "(" * 80, "", ""], "relevant: it is too deep; it is always asked"),
        (["text", "q", "Q", "", "yes", ""], "required: whatever is asked may be left unanswered"),
        (["text", "q", "Q {x}", "", "", ""], "q: what stands in braces in its text"),
        (["text", "a", "Q", "", "", ""], "row 3 (a): a question: it has no name of its own"),
        (["select_one gone", "q", "Q", "", "", ""], "the choices: there is no list 'gone'"),
        (["time", "q", "Q", "", "", ""], "a time of the day: there is no such kind"),
    ],
)
def test_what_cannot_be_taken_over_is_told_with_its_row(
    row: list[str], told: str, tmp_path: Path
) -> None:
    head = ["type", "name", "label", "relevant", "required", "calculation"]
    form = read_xlsform(workbook([head, ["integer", "a", "A"], row]), "form.xlsx")
    _, made = imported(form, tmp_path)
    assert told in "\n".join(map(str, made.left_out))


def test_a_repeat_is_asked_for_each_of_something(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label", "relevant"],
        ["begin_repeat", "moves", "Moves", ""],
        ["select_one yn", "far", "Far?", ""],
        ["text", "where", "Where?", "${far} = 'yes'"],
        ["end_repeat", "", "", ""],
        ["text", "after", "After?", "${far} = 'yes'"],
    ]
    choices = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]
    bank, made = imported(read_xlsform(workbook(survey, choices), "form.xlsx"), tmp_path)
    assert bank.blocks[0].for_each == "exposure"
    assert bank.questions["moves.where"].when is not None
    assert bank.questions["questions.after"].when is None
    lines = "\n".join(map(str, made.left_out))
    assert "moves): a repeat: it is asked for each exposure here" in lines
    assert "after): relevant: far is asked for each of something, this is not" in lines


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook", b"PK\x03\x04" + b"x" * 99])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(FormError, match="is no xlsx workbook"):
        read_xlsform(data, "form.xlsx")


def test_a_workbook_without_a_survey_is_refused() -> None:
    with pytest.raises(FormError, match="no sheet named survey"):
        read_xlsform(sheets_bytes({"other": [["a"], ["b"]]}), "form.xlsx")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> object:
        raise ModuleNotFoundError

    monkeypatch.setattr("nmt_intake.bank.exchange.sheets.import_module", missing)
    with pytest.raises(IntakeError, match=r"pip install openpyxl.*FORM-002"):
        read_xlsform(b"PK\x03\x04", "form.xlsx")


def test_no_row_is_cut_off_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nmt_intake.bank.exchange.sheets._MOST_ROWS", 3)
    rows = [["type", "name", "label"], *(["text", f"q{number}", "Q"] for number in range(3))]
    with pytest.raises(FormError, match="has over 3 rows"):
        read_xlsform(sheets_bytes({"survey": rows}), "form.xlsx")


def test_no_cell_is_written_as_a_formula() -> None:
    data = sheets_bytes({"survey": [["label"], ["=1+1"]]})
    assert read_sheets(data, "f")["survey"] == [{"": "2", "label": "=1+1"}]
