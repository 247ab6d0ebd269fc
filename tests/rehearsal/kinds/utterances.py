"""Utterances of interviewers and the labels of their readers, by id.

The words and the labels stand in separate files, so that a second reader (labels_b) labels blind.
`unseen.yaml` and its labels are for judging the classifier only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER: Final = Path(__file__).parent
HALVES: Final = ("seen", "unseen")

Kind: TypeAlias = Literal[
    "invitation",
    "open_directive",
    "closed",
    "option_posing",
    "leading",
    "multiple",
    "blaming",
    "reflection",
    "summary",
    "support",
    "instruction",
    "dressed",
    "narrowed",
    "unsure",
]
_PRESSING: Final[tuple[Kind, ...]] = ("leading", "multiple", "blaming", "dressed", "narrowed")
SIX: Final[Mapping[Kind, str]] = {
    "invitation": "open",
    "open_directive": "open",
    "closed": "closed",
    "option_posing": "closed",
    **dict.fromkeys(_PRESSING, "pressing"),
    "reflection": "giving back",
    "summary": "giving back",
    "support": "support",
    "instruction": "telling",
}
FOUR: Final[Mapping[Kind, str]] = {
    kind: "question" if group in ("open", "closed", "pressing") else group
    for kind, group in SIX.items()
}
OPEN_CLOSED: Final[Mapping[Kind, str]] = {
    kind: "open" if SIX[kind] == "open" else "closed" for kind in SIX if FOUR[kind] == "question"
}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Utterance(_Model):
    """One thing an interviewer says, and to whom."""

    id: str = Field(pattern=r"^u\d{3}$")
    to: Literal["carer", "teacher", "youth", "adult"]
    words: str = Field(min_length=1)


class Label(_Model):
    """The kind a reader gave, and another that would be as fair, if any."""

    main: Kind
    second: Kind | None = None


@cache
def utterances(half: str) -> tuple[Utterance, ...]:
    """Return one half of the utterances, `seen` or `unseen`."""
    rows = yaml.safe_load((FOLDER / f"{half}.yaml").read_text("utf-8"))
    return tuple(Utterance.model_validate(row) for row in rows)


@cache
def labels(half: str, reader: str = "a") -> Mapping[str, Label]:
    """Return the labels of a reader by id; `FileNotFoundError` while there are none."""
    name = f"labels_{reader}.yaml" if half == "seen" else f"labels_{reader}_{half}.yaml"
    rows = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return {str(key): Label.model_validate(row) for key, row in rows.items()}


@cache
def fresh() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the utterances written last, each with the kinds that are right for it."""
    rows = yaml.safe_load((FOLDER / "fresh.yaml").read_text("utf-8"))
    return tuple((row["words"], (row["main"], row.get("second", ""))) for row in rows)
