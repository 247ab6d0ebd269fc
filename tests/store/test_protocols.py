"""What every store promises, whatever keeps the cases."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nmt_intake.store.errors import (
    BadRecord,
    CaseClaimed,
    CaseErased,
    CaseUnknown,
    OutOfStep,
    ReadOnly,
)
from nmt_intake.store.protocols import (
    RECORD_KEYS,
    CaseFilter,
    CaseLabel,
    CaseStore,
    CaseSummary,
    Counts,
    Finding,
    Page,
)
from nmt_intake.store.sealed.store import SealedCaseStore
from nmt_intake.store.vault.key_memory import VaultKeys
from tests.faults.session import event
from tests.faults.sim_disk import SimDisk
from tests.store.conftest import Maker


def test_what_was_appended_is_loaded_in_order_by_another_opening(store: CaseStore) -> None:
    with store.create(CaseLabel("M.")) as case:
        assert case.append(0, [event(1)]) == 1
        assert case.append(1, [event(2), event(3)]) == 3
        assert list(store.open(case.case_id).load()) == [event(1), event(2), event(3)]
    with store.claim(case.case_id) as again:
        assert again.sequence == 3
        assert list(again.load()) == [event(1), event(2), event(3)]


def test_changing_what_was_loaded_or_given_changes_nothing(store: CaseStore) -> None:
    given_record = {**event(1), "value": {"list": [1]}}
    with store.create(CaseLabel("M.")) as case:
        case.append(0, [given_record])
        given_record["value"]["list"].append(2)
        case.load()[0]["value"]["list"].append(3)  # type: ignore[index,union-attr,call-overload]
        assert case.load()[0]["value"] == {"list": [1]}


def test_another_expected_sequence_is_out_of_step_and_writes_nothing(store: CaseStore) -> None:
    with store.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
        for wrong in (0, 2, -1):
            with pytest.raises(OutOfStep) as caught:
                case.append(wrong, [event(2)])
            assert caught.value.found == 1
        assert list(case.load()) == [event(1)]


def test_appending_nothing_keeps_the_sequence(store: CaseStore) -> None:
    with store.create(CaseLabel("M.")) as case:
        assert case.append(0, []) == 0


@pytest.mark.parametrize("key", RECORD_KEYS)
def test_a_record_without_a_required_key_is_refused_with_all_others(
    store: CaseStore, key: str
) -> None:
    lacking = {name: value for name, value in event(1).items() if name != key}
    with store.create(CaseLabel("M.")) as case:
        with pytest.raises(BadRecord):
            case.append(0, [event(0), lacking])
        assert case.sequence == 0
        assert list(case.load()) == []


UNFIT = {
    "nan": float("nan"),
    "infinity": float("inf"),
    "lone surrogate": "\ud800",
    "object": object(),
    "5,001 digits": 10**5000,
    "set": {1, 2},
    "bytes": b"bytes",
}


@pytest.mark.parametrize("value", UNFIT.values(), ids=UNFIT)
def test_what_json_cannot_carry_is_refused(store: CaseStore, value: object) -> None:
    with store.create(CaseLabel("M.")) as case:
        with pytest.raises(BadRecord):
            case.append(0, [{**event(1), "value": value}])  # type: ignore[dict-item]
        assert case.append(0, [event(1)]) == 1


def test_a_nest_without_end_and_a_huge_event_are_refused(store: CaseStore) -> None:
    nest: list[object] = []
    nest.append(nest)
    with store.create(CaseLabel("M.")) as case:
        for value in (nest, "x" * (9 << 20)):
            with pytest.raises(BadRecord):
                case.append(0, [{**event(1), "value": value}])  # type: ignore[dict-item]


def test_the_second_writer_is_told_who_where_and_since_when(maker: Maker) -> None:
    first, second = maker("ann"), maker("bob")
    with first.create(CaseLabel("M.")) as case:
        with pytest.raises(CaseClaimed) as caught:
            second.claim(case.case_id)
        assert caught.value.who == "ann"
        assert caught.value.place
        assert caught.value.since.startswith("2026-11-22T")
        with pytest.raises(CaseClaimed):
            second.erase(case.case_id, "no")
        assert not second.open(case.case_id).writable
    second.claim(case.case_id).close()


def test_a_reader_sees_what_was_saved_before_it_opened(maker: Maker) -> None:
    writer, reader = maker("ann"), maker("bob")
    with writer.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
        seen = reader.open(case.case_id)
        assert len(seen.load()) == 1
        case.append(1, [event(2)])
        assert len(reader.open(case.case_id).load()) == 2


def test_a_reader_and_a_closed_case_refuse_to_write(store: CaseStore) -> None:
    case = store.create(CaseLabel("M."))
    reader = store.open(case.case_id)
    case.close()
    case.close()
    assert not case.writable
    for refused in (reader, case):
        with pytest.raises(ReadOnly):
            refused.append(0, [event(1)])
    with pytest.raises(ReadOnly):
        case.load()


def test_the_list_shows_labels_and_summaries(store: CaseStore) -> None:
    with store.create(CaseLabel("M.", "2019-09-14", "ann", practice=False)) as case:
        case.append(0, [event(1), event(2)])
        counts = Counts(asked=12, open=5, to_find_out=2)
        line = CaseSummary(
            CaseLabel("M. K.", "2019-09-15", "bob"), "open", counts, True, "2026-11-23T10:00:00Z"
        )
        store.summarise(case.case_id, line)
        (found,) = store.list()
        assert found.label.alias == "M. K."
        assert (found.label.birth, found.label.who) == ("2019-09-15", "bob")
        assert (found.status, found.counts, found.safety) == ("open", counts, True)
        assert (found.case_id, found.sequence) == (case.case_id, 2)
    (found,) = store.list()
    assert found.label.alias == "M. K."
    store.summarise(case.case_id, line)
    assert store.list()[0].sequence == 2


def test_the_list_is_filtered_ordered_and_paged(store: CaseStore) -> None:
    for number in range(6):
        store.create(CaseLabel(f"child {number}", who="Ann" if number % 2 else "Bob")).close()
    names = [line.label.alias for line in store.list()]
    assert names == [f"child {number}" for number in (5, 4, 3, 2, 1, 0)]
    assert [line.label.alias for line in store.list(page=Page(1, 2))] == ["child 4", "child 3"]
    assert len(store.list(CaseFilter(words="ANN child"))) == 3
    assert store.list(CaseFilter(statuses=frozenset({"signed"}))) == []
    assert store.list(CaseFilter(safety_only=True)) == []
    assert store.list(page=Page(100, 10)) == []


def test_only_the_practice_store_marks_practice(makers: dict[str, Maker]) -> None:
    for kind, maker in makers.items():
        store = maker("ann")
        store.create(CaseLabel("M.", practice=kind != "practice")).close()
        assert [line.label.practice for line in store.list()] == [kind == "practice"]


def test_an_erased_case_is_gone_and_says_so(store: CaseStore) -> None:
    case = store.create(CaseLabel("M."))
    case.append(0, [event(1)])
    case.close()
    store.erase(case.case_id, "asked for")
    assert store.list() == []
    for way in (store.open, store.claim, store.salvage):
        with pytest.raises(CaseErased):
            way(case.case_id)
    with pytest.raises(CaseErased):
        store.erase(case.case_id, "again")


def test_what_is_readable_of_a_sound_case_is_all_of_it(store: CaseStore) -> None:
    with store.create(CaseLabel("M.")) as case:
        case.append(0, [event(1)])
    with store.salvage(case.case_id) as found:
        assert list(found.load()) == [event(1)]
        assert found.recovery.finding is Finding.CLEAN
        assert found.recovery.events == 1
        assert found.recovery.last_at == "at-1"
        assert not found.writable


BAD_IDS = ["", "x", "..", "../../etc/passwd", "/etc/passwd", "a" * 32 + "/", "A" * 32, "\0" * 32]


@pytest.mark.parametrize("case_id", [*BAD_IDS, "f" * 32, "a" * 300, "ａ" * 32, "0" * 32 + "\n"])
def test_an_id_that_is_not_ours_is_unknown(store: CaseStore, case_id: str) -> None:
    line = CaseSummary(CaseLabel("M."))
    for way in (store.open, store.claim, store.salvage):
        with pytest.raises(CaseUnknown):
            way(case_id)
    with pytest.raises(CaseUnknown):
        store.summarise(case_id, line)
    with pytest.raises(CaseUnknown) as caught:
        store.erase(case_id, "no")
    assert "passwd" not in str(caught.value)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(case_id=st.one_of(st.text(max_size=300), st.text("./\\0af", max_size=40)))
def test_no_id_opens_a_file_outside_the_home(store: CaseStore, case_id: str) -> None:
    with pytest.raises(CaseUnknown):
        store.open(case_id)


@settings(max_examples=60, deadline=None)
@given(
    case_id=st.one_of(
        st.text(max_size=300),
        st.text("./\\0af", max_size=40),
        st.text("0123456789abcdef", min_size=32, max_size=32),
    )
)
def test_whatever_is_asked_for_every_call_of_the_disk_stays_inside(case_id: str) -> None:
    disk, home = SimDisk(), Path("/sim/home")
    called: list[Path] = []
    disk.hook = lambda _call, path, _data: called.append(path)
    store = SealedCaseStore(home, VaultKeys(b"v" * 16, 1, b"k" * 32), disk=disk, least_room=1)
    store.start()
    for way in (store.open, store.claim, store.salvage, lambda each: store.erase(each, "no")):
        with pytest.raises(CaseUnknown):
            way(case_id)
    store.close()
    outside = [path for path in called if home not in (path, *path.parents) or ".." in path.parts]
    assert {path for path in outside if path != home.parent} == set()  # where the home is made
    assert called
    with suppress(CaseUnknown):
        path = store.folders.case_path(case_id)
        assert re.fullmatch("[0-9a-f]{32}", case_id)
        assert path == home / "cases" / case_id[:2] / f"{case_id}.nmt"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=8,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.lists(st.lists(json_values, max_size=3), max_size=4))
def test_any_json_comes_back_as_it_was(store: CaseStore, parts: list[list[object]]) -> None:
    expected: list[object] = []
    with store.create(CaseLabel("M.")) as case:
        for part in parts:
            records = [{**event(1), "value": value} for value in part]
            case.append(len(expected), records)  # type: ignore[arg-type]
            expected += records
    with store.claim(case.case_id) as again:
        assert list(again.load()) == expected
