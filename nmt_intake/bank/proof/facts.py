"""The client, the people who tell and the instances there are, as variables with their bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final

from nmt_intake.bank.language import INFORMANT_KINDS
from nmt_intake.bank.proof import logic
from nmt_intake.bank.proof.logic import Number, Solver, Truth, both, implies, no
from nmt_intake.bank.proof.parts import NOT_KNOWN, Seen, Word
from nmt_intake.text import clean_line
from nmt_intake.vocabulary import PERIOD_STARTS, PERIODS

# What a client's record takes: an age of 125 years, a pregnancy of 20 to 45 weeks.
OLDEST_MONTHS: Final = 1500
WEEKS: Final = (20, 45)
LAST_DAY: Final = 3_652_059  # 9999-12-31
LOOPS: Final = ("caregiver", "placement", "exposure")
# The instance of a block repeated over periods of which only the period is not settled yet.
SOME_PERIOD: Final = "some-period/"
# As `interview.ages` computes the corrected age: kept equal by a test.
_TERM_WEEKS: Final = 40
_PRETERM_BELOW: Final = 37
_CORRECTED_UNTIL: Final = 24
_WEEKS_A_MONTH: Final = Fraction("365.25") / 12 / 7
_DAYS_A_MONTH: Final = Fraction("30.436875")  # of the calendar's 400 years
_CALENDAR_SLACK: Final = 3  # days by which so many months may be longer or shorter


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody who may be there to tell, with what conditions read of them."""

    here: Truth
    kind: Word
    relation: Word
    since_known: Truth
    since: Number


