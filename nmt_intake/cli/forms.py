"""`nmt-intake bank import` and `bank export`: forms of other programs, in and out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nmt_intake.cli.commands import Commands
from nmt_intake.errors import IntakeError
from nmt_intake.text import clean_line

if TYPE_CHECKING:
    from nmt_intake.bank.exchange import Form, LeftOut


FORMATS: Final = ("fhir", "xlsform", "xlsx")
_LARGEST: Final = 20_000_000
_WORKBOOK: Final = b"PK\x03\x04"


def take_in(options: argparse.Namespace) -> int:
    """Write the bank that a form is, and print line by line what could not be taken over."""
    from nmt_intake.bank.exchange import write_bank
    from nmt_intake.bank.loading import load_sources

    where = clean_line(options.form.name, 120)
    form = _form(_read(options.form), where)
    stem = "form" if str(options.form) == "-" else options.form.stem
    folder: Path = options.out or Path(f"{stem}-bank")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is there already."
        raise IntakeError("FORM-003", str(folder), what, "Name a new folder: --out DIR.")
    made = write_bank(form, folder)
    wrong = [each for each in load_sources(folder).problems if each.severity == "error"]
    if options.json:
        told = {
            "bank": str(folder),
            "questions": dict(made.questions),
            "options": {key: dict(codes) for key, codes in made.codes.items()},
            "left_out": [_as_json(each) for each in made.left_out],
            "problems": [str(each) for each in wrong],
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 1 if wrong else 0
    _print_lines(made.left_out)
    for problem in wrong:
        print(clean_line(str(problem), 400))
    print(
        f"{len(made.questions)} questions in {len(made.files) - 1} blocks are in {folder};"
        f" {len(made.left_out)} things could not be taken over."
    )
    return 1 if wrong else 0


def give_out(options: argparse.Namespace) -> int:
    """Write a bank as a form, and print line by line what the form does not hold."""
    from nmt_intake.cli.loading import chosen_bank
    from nmt_intake.private_files import write_private

    bank = chosen_bank(options)
    left_out: Sequence[LeftOut]
    if options.format == "fhir":
        from nmt_intake.bank.exchange.fhir_export import questionnaire_of

        resource, left_out = questionnaire_of(bank)
        data = (json.dumps(resource, indent=2, ensure_ascii=False) + "\n").encode()
    else:
        from nmt_intake.bank.exchange.xlsform_export import xlsform_of

        data, left_out = xlsform_of(bank)
    if options.out is None or str(options.out) == "-":
        if options.out is None and options.format != "fhir":
            raise IntakeError("FORM-004", "", "a workbook needs a file.", "Name it: --out FILE.")
        sys.stdout.buffer.write(data)
        for line in left_out:
            print(line, file=sys.stderr)
        return 0
    write_private(options.out, data)
    if options.json:
        told = {"file": str(options.out), "left_out": [_as_json(each) for each in left_out]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    _print_lines(left_out)
    print(f"{len(bank.questions)} questions are in {options.out}.")
    return 0


def add_commands(jobs: Commands) -> None:
    """Add `import` and `export` to the jobs of `nmt-intake bank`."""
    says = "a bank from a FHIR R4 Questionnaire (JSON) or an XLSForm (xlsx)"
    into = jobs.add_parser("import", help=says, description=says)
    into.add_argument("form", type=Path, metavar="FORM", help="the file, or - for standard input")
    into.add_argument("--out", type=Path, metavar="DIR", help="a new folder (default: FORM-bank)")
    into.add_argument("--json", action="store_true", help="for a program")
    into.set_defaults(run=take_in)
    says = "the bank as a FHIR R4 Questionnaire or an XLSForm"
    out = jobs.add_parser("export", help=says, description=says)
    out.add_argument("--format", choices=FORMATS, required=True)
    out.add_argument("--out", type=Path, metavar="FILE", help="- is standard output")
    out.add_argument("--json", action="store_true", help="for a program")
    out.add_argument(
        "--bank", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="another question bank"
    )
    out.set_defaults(run=give_out)


def _form(data: bytes, where: str) -> Form:
    """Return the form that these bytes are: a workbook by its first bytes, else JSON."""
    if data.startswith(_WORKBOOK):
        from nmt_intake.bank.exchange.xlsform import read_xlsform

        return read_xlsform(data, where)
    from nmt_intake.bank.exchange.fhir import read_questionnaire

    return read_questionnaire(data, where)


def _read(path: Path) -> bytes:
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with path.open("rb") as file:
                data = file.read(_LARGEST + 1)
    except OSError as error:
        why = f"cannot be read ({error.strerror})."
        raise IntakeError("IN-001", str(path), why, "Check the path.") from None
    if len(data) > _LARGEST:
        raise IntakeError("IN-001", str(path), "is over 20 MB.", "Give a form, not its answers.")
    return data


def _as_json(line: LeftOut) -> dict[str, str]:
    return {"where": line.where, "what": line.what, "why": line.why}


def _print_lines(lines: Sequence[LeftOut]) -> None:
    for line in lines:
        print(line)
