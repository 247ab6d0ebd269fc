"""Does a worse answer ever give a better rating? `python -m tests.vignettes.monotone --cases 500`.

Random people of any age get random answers (some questions left open, some marked missing, some
answered by a second teller in another way, with rows on the time line). Then one answer is made
worse, by `orders`, or one more hard thing is put on the time line, or the hours of sleep shrink,
and every suggestion is made again. It counts against the rules when the middle of a suggested
range moves to the better side. A range whose best end alone moves, as when a worse answer opens
questions that nobody has answered yet, is counted apart.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nmt_intake.bank.model import Question
from nmt_intake.interview.events import (
    Answered,
    Client,
    Informant,
    InformantAdded,
    InstanceAdded,
    MarkedMissing,
    Opened,
)
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.guard import objection
from nmt_intake.interview.recording import Recorder
from nmt_intake.interview.state import Interview, fold
from nmt_intake.interview.values import read_value
from nmt_intake.scoring.suggest import rating_keys, suggest
from tests.vignettes.orders import order_of
from tests.vignettes.vignette import shipped

AGES = (1, 3, 7, 11, 15, 20, 26, 33, 40, 55, 70, 90, 118, 140, 160, 200, 250, 420, 700, 830)
CASES_A_PERSON = 10
# The shares of questions left open, marked missing, and answered by a second teller, if any.
OPEN, MISSING, TWICE = 0.06, 0.03, 0.15
FIRST, SECOND = "first", "second"
_LEAST_SLEEP = 2


@dataclass(frozen=True, slots=True)
class Change:
    """One answer made worse: the slot and the two answers, or the row that was added."""

    slot: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """The change without the instance, to count by."""
        return f"{split_slot(self.slot)[1]}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to: how many answers were made worse, and how many moved a rating."""

    tried: int
    noted: int
    lost: int
    moved: list[Moved]


@dataclass(frozen=True, slots=True)
class Moved:
    """A suggestion that got better: by its middle, or only by its best end."""

    change: Change
    key: str
    before: tuple[int, int]
    after: tuple[int, int]
    by_middle: bool


class Person:
    """A random person whose interview grows event by event."""

    def __init__(self, chance: random.Random) -> None:
        bank, _ = shipped()
        self.chance = chance
        self.recorder = Recorder(author="monotone", bank=bank, device="test")
        self.age = chance.choice(AGES)
        # How the answers lean, from mostly good to mostly bad, so that all bands come up.
        self.lean = chance.choice((0.1, 0.3, 0.5, 0.5, 0.7, 0.9))
        client = Client(alias="R.", age_months=self.age, interviewed="2026-09-14")
        self.interview = fold(bank, [Opened(client=client, **self.recorder.carried())])
        self.tellers = chance.choice(((FIRST,), (FIRST, SECOND)))
        for each in self.tellers:
            told = InformantAdded(
                informant=Informant(id=each, relation=each), **self.recorder.carried()
            )
            self.interview = self.interview.apply(told)
        for loop in ("caregiver", "placement", "exposure"):
            for number in range(1, chance.choice((1, 1, 2, 3))):
                self.interview = self.with_row(self.interview, f"{loop}-{number}")
        self._fill()

    def with_row(self, interview: Interview, instance: str) -> Interview:
        """Return the interview with one more row on the time line."""
        event = InstanceAdded(instance=instance, label="row", **self.recorder.carried())
        return interview.apply(event)

    def with_answer(
        self, interview: Interview, slot: str, value: object, teller: str | None = FIRST
    ) -> Interview:
        """Return the interview with this answer of a teller, given first or amended."""
        question = interview.bank.questions[split_slot(slot)[1]]
        answer = read_value(question, value)
        return interview.apply(
            Answered(slot=slot, value=answer, informant=teller, **self.recorder.carried())
        )

    def _fill(self) -> None:
        done: set[str] = set()
        for _ in range(3):  # an answer late in the order may open a question before it
            for slot in self.interview.layout.slots:
                if slot in done or self.interview.truths.get(slot) is False:
                    continue
                done.add(slot)
                self._answer(slot)

    def _answer(self, slot: str) -> None:
        draw = self.chance.random()
        if draw < OPEN:
            return
        if draw < OPEN + MISSING:
            event = MarkedMissing(slot=slot, reason="asked-unknown", **self.recorder.carried())
            self.interview = self.interview.apply(event)
            return
        for teller in self.tellers:
            if teller == FIRST or self.chance.random() < TWICE:
                self._say(slot, teller)

    def _say(self, slot: str, teller: str) -> None:
        value = self._value(self.interview.bank.questions[split_slot(slot)[1]])
        if value is not None and not objection(self.interview, slot, value, hard=True):
            self.interview = self.with_answer(self.interview, slot, value, teller)

    def _value(self, question: Question) -> object:
        chance = self.chance
        match question.kind:
            case "choice":
                return self._leaning(order_of(question) or tuple(question.options))
            case "choices":
                codes = list(question.options)
                chosen = chance.sample(codes, chance.randint(1, min(3, len(codes))))
                alone = [code for code in chosen if code in question.alone]
                return alone[:1] or chosen
            case "yes_no":
                return chance.random() < 0.5
            case "interval":
                start = chance.uniform(-1, self.age)
                return {"from": round(max(start, 0), 1), "to": self._end(start)}
            case "number" if question.id == "sleep.hours":
                return chance.randint(5, 15)
            case "number":
                return chance.randint(1, 8)
            case _:
                return None

    def _leaning(self, codes: tuple[str, ...]) -> str:
        share = self.chance.betavariate(0.3 + 2 * self.lean, 2.3 - 2 * self.lean)
        return codes[min(int(share * len(codes)), len(codes) - 1)]

    def _end(self, start: float) -> object:
        if self.chance.random() < 0.3:
            return "now"
        return round(self.chance.uniform(max(start, 0), self.age), 1)

    def worsened(self) -> Iterator[tuple[Change, Interview]]:
        """Yield interviews in which one thing is worse than in this one."""
        ladders = [*self._steps_down()]
        self.chance.shuffle(ladders)
        for slot, teller, before, after in ladders[: CASES_A_PERSON - 2]:
            worse = self.with_answer(self.interview, slot, after, teller)
            yield Change(slot, before, after), worse
        yield self._one_more()
        if (hours := self._shorter_sleep()) is not None:
            yield hours

    def _steps_down(self) -> Iterator[tuple[str, str | None, str, str]]:
        for slot in self.interview.layout.slots:
            order = order_of(self.interview.bank.questions[split_slot(slot)[1]])
            for given in self.interview.answers(slot):
                if given.value in order[:-1]:
                    place = order.index(str(given.value))
                    worse = self.chance.choice(order[place + 1 :])
                    yield slot, given.informant, order[place], worse

    def _one_more(self) -> tuple[Change, Interview]:
        number = len(self.interview.instances("exposure")) + 1
        instance = f"exposure-{number}"
        kinds = ("at_home", "direct", "sexual", "bullying", "street", "several")
        sort = self.chance.choice(kinds)
        start = round(self.chance.uniform(0, self.age), 1)
        worse = self.with_row(self.interview, instance)
        told: dict[str, object] = {
            "sort": "violence",
            "violence_sort": sort,
            "happened": {"from": start, "to": "now"},
            "how_often": self.chance.choice(("once", "few", "often", "all_along")),
            "still": "over",
            "known_how": "saw",
        }
        for name, value in told.items():
            worse = self.with_answer(worse, f"{instance}/exposures.{name}", value)
        return Change(f"{instance}/exposures", "no row", f"violence, {sort}"), worse

    def _shorter_sleep(self) -> tuple[Change, Interview] | None:
        given = self.interview.answers("sleep.hours")
        hours = given[0].value if given else None
        if not isinstance(hours, int | float) or hours > 10 or hours <= _LEAST_SLEEP:
            return None  # more sleep than ten hours may be too much: no order
        worse = self.with_answer(self.interview, "sleep.hours", _LEAST_SLEEP)
        return Change("sleep.hours", "5 to 10", str(_LEAST_SLEEP)), worse


