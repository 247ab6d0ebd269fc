"""What is asked first: conditions, low ratings and facts, and what waits for the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.metrics import Metrics
from nmt_intake.scoring.planner.circumstances import Circumstances
from nmt_intake.scoring.planner.needs import Need
from nmt_intake.scoring.planner.plan import Ask
from nmt_intake.scoring.planner.rules import Condition, FunctionCare, Rules
from nmt_intake.scoring.ratings import Ratings


@dataclass(frozen=True)
class Care:
    """What holds for one person: their conditions, and which traits wait for whose answer.

    `avoid` names for each trait what it waits for (a condition's or a function's id); `unanswered`
    the same for functions that no activity is suggested for; `asks` are the entries by that id.
    """

    rules: Rules
    conditions: Mapping[str, Condition]
    low: Mapping[str, Need]
    avoid: Mapping[str, str]
    not_now: frozenset[str]
    prefer: frozenset[str]
    unanswered: Mapping[str, str]
    asks: Mapping[str, Ask]

    def waits_for(self, activity: Activity) -> str | None:
        """Return what an activity waits for before it can be suggested; None if for nothing."""
        for trait in activity.traits:
            if trait in self.avoid:
                return self.avoid[trait]
        for ask in activity.ask_first:
            if ask.condition in self.conditions:
                return ask.condition
            need = self.low_or_needed.get(ask.function)
            if need is not None and need.rating <= ask.at_most:
                return ask.function
        return next((name for name in activity.not_when if name in self.conditions), None)

    @property
    def low_or_needed(self) -> Mapping[str, Need]:
        """The functions that need help, by id."""
        return self.low

    def is_kept_for_later(self, activity: Activity) -> bool:
        """Return whether an activity has a trait that nothing begun at once should have."""
        return bool(self.not_now.intersection(activity.traits))

    def preferred(self, activity: Activity) -> int:
        """Return how many traits an activity has that fit this person well."""
        return len(self.prefer.intersection(activity.traits))

    def adaptations(self, activity: Activity) -> tuple[str, ...]:
        """Return how an activity is done with this person: its own words first, each once."""
        said: list[str] = []
        covered: set[str] = set()
        for adapted in activity.adapted:
            if hit := [name for name in adapted.conditions if name in self.conditions]:
                said.append(adapted.how)
                covered.update(hit)
        said += [
            condition.adapt
            for name, condition in self.conditions.items()
            if condition.adapt and name not in covered
        ]
        return tuple(dict.fromkeys(said))

    def adapted(self, activity: Activity) -> bool:
        """Return whether an activity says itself how it is done with a condition of this person."""
        named = {name for each in activity.adapted for name in each.conditions}
        return bool(named & self.conditions.keys())

    def asks_about(self, functions: tuple[str, ...]) -> tuple[str, ...]:
        """Return, in sentences, who should say how a line for these functions is done."""
        said: list[str] = []
        for condition in self.conditions.values():
            for function in functions[:1]:
                if whom := condition.ask_about.get(function):
                    said.append(f"Ask {self.rules.whom(whom)} how it is done ({condition.title}).")
        return tuple(dict.fromkeys(said))

    @property
    def safety(self) -> tuple[Ask, ...]:
        """The entries about safety."""
        return tuple(ask for ask in self.asks.values() if ask.safety)


def care_of(
    needs: Mapping[str, Need],
    metrics: Metrics,
    ratings: Ratings,
    circumstances: Circumstances,
    rules: Rules,
) -> Care:
    """Return what is asked first for one person, from the context, the ratings and the facts."""
    names = dict.fromkeys((*circumstances.conditions, *_facts(ratings, rules)))
    conditions = {
        name: rules.context.conditions[name]
        for name in names
        if name in rules.context.conditions
        and ratings.age_months < rules.context.conditions[name].until_months
    }
    asks: dict[str, Ask] = {}
    avoid: dict[str, str] = {}
    unanswered: dict[str, str] = {}
    not_now: set[str] = set()
    prefer: set[str] = set()
    for name, condition in conditions.items():
        whom = tuple(dict.fromkeys((*condition.whom, *_more(condition))))
        asks[name] = Ask((name,), whom, condition.says, condition.soon, condition.safety)
        avoid.update({trait: name for trait in condition.avoid if trait not in avoid})
        unanswered.update({f: name for f in condition.unanswered if f not in unanswered})
        not_now.update(condition.not_now)
        prefer.update(condition.prefer)
    for name, need in needs.items():
        row = rules.context.functions[name]
        if need.rating > row.at_most:
            continue
        whom = _whom(row, ratings, rules)
        asks[name] = Ask((name,), whom, lowest_says((need,), whom, rules), row.soon)
        avoid.update({trait: name for trait in row.avoid if trait not in avoid})
        not_now.update(row.not_now)
        if row.unanswered:
            unanswered.setdefault(name, name)
    return Care(
        rules,
        conditions,
        needs,
        avoid,
        frozenset(not_now),
        frozenset(prefer),
        unanswered,
        dict(sorted(asks.items(), key=lambda each: _gravity(each[1]))),
    )


def lowest_says(needs: tuple[Need, ...], whom: tuple[str, ...], rules: Rules) -> str:
    """Return in a sentence which functions are far below, and who should hear of it."""
    titles = [f"{_bare(need.title)} (rated {need.rating})" for need in needs]
    rest = [f"{title[:1].lower()}{title[1:]}" for title in titles[1:]]
    return rules.says("lowest_band", titles=", ".join([titles[0], *rest]), whom=rules.whom(whom))


# Who hears of it instead while somebody is an infant.
_OF_INFANTS: Final = {"mental_health": "health_visitor", "education_specialist": "health_visitor"}


def _whom(row: FunctionCare, ratings: Ratings, rules: Rules) -> tuple[str, ...]:
    if ratings.age_months >= rules.sequence.ages.adult_from:
        # Nobody for lessons is asked about a grown-up whom a doctor should see.
        others = tuple(who for who in row.whom if who != "education_specialist")
        return others or row.whom
    if ratings.age_months >= rules.sequence.ages.infant_until:
        return row.whom
    return tuple(dict.fromkeys(_OF_INFANTS.get(who, who) for who in row.whom))


def _more(condition: Condition) -> Iterator[str]:
    for whom in condition.ask_about.values():
        yield from whom


def _gravity(ask: Ask) -> tuple[bool, bool]:
    return not ask.safety, not ask.soon


def _bare(title: str) -> str:
    """Return a function's title without what stands in brackets."""
    return title.partition(" (")[0]


def _facts(ratings: Ratings, rules: Rules) -> Iterator[str]:
    """Yield the conditions that facts in the ratings file make: exposure, early birth."""
    facts = rules.sequence.facts
    exposed = ratings.adversity.get("intrauterine", {}).get("substance")
    if exposed is not None and exposed >= facts.prenatal_exposure_from:
        yield "prenatal_alcohol"
    weeks, age = ratings.gestation_weeks, ratings.age_months
    if weeks is None:
        return
    early = weeks < facts.early_birth_below_weeks and age < facts.early_birth_until_months
    very = weeks < facts.very_early_below_weeks and age < facts.very_early_until_months
    if early or very:
        yield "preterm"
