"""A compiled bank is the bank its sources make, and a spoiled one is compiled again."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from nmt_intake.bank import compiled
from nmt_intake.bank.loading import load_bank, load_sources, shipped_bank
from nmt_intake.bank.model import Bank, Condition
from nmt_intake.bank.truth import Answers


def plain(value: object) -> object:
    """Return a value of the model as plain data, conditions by text, tree, reads and facts."""
    if isinstance(value, Condition):
        return ("condition", value.text, plain(value.tree), plain(value.reads), plain(value.facts))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, str | int | float | None):
        return value
    assert isinstance(value, list | tuple | compiled.Later)
    return [plain(each) for each in value]


@pytest.fixture(scope="module")
def from_sources() -> Bank:
    bank = load_sources(shipped_bank()).bank
    assert bank is not None
    return bank


def test_the_compiled_bank_is_the_bank_its_sources_make(from_sources: Bank, tmp_path: Path) -> None:
    first = load_bank(cache=tmp_path)
    second = load_bank(cache=tmp_path)
    assert isinstance(second.ratings, compiled.Later)
    assert plain(first) == plain(from_sources)
    assert plain(second) == plain(from_sources)
    assert compiled.encode(second) == compiled.encode(from_sources)


def test_fields_keep_their_types(tmp_path: Path) -> None:
    bank = load_bank(cache=tmp_path)
    again = load_bank(cache=tmp_path)
    for name, question in bank.questions.items():
        for each in dataclasses.fields(question):
            mine, theirs = getattr(question, each.name), getattr(again.questions[name], each.name)
            assert type(mine) is type(theirs), (name, each.name)


def test_a_condition_read_back_decides_the_same(from_sources: Bank, tmp_path: Path) -> None:
    load_bank(cache=tmp_path)
    again = load_bank(cache=tmp_path)
    for name, question in from_sources.questions.items():
        other = again.questions[name].when
        if question.when is None:
            assert other is None
            continue
        assert other is not None
        for value in (None, "some", "much", True, 3):
            answers = Answers(
                {read: value for read, _ in question.when.reads if value is not None},
                facts={"client.age_months": 40},
            )
            assert question.when(answers, "") is other(answers, "")


SPOILED = {
    "empty": b"",
    "cut": None,
    "one byte changed": None,
    "other format": b"1 0\n[]\n[]\n[]",
    "no JSON": f"{compiled.FORMAT} {zlib.crc32(b'x')}".encode() + b"\nx",
    "other JSON": f"{compiled.FORMAT} {zlib.crc32(b'[[],[]]')}".encode() + b"\n[[],[]]",
    "not a list": f"{compiled.FORMAT} {zlib.crc32(b'{}')}".encode() + b"\n{}",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_compiled_bank_is_compiled_again(how: str, tmp_path: Path) -> None:
    folder = small_bank(tmp_path / "bank")
    cache = tmp_path / "cache"
    load_bank(folder, cache)
    kept = next(cache.iterdir())
    whole = kept.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    made = {"cut": whole[:middle], "one byte changed": changed}
    kept.write_bytes(made.get(how) or SPOILED[how] or b"")
    assert load_bank(folder, cache).questions["day.a"].ask == "Who came?"
    assert kept.read_bytes() == whole


def test_a_changed_source_is_seen(tmp_path: Path) -> None:
    folder = small_bank(tmp_path / "bank")
    before = load_bank(folder, tmp_path / "cache")
    (folder / "day.yaml").write_text((folder / "day.yaml").read_text().replace("Who", "Which"))
    after = load_bank(folder, tmp_path / "cache")
    assert after.questions["day.a"].ask == "Which came?"
    assert after.hash != before.hash


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    folder = small_bank(tmp_path / "bank")
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert load_bank(folder, tmp_path / "cache").questions


def test_another_bank_under_the_right_name_is_not_taken(tmp_path: Path) -> None:
    folder = small_bank(tmp_path / "bank")
    load_bank(folder, tmp_path / "cache")
    kept = next((tmp_path / "cache").iterdir())
    other = load_sources(small_bank(tmp_path / "other", ask="Who went?")).bank
    assert other is not None
    kept.write_bytes(compiled.encode(other))
    assert load_bank(folder, tmp_path / "cache").questions["day.a"].ask == "Who came?"


def test_the_cache_is_nobody_elses_to_read(tmp_path: Path) -> None:
    load_bank(small_bank(tmp_path / "bank"), tmp_path / "cache")
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_the_shipped_bank_is_found_in_a_wheel_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (shipped_bank() / "bank.yaml").is_file()
    installed = tmp_path / "nmt_intake"
    (installed / "question_bank").mkdir(parents=True)
    monkeypatch.setattr("nmt_intake.bank.files.resources.files", lambda _: installed)
    assert shipped_bank() == installed / "question_bank"


def small_bank(folder: Path, ask: str = "Who came?") -> Path:
    folder.mkdir()
    (folder / "bank.yaml").write_text("id: small\nversion: 1\nblocks: [day]\n")
    (folder / "day.yaml").write_text(
        f"block: day\ntitle: A day\nquestions:\n  - id: a\n    ask: {ask}\n    kind: text\n"
    )
    return folder
