"""What the interviewer says: the wording that fits, with the facts filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.model import AGE_BANDS, Question
from nmt_intake.bank.truth import Possible
from nmt_intake.bank.wording import fill, respelled
from nmt_intake.bank.words import Words
from nmt_intake.interview.folding.setting import Told
from nmt_intake.interview.graph import NAMED_LOOPS, Part, split_slot
from nmt_intake.interview.roles import role_of
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.state import Against, Interview
from nmt_intake.interview.values import age_in_words, codes_of

_PRONOUNS: Final[dict[str, dict[str | None, tuple[str, str, str]]]] = {
    "en": {
        "she": ("she", "her", "her"),
        "he": ("he", "him", "his"),
        None: ("they", "them", "their"),
    },
    "es": {"she": ("ella", "ella", "su"), "he": ("él", "él", "su"), None: ("elle", "elle", "su")},
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """Everything to say and see for one slot, in one language; texts are the bank's Markdown."""

    preface: str | None
    ask: str
    options: Mapping[str, str]
    unit: str | None
    listen_for: str | None
    probes: tuple[str, ...]


def spoken(interview: Interview, slot: str, language: str | None = None) -> Spoken:
    """Return what to say for a slot; raises KeyError for a slot the bank does not ask.

    Where a text has no translation into `language`, the bank's own language stands.
    """
    prefix, name = split_slot(slot)
    question = interview.bank.questions[name]
    words = question.translations.get(language or "", {})
    spelling = interview.bank.spellings.get((language or interview.language).lower(), {})
    facts = text_facts(interview, prefix[:-1], language)

    def worded(text: str) -> str:
        return fill(respelled(text, spelling), facts)

    def said(key: str, own: str | None) -> str | None:
        text = words.get(key, own)
        return worded(text) if isinstance(text, str) else None

    translated = cast("Mapping[str, str]", words.get("options") or {})
    probes = cast("tuple[str, ...]", words.get("probes") or question.probes)
    wording = _wording(interview, question, prefix[:-1], words)
    return Spoken(
        preface=_preface(interview, slot, question, said),
        ask=worded(wording),
        options={
            **entry_names(interview, question, language),
            **{
                code: respelled(translated.get(code, label), spelling)
                for code, label in question.options.items()
            },
        },
        unit=said("unit", question.unit),
        listen_for=said("listen_for", question.listen_for),
        probes=tuple(worded(probe) for probe in probes),
    )


def _preface(
    interview: Interview,
    slot: str,
    question: Question,
    said: Callable[[str, str | None], str | None],
) -> str | None:
    """Return the preface; in few words if the same one was heard whole before."""
    again = said("preface_again", question.preface_again)
    if again is None:
        return said("preface", question.preface)
    alike = [
        each.id for each in interview.bank.questions.values() if each.preface == question.preface
    ]
    heard = (one for one in interview.slots if one != slot and split_slot(one)[1] in alike)
    return said("preface", question.preface) if next(heard, None) is None else again


def labels_of(
    interview: Interview, question: Question, language: str | None = None
) -> Mapping[str, str]:
    """Return what stands for the codes of a question's answers, entries by their names."""
    own = own_labels(question, interview.words(language), language)
    return {**own, **entry_names(interview, question, language)}


def own_labels(question: Question, words: Words, language: str | None = None) -> Mapping[str, str]:
    """Return what stands for the codes of a question's own options, in a language."""
    said = question.translations.get(language or "", {})
    own = cast("Mapping[str, str]", said.get("options") or {})
    answers = {code: words.answers[code] for code in ("yes", "no", "none_of_them")}
    return {**answers, **question.options, **own}


def entry_names(
    interview: Interview, question: Question, language: str | None = None
) -> Mapping[str, str]:
    """Return what the entries are called among which a question chooses, in their order."""
    here = interview.instances(question.options_from or "")
    return {entry: instance_name(interview, entry, language) for entry in here}


def opening_talk(interview: Interview, part: Part, language: str | None = None) -> str | None:
    """Return what is said when a part begins, or None; the second carer needs no opening again."""
    named = part.block.for_each in NAMED_LOOPS
    if named and part.instance not in interview.instances(part.block.for_each or "")[:1]:
        return None
    text = part.block.translations.get(language or "", {}).get("opening", part.block.opening)
    if not text:
        return None
    spelling = interview.bank.spellings.get((language or interview.language).lower(), {})
    return fill(respelled(text, spelling), text_facts(interview, part.instance, language))


def part_title(interview: Interview, part: Part, language: str | None = None) -> str:
    """Return the title of a part, with its period or its instance's name where it has one."""
    title = part.block.translations.get(language or "", {}).get("title", part.block.title)
    return (
        f"{title} · {instance_name(interview, part.instance, language)}" if part.instance else title
    )


def instance_name(interview: Interview, instance: str, language: str | None = None) -> str:
    """Return what a person calls an instance: early childhood, grandmother, carer 2."""
    words = interview.words(language)
    if instance in words.periods:
        return words.periods[instance]
    kind, _, number = instance.rpartition("-")
    if not number.isdigit():
        here = interview.instances(kind)
        number = str(here.index(instance) + 1) if instance in here else ""
    return interview.labels.get(instance) or f"{words.loops[kind]} {number}"


