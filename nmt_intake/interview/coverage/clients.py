"""The clients and informants a bank is walked with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nmt_intake.bank.model import Bank, Condition
from nmt_intake.interview.events import Client, Informant, InformantKind

# Six weeks, eight months, three, seven, ten, fifteen and thirty-four years, in months.
AGES: Final = {
    "6 weeks": 1.38,
    "8 months": 8.0,
    "3 years": 36.0,
    "7 years": 84.0,
    "10 years": 120.0,
    "15 years": 180.0,
    "34 years": 408.0,
}
_RELATIONS: Final[dict[InformantKind, str]] = {
    "caregiver": "grandmother",
    "self": "self",
    "professional": "caseworker",
}
_EARLY_WEEKS: Final = 30.0


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One made-up client and informant; `two_of` are the loops with two instances, not one."""

    age: str
    client: Client
    informant: Informant
    two_of: frozenset[str]

    def instances(self) -> Iterator[str]:
        """Yield the instances of caregivers, placements and exposures there are."""
        for loop in ("caregiver", "placement", "exposure"):
            yield f"{loop}-1"
            if loop in self.two_of:
                yield f"{loop}-2"


def clients_of(bank: Bank) -> Iterator[MadeUp]:
    """Yield a client of each age with an informant of each kind, born early too if it matters."""
    conditions = list(_conditions(bank))
    facts = {fact for condition in conditions for fact in condition.facts}
    two_of = frozenset(
        bank.questions[name].for_each or ""
        for condition in conditions
        for name, reach in condition.reads
        if reach == "many"
    )
    weeks = (None, _EARLY_WEEKS) if "client.gestation_weeks" in facts else (None,)
    for age, months in AGES.items():
        for kind in _RELATIONS:
            for born in weeks:
                yield made_up(age, months, kind, two_of, born)


def made_up(
    age: str,
    months: float,
    kind: InformantKind = "caregiver",
    two_of: frozenset[str] = frozenset(),
    born: float | None = None,
) -> MadeUp:
    """Return a client of this age, with an informant of this kind."""
    client = Client(alias="A.", age_months=months, gestation_weeks=born)
    return MadeUp(age, client, Informant(id="one", relation=_RELATIONS[kind], kind=kind), two_of)


def _conditions(bank: Bank) -> Iterator[Condition]:
    for block in bank.blocks:
        for condition in (block.when, *(question.when for question in block.questions)):
            if condition:
                yield condition
