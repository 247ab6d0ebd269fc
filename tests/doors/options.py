"""The command line as its parser has it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator


def parsers(
    top: argparse.ArgumentParser | None = None, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that does something, by its words, with its parser."""
    if top is None:
        from nmt_intake.cli.arguments import parser

        top = parser()
    inner = [each for each in top._actions if isinstance(each, argparse._SubParsersAction)]
    if not inner or not name:
        yield name, top
    for choice in inner:
        for word, made in choice.choices.items():
            yield from parsers(made, f"{name} {word}".strip())


def jobs() -> list[str]:
    """Return the words of every command."""
    return [name for name, _ in parsers() if name]


def accepted() -> Iterator[tuple[str, str]]:
    """Yield every command with each option and argument that it accepts."""
    for name, found in parsers():
        for action in found._actions:
            if isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
                continue
            yield name, (action.option_strings or [str(action.metavar)])[-1]


# How the effect of each option is seen: two command lines that must come to different things, one
# with it and one without or with another value. Both run on the stage of the matrix.
REPORT = "report {case} --practice --bank bank"
POLICY = {
    "--without-substance": "--without-substance",
    "--without-third-parties": "--without-third-parties",
    "--pseudonym": "--pseudonym Robin",
    "--safety-words": "--safety-words",
    "--ages-not-dates": "--ages-not-dates",
    "--for": "--for school",
}
CHECK = "bank check --bank bank"
DIFF = "bank diff bank changed"
AGREE = "agree ratings.json other.json"
TABLE = "agree --table raters.csv"
IMPORT = "bank import form.json --out out/b"
BANK_EXPORT = "bank export --bank bank --format fhir"
EXPORT = "cases export {case} --practice --bank bank"
A, B = "somebody_rings_each_week", "knock_in_the_morning"
TRY = "bank try answers.yaml --bank bank --against bank"
REHEARSE = "rehearse teacher --headless --seed 1 --out out"
ALL = "rehearse --all --runs 1 --jobs 1"
PLAY = "play answers.yaml --bank bank --out out"
EFFECTS: dict[tuple[str, str], tuple[str, str]] = {
    ("", "--version"): ("", "--version"),
    ("", "--bank"): ("", "--bank nowhere"),
    ("bank activity", "ID"): (f"bank activity {A}", f"bank activity {B}"),
    ("bank activity", "--bank"): (f"bank activity {A}", f"bank activity {A} --bank nowhere"),
    ("bank activity", "--format"): (
        f"bank activity {A}", f"bank activity {A} --format html",
    ),
    ("bank activity", "--json"): (f"bank activity {A}", f"bank activity {A} --json"),
    ("bank activity", "--out"): (f"bank activity {A}", f"bank activity {A} --out out/a"),
    ("bank breadth", "--bank"): ("bank breadth", "bank breadth --bank nowhere"),
    ("bank breadth", "--json"): ("bank breadth", "bank breadth --json"),
    ("bank read", "BLOCK"): ("bank read sleep", "bank read speech"),
    ("bank read", "--age"): ("bank read sleep", "bank read sleep --age 1"),
    ("bank read", "--bank"): ("bank read sleep", "bank read sleep --bank nowhere"),
    ("bank read", "--json"): ("bank read sleep", "bank read sleep --json"),
    ("bank read", "--teller"): ("bank read sleep", "bank read sleep --teller self"),
    ("bank try", "ANSWERS.yaml"): (TRY, TRY.replace("answers.yaml", "nowhere.yaml")),
    ("bank try", "--against"): (TRY, TRY.replace("--against bank", "--against nowhere")),
    ("bank try", "--bank"): (TRY, TRY.replace("--bank bank", "--bank nowhere")),
    ("bank try", "--json"): (TRY, f"{TRY} --json"),
    ("plan", "--card"): ("plan ratings.json", f"plan ratings.json --card {A}"),
    ("plan", "--cards"): ("plan ratings.json", "plan ratings.json --cards"),
    ("plan", "--format"): (
        "plan ratings.json --cards", "plan ratings.json --cards --format html",
    ),
    ("plan", "--out"): ("plan ratings.json", "plan ratings.json --out out/plan.txt"),
    ("rehearse", "PERSONA"): (REHEARSE, REHEARSE.replace("teacher", "grandmother")),
    ("rehearse", "--all"): (ALL, "rehearse --runs 1 --jobs 1 --headless"),
    ("rehearse", "--bank"): (REHEARSE, f"{REHEARSE} --bank nowhere"),
    ("rehearse", "--classify"): ("rehearse --classify Hello", "rehearse --classify Why?"),
    ("rehearse", "--headless"): (REHEARSE, REHEARSE.replace(" --headless", "")),
    ("rehearse", "--jobs"): (ALL, ALL.replace("--jobs 1", "--jobs some")),
    ("rehearse", "--json"): (ALL, f"{ALL} --json"),
    ("rehearse", "--out"): (REHEARSE, REHEARSE.replace("--out out", "--out out/other")),
    ("rehearse", "--runs"): (ALL, ALL.replace("--runs 1", "--runs 2")),
    ("rehearse", "--seed"): (REHEARSE, REHEARSE.replace("--seed 1", "--seed 2")),
    ("rehearse", "--style"): (REHEARSE, f"{REHEARSE} --style leading"),
    ("", "--plain"): ("", "--plain"),
    ("", "--no-plain"): ("--plain", "--no-plain"),
    ("demo", "--plain"): ("demo", "demo --plain"),
    ("demo", "--headless"): ("demo --out out", "demo --headless --out out"),
    ("demo", "--persona"): (
        "demo --headless --out out",
        "demo --headless --out out --persona grown_woman",
    ),
    ("demo", "--out"): ("demo --headless --out out", "demo --headless --out out/other"),
    ("demo", "--json"): ("demo --headless --out out", "demo --headless --out out --json"),
    ("demo", "--bank"): ("demo --headless --out out", "demo --headless --out out --bank bank"),
    ("play", "ANSWERS.yaml"): (PLAY, PLAY.replace("answers.yaml", "nowhere.yaml")),
    ("play", "--out"): (PLAY, f"{PLAY}/other"),
    ("play", "--json"): (PLAY, f"{PLAY} --json"),
    ("play", "--length"): (PLAY, f"{PLAY} --length record"),
    ("play", "--bank"): (PLAY, PLAY.replace("--bank bank", "--bank nowhere")),
    **{("play", option): (PLAY, f"{PLAY} {words}") for option, words in POLICY.items()},
    ("score", "--without-substance"): (
        "score ratings.json",
        "score ratings.json --without-substance",
    ),
    ("bank check", "--witness"): (CHECK, f"{CHECK} --witness out/w"),
    ("bank check", "--budget"): (CHECK, f"{CHECK} --budget none"),
    ("bank diff", "OLD"): (DIFF, "bank diff nowhere changed"),
    ("bank diff", "NEW"): (DIFF, "bank diff bank bank"),
    ("bank diff", "--json"): (DIFF, f"{DIFF} --json"),
    ("bank diff", "--witness"): (DIFF, f"{DIFF} --witness out/w"),
    ("bank diff", "--budget"): (DIFF, f"{DIFF} --budget none"),
    ("plan", "RATINGS.json"): ("plan ratings.json", "plan nowhere.json"),
    ("plan", "--json"): ("plan ratings.json", "plan ratings.json --json"),
    ("plan", "--bank"): ("plan ratings.json", "plan ratings.json --bank bank"),
    ("plan", "--without-substance"): (
        "plan ratings.json --json",
        "plan ratings.json --json --without-substance",
    ),
    ("agree", "FILE"): (AGREE, "agree ratings.json nowhere.json"),
    ("agree", "--bank"): (AGREE, f"{AGREE} --bank nowhere"),
    ("agree", "--min-items"): (AGREE, f"{AGREE} --min-items 3"),
    ("agree", "--thresholds"): (AGREE, f"{AGREE} --thresholds nowhere.json"),
    ("agree", "--text"): (AGREE, f"{AGREE} --text"),
    ("agree", "--table"): (TABLE, "agree --table nowhere.csv"),
    ("agree", "--scale"): (TABLE, f"{TABLE} --scale 1-40"),
    ("bank import", "FORM"): (IMPORT, IMPORT.replace("form", "no")),
    ("bank import", "--out"): (IMPORT, f"{IMPORT}2"),
    ("bank import", "--json"): (
        IMPORT,
        f"{IMPORT} --json",
    ),
    ("bank export", "--format"): (BANK_EXPORT, BANK_EXPORT.replace("fhir", "xlsform")),
    ("bank export", "--bank"): (BANK_EXPORT, BANK_EXPORT.replace("--bank bank", "--bank nowhere")),
    ("bank export", "--out"): (BANK_EXPORT, f"{BANK_EXPORT} --out out/form.json"),
    ("bank export", "--json"): (
        f"{BANK_EXPORT} --out out/form.json",
        f"{BANK_EXPORT} --out out/form.json --json",
    ),
    ("score", "RATINGS.json"): ("score ratings.json", "score nowhere.json"),
    ("score", "--bank"): ("score ratings.json", "score ratings.json --bank bank"),
    ("report", "CASE"): (REPORT, REPORT.replace("{case}", "nobody")),
    ("report", "--ratings"): ("report --ratings ratings.json", "report --ratings nowhere.json"),
    ("report", "--practice"): (REPORT, REPORT.replace(" --practice", "")),
    ("report", "--format"): (REPORT, f"{REPORT} --format json"),
    ("report", "--out"): (REPORT, f"{REPORT} --out out/a.md"),
    ("report", "--length"): (REPORT, f"{REPORT} --length summary"),
    ("report", "--language"): (REPORT, f"{REPORT} --language es"),
    ("report", "--agency"): (REPORT, f"{REPORT} --agency nowhere.yaml"),
    **{("report", option): (REPORT, f"{REPORT} {words}") for option, words in POLICY.items()},
    ("report", "--bank"): (REPORT, REPORT.replace("--bank bank", "--bank nowhere")),
    **{
        (f"bank {job}", option): (line, f"{line} {with_it}")
        for job, line, options in (
            ("check", "bank check --bank bank", {"--json": "--json", "--bank": "--bank nowhere"}),
            ("cover", "bank cover --bank bank", {"--json": "--json", "--bank": "--bank nowhere"}),
            (
                "graph",
                "bank graph --bank bank",
                {"--json": "--json", "--bank": "--bank nowhere", "--block": "--block nowhere"},
            ),
            ("schema", "bank schema", {"--json": "--json", "--bank": "--bank nowhere"}),
            (
                "search",
                "bank search --bank bank bottle",
                {"--json": "--json", "--bank": "--bank nowhere", "--limit": "--limit 1",
                 "WORDS": "drunk"},
            ),
        )
        for option, with_it in options.items()
    },
    **{
        (f"cases {job}", option): (line, with_it)
        for job, line, options in (
            (
                "list",
                "cases list --practice",
                {
                    "--json": "cases list --practice --json",
                    "--practice": "cases list",
                    "--bank": "cases list --practice --bank nowhere",
                },
            ),
            (
                "show",
                "cases show {case} --practice --bank bank",
                {
                    "--json": "cases show {case} --practice --bank bank --json",
                    "--practice": "cases show {case} --bank bank",
                    "--bank": "cases show {case} --practice --bank nowhere",
                    "CASE": "cases show nobody --practice --bank bank",
                },
            ),
            (
                "verify",
                "cases verify {case} --practice --bank bank",
                {
                    "--json": "cases verify {case} --practice --bank bank --json",
                    "--practice": "cases verify {case} --bank bank",
                    "--bank": "cases verify {case} --practice --bank nowhere",
                    "CASE": "cases verify nobody --practice --bank bank",
                },
            ),
            (
                "export",
                EXPORT,
                {
                    "--practice": EXPORT.replace("--practice", ""),
                    "--bank": EXPORT.replace("--bank bank", "--bank nowhere"),
                    "CASE": EXPORT.replace("{case}", "nobody"),
                    "--format": f"{EXPORT} --format csv",
                    "--out": f"{EXPORT} --out out/a.json",
                    "--audit": f"{EXPORT} --audit",
                    **{option: f"{EXPORT} {words}" for option, words in POLICY.items()},
                },
            ),
            (
                "backup",
                "cases backup out/a.backup",
                {
                    "--json": "cases backup out/a.backup --json",
                    "--practice": "cases backup out/a.backup --practice",
                    "--bank": "cases backup out/a.backup --bank nowhere",
                    "FILE": "cases backup out/b.backup",
                },
            ),
            (
                "restore",
                "cases restore kept.backup",
                {
                    "--json": "cases restore kept.backup --json",
                    "--practice": "cases restore kept.backup --practice",
                    "--bank": "cases restore kept.backup --bank nowhere",
                    "FILE": "cases restore nowhere.backup",
                },
            ),
            (
                "erase",
                "cases erase {case} --practice --reason asked --yes",
                {
                    "--json": "cases erase {case} --practice --reason asked --yes --json",
                    "--practice": "cases erase {case} --reason asked --yes",
                    "--bank": "cases erase {case} --practice --reason asked --yes --bank nowhere",
                    "CASE": "cases erase nobody --practice --reason asked --yes",
                    "--reason": "cases erase {case} --practice --yes --reason=",
                    "--yes": "cases erase {case} --practice --reason asked",
                },
            ),
        )
        for option, with_it in options.items()
    },
    ("cases erase", "--backup"): (
        "cases erase {case} --reason asked --yes",
        "cases erase {case} --reason asked --yes --backup kept.backup",
    ),
}  # fmt: skip

# Options that can say something only together with another: alone they are refused.
REFUSED = (
    "demo --out out",
    "demo --json",
    "report --ratings ratings.json --safety-words",
    "report --ratings ratings.json --practice",
    f"{EXPORT} --audit --pseudonym Robin",
    f"{EXPORT} --audit --without-substance",
    "cases erase {case} --practice --reason asked --yes --backup kept.backup",
    "cases list --bank nowhere",
    "cases list --practice --bank nowhere",
    "play answers.yaml --bank bank --out=",
    "report --ratings ratings.json --out=",
)
