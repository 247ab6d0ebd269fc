"""A FHIR form taken in asks what the standard's own rule asks, on any answers."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from nmt_intake.bank.exchange.fhir import read_questionnaire
from tests.bank.exchange.playing import as_json, imported, states
from tests.bank.exchange.random_forms import random_answers, random_form
from tests.bank.exchange.standard import enabled


@pytest.mark.parametrize("seed", range(40))
def test_what_is_asked_is_what_the_standard_enables(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    form = random_form(random, random.randint(3, 25))
    bank, made = imported(read_questionnaire(as_json(form), "form.json"), tmp_path)
    assert [str(line) for line in made.left_out if "condition" in line.what] == []
    for _ in range(15):
        answers = random_answers(form, random)
        right = enabled(form, answers)
        ours = states(bank, made, answers)
        differing = {
            key: (ours[key], right[key]) for key in ours if (ours[key] is True) != right[key]
        }
        assert differing == {}, (answers, made.files)
