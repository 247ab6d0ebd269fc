from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from nmt_intake.bank.loading import load_bank
from nmt_intake.rehearsal.play import Played, play_file
from nmt_intake.report.case_export import audit_trail, export_csv, export_json
from nmt_intake.report.disclosure import Policy

BANK = """\
id: small
version: "1"
language: en
blocks: [house]
"""
HOUSE = """\
block: house
title: At home
questions:
  - id: drink
    ask: Did anyone drink too much, {client.name}?
    kind: yes_no
    tags: [substance]
  - id: bed
    ask: Where did {client.name} sleep?
    kind: text
"""
ANSWERS = """\
client: {alias: Q., birth: 2019-09-14, name: Quentin}
interviewed: 2026-11-22
informants: [{id: gm, relation: grandmother, name: Olga}]
answers:
  - {question: house.drink, value: true, informant: gm, note: "canary-whisky"}
  - {question: house.bed, value: "=HYPERLINK(1)", informant: gm}
"""
NAMES = """\
client: {alias: Q., birth: 2019-09-14, name: Quentin Reef}
interviewed: 2026-11-22
informants: [{id: gm, relation: grandmother, name: Olga Reef}]
answers:
  - {question: house.drink, value: true, informant: gm, note: "Olga found Quentin asleep, Q. alone"}
  - {question: house.bed, value: "beside Olga Reef; the Reefs had one bed", informant: gm}
"""


@pytest.fixture
def played(tmp_path: Path) -> Played:
    (tmp_path / "bank.yaml").write_text(BANK)
    (tmp_path / "house.yaml").write_text(HOUSE)
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    bank = load_bank(tmp_path)
    return play_file(tmp_path / "answers.yaml", bank, "me", date(2026, 11, 22))


def test_an_export_holds_every_answer_with_its_informant(played: Played) -> None:
    answers = export_json(played.interview, Policy())["answers"]
    assert isinstance(answers, list)
    found = {answer["slot"]: answer for answer in answers if isinstance(answer, dict)}
    assert found["house.drink"]["value"] is True
    assert found["house.drink"]["informant"] == "grandmother"
    assert found["house.bed"]["value"] == "=HYPERLINK(1)"


def test_substance_answers_can_be_left_out_and_it_says_so(
    played: Played,
) -> None:
    data = export_json(played.interview, Policy(substance=False))
    assert "canary-whisky" not in json.dumps(data)
    assert data["left_out"] == {"substance": 1}


def test_a_pseudonym_takes_the_place_of_names_and_birth_date(played: Played) -> None:
    text = json.dumps(export_json(played.interview, Policy(name="Case 7")))
    for name in ("Q.", "Quentin", "Olga", "2019-09-14"):
        assert name not in text
    assert "Where did Case 7 sleep?" in text


@pytest.mark.parametrize(("pseudonym", "called"), [(None, "Q."), ("Case 7", "Case 7")])
def test_nobody_is_named_in_what_was_said_either(
    tmp_path: Path, pseudonym: str | None, called: str
) -> None:
    (tmp_path / "bank.yaml").write_text(BANK)
    (tmp_path / "house.yaml").write_text(HOUSE)
    (tmp_path / "answers.yaml").write_text(NAMES)
    bank = load_bank(tmp_path)
    interview = play_file(tmp_path / "answers.yaml", bank, "me", date(2026, 11, 22)).interview
    chosen = Policy(name=pseudonym)
    text = json.dumps(export_json(interview, chosen)) + export_csv(interview, chosen)
    for name in ("Quentin", "Olga", "Reef;"):
        assert name not in text
    assert f"grandmother found {called} asleep, {called} alone" in text
    assert "beside grandmother; the Reefs had one bed" in text
    assert f"Where did {called} sleep?" in text


def test_a_pseudonym_keeps_the_age_in_whole_months_only(played: Played) -> None:
    client = export_json(played.interview, Policy(name="Case 7"))["client"]
    assert isinstance(client, dict)
    assert (client["alias"], client["birth"], client["age_months"]) == ("Case 7", None, 86)


def test_no_cell_of_the_csv_is_a_formula(played: Played) -> None:
    rows = list(csv.DictReader(io.StringIO(export_csv(played.interview, Policy()))))
    cells = [cell for row in rows for cell in row.values()]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_audit_trail_tells_who_and_when_but_not_what_was_said(played: Played) -> None:
    trail = audit_trail(played.events)
    text = json.dumps(list(trail))
    assert [entry["kind"] for entry in trail] == [event.kind for event in played.events]
    for word in ("canary-whisky", "HYPERLINK", "Quentin", "Q.", "Olga"):
        assert word not in text