def suggested(interview: Interview) -> dict[str, tuple[int, int]]:
    """Return every suggested range, by rating."""
    _, norms = shipped()
    found: dict[str, tuple[int, int]] = {}
    for key in rating_keys(interview):
        suggestion = suggest(interview, key, norms)
        if suggestion.low is not None and suggestion.high is not None:
            found[key] = (suggestion.low, suggestion.high)
    return found


def moved(
    change: Change, before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> Iterator[Moved]:
    """Yield every suggestion that a worse answer made better."""
    for key in before.keys() & after.keys():
        sign = -1 if "adversity." in key else 1
        best = max if sign == 1 else min
        middle = sign * (sum(after[key]) - sum(before[key]))
        end = sign * (best(after[key]) - best(before[key]))
        if middle > 0 or end > 0:
            yield Moved(change, key, before[key], after[key], middle > 0)


def search(cases: int, seed: int) -> Search:
    """Make `cases` answers worse and collect every suggestion that got better by it."""
    chance = random.Random(seed)
    found: list[Moved] = []
    tried = noted = lost = 0
    while tried < cases:
        person = Person(chance)
        before = suggested(person.interview)
        for change, worse in person.worsened():
            if tried == cases:
                break
            after = suggested(worse)
            tried += 1
            noted += before != after
            lost += len(before.keys() - after.keys())
            found += moved(change, before, after)
    return Search(tried, noted, lost, found)


def _print_kinds(title: str, rows: list[Moved], show: int) -> None:
    kinds = Counter((each.change.kind, each.key) for each in rows)
    print(f"{title}: {len(kinds)} kinds")
    for (kind, key), count in kinds.most_common(show):
        one = next(each for each in rows if (each.change.kind, each.key) == (kind, key))
        (a, b), (c, d) = one.before, one.after
        print(f"  {count:>4}  {kind:<60} {key:<44} {a}-{b} became {c}-{d}")


def main() -> int:
    """Search and print what was found; 1 only if there is more than a given limit."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.vignettes.monotone",
        description="Does a worse answer ever give a better rating?",
    )
    parser.add_argument("--cases", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=13, metavar="N")
    parser.add_argument("--show", type=int, default=20, metavar="N", help="kinds to print")
    parser.add_argument("--limit", type=int, metavar="N", help="fail if there are more")
    options = parser.parse_args()
    found = search(options.cases, options.seed)
    better = [each for each in found.moved if each.by_middle]
    print(f"{found.tried} answers made worse (seed {options.seed}); {found.noted} moved a rating")
    print(
        f"{len(better)} ratings got better, {len(found.moved) - len(better)} only by their best "
        f"end, {found.lost} lost their suggestion"
    )
    _print_kinds("better", better, options.show)
    _print_kinds(
        "only by the best end", [each for each in found.moved if not each.by_middle], options.show
    )
    return int(options.limit is not None and len(better) > options.limit)


if __name__ == "__main__":
    raise SystemExit(main())
