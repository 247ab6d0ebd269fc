"""The sentences of seen.yaml, unseen.yaml and fresh.yaml; how they are judged heads seen.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

HERE: Final = Path(__file__).parent

Half: TypeAlias = Literal["seen", "unseen"]
List: TypeAlias = Literal["seen", "unseen", "fresh"]
Topic: TypeAlias = Literal["self_harm", "current_harm", "weapons", "medical"]
Kind: TypeAlias = Literal["named", "ordinary", "misleading", "denial", "open"]


class Sentence(BaseModel):
    """One sentence: `topics` must be offered, those in `may` are neither missed nor false."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Annotated[str, Field(min_length=2, max_length=300)]
    language: Literal["en", "es"]
    kind: Kind
    topics: frozenset[Topic] = frozenset()
    may: frozenset[Topic] = frozenset()

    @model_validator(mode="after")
    def _topics_fit_the_kind(self) -> Self:
        if bool(self.topics) != (self.kind == "named") or bool(self.may) != (self.kind == "open"):
            raise ValueError(f"{self.kind}: `topics` goes with named only, `may` with open only")
        return self


@cache
def written(half: List) -> tuple[Sentence, ...]:
    """Return a half as it was judged."""
    rows = yaml.safe_load((HERE / f"{half}.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Sentence, ...]).validate_python(rows)
