"""What our engine makes of an imported bank: the state of each question by the form's own key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nmt_intake.bank.exchange import Form, Written, write_bank
from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.interview.state import fold
from tests.interview.happenings import event


def imported(form: Form, folder: Path) -> tuple[Bank, Written]:
    """Write a form as a bank and load it."""
    made = write_bank(form, folder)
    return load_bank(folder), made


def as_json(resource: Mapping[str, Any]) -> bytes:
    """Return a resource as the bytes of a file."""
    return json.dumps(resource).encode()


def states(bank: Bank, made: Written, answers: Mapping[str, list[Any]]) -> dict[str, bool | None]:
    """Return the state of each question after these answers: True open, False closed or None."""
    events = []
    for number, (key, values) in enumerate(answers.items()):
        question = bank.questions[made.questions[key]]
        codes = made.codes.get(key, {})
        ours = [
            codes[f"{each[0]}|{each[1]}"] if isinstance(each, tuple) else each for each in values
        ]
        value = ours if question.kind == "choices" else ours[0]
        events.append(event(number + 1, "answered", slot=question.id, value=value))
    truths = fold(bank, events).truths
    return {key: truths[slot] for key, slot in made.questions.items()}
