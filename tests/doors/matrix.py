"""Every command in every environment: what is held of each, in one table.

A command ends with 0, 1, 2 or 130 and says at most one line on standard error. It ends with 0 only
if every byte is where it was asked for, and whatever happens no file is cut: what was there before
is there, or all that is new.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.doors.attacker import settled
from tests.doors.running import (
    PASSPHRASE,
    Desk,
    Done,
    files_below,
    keep_case,
    python,
)

OLD = b"what was here before\n"
RATINGS = {
    "age_months": 86,
    "adversity": {"infancy": {"caregiving": 8, "substance": 11, "neglect": 3}},
    "relational": {"infancy": {"safety": 5}},
    "functions": {"sleep": 6, "arousal": 4, "speech": 9},
    "relationships": {"primary_caregivers": 9},
    "context": {"conditions": ["substance_now"]},
}
WIDE = "Zoë Žižka Παπά 東京"


BANK = """\
id: small
version: "1"
language: en
blocks: [feeding, worries]
"""
FEEDING = """\
block: feeding
title: Feeding
for_each: period
when: period.id in ('perinatal', 'infancy')
questions:
  - id: refused
    ask: Was there a time when {client.name} would not feed?
    kind: choice
    options: {never: Never, at_first: "At first, then it settled", often: Often}
    evidence_for: [functions.feeding_appetite]
    keywords: [latch, bottle, breast, would not suck]
  - id: refused_length
    ask: About how long did that last?
    kind: number
    unit: weeks
    keywords: [how long, bottle again]
    when: refused in ('at_first', 'often')
"""
WORRIES = """\
block: worries
title: Worries
questions:
  - id: drink
    ask: Did somebody at home drink a lot?
    kind: yes_no
    tags: [substance]
    keywords: [drunk]
  - id: uncle
    ask: What became of the uncle?
    kind: text
    tags: [third_party]
    keywords: [uncle]
  - id: harm
    ask: Has {client.name} hurt herself?
    kind: choice
    options: {none: "No", "yes": "Yes"}
    safety: ["yes"]
    keywords: [scratches]
"""
ANSWERS = f"""\
client: {{alias: "{WIDE}", birth: 2019-09-14, gestation_weeks: 40}}
interviewed: 2026-11-22
informants: [{{id: gm, relation: grandmother, known_from_months: 37}}]
answers:
  - {{question: infancy/feeding.refused, value: often, informant: gm, note: "{WIDE}: no bottle"}}
  - {{question: perinatal/feeding.refused, missing: asked-unknown, informant: gm}}
  - {{question: worries.drink, value: true, informant: gm, note: "Every Friday."}}
  - {{question: worries.uncle, value: "Locked up since 2021.", informant: gm}}
  - {{question: worries.harm, value: "yes", informant: gm, note: "Scratches on her arms."}}
