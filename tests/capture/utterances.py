"""The utterances of seen.yaml and unseen.yaml, with the ids that the bank of today uses."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

HERE: Final = Path(__file__).parent

Half: TypeAlias = Literal["seen", "unseen"]
Kind: TypeAlias = Literal[
    "plain", "described", "idiom", "dialect", "slip", "professional", "spanish"
]
Period: TypeAlias = Literal[
    "intrauterine",
    "perinatal",
    "infancy",
    "early_childhood",
    "childhood",
    "youth",
    "adulthood",
]
Words: TypeAlias = Annotated[str, Field(min_length=2, max_length=300)]


class Utterance(BaseModel):
    """One thing said; `places` are the questions it may go to, without instance, best first.

    `period`, `entry` (a home) and `person` are what the words themselves tell, where they do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    speaker: Words
    kind: Kind
    places: tuple[str, ...] = Field(min_length=1)
    period: Period | None = None
    entry: Words | None = None
    person: Words | None = None


@cache
def written(half: Half) -> tuple[Utterance, ...]:
    """Return a half as it was judged, with the ids of that day."""
    rows = yaml.safe_load((HERE / f"{half}.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Utterance, ...]).validate_python(rows)


@cache
def renamed() -> dict[str, tuple[str, ...]]:
    """Return the questions that took an id's place since then."""
    table = yaml.safe_load((HERE / "renamed.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(table)


def places_today(utterance: Utterance) -> tuple[str, ...]:
    """Return where the words may go by the ids of today; empty if every place is gone."""
    table = renamed()
    today = (new for old in utterance.places for new in table.get(old, (old,)))
    return tuple(dict.fromkeys(today))
