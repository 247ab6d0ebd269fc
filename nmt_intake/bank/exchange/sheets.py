"""Workbooks (xlsx) as lists of rows, read and written by openpyxl (the `forms` extra)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final, Protocol, TypeAlias, cast
from zipfile import BadZipFile

from nmt_intake.bank.exchange.forms import FormError
from nmt_intake.errors import IntakeError
from nmt_intake.text import clean

Row: TypeAlias = Mapping[str, str]
_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 200


class _Sheet(Protocol):
    title: str

    def iter_rows(
        self, max_row: int, max_col: int, values_only: bool
    ) -> Iterable[Sequence[object]]: ...

    def append(self, row: Sequence[object]) -> None: ...


class _Book(Protocol):
    worksheets: list[_Sheet]
    active: _Sheet

    def create_sheet(self, title: str) -> _Sheet: ...

    def save(self, file: io.BytesIO) -> None: ...


class _Openpyxl(Protocol):
    def load_workbook(self, file: io.BytesIO, read_only: bool, data_only: bool) -> _Book: ...

    def Workbook(self) -> _Book: ...  # noqa: N802 - openpyxl's own name


def _openpyxl() -> _Openpyxl:
    try:
        return cast("_Openpyxl", import_module("openpyxl"))
    except ModuleNotFoundError:
        raise IntakeError(
            "FORM-002",
            "",
            "spreadsheets need openpyxl.",
            "Install it beside the program: pip install openpyxl.",
        ) from None


def read_sheets(data: bytes, where: str) -> dict[str, list[Row]]:
    """Return the rows of each sheet by its name in small letters; the first row names columns.

    A row holds its number in the sheet under "" and only cells that are not empty. Raises
    FormError for what is no workbook.
    """
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return {sheet.title.strip().lower(): list(_rows(sheet, where)) for sheet in book.worksheets}
    except (BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError, SyntaxError):
        raise FormError(where, "is no xlsx workbook.", "Save it as .xlsx and try again.") from None


def _rows(sheet: _Sheet, where: str) -> Iterable[Row]:
    names: list[str] = []
    rows = sheet.iter_rows(max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, 1):
        texts = [_cell(each) for each in cells]
        if not names:
            names = [" ".join(text.split()) for text in texts] if any(texts) else []
            continue
        if number > _MOST_ROWS and any(texts):
            raise FormError(where, f"has over {_MOST_ROWS} rows.", "Give a form, not its answers.")
        row = {name: text for name, text in zip(names, texts, strict=False) if name and text}
        if row:
            yield {"": str(number), **row}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return clean(str(value)).strip()


def sheets_bytes(sheets: Mapping[str, Sequence[Sequence[str | int | float]]]) -> bytes:
    """Return a workbook with these sheets; no cell of it is a formula."""
    book = _openpyxl().Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet(title)
        sheet.title = title
        for row in rows:
            sheet.append([_plain(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(cell: str | int | float) -> str | int | float:
    """Return a cell that a spreadsheet shows and does not run."""
    return f" {cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "@") else cell
