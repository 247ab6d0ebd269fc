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


def states(bank: Bank, made: Written, answers: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return the state of each question after these answers: True open, False closed or None.

    An answer is a value or a list of them; a coding is `(system, code)`.
    """
    events = []
    for number, (key, given) in enumerate(answers.items()):
        question = bank.questions[made.questions[key]]
        values = given if isinstance(given, list) else [given]
        ours = [_ours(made.codes.get(key, {}), value) for value in values]
        value = ours if question.kind == "choices" else ours[0]
        events.append(event(number + 1, "answered", slot=question.id, value=value))
    truths = fold(bank, events).truths
    return {key: truths[slot] for key, slot in made.questions.items()}


def _ours(codes: Mapping[str, str], value: Any) -> Any:
    """Return a form's own code as the bank's, any other value as it is."""
    key = "|".join(value) if isinstance(value, tuple) else value
    if isinstance(value, tuple) and key not in codes:
        return "other"  # of a list that is kept elsewhere
    return codes.get(key, value) if isinstance(key, str) else value
