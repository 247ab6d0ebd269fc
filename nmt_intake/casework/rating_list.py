"""The ratings of a case at work: suggestions made once, decisions as they come."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from nmt_intake.interview.state import Interview
from nmt_intake.scoring import Norms
from nmt_intake.scoring.suggest import Suggestion, age_in_months, rating_keys, suggest

_FUNCTION = "functions."


@dataclass(frozen=True, slots=True)
class Box:
    """One function on the map; `sure` says that a clinician decided its rating."""

    rating: int | None
    sure: bool = True


class Ratings:
    """Every rating that applies, in order, with its suggestion; answers do not change meanwhile."""

    def __init__(self, interview: Interview, norms: Norms | None) -> None:
        self.norms = norms
        self.keys = rating_keys(interview)
        self._suggestions: dict[str, Suggestion] = {}
        if norms is not None:
            for key in self.keys:
                if key.startswith(_FUNCTION):
                    self.suggestion(interview, key)

    def suggestion(self, interview: Interview, key: str) -> Suggestion:
        """Return what the rules suggest for a rating (1 ms the first time)."""
        if key not in self._suggestions:
            self._suggestions[key] = suggest(interview, key, self.norms)
        return self._suggestions[key]

    def boxes(self, interview: Interview) -> dict[str, Box]:
        """Return the client's side of the brain map."""
        found: dict[str, Box] = {}
        decided = interview.ratings
        for key in self.keys:
            if not key.startswith(_FUNCTION):
                continue
            name = key.removeprefix(_FUNCTION)
            if key in decided:
                found[name] = Box(decided[key].value)
            else:
                found[name] = Box(self.suggestion(interview, key).value, sure=False)
        return found

    def age(self, interview: Interview) -> Fraction | None:
        """Return the age that is expected of, corrected for an early birth."""
        months = age_in_months(interview)
        if months is None or self.norms is None:
            return None
        weeks = interview.client.gestation_weeks
        return self.norms.preterm.age(Fraction(months), None if weeks is None else Fraction(weeks))

    def open_after(self, interview: Interview, key: str | None) -> str | None:
        """Return the next rating that nobody has decided, from the start at the end."""
        decided = interview.ratings
        place = self.keys.index(key) + 1 if key in self.keys else 0
        return next(
            (each for each in (*self.keys[place:], *self.keys[:place]) if each not in decided), None
        )
