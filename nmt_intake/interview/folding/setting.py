"""Who is here and what there is to ask about: client, informants, periods, named instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from nmt_intake.bank.model import Question
from nmt_intake.bank.truth import Known, Value
from nmt_intake.interview.ages import client_facts, periods_reached
from nmt_intake.interview.events import (
    Client,
    ClientDescribed,
    Informant,
    InformantAdded,
    InformantChosen,
    InstanceAdded,
    Opened,
)
from nmt_intake.interview.folding.ledger import Ledger
from nmt_intake.interview.graph import NAMED_LOOPS, Graph, Layout, loop_of, split_slot
from nmt_intake.interview.slots import SlotState
from nmt_intake.interview.values import AnswerError, in_words, read_value, seen_by_conditions

_NOBODY: Final = Client(alias="")
_STRUCTURE: Final = frozenset({"client", "informant", "informant_chosen", "instance"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What an interview is set in.

    `referred` is what conditions see of questions whose answer the client's record held already;
    `unasked` are questions the program does not ask here: hidden ones, those, and questions meant
    only for informants of whom none is here.
    """

    client: Client
    informants: Mapping[str, Informant]
    speaking: str | None
    labels: Mapping[str, str]
    facts: Mapping[str, Value]
    layout: Layout
    referred: Mapping[str, Known]
    unasked: frozenset[str]
    informant_facts: tuple[Mapping[str, Value], ...]


def facts_of(informant: Informant) -> Mapping[str, Value]:
    """Return what conditions may read of one informant."""
    return {
        "informant.relation": informant.relation,
        "informant.kind": informant.kind,
        "informant.known_from_months": informant.known_from_months,
    }


def is_structure(subject: str) -> bool:
    """Whether events about this subject change the setting."""
    return subject.partition(":")[0] in _STRUCTURE


def reshapes(slot: str, question: Question, spoken_of: bool, setting: Setting) -> bool:
    """Whether what was said to a slot may change the setting: a fact, a name, an instance."""
    if question.fact or question.names_this:
        return True
    if question.for_each not in NAMED_LOOPS:
        return False
    here = split_slot(slot)[0] in setting.layout.prefixes_of(question)
    return not spoken_of or not here


def setting_of(
    graph: Graph, ledger: Ledger, slots: Mapping[str, SlotState], before: Setting | None
) -> Setting:
    """Return the setting; the layout of `before` is kept where the instances are the same."""
    described = _described(ledger)
    client = _with_told_facts(graph, slots, described)
    facts = client_facts(client)
    added = ledger.last_of_each("informant:", InformantAdded)
    informants = {each.informant.id: each.informant for each in added}
    named = _named(ledger, slots)
    instances = {"period": periods_reached(facts), **_numbered(named)}
    same = before is not None and before.layout.instances == instances
    return Setting(
        client=client,
        informants=informants,
        speaking=_speaking(ledger, informants),
        labels=_labels(graph, slots, named),
        facts=facts,
        layout=before.layout if before and same else graph.layout(instances),
        referred=dict(_referred(graph, slots, described)),
        unasked=frozenset(_unasked(graph, slots, described, informants)),
        informant_facts=tuple(facts_of(each) for each in informants.values()),
    )


def _described(ledger: Ledger) -> Client:
    for event in reversed(ledger.about("client")):
        if isinstance(event, Opened | ClientDescribed) and event.id not in ledger.retracted:
            return event.client
    return _NOBODY


def _with_told_facts(graph: Graph, slots: Mapping[str, SlotState], client: Client) -> Client:
    """Return the client with what was told, each fact for itself: one that cannot be is left out.

    Where informants differ, the first by id counts.
    """
    for question in graph.fact_questions:
        state = slots.get(question.id)
        if state is None or not state.given:
            continue
        told = {_field(question): state.given[0].value}
        try:
            client = Client.model_validate({**client.model_dump(), **told})
        except ValidationError:
            continue
    return client


def _field(question: Question) -> str:
    return (question.fact or "").removeprefix("client.")


def _speaking(ledger: Ledger, informants: Mapping[str, Informant]) -> str | None:
    for chosen in reversed(ledger.in_force("informant_chosen", InformantChosen)):
        if chosen.informant in informants:
            return chosen.informant
    return next(iter(informants), None)


def _named(ledger: Ledger, slots: Mapping[str, SlotState]) -> Mapping[str, str]:
    """Return the named instances with the labels they were given; answers name them, too."""
    added = ledger.last_of_each("instance:", InstanceAdded)
    spoken_of = {slot.partition("/")[0] for slot in slots if "-" in slot}
    return {**dict.fromkeys(spoken_of, ""), **{each.instance: each.label for each in added}}


def _numbered(named: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[tuple[int, str]]] = {loop: [] for loop in NAMED_LOOPS}
    for instance in named:
        loop = loop_of(instance)
        if loop in found:
            found[loop].append((int(instance.rpartition("-")[2]), instance))
    return {loop: tuple(name for _, name in sorted(each)) for loop, each in found.items()}


def _labels(
    graph: Graph, slots: Mapping[str, SlotState], named: Mapping[str, str]
) -> Mapping[str, str]:
    labels = {instance: label for instance, label in named.items() if label}
    for question in reversed(graph.naming_questions):
        for instance in named:
            state = slots.get(f"{instance}/{question.id}")
            if state and state.given:
                labels[instance] = in_words(question, state.given[0].value)
    return labels


def _referred(
    graph: Graph, slots: Mapping[str, SlotState], described: Client
) -> Iterator[tuple[str, Known]]:
    for question in _known_from_record(graph, slots, described):
        try:
            value = read_value(question, described.model_dump()[_field(question)])
        except AnswerError:
            continue
        seen = seen_by_conditions(question, value)
        if seen is not None:
            yield question.id, seen


def _known_from_record(
    graph: Graph, slots: Mapping[str, SlotState], described: Client
) -> Iterator[Question]:
    record = described.model_dump()
    for question in graph.fact_questions:
        state = slots.get(question.id)
        if record.get(_field(question)) is not None and not (state and state.given):
            yield question


def _unasked(
    graph: Graph,
    slots: Mapping[str, SlotState],
    described: Client,
    informants: Mapping[str, Informant],
) -> Iterator[str]:
    yield from (question.id for question in _known_from_record(graph, slots, described))
    kinds = {informant.kind for informant in informants.values()}
    for question in graph.limited_questions:
        nobody_here = question.informants and kinds and not kinds.intersection(question.informants)
        if question.hidden or nobody_here:
            yield question.id
