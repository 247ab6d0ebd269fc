from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import run_command

BANK = """\
id: small
version: "1"
language: en
blocks: [feeding]
"""
FEEDING = """\
block: feeding
title: Feeding
for_each: period
when: period.id in ('perinatal', 'infancy')
questions:
  - id: refused
    ask: Was there a time when {client.name} would not feed?
    kind: choice
    options: {never: Never, at_first: "At first, then it settled", often: Often}
    evidence_for: [functions.feeding_appetite]
    keywords: [latch, bottle, breast, would not suck]
  - id: refused_length
    ask: About how long did that last?
    kind: number
    unit: weeks
    when: refused in ('at_first', 'often')
"""
ANSWERS = """\
client: {alias: M., birth: 2019-09-14, gestation_weeks: 40}
interviewed: 2026-11-22
informants: [{id: gm, relation: grandmother, known_from_months: 37}]
answers:
  - {question: infancy/feeding.refused, value: often, informant: gm, note: "no bottle for her"}
  - {question: perinatal/feeding.refused, missing: asked-unknown, informant: gm}
ratings: {functions: {sleep: 6}}
"""


@pytest.fixture
def small_bank(tmp_path: Path) -> Path:
    """A bank of one block, as somebody outside would write it."""
    return small_bank_in(tmp_path)


def small_bank_in(place: Path) -> Path:
    folder = place / "bank"
    folder.mkdir()
    (folder / "bank.yaml").write_text(BANK)
    (folder / "feeding.yaml").write_text(FEEDING)
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS)
    return path


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `nmt-intake` as a process of its own, with a home of its own and no terminal."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        home = {"NMT_INTAKE_HOME": str(tmp_path / "home")}
        return run_command(
            arguments, {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **home, **variables}
        )

    return run
