"""Which module imports which, read from the source, and so which tests a change touches."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("nmt_intake", "tests")


@dataclass(frozen=True)
class Module:
    """What one module imports: `at_start` when it is loaded, `later` inside its functions.

    `named` are modules that it names in a text: a process to start, an import by name.
    """

    path: Path
    at_start: frozenset[str]
    later: frozenset[str]
    named: frozenset[str]

    @property
    def explicit(self) -> frozenset[str]:
        """Everything that it imports by a statement, deferred or not."""
        return self.at_start | self.later


def module_name(path: Path) -> str:
    """Return `tests.store.conftest` for that file below the root; a package is its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> Mapping[str, Module]:
    """Return every module of the program and of its tests by name."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    names = {module_name(path): path for path in files}
    return {name: _read(path, name, names) for name, path in names.items()}


def _read(path: Path, name: str, known: Mapping[str, Path]) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    every = frozenset(_imports(_that_run(tree), package, known))
    start = frozenset(_imports(_that_run(tree, later=False), package, known))
    named = frozenset(_named(tree, package, known))
    return Module(path, start - {name}, every - start - {name}, named - {name})


def _that_run(node: ast.AST, *, later: bool = True) -> Iterator[ast.AST]:
    """Give what can run: nothing for types only, and the insides of functions only if `later`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not later:
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _that_run(child, later=later)


def _imports(nodes: Iterable[ast.AST], package: str, known: Mapping[str, Path]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        if isinstance(node, ast.ImportFrom):
            yield from _imported_from(node, package, known)


def _imported_from(node: ast.ImportFrom, package: str, known: Mapping[str, Path]) -> Iterator[str]:
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    source = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        inside = f"{source}.{alias.name}"
        if inside in known:
            yield inside
        elif source in known:
            yield source


def _named(tree: ast.AST, package: str, known: Mapping[str, Path]) -> Iterator[str]:
    """Give the modules that stand in a text, as an argument of `python -m` or of `import_module`.

    A text that is put together from such a name (`f"import nmt_intake.{part}"`) may mean any.
    """
    by_name = any(isinstance(n, ast.Name) and n.id == "import_module" for n in ast.walk(tree))
    if not by_name and not package.startswith("tests"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for start in re.findall(r"(nmt_intake\.[\w.]*)\{", ast.unparse(node)):
                yield from (name for name in known if name.startswith(start))
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        for word in node.value.split() if len(node.value) < 500 else ():
            bare = word.strip("\"'();,").partition(":")[0]
            if node.value == "nmt_intake":
                yield "nmt_intake.__main__"
            elif "." in bare and bare in known:
                yield bare
            elif by_name and f"{package}.{bare.lstrip('.')}" in known:
                yield f"{package}.{bare.lstrip('.')}"


def reached(name: str) -> frozenset[str]:
    """Return every module that can run when `name` runs, itself included.

    A package that holds an imported module is loaded too, so what it imports at its start counts.
    """
    graph = modules()
    seen: set[str] = set()
    loaded: set[str] = set()
    waiting = [(name, True)]
    while waiting:
        each, whole = waiting.pop()
        if each not in graph or each in seen or (not whole and each in loaded):
            continue
        (seen if whole else loaded).add(each)
        module = graph[each]
        waiting += [(other, True) for other in module.at_start]
        if whole:
            waiting += [(other, True) for other in module.later | module.named]
        if "." in each:
            waiting.append((each.rpartition(".")[0], False))
    return frozenset(seen | loaded)


def test_files() -> Mapping[Path, frozenset[str]]:
    """Return each test file with every module that can run in it, `conftest.py` above included."""
    found: dict[Path, frozenset[str]] = {}
    for name, module in modules().items():
        if not module.path.name.startswith("test_"):
            continue
        above = [folder / "conftest.py" for folder in module.path.parents if folder != ROOT]
        shared = [module_name(path) for path in above if path.exists()]
        found[module.path] = frozenset().union(*(reached(each) for each in (name, *shared)))
    return found


def touched_tests(changed: Iterable[Path]) -> list[Path] | None:
    """Return the test files that these changed files touch, or None for all of them."""
    tests = test_files()
    touched: set[Path] = set()
    for path in changed:
        found = _touched_by(path, tests)
        if found is None:
            return None
        touched |= found
    return sorted(touched)


def _touched_by(path: Path, tests: Mapping[Path, frozenset[str]]) -> set[Path] | None:
    inside = path.relative_to(ROOT).parts
    if path.suffix in (".md", ".svg") and (len(inside) == 1 or inside[0] == ".readme"):
        return {test for test in tests if inside[0] in test.read_text("utf-8")}
    if inside[0] not in PACKAGES or len(inside) == 1:
        return None
    if path.name == "conftest.py":
        return {test for test in tests if path.parent in test.parents}
    if path.suffix == ".py":
        name = module_name(path)
        return {test for test, names in tests.items() if name in names}
    # Data: those who live beside it, and those who use them.
    beside = path.parent
    while not any(beside.glob("*.py")):
        beside = beside.parent
    if beside in (ROOT / package for package in PACKAGES):
        return None
    users = {module_name(file) for file in beside.glob("*.py")}
    return {
        test
        for test, names in tests.items()
        if beside in test.parents or not users.isdisjoint(names)
    }


def circles(names: Iterable[str]) -> list[list[str]]:
    """Return each set of modules that import each other by statements, deferred ones included."""
    graph = {name: sorted(modules()[name].explicit) for name in names}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in graph:
                continue
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for name in graph:
        if name not in index:
            visit(name)
    return found
