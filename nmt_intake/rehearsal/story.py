"""What a made-up person carries: facts, what opens them, a voice, and what a good rating rests on.

The `story` of a persona's file stands beside its answers. The answers are the key: what a careful
interviewer codes once everything that can be told was told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from nmt_intake.interview.events import MissingReason

Percent = Annotated[int, Field(ge=0, le=100)]
Topic: TypeAlias = Literal["self_harm", "current_harm", "weapons", "medical"]
Help: TypeAlias = Literal["break", "silence", "support", "reflection"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Needs(_Value):
    """What must have been done before a fact is told; `trust` is of 100."""

    preface: bool = False
    open: bool = False
    pause: bool = False
    trust: Percent = 0


class Instead(_Value):
    """What is said while a fact is kept back, and how a careful listener codes that."""

    say: str
    value: JsonValue = None
    missing: MissingReason | None = None


class Fact(_Value):
    """One thing that the teller could tell.

    `what` is the truth in one sentence, `say` how the teller puts it, `at` the slots of the key it
    is the answer to; `hides` are codes of answers with several that are not named without it.
    `difficulty` (0-100) is how hard it is to say. `never`: not told to anybody.
    `early`: it slips out at that slot, before its turn. `error` is what the teller has wrong.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    what: str
    at: list[str] = []
    hides: dict[str, list[str]] = {}
    say: str
    difficulty: Percent = 0
    needs: Needs = Needs()
    instead: Instead | None = None
    never: bool = False
    early: str | None = None
    safety: Topic | None = None
    error: str = ""

    @property
    def slots(self) -> list[str]:
        """Every slot that it is told at."""
        return [*self.at, *(slot for slot in self.hides if slot not in self.at)]


class Footing(_Value):
    """Where the teller loses footing, how it shows, and what helps."""

    at: str
    shows: Literal["tears", "anger", "quiet"]
    say: str
    helped_by: list[Help]
    then: str


class Voice(_Value):
    """How the teller speaks where the file has no words of their own for it."""

    yes: list[str]
    no: list[str]
    thinks: list[str]
    adds: list[str]
    follows: list[str]
    unknown: list[str]
    declines: list[str]
    pushed: list[str]
    quiet: list[str]
    thanked: list[str]


class Rested(_Value):
    """Why the key rates as it does, and the facts that this rests on."""

    because: str
    facts: list[str] = []


class Story(_Value):
    """All that a rehearsal needs beside the answers; `trust` and `strain` at the start, of 100.

    `plan` names the functions that a plan for this person should reach, each with the reason.
    """

    trust: Percent = 40
    strain: Percent = 20
    facts: list[Fact]
    footing: Footing
    voice: Voice
    ratings_because: dict[str, Rested] = {}
    plan: dict[str, str] = {}

    def renamed(self, now: Callable[[str], str]) -> Story:
        """Return the story with every slot under the name it has now."""
        facts = [
            each.model_copy(
                update={
                    "at": [now(slot) for slot in each.at],
                    "hides": {now(slot): codes for slot, codes in each.hides.items()},
                    "early": now(each.early) if each.early else None,
                }
            )
            for each in self.facts
        ]
        footing = self.footing.model_copy(update={"at": now(self.footing.at)})
        return self.model_copy(update={"facts": facts, "footing": footing})

    def hiding(self, slot: str) -> list[Fact]:
        """Return the facts that leave codes out of the answer at a slot while they are not told."""
        return [each for each in self.facts if slot in each.hides]

    def fact(self, name: str) -> Fact:
        """Return a fact by id; raises KeyError."""
        for each in self.facts:
            if each.id == name:
                return each
        raise KeyError(name)