def rating_title(interview: Interview, key: str) -> str:
    """Return what a rating is called: early childhood: consistency of care."""
    period, _, rating_id = key.rpartition("/")
    rating = interview.bank.rating(rating_id, period or None)
    title = rating.title if rating else rating_id.rpartition(".")[2].replace("_", " ")
    return f"{instance_name(interview, period)}: {title}" if period else title


def referral(interview: Interview, slot: str, value: JsonValue) -> str | None:
    """Return what a doctor should be told of this answer, or None; a note, never a finding."""
    question = interview.question(slot)
    if question is None or question.refer is None:
        return None
    instance = split_slot(slot)[0][:-1]
    past = question.for_each == "period" and instance != interview.instances("period")[-1]
    if (question.refer.only_now and past) or not (
        set(question.refer.on) & set(codes_of(question, value))
    ):
        return None
    return fill(question.refer.say, text_facts(interview, instance))


def misfit_words(interview: Interview, against: Against, language: str | None = None) -> str:
    """Return what the bank says to a check that does not hold, with the facts filled in."""
    facts = text_facts(interview, against.prefix.removesuffix("/"), language)
    return fill(against.says(language), facts)


def client_name(interview: Interview) -> str:
    """Return what the client is called: the preferred name if one was given, else the alias."""
    return interview.client.name or interview.client.alias or "the client"


def text_facts(
    interview: Interview, instance: str, language: str | None = None
) -> Mapping[str, str]:
    """Return the facts that texts may use, in words, for one instance."""
    words = interview.words(language)
    pronouns = _PRONOUNS.get(language or interview.bank.language, _PRONOUNS["en"])
    they, them, their = pronouns.get(interview.client.pronoun, pronouns[None])
    facts = {
        "client.name": client_name(interview),
        "client.they": they,
        "client.them": them,
        "client.their": their,
        "client.age": _age(interview),
        "informant.name": _informant(interview),
    }
    if instance in words.periods:
        name, ages = words.periods[instance], words.period_ages[instance]
        return {**facts, "period.name": name, "period.ages": ages}
    kind = instance.rpartition("-")[0]
    if kind:
        facts[f"{kind}.name"] = interview.labels.get(instance) or words.this_one[kind]
    return facts


_DIFFERING: Final = {
    "client.birth": "birth dates were told",
    "client.gestation_weeks": "lengths of the pregnancy were told",
}


def told_differently(interview: Interview, values: bool = True) -> tuple[str, ...]:
    """Return a sentence for each fact on which tellers differ, with who said it, and as settled.

    Without `values` the sentences name no date and no informant.
    """
    found: list[str] = []
    for fact, sentence in _DIFFERING.items():
        told = interview.setting.differing(fact)
        said = "; ".join(f"{_in_short(each.value)} ({_teller(interview, each)})" for each in told)
        if told:
            number = "Two" if len({repr(each.value) for each in told}) == 2 else "Several"
            found.append(f"{number} {sentence}" + (f": {said}." if values else "."))
        settled = interview.setting.settled.get(fact)
        others = interview.setting.told.get(fact, ())
        if settled and values and any(each.value != settled.value for each in others):
            said = "; ".join(
                f"{_in_short(each.value)} ({_teller(interview, each)})" for each in others
            )
            is_now = f"{_in_short(settled.value)} was settled by the clinician: {settled.reason}"
            found.append(f"{is_now.rstrip('.')}. Told were {said}.")
    return tuple(found)


def _in_short(value: JsonValue) -> str:
    span = span_from(value)
    return span.words or "a span" if span else str(value)


def _teller(interview: Interview, told: Told) -> str:
    informant = interview.informants.get(told.informant or "")
    return informant.relation if informant else "not named"


def _age(interview: Interview) -> str:
    age = interview.facts.get("client.age_months")
    if isinstance(age, Possible):
        low, high = age.values[0], age.values[-1]
        if isinstance(low, int | float) and isinstance(high, int | float):
            return f"{age_in_words(low)} to {age_in_words(high)}"
    return age_in_words(age) if isinstance(age, int | float) else "age not known"


def _informant(interview: Interview) -> str:
    speaking = interview.informants.get(interview.speaking or "")
    return (speaking.name or speaking.relation) if speaking else "you"


def _wording(
    interview: Interview, question: Question, instance: str, words: Mapping[str, object]
) -> str:
    """The teller's own first, then the period, then the client's age band, then the plain one."""
    own = words.get("ask")
    wordings = (
        cast("Mapping[str, str]", words.get("wordings") or {})
        if isinstance(own, str)
        else question.wordings
    )
    for key in _wording_keys(interview, instance):
        if key in wordings:
            return wordings[key]
    return own if isinstance(own, str) else question.ask


def _wording_keys(interview: Interview, instance: str) -> tuple[str, ...]:
    keys: list[str] = []
    speaking = interview.informants.get(interview.speaking or "")
    teller = "self" if speaking and speaking.kind == "self" else None
    teller = teller or (role_of(speaking) if speaking else None)
    if teller:
        keys += [f"{teller}_{instance}", teller]
    keys.append(instance)
    age = interview.facts.get("client.age_months")
    months = age.values[0] if isinstance(age, Possible) else age
    if isinstance(months, int | float):
        keys.append(next(band for band, until in AGE_BANDS if months < until))
    return tuple(keys)
