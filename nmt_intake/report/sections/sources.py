"""Who the client is, who told what on which basis, and how the report is to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.progress import progress
from nmt_intake.interview.speaking import told_differently
from nmt_intake.interview.state import Interview
from nmt_intake.report.context import Material
from nmt_intake.report.markdown import NOTHING, Lines, Section, bullets, paragraph, strong, table
from nmt_intake.report.sections.first_page import client_age
from nmt_intake.report.words import begun, figure
from nmt_intake.scoring import Part, RatingBand
from nmt_intake.scoring.suggest import age_in_months
from nmt_intake.vocabulary import PERIODS

_BASES: Final = ("saw", "told", "read", "guess", None)


def sources(material: Material) -> Section:
    """Return the client and the sources."""
    interview = material.interview
    title = material.say("sources_section")
    if interview is None:
        return Section(title, _from_ratings(material), code="sources")
    lines = (
        *bullets(_client(material, interview)),
        *paragraph(_agreed(material, interview)),
        *_informants(material, interview),
        *paragraph(_counts(material, interview)),
        *_told(material, interview),
    )
    return Section(title, lines, code="sources")


def signature(material: Material) -> Section:
    """Return who signed, as what and with which words, what was unfinished, and what came after."""
    title = material.say("signature_section")
    signed = material.interview.signature if material.interview else None
    if material.interview is None or signed is None:
        return Section(title, NOTHING, code="signature")
    who = material.text(", ".join(each for each in (signed.by, signed.role) if each))
    when = material.when(signed.at, signed.zone)
    unfinished = [material.text(each) for each in signed.left_open]
    added = [
        material.say(
            "added_by",
            words=material.text(each.text),
            who=material.text(each.by),
            at=material.when(each.at, each.zone),
        )
        for each in material.interview.addenda
    ]
    lines = (
        *paragraph(material.say("signed_by", who=who, at=when), material.text(signed.statement)),
        *(paragraph(material.say("unfinished_then")) if unfinished else NOTHING),
        *bullets(unfinished),
        *bullets(added),
    )
    return Section(title, lines, code="signature")


def _from_ratings(material: Material) -> Lines:
    if material.ratings is None:
        return NOTHING
    weeks = material.ratings.gestation_weeks
    old = material.text(material.age(material.ratings.age_months))
    born = material.say("born_at_weeks", weeks=f"{float(weeks):g}") if weeks is not None else ""
    return paragraph(material.say("from_ratings", age=old), born)


def _client(material: Material, interview: Interview) -> Iterator[str]:
    client = interview.client
    yield material.say("called", name=material.text(material.shown))
    if client.birth and not material.wanted.hides_birth:
        yield material.say("born", date=material.text(client.birth))
    yield material.say("age_then", age=client_age(material, interview))
    for sentence in told_differently(interview, values=material.wanted.name is None):
        yield material.text(sentence)
    if client.gestation_weeks is not None:
        yield material.say("born_after", weeks=f"{client.gestation_weeks:g}")
    if material.metrics and material.metrics.age_is_corrected:
        corrected = material.text(material.age(material.metrics.age))
        yield material.say("corrected_age", age=corrected)
    if age_in_months(interview) is None:
        yield material.say("age_unknown")
    # Whoever tells may speak another language: it is the client's only where somebody said so.
    told = [
        f"{material.text(str(given.value))} ({material.who(given.informant)})"
        for slot in material.open_slots
        if material.question(slot).fact == "client.language"
        for given in interview.answers(slot)
    ]
    if told:
        yield material.say("language_at_home", language="; ".join(told))


def _agreed(material: Material, interview: Interview) -> str:
    consent = interview.consent
    if consent is None:
        return ""
    day = f"{at}, " if (at := material.when(consent.at, consent.zone)) else ""
    by, version = material.text(consent.by), material.text(consent.version)
    return material.say("consent", by=by, day=day, version=version)


def _informants(material: Material, interview: Interview) -> Lines:
    kinds = material.lists.tellers
    rows = [
        (
            material.who(name),
            # Without a kind a teller is taken for a carer by the engine; the report claims nothing.
            material.text(kinds[each.kind])
            if "kind" in each.model_fields_set
            else material.say("not_noted"),
            material.text(material.age(each.known_from_months))
            if each.known_from_months is not None
            else material.say("not_noted"),
        )
        for name, each in interview.informants.items()
    ]
    header = ("column_who_told", "column_as", "column_knows_from")
    return table(tuple(material.say(code) for code in header), rows)


def _counts(material: Material, interview: Interview) -> str:
    done = progress(interview)
    reasons = material.lists.missing
    missing = [f"{reasons[reason]} {number}" for reason, number in done.missing.items() if number]
    why = material.say("without_answer", why=material.text(", ".join(missing))) if missing else ""
    said = material.say("question_counts", answered=done.answered, asked=done.asked)
    rest = material.say("question_rest", left=done.remaining, undecided=done.undecided)
    return " ".join(part for part in (said, why, rest) if part)


def _told(material: Material, interview: Interview) -> Lines:
    """Return how many answers each teller gave, about which time only in the record."""
    whole = material.edition.length == "record"
    counts: Counter[tuple[str | None, str, str | None]] = Counter()
    for slot in material.spoken_of:
        for given in interview.answers(slot):
            counts[given.informant, _about(slot) if whole else "", given.basis] += 1
    pairs = dict.fromkeys((who, about) for who, about, _basis in counts)
    order = ("", *PERIODS)
    rows = [
        (
            material.who(who),
            *((_about_words(material, about),) if whole else ()),
            *(str(counts[who, about, basis] or "") for basis in _BASES),
        )
        for who, about in sorted(pairs, key=lambda pair: (pair[0] or "", order.index(pair[1])))
    ]
    if not rows:
        return NOTHING
    bases = [begun(material.text(material.lists.bases[each])) for each in _BASES if each]
    first = ("column_who", "column_about") if whole else ("column_who",)
    header = (*(material.say(code) for code in first), *bases, material.say("not_noted"))
    return (
        *paragraph(material.say("answers_by_teller")),
        *table(header, rows, right=tuple(range(len(first), len(header)))),
        *paragraph(material.say("told_is_weaker")),
    )


def _about_words(material: Material, about: str) -> str:
    return material.text(material.period(about)) if about else material.say("in_general")


def _about(slot: str) -> str:
    instance = split_slot(slot)[0][:-1]
    return instance if instance in PERIODS else ""


PUBLISHED: Final = (
    "Hambrick, Brawner and Perry 2019, Frontiers in Behavioral Neuroscience 13:183, "
    "doi 10.3389/fnbeh.2019.00183 (CC BY 4.0, creativecommons.org/licenses/by/4.0)"
)
_PARTS: Final[tuple[tuple[Part, str], ...]] = (
    ("adversity", "high_is_worse"),
    ("relational", "high_is_better"),
    ("functions", "high_is_better"),
    ("relationships", "high_is_better"),
)


def how_to_read(material: Material) -> Section:
    """Return how to read the figures."""
    bold = ("intervals", "age", "levels", "suggested", "traces")
    lines = (
        *paragraph(material.say("read_intro")),
        *table(
            tuple(material.say(f"column_{code}") for code in ("part", "direction", "bands")),
            [
                (material.say(f"part_{part}"), material.say(way), _bands(material, part))
                for part, way in _PARTS
            ],
        ),
        *bullets(
            f"{strong(material.say(f'read_{each}'))} "
            + (_levels(material) if each == "levels" else material.say(f"read_{each}_says"))
            for each in bold
        ),
        *paragraph(material.say("published", source=material.text(PUBLISHED))),
        *paragraph(material.say("ours")),
    )
    return Section(material.say("read_section"), lines, code="how_to_read")


def _bands(material: Material, part: Part) -> str:
    bands: Sequence[RatingBand] = material.norms.rating_bands[part]
    return ", ".join(
        f"{material.text(material.name(f'bands.{part}.{band.id}', band.title))}"
        f" {band.first}-{band.last}"
        for band in bands
    )


def _levels(material: Material) -> str:
    bands = material.norms.recommendation_bands
    words = [
        material.say(
            "level_from",
            level=material.text(material.name(f"bands.{band.id}", band.title)),
            percent=figure(band.from_percent),
        )
        for band in bands
    ]
    return material.say("read_levels_says", levels="; ".join(words))
