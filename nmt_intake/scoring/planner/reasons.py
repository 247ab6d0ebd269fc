"""Why a line is in the plan, in sentences: ratings first, then who leads, words and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nmt_intake.interview.values import age_in_words
from nmt_intake.scoring.metrics import Metrics
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.planner.circumstances import Strength
from nmt_intake.scoring.planner.library import Fitting, Library
from nmt_intake.scoring.planner.needs import Level, Need
from nmt_intake.scoring.planner.people import why_first
from nmt_intake.scoring.planner.selection import Pick
from nmt_intake.text import clean_line

_LONGEST_QUOTE: Final = 120
_FULL: Final = 100
# Under twelve months there are ratings and words, no percentages.
_NO_PERCENT_BELOW: Final = 12


@dataclass(frozen=True)
class Reasons:
    """The sentences for one plan. `vehicles` are loved things that some line is built on."""

    library: Library
    norms: Norms
    metrics: Metrics
    levels: Mapping[str, Level]
    vehicles: Mapping[str, Strength]

    def of_level(self, level: Level) -> tuple[str, ...]:
        """Return why a domain has its level."""
        said = [self._level(level)]
        if level.no_needs:
            said.append(self.library.rules.says("no_needs"))
        return tuple(said)

    def of_line(self, pick: Pick, fitting: Fitting | None) -> tuple[str, ...]:
        """Return why this activity is in the plan; at least one sentence."""
        said = (
            *self._kind(pick),
            *self._grown(pick),
            *self._loved(pick, fitting),
            *self._school(fitting),
            *self._dose(fitting),
        )
        return tuple(dict.fromkeys(said))

    def functions(self, pick: Pick) -> tuple[str, ...]:
        """Return what a line works on: what it is there for, then needs, then the rest."""
        own = pick.activity.functions
        needed = [name for name in own if name in self.library.needs and name != pick.need]
        first = [pick.need] if pick.need else []
        rest = [name for name in pick.activity.mainly if name not in (*first, *needed)]
        return tuple(dict.fromkeys((*first, *needed, *rest, *own)))

    def rests_on_unconfirmed(self, pick: Pick) -> bool:
        """Return whether a reason of this line rests on a rating nobody has confirmed."""
        open_keys = self.library.circumstances.unconfirmed
        if pick.kind in ("carers", "web"):
            return any(f"relationships.{name}" in open_keys for name in self.library.people.ties)
        names = [name for name in pick.activity.functions if name in self.library.needs]
        return any(f"functions.{name}" in open_keys for name in names or pick.activity.functions)

    def _kind(self, pick: Pick) -> Iterator[str]:
        rules, people = self.library.rules, self.library.people
        match pick.kind:
            case "need":
                names = self.functions(pick)
                needed = [self.library.needs[n] for n in names if n in self.library.needs]
                first, *others = (self._needed(need) for need in needed)
                full = first.replace(" %", " % of what is expected at this age", 1)
                yield f"It works on {_joined([full, *others])}."
            case "carers":
                yield rules.says("carers_first" if people.carers_first else "carers")
                yield from self._tie("primary_caregivers") if people.carers_first else ()
            case "web":
                poor = [self._tie_words(name) for name in people.poor_ties]
                why = why_first(people, self.norms) if people.come_first else _joined(poor)
                yield rules.says("web", why=why or "a tie is made stronger")
            case "keep":
                yield rules.says("keep")
                level = self.levels.get(pick.activity.domain)
                if level is not None and level.percent is not None:
                    yield self._level(level)
            case _:
                yield from self._by_hand(pick)

    def _tie(self, name: str) -> Iterator[str]:
        if name in self.library.people.ties:
            yield f"{self._tie_words(name, capital=True)}."

    def _tie_words(self, name: str, *, capital: bool = False) -> str:
        rating = self.library.people.ties[name]
        title = self.norms.item_title("relationships", name)
        band = self.norms.band("relationships", rating).title.lower()
        shown = title if capital else _lower(title)
        open_words = self._if_unconfirmed(f"relationships.{name}")
        return f"{shown} rated {rating} ({band}{open_words})"

    def _needed(self, need: Need) -> str:
        open_words = self._if_unconfirmed(f"functions.{need.function}")
        title = need.title.partition(" (")[0]
        if self._is_too_young:
            usual = round(need.rating + need.gap)
            return f"{_lower(title)} (rated {need.rating}, about {usual} is usual{open_words})"
        return f"{_lower(title)} (rated {need.rating}, {int(need.percent)} %{open_words})"

    @property
    def _is_too_young(self) -> bool:
        """Whether this is the first year, when a percentage says nothing."""
        return self.library.age < _NO_PERCENT_BELOW

    def _if_unconfirmed(self, key: str) -> str:
        is_open = key in self.library.circumstances.unconfirmed
        return f", {self.library.rules.says('suggested_only')}" if is_open else ""

    def _level(self, level: Level) -> str:
        share = self.metrics.domains[level.domain].share
        assert level.percent is not None, "asked for domains with a level"
        if self._is_too_young:
            return f"{level.title}: {share.rated} of {share.of} functions rated."
        said = f"{level.title} is at {int(level.percent)} % of what is expected at this age"
        if share.rated < share.of:
            said += f", with {share.rated} of {share.of} functions rated"
            low, high = int(share.percent.low), int(share.percent.high)
            to = f"{low} to {high} %" if high < _FULL else f"{low} % or more"
            said += f" (it could be {to})"
        if count := self._unconfirmed_in(level.domain):
            said += f"; {count} of these ratings {'is' if count == 1 else 'are'} suggested only"
        return f"{said}."

    def _unconfirmed_in(self, domain: str) -> int:
        return sum(
            f"functions.{name}" in self.library.circumstances.unconfirmed
            for name, function in self.norms.functions.items()
            if function.domain == domain
        )

    def _by_hand(self, pick: Pick) -> Iterator[str]:
        activity = pick.activity
        chosen = self.library.circumstances.chosen
        reason = next((each.reason for each in chosen if each.activity == activity.id), "")
        yield f"Added by the clinician{f': {clean_line(reason)}' if reason else '.'}"
        if not self.library.fits_age(activity):
            start, end = (age_in_words(month) for month in activity.ages)
            yield f"It is written for another age: {start} to {end}."

    def _helps(self, pick: Pick) -> Strength | None:
        """Return what helps already with what a line is there for, in the teller's words."""
        told = self.library.circumstances.strengths
        found = (each for each in told if each.helps == pick.need and each.of_today)
        return next(found, None) if pick.need else None

    def _grown(self, pick: Pick) -> Iterator[str]:
        if strength := self._helps(pick):
            said_by = _who(strength)
            yield self.library.rules.says("grows", strength=_quote(strength), said_by=said_by)

    def _loved(self, pick: Pick, fitting: Fitting | None) -> Iterator[str]:
        words: dict[Strength, list[str]] = {}
        told: set[str] = set()  # one voice for each loved thing; three say no more than one
        for match in fitting.matches if fitting else ():
            if match.word not in told or match.strength in words:
                words.setdefault(match.strength, []).append(match.word)
            told.add(match.word)
        for strength, heard in words.items():
            if strength == self._helps(pick):
                continue
            yield self.library.rules.says(
                "loved", words=", ".join(heard), strength=_quote(strength), said_by=_who(strength)
            )
        vehicle = self.vehicles.get(pick.activity.id)
        if vehicle is not None and vehicle not in words:
            yield self.library.rules.says(
                "vehicle", strength=_quote(vehicle), said_by=_who(vehicle)
            )

    def _dose(self, fitting: Fitting | None) -> Iterator[str]:
        if fitting and fitting.smaller:
            yield self.library.rules.says("smaller_dose", down=fitting.activity.down)

    def _school(self, fitting: Fitting | None) -> Iterator[str]:
        if fitting is not None and fitting.activity.settings == ("school",):
            yield self.library.rules.says("school")


def _quote(strength: Strength) -> str:
    return clean_line(strength.text, _LONGEST_QUOTE)


def _who(strength: Strength) -> str:
    return clean_line(strength.said_by, 60)


def _joined(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


__all__ = ["Reasons"]
