"""Why a line is in the plan, in sentences: ratings first, then rules, words and places."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Listed
from dataclasses import dataclass
from typing import Final

from nmt_intake.bank.model import Activity
from nmt_intake.interview.values import age_in_words
from nmt_intake.scoring.norms import Norms
from nmt_intake.scoring.ratings import Ratings
from nmt_intake.scoring.recommending.choosing.library import Library
from nmt_intake.scoring.recommending.choosing.picking import Pick, low_ratings
from nmt_intake.scoring.recommending.circumstances import Strength
from nmt_intake.scoring.recommending.needs import Need, Placed
from nmt_intake.scoring.recommending.plan import Area
from nmt_intake.text import clean_line

_LONGEST_QUOTE: Final = 120
_FULL: Final = 100
_PLACES: Final = {
    "home": "at home",
    "school": "at school",
    "clinic": "in the clinic",
    "community": "out in the community",
}


@dataclass(frozen=True, slots=True)
class Reasons:
    """The sentences for one plan."""

    library: Library
    norms: Norms
    ratings: Ratings
    domains: tuple[Placed, ...]

    def of_area(self, domain: Placed) -> Area:
        """Return a rated domain with why it has its level and its phase."""
        sequence = self.library.sequence
        sentences = [self._level(domain)]
        if domain.spans:
            sentences.append(sequence.says["band_range"])
        if domain.band == "enrichment":
            sentences.append(sequence.says["enrichment_goes_to"])
        elif domain.phase == sequence.now:
            sentences.append(sequence.says["lowest_system_first"])
        else:
            sentences.append(sequence.says["one_domain_at_a_time"])
        title = self.norms.domain_titles[domain.domain]
        return Area(
            domain.domain, title, domain.band, domain.percent, domain.phase, tuple(sentences)
        )

    def of_line(self, pick: Pick) -> tuple[str, ...]:
        """Return why this activity is in the plan; at least one sentence."""
        return tuple(
            dict.fromkeys(
                (*self._need(pick), *self._rule(pick), *self._loved(pick), *self._place(pick))
            )
        )

    def rests_on_unconfirmed(self, pick: Pick) -> bool:
        """Return whether a reason of this line rests on a rating nobody has confirmed."""
        unconfirmed = self.library.circumstances.unconfirmed
        if pick.band is None:
            return any(low.key in unconfirmed for low, _ in low_ratings(self.library, self.ratings))
        if needed := self.library.needed_by(pick.activity):
            return any(f"functions.{need.function}" in unconfirmed for need in needed)
        domain = self._domain(pick.activity.domain)
        return domain is not None and bool(self._unconfirmed_in(domain))

    def _need(self, pick: Pick) -> Iterator[str]:
        if pick.band is None:
            yield from self._low_ratings(pick)
            return
        needed = self.library.needed_by(pick.activity)
        if needed:
            first, *others = (self._needed(need) for need in needed)
            full = first.replace(" %", " % of what is expected at this age", 1)
            yield f"It works on {_joined([full, *others])}."
            return
        if domain := self._domain(pick.activity.domain):
            if domain.band != "enrichment":
                yield "What it works on is near what is expected at this age, or not rated."
            yield self._level(domain)

    def _low_ratings(self, pick: Pick) -> Iterator[str]:
        if pick.by != "caregiver_first_when":
            return
        for low, rating in low_ratings(self.library, self.ratings):
            part, _, item = low.key.partition(".")
            title = self.norms.item_title(
                "functions" if part == "functions" else "relationships", item
            )
            band = self.norms.band("functions" if part == "functions" else "relationships", rating)
            open_words = self._if_unconfirmed(low.key)
            yield f"{title}: rated {rating} ({band.title.lower()}{open_words})."

    def _needed(self, need: Need) -> str:
        open_words = self._if_unconfirmed(f"functions.{need.function}")
        percent = int(need.percent)
        title = need.title.partition(" (")[0]
        return f"{_lower(title)} (rated {need.rating}, {percent} %{open_words})"

    def _if_unconfirmed(self, key: str) -> str:
        return ", suggested only" if key in self.library.circumstances.unconfirmed else ""

    def _level(self, domain: Placed) -> str:
        share = domain.metrics.share
        title = self.norms.domain_titles[domain.domain]
        said = f"{title} is at {int(domain.percent)} % of what is expected at this age"
        if share.rated < share.of:
            said += f", with {share.rated} of {share.of} functions rated"
        if share.rated < share.of and share.percent.holds_mid:
            low, high = int(share.percent.low), int(share.percent.high)
            said += (
                f" (it could be {low} to {high} %)"
                if high < _FULL
                else f" (it could be {low} % or more)"
            )
        if count := self._unconfirmed_in(domain):
            said += f"; {count} of these ratings {'is' if count == 1 else 'are'} suggested only"
        return f"{said}."

    def _unconfirmed_in(self, domain: Placed) -> int:
        return sum(
            f"functions.{name}" in self.library.circumstances.unconfirmed
            for name, function in self.norms.functions.items()
            if function.domain == domain.domain
        )

    def _domain(self, name: str) -> Placed | None:
        return next((each for each in self.domains if each.domain == name), None)

    def _rule(self, pick: Pick) -> Iterator[str]:
        sequence = self.library.sequence
        if pick.by == "clinician_may":
            yield from self._by_hand(pick.activity)
        elif pick.by != "at_most":
            yield sequence.says[pick.by]
        spans = sequence.settings_open
        if all(setting in spans for setting in pick.activity.settings):
            yield sequence.says["settings_open"]

    def _by_hand(self, activity: Activity) -> Iterator[str]:
        chosen = self.library.circumstances.chosen
        reason = next((each.reason for each in chosen if each.activity == activity.id), "")
        yield f"Added by the clinician{f': {clean_line(reason)}' if reason else '.'}"
        if not self.library.fits_age(activity):
            start, end = (age_in_words(month) for month in activity.ages)
            yield f"It is written for another age: {start} to {end}."

    def _loved(self, pick: Pick) -> Iterator[str]:
        words: dict[Strength, list[str]] = {}
        for match in self.library.matches.get(pick.activity.id, ()):
            words.setdefault(match.strength, []).append(match.word)
        for strength, heard in words.items():
            quote = clean_line(strength.text, _LONGEST_QUOTE)
            said_by = clean_line(strength.said_by, 60)
            yield f"It fits what is good or loved ({', '.join(heard)}): “{quote}”, {said_by}."

    def _place(self, pick: Pick) -> Iterator[str]:
        places = [_PLACES[setting] for setting in self.library.open_settings(pick.activity)]
        if places:
            yield f"It can be done {_joined(places, 'or')}."


def _joined(parts: Listed[str], last: str = "and") -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
