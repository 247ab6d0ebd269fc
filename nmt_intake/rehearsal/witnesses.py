"""Witnesses as answers files: written, played, and only then shown."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from nmt_intake.bank.model import Bank
from nmt_intake.bank.proof.goals import Aim, Goal, Witness
from nmt_intake.bank.truth import State
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import question_at
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import AnswerError, read_value
from nmt_intake.rehearsal.play import play_file

_ALIAS: Final = "W."
_WISHES: Final = {"open": (State.OPEN,), "closed": (State.CLOSED,)}


def file_text(witness: Witness, says: str, bank: Bank | None = None) -> str:
    """Return the answers file of a witness; with `bank`, only what that bank can take."""
    answers = [
        {"question": slot, "value": value}
        for slot, value in witness.answers.items()
        if bank is None or _takes(bank, slot, value)
    ]
    answers += [
        {"question": slot, "missing": reason}
        for slot, reason in witness.missing.items()
        if bank is None or question_at(bank, slot)
    ]
    client: dict[str, object] = {"alias": _ALIAS, "interviewed": witness.day}
    for key, value in (
        ("birth", witness.birth),
        ("age_months", witness.age_months),
        ("gestation_weeks", witness.gestation_weeks),
    ):
        if value is not None:
            client[key] = value
    tellers = witness.tellers
    entry: dict[str, str] = {"informant": "teller-1"} if len(tellers) > 1 else {}
    content: dict[str, object] = {"client": client}
    if tellers:
        content["informants"] = [
            {
                "id": f"teller-{number}",
                "relation": teller.relation,
                "kind": teller.kind,
                **_known(teller.known_from_months),
            }
            for number, teller in enumerate(tellers, 1)
        ]
    if witness.instances:
        content["instances"] = [{"id": each} for each in witness.instances]
    if witness.complete:
        content["complete"] = list(witness.complete)
    content["answers"] = [{**each, **entry} for each in answers]
    # Its stubs leave open how wide a line may be.
    written = yaml.safe_dump(  # pyright: ignore[reportUnknownMemberType]
        content, sort_keys=False, allow_unicode=True, width=100
    )
    return f"# {says}\n{written}"


def _known(months: float | None) -> Mapping[str, float]:
    return {} if months is None else {"known_from_months": months}


def _takes(bank: Bank, slot: str, value: object) -> bool:
    question = question_at(bank, slot)
    if question is None:
        return False
    try:
        read_value(question, value)
    except AnswerError:
        return False
    return True


def played(bank: Bank, text: str) -> Interview | None:
    """Return the interview that an answers file makes with a bank; None if it cannot be played."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "witness.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return play_file(path, bank, author="check", today=date.today()).interview
        except IntakeError:
            return None


def comes_about(interview: Interview, goal: Goal, prefix: str) -> bool:
    """Return whether an interview brings a goal about for the instance with this prefix."""
    if goal.loop and prefix not in interview.layout.prefixes.get(goal.loop, ()):
        return False
    return all(_comes_to(interview, aim, prefix) for aim in goal.aims)


def _comes_to(interview: Interview, aim: Aim, prefix: str) -> bool:
    seen = interview.seen
    if aim.kinds:
        here = [each for each in seen.informants if each["informant.kind"] in aim.kinds]
        someone = [{"informant.kind": kind} for kind in aim.kinds]
        seen = replace(seen, informants=here or someone)
    state = aim.condition.state(seen, prefix)
    return state is not State.OPEN if aim.wish == "not open" else state in _WISHES[aim.wish]


def is_asked(interview: Interview | None, slot: str) -> bool:
    """Return whether a question is open, beyond doubt."""
    return interview is not None and interview.states.get(slot) is State.OPEN
