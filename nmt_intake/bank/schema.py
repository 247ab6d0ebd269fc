"""The JSON Schema of a bank's files, so that an editor completes and checks while one writes."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue, TypeAdapter

from nmt_intake.bank.sources import ActivitiesSource, BankSource, BlockSource, RatingsSource

_FILES: dict[str, type[BaseModel]] = {
    "bank": BankSource,
    "block": BlockSource,
    "ratings": RatingsSource,
    "activities": ActivitiesSource,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_JSON: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


def schemas() -> dict[str, JsonValue]:
    """Return the JSON Schema of each kind of file: `bank`, `block`, `ratings`, `activities`."""
    return {name: schema(name) for name in _FILES}


def schema(name: str) -> dict[str, JsonValue]:
    """Return the JSON Schema of one kind of file."""
    written = _JSON.validate_python(_FILES[name].model_json_schema(by_alias=True))
    return {"$schema": _DIALECT, **written}
