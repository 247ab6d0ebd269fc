"""Files made to exhaust or mislead a reader are refused at once, in one line."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from nmt_intake.bank.checking import check_folder
from nmt_intake.bank.documents import documents
from nmt_intake.bank.loading import load_bank, load_sources
from nmt_intake.bank.problems import BankError, Problem
from nmt_intake.bank.reading import Text, UnreadableFile, read_bytes, read_file

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "\n".join(
    f"b{number}: &b{number} {{<<: [{', '.join(['*a'] * 50)}]}}" for number in range(200)
)
HOSTILE = {
    "aliases upon aliases": (LAUGHS, "BANK-004"),
    "merge keys": (MERGES, "BANK-004"),
    "a merge key alone": ("<<: {a: b}\n", "BANK-004"),
    "20,000 brackets": ("a: " + "[" * 20_000, "BANK-003"),
    # Newer builds of libyaml see the depth before we see a key that is no word.
    "20,000 braces": ("{" * 20_000, "BANK-002 BANK-003"),
    "20,000 dashes": ("- " * 20_000 + "a", "BANK-003"),
    "deep indents": ("\n".join(" " * depth + "a:" for depth in range(300)), "BANK-003"),
    "a python object": ("a: !!python/object/apply:os.system ['true']\n", "BANK-004"),
    "a tag of its own": ("a: !secret 1\n", "BANK-004"),
    "a mebibyte": ("a: " + "x" * 1_000_000, "BANK-003"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "BANK-005"),
    "a list as key": ("[a, b]: 1\n", "BANK-002"),
    "two documents": ("a: 1\n---\nb: 2\n", "BANK-002"),
    "a NUL": ("a: \x00\n", "BANK-002"),
    "an escape": ("a: \x1b[2J\n", "BANK-002"),
    "an open quote": ('a: "never closed\n', "BANK-002"),
    "a tab as indent": ("a:\n\tb: 1\n", "BANK-002"),
    "a directive": ("%YAML 9.9\n---\na: 1\n", "BANK-002"),
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_at_once_and_in_little_space(text: str, code: str) -> None:
    raw = text.encode()
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        read_bytes(raw, "day.yaml")
    took = time.perf_counter() - start
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.problem.code in code.split()
    assert len(str(refused.value)) < 200
    assert str(refused.value).isprintable()
    assert took < 0.1
    assert most < 10_000_000


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(UnreadableFile, match=r"^day.yaml:2: BANK-002 is not UTF-8 text\."):
        read_bytes(b"a: 1\nb: \xff\xfe\n", "day.yaml")


def test_words_stay_words_whatever_yaml_would_make_of_them() -> None:
    node = read_bytes(b"a: [no, 12:30, 010, 1e3, 2019-09-14, .inf, 0x1F, yes, null, ~]\n", "x")
    assert isinstance(node, dict)
    assert node["a"] == [
        "no",
        "12:30",
        "010",
        "1e3",
        "2019-09-14",
        ".inf",
        "0x1F",
        "yes",
        "null",
        "~",
    ]


def test_every_word_knows_its_line() -> None:
    node = read_bytes(b"a: 1\nb:\n  - x\n  - y: z\n", "x")
    assert isinstance(node, dict)
    second = node["b"]
    assert isinstance(second, list)
    inner = second[1]
    assert isinstance(inner, dict)
    assert isinstance(inner["y"], Text)
    assert inner["y"].line == 4


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(tmp_path / "gone.yaml", "gone.yaml")
    assert refused.value.problem == Problem(
        "gone.yaml",
        1,
        "BANK-001",
        "",
        "cannot be read (No such file or directory).",
        "Check the file.",
    )


def test_names_from_a_file_cannot_steer_a_terminal(tmp_path: Path) -> None:
    _bank(
        tmp_path,
        '  - id: "a\\e[2Jb"\n    ask: "\\e]0;x\\a{oops\\e}"\n    kind: text\n    x\u202ey: 1\n',
    )
    for finding in check_folder(tmp_path).findings:
        assert str(finding).isprintable()
        assert "\u202e" not in str(finding)


def test_a_link_or_a_pipe_is_no_file_of_the_bank(tmp_path: Path) -> None:
    _bank(tmp_path, "  - id: a\n    ask: Who?\n    kind: text\n")
    (tmp_path / "linked.yaml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.yaml")
    loaded = load_sources(tmp_path)
    assert loaded.bank is not None
    assert loaded.problems == ()


def test_names_in_the_head_do_not_leave_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "bank"
    inside.mkdir()
    (tmp_path / "outside.yaml").write_text("block: outside\ntitle: x\nquestions: []\n")
    for name in ("../outside", "/etc/passwd", str(tmp_path / "outside"), "a\\0b", "x" * 300):
        (inside / "bank.yaml").write_text(f'id: x\nversion: 1\nblocks: ["{name}"]\n')
        with pytest.raises(BankError) as refused:
            load_bank(inside)
        assert [problem.code for problem in refused.value.problems] == ["BANK-008"]


def test_a_pattern_is_no_part_of_a_bank(tmp_path: Path) -> None:
    _bank(tmp_path, "  - id: a\n    ask: Who?\n    kind: text\n    pattern: (a+)+$\n")
    assert [finding.code for finding in check_folder(tmp_path).findings] == ["BANK-007"]


def test_a_folder_without_a_bank_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="holds no bank"):
        load_bank(tmp_path)


def _bank(folder: Path, questions: str) -> None:
    (folder / "day.yaml").write_text(
        f"block: day\ntitle: A day\nquestions:\n{questions}", encoding="utf-8"
    )
    (folder / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [day]\n", encoding="utf-8")


def test_a_pipe_among_the_data_files_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "scoring").mkdir()
    (tmp_path / "scoring" / "one.yaml").write_text("a: b\n")
    os.mkfifo(tmp_path / "scoring" / "pipe.yaml")
    assert list(documents(tmp_path, "scoring")) == ["one"]
