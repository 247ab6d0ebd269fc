"""Who is there in this case: who can lead an activity, and whether people come first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.planner.circumstances import Circumstances, Person
from nmt_intake.scoring.planner.rules import Rules
from nmt_intake.scoring.ratings import Ratings

# Things of the bath, the bed and the body are led by those who live with the person.
_CLOSE: Final = frozenset({"eases_sleep", "bath", "touch"})
_AT_HOME: Final = frozenset({"night", "morning", "evening", "meals"})
_FROM_OUTSIDE: Final = frozenset({"teacher", "mentor", "leader", "helper", "clinician"})
_OF_HOME: Final = frozenset({"caregiver", "kin", "partner", "sibling", "key_worker"})
# What somebody else may lead in the usual leader's place: what the web does is done by it itself.
_STOOD_IN: Final = frozenset({"person", "carers"})
# Who leads nothing alone for a child: there has to be a grown-up.
_YOUNG: Final = frozenset({"self", "sibling", "peer"})
_MOST_LEADERS: Final = 3
# The grown person's own lead goes before a tie that is no stronger than this.
_OWN_LEAD: Final = 8
_YOUTH_LEAD: Final = 5
_STAND_IN: Final = 1


@dataclass(frozen=True)
class People:
    """The people of one case with their ties, and what that means for the plan."""

    rules: Rules
    age: float
    known: tuple[Person, ...]
    ties: Mapping[str, int]
    has_carers: bool
    carers_poor: bool
    carers_first: bool
    web_weak: bool
    poor_ties: tuple[str, ...]
    in_danger: bool

    @property
    def come_first(self) -> bool:
        """Whether the plan begins with people: a weak web, or a main carer rated poor."""
        return self.web_weak or self.carers_poor

    @property
    def strongest(self) -> Person | None:
        """The strongest tie that can lead, if it is strong."""
        strong = [
            each
            for each in self.known
            if each.can_lead
            and each.role not in ("self", "clinician", "animal")
            and each.tie is not None
            and each.tie >= self.rules.sequence.people.strong_from
        ]
        return max(strong, key=lambda each: (each.tie or 0, each.role != "caregiver"), default=None)

    def has(self, role: str) -> bool:
        """Return whether somebody of this role is there who can lead something."""
        return any(each.role == role and each.can_lead for each in self.known)

    def leaders(self, activity: Activity, settings: tuple[str, ...]) -> tuple[str, ...]:
        """Return who can lead an activity, by the strength of the tie; nobody is an empty tuple."""
        words = _words_of(activity.led_by, carers=activity.addressee == "carers")
        relieved = "gives_relief" in activity.traits and "self" not in activity.led_by
        found: list[tuple[bool, float, int, str]] = []
        others = False
        for place, person in enumerate(self.known):
            tie = self._tie(person, activity, words, settings)
            if tie is not None:
                last = relieved and person.role == "caregiver"
                found.append((last, -tie, place, person.name))
                others = others or person.role not in _YOUNG
        if not found:
            return self._with_a_helper(words)
        if not others and self.age < self.rules.sequence.ages.childish_until:
            return ()
        return tuple(name for _, _, _, name in sorted(found)[:_MOST_LEADERS])

    def _with_a_helper(self, words: frozenset[str]) -> tuple[str, ...]:
        """Return a clinician and the carers, where nobody else is there and their tie is poor.

        They care day by day all the same; a helper stands beside them. Not with those who cannot
        lead for another reason, or while harm goes on.
        """
        if not self.carers_poor or self.in_danger or "caregiver" not in words:
            return ()
        carers = [each.name for each in self.known if each.role == "caregiver"]
        return ("clinician", *carers[:1]) if carers else ()

    def _tie(
        self, person: Person, activity: Activity, words: frozenset[str], settings: tuple[str, ...]
    ) -> float | None:
        """Return how well this person could lead; None if not at all."""
        if not person.can_lead and not self._is_theirs(person, activity):
            return None
        role = self.rules.context.people[person.role]
        tie = float(person.tie or self.rules.sequence.people.unknown_as)
        if not self._is_at_hand(person, activity, settings):
            return None
        if words.intersection(role.leads):
            return tie
        strong = tie >= self.rules.sequence.people.strong_from
        if strong and words.intersection(role.stands_in) and activity.addressee in _STOOD_IN:
            return tie - _STAND_IN
        return None

    def _is_theirs(self, person: Person, activity: Activity) -> bool:
        """Return whether it is this person's own part, however the tie is rated.

        What carers are given is theirs; what a school does about a poor tie is the school's, while
        somebody has to go there.
        """
        if activity.addressee == "carers":
            return person.role == "caregiver"
        at_school = self.age < self.rules.sequence.ages.school_duty_until
        return activity.addressee == "web" and person.role == "teacher" and at_school

    def _is_at_hand(self, person: Person, activity: Activity, settings: tuple[str, ...]) -> bool:
        if person.role == "teacher":
            return "school" in settings and activity.moment not in _AT_HOME
        if settings == ("school",) and person.role in _OF_HOME:
            return False
        if person.role in _FROM_OUTSIDE and activity.addressee == "person":
            close = _CLOSE.intersection(activity.traits) or activity.moment in _AT_HOME
            away = settings != ("home",) or person.role == "helper"
            return not close and away
        return True


@lru_cache(maxsize=1024)
def _words_of(led_by: str, *, carers: bool) -> frozenset[str]:
    """Return the words of `led_by`; in what carers do, `self` is the carer."""
    words = (word.strip() for word in led_by.split(","))
    return frozenset("caregiver" if carers and word == "self" else word for word in words)


def people_of(
    ratings: Ratings, circumstances: Circumstances, conditions: Mapping[str, object], rules: Rules
) -> People:
    """Return the people of a case, from the context and the ratings of current ties."""
    rule = rules.sequence.people
    ties = ratings.relationships
    age = float(ratings.age_months)
    grown = age >= rules.sequence.ages.adult_from
    known = tuple(_known(ratings, circumstances, rules))
    cared_for = any(getattr(condition, "cared_for", False) for condition in conditions.values())
    near = {person.role for person in circumstances.people}
    has_carers = (not grown and "caregiver" not in circumstances.absent) or (
        cared_for and bool(near & {"caregiver", "partner", "kin"})
    )
    if circumstances.client_is_only_informant:
        has_carers = False
    main = ties.get("primary_caregivers")
    others = [tie for name, tie in ties.items() if name not in ("primary_caregivers", "helpers")]
    weak = len(others) > 1 and (
        sum(others) / len(others) < rule.weak_mean or max(others) <= rule.episodic_at_most
    )
    return People(
        rules=rules,
        age=age,
        known=known,
        ties=ties,
        has_carers=has_carers,
        carers_poor=has_carers and main is not None and main <= rule.poor_at_most,
        carers_first=has_carers and main is not None and main <= rule.episodic_at_most,
        web_weak=weak,
        poor_ties=tuple(
            name
            for name, tie in ties.items()
            if tie <= rule.poor_at_most and name != "primary_caregivers"
        ),
        in_danger="current_harm" in conditions,
    )


def _known(ratings: Ratings, circumstances: Circumstances, rules: Rules) -> Iterator[Person]:
    """Yield those whom the context names, then a role's word for each tie that speaks for it."""
    rule = rules.sequence.people
    ties = ratings.relationships
    named = {person.role for person in circumstances.people}
    for person in circumstances.people:
        role = rules.context.people[person.role]
        tie = person.tie if person.tie is not None else ties.get(role.tie or "")
        able = person.can_lead and (tie is None or tie > rule.poor_at_most)
        yield Person(person.name, person.role, tie, able)
    for name, role in rules.context.people.items():
        if name in named or name in circumstances.absent or not _may_be(name, ratings, rules):
            continue
        if circumstances.client_is_only_informant and name in ("caregiver", "teacher"):
            continue
        tie = _own(name, ratings, rules) or ties.get(role.tie or "")
        if name == "clinician":
            tie = min(tie or _YOUTH_LEAD, _YOUTH_LEAD)
        if tie is None and name not in ("caregiver", "teacher", "leader"):
            continue
        yield Person(name, name, tie, tie is None or tie > rule.poor_at_most)