ratings: {{functions: {{sleep: 6}}}}
"""


@dataclass(frozen=True)
class Command:
    """One command as it is typed; `leaves` are the files that it is asked to write.

    `document`: what it prints is a file for a program or a reader, UTF-8 whatever the terminal.
    """

    words: str
    leaves: tuple[str, ...] = ()
    document: bool = False
    slow: bool = False
    sealed: bool = False
    varies: bool = False


@dataclass(frozen=True)
class Environment:
    """One odd machine: what is changed of a plain one; `prepare` changes the folder.

    `no_output`: what is printed cannot be seen; `quiet_end`: and nobody wants it any more;
    `elsewhere`: the cases of the stage are not there.
    """

    variables: Mapping[str, str | None] = field(default_factory=dict)
    how: Mapping[str, Any] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    python: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], None] = lambda _folder: None
    no_output: bool = False
    quiet_end: bool = False
    elsewhere: bool = False


COMMANDS: Mapping[str, Command] = {
    "version": Command("--version"),
    "help": Command("--help"),
    "desk": Command(""),
    "nothing such": Command("nothing-such"),
    "no answers": Command("play nowhere.yaml --out out"),
    "play": Command(
        "play answers.yaml --out out --bank bank",
        ("out/report.md", "out/report.html", "out/ratings.json", "out/metrics.json"),
    ),
    "play --json": Command(
        "play answers.yaml --out out --bank bank --json",
        ("out/report.md", "out/report.html", "out/ratings.json", "out/metrics.json"),
        document=True,
    ),
    "demo": Command(
        "demo --headless --out out",
        ("out/report.md", "out/report.html", "out/ratings.json", "out/metrics.json"),
        slow=True,
    ),
    "score": Command("score ratings.json", document=True),
    "report md": Command("report --ratings ratings.json", document=True),
    "report html": Command("report --ratings ratings.json --format html", document=True),
    "report json": Command("report --ratings ratings.json --format json", document=True),
    "report pdf": Command(
        "report --ratings ratings.json --format pdf", document=True, slow=True, varies=True
    ),
    "report to a file": Command("report --ratings ratings.json --out out/a.md", ("out/a.md",)),
    "report of a case": Command("report {case} --practice --bank bank", document=True),
    "report pdf to a file": Command(
        "report --ratings ratings.json --format pdf --out out/a.pdf",
        ("out/a.pdf",), slow=True, varies=True,
    ),
    "bank check": Command("bank check --bank bank"),
    "bank check --json": Command("bank check --bank bank --json", document=True),
    "bank cover": Command("bank cover --bank bank"),
    "bank graph": Command("bank graph --bank bank", document=True),
    # Its descriptions are docstrings, which -OO leaves out.
    "bank schema": Command("bank schema", document=True, varies=True),
    "bank diff": Command("bank diff bank changed"),
    "bank activity": Command("bank activity somebody_rings_each_week", document=True),
    "bank breadth": Command("bank breadth", document=True),
    "bank read": Command("bank read sleep", document=True),
    "bank try": Command("bank try answers.yaml --bank bank --against bank"),
    "rehearse --classify": Command("rehearse --classify Hello", document=True),
    "rehearse": Command(
        "rehearse teacher --headless --seed 1 --out out",
        tuple(
            f"out/{name}"
            for name in (
                *("conversation.md", "debrief.md", "debrief.html", "debrief.json"),
                "ratings.json",
            )
        ),
        slow=True,
    ),
    "plan": Command("plan ratings.json", document=True),
    "agree": Command("agree ratings.json other.json", document=True),
    "bank export": Command("bank export --bank bank --format fhir", document=True),
    "bank export to a file": Command(
        "bank export --bank bank --format fhir --out out/form.json", ("out/form.json",)
    ),
    "bank import": Command("bank import form.json --out imported"),
    "bank search": Command("bank search --bank bank bottle"),
    "cases list": Command("cases list --practice"),
    "cases list --json": Command("cases list --practice --json", document=True),
    "cases show": Command("cases show {case} --practice --bank bank"),
    "cases verify": Command("cases verify --practice --bank bank"),
    "cases export": Command("cases export {case} --practice --bank bank", document=True),
    "cases export csv": Command(
        "cases export {case} --practice --bank bank --format csv --out out/a.csv", ("out/a.csv",)
    ),
    "cases export audit": Command(
        "cases export {case} --practice --bank bank --audit", document=True, varies=True
    ),
    "cases erase": Command("cases erase {case} --practice --reason asked --yes", varies=True),
    "cases list, sealed": Command("cases list", sealed=True, slow=True),
    "cases backup": Command(
        "cases backup out/a.backup", ("out/a.backup",), sealed=True, slow=True, varies=True
    ),
    "cases restore": Command("cases restore kept.backup", sealed=True, slow=True, varies=True),
}  # fmt: skip


def _passwd(folder: Path) -> None:
    (folder / "pwhome").mkdir()


def _home_is_a_file(folder: Path) -> None:
    (folder / "afile").write_text("not a folder")


UTF8_OFF = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ENVIRONMENTS: Mapping[str, Environment] = {
    "plain": Environment(),
    "no HOME": Environment(
        {"NMT_INTAKE_HOME": None}, {"faults": ["a user"]}, prepare=_passwd, elsewhere=True
    ),
    "unknown uid, no HOME": Environment(
        {"NMT_INTAKE_HOME": None}, {"faults": ["nobody"]}, elsewhere=True
    ),
    "relative home": Environment({"NMT_INTAKE_HOME": "home"}),
    "relative HOME": Environment(
        {"NMT_INTAKE_HOME": None, "HOME": "somewhere"}, elsewhere=True
    ),
    "home below a file": Environment(
        {"NMT_INTAKE_HOME": "afile/x"}, prepare=_home_is_a_file, elsewhere=True
    ),
    "HOME below a file": Environment(
        {"NMT_INTAKE_HOME": None, "HOME": "/dev/null/x"}, elsewhere=True
    ),
    "home of nobody": Environment({"NMT_INTAKE_HOME": "~nosuch/x"}, elsewhere=True),
    "HOME of nobody": Environment(
        {"NMT_INTAKE_HOME": None, "HOME": "~"}, {"faults": ["nobody"]}, elsewhere=True
    ),
    "an empty home": Environment(
        {"NMT_INTAKE_HOME": "", "HOME": ""}, {"faults": ["a user"]}, prepare=_passwd, elsewhere=True
    ),
    "a home that is no text": Environment({"NMT_INTAKE_HOME": "\udcff\udcfehome"}, elsewhere=True),
    "full disk under standard output": Environment(how={"stdout": "/dev/full"}, no_output=True),
    "full disk": Environment(
        how={"largest_file": 300, "stdout": "/dev/null"}, no_output=True
    ),
    "disk full after 700 bytes": Environment(
        how={"largest_file": 700, "stdout": "/dev/null"}, no_output=True
    ),
    "no chmod": Environment(how={"faults": ["no chmod"]}),
    "no fsync": Environment(how={"faults": ["no fsync"]}),
    "no flock": Environment(how={"faults": ["no flock"]}),
    "closed standard output": Environment(how={"stdout": "closed"}, no_output=True),
    "closed standard input": Environment(how={"stdin": "closed"}),
    "closed standard error": Environment(how={"stderr": "closed"}),
    "all closed": Environment(
        how={"stdin": "closed", "stdout": "closed", "stderr": "closed"}, no_output=True
    ),
    "broken pipe": Environment(how={"stdout": "no reader"}, no_output=True, quiet_end=True),
    "both pipes broken": Environment(
        how={"stdout": "no reader", "stderr": "no reader"}, no_output=True, quiet_end=True
    ),
    "full disk under standard error": Environment(how={"stderr": "/dev/full"}),
    "locale C": Environment(python={"LC_ALL": "C", **UTF8_OFF}),
    "locale POSIX": Environment(python={"LC_ALL": "POSIX", **UTF8_OFF}),
    "locale C.UTF-8": Environment(python={"LC_ALL": "C.UTF-8", **UTF8_OFF}),
    "locale ISO-8859-1": Environment(
        python={"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "iso8859-1", **UTF8_OFF}
    ),
    "locale EUC-JP": Environment(
        python={"LC_ALL": "ja_JP.eucJP", "PYTHONIOENCODING": "euc_jp", **UTF8_OFF}
    ),
    "-OO": Environment(flags=("-OO",)),
    "unbuffered": Environment(flags=("-u",)),
    "unbuffered, broken pipe": Environment(
        flags=("-u",), how={"stdout": "no reader"}, no_output=True, quiet_end=True
    ),
    "unbuffered, full disk": Environment(
        flags=("-u",), how={"stdout": "/dev/full"}, no_output=True
    ),
    "read-only installation": Environment(how={"faults": ["read-only"]}),
    "TERM=dumb": Environment({"TERM": "dumb", "COLUMNS": "0", "LINES": "x"}),
}  # fmt: skip


@cache
def stage() -> tuple[Path, str]:
    """Return a folder with all that the commands read, and the id of its practice case."""
    folder = Path(mkdtemp(prefix="doors-stage-"))
    (folder / "bank").mkdir()
    (folder / "bank" / "bank.yaml").write_text(BANK)
    (folder / "bank" / "feeding.yaml").write_text(FEEDING)
    (folder / "bank" / "worries.yaml").write_text(WORRIES)
    shutil.copytree(folder / "bank", folder / "changed")
    rarer = FEEDING.replace("refused in ('at_first', 'often')", "refused == 'often'")
    (folder / "changed" / "feeding.yaml").write_text(rarer)
    (folder / "answers.yaml").write_text(ANSWERS, "utf-8")
    (folder / "ratings.json").write_text(json.dumps(RATINGS))
    (folder / "other.json").write_text(json.dumps({**RATINGS, "functions": {"sleep": 4}}))
    (folder / "raters.csv").write_text(
        "case,ana,ben\n" + "".join(f"c{at},{at % 11 + 1},{at * 7 % 12 + 1}\n" for at in range(24))
    )
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    os.chmod(folder / "passphrase", 0o600)
    case = keep_case(folder / "home", folder / "answers.yaml", folder / "bank")
    form = Desk(folder).run(
        *["bank", "export", "--bank", "bank", "--format", "fhir"],
        env=variables(folder, Environment()),
    )
    (folder / "form.json").write_bytes(form.out)
    # Compiles the shipped bank once for all copies of the stage.
    Desk(folder).run("score", "ratings.json", env=variables(folder, Environment())).fine()
    return folder, case


@cache
def sealed_stage() -> tuple[Path, str]:
    """Return the same with a vault, a sealed case in it and a backup beside it."""
    plain, _ = stage()
    folder = Path(mkdtemp(prefix="doors-sealed-"))
    shutil.copytree(plain, folder, dirs_exist_ok=True)
    case = keep_case(folder / "home", folder / "answers.yaml", folder / "bank", sealed=True)
    desk = Desk(folder)
    desk.run("cases", "backup", "kept.backup", env=variables(folder, Environment())).fine()
    return folder, case


def variables(folder: Path, environment: Environment) -> dict[str, str]:
    """Return the variables of a command in this environment."""
    found: dict[str, str | None] = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "NMT_INTAKE_HOME": str(folder / "home"),
        "NMT_INTAKE_PASSPHRASE_FILE": str(folder / "passphrase"),
        "DOORS_PASSWD_HOME": str(folder / "pwhome"),
        **environment.variables,
    }
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Seen:
    """A command that was run in an environment, with the files before and after."""

    done: Done
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]


def run(command: Command, environment: Environment, *, old: bool = False) -> Seen:
    """Run a command in a fresh copy of the stage; `old` puts files where it will write."""
    source, case = sealed_stage() if command.sealed else stage()
    folder = Path(mkdtemp(prefix="doors-run-"))
    try:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        (folder / "out").mkdir()
        for name in command.leaves if old else ():
            (folder / name).write_bytes(OLD)
        environment.prepare(folder)
        before = files_below(folder / "out")
        desk = Desk(folder, python=python(*environment.flags, **environment.python))
        words = command.words.format(case=case).split()
        how = dict(environment.how)
        done = desk.run(*words, env=variables(folder, environment), **how)
        return Seen(done, before, files_below(folder / "out"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def reference(name: str) -> Seen:
    """Return what a command does on a plain machine."""
    return run(COMMANDS[name], ENVIRONMENTS["plain"])


def faults(name: str, where: str, *, old: bool = False) -> Iterator[str]:
    """Yield what does not hold of a command in an environment."""
    command, environment = COMMANDS[name], ENVIRONMENTS[where]
    seen, usual = run(command, environment, old=old), reference(name)
    done = seen.done
    if done.status not in (0, 1, 2, 130):
        yield f"status {done.status}{_name_of(done.status)}"
    said = [line for line in done.err.splitlines() if line.strip()]
    if any("Traceback" in line for line in said):
        yield "a traceback"
    notes = len(usual.done.err.splitlines())  # what a form has no place for, line by line
    if len(said) > notes + (done.status != usual.done.status or not notes):
        yield f"{len(said)} lines on standard error: {said[0][:80]!r}"
    if "CRASH-" in done.err:
        yield f"called a fault of the program: {re.sub(r'/[^ ]*', '(path)', said[0])[:120]!r}"
    if done.status not in (0, 1) and not said and "stderr" not in environment.how:
        yield f"status {done.status} without a word"
    if done.status == 0 and usual.done.status == 0:
        yield from _missing(command, environment, seen, usual)
    if usual.done.status == 0:
        yield from _cut(command, seen, usual)


def _missing(command: Command, environment: Environment, seen: Seen, usual: Seen) -> Iterator[str]:
    """Yield what is not there though the command says that all is well."""
    expected, got = settled(usual.done.out), settled(seen.done.out)
    if environment.no_output:
        lost = expected.strip() and environment.how.get("stdout") != "/dev/null"
        if lost and not environment.quiet_end:
            yield "says all is well, and its output is lost"
    elif command.varies or (environment.elsewhere and "{case}" not in command.words):
        if bool(expected) != bool(got):
            yield "says all is well without its output"
    elif command.document:
        if got != expected:
            yield f"another document: {got[:60]!r} for {expected[:60]!r}"
    elif _ascii(got) != _ascii(expected):
        yield f"another list: {got[:60]!r} for {expected[:60]!r}"
    for name in command.leaves:
        if name.partition("/")[2] not in seen.after:
            yield f"says all is well without {name}"


def _ascii(content: bytes) -> bytes:
    return re.sub(rb"[^\x20-\x7e]+|\?+", b"?", content)


def _cut(command: Command, seen: Seen, usual: Seen) -> Iterator[str]:
    """Yield each file that is neither what was there nor all that is new, and half a set."""
    states: set[str] = set()
    names = [name.partition("/")[2] for name in command.leaves]
    for name in names:
        found, old, new = (each.get(name) for each in (seen.after, seen.before, usual.after))
        if found == old:
            states.add("old")
        elif found is not None and new is not None and _whole(command, found, new):
            states.add("new")
        else:
            yield f"{name} is cut: {len(found or b'')} bytes of {len(new or b'')}"
    if len(states) > 1:
        yield "of a set of files some are new and some are not"
    if seen.done.status == 0 and names and states == {"old"}:
        yield "says all is well, and no file is new"
    if strangers := sorted(seen.after.keys() - set(names)):
        yield f"left behind: {', '.join(strangers)[:80]}"


def _whole(command: Command, found: bytes, new: bytes) -> bool:
    if command.varies:
        if new.startswith(b"%PDF"):
            return found.rstrip().endswith(b"%%EOF")
        return len(found) >= len(new) - 200
    return settled(found) == settled(new)


def _name_of(status: int) -> str:
    return f" ({signal.Signals(-status).name})" if status < 0 else ""


def broken() -> Iterator[str]:
    """Yield all that does not hold, of every command in every environment."""
    for name in COMMANDS:
        for where in ENVIRONMENTS:
            for old in (False, True) if COMMANDS[name].leaves else (False,):
                for fault in faults(name, where, old=old):
                    yield f"{name}, {where}{', a file there before' if old else ''}: {fault}"
