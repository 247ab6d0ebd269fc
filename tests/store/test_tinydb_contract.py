"""TinyDB over a sealed journal behaves as TinyDB does, and what it writes is what it changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tinydb
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from nmt_intake.store.files.disk import Disk
from nmt_intake.store.journal.frames import Header, Purpose, Seal
from nmt_intake.store.journal.journal import open_journal, write_journal
from nmt_intake.store.journal.storage import (
    SealedStorage,
    TouchedRows,
    TouchedTable,
    database,
    whole,
)
from tests.faults.sim_disk import SimDisk

PATH = Path("/sim/case.nmt")
HEADER = Header(Purpose.CASE, b"i" * 16)
SEAL = Seal(b"k" * 32, HEADER)


def opened(disk: Disk) -> SealedStorage:
    journal, found = open_journal(disk, PATH, "case", lambda _header: SEAL, writable=True)
    return SealedStorage(journal, found.payloads)


def new_storage() -> tuple[SimDisk, SealedStorage]:
    disk = SimDisk()
    write_journal(disk, PATH, "case", HEADER, SEAL, [])
    return disk, opened(disk)


def test_the_tinydb_that_the_table_leans_on_is_the_one_installed() -> None:
    assert (4, 9) <= tuple(int(part) for part in tinydb.__version__.split(".")[:2]) < (5, 0)
    assert TouchedTable._update_table is not Table._update_table
    assert "_update_table" in Table.__dict__


Step = tuple[str, int, int]
ACTIONS: dict[str, Callable[[TinyDB, int, int], object]] = {
    "insert": lambda db, a, b: db.table("t").insert({"a": a, "deep": {"b": [b]}}),
    "insert at": lambda db, a, b: db.table("t").upsert(Document({"a": a, "c": b}, doc_id=a + 1)),
    "insert many": lambda db, a, b: db.table("t").insert_multiple([{"a": a}, {"a": b}]),
    "insert numbered": lambda db, a, b: db.table("t").insert_multiple(
        [Document({"a": b}, doc_id=a + 1), Document({"a": a}, doc_id=b + 5)]
    ),
    "update": lambda db, a, b: db.table("t").update({"b": b}, where("a") == a),
    "update all": lambda db, a, b: db.table("u").update({"b": b}),
    "call": lambda db, a, b: db.table("t").update(
        lambda doc: doc.setdefault("deep", {}).update(seen=b), where("a") == a
    ),
    "update ids": lambda db, a, b: db.table("t").update({"x": b}, doc_ids=[a + 1, 99]),
    "upsert": lambda db, a, b: db.table("u").upsert({"a": a, "b": b}, where("a") == a),
    "remove": lambda db, a, b: db.table("t").remove(where("a") == a),
    "remove ids": lambda db, a, b: db.table("t").remove(doc_ids=[a + 1]),
    "truncate": lambda db, a, b: db.table("u").truncate(),
    "drop": lambda db, a, b: db.drop_table("u") if a == b else None,
    "drop all": lambda db, a, b: db.drop_tables() if a == b == 0 else None,
    "many updates": lambda db, a, b: db.table("t").update_multiple([({"m": b}, where("a") == a)]),
}


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 4), st.integers(0, 4)),
        max_size=14,
    )
)
def test_any_work_leaves_what_stock_tinydb_leaves(steps: list[Step]) -> None:
    disk, storage = new_storage()
    ours, stock = database(storage), TinyDB(storage=MemoryStorage)
    for name, a, b in steps:
        assert outcome(name, ours, a, b) == outcome(name, stock, a, b), name
        assert content(ours) == content(stock)
    ours.close()
    assert content(database(opened(disk))) == content(stock)


def outcome(name: str, db: TinyDB, a: int, b: int) -> object:
    """Return what an action returns, or that a number was taken: TinyDB may offer it twice."""
    try:
        return ACTIONS[name](db, a, b)
    except ValueError:
        return "refused"


def content(db: TinyDB) -> dict[str, dict[int, dict[str, object]]]:
    found = {}
    for name in db.tables():
        rows = {document.doc_id: dict(document) for document in db.table(name)}
        if rows:
            found[name] = rows
    return found


def test_a_change_costs_one_frame_however_long_the_table_is() -> None:
    _disk, storage = new_storage()
    db = database(storage)
    db.table("events").insert_multiple({"n": number} for number in range(2_000))
    before = storage.journal.position
    db.table("events").insert(Document({"n": 0}, doc_id=2_001))
    after = storage.journal.position
    assert after.frames == before.frames + 1
    assert after.end - before.end < 150


def test_a_change_of_nothing_writes_nothing() -> None:
    _disk, storage = new_storage()
    db = database(storage)
    db.table("events").insert({"n": 1})
    before = storage.journal.position
    assert db.table("events").update({"x": 1}, where("n") == 2) == []
    assert db.table("events").update({"n": 1}) == [1]
    assert storage.journal.position == before


def test_a_change_that_could_not_be_written_is_not_seen() -> None:
    disk, storage = new_storage()
    db = database(storage)
    db.table("events").insert({"n": 1})

    def full(call: str, _path: Path, _data: bytes) -> None:
        if call == "write":
            raise OSError(28, "no space")

    disk.hook = full
    for change in (
        lambda: db.table("events").insert({"n": 2}),
        lambda: db.table("events").update({"n": 3}),
        lambda: db.table("events").remove(doc_ids=[1]),
        lambda: db.drop_table("events"),
    ):
        with pytest.raises(Exception, match="full"):
            change()
        assert [dict(document) for document in db.table("events")] == [{"n": 1}]


def test_touched_rows_are_a_mapping_that_keeps_its_changes_apart() -> None:
    rows = {"1": {"a": 1}, "2": {"a": 2}}
    touched = TouchedRows(rows)  # type: ignore[arg-type]
    touched[3] = {"a": 3}
    del touched[1]
    touched[2]["a"] = 5
    assert (1 in touched, 2 in touched, 3 in touched) == (False, True, True)
    assert (list(touched), len(touched)) == ([2, 3], 2)
    assert touched[3] == {"a": 3}
    for gone in (1, 9):
        with pytest.raises(KeyError):
            touched[gone]
        with pytest.raises(KeyError):
            del touched[gone]
    assert touched.changes() == {"2": {"a": 5}, "3": {"a": 3}, "1": None}
    assert rows == {"1": {"a": 1}, "2": {"a": 2}}


def test_a_rewritten_file_says_the_same_in_fewer_frames() -> None:
    tables = {"t": {str(n): {"n": n, "said": "x" * 2_000} for n in range(4_500)}, "empty": {}}
    disk = SimDisk()
    position = write_journal(disk, PATH, "case", HEADER, SEAL, whole(tables, closed=True))
    again = opened(disk)
    assert again.read() == tables
    assert again.closed_cleanly
    assert position.frames == 5


def test_a_dropped_table_is_gone_after_reopening_too() -> None:
    disk, storage = new_storage()
    db = database(storage)
    db.table("t").insert({"n": 1})
    db.table("u").insert({"n": 2})
    db.drop_table("t")
    assert db.tables() == {"u"}
    db.close()
    assert set(opened(disk).read()) == {"u"}


def test_a_number_that_is_there_already_is_refused_whoever_wrote_it() -> None:
    _disk, storage = new_storage()
    db = database(storage)
    table = db.table("t")
    table.insert_multiple([Document({"n": 1}, doc_id=1), Document({"n": 2}, doc_id=2)])
    for twice in ([1], [3, 3]):
        with pytest.raises(ValueError, match="already exists"):
            table.insert_multiple([Document({"n": 9}, doc_id=doc_id) for doc_id in twice])
    assert [dict(document) for document in table] == [{"n": 1}, {"n": 2}]
    with pytest.raises(ValueError, match="already exists"):
        table.insert_multiple([Document({"n": 9}, doc_id=2)])


def test_what_is_given_may_change_afterwards_and_what_is_kept_does_not() -> None:
    _disk, storage = new_storage()
    table = database(storage).table("t")
    given = {"deep": [1]}
    table.insert_multiple([Document(given, doc_id=1)])
    given["deep"].append(2)
    assert [dict(document) for document in table] == [{"deep": [1]}]
