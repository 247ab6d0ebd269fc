"""What CONTRIBUTING, the architecture page and the decisions name is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.import_graph import ROOT, modules

ARCHITECTURE = ROOT / ".readme" / "architecture.md"
PAGES = [
    ROOT / "CONTRIBUTING.md",
    ARCHITECTURE,
    *sorted((ROOT / ".readme" / "decisions").glob("*.md")),
]
PARTS = {path.stem for path in (ROOT / "nmt_intake").iterdir()}
FOLDERS = ("nmt_intake/", "tests/", "question_bank/", ".readme/", ".ci/")


def quoted(page: Path) -> Iterator[str]:
    """Give what stands between backticks, and the lines of blocks of code."""
    text = page.read_text("utf-8")
    for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL):
        yield from block.splitlines()
    for span in re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        yield " ".join(span.split())


def names(page: Path) -> Iterator[str]:
    """Give the dotted names of the program that a page quotes, from `nmt_intake` on."""
    for span in quoted(page):
        for name in re.findall(r"(?<![\w./-])[a-z_]+(?:\.\w+)+(?![\w/])", span):
            first = name.partition(".")[0]
            if first == "nmt_intake":
                yield name
            elif first in PARTS and name.rpartition(".")[2] not in ("py", "md", "yaml"):
                yield f"nmt_intake.{name}"


def files(page: Path) -> Iterator[str]:
    """Give the paths and test modules that a page quotes."""
    for span in quoted(page):
        for word in span.split():
            path = word.partition("::")[0].rstrip(",.;:)")
            if path.startswith(FOLDERS) and not set("<>{}*").intersection(path):
                yield path
        yield from (
            name.replace(".", "/") for name in re.findall(r"python -m (tests(?:\.\w+)*)", span)
        )


def is_defined(name: str) -> bool:
    """Whether a dotted name is a module, or a class, function or value defined in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        module = modules().get(".".join(parts[:cut]))
        if module is not None:
            return _holds(ast.parse(module.path.read_text("utf-8")), parts[cut:])
    return False


def _holds(tree: ast.AST, parts: list[str]) -> bool:
    if not parts:
        return True
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found = node.name
        elif isinstance(node, ast.AnnAssign):
            found = ast.unparse(node.target)
        elif isinstance(node, ast.Assign):
            found = ast.unparse(node.targets[0])
        else:
            continue
        if found == parts[0]:
            return _holds(node, parts[1:])
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_module_function_and_file_that_a_page_names_is_there(page: Path) -> None:
    assert [name for name in names(page) if not is_defined(name)] == []
    there = [ROOT / path for path in files(page)]
    lost = [p for p in there if not (p.exists() or p.with_suffix(".py").exists())]
    assert lost == []


def test_the_architecture_page_follows_an_answer_function_by_function() -> None:
    assert len(set(names(ARCHITECTURE))) >= 30


def test_a_name_that_is_not_there_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`store.home.Home.lock`, `nmt_intake.text.clean_all`, `tests/nowhere.py`")
    assert [name for name in names(page) if not is_defined(name)] == ["nmt_intake.text.clean_all"]
    assert list(files(page)) == ["tests/nowhere.py"]


def test_the_glossary_has_at_most_thirty_words() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| \*\*", text.partition("## Glossary")[2], re.MULTILINE)
    assert 10 <= len(rows) <= 30


def test_decisions_are_numbered_without_a_gap_and_say_what_why_and_what_was_measured() -> None:
    decisions = PAGES[2:]
    assert [page.name[:3] for page in decisions] == [f"{n + 1:03}" for n in range(len(decisions))]
    for page in decisions:
        text = page.read_text("utf-8")
        assert all(f"**{part}.**" in text for part in ("What", "Why", "Measured"))
