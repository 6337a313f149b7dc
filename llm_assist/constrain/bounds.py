"""Refuse a JSON schema under which a small model could ramble: every part of it must have a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verif.errors import InputError


def demand_bounded(schema: Mapping[str, Any]) -> None:
    """InputError names the first part of ``schema`` that allows answers without bound."""
    for complaint in _unbounded(schema, "schema"):
        raise InputError("PE510", f"the constraint on the model's answer has no bound: {complaint}")


def _unbounded(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if "enum" in schema or "const" in schema:
        return
    kind = schema.get("type")
    if kind == "object":
        yield from _object(schema, where)
    elif kind == "array":
        yield from _array(schema, where)
    elif kind == "string" and "maxLength" not in schema:
        yield f"{where} is a string without maxLength"
    elif kind in ("integer", "number") and not {"minimum", "maximum"} <= set(schema):
        yield f"{where} is a number without minimum and maximum"
    for word in ("anyOf", "oneOf", "allOf"):
        for index, part in enumerate(schema.get(word, ())):
            yield from _unbounded(part, f"{where}/{word}/{index}")


def _object(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if schema.get("additionalProperties") is not False:
        yield f"{where} allows additional properties"
    for name, part in schema.get("properties", {}).items():
        yield from _unbounded(part, f"{where}/{name}")


def _array(schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if "maxItems" not in schema:
        yield f"{where} is an array without maxItems"
    if isinstance(schema.get("items"), Mapping):
        yield from _unbounded(schema["items"], f"{where}/items")
    for index, part in enumerate(schema.get("prefixItems", ())):
        yield from _unbounded(part, f"{where}/{index}")