class Facts:
    """The facts of one client as terms, made when they are first asked for.

    `nice` is the truth under which people are as they usually are: it keeps witnesses plain.
    """

    def __init__(self, solver: Solver, nice: Truth, instances: int, tellers: int) -> None:
        self._solver = solver
        self._nice = nice
        # Under which numbers have few decimals.
        self.short: Truth = False if nice is False else logic.truth("short")
        self.tellers = tuple(self._teller(number) for number in range(1, tellers + 1))
        self.complete = {loop: logic.truth(f"complete {loop}") for loop in LOOPS}
        self.named = {
            loop: [logic.truth(f"there {loop}-{number}") for number in range(1, instances + 1)]
            for loop in LOOPS
        }
        for there in self.named.values():
            for one, following in pairwise(there):
                solver.add(implies(following, one))

    def instances(self, loop: str) -> list[tuple[str, Truth]]:
        """Return the prefix of each instance that may be there, and whether it is."""
        if loop == "period":
            return [(f"{period}/", no(self.surely_not(period))) for period in PERIODS]
        return [
            (f"{loop}-{number}/", there) for number, there in enumerate(self.named.get(loop, ()), 1)
        ]

    def surely_not(self, period: str) -> Truth:
        """Return that the client has not come to this period yet."""
        return self._reached[period][1]

    def surely(self, period: str) -> Truth:
        """Return that the client has come to this period beyond doubt."""
        return self._reached[period][0]

    @cached_property
    def _reached(self) -> dict[str, tuple[Truth, Truth]]:
        found: dict[str, tuple[Truth, Truth]] = {}
        for period, start in PERIOD_STARTS.items():
            if start <= 0:
                found[period] = (True, False)
                continue
            not_yet = logic.truth(f"before {period}")
            younger = logic.below(self.age.low, Fraction(start))
            self._solver.add(logic.alike(not_yet, both(self.age.known, younger)))
            found[period] = both(self.age.known, no(not_yet)), not_yet
        return found

    @cached_property
    def some_reached(self) -> tuple[Truth, Truth]:
        """That the client has come to `SOME_PERIOD` beyond doubt, and that surely not yet."""
        surely, not_yet = logic.truth("the period is reached"), logic.truth("the period is ahead")
        chosen = self.some_period.items()
        every = (implies(is_it, self.surely(period)) for period, is_it in chosen)
        self._solver.add(logic.alike(surely, logic.all_of(every)))
        some = (both(is_it, self.surely_not(period)) for period, is_it in chosen)
        self._solver.add(logic.alike(not_yet, logic.any_of(some)))
        return surely, not_yet

    @cached_property
    def some_period(self) -> dict[str, Truth]:
        """Which period `SOME_PERIOD` is: exactly one."""
        found = {period: logic.truth(f"the period is {period}") for period in PERIODS}
        self._solver.add(logic.exactly_one(found.values()))
        return found

    @cached_property
    def age(self) -> Seen:
        """The age in months, where it is known."""
        age, known = logic.real("age"), logic.truth("age known")
        self._solver.add(both(logic.at_most(0, age), logic.at_most(age, OLDEST_MONTHS)))
        whole = logic.equal(age, logic.floor(age))
        self._solver.add(implies(self._nice, both(whole, logic.at_most(age, 252), known)))
        return Seen(known, low=age, high=age)

    @cached_property
    def weeks(self) -> Seen:
        """The weeks of pregnancy, where they are known."""
        weeks, known = logic.real("weeks"), logic.truth("weeks known")
        self._solver.add(both(logic.at_most(WEEKS[0], weeks), logic.at_most(weeks, WEEKS[1])))
        whole = logic.equal(weeks, logic.floor(weeks))
        self._solver.add(implies(self._nice, both(whole, logic.at_most(weeks, 42))))
        return Seen(known, low=weeks, high=weeks)

    @cached_property
    def corrected(self) -> Seen:
        """The age corrected for birth before 37 weeks, until 24 months; never below 0."""
        early = logic.times(logic.taken(_TERM_WEEKS, self.weeks.low), 1 / _WEEKS_A_MONTH)
        less = logic.greatest((Fraction(0), logic.taken(self.age.low, early)))
        applies = both(
            self.weeks.known,
            logic.below(self.weeks.low, _PRETERM_BELOW),
            logic.below(self.age.low, _CORRECTED_UNTIL),
        )
        found = logic.real("corrected age")
        self._solver.add(logic.equal(found, logic.choose(applies, less, self.age.low)))
        return Seen(self.age.known, low=found, high=found)

    @cached_property
    def day(self) -> Seen:
        """The day of the interview."""
        day = logic.whole("day")
        self._solver.add(both(logic.at_most(1, day), logic.at_most(day, LAST_DAY)))
        recent = both(logic.at_most(737_791, day), logic.at_most(day, 741_443))  # 2021 to 2030
        self._solver.add(implies(self._nice, recent))
        return Seen(True, low=day, high=day)

    @cached_property
    def birth(self) -> Seen:
        """The day of birth, where it is known: then the age in whole months follows from it."""
        birth, known = logic.whole("birth"), logic.truth("birth known")
        age, days = self.age.low, logic.taken(self.day.low, birth)
        least = logic.times(age, _DAYS_A_MONTH)
        most = logic.times(logic.added(age, 1), _DAYS_A_MONTH)
        follows = both(
            self.age.known,
            logic.equal(age, logic.floor(age)),
            logic.at_most(logic.taken(least, _CALENDAR_SLACK), days),
            logic.at_most(days, logic.added(most, _CALENDAR_SLACK)),
        )
        surely = both(
            logic.at_most(logic.added(least, _CALENDAR_SLACK), days),
            logic.at_most(days, logic.taken(most, _CALENDAR_SLACK + 1)),
        )
        self._solver.add(both(logic.at_most(1, birth), logic.at_most(birth, self.day.low)))
        self._solver.add(implies(known, follows))
        self._solver.add(implies(both(known, self._nice), surely))
        return Seen(known, low=birth, high=birth)

    def of_client(self, name: str) -> Seen:
        """Return a fact of the client or the interview by its name in conditions."""
        match name:
            case "client.age_months":
                return self.age
            case "client.corrected_age_months":
                return self.corrected
            case "client.gestation_weeks":
                return self.weeks
            case "client.birth":
                return self.birth
            case "interview.date":
                return self.day
            case _:
                return NOT_KNOWN

    def period_id(self, prefix: str) -> Seen:
        """Return the id of the period that an instance is."""
        if prefix == SOME_PERIOD:
            return Seen(True, word=Word(dict(self.some_period)))
        return Seen(True, word=Word({prefix[:-1]: True})) if prefix else NOT_KNOWN

    def _teller(self, number: int) -> Teller:
        here = logic.truth(f"teller {number}")
        kinds = {kind: logic.truth(f"teller {number} is {kind}") for kind in INFORMANT_KINDS}
        self._solver.add(logic.exactly_one(kinds.values()))
        since, since_known = logic.real(f"since {number}"), logic.truth(f"since {number} known")
        self._solver.add(both(logic.at_most(-12, since), logic.at_most(since, OLDEST_MONTHS)))
        self._solver.add(implies(self._nice, logic.equal(since, logic.floor(since))))
        relation = text_word(self._solver, f"relation {number}", clean_line)
        return Teller(here, Word(dict(kinds)), relation, since_known, since)


def text_word(solver: Solver, name: str, cleaned: Callable[[str], str]) -> Word:
    """Return a text: for each word asked for, whether it is that word.

    A word that `cleaned` changes can never be the answer.
    """
    word = Word()

    def more(asked: str) -> Truth:
        if not asked or cleaned(asked) != asked:
            return False
        found = logic.truth(f"{name} is {asked!r}")
        for other in word.words.values():
            solver.add(no(both(found, other)))
        return found

    word.more = more
    return word
