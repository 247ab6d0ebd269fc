"""The types of the fields in a data file: cleaned text, exact numbers, tables by key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, TypeAlias, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetPydanticSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from nmt_intake.text import clean_line
from nmt_intake.vocabulary import HIGHEST_RATING, LOWEST_RATING

_Row = TypeVar("_Row")


def exact(low: int, high: int) -> GetPydanticSchema:
    """Read a decimal number between two bounds, or its text, as a fraction."""
    number = Annotated[Decimal, Field(ge=low, le=high, max_digits=12)]

    def schema(_source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        decimal = handler.generate_schema(number)
        return core_schema.no_info_after_validator_function(Fraction, decimal)

    return GetPydanticSchema(schema)


def _with_ids(rows: object) -> object:
    """Give each row the key that it stands under as its id."""
    if not isinstance(rows, Mapping):
        return rows
    return {key: _with_id(key, row) for key, row in cast("Mapping[str, object]", rows).items()}


def _with_id(key: str, row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    if "id" in row:
        raise PydanticCustomError("own_id", "the id of a row is the key that it stands under")
    return {"id": key, **cast("Mapping[str, object]", row)}


Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Line: TypeAlias = Annotated[Text, AfterValidator(clean_line)]
LongLine: TypeAlias = Annotated[Text, AfterValidator(lambda text: clean_line(text, 1000))]
Letter: TypeAlias = Annotated[str, Field(min_length=1, max_length=1)]
Months: TypeAlias = Annotated[Fraction, exact(-12, 1500)]
Percent: TypeAlias = Annotated[Fraction, exact(0, 1000)]
Rating: TypeAlias = Annotated[int, Field(ge=LOWEST_RATING, le=HIGHEST_RATING)]
Table: TypeAlias = Annotated[Mapping[str, _Row], AfterValidator(MappingProxyType)]
TableWithIds: TypeAlias = Annotated[Table[_Row], BeforeValidator(_with_ids)]
