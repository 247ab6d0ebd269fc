"""Who is here and what there is to ask about: client, informants, periods, named instances.

What was told of the client counts like any answer: only where its question is not closed. Every
value that counts is kept with its teller; where tellers differ, conditions see each choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import JsonValue, ValidationError

from nmt_intake.bank.model import Park, Question
from nmt_intake.bank.truth import Answers, Known, State, Value
from nmt_intake.interview.ages import (
    Choices,
    days_meant,
    facts_between,
    periods_reached,
    united,
)
from nmt_intake.interview.events import (
    Client,
    ClientDescribed,
    EntriesComplete,
    FactSettled,
    Informant,
    InformantAdded,
    InformantChosen,
    Opened,
)
from nmt_intake.interview.folding.entries import CHANGES, Entries, named_entries
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.graph import NAMED_LOOPS, Graph, Layout, loop_of, split_slot
from nmt_intake.interview.roles import role_of
from nmt_intake.interview.slots import EMPTY, SlotState
from nmt_intake.interview.spans import span_from
from nmt_intake.interview.values import (
    AnswerError,
    codes_of,
    in_words,
    read_value,
    seen_by_conditions,
)

_NOBODY: Final = Client(alias="")
_MEASURED: Final = ("client.birth", "client.gestation_weeks")
FACTS_OF_CLIENT: Final = ("client.name", *_MEASURED, "client.pronoun", "client.language")
_STRUCTURE: Final = frozenset(
    {
        *("client", "informant", "informant_chosen", "instance", "entries", "fact"),
        *CHANGES,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One value told of a fact of the client: by an informant, by the record, or as settled.

    `event` is the id of the answer; empty for the client's record.
    """

    value: JsonValue
    informant: str | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an interview is set in.

    `told` holds every value that counts of each fact (`client.birth`), in the order told;
    `settled` the clinician's word on it; `choices` the facts as each choice between tellers gives
    them. `referred` is what conditions see of questions whose answer the client's record held
    already; `unasked` are questions the program does not ask here: hidden ones, those, and
    questions meant only for informants of whom none is here. `parked` are sensitive questions that
    wait until what the bank names changes: not alone, no yes to writing it down.
    """

    described: Client
    client: Client
    informants: Mapping[str, Informant]
    speaking: str | None
    named: Mapping[str, str]
    complete: frozenset[str]
    labels: Mapping[str, str]
    told: Mapping[str, tuple[Told, ...]]
    settled: Mapping[str, FactSettled]
    facts: Mapping[str, Value]
    choices: Choices
    layout: Layout
    referred: Mapping[str, Known]
    unasked: frozenset[str]
    informant_facts: tuple[Mapping[str, Value], ...]
    parked: Mapping[str, Park] = field(default_factory=dict[str, Park])

    def passes_over(self, question: str) -> bool:
        """Whether the program does not ask this question here, or not for now."""
        return question in self.unasked or question in self.parked

    def differing(self, fact: str) -> tuple[Told, ...]:
        """Return what was told of a fact if tellers differ about it and nobody settled it."""
        told = self.told.get(fact, ())
        if fact in self.settled or len({repr(each.value) for each in told}) < 2:
            return ()
        return told


def facts_of(informant: Informant) -> Mapping[str, Value]:
    """Return what conditions may read of one informant."""
    return {
        "informant.relation": informant.relation,
        "informant.kind": informant.kind,
        "informant.known_from_months": informant.known_from_months,
    }


def is_for(question: Question, informant: Informant) -> bool:
    """Whether a question is meant for somebody: of a kind it names, in no role left out."""
    if question.informants and informant.kind not in question.informants:
        return False
    return not question.not_for or role_of(informant) not in question.not_for


def is_structure(subject: str) -> bool:
    """Whether events about this subject change the setting."""
    return subject.partition(":")[0] in _STRUCTURE


def reshapes(slot: str, question: Question, spoken_of: bool, setting: Setting) -> bool:
    """Whether what was said to a slot may add or take away an instance."""
    if question.options_from:
        return True
    if question.for_each not in NAMED_LOOPS:
        return False
    here = split_slot(slot)[0] in setting.layout.prefixes_of(question)
    return not spoken_of or not here


def setting_of(
    graph: Graph,
    ledger: Ledger,
    slots: Mapping[str, SlotState],
    entries: Entries,
    before: Setting | None,
) -> Setting:
    """Return the setting; the layout of `before` is kept where the instances are the same.

    Facts and labels are those of all that was said; the recount takes out what does not count.
    """
    added = ledger.last_of_each("informant:", InformantAdded)
    informants = {each.informant.id: each.informant for each in added}
    words = ledger.last_of_each("fact:", FactSettled)
    settled = {each.fact: each for each in words if can_be(each.fact, each.value)}
    bare = Setting(
        described=_described(ledger),
        client=_NOBODY,
        informants=informants,
        speaking=_speaking(ledger, informants),
        named=named_entries(ledger, slots, _chosen(graph, slots), entries),
        complete=frozenset(_complete(ledger)),
        labels={},
        told={},
        settled=settled,
        facts={},
        choices=(),
        layout=before.layout if before else Layout({}, ()),
        referred={},
        unasked=frozenset(),
        informant_facts=tuple(facts_of(each) for each in informants.values()),
    )
    counted = {each.id: slots.get(each.id, EMPTY) for each in graph.fact_questions}
    return with_labels(graph, with_facts(graph, bare, counted), slots, {})


def _chosen(graph: Graph, slots: Mapping[str, SlotState]) -> Iterator[str]:
    """Yield the codes of all answers that choose entries."""
    choosing = {question.id: question for question in graph.choosing_questions}
    for slot, state in slots.items() if choosing else ():
        question = choosing.get(split_slot(slot)[1])
        if question is not None:
            for given in state.given:
                yield from codes_of(question, given.value)


def with_facts(graph: Graph, setting: Setting, counted: Mapping[str, SlotState]) -> Setting:
    """Return the setting with the facts that these answers to the fact questions give."""
    told = _told(graph, setting, counted)
    births, weeks = (_values(setting, told, fact) for fact in _MEASURED)
    choices = facts_between(births, weeks, setting.described)
    facts = united(choices)
    instances = {"period": periods_reached(facts), **_numbered(setting.named)}
    same = setting.layout.instances == instances
    return replace(
        setting,
        client=_client(setting, told),
        told=told,
        facts=facts,
        choices=choices if sum(len(each) for each in choices) > 1 else (),
        layout=setting.layout if same else graph.layout(instances),
        referred=dict(_referred(graph, counted, setting.described)),
        unasked=frozenset(_unasked(graph, counted, setting)),
    )


def with_parked(graph: Graph, setting: Setting, seen: Answers) -> Setting:
    """Return the setting with the questions that are parked by what conditions see now."""
    parked: dict[str, Park] = {}
    for park in graph.bank.park:
        if park.when(seen, "") is True:
            for question in graph.by_rank:
                if question.sensitivity >= park.sensitivity:
                    parked.setdefault(question.id, park)
    return setting if parked == setting.parked else replace(setting, parked=parked)


def with_labels(
    graph: Graph,
    setting: Setting,
    slots: Mapping[str, SlotState],
    states: Mapping[str, State],
) -> Setting:
    """Return the setting with its instances named by the answers that count."""
    labels = {instance: label for instance, label in setting.named.items() if label}
    for question in reversed(graph.naming_questions):
        for instance in setting.named:
            slot = f"{instance}/{question.id}"
            state = slots.get(slot)
            if state and state.given and states.get(slot) is not State.CLOSED:
                said = state.settled or state.given[0]
                labels[instance] = in_words(question, said.value)
    return setting if labels == setting.labels else replace(setting, labels=labels)


def _described(ledger: Ledger) -> Client:
    for event in reversed(ledger.about("client")):
        if isinstance(event, Opened | ClientDescribed) and event.id not in ledger.retracted:
            return event.client
    return _NOBODY


def _told(
    graph: Graph, setting: Setting, counted: Mapping[str, SlotState]
) -> Mapping[str, tuple[Told, ...]]:
    """Return what counts of each fact: the settled word, else what was told, else the record.

    A value that cannot be (500 weeks of pregnancy) is left out, each for itself.
    """
    record = setting.described.model_dump(mode="json")
    found: dict[str, tuple[Told, ...]] = {}
    for question in graph.fact_questions:
        fact = question.fact or ""
        given = counted.get(question.id, EMPTY).given
        told = tuple(
            Told(each.value, each.informant, each.event)
            for each in given
            if can_be(fact, each.value)
        )
        if told:
            found[fact] = (*found.get(fact, ()), *told)
    for fact in FACTS_OF_CLIENT:
        value = record.get(_field(fact))
        if fact not in found and value is not None:
            found[fact] = (Told(value),)
    return found


def _field(fact: str | None) -> str:
    return (fact or "").removeprefix("client.")


def can_be(fact: str, value: JsonValue) -> bool:
    """Whether a fact of the client can have this value: 500 weeks of pregnancy cannot be."""
    if value is None:
        return False
    if isinstance(value, Mapping):
        return fact in _MEASURED and span_from(value) is not None
    if fact == "client.birth" and days_meant(value) is None:
        return False
    try:
        Client.model_validate({"alias": "", _field(fact): value})
    except ValidationError:
        return False
    return True


def _values(
    setting: Setting, told: Mapping[str, Sequence[Told]], fact: str
) -> tuple[JsonValue, ...]:
    """Return the different values that stand for a fact: the settled one, or those told."""
    settled = setting.settled.get(fact)
    if settled is not None:
        return (settled.value,)
    each = {repr(one.value): one.value for one in told.get(fact, ())}
    return tuple(each[key] for key in sorted(each))


def _client(setting: Setting, told: Mapping[str, Sequence[Told]]) -> Client:
    """Return the client with what was told; no birth or weeks where tellers differ.

    A name, pronoun or language is one to speak with: the first told stands, whoever told it.
    """
    found: dict[str, JsonValue] = {}
    for fact in FACTS_OF_CLIENT:
        values = _values(setting, told, fact)
        if not values:
            continue
        if fact not in setting.settled and fact not in _MEASURED:
            values = (told[fact][0].value,)
        found[_field(fact)] = values[0] if len(values) == 1 else None
    for fact in _MEASURED:
        if isinstance(found.get(_field(fact)), Mapping):  # a span: wider than the record can say
            found[_field(fact)] = None
    return Client.model_validate({**setting.described.model_dump(mode="json"), **found})


def _speaking(ledger: Ledger, informants: Mapping[str, Informant]) -> str | None:
    for chosen in reversed(ledger.in_force("informant_chosen", InformantChosen)):
        if chosen.informant in informants:
            return chosen.informant
    return next(iter(informants), None)


def _complete(ledger: Ledger) -> Iterator[str]:
    """Yield the kinds of entries of which it was said that all were named, since the last one."""
    for loop in NAMED_LOOPS:
        last = ledger.in_force(f"entries:{loop}", EntriesComplete)
        if last and last[-1].complete:
            yield loop


def _numbered(named: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {loop: [] for loop in NAMED_LOOPS}
    for instance in named:
        found[loop_of(instance) or ""].append(instance)
    return {loop: tuple(each) for loop, each in found.items()}


def _referred(
    graph: Graph, counted: Mapping[str, SlotState], described: Client
) -> Iterator[tuple[str, Known]]:
    for question in _known_from_record(graph, counted, described):
        try:
            value = read_value(question, described.model_dump()[_field(question.fact)])
        except AnswerError:
            continue
        seen = seen_by_conditions(question, value)
        if seen is not None:
            yield question.id, seen


def _known_from_record(
    graph: Graph, counted: Mapping[str, SlotState], described: Client
) -> Iterator[Question]:
    record = described.model_dump()
    for question in graph.fact_questions:
        given = counted.get(question.id, EMPTY).given
        if record.get(_field(question.fact)) is not None and not given:
            yield question


def _unasked(graph: Graph, counted: Mapping[str, SlotState], setting: Setting) -> Iterator[str]:
    described = setting.described
    yield from (question.id for question in _known_from_record(graph, counted, described))
    tellers = tuple(setting.informants.values())
    for question in graph.limited_questions:
        nobody_here = tellers and not any(is_for(question, each) for each in tellers)
        if question.hidden or nobody_here:
            yield question.id