def _own(name: str, ratings: Ratings, rules: Rules) -> int | None:
    if name != "self":
        return None
    return _OWN_LEAD if ratings.age_months >= rules.sequence.ages.adult_from else _YOUTH_LEAD


def _may_be(name: str, ratings: Ratings, rules: Rules) -> bool:
    """Return whether a role is there as a matter of course at this age, if nobody said so."""
    ages, age = rules.sequence.ages, ratings.age_months
    match name:
        case "caregiver":
            return age < ages.adult_from
        case "teacher":
            return ages.teacher[0] <= age < ages.teacher[1]
        case "self":
            return age >= ages.self_leads_from
        case "partner":
            return age >= ages.adult_from
        case "key_worker" | "animal":
            return False
        case _:
            return True


def spoken(names: Iterable[str], people: People) -> tuple[str, ...]:
    """Return people in words: as the case calls them, or what somebody of their role is called."""
    roles = people.rules.context.people
    return tuple(roles[name].title if name in roles else name.replace("_", " ") for name in names)


def why_first(people: People, norms: Norms) -> str:
    """Return in words why people come first."""
    parts: list[str] = []
    if people.carers_poor:
        parts.append(f"the tie to the main carers is rated {people.ties['primary_caregivers']}")
    if people.web_weak:
        titles = [
            norms.item_title("relationships", name).lower()
            for name, tie in people.ties.items()
            if name != "primary_caregivers" and tie <= people.rules.sequence.people.episodic_at_most
        ]
        parts.append(f"the web around is weak ({', '.join(titles)})")
    return " and ".join(parts)
