"""The clients and informants for whom it may matter what a condition says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import gcd, prod
from typing import Final

from nmt_intake.bank.language import INFORMANT_KINDS
from nmt_intake.bank.model import Bank, Condition
from nmt_intake.bank.solving.domains import Domains
from nmt_intake.bank.solving.solver import World
from nmt_intake.bank.truth import Value
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

AGE_FACTS: Final = frozenset({"client.age_months", "client.corrected_age_months"})
_OLDEST: Final = 1200.0
_TERM: Final = 40
_WEEKS: Final = (20, 45)  # what a client's record takes
_GOLDEN: Final = 0.618
_MOST_AT_ONCE: Final = 12  # informants in one world
_LOOPS: Final = ("caregiver", "placement", "exposure")


def facts_behind(bank: Bank, conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the facts that conditions read, or the gates of what they read."""
    facts: set[str] = set()
    seen: set[str] = set()
    waiting = list(conditions)
    while waiting:
        condition = waiting.pop()
        facts.update(condition.facts)
        for name, reach in condition.reads:
            question = bank.questions[name]
            if reach == "many" and question.for_each == "period":
                facts.add("period.id")
            if name not in seen:
                seen.add(name)
                block = bank.block_by_id[question.block]
                waiting += [each for each in (block.when, question.when) if each]
    return frozenset(facts)


def worlds(
    domains: Domains,
    facts: frozenset[str],
    loop: str | None,
    periods: Sequence[str] = PERIODS,
    most: int | None = None,
) -> Iterator[tuple[World, str]]:
    """Yield every world that differs in these facts, with the prefix of an instance of `loop`.

    For a block repeated over periods, each of `periods` that the client has reached. Of more than
    `most` clients so many are taken, from all over.
    """
    parts = _parts(domains, facts)
    total = prod(len(part) for part in parts)
    step = max(1, int(total * _GOLDEN)) | 1
    while gcd(step, total) > 1:
        step += 2
    for number in range(total if most is None else min(total, most)):
        place = number * step % total
        chosen: list[int] = []
        for part in parts:
            place, index = divmod(place, len(part))
            chosen.append(index)
        ages, weeks, informants = parts
        world = world_of(ages[chosen[0]], weeks[chosen[1]], informants[chosen[2]])
        for prefix in _instances(world, loop, periods):
            yield world, prefix


def how_many(domains: Domains, facts: frozenset[str]) -> int:
    """Return how many clients differ in these facts."""
    return prod(len(part) for part in _parts(domains, facts))


@lru_cache(maxsize=16)
def _parts(
    domains: Domains, facts: frozenset[str]
) -> tuple[Sequence[float], Sequence[float], Sequence[Sequence[Mapping[str, Value]]]]:
    return _ages(domains, facts), _weeks(domains, facts), _informants(domains, facts)


def _instances(world: World, loop: str | None, periods: Sequence[str]) -> Sequence[str]:
    if loop is None:
        return ("",)
    if loop == "period":
        return [prefix for prefix in world.prefixes[loop] if prefix[:-1] in periods]
    return world.prefixes[loop][:1]


def world_of(age: float, weeks: float, informants: Sequence[Mapping[str, Value]]) -> World:
    """Return the world of a client of this age: the periods reached, two of all other instances."""
    reached = [f"{period}/" for period in PERIODS if PERIOD_STARTS[period] <= age]
    prefixes: dict[str, Sequence[str]] = {"period": reached}
    prefixes |= {loop: [f"{loop}-1/", f"{loop}-2/"] for loop in _LOOPS}
    facts: dict[str, Value] = {
        "client.age_months": age,
        "client.corrected_age_months": age,
        "client.gestation_weeks": weeks,
    }
    return World(facts, informants, prefixes)


def _ages(domains: Domains, facts: frozenset[str]) -> tuple[float, ...]:
    if facts & AGE_FACTS:
        return domains.ages()
    return (_OLDEST,)


def _weeks(domains: Domains, facts: frozenset[str]) -> tuple[float, ...]:
    if "client.gestation_weeks" not in facts:
        return (_TERM,)
    told = domains.fact_values("client.gestation_weeks")
    low, high = _WEEKS
    within = (week for week in told if isinstance(week, int | float) and low <= week <= high)
    return (_TERM, *within)


def _informants(domains: Domains, facts: frozenset[str]) -> Sequence[Sequence[Mapping[str, Value]]]:
    """Return the sets of informants: all kinds at once, and each alone where it matters."""
    asked = {fact for fact in facts if fact.startswith("informant.")}
    everybody = [_informant(kind) for kind in INFORMANT_KINDS]
    if not asked:
        return [everybody]
    relations = _values(domains, asked, "informant.relation")
    since = _values(domains, asked, "informant.known_from_months")
    alone = [
        _informant(kind, relation, months)
        for kind, relation, months in product(INFORMANT_KINDS, relations, since)
    ]
    several = alone[:: max(1, len(alone) // _MOST_AT_ONCE)]
    return [several, *([each] for each in alone)]


def _values(domains: Domains, asked: set[str], fact: str) -> tuple[Value, ...]:
    return (domains.fact_values(fact) if fact in asked else ()) or (None,)


def _informant(kind: str, relation: Value = None, known_from: Value = None) -> Mapping[str, Value]:
    return {
        "informant.kind": kind,
        "informant.relation": relation,
        "informant.known_from_months": known_from,
    }
