"""Random well-typed conditions over a few made-up questions, and random partial answers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from nmt_intake.bank.language import Complaint, Referent
from nmt_intake.bank.truth import Answers, Possible, State
from tests.bank.slow_conditions import Asked, Told

CODES = ("never", "some", "often")
INSTANCES = {"caregiver": ["caregiver-1", "caregiver-2", "caregiver-3"]}
STATES = ("closed", "pending", "disputed")
REASONS = ("asked-unknown", "not-asked", "masked")
DATES = (
    "2020-02",
    "2020-02-29",
    "2019-04",
    "2019-04-30",
    "2019",
    "2019-02",
    "2019-02-28",
    "2019-03-01",
    "2020",
    "2018-12-31",
)

QUESTIONS = {
    **{
        name: Asked(f"here.{name}", "same", kind)
        for name, kind in {
            "cried": "truth",
            "often": "code",
            "which": "codes",
            "step": "number",
            "weeks": "number",
            "since": "date",
            "word": "text",
        }.items()
    },
    "once.told": Asked("once.told", "once", "truth"),
    "once.sort": Asked("once.sort", "once", "code"),
    "once.count": Asked("once.count", "once", "number"),
    "carer.kind": Asked("carer.kind", "many", "truth", "caregiver"),
    "carer.how": Asked("carer.how", "many", "code", "caregiver"),
    "carer.things": Asked("carer.things", "many", "codes", "caregiver"),
}
FACTS = ("client.age_months", "period.id", "informant.kind", "informant.known_from_months")
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "truth": st.booleans(),
    "code": st.sampled_from(CODES),
    "codes": st.lists(st.sampled_from(CODES), unique=True).map(lambda each: tuple(sorted(each))),
    "number": st.integers(-2, 4) | st.sampled_from([0.5, 1.5]),
    "date": st.sampled_from(DATES),
    "text": st.sampled_from(["red", "blue"]),
}


def resolve(name: str) -> Referent | Complaint:
    """Find a question as the compiler would."""
    asked = QUESTIONS.get(name)
    if asked is None:
        return Complaint("BANK-014", f"there is no question {name!r}.", "")
    codes = CODES if asked.kind in ("code", "codes") else ()
    reach = {"same": "same", "once": "once", "many": "many"}[asked.reach]
    return Referent(asked.id, reach, asked.kind, codes, asked.loop)  # type: ignore[arg-type]


def _named(*kinds: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [name for name, each in QUESTIONS.items() if each.kind in kinds and each.reach != "many"]
    )


_CODE = st.sampled_from(CODES).map(repr)
_NUMBER = st.integers(-3, 5).map(str) | st.sampled_from(["0.5", "1.0"])
_LEAF_NUMBER = _NUMBER | _named("number") | st.just("client.age_months")
_SUM = st.tuples(_LEAF_NUMBER, st.sampled_from(["+", "-", "*", "/", "//", "%"]), _LEAF_NUMBER).map(
    lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
)
_COUNT = st.one_of(
    st.just("count_of(carer.kind, True)"),
    _CODE.map(lambda code: f"count_of(carer.how, {code})"),
    _CODE.map(lambda code: f"count_of(carer.things, {code})"),
)
_NUMERIC = (
    _LEAF_NUMBER
    | _SUM
    | _COUNT
    | _named("number").map(lambda name: f"-{name}")
    | st.just("informant.known_from_months")
)
_ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_SAME = st.sampled_from(["==", "!="])
_DATE = st.sampled_from(DATES).map(repr) | st.just("since")


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


def _listed(member: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(member, min_size=1, max_size=3).map(lambda each: f"({', '.join(each)},)")


_ATOM = st.one_of(
    st.sampled_from(["True", "False"]),
    _named("truth"),
    _joined(_NUMERIC, _ORDER, _NUMERIC),
    _joined(_LEAF_NUMBER, _ORDER, _LEAF_NUMBER, _ORDER, _LEAF_NUMBER),
    _joined(_named("code"), _SAME, _CODE),
    _joined(_named("code"), st.sampled_from(["in", "not in"]), _listed(_CODE)),
    _joined(_LEAF_NUMBER, st.sampled_from(["in", "not in"]), _listed(_NUMBER)),
    _joined(st.just("word"), _SAME, st.sampled_from(["'red'", "'blue'"])),
    _joined(st.just("since"), _ORDER, _DATE),
    _joined(_named("truth"), _SAME, st.sampled_from(["True", "False", "cried"])),
    _CODE.map(lambda code: f"has(which, {code})"),
    _CODE.map(lambda code: f"has(often, {code})"),
    st.sampled_from([name for name, each in QUESTIONS.items() if each.reach != "many"]).flatmap(
        lambda name: st.sampled_from([f"answered({name})", f"missing({name})"])
    ),
    st.sampled_from(REASONS).map(lambda reason: f"reason(often) == '{reason}'"),
    st.sampled_from(["any_of", "all_of"]).flatmap(
        lambda name: st.one_of(
            st.just(f"{name}(carer.kind)"),
            _CODE.map(lambda code: f"{name}(carer.how, {code})"),
            _CODE.map(lambda code: f"{name}(carer.things, {code})"),
        )
    ),
    _joined(st.just("period.id"), _SAME, st.sampled_from(["'infancy'", "'youth'"])),
    _joined(st.just("informant.kind"), _SAME, st.sampled_from(["'self'", "'caregiver'"])),
)

CONDITIONS = st.recursive(
    _ATOM,
    lambda inner: st.one_of(
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    ),
    max_leaves=6,
)


@st.composite
def tellings(draw: st.DrawFn) -> Told:
    """Return random partial answers: known, between two values, missing for a reason, or none."""
    told = Told(instances={"caregiver": draw(st.sampled_from([[], INSTANCES["caregiver"]]))})
    for asked in QUESTIONS.values():
        for slot in _slots(asked, told):
            state = draw(st.sampled_from(["known", "known", "between", "missing", "nothing"]))
            if state == "missing":
                told.reasons[slot] = draw(st.sampled_from(REASONS))
            elif state != "nothing":
                count = 1 if state == "known" else 2
                values = st.lists(_VALUES[asked.kind], min_size=count, max_size=count)
                told.values[slot] = frozenset(draw(values))
    for slot in [*told.values, *told.reasons]:
        told.states[slot] = draw(st.sampled_from(["open", "open", "open", *STATES]))
    for asked in QUESTIONS.values():
        for slot in _slots(asked, told):
            told.states.setdefault(slot, draw(st.sampled_from(["open", "open", *STATES])))
            if told.states[slot] == "closed":
                told.values.pop(slot, None)
                told.reasons.pop(slot, None)
    if draw(st.booleans()):
        told.complete = frozenset(["caregiver"])
    if draw(st.booleans()):
        told.facts["client.age_months"] = draw(st.integers(0, 4))
    told.informants = draw(st.lists(st.sampled_from(PEOPLE), max_size=2))
    return told


PEOPLE = [
    {"informant.kind": "self", "informant.known_from_months": None},
    {"informant.kind": "caregiver", "informant.known_from_months": 2},
    {"informant.kind": "caregiver", "informant.known_from_months": 0},
]


def _slots(asked: Asked, told: Told) -> list[str]:
    if asked.reach == "once":
        return [asked.id]
    instances = ["infancy"] if asked.reach == "same" else told.instances[asked.loop]
    return [f"{instance}/{asked.id}" for instance in instances]


def as_answers(told: Told) -> Answers:
    """Return the same as the program's own shape."""
    values = {
        slot: next(iter(said)) if len(said) == 1 else Possible(tuple(sorted(said, key=repr)))
        for slot, said in told.values.items()
    }
    prefixes = {loop: [f"{each}/" for each in names] for loop, names in told.instances.items()}
    states = {slot: State(state) for slot, state in told.states.items()}
    return Answers(
        values, told.reasons, told.facts, told.informants, prefixes, states, told.complete
    )
