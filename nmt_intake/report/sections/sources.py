"""Who the client is, and who told what about which period, on which basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import text_facts, told_differently
from nmt_intake.interview.state import Interview
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import NOTHING, Lines, Section, bullets, paragraph, strong, table
from nmt_intake.report.words import age, begun, figure, no_percent
from nmt_intake.scoring import Part, RatingBand
from nmt_intake.scoring.suggest import age_in_months
from nmt_intake.vocabulary import PERIODS

_IN_GENERAL: Final = "Today, and in general"
_BASES: Final = ("saw", "told", "read", "guess", None)


def sources(material: Material) -> Section:
    """Return the client and the sources."""
    interview = material.interview
    if interview is None:
        return Section("Client and sources", _from_ratings(material))
    lines = (
        *bullets(_client(material, interview)),
        *paragraph(_agreed(material, interview)),
        *_informants(material, interview),
        *paragraph(_counts(interview)),
        *_told(material, interview),
    )
    return Section("Client and sources", lines)


def _from_ratings(material: Material) -> Lines:
    if material.ratings is None:
        return NOTHING
    weeks = material.ratings.gestation_weeks
    born = f", born at {float(weeks):g} weeks" if weeks is not None else ""
    old = age(material.ratings.age_months)
    return paragraph(
        f"This report is made from a file of ratings at the age of {old}{born}. There is no",
        "interview behind it here, so no figure can be traced to an answer.",
    )


def _client(material: Material, interview: Interview) -> Iterator[str]:
    client = interview.client
    called = material.text(material.shown)
    yield f"Called {called} here, also where people said a name; names stay in the case."
    if client.birth and not material.wanted.hides_birth:
        yield f"Born {material.text(client.birth)}."
    yield f"Age at the interview: {material.text(text_facts(interview, '')['client.age'])}."
    for sentence in told_differently(interview, values=material.wanted.name is None):
        yield material.text(sentence)
    if client.gestation_weeks is not None:
        yield f"Born after {client.gestation_weeks:g} weeks of pregnancy."
    if material.metrics and material.metrics.age_is_corrected:
        yield f"Expectations use the corrected age, {age(material.metrics.age)}."
    if age_in_months(interview) is None:
        yield "The age is not known, so nothing is compared with an age."
    if client.language:
        yield f"Language: {material.text(client.language)}."


def _agreed(material: Material, interview: Interview) -> str:
    consent = interview.consent
    if consent is None:
        return ""
    day = f"{at}, " if (at := material.when(consent.at, consent.zone)) else ""
    return (
        f"Consent given by {material.text(consent.by)}, {day}text "
        f"version {material.text(consent.version)}."
    )


def _informants(material: Material, interview: Interview) -> Lines:
    kinds = material.lists.tellers
    rows = [
        (
            material.text(each.relation),
            kinds[each.kind],
            age(each.known_from_months) if each.known_from_months is not None else "not noted",
        )
        for each in interview.informants.values()
    ]
    return table(("Who told", "As", "Knows the client from the age of"), rows)


def _counts(interview: Interview) -> str:
    done = progress(interview)
    reasons = interview.words().missing
    missing = [f"{reasons[reason]} {number}" for reason, number in done.missing.items() if number]
    why = f" (without an answer: {', '.join(missing)})" if missing else ""
    return (
        f"Questions: {done.answered} answered of {done.asked} asked{why}; "
        f"{done.remaining} not asked yet; {done.undecided} not decidable yet."
    )


def _told(material: Material, interview: Interview) -> Lines:
    counts: Counter[tuple[str | None, str, str | None]] = Counter()
    for slot in material.spoken_of:
        for given in interview.answers(slot):
            counts[given.informant, _about(slot), given.basis] += 1
    pairs = dict.fromkeys((who, about) for who, about, _basis in counts)
    order = ("", *PERIODS)
    rows = [
        (
            material.who(who),
            material.text(material.norms.periods[about].title) if about else _IN_GENERAL,
            *(str(counts[who, about, basis] or "") for basis in _BASES),
        )
        for who, about in sorted(pairs, key=lambda pair: (pair[0] or "", order.index(pair[1])))
    ]
    if not rows:
        return NOTHING
    bases = [begun(material.lists.bases[each]) for each in _BASES if each]
    return (
        *paragraph("Number of answers, by who gave them, about which time, on which basis:"),
        *table(
            ("Who", "About", *bases, "Not noted"),
            rows,
            right=(2, 3, 4, 5, 6),
        ),
        *paragraph(
            "What somebody was told about a time before they knew the client is weaker than what",
            "they saw. Where two people differ, each answer stands beside the other.",
        ),
    )


def _about(slot: str) -> str:
    instance = split_slot(slot)[0][:-1]
    return instance if instance in PERIODS else ""


PUBLISHED: Final = (
    "Hambrick, Brawner and Perry 2019, Frontiers in Behavioral Neuroscience 13:183, "
    "doi 10.3389/fnbeh.2019.00183 (CC BY 4.0, creativecommons.org/licenses/by/4.0)"
)
_PARTS: Final[tuple[tuple[Part, str, str], ...]] = (
    ("adversity", "Adversity, by period", "high is worse"),
    ("relational", "Relational health, by period", "high is better"),
    ("functions", "Functions today", "high is better"),
    ("relationships", "Relational health today", "high is better"),
)


def how_to_read(material: Material) -> Section:
    """Return how to read the figures."""
    lines = (
        *paragraph(
            "Everything is rated from 1 to 12 by a person who knows the history. The history",
            "counts adversity and, beside it, who was there. The present counts what the body,",
            "the feelings and the mind can do today, and the people of today.",
        ),
        *table(("Part", "Direction", "Bands"), _bands(material)),
        *bullets(
            (
                f"{strong('Intervals.')} A figure reads low – centre – high. What is not known"
                " stays unknown: low and high take it at both ends of the scale. The centre takes"
                " it at 6.5 in the history and in the people of today; in functions the centre"
                " rests on the rated ones alone. A wide interval says: ask more before you act"
                " on it. Percentages are rounded down, the other figures half up.",
                f"{strong('Age.')} A child is compared with what is expected at the same age, not"
                f" with grown-ups. {_age_bands(material)}",
                f"{strong('Levels.')} {_levels(material)}",
                f"{strong('Suggested.')} A star (\\*) marks a rating that the program suggested"
                " from the answers and nobody has confirmed, and every figure that rests on one."
                " In brackets: how many of the rated ones.",
            )
        ),
        *paragraph(
            f"{strong('Published')}: the parts, the items, the scale, the bands, the three levels"
            " with their cut-offs, the counts of severe and of poor ratings, and the pattern to"
            f" consider. Source: {PUBLISHED}.",
        ),
        *paragraph(
            f"{strong('Ours')}, which means a judgement of this project and printed with its"
            " version: the wording of questions and anchors, the items before birth other than"
            " substance exposure, the regions, which function counts for which domain, what is"
            " expected at which age, developmental risk, the ratio of upper to lower regions, the"
            " last three areas of relational health today, the letters and colours, suggested"
            " ratings, and the choice of activities.",
        ),
    )
    return Section("How to read this report", lines)


def _bands(material: Material) -> list[Sequence[str]]:
    return [
        (
            title,
            direction,
            "by the age, see below"
            if part == "functions"
            else ", ".join(_band(material, band) for band in material.norms.rating_bands[part]),
        )
        for part, title, direction in _PARTS
    ]


def _band(material: Material, band: RatingBand) -> str:
    return f"{material.text(band.title)} ({material.text(band.letter)}) {band.first}-{band.last}"


def _age_bands(material: Material) -> str:
    norms = material.norms
    words = [
        f"{material.text(band.title)} ({material.text(band.letter)}) from"
        f" {figure(band.from_percent)} %"
        for band in reversed(norms.age_bands)
    ]
    return (
        "Word, letter and colour of a function go by its share of what is expected:"
        f" {'; '.join(words)}; the whole number nearest to the expectation counts as expected."
        f" {no_percent(norms)}"
    )


def _levels(material: Material) -> str:
    bands = material.norms.recommendation_bands
    words = [f"{material.text(band.title)} from {figure(band.from_percent)} %" for band in bands]
    return (
        f"In percent of what is expected at the age: {'; '.join(words)}. The lower, the sooner"
        " help is needed there."
    )
