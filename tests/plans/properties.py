"""What holds of every plan: `python -m tests.plans.properties --profiles 5000`.

Profiles are drawn with a fixed seed, so a run can be repeated; each property that breaks is
printed with the ratings file that broke it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from random import Random
from time import perf_counter
from typing import Any, Final

from nmt_intake.vocabulary import ADVERSITY, FUNCTIONS, PERIOD_STARTS, PERIODS, RELATIONSHIPS
from tests.plans.adapter import norms, plan_of
from tests.plans.judging import lines_of

Json = dict[str, Any]

# The printed rule of the household: no more than so many things at once.
THINGS_AT_ONCE: Final = 6
# One rating changed by one step may take so many activities out of the plan, and as many in.
FEW_LINES: Final = 4
FEW_LINES_AFTER_ASKING: Final = 6
_CONDITIONS: Final = (
    "seizures",
    "heart",
    "cerebral palsy",
    "wheelchair",
    "hearing",
    "sight",
    "swallowing",
    "allergy",
    "joints",
    "asthma",
    "self-harm",
    "new placement",
    "does not speak",
    "falls",
    "memory trouble",
)
_SETTINGS: Final = ("home", "school", "clinic", "community")
_STRENGTHS: Final = ("football", "sings", "the dog", "reads", "cooking", "the garden")


def random_file(random: Random) -> Json:
    """Return a ratings file of any age: some nearly whole, some nearly empty, some well."""
    age = random.choice([random.uniform(0, 24), random.uniform(24, 216), random.uniform(216, 1000)])
    reached = [period for period in PERIODS if PERIOD_STARTS[period] <= age]
    share = random.choice([0.1, 0.5, 0.9, 1.0, 1.0])
    kind = random.choice(["any", "any", "near", "well"])
    expected = norms().expected(Fraction(age))

    def rating(name: str) -> int:
        usual = round(float(expected[name]))
        match kind:
            case "any":
                return random.randint(1, 12)
            case "near":
                return min(12, max(1, usual - random.choice([0, 0, 0, 1, 2, 4])))
            case _:
                return max(1, usual)

    context: Json = {}
    if random.random() < 0.5:
        context["conditions"] = random.sample(_CONDITIONS, random.choice([0, 1, 1, 2]))
    if random.random() < 0.4:
        context["minutes_a_week"] = random.choice([10, 30, 60, 120, 240, 600])
    if random.random() < 0.3:
        context["settings"] = random.sample(_SETTINGS, random.randint(1, 4))
    if random.random() < 0.5:
        context["strengths"] = random.sample(_STRENGTHS, random.randint(1, 2))
    return {
        "age_months": round(age, 1),
        "adversity": {
            period: {item: random.randint(1, 12) for item in ADVERSITY if random.random() < 0.5}
            for period in reached
            if random.random() < 0.5
        },
        "functions": {name: rating(name) for name in FUNCTIONS if random.random() < share},
        "relationships": {
            name: random.randint(1, 12) for name in RELATIONSHIPS if random.random() < share
        },
        "context": context,
    }


def in_age(data: Json, plan: Json, _random: Random) -> Iterator[str]:
    """Never outside the age."""
    for line in lines_of(plan):
        start, end = line.about.ages
        if not start <= data["age_months"] < end:
            yield f"{line.data['activity']} is for {start} to {end} months"


def once(_data: Json, plan: Json, _random: Random) -> Iterator[str]:
    """Never twice."""
    counted = Counter(line.data["activity"] for line in lines_of(plan))
    yield from (f"{name} {count} times" for name, count in counted.items() if count > 1)


def within_the_household(data: Json, plan: Json, _random: Random) -> Iterator[str]:
    """Never more at once, in things or minutes, than the rule that is printed."""
    now = [line for line in lines_of(plan) if line.phase == "now"]
    if len(now) > THINGS_AT_ONCE:
        yield f"{len(now)} things at once"
    minutes = data["context"].get("minutes_a_week")
    spent = sum(line.data["minutes_a_week"] for line in now)
    if minutes is not None and spent > minutes:
        yield f"{spent} minutes of {minutes}"


def worst_answered(data: Json, plan: Json, _random: Random) -> Iterator[str]:
    """The function furthest below, by share and by steps, is in `now` or has its reason."""
    needs = _needs(data)
    if not needs:
        return
    expected = _expected(data)
    now = {f for line in plan["phases"][0]["lines"] for f in line["functions"]}
    said = {row["function"] for row in plan["unanswered"] if row["reason"].strip()}
    lowest = min(needs, key=lambda name: needs[name] / expected[name])
    deepest = max(needs, key=lambda name: expected[name] - needs[name])
    for name in {lowest, deepest} - now - said:
        yield f"{name} is neither answered nor explained"


def typical_is_no_need(data: Json, plan: Json, _random: Random) -> Iterator[str]:
    """A rating in the typical range is never what a line of need is there for."""
    for line in lines_of(plan):
        first = line.data["functions"][0]
        rating = data["functions"].get(first)
        level = line.data["band"]
        is_for_need = line.about.addressee == "person" and level in ("essential", "therapeutic")
        if is_for_need and rating is not None and rating >= 10:
            yield f"{line.data['activity']} is there for {first}, rated {rating}"


def better_is_never_more(data: Json, plan: Json, random: Random) -> Iterator[str]:
    """Better ratings never raise a level, the things at once, or what the plan deals with.

    What it deals with are its lines of need and the needs without one: a need that waits for a
    doctor's word may get a line when it is rated better, and then waits no more. Where minutes are
    the limit, one dear thing may stand for three cheap ones: there the minutes are what counts.
    """
    better = {
        name: min(12, rating + random.choice([0, 0, 1, 3]))
        for name, rating in data["functions"].items()
    }
    other = plan_of({**data, "functions": better})
    order = ("essential", "therapeutic", "enrichment")
    before = {row["domain"]: row["level"] for row in plan.get("levels", [])}
    for row in other.get("levels", []):
        if order.index(row["level"]) < order.index(before[row["domain"]]):
            yield f"{row['domain']} went from {before[row['domain']]} to {row['level']}"
    few, many = (len(each["phases"][0]["lines"]) for each in (plan, other))
    waits = len(plan["unanswered"]) if _is_narrow(data) else 0
    if many > few + waits and "minutes_a_week" not in data["context"]:
        yield f"{many} things at once where there were {few}"
    few, many = (len(_dealt_with(each)) for each in (plan, other))
    if many > few:
        yield f"{many} needs where there were {few}"


def _is_narrow(data: Json) -> bool:
    """Whether little can be suggested at all: conditions, few places, carers who cannot lead.

    There a need that waited may get a line once it is rated better, where nothing stood before.
    """
    context, carers = data["context"], data["relationships"].get("primary_caregivers", 12)
    return bool(context.get("conditions") or context.get("settings")) or carers <= 3


def _dealt_with(plan: Json) -> set[str]:
    unanswered = {row["function"] for row in plan["unanswered"]}
    return unanswered | {
        line["need"] for phase in plan["phases"] for line in phase["lines"] if line["need"]
    }


def steady(data: Json, plan: Json, random: Random) -> Iterator[str]:
    """One rating, one step: few lines change.

    A step over the rating at which somebody is asked first lets what waited begin: then a few more.
    """
    if not data["functions"]:
        return
    name = random.choice(list(data["functions"]))
    rating = data["functions"][name]
    step = 1 if rating == 1 else -1 if rating == 12 else random.choice([-1, 1])
    other = plan_of({**data, "functions": {**data["functions"], name: rating + step}})
    one, two = ({line.data["activity"] for line in lines_of(each)} for each in (plan, other))
    asks = [
        {about for ask in each["ask_first"] for about in ask["about"]} for each in (plan, other)
    ]
    few = FEW_LINES if asks[0] == asks[1] else FEW_LINES_AFTER_ASKING
    if max(len(one - two), len(two - one)) > few:
        yield f"{name} {rating} to {rating + step}: out {sorted(one - two)}, in {sorted(two - one)}"


def _expected(data: Json) -> Mapping[str, float]:
    return {k: float(v) for k, v in norms().expected(Fraction(data["age_months"])).items()}


def _needs(data: Json) -> Mapping[str, int]:
    """Return the rated functions under 85 percent and a whole step below, not in typical range."""
    expected = _expected(data)
    return {
        name: rating
        for name, rating in data["functions"].items()
        if rating < 10 and rating < 0.85 * expected[name] and expected[name] - rating >= 1
    }


PROPERTIES: Final[tuple[Callable[[Json, Json, Random], Iterator[str]], ...]] = (
    in_age,
    once,
    within_the_household,
    worst_answered,
    typical_is_no_need,
    better_is_never_more,
    steady,
)


def broken(profiles: int, seed: int = 1) -> Iterator[tuple[str, str, Json]]:
    """Yield each break of a property: its name, what broke, and the ratings file."""
    for number in range(profiles):
        random = Random(seed * 1_000_003 + number)
        data = random_file(random)
        plan = plan_of(data)
        for holds in PROPERTIES:
            for what in holds(data, plan, random):
                yield holds.__name__, what, data


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.plans.properties")
    parser.add_argument("--profiles", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=2, help="examples of each break")
    options = parser.parse_args(arguments)
    counted: Counter[str] = Counter()
    start = perf_counter()
    for name, what, data in broken(options.profiles, options.seed):
        counted[name] += 1
        if counted[name] <= options.show:
            print(f"{name}: {what}\n    {json.dumps(data)}")
    spent = perf_counter() - start
    for holds in PROPERTIES:
        print(f"{holds.__name__}: {counted[holds.__name__]} breaks")
    print(f"{options.profiles} profiles in {spent:.0f} s.")
    return 1 if counted else 0


if __name__ == "__main__":
    sys.exit(main())
